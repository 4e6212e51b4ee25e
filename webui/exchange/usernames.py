"""A free username for each new person of a plan: free in the database and in the file, in file order."""

import sqlite3

_TAKEN = """
SELECT wanted_key FROM staged WHERE verdict IN ('new', 'question') GROUP BY wanted_key HAVING count(*) > 1
UNION
SELECT s.wanted_key FROM staged s JOIN live.users u ON u.username_key = s.wanted_key
WHERE u.deleted_at IS NULL AND s.verdict IN ('new', 'question')
"""


def give(connection: sqlite3.Connection) -> None:
    """Set username and key of every row that may add someone: what it wants, else with .2, .3 behind it."""
    connection.execute(
        "UPDATE staged SET username = wanted, username_key = wanted_key WHERE verdict IN ('new', 'question')"
    )
    clashing = connection.execute(_TAKEN).fetchall()
    given: list[tuple[str, str, int]] = []
    for (key,) in clashing:
        given += _numbered(connection, key)
    connection.executemany("UPDATE staged SET username = ?, username_key = ? WHERE position = ?", given)


def _numbered(connection: sqlite3.Connection, key: str) -> list[tuple[str, str, int]]:
    used = _used(connection, key)
    rows = connection.execute(  # the plus: the index of verdicts would find almost every row
        "SELECT position, wanted FROM staged WHERE wanted_key = ? AND +verdict IN ('new', 'question')"
        " ORDER BY position",
        (key,),
    ).fetchall()
    given: list[tuple[str, str, int]] = []
    number = 1
    for position, wanted in rows:
        name, name_key = wanted, key
        while name_key in used:
            number += 1
            name, name_key = f"{wanted[:72]}.{number}", f"{key[:72]}.{number}"
        used.add(name_key)
        given.append((name, name_key, position))
    return given


def _used(connection: sqlite3.Connection, key: str) -> set[str]:
    """Return the usernames in use that are `key` or begin with it and a dot."""
    like = key[:72] + "."
    found = connection.execute(
        """
        SELECT username_key FROM live.users
        WHERE deleted_at IS NULL AND (username_key = :key OR username_key BETWEEN :low AND :high)
        UNION SELECT wanted_key FROM staged
        WHERE wanted_key BETWEEN :low AND :high AND +verdict IN ('new', 'question')
        """,
        {"key": key, "low": like, "high": like + "\uffff"},
    )
    return {row[0] for row in found}
