"""What is written about people and kept of where they came from, read for many at once, for whole exports."""

import codecs
import json
import sqlite3
from collections.abc import Collection
from typing import Any

from webui.store.ledger.fetching import fetched
from webui.store.values.text import all_stored, shown, stored

Row = dict[str, Any]
POST = ("uid", "date", "title", "body", "follow_up", "done_at", "created_at", "updated_at")


def posts(connection: sqlite3.Connection, listed: str) -> dict[int, list[Row]]:
    """Return the posts of those among the ids `listed` (divided by commas) whom they are mainly about, by
    day: the columns of POST and `also_about`, uid and name of each further person."""
    also: dict[int, list[Row]] = {}
    for post_id, uid, name in fetched(
        connection,
        "SELECT a.post_id, o.uid, coalesce(nullif(o.display_name, ''), o.username) FROM posts p"
        " JOIN post_users a ON a.post_id = p.id JOIN users o ON o.id = a.user_id"
        f" WHERE p.user_id IN ({listed}) AND o.deleted_at IS NULL ORDER BY a.id",
    ):
        also.setdefault(post_id, []).append({"uid": shown(uid), "name": shown(name)})
    found: dict[int, list[Row]] = {}
    for post_id, user_id, *said in fetched(
        connection,
        f"SELECT id, user_id, {', '.join(POST)} FROM posts"
        f" WHERE user_id IN ({listed}) AND deleted_at IS NULL ORDER BY date, id",
    ):
        row: Row = dict(zip(POST, map(shown, said[:4]), strict=False))
        row |= dict(zip(POST[4:], all_stored(said[4:]), strict=True))
        found.setdefault(user_id, []).append(row | {"also_about": also.get(post_id, [])})
    return found


def aliases(connection: sqlite3.Connection, listed: str) -> dict[int, list[str]]:
    """Return the uids that merged people had before."""
    found: dict[int, list[str]] = {}
    for user_id, uid in fetched(
        connection, f"SELECT user_id, uid FROM uid_aliases WHERE user_id IN ({listed}) ORDER BY id"
    ):
        found.setdefault(user_id, []).append(shown(uid))
    return found


def sources(connection: sqlite3.Connection, user_id: int) -> list[Row]:
    """Return the raw rows a person came from: `file` is the id of one of `definitions.source_files`."""
    rows = connection.execute(
        "SELECT file_id, position, source_uid, raw FROM sources WHERE user_id = ? ORDER BY id", (user_id,)
    ).fetchall()
    return [
        {
            "file": file,
            "position": position if isinstance(position, int) else 0,
            "source_uid": stored(uid),
            "raw": _bytes(raw),
        }
        for file, position, uid, raw in rows
    ]


def has_cards(connection: sqlite3.Connection) -> bool:
    """Whether anyone may have come from a vCard."""
    return connection.execute("SELECT 1 FROM source_files WHERE format = 'vcard'").fetchone() is not None


def card(connection: sqlite3.Connection, user_id: int) -> tuple[bytes, str] | None:
    """Return the bytes and the encoding of the newest card a person came from, None where there is none."""
    found = connection.execute(
        "SELECT s.raw, f.options FROM sources s JOIN source_files f ON f.id = s.file_id"
        " WHERE s.user_id = ? AND f.format = 'vcard' ORDER BY s.id DESC LIMIT 1",
        (user_id,),
    ).fetchone()
    try:
        return (_bytes(found[0]), codecs.lookup(json.loads(found[1])["encoding"]).name) if found else None
    except (ValueError, LookupError, TypeError):  # another program wrote it
        return None


def known(connection: sqlite3.Connection, user_id: int, uids: Collection[str]) -> list[tuple[str, str]]:
    """Return (what a card calls them, uid) of those of `uids` who are here, and were when the newest card
    of a person came in: who came later is not known by it."""
    rows = connection.execute(
        """
        SELECT c.source_uid, u.uid FROM sources c JOIN users u ON u.id = c.user_id
        WHERE c.source_uid IN (SELECT value FROM json_each(:uids)) AND u.deleted_at IS NULL
          AND c.file_id <= (SELECT max(s.file_id) FROM sources s JOIN source_files f ON f.id = s.file_id
                            WHERE s.user_id = :user AND f.format = 'vcard')
        UNION SELECT u.uid, u.uid FROM users u
        WHERE u.uid IN (SELECT value FROM json_each(:uids)) AND u.deleted_at IS NULL
        """,
        {"uids": json.dumps(list(uids)), "user": user_id},
    )
    return [(shown(said), shown(uid)) for said, uid in rows.fetchall()]


def _bytes(raw: object) -> bytes:
    return raw if isinstance(raw, bytes) else shown(raw).encode("utf-8", "replace")
