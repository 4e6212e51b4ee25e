"""A table of a SQLite file that another program made: only read, its triggers and views never run."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from webui.exchange import limits, tables
from webui.exchange.tables import Options
from webui.store.errors import Damaged, Message, Refused
from webui.store.ledger import sqlite

_TABLES = r"""SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\_%' ESCAPE '\'
AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY rowid"""
_PEOPLE = re.compile(
    r"contact|people|person|user|member|customer|student|friend|address|kontakt|mitglied", re.I
)
LOGS = ("-wal", "-journal")

# What SQLite says of a damaged file may itself be no text.
_ERRORS = (sqlite3.Error, UnicodeDecodeError)


def read(source: Path, options: Options) -> tables.Table:
    """Look at a table: the one that is told, else the first that is named like people or has any rows.

    Raises Refused when there is none, or beside the file lies what another program has not written to it yet.
    """
    check_closed(source)
    try:
        connection = sqlite.foreign(source)
    except (Damaged, *_ERRORS) as error:
        raise Refused(Message("import.broken")) from error
    try:
        names = tuple(str(name) for (name,) in connection.execute(_TABLES))
        filled = [
            name for name in names if connection.execute(f"SELECT 1 FROM {_quoted(name)} LIMIT 1").fetchone()
        ]
    except _ERRORS as error:
        raise Refused(Message("import.broken")) from error
    finally:
        connection.close()
    if not names:
        raise Refused(Message("import.empty"))
    likely = sorted(filled, key=lambda name: not _PEOPLE.search(name))
    name = options.among(names) or next(iter(likely), names[0])

    def lines() -> Iterator[tuple[int, list[str]]]:
        return _lines(source, name)

    return tables.grid("sqlite", source, lines, True, tables=names, table=name)


def check_closed(source: Path) -> None:
    """See that no log lies beside a database: what is in that is not in the file yet. Raises Refused."""
    if any(source.with_name(source.name + end).exists() for end in LOGS):
        raise Refused(Message("import.in_use"))


def take_in_log(copy: Path) -> None:
    """Let a copy of our own have what is in the log beside it. Raises Refused for what nobody can read."""
    try:
        with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
            connection.execute("PRAGMA trusted_schema=OFF")
            connection.execute("PRAGMA journal_mode=DELETE").fetchone()  # of a journal reading alone does it
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except _ERRORS as error:
        raise Refused(Message("import.broken")) from error


def _lines(source: Path, name: str) -> Iterator[tuple[int, list[str]]]:
    connection = sqlite.foreign(source)
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 4 * limits.CELL)
    try:
        rows = connection.execute(f"SELECT * FROM {_quoted(name)}")
        header = [column[0] for column in rows.description]
        limits.check_columns(len(header))
        yield 0, header
        for line, row in enumerate(rows, 1):
            yield line, [_text(value) for value in row]
    except _ERRORS as error:
        raise Refused(Message("import.broken")) from error
    finally:
        connection.close()


def _text(value: object) -> str:
    if value is None or (isinstance(value, bytes) and b"\0" in value):
        return ""  # a picture, or another thing that is no text
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
