"""The limit of an import: the very rows of a finished one, ready made, written by sqlite3 alone.

Same tables, indexes and pragmas; no history, no triggers, no checks. Texts and sort keys are ready.
"""

import gc
import time
from contextlib import closing
from pathlib import Path

from webui.safety import files, opening
from webui.store.ledger import schema, sqlite
from webui.store.models import recorded

DERIVED = ("person_text", "person_sorts")
Rows = dict[str, list[tuple[object, ...]]]
FULL_TEXT = {"names_fts": "names", "words_fts": "names, reach, body", "parts_fts": "names, reach"}


def rows_of(path: Path) -> Rows:
    """Return table -> rows of everything that lies in a database but its history, parents first."""
    names = [table.name for table in recorded()] + [*DERIVED]
    with closing(sqlite.connect(path)) as connection:
        found = {name: connection.execute(f"SELECT * FROM {name} ORDER BY 1").fetchall() for name in names}
    return {name: rows for name, rows in found.items() if rows}


def records(rows: Rows) -> Rows:
    """Return the rows of the records alone, without what the search needs."""
    return {name: listed for name, listed in rows.items() if name not in DERIVED}


def write(path: Path, rows: Rows) -> float:
    """Write `rows`, and the full text where they have any, into a new database; return the seconds."""
    opening.create(path)
    with closing(sqlite.connect(path)) as connection:
        for trigger in schema.triggers():
            connection.execute(f"DROP TRIGGER {trigger}")
        connection.execute("DELETE FROM saved_views")  # the views that every new database has
        connection.execute(f"PRAGMA cache_size={sqlite.WRITER_CACHE}")
        gc.collect()
        started = time.perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        for name, values in rows.items():
            marks = ", ".join("?" * len(values[0]))
            connection.executemany(f"INSERT INTO {name} VALUES ({marks})", values)
        for index, columns in FULL_TEXT.items() if "person_text" in rows else ():
            connection.execute(
                f"INSERT INTO {index} (rowid, {columns}) SELECT user_id, {columns} FROM person_text"
            )
        connection.execute("COMMIT")
        took = time.perf_counter() - started
    files.remove(path)
    return took
