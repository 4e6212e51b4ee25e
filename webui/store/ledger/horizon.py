"""How far back history goes: its size, and letting go of what is oldest. Whole operations only, never one in
the middle, so that undo and each moment since stay what they are. No record is changed by it."""

import json
import sqlite3
from collections import Counter

from webui.store.ledger import schema, theirs
from webui.store.values.text import shown

_NAME = "horizon"  # in `state`: {"id": of the last operation let go, "at": its UTC time}
_LENGTHS = {"photos": "coalesce(length(original), 0) + length(shown)", "files": "length(content)"}


def size(connection: sqlite3.Connection) -> int:
    """Return how many bytes of the file history takes, with its indexes and the photos and files that it
    alone holds."""
    return sum(_sizes(connection).values()) + sum(_contents(connection).values())


def begin(connection: sqlite3.Connection) -> tuple[int, str]:
    """Return the last operation that was let go, and its UTC time; (0, '') where history is whole."""
    row = connection.execute("SELECT value FROM state WHERE name = ?", (_NAME,)).fetchone()
    try:
        kept = json.loads(row[0]) if row else {}
        return int(kept["id"]), str(kept["at"])
    except (ValueError, TypeError, KeyError):
        return 0, ""


def far(connection: sqlite3.Connection, limit: int) -> int:
    """Return up to which operation history has to go for at most `limit` bytes of it to stay, 0 for none.

    The newest operation always stays, and so does whatever one that stays undoes.
    """
    sizes, share = _sizes(connection), _contents(connection)
    ids = [row[0] for row in connection.execute("SELECT id FROM operations ORDER BY id")]
    stays = share[ids[-1]] if ids else 0  # the files of the newest are not made fewer by what goes before it
    surplus, last = sum(sizes.values()) + sum(share.values()) - stays - limit, 0
    for table, count in sizes.items():
        rows = connection.execute(f"SELECT operation, count(*) FROM {table} GROUP BY operation").fetchall()
        whole = sum(number for _operation, number in rows)
        for operation, number in rows:
            share[operation] += count * number // whole
    for operation in ids[:-1]:
        if surplus <= 0:
            break
        surplus, last = surplus - share[operation], operation
    return _uncut(connection, last)


def prune(connection: sqlite3.Connection, operation_id: int) -> int:
    """Let go of all operations up to one, and of photos and files that nothing knows of any more.

    Returns how many operations that were: none where one that stays undoes one of them. Within a
    transaction.
    """
    last = _uncut(connection, operation_id)
    if not connection.execute("SELECT 1 FROM operations WHERE id <= ?", (last,)).fetchone():
        return 0
    count = _let_go(connection, last)
    for contents, table, column in theirs.CONTENTS:
        known = " UNION ".join(
            f"SELECT {column} FROM {each} WHERE {column} IS NOT NULL" for each in (table, f"history_{table}")
        )
        connection.execute(f"DELETE FROM {contents} WHERE hash NOT IN ({known})")
    return count


def cut(connection: sqlite3.Connection, operation_id: int) -> int:
    """Let go of all operations up to one of which something is missing, and of each later one that undoes
    one of them. No photo and no file goes. Returns how many operations that were. Within a transaction."""
    last = operation_id
    while True:
        query = "SELECT max(id) FROM operations WHERE id > :last AND undoes <= :last"
        (later,) = connection.execute(query, {"last": last}).fetchone()
        if later is None:
            return _let_go(connection, last)
        last = later


def _let_go(connection: sqlite3.Connection, last: int) -> int:
    """Remove all operations up to one, with their images, and note how far history reaches now."""
    for table in schema.history_tables():
        connection.execute(f"DELETE FROM {table} WHERE operation <= ?", (last,))
    (at,) = connection.execute(
        "SELECT coalesce(max(at) FILTER (WHERE id <= ?), min(at), '') FROM operations", (last,)
    ).fetchone()
    count = connection.execute("DELETE FROM operations WHERE id <= ?", (last,)).rowcount
    value = json.dumps({"id": last, "at": shown(at)})
    connection.execute("INSERT OR REPLACE INTO state (name, value) VALUES (?, ?)", (_NAME, value))
    return count


def _uncut(connection: sqlite3.Connection, last: int) -> int:
    """Return the newest operation up to `last` that no pair of an undo and what it undoes lies around."""
    while True:
        query = "SELECT min(undoes) FROM operations WHERE id > :last AND undoes <= :last"
        (undone,) = connection.execute(query, {"last": last}).fetchone()
        if undone is None:
            return last
        last = undone - 1


def _sizes(connection: sqlite3.Connection) -> dict[str, int]:
    """Return the bytes of each history table, with its indexes."""
    indexes = connection.execute("SELECT tbl_name, name FROM sqlite_master WHERE type = 'index'").fetchall()
    found = {}
    for table in schema.history_tables():
        names = [table, *(name for of, name in indexes if of == table)]
        try:
            pages = [
                connection.execute(
                    "SELECT pgsize FROM dbstat WHERE name = ? AND aggregate = 1", (name,)
                ).fetchone()
                for name in names
            ]
            found[table] = sum(row[0] for row in pages if row)
        except sqlite3.OperationalError:  # an SQLite that was built without it
            found[table] = 2 * _content(connection, table)
    return found


def _contents(connection: sqlite3.Connection) -> Counter[int]:
    """Return the bytes of the photos and files that no record points to, by the newest operation whose images
    do: they go with it. Those that none does go with the oldest."""
    (oldest,) = connection.execute("SELECT coalesce(min(id), 0) FROM operations").fetchone()
    found = Counter[int]()
    for contents, table, column in theirs.CONTENTS:
        rows = connection.execute(
            f"WITH held AS (SELECT {column} hash, max(operation) operation FROM history_{table}"
            f" WHERE {column} IS NOT NULL GROUP BY {column})"
            f" SELECT coalesce(held.operation, {oldest}), {_LENGTHS[contents]}"
            f" FROM {contents} LEFT JOIN held USING (hash)"
            f" WHERE hash NOT IN (SELECT {column} FROM {table} WHERE {column} IS NOT NULL)"
        )
        for operation, length in rows:
            found[operation] += length
    return found


def _content(connection: sqlite3.Connection, table: str) -> int:
    lengths = (f'coalesce(length("{name}"), 0)' for name in schema.columns_of(table))
    return int(
        connection.execute(f"SELECT coalesce(sum({' + '.join(lengths)}), 0) FROM {table}").fetchone()[0]
    )
