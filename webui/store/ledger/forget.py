"""Forgetting a person completely: the one change that leaves no history and cannot be undone.

Their rows go, live and in every image, and what names them in operations; whatever of an operation is
someone else's stays and can be undone and redone as before. Then the file is written anew, so that no free
page holds a word of theirs. Not for copies of the file: see `safety.forgetting`.
"""

import hashlib
import json
import sqlite3
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from webui.store import errors
from webui.store.ledger import derived, references, schema, sqlite, theirs, unnamed, vacuum
from webui.store.models import recorded

# In `state`, another text each time: {"times", "who": the SHA-256 (hex) of each uid}.
FORGOTTEN = "forgotten"
_OWED = "vacuum_owed"  # in `state`: free pages may still hold someone who was forgotten


@dataclass(frozen=True)
class Held:
    """What there is of someone: living rows by table, images in history, operations that touched them."""

    rows: dict[str, int]
    earlier: int
    operations: int


def held(connection: sqlite3.Connection, uids: Collection[str]) -> Held:
    """Return what there is of the person with these uids. Within a transaction; changes nothing.

    Raises NotFound where neither a row nor history knows of them.
    """
    ids = theirs.ids_of(connection, uids)
    if not ids:
        raise errors.NotFound("users", next(iter(uids), ""))
    theirs.mark(connection, ids)
    theirs.note_operations(connection)
    (touched,) = connection.execute(
        "SELECT count(*) FROM operations WHERE undoes IS NULL"
        " AND id IN (SELECT operation FROM temp.touched_theirs)"
    ).fetchone()
    return Held(theirs.counts(connection), theirs.earlier(connection), touched)


def forget(path: Path, uids: Collection[str]) -> Held:
    """Forget the person with these uids in the database at `path`, and return what went.

    All of it or nothing, whenever it is cut off. `finish` has to follow. Raises NotFound, Busy, Full,
    ReadOnly; nothing is changed then.
    """
    with sqlite.told(), closing(sqlite.connect(path)) as connection:
        connection.execute("PRAGMA foreign_keys=OFF").close()
        connection.execute("PRAGMA secure_delete=ON").close()
        with sqlite.writing(connection):
            derived.catch_up(connection)
            found = held(connection, uids)
            gone = theirs.uids_of(connection, theirs.ids_of(connection, uids))
            derived.drop_triggers(connection)
            _remove(connection)
            for statement in schema.triggers().values():
                connection.execute(statement)
            _note(connection, gone)
    return found


def finish(path: Path) -> bool:
    """Write a file anew from which someone was forgotten, and tell whether no free page holds them any more.

    False while another program reads the file as it was, or the disk has no room for a second copy: it is
    owed then, and done by the next start. Nothing is done where nothing is owed.
    """
    if not is_owed(path):
        return True
    try:
        vacuum.rewrite(path)
        with sqlite.told(), closing(sqlite.connect(path)) as connection:
            if connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
                return False
            with sqlite.writing(connection):
                connection.execute("DELETE FROM state WHERE name = ?", (_OWED,))
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except (errors.Busy, errors.Full, errors.ReadOnly):
        return False
    return True


def is_owed(path: Path) -> bool:
    """Tell whether free pages of a file may still hold someone who was forgotten."""
    with sqlite.told(), closing(sqlite.connect(path)) as connection:
        row = connection.execute("SELECT 1 FROM state WHERE name = ?", (_OWED,)).fetchone()
        return row is not None


def tombstone(uid: str) -> str:
    """Return what is kept of someone who was forgotten: nothing can be read from it."""
    return hashlib.sha256(uid.encode("utf-8", "surrogatepass")).hexdigest()


def tombstones(connection: sqlite3.Connection) -> set[str]:
    """Return the tombstones of all who were forgotten."""
    return _buried(connection)[0]


def times(connection: sqlite3.Connection) -> int:
    """Return how many times someone was forgotten here."""
    return _buried(connection)[1]


def bury(connection: sqlite3.Connection, marks: Collection[str]) -> None:
    """Keep tombstones, beside those there are. Within a transaction."""
    kept, times = _buried(connection)
    value = json.dumps({"times": times + 1, "who": sorted(kept | set(marks))})
    connection.execute("INSERT OR REPLACE INTO state (name, value) VALUES (?, ?)", (FORGOTTEN, value))


@contextmanager
def remembering(connection: sqlite3.Connection) -> Iterator[None]:
    """Keep who was forgotten though the file's state becomes that of another. Within a transaction."""
    marks = tombstones(connection)
    owed = connection.execute("SELECT name, value FROM state WHERE name = ?", (_OWED,)).fetchall()
    yield
    if marks:
        bury(connection, marks)
    connection.executemany("INSERT OR REPLACE INTO state (name, value) VALUES (?, ?)", owed)


def _buried(connection: sqlite3.Connection) -> tuple[set[str], int]:
    row = connection.execute("SELECT value FROM state WHERE name = ?", (FORGOTTEN,)).fetchone()
    return buried(row[0]) if row else (set(), 0)


def buried(kept: object) -> tuple[set[str], int]:
    """Return the tombstones that a file's state keeps under FORGOTTEN, and how many times someone was."""
    try:
        found: Any = json.loads(str(kept))
        return {str(each) for each in found["who"]}, int(found["times"])
    except (ValueError, TypeError, KeyError):  # another program wrote it
        return set(), 0


def _note(connection: sqlite3.Connection, uids: Collection[str]) -> None:
    bury(connection, {tombstone(uid) for uid in uids})
    connection.execute("INSERT OR REPLACE INTO state (name, value) VALUES (?, '1')", (_OWED,))


def _remove(connection: sqlite3.Connection) -> None:
    """Take out all that is marked. Without triggers, or it would be noted in history as any change is."""
    names = unnamed.names(connection)
    counted = unnamed.counted(connection)
    contents = {each: _hashes(connection, each) for each in theirs.CONTENTS}
    derived.touch(connection, theirs.others())
    _remove_unseen(connection)
    for table in recorded():
        connection.execute(f"DELETE FROM {table.name} WHERE {theirs.is_theirs(table)}")
        connection.execute(f"DELETE FROM history_{table.name} WHERE {theirs.is_theirs(table)}")
    if any(_any(connection, f"SELECT 1 FROM temp.theirs_{table.name} WHERE shared") for table in recorded()):
        references.drop_hanging(connection)  # of a row that had come to them from another
    for (table_name, of, column), hashes in contents.items():
        _drop_content(connection, table_name, of, column, hashes)
    unnamed.unname(connection, names, counted)
    derived.write_touched(connection)
    for index in schema.full_text():  # words that went stay in old segments until those are merged
        connection.execute(f"INSERT INTO {index} ({index}) VALUES ('optimize')")


def _remove_unseen(connection: sqlite3.Connection) -> None:
    """Take out the images of rows that came and went within one of their operations: nothing says whose."""
    for table in recorded():
        name = f"history_{table.name}"
        connection.execute(
            f"DELETE FROM {name} AS h WHERE existed = 0"
            " AND operation IN (SELECT operation FROM temp.touched_theirs)"
            f" AND NOT EXISTS (SELECT 1 FROM {table.name} t WHERE t.id = h.id)"
            f" AND NOT EXISTS (SELECT 1 FROM {name} o WHERE o.id = h.id AND o.existed = 1)"
        )


def _hashes(connection: sqlite3.Connection, content: tuple[str, str, str]) -> list[str]:
    _table, of, column = content
    table = next(each for each in recorded() if each.name == of)
    query = " UNION ".join(
        f"SELECT {column} FROM {name} WHERE {column} IS NOT NULL AND {theirs.is_theirs(table)}"
        for name in (of, f"history_{of}")
    )
    return [row[0] for row in connection.execute(query).fetchall()]


def _drop_content(
    connection: sqlite3.Connection, table: str, of: str, column: str, hashes: Collection[str]
) -> None:
    known = " UNION ".join(
        f"SELECT {column} FROM {name} WHERE {column} IS NOT NULL" for name in (of, f"history_{of}")
    )
    connection.executemany(
        f"DELETE FROM {table} WHERE hash = ? AND hash NOT IN ({known})", [(each,) for each in hashes]
    )


def _any(connection: sqlite3.Connection, query: str) -> bool:
    return connection.execute(f"{query} LIMIT 1").fetchone() is not None
