"""What was done, looked for by kind, day, person and words; and what one operation changed, value by value.

Not for what happened to one person: `changes` has that.
"""

import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from webui.store import changes, involved
from webui.store.changes import Change, Line
from webui.store.chosen import NAME
from webui.store.ledger import history, images
from webui.store.ledger.history import Done
from webui.store.values.text import shown

# What was taken back alone is of the kind of that.
_KIND = (
    "CASE WHEN message = 'history.alone' AND json_valid(payload)"
    " THEN coalesce(json_extract(payload, '$.message'), '') ELSE message END"
)
LOOKED = 300  # people at once
# What is shown of a record that is no person's own: its table, the column of its name, and its values.
_THINGS: Mapping[str, tuple[str, Sequence[str]]] = {
    "posts": ("title", ("title", "body", "date", "follow_up", "done_at", "deleted_at")),
    "tags": ("name", ("name",)),
    "fields": (
        "name", ("name", "kind", "hint", "options", "default_value", "required", "no_two_alike", "listed",
            "position", "deleted_at",),
    ),
    "saved_views": ("name", ("name", "query", "sort", "position", "deleted_at")),
    "settings": ("name", ("value",)),
}  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """What is looked for: messages that begin with one of `kinds` (all where empty), times of UTC from
    `since` to before `until` ('' for open), one person, and folded words, each of them in the folded sentence
    that `said` returns, or in a name of someone involved."""

    kinds: Sequence[str] = ()
    since: str = ""
    until: str = ""
    user_id: int | None = None
    words: Sequence[str] = ()
    said: Callable[[Done], str] = lambda _done: ""


@dataclass(frozen=True)
class Person:
    """Someone whom an operation changed; `is_here` unless they are in the trash or gone."""

    id: int
    name: str
    username: str
    is_here: bool
    change: Change


@dataclass(frozen=True)
class Thing:
    """A record that is no person's own: its table, what it is called, whether it was added or removed; lines
    where it was neither, and of a post's further people. `about` is the id and the name of whom a post is
    about, as they are called now."""

    table: str
    name: str
    added: bool
    removed: bool
    lines: Sequence[Line]
    about: tuple[int, str] | None = None


def find(session: Session, asked: Asked, before: int | None = None, limit: int = 100) -> Sequence[Done]:
    """Return up to `limit` operations that were asked for, newest first, from `before` on down."""
    tests, values = ["1"], dict[str, Any]()
    if asked.kinds:
        names = [f"kind{number}" for number in range(len(asked.kinds))]
        tests.append("(" + " OR ".join(f"{_KIND} GLOB :{name}" for name in names) + ")")
        values |= {name: f"{kind}*" for name, kind in zip(names, asked.kinds, strict=True)}
    if asked.since:
        tests.append("at >= :since")
    if asked.until:
        tests.append("at < :until")
    if asked.user_id is not None:
        tests.append(f"id IN ({involved.operations()})")
    values |= {"since": asked.since, "until": asked.until, "users": json.dumps([asked.user_id])}
    says = involved.saying(history.connection_of(session), asked.words)
    return history.page(
        session,
        before,
        limit,
        where=" AND ".join(tests),
        values=values,
        says=lambda done: says(done.id, asked.said(done)),
    )


def people(
    session: Session, done: Done, after: int = 0, limit: int = 20
) -> tuple[Sequence[Person], int | None]:
    """Return up to `limit` of the people whom an operation changed, by id, from behind `after` on; and behind
    whom the next ones come, None where there are no more.

    Of many of whom it changed nothing that is shown, only so many are looked at in one go.
    """
    connection, found = history.connection_of(session), list[Person]()
    asked = {"operation": done.id, "after": after, "limit": LOOKED + 1}
    rows = connection.execute(_affected(), asked).fetchall()
    for at, (user_id, name, username, deleted_at, is_there) in enumerate(rows[:LOOKED], 1):
        if change := changes.in_operation(connection, done, user_id):
            found.append(
                Person(user_id, shown(name), shown(username), bool(is_there and not deleted_at), change)
            )
        if len(found) == limit:
            return found, user_id if at < len(rows) else None
    return found, rows[LOOKED - 1][0] if len(rows) > LOOKED else None


def things(session: Session, done: Done, limit: int = 20) -> Sequence[Thing]:
    """Return up to `limit` of the other records that an operation changed, of each table."""
    connection, found = history.connection_of(session), list[Thing]()
    joined = _joined(connection, done)
    for table, (name, columns) in _THINGS.items():
        rows = connection.execute(
            f"SELECT id FROM history_{table} WHERE operation = ? ORDER BY id LIMIT ?", (done.id, limit)
        ).fetchall()
        further = joined if table == "posts" else {}
        for row_id in sorted({row[0] for row in rows} | set(further))[:limit]:
            now = was = images.as_left(connection, table, row_id, done.id)
            if (row_id,) in rows:
                was = images.as_found(connection, table, row_id, done.id)
            said = [(shown((was or {}).get(each)), shown((now or {}).get(each))) for each in columns]
            lines = [
                Line(f"{table}.{each}", "", old, new)
                for each, (old, new) in zip(columns, said, strict=True)
                if was and now and old != new
            ]
            lines += further.get(row_id, [])
            if lines or not (was and now):
                called = shown((now or was or {}).get(name)) or shown((now or was or {}).get("preset"))
                about = _about(connection, now or was or {}) if table == "posts" else None
                found.append(Thing(table, called, not was, not now, lines, about))
    return found


def _about(connection: sqlite3.Connection, post: Mapping[str, Any]) -> tuple[int, str] | None:
    query = f"SELECT u.id, {NAME} FROM users u WHERE u.id = ? AND u.deleted_at IS NULL"
    row = connection.execute(query, (post.get("user_id"),)).fetchone()
    return (row[0], shown(row[1])) if row else None


def _joined(connection: sqlite3.Connection, done: Done) -> dict[int, list[Line]]:
    """Return, by post, who came to it or went from it beside the one it is about, in up to LOOKED rows."""
    found: dict[int, list[Line]] = {}
    rows = connection.execute(
        "SELECT id FROM history_post_users WHERE operation = ? ORDER BY id LIMIT ?", (done.id, LOOKED)
    )
    for (row_id,) in rows.fetchall():
        was = images.as_found(connection, "post_users", row_id, done.id)
        now = images.as_left(connection, "post_users", row_id, done.id)
        if (image := now or was) and bool(was) != bool(now):
            name = changes.named_in(connection, "relations", {"other_id": image["user_id"]})
            line = Line("post_users", "", name if was else "", name if now else "")
            found.setdefault(image["post_id"], []).append(line)
    return found


def _affected() -> str:
    """Return the query of those whom an operation (:operation) touched: as a row of `people` has them."""
    of = "WHERE h.operation = :operation"
    found = [f"SELECT h.id FROM history_users h {of} AND h.id > :after"]
    for table in changes.TABLES:
        image = f"history_{table}"
        for user in changes.whose(table):
            found.append(f"SELECT h.{user} FROM {image} h {of} AND h.existed = 1 AND h.{user} > :after")
            found.append(
                f"SELECT t.{user} FROM {image} h JOIN {table} t ON t.id = h.id {of} AND t.{user} > :after"
            )
            found.append(  # brought by it and removed since: a later image says whose they were
                f"SELECT l.{user} FROM {image} h JOIN {image} l ON l.id = h.id AND l.existed = 1 {of}"
                f" AND h.existed = 0 AND l.{user} > :after"
            )
    name, username = (
        f"coalesce({said}, (SELECT {said} FROM history_users u WHERE u.id = a.id AND u.existed = 1"
        " ORDER BY u.operation DESC LIMIT 1))"  # as they were called last, where they are gone
        for said in (NAME, "u.username")
    )
    return (
        f"WITH a AS (SELECT * FROM ({' UNION '.join(found)}) ORDER BY 1 LIMIT :limit)"
        f" SELECT a.id, {name}, {username}, u.deleted_at, u.id IS NOT NULL"
        " FROM a LEFT JOIN users u ON u.id = a.id ORDER BY a.id"
    )
