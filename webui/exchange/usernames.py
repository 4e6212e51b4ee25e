"""A free username for each new person of a plan: free in the database and in the file, in file order."""

import sqlite3

# Names that several want or someone has, and whether some are numbered already (`mara.ek.2`): those few
# are looked at one by one, all others are numbered at once. The plus signs keep the index of verdicts out,
# which would find almost every row.
_CLASHING = """
CREATE TEMP TABLE clashing AS
SELECT key, taken,
  EXISTS (SELECT 1 FROM live.users u WHERE u.deleted_at IS NULL
          AND u.username_key BETWEEN substr(key, 1, 72) || '.' AND substr(key, 1, 72) || '.' || char(0xffff))
  OR EXISTS (SELECT 1 FROM staged s WHERE +s.verdict IN ('new', 'question')
             AND s.wanted_key BETWEEN substr(key, 1, 72) || '.' AND substr(key, 1, 72) || '.' || char(0xffff))
  OR length(key) > 72 AS numbered
FROM (
  SELECT wanted_key AS key, count(*) AS wanting,
    EXISTS (SELECT 1 FROM live.users u WHERE u.username_key = wanted_key AND u.deleted_at IS NULL) AS taken
  FROM staged WHERE +verdict IN ('new', 'question') GROUP BY wanted_key)
WHERE wanting > 1 OR taken
"""
_NUMBER = """
UPDATE staged SET username = found.wanted || '.' || found.n, username_key = found.wanted_key || '.' || found.n
FROM (
  SELECT s.position, s.wanted, s.wanted_key,
    c.taken + row_number() OVER (PARTITION BY s.wanted_key ORDER BY s.position) AS n
  FROM clashing c JOIN staged s ON s.wanted_key = c.key
  WHERE NOT c.numbered AND +s.verdict IN ('new', 'question')) found
WHERE staged.position = found.position AND found.n > 1
"""


def give(connection: sqlite3.Connection) -> None:
    """Set username and key of every row that may add someone: what it wants, else with .2, .3 behind it."""
    connection.execute("DROP TABLE IF EXISTS temp.clashing")
    connection.execute(_CLASHING)
    connection.execute(_NUMBER)
    for (key,) in connection.execute("SELECT key FROM clashing WHERE numbered").fetchall():
        connection.executemany(
            "UPDATE staged SET username = ?, username_key = ? WHERE position = ?", _numbered(connection, key)
        )


def _numbered(connection: sqlite3.Connection, key: str) -> list[tuple[str, str, int]]:
    used = _used(connection, key)
    rows = connection.execute(
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
    """Return the usernames in use that are `key` or begin with it and a dot, wanted ones among them.

    Both at once, by OR, would read the usernames of all people.
    """
    like = key[:72] + "."
    found = connection.execute(
        """
        SELECT username_key FROM live.users WHERE deleted_at IS NULL AND username_key = :key
        UNION SELECT username_key FROM live.users
        WHERE deleted_at IS NULL AND username_key BETWEEN :low AND :high
        UNION SELECT username_key FROM staged
        WHERE wanted_key BETWEEN :low AND :high AND +verdict IN ('new', 'question')
        """,
        {"key": key, "low": like, "high": like + "\uffff"},
    )
    return {row[0] for row in found}
