"""LDIF (RFC 2849): the entries of people, as a table with a column an attribute.

Each attribute is called as Thunderbird calls its column, and stands in several where an entry has several of
it. Groups become tags of their members. An address of a file (`attribute:< file:`) is kept as it is and never
opened. Not for other text: see `csv_file`.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path

from webui.exchange import encodings, limits, tables
from webui.exchange.reading.ldif_entry import Entry, entry_of, name_of, shape_of
from webui.exchange.tables import Options, Row, opened
from webui.store.errors import Message, Refused

_PIECE = 1 << 20
_BLANK = re.compile(rb"(\n(?:\r?\n)+)")
TAGS = "Tags"


@dataclass(frozen=True)
class Entries(tables.Table):
    """A file of entries that was looked at: `groups` are the names of the groups that each DN is in."""

    groups: dict[str, list[str]] = field(default_factory=dict, repr=False)

    def rows(self) -> Iterator[Row]:
        """Yield the people. Raises Refused when a limit is met."""
        position = 0
        for line, raw in _entries(self.source):
            entry = entry_of(raw, self.encoding)
            if not shape_of(entry.heads).is_about_file and not entry.is_group:
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
    source, codec = _plain(source)
    encoding = options.encoding or codec
    most, groups = Counter[str](), dict[str, list[str]]()
    shapes: dict[tuple[str, ...], None] = {}  # most entries have the attributes of another
    for _line, raw in _entries(source):
        entry = entry_of(raw, encoding)
        if entry.is_group:
            for name in filter(None, entry.all("cn")[:1]):
                for member in entry.all("member", "uniquemember"):
                    groups.setdefault(_same(member), []).append(name)
        elif any(names := shape_of(entry.heads).names):
            shapes[names] = None
    for shape in shapes:
        for name, number in Counter(map(name_of, shape)).items():
            most[name] = max(most[name], number)
    del most[""]
    if not shapes:
        raise Refused(Message("import.empty"))
    header = tuple(f"{name} {n}" if n > 1 else name for name in most for n in range(1, most[name] + 1))
    header += (TAGS,) if groups else ()
    limits.check_columns(len(header))
    found = Entries("ldif", source, header, "", 0, (), encoding=encoding, groups=groups)
    first = [row.cells for row, _number in zip(found.rows(), range(tables.FIRST), strict=False)]
    return Entries("ldif", source, header, "", 0, tuple(first), encoding=encoding, groups=groups)


def _plain(source: Path | bytes) -> tuple[Path | bytes, str]:
    """Return a file as one whose lines end in a line feed and whose letters are written byte by byte, and its
    encoding. Nearly all are."""
    with opened(source) as file:
        codec, mark = encodings.find(file)
        file.seek(len(mark))
        start = file.read(_PIECE)
        wide = encodings.is_wide(codec)
        if not wide and (b"\n" in start or b"\r" not in start):
            return source, codec
        limits.check_whole(len(source) if isinstance(source, bytes) else source.stat().st_size)
        whole = (start + file.read()).decode(codec, "replace")
    return whole.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace"), "utf-8"


def _entries(source: Path | bytes) -> Iterator[tuple[int, bytes]]:
    """Yield (line of the file from 1, bytes) of each entry: what stands between empty lines."""
    with opened(source) as file:
        file.seek(len(encodings.by_start(file)[1]))
        rest, line, more = b"", 1, True
        while more:
            chunk = file.read(_PIECE)
            more = bool(chunk)
            pieces = _BLANK.split(rest + chunk)
            rest = pieces.pop() if more else b""
            for entry, between in zip_longest(pieces[::2], pieces[1::2], fillvalue=b""):
                entry = entry.removesuffix(b"\r") if between else entry
                if entry.strip(b"\r\n\0"):
                    yield line, entry + b"\n"
                line += entry.count(b"\n") + between.count(b"\n")
            if len(rest) > limits.LINE:
                raise limits.cell_too_long(line)


def _same(dn: str) -> str:
    parts = (part.partition("=") for part in dn.split(","))
    return ",".join(f"{name.strip()}={said.strip()}" for name, _mark, said in parts).casefold()
