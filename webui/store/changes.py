"""What was changed of one person, read from the images that history keeps: each value before and after.

Not for posts, which stand beside it, nor for undoing an operation: see `ledger.history`; nor for bringing a
value back: `former` does that.
"""

import itertools
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from webui.store import own_values, records, relations
from webui.store.ledger import images
from webui.store.ledger.history import STANDS, Done, done_from
from webui.store.ledger.images import Image
from webui.store.ledger.operations import raw
from webui.store.values import person
from webui.store.values.text import shown

LISTS = {records.ROWS[name].__tablename__: name for name in person.LISTS}
NAMED = {
    "user_tags": ("tags", "tag_id", "name"),
    "field_values": ("fields", "field_id", "name"),
    "relations": ("users", "other_id", "display_name"),
}  # what a row is about: its table, by which column
TABLES = (*LISTS, "user_tags", "field_values", "attachments", "relations")
PUT_BACK = ("user_tags", "field_values")  # beside the lists: what a single value of can be put back
_USER = tuple(name for name in person.FIELDS if name != "birthday")
_MOST = 40  # lines shown of one operation


@dataclass(frozen=True)
class Line:
    """One value before and after; '' where there was or is none.

    `field` is a field of `person.FIELDS`, a list of `person.LISTS`, tags, or trash; `label` that of a row, or
    a relation's kind; `key` names the line to `former.value`, '' where that can't bring it back. `kind` is
    that of an own field, whose values are as they were typed.
    """

    field: str
    label: str
    was: str
    now: str
    key: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Change:
    """An operation that touched the person: `added` when it brought them, `back` where they had been deleted
    for good before, `gone` when it did that; `more` lines are not listed."""

    done: Done
    added: bool
    lines: Sequence[Line]
    more: int = 0
    back: bool = False
    gone: bool = False


def of_user(session: Session, user_id: int, before: int | None = None, limit: int = 100) -> Sequence[Change]:
    """Return what was done to a person and not undone, newest first, from the operation `before` on down."""
    connection = raw(session.connection())
    listed = f"SELECT {', '.join(Done.COLUMNS)} FROM operations WHERE id IN ({touching()})"
    asked = {"user": user_id, "before": before or 2**62}
    rows = connection.execute(f"{listed} AND {STANDS} AND id < :before ORDER BY id DESC", asked)
    found = (in_operation(connection, done_from(row), user_id) for row in rows)
    return list(itertools.islice(filter(None, found), limit))


def count(session: Session, user_id: int) -> int:
    """Return how many operations touched a person and were not undone."""
    query = f"SELECT count(*) FROM operations WHERE id IN ({touching()}) AND {STANDS}"
    return int(raw(session.connection()).execute(query, {"user": user_id}).fetchone()[0])


def ever(table: str) -> str:
    """Return the query of the ids of rows that are a person's (:user), or were; a relation is of both."""
    return " UNION ".join(
        f"SELECT id FROM {table} WHERE {column} = :user"
        f" UNION SELECT id FROM history_{table} WHERE {column} = :user AND existed = 1"
        for column in whose(table)
    )


def whose(table: str) -> Sequence[str]:
    """Return the columns of a table that name whose a row is."""
    return ("user_id", "other_id") if table == "relations" else ("user_id",)


def touching() -> str:
    """Return the query of the operations that touched a person: their row, and rows that were theirs."""
    found = ["SELECT operation FROM history_users WHERE id = :user"]
    for table in TABLES:
        of = f"SELECT operation FROM history_{table} WHERE"
        found += [f"{of} {column} = :user AND existed = 1" for column in whose(table)]
        found.append(f"{of} existed = 0 AND id IN ({ever(table)})")
    return " UNION ".join(found)


def in_operation(connection: sqlite3.Connection, done: Done, user_id: int) -> Change | None:
    """Return what an operation changed of a person, None where nothing that is shown."""
    was = images.of(connection, "users", user_id, "operation = ?", done.id)
    added = was is not None and not was["existed"]
    lines = [] if added else list(lines_of(connection, _touched(connection, user_id, done.id)))
    if not lines and not added:
        return None
    back = (
        added
        and images.of(connection, "users", user_id, "operation < ? AND existed = 1", done.id) is not None
    )
    gone = was is not None and not added and images.as_left(connection, "users", user_id, done.id) is None
    return Change(done, added, lines[:_MOST], max(0, len(lines) - _MOST), back, gone)


def since(session: Session, user_id: int, operation: int) -> Sequence[Line]:
    """Return what of a person is another now than an operation left it: each value then and now."""
    connection = raw(session.connection())
    lines = list(lines_of(connection, _touched(connection, user_id, operation, later=True)))
    moved = {(line.field, line.label, line.was, line.now) for line in lines}
    # A row that went and came anew says the same as before.
    return [line for line in lines if (line.field, line.label, line.now, line.was) not in moved]


def _touched(
    connection: sqlite3.Connection, user_id: int, operation: int, later: bool = False
) -> Iterator[tuple[str, int, str, Image, Image]]:
    """Yield (table, row, what a key names it by, before, after) of each row of a person that an operation
    touched, or that the `later` ones did: then as the first of them found it, and as it is now."""
    for table in ("users", *TABLES):
        for row_id in _rows_of(connection, table, user_id, operation, later):
            if later:
                image = images.of(connection, table, row_id, "operation > ?", operation) or {}
                first, before = image["operation"], image if image["existed"] else None
                after = images.now(connection, table, row_id)
            else:
                first, before = operation, images.as_found(connection, table, row_id, operation)
                after = images.as_left(connection, table, row_id, operation)
            if table == "relations":
                before, after = relations.seen_by(before, user_id), relations.seen_by(after, user_id)
            yield table, row_id, f"{first}.{table}.{row_id}.", before, after


def _rows_of(
    connection: sqlite3.Connection, table: str, user_id: int, operation: int, later: bool
) -> list[int]:
    """Return the ids of the rows of a person that an operation touched in a table, or the `later` ones."""
    then = f"h.operation {'>' if later else '='} :operation"
    asked = f"WITH theirs AS ({ever(table)}) SELECT h.id FROM theirs CROSS JOIN history_{table} h"
    theirs = " OR ".join(("h.existed = 0", *(f"h.{column} = :user" for column in whose(table))))
    if table == "users":
        asked, theirs = "SELECT h.id FROM (SELECT :user AS id) theirs CROSS JOIN history_users h", "1"
    rows = connection.execute(
        f"{asked} ON {then} AND h.id = theirs.id WHERE {theirs} GROUP BY h.id ORDER BY h.id",
        {"operation": operation, "user": user_id},
    )
    return [row[0] for row in rows]


def lines_of(
    connection: sqlite3.Connection, touched: Iterable[tuple[str, int, str, Image, Image]]
) -> Iterator[Line]:
    """Yield the lines of rows of a person, each as (table, row, what a key names it by, before, after)."""
    for table, _row_id, key, before, after in touched:
        if table == "users":
            yield from _own_lines(before or {}, after or {}, key)
            continue
        old, new = (_words(connection, table, each) for each in (before, after))
        image = after or before
        label, kind = _label(image), ""
        if image and table == "field_values":
            label, kind = named_in(connection, table, image), own_values.kind_of(connection, image)
        field = LISTS.get(table) or {"user_tags": "tags"}.get(table, table)
        if old != new or _label(before) != _label(after):
            yield Line(field, label, old, new, key if table in LISTS or table in PUT_BACK else "", kind)


def _label(image: Image) -> str:
    return shown((image or {}).get("label") or (image or {}).get("kind"))


def _own_lines(was: Mapping[str, Any], now: Mapping[str, Any], key: str) -> Iterator[Line]:
    for name in (*_USER, "birthday"):
        if (old := said(was, name)) != (new := said(now, name)):
            yield Line(name, "", old, new, f"{key}{name}")
    if was.get("photo_hash") != now.get("photo_hash"):
        yield Line("photo", "", shown(was.get("photo_hash")), shown(now.get("photo_hash")), f"{key}photo")
    if was and now and bool(was.get("deleted_at")) != bool(now.get("deleted_at")):
        yield Line("trash", "", "", "1" if now.get("deleted_at") else "")


def said(image: Image, name: str) -> str:
    """Return what a field says in an image: of a birthday what was typed."""
    image = image or {}
    typed = image.get("birthday_typed") if name == "birthday" else None
    return shown(typed or image.get(name))


def _words(connection: sqlite3.Connection, table: str, image: Image) -> str:
    """Return what a row says, '' where there is none."""
    if image is None:
        return ""
    if table == "attachments":
        return shown(image.get("name"))
    if table == "field_values":
        return own_values.worded(connection, image)
    if table in NAMED:
        return named_in(connection, table, image)
    name = LISTS[table]
    return ", ".join(
        said for each, said in records.texts(name, image or {}).items() if said and each != "label"
    )


def named_in(connection: sqlite3.Connection, table: str, image: Image) -> str:
    """Return the name of what a row is about: a tag, a field, another person; as it was, where it is gone."""
    if image and "named" in image:  # it is of another database
        return str(image["named"])
    of, column, name = NAMED[table]
    row = connection.execute(
        f"SELECT {name} FROM {of} WHERE id = :id UNION ALL"
        f" SELECT {name} FROM history_{of} WHERE id = :id AND existed = 1 LIMIT 1",
        {"id": (image or {}).get(column)},
    ).fetchone()
    return shown(row[0]) if row else ""
