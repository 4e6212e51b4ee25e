"""What differs between the live database (`main`) and a backup attached to it (`backup`), set by set."""

import hashlib
import sqlite3
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Table

from webui.store import errors
from webui.store.ledger import dump, forget
from webui.store.models import kept, recorded
from webui.store.values import text

# Tables whose rows are the same record in both files when this column is equal.
IDENTITY = {
    **dict.fromkeys(("users", "posts", "tags", "fields", "attachments", "relations", "saved_views"), "uid"),
    "settings": "name",
}
_TIMES = ("created_at", "updated_at")


@dataclass(frozen=True)
class People:
    """The uids of people whom a restore would add, change and remove."""

    added: frozenset[str]
    changed: frozenset[str]
    removed: frozenset[str]


def people(connection: sqlite3.Connection) -> People:
    """Return whom a restore would add, change and remove: by uid, whatever their ids are.

    Whoever is in the trash is not counted, as nowhere: moved there is removed, taken out of there added.
    """

    def one(query: str) -> frozenset[str]:
        return frozenset(row[0] for row in connection.execute(query))

    living = "SELECT uid FROM {}.users WHERE deleted_at IS NULL"
    theirs, ours = one(living.format("backup")), one(living.format("main"))
    touched: set[str] = set()
    for table in dump.OF_PEOPLE:
        a, b = dump.BY_UID[table].format("backup"), dump.BY_UID[table].format("main")
        touched |= one(f"SELECT person FROM ({a} EXCEPT {b})") | one(f"SELECT person FROM ({b} EXCEPT {a})")
    return People(theirs - ours, theirs & ours & touched, ours - theirs)


def uid(connection: sqlite3.Connection, username: str) -> str:
    """Return the uid of whom a restore would bring or change, or else take away. Raises NotFound."""
    for name in ("backup", "main"):
        query = f"SELECT uid FROM {name}.users WHERE username_key = ? AND deleted_at IS NULL"
        if row := connection.execute(query, (text.key(username),)).fetchone():
            return str(row[0])
    raise errors.NotFound("usernames", username)


def name(connection: sqlite3.Connection, uid: str) -> str:
    """Return what a person is called in the backup, or else here."""
    called = "SELECT coalesce(nullif(display_name, ''), username) FROM {}.users WHERE uid = :uid"
    query = f"{called.format('backup')} UNION ALL {called.format('main')} LIMIT 1"
    row = connection.execute(query, {"uid": uid}).fetchone()
    return text.shown(row[0]) if row else ""


def forgotten(connection: sqlite3.Connection, uids: Collection[str] | None = None) -> int:
    """Return how many people of the backup, of these alone if any are given, were forgotten completely here
    and are not here now."""
    marks = forget.tombstones(connection)
    query = "SELECT uid FROM backup.users WHERE uid NOT IN (SELECT uid FROM main.users)"
    rows = connection.execute(query).fetchall() if marks else []
    return sum(forget.tombstone(text.shown(uid)) in marks for (uid,) in rows if uids is None or uid in uids)


def others(connection: sqlite3.Connection) -> dict[str, tuple[int, int, int]]:
    """Return the same of posts, tags, fields, views and settings, by table, where any of them differ.

    A record is changed when anything in it is but its id, whose it is and its times.
    """
    found = {}
    for table in recorded():
        if table.name not in ("posts", "tags", "fields", "saved_views", "settings"):
            continue
        identity, own = IDENTITY[table.name], (*_TIMES, *(key.parent.name for key in table.foreign_keys))
        columns = ", ".join(f'"{column.name}"' for column in table.c if column.name not in ("id", *own))
        added, differing, removed = (
            connection.execute(
                f"SELECT count(*) FROM (SELECT {what} FROM {one}.{table.name}"
                f" EXCEPT SELECT {what} FROM {other}.{table.name})"
            ).fetchone()[0]
            for what, one, other in (
                (identity, "backup", "main"),
                (columns, "backup", "main"),
                (identity, "main", "backup"),
            )
        )
        if differing or removed:
            found[table.name] = (added, differing - added, removed)
    return found


def take_over(connection: sqlite3.Connection, same_origin: bool) -> None:
    """Make every recorded table of `main` equal to the backup's, touching only rows that differ.

    Within `replacing`, whose triggers note the images. Rows are deleted in all tables before any is
    inserted, so that a unique value may move from one to another.
    """
    take_contents(connection)
    if not same_origin:
        _map_ids(connection)
    sources = {table.name: _source(table, same_origin) for table in recorded()}
    for table in recorded():
        columns, source = columns_of(table), sources[table.name]
        connection.execute(
            f"DELETE FROM main.{table.name} WHERE id IN "
            f"(SELECT id FROM (SELECT {columns} FROM main.{table.name}"
            f" EXCEPT SELECT {columns} FROM {source}))"
        )
    for table in recorded():
        columns, source = columns_of(table), sources[table.name]
        connection.execute(
            f"INSERT INTO main.{table.name} ({columns}) SELECT {columns} FROM {source} "
            f"WHERE id NOT IN (SELECT id FROM main.{table.name})"
        )


def take_contents(connection: sqlite3.Connection, some: str = "") -> None:
    """Add the photos and files that the backup has and `main` has not, or no longer as their hash says.

    `some` is a query of the hashes of those that are needed, where it is not all.
    """
    connection.create_function("sha256_of", 1, _sha256, deterministic=True)
    for table in kept():
        columns, content = columns_of(table), "original" if "original" in table.c else "content"
        needed = f" AND hash IN ({some})" if some else ""
        connection.execute(
            f"DELETE FROM main.{table.name} AS m WHERE sha256_of(m.{content}) IS NOT m.hash{needed}"
            f" AND EXISTS (SELECT 1 FROM backup.{table.name} b"
            f" WHERE b.hash = m.hash AND sha256_of(b.{content}) = b.hash)"
        )
        connection.execute(
            f"INSERT INTO main.{table.name} ({columns}) SELECT {columns} FROM backup.{table.name}"
            f" WHERE hash NOT IN (SELECT hash FROM main.{table.name}){needed}"
        )


def _sha256(content: object) -> str | None:
    return hashlib.sha256(content).hexdigest() if isinstance(content, bytes) else None


def columns_of(table: Table) -> str:
    """Return the columns of a table as a statement lists them."""
    return ", ".join(f'"{column.name}"' for column in table.c)


def _map_ids(connection: sqlite3.Connection) -> None:
    """Give each row of the backup an id here: that of the same record, else one never used before."""
    for table in recorded():
        name, identity = table.name, IDENTITY.get(table.name)
        connection.execute(f"CREATE TEMP TABLE map_{name} (old INTEGER PRIMARY KEY, new INTEGER UNIQUE)")
        if identity:
            connection.execute(
                f"INSERT INTO map_{name} SELECT b.id, m.id FROM backup.{name} b"
                f" JOIN main.{name} m ON m.{identity} = b.{identity}"
            )
        connection.execute(
            f"INSERT INTO map_{name} SELECT id, id + (SELECT coalesce(max(seq), 0) FROM main.sqlite_sequence"
            f" WHERE name = '{name}') FROM backup.{name} WHERE id NOT IN (SELECT old FROM map_{name})"
        )


def _source(table: Table, same_origin: bool) -> str:
    """Return what is selected from: the backup's table, or it with every id translated."""
    if same_origin:
        return f"backup.{table.name}"
    parents = {key.parent.name: key.column.table.name for key in table.foreign_keys}
    parents["id"] = table.name
    columns = ", ".join(
        f'(SELECT new FROM map_{parents[column.name]} WHERE old = b."{column.name}") AS "{column.name}"'
        if column.name in parents
        else f'b."{column.name}"'
        for column in table.c
    )
    return f"(SELECT {columns} FROM backup.{table.name} b)"
