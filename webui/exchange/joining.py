"""Rows of a plan, joined with people who are here or asked about. Not for how one is found: `matching`."""

import sqlite3
from collections.abc import Iterable

from webui.exchange.plan import as_json
from webui.store.errors import Message
from webui.store.values.text import shown


def join(connection: sqlite3.Connection, how: str, found: Iterable[tuple[int, int]]) -> None:
    """Let rows be people: pairs of (position, user); `how` says by what."""
    connection.executemany(
        "UPDATE staged SET user_id = ?, matched = ? WHERE position = ?",
        [(user_id, how, position) for position, user_id in found],
    )


def ask(connection: sqlite3.Connection, how: str, found: Iterable[tuple[int, int, str, object]]) -> None:
    """Ask whether rows are people: each (position, user, the id of a message, the name of the user)."""
    connection.executemany(
        "UPDATE staged SET user_id = ?, matched = ?, verdict = 'question', reason = ? WHERE position = ?",
        [
            (user_id, how, as_json(Message(message, {"name": shown(name), "id": user_id})), position)
            for position, user_id, message, name in found
        ],
    )
