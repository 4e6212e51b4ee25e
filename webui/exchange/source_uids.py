"""Who came from a card, or a record, of the same uid in a file of the same kind; ours count among cards."""

import sqlite3
from typing import NamedTuple

from webui.exchange import joining
from webui.exchange.given import given_key
from webui.store.values.text import shown

_UIDS = """
SELECT DISTINCT source_uid AS uid FROM staged
WHERE source_uid IS NOT NULL AND user_id IS NULL AND readable
"""
# A card that Roster wrote has our own uid, which a merged person may have had before.
_OWNERS = f"""
WITH told AS MATERIALIZED ({_UIDS})
SELECT u.id, told.uid, u.given, u.display_name
FROM told JOIN live.sources o ON o.source_uid = told.uid
JOIN live.source_files f ON f.id = o.file_id AND f.format = :format
JOIN live.users u ON u.id = o.user_id AND u.deleted_at IS NULL
UNION
SELECT u.id, told.uid, u.given, u.display_name
FROM told JOIN live.users u ON u.uid = told.uid AND u.deleted_at IS NULL WHERE :format = 'vcard'
UNION
SELECT u.id, told.uid, u.given, u.display_name
FROM told JOIN live.uid_aliases a ON a.uid = told.uid
JOIN live.users u ON u.id = a.user_id AND u.deleted_at IS NULL WHERE :format = 'vcard'
ORDER BY 1
"""
_ROWS = """
SELECT position, source_uid, given_key FROM staged
WHERE source_uid IS NOT NULL AND user_id IS NULL AND readable
"""


class _Owner(NamedTuple):
    id: int
    name: str


def match(connection: sqlite3.Connection, format_: str) -> None:
    """The person of a source is the same if the given name agrees or is missing; else it is asked."""
    owners: dict[str, list[_Owner]] = {}
    agreeing: dict[tuple[str, str], list[_Owner]] = {}  # by uid and given key
    for user_id, uid, given, name in connection.execute(_OWNERS, {"format": format_}):
        owner = _Owner(user_id, name)
        owners.setdefault(uid, []).append(owner)
        agreeing.setdefault((uid, given_key(shown(given))), []).append(owner)
    same, asked = [], []
    for position, uid, given in connection.execute(_ROWS).fetchall():
        if uid not in owners:
            continue
        agree = [*agreeing.get((uid, ""), ()), *agreeing.get((uid, given), ())] if given else owners[uid]
        if len(agree) == 1:
            same.append((position, agree[0].id))
        else:
            owner = min(agree or owners[uid])
            asked.append((position, owner.id, "row.other_name_uid", owner.name))
    joining.join(connection, "source", same)
    joining.ask(connection, "source", asked)
