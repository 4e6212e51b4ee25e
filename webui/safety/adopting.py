"""An empty database takes a whole file over: its records, its history and its uid."""

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Engine

from webui.safety import differences
from webui.store import errors
from webui.store.ledger import derived, forget, schema, sqlite
from webui.store.models import recorded


def is_empty(connection: sqlite3.Connection) -> bool:
    """Whether nobody is in a database, and nothing was ever done in it."""
    return not connection.execute(
        "SELECT (SELECT count(*) FROM main.users) + (SELECT count(*) FROM main.operations)"
    ).fetchone()[0]


def adopt(engine: Engine, copy: Path) -> None:
    """Take over every row of the file, its history and its uid, in one transaction.

    Row by row rather than by swapping files: the live file stays open to the app throughout.
    """
    with sqlite.told(), closing(sqlite.connect(str(engine.url.database))) as connection:
        connection.execute("PRAGMA foreign_keys=OFF")
        connection.execute("ATTACH ? AS backup", (str(copy),))
        with sqlite.writing(connection):
            if not is_empty(connection):  # someone wrote between the look and now
                raise errors.Busy
            for trigger in schema.triggers():
                connection.execute(f"DROP TRIGGER IF EXISTS {trigger}")
            with forget.remembering(connection):
                for table in (
                    "state",
                    "ledger",
                    "operations",
                    *[t.name for t in recorded()],
                    *schema.history_tables(),
                ):
                    columns = ", ".join(
                        f'"{row[1]}"' for row in connection.execute(f"PRAGMA main.table_info({table})")
                    )
                    connection.execute(f"DELETE FROM main.{table}")
                    connection.execute(
                        f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM backup.{table}"
                    )
            differences.take_contents(connection)
            connection.execute(
                "UPDATE main.sqlite_sequence SET seq = max(seq, coalesce("
                "(SELECT b.seq FROM backup.sqlite_sequence b WHERE b.name = main.sqlite_sequence.name), 0))"
            )
            derived.install(connection)  # and, since it makes every trigger, all text
