"""One operation taken back alone, whatever was done after it: an operation itself, named "history.alone".

It puts back what the operation changed, value by value, and leaves what came later. It is refused where
something later has changed one of those values, or hangs on a row that would go. Not for the newest one
first, row by row: that is `history.undo`.
"""

import sqlite3
from dataclasses import replace

from sqlalchemy import Engine

from webui.store import errors
from webui.store.ledger import history, in_the_way, keys
from webui.store.ledger.operations import replacing
from webui.store.models import recorded
from webui.store.values import times
from webui.store.values.text import shown

# Where a row says only what it says, and is there once.
_LISTS = ("user_emails", "user_phones", "user_addresses", "user_links", "user_handles", "user_dates")
_JOINED = {"user_tags": ("user_id", "tag_id"), "post_users": ("post_id", "user_id")}
_OF_A_ROW = ("uid", "position", "created_at", "updated_at")


def undo(engine: Engine, operation_id: int, door: str = "window") -> history.Done:
    """Take back one operation alone, and return it as undone.

    Raises NotFound; Refused where it is undone already, where a later change stands in the way (its
    message names that one), or nothing of it is left; Busy, Full. Nothing is changed then.
    """
    with replacing(engine, "history.alone", door=door) as (connection, opened):
        if operation_id == opened.id:  # the one that is being written
            raise errors.NotFound("operations.never", operation_id)
        done = history.wanted(connection, operation_id)
        if done.undone:
            raise errors.Refused(errors.Message("history.undone_already"))
        opened.values = history.told(done)
        touched = [table.name for table in recorded() if _prepare(connection, table.name, operation_id)]
        in_the_way.judge(connection, touched, operation_id)
        try:
            for name in touched:
                _apply(connection, name)
        except sqlite3.IntegrityError as error:  # a username or an e-mail belongs to someone else now
            raise errors.Refused(errors.Message("history.alone_taken")) from error
        if {"settings", "user_phones"} & set(touched):
            keys.right(connection, [("user_phones", "phone")])  # as the region says now
        in_the_way.judge_result(connection, opened.id)
        if not any(_any(connection, f"history_{name}", opened.id) for name in touched):
            raise errors.Refused(errors.Message("history.nothing_left"))
    return replace(done, undone=True)


def taken_back(connection: sqlite3.Connection, operation_id: int) -> str:
    """Return when an operation was taken back alone, as UTC, '' where it was not, or is done again."""
    row = connection.execute(
        "SELECT at FROM operations WHERE message = 'history.alone' AND undone_by IS NULL"
        " AND json_valid(payload) AND json_extract(payload, '$.id') = ? ORDER BY id DESC LIMIT 1",
        (operation_id,),
    ).fetchone()
    return shown(row[0]) if row else ""


def _prepare(connection: sqlite3.Connection, table: str, operation_id: int) -> bool:
    """Fill `temp.before_…` and `temp.after_…` with the rows as the operation found and left them, and tell
    whether there are any. Rows that it removed have none in `after_…`."""
    images, values = f"history_{table}", _listed(table)
    for moment in ("before", "after"):
        connection.execute(f"DROP TABLE IF EXISTS temp.{moment}_{table}")
    connection.execute(
        f"CREATE TEMP TABLE before_{table} AS SELECT id, existed, {values} FROM {images} WHERE operation = ?",
        (operation_id,),
    )
    connection.execute(
        f"""
        CREATE TEMP TABLE after_{table} AS
        SELECT h.id, {_listed(table, "h.")} FROM before_{table} b JOIN {images} h ON h.id = b.id
          AND h.operation = (SELECT min(operation) FROM {images} WHERE id = b.id AND operation > :operation)
        WHERE h.existed = 1
        UNION ALL
        SELECT t.id, {_listed(table, "t.")} FROM before_{table} b JOIN {table} t ON t.id = b.id
        WHERE NOT EXISTS (SELECT 1 FROM {images} WHERE id = b.id AND operation > :operation)
        """,
        {"operation": operation_id},
    )
    for moment in ("before", "after"):
        connection.execute(f"CREATE UNIQUE INDEX temp.{moment}_{table}_id ON {moment}_{table} (id)")
    return _any(connection, f"temp.before_{table}")


def _apply(connection: sqlite3.Connection, table: str) -> None:
    """Put the values back. All rows go first: two of them may have swapped what is unique."""
    every = in_the_way.units(table)
    unit_of = {name: unit for unit in every for name in unit}
    wanted = {
        name: f'CASE WHEN {in_the_way.differ(unit, "b", "a")} THEN b."{name}" ELSE t."{name}" END'
        for name, unit in unit_of.items()
    }
    if in_the_way.MOMENT in in_the_way.values(table):
        wanted[in_the_way.MOMENT] = ":now"
    differs = " OR ".join(
        f"({in_the_way.differ(unit, 'b', 'a')} AND {in_the_way.differ(unit, 'b', 't')})" for unit in every
    )
    connection.execute(f"DROP TABLE IF EXISTS temp.wanted_{table}")
    connection.execute(
        f"""
        CREATE TEMP TABLE wanted_{table} AS
        SELECT t.id, {", ".join(f'{wanted[name]} AS "{name}"' for name in in_the_way.values(table))}
        FROM before_{table} b JOIN after_{table} a ON a.id = b.id JOIN {table} t ON t.id = b.id
        WHERE b.existed = 1 AND ({differs})
        UNION ALL
        SELECT b.id, {_listed(table, "b.")} FROM before_{table} b
        WHERE b.existed = 1 AND NOT EXISTS (SELECT 1 FROM after_{table} a WHERE a.id = b.id)
          AND NOT EXISTS (SELECT 1 FROM {table} t WHERE t.id = b.id){_unless_there(table)}
        """,
        {"now": times.now()},
    )
    connection.execute(
        f"DELETE FROM {table} WHERE id IN (SELECT id FROM wanted_{table})"
        f" OR id IN (SELECT id FROM before_{table} JOIN after_{table} USING (id) WHERE existed = 0)"
    )
    listed = _listed(table)
    connection.execute(f"INSERT INTO {table} (id, {listed}) SELECT id, {listed} FROM wanted_{table}")


def _unless_there(table: str) -> str:
    """Return the condition that nobody has put an equal row of the same person there since."""
    listed = [name for name in in_the_way.values(table) if name not in _OF_A_ROW]
    equal = listed if table in _LISTS else _JOINED.get(table)
    if equal is None:
        return ""
    same = " AND ".join(f't."{name}" IS b."{name}"' for name in equal)
    return f" AND NOT EXISTS (SELECT 1 FROM {table} t WHERE {same})"


def _listed(table: str, of: str = "") -> str:
    return ", ".join(f'{of}"{name}"' for name in in_the_way.values(table))


def _any(connection: sqlite3.Connection, table: str, operation_id: int | None = None) -> bool:
    where = "" if operation_id is None else f" WHERE operation = {operation_id:d}"
    return connection.execute(f"SELECT 1 FROM {table}{where} LIMIT 1").fetchone() is not None
