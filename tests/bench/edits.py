"""One edit: as the app makes it, against a bare UPDATE; and what the history triggers cost of it."""

import itertools
import shutil
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.bench.measure import Row, against, alternated, timed
from webui.safety import files
from webui.store import bulk, users
from webui.store.chosen import Chosen
from webui.store.ledger import derived, history, schema, sqlite
from webui.store.ledger.operations import operation

TIMES = 101
OPEN = "INSERT INTO operations (message, payload, counts, door, at) VALUES ('users.change', '', '', '', '')"


def measure(folder: Path, database: Path) -> list[Row]:
    """Return the rows of the table; works on copies."""
    live, bare = folder / "edited.db", folder / "bare.db"
    for path in (live, bare):
        shutil.copy(database, path)
    engine, bared = sqlite.engine(live), sqlite.engine(bare)
    numbers = itertools.count(1)
    with closing(sqlite.connect(live)) as tracked, closing(sqlite.connect(bare)) as plain:
        for trigger in schema.triggers():
            plain.execute(f"DROP TRIGGER {trigger}")
        with Session(engine) as session, Session(bared) as forgetful:
            full, forgotten, update, recorded, opened = alternated(
                TIMES,
                lambda: _edit(session, next(numbers)),
                lambda: _edit(forgetful, next(numbers), followed=False),
                lambda: _update(plain, next(numbers), in_operation=False),
                lambda: _update(tracked, next(numbers), in_operation=True),
                lambda: _update(plain, next(numbers), in_operation=True),
            )
    many = _bulk(engine, bare)
    engine.dispose()
    bared.dispose()
    for path in (live, bare):
        files.remove(path)
    return [
        *many,
        against("One edit: checked, with history, search and undo", full, update, "UPDATE and COMMIT"),
        against("The same, with history", full, forgotten, "the same edit without history", 2),
        against("One edit's UPDATE, history triggers on", recorded, opened, "triggers off", 2),
    ]


def _bulk(engine: Engine, bare: Path) -> list[Row]:
    """Tag everyone, which is undone each time, against a bare INSERT that is taken back."""
    numbers = itertools.count(1)

    def tag() -> float:
        with Session(engine) as session:
            started = time.perf_counter()
            with operation(session):
                bulk.tag(session, Chosen(q=""), [f"Bulk {next(numbers)}"])
            return time.perf_counter() - started

    def plain() -> float:
        with closing(sqlite.connect(bare)) as connection:
            connection.execute("DELETE FROM user_tags WHERE tag_id = 9999")
            connection.execute("INSERT OR IGNORE INTO tags (id, uid, name) VALUES (9999, 'bulk', 'Bulk')")
            started = time.perf_counter()
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT INTO user_tags (user_id, tag_id) SELECT id, 9999 FROM users")
            connection.execute("COMMIT")
            return time.perf_counter() - started

    tagged, untagged, limit = alternated(5, tag, lambda: timed(lambda: history.undo(engine)), plain)
    return [
        against("Tag everyone at once, with history", tagged, limit, "one INSERT ... SELECT", 3),
        against("Undo of it", untagged, tagged, "the tagging", 3),
    ]


def _edit(session: Session, number: int, *, followed: bool = True) -> float:
    """Edit as the app does; not `followed`, without triggers, an edit must write its search text itself."""
    started = time.perf_counter()
    with operation(session):
        users.change(session, number, {"note": f"Changed for the {number}th time"})
        if not followed:
            session.flush()
            connection = history.connection_of(session)
            derived.touch(connection, "SELECT :id", {"id": number})
            derived.write_touched(connection)
    took = time.perf_counter() - started
    session.expunge_all()
    return took


def _update(connection: sqlite3.Connection, number: int, *, in_operation: bool) -> float:
    started = time.perf_counter()
    connection.execute("BEGIN IMMEDIATE")
    if in_operation:
        connection.execute("UPDATE ledger SET current = ?", (connection.execute(OPEN).lastrowid,))
    connection.execute("UPDATE users SET note = ? WHERE id = ?", (f"Changed for the {number}th time", number))
    if in_operation:
        connection.execute("UPDATE ledger SET current = NULL")
    connection.execute("COMMIT")
    return time.perf_counter() - started
