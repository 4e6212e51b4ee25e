"""A bare database of Roster, by its tables. Not for opening one: see `safety.opening`, `safety.unpacking`."""

import sqlite3
from contextlib import closing
from pathlib import Path

from webui.store.errors import Damaged
from webui.store.ledger import sqlite

# What every Roster database has had since its first schema.
TABLES = frozenset({"users", "posts", "operations", "ledger", "state", "settings", "alembic_version"})


def is_one(path: Path) -> bool:
    """Whether a file is such a database, as far as it is in the file itself and not in its log. It is not the
    one that this process has open. Raises OSError."""
    with path.open("rb") as file:
        if file.read(len(sqlite.MAGIC)) != sqlite.MAGIC:
            return False
    try:
        with closing(sqlite.foreign(path)) as connection:
            rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            return {name for (name,) in rows} >= TABLES
    except (sqlite3.Error, Damaged):
        return False
