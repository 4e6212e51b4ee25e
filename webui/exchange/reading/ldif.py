"""LDIF (RFC 2849): the entries of people, as a table with a column an attribute.

Each attribute is called as Thunderbird calls its column, and stands in several where an entry has several of
it. Groups become tags of their members. An address of a file (`attribute:< file:`) is kept as it is and never
opened. Not for other text: see `csv_file`.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice, zip_longest
from pathlib import Path

from webui.exchange import encodings, limits, tables
from webui.exchange.reading.ldif_entry import PHOTOS, Entry, Shape, entry_of, name_of, repeated
from webui.exchange.tables import Options, Row, opened
from webui.store.errors import Message, Refused

_PIECE = 1 << 20
_LONG = 10_000  # bytes of an entry
_BLANK = re.compile(rb"(\n(?:\r?\n)+)")
TAGS = "Tags"
_FIRST, _SECOND, _SMALL = "Primary Email", "Secondary Email", "thumbnailphoto"
Found = tuple[int, bytes, Entry]


class Kept:
    """Entries as parts of which Python's search for garbage has few to visit, however many there are. Long
    ones, as those with a photo, are read again each time: all of one would be in memory twice."""

    def __init__(self, encoding: str) -> None:
        self._encoding, self._has_long = encoding, False
        self._lines: list[int] = []
        self._raw: list[bytes] = []
        self._shapes: list[Shape] = []
        self._values: list[tuple[str, ...]] = []

    def add(self, found: Found) -> int:
        """Keep an entry, and return about how many bytes that takes."""
        line, raw, (shape, values) = found
        if len(raw) > _LONG:
            self._has_long, values = True, ()
        self._lines.append(line)
        self._raw.append(raw)
        self._shapes.append(shape)
        self._values.append(values)
        return len(raw) + limits.taken(values)

    def __iter__(self) -> Iterator[Found]:
        found = zip(self._lines, self._raw, map(Entry, self._shapes, self._values), strict=True)
        return map(self._whole, found) if self._has_long else found

    def _whole(self, found: Found) -> Found:
        line, raw, _values = found
        return (line, raw, entry_of(raw, self._encoding)) if len(raw) > _LONG else found


@dataclass(frozen=True)
class Entries(tables.Table):
    """A file of entries that was looked at: `groups` are the names of the groups that each DN is in, `kept`
    are all entries of a file that has not many."""

    groups: dict[str, list[str]] = field(default_factory=dict, repr=False)
    kept: Kept | None = field(default=None, repr=False)

    def rows(self) -> Iterator[Row]:
        """Yield the people. Raises Refused when a limit is met."""
        position = 0
        for line, raw, entry in self.kept or _entries(self.source, self.encoding):
            if not entry.shape.is_about_file and not entry.is_group:
                yield Row(position, line, raw, self._cells(entry))
                position += 1
                limits.check_rows(position)

    def _cells(self, entry: Entry) -> list[str]:
        cells = entry.cells(self.header)
        groups = self.groups.get(_same("".join(entry.all("dn")[:1]))) if self.groups else None
        if groups:
            cells[self.header.index(TAGS)] = " ::: ".join(groups) + (" :::" if len(groups) == 1 else "")
        return cells


def read(source: Path | bytes, options: Options) -> Entries:
    """Look at a file of entries. Raises Refused where there is none in it."""
    source, encoding = _plain(source, options.encoding)
    groups: dict[str, list[str]] = {}
    shapes: dict[tuple[str, ...], None] = {}  # most entries have the attributes of another
    kept, room = Kept(encoding), limits.KEPT
    for found in _entries(source, encoding):
        entry = found[2]
        if room > 0:
            room -= kept.add(found)
        if not entry.is_group:
            shapes[entry.shape.names] = None
            continue
        for name in filter(None, entry.all("cn")[:1]):
            for member in entry.all("member", "uniquemember"):
                groups.setdefault(_same(member), []).append(name)
    header = _header([names for names in shapes if any(names)])
    header += (TAGS,) if groups else ()
    limits.check_columns(len(header))
    made = Entries(
        "ldif", source, header, "", 0, (), encoding=encoding, groups=groups, kept=kept if room > 0 else None
    )
    photos = {at for at, name in enumerate(header) if name.split()[0] in PHOTOS}
    first = (row.cells for row in islice(made.rows(), tables.FIRST))
    return replace(made, first=tuple(_but(cells, photos) if photos else cells for cells in first))


def _but(cells: list[str], places: Collection[int]) -> list[str]:
    """Return cells without those that nobody reads, which may be larger than all others together."""
    return ["" if at in places else cell for at, cell in enumerate(cells)]


def _header(shapes: list[tuple[str, ...]]) -> tuple[str, ...]:
    """Return the columns of entries with these attributes. Raises Refused where there is none."""
    if not shapes:
        raise Refused(Message("import.empty"))
    most = Counter[str]()
    for shape in shapes:
        for name, number in Counter(map(name_of, shape)).items():
            most[name] = max(most[name], number)
    del most[""]
    found = [repeated(name, n) for name in most for n in range(1, most[name] + 1)]
    if _SECOND in found and _FIRST in found:  # before whatever else is an e-mail, and small photos last
        found.remove(_SECOND)
        found.insert(found.index(_FIRST) + 1, _SECOND)
    return tuple(sorted(found, key=lambda name: name.startswith(_SMALL)))


def _plain(source: Path | bytes, told: str | None) -> tuple[Path | bytes, str]:
    """Return a file as one whose lines end in a line feed and whose letters are written byte by byte, and its
    encoding, which may be `told`. Nearly all are. Raises Refused as `encodings.read_by` does."""
    with opened(source) as file:
        codec, mark = encodings.read_by(file, told)
        file.seek(len(mark))
        start = file.read(_PIECE)
        wide = encodings.is_wide(codec)
        if not wide and (b"\n" in start or b"\r" not in start):
            return source, codec
        limits.check_whole(tables.size_of(source))
        whole = (start + file.read()).decode(codec, "replace")
    return whole.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace"), "utf-8"


def _entries(source: Path | bytes, encoding: str) -> Iterator[Found]:
    """Yield each entry, with the line of the file that it begins at, from 1, and its bytes: what stands
    between empty lines."""
    with opened(source) as file:
        file.seek(len(encodings.by_start(file)[1]))
        rest, line, more = b"", 1, True
        while more:
            chunk = file.read(_PIECE)
            more = bool(chunk)
            pieces, between = _divided(rest + chunk)
            rest = pieces.pop() if more else b""
            for raw, blank in zip_longest(pieces, between[: len(pieces)], fillvalue=b""):
                raw = raw.removesuffix(b"\r") if blank else raw
                if raw.strip(b"\r\n\0"):
                    raw += b"\n"
                    yield line, raw, entry_of(raw, encoding)
                    line -= 1
                line += raw.count(b"\n") + blank.count(b"\n")
            if len(rest) > limits.LINE:
                raise limits.cell_too_long(line)


def _divided(text: bytes) -> tuple[list[bytes], list[bytes]]:
    """Return what stands between empty lines, and those with the line end before them."""
    if b"\r" in text or b"\n\n\n" in text:
        pieces = _BLANK.split(text)
        return pieces[::2], pieces[1::2]
    pieces = text.split(b"\n\n")
    return pieces, [b"\n\n"] * (len(pieces) - 1)


def _same(dn: str) -> str:
    parts = (part.partition("=") for part in dn.split(","))
    return ",".join(f"{name.strip()}={said.strip()}" for name, _mark, said in parts).casefold()
