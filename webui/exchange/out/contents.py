"""The bytes of photos and attached files, read piece by piece: memory never holds all of a large one."""

import sqlite3
from collections.abc import Iterator

from webui.store.values.text import shown

_CHUNK = 3 * 256 * 1024  # bytes; whole threes, so that the base64 of pieces is that of the whole


def media_type(connection: sqlite3.Connection, photo_hash: str) -> str:
    """Return what kind of picture a photo is, '' where it is not there."""
    found = connection.execute("SELECT media_type FROM photos WHERE hash = ?", (photo_hash,)).fetchone()
    return shown(found[0]) if found else ""


def photo(connection: sqlite3.Connection, photo_hash: str) -> Iterator[bytes]:
    """Yield a photo as it came; nothing where it is not there."""
    return _pieces(connection, "photos", "original", photo_hash)


def file(connection: sqlite3.Connection, file_hash: str) -> Iterator[bytes]:
    """Yield the content of an attachment; nothing where it is not there."""
    return _pieces(connection, "files", "content", file_hash)


def _pieces(connection: sqlite3.Connection, table: str, column: str, key: str) -> Iterator[bytes]:
    found = connection.execute(
        f"SELECT rowid FROM {table} WHERE hash = ? AND typeof({column}) = 'blob'", (key,)
    ).fetchone()
    if found is None:
        return
    with connection.blobopen(table, column, found[0], readonly=True) as blob:
        empty = True
        while piece := blob.read(_CHUNK):
            yield piece
            empty = False
        if empty:
            yield b""
