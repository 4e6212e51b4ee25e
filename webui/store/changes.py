"""What was changed of one person, read from the images that history keeps: each value before and after.

Not for posts, which stand beside it, nor for undoing an operation: see `ledger.history`.
"""

import itertools
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from webui.store import errors, records, users
from webui.store.ledger import schema
from webui.store.ledger.history import STANDS, Done, done_from
from webui.store.ledger.operations import raw
from webui.store.models import User
from webui.store.values import person
from webui.store.values.text import shown

LISTS = {records.ROWS[name].__tablename__: name for name in person.LISTS}
_NAMED = {
    "user_tags": ("tags", "tag_id", "name"),
    "field_values": ("fields", "field_id", "name"),
    "relations": ("users", "other_id", "display_name"),
}  # what a row is about: its table, by which column
TABLES = (*LISTS, "user_tags", "field_values", "attachments", "relations")
_USER = tuple(name for name in person.FIELDS if name != "birthday")
_MOST = 40  # lines shown of one operation

Image = Mapping[str, Any] | None


@dataclass(frozen=True)
class Line:
    """One value before and after; '' where there was or is none.

    `field` is a field of `person.FIELDS`, a list of `person.LISTS`, tags, or trash; `label` that of a row.
    `key` names the line to `put_back`, '' where that can't.
    """

    field: str
    label: str
    was: str
    now: str
    key: str = ""


@dataclass(frozen=True)
class Change:
    """An operation that touched the person: `added` when it brought them; `more` lines are not listed."""

    done: Done
    added: bool
    lines: Sequence[Line]
    more: int = 0


def of_user(session: Session, user_id: int, before: int | None = None, limit: int = 100) -> Sequence[Change]:
    """Return what was done to a person and not undone, newest first, from the operation `before` on down."""
    connection = raw(session.connection())
    rows = connection.execute(
        f"SELECT {', '.join(Done.COLUMNS)} FROM operations WHERE id IN ({touching()})"
        f" AND {STANDS} AND id < :before ORDER BY id DESC",
        {"user": user_id, "before": before or 2**62},
    )
    found = (in_operation(connection, done_from(row), user_id) for row in rows)
    return list(itertools.islice(filter(None, found), limit))


def count(session: Session, user_id: int) -> int:
    """Return how many operations touched a person and were not undone."""
    found = raw(session.connection()).execute(
        f"SELECT count(*) FROM operations WHERE id IN ({touching()}) AND {STANDS}",
        {"user": user_id},
    )
    return int(found.fetchone()[0])


def put_back(session: Session, user_id: int, key: str) -> User:
    """Give one value of a person back what it was before a change: a `key` of a `Line`.

    Raises NotFound for a key there is not, and what `users.change` raises.
    """
    operation, table, row_id, column = _read_key(user_id, key)
    connection = raw(session.connection())
    was, now = as_found(connection, table, row_id, operation), as_left(connection, table, row_id, operation)
    owner = (was or now or {}).get("id" if table == "users" else "user_id")
    if owner != user_id or not _image(connection, table, row_id, "operation = ?", operation):
        raise errors.NotFound("changes", key)
    user = users.find(session, user_id)
    if table == "users":
        return users.change(session, user_id, {column: _said(was, column)})
    if table == "user_tags":
        name = _named(connection, table, was or now)
        others = [tag.name for tag in user.tags if tag.name != name]
        return users.change(session, user_id, {"tags": [*others, name] if was else others})
    name = LISTS[table]
    kept = getattr(user, name)
    rows = [records.row_values(name, row) for row in kept]
    at = next((number for number, row in enumerate(kept) if row.id == row_id), len(rows))
    if was and at == len(rows) and _row(name, was) in rows:
        return user  # put back before
    rows[at : at + 1] = [_row(name, was)] if was else []
    return users.change(session, user_id, {name: rows})


def _theirs(table: str) -> str:
    """Return the query of the ids of rows that are a person's (:user), or were."""
    mine = "WHERE user_id = :user"
    return f"SELECT id FROM {table} {mine} UNION SELECT id FROM history_{table} {mine} AND existed = 1"


def touching() -> str:
    """Return the query of the operations that touched a person: their row, and rows that were theirs."""
    found = ["SELECT operation FROM history_users WHERE id = :user"]
    for table in TABLES:
        of = f"SELECT operation FROM history_{table} WHERE"
        found.append(f"{of} user_id = :user AND existed = 1")
        found.append(f"{of} existed = 0 AND id IN ({_theirs(table)})")
    return " UNION ".join(found)


def in_operation(connection: sqlite3.Connection, done: Done, user_id: int) -> Change | None:
    """Return what an operation changed of a person, None where nothing that is shown."""
    was = _image(connection, "users", user_id, "operation = ?", done.id)
    added = was is not None and not was["existed"]
    lines = [] if added else list(_lines(connection, done.id, user_id, was))
    if not lines and not added:
        return None
    return Change(done, added, lines[:_MOST], max(0, len(lines) - _MOST))


def _lines(connection: sqlite3.Connection, operation: int, user_id: int, was: Image) -> Iterator[Line]:
    if was:
        now = as_left(connection, "users", user_id, operation) or {}
        for name in (*_USER, "birthday"):
            if (old := _said(was, name)) != (new := _said(now, name)):
                yield Line(name, "", old, new, f"{operation}.users.{user_id}.{name}")
        if was["photo_hash"] != now.get("photo_hash"):
            yield Line("photo", "", shown(was["photo_hash"]), shown(now.get("photo_hash")))
        if bool(was["deleted_at"]) != bool(now.get("deleted_at")):
            yield Line("trash", "", "", "1" if now.get("deleted_at") else "")
    for table in TABLES:
        for row_id in _rows_of(connection, table, operation, user_id):
            before = as_found(connection, table, row_id, operation)
            after = as_left(connection, table, row_id, operation)
            old, new = (_words(connection, table, each) for each in (before, after))
            key, label = "", shown((after or before or {}).get("label"))
            if table in LISTS or table == "user_tags":
                key = f"{operation}.{table}.{row_id}."
            elif table == "field_values":
                label = _named(connection, table, after or before)
            field = LISTS.get(table) or {"user_tags": "tags"}.get(table, table)
            if old != new or (before or {}).get("label") != (after or {}).get("label"):
                yield Line(field, label, old, new, key)


def _rows_of(connection: sqlite3.Connection, table: str, operation: int, user_id: int) -> list[int]:
    """Return the ids of the rows of a person that an operation touched in a table."""
    rows = connection.execute(
        f"WITH theirs AS ({_theirs(table)}) SELECT h.id FROM theirs CROSS JOIN history_{table} h"
        " ON h.operation = :operation AND h.id = theirs.id WHERE h.existed = 0 OR h.user_id = :user"
        " ORDER BY h.id",
        {"operation": operation, "user": user_id},
    )
    return [row[0] for row in rows]


def _image(connection: sqlite3.Connection, table: str, row_id: int, which: str, *values: object) -> Image:
    columns = schema.columns_of(f"history_{table}")
    listed = ", ".join(f'"{name}"' for name in columns)
    row = connection.execute(
        f"SELECT {listed} FROM history_{table} WHERE id = ? AND {which} ORDER BY operation LIMIT 1",
        (row_id, *values),
    ).fetchone()
    return dict(zip(columns, row, strict=True)) if row else None


def as_found(connection: sqlite3.Connection, table: str, row_id: int, operation: int) -> Image:
    """Return a row as it was before an operation that touched it, None where it was not."""
    found = _image(connection, table, row_id, "operation = ?", operation)
    return found if found and found["existed"] else None


def as_left(connection: sqlite3.Connection, table: str, row_id: int, operation: int) -> Image:
    """Return a row as an operation left it: as the next one found it, or as it is now."""
    found = _image(connection, table, row_id, "operation > ?", operation)
    if found:
        return found if found["existed"] else None
    names = [name for name in schema.columns_of(f"history_{table}") if name not in ("operation", "existed")]
    listed = ", ".join(f'"{name}"' for name in names)
    row = connection.execute(f"SELECT {listed} FROM {table} WHERE id = ?", (row_id,)).fetchone()
    return dict(zip(names, row, strict=True)) if row else None


def _said(image: Image, name: str) -> str:
    """Return what a field says in an image: of a birthday what was typed."""
    image = image or {}
    if name == "birthday":
        return shown(image.get("birthday_typed") or image.get("birthday"))
    return shown(image.get(name))


def _row(name: str, image: Image) -> dict[str, str]:
    image = image or {}
    found = {each: shown(image.get(each)) for each in ("label", *person.LISTS[name])}
    if name == "dates":
        found["date"] = shown(image.get("typed") or image.get("date"))
    return found


def _words(connection: sqlite3.Connection, table: str, image: Image) -> str:
    """Return what a row says, '' where there is none."""
    if image is None:
        return ""
    if table == "attachments":
        return shown(image.get("name"))
    if table == "field_values":
        return shown(image.get("typed") or image.get("value"))
    if table in _NAMED:
        return _named(connection, table, image)
    name = LISTS[table]
    return ", ".join(said for each, said in _row(name, image).items() if said and each != "label")


def _named(connection: sqlite3.Connection, table: str, image: Image) -> str:
    """Return the name of what a row is about: a tag, a field, another person; as it was, where it is gone."""
    of, column, name = _NAMED[table]
    row = connection.execute(
        f"SELECT {name} FROM {of} WHERE id = :id UNION ALL"
        f" SELECT {name} FROM history_{of} WHERE id = :id AND existed = 1 LIMIT 1",
        {"id": (image or {}).get(column)},
    ).fetchone()
    return shown(row[0]) if row else ""


def _read_key(user_id: int, key: str) -> tuple[int, str, int, str]:
    operation, table, row_id, column = (*key.split("."), "", "", "", "")[:4]
    known = (
        table in LISTS
        or table == "user_tags"
        or (table == "users" and row_id == str(user_id) and column in person.FIELDS)
    )
    if not known or not all(each.isdecimal() and len(each) < 19 for each in (operation, row_id)):
        raise errors.NotFound("changes", key)
    return int(operation), table, int(row_id), column
