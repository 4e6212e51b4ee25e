"""Whether an operation of an older schema can still be taken back: said before anyone tries."""

import sqlite3

from webui.store.ledger import derived
from webui.store.models import recorded

_KNOWN: dict[tuple[int, str, str | None], bool] = {}  # the last answer


def fits(connection: sqlite3.Connection, operation_id: int) -> bool:
    """Tell whether the rows that an operation found have all that the schema of now asks for.

    A migration since may have added a column that must not be empty, and filled it in only where there was
    a row.
    """
    query = "SELECT revision, at FROM operations WHERE id = ?"
    then = connection.execute(query, (operation_id,)).fetchone()
    now = derived.revision(connection)
    if then is None or then[0] == now:
        return True
    known = (operation_id, then[1], now)
    if known not in _KNOWN:  # images stay what they are, and a large import has many
        _KNOWN.clear()
        _KNOWN[known] = not _lacking(connection, operation_id)
    return _KNOWN[known]


def _lacking(connection: sqlite3.Connection, operation_id: int) -> bool:
    return any(
        connection.execute(
            f"SELECT 1 FROM history_{table} WHERE operation = ? AND existed = 1 AND ({lacks}) LIMIT 1",
            (operation_id,),
        ).fetchone()
        for table, lacks in _asked(connection)
    )


def _asked(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    """Return each table with the condition that an image of it lacks something."""
    found = []
    for table in recorded():
        columns = connection.execute(f"PRAGMA table_info({table.name})").fetchall()
        names = [
            f'"{name}" IS NULL' for _id, name, _type, needed, *_rest in columns if needed and name != "id"
        ]
        found += [(table.name, " OR ".join(names))] if names else []
    return found
