"""The two ways to write: `operation` for records, `replacing` for undo, redo and restore alone."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, exc
from sqlalchemy.orm import Session

from webui.store import errors
from webui.store.ledger import derived, references, sqlite
from webui.store.ledger.kinds import KINDS, REVERTING
from webui.store.values import times

DOORS = ("window", "api", "command", "outside")


@dataclass
class Opened:
    """The operation that is being written: `id`, its message and the values of its sentence."""

    id: int
    message: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    beside: tuple[str, dict[str, Any]] = ("", {})


@contextmanager
def operation(
    session: Session, door: str = "window", *, patience: float = sqlite.PATIENCE
) -> Iterator[Opened]:
    """Open one undoable operation on `session`; leaving commits it, an error takes all of it back.

    Inside another one it joins that. An operation that changed nothing leaves no trace. A read
    transaction that the session had open is ended first. Raises Busy after `patience` seconds, ReadOnly,
    Full, Taken for a clash that no verb saw.
    """
    if joined := session.info.get("operation"):
        yield joined
        return
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("records were changed before the operation was opened")
    session.rollback()
    try:
        connection = session.connection(execution_options={"write": True, "patience": patience})
        _catch_up(connection)
        opened = _open(connection, door)
        session.info["operation"] = opened
        try:
            yield opened
            session.flush()
            _close(connection, opened)
            session.info["changed"] = bool(opened.counts)  # whether the last operation left a trace
        finally:
            del session.info["operation"]
        session.commit()
    except (exc.DatabaseError, sqlite3.DatabaseError) as error:
        session.rollback()
        raise _clash(error) or sqlite.meaning(error) or error from error
    except BaseException:
        session.rollback()
        raise


def follow(session: Session, patience: float = sqlite.PATIENCE) -> None:
    """Close the operation of what was changed outside, if any: what is changed after this is another.

    Ends the session's read transaction then. Raises Busy after `patience` seconds, Full, ReadOnly.
    """
    if derived.is_behind(raw(session.connection())):
        with operation(session, patience=patience):
            pass


def named(session: Session, message: str, **values: Any) -> None:
    """Name the open operation, unless an outer verb has: the outermost name wins.

    Raises RuntimeError where no operation is open.
    """
    opened: Opened | None = session.info.get("operation")
    if opened is None:
        raise RuntimeError("a verb that writes needs an operation")
    if not opened.message:
        opened.message, opened.values = message, values


@contextmanager
def beside(session: Session) -> Iterator[None]:
    """Let what is done inside name the open operation only if nothing else in it does."""
    opened: Opened = session.info["operation"]
    free = not opened.message
    yield
    if free:
        opened.beside, opened.message, opened.values = (opened.message, opened.values), "", {}


@contextmanager
def replacing(
    engine: Engine,
    message: str,
    values: dict[str, Any] | None = None,
    *,
    door: str = "window",
    attach: Path | None = None,
) -> Iterator[tuple[sqlite3.Connection, Opened]]:
    """Open an operation that puts back whole rows, on a connection of its own without foreign keys.

    Deleting and inserting a parent row would otherwise cascade to rows that are not part of it.
    `attach` is a file that is there as `backup`. Leaving checks that every reference of a touched row
    holds, then commits. Raises Busy, Full, Damaged when a reference would hang in the air (nothing is
    changed then).
    """
    with together(engine, attach) as connection, replacement(connection, message, values, door) as opened:
        yield connection, opened


@contextmanager
def together(engine: Engine, attach: Path | None = None) -> Iterator[sqlite3.Connection]:
    """Give the connection of `replacing` for several such operations, each by `replacement`: all of them or
    none. Raises as `replacing`."""
    if not engine.url.database or engine.url.database == ":memory:":
        raise RuntimeError("undo needs a database in a file")
    with sqlite.told(), closing(sqlite.connect(engine.url.database)) as connection:
        connection.execute("PRAGMA foreign_keys=OFF")
        if attach:
            connection.execute("ATTACH ? AS backup", (str(attach),))
        with sqlite.writing(connection):
            derived.catch_up(connection)
            yield connection


@contextmanager
def replacement(
    connection: sqlite3.Connection, message: str, values: dict[str, Any] | None, door: str
) -> Iterator[Opened]:
    """Open one operation on a connection of `together`."""
    opened = Opened(_insert(connection, door), message, values or {})
    connection.execute("UPDATE ledger SET replacing = 1")
    yield opened
    connection.execute("UPDATE ledger SET replacing = 0")
    references.check(connection, opened.id)
    _finish(connection, opened)


def raw(connection: Connection) -> sqlite3.Connection:
    """Return the driver's connection below `connection`, within the same transaction."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver


def _catch_up(connection: Connection) -> None:
    derived.catch_up(raw(connection))


def _open(connection: Connection, door: str) -> Opened:
    return Opened(_insert(raw(connection), door))


def _close(connection: Connection, opened: Opened) -> None:
    _finish(raw(connection), opened)


def _insert(connection: sqlite3.Connection, door: str) -> int:
    if door not in DOORS:
        raise ValueError(door)
    made = connection.execute(
        "INSERT INTO operations (message, payload, counts, door, revision, at)"
        " VALUES ('', '{}', '{}', ?, ?, ?)",
        (door, derived.revision(connection), times.now()),
    )
    assert made.lastrowid is not None
    connection.execute("UPDATE ledger SET current = ?", (made.lastrowid,))
    return made.lastrowid


def _finish(connection: sqlite3.Connection, opened: Opened) -> None:
    opened.counts = derived.counts(connection, opened.id)
    if (
        not opened.counts
        and not connection.execute("SELECT undoes FROM operations WHERE id = ?", (opened.id,)).fetchone()[0]
    ):
        connection.execute("UPDATE ledger SET current = NULL")
        connection.execute("DELETE FROM operations WHERE id = ?", (opened.id,))
        return
    if not opened.message:
        opened.message, opened.values = opened.beside
    if opened.message not in KINDS | REVERTING:
        raise RuntimeError(f"no such kind of operation: {opened.message!r}")
    derived.refresh(connection, opened.id)
    connection.execute(
        "UPDATE operations SET message = ?, payload = ?, counts = ? WHERE id = ?",
        (opened.message, json.dumps(opened.values, ensure_ascii=False), json.dumps(opened.counts), opened.id),
    )
    connection.execute("UPDATE ledger SET current = NULL")


def _clash(error: BaseException) -> errors.StoreError | None:
    text = str(getattr(error, "orig", None) or error)
    for column, name in (("users.username_key", "username"), ("users.email_key", "email")):
        if f"UNIQUE constraint failed: {column}" in text:
            return errors.Taken({name: errors.Message(f"{name}.taken_meanwhile")})
    if "email required" in text:
        return errors.Invalid({"email": errors.Message("email.required")})
    return None
