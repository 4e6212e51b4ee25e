"""An import of many people from a CSV, its undo, and the database that the other measurements use."""

import shutil
import time
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.bench import growth, raw
from tests.bench.measure import Row, against, alternated, timed
from tests.bench.people import people, write_csv
from webui.exchange import importing
from webui.safety import files, opening
from webui.store.ledger import history, sqlite
from webui.store.ledger.operations import named, operation
from webui.store.ledger.operations import raw as driver
from webui.store.models import new_uid
from webui.store.values import times

ROUNDS = 3


class Imports:
    """Imports one file into a new database, as often as asked; `kept` is what it left the last time."""

    def __init__(self, folder: Path, count: int) -> None:
        self.folder, self.count = folder, count
        self.source, self.kept = folder / "people.csv", folder / "imported.db"
        self._planned = self._applied = self._undone = 0.0
        write_csv(self.source, count)

    def run(self) -> float:
        """Import into a new database, take that back, and return the seconds of the import."""
        path, scratch = self.folder / "live.db", self.folder / "plan.db"
        opening.create(path)
        engine = sqlite.engine(path)
        started = time.perf_counter()
        with importing.plan(engine, self.source, scratch) as plan:
            self._planned = time.perf_counter() - started
            made = importing.apply(engine, plan)
        took = time.perf_counter() - started
        self._applied = took - self._planned
        if made.added != self.count:
            raise RuntimeError(f"{made.added} of {self.count} people came in")
        opening.close(engine)
        shutil.copy(path, self.kept)
        self._undone = timed(lambda: history.undo(engine))
        engine.dispose()
        files.remove(path)
        return took

    def applied(self) -> float:
        return self._applied

    def undone(self) -> float:
        return self._undone


def measure(folder: Path, count: int) -> tuple[list[Row], Path]:
    """Return the rows of the table, and a database with these people and their posts."""
    imports = Imports(folder, count)
    imports.run()
    rows, room = raw.rows_of(imports.kept), growth.share(imports.kept)
    target = folder / "raw.db"
    took, applied, undone, limit, records = alternated(
        ROUNDS,
        imports.run,
        imports.applied,
        imports.undone,
        lambda: raw.write(target, rows),
        lambda: raw.write(target, raw.records(rows)),
    )
    written, plain = "the same rows by sqlite3, ready made", "the records alone by executemany"
    return [
        against("Import: read, judged, matched and written", took, limit, written, 2),
        against("The same, to the records alone", took, records, plain, 5),
        against("Import: the writing alone, with history and search", applied, limit, written, 2),
        against("The writing, to the records alone", applied, records, plain, 5),
        against("Undo of it", undone, applied, "the writing", 3),
        room,
    ], _with_posts(imports.kept, count)


def database(folder: Path, count: int) -> Path:
    """Return a database with these people and their posts, brought in once."""
    imports = Imports(folder, count)
    imports.run()
    return _with_posts(imports.kept, count)


def _with_posts(path: Path, count: int) -> Path:
    """Write the posts of those who have one, as one operation."""
    engine = sqlite.engine(path)
    _write_posts(engine, count)
    opening.close(engine)
    return path


def _write_posts(engine: Engine, count: int) -> None:
    now = times.now()
    with Session(engine) as session, operation(session):
        connection = driver(session.connection())
        emails = dict(connection.execute("SELECT email, id FROM users").fetchall())
        connection.executemany(
            "INSERT INTO posts (uid, user_id, title, body, date, created_at, updated_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                (new_uid(), emails[one.email], *one.post, now, now)
                for one in people(count)
                if one.post is not None
            ),
        )
        named(session, "posts.add", title="", name="")
