"""Who was added or changed since a backup, and can be read whole in a damaged file: they can be added to it.

Each difference must be one that history knows of: what differs otherwise was lost, or rotted, and the backup
has it better. Not for how they are added: that is `some_people`.
"""

import re
import sqlite3
from collections.abc import Iterable, Iterator

from sqlalchemy import Table

from webui.safety.differences import columns_of
from webui.safety.salvage import Salvaged
from webui.store.models import recorded

_UNTYPED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd\ud800-\udfff]")


def addable(connection: sqlite3.Connection, read: Salvaged) -> frozenset[str]:
    """Return the uids of those people; `main` is what was `read`, `backup` a backup of the same origin."""
    last, at = _last(connection)
    now = connection.execute("SELECT at FROM main.operations WHERE id = ?", (last,)).fetchone()
    first = connection.execute("SELECT min(id) FROM main.operations").fetchone()[0]
    if (now and now[0] != at) or first is None or first > last + 1:
        return frozenset()  # the backup is of another timeline, or history does not reach back to it
    known: set[str] = set()
    doubtful: set[str] = set()
    tables = [(table, owners) for table in recorded() if (owners := _owners(table))]
    partly = {each for table, _owners in tables for each in _partly_read(connection, table, last)}
    connection.execute("CREATE TEMP TABLE differing (id INTEGER PRIMARY KEY)")
    for table, owners in tables:
        earlier = read.earlier_ids.get(table.name, set())  # known as it was before the last change alone
        _find_differing(connection, table, earlier)
        since = _since(connection, table, last, partly) - earlier - _garbled(connection, table)
        for row_id, uid in _theirs(connection, table, owners):
            (known if row_id in since else doubtful).add(uid)
    return frozenset(known - doubtful)


def _partly_read(connection: sqlite3.Connection, table: Table, last: int) -> set[int]:
    """Return the operations since `last` that made a row which was lost: whose it was, nothing says."""
    history = f"main.history_{table.name}"
    query = (
        f"SELECT operation FROM {history} h WHERE operation > ? AND existed = 0"
        f" AND id NOT IN (SELECT id FROM main.{table.name})"
        f" AND NOT EXISTS (SELECT 1 FROM {history} WHERE id = h.id AND operation > h.operation)"
    )
    return {row[0] for row in connection.execute(query, (last,))}


def _since(connection: sqlite3.Connection, table: Table, last: int, partly: set[int]) -> set[int]:
    """Return the ids of rows that were changed since `last`, by no operation that could be read `partly`."""
    query = f"SELECT id, operation FROM main.history_{table.name} WHERE operation > ?"
    changed = connection.execute(query, (last,)).fetchall()
    return {row_id for row_id, _ in changed} - {row_id for row_id, by in changed if by in partly}


def _last(connection: sqlite3.Connection) -> tuple[int, str]:
    query = "SELECT id, at FROM backup.operations ORDER BY id DESC LIMIT 1"
    return connection.execute(query).fetchone() or (0, "")


def _owners(table: Table) -> list[str]:
    """Return the conditions that join a row d to a person u it is about; none for what several share."""
    if table.name == "users":
        return ["u.id = d.id"]
    found = [f"u.id = d.{key.parent.name}" for key in table.foreign_keys if key.column.table.name == "users"]
    if table.name == "post_users":  # whom a post names is said of the one it is about, too
        found.append("u.id = (SELECT p.user_id FROM {0}.posts p WHERE p.id = d.post_id)")
    return found


def _find_differing(connection: sqlite3.Connection, table: Table, earlier: Iterable[int]) -> None:
    columns, name = columns_of(table), table.name
    connection.execute("DELETE FROM differing")
    connection.executemany("INSERT INTO differing VALUES (?)", [(each,) for each in earlier])
    for one, other in (("main", "backup"), ("backup", "main")):
        connection.execute(
            f"INSERT OR IGNORE INTO differing SELECT id FROM (SELECT {columns} FROM {one}.{name}"
            f" EXCEPT SELECT {columns} FROM {other}.{name})"
        )


def _garbled(connection: sqlite3.Connection, table: Table) -> set[int]:
    """Return the ids of differing rows with text that nobody types: a fault of the disk looks so."""
    rows = connection.execute(f"SELECT * FROM main.{table.name} WHERE id IN (SELECT id FROM differing)")
    at = [each[0] for each in rows.description].index("id")
    return {row[at] for row in rows if any(isinstance(each, str) and _UNTYPED.search(each) for each in row)}


def _theirs(connection: sqlite3.Connection, table: Table, owners: list[str]) -> Iterator[tuple[int, str]]:
    for of in ("main", "backup"):
        for owner in owners:
            yield from connection.execute(
                f"SELECT d.id, u.uid FROM {of}.{table.name} d JOIN {of}.users u ON {owner.format(of)}"
                " WHERE d.id IN (SELECT id FROM differing)"
            )
