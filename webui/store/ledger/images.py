"""Rows as they were: as an operation found them and left them, read from the images that history keeps."""

import sqlite3
from collections.abc import Mapping
from typing import Any

from webui.store.ledger import schema

Image = Mapping[str, Any] | None


def of(connection: sqlite3.Connection, table: str, row_id: int, which: str, *values: object) -> Image:
    """Return the oldest image of a row of those that `which` is true of, with its `existed`; or None."""
    columns = schema.columns_of(f"history_{table}")
    listed = ", ".join(f'"{name}"' for name in columns)
    row = connection.execute(
        f"SELECT {listed} FROM history_{table} WHERE id = ? AND {which} ORDER BY operation LIMIT 1",
        (row_id, *values),
    ).fetchone()
    return dict(zip(columns, row, strict=True)) if row else None


def as_found(connection: sqlite3.Connection, table: str, row_id: int, operation: int) -> Image:
    """Return a row as it was before an operation that touched it, None where it was not."""
    found = of(connection, table, row_id, "operation = ?", operation)
    return found if found and found["existed"] else None


def is_touched(connection: sqlite3.Connection, table: str, row_id: int, operation: int) -> bool:
    """Tell whether an operation touched a row."""
    return of(connection, table, row_id, "operation = ?", operation) is not None


def as_left(connection: sqlite3.Connection, table: str, row_id: int, operation: int) -> Image:
    """Return a row as an operation left it: as the next one found it, or as it is now."""
    if found := of(connection, table, row_id, "operation > ?", operation):
        return found if found["existed"] else None
    return now(connection, table, row_id)


def now(connection: sqlite3.Connection, table: str, row_id: int) -> Image:
    """Return a row as it is now, None where it is not there."""
    names = [name for name in schema.columns_of(f"history_{table}") if name not in ("operation", "existed")]
    listed = ", ".join(f'"{name}"' for name in names)
    row = connection.execute(f"SELECT {listed} FROM {table} WHERE id = ?", (row_id,)).fetchone()
    return dict(zip(names, row, strict=True)) if row else None
