"""Who came from a card, or a record, of the same uid in a file of the same kind; ours count among cards."""

import sqlite3
from itertools import groupby

from webui.exchange import joining
from webui.exchange.given import agree, given_key
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
            same.append((position, agreeing[0][2]))
        else:
            owner = (agreeing or owners)[0]
            asked.append((position, owner[2], "row.other_name_uid", owner[4]))
    joining.join(connection, "source", same)
    joining.ask(connection, "source", asked)
