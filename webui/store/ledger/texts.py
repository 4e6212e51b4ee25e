"""The derived text of people: folded for search, keyed for sorting, written set by set."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from webui.store.ledger import fetching
from webui.store.values import emails, phones, text
from webui.store.values import names as names_of

Text = tuple[int, bytes, str, str, str, str, str]

SLICE = 5_000
_MANY, _FEW = 16 << 20, 1 << 20  # bytes an index gathers; the second is what SQLite does by itself
NO_EMAIL = "\U0010ffff"  # sorts behind every address
_INDEXES = {"names_fts": "names", "words_fts": "names, reach, body", "parts_fts": "names, reach"}

_OLD = "FROM person_text WHERE user_id IN (SELECT id FROM temp.touched)"
_READ = """
SELECT u.id, u.display_name, u.username, u.nickname, u.given, u.additional, u.family, u.email, u.note,
  (SELECT group_concat(email, ' ') FROM user_emails WHERE user_id = u.id),
  (SELECT group_concat(title || ' ' || body, ' ') FROM posts WHERE user_id = u.id AND deleted_at IS NULL),
  max(coalesce((SELECT max(date) FROM posts WHERE user_id = u.id AND deleted_at IS NULL), ''),
   coalesce((SELECT max(date) FROM post_users a
    JOIN posts p ON p.id = a.post_id AND p.deleted_at IS NULL
    JOIN users m ON m.id = p.user_id AND m.deleted_at IS NULL WHERE a.user_id = u.id), '')),
  u.prefix, u.phonetic,
  coalesce(u.organisation, '') || ' ' || coalesce(u.department, '') || ' ' || coalesce(u.job_title, ''),
  (SELECT group_concat(phone || char(31) || coalesce(phone_key, ''), char(30)) FROM user_phones
   WHERE user_id = u.id),
  (SELECT group_concat(street || ' ' || extra || ' ' || po_box || ' ' || postal_code || ' ' || city || ' '
   || region || ' ' || country, ' ') FROM user_addresses WHERE user_id = u.id),
  (SELECT group_concat(url, ' ') FROM user_links WHERE user_id = u.id),
  (SELECT group_concat(handle, ' ') FROM user_handles WHERE user_id = u.id),
  (SELECT group_concat(title || ' ' || body, ' ') FROM post_users a
   JOIN posts p ON p.id = a.post_id AND p.deleted_at IS NULL
   JOIN users m ON m.id = p.user_id AND m.deleted_at IS NULL WHERE a.user_id = u.id),
  (SELECT group_concat(value || ' ' || coalesce(typed, ''), ' ') FROM field_values v
   JOIN fields f ON f.id = v.field_id AND f.deleted_at IS NULL AND f.kind <> 'yes_no' WHERE v.user_id = u.id)
FROM temp.touched t CROSS JOIN users u ON u.id = t.id
WHERE t.id > ? AND u.deleted_at IS NULL ORDER BY t.id LIMIT ?
"""


def write(connection: sqlite3.Connection) -> None:
    """Forget and write anew the text of everyone in `temp.touched`; people in the trash have none.

    One INSERT ... SELECT an index: FTS5 flushes at the end of each statement, so that a statement a row
    would be 25 times slower, and one a slice leaves it more to merge. To forget one takes as long as to write
    three: where most are forgotten, an index is emptied and the others are written again.
    """
    forgotten, everyone = connection.execute(
        f"SELECT (SELECT count(*) {_OLD}), (SELECT count(*) FROM person_text)"
    ).fetchone()
    is_most = forgotten >= SLICE and 4 * forgotten > everyone
    for index, listed in _INDEXES.items() if forgotten else ():
        _forget(connection, index, listed, is_most, forgotten)
    connection.execute(f"DELETE {_OLD}")
    written = 0
    for rows in _slices(connection):
        connection.executemany(
            "INSERT INTO person_text (user_id, name_key, email_sort, last_post, names, reach, body)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            _made(rows),
        )
        written += len(rows)
    new = "person_text" if is_most else "temp.touched CROSS JOIN person_text ON user_id = id"
    for index, listed in _INDEXES.items():
        with _gathered(connection, index, many=is_most or written >= SLICE):
            connection.execute(f"INSERT INTO {index} (rowid, {listed}) SELECT user_id, {listed} FROM {new}")


def _forget(connection: sqlite3.Connection, index: str, listed: str, is_most: bool, count: int) -> None:
    if is_most:
        connection.execute(f"INSERT INTO {index} ({index}) VALUES ('delete-all')")
        return
    with _gathered(connection, index, many=count >= SLICE):
        connection.execute(
            f"INSERT INTO {index} ({index}, rowid, {listed}) SELECT 'delete', user_id, {listed} {_OLD}"
        )


@contextmanager
def _gathered(connection: sqlite3.Connection, index: str, *, many: bool) -> Iterator[None]:
    """Let an index gather more bytes before it writes a segment: few large ones need less merging."""
    if many:
        _gather(connection, index, _MANY)
    yield
    if many:
        _gather(connection, index, _FEW)


def _gather(connection: sqlite3.Connection, index: str, size: int) -> None:
    connection.execute(f"INSERT INTO {index} ({index}, rank) VALUES ('hashsize', ?)", (size,))


def _slices(connection: sqlite3.Connection) -> Iterator[list[tuple[Any, ...]]]:
    after = -1
    while rows := fetching.fetched(connection, _READ, (after, SLICE)):
        yield rows
        after = rows[-1][0]


def _made(rows: list[tuple[Any, ...]]) -> list[Text]:
    # Another program may have stored a number or bytes where a text belongs.
    return [
        _text_of(
            row[0],
            ["" if value is None else value if type(value) is str else _text(value) for value in row[1:]],
        )
        for row in rows
    ]


def _digits(phoned: str) -> str:
    """Return what phones are found by; each is the number as typed and its key, apart by U+001F."""
    found = [phone.partition("\x1f")[::2] for phone in phoned.split("\x1e")]
    return " ".join([phones.digits(phone, known) for phone, known in found])


def _text(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return str(value)


def _text_of(user_id: int, values: list[str]) -> Text:
    name, username, nickname, given, additional, family, email, note, further, posts, last = values[:11]
    prefix, phonetic, work, phoned, addresses, links, handles, shared, own = values[11:]
    known = text.fold(name or username)
    names = [known]
    for extra in (username, nickname, given, additional, family, phonetic):
        if extra and (folded := text.fold(extra)) not in known:
            names.append(folded)
    run = _digits(phoned) if phoned else ""
    known_of = f"{email} {further} {work} {run} {handles} {addresses} {links} {own}"
    reach = text.fold(text.one_line(known_of))
    body = text.fold(f"{note} {posts} {shared}").strip()
    email_sort = emails.key(email) if email else NO_EMAIL
    name_key = text.sort_key(names_of.sorted_by(name or username, prefix))
    return user_id, name_key, email_sort, last, " ".join(names), reach, body
