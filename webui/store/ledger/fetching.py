"""Reading texts from a database as they are, and many of them fast."""

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import CursorResult
from sqlalchemy.orm import Session


def rows(session: Session, query: str, values: Mapping[str, object] = {}) -> CursorResult[*tuple[Any, ...]]:
    """Return the rows of a query with :values in it, in the session's transaction.

    SQLAlchemy compiles a `text` anew for each list of ids in it: that takes longer than most queries.
    """
    return session.connection().exec_driver_sql(query, dict(values))


def exact(value: bytes) -> str:
    """Read a text so that texts of different bytes differ, also where they are no UTF-8."""
    return value.decode("utf-8", "surrogateescape")


def fetched(
    connection: sqlite3.Connection, query: str, values: Sequence[object] = ()
) -> list[tuple[Any, ...]]:
    """Return all rows of a query, as `execute` and `fetchall` do, for queries of many.

    Python's own reading of texts takes a fraction of the time of one of ours; where it meets one that is no
    UTF-8, that of the connection reads all of them.
    """
    factory = connection.text_factory
    connection.text_factory = str
    try:
        return connection.execute(query, values).fetchall()
    except sqlite3.OperationalError as error:
        if "decode" not in str(error):
            raise
    finally:
        connection.text_factory = factory
    return connection.execute(query, values).fetchall()
