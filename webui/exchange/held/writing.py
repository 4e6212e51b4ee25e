"""All that is held about one person, as a page in one file that they can be given. Read of one moment.

The sentences are given in (`Words`): there is no web here. What Roster can't know of, the page says.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

from webui.exchange import targets
from webui.exchange.held import belongings, document, history, person
from webui.exchange.held.document import said
from webui.exchange.held.words import Words
from webui.store.values import filenames
from webui.store.values.text import key, shown


def find(connection: sqlite3.Connection, username: str) -> Sequence[int]:
    """Return who has a username: the living one, else all in the trash who had it."""
    found = connection.execute(
        "SELECT id, deleted_at IS NULL FROM users WHERE username_key = ? OR username = ? ORDER BY id",
        (key(username), username),
    ).fetchall()
    return [row[0] for row in found if row[1]] or [row[0] for row in found]


def file_name(connection: sqlite3.Connection, user_id: int) -> str:
    """Return what the file of a person may be called. Raises NotFound."""
    username = shown(person.find(connection, user_id)["username"])
    return f"{filenames.plain(f'roster-{username}', 120)}.html"


def export(connection: sqlite3.Connection, target: Path, user_id: int, words: Words, **told: str) -> None:
    """Write what is held about a person to `target`, whole or not at all; `told` as `write` takes it.

    All is read in one moment: that of a transaction which is open already, where there is one. Raises
    NotFound, Full, ReadOnly.
    """
    with targets.of_one_moment(connection, target) as stream:
        Path(stream.name).chmod(0o600)  # all that is known of someone is for nobody else on this computer
        write(connection, stream, user_id, words, **told)


def write(
    connection: sqlite3.Connection,
    stream: IO[bytes],
    user_id: int,
    words: Words,
    *,
    now: str,
    backups: str,
    then: str = "",
) -> None:
    """Write the page. `now` is the moment of writing and `then` the past one that is read, '' for none, both
    UTC; `backups` is the folder that backups lie in. Raises NotFound."""
    who = person.find(connection, user_id)
    name = who["display_name"] or who["username"]
    stream.write(document.head(words.word("title", name=name), words.language).encode())
    for part in _parts(connection, user_id, who, words, now, then):
        stream.write(part if isinstance(part, bytes) else part.encode("utf-8", "replace"))
    stream.write(f"<h2>{said(words.word('beyond'))}</h2>\n".encode())
    for sentence in ("others_texts", "no_copy"):
        stream.write(f"<p>{said(words.word(sentence, name=name))}</p>\n".encode("utf-8", "replace"))
    folder = words.word("backups", folder=backups, name=name)
    stream.write(f"<p>{said(folder)}</p>\n{document.TAIL}".encode("utf-8", "replace"))


def _parts(
    connection: sqlite3.Connection, user_id: int, who: person.Row, words: Words, now: str, then: str
) -> Iterator[str | bytes]:
    name = who["display_name"] or who["username"]
    yield f"<h1>{said(words.word('title', name=name))}</h1>\n"
    yield f'<p class="soft">{said(words.word("written", at=now))}</p>\n'
    if then:
        yield f"<p>{said(words.word('then', at=then))}</p>\n"
    if who["deleted_at"]:
        yield f"<p>{said(words.word('trashed', name=name, at=who['deleted_at']))}</p>\n"
    yield from belongings.photo(connection, who["photo_hash"], words, name)
    yield from _section(words.word("person"), person.facts(connection, user_id, who, words))
    yield from _section(words.word("knows"), person.relations(connection, user_id, words))
    yield from belongings.posts(connection, user_id, words)
    yield from belongings.files(connection, user_id, words)
    yield from belongings.sources(connection, user_id, words)
    yield from history.parts(connection, user_id, words)


def _section(title: str, rows: Iterator[tuple[str, str]]) -> Iterator[str]:
    if drawn := document.facts(rows):
        yield f"<h2>{said(title)}</h2>\n{drawn}"
