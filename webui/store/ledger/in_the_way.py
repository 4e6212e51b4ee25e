"""What stands in the way of taking one operation back alone: later changes of the same values, and what a
form would refuse beside what came later. It reads the tables that `alone` prepares, and changes nothing.
"""

import sqlite3
from collections.abc import Iterator, Sequence

from webui.store import errors
from webui.store.ledger import history, references, schema
from webui.store.values import names

_NAMED = 3  # operations in one sentence
_LOOKED = 50  # rows of a table
MOMENT = "updated_at"  # of a row, not a value of anyone's
_STANDS = f"{history.STANDS} AND o.message <> ''"  # and is not the one that is being written
# Values that say one thing together: who changes one of them has changed all.
_UNITS = {
    "users": (
        (*names.PARTS, "display_name"),
        ("birthday", "birthday_typed"),
        ("username", "username_key"),
        ("email", "email_key", "email_label"),
    ),
    "posts": (("follow_up", "done_at"),),
}


def units(table: str) -> list[tuple[str, ...]]:
    """Return the values of a table, those together that say one thing."""
    joined = _UNITS.get(table, ())
    taken = {name for unit in joined for name in unit}
    return [*joined, *((name,) for name in values(table) if name not in taken and name != MOMENT)]


def values(table: str) -> list[str]:
    """Return the columns of a table but its id."""
    every = schema.columns_of(f"history_{table}")
    return [name for name in every if name not in ("operation", "id", "existed")]


def differ(unit: Sequence[str], one: str, other: str) -> str:
    """Return the condition that two rows differ in a unit."""
    return "(" + " OR ".join(f'{one}."{name}" IS NOT {other}."{name}"' for name in unit) + ")"


def judge(connection: sqlite3.Connection, touched: Sequence[str], operation_id: int) -> None:
    """See that nothing later stands in the way. Raises Refused, which names some operations that do."""
    later: dict[int, history.Done] = {}
    refused = None
    for table, row_id in _obstacles(connection, touched, operation_id):
        refused = refusal(connection, table, row_id, operation_id)
        if done := history.find(connection, refused.message.values.get("id", 0)):
            later.setdefault(done.id, done)
        if len(later) == _NAMED:
            break
    if later:
        first, *others = later.values()
        raise _refused(first, others)
    if refused:
        raise refused


def _obstacles(
    connection: sqlite3.Connection, touched: Sequence[str], operation_id: int
) -> Iterator[tuple[str, int]]:
    for table in touched:
        yield from _rows(connection, table)
    for table, query in _GROUPED:
        for (row_id,) in connection.execute(query, {"operation": operation_id}):
            yield table, row_id


def judge_result(connection: sqlite3.Connection, opened_id: int) -> None:
    """See that what came back is allowed beside what came later. Raises Refused."""
    for _table, parent, row_id in references.hanging(connection, opened_id):
        raise refusal(connection, parent, row_id, 0)
    for message, query in _RULES.items():
        if connection.execute(query, {"opened": opened_id}).fetchone():
            raise errors.Refused(errors.Message(message))


def are_alike(connection: sqlite3.Connection, opened_id: int) -> bool:
    """Tell whether two people have the same in a field where no two may, once what came back is there."""
    return connection.execute(_RULES["history.alone_alike"], {"opened": opened_id}).fetchone() is not None


def refusal(connection: sqlite3.Connection, table: str, row_id: int, operation_id: int) -> errors.Refused:
    """Return the refusal that names the last operation that touched a row, after another one."""
    row = connection.execute(
        f"SELECT max(h.operation) FROM history_{table} h JOIN operations o ON o.id = h.operation"
        f" WHERE h.id = ? AND h.operation > ? AND {_STANDS}",
        (row_id, operation_id),
    ).fetchone()
    later = history.find(connection, row[0]) if row and row[0] else None
    if later is None:  # nothing that still stands: what another program left is not in history
        return errors.Refused(errors.Message("history.alone_hangs"))
    return _refused(later, [])


def _refused(later: history.Done, others: Sequence[history.Done]) -> errors.Refused:
    told = {**history.told(later), "others": [history.told(each) for each in others]}
    return errors.Refused(errors.Message("history.stands_in_the_way", told))


def _rows(connection: sqlite3.Connection, table: str) -> Iterator[tuple[str, int]]:
    """Yield the table and the id of a row in the way: changed or gone since, or joined to one that goes."""
    every = units(table)
    since = " OR ".join(differ(unit, "t", "a") for unit in every)
    changed = " OR ".join(  # to what it neither was before nor after
        f"({differ(unit, 'b', 'a')} AND {differ(unit, 't', 'a')} AND {differ(unit, 't', 'b')})"
        for unit in every
    )
    meant = " OR ".join(differ(unit, "b", "a") for unit in every)
    query = f"""
        SELECT b.id FROM before_{table} b JOIN after_{table} a ON a.id = b.id
        LEFT JOIN {table} t ON t.id = b.id
        WHERE (b.existed = 0 AND t.id IS NOT NULL AND ({since}))
           OR (b.existed = 1 AND t.id IS NULL AND ({meant}))
           OR (b.existed = 1 AND t.id IS NOT NULL AND ({changed}))
        ORDER BY b.id LIMIT {_LOOKED}
    """
    for (row_id,) in connection.execute(query):
        yield table, row_id
    for child, column, _parent in references.to(table):  # what it touched itself is judged by its own table
        hangs_on = f"""
            SELECT c.id FROM before_{table} b JOIN {child} c ON c."{column}" = b.id
            WHERE b.existed = 0 AND NOT EXISTS (SELECT 1 FROM before_{child} d WHERE d.id = c.id)
            ORDER BY c.id LIMIT {_LOOKED}
        """
        for (row_id,) in connection.execute(hangs_on):
            yield child, row_id


def _later(table: str) -> str:
    return (
        f"SELECT h.id FROM history_{table} h JOIN operations o ON o.id = h.operation"
        f" LEFT JOIN {table} t ON t.id = h.id WHERE h.operation > :operation AND {_STANDS}"
    )


def _of(table: str, columns: Sequence[str]) -> str:
    """Return the query of what identifies the groups that the operation touched."""
    listed = ", ".join(columns)
    return f"SELECT {listed} FROM before_{table} WHERE existed = 1 UNION SELECT {listed} FROM after_{table}"


def _pair(row: str) -> str:
    return f"min({row}.user_id, {row}.other_id), max({row}.user_id, {row}.other_id)"


_FIELDS = (
    "SELECT b.id FROM before_fields b JOIN after_fields a USING (id)"
    " WHERE b.existed = 1 AND (b.kind IS NOT a.kind OR b.options IS NOT a.options)"
)
# A table and the query of a row of it that a later operation has touched.
_GROUPED = (
    (  # one value of someone in an own field, written since
        "field_values",
        f"{_later('field_values')} AND (coalesce(h.user_id, t.user_id), coalesce(h.field_id, t.field_id)) IN"
        f" ({_of('field_values', ('user_id', 'field_id'))}) LIMIT 50",
    ),
    (  # any value of a field whose kind or choices the operation has changed
        "field_values",
        f"{_later('field_values')} AND coalesce(h.field_id, t.field_id) IN ({_FIELDS}) LIMIT 50",
    ),
    (  # the kind of a field, changed since a value of it was
        "fields",
        f"{_later('fields')} AND h.existed = 1 AND h.kind IS NOT t.kind"
        f" AND h.id IN ({_of('field_values', ('field_id',))}) LIMIT 50",
    ),
    (  # what two people are to each other, said anew
        "relations",
        f"{_later('relations')} AND (min(coalesce(h.user_id, t.user_id), coalesce(h.other_id, t.other_id)),"
        " max(coalesce(h.user_id, t.user_id), coalesce(h.other_id, t.other_id))) IN"
        f" (SELECT {_pair('b')} FROM before_relations b WHERE existed = 1"
        f" UNION SELECT {_pair('a')} FROM after_relations a) LIMIT 50",
    ),
    *(  # a view that names a field or a tag as it would not be called any more
        (
            "saved_views",
            f"{_later('saved_views')} AND EXISTS (SELECT 1 FROM before_{table} b"
            f" JOIN after_{table} a USING (id) WHERE b.name IS NOT a.name AND b.existed >= {renamed}"
            " AND instr(lower(t.query), lower(a.name)) > 0) LIMIT 50",
        )
        for table, renamed in (("fields", 0), ("tags", 1))
    ),
)
# What a form refuses too, though the file alone would take it.
_LIVES = "JOIN users {0} ON {0}.id = {1}.user_id AND {0}.deleted_at IS NULL"
_RULES = {
    "history.alone_email": """
        SELECT 1 FROM users u LEFT JOIN history_users h ON h.id = u.id AND h.operation = :opened
        WHERE u.email IS NULL AND u.deleted_at IS NULL
          AND coalesce((SELECT value FROM settings WHERE name = 'email_required'), '1') = '1'
          AND ((h.id IS NOT NULL AND (h.existed = 0 OR h.email IS NOT NULL OR h.deleted_at IS NOT NULL))
            OR EXISTS (SELECT 1 FROM history_settings s LEFT JOIN settings n ON n.id = s.id
              WHERE s.operation = :opened AND coalesce(n.name, s.name) = 'email_required')) LIMIT 1
        """,
    "history.alone_alike": f"""
        SELECT 1 FROM field_values v JOIN fields f ON f.id = v.field_id AND f.no_two_alike = 1
        {_LIVES.format("u", "v")}
        JOIN field_values o ON o.field_id = v.field_id AND o.value_key = v.value_key
          AND o.user_id <> v.user_id
        {_LIVES.format("w", "o")}
        WHERE v.id IN (SELECT id FROM history_field_values WHERE operation = :opened)
          OR v.user_id IN (SELECT id FROM history_users WHERE operation = :opened)
          OR v.field_id IN (SELECT id FROM history_fields WHERE operation = :opened) LIMIT 1
        """,
    "history.alone_required": """
        SELECT 1 FROM history_field_values h JOIN fields f ON f.id = h.field_id AND f.required = 1
          AND f.deleted_at IS NULL
        JOIN users u ON u.id = h.user_id AND u.deleted_at IS NULL
        WHERE h.operation = :opened AND h.existed = 1 AND NOT EXISTS
          (SELECT 1 FROM field_values v WHERE v.user_id = h.user_id AND v.field_id = h.field_id) LIMIT 1
        """,
}
