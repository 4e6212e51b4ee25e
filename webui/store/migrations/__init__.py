"""The schema's versions, run through Alembic's command API: no ini file, no working directory.

Alembic is imported where it is used, since a start that needs no migration must not pay for it.
"""

import sqlite3
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.pool import StaticPool

from webui.store import errors
from webui.store.ledger import derived, schema, sqlite
from webui.store.models.base import Text

FOLDER = Path(__file__).parent


def head() -> str:
    """Return the newest revision this app knows: the number that begins the last version's file name."""
    return max(path.name.split("_")[0] for path in (FOLDER / "versions").glob("[0-9]*.py"))


def known() -> set[str]:
    """Return every revision this app knows."""
    return {path.name.split("_")[0] for path in (FOLDER / "versions").glob("[0-9]*.py")}


def include_name(name: str | None, kind: str, _parents: Any) -> bool:
    """Leave out what `ledger.derived` makes: a generated migration is about the models alone."""
    return not (kind == "table" and (name or "").startswith(("history_", *schema.full_text())))


def render_item(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Write our own type of a text as the one it is in SQLite: a version stands without our code."""
    if kind == "type" and isinstance(item, Text):
        length = getattr(item.impl, "length", None)
        return f"sa.String({f'length={length}' if length else ''})"
    return False


def migrate(path: Path, revision: str = "head") -> None:
    """Bring the file at `path` (made when absent) to a revision, in one transaction, in place.

    The live file is never given here; `safety.upgrade` gives a copy of it. Raises Damaged as `finish`
    does; the file is then as it was.
    """
    from alembic import command
    from alembic.config import Config

    engine = _engine(path)
    try:
        with engine.connect() as connection:
            config = Config()
            config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
            config.attributes["connection"] = connection
            with connection.begin():
                driver = connection.connection.driver_connection
                assert isinstance(driver, sqlite3.Connection)
                before = last_ids(driver)
                derived.drop_triggers(driver)
                command.upgrade(config, revision)
                finish(driver, before, at_head=revision == "head")
    finally:
        engine.dispose()


def last_ids(connection: sqlite3.Connection) -> dict[str, int]:
    """Return the highest id that each table has ever given; a table rebuild forgets it."""
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_sequence'").fetchone():
        return {}
    return dict(connection.execute("SELECT name, seq FROM sqlite_sequence").fetchall())


def finish(connection: sqlite3.Connection, before: dict[str, int], *, at_head: bool = True) -> None:
    """Complete a migration within its transaction: the ids given so far stay given, what is derived follows.

    `before` is what `last_ids` told before it. Raises Damaged when a reference hangs in the air, or a table
    has lost its AUTOINCREMENT (a batch needs `table_kwargs={"sqlite_autoincrement": True}`).
    """
    there = last_ids(connection)
    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    for name, seq in before.items():
        if name in there:
            connection.execute("UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = ?", (seq, name))
        elif name in tables:
            connection.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (name, seq))
    if at_head:
        derived.install(connection)
        if wrong := derived.reusable_ids(connection):
            raise errors.Damaged(errors.Message("migration.ids", {"names": ", ".join(wrong)}))
    if connection.execute("PRAGMA foreign_key_check").fetchone():
        raise errors.Damaged(errors.Message("migration.references"))


def _engine(path: Path) -> Engine:
    """An engine of one connection without foreign keys: a table rebuild would delete the children."""
    engine = create_engine(sqlite.address(path), hide_parameters=True, poolclass=StaticPool)
    event.listen(engine, "connect", lambda connection, _record: _prepare(connection))
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def _prepare(connection: sqlite3.Connection) -> None:
    sqlite.prepare(connection)
    connection.execute("PRAGMA foreign_keys=OFF").close()
