"""What a backup lacks: what was done since it was made."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from webui.store.values.text import shown


@dataclass(frozen=True)
class Lacking:
    """How many changes were made since, undone ones and undoing counted, and how many people's own values
    they touched. `apart` where the backup is of another course of things: all there is may be lacking; else
    `at` is when it was made (UTC)."""

    changes: int
    people: int
    apart: bool = False
    at: str = ""


def of_all(connection: sqlite3.Connection, backups: Iterable[tuple[str, str]]) -> Lacking | None:
    """Return what the newest backup lacks that is of this course of things, of (`at`, change) of each, newest
    first; None where there is none at all."""
    found = None
    for at, change in backups:
        found = since(connection, change, at)
        if not found.apart:
            return found
    return found


def since(connection: sqlite3.Connection, change: str, at: str = "") -> Lacking:
    """Return what was done since the `change` that a backup made `at` a moment names as its last."""
    last, _point, done_at = change.partition(".")
    if not last.isdecimal():  # an older Roster wrote it
        return Lacking(0, 0, at=at)
    found = connection.execute("SELECT at FROM operations WHERE id = ?", (int(last),)).fetchone()
    known = found and f"{shown(found[0])}."
    began = connection.execute("SELECT min(id) FROM operations").fetchone()[0]
    apart = not done_at.startswith(known) if known else int(last) > 0 and (began or 0) <= int(last)
    changes = connection.execute("SELECT count(*) FROM operations WHERE id > ?", (int(last),)).fetchone()[0]
    people = connection.execute(
        "SELECT count(DISTINCT id) FROM history_users WHERE operation > ?", (int(last),)
    ).fetchone()[0]
    return Lacking(int(changes), int(people), bool(apart), at)
