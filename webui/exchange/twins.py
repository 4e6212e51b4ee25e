"""Rows of one file that are one person, by an e-mail or a uid. Not for who is in the database: `matching`."""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any, NamedTuple

from webui.exchange import joining
from webui.exchange.given import Told, agree, contradict, given_key
from webui.exchange.plan import as_json
from webui.store.errors import Message
from webui.store.values.text import shown

_SHARED = """
SELECT e.position, e.email_key, s.given_key, s.user_id, s.verdict, s.display_name, NULL, NULL, s.told_uid,
  u.given
FROM staged_emails e JOIN staged s USING (position) LEFT JOIN live.users u ON u.id = s.user_id
WHERE e.email_key IN (
  SELECT email_key FROM staged_emails GROUP BY email_key HAVING count(DISTINCT position) > 1)
UNION ALL
SELECT s.position, 'uid ' || s.source_uid, s.given_key, s.user_id, s.verdict, s.display_name, (
  SELECT json_group_array(email_key) FROM staged_emails e WHERE e.position = s.position),
  CASE s.named WHEN 'other' THEN coalesce(s.nickname, s.organisation, '') ELSE s.display_name END, s.told_uid,
  u.given
FROM staged s LEFT JOIN live.users u ON u.id = s.user_id WHERE s.readable AND s.source_uid IN (
  SELECT source_uid FROM staged WHERE source_uid IS NOT NULL GROUP BY source_uid HAVING count(*) > 1)
ORDER BY 1
"""

# Rows of whoever is here without a given name, which no two of them may give differently.
_NAMED = """
SELECT s.user_id, s.position, s.given_key, s.display_name, s.matched FROM staged s
JOIN live.users u ON u.id = s.user_id AND coalesce(u.given, '') = ''
WHERE s.verdict = 'new' AND s.given_key <> '' ORDER BY 1, s.matched IN ('email', 'source'), 2
"""
_OTHER = {"email": "row.other_name", "source": "row.other_name_uid"}


_MOST = 100  # different people of one e-mail or uid with whom a row is compared


class _Seen(NamedTuple):
    """An earlier row: the first one of its person, and what tells whether another is them too. `told` is what
    it calls them, with its e-mails: only where a uid is what both have. `uid` is one of ours, or None."""

    root: int
    given: str
    owner: int | None
    name: str
    told: Told | None
    uid: str | None

    @property
    def whose(self) -> int:
        """Whom the row is: the id of someone here, else the first row of the person, negated."""
        return -self.root if self.owner is None else self.owner

    def can_be(self, given: str, told: Told | None, named: str) -> bool:
        """Tell whether a row can be the same person; `named` is what any row of that gives them as a name."""
        if not (agree(given, self.given) and agree(given, named)):
            return False
        if told is None or self.told is None or (given and self.given):
            return True
        return not contradict(told, self.told)


def find(connection: sqlite3.Connection) -> None:
    """Two rows of the file with one e-mail or uid are treated alike: the later is the earlier, or it is
    asked, as it is where very many others have that e-mail."""
    earlier: dict[str, dict[tuple[Any, ...], _Seen]] = {}
    named: dict[int, str] = {}
    twins: list[tuple[int | None, int | None, str, str | None, int]] = []
    for position, rows in _by_position(connection.execute(_SHARED).fetchall()):
        given, user_id, verdict, name = rows[0][2], rows[0][3], rows[0][4], rows[0][5]
        keys = [(row[1], (shown(row[7]), frozenset(json.loads(row[6]))) if row[6] else None) for row in rows]
        uid = rows[0][8]
        found = [
            (each, told)
            for key, told in keys
            for each in earlier.get(key, {}).values()
            if uid is None or each.uid is None or uid == each.uid
        ]
        root, owner = position, user_id if verdict != "question" else None
        if found and (user_id is None or verdict == "question"):
            first = next(
                (each for each, told in found if each.can_be(given, told, named.get(each.whose, ""))), None
            )
            if first:
                root, owner = first.root, first.owner
                twins.append((owner, None if owner else root, "new", None, position))
            elif verdict != "question":
                twin, told = next((one for one in found if not agree(given, one[0].given)), found[0])
                said = "row.other_name" if told is None else "row.other_name_uid"
                reason = as_json(Message(said, {"name": twin.name, "id": twin.owner}))
                twins.append((twin.owner, None if twin.owner else twin.root, "question", reason, position))
        for key, told in keys:
            seen, there = _Seen(root, given, owner, name, told, uid), earlier.setdefault(key, {})
            if called := given or (given_key(shown(rows[0][9])) if owner == user_id else ""):
                named.setdefault(seen.whose, called)
            if len(there) < _MOST:  # of those who are alike in all that is compared the first is enough
                there.setdefault((root, given, told, uid), seen)
    connection.executemany(
        "UPDATE staged SET user_id = ?, twin = ?, matched = 'row', verdict = ?, reason = ?"
        " WHERE position = ?",
        twins,
    )


def ask_named(connection: sqlite3.Connection) -> None:
    """Ask about rows that were joined with someone who has no given name, where one before gives another."""
    asked, first = [], (0, "", "")
    for user_id, position, given, name, how in connection.execute(_NAMED).fetchall():
        if user_id != first[0]:
            first = (user_id, given, name)
        elif given != first[1] and how in _OTHER:
            asked.append((position, user_id, how, first[2]))
    for how, said in _OTHER.items():
        joining.ask(connection, how, [(*row[:2], said, row[3]) for row in asked if row[2] == how])


def _by_position(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[int, list[tuple[Any, ...]]]]:
    for position, group in groupby(rows, key=lambda row: row[0]):
        yield position, list(group)
