"""JSON: people with all that belongs to them, one object each, for programs."""

import json
import sqlite3
from typing import IO

from webui.exchange import exporting, own_fields
from webui.store.values.text import shown


def write(connection: sqlite3.Connection, stream: IO[bytes], ids: list[int] | None = None) -> None:
    """Write a list of people (all, or those of `ids`): what everyone has, own `fields` by name, `tags`,
    `posts`, the rows of each list, `relations`, and `photo` and `attachments` without their bytes."""
    stream.write(b"[")
    for number, person in enumerate(exporting.people(connection, ids)):
        own = own_fields.as_json(person["fields"])
        more = {"fields": own, "posts": _posts(connection, person["uid"])}
        shown = {"relations": [], "attachments": [], **person, **more}
        stream.write(b",\n" if number else b"\n")
        stream.write(json.dumps(shown, ensure_ascii=False, indent=1).encode("utf-8", "replace"))
    stream.write(b"\n]\n")


def _posts(connection: sqlite3.Connection, uid: str) -> list[dict[str, str]]:
    columns = ("uid", "date", "title", "body", "follow_up", "done_at", "also_about")
    rows = connection.execute(
        f"SELECT p.uid, p.date, p.title, p.body, p.follow_up, p.done_at, {exporting.ALSO_ABOUT}"
        " FROM posts p JOIN users u ON u.id = p.user_id"
        " WHERE u.uid = ? AND p.deleted_at IS NULL ORDER BY p.date, p.id",
        (uid,),
    )
    return [dict(zip(columns, map(shown, row), strict=True)) for row in rows]
