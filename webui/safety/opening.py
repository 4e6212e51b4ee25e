"""The one way to the live file: what it is before it is opened, made new, closed cleanly."""

import os
import sqlite3
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Engine

from webui.store import errors, migrations
from webui.store.ledger import derived, sqlite

MAGIC = b"SQLite format 3\x00"
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
    """Tell what lies at `path` without changing it. Raises Busy, ReadOnly when it can't be looked at."""
    remove_leftovers(path)
    if not path.exists():
        return Missing(path)
    try:
        with path.open("rb") as file:
            start = file.read(len(MAGIC))
    except OSError as error:
        raise errors.ReadOnly(errors.Message("unreadable", {"path": str(path)})) from error
    if start == b"":
        return Missing(path)  # a start that was cut off before the first page was written
    if start != MAGIC:
        return Damaged(path, "no SQLite header")
    try:
        return _inspect(path)
    except errors.Damaged as error:
        return Damaged(path, str(error.__cause__ or error))
    except sqlite3.DatabaseError as error:
        if told := sqlite.meaning(error):
            if isinstance(told, errors.Damaged):
                return Damaged(path, str(error))
            raise told from error
        return Damaged(path, str(error))


def _inspect(path: Path) -> Inspected:
    connection = sqlite.connect(path)
    try:
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
    finally:
        connection.close()


def create(path: Path) -> None:
    """Make a new, empty database at `path`, whole or not at all. Raises Full, ReadOnly."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = path.with_name(path.name + ".new")
    remove(made)
    try:
        with sqlite.told():
            migrations.migrate(made)
            settle(made)
        made.chmod(0o600)
        made.replace(path)
    finally:
        remove(made)


def ready(path: Path) -> None:
    """Bring what is derived up to date before the app opens: outside changes, missing triggers.

    Raises Busy when another program is writing.
    """
    connection = sqlite.connect(path)
    try:
        with sqlite.told(), sqlite.writing(connection):
            if derived.check(connection):
                derived.install(connection)
            derived.catch_up(connection)
    finally:
        connection.close()
    for each in (path, *beside(path)):
        if each.exists():
            each.chmod(0o600)


def close(engine: Engine) -> None:
    """Close every connection and fold the write-ahead log into the file; nothing lies beside it then."""
    path = engine.url.database
    engine.dispose()
    if path and path != ":memory:" and Path(path).exists():
        connection = sqlite.connect(path)
        try:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            connection.close()  # the last connection to close removes the -wal


def settle(path: Path) -> None:
    """Fold the log of a file that nobody else has open into it, leave WAL mode and flush to the disk.

    Raises Busy when a log stays: replacing the file then would replay old pages over the new one.
    """
    connection = sqlite.connect(path)
    try:
        if connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
            raise errors.Busy
        if connection.execute("PRAGMA journal_mode=DELETE").fetchone()[0] != "delete":
            raise errors.Busy
    finally:
        connection.close()
    if any(each.exists() for each in beside(path)):
        raise errors.Busy
    flush(path)


def beside(path: Path) -> tuple[Path, Path, Path]:
    """Return where SQLite keeps what belongs to `path` while it is open."""
    return tuple(path.with_name(path.name + end) for end in ("-wal", "-shm", "-journal"))  # type: ignore[return-value]


def remove(path: Path) -> None:
    """Remove a file of ours and what lies beside it, where they are there."""
    for each in (path, *beside(path)):
        each.unlink(missing_ok=True)


def remove_leftovers(path: Path) -> None:
    """Remove what an interrupted start left half made; the live file is not among it."""
    for end in (".new", ".migrating"):
        remove(path.with_name(path.name + end))


def free_name(path: Path) -> Path:
    """Return `path`, or with -2, -3, ... behind its stem: the first that nothing has."""
    name, number = path, 2
    while name.exists():
        name, number = path.with_name(f"{path.stem}-{number}{path.suffix}"), number + 1
    return name


def flush(path: Path) -> None:
    """Make the bytes of `path` and its name survive a power cut."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())
    flush_folder(path.parent)


def flush_folder(folder: Path) -> None:
    """Make the names in `folder` survive a power cut, where the system lets folders be flushed."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
