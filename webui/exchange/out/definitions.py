"""What belongs to the database and to nobody in it: own fields, tags, views, settings, imported files."""

import json
import sqlite3
from collections.abc import Sequence
from typing import Any

from webui.exchange.own_fields import Field
from webui.store.values.text import all_stored, shown

Row = dict[str, Any]
FIELD = (
    "uid", "name", "kind", "hint", "choices", "default_value", "required", "no_two_alike", "listed",
    "position",
)  # fmt: skip
TAG = ("uid", "name")
VIEW = ("uid", "name", "preset", "query", "sort", "position")
SETTING = ("name", "value")
FILE = ("id", "format", "name", "file_hash", "header", "options", "imported_at")
_WHOLE = ("required", "no_two_alike", "listed", "position", "id")  # numbers


def fields(connection: sqlite3.Connection, wanted: Sequence[Field]) -> list[Row]:
    """Return the definitions of own fields, in their order: `choices` is a list."""
    columns = ", ".join(FIELD).replace("choices", "options")
    found = []
    for each in wanted:
        row = connection.execute(f"SELECT {columns} FROM fields WHERE id = ?", (each.id,)).fetchone()
        made = _row(FIELD, row)
        made["choices"] = _choices(made["choices"])
        found.append(made)
    return found


def tags(connection: sqlite3.Connection, ids: Sequence[int] | None) -> list[Row]:
    """Return all tags, or those that some people have."""
    there = "" if ids is None else _OF_PEOPLE
    values = () if ids is None else (json.dumps(list(ids)),)
    query = f"SELECT uid, name FROM tags {there} ORDER BY name_key, id"
    return [_row(TAG, row) for row in connection.execute(query, values)]


def views(connection: sqlite3.Connection) -> list[Row]:
    """Return the saved views in their order."""
    query = f"SELECT {', '.join(VIEW)} FROM saved_views WHERE deleted_at IS NULL ORDER BY position, id"
    return [_row(VIEW, row) for row in connection.execute(query)]


def settings(connection: sqlite3.Connection, ids: Sequence[int] | None = None) -> dict[str, str]:
    """Return the settings that differ from what Roster begins with; of some people the one by which their
    phones are read."""
    query = "SELECT name, value FROM settings ORDER BY name"
    found = {shown(name): shown(value) for name, value in connection.execute(query)}
    return {name: found[name] for name in found if ids is None or name == "phone_region"}


def source_files(connection: sqlite3.Connection) -> list[Row]:
    """Return the files that people came from."""
    query = f"SELECT {', '.join(FILE)} FROM source_files ORDER BY id"
    return [_row(FILE, row) for row in connection.execute(query)]


def title(connection: sqlite3.Connection) -> str:
    """Return what the database is called, '' where nobody has said."""
    found = connection.execute("SELECT value FROM settings WHERE name = 'title'").fetchone()
    return shown(found[0]) if found else ""


_OF_PEOPLE = """WHERE id IN (SELECT tag_id FROM user_tags ut JOIN users u ON u.id = ut.user_id
 WHERE u.deleted_at IS NULL AND u.id IN (SELECT value FROM json_each(?)))"""


def _row(columns: Sequence[str], row: Sequence[object]) -> Row:
    made: Row = dict(zip(columns, all_stored(row), strict=True))
    for name, value in zip(columns, row, strict=True):
        if name in _WHOLE:
            made[name] = value if isinstance(value, int) else 0
    return made


def _choices(options: str | None) -> list[str]:
    try:
        found = json.loads(options or "[]")
    except ValueError:  # another program wrote it
        return []
    return [str(each) for each in found] if isinstance(found, list) else []
