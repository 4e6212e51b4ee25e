"""A copy of the database inside a backup, or of a bare one with its log: made safe, current and checked.

Either may be anyone's and of any age. It is only read; whatever is run, is run on the copy, whose triggers
and views are gone before any statement could reach them.
"""

import datetime
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Engine, exc

from webui.exchange import archive, targets
from webui.exchange.ours.database import TABLES
from webui.safety import backup, exported, files
from webui.safety.backup import Step
from webui.safety.workspace import workspace
from webui.store import errors, migrations
from webui.store.ledger import derived, sqlite
from webui.store.models import kept, recorded
from webui.store.values import text, times

# How SQLite writes down what there is, by its kind. It goes by these words alone when it reads them.
_STATEMENTS = {
    "table": ("CREATE TABLE ", "CREATE VIRTUAL TABLE "),
    "index": ("CREATE INDEX ", "CREATE UNIQUE INDEX "),
}
_AT = re.compile(r"(19|2\d)\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", re.ASCII)
_ATTEMPTS = 3  # to copy a file that another program goes on writing to


@contextmanager
def unpacked(
    engine: Engine, path: Path, step: Step, live: Path | None = None
) -> Iterator[tuple[Path, archive.Manifest]]:
    """Give a checked, current copy of the database at `path`, a backup or a bare one, or one made of what
    Roster exported; of those is said what a backup of it would say, but for its digest. The copy lies in a
    workspace of its own.

    Raises NotFound, Damaged, TooNew, ReadOnly, Full, Busy; Refused as `exported.build` does.
    """
    database = Path(str(engine.url.database))
    targets.check_source(path, live or database)
    step("restore.verify", 0, 0)
    bare = _is_bare(path)
    with workspace(database) as work:
        copy = work / "data.sqlite"
        if exported.is_one(path):
            step("restore.open", 0, 0)
            about = exported.build(database, path, copy, step)
            check(copy, path.name)
            yield copy, about
            return
        told = None if bare else _verified(path)
        if bare:
            _copy(path, copy)
        else:
            archive.extract(path, archive.DATABASE, copy)
        step("restore.open", 0, 0)
        with _about(path.name):
            revision = _disarm(copy, path.name)
            if revision not in migrations.known():
                raise errors.TooNew(errors.Message("backup.newer", {"name": path.name}))
            migrations.migrate(copy)
            check(copy, path.name)
            if told is None:
                told = _told(copy, revision, _changed(path))
        yield copy, told


def _is_bare(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(sqlite.MAGIC)) == sqlite.MAGIC
    except FileNotFoundError as error:
        raise errors.NotFound("backups", path.name) from error
    except OSError as error:
        raise errors.ReadOnly(errors.Message("unreadable", {"path": str(path)})) from error


def _verified(path: Path) -> archive.Manifest:
    try:
        return archive.verify(path)
    except OSError as error:
        raise errors.ReadOnly(errors.Message("unreadable", {"path": str(path)})) from error


def _copy(path: Path, copy: Path) -> None:
    """Copy a bare database with what is not folded into it yet. Raises Busy where it does not hold still."""
    parts = [(path, copy), *zip(files.beside(path)[::2], files.beside(copy)[::2], strict=True)]
    with files.told(path, "unreadable"):
        for _attempt in range(_ATTEMPTS):
            before = _seen(path)
            if shutil.disk_usage(copy.parent).free < 2 * sum(size for size, _time in before):
                raise errors.Full
            for source, target in parts:
                if source.exists():
                    files.make_private(target)
                    with source.open("rb") as old, target.open("wb") as new:
                        shutil.copyfileobj(old, new, 1 << 20)
            if _seen(path) == before:
                return
            files.remove(copy)
    raise errors.Busy


def _seen(path: Path) -> list[tuple[int, int]]:
    """Return the size and the time of change of a database, its log and its journal, where they are there."""
    wal, _shm, journal = files.beside(path)
    stats = [each.stat() for each in (path, wal, journal) if each.exists()]
    return [(stat.st_size, stat.st_mtime_ns) for stat in stats]


def _disarm(copy: Path, name: str) -> str:
    """Drop every trigger and view of a file that may be anyone's, before anything of it could run, and return
    its revision. What its log or its journal holds is in it then. Raises Damaged for what is no Roster."""
    not_one = errors.Damaged(errors.Message("backup.no_roster", {"name": name}))
    with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
        connection.text_factory = sqlite.lenient
        connection.execute("PRAGMA trusted_schema=OFF")
        made = connection.execute(
            "SELECT type, name FROM sqlite_master WHERE type IN ('trigger', 'view')"
        ).fetchall()
        for kind, each in made:
            quoted = each.replace('"', '""')
            connection.execute(f'DROP {kind} "{quoted}"')
        left = connection.execute("SELECT type, name, sql FROM sqlite_master").fetchall()
        for kind, _name, sql in left:
            # A trigger that says it is a table is none to the query above, and one to SQLite.
            if not (str(sql).startswith(_STATEMENTS.get(kind, ())) or (sql is None and kind == "index")):
                raise not_one
        tables = {each for kind, each, sql in left if kind == "table" and sql.startswith("CREATE TABLE ")}
        revision = derived.revision(connection) if tables >= TABLES else None
        connection.execute("PRAGMA journal_mode=DELETE").fetchone()
    if revision is None:
        raise not_one
    return revision


def check(copy: Path, name: str) -> None:
    """See that a copy is a whole database of this schema, and let it be one file. Raises Damaged."""
    with closing(sqlite.connect(copy)) as connection:
        sound = connection.execute("PRAGMA quick_check").fetchone()[0] == "ok"
        for table in (*recorded(), *kept()):
            there = {row[1] for row in connection.execute(f"PRAGMA table_info({table.name})").fetchall()}
            sound = sound and there >= {column.name for column in table.c}
        if not sound or connection.execute("PRAGMA foreign_key_check").fetchone():
            raise errors.Damaged(errors.Message("backup.damaged", {"name": name}))
        connection.execute("PRAGMA journal_mode=DELETE").fetchone()  # one file, that can be read as it is


def _told(copy: Path, revision: str, changed: str) -> archive.Manifest:
    """Return what a backup of a bare database would say; it is as of what was done last in it."""
    with closing(sqlite.connect(copy)) as connection:

        def one(query: str) -> str:
            row = connection.execute(query).fetchone()
            return text.shown(row[0]) if row else ""

        at = one("SELECT at FROM operations ORDER BY id DESC LIMIT 1")
        return archive.Manifest(
            at=at if _AT.fullmatch(at) else changed,
            app="",
            revision=revision,
            uid=one("SELECT value FROM state WHERE name = 'uid'"),
            title=one("SELECT value FROM settings WHERE name = 'title'"),
            reason="bare",
            pinned=False,
            counts=backup.counts(connection),
            digest="",
            members={},
        )


def _changed(path: Path) -> str:
    newest = max(each.stat().st_mtime for each in (path, *files.logs(path)))
    return times.of_clock(datetime.datetime.fromtimestamp(newest))


@contextmanager
def _about(name: str) -> Iterator[None]:
    """Say of the file what the driver says of its copy."""
    try:
        with sqlite.told():
            yield
    except errors.Damaged as error:
        if error.message.id.startswith("backup."):
            raise
        raise errors.Damaged(errors.Message("backup.damaged", {"name": name})) from error
    except (sqlite3.Error, exc.DatabaseError) as error:
        if meant := sqlite.meaning(error):
            raise meant from error
        raise errors.Damaged(errors.Message("backup.damaged", {"name": name})) from error
