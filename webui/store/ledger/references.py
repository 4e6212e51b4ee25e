"""Rows and what they belong to, where SQLite itself was told not to look (foreign keys off)."""

import sqlite3
from collections.abc import Iterator
from typing import Any

from webui.store import errors
from webui.store.models import recorded


def check(connection: sqlite3.Connection, operation_id: int) -> None:
    """See that every reference holds of the rows that an operation touched. Raises Damaged."""
    for table, _parent, _row_id in hanging(connection, operation_id):
        raise errors.Damaged(errors.Message("history.hanging", {"table": table}))


def hanging(connection: sqlite3.Connection, operation_id: int) -> Iterator[tuple[str, str, int]]:
    """Yield (table, parent, id in the parent) of one reference each that holds no more, of the same rows."""
    for table, column, parent in every():
        row = connection.execute(
            f"""
            SELECT t.{column} FROM {table} t
            WHERE (t.id IN (SELECT id FROM history_{table} WHERE operation = :operation)
                   OR t.{column} IN (SELECT id FROM history_{parent} WHERE operation = :operation))
              AND t.{column} IS NOT NULL
              AND NOT EXISTS (SELECT 1 FROM {parent} p WHERE p.id = t.{column})
            LIMIT 1
            """,
            {"operation": operation_id},
        ).fetchone()
        if row:
            yield table, parent, row[0]


def drop_hanging(connection: sqlite3.Connection, operation_id: int | None = None) -> dict[str, Any]:
    """Remove every row whose parent is gone, as its removal would have done with foreign keys on.

    The triggers note their images. Rows that the operation itself had brought have none: those are
    returned by table, as lists of their values (bytes in hex), so that they can be kept in words.
    """
    lost: dict[str, Any] = {}
    for table, column, parent in every():
        hanging = (
            f"FROM {table} AS t WHERE t.{column} IS NOT NULL"
            f" AND NOT EXISTS (SELECT 1 FROM {parent} p WHERE p.id = t.{column})"
        )
        brought = connection.execute(
            f"SELECT t.* {hanging} AND t.id IN"
            f" (SELECT id FROM history_{table} WHERE operation = ? AND existed = 0)",
            (operation_id,),
        ).fetchall()
        if brought:
            lost[table] = lost.get(table, []) + [[_plain(value) for value in row] for row in brought]
        connection.execute(f"DELETE FROM {table} WHERE id IN (SELECT t.id {hanging})")
    return lost


def _plain(value: object) -> object:
    return value.hex() if isinstance(value, bytes) else value


def every() -> Iterator[tuple[str, str, str]]:
    """Yield (table, column, parent) of every reference; parents' own references first."""
    for table in recorded():
        for key in table.foreign_keys:
            yield table.name, key.parent.name, key.column.table.name


def to(parent: str) -> list[tuple[str, str, str]]:
    """Return (table, column, parent) of every reference to a table."""
    return [found for found in every() if found[2] == parent]
