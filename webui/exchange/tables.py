"""What every reader of a file with rows and columns gives: its header, its first rows, and then all of them.

Each row has its cells as texts and `raw`, what is kept of it with the person: in a CSV or an LDIF file the
bytes themselves, of anything else its cells as JSON. Not for what a column means: see `columns`.
"""

import hashlib
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from webui.exchange import columns, limits, people
from webui.exchange.columns import Column
from webui.store.errors import Message, Refused

_TITLES = 20  # rows that may stand above a header
_NAMED = 20  # sheets that a refusal names
_WHO = {"full_name", "given", "family", "display_name", "username", "email"}  # columns that name someone
FIRST = 5 * _TITLES
_encoded = json.JSONEncoder(ensure_ascii=False).encode


@dataclass(frozen=True)
class Options:
    """What a person knows better than we can find: None means "find it". `table` is the sheet, or table."""

    encoding: str | None = None
    delimiter: str | None = None
    header: bool | None = None
    table: str | None = None

    def among(self, names: Sequence[str]) -> str | None:
        """Return `table`, None where none is told. Raises Refused for one that is not among `names`."""
        if self.table and self.table not in names:
            told = {"table": self.table, "names": ", ".join(names[:_NAMED]) + ", …" * (len(names) > _NAMED)}
            raise Refused(Message("import.no_such_table", told))
        return self.table or None


class Row(NamedTuple):
    """A record: `position` from 0 among the rows, `line` of the file from 1, its bytes, its cells.

    `unfinished` is why it has no end, as it is told of: a quotation mark is never closed, so that the rest of
    the file is in it; the file ends in the middle of a card, or the next one begins. `file` is the name of
    its file where there are several.
    """

    position: int
    line: int
    raw: bytes
    cells: list[str]
    unfinished: str = ""
    file: str = ""


@dataclass(frozen=True)
class Table:
    """A file that was looked at: its header (empty where there is none) and its first rows.

    `header_text` is what gives a kept row its meaning; `above` counts the records before the rows. `tables`
    are the sheets or tables that one can choose from, `table` is the chosen one; `doubts` are warnings of the
    file as a whole. `read_with` is how a kept row is read again, and a file of refused rows written.
    """

    format: str
    source: Path | bytes
    header: tuple[str, ...]
    header_text: str
    above: int
    first: Sequence[Sequence[str]] = field(repr=False)
    tables: tuple[str, ...] = ()
    table: str = ""
    doubts: tuple[Message, ...] = ()
    encoding: str = "utf-8"
    delimiter: str = ""

    @property
    def width(self) -> int:
        """How many columns there are."""
        return len(self.header) or max((len(cells) for cells in self.first), default=0)

    @property
    def read_with(self) -> Mapping[str, Any]:
        """How the file is written, as JSON can hold it."""
        return {"encoding": self.encoding, "delimiter": self.delimiter}

    @property
    def fixed(self) -> tuple[Column, ...]:
        """Where what is in it goes, of a file of which nobody has to say that; else nothing."""
        return ()

    def chosen_of(self, found: Sequence[Column]) -> Sequence[Column]:
        """Return of what a person can choose how it meets what is here: of each of the columns `found`."""
        return found

    def people(self, found: Sequence[Column], region: str, key: str | None = None) -> people.Reader:
        """Return who makes people of its rows; phones without a country's code belong to `region`, and `key`
        is the target by which people are known."""
        return people.Reader(found, columns.program(self.header), region, key)

    def of_columns(self, cells: list[str]) -> list[str]:
        """Return what stands in each column, by the cells of a row."""
        return cells

    def rows(self) -> Iterator[Row]:
        """Yield the rows; empty ones are none. Raises Refused when a limit is met."""
        raise NotImplementedError

    def file_hash(self) -> str:
        """Return the SHA-256 of the whole file, in hex."""
        with opened(self.source) as file:
            made = hashlib.sha256()
            while chunk := file.read(1 << 20):
                made.update(chunk)
            return made.hexdigest()


Lines = Callable[[], Iterator[tuple[int, list[str]]]]


@dataclass(frozen=True)
class Grid(Table):
    """A table of something that is no text: `lines` begins to read it anew, and yields (line, cells)."""

    lines: Lines = field(default=lambda: iter(()), repr=False)

    def rows(self) -> Iterator[Row]:
        """Yield the rows; empty ones are none. Raises Refused when a limit is met."""
        position = size = 0
        for number, (line, cells) in enumerate(self.lines()):
            if number < self.above or not any(map(str.strip, cells)):
                continue
            limits.check_columns(len(cells))
            raw = as_raw(cells)
            size += len(raw)
            if size > limits.UNPACKED:  # one text of a workbook may stand in any number of cells
                raise limits.unpacked_too_large()
            yield Row(position, line, raw, cells)
            position += 1
            limits.check_rows(position)


def grid(format_: str, source: Path | bytes, lines: Lines, told: bool | None = None, **more: Any) -> Grid:
    """Return what `lines` yields as a table; `told` says whether it has a header. Raises Refused."""
    start = [cells for _line, cells in islice(lines(), FIRST)]
    at = header_at(start, told)
    header = trimmed(start[at]) if at is not None else []
    limits.check_columns(max(map(len, [header, *start]), default=0))
    above = 0 if at is None else at + 1
    first = tuple(cells for cells in start[above:] if any(map(str.strip, cells)))
    text = as_raw(header).decode("utf-8")
    return Grid(format_, source, tuple(header), text, above, first, lines=lines, **more)


def as_raw(cells: Sequence[str]) -> bytes:
    """Return cells as they are kept with a person: as JSON."""
    said = "".join(cells)
    if said.isprintable() and said and not ('"' in said or "\\" in said):  # nothing in it has to be escaped
        return '["{}"]'.format('", "'.join(cells)).encode("utf-8")
    return _encoded(cells).encode("utf-8", "replace")


def header_at(records: Sequence[Sequence[str]], told: bool | None) -> int | None:
    """Return the number of the record that is the header; lines of a title may stand above it."""
    if told is False:
        return None
    single = None
    for number, cells in enumerate(records[:_TITLES]):
        filled = sum(1 for cell in cells if cell.strip())
        if columns.is_header(cells, records[number + 1 :]):
            if filled > 1:
                return number
            single = number if single is None else single
        if filled > 1:  # a row with several cells is no title
            return number if single is None and told else single
    return 0 if single is None and told else single


def first_of_people(names: Sequence[str], start: Callable[[str], Sequence[Sequence[str]]]) -> str | None:
    """Return the first of sheets whose header, or e-mails, say that people are in it; else the first with
    several cells in a row, else with any, None for none. `start` gives the first rows of one; a further one
    that can't be read is passed over. Raises Refused when the first of all can't be read."""
    best, rank = None, len(_RANKS)
    for name in names:
        try:
            rows = start(name)
        except Refused:
            if best is None:
                raise
            continue
        here = next(number for number, is_so in enumerate(_RANKS) if is_so(rows)) if rows else rank
        if here < rank:
            best, rank = name, here
        if rank == 0:
            break
    return best


def _of_people(rows: Sequence[Sequence[str]]) -> bool:
    at = header_at(rows, None)
    found = columns.by_content(rows) if at is None else columns.by_name(rows[at])
    return any(each.target in (_WHO if at is not None else ("email",)) for each in found)


def _several(rows: Sequence[Sequence[str]]) -> bool:
    return any(sum(1 for cell in cells if cell.strip()) > 1 for cells in rows)


_RANKS: tuple[Callable[[Sequence[Sequence[str]]], bool], ...] = (_of_people, _several, bool)


def trimmed(cells: Sequence[str]) -> list[str]:
    """Return the names of a header, without the empty ones behind the last."""
    found = [cell.strip() for cell in cells]
    while found and not found[-1]:
        found.pop()
    return found


@contextmanager
def opened(source: Path | bytes) -> Iterator[BinaryIO]:
    """Open a file, or what was in one."""
    with io.BytesIO(source) if isinstance(source, bytes) else source.open("rb") as file:
        yield file


def size_of(source: Path | bytes) -> int:
    """Return how many bytes it has."""
    return len(source) if isinstance(source, bytes) else source.stat().st_size
