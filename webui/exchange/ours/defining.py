"""What belongs to the database: own fields, tags, views, settings and the files that people came from.

Of everyone a file says all of it; of some people it says what they need, and what is here stays as it is.
"""

import json
import sqlite3
from dataclasses import dataclass, field
from typing import Any

from webui.exchange.ours.export import Export, Row, maybe, named, rows, said, texts, uid, whole
from webui.store.values import own, text, times


@dataclass
class Names:
    """The ids that own fields, tags and files have, by what the people of a file call them."""

    fields: dict[str, int] = field(default_factory=dict)
    tags: dict[str, int] = field(default_factory=dict)
    files: dict[Any, int] = field(default_factory=dict)


def put(connection: sqlite3.Connection, export: Export) -> Names:
    """Put what a file says of it. Raises Shape."""
    connection.execute("CREATE TEMP TABLE said (of TEXT, id INTEGER)")
    names, about = Names(), export.about
    put_one = _replace if export.everyone else _add
    for each in rows(about, "fields"):
        names.fields[said(each, "name")] = put_one(connection, "fields", _field(each))
    for each in rows(about, "tags"):
        names.tags[said(each, "name")] = put_one(
            connection, "tags", {"uid": uid(each), "name": said(each, "name")}
        )
    if export.everyone:
        for each in rows(about, "views"):
            _replace(connection, "saved_views", _view(each))
        connection.execute("DELETE FROM settings")
        _put_settings(connection, named(about, "settings"))
        for each in rows(about, "source_files"):
            names.files[each.get("id")] = _put_file(connection, each)
    return names


def remove_what_is_gone(connection: sqlite3.Connection, *, sources: bool) -> None:
    """Remove what a file of everyone does not have, but for what is in the trash; where people came from only
    if it has a place for `sources`."""
    for table in ("fields", "saved_views"):
        connection.execute(
            f"DELETE FROM {table} WHERE deleted_at IS NULL AND id NOT IN (SELECT id FROM said WHERE of = ?)",
            (table,),
        )
    connection.execute(
        "DELETE FROM tags WHERE id NOT IN (SELECT id FROM said WHERE of = 'tags')"
        " AND id NOT IN (SELECT tag_id FROM user_tags)"
    )
    if not sources:
        return
    connection.execute(
        "DELETE FROM sources WHERE user_id IN (SELECT id FROM users WHERE deleted_at IS NULL)"
        " AND file_id NOT IN (SELECT id FROM said WHERE of = 'source_files')"
    )
    connection.execute(
        "DELETE FROM source_files WHERE id NOT IN (SELECT id FROM said WHERE of = 'source_files')"
        " AND id NOT IN (SELECT file_id FROM sources)"
    )


def _replace(connection: sqlite3.Connection, table: str, values: dict[str, Any]) -> int:
    """Put a record in the place of the one with its uid, or as a new one; out of the trash if it is there."""
    more = "" if table == "tags" else ", deleted_at = NULL"
    sets = ", ".join(f"{name} = excluded.{name}" for name in values if name != "uid")
    (record_id,) = connection.execute(
        f"INSERT INTO {table} ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})"
        f" ON CONFLICT (uid) DO UPDATE SET {sets}, name_key = NULL{more} RETURNING id",
        tuple(values.values()),
    ).fetchone()
    connection.execute("INSERT INTO said VALUES (?, ?)", (table, record_id))
    return int(record_id)


def _add(connection: sqlite3.Connection, table: str, values: dict[str, Any]) -> int:
    """Return the id of what is here and is the same: by uid, or by its name; add it where nothing is."""
    living, kind = ("", "") if table == "tags" else (" AND deleted_at IS NULL", " AND kind = :kind")
    for same in ("uid = :uid", f"name_key = :key{kind}"):
        found = connection.execute(
            f"SELECT id FROM {table} WHERE {same}{living}", {**values, "key": text.key(values["name"])}
        ).fetchone()
        if found:
            return int(found[0])
    names = {row[0] for row in connection.execute(f"SELECT name_key FROM {table}")}
    name, number = values["name"], 2
    while text.key(values["name"]) in names:  # that of a field of another kind
        values["name"], number = f"{name[:70]} {number}", number + 1
    return _replace(connection, table, values)


def _field(row: Row) -> dict[str, Any]:
    kind, choices = said(row, "kind"), row.get("choices")
    if not isinstance(choices, str):
        choices = json.dumps(texts(row, "choices"), ensure_ascii=False)
    return {
        "uid": uid(row), "name": said(row, "name"), "kind": kind if kind in own.KINDS else "text",
        "hint": said(row, "hint"), "options": choices, "default_value": said(row, "default_value"),
        **{name: whole(row, name) for name in ("required", "no_two_alike", "listed", "position")},
    }  # fmt: skip


def _view(row: Row) -> dict[str, Any]:
    return {
        "uid": uid(row), "name": maybe(row, "name"), "preset": maybe(row, "preset"),
        "query": said(row, "query"), "sort": said(row, "sort"), "position": whole(row, "position"),
    }  # fmt: skip


def _put_settings(connection: sqlite3.Connection, settings: Row) -> None:
    for name in settings:
        connection.execute("INSERT INTO settings (name, value) VALUES (?, ?)", (name, said(settings, name)))


def _put_file(connection: sqlite3.Connection, row: Row) -> int:
    names = ("format", "name", "file_hash", "header", "options")
    values = [said(row, name) for name in names]
    made = connection.execute(
        f"INSERT INTO source_files ({', '.join(names)}, imported_at) VALUES (?, ?, ?, ?, ?, ?)",
        (*values[:4], values[4] or "{}", said(row, "imported_at") or times.now()),
    )
    connection.execute("INSERT INTO said VALUES ('source_files', ?)", (made.lastrowid,))
    assert made.lastrowid
    return made.lastrowid
