"""Whether the file that an engine has open still is what lies at its path.

SQLite goes on writing to a file that was deleted, moved or replaced under it, as by a program that keeps a
folder alike on several computers: what is written then is nowhere once Roster is closed.
"""

import os
import sqlite3

from sqlalchemy import Connection, Engine, event
from sqlalchemy.pool import ConnectionPoolEntry

from webui.store import errors


def watch(made: Engine) -> None:
    """Let no transaction of this engine that may write begin on a file that is not there any more."""
    path = made.url.database
    if path in (None, "", ":memory:"):
        return

    def note(_connection: sqlite3.Connection, record: ConnectionPoolEntry) -> None:
        record.info["file"] = _identity(str(path))

    def check(connection: Connection) -> None:
        writes = connection.get_execution_options().get("write")
        if writes and connection.info["file"] != _identity(str(path)):
            raise gone(str(path))

    event.listen(made, "connect", note)
    event.listen(made, "begin", check)


def gone(path: str) -> errors.ReadOnly:
    """Return what is said of a database that is not where it was."""
    return errors.ReadOnly(errors.Message("gone", {"path": path}))


def _identity(path: str) -> tuple[int, int] | None:
    try:
        stat = os.stat(path)  # noqa: PTH116  # a text as SQLAlchemy has it, asked at each write
    except OSError:
        return None
    return stat.st_dev, stat.st_ino
