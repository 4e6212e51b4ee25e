"""Which values of a list take the place of others, by what files of the same source said before.

What a file says no more goes only for another value in its place, out of a cell that says something else now,
or where the person ticked that what is empty clears. Not for how any of it is read or written: see `earlier`
and `replaced`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from webui.exchange import lists
from webui.exchange.earlier import Item
from webui.store.values import text


class Told(NamedTuple):
    """A value that a row of the file says; `had` tells that the person has it, or as `rules.STAYS` that it
    may not be taken."""

    position: int
    rank: int | None
    had: int
    item: Item


class Has(NamedTuple):
    """A value that a person has: the id of its row, 0 for the main e-mail."""

    id: int
    item: Item


class Change(NamedTuple):
    """What becomes of what a person has: the value of `rank` takes its place, it gets another `label`, or,
    without either, it goes. Without `has` the value of `rank` says nothing that is not here. Where the main
    e-mail goes, `heir` is the row of the one that becomes it."""

    position: int
    has: Has | None
    rank: int | None = None
    label: str | None = None
    now: Item | None = None
    heir: int | None = None


Group = tuple[int, Sequence[Told]]  # rows that come in together, by the position of the first
_Alike = Callable[[Item, Item], bool]
_LABELLED = ("handles", "dates")  # of which a label is a part of what they say


def changes(
    name: str,
    old: Sequence[Item],
    groups: Sequence[Group],
    theirs: Mapping[str, Has],
    is_own: Callable[[Has], bool],
    clears: Callable[[Item], bool],
) -> Iterator[Change]:
    """Yield what becomes of a person's list `name`, of which they have `theirs`, by key.

    `old` is what files said before, the newest first; `is_own` tells what a person wrote by hand, `clears`
    what goes where nothing stands in its place.
    """
    before = {each.key: each for each in reversed(old)}
    said = {each.item.key for _position, group in groups for each in group}
    gone = [
        each
        for each in before.values()
        if each.key not in said and each.key in theirs and not is_own(theirs[each.key])
    ][::-1]
    for position, group in groups:
        yield from _relabelled(name, group, before, theirs)
        fresh = [each for each in group if not each.had]
        fresh.sort(key=lambda each: each.item.key in before)  # these may have been taken out here
        for alike in _ways(name):
            for new in [*fresh]:
                was = next((each for each in gone if alike(each, new.item)), None)
                if was is None:
                    continue
                gone.remove(was)
                fresh.remove(new)
                if name == "addresses" and not clears(was) and _is_less(new.item, was):
                    yield Change(new.position, None, new.rank)
                else:
                    has = theirs[was.key]
                    yield Change(new.position, has, new.rank, _label(new.item, was, has), new.item)
        places = {each.item.place: each.position for each in reversed(group)}
        for was in [*gone]:
            if (was.place and was.place in places) or clears(was):
                gone.remove(was)
                yield Change(places.get(was.place, position), theirs[was.key])


def _ways(name: str) -> Sequence[_Alike]:
    """Return what makes one value take another's place, the surest first."""
    same = [lambda was, now: was.parts == now.parts] if name in _LABELLED else []
    return [
        *same,
        lambda was, now: was.place == now.place and text.key(was.label) == text.key(now.label),
        lambda was, now: bool(was.place) and was.place == now.place,
    ]


def _relabelled(
    name: str, group: Sequence[Told], before: Mapping[str, Item], theirs: Mapping[str, Has]
) -> Iterator[Change]:
    """Yield what only has another label than before, where the person left that as it was."""
    for new in group if name in lists.COLUMNS or name == "emails" else ():
        was, has = before.get(new.item.key), theirs.get(new.item.key)
        if was and has and (label := _label(new.item, was, has)):
            yield Change(new.position, has, None, label, has.item._replace(label=label))


def _label(new: Item, was: Item, has: Has) -> str | None:
    """Return the label that a value gets, None where it keeps its own."""
    told, before, now = map(text.key, (new.label, was.label, has.item.label))
    return new.label if told and told != before and now == before else None


def _is_less(new: Item, was: Item) -> bool:
    """Tell whether an address only says less than it did: an empty cell clears nothing."""
    return all(
        not now or text.key(now) == text.key(then) for now, then in zip(new.parts, was.parts, strict=True)
    )
