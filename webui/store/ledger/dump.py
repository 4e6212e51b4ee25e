"""The logical dump of a database and its digest: what "identical" means.

Outside it are the ledger, the history, derived text, and what SQLite keeps for itself.
"""

import hashlib
import sqlite3
from collections.abc import Iterator

from webui.store.ledger.sqlite import exact
from webui.store.models import recorded
from webui.store.values import person


def rows(connection: sqlite3.Connection) -> Iterator[tuple[str, tuple[object, ...]]]:
    """Yield (table, row) of every record, by table and id; values exactly as SQLite holds them."""
    for table in sorted(recorded(), key=lambda each: each.name):
        columns = ", ".join(f'"{column.name}"' for column in table.c)
        for row in connection.execute(f"SELECT {columns} FROM {table.name} ORDER BY id"):
            yield table.name, row


def digest(connection: sqlite3.Connection) -> str:
    """Return the SHA-256 of the logical dump, in hex. One read transaction."""
    return _hashed(connection, rows(connection))


def records_digest(connection: sqlite3.Connection) -> str:
    """Return the SHA-256 of the records by uid: without ids, sources, created and updated times."""
    return _hashed(connection, _by_uid(connection))


# What of a person is compared by uid: all but ids and the times of adding and changing.
USER_COLUMNS = ", ".join(("uid", *person.FIELDS, "deleted_at"))
_QUERIES = {
    "users": f"SELECT {USER_COLUMNS} FROM users ORDER BY uid",
    "user_emails": """SELECT u.uid, e.label, e.email FROM user_emails e JOIN users u ON u.id = e.user_id
                      ORDER BY 1, 2, 3""",
    "user_tags": """SELECT u.uid, t.name FROM user_tags ut JOIN users u ON u.id = ut.user_id
                    JOIN tags t ON t.id = ut.tag_id ORDER BY 1, 2""",
    "posts": """SELECT p.uid, u.uid, p.title, p.body, p.date FROM posts p JOIN users u ON u.id = p.user_id
                ORDER BY 1""",
    "tags": "SELECT uid, name FROM tags ORDER BY 1",
    "uid_aliases": "SELECT a.uid, u.uid FROM uid_aliases a JOIN users u ON u.id = a.user_id ORDER BY 1",
    "settings": "SELECT name, value FROM settings ORDER BY 1",
}


def _by_uid(connection: sqlite3.Connection) -> Iterator[tuple[str, tuple[object, ...]]]:
    for table, query in _QUERIES.items():
        for row in connection.execute(query):
            yield table, row


def _hashed(connection: sqlite3.Connection, found: Iterator[tuple[str, tuple[object, ...]]]) -> str:
    begun, factory = not connection.in_transaction, connection.text_factory
    if begun:
        connection.execute("BEGIN")
    connection.text_factory = exact
    try:
        made = hashlib.sha256()
        for table, row in found:
            made.update(f"{table} {row!r}\n".encode("utf-8", "surrogatepass"))
        return made.hexdigest()
    finally:
        connection.text_factory = factory
        if begun:
            connection.execute("ROLLBACK")
