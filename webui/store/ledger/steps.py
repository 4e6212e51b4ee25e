"""Several steps of undo or redo as one: back to the moment before an operation, or forward to it.

All of them or none, as one transaction; each is an operation as any undo is. Not for one operation alone.
"""

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from webui.store import errors
from webui.store.ledger import history
from webui.store.ledger.operations import together

_BACK = f"SELECT count(*) FROM operations WHERE id >= :operation AND {history.STANDS}"
# `redo` begins with what was undone last.
_FORWARD = (
    f"WITH redoable AS ({history.REDOABLE}) SELECT count(*) FROM redoable"
    " WHERE id >= (SELECT id FROM redoable WHERE undoes = :operation)"
)


def back(session: Session, operation_id: int) -> int:
    """Return how many operations stand between now and the moment before an operation, itself among them."""
    return _count(session, _BACK, operation_id)


def forward(session: Session, operation_id: int) -> int:
    """Return how many operations `redo` would do again up to one that was undone, itself among them; 0 for
    one that can't be redone."""
    return _count(session, _FORWARD, operation_id)


def undo_to(engine: Engine, operation_id: int, expected: int, door: str = "window") -> int:
    """Undo down to an operation, itself included, and return how many steps that were.

    Raises NotFound; Refused where they are not as many as `expected`; what `history.undo` raises. Nothing is
    changed then.
    """
    return _go(engine, operation_id, expected, "undo", door)


def redo_to(engine: Engine, operation_id: int, expected: int, door: str = "window") -> int:
    """Redo up to an operation that was undone, itself included. Raises as `undo_to` does."""
    return _go(engine, operation_id, expected, "redo", door)


def _go(engine: Engine, operation_id: int, expected: int, message: str, door: str) -> int:
    steps, which = (_BACK, history.NEXT_UNDO) if message == "undo" else (_FORWARD, history.NEXT_REDO)
    with together(engine) as connection:
        done = history.wanted(connection, operation_id)
        asked = {"operation": operation_id, "before": 2**62}
        count = connection.execute(steps, asked).fetchone()[0]
        if done.undone != (message == "redo") or count != expected or not count:
            raise errors.Refused(errors.Message("history.moved_on"))
        for _step in range(expected):
            history.revert(connection, which, message, door)
    return expected


def _count(session: Session, query: str, operation_id: int) -> int:
    asked = {"operation": operation_id, "before": 2**62}
    return int(history.connection_of(session).execute(query, asked).fetchone()[0])
