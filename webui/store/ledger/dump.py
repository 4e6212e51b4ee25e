"""The logical dump of a database and its digest: what "identical" means.

Outside it are the ledger, the history, derived text, and what SQLite keeps for itself.
"""

import hashlib
import sqlite3
from collections.abc import Iterator
from itertools import islice

from webui.store.ledger.fetching import exact, fetched
from webui.store.models import recorded
from webui.store.values import person


def rows(connection: sqlite3.Connection) -> Iterator[tuple[str, tuple[object, ...]]]:
    """Yield (table, row) of every record, by table and id; values exactly as SQLite holds them."""
    for table in sorted(recorded(), key=lambda each: each.name):
        columns = ", ".join(f'"{column.name}"' for column in table.c)
        query, after = f"SELECT id, {columns} FROM {table.name} WHERE id > ? ORDER BY id LIMIT 500", -(2**63)
        while found := fetched(connection, query, (after,)):
            yield from ((table.name, row[1:]) for row in found)
            after = found[-1][0]


def digest(connection: sqlite3.Connection) -> str:
    """Return the SHA-256 of the logical dump, in hex. One read transaction."""
    return _hashed(connection, rows(connection))


def records_digest(connection: sqlite3.Connection) -> str:
    """Return the SHA-256 of the records by uid: without ids, sources, created and updated times."""
    return _hashed(connection, _by_uid(connection))


# What is compared by uid, of the database called {0}: all but ids and the times of adding and changing.
# `person` is whose it is.
_USER = ", ".join((*person.FIELDS, "birthday_typed", "photo_hash", "deleted_at"))
# What a person has any number of: the columns of its table besides the keys.
_ROWS = {
    "user_emails": "d.label, d.email",
    "user_phones": "d.label, d.phone",
    "user_addresses": "d.label, d.street, d.extra, d.po_box, d.postal_code, d.city, d.region, d.country",
    "user_links": "d.label, d.url",
    "user_handles": "d.label, d.handle",
    "user_dates": "d.label, d.date, d.typed",
}
BY_UID = {
    "users": f"SELECT uid AS person, {_USER} FROM {{0}}.users",
    **{
        table: f"SELECT u.uid AS person, {columns} FROM {{0}}.{table} d"
        " JOIN {0}.users u ON u.id = d.user_id"
        for table, columns in _ROWS.items()
    },
    "user_tags": """SELECT u.uid AS person, t.name FROM {0}.user_tags ut JOIN {0}.users u ON u.id = ut.user_id
                    JOIN {0}.tags t ON t.id = ut.tag_id""",
    "field_values": """SELECT u.uid AS person, f.uid, v.value, v.typed FROM {0}.field_values v
                       JOIN {0}.users u ON u.id = v.user_id JOIN {0}.fields f ON f.id = v.field_id""",
    "posts": """SELECT p.uid, u.uid AS person, p.title, p.body, p.date, p.follow_up, p.done_at, p.deleted_at
                FROM {0}.posts p JOIN {0}.users u ON u.id = p.user_id""",
    "post_users": """SELECT u.uid AS person, p.uid FROM {0}.post_users a
                     JOIN {0}.users u ON u.id = a.user_id JOIN {0}.posts p ON p.id = a.post_id""",
    "relations": """SELECT r.uid, u.uid AS person, o.uid, r.kind, r.label, r.back_label FROM {0}.relations r
                    JOIN {0}.users u ON u.id = r.user_id JOIN {0}.users o ON o.id = r.other_id""",
    "attachments": """SELECT a.uid, u.uid AS person, a.name, a.media_type, a.size, a.file_hash
                      FROM {0}.attachments a JOIN {0}.users u ON u.id = a.user_id""",
    "tags": "SELECT uid, name FROM {0}.tags",
    "fields": """SELECT uid, name, kind, hint, options, default_value, required, no_two_alike, listed,
                 position, deleted_at FROM {0}.fields""",
    "saved_views": "SELECT uid, name, preset, query, sort, position, deleted_at FROM {0}.saved_views",
    "uid_aliases": """SELECT a.uid, u.uid AS person FROM {0}.uid_aliases a
                      JOIN {0}.users u ON u.id = a.user_id""",
    "settings": "SELECT name, value FROM {0}.settings",
}
OF_PEOPLE = (
    "users", *_ROWS, "user_tags", "field_values", "posts", "post_users", "relations", "attachments"
)  # fmt: skip
# All columns where a person has many rows; all others have a uid, or a name, first.
_ORDER = {
    table: ", ".join(str(n + 1) for n in range(columns.count(",") + 2)) for table, columns in _ROWS.items()
}
_ORDER |= {"user_tags": "1, 2", "field_values": "1, 2, 3, 4", "post_users": "1, 2"}


def _by_uid(connection: sqlite3.Connection) -> Iterator[tuple[str, tuple[object, ...]]]:
    for table, query in BY_UID.items():
        order = _ORDER.get(table, "1")
        for row in connection.execute(f"{query.format('main')} ORDER BY {order}"):
            yield table, row


def _hashed(connection: sqlite3.Connection, found: Iterator[tuple[str, tuple[object, ...]]]) -> str:
    begun, factory = not connection.in_transaction, connection.text_factory
    if begun:
        connection.execute("BEGIN")
    connection.text_factory = exact
    try:
        made = hashlib.sha256()
        while some := "".join([f"{table} {row!r}\n" for table, row in islice(found, 1_000)]):
            made.update(some.encode("utf-8", "surrogatepass"))
        return made.hexdigest()
    finally:
        connection.text_factory = factory
        if begun:
            connection.execute("ROLLBACK")
