"""Put rows that were read from a damaged file into a new one: each that it takes, the others are told."""

import hashlib
import itertools
import sqlite3
from collections.abc import Iterable, Sequence

from webui.safety.salvage.found import Found
from webui.safety.salvage.records import Odd, Value
from webui.safety.salvage.trees import Row
from webui.store.models import Base

Told = tuple[str, dict[str, Value]]  # a table and a row of it
_BATCH = 500
_CONTENTS = {"photos": "original", "files": "content"}


def pour(connection: sqlite3.Connection, table: Found, rows: Iterable[Row]) -> list[Told]:
    """Insert rows, what belongs there before what does not, and return those that were refused."""
    names = [column.name for column in table.columns]
    there = {row[1] for row in connection.execute(f"PRAGMA table_info({table.name})").fetchall()}
    used = [at for at, name in enumerate(names) if name in there]
    refused: list[Told] = []
    misplaced: list[Sequence[Value]] = []

    def given() -> Iterable[Sequence[Value]]:
        for row in rows:
            if len(row.values) > len(names) or not row.values:
                refused.append((table.name, {str(at): value for at, value in enumerate(row.values)}))
            elif row.placed:
                yield table.values(row)
            else:
                misplaced.append(table.values(row))

    statement = _statement(table.name, [names[at] for at in used])
    waiting = iter(given())
    while batch := list(itertools.islice(waiting, _BATCH)):
        refused += _insert(connection, table.name, names, used, statement, batch)
    for each in misplaced:  # a page of another table, or of an earlier day: what is in its place goes first
        refused += _insert(connection, table.name, names, used, statement, [each])
    return refused


def _statement(table: str, names: Sequence[str], odd: Sequence[bool] = ()) -> str:
    marks = ["CAST(? AS TEXT)" if is_odd else "?" for is_odd in odd or [False] * len(names)]
    columns = ", ".join(f'"{name}"' for name in names)
    return f"INSERT INTO {table} ({columns}) VALUES ({', '.join(marks)})"


def _insert(
    connection: sqlite3.Connection,
    table: str,
    names: Sequence[str],
    used: Sequence[int],
    statement: str,
    rows: Sequence[Sequence[Value]],
) -> list[Told]:
    taken = [[row[at] for at in used] for row in rows]
    plain = not any(isinstance(value, Odd) for row in taken for value in row)
    if plain and table not in _CONTENTS:
        connection.execute("SAVEPOINT batch")
        try:
            connection.executemany(statement, taken)
        except sqlite3.IntegrityError:
            connection.execute("ROLLBACK TO batch")
        else:
            return []
        finally:
            connection.execute("RELEASE batch")
    refused = []
    for row, values in zip(rows, taken, strict=True):
        told = dict(zip(names, row, strict=True))
        if not _is_as_named(table, told) or not insert(connection, table, [names[at] for at in used], values):
            refused.append((table, told))
    return refused


def insert(connection: sqlite3.Connection, table: str, names: Sequence[str], values: Sequence[Value]) -> bool:
    """Insert one row; False where the table refuses it."""
    statement = _statement(table, names, [isinstance(value, Odd) for value in values])
    try:
        connection.execute(statement, [bytes(each) if isinstance(each, Odd) else each for each in values])
    except sqlite3.IntegrityError:
        return False
    return True


def _is_as_named(table: str, row: dict[str, Value]) -> bool:
    """Tell whether the content of a photo or file is still that of its hash."""
    if table not in _CONTENTS or row[_CONTENTS[table]] is None:
        return True
    content = row[_CONTENTS[table]]
    return isinstance(content, bytes) and hashlib.sha256(content).hexdigest() == row["hash"]


def empty(connection: sqlite3.Connection, table: str) -> list[dict[str, Value]]:
    """Take out the rows that a new database comes with, and return them; an older one lacks the table."""
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchone():
        return []
    cursor = connection.execute(f"SELECT * FROM {table}")
    names = [each[0] for each in cursor.description]
    rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    connection.execute(f"DELETE FROM {table}")
    return rows


def bring(
    connection: sqlite3.Connection, brought: list[tuple[str, list[dict[str, Value]]]], tables: list[Found]
) -> None:
    """Put the rows that a new database comes with where there is nothing else of theirs."""
    damaged = {table.name for table in tables if table.tree.gaps}
    for table, rows in brought:
        for row in rows if table in damaged else ():
            insert(connection, table, list(row), list(row.values()))


def knows_origin(connection: sqlite3.Connection) -> bool:
    """Tell whether the uid of the database was read: without it its backups count as another's."""
    return connection.execute("SELECT 1 FROM state WHERE name = 'uid'").fetchone() is not None


def take_out_hanging(connection: sqlite3.Connection) -> list[Told]:
    """Take out the rows whose parent is gone, and theirs, and return them."""
    taken: list[Told] = []
    while found := {row[:2] for row in connection.execute("PRAGMA foreign_key_check").fetchall()}:
        for table, row_id in sorted(found):
            cursor = connection.execute(f"SELECT * FROM {table} WHERE rowid = ?", (row_id,))
            row = cursor.fetchone()
            taken.append((table, dict(zip((each[0] for each in cursor.description), row, strict=True))))
            connection.execute(f"DELETE FROM {table} WHERE rowid = ?", (row_id,))
    return taken


def keep_ids_given(connection: sqlite3.Connection) -> None:
    """See to it that no id is given again: neither one of a row that was read, nor one of history."""
    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    for table in Base.metadata.sorted_tables:
        if table.name not in tables or not table.dialect_options["sqlite"]["autoincrement"]:
            continue
        highest = f"SELECT coalesce(max(id), 0) FROM {table.name}"
        if (history := f"history_{table.name}") in tables:
            highest = f"SELECT max(({highest}), (SELECT coalesce(max(id), 0) FROM {history}))"
        known = connection.execute("SELECT max(seq) FROM sqlite_sequence WHERE name = ?", (table.name,))
        last = max(known.fetchone()[0] or 0, connection.execute(highest).fetchone()[0])
        connection.execute("DELETE FROM sqlite_sequence WHERE name = ?", (table.name,))
        connection.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (table.name, last))
