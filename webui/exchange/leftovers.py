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
from webui.exchange.headers import EXTRA
from webui.exchange.reading import ldif_entry
from webui.exchange.vcard import lines, reading
from webui.exchange.vcard.properties import OF_THE_CARD

# How rows are read now; kept with each file. Before there was a number, only what is in _FIRST had a field;
# before 3, much of LDIF had none: photos, and most of what an entry says several times.
READS = 3
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


class Rows:
    """Reads kept rows, and remembers how the rows of each file are read."""

    def __init__(self) -> None:
        self._tables: dict[str, _Table] = {}

    def of_row(self, format_: str, raw: bytes, options: str, missing: Collection[str] = ()) -> list[Leftover]:
        """Return what has no field in a kept row, by the format of its file and the `options` (JSON) of that.

        `missing` are the uids of own fields in which not all of it is. Empty where the row can't be read that
        way: another program may have written it.
        """
        try:
            if format_ == "vcard":
                return _of_card(raw, told(options)["encoding"])
            table = self._tables.get(options) or self._tables.setdefault(options, _Table(told(options)))
            return table.left(cells(format_, raw, table.told, table.names), missing)
        except (ValueError, LookupError, TypeError, AttributeError, csv.Error):
            return []


def of_row(format_: str, raw: bytes, options: str, missing: Collection[str] = ()) -> list[Leftover]:
    """Return the same of one row alone."""
    return Rows().of_row(format_, raw, options, missing)


def _of_card(raw: bytes, encoding: str) -> list[Leftover]:
    """Return the lines of a card that have no field, each with the name of its property."""
    reader = reading.Reader()
    reader.read(lines.unfolded(raw, encoding))
    return [
        Leftover(number, each.name.capitalize(), said)
        for number, each in enumerate(reader.left, 1)
        if (said := lines.unescape(each.value, "3.0").strip(" ;")[:2_000])
    ]


def whole(format_: str, raw: bytes, options: str) -> list[tuple[str, str]]:
    """Return all that a kept row says of someone, as column (or property) and text, in an order that does not
    depend on that of the columns. Empty where it can't be read that way."""
    how = told(options)
    try:
        if format_ == "vcard":
            found = [line for each in lines.unfolded(raw, how["encoding"]) if (line := lines.parsed(each))]
            return sorted((each.name, each.said.strip()) for each in found if each.name not in OF_THE_CARD)
        row = cells(format_, raw, how, [str(name) for name, _target in how["columns"]])
        row += [""] * (len(how["columns"]) - len(row))
        named = [*how["columns"], *[("", "")] * (len(row) - len(how["columns"]))]
        return sorted(
            (str(name), cell.strip())
            for (name, target), cell in zip(named, row, strict=True)
            if cell.strip() and target not in ("ignored", "uid")
        )
    except (ValueError, LookupError, TypeError, AttributeError, csv.Error):
        return []


def told(options: str) -> dict[str, Any]:
    """Return how a file was read; nothing where another program wrote that."""
    try:
        found = json.loads(options)
        return found if isinstance(found, dict) else {}
    except (ValueError, TypeError):
        return {}


def names(told: Mapping[str, Any]) -> dict[str, int]:
    """Return the columns of a table that have no field, or had none, each with its index."""
    since = filled(told)
    try:
        return {
            str(name): index
            for index, (name, target) in reversed([*enumerate(told["columns"])])
            if name
            and (target == "kept" or name in since or (not told.get("reads") and target not in _FIRST))
        }
    except (ValueError, LookupError, TypeError):
        return {}


def filled(told: Mapping[str, Any]) -> set[str]:
    """Return the columns that had no field, with which one was filled since (see `filling`)."""
    found = told.get("filled")
    return set(map(str, found)) if isinstance(found, list) else set()


def of_column(format_: str, raw: bytes, how: Mapping[str, Any], column: str) -> str:
    """Return what stands in a column without a field, or in the properties of that name of a card; '' for
    nothing. `how` is how the file was read, as `told` gives it."""
    try:
        if format_ == "vcard":
            found = (lines.parsed(each) for each in lines.unfolded(raw, how["encoding"]))
            said = [
                lines.unescape(each.value, "3.0") for each in found if each and each.name == column.upper()
            ]
            return "\n".join(filter(None, (each.strip(" ;") for each in said)))
        index = names(how).get(column)
        if index is None:
            return ""
        row = cells(format_, raw, how, [str(name) for name, _target in how["columns"]])
        cell = row[index].strip() if index < len(row) else ""
        guarded = any(target == "guard" for _name, target in how["columns"])
        return spreadsheet.unguard(cell) if guarded else cell
    except (ValueError, LookupError, TypeError, AttributeError, csv.Error):
        return ""


def cells(format_: str, raw: bytes, told: Mapping[str, Any], names: Sequence[str]) -> list[str]:
    """Return the cells of a kept row, or the lines of a card.

    Raises ValueError, LookupError and others where another program wrote it.
    """
    if format_ == "vcard":
        return lines.unfolded(raw, told["encoding"])
    if format_ == "ldif":
        return ldif_entry.entry_of(raw, told["encoding"]).cells(names)
    if format_ != "csv":
        return list(map(str, json.loads(raw)))
    text = raw.decode(told["encoding"], "replace").replace("\0", "")
    return next(csv.reader(io.StringIO(text, newline=""), delimiter=told["delimiter"]), [])


class _Table:
    """The columns of a file, and who reads its rows as they were read when they came in."""

    def __init__(self, told: Mapping[str, Any]) -> None:
        known, since = None if told.get("reads") else _FIRST, filled(told)
        self.told, self.names = told, [str(name) for name, _target in told["columns"]]
        targets = [
            str(target) if (known is None or target in known) and name not in since else "kept"
            for name, target in zip(self.names, (target for _name, target in told["columns"]), strict=True)
        ]
        self._columns = relations.related(
            [Column(index, *each, "kept") for index, each in enumerate(zip(self.names, targets, strict=True))]
        )
        self._guarded = any(column.target == "guard" for column in self._columns)
        self._reader = people.Reader(self._columns, str(told.get("program", "plain")))

    def left(self, cells: list[str], missing: Collection[str]) -> list[Leftover]:
        self._reader.kept.clear()
        warnings = self._reader.read(list(cells)).warnings
        if self._guarded:
            cells = [spreadsheet.unguard(cell) for cell in cells]
        no_addresses = {each.values["email"] for each in warnings if each.id == "row.no_address"}
        cut = {each.values["field"] for each in warnings if each.id in ("row.cut", "row.unkeepable")}
        found = []
        for index, cell in enumerate(cells):
            if not cell.strip():
                continue
            column = self._columns[index] if index < len(self._columns) else None
            if column and column.name == EXTRA:
                found += _extra(index + 1, cell)
            elif (
                column is None
                or index in self._reader.kept
                or column.target in cut
                or (column.target.startswith(HERE) and column.target.removeprefix(HERE) in missing)
                or (column.target == "email" and cell.strip()[:200] in no_addresses)
            ):
                found.append(Leftover(index + 1, column.name if column else "", cell.strip()))
        return found


def _extra(number: int, cell: str) -> list[Leftover]:
    """Return what our own column of it says of whoever came with that."""
    try:
        told = json.loads(cell)
        return [
            Leftover(number, str(name), str(each))
            for name, said in told.items()
            for each in (said if isinstance(said, list) else [said])
        ]
    except (ValueError, AttributeError, RecursionError):
        return [Leftover(number, EXTRA, cell.strip())]
