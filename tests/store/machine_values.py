"""What the state machine writes past the app: values no form takes, names swapped, people torn out.

Each function runs on a driver's connection, inside an operation or as another program would.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from hypothesis import strategies as st

from webui.store.ledger import schema
from webui.store.models import recorded

LARGEST = 2**63 - 1


class Wild(NamedTuple):
    """A value and the expression that binds it: bytes may be written as the text they are not."""

    value: Any
    expression: str = "?"


def _cast(content: bytes) -> Wild:
    return Wild(content, "CAST(? AS TEXT)")


_texts = st.sampled_from(["", " ", "\0", "a\0b", "\0\0", "ẞ", "e\u0301", "\U0010ffff", "NULL", "0", "1e999"])
_bytes = st.sampled_from([b"", b"\0", b"\xff\xfe", b"text", b"\x00\xff"])
_numbers = st.sampled_from(
    [0, -1, LARGEST, -LARGEST - 1, -0.0, 0.1, 1e308, -1e308, 5e-324, float("inf"), float("-inf")]
)
_broken = st.sampled_from([b"\xff", b"a\xffb", b"\xc3", b"\xed\xa0\x80", b"\xf8\x88\x80\x80\x80"])
VALUES = st.one_of(
    st.none().map(Wild),
    _texts.map(Wild),
    st.text(max_size=20).map(Wild),
    _numbers.map(Wild),
    st.floats(allow_nan=False).map(Wild),
    _bytes.map(Wild),
    _broken.map(_cast),
)

EVERY = [
    (table.name, column.name)
    for table in recorded()
    for column in table.c
    if column.name != "id" and not column.foreign_keys
]
_FOLLOWED = {(table, column) for table, column in schema.KEYED}
_KEYS = {(table, f"{column}_key") for table, column in schema.KEYED}
# Inside an operation the models keep a key beside its value: a statement that wrote one alone would make
# what no verb makes. From outside both may be written.
INSIDE = [each for each in EVERY if each not in _FOLLOWED | _KEYS]


@contextmanager
def outside(database: Path, *, careful: bool) -> Iterator[sqlite3.Connection]:
    """Give a transaction as another program has it; a careless one has neither foreign keys nor recursive
    triggers, as is SQLite's default."""
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        if careful:
            connection.execute("PRAGMA foreign_keys=ON")
            connection.execute("PRAGMA recursive_triggers=ON")
        connection.execute("BEGIN IMMEDIATE")
        yield connection  # an error ends it: closing takes back what was not committed
        connection.execute("COMMIT")


def pick(connection: sqlite3.Connection, table: str, which: int) -> int | None:
    """Return the id of one row, or None where there is none."""
    ids = [row[0] for row in connection.execute(f"SELECT id FROM {table} ORDER BY id")]
    return ids[which % len(ids)] if ids else None


def write(connection: sqlite3.Connection, place: tuple[str, str], wild: Wild, which: int | None) -> None:
    """Put a value into a column of one row, or of all."""
    table, column = place
    one = None if which is None else pick(connection, table, which)
    where = "1" if which is None else f"id IS {one if one is not None else 'NULL'}"
    connection.execute(f'UPDATE {table} SET "{column}" = {wild.expression} WHERE {where}', (wild.value,))


def swap(connection: sqlite3.Connection, which: int, other: int) -> None:
    """Let two people change usernames and e-mails, keys and all."""
    first, second = pick(connection, "users", which), pick(connection, "users", other)
    if first is None or first == second:
        return
    names = "username, username_key, email, email_key"
    connection.execute("DROP TABLE IF EXISTS temp.swapped")
    connection.execute(
        f"CREATE TEMP TABLE swapped AS SELECT id, {names} FROM users WHERE id IN (?, ?)", (first, second)
    )
    connection.execute(
        "UPDATE users SET username = 'between', username_key = NULL, email = 'between@post.example',"
        " email_key = NULL WHERE id = ?",
        (first,),
    )
    for mine, theirs in ((second, first), (first, second)):
        taken = f"({names}) = (SELECT {names} FROM temp.swapped WHERE id = ?)"
        connection.execute(f"UPDATE users SET {taken} WHERE id = ?", (theirs, mine))
    connection.execute("DROP TABLE temp.swapped")


def tear_out(connection: sqlite3.Connection, which: int) -> None:
    """Delete a person as SQL does: what belongs to them goes along, or hangs in the air."""
    connection.execute("DELETE FROM users WHERE id = ?", (pick(connection, "users", which),))


def displace(connection: sqlite3.Connection, which: int, wild: Wild) -> None:
    """Write a person of a new id over one whose username and e-mail key they take."""
    connection.execute(
        "INSERT OR REPLACE INTO users (uid, username, username_key, email, email_key, note, display_name,"
        f" created_at, updated_at) SELECT uid, username, username_key, email, email_key, {wild.expression},"
        " display_name, created_at, updated_at FROM users WHERE id = ?",
        (wild.value, pick(connection, "users", which)),
    )


def renumber(connection: sqlite3.Connection, which: int) -> None:
    """Give a person another id; whatever belonged to the old one belongs to nobody."""
    user_id = pick(connection, "users", which)
    connection.execute("UPDATE users SET id = id + 1000 WHERE id = ?", (user_id,))


DEEDS = {
    "tear out": lambda connection, which, _wild: tear_out(connection, which),
    "displace": displace,
    "renumber": lambda connection, which, _wild: renumber(connection, which),
}
