"""Who here has an e-mail of a file: the same person if the given name agrees. Not for two rows: `twins`."""

import sqlite3
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from webui.exchange import joining
from webui.exchange.given import agree, given_key
from webui.store.values.text import shown

_KEYS = """
SELECT DISTINCT e.email_key FROM staged_emails e JOIN staged s USING (position) WHERE s.user_id IS NULL
"""
_OWNERS = f"""
WITH asked(key) AS MATERIALIZED ({_KEYS})
SELECT key, u.id, u.given, u.display_name, 1 AS main
FROM asked CROSS JOIN live.users u ON u.email_key = key AND u.deleted_at IS NULL
UNION ALL
SELECT key, u.id, u.given, u.display_name, 0
FROM asked CROSS JOIN live.user_emails m ON m.email_key = key
CROSS JOIN live.users u ON u.id = m.user_id AND u.deleted_at IS NULL
ORDER BY 1, 5 DESC, 2
"""
_ROWS = """
SELECT e.position, e.email_key, s.given_key, s.told_uid
FROM staged_emails e JOIN staged s USING (position) WHERE s.user_id IS NULL ORDER BY 1, e.rank
"""
_ENOUGH = 20  # of those who agree, to tell whether it is one of them: families are smaller


class _Owner(NamedTuple):
    id: int
    given: str
    name: object
    is_main: bool


class _Owners:
    """The people here who have an e-mail of the file. Thousands may share one, as thousands of rows may: then
    each row looks up those of its given name instead of going through all."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._of: dict[str, list[_Owner]] = {}
        self._by_given: dict[str, dict[str, list[_Owner]]] = {}
        for key, user_id, given, name, main in connection.execute(_OWNERS):
            there = self._of.setdefault(key, [])
            there.append(_Owner(user_id, given_key(shown(given)), name, bool(main)))

    def first(self, key: str) -> _Owner | None:
        """Return the owner whose main e-mail it is, or else the oldest one."""
        return self._of.get(key, [None])[0]

    def agreeing(self, key: str, given: str) -> Iterator[_Owner]:
        """Yield some owners whose given name agrees, the one whose main e-mail it is first."""
        every = self._of.get(key, [])
        if not given or len(every) <= _ENOUGH:
            yield from (each for each in every[:_ENOUGH] if agree(given, each.given))
            return
        if key not in self._by_given:
            self._by_given[key] = {}
            for each in every:
                self._by_given[key].setdefault(each.given, []).append(each)
        found = [each for name in ("", given) for each in self._by_given[key].get(name, [])[:_ENOUGH]]
        yield from sorted(found, key=lambda each: (not each.is_main, each.id))


def match(connection: sqlite3.Connection) -> None:
    """The owner of an e-mail is the same person if the given name agrees or is missing; else it is asked,
    unless a uid of the row's own says that it is someone else."""
    same, asked = [], []
    owners = _Owners(connection)
    uids = dict(  # of people who are rows of a uid: nobody is two of them
        connection.execute(
            "SELECT user_id, told_uid FROM staged WHERE user_id IS NOT NULL AND told_uid IS NOT NULL"
        )
    )
    for position, group in groupby(connection.execute(_ROWS).fetchall(), key=lambda row: row[0]):
        rows = list(group)
        keys, given, uid = [row[1] for row in rows], rows[0][2], rows[0][3]
        agreeing = [each for key in keys for each in owners.agreeing(key, given)]
        if uid:
            agreeing = [each for each in agreeing if uids.get(each.id, uid) == uid]
        best = {each.id for each in agreeing if each.is_main} or {each.id for each in agreeing}
        if len(best) == 1:
            same.append((position, found := best.pop()))
            if uid:
                uids[found] = uid
        elif not uid and (owner := next(filter(None, [*agreeing, *map(owners.first, keys)]), None)):
            message = "row.several" if agreeing else "row.other_name"
            asked.append((position, owner.id, message, owner.name))
    joining.join(connection, "email", same)
    joining.ask(connection, "email", asked)
