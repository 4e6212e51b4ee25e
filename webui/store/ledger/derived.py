"""What follows from the records and the models: triggers, history tables, full text, sort keys.

Everything here can be made anew at any time, except the history tables, which are created or
widened and never dropped. Nothing here is part of the history, the logical dump or its digest.
"""

import json
import sqlite3
from collections.abc import Iterable, Mapping

from webui.store.ledger import keys, references, schema, sorts, texts
from webui.store.models import Base, new_uid, recorded


def install(connection: sqlite3.Connection) -> None:
    """Bring triggers, history tables and full text in line with the models. Idempotent.

    Runs after every migration (a table rebuild drops its triggers silently) and after create_all.
    Rebuilds the full text where its tables had to be made. Inside or outside a transaction.
    """
    connection.execute("INSERT OR IGNORE INTO ledger (id, replacing) VALUES (1, 0)")
    connection.execute("INSERT OR IGNORE INTO state (name, value) VALUES ('uid', ?)", (new_uid(),))
    for table in recorded():
        _install_history(connection, table.name)
    for statement in schema.history_indexes().values():
        connection.execute(statement)
    there, wanted = _triggers(connection), schema.triggers()
    differing = [name for name in there.keys() | wanted.keys() if there.get(name) != wanted.get(name)]
    for name in differing:
        if name in there:
            connection.execute(f"DROP TRIGGER {name}")
        if name in wanted:
            connection.execute(wanted[name])
    # What was written while a trigger was missing or another's has left the text and the keys behind.
    if differing or _differing_full_text(connection):
        rebuild(connection)
    elif sorts.is_behind(connection):
        sorts.rebuild(connection)


def drop_triggers(connection: sqlite3.Connection) -> None:
    """Take every trigger away, for a migration: what that writes is no change of anyone's. `install` puts
    them back and makes the text anew."""
    for name in _triggers(connection):
        connection.execute(f'DROP TRIGGER "{name}"')


def check(connection: sqlite3.Connection) -> list[str]:
    """Return the names of derived parts that are missing, changed or foreign; empty when all is right."""
    triggers, wanted = _triggers(connection), schema.triggers()
    wrong = [name for name in triggers.keys() | wanted.keys() if triggers.get(name) != wanted.get(name)]
    for name in schema.history_tables():
        if set(_columns(connection, name)) != set(schema.columns_of(name)):
            wrong.append(name)
    if not connection.execute("SELECT 1 FROM state WHERE name = 'uid'").fetchone():
        wrong.append("state")
    return sorted(wrong + _differing_full_text(connection))


def lacks_index(connection: sqlite3.Connection) -> bool:
    """Tell whether an index of history is missing, as of an older Roster: slower, but not wrong."""
    return not schema.history_indexes().keys() <= _made(connection, "index").keys()


def reusable_ids(connection: sqlite3.Connection) -> list[str]:
    """Return the tables that could give the id of a removed row to another, and so its history.

    A migration that rebuilds a table without AUTOINCREMENT makes it one; nothing here can mend that.
    """
    made = _made(connection, "table")
    return [
        table.name
        for table in Base.metadata.sorted_tables
        if table.dialect_options["sqlite"]["autoincrement"]
        and "AUTOINCREMENT" not in made.get(table.name, "").upper()
    ]


def is_behind(connection: sqlite3.Connection) -> bool:
    """Tell whether something was changed from outside that nothing here has followed yet."""
    row = connection.execute("SELECT current FROM ledger").fetchone()
    return row is None or row[0] is not None


def refresh(connection: sqlite3.Connection, operation_id: int) -> None:
    """Make the derived text of everyone whom an operation touched anew, within its transaction."""
    touch(connection, schema.touched(), {"operation": operation_id})
    write_touched(connection)


def touch(connection: sqlite3.Connection, query: str, values: Mapping[str, object] = {}) -> None:
    """Let `temp.touched` hold the ids that a query gives, and no others."""
    connection.execute("CREATE TEMP TABLE IF NOT EXISTS touched (id INTEGER PRIMARY KEY)")
    connection.execute("DELETE FROM touched")
    connection.execute(f"INSERT INTO touched {query}", values)


def write_touched(connection: sqlite3.Connection) -> None:
    """Make the derived text of everyone in `temp.touched` anew."""
    texts.write(connection)
    sorts.write(connection)


def rebuild(connection: sqlite3.Connection) -> None:
    """Make all derived text anew, its indexes too, and the unique keys that an outside change left behind.

    Within a transaction.
    """
    keys.right(connection)
    write_all(connection)


def write_all(connection: sqlite3.Connection) -> None:
    """Make all derived text anew, its indexes too. Within a transaction."""
    for name, statement in schema.full_text().items():
        _drop_full_text(connection, name)
        connection.execute(statement)
    connection.execute("DELETE FROM person_text")
    touch(connection, "SELECT id FROM users WHERE deleted_at IS NULL")
    texts.write(connection)
    sorts.rebuild(connection)


def catch_up(connection: sqlite3.Connection) -> int | None:
    """Close the operation that an outside change opened, and make fresh what follows from it.

    Returns its id, or None when nothing has changed outside. Within a writing transaction.
    Rows whose parent was removed without them (foreign keys off) go too, as with foreign keys on.
    """
    (current,) = connection.execute("SELECT current FROM ledger").fetchone()
    if current is None:
        return None
    keys.right(connection, missing=True)
    lost = references.drop_hanging(connection, current)
    connection.execute("UPDATE ledger SET current = NULL")
    if not _forget_unchanged(connection, current) and not lost:
        connection.execute("DELETE FROM operations WHERE id = ?", (current,))
        return None
    refresh(connection, current)
    connection.execute(
        "UPDATE operations SET payload = ?, counts = ? WHERE id = ?",
        (json.dumps(lost), counts_json(connection, current), current),
    )
    return int(current)


def counts(connection: sqlite3.Connection, operation_id: int) -> dict[str, int]:
    """Return how many rows of each table an operation touched, without the tables it did not."""
    found = {
        table.name: connection.execute(
            f"SELECT count(*) FROM history_{table.name} WHERE operation = ?", (operation_id,)
        ).fetchone()[0]
        for table in recorded()
    }
    return {name: count for name, count in found.items() if count}


def counts_json(connection: sqlite3.Connection, operation_id: int) -> str:
    """Return `counts` as JSON."""
    return json.dumps(counts(connection, operation_id))


def revision(connection: sqlite3.Connection) -> str | None:
    """Return the schema revision of the file, or None where create_all made it."""
    if not _columns(connection, "alembic_version"):
        return None
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(row[0]) if row else None


def _forget_unchanged(connection: sqlite3.Connection, operation_id: int) -> bool:
    """Take back the images of rows that are as they were, and tell whether any other is left.

    INSERT OR IGNORE of a row that is there fires the trigger that notes what it might replace.
    """
    left = False
    for table in recorded():
        name = f"history_{table.name}"
        same = " AND ".join(f't."{column.name}" IS h."{column.name}"' for column in table.c)
        connection.execute(
            f"DELETE FROM {name} AS h WHERE operation = ? AND"
            f" existed = EXISTS (SELECT 1 FROM {table.name} t WHERE t.id = h.id)"
            f" AND (existed = 0 OR EXISTS (SELECT 1 FROM {table.name} t WHERE {same}))",
            (operation_id,),
        )
        row = connection.execute(f"SELECT 1 FROM {name} WHERE operation = ? LIMIT 1", (operation_id,))
        left = left or row.fetchone() is not None
    return left


def _install_history(connection: sqlite3.Connection, table: str) -> None:
    """Make the history of `table`, or widen it by the columns that a migration has added.

    A row's older images get what the column holds in that row now, or its default where the row is gone:
    the migration filled it, and undoing something older must not empty it.
    """
    name = f"history_{table}"
    have = _columns(connection, name)
    if not have:
        connection.execute(schema.history_tables()[name])
        return
    defaults = {row[1]: row[4] for row in connection.execute(f"PRAGMA table_info({table})").fetchall()}
    for column in schema.columns_of(name):
        if column not in have:
            connection.execute(f'ALTER TABLE {name} ADD COLUMN "{column}"')
            connection.execute(
                f'UPDATE {name} SET "{column}" = CASE WHEN id IN (SELECT id FROM {table}) THEN '
                f'(SELECT "{column}" FROM {table} t WHERE t.id = {name}.id) '
                f"ELSE {defaults.get(column) or 'NULL'} END WHERE existed = 1"
            )


def _drop_full_text(connection: sqlite3.Connection, name: str) -> None:
    try:
        connection.execute(f"DROP TABLE IF EXISTS {name}")
    except sqlite3.DatabaseError:  # too broken to be opened, even for being dropped
        connection.execute("PRAGMA writable_schema=ON")
        connection.execute("DELETE FROM sqlite_master WHERE name = ?", (name,))
        connection.execute("PRAGMA writable_schema=RESET")
        for part in ("data", "idx", "docsize", "config"):
            connection.execute(f"DROP TABLE IF EXISTS {name}_{part}")


def _differing_full_text(connection: sqlite3.Connection) -> list[str]:
    tables = _made(connection, "table")
    return [name for name, statement in schema.full_text().items() if tables.get(name) != statement]


def _made(connection: sqlite3.Connection, kind: str) -> dict[str, str]:
    return dict(connection.execute("SELECT name, sql FROM sqlite_master WHERE type = ?", (kind,)).fetchall())


def _triggers(connection: sqlite3.Connection) -> dict[str, str]:
    """Return the triggers on tables of ours; what a person has on tables of their own is not our business."""
    found = connection.execute(
        "SELECT name, sql, tbl_name FROM sqlite_master WHERE type = 'trigger'"
    ).fetchall()
    return {name: sql for name, sql, table in found if table in Base.metadata.tables}


def _columns(connection: sqlite3.Connection, table: str) -> Iterable[str]:
    return [row[1] for row in connection.execute(f"PRAGMA table_info({table})").fetchall()]
