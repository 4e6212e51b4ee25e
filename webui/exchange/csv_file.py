"""CSV: read whatever people call so.

Encoding, delimiter and header are found, and can be told. Each row keeps its bytes as they are in the file.
Not for what a column means, nor for writing: `columns` and `spreadsheet` do that.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from webui.exchange import encodings, limits, spreadsheet, tables
from webui.exchange.tables import Options, Row, Table, opened
from webui.store.errors import Message, Refused

DELIMITERS = (",", ";", "\t", "|")
_SAMPLE = 64 * 1024
# How text files that are no CSV begin.
_OTHER_KINDS = (
    ("vCard", re.compile(r"BEGIN:VCARD", re.I)),
    ("LDIF", re.compile(r"(version: 1\s|dn::? )", re.I)),
    ("JSON", re.compile(r"[\[{]\s*[\[{\]}\"]")),
    ("HTML", re.compile(r"<(!doctype html|html)\b", re.I)),
    ("XML", re.compile(r"<\?xml\b", re.I)),
)


@dataclass(frozen=True)
class Sheet(Table):
    """A CSV file that was looked at: `mark` is its byte order mark, `header_raw` the bytes of its header."""

    mark: bytes = b""
    header_raw: bytes = b""

    @property
    def line_end(self) -> str:
        r"""How lines end: \r\n, \n or \r."""
        text = self.header_raw.decode(self.encoding, "replace")
        return next((end for end in ("\r\n", "\n", "\r") if text.endswith(end)), "\r\n")

    @property
    def read_with(self) -> Mapping[str, Any]:
        """How the file is written, as JSON can hold it."""
        return {**super().read_with, "mark": self.mark.hex(), "line_end": self.line_end}

    def rows(self) -> Iterator[Row]:
        """Yield the rows; empty ones are none. Raises Refused when a limit is met."""
        position = 0
        with opened(self.source) as file:
            for number, (line, raw, cells, unfinished) in enumerate(
                _records(file, self.encoding, len(self.mark), self.delimiter)
            ):
                if number < self.above or not any(cells) or not any(map(str.strip, cells)):
                    continue
                limits.check_columns(len(cells))
                yield Row(position, line, raw, cells, "row.open_quote" if unfinished else "")
                position += 1
                limits.check_rows(position)


def read(source: Path | bytes, options: Options | None = None) -> Sheet:
    """Look at a CSV file. Raises Refused when it is too large, empty, or no CSV file."""
    options = options or Options()
    limits.check_size(len(source) if isinstance(source, bytes) else source.stat().st_size)
    with opened(source) as file:
        encoding, mark = encodings.read_by(file, options.encoding)
        sample, whole = _sample(file, encoding, len(mark))
    if not sample.strip():
        raise Refused(Message("import.empty"))
    if "\0" in sample and not encoding.startswith("utf-16"):
        raise Refused(Message("import.not_text"))
    _refuse_other_kinds(sample)
    delimiter = options.delimiter or _delimiter(sample, whole)
    with opened(source) as file:
        start = _start(_records(file, encoding, len(mark), delimiter))
    at = tables.header_at([cells for _line, _raw, cells, _unfinished in start], options.header)
    if at is None and options.header is None:
        _refuse_mixed(sample, delimiter)
    header = tables.trimmed(start[at][2]) if at is not None else []
    if header[-1:] == [spreadsheet.GUARDED]:
        header = [spreadsheet.unguard(cell) for cell in header]
    limits.check_columns(len(header))
    above = 0 if at is None else at + 1
    rows = [cells for _line, _raw, cells, _unfinished in start[above:] if any(map(str.strip, cells))]
    raw = start[at][1] if at is not None else b""
    return Sheet(
        "csv", source, tuple(header), raw.decode(encoding, "replace"), above, tuple(rows),
        encoding=encoding, delimiter=delimiter, mark=mark, header_raw=raw,
    )  # fmt: skip


def _records(
    file: BinaryIO, encoding: str, skip: int, delimiter: str
) -> Iterator[tuple[int, bytes, list[str], bool]]:
    """Yield (line, bytes, cells, unfinished). The reader of the standard library decides what a record is;
    the lines it took make the record's bytes."""
    taken: list[bytes] = []
    ended = False

    def lines() -> Iterator[str]:
        nonlocal ended
        for line in encodings.lines(file, encoding, skip):
            taken.append(line)
            yield line.decode(encoding, "replace").replace("\0", "")
        ended = True  # and still asked for more: a quotation mark is open

    reader, line = csv.reader(lines(), delimiter=delimiter), 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise limits.cell_too_long(line) from error
        yield line, taken[0] if len(taken) == 1 else b"".join(taken), cells, ended
        line += len(taken)
        taken.clear()


def _sample(file: BinaryIO, encoding: str, skip: int) -> tuple[str, bool]:
    """Return the first lines, up to 64 KB, and whether that is the whole file."""
    found: list[str] = []
    size = 0
    for line in encodings.lines(file, encoding, skip):
        if size > _SAMPLE:
            return "".join(found), False
        found.append(line.decode(encoding, "replace")[:_SAMPLE])
        size += len(line)
    return "".join(found), True


def _delimiter(sample: str, whole: bool) -> str:
    """Return the delimiter by which most records are equally wide; a comma for a single column."""
    best, best_score = ",", (0, 0)
    for delimiter in DELIMITERS:
        records = _parsed(sample, delimiter)
        if not whole and len(records) > 1:
            records.pop()  # perhaps cut
        widths = Counter(len(cells) for cells in records if cells)
        width, count = max(
            ((width, count) for width, count in widths.items() if width > 1),
            key=lambda each: (each[1], each[0]),
            default=(0, 0),
        )
        if count * 2 >= sum(widths.values()) and (count, width) > best_score:
            best, best_score = delimiter, (count, width)
    return best


def _parsed(sample: str, delimiter: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter))


def _start(records: Iterator[tuple[int, bytes, list[str], bool]]) -> list[tuple[int, bytes, list[str], bool]]:
    found = []
    for record in records:
        found.append(record)
        if len(found) == tables.FIRST:
            break
    return found


def _refuse_other_kinds(sample: str) -> None:
    """Refuse a text file of another kind, every line of which would be taken for a person. Raises Refused."""
    kind = next((name for name, start in _OTHER_KINDS if start.match(sample.lstrip())), None)
    if kind:
        raise Refused(Message("import.other_kind", {"kind": kind}))


def _refuse_mixed(sample: str, delimiter: str) -> None:
    """Refuse a file whose first row is divided by another character than the rest. Raises Refused."""
    first = next((line for line in sample.splitlines() if line.strip()), "")
    if delimiter in first:
        return
    if any(other in first for other in DELIMITERS) and any(delimiter in line for line in sample.splitlines()):
        raise Refused(Message("import.mixed"))
