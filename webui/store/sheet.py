"""The list as a sheet: one cell of one person written, or a block of them pasted from a spreadsheet.

What a cell says becomes the form of that person, and is judged as one.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from webui.store import errors, search, standing, users
from webui.store.columns import Column
from webui.store.errors import Message
from webui.store.ledger.operations import beside, named
from webui.store.models import User
from webui.store.values import own, person

MOST = 1_000  # people that are written at once; more come by an import
# A cell in quotation marks that close at its end, or one as it stands; then what divides it from the next.
_CELL = re.compile(r'(?:"((?:[^"]|"")*)"(?=[\t\n])|([^\t\n]*))([\t\n])')
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
    username: str
    column: str
    was: str
    now: str
    fault: Message | None = None


def is_written(column: str) -> bool:
    """Tell whether a column can be written in, and does not follow from something else."""
    return column not in ("last_post", "created_at", "updated_at")


def said(values: Mapping[str, Any], column: Column) -> str:
    """Return the text that stands in a cell while it is written in, from a person's `users.values`."""
    if column.field:
        value = values["fields"].get(column.field.name, "")
        if not isinstance(value, list):
            return str(value)
        several = any("," in each or ";" in each for each in value)
        return own.as_text(column.field.kind, map(own.Kept, value)) if several else ", ".join(value)
    if column.name == "tags":
        return person.joined(values["tags"])
    if column.name in _OF_LISTS:
        name, part = _OF_LISTS[column.name]
        return str(values[name][_row(values[name], part)][part]) if values[name] else ""
    return str(values[column.name])


def put(session: Session, user_id: int, column: Column, value: str, was: str | None = None) -> User:
    """Write a cell. `was` is what stood there before the writer: Refused when it is another by now.

    Raises NotFound, Invalid, Taken.
    """
    values = users.values(users.find(session, user_id))
    now = said(values, column)
    if was is not None and was != now:
        raise errors.Refused(Message("cell.changed_meanwhile", {"value": now}))
    return users.change(session, user_id, form(values, [(column, value)]))


def form(values: Mapping[str, Any], cells: Iterable[tuple[Column, str]]) -> dict[str, Any]:
    """Return what of a person's form cells are: of a list the row that the cell shows, the others with it."""
    found: dict[str, Any] = {}
    rows = {name: [dict(row) for row in values[name]] or [{}] for name, _part in _OF_LISTS.values()}
    places = {name: _row(rows[of], part) for name, (of, part) in _OF_LISTS.items()}
    for column, value in cells:
        if column.field:
            found.setdefault("fields", {})[column.field.name] = value
        elif column.name in _OF_LISTS:
            name, part = _OF_LISTS[column.name]
            rows[name][places[column.name]][part] = value
            found[name] = rows[name]
        else:
            found[column.name] = value
    return found


def people(session: Session, shown: Sequence[int], q: str, sort: str, count: int) -> list[int]:
    """Return up to `count` people of a list: those `shown`, then those behind them in its order.

    Raises NotFound, Unreadable.
    """
    found, after = list(dict.fromkeys(shown))[:count], None
    if not found:
        raise errors.NotFound("users", 0)
    if len(found) < count:
        after = standing.place(session, found[-1], q, sort)
    last, behind = found[-1], False
    while len(found) < count:
        page = search.find(session, q, sort, after, 500)
        for row in page.rows:
            if behind and row.id not in shown:
                found.append(row.id)
            behind = behind or row.id == last
        if not (after := page.next):
            break
    return found[:count]


def block(pasted: str) -> list[list[str]]:
    """Return the rows of what a spreadsheet puts on the clipboard: cells apart by tabs, in quotation marks
    where they hold a tab, a mark or a line end. A mark that closes nowhere before one of those is a letter.

    Raises Invalid where there are too many rows.
    """
    rows: list[list[str]] = [[]]
    for cell in _CELL.finditer(pasted.replace("\0", "\ufffd").replace("\r\n", "\n").rstrip("\n") + "\n"):
        quoted, plain, end = cell.groups()
        rows[-1].append(plain if quoted is None else quoted.replace('""', '"'))
        if end == "\n":
            rows.append([])
    del rows[-1]
    if len(rows) > MOST:
        raise errors.Invalid({"pasted": Message("sheet.many", {"limit": MOST, "count": len(rows)})})
    return rows


def fill(
    session: Session, ids: Sequence[int], columns: Sequence[Column], rows: Sequence[Sequence[str]]
) -> list[Filled]:
    """Write a block into the cells of people, a row each, and return what differed. A cell in whose way
    something is stays as it was. Raises NotFound."""
    found: list[Filled] = []
    with beside(session):
        for user_id, row in zip(ids, rows, strict=False):
            found += _fill(session, users.find(session, user_id), list(zip(columns, row, strict=False)))
    changed = {each.user_id: each.name for each in found if not each.fault}
    if changed:
        names = list(dict.fromkeys(each.column for each in found if not each.fault))
        named(session, "sheet.fill", count=len(changed), name=next(iter(changed.values())), fields=names)
    return found


def _fill(session: Session, user: User, cells: Sequence[tuple[Column, str]]) -> list[Filled]:
    """Write the cells of a person as one form, or one by one where something is in the way of it."""
    values, who, found = users.values(user), (user.id, user.name, user.username), list[Filled]()
    differing = [(column, value) for column, value in cells if said(values, column) != value.strip()]
    faults = _write(session, user, differing) if differing else {}
    if len(differing) > 1 and faults:
        faults = {}
        for each in differing:
            faults |= _write(session, user, [each])
    after = users.values(user) if differing else values
    for column, value in differing:
        was, fault = said(values, column), faults.get(column.name)
        now = value.strip() if fault else said(after, column)
        if now != was:
            found.append(Filled(*who, label(column), was, now, fault))
    return found


def _write(session: Session, user: User, cells: Sequence[tuple[Column, str]]) -> dict[str, Message]:
    """Write cells of a person, and return what is in the way, by the name of the first of them."""
    try:
        users.change(session, user.id, form(users.values(user), cells))
    except errors.Invalid as error:
        return {cells[0][0].name: next(iter(error.fields.values()))}
    return {}


def label(column: Column) -> str:
    """Return what history calls a column: a name of everyone's, or `fields.` and the name of an own field."""
    return f"fields.{column.field.name}" if column.field else column.name


def _row(rows: Sequence[dict[str, str]], part: str) -> int:
    """Return which row of a list a cell shows: the first that says anything there."""
    return next((at for at, row in enumerate(rows) if row.get(part)), 0)
