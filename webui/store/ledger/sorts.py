"""The keys by which people are listed in the order of a column: kept for the columns that are shown or that a
saved view is sorted by, and made anew for whoever an operation touched. Who has no value there has none.

Names, e-mails and days of posts have theirs in `person_text`, tags are sorted as they are.
"""

import functools
import json
import sqlite3
import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from webui.store.values import text

DEFAULT = ("email", "organisation", "city", "tags", "last_post")
BESIDE = ("email", "tags", "last_post")  # are sorted without these keys
OWN = "own:"  # before the uid of an own field
_FIELDS = 1000  # so much more than the id of an own field is its column's number
_FIRST = "(SELECT {0} FROM {1} d WHERE d.user_id = u.id AND d.{0} <> '' ORDER BY d.id LIMIT 1)"
# A column's number, the text that it shows, and what kind of text that is. Numbers are never used again.
STANDARD = {
    "username": (1, "u.username", "text"),
    "given": (2, "u.given", "text"),
    "family": (3, "u.family", "text"),
    "nickname": (4, "u.nickname", "text"),
    "organisation": (5, "u.organisation", "text"),
    "department": (6, "u.department", "text"),
    "job_title": (7, "u.job_title", "text"),
    "birthday": (8, "u.birthday", "date"),
    "phone": (9, _FIRST.format("phone", "user_phones"), "text"),
    "street": (10, _FIRST.format("street", "user_addresses"), "text"),
    "postal_code": (11, _FIRST.format("postal_code", "user_addresses"), "text"),
    "city": (12, _FIRST.format("city", "user_addresses"), "text"),
    "country": (13, _FIRST.format("country", "user_addresses"), "text"),
    "link": (14, _FIRST.format("url", "user_links"), "text"),
    "note": (15, "substr(u.note, 1, 1000)", "text"),
    "created_at": (16, "u.created_at", "moment"),
    "updated_at": (17, "u.updated_at", "moment"),
}
_BROKEN = {"0": ""}  # no column has this number
_LONGEST = 60  # letters that decide an order
_NAME = "(SELECT name_key FROM person_text p WHERE p.user_id = u.id)"
_sort_key = functools.lru_cache(65_536)(text.sort_key)  # many live in one city


@dataclass(frozen=True)
class Column:
    """A column with keys: its `number`, the `kind` of its values, where they are (`value`, SQL, or the own
    field with the id `field_id`), and the options of a list."""

    number: int
    kind: str
    value: str = ""
    field_id: int = 0
    options: str = ""

    @property
    def made(self) -> str:
        """What is another as soon as its keys would be: of an older Roster they did not end with the name."""
        return f"{self.kind}, name {self.options}".strip()


def shown(connection: sqlite3.Connection) -> list[str]:
    """Return the columns of the list of people behind the name, in order; an own field's is `own:` and its
    uid."""
    row = connection.execute("SELECT value FROM settings WHERE name = 'columns'").fetchone()
    order = _texts(row[0], DEFAULT) if row and row[0] else DEFAULT
    own = [OWN + uid for uid, *_rest in _own(connection, "listed = 1")]
    known = [name for name in dict.fromkeys(order) if name in STANDARD or name in BESIDE or name in own]
    return known + [name for name in own if name not in known]


def number(connection: sqlite3.Connection, name: str) -> int | None:
    """Return the number of a column that has keys, None for any other."""
    column = _columns(connection).get(name)
    return column.number if column and str(column.number) in _kept(connection) else None


def write(connection: sqlite3.Connection) -> None:
    """Make the keys of everyone in `temp.touched` anew, and all of a column that has them since. Within a
    transaction."""
    wanted, kept = {each.number: each for each in _columns(connection).values()}, _kept(connection)
    stale = [key for key, made in kept.items() if int(key) not in wanted or wanted[int(key)].made != made]
    if kept == _BROKEN:
        connection.execute("DELETE FROM person_sorts")
    connection.executemany('DELETE FROM person_sorts WHERE "column" = ?', [(each,) for each in stale])
    there = [each for each in wanted.values() if kept.get(str(each.number)) == each.made]
    if there:
        connection.execute("DELETE FROM person_sorts WHERE user_id IN (SELECT id FROM temp.touched)")
        _insert(connection, there, "temp.touched t CROSS JOIN users u ON u.id = t.id")
    if fresh := [each for each in wanted.values() if each not in there]:
        _insert(connection, fresh, "users u")
    if stale or fresh:
        said = json.dumps({each.number: each.made for each in wanted.values()})
        connection.execute("INSERT OR REPLACE INTO state (name, value) VALUES ('sorted', ?)", (said,))


def rebuild(connection: sqlite3.Connection) -> None:
    """Make all keys anew. Within a transaction."""
    connection.execute("DELETE FROM person_sorts")
    connection.execute("DELETE FROM state WHERE name = 'sorted'")
    connection.execute("CREATE TEMP TABLE IF NOT EXISTS touched (id INTEGER PRIMARY KEY)")
    write(connection)


def is_behind(connection: sqlite3.Connection) -> bool:
    """Tell whether a column that is to have keys has none yet."""
    return _kept(connection) != {str(each.number): each.made for each in _columns(connection).values()}


def _columns(connection: sqlite3.Connection) -> dict[str, Column]:
    """Return the columns that have keys, by name."""
    views = "SELECT ltrim(sort, '-') FROM saved_views WHERE deleted_at IS NULL"
    fields = _own(connection, f"(listed = 1 OR '{OWN}' || uid IN ({views}))")
    own = {OWN + uid: (field_id, kind, options) for uid, field_id, kind, options in fields}
    sorted_by = [text.shown(row[0]) for row in connection.execute(views)]
    found = {}
    for name in dict.fromkeys((*shown(connection), *sorted_by)):
        if name in STANDARD:
            position, value, kind = STANDARD[name]
            found[name] = Column(position, kind, value)
        elif name in own:
            field_id, kind, options = own[name]
            listed = options if kind == "choice" else ""
            found[name] = Column(_FIELDS + field_id, kind, field_id=field_id, options=listed)
    return found


def _own(connection: sqlite3.Connection, which: str) -> Sequence[tuple[str, int, str, str]]:
    """Return uid, id, kind and options of the own fields of which the SQL `which` is true, in order."""
    return connection.execute(
        f"SELECT uid, id, kind, options FROM fields WHERE {which} AND deleted_at IS NULL"
        " ORDER BY position, id"
    ).fetchall()


def _kept(connection: sqlite3.Connection) -> dict[str, str]:
    """Return what the keys that there are were made by, by the column's number."""
    row = connection.execute("SELECT value FROM state WHERE name = 'sorted'").fetchone()
    try:
        found = json.loads(text.shown(row[0])) if row else {}
        return {str(int(key)): str(made) for key, made in found.items()}
    except (ValueError, AttributeError, RecursionError):  # another program wrote it: all are made anew
        return _BROKEN


def _texts(said: object, otherwise: Iterable[str] = ()) -> Iterable[str]:
    """Return the texts in a list as JSON, `otherwise` where another program has written something else."""
    try:
        found = json.loads(text.shown(said))
    except (ValueError, RecursionError):
        return otherwise
    return [each for each in found if isinstance(each, str)] if isinstance(found, list) else otherwise


def _insert(connection: sqlite3.Connection, columns: Sequence[Column], people: str) -> None:
    rows = sorted(_made(connection, columns, people))  # in their order they are written sooner
    connection.executemany("INSERT INTO person_sorts VALUES (?, ?, ?)", rows)


def _made(
    connection: sqlite3.Connection, columns: Sequence[Column], people: str
) -> Iterator[tuple[int, bytes, int]]:
    """Yield column, key and person of all who have a value: among equals the name decides."""
    if standard := [each for each in columns if each.value]:
        values = ", ".join(each.value for each in standard)
        rows = connection.execute(f"SELECT u.id, {_NAME}, {values} FROM {people} WHERE u.deleted_at IS NULL")
        for user_id, name, *found in rows:
            for column, value in zip(standard, found, strict=True):
                if value and (said := text.shown(value)):
                    yield column.number, _by_name(key(column.kind, said), name), user_id
    for column in [each for each in columns if not each.value]:
        options = {text.key(each): at for at, each in enumerate(_texts(column.options))}
        rows = connection.execute(
            f"SELECT u.id, {_NAME}, group_concat(v.value, ', '), max(v.number)"
            f" FROM {people} CROSS JOIN field_values v ON v.user_id = u.id AND v.field_id = ?"
            " WHERE u.deleted_at IS NULL GROUP BY u.id",
            (column.field_id,),
        )
        for user_id, name, value, amount in rows:
            made = key(column.kind, text.shown(value), amount, options)
            yield column.number, _by_name(made, name), user_id


def _by_name(value: bytes, name: bytes | None) -> bytes:
    """Return a key that sorts a value before any longer one, and with the same value by name."""
    return value + b"\0" + (name or b"")


def key(kind: str, said: str, amount: object = None, options: dict[str, int] | None = None) -> bytes:
    """Return bytes that sort a value among others of its kind; what does not fit the kind comes last.

    Text sorts as a reader expects, a number by its size, a date without a year behind those with one, one of
    a list by its place there.
    """
    if kind == "number" and isinstance(amount, int | float):
        return b"\0" + _ordered(float(amount))
    if kind == "choice" and options and (at := options.get(text.key(said))) is not None:
        return b"\0" + struct.pack(">I", at)
    if kind in ("moment", "yes_no") or (kind == "date" and said[:1] in "-0123456789"):
        return said[:_LONGEST].replace("--", "~").encode()
    behind = b"\xff" if kind in ("number", "choice", "date") else b""
    return behind + _sort_key(said[:_LONGEST])


def _ordered(amount: float) -> bytes:
    """Return the IEEE 754 bits of a number so that they sort as it does: all turned round below zero, else
    the sign alone."""
    (bits,) = struct.unpack(">Q", struct.pack(">d", amount or 0.0))
    return struct.pack(">Q", bits ^ (0xFFFFFFFFFFFFFFFF if bits >> 63 else 1 << 63))
