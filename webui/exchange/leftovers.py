"""What of a raw row has no field in Roster: read again, as it was read when it came in.

Not for what did find its field, nor for columns that only a program needs.
"""

import csv
import io
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from webui.exchange import people, relations, spreadsheet
from webui.exchange.columns import HERE, Column
from webui.exchange.reading import ldif
from webui.exchange.vcard import lines, reading

# How rows are read now; kept with each file. Before there was a number, only what is in _FIRST had a field.
READS = 2
_FIRST = {
    "full_name", "given", "family", "prefix", "additional", "suffix", "display_name", "nickname", "username",
    "email", "tags", "note", "file_as", "email_label", "email_type", "uid", "guard", "ignored",
}  # fmt: skip


@dataclass(frozen=True)
class Leftover:
    """A cell: the number of its column from 1, the column's name ('' without one), and what stands there."""

    number: int
    name: str
    value: str


def of_row(format_: str, raw: bytes, options: str, missing: Collection[str] = ()) -> list[Leftover]:
    """Return what has no field in a kept row, by the format of its file and the `options` (JSON) of that.

    `missing` are the uids of own fields in which not all of it is. Empty where the row can't be read that
    way: another program may have written it.
    """
    try:
        told = json.loads(options)
        known = None if told.get("reads") else _FIRST
        if format_ == "vcard":
            return _of_card(raw, told["encoding"])
        columns = relations.related(
            [
                Column(index, str(name), str(target) if known is None or target in known else "kept", "kept")
                for index, (name, target) in enumerate(told["columns"])
            ]
        )
        said = cells(format_, raw, told, [column.name for column in columns])
        return _left(columns, said, str(told.get("program", "plain")), missing)
    except (ValueError, LookupError, TypeError, AttributeError, csv.Error):
        return []


def _of_card(raw: bytes, encoding: str) -> list[Leftover]:
    """Return the lines of a card that have no field, each with the name of its property."""
    reader = reading.Reader()
    reader.read(lines.unfolded(raw, encoding))
    return [
        Leftover(number, each.name.capitalize(), said)
        for number, each in enumerate(reader.left, 1)
        if (said := lines.unescape(each.value, "3.0").strip(" ;")[:2_000])
    ]


def cells(format_: str, raw: bytes, told: Mapping[str, Any], names: Sequence[str]) -> list[str]:
    """Return the cells of a kept row, or the lines of a card.

    Raises ValueError, LookupError and others where another program wrote it.
    """
    if format_ == "vcard":
        return lines.unfolded(raw, told["encoding"])
    if format_ == "ldif":
        return ldif.entry_of(raw, told["encoding"]).cells(names)
    if format_ != "csv":
        return list(map(str, json.loads(raw)))
    text = raw.decode(told["encoding"], "replace").replace("\0", "")
    return next(csv.reader(io.StringIO(text, newline=""), delimiter=told["delimiter"]), [])


def _left(
    columns: Sequence[Column], cells: list[str], program: str, missing: Collection[str]
) -> list[Leftover]:
    reader = people.Reader(columns, program)
    warnings = reader.read(list(cells)).warnings
    if any(column.target == "guard" for column in columns):
        cells = [spreadsheet.unguard(cell) for cell in cells]
    no_addresses = {each.values["email"] for each in warnings if each.id == "row.no_address"}
    cut = {each.values["field"] for each in warnings if each.id in ("row.cut", "row.unkeepable")}
    found = []
    for index, cell in enumerate(cells):
        column = columns[index] if index < len(columns) else None
        left = (
            column is None
            or index in reader.kept
            or column.target in cut
            or (column.target.startswith(HERE) and column.target.removeprefix(HERE) in missing)
            or (column.target == "email" and cell.strip()[:200] in no_addresses)
        )
        if left and cell.strip():
            found.append(Leftover(index + 1, column.name if column else "", cell.strip()))
    return found
