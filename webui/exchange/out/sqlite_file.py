"""A plain SQLite file for DB Browser, Datasette and programs: tables with keys, views to look at.

Documented in docs/formats.md. Not the live file: no history, no trash, nothing that is only for search.
"""

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import IO, Any

from webui.exchange import exporting, targets
from webui.exchange.out import contents, tables
from webui.exchange.out.wanted import EVERYTHING, Wanted
from webui.store.ledger import sqlite
from webui.store.values import times
from webui.store.values.text import stored
from webui.version import VERSION

FORMAT = 1


def write(connection: sqlite3.Connection, stream: IO[bytes], wanted: Wanted = EVERYTHING) -> None:
    """Write people with all that belongs to them; of everyone also views, settings and raw rows."""
    beside = getattr(stream, "name", None)
    place = Path(beside if isinstance(beside, str) else Path(tempfile.gettempdir(), "roster"))
    with targets.temporary(place) as room:  # SQLite writes no streams
        made = Path(room.name)
        made.chmod(0o600)
        room.close()
        with sqlite.told(), closing(sqlite.scratch(made)) as target:
            target.execute("BEGIN")
            _fill(connection, target, wanted)
            target.execute("COMMIT")
        with made.open("rb") as file:
            shutil.copyfileobj(file, stream, 1 << 20)


def _fill(connection: sqlite3.Connection, target: sqlite3.Connection, wanted: Wanted) -> None:
    for statement in tables.SCHEMA:
        target.execute(statement)
    people = {row[0] for row in connection.execute("SELECT id FROM users WHERE deleted_at IS NULL")}
    people &= set(exporting.ids(connection, wanted))
    about = {
        "format": FORMAT,
        "app": VERSION,
        "exported_at": times.now(),
        "everyone": int(wanted.is_everything),
    }
    target.executemany(
        "INSERT INTO roster VALUES (?, ?)", [(name, str(said)) for name, said in about.items()]
    )
    for done, each in enumerate(tables.TABLES):
        wanted.step(done, len(tables.TABLES))
        if not each.of_everyone or wanted.is_everything:
            _put(
                target, each, (row for row in connection.execute(each.query) if _is_theirs(each, row, people))
            )
    if wanted.ids is not None:
        target.execute("DELETE FROM tags WHERE id NOT IN (SELECT tag_id FROM people_tags)")
    _put_contents(connection, target)
    for statement in tables.after(exporting.fields(connection, wanted)):
        target.execute(statement)
    wanted.step(len(tables.TABLES), len(tables.TABLES))


def _is_theirs(table: tables.Table, row: Sequence[Any], people: set[int]) -> bool:
    return all(row[at] in people for at in table.people)


def _put(target: sqlite3.Connection, table: tables.Table, rows: Iterator[Sequence[Any]]) -> None:
    marks = ", ".join("?" * table.width)
    while some := list(islice(rows, 1_000)):
        target.executemany(
            f"INSERT OR IGNORE INTO {table.name} VALUES ({marks})",
            [
                [value if at in table.raw else _clean(value) for at, value in enumerate(row[: table.width])]
                for row in some
            ],
        )


def _clean(value: Any) -> str | int | None:
    """Return a value as a reader expects one: a text that can be shown, or a whole number."""
    return value if isinstance(value, int) else stored(value)


def _put_contents(connection: sqlite3.Connection, target: sqlite3.Connection) -> None:
    """Put the photos and files that are named, one after the other."""
    hashes = target.execute("SELECT DISTINCT photo FROM people WHERE photo IS NOT NULL").fetchall()
    for (each,) in hashes:
        data = b"".join(contents.photo(connection, each)) or None
        target.execute(
            "INSERT INTO photos VALUES (?, ?, ?)", (each, contents.media_type(connection, each), data)
        )
    hashes = target.execute("SELECT DISTINCT sha256 FROM attachments").fetchall()
    for (each,) in hashes:
        data = b"".join(contents.file(connection, each))
        target.execute("INSERT INTO files VALUES (?, ?)", (each, data))
