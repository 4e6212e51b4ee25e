"""The keys that values are compared by "without case", in the column beside them: what another program or a
setting has left behind is put right here. The models keep them with what they write themselves."""

import functools
import sqlite3
from collections.abc import Callable, Collection, Iterator

from webui.store.ledger import schema
from webui.store.values import emails, own, phones, text

ALL = frozenset(schema.KEYED)


def right(
    connection: sqlite3.Connection, which: Collection[tuple[str, str]] = ALL, *, missing: bool = False
) -> None:
    """Make the keys of `which` (table, column) what they should be, of all rows or of those that have none.

    Only what differs is written, and where one clashes with another person's it stays empty. Within a
    transaction.
    """
    for table, column, make in _makers(connection):
        if (table, column) not in which:
            continue
        some = f"WHERE {column}_key IS NULL AND {column} IS NOT NULL" if missing else ""
        rows = connection.execute(f"SELECT id, {column}, {column}_key FROM {table} {some}")
        wrong = [
            (key, record_id)
            for record_id, value, has in rows
            if (key := None if value is None else make(text.shown(value))) != has
        ]
        # Emptied first: what two rows had the wrong way round would clash.
        connection.executemany(
            f"UPDATE {table} SET {column}_key = NULL WHERE id = ? AND {column}_key IS NOT NULL",
            [(record_id,) for _key, record_id in wrong],
        )
        connection.executemany(
            f"UPDATE OR IGNORE {table} SET {column}_key = ? WHERE id = ?", [row for row in wrong if row[0]]
        )
        if table == "field_values":
            _count_anew(connection, [record_id for _key, record_id in wrong])


def _count_anew(connection: sqlite3.Connection, ids: Collection[int]) -> None:
    """Let the numbers of own fields follow values that another program wrote."""
    for record_id in ids:
        found = connection.execute(
            "SELECT v.value, f.kind FROM field_values v JOIN fields f ON f.id = v.field_id WHERE v.id = ?",
            (record_id,),
        ).fetchone()
        value, kind = found or ("", "")  # of a field that is gone: the value goes as well
        number = None
        if kind in ("number", "yes_no") and (rows := own.read(own.Rule(kind), text.shown(value)).rows):
            number = rows[0].number
        connection.execute("UPDATE field_values SET number = ? WHERE id = ?", (number, record_id))


def _makers(connection: sqlite3.Connection) -> Iterator[tuple[str, str, Callable[[str], str | None]]]:
    """Yield (table, column, what makes its key)."""
    row = connection.execute("SELECT value FROM settings WHERE name = 'phone_region'").fetchone()
    of_phone = functools.partial(phones.key, region=str(row[0]) if row else "")
    made: dict[str, Callable[[str], str | None]] = {"email": emails.key, "phone": of_phone}
    for table, column in schema.KEYED:
        yield table, column, made.get(column, text.key)
