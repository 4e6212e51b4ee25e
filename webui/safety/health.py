"""Is a database sound: its pages, its references, what is derived from it."""

import sqlite3

from webui.store import errors
from webui.store.ledger import derived, schema, sqlite


def check(connection: sqlite3.Connection) -> list[errors.Message]:
    """Return what is wrong with an open Roster database; empty when all is right."""
    found = []
    pages = [row[0] for row in connection.execute("PRAGMA quick_check(20)").fetchall()]
    if pages != ["ok"]:
        found.append(errors.Message("check.pages", {"found": "; ".join(pages)}))
    hanging = {row[0] for row in connection.execute("PRAGMA foreign_key_check").fetchall()}
    if hanging:
        found.append(errors.Message("check.references", {"names": ", ".join(sorted(hanging))}))
    if wrong := derived.reusable_ids(connection):
        found.append(errors.Message("check.ids", {"names": ", ".join(wrong)}))
    if wrong := derived.check(connection):
        found.append(errors.Message("check.derived", {"names": ", ".join(wrong)}))
    else:
        found += _full_text(connection)
    return found


def _full_text(connection: sqlite3.Connection) -> list[errors.Message]:
    found = []
    for name in schema.full_text():
        try:
            with sqlite.told():
                connection.execute(f"INSERT INTO {name} ({name}, rank) VALUES ('integrity-check', 1)")
        except errors.Damaged:
            found.append(errors.Message("check.derived", {"names": name}))
    return found
