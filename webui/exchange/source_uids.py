"""Who came from a card, or a record, of the same uid in a file of the same kind; ours count among cards."""

import sqlite3
from itertools import groupby

from webui.exchange.given import agree, given_key
from webui.exchange.plan import as_json
from webui.store.errors import Message
from webui.store.values.text import shown

# A card that Roster wrote has our own uid, which a merged person may have had before.
_OWNERS = """
SELECT s.position, s.given_key, u.id, u.given, u.display_name
FROM staged s JOIN live.sources o ON o.source_uid = s.source_uid
JOIN live.source_files f ON f.id = o.file_id AND f.format = :format
JOIN live.users u ON u.id = o.user_id AND u.deleted_at IS NULL
WHERE s.source_uid IS NOT NULL AND s.user_id IS NULL AND s.readable
UNION
SELECT s.position, s.given_key, u.id, u.given, u.display_name
FROM staged s JOIN live.users u ON u.uid = s.source_uid AND u.deleted_at IS NULL
WHERE s.source_uid IS NOT NULL AND s.user_id IS NULL AND s.readable AND :format = 'vcard'
UNION
SELECT s.position, s.given_key, u.id, u.given, u.display_name
FROM staged s JOIN live.uid_aliases a ON a.uid = s.source_uid
JOIN live.users u ON u.id = a.user_id AND u.deleted_at IS NULL
WHERE s.source_uid IS NOT NULL AND s.user_id IS NULL AND s.readable AND :format = 'vcard'
ORDER BY 1
"""


def match(connection: sqlite3.Connection, format_: str) -> None:
    """The person of a source is the same if the given name agrees or is missing; else it is asked."""
    same, asked = [], []
    rows = connection.execute(_OWNERS, {"format": format_}).fetchall()
    for position, group in groupby(rows, key=lambda row: row[0]):
        owners = list(group)
        agreeing = [row for row in owners if agree(row[1], given_key(shown(row[3])))]
        if len(agreeing) == 1:
            same.append((agreeing[0][2], position))
        else:
            owner = (agreeing or owners)[0]
            reason = Message("row.other_name_uid", {"name": shown(owner[4]), "id": owner[2]})
            asked.append((owner[2], as_json(reason), position))
    connection.executemany("UPDATE staged SET user_id = ?, matched = 'source' WHERE position = ?", same)
    connection.executemany(
        "UPDATE staged SET user_id = ?, matched = 'source', verdict = 'question', reason = ?"
        " WHERE position = ?",
        asked,
    )
