"""Whom operations involved: their own rows, posts about them, and what joins them to others.

Read from what history holds, not from the sentence of an operation, which of many people names one or none.
Not for what changed of someone: `changes` has that.
"""

import json
import sqlite3
from collections.abc import Callable, Collection, Sequence

from webui.store import changes
from webui.store.values import patterns, text

MOST = 5_000  # people: a word that more are called by says nothing of an operation
_THEIRS = "IN (SELECT value FROM json_each(:users))"
_CALLED = "coalesce({0}.display_name, '') || ' ' || coalesce({0}.username, '')"


def operations() -> str:
    """Return the query of the operations that involved people; :users is a JSON array of their ids."""
    found = [f"SELECT operation FROM history_users WHERE id {_THEIRS}"]
    for table in (*changes.TABLES, "posts", "post_users"):
        found += [_of(table, _ever(table, column)) for column in changes.whose(table)]
    found.append(_of("posts", _ever("post_users", "user_id", "post_id")))
    return " UNION ".join(found)


def _of(table: str, ids: str) -> str:
    return f"SELECT operation FROM history_{table} WHERE id IN ({ids})"


def _ever(table: str, column: str, wanted: str = "id") -> str:
    """Return the query of rows that are someone's by a column, or were."""
    return (
        f"SELECT {wanted} FROM {table} WHERE {column} {_THEIRS}"
        f" UNION SELECT {wanted} FROM history_{table} WHERE {column} {_THEIRS} AND existed = 1"
    )


def saying(connection: sqlite3.Connection, words: Sequence[str]) -> Callable[[int, str], bool]:
    """Return what tells of an operation, by its id and its folded sentence, whether each of the folded words
    is said there, or begins a name of someone it involved (of one and the same, all that are not said)."""
    people: dict[str, set[int]] = {}
    known: dict[tuple[str, ...], set[int]] = {}

    def says(operation: int, said: str) -> bool:
        lacking = tuple(word for word in words if word not in said)
        if lacking and not people:
            people.update(_called(connection, words))
        if lacking not in known:
            known[lacking] = _involving(connection, [people[word] for word in lacking])
        return not lacking or operation in known[lacking]

    return says


def _involving(connection: sqlite3.Connection, people: Collection[set[int]]) -> set[int]:
    ids = set.intersection(*people) if people else set()
    if not 0 < len(ids) <= MOST:
        return set()
    rows = connection.execute(operations(), {"users": json.dumps(sorted(ids))})
    return {row[0] for row in rows.fetchall()}


def _called(connection: sqlite3.Connection, words: Sequence[str]) -> dict[str, set[int]]:
    """Return the ids of those who are, or were, called by each of some folded words."""
    found = {word: _living(connection, word) for word in words}
    begins = {word: patterns.begins(word) for word in words}
    # The full text has neither who is in the trash or gone, nor how someone was called before.
    rows = connection.execute(
        f"SELECT id, {_CALLED.format('u')} FROM users u WHERE deleted_at IS NOT NULL UNION ALL"
        f" SELECT h.id, {_CALLED.format('h')} FROM history_users h LEFT JOIN users u ON u.id = h.id"
        " WHERE h.existed = 1 AND (h.display_name IS NOT u.display_name OR h.username IS NOT u.username)"
    )
    for user_id, names in rows:
        folded = text.fold(names)
        for word, is_called in begins.items():
            if is_called(folded):
                found[word].add(user_id)
    return found


def _living(connection: sqlite3.Connection, word: str) -> set[int]:
    sought = '"' + word.replace('"', '""') + '"*'
    rows = connection.execute("SELECT rowid FROM names_fts WHERE names_fts MATCH ?", (sought,))
    return {row[0] for row in rows.fetchall()}
