"""What a cell of a sheet says, so that the same said otherwise is no edit: days, numbers, ends of lines.

A cell is read as our own import reads it; what it says becomes a part of a person's form.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from webui.exchange import cells, days
from webui.store.values import own, person, text

_LOST = "?\ufffd"
_CUT = 16_000  # letters that a workbook has of a text which is too long for a cell (`out.sheets`)


@dataclass(frozen=True)
class Cell:
    """What a cell says: `key` is compared, `form` is what `users.change` takes. `either` are the two days
    that it can be, with the day and with the month first; `order` is which of them came first where that can
    be told."""

    key: Any
    form: Any
    either: tuple[str, str] | None = None
    order: str | None = None


def read(column: str, rule: own.Rule | None, cell: str, *, ours: bool = False) -> Cell:
    """Return what the cell of a column says, which has a `rule` where it is an own field. One of `ours` has
    each date as it was typed here."""
    if column == "birthday" or (rule and rule.kind == "date"):
        return _day(cell, ours)
    if rule:
        return _own(rule, cell)
    if column == "tags":
        tags = cells.tags(cell, True) if cell.strip() else ()
        return Cell(frozenset(map(text.key, tags)), list(tags))
    if column in person.LISTS:
        found = (_row(row, ours) for row in cells.read(column, cell))
        rows = [row for row in found if any(row[each] for each in person.LISTS[column])]
        keys = ({**row, "date": _day(row["date"], ours).key} if column == "dates" else row for row in rows)
        return Cell(tuple(tuple(row.values()) for row in keys), rows)
    plain = person.plain(column, cell)
    return Cell(plain, plain)


def same(one: Cell, other: Cell, order: str | None = None) -> bool:
    """Tell whether two cells of a column say the same; of a day that can be two, one of them is enough, or
    the one of the `order` of day and month where that was said."""
    if one.either and order:
        return bool(other.key == one.either[order == days.MONTH])
    return one.key == other.key or (one.either is not None and other.key in one.either)


def is_cut(sent: str, theirs: str) -> bool:
    """Tell whether a cell has the beginning alone of a text that went out."""
    return len(sent) > _CUT and len(theirs) >= _CUT // 2 and sent.startswith(theirs.rstrip())


def has_lost_letters(sent: str, theirs: str) -> bool:
    """Tell whether a cell is what went out with question marks in the place of letters, as a program leaves
    it that saves in an encoding which has not all of them."""
    sent = sent.strip()
    return (
        sent != theirs
        and len(sent) == len(theirs)
        and all(
            one == other or (not one.isascii() and other in _LOST)
            for one, other in zip(sent, theirs, strict=True)
        )
    )


def _day(cell: str, ours: bool) -> Cell:
    if not cell.strip():
        return Cell("", "")
    day = days.own(cell) if ours else days.read(cell)
    return Cell(day.date or day.typed, day.typed, day.either, day.order)


def _row(row: Mapping[str, str], ours: bool) -> dict[str, str]:
    plain = {name: person.plain(name, value) for name, value in row.items()}
    if plain.get("date") and not ours:
        plain["date"] = days.read(plain["date"]).typed
    return plain


def _own(rule: own.Rule, cell: str) -> Cell:
    rows = own.read(rule, cell).rows
    if rule.kind == "choices":
        return Cell(frozenset(row.value for row in rows), [row.said for row in rows])
    if rule.kind == "number" and rows:
        return Cell(rows[0].value, rows[0].value)
    return Cell(rows[0].value if rows else "", own.said(rule.kind, rows))
