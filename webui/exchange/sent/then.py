"""People as they were when a sheet went out, read from history beside the database.

The tables that exports read are made in a scratch file, each row as the operation left it; the database lies
beside it as `live`, so that whatever has not been touched since is read from there. Not a whole moment to be
looked at: see `safety.past`.
"""

import sqlite3

from webui.store.ledger import schema
from webui.store.records import ROWS

_TABLES = (
    "users",
    "tags",
    "user_tags",
    "fields",
    "field_values",
    *(model.__tablename__ for model in ROWS.values()),
)
# Exports read them too, but no sheet that comes back has them: empty, they take no time.
_NOT_SENT = ("relations", "attachments")
_INDEXED = ("uid", "user_id")


def make(connection: sqlite3.Connection, operation: int) -> None:
    """Let the tables of people be, on this connection, as `operation` left them. Within a transaction."""
    for table in _NOT_SENT:
        connection.execute(f"CREATE TABLE main.{table} AS SELECT * FROM live.{table} LIMIT 0")
    for table in _TABLES:
        later, values = (
            f"FROM live.history_{table} h WHERE h.operation > :operation",
            {"operation": operation},
        )
        if not connection.execute(f"SELECT EXISTS (SELECT 1 {later})", values).fetchone()[0]:
            continue  # as they are now: found in `live`
        columns = ["id", *schema.columns_of(f"history_{table}")[3:]]
        listed = ", ".join(f'"{name}"' for name in columns)
        rest = listed.removeprefix('"id"')
        connection.execute(f"CREATE TABLE main.{table} (id INTEGER PRIMARY KEY{rest})")
        connection.execute(
            f"INSERT INTO main.{table} SELECT {listed} FROM live.{table}"
            f" WHERE id NOT IN (SELECT h.id {later})",
            values,
        )
        connection.execute(
            f"INSERT INTO main.{table} SELECT {listed} {later} AND h.existed = 1 AND h.operation ="
            f" (SELECT min(o.operation) FROM live.history_{table} o"
            " WHERE o.id = h.id AND o.operation > :operation)",
            values,
        )
        for name in _INDEXED:
            if name in columns:
                connection.execute(f"CREATE INDEX main.then_{table}_{name} ON {table} ({name})")


def drop(connection: sqlite3.Connection) -> None:
    """Remove them again."""
    for table in (*_TABLES, *_NOT_SENT):
        connection.execute(f"DROP TABLE IF EXISTS main.{table}")
