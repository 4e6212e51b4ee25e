"""Photos and attachments of living people as files in a backup, under names that one can read.

And whether they still are what their hash says. Not for restoring: the database in the backup holds them too.
"""

import hashlib
import sqlite3
from collections.abc import Iterator
from functools import partial
from typing import IO

from webui.exchange import archive
from webui.store.values import filenames, text
from webui.store.values.pictures import SUFFIXES

_PHOTOS = """
SELECT u.uid, p.media_type, p.rowid FROM users u JOIN photos p ON p.hash = u.photo_hash
WHERE u.deleted_at IS NULL AND p.original IS NOT NULL ORDER BY u.id
"""
_FILES = """
SELECT u.id, u.username, a.name, f.rowid FROM attachments a JOIN users u ON u.id = a.user_id
JOIN files f ON f.hash = a.file_hash WHERE u.deleted_at IS NULL ORDER BY u.id, a.id
"""


def members(connection: sqlite3.Connection) -> Iterator[tuple[str, archive.Write]]:
    """Yield `photos/<uid>.jpg` and `attachments/<username>/<name>`, each read only when it is written."""
    taken: set[str] = set()
    for uid, media_type, row in connection.execute(_PHOTOS).fetchall():
        name = filenames.plain(text.shown(uid)) or "photo"
        name = filenames.free(name + SUFFIXES.get(text.shown(media_type), ""), taken)
        query = "SELECT original FROM photos WHERE rowid = ?"
        yield f"photos/{name}", partial(_pour, connection, query, row)
    folders: set[str] = set()
    last, folder = None, ""
    for user_id, username, said, row in connection.execute(_FILES).fetchall():
        if user_id != last:
            last, taken = user_id, set()
            folder = filenames.free(filenames.plain(text.shown(username), 120) or "someone", folders)
        name = filenames.free(filenames.plain(text.shown(said)) or "file", taken)
        query = "SELECT content FROM files WHERE rowid = ?"
        yield f"attachments/{folder}/{name}", partial(_pour, connection, query, row)


def size(connection: sqlite3.Connection) -> int:
    """Return the bytes of all that `members` yields."""
    found = connection.execute(
        "SELECT (SELECT total(length(p.original)) FROM users u JOIN photos p ON p.hash = u.photo_hash"
        " WHERE u.deleted_at IS NULL) + (SELECT total(length(f.content)) FROM attachments a"
        " JOIN users u ON u.id = a.user_id JOIN files f ON f.hash = a.file_hash WHERE u.deleted_at IS NULL)"
    ).fetchone()
    return int(found[0])


def wrong(connection: sqlite3.Connection) -> list[str]:
    """Return whose photo and which attachments are missing, or no longer what their hash says.

    Reads all of them; one at a time is in memory.
    """
    sound = {
        table: {
            row[0]
            for row in connection.execute(f"SELECT hash, rowid FROM {table}").fetchall()
            if _is_sound(connection, f"SELECT {column} FROM {table} WHERE rowid = ?", *row)
        }
        for table, column in (("photos", "original"), ("files", "content"))
    }
    users = connection.execute("SELECT username, photo_hash FROM users WHERE photo_hash IS NOT NULL")
    found = [f"photos/{text.shown(name)}" for name, photo in users.fetchall() if photo not in sound["photos"]]
    attached = connection.execute(
        "SELECT u.username, a.name, a.file_hash FROM attachments a JOIN users u ON u.id = a.user_id"
    )
    for name, file, file_hash in attached.fetchall():
        if file_hash not in sound["files"]:
            found.append(f"attachments/{text.shown(name)}/{text.shown(file)}")
    return found


def _is_sound(connection: sqlite3.Connection, query: str, content_hash: object, row: int) -> bool:
    """Tell whether a content is that of its hash; a photo whose bytes lie in a kept source is taken as is."""
    [content] = connection.execute(query, (row,)).fetchone()
    if content is None:
        return True
    return isinstance(content, bytes) and hashlib.sha256(content).hexdigest() == content_hash


def _pour(connection: sqlite3.Connection, query: str, row: int, stream: IO[bytes]) -> None:
    [content] = connection.execute(query, (row,)).fetchone()
    stream.write(content if isinstance(content, bytes) else text.shown(content).encode())
