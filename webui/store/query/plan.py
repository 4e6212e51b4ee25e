"""A query's conditions as SQL over ids of people: what is read, and what each of those read must pass.

Of many conditions the one that the fewest people meet is read (the driver); the others are tested on each of
them. Every value is a parameter.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from webui.store.query import expressions

TRASH = "SELECT id FROM users WHERE deleted_at IS NOT NULL"
UNKNOWN = 1 << 40  # people that a source may have which is dear to count
NEAR = 8  # to look one up takes as long as to read about so many that come in order


@dataclass(frozen=True)
class Leaf:
    """One condition. `test` is SQL about `{id}`; `{some}` in it may narrow what it reads to those tested.

    `sources` are SELECTs of ids, in each no one twice, and none a compound, as they are merged: who is in any
    of them passes; none where there is no better way than to test everyone. Not `exact`, they hold others
    too. `counted` yields about as many, sooner, `some` a part of them, enough to tell that they are very
    many. `living` says that no one in the trash is in them, `sorted` that they come by their ids, `cost` how
    dear the test is: 0 looks into an index, 2 reads a text. Whoever passes meets `expression`, the parameter
    of one of `words_fts`, where there is one.
    """

    test: str
    sources: tuple[str, ...] = ()
    counted: str = ""
    some: str = ""
    living: bool = False
    sorted: bool = False
    countable: bool = True
    exact: bool = True
    cost: int = 0
    expression: str = ""


@dataclass(frozen=True)
class But:
    """Whoever does not pass."""

    node: "Condition"


@dataclass(frozen=True)
class Both:
    """Whoever passes all; everyone, where there are none."""

    nodes: tuple["Condition", ...] = ()


@dataclass(frozen=True)
class Either:
    """Whoever passes one."""

    nodes: tuple["Condition", ...]


Condition = Leaf | But | Both | Either
# Counts whom any of some SELECTs yields; beyond a limit, about how many. The second yields a part, sooner;
# the third says that about how many is enough.
Size = Callable[[tuple[str, ...], str, bool], int]


@dataclass(frozen=True)
class Driver:
    """What is read: SELECTs of ids, about how many, and the conditions that those still have to pass.

    Only who is in each of `both` too is read: one of these or `sources` may be more SELECTs than one.
    """

    sources: tuple[str, ...]
    size: int
    rest: tuple[Condition, ...] = ()
    living: bool = False
    both: tuple[tuple[str, ...], ...] = ()

    def ids(self) -> str:
        """Return the SELECT of all of them, once each.

        Sources are merged in order: else all they yield is gathered first. Without a limit SQLite drops the
        order, and may want to ask the full text for each of those tested, which it can't.
        """
        first, *others = sorted([self.sources, *self.both], key=len, reverse=True)  # none binds more tightly
        merged = " INTERSECT ".join([" UNION ".join(first), *(each for (each,) in others)])
        return f"{merged} {'ORDER BY 1 ' if others or len(first) > 1 else ''}LIMIT -1"

    @property
    def leaf(self) -> Leaf:
        """The condition to be in one of its sources."""
        return Leaf(f"{{id}} IN ({' UNION '.join(self.sources)})", self.sources, living=self.living)

    def way(self, limit: int, people: int) -> int:
        """Return how far in an order of all people so many of them likely are; 0 where all are sooner sorted,
        or few of those who are read may pass."""
        if self.both or not all(isinstance(each, But) for each in self.rest):
            return 0
        far = 2 * limit * people // max(self.size, 1)
        return far if far < self.size // 4 < UNKNOWN // 4 else 0

    @property
    def is_narrowed(self) -> bool:
        """Whether not all who are in its sources pass."""
        return bool(self.rest or self.both)


NOBODY = Leaf("0", ("SELECT 0 WHERE 0",), living=True)


def test(node: Condition, user_id: str, some: str = "") -> str:
    """Return SQL that is true for the person `user_id`; `some` is a SELECT of all who are tested."""
    if isinstance(node, Leaf):
        return node.test.replace("{id}", user_id).replace("{some}", f"AND +rowid IN ({some})" if some else "")
    if isinstance(node, But):
        return f"NOT coalesce({test(node.node, user_id, some)}, 0)"
    between = " AND " if isinstance(node, Both) else " OR "
    return f"({between.join(test(each, user_id, some) for each in sorted(node.nodes, key=_cost)) or '1'})"


def driver(node: Condition, size: Size, people: int, many: int, roughly: bool = False) -> Driver | None:
    """Return what to read, None where it has to be everyone. `size` is asked for each that could be, or
    `roughly`; `people` is about how many there are, `many` so many that they are not gathered."""
    if isinstance(node, Leaf):
        if not node.sources:
            return None
        sources = (node.counted,) if node.counted else node.sources
        count = size(sources, node.some, roughly and node.sorted) if node.countable else UNKNOWN
        return Driver(node.sources, count, () if node.exact else (node,), node.living)
    if isinstance(node, But):
        return None
    roughly = roughly or (isinstance(node, Both) and sum(map(_can_be_read, node.nodes)) > 1)
    found = [driver(each, size, people, many, roughly) for each in node.nodes]
    if isinstance(node, Either):
        return _united(node, [each for each in found if each], len(found))
    found += _together(node, size, people)
    known = [(each.size, position) for position, each in enumerate(found) if each]
    if not known:
        return None
    _size, position = min(known)
    best = found[position]
    assert best
    all_sized = [(each, its.size if its else UNKNOWN) for each, its in zip(node.nodes, found, strict=False)]
    others = [each for other, each in enumerate(all_sized) if other != position]
    merged = _merged(best, others, many)
    rest = sorted((*best.rest, *(each for each, _size in others if each not in merged)), key=_cost)
    both = (*best.both, *(each.sources for each in merged))
    living = best.living or any(each.living for each in merged)
    return Driver(best.sources, best.size, tuple(rest), living, both)


def _can_be_read(node: Condition) -> bool:
    return bool(node.sources) if isinstance(node, Leaf) else not isinstance(node, But)


def _merged(best: Driver, others: Iterable[tuple[Condition, int]], many: int) -> list[Leaf]:
    """Return of others, each with its size, those that are sooner read beside the best than asked about."""
    merged: list[Leaf] = []
    for node, size in others:
        if isinstance(node, Leaf) and node.sorted and node.exact:
            every = (best.sources, *best.both, node.sources, *(each.sources for each in merged))
            reads_all = "{some}" in node.test and best.size > many
            if (reads_all or size < NEAR * best.size) and sum(len(each) > 1 for each in every) < 2:
                merged.append(node)
    return merged


def _together(node: Both, size: Size, people: int) -> list[Driver]:
    """Read who meets all that the same index can be asked, where it can be asked two things.

    To count them takes longer than to suppose that neither has to do with the other.
    """
    asked = {each.expression: (each.sources, each.some) for each in _leaves(node) if each.expression}
    if len(asked) < 2:
        return []
    every = " || ' AND ' || ".join(asked)
    share = math.prod(size(*counted, True) / people for counted in asked.values())
    source = expressions.matching("words_fts", f"({every})")
    return [Driver((source,), int(people * share), living=True)]


def _leaves(node: Condition) -> Iterator[Leaf]:
    """Yield the conditions that all have to be met."""
    if isinstance(node, Leaf):
        yield node
    for each in node.nodes if isinstance(node, Both) else ():
        yield from _leaves(each)


def _united(node: Either, found: Sequence[Driver], wanted: int) -> Driver | None:
    """Read all branches where each of them can be read."""
    if len(found) < wanted:
        return None
    sources = tuple(dict.fromkeys(source for each in found for source in each.sources))
    rest = (node,) if any(each.is_narrowed for each in found) else ()
    living = all(each.living and not each.both for each in found)  # of the sources alone
    return Driver(sources, sum(each.size for each in found), rest, living)


def _cost(node: Condition) -> int:
    if isinstance(node, Leaf):
        return node.cost
    return max(map(_cost, (node.node,) if isinstance(node, But) else node.nodes), default=0)
