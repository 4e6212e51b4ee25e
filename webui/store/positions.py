"""The places of things that have an order, though another program may have left anything there."""

from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

_FAR = 2**31  # beyond it is nothing that Roster wrote, and counting on from it might not end well


def behind(session: Session, column: InstrumentedAttribute[int], *where: ColumnElement[bool]) -> int:
    """Return the place behind the last; what is no place of ours counts for nothing."""
    of_ours = (func.typeof(column) == "integer", column < _FAR)
    return (session.scalar(select(func.max(column)).where(*of_ours, *where)) or 0) + 1


def ordered(position: Any) -> float:
    """Return what to sort by in Python: what is no number comes last, as in SQL."""
    return position if isinstance(position, int | float) else float("inf")
