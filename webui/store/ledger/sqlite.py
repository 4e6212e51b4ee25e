"""Every connection to an SQLite file there is, prepared alike.

Not for what is written: only for how a file is opened, and what its errors mean.
"""

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, ExceptionContext, create_engine, event
from sqlalchemy.pool import ConnectionPoolEntry

from webui.store import errors
from webui.store.ledger import presence
from webui.store.values import patterns

_MALFORMED = b"malformed database schema"  # what it names may be no UTF-8: then the driver fails
MAGIC = b"SQLite format 3\0"  # how each file of a database begins (sqlite.org/fileformat, 1.3.1)
PATIENCE = 5.0  # seconds that a writer waits for another one
READER_CACHE, WRITER_CACHE = -4096, -65_536  # KiB, as SQLite spells it

_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "recursive_triggers=ON",  # else OR REPLACE deletes without history
    f"busy_timeout={int(PATIENCE * 1000)}",
    f"cache_size={READER_CACHE}",
    "temp_store=MEMORY",
)

# What a write-ahead log needs and disks of other computers may not have: memory that programs share.
_SHARING = (sqlite3.SQLITE_IOERR_SHMMAP, sqlite3.SQLITE_IOERR_SHMOPEN, sqlite3.SQLITE_IOERR_SHMLOCK)

_READING = tuple(
    pragma for pragma in _PRAGMAS if pragma.startswith(("foreign_keys", "cache_size", "temp_store"))
)


def prepare(connection: sqlite3.Connection, pragmas: Sequence[str] = _PRAGMAS) -> None:
    """Set what every connection to a Roster database has. Outside any transaction."""
    connection.isolation_level = None  # before any PRAGMA: the driver must never begin by itself
    connection.text_factory = lenient
    for pragma in pragmas:
        connection.execute(f"PRAGMA {pragma}").close()
    connection.create_function("said", 2, patterns.said, deterministic=True)
    connection.create_function("has_digits", 3, patterns.has_digits, deterministic=True)


def lenient(value: bytes) -> str:
    """Read a text; what another program stored as no UTF-8 must not keep everybody else from being read."""
    return value.decode("utf-8", "replace")


def connect(path: Path | str) -> sqlite3.Connection:
    """Open the Roster database at `path`, which must be there. Raises Busy, ReadOnly, Damaged, Full."""
    with told():
        uri = f"{Path(path).absolute().as_uri()}?mode=rw"  # never makes an empty file by a slip
        if not Path(path).exists():
            raise presence.gone(str(path))
        connection = sqlite3.connect(uri, uri=True, check_same_thread=False, timeout=PATIENCE)
        try:
            prepare(connection)
        except BaseException:
            connection.close()
            raise
        return connection


def foreign(path: Path | str) -> sqlite3.Connection:
    """Open a file that others may have made, read-only and without trust in its schema.

    The caller has made sure that no -wal lies beside it. Raises Damaged when it is no database.
    """
    with told():
        uri = f"{Path(path).resolve().as_uri()}?mode=ro&immutable=1"
        connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
        connection.text_factory = lenient
        try:
            connection.execute("PRAGMA trusted_schema=OFF")
            connection.execute("PRAGMA cell_size_check=ON")
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except BaseException:
            connection.close()
            raise
        return connection


def scratch(path: Path | str) -> sqlite3.Connection:
    """Open a scratch file: fast, not safe against a power cut, thrown away afterwards."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.text_factory = lenient  # the live file may be attached to it
    for pragma in ("journal_mode=OFF", "synchronous=OFF", "locking_mode=NORMAL", "temp_store=MEMORY"):
        connection.execute(f"PRAGMA {pragma}").close()
    return connection


def address(path: Path | str) -> URL:
    """Return what SQLAlchemy calls the file at `path`: in a text a ? or % would mean something."""
    return URL.create("sqlite", database=str(path))


def engine(path: Path | str) -> Engine:
    """Return an engine for the Roster database at `path`; the caller disposes of it."""
    made = create_engine(address(path), hide_parameters=True)
    instrument(made)
    return made


def reading(path: Path | str, *, changes: bool = False) -> Engine:
    """Return an engine whose connections can only read the file at `path`, but have temporary tables of their
    own: a copy that nobody changes any more and beside which no log lies, or with `changes` one that others
    write to, whose log and its shared memory lie beside it. The caller disposes of it."""
    uri = f"{Path(path).absolute().as_uri()}?mode=ro{'' if changes else '&immutable=1'}"
    made = create_engine(
        address(path),
        creator=lambda: sqlite3.connect(uri, uri=True, check_same_thread=False, timeout=PATIENCE),
        hide_parameters=True,
    )
    instrument(made, _READING)
    return made


def instrument(made: Engine, pragmas: Sequence[str] = _PRAGMAS) -> None:
    """Prepare each connection of `made`, and begin IMMEDIATE where the `write` option is set.

    A transaction that may write must say so at its start: a deferred one fails at once, without
    waiting, when another connection has committed since it first read (SQLITE_BUSY_SNAPSHOT).
    """
    if event.contains(made, "begin", _begin):
        return
    event.listen(made, "connect", lambda connection, _record: prepare(connection, pragmas))
    presence.watch(made)
    event.listen(made, "begin", _begin)
    event.listen(made, "checkin", _rest)
    event.listen(made, "handle_error", _tell)


def _tell(context: ExceptionContext) -> None:
    """Raise the store's own error for one of the driver's that means something to a person."""
    if found := meaning(context.original_exception):
        raise found from context.original_exception


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get("write"):
        connection.info["wrote"] = True
        patience = options.get("patience", PATIENCE)
        begin_immediate(lambda statement: connection.exec_driver_sql(statement), patience)
    else:
        connection.exec_driver_sql("BEGIN")


def _rest(connection: sqlite3.Connection | None, record: ConnectionPoolEntry) -> None:
    """Give a writer's cache back when its connection goes to the pool, where it may lie for hours."""
    if connection is not None and record.info.pop("wrote", False):
        connection.execute(f"PRAGMA cache_size={READER_CACHE}").close()


def begin_immediate(execute: Any, patience: float = PATIENCE) -> None:
    """Begin a writing transaction through `execute`, waiting up to `patience` seconds for other writers.

    Raises Busy, ReadOnly, Full.
    """
    until = time.monotonic() + patience
    execute(f"PRAGMA cache_size={WRITER_CACHE}")
    execute(f"PRAGMA busy_timeout={int(patience * 1000)}")
    try:
        _begin_until(until, execute)
    finally:
        execute(f"PRAGMA busy_timeout={int(PATIENCE * 1000)}")


def _begin_until(until: float, execute: Any) -> None:
    while True:
        try:
            execute("BEGIN IMMEDIATE")
        except (sqlite3.OperationalError, errors.Busy) as error:
            found = error if isinstance(error, errors.Busy) else meaning(error)
            if not isinstance(found, errors.Busy):
                raise found or error from error
            if time.monotonic() >= until:
                raise found from error
            time.sleep(0.01)
        else:
            return


@contextmanager
def writing(connection: sqlite3.Connection) -> Iterator[None]:
    """Hold a writing transaction on `connection`: leaving commits it, an error takes all of it back.

    Raises what `begin_immediate` raises.
    """
    begin_immediate(connection.execute)
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # a full disk has ended it already
            connection.execute("ROLLBACK")
        raise


def meaning(error: BaseException) -> errors.StoreError | None:
    """Return what a driver's error means for a person, or None when it means nothing to them."""
    cause = getattr(error, "orig", None) or error
    if isinstance(cause, UnicodeDecodeError) and cause.object.startswith(_MALFORMED):
        return errors.Damaged(errors.Message("damaged"))
    if not isinstance(cause, sqlite3.DatabaseError):
        return None
    whole = getattr(cause, "sqlite_errorcode", None) or 0
    code = whole & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return errors.Busy()
    if code == sqlite3.SQLITE_FULL:
        return errors.Full()
    if whole in _SHARING:
        return errors.ReadOnly(errors.Message("no_sharing"))
    if code == sqlite3.SQLITE_IOERR:
        return errors.ReadOnly(errors.Message("no_answer"))
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return errors.ReadOnly()
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return errors.Damaged(errors.Message("damaged"))
    return None


class told:  # noqa: N801  # used as a word: `with told():`
    """Turn a driver's error, where it has a meaning for a person, into the store's own."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if error is not None and (told := meaning(error)):
            raise told from error
