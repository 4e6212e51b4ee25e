"""The list as a sheet: one cell of one person written, or a block of them pasted from a spreadsheet.

What a cell says becomes the form of that person, and is judged as one.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from webui.store import errors, search, users
from webui.store.columns import Column
from webui.store.errors import Message
from webui.store.ledger.operations import beside, named
from webui.store.models import User
from webui.store.values import person

MOST = 1_000  # people that are written at once; more come by an import
_OF_LISTS = {
    "phone": ("phones", "phone"),
    "link": ("links", "url"),
    **{part: ("addresses", part) for part in ("street", "postal_code", "city", "country")},
}


@dataclass(frozen=True)
class Filled:
    """What a block does to one cell: what was there and what would be; with a fault, what is in the way."""

    user_id: int
    name: str
    column: str
    was: str
    now: str
    fault: Message | None = None


def is_written(column: str) -> bool:
    """Tell whether a column can be written in, and does not follow from something else."""
    return column not in ("last_post", "created_at", "updated_at")


def said(user: User, column: Column) -> str:
    """Return the text that stands in a cell while it is written in."""
    found = users.values(user)
    if column.field:
        value = found["fields"].get(column.field.name, "")
        return ", ".join(value) if isinstance(value, list) else str(value)
    if column.name == "tags":
        return person.joined(found["tags"])
    if column.name in _OF_LISTS:
        name, part = _OF_LISTS[column.name]
        rows = found[name]
        return str(rows[_row(rows, part)][part]) if rows else ""
    return str(found[column.name])


def put(session: Session, user_id: int, column: Column, value: str, was: str | None = None) -> User:
    """Write a cell. `was` is what stood there before the writer: Refused when it is another by now.

    Raises NotFound, Invalid, Taken.
    """
    user = users.find(session, user_id)
    now = said(user, column)
    if was is not None and was != now:
        raise errors.Refused(Message("cell.changed_meanwhile", {"value": now}))
    return users.change(session, user_id, form(user, column, value))


def form(user: User, column: Column, value: str) -> dict[str, Any]:
    """Return what of a person's form a cell is: of a list the row that the cell shows, the others with it."""
    if column.field:
        return {"fields": {column.field.name: value}}
    if column.name not in _OF_LISTS:
        return {column.name: value}
    name, part = _OF_LISTS[column.name]
    rows = users.values(user)[name] or [{}]
    rows[_row(rows, part)][part] = value
    return {name: rows}


def people(session: Session, first: int, q: str, sort: str, count: int) -> list[int]:
    """Return up to `count` people of a list from `first` on, in its order. Raises NotFound, Unreadable."""
    found: list[int] = []
    after = search.place(session, first, q, sort)
    while len(found) < count:
        page = search.find(session, q, sort, after, 500)
        found += [row.id for row in page.rows]
        found = found[found.index(first) :] if first in found else []
        if not (after := page.next):
            break
    if not found:
        raise errors.NotFound("users", first)
    return found[:count]


def block(pasted: str) -> list[list[str]]:
    """Return the rows of what a spreadsheet puts on the clipboard: cells apart by tabs, in quotes where they
    hold a tab or a line end (as RFC 4180 has it for commas). An empty line is an empty cell.

    Raises Invalid where there are too many, or one can't be read.
    """
    try:
        rows = list(csv.reader(io.StringIO(pasted.replace("\0", "\ufffd")), delimiter="\t"))
    except csv.Error:  # longer than any cell
        raise errors.Invalid({"pasted": Message("sheet.unreadable")}) from None
    if len(rows) > MOST:
        raise errors.Invalid({"pasted": Message("sheet.many", {"limit": MOST, "count": len(rows)})})
    return [row or [""] for row in rows]


def fill(
    session: Session, ids: Sequence[int], columns: Sequence[Column], rows: Sequence[Sequence[str]]
) -> list[Filled]:
    """Write a block into the cells of people, a row each, and return what differed. A cell in whose way
    something is stays as it was. Raises NotFound."""
    found: list[Filled] = []
    with beside(session):
        for user_id, row in zip(ids, rows, strict=False):
            user = users.find(session, user_id)
            for column, value in zip(columns, row, strict=False):
                found += _fill(session, user, column, value)
    changed = {each.user_id: each.name for each in found if not each.fault}
    if changed:
        names = list(dict.fromkeys(each.column for each in found if not each.fault))
        named(session, "sheet.fill", count=len(changed), name=next(iter(changed.values())), fields=names)
    return found


def _fill(session: Session, user: User, column: Column, value: str) -> list[Filled]:
    was, name, fault = said(user, column), user.name, None
    if was == value.strip():
        return []
    try:
        users.change(session, user.id, form(user, column, value))
    except errors.Invalid as error:
        fault = next(iter(error.fields.values()))
    now = value.strip() if fault else said(user, column)
    return [Filled(user.id, name, label(column), was, now, fault)] if now != was else []


def label(column: Column) -> str:
    """Return what history calls a column: a name of everyone's, or `fields.` and the name of an own field."""
    return f"fields.{column.field.name}" if column.field else column.name


def _row(rows: Sequence[dict[str, str]], part: str) -> int:
    """Return which row of a list a cell shows: the first that says anything there."""
    return next((at for at, row in enumerate(rows) if row.get(part)), 0)
