"""What operations say of someone who is forgotten: their sentences go on without the names.

In a payload stands {"forgotten": "person"} (or "post", "file") instead; `words` has the word for it. Counts
of people become those who are left, and an operation that is left without anything goes, with what undoes it.
"""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from webui.store.ledger import derived, theirs
from webui.store.models import recorded
from webui.store.values import text

_NAMES = (
    ("users", "display_name", "person"),
    ("users", "username", "person"),
    ("source_files", "name", "file"),
)
_SAID = {"name": "person", "other": "person", "title": "post", "file": "file"}  # by the key in a payload
_ABOUT = (
    "users.",
    "posts.",
    "photos.",
    "attachments.",
    "relations.",
    "bulk.",
    "sheet.",
    "imports.",
    "restore.",
)
_OF_PEOPLE = frozenset(
    (
        *(
            "users.trash",
            "users.put_back",
            "users.remove",
            "bulk.set",
            "bulk.tag",
            "bulk.untag",
            "sheet.fill",
        ),
        "restore.some",
    )
)
_PERSONAL = ("users", "user_tags", "field_values")


Names = Mapping[str, Collection[str]]


def names(connection: sqlite3.Connection) -> Names:
    """Return by kind what they are or were called, and the files that they alone came from."""
    found: dict[str, set[str]] = defaultdict(set)
    tables = {table.name: table for table in recorded()}
    for name, column, kind in _NAMES:
        for source in (name, f"history_{name}"):
            query = f"SELECT {column} FROM {source} WHERE {theirs.is_theirs(tables[name])}"
            for (said,) in connection.execute(query).fetchall():
                if said:
                    found[kind].add(text.shown(said))
    return found


def counted(connection: sqlite3.Connection) -> dict[int, tuple[int, int]]:
    """Return by operation how many of its people are theirs, and how many of those it had brought."""
    found: dict[int, tuple[int, int]] = {}
    tables = {table.name: table for table in recorded()}
    for name in _PERSONAL:
        rows = connection.execute(
            f"SELECT operation, count(*), sum(existed = 0) FROM history_{name}"
            f" WHERE {theirs.is_theirs(tables[name])} GROUP BY operation"
        ).fetchall()
        for operation, number, brought in rows:
            of_a_row = (number, brought) if name == "users" else (1, 0)
            found.setdefault(operation, of_a_row)
    return found


def unname(connection: sqlite3.Connection, names: Names, counted: Mapping[int, tuple[int, int]]) -> None:
    """Take the names out of the operations in `temp.touched_theirs`, after their rows went."""
    touched = {row[0] for row in connection.execute("SELECT operation FROM temp.touched_theirs")}
    rows = connection.execute(
        "SELECT id, message, payload FROM operations WHERE message IN ('history.alone', 'outside')"
        " OR id IN (SELECT operation FROM temp.touched_theirs) ORDER BY id"
    ).fetchall()
    for operation, message, payload in rows:
        values = _read(payload)
        if message == "history.alone" and values.get("id") in touched:
            touched.add(operation)
        if message == "outside":
            _take_lost(connection, values)
        elif operation in touched:
            values = _without(connection, operation, message, values, names, counted)
        connection.execute(
            "UPDATE operations SET payload = ?, counts = ? WHERE id = ?",
            (json.dumps(values, ensure_ascii=False), derived.counts_json(connection, operation), operation),
        )
    for operations in _families(connection, touched):
        if not any(_is_something(connection, each) for each in operations):
            connection.executemany("DELETE FROM operations WHERE id = ?", [(each,) for each in operations])


def _without(
    connection: sqlite3.Connection,
    operation: int,
    message: str,
    values: dict[str, Any],
    names: Names,
    counted: Mapping[int, tuple[int, int]],
) -> dict[str, Any]:
    if message == "history.alone" and isinstance(inner := values.get("values"), dict):
        of, kind = values.get("id"), str(values.get("message"))
        if isinstance(of, int):
            values["values"] = _without(connection, of, kind, inner, names, counted)
            values["counts"] = derived.counts(connection, of)
        return values
    left = next(_people_left(connection, operation), None)
    for key, kind in _SAID.items() if message.startswith(_ABOUT) else ():
        said, named = values.get(key), "file" if message == "imports.add" else kind
        if isinstance(said, str) and (left is None or said in names.get(named, ())):
            values[key] = {"forgotten": named}
    gone, brought = counted.get(operation, (0, 0))
    if message in _OF_PEOPLE and isinstance(values.get("count"), int) and values["count"] > gone:
        values["count"] -= gone
        if isinstance(values.get("name"), dict) and left:
            values["name"] = left
    if message == "relations.add":
        rows = "SELECT count(*) FROM history_relations WHERE operation = ?"
        values["count"] = max(connection.execute(rows, (operation,)).fetchone()[0], 1)
    if message == "trash.empty":
        for table in ("users", "posts"):
            rows = f"SELECT count(*) FROM history_{table} WHERE operation = ? AND deleted_at IS NOT NULL"
            values[table] = connection.execute(rows, (operation,)).fetchone()[0]
    if message == "imports.add":
        for key, number in (("added", brought), ("changed", gone - brought)):
            if isinstance(values.get(key), int):
                values[key] = max(values[key] - number, 0)
    return values


def _people_left(connection: sqlite3.Connection, operation: int) -> Iterator[str]:
    """Yield what people are called whom an operation still touches."""
    called = "coalesce(nullif({0}.display_name, ''), {0}.username)"
    for table in recorded():
        if table.name != "users" and "user_id" not in table.c:
            continue
        name = f"history_{table.name}"
        image = f"(SELECT {{0}} FROM {name} i WHERE i.id = h.id AND i.existed = 1 LIMIT 1)"
        # Of a row that came with the operation another image says whose it is, or the row as it is now.
        whom = "h.id" if table.name == "users" else f"coalesce(t.user_id, {image.format('i.user_id')})"
        rows = connection.execute(
            f"SELECT coalesce((SELECT {called.format('u')} FROM users u WHERE u.id = w.id),"
            f" (SELECT {called.format('i')} FROM history_users i WHERE i.id = w.id AND i.existed = 1"
            " ORDER BY i.operation DESC LIMIT 1), '')"
            f" FROM (SELECT {whom} AS id FROM {name} h LEFT JOIN {table.name} t ON t.id = h.id"
            " WHERE h.operation = ? LIMIT 1) w",
            (operation,),
        )
        for (called_now,) in rows.fetchall():
            yield text.shown(called_now)


def _take_lost(connection: sqlite3.Connection, values: dict[str, Any]) -> None:
    """Leave out of the rows that an outside change lost, by table, those that pointed to theirs."""
    for table in recorded():
        rows = values.get(table.name)
        if not isinstance(rows, list):
            continue
        order = [row[1] for row in connection.execute(f"PRAGMA table_info({table.name})").fetchall()]
        keys = {key.parent.name: key.column.table.name for key in table.foreign_keys}
        gone = {
            column: {row[0] for row in connection.execute(f"SELECT id FROM temp.theirs_{parent}")}
            for column, parent in keys.items()
        }
        kept = [
            row
            for row in rows
            if isinstance(row, list)
            and not any(
                value in gone.get(column, ())
                for column, value in zip(order, row, strict=False)
                if isinstance(value, int)
            )
        ]
        values[table.name] = kept
        if not kept:
            del values[table.name]


def _families(connection: sqlite3.Connection, touched: Collection[int]) -> list[list[int]]:
    """Return the touched operations, each with all that undo and redo it: none of them is there alone."""
    undoes = connection.execute("SELECT id, undoes FROM operations ORDER BY id").fetchall()
    found = defaultdict[int, list[int]](list)
    first: dict[int, int] = {}
    for operation, of in undoes:
        first[operation] = operation if of is None else first.get(of, of)
        found[first[operation]].append(operation)
    return [found[each] for each in {first[operation] for operation in touched if operation in first}]


def _is_something(connection: sqlite3.Connection, operation: int) -> bool:
    """Tell whether an operation still does anything, or keeps rows that an outside change lost."""
    message, payload = connection.execute(
        "SELECT message, payload FROM operations WHERE id = ?", (operation,)
    ).fetchone()
    return bool(derived.counts(connection, operation)) or (message == "outside" and payload != "{}")


def _read(payload: object) -> dict[str, Any]:
    try:
        found = json.loads(text.shown(payload))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
