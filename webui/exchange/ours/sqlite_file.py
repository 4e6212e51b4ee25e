"""The plain SQLite file that Roster wrote, read by queries as another's: its triggers and views never run."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from webui.exchange.ours.export import Export, broken, check_format
from webui.exchange.out import beside, definitions
from webui.store.errors import Damaged
from webui.store.ledger import sqlite
from webui.store.values import person

_OURS = {"roster", "people", "posts", "people_tags"}
_SLICE = 500  # people read at once
_OF_EVERYONE = {"views": definitions.VIEW, "source_files": definitions.FILE}
_COLUMNS = (
    "uid", *person.FIELDS, "birthday_typed", "created_at", "updated_at",
)  # fmt: skip
_DETAILS = {
    name: ("label", *columns) if name != "dates" else ("label", "date", "typed")
    for name, columns in person.LISTS.items()
}
_ATTACHMENT = ("uid", "name", "media_type", "size", "sha256", "added_at")
_SOURCE = ("file", "position", "source_uid", "raw")

Row = dict[str, Any]


def is_one(path: Path) -> bool:
    """Whether a file is such a database, and all of it is in the file. Raises OSError."""
    with path.open("rb") as file:
        if file.read(len(sqlite.MAGIC)) != sqlite.MAGIC:
            return False
    if any(path.with_name(path.name + end).exists() for end in ("-wal", "-journal")):
        return False
    try:
        with closing(sqlite.foreign(path)) as connection:
            rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            return {name for (name,) in rows} >= _OURS
    except (sqlite3.Error, Damaged):
        return False


def read(path: Path) -> Export:
    """Read what belongs to nobody. Raises Damaged, TooNew."""
    try:
        with sqlite.told(), closing(sqlite.foreign(path)) as connection:
            return Export(path, _about(connection, path), lambda: _people(path), names_others=False)
    except (sqlite3.Error, ValueError, RecursionError) as error:
        raise broken(path) from error


def _about(connection: sqlite3.Connection, path: Path) -> Row:
    said = dict(connection.execute("SELECT name, value FROM roster").fetchall())
    version = str(said.get("format"))
    check_format(int(version) if version.isdecimal() and version.isascii() else None, path)
    about: Row = {
        "everyone": said.get("everyone") == "1",
        "exported_at": said.get("exported_at"),
        "fields": _rows(connection, "fields", definitions.FIELD),
        "tags": _rows(connection, "tags", definitions.TAG),
    }
    for field in about["fields"]:
        field["choices"] = json.loads(field["choices"] or "[]")
    if about["everyone"]:
        about |= {name: _rows(connection, name, columns) for name, columns in _OF_EVERYONE.items()}
        about["settings"] = dict(connection.execute("SELECT name, value FROM settings").fetchall())
    return about


def _rows(connection: sqlite3.Connection, table: str, columns: Sequence[str]) -> list[Row]:
    rows = connection.execute(f"SELECT {', '.join(columns)} FROM {table} ORDER BY rowid")
    return [dict(zip(columns, row, strict=True)) for row in rows]


def _people(path: Path) -> Iterator[Row]:
    try:
        with sqlite.told(), closing(sqlite.foreign(path)) as connection:
            after = -(2**63)
            while ids := [row[0] for row in connection.execute(_NEXT, (after,))]:
                yield from _slice(connection, json.dumps(ids))
                after = ids[-1]
    except sqlite3.Error as error:
        raise broken(path) from error


_NEXT = f"SELECT id FROM people WHERE id > ? ORDER BY id LIMIT {_SLICE}"
_QUERIES: dict[str, tuple[str, Sequence[str]]] = {
    **{
        name: (f"SELECT person_id, {', '.join(columns)} FROM {name} WHERE {{}} ORDER BY id", columns)
        for name, columns in _DETAILS.items()
    },
    "tags": (
        "SELECT person_id, t.name FROM people_tags JOIN tags t ON t.id = tag_id WHERE {} ORDER BY t.id",
        ("",),
    ),
    "own": (
        "SELECT person_id, f.name, v.value, v.typed FROM field_values v JOIN fields f ON f.id = v.field_id"
        " WHERE {} ORDER BY v.id",
        ("name", "value", "typed"),
    ),
    "posts": (
        f"SELECT person_id, id, {', '.join(beside.POST)} FROM posts WHERE {{}} ORDER BY id",
        ("id", *beside.POST),
    ),
    "relations": (
        "SELECT person_id, o.uid, r.kind, r.label, r.back_label, r.uid FROM relations r"
        " JOIN people o ON o.id = r.other_id WHERE {} ORDER BY r.id",
        ("uid", "kind", "label", "back_label", "relation"),
    ),
    "attachments": (
        f"SELECT person_id, {', '.join(_ATTACHMENT)} FROM attachments WHERE {{}} ORDER BY id",
        _ATTACHMENT,
    ),
    "aliases": ("SELECT person_id, uid FROM former_uids WHERE {} ORDER BY rowid", ("",)),
}


def _slice(connection: sqlite3.Connection, ids: str) -> Iterator[Row]:
    """Yield the people with these ids (a JSON list)."""
    theirs = f"person_id IN (SELECT value FROM json_each('{ids}'))"
    found: dict[str, dict[int, list[Any]]] = {name: {} for name in (*_QUERIES, "sources")}
    for name, (query, columns) in _QUERIES.items():
        for person_id, *values in connection.execute(query.format(theirs)):
            said = values[0] if columns == ("",) else dict(zip(columns, values, strict=True))
            found[name].setdefault(person_id, []).append(said)
    _put_also(connection, theirs, found["posts"])
    of_everyone = connection.execute("SELECT 1 FROM sources LIMIT 1").fetchone()
    there = {name for _at, name, *_more in connection.execute("PRAGMA table_info(people)")}
    columns = ", ".join(each if each in there else "NULL" for each in _COLUMNS)  # an older file has fewer
    people = connection.execute(
        f"SELECT id, photo, {columns} FROM people"
        f" WHERE id IN (SELECT value FROM json_each('{ids}')) ORDER BY id"
    )
    for person_id, photo, *values in people:
        row: Row = dict(zip(_COLUMNS, values, strict=True))
        row |= {name: rows.get(person_id, []) for name, rows in found.items()}
        row["own"] = [(each["name"], each["value"], each["typed"]) for each in row["own"]]
        row["photo"] = _photo(connection, photo) if photo else None
        for each in row["attachments"]:
            each["content"] = _content(connection, "files", each["sha256"])
        row["sources"] = _sources(connection, person_id) if of_everyone else []
        yield row


def _put_also(connection: sqlite3.Connection, theirs: str, posts: dict[int, list[Row]]) -> None:
    """Put into each post who else it is about."""
    also: dict[int, list[Row]] = {}
    for post_id, uid in connection.execute(
        "SELECT a.post_id, o.uid FROM posts_people a JOIN people o ON o.id = a.person_id"
        f" WHERE a.post_id IN (SELECT id FROM posts WHERE {theirs}) ORDER BY a.rowid"
    ):
        also.setdefault(post_id, []).append({"uid": uid})
    for rows in posts.values():
        for post in rows:
            post["also_about"] = also.get(post.pop("id"), [])


def _photo(connection: sqlite3.Connection, sha256: str) -> Row:
    return {"sha256": sha256, "content": _content(connection, "photos", sha256)}


def _content(connection: sqlite3.Connection, table: str, sha256: object) -> object:
    found = connection.execute(f"SELECT content FROM {table} WHERE sha256 = ?", (sha256,)).fetchone()
    # A file whose bytes were not there was written as an empty one.
    return found[0] if found and (found[0] or table == "photos" or sha256 == _EMPTY) else None


_EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def _sources(connection: sqlite3.Connection, person_id: int) -> list[Row]:
    rows = connection.execute(
        "SELECT file_id, position, source_uid, raw FROM sources WHERE person_id = ? ORDER BY id", (person_id,)
    )
    return [dict(zip(_SOURCE, row, strict=True)) for row in rows]
