"""The one way to the live file: what it is before it is opened, made new, closed cleanly."""

import glob
import os
import shutil
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Engine

from webui.safety import files
from webui.safety.folders import flush_folder
from webui.store import errors, migrations
from webui.store.ledger import derived, forget, sorts, sqlite
from webui.store.values import times

# What every Roster database has had since its first schema.
_OURS = {"users", "posts", "operations", "ledger", "state", "alembic_version"}


@dataclass(frozen=True)
class Ready:
    """The file is of this app's schema."""

    path: Path


@dataclass(frozen=True)
class Missing:
    """There is no file yet."""

    path: Path


@dataclass(frozen=True)
class Behind:
    """The file has an older schema, `revision`, and can be upgraded."""

    path: Path
    revision: str


@dataclass(frozen=True)
class Newer:
    """A newer Roster wrote the file; `revision` is not known here. It was not touched."""

    path: Path
    revision: str


@dataclass(frozen=True)
class Damaged:
    """The file is no sound Roster database; `reason` is for whoever helps. It was not touched."""

    path: Path
    reason: str
    values: dict[str, str] = field(default_factory=dict)


Inspected = Ready | Missing | Behind | Newer | Damaged


def inspect(path: Path) -> Inspected:
    """Tell what lies at `path`; neither it nor anything beside it is changed.

    Raises Busy, ReadOnly when it can't be looked at.
    """
    try:
        with path.open("rb") as file:
            start = file.read(len(sqlite.MAGIC))
    except FileNotFoundError:
        start = b""
    except OSError as error:
        raise errors.ReadOnly(errors.Message("unreadable", {"path": str(path)})) from error
    if start == b"":  # not there, or a start was cut off before the first page was written
        left = files.logs(path)
        return Damaged(path, f"no database beside its log {left[0].name}") if left else Missing(path)
    if start != sqlite.MAGIC:
        return Damaged(path, "no SQLite header")
    try:
        with sqlite.told(), closing(_looking(path)) as connection:
            return _inspect(connection, path)
    except errors.Damaged as error:
        return Damaged(path, str(error.__cause__ or error))
    except sqlite3.DatabaseError as error:
        return Damaged(path, str(error))


def is_damaged(path: Path) -> bool:
    """Tell whether `path` is no sound database, looking at every page. Nobody has it open.

    Raises Busy, ReadOnly when it can't be looked at.
    """
    found = inspect(path)
    if isinstance(found, Missing | Damaged):
        return isinstance(found, Damaged)
    try:
        with sqlite.told(), closing(_looking(path)) as connection:
            return bool(connection.execute("PRAGMA quick_check").fetchone()[0] != "ok")
    except errors.Damaged:
        return True


def _looking(path: Path) -> sqlite3.Connection:
    """Open the file for reading without leaving a trace: without a log there is nothing to replay.

    With a log a reader needs SQLite's shared memory beside it, and only a writer can roll back a journal.
    """
    wal, _shm, journal = files.beside(path)
    if journal.exists():
        return sqlite.connect(path)
    if not wal.exists():
        return sqlite.foreign(path)
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=sqlite.PATIENCE)


def _inspect(connection: sqlite3.Connection, path: Path) -> Inspected:
    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not tables:
        return Missing(path)
    if "alembic_version" not in tables:
        return Damaged(path, "no Roster database: " + ", ".join(sorted(tables)[:8]))
    revision = derived.revision(connection)
    if revision is None or revision not in migrations.known():
        return Newer(path, revision or "?")
    if missing := _OURS - tables:
        return Damaged(path, "tables missing: " + ", ".join(sorted(missing)))
    return Ready(path) if revision == migrations.head() else Behind(path, revision)


def create(path: Path) -> None:
    """Make a new, empty database at `path`, whole or not at all; what another made meanwhile stays.

    Raises Full, ReadOnly, Busy.
    """
    made = path.with_name(path.name + ".new")
    with files.exclusive(path):
        if not isinstance(inspect(path), Missing):
            return
        files.remove(made)
        try:
            with files.told(path):
                files.make_private(made)
                migrations.migrate(made)
                settle(made)
                files.remove(path)  # without a table in it, or `inspect` would have said so
                files.publish(made, path)
        finally:
            files.remove(made)


def put_in_place(made: Path, path: Path) -> Path:
    """Put a settled database in the place of a damaged one, and return where that is kept, with its log.

    Nothing is deleted. At each moment there is a file at `path`, and no log of another beside it.
    Raises Busy, ReadOnly, Full.
    """
    with files.exclusive(path), files.told(path):
        kept = files.free_name(path.with_name(f"{path.stem} damaged {times.stamp(times.now())}{path.suffix}"))
        if path.exists():  # a log alone is damage too
            _name_also(path, kept)
        for here, there in zip(files.beside(path), files.beside(kept), strict=True):
            if here.exists():
                here.replace(there)
        flush_folder(path.parent)  # or a power cut might leave the old log beside the new file
        made.replace(path)
        flush_folder(path.parent)
        return kept


def _name_also(path: Path, kept: Path) -> None:
    try:
        os.link(path, kept)
    except OSError:  # a file system without links
        files.make_whole(kept, lambda half: shutil.copyfile(path, half))


def ready(path: Path) -> None:
    """Bring what is derived up to date before the app opens: outside changes, missing triggers.

    Writes only where there is something to do, so that it waits for nobody else. Raises Busy when
    another program is writing just then.
    """
    with sqlite.told(), closing(sqlite.connect(path)) as connection:
        wrong = derived.check(connection) or derived.lacks_index(connection) or sorts.is_behind(connection)
        if wrong or derived.is_behind(connection):
            with sqlite.writing(connection):
                derived.install(connection)
                derived.catch_up(connection)
    forget.finish(path)  # where a crash came between
    for each in (path, *files.beside(path)):
        with suppress(FileNotFoundError):  # another program that closes takes its log away
            each.chmod(0o600)


def close(engine: Engine) -> None:
    """Close every connection and fold the write-ahead log into the file; nothing lies beside it then."""
    path = engine.url.database
    engine.dispose()
    if path and path != ":memory:" and Path(path).exists():
        with closing(sqlite.connect(path)) as connection:  # the last one to close removes the -wal
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()


def let_go(engine: Engine) -> None:
    """Close every connection to a damaged file and leave the file and its log as they are.

    Whichever closes last would fold the log in; one that can only read can't.
    """
    path = Path(str(engine.url.database))
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as last:
        with suppress(sqlite3.DatabaseError):
            last.execute("PRAGMA schema_version").fetchone()
        engine.dispose()


def settle(path: Path) -> None:
    """Fold the log of a file that nobody else has open into it, leave WAL mode and flush to the disk.

    Raises Busy when a log stays: replacing the file then would replay old pages over the new one.
    """
    with closing(sqlite.connect(path)) as connection:
        leave_log(connection)
    if files.logs(path):
        raise errors.Busy
    files.flush(path)


def leave_log(connection: sqlite3.Connection) -> None:
    """Fold the log into the file and leave WAL mode. Raises Busy while another connection is open."""
    if connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
        raise errors.Busy
    with sqlite.told():
        if connection.execute("PRAGMA journal_mode=DELETE").fetchone()[0] != "delete":
            raise errors.Busy


def remove_leftovers(path: Path) -> None:
    """Remove what an interrupted start left half made, unless another is making it now."""
    made = [path.with_name(path.name + end) for end in (".new", ".migrating")]
    made += path.parent.glob(f"{glob.escape(path.stem)} *{files.HALF}")
    if any(each.exists() for each in made):
        with suppress(errors.Busy), files.exclusive(path, patience=0):
            for each in made:
                files.remove(each)
