"""The derived text of people: folded for search, keyed for sorting, written set by set."""

import sqlite3
from collections.abc import Iterator

from webui.store.values import emails, text

SLICE = 5_000
NO_EMAIL = "\uffff"  # sorts behind every address

_READ = """
SELECT u.id, u.display_name, u.username, u.nickname, u.given, u.additional, u.family, u.email, u.note,
  (SELECT group_concat(email, ' ') FROM user_emails WHERE user_id = u.id),
  (SELECT group_concat(t.name, ' ') FROM user_tags ut JOIN tags t ON t.id = ut.tag_id
   WHERE ut.user_id = u.id),
  (SELECT group_concat(title || ' ' || body, ' ') FROM posts WHERE user_id = u.id),
  (SELECT max(date) FROM posts WHERE user_id = u.id)
FROM temp.touched t CROSS JOIN users u ON u.id = t.id
WHERE t.id > ? AND u.deleted_at IS NULL ORDER BY t.id LIMIT ?
"""


def write(connection: sqlite3.Connection) -> None:
    """Forget and write anew the text of everyone in `temp.touched`; people in the trash have none.

    One INSERT ... SELECT an index: FTS5 flushes at the end of each statement, so that a statement a row
    would be 25 times slower, and one a slice leaves it more to merge.
    """
    columns = {"names_fts": "names", "words_fts": "names, reach, body", "parts_fts": "names, reach"}
    old = "FROM person_text WHERE user_id IN (SELECT id FROM temp.touched)"
    if connection.execute(f"SELECT 1 {old} LIMIT 1").fetchone():
        for index, listed in columns.items():
            connection.execute(
                f"INSERT INTO {index} ({index}, rowid, {listed}) SELECT 'delete', user_id, {listed} {old}"
            )
        connection.execute(f"DELETE {old}")
    for rows in _slices(connection):
        connection.executemany(
            "INSERT INTO person_text (user_id, name_key, email_sort, last_post, names, reach, body)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            rows,
        )
    for index, listed in columns.items():
        connection.execute(
            f"INSERT INTO {index} (rowid, {listed}) SELECT user_id, {listed}"
            " FROM temp.touched CROSS JOIN person_text ON user_id = id"
        )


def _slices(connection: sqlite3.Connection) -> Iterator[list[tuple[int, bytes, str, str, str, str, str]]]:
    after = 0
    while rows := connection.execute(_READ, (after, SLICE)).fetchall():
        # Another program may have stored a number or bytes where a text belongs.
        yield [_made(row[0], [_text(value) for value in row[1:]]) for row in rows]
        after = rows[-1][0]


def _text(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return "" if value is None else str(value)


def _made(user_id: int, values: list[str]) -> tuple[int, bytes, str, str, str, str, str]:
    name, username, nickname, given, additional, family, email, note, further, tags, posts, last = values
    known = text.fold(name or username)
    names = [known]
    for extra in (username, nickname, given, additional, family):
        if (folded := text.fold(extra)) not in known:
            names.append(folded)
    reach = text.fold(f"{email} {further}").strip()
    body = text.fold(f"{tags} {note} {posts}").strip()
    email_sort = emails.key(email) if email else NO_EMAIL
    return user_id, text.sort_key(name or username), email_sort, last, " ".join(names), reach, body
