"""Own fields on their way out: which there are, and what people have in them, read for many at once."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from webui.exchange.own_columns import headers_of
from webui.store.values import numbers, own
from webui.store.values.text import shown, stored

Said = tuple[str, tuple[own.Kept, ...]]  # the kind of a field, and its rows


@dataclass(frozen=True)
class Field:
    """A field; `header` is what its column is called in our CSV."""

    id: int
    uid: str
    name: str
    kind: str
    header: str


def every(connection: sqlite3.Connection) -> list[Field]:
    """Return all fields in order, without those in the trash."""
    rows = connection.execute(
        "SELECT id, uid, name, kind FROM fields WHERE deleted_at IS NULL ORDER BY position, id"
    ).fetchall()
    names = [shown(name) for _id, _uid, name, _kind in rows]
    return [
        Field(field_id, shown(uid), name, shown(kind), header)
        for (field_id, uid, _name, kind), name, header in zip(rows, names, headers_of(names), strict=True)
    ]


def of_people(
    connection: sqlite3.Connection, fields: Sequence[Field], ids: Sequence[int]
) -> dict[int, dict[str, Said]]:
    """Return what each of these people has, by the field's name: every field, also the empty ones."""
    if not fields:
        return {}
    found: dict[int, dict[int, list[own.Kept]]] = {}
    for user_id, field_id, value, typed in connection.execute(
        "SELECT user_id, field_id, value, typed FROM field_values"
        " WHERE user_id IN (SELECT value FROM json_each(?)) ORDER BY id",
        (json.dumps(list(ids)),),
    ):
        rows = found.setdefault(user_id, {}).setdefault(field_id, [])
        rows.append(own.Kept(shown(value), stored(typed)))
    return {
        user_id: {each.name: (each.kind, tuple(found.get(user_id, {}).get(each.id, ()))) for each in fields}
        for user_id in ids
    }


def cell(said: Said) -> str | int | float:
    """Return what is in a field as one cell, which our own import takes apart again: a number where it is one
    as it was typed."""
    text = own.as_text(*said)
    if said[0] == "number" and text:
        number = numbers.as_json(text)
        return number if str(number) == text else text
    return text


def as_json(fields: dict[str, Said]) -> dict[str, Any]:
    """Return what someone has as JSON has it, by the names of the fields."""
    return {name: own.as_json(*said) for name, said in fields.items()}


def typed(fields: dict[str, Said]) -> dict[str, str]:
    """Return what was typed, by the names of the fields, where that says a value otherwise."""
    return {name: rows[0].typed for name, (_kind, rows) in fields.items() if rows and rows[0].typed}
