"""The values of lists on both sides of a plan: what rows of the file say, and what people have.

Read for some rows or people at a time. Not for what follows from it: see `replacing`.
"""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from sqlite3 import Connection
from typing import Any

from webui.exchange import lists
from webui.exchange.columns import HERE
from webui.exchange.earlier import Item
from webui.exchange.replacing import Has, Told
from webui.store.values import text

_TOLD = {
    "emails": "SELECT position, rank, had, email_key, place, label, email FROM staged_emails WHERE {at}",
    "tags": "SELECT position, NULL, had, name_key, :tags, '', name FROM staged_tags"
    " JOIN tag_names USING (name_key) WHERE {at}",
    **{
        name: f"SELECT position, rank, had, \"key\" || replace(hex(zeroblob(again)), '00', char(0)), place,"
        f" {', '.join(columns)} FROM staged_{name} WHERE {{at}}"
        for name, columns in lists.COLUMNS.items()
    },
}
_OWN_TOLD = """SELECT position, rank, had, value_key, 'own', '', value FROM staged_own
WHERE field = :field AND value IS NOT NULL AND {at}"""
_THEIRS = {
    "emails": "SELECT id, 0, email_key, email_label, email FROM live.users"
    " WHERE email IS NOT NULL AND id {whose}"
    " UNION ALL SELECT user_id, id, email_key, label, email FROM live.user_emails WHERE user_id {whose}",
    "tags": "SELECT m.user_id, m.id, t.name_key, '', t.name FROM live.user_tags m"
    " JOIN live.tags t ON t.id = m.tag_id WHERE m.user_id {whose}",
    **{
        name: f"SELECT m.user_id, m.id, {lists.keyed(name, 'm', foreign=True)},"
        f" {', '.join(f'm.{each}' for each in columns)}"
        f" FROM live.{lists.TABLES[name]} m WHERE m.user_id {{whose}} ORDER BY m.id"
        for name, columns in lists.COLUMNS.items()
    },
}
_OWN_THEIRS = """SELECT v.user_id, v.id, v.value_key, '', v.value FROM live.field_values v
JOIN live.fields f ON f.id = +v.field_id WHERE f.uid = :field AND v.user_id {whose}"""


def told(connection: Connection, name: str, positions: Sequence[int], tags: str) -> Iterator[Told]:
    """Yield what the rows at `positions` say of a list, or of an own field of several choices, in order;
    `tags` is the cell that tags stand in."""
    query = _OWN_TOLD if name.startswith(HERE) else _TOLD[name]
    values = {"field": name.removeprefix(HERE), "tags": tags, "positions": json.dumps(positions)}
    for position, rank, had, key, at, label, *parts in connection.execute(
        query.format(at="position IN (SELECT value FROM json_each(:positions))") + " ORDER BY 1, 2", values
    ):
        yield Told(position, rank, had, Item(key, at or "", label or "", _texts(parts)))


def theirs(connection: Connection, name: str, users: Sequence[int]) -> Iterator[tuple[int, Has]]:
    """Yield (user, value) of what people have in it."""
    query = _OWN_THEIRS if name.startswith(HERE) else _THEIRS[name]
    values = {"field": name.removeprefix(HERE), "users": json.dumps(users)}
    seen = Counter[tuple[int, str]]()
    for user, id_, key, label, *parts in connection.execute(
        query.format(whose="IN (SELECT value FROM json_each(:users))"), values
    ):
        key = text.shown(key)
        again = lists.AGAIN * seen[user, key]
        seen[user, key] += 1
        yield user, Has(id_, Item(key + again, "", text.shown(label), _texts(parts)))


def _texts(parts: Sequence[Any]) -> tuple[str, ...]:
    return tuple(map(text.shown, parts))
