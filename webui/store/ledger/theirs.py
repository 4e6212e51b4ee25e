"""Which rows are one person's: live and in history, whichever state of a row says so.

Read from the references of the models, so that no table can be missed. Marks are temporary tables; nothing
is changed. A row that was another's in some state is shared: of it only the states that were theirs count.
"""

import json
import sqlite3
from collections.abc import Collection

from sqlalchemy import Table

from webui.store.models import recorded

# What a row came from, and is theirs where nobody else's did: (table, column of the rows, their table).
_CAME_FROM = (("source_files", "file_id", "sources"),)
_ALIASES = ("uid_aliases", "history_uid_aliases")
# What is kept outside history, by its hash: (table, which rows point to it, by which column).
CONTENTS = (("photos", "users", "photo_hash"), ("files", "attachments", "file_hash"))


def uids_of(connection: sqlite3.Connection, user_ids: Collection[int]) -> set[str]:
    """Return every uid that people have or had by their ids, those of whom they were merged with too."""
    query = " UNION ".join(
        f"SELECT uid FROM {table} WHERE {column} IN (SELECT value FROM json_each(:ids)){but}"
        for table, column, but in (
            ("users", "id", ""),
            ("history_users", "id", ""),
            # An alias that was taken back is the uid of someone else again.
            *((each, "user_id", " AND uid NOT IN (SELECT uid FROM users)") for each in _ALIASES),
        )
    )
    rows = connection.execute(query, {"ids": json.dumps(sorted(user_ids))}).fetchall()
    return {row[0] for row in rows if isinstance(row[0], str)}


def ids_of(connection: sqlite3.Connection, uids: Collection[str]) -> set[int]:
    """Return the ids of the person with these uids, now or ever; empty where nothing knows of them.

    One whose row was replaced, or who came back under another id, has several.
    """
    known, ids = set(uids), set[int]()
    while True:
        query = " UNION ".join(
            f"SELECT id FROM {table} WHERE uid IN (SELECT value FROM json_each(:uids))"
            for table in ("users", "history_users")
        )
        rows = connection.execute(query, {"uids": json.dumps(sorted(known))}).fetchall()
        found = {int(row[0]) for row in rows}
        if found == ids:
            return ids
        ids, known = found, known | uids_of(connection, found)


def mark(connection: sqlite3.Connection, user_ids: Collection[int]) -> None:
    """Let `temp.theirs_<table>` (id, shared) hold the rows of people, for every recorded table."""
    for table in recorded():  # parents come first
        connection.execute(f"DROP TABLE IF EXISTS temp.theirs_{table.name}")
        connection.execute(
            f"CREATE TEMP TABLE theirs_{table.name}"
            " (id INTEGER PRIMARY KEY, shared INTEGER NOT NULL DEFAULT 0)"
        )
        if table.name == "users":
            connection.executemany("INSERT INTO theirs_users (id) VALUES (?)", [(each,) for each in user_ids])
        elif table.foreign_keys:
            _mark_rows(connection, table)
    for name, column, of in _CAME_FROM:
        own = f"SELECT id FROM theirs_{of} WHERE NOT shared"
        connection.execute(
            f"INSERT INTO theirs_{name} (id) SELECT DISTINCT {column} FROM {_states(of, column)} s"
            f" WHERE id IN ({own}) AND {column} IS NOT NULL AND "
            + " AND ".join(
                f"NOT EXISTS (SELECT 1 FROM {each} o WHERE o.{column} = s.{column} AND o.id NOT IN ({own}))"
                for each in (of, f"history_{of}")
            )
        )


def is_theirs(table: Table) -> str:
    """Return the condition that a state of a row, live or an image, is theirs, after `mark`."""
    marked = f"SELECT id FROM temp.theirs_{table.name}"  # few, so that rows are found by their ids
    return f"(id IN ({marked}) AND (id IN ({marked} WHERE NOT shared) OR coalesce({points(table)}, 0)))"


def points(table: Table) -> str:
    """Return the condition that a state of a row points to a row of theirs; NULL where it points nowhere."""
    found = [
        f'"{key.parent.name}" IN (SELECT id FROM temp.theirs_{key.column.table.name} WHERE NOT shared)'
        for key in table.foreign_keys
    ]
    return f"({' OR '.join(sorted(found))})" if found else "0"


def counts(connection: sqlite3.Connection) -> dict[str, int]:
    """Return how many living rows of each table are theirs, after `mark`; without the tables of none."""
    found = {
        table.name: connection.execute(
            f"SELECT count(*) FROM {table.name} WHERE {is_theirs(table)}"
        ).fetchone()[0]
        for table in recorded()
    }
    return {name: count for name, count in found.items() if count}


def earlier(connection: sqlite3.Connection) -> int:
    """Return how many images in history are theirs, after `mark`."""
    return sum(
        connection.execute(f"SELECT count(*) FROM history_{table.name} WHERE {is_theirs(table)}").fetchone()[
            0
        ]
        for table in recorded()
    )


def note_operations(connection: sqlite3.Connection) -> None:
    """Let `temp.touched_theirs` (operation) hold what touched a row of theirs, after `mark`."""
    connection.execute("DROP TABLE IF EXISTS temp.touched_theirs")
    connection.execute("CREATE TEMP TABLE touched_theirs (operation INTEGER PRIMARY KEY)")
    for table in recorded():
        connection.execute(
            f"INSERT OR IGNORE INTO touched_theirs SELECT operation FROM history_{table.name}"
            f" WHERE {is_theirs(table)}"
        )


def others() -> str:
    """Return the query of those whose text holds something of theirs, and of themselves, after `mark`."""
    found = ["SELECT id FROM temp.theirs_users"]
    found += [
        f"SELECT user_id FROM {table.name} WHERE {is_theirs(table)}"
        for table in recorded()
        if "user_id" in table.c
    ]
    return " UNION ".join(found)


def _mark_rows(connection: sqlite3.Connection, table: Table) -> None:
    name, states = table.name, _states(table.name, *(key.parent.name for key in table.foreign_keys))
    connection.execute(
        f"INSERT OR IGNORE INTO theirs_{name} (id)"
        f" SELECT id FROM {name} WHERE {points(table)}"
        f" UNION SELECT id FROM history_{name} WHERE existed = 1 AND {points(table)}"
    )
    connection.execute(
        f"UPDATE theirs_{name} SET shared = 1 WHERE id IN (SELECT id FROM {states}"
        f" WHERE id IN (SELECT id FROM theirs_{name}) AND NOT coalesce({points(table)}, 0))"
    )


def _states(name: str, *columns: str) -> str:
    listed = ", ".join(["id", *sorted({f'"{column}"' for column in columns})])
    return f"(SELECT {listed} FROM {name} UNION ALL SELECT {listed} FROM history_{name} WHERE existed = 1)"
