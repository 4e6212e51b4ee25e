"""What was done: the list of operations, undo and redo. Both are operations themselves."""

import itertools
import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from webui.store import errors
from webui.store.ledger import references
from webui.store.ledger.operations import raw, replacement, together
from webui.store.models import recorded
from webui.store.values.text import shown

STANDS = "undoes IS NULL AND undone_by IS NULL"  # of an operation: it was done, and is so still
# The next to undo: the newest operation that undoes nothing and was not undone itself. `:before` keeps
# the operation out that is being written, which says not yet what it undoes.
NEXT_UNDO = f"SELECT max(id) FROM operations WHERE {STANDS} AND id < :before"
# What can be redone: what was undone and not done again, unless something new was done since.
REDOABLE = """
SELECT u.id, u.undoes FROM operations u JOIN operations x ON x.id = u.undoes
WHERE u.undone_by IS NULL AND x.undoes IS NULL
  AND u.id > (SELECT coalesce(max(n.id), 0) FROM operations n WHERE n.undoes IS NULL AND n.id < :before)
"""
NEXT_REDO = f"SELECT max(id) FROM ({REDOABLE})"
_ALL = {"before": 2**62}


@dataclass(frozen=True)
class Done:
    """An operation of the past: its message and values, its counts by table, its UTC time."""

    id: int
    message: str
    values: dict[str, Any]
    counts: dict[str, int]
    door: str
    at: str
    undone: bool
    redoable: bool = False

    COLUMNS: ClassVar[Sequence[str]] = (
        "id",
        "message",
        "payload",
        "counts",
        "door",
        "at",
        "undoes",
        "undone_by",
    )

    def as_message(self) -> errors.Message:
        """Return what was done, for `words`; with the counts, for changes that have no values."""
        return errors.Message(f"done.{self.message}", {**self.values, "counts": self.counts})


_COLUMNS = ", ".join(Done.COLUMNS)


def next_undo(session: Session) -> Done | None:
    """Return the operation that `undo` would take back, or None."""
    return _one(session, NEXT_UNDO)


def next_redo(session: Session) -> Done | None:
    """Return the operation that `redo` would do again, or None."""
    return _one(session, f"SELECT undoes FROM operations WHERE id = ({NEXT_REDO})")


def redone_by(session: Session) -> int | None:
    """Return the operation whose images `redo` would put back: the undo that it takes back; or None."""
    found = connection_of(session).execute(NEXT_REDO, _ALL).fetchone()
    return int(found[0]) if found[0] is not None else None


def page(
    session: Session,
    before: int | None = None,
    limit: int = 100,
    *,
    where: str = "1",
    values: Mapping[str, Any] = {},
    says: Callable[[Done], bool] = lambda _done: True,
) -> Sequence[Done]:
    """Return up to `limit` operations, newest first, without the undoing ones, from `before` on down.

    Those alone that meet a condition (`where`, with its `values`) and of which `says` is true.
    """
    connection = connection_of(session)
    redoable = {row[1] for row in connection.execute(REDOABLE, _ALL)}
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM operations WHERE undoes IS NULL AND id < :before AND {where}"
        " ORDER BY id DESC",
        {"before": before or 2**62, **values},
    )
    found = (done_from(row, row[0] in redoable) for row in rows)
    return list(itertools.islice(filter(says, found), limit))


def undo(engine: Engine, door: str = "window", *, expected: int | None = None) -> Done:
    """Take back the newest operation. Raises Refused when there is none, or when it is not the
    `expected` one (something was done since a page named it); Busy, Full."""
    return _revert(engine, NEXT_UNDO, "undo", door, expected)


def redo(engine: Engine, door: str = "window", *, expected: int | None = None) -> Done:
    """Do the last undone operation again. Raises as `undo` does."""
    return _revert(engine, NEXT_REDO, "redo", door, expected)


def _revert(engine: Engine, which: str, message: str, door: str, expected: int | None) -> Done:
    with together(engine) as connection:
        return revert(connection, which, message, door, expected)


def revert(
    connection: sqlite3.Connection, which: str, message: str, door: str, expected: int | None = None
) -> Done:
    """Take back what the query `which` names, an operation or the undo of one, on a connection of
    `operations.together`; return the operation. Raises Refused."""
    with replacement(connection, message, None, door) as opened:
        target = connection.execute(which, {"before": opened.id}).fetchone()[0]
        if target is None:
            raise errors.Refused(errors.Message(f"nothing_to_{message}"))
        original = target
        if message == "redo":
            original = connection.execute("SELECT undoes FROM operations WHERE id = ?", (target,)).fetchone()[
                0
            ]
        if expected not in (None, original):
            raise errors.Refused(errors.Message("history.moved_on"))
        connection.execute("UPDATE operations SET undoes = ? WHERE id = ?", (target, opened.id))
        try:
            put_back(connection, target)
        except sqlite3.IntegrityError as error:  # a migration since asks for values it never had
            raise errors.Refused(errors.Message("history.in_the_way")) from error
        if _message(connection, original) == "outside":  # its rows may have belonged to nothing then too
            references.drop_hanging(connection)
        if message == "redo":
            connection.execute("UPDATE operations SET undone_by = NULL WHERE id = ?", (original,))
        connection.execute("UPDATE operations SET undone_by = ? WHERE id = ?", (opened.id, target))
        row = connection.execute(f"SELECT {_COLUMNS} FROM operations WHERE id = ?", (original,)).fetchone()
        return done_from(row)


def _message(connection: sqlite3.Connection, operation_id: int) -> str:
    return str(
        connection.execute("SELECT message FROM operations WHERE id = ?", (operation_id,)).fetchone()[0]
    )


def put_back(connection: sqlite3.Connection, operation_id: int, *, later: bool = False) -> None:
    """Put every row that an operation touched back to its image, or each one that the `later` ones did to
    the image that the first of them found: delete all, then insert the old ones.

    That order avoids a transient clash of unique values (two people who swapped their usernames).
    """
    then, which = f"operation {'>' if later else '='} :operation", {"operation": operation_id}
    for table in recorded():
        history = f"history_{table.name}"
        columns = ", ".join(f'"{column.name}"' for column in table.c)
        touched = f"SELECT id FROM {history} WHERE {then}"
        connection.execute(f"DELETE FROM {table.name} WHERE id IN ({touched})", which)
        first = f" AND operation = (SELECT min(operation) FROM {history} WHERE id = h.id AND {then})"
        connection.execute(
            f"INSERT INTO {table.name} ({columns}) SELECT {columns} FROM {history} h"
            f" WHERE {then} AND existed = 1{first if later else ''}",
            which,
        )


def connection_of(session: Session) -> sqlite3.Connection:
    """Return the driver's connection of a session, in its transaction."""
    connection: Connection = session.connection()
    return raw(connection)


def find(connection: sqlite3.Connection, operation_id: int) -> Done | None:
    """Return an operation that undoes no other, or None."""
    row = connection.execute(
        f"SELECT {_COLUMNS} FROM operations WHERE id = ? AND undoes IS NULL", (operation_id,)
    ).fetchone()
    return done_from(row) if row else None


def wanted(connection: sqlite3.Connection, operation_id: int) -> Done:
    """Return an operation that undoes no other. Raises NotFound: in words whether it never was, undoes one,
    or went with the history before it."""
    if done := find(connection, operation_id):
        return done
    newest = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'operations'").fetchone()
    if operation_id < 1 or newest is None or operation_id > newest[0]:
        raise errors.NotFound("operations.never", operation_id)
    there = connection.execute("SELECT 1 FROM operations WHERE id = ?", (operation_id,)).fetchone()
    raise errors.NotFound("operations.undoing" if there else "operations", operation_id)


def last_by(session: Session, operation_id: int) -> tuple[Done | None, str]:
    """Return what an operation did, and whether it was an undo or a redo of that ("undo", "redo", "")."""
    return origin(connection_of(session), operation_id)


def origin(connection: sqlite3.Connection, operation_id: int) -> tuple[Done | None, str]:
    """Return the same by the driver's connection."""
    how, original = "", operation_id
    while True:
        row = connection.execute(
            "SELECT message, undoes FROM operations WHERE id = ?", (original,)
        ).fetchone()
        if row is None or row[1] is None:
            return find(connection, original), how
        how, original = how or row[0], row[1]


def told(done: Done) -> dict[str, Any]:
    """Return an operation as a value in the message of another: `words` makes its sentence of it."""
    return {"id": done.id, "message": done.message, "values": done.values, "counts": done.counts}


def _one(session: Session, which: str) -> Done | None:
    row = (
        connection_of(session)
        .execute(f"SELECT {_COLUMNS} FROM operations WHERE id = ({which})", _ALL)
        .fetchone()
    )
    return done_from(row) if row else None


def done_from(row: tuple[Any, ...], redoable: bool = False) -> Done:
    """Return an operation from its Done.COLUMNS."""
    record_id, message, payload, counts, door, at, _undoes, undone_by = row
    done = shown(message), _read(payload), {k: v for k, v in _read(counts).items() if type(v) is int}
    return Done(record_id, *done, shown(door), shown(at), undone_by is not None, redoable)


def _read(stored: Any) -> dict[str, Any]:
    """Return an object kept as JSON, an empty one where another program has written something else."""
    try:
        found = json.loads(stored)
    except (ValueError, TypeError):
        return {}
    return found if isinstance(found, dict) else {}
