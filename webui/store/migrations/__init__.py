"""The schema's versions, run through Alembic's command API: no ini file, no working directory.

Alembic is imported where it is used, since a start that needs no migration must not pay for it.
"""

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.pool import StaticPool

from webui.store import errors
from webui.store.ledger import derived, schema, sqlite

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


def migrate(path: Path, revision: str = "head") -> None:
    """Bring the file at `path` (made when absent) to a revision, in one transaction, in place.

    The live file is never given here; `safety.upgrade` gives a copy of it. Raises Damaged when a
    reference hangs in the air afterwards; the file is then as it was.
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
                command.upgrade(config, revision)
                driver = connection.connection.driver_connection
                assert isinstance(driver, sqlite3.Connection)
                if revision == "head":
                    derived.install(driver)
                if driver.execute("PRAGMA foreign_key_check").fetchone():
                    raise errors.Damaged(errors.Message("migration.references"))
    finally:
        engine.dispose()


def _engine(path: Path) -> Engine:
    """An engine of one connection without foreign keys: a table rebuild would delete the children."""
    engine = create_engine(f"sqlite:///{path}", hide_parameters=True, poolclass=StaticPool)
    event.listen(engine, "connect", lambda connection, _record: _prepare(connection))
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def _prepare(connection: sqlite3.Connection) -> None:
    sqlite.prepare(connection)
    connection.execute("PRAGMA foreign_keys=OFF").close()
