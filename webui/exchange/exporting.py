"""People and posts to files: streamed from one moment of the database, without what is in the trash."""

import sqlite3
from collections.abc import Iterator
from typing import IO, Any

from webui.exchange import spreadsheet
from webui.exchange.vcard import writing
from webui.store.values.text import shown, stored

USER_COLUMNS = (
    "uid",
    "username",
    "email",
    "display_name",
    "prefix",
    "given",
    "additional",
    "family",
    "suffix",
    "nickname",
    "emails",
    "tags",
    "note",
    "created_at",
    "updated_at",
)
POST_COLUMNS = ("uid", "user_uid", "username", "date", "title", "body", "created_at", "updated_at")
_POSTS = """
SELECT p.uid, u.uid, u.username, p.date, p.title, p.body, p.created_at, p.updated_at
FROM posts p JOIN users u ON u.id = p.user_id WHERE u.deleted_at IS NULL ORDER BY p.date, p.id
"""


def people(connection: sqlite3.Connection, ids: list[int] | None = None) -> Iterator[dict[str, Any]]:
    """Yield living people, all by id or those of `ids` in their order.

    Each has the columns of `users`, `name`, `emails` (pairs of label and address) and `tags` (names).
    """
    found = ids if ids is not None else [row[0] for row in connection.execute(_IDS)]
    for start in range(0, len(found), 500):
        yield from _slice(connection, found[start : start + 500])


def users_csv(connection: sqlite3.Connection, stream: IO[bytes], ids: list[int] | None = None) -> None:
    """Write people as a spreadsheet-safe CSV."""
    rows = ([_cell(person[column]) for column in USER_COLUMNS] for person in people(connection, ids))
    spreadsheet.write(stream, USER_COLUMNS, rows)


def posts_csv(connection: sqlite3.Connection, stream: IO[bytes]) -> None:
    """Write all posts about living people as a spreadsheet-safe CSV."""
    spreadsheet.write(stream, POST_COLUMNS, (list(map(stored, row)) for row in connection.execute(_POSTS)))


def contacts_vcf(connection: sqlite3.Connection, stream: IO[bytes], ids: list[int] | None = None) -> None:
    """Write people as vCards 4.0."""
    for person in people(connection, ids):
        stream.write(writing.card(person))


_IDS = "SELECT id FROM users WHERE deleted_at IS NULL ORDER BY id"


def _slice(connection: sqlite3.Connection, ids: list[int]) -> Iterator[dict[str, Any]]:
    listed = ", ".join(str(int(user_id)) for user_id in ids)
    emails: dict[int, list[tuple[str, str]]] = {}
    for user_id, label, email in connection.execute(
        f"SELECT user_id, label, email FROM user_emails WHERE user_id IN ({listed}) ORDER BY id"
    ):
        emails.setdefault(user_id, []).append((shown(label), shown(email)))
    tags: dict[int, list[str]] = {}
    for user_id, name in connection.execute(
        "SELECT ut.user_id, t.name FROM user_tags ut JOIN tags t ON t.id = ut.tag_id"
        f" WHERE ut.user_id IN ({listed}) ORDER BY t.name_key, t.id"
    ):
        tags.setdefault(user_id, []).append(shown(name))
    columns = [column for column in USER_COLUMNS if column not in ("emails", "tags")]
    rows = connection.execute(
        f"SELECT id, {', '.join(columns)} FROM users WHERE id IN ({listed}) AND deleted_at IS NULL"
    )
    known: dict[int, dict[str, Any]] = {
        row[0]: dict(zip(columns, map(stored, row[1:]), strict=True)) for row in rows
    }
    for user_id in ids:
        if user_id in known:
            person = known[user_id]
            person |= {"emails": emails.get(user_id, []), "tags": tags.get(user_id, [])}
            yield person | {"name": person["display_name"] or person["username"]}


def _cell(value: Any) -> Any:
    """Return a list of tags, or of labelled e-mails, as one cell that our own import takes apart again."""
    if not isinstance(value, list):
        return value
    return " ::: ".join(
        each if isinstance(each, str) else f"{each[0]} <{each[1]}>" if each[0] else each[1] for each in value
    )
