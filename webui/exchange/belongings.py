"""What exports say of a person beside the fields: the photo, whom they know, their files."""

import sqlite3
from typing import Any

from webui.store.ledger.fetching import fetched
from webui.store.relations import BACK, OWN
from webui.store.values.text import all_stored, shown

Row = dict[str, Any]


def of_people(connection: sqlite3.Connection, listed: str) -> dict[int, dict[str, list[Row]]]:
    """Return by id, of those among the ids `listed` (divided by commas) who have any: `relations` to living
    people, as `_relations` has them, and `attachments` (uid, name, media_type, size, sha256, added_at)."""
    found: dict[int, dict[str, list[Row]]] = {}
    for user_id, row in _relations(connection, listed):
        found.setdefault(user_id, {}).setdefault("relations", []).append(row)
    columns = ("uid", "name", "media_type", "sha256", "added_at")
    for user_id, size, *said in fetched(
        connection,
        "SELECT user_id, size, uid, name, media_type, file_hash, added_at FROM attachments"
        f" WHERE user_id IN ({listed}) ORDER BY id",
    ):
        file: Row = dict(zip(columns, all_stored(said), strict=True))
        file["size"] = size if isinstance(size, int) else 0
        found.setdefault(user_id, {}).setdefault("attachments", []).append(file)
    return found


def original(connection: sqlite3.Connection, photo_hash: str) -> tuple[str, bytes] | None:
    """Return the media type and the bytes of a photo as it came, None where they are not there."""
    found = connection.execute(
        "SELECT media_type, original FROM photos WHERE hash = ? AND original IS NOT NULL", (photo_hash,)
    ).fetchone()
    return (shown(found[0]), bytes(found[1])) if found and isinstance(found[1], bytes) else None


def _relations(connection: sqlite3.Connection, listed: str) -> list[tuple[int, Row]]:
    """Return (id of the person, what another is to them), both sides of each, in the order they were said.

    `uid` and `name` are the other's, `relation` the uid of what was said; `back` tells that it was said of
    the other, and `back_label` is what the person is to the other, '' for the same word.
    """
    found = []
    for mine, theirs in (("user_id", "other_id"), ("other_id", "user_id")):
        rows = fetched(
            connection,
            f"SELECT r.id, r.{mine}, o.uid, coalesce(nullif(o.display_name, ''), o.username), r.kind,"
            f" r.label, r.back_label, r.uid FROM relations r JOIN users o ON o.id = r.{theirs}"
            f" WHERE r.{mine} IN ({listed}) AND o.deleted_at IS NULL",
        )
        for relation_id, user_id, *said in rows:
            uid, name, kind, label, back_label, relation = map(shown, said)
            if kind not in BACK:  # another program wrote it
                kind, label = OWN, label or kind
            if mine == "other_id":
                kind, label, back_label = BACK[kind], back_label or label, label
            row = {"uid": uid, "name": name, "kind": kind, "label": label, "back_label": back_label}
            found.append((relation_id, user_id, row | {"relation": relation, "back": mine == "other_id"}))
    return [(user_id, row) for _id, user_id, row in sorted(found, key=lambda each: each[:2])]
