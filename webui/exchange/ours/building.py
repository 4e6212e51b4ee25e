"""Make of a file that Roster wrote a whole database: what is here now, with what the file says in its place.

What is in no such file stays as it is now: the trash, and everyone else where it is of some people only. So
what is made can be compared with now and taken over as a backup is. Values that a form would refuse stay, as
in a backup; what no database could hold is refused.
"""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from itertools import islice
from pathlib import Path

from webui.exchange.ours import belonging, defining, putting
from webui.exchange.ours.export import Export, Shape, broken
from webui.store import migrations
from webui.store.errors import Message, Refused
from webui.store.ledger import derived, sqlite
from webui.store.models import recorded
from webui.store.values import emails, text

_SLICE = 500  # people put in at once
# What a reader and the database say of a value that no export has.
_NONE_OF_ITS_KIND = (
    Shape, sqlite3.IntegrityError, sqlite3.DataError, LookupError, ValueError, TypeError, AttributeError,
    OverflowError, RecursionError,
)  # fmt: skip


def build(live: Path, export: Export, made: Path, step: Callable[[int], None] = lambda _done: None) -> None:
    """Make the database at `made`, which is not there yet; `step` is told how many people are in it.

    Raises Damaged for what is no such file, Refused where someone else here has a username or an e-mail of
    it, and what the driver's errors mean.
    """
    migrations.migrate(made)
    try:
        with sqlite.told(), closing(sqlite.connect(made)) as connection:
            connection.execute("ATTACH ? AS live", (str(live),))
            with sqlite.writing(connection):
                derived.drop_triggers(connection)
                _begin_as_now(connection)
                _put(connection, export, step)
                derived.install(connection)
                _judge(connection)
    except _NONE_OF_ITS_KIND as error:
        raise broken(export.path) from error


def _begin_as_now(connection: sqlite3.Connection) -> None:
    """Take over every record, and the ids given so far: none is ever given again."""
    for table in ("state", *(table.name for table in reversed(recorded()))):
        connection.execute(f"DELETE FROM main.{table}")
    for name in ("state", *(table.name for table in recorded())):
        columns = ", ".join(f'"{row[1]}"' for row in connection.execute(f"PRAGMA live.table_info({name})"))
        connection.execute(f"INSERT INTO main.{name} ({columns}) SELECT {columns} FROM live.{name}")
    connection.execute("DELETE FROM main.sqlite_sequence")
    connection.execute("INSERT INTO main.sqlite_sequence SELECT * FROM live.sqlite_sequence")


def _put(connection: sqlite3.Connection, export: Export, step: Callable[[int], None]) -> None:
    names = defining.put(connection, export)
    people = putting.Putting(connection, names)
    there, done = export.people(), 0
    while some := list(islice(there, _SLICE)):
        people.put(some)
        step(done := done + len(some))
    people.remove_what_is_gone(export.everyone)
    if export.everyone:
        defining.remove_what_is_gone(connection, sources="sources" not in export.lacks)
    belonging.settle(connection, names_others=export.names_others, files="attachments" not in export.lacks)


def _judge(connection: sqlite3.Connection) -> None:
    """See that nobody else has the username or the e-mail of someone who came. Raises Refused."""
    for column, key in (("username", text.key), ("email", emails.key)):
        rows = connection.execute(
            f"SELECT {column} FROM users WHERE id IN (SELECT id FROM came)"
            f" AND {column} IS NOT NULL AND {column}_key IS NULL"
        ).fetchall()
        for (said,) in rows:
            found = connection.execute(
                f"SELECT 1 FROM users WHERE {column}_key = ? AND deleted_at IS NULL"
                " AND id NOT IN (SELECT id FROM came)",
                (key(text.shown(said)),),
            ).fetchone()
            if found:
                raise Refused(Message("ours.taken", {"value": text.shown(said)}))
