"""The rows that were refused, as a file of the same kind that can be mended and imported again.

Each stands as it was in its file; a last column, or a remark, says why it was refused, and an import reads
over it.
"""

import csv
import io
import json
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from webui.exchange import encodings
from webui.exchange.plan import Plan, as_message
from webui.exchange.vcard import values as vcard_values
from webui.store.errors import Message

REASON = "roster_reason"
# What a column is called in the file of a plan that had no header.
_NAMES = {
    "full_name": "Name", "display_name": "Display name", "given": "First name", "family": "Last name",
    "email": "E-mail", "phone": "Phone",
}  # fmt: skip
# What the file is, by the format of the one it came from: old and other workbooks become new ones.
SUFFIXES = {"xlsx": ".xlsx", "xls": ".xlsx", "ods": ".xlsx", "sqlite": ".sqlite", "json": ".json",
            "monica": ".json", "ldif": ".ldif", "vcard": ".vcf"}  # fmt: skip
_ROWS = """SELECT raw, width, reason FROM staged JOIN staged_raw USING (position)
 WHERE verdict = 'refused' ORDER BY position"""
_LINE_END = re.compile(rb"(\r*\n|\r)")
Say = Callable[[Message], str]
Row = tuple[bytes, int, Sequence[Message]]  # what was kept of it, how many cells it has, why it is refused


@dataclass(frozen=True)
class RefusedRows:
    """Those of a file: its format, its header, and how it is written. `rows` begins anew each time."""

    format: str
    header: Sequence[str]
    read_with: Mapping[str, Any]
    encoding: str
    rows: Callable[[], Iterable[Row]]

    def names(self) -> list[str]:
        """Return the header, as wide as the widest refused row."""
        widest = max((width for _raw, width, _reasons in self.rows()), default=0)
        return [*self.header, *[""] * (widest - len(self.header))]


def suffix(plan: Plan) -> str:
    """Return how the name of such a file ends."""
    return suffix_of(plan.about("format"))


def suffix_of(format_: str) -> str:
    """Return the same, by the format of the file that is read."""
    return SUFFIXES.get(format_, ".csv")


def write(stream: BinaryIO, plan: Plan, say: Say) -> int:
    """Write the refused rows of `plan` and return how many there are. `say` makes a sentence of a reason."""
    return write_rows(stream, of_plan(plan), say)


def write_rows(stream: BinaryIO, refused: RefusedRows, say: Say) -> int:
    """Write refused rows and return how many there are: nothing where there are none."""
    if not any(True for _row in refused.rows()):
        return 0
    return _WRITE.get(suffix_of(refused.format), _csv)(stream, refused, _all_of(say))


def of_plan(plan: Plan) -> RefusedRows:
    """Return the refused rows of a plan."""

    def rows() -> Iterator[Row]:
        for raw, width, kept in plan.connection.execute(_ROWS):
            yield raw, width, [as_message(json.loads(kept))]

    header = plan.about("header") or [
        _NAMES.get(column.target, f"Column {column.index + 1}") for column in plan.columns
    ]
    return RefusedRows(plan.about("format"), header, plan.about("read_with"), plan.about("encoding"), rows)


def _all_of(say: Say) -> Callable[[Sequence[Message]], str]:
    return lambda reasons: "; ".join(map(say, reasons))


_Tell = Callable[[Sequence[Message]], str]


def _csv(stream: BinaryIO, refused: RefusedRows, say: _Tell) -> int:
    told = refused.read_with
    codec, delimiter, end = told["encoding"], told["delimiter"], told["line_end"]

    def line(cells: Iterable[str]) -> bytes:
        text = io.StringIO(newline="")
        csv.writer(text, delimiter=delimiter, lineterminator=end).writerow(cells)
        return text.getvalue().encode(codec, "replace")

    header = refused.names()
    stream.write(bytes.fromhex(told["mark"]))
    stream.write(line([*header, REASON]))
    count = 0
    for raw, width, reasons in refused.rows():
        count += 1
        # whatever is put behind it would be inside the quotation mark
        if any(reason.id == "row.open_quote" for reason in reasons):
            stream.write(raw)
            continue
        row = (
            raw.decode(codec, "replace").rstrip("\r\n").encode(codec, "replace")
            if encodings.is_wide(codec)
            else None
        )
        stream.write(raw.rstrip(b"\r\n") if row is None else row)
        stream.write((delimiter * (len(header) - width + 1)).encode(codec))
        stream.write(line([say(reasons)]))
    return count


def _rows(refused: RefusedRows, say: _Tell) -> Iterator[list[str]]:
    """Yield the header and the rows of what is no text, each as wide as the other."""
    header = refused.names()
    yield [*header, REASON]
    for raw, _width, reasons in refused.rows():
        cells = json.loads(raw)
        yield [*cells, *[""] * (len(header) - len(cells)), say(reasons)]


def _workbook(stream: BinaryIO, refused: RefusedRows, say: _Tell) -> int:
    import xlsxwriter

    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, cells in enumerate(_rows(refused, say)):
            for column, cell in enumerate(cells):
                sheet.write_string(number, column, cell)
    stream.write(made.getvalue())
    return number


def _json(stream: BinaryIO, refused: RefusedRows, say: _Tell) -> int:
    header, *rows = _rows(refused, say)
    found = [{name: cell for name, cell in zip(header, row, strict=True) if cell} for row in rows]
    stream.write(json.dumps(found, ensure_ascii=False, indent=1).encode("utf-8", "replace"))
    return len(rows)


def _sqlite(stream: BinaryIO, refused: RefusedRows, say: _Tell) -> int:
    header, *rows = _rows(refused, say)
    seen: dict[str, int] = {}
    for number, name in enumerate(header, 1):  # a table has no two columns of one name, whatever the case
        wanted = name or f"column {number}"
        seen[f"{wanted} {number}" if wanted.casefold() in map(str.casefold, seen) else wanted] = number
    names = ", ".join('"' + name.replace('"', '""') + '"' for name in seen)
    made = sqlite3.connect(":memory:")
    try:
        made.execute(f"CREATE TABLE refused ({names})")
        made.executemany(f"INSERT INTO refused VALUES ({', '.join('?' * len(header))})", rows)
        made.commit()
        stream.write(made.serialize())
    finally:
        made.close()
    return len(rows)


def _ldif(stream: BinaryIO, refused: RefusedRows, say: _Tell) -> int:
    codec, count = refused.encoding, 0
    for raw, _width, reasons in refused.rows():
        reason = " ".join(say(reasons).split())
        stream.write(f"\n# {REASON}: {reason}\n".encode(codec, "replace") + raw)
        count += 1
    return count


def _cards(stream: BinaryIO, refused: RefusedRows, say: _Tell) -> int:
    codec, count = refused.encoding, 0
    for raw, _width, reasons in refused.rows():
        reason = vcard_values.escape(say(reasons))
        begin, end, rest = [*_LINE_END.split(raw, maxsplit=1), b"\r\n", b""][:3]
        line = f"X-ROSTER-REASON:{reason}".encode(codec, "replace")
        stream.write(begin + end + line + end + rest.rstrip(b"\r\n") + end)
        count += 1
    return count


_WRITE = {".xlsx": _workbook, ".json": _json, ".sqlite": _sqlite, ".ldif": _ldif, ".vcf": _cards}
