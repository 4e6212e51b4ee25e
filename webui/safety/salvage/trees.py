"""Walk the trees of pages that tables and indexes are, around each page that can't be read.

What a page should hold is known from the one above it, so that a gap has limits. Sections 1.6 and 2.3 of
sqlite.org/fileformat2.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from webui.safety.salvage.pages import Pages
from webui.safety.salvage.records import Value, record, varint

LEAST, MOST = -(1 << 63), (1 << 63) - 1
TABLE, INDEX = 13, 10  # leaves; their interior pages are 5 and 2
_ABOVE = {TABLE: 5, INDEX: 2}


@dataclass(frozen=True)
class Row:
    """A row of a table (`id`), or an entry of an index (0). `placed` is False where the page above says that
    another belongs there."""

    id: int
    values: list[Value]
    placed: bool = True


@dataclass(frozen=True)
class Gap:
    """What can't be read: page `number` (0 for one cell), and between which keys its rows would lie."""

    number: int
    low: int
    high: int


@dataclass
class Node:
    """A page of a tree: where its cells begin, of which `bad` point nowhere."""

    data: bytes
    kind: int
    cells: list[int]
    last: int
    bad: int


@dataclass
class Tree:
    """What a walk has met besides rows: its pages, and its gaps."""

    kind: int
    pages: set[int] = field(default_factory=set)
    gaps: list[Gap] = field(default_factory=list)


def node(pages: Pages, number: int) -> Node | None:
    """Return a page as part of a tree, or None when it is none."""
    data = pages.get(number)
    if data is None:
        return None
    at = 100 if number == 1 else 0
    kind = data[at]
    if kind not in (2, 5, 10, 13):
        return None
    begin = at + (12 if kind in (2, 5) else 8)
    count = int.from_bytes(data[at + 3 : at + 5])
    if begin + 2 * count > pages.usable:
        return None
    found = [int.from_bytes(data[place : place + 2]) for place in range(begin, begin + 2 * count, 2)]
    cells = [cell for cell in found if begin + 2 * count <= cell < pages.usable]
    last = int.from_bytes(data[at + 8 : at + 12]) if kind in (2, 5) else 0
    return Node(data, kind, cells, last, count - len(cells))


def walk(pages: Pages, root: int, tree: Tree, *, only_pages: bool = False) -> Iterator[Row]:
    """Yield what can be read of the tree at `root`, in order; `tree` is told pages and gaps.

    Keys of a table are its ids, of an index the first number of an entry. With `only_pages` no leaf is read.
    """
    waiting = [(root, LEAST, MOST)]
    while waiting:
        number, low, high = waiting.pop()
        if number in tree.pages:
            tree.gaps.append(Gap(number, low, high))  # a page is in one place only
            continue
        found = node(pages, number)
        if found is None or found.kind not in (tree.kind, _ABOVE[tree.kind]):
            tree.gaps.append(Gap(number, low, high))
            continue
        tree.pages.add(number)
        if found.bad:
            tree.gaps.append(Gap(0, low, high))
        if found.kind == tree.kind:
            if not only_pages:
                yield from leaf(pages, found, tree, low, high)
            continue
        below = []
        for child, key, row in _interior(pages, found, tree, low, high):
            if row:
                yield row
            below.append((child, low, key))
            low = key if low <= key <= high else low
        waiting += reversed([*below, (found.last, low, high)])


def leaf(pages: Pages, found: Node, tree: Tree, low: int = LEAST, high: int = MOST) -> Iterator[Row]:
    """Yield the rows of a leaf of a table, the entries of one of an index."""
    for cell in found.cells:
        key, values = _entry(pages, found, cell)
        if values is None:
            tree.gaps.append(Gap(0, low, high))
        else:
            placed = found.kind == INDEX or low < key <= high or key == low == LEAST
            yield Row(key, values, placed)


def _interior(
    pages: Pages, found: Node, tree: Tree, low: int, high: int
) -> Iterator[tuple[int, int, Row | None]]:
    """Yield (page below, highest key there, the entry that stands here itself) of each cell."""
    for cell in found.cells:
        child = int.from_bytes(found.data[cell : cell + 4])
        key, values = _entry(pages, found, cell + 4)
        if values is None:
            tree.gaps.append(Gap(0, low, high))
            yield child, high, None
        elif found.kind == _ABOVE[TABLE]:
            yield child, key, None
        else:
            first = values[0] if values else None
            yield child, first if isinstance(first, int) else high, Row(0, values)


def _entry(pages: Pages, found: Node, at: int) -> tuple[int, list[Value] | None]:
    """Return the key at a place of a page (0 in an index) and what is kept under it: None where it can't be
    read, nothing above the leaves of a table."""
    try:
        if found.kind == _ABOVE[TABLE]:
            return varint(found.data, at)[0], []
        length, at = varint(found.data, at)
        key, at = varint(found.data, at) if found.kind == TABLE else (0, at)
        payload = _payload(pages, found, length, at)
    except IndexError:
        return 0, None
    return key, record(payload) if payload is not None else None


def _payload(pages: Pages, found: Node, length: int, at: int) -> bytes | None:
    """Return the bytes of a cell with what lies on further pages, or None when some can't be read."""
    usable = pages.usable
    most = usable - 35 if found.kind == TABLE else (usable - 12) * 64 // 255 - 23
    if not 0 < length <= (pages.count + 1) * pages.size:
        return None
    if length <= most:
        payload = found.data[at : at + length]
        return payload if at + length <= usable else None
    least = (usable - 12) * 32 // 255 - 23
    here = least + (length - least) % (usable - 4)
    here = here if here <= most else least
    if at + here + 4 > usable:
        return None
    parts, following = [found.data[at : at + here]], int.from_bytes(found.data[at + here : at + here + 4])
    left = length - here
    while left > 0:
        page = pages.get(following) if following else None
        if page is None:
            return None
        parts.append(page[4 : min(usable, 4 + left)])
        left -= usable - 4
        following = int.from_bytes(page[:4])
    return b"".join(parts)
