"""Warnings of rows that only the database gives rise to: written anew each time that a plan is matched."""

import json
import sqlite3
from collections.abc import Mapping, Sequence


def write(connection: sqlite3.Connection, message: str, found: Mapping[int, Sequence[object]]) -> None:
    """Let these rows (by position) and no others have a warning, of the id `message`: once for each of the
    values that are found."""
    told = connection.execute(
        "SELECT position, warnings FROM staged WHERE instr(warnings, ?)"
        " OR position IN (SELECT value FROM json_each(?))",
        (message, json.dumps(list(found))),
    ).fetchall()
    rows = []
    for position, warnings in told:
        kept = [each for each in json.loads(warnings or "[]") if each[0] != message]
        kept += [[message, values] for values in found.get(position, ())]
        rows.append((json.dumps(kept, ensure_ascii=False) if kept else None, position))
    connection.executemany("UPDATE staged SET warnings = ? WHERE position = ?", rows)
