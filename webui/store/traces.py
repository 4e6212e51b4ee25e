"""All that history holds of one person: each operation that touched them, undone and undoing ones too.

Not for their page, which shows what stands: `changes` has that.
"""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from webui.store import changes, relations
from webui.store.changes import Line
from webui.store.ledger import history, images
from webui.store.ledger.history import Done
from webui.store.ledger.images import Image
from webui.store.values.text import shown

_POST = ("title", "body", "date", "follow_up", "done_at")
_LINKED = (
    "SELECT post_id FROM post_users WHERE user_id = :user"
    " UNION SELECT post_id FROM history_post_users WHERE user_id = :user AND existed = 1"
)
_EVER = {
    "users": "SELECT :user",
    **{table: changes.ever(table) for table in (*changes.TABLES, "post_users")},
    "posts": f"{changes.ever('posts')} UNION {_LINKED}",
}


@dataclass(frozen=True)
class Trace:
    """What an operation did to a person, at a UTC time; `how` is undo or redo where it took `done` back or
    did it again. A line says what was there before, also where that is nowhere else any more."""

    done: Done | None
    how: str
    at: str
    lines: tuple[Line, ...]


def of_user(connection: sqlite3.Connection, user_id: int) -> Iterator[Trace]:
    """Yield what was done to a person, newest first; of posts all those that are, or were, about them."""
    rows: dict[int, list[tuple[str, int]]] = {}
    for table, query in _EVER.items():
        found = f"SELECT operation, id FROM history_{table} WHERE id IN ({query}) ORDER BY id"
        for operation, row_id in connection.execute(found, {"user": user_id}):
            rows.setdefault(operation, []).append((table, row_id))
    linked = {row[0] for row in connection.execute(_LINKED, {"user": user_id})}
    for operation in sorted(rows, reverse=True):
        lines: list[Line] = []
        for table, row_id in rows[operation]:
            before, after = (
                image if image and _is_theirs(table, image, user_id, row_id in linked) else None
                for image in (
                    images.as_found(connection, table, row_id, operation),
                    images.as_left(connection, table, row_id, operation),
                )
            )
            lines += _lines(connection, table, row_id, before, after, user_id)
        if lines:
            done, how, at = _done(connection, operation)
            yield Trace(done, how, at, tuple(lines))


def _is_theirs(table: str, image: Any, user_id: int, is_linked: bool) -> bool:
    """Tell whether a row was theirs then: it may have been another's before, or a post in the trash."""
    if table == "posts" and image["deleted_at"]:
        return False
    if table == "users" or image["user_id"] == user_id:
        return True
    return image["other_id"] == user_id if table == "relations" else table == "posts" and is_linked


def _lines(
    connection: sqlite3.Connection, table: str, row_id: int, before: Image, after: Image, user_id: int
) -> Iterator[Line]:
    image = after or before
    if image is None:
        return
    if table == "posts":
        for column in _POST:
            was, now = (shown((each or {}).get(column)) for each in (before, after))
            if was != now:
                yield Line(f"posts.{column}", "", was, now)
    elif table == "post_users":
        title = _title(connection, image["post_id"])
        yield from _either("post_users", before, after, title)
    else:
        if table == "relations":
            before, after = relations.seen_by(before, user_id), relations.seen_by(after, user_id)
        yield from changes.lines_of(connection, [(table, row_id, "", before, after)])


def _either(field: str, before: Image, after: Image, said: str, label: str = "") -> Iterator[Line]:
    if bool(before) != bool(after):
        yield Line(field, label, said if before else "", said if after else "")


def _title(connection: sqlite3.Connection, post_id: object) -> str:
    row = connection.execute(
        "SELECT title FROM posts WHERE id = :id UNION ALL"
        " SELECT title FROM history_posts WHERE id = :id AND existed = 1 LIMIT 1",
        {"id": post_id},
    ).fetchone()
    return shown(row[0]) if row else ""


def _done(connection: sqlite3.Connection, operation: int) -> tuple[Done | None, str, str]:
    """Return what an operation did, whether it undid or redid that, and its own time."""
    row = connection.execute("SELECT at FROM operations WHERE id = ?", (operation,)).fetchone()
    done, how = history.origin(connection, operation)
    return done, how, shown(row[0]) if row else ""
