"""What ties the people of a file to others, and their posts and files: by uids, once all of them are there.

What is said with someone who is not in the file stays as it is here; with someone who is nowhere, it is lost.
"""

import sqlite3
from collections.abc import Mapping

from webui.exchange.ours.export import Row, Shape, content, maybe, rows, said, texts, uid, whole
from webui.store.relations import BACK, OWN
from webui.store.values import times

_TABLES = (
    "had_tags (user_id INTEGER, tag_id INTEGER)",
    "aliases (user_id INTEGER, uid TEXT)",
    "came_posts (id INTEGER PRIMARY KEY)",
    "also (post_id INTEGER, uid TEXT)",
    "came_files (id INTEGER PRIMARY KEY)",
    "ties (uid TEXT PRIMARY KEY, one TEXT, other TEXT, kind TEXT, label TEXT, back_label TEXT)",
)


def begin(connection: sqlite3.Connection) -> None:
    """Make the tables that hold it meanwhile."""
    for each in _TABLES:
        connection.execute(f"CREATE TEMP TABLE {each}")


def put(connection: sqlite3.Connection, user_id: int, row: Row) -> None:
    """Put the posts and files of a person, and note whom they belong with. Raises Shape."""
    for post in rows(row, "posts"):
        _put_post(connection, user_id, post)
    for file in rows(row, "attachments"):
        _put_file(connection, user_id, file)
    connection.executemany(
        "INSERT INTO aliases VALUES (?, ?)", [(user_id, each) for each in texts(row, "aliases")]
    )
    for tie in rows(row, "relations"):
        _note_tie(connection, uid(row), tie)


def settle(connection: sqlite3.Connection, *, names_others: bool, files: bool) -> None:
    """Tie them to who is there, and remove what the file does not say any more: of people who are not in it
    only if it `names_others`, attached `files` only if it has any."""
    others, either = (_LIVING, "OR") if names_others else (_CAME, "AND")
    for statement in _SETTLING:
        connection.execute(statement.format(others=others, either=either))
    if files:
        connection.execute(_FILES)


def _put_post(connection: sqlite3.Connection, user_id: int, row: Row) -> None:
    now = times.now()
    values = (
        uid(row), user_id, said(row, "date"), said(row, "title"), said(row, "body"),
        maybe(row, "follow_up"), maybe(row, "done_at"),
        said(row, "created_at") or now, said(row, "updated_at") or now,
    )  # fmt: skip
    (post_id,) = connection.execute(_POST, values).fetchone()
    connection.execute("INSERT INTO came_posts VALUES (?)", (post_id,))
    connection.executemany(
        "INSERT INTO also VALUES (?, ?)", [(post_id, uid(each)) for each in rows(row, "also_about")]
    )


def _put_file(connection: sqlite3.Connection, user_id: int, row: Row) -> None:
    file_hash, data = said(row, "sha256"), content(row)
    if data is not None:
        connection.execute("INSERT OR IGNORE INTO files (hash, content) VALUES (?, ?)", (file_hash, data))
    values = (
        uid(row), user_id, said(row, "name"), said(row, "media_type"), whole(row, "size"), file_hash,
        said(row, "added_at") or times.now(),
    )  # fmt: skip
    (file_id,) = connection.execute(_FILE, values).fetchone()
    connection.execute("INSERT INTO came_files VALUES (?)", (file_id,))


def _note_tie(connection: sqlite3.Connection, person: str, row: Row) -> None:
    """Note what was said of two, from the side of who said it."""
    if not isinstance(row, Mapping):
        raise Shape("relations")
    kind, label, back_label, other = said(row, "kind"), said(row, "label"), said(row, "back_label"), uid(row)
    if kind not in BACK:
        kind, label = OWN, label or kind
    if row.get("back"):
        person, other, kind = other, person, BACK[kind]
        label, back_label = back_label, "" if label == back_label else label
    # The side that said it comes from whoever it is with, and is exact.
    do = "IGNORE" if row.get("back") else "REPLACE"
    connection.execute(
        f"INSERT OR {do} INTO ties VALUES (?, ?, ?, ?, ?, ?)",
        (uid(row, "relation"), person, other, kind, label, back_label),
    )


def _upsert(table: str, columns: tuple[str, ...], more: str = "") -> str:
    sets = ", ".join(f"{name} = excluded.{name}" for name in columns[1:])
    return (
        f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
        f" ON CONFLICT (uid) DO UPDATE SET {sets}{more} RETURNING id"
    )


_POST = _upsert(
    "posts",
    ("uid", "user_id", "date", "title", "body", "follow_up", "done_at", "created_at", "updated_at"),
    ", deleted_at = NULL",
)
_FILE = _upsert("attachments", ("uid", "user_id", "name", "media_type", "size", "file_hash", "added_at"))
_CAME, _LIVING = "(SELECT id FROM came)", "(SELECT id FROM users WHERE deleted_at IS NULL)"
_SETTLING = (
    f"DELETE FROM posts WHERE user_id IN {_CAME} AND deleted_at IS NULL"
    " AND id NOT IN (SELECT id FROM came_posts)",
    "DELETE FROM post_users WHERE post_id IN (SELECT id FROM came_posts) AND user_id IN {others}",
    "INSERT OR IGNORE INTO post_users (post_id, user_id) SELECT a.post_id, u.id FROM also a"
    " JOIN users u ON u.uid = a.uid ORDER BY a.rowid",
    "INSERT OR IGNORE INTO uid_aliases (user_id, uid) SELECT user_id, uid FROM aliases ORDER BY rowid",
    f"DELETE FROM relations WHERE uid NOT IN (SELECT uid FROM ties) AND user_id IN {_LIVING}"
    f" AND other_id IN {_LIVING} AND (user_id IN {_CAME} {{either}} other_id IN {_CAME})",
    "INSERT INTO relations (uid, user_id, other_id, kind, label, back_label)"
    " SELECT t.uid, o.id, p.id, t.kind, t.label, t.back_label FROM ties t"
    " JOIN users o ON o.uid = t.one JOIN users p ON p.uid = t.other WHERE true ORDER BY t.rowid"
    " ON CONFLICT (uid) DO UPDATE SET user_id = excluded.user_id, other_id = excluded.other_id,"
    " kind = excluded.kind, label = excluded.label, back_label = excluded.back_label",
)
_FILES = f"DELETE FROM attachments WHERE user_id IN {_CAME} AND id NOT IN (SELECT id FROM came_files)"
