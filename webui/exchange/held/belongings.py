"""What belongs to the person on the page of all that is held: photo, posts, files, sources."""

import codecs
import json
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

from webui.exchange.held import document
from webui.exchange.held.document import apart, said
from webui.exchange.held.words import Words
from webui.store.attachments import LONGEST
from webui.store.values.pictures import SHOWN_TYPE, SUFFIXES
from webui.store.values.text import shown

_PHOTO = "SELECT rowid, typeof(shown), typeof(original), media_type FROM photos WHERE hash = ?"


def photo(
    connection: sqlite3.Connection, photo_hash: str | None, words: Words, name: str
) -> Iterator[str | bytes]:
    """Yield the photo as it is shown, and the one that came as a link."""
    row = connection.execute(_PHOTO, (photo_hash,)).fetchone()
    if row and row[1] == "blob":
        data = document.embedded(connection, "photos", "shown", row[0])
        yield from document.image(data, SHOWN_TYPE, words.word("photo_of", name=name))
    if row and row[2] == "blob":
        yield f'<p class="small">{said(words.word("original"))} '
        yield from _original(connection, row)
        yield "</p>\n"


def posts(connection: sqlite3.Connection, user_id: int, words: Words) -> Iterator[str]:
    """Yield the posts about a person, and those mainly about others that name them, newest first."""
    also = (
        "(SELECT group_concat(coalesce(nullif(o.display_name, ''), o.username), ', ') FROM post_users a"
        " JOIN users o ON o.id = a.user_id WHERE a.post_id = p.id AND o.id <> :user)"
    )
    rows = connection.execute(
        f"SELECT p.date, p.title, p.body, p.follow_up, p.done_at, p.created_at, p.updated_at, {also},"
        " CASE WHEN p.user_id <> :user THEN coalesce(nullif(u.display_name, ''), u.username) END,"
        " p.deleted_at"
        " FROM posts p JOIN users u ON u.id = p.user_id WHERE p.user_id = :user OR p.id IN"
        " (SELECT post_id FROM post_users WHERE user_id = :user) ORDER BY p.date DESC, p.id DESC",
        {"user": user_id},
    ).fetchall()
    if rows:
        yield f"<h2>{said(words.word('posts'))}</h2>\n"
    for row in rows:
        date, title, body, follow_up, done, created, changed, others, main, gone = map(shown, row)
        told = [
            words.word("in_trash") if gone else "",
            words.word("mainly", name=main) if main else "",
            words.word("also", names=others) if others else "",
        ]
        told.append(words.word("come_back", day=words.date(follow_up)) if follow_up else "")
        told.append(words.word("done", at=done) if done else "")
        told.append(words.word("times", at=created, changed=words.moment(changed)))
        yield f"<h3>{said(words.date(date))}: {apart(title)}</h3>\n"
        yield document.text(body) if body else ""
        yield f'<p class="soft small">{" ".join(said(each) for each in told if each)}</p>\n'


def files(connection: sqlite3.Connection, user_id: int, words: Words) -> Iterator[str | bytes]:
    """Yield the files of a person with their bytes, and the photos and files that history alone still has."""
    mine = "FROM attachments WHERE user_id = :user"
    gone = "FROM history_attachments WHERE user_id = :user AND existed = 1"
    rows = connection.execute(
        f"SELECT id, name, added_at, file_hash, 1 {mine} UNION SELECT id, name, added_at, file_hash, 0 {gone}"
        f" AND file_hash NOT IN (SELECT file_hash {mine}) ORDER BY 5 DESC, 1",
        {"user": user_id},
    ).fetchall()
    photos = connection.execute(
        "SELECT DISTINCT photo_hash FROM history_users WHERE id = :user AND photo_hash IS NOT NULL"
        " AND photo_hash IS NOT (SELECT photo_hash FROM users WHERE id = :user)",
        {"user": user_id},
    ).fetchall()
    if rows or photos:
        yield f"<h2>{said(words.word('files'))}</h2>\n<ul>\n"
    for _id, name, added_at, file_hash, is_there in rows:
        told = words.word("added", at=shown(added_at)) if is_there else words.word("file_gone")
        yield from _file(connection, shown(name), file_hash, told, words)
    for row in filter(None, (connection.execute(_PHOTO, found).fetchone() for found in photos)):
        if row[2] == "blob":
            yield "<li>"
            yield from _original(connection, row)
            yield f' <span class="soft small">{said(words.word("photo_gone"))}</span></li>\n'
    yield "</ul>\n" if rows or photos else ""


def sources(connection: sqlite3.Connection, user_id: int, words: Words) -> Iterator[str]:
    """Yield the rows and cards that a person came from as text, those too that history alone still has."""
    mine = "SELECT id FROM sources WHERE user_id = :user"
    ids = connection.execute(
        f"{mine} UNION SELECT id FROM history_sources WHERE user_id = :user AND existed = 1 ORDER BY id",
        {"user": user_id},
    ).fetchall()
    if ids:
        yield f"<h2>{said(words.word('sources'))}</h2>\n"
    for (source_id,) in ids:
        yield from _source(connection, source_id, user_id, words)


def _original(connection: sqlite3.Connection, row: Sequence[Any]) -> Iterator[bytes]:
    data = document.embedded(connection, "photos", "original", row[0])
    return document.download(data, f"photo{SUFFIXES.get(shown(row[3]), '')}")


def _file(
    connection: sqlite3.Connection, name: str, file_hash: object, told: str, words: Words
) -> Iterator[str | bytes]:
    row = connection.execute(
        "SELECT rowid, length(content) FROM files WHERE hash = ? AND typeof(content) = 'blob'", (file_hash,)
    ).fetchone()
    yield "<li>"
    if row and row[1] <= LONGEST:
        data = document.embedded(connection, "files", "content", row[0])
        yield from document.download(data, name)
    else:
        yield apart(name)
        told = f"{told} {words.word('too_large' if row else 'no_content')}"
    size = f"{words.size(row[1])}. " if row else ""
    yield f' <span class="soft small">{said(size)}{said(told)}</span></li>\n'


def _source(connection: sqlite3.Connection, source_id: int, user_id: int, words: Words) -> Iterator[str]:
    columns = "s.raw, s.file_id"
    row = connection.execute(
        f"SELECT {columns}, 1 FROM sources s WHERE id = :id AND user_id = :user UNION ALL"
        f" SELECT {columns}, 0 FROM history_sources s WHERE id = :id AND user_id = :user AND existed = 1"
        " LIMIT 1",
        {"id": source_id, "user": user_id},
    ).fetchone()
    file = connection.execute(
        "SELECT name, header, options, imported_at FROM source_files WHERE id = :id UNION ALL"
        " SELECT name, header, options, imported_at FROM history_source_files"
        " WHERE id = :id AND existed = 1 LIMIT 1",
        {"id": row[1]},
    ).fetchone()
    name, header, options, at = map(shown, file or ("", "", "", ""))
    yield f"<h3>{apart(name)}</h3>\n"
    told = words.word("came", at=at) if row[2] else words.word("source_gone", at=at)
    yield f'<p class="soft small">{said(told)}</p>\n'
    yield f'<pre dir="auto">{said(header)}</pre>\n' if header else ""
    yield f'<pre dir="auto">{said(_readable(row[0], options))}</pre>\n'


def _readable(raw: object, options: str) -> str:
    """Return the bytes of a row as text, as its file was read; what is no text there is marked."""
    try:
        encoding = codecs.lookup(json.loads(options)["encoding"]).name
        return shown(raw.decode(encoding, "replace") if isinstance(raw, bytes) else raw)
    except (ValueError, LookupError, TypeError, AttributeError):
        return shown(raw)
