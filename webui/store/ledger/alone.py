"""One operation taken back alone, whatever was done after it: an operation itself, named "history.alone".

It puts back what the operation changed, value by value, and leaves what came later. It is refused where
something later has changed one of those values, or hangs on a row that would go. Not for the newest one
first, row by row: that is `history.undo`.
"""

import sqlite3

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from webui.store import errors
from webui.store.ledger import history, references, schema
from webui.store.ledger.operations import replacing
from webui.store.models import recorded
from webui.store.values import times

_MOMENT = "updated_at"  # of a row, not a value of anyone's
# What counts: done, neither undone nor the undoing of another.
_STANDS = "undoes IS NULL AND undone_by IS NULL"


def steps(session: Session, operation_id: int) -> int:
    """Return how many operations stand between now and the moment before an operation, itself among them."""
    connection = history.connection_of(session)
    query = f"SELECT count(*) FROM operations WHERE id >= ? AND {_STANDS}"
    return int(connection.execute(query, (operation_id,)).fetchone()[0])


def undo(engine: Engine, operation_id: int, door: str = "window") -> history.Done:
    """Take back one operation alone, and return it.

    Raises NotFound; Refused where it is undone already, where a later change stands in the way (its
    message names that one), or nothing of it is left; Busy, Full. Nothing is changed then.
    """
    with replacing(engine, "history.alone", door=door) as (connection, opened):
        done = history.find(connection, operation_id)
        if done is None or done.id == opened.id:
            raise errors.NotFound("operations", operation_id)
        if done.undone:
            raise errors.Refused(errors.Message("history.undone_already"))
        opened.values = history.told(done)
        touched = [table.name for table in recorded() if _prepare(connection, table.name, operation_id)]
        for name in touched:
            _judge(connection, name, operation_id)
        try:
            for name in touched:
                _apply(connection, name)
        except sqlite3.IntegrityError as error:  # a username or an e-mail belongs to someone else now
            raise errors.Refused(errors.Message("history.alone_taken")) from error
        _judge_rules(connection, opened.id)
        if not any(_any(connection, f"history_{name}", opened.id) for name in touched):
            raise errors.Refused(errors.Message("history.nothing_left"))
    return done


def undo_to(engine: Engine, operation_id: int, door: str = "window") -> int:
    """Undo one by one down to an operation, itself included, and return how many that were.

    Raises NotFound, and what `history.undo` raises; what was undone until then stays undone.
    """
    count = 0
    while True:
        with Session(engine) as session:
            found = history.find(history.connection_of(session), operation_id)
            newest = history.next_undo(session)
        if found is None:
            raise errors.NotFound("operations", operation_id)
        if found.undone or newest is None or newest.id < operation_id:
            return count
        history.undo(engine, door, expected=newest.id)
        count += 1


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
    if not _any(connection, f"temp.before_{table}"):
        return False
    connection.execute(f"CREATE UNIQUE INDEX temp.before_{table}_id ON before_{table} (id)")
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
    connection.execute(f"CREATE UNIQUE INDEX temp.after_{table}_id ON after_{table} (id)")
    return True


def _judge(connection: sqlite3.Connection, table: str, operation_id: int) -> None:
    """See that nothing later stands in the way of a table's rows. Raises Refused."""
    names = [name for name in _values(table) if name != _MOMENT]
    gone_on = " OR ".join(f't."{name}" IS NOT a."{name}"' for name in names)
    changed = " OR ".join(  # to what it neither was before nor after
        f'(b."{name}" IS NOT a."{name}" AND t."{name}" IS NOT a."{name}" AND t."{name}" IS NOT b."{name}")'
        for name in names
    )
    meant = " OR ".join(f'b."{name}" IS NOT a."{name}"' for name in names)
    query = f"""
        SELECT b.id FROM before_{table} b JOIN after_{table} a ON a.id = b.id
        LEFT JOIN {table} t ON t.id = b.id
        WHERE (b.existed = 0 AND t.id IS NOT NULL AND ({gone_on}))
           OR (b.existed = 1 AND t.id IS NULL AND ({meant}))
           OR (b.existed = 1 AND t.id IS NOT NULL AND ({changed}))
        ORDER BY b.id LIMIT 1
    """
    if row := connection.execute(query).fetchone():
        raise _stands_in_the_way(connection, table, row[0], operation_id)
    for child, column, _parent in references.to(table):
        hangs_on = f"""
            SELECT c.id FROM before_{table} b JOIN {child} c ON c."{column}" = b.id
            WHERE b.existed = 0 AND NOT EXISTS (SELECT 1 FROM history_{child} h
              WHERE h.operation = :operation AND h.id = c.id AND h.existed = 0)
            ORDER BY c.id LIMIT 1
        """
        if row := connection.execute(hangs_on, {"operation": operation_id}).fetchone():
            raise _stands_in_the_way(connection, child, row[0], operation_id)


def _apply(connection: sqlite3.Connection, table: str) -> None:
    """Put the values back. All rows go first: two of them may have swapped what is unique."""
    names = _values(table)
    back = {name: f'b."{name}" IS NOT a."{name}"' for name in names}
    wanted = {name: f'CASE WHEN {back[name]} THEN b."{name}" ELSE t."{name}" END' for name in names}
    if _MOMENT in wanted:
        wanted[_MOMENT] = ":now"
    differs = " OR ".join(
        f'({back[name]} AND b."{name}" IS NOT t."{name}")' for name in names if name != _MOMENT
    )
    connection.execute(f"DROP TABLE IF EXISTS temp.wanted_{table}")
    connection.execute(
        f"""
        CREATE TEMP TABLE wanted_{table} AS
        SELECT t.id, {", ".join(f'{said} AS "{name}"' for name, said in wanted.items())}
        FROM before_{table} b JOIN after_{table} a ON a.id = b.id JOIN {table} t ON t.id = b.id
        WHERE b.existed = 1 AND ({differs})
        UNION ALL
        SELECT b.id, {_listed(table, "b.")} FROM before_{table} b
        WHERE b.existed = 1 AND NOT EXISTS (SELECT 1 FROM after_{table} a WHERE a.id = b.id)
          AND NOT EXISTS (SELECT 1 FROM {table} t WHERE t.id = b.id)
        """,
        {"now": times.now()},
    )
    connection.execute(
        f"DELETE FROM {table} WHERE id IN (SELECT id FROM wanted_{table})"
        f" OR id IN (SELECT id FROM before_{table} WHERE existed = 0)"
    )
    listed = _listed(table)
    connection.execute(f"INSERT INTO {table} (id, {listed}) SELECT id, {listed} FROM wanted_{table}")


def _judge_rules(connection: sqlite3.Connection, opened_id: int) -> None:
    """See that what came back is allowed beside what came later. Raises Refused."""
    for table, column, parent in references.every():
        query = f"""
            SELECT t."{column}" FROM history_{table} h JOIN {table} t ON t.id = h.id
            WHERE h.operation = ? AND t."{column}" IS NOT NULL
              AND NOT EXISTS (SELECT 1 FROM {parent} p WHERE p.id = t."{column}") LIMIT 1
        """
        if row := connection.execute(query, (opened_id,)).fetchone():
            raise _stands_in_the_way(connection, parent, row[0], 0)
    for message, query in _RULES.items():
        if connection.execute(query, {"opened": opened_id}).fetchone():
            raise errors.Refused(errors.Message(message))


# What a form refuses too, though the file alone would take it.
_RULES = {
    "history.alone_email": """
        SELECT 1 FROM history_users h JOIN users u ON u.id = h.id
        WHERE h.operation = :opened AND u.email IS NULL AND u.deleted_at IS NULL
          AND coalesce((SELECT value FROM settings WHERE name = 'email_required'), '1') = '1'
          AND (h.existed = 0 OR h.email IS NOT NULL OR h.deleted_at IS NOT NULL) LIMIT 1
        """,
    "history.alone_alike": """
        SELECT 1 FROM history_field_values h JOIN field_values v ON v.id = h.id
        JOIN fields f ON f.id = v.field_id AND f.no_two_alike
        JOIN users u ON u.id = v.user_id AND u.deleted_at IS NULL
        JOIN field_values o ON o.field_id = v.field_id AND o.value_key = v.value_key
          AND o.user_id <> v.user_id
        JOIN users w ON w.id = o.user_id AND w.deleted_at IS NULL
        WHERE h.operation = :opened LIMIT 1
        """,
}


def _stands_in_the_way(
    connection: sqlite3.Connection, table: str, row_id: int, operation_id: int
) -> errors.Refused:
    """Return the refusal that names the last operation that touched a row, after another one."""
    row = connection.execute(
        f"SELECT max(h.operation) FROM history_{table} h JOIN operations o ON o.id = h.operation"
        f" WHERE h.id = ? AND h.operation > ? AND {_STANDS} AND o.message <> ''",
        (row_id, operation_id),
    ).fetchone()
    later = history.find(connection, row[0]) if row and row[0] else None
    if later is None:  # nothing that still stands: what another program left is not in history
        return errors.Refused(errors.Message("history.alone_hangs"))
    return errors.Refused(errors.Message("history.stands_in_the_way", history.told(later)))


def _values(table: str) -> list[str]:
    return [
        name for name in schema.columns_of(f"history_{table}") if name not in ("operation", "id", "existed")
    ]


def _listed(table: str, of: str = "") -> str:
    return ", ".join(f'{of}"{name}"' for name in _values(table))


def _any(connection: sqlite3.Connection, table: str, operation_id: int | None = None) -> bool:
    where = "" if operation_id is None else f" WHERE operation = {operation_id:d}"
    return connection.execute(f"SELECT 1 FROM {table}{where} LIMIT 1").fetchone() is not None
