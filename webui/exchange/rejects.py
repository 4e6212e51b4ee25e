"""The rows that were refused, as a file of the same kind that can be mended and imported again.

Each stands as it was in its file; a last column, or a remark, says why it was refused, and an import reads
over it.
"""

import csv
import io
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO

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
Say = Callable[[Message], str]


def suffix(plan: Plan) -> str:
    """Return how the name of such a file ends."""
    return SUFFIXES.get(plan.about("format"), ".csv")


def write(stream: BinaryIO, plan: Plan, say: Say) -> int:
    """Write the refused rows of `plan` and return how many there are. `say` makes a sentence of a reason."""
    if not plan.connection.execute("SELECT 1 FROM staged WHERE verdict = 'refused'").fetchone():
        return 0
    return _WRITE.get(suffix(plan), _csv)(stream, plan, say)


def _csv(stream: BinaryIO, plan: Plan, say: Say) -> int:
    told = plan.about("read_with")
    codec, delimiter, end = told["encoding"], told["delimiter"], told["line_end"]

    def line(cells: Iterable[str]) -> bytes:
        text = io.StringIO(newline="")
        csv.writer(text, delimiter=delimiter, lineterminator=end).writerow(cells)
        return text.getvalue().encode(codec, "replace")

    header = _header(plan)
    stream.write(bytes.fromhex(told["mark"]))
    stream.write(line([*header, REASON]))
    count = 0
    for raw, width, kept in plan.connection.execute(_ROWS):
        reason = as_message(json.loads(kept))
        count += 1
        if reason.id == "row.open_quote":  # whatever is put behind it would be inside the quotation mark
            stream.write(raw)
            continue
        row = (
            raw.decode(codec, "replace").rstrip("\r\n").encode(codec, "replace")
            if encodings.is_wide(codec)
            else None
        )
        stream.write(raw.rstrip(b"\r\n") if row is None else row)
        stream.write((delimiter * (len(header) - width + 1)).encode(codec))
        stream.write(line([say(reason)]))
    return count


def _header(plan: Plan) -> list[str]:
    """Return the names of the columns, as many as the widest refused row has cells."""
    widest = plan.connection.execute("SELECT max(width) FROM staged WHERE verdict = 'refused'").fetchone()[0]
    header = plan.about("header") or [
        _NAMES.get(column.target, f"Column {column.index + 1}") for column in plan.columns
    ]
    return [*header, *[""] * (widest - len(header))]


def _rows(plan: Plan, say: Say) -> Iterator[list[str]]:
    """Yield the header and the rows of what is no text, each as wide as the other."""
    header = _header(plan)
    yield [*header, REASON]
    for raw, _width, kept in plan.connection.execute(_ROWS):
        cells = json.loads(raw)
        yield [*cells, *[""] * (len(header) - len(cells)), say(as_message(json.loads(kept)))]


def _workbook(stream: BinaryIO, plan: Plan, say: Say) -> int:
    import xlsxwriter

    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, cells in enumerate(_rows(plan, say)):
            for column, cell in enumerate(cells):
                sheet.write_string(number, column, cell)
    stream.write(made.getvalue())
    return number


def _json(stream: BinaryIO, plan: Plan, say: Say) -> int:
    header, *rows = _rows(plan, say)
    found = [{name: cell for name, cell in zip(header, row, strict=True) if cell} for row in rows]
    stream.write(json.dumps(found, ensure_ascii=False, indent=1).encode("utf-8", "replace"))
    return len(rows)


def _sqlite(stream: BinaryIO, plan: Plan, say: Say) -> int:
    header, *rows = _rows(plan, say)
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


def _ldif(stream: BinaryIO, plan: Plan, say: Say) -> int:
    codec, count = plan.about("encoding"), 0
    for raw, _width, kept in plan.connection.execute(_ROWS):
        reason = " ".join(say(as_message(json.loads(kept))).split())
        stream.write(f"\n# {REASON}: {reason}\n".encode(codec, "replace") + raw)
        count += 1
    return count


def _cards(stream: BinaryIO, plan: Plan, say: Say) -> int:
    codec, count = plan.about("encoding"), 0
    for raw, _width, kept in plan.connection.execute(_ROWS):
        reason = vcard_values.escape(say(as_message(json.loads(kept))))
        begin, end, rest = raw.partition(b"\n")
        line = f"X-ROSTER-REASON:{reason}\r\n".encode(codec, "replace")
        stream.write(begin + end + line + rest.rstrip(b"\r\n") + b"\r\n")
        count += 1
    return count


_WRITE = {".xlsx": _workbook, ".json": _json, ".sqlite": _sqlite, ".ldif": _ldif, ".vcf": _cards}
