"""Read out of a damaged database whatever can still be read, into a new one of this schema.

The damaged file is only read, page by page (`pages`, `trees`), never through SQLite, which gives up at the
first fault. What is derived is made anew. Not for backups, which are whole or none: see `restore`.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from webui.safety import files, health, opening
from webui.safety.salvage import found, gaps, trees, writing
from webui.safety.salvage.found import Found, Said
from webui.safety.salvage.pages import Pages
from webui.safety.salvage.report import Salvaged, keep
from webui.safety.salvage.trees import Row, Tree
from webui.store import errors, migrations
from webui.store.ledger import derived, schema, sqlite
from webui.store.models import kept, recorded

Step = Callable[[str, int, int], None]
PHASES = ["salvage.read", "salvage.write", "salvage.check"]

__all__ = ["PHASES", "Salvaged", "keep", "salvage"]


def salvage(source: Path, target: Path, step: Step) -> Salvaged:
    """Make a sound database at `target`, which is not there yet, of what can be read of the one at `source`.

    `source` and its log are not written to. Raises Damaged when nothing of a Roster database can be read,
    TooNew, Full, ReadOnly.
    """
    with files.told(source, "unreadable"), Pages(source) as pages:
        step("salvage.read", 0, pages.count)
        said = found.statements(pages)
        revision = _revision(pages, said)
        with files.told(target):
            files.make_private(target)
            try:
                migrations.migrate(target, revision)
                told = _fill(pages, said, target, step)
                step("salvage.check", 0, 0)
                if revision == "head":
                    health.mend_derived(target)
                else:
                    migrations.migrate(target)  # which makes anew what is derived
                _check(target)
                opening.settle(target)
            except BaseException:
                files.remove(target)
                raise
    return told


def _revision(pages: Pages, said: Said) -> str:
    """Return the schema the file has, this app's own where that can't be read."""
    if not {part.table for part in said.values()} & set(_wanted()):
        raise errors.Damaged(errors.Message("salvage.nothing"))
    table = said.get("alembic_version")
    for row in trees.walk(pages, table.root, Tree(trees.TABLE)) if table else ():
        if row.values and row.values[0] in migrations.known():
            revision = str(row.values[0])
            return "head" if revision == migrations.head() else revision
        raise errors.TooNew(errors.Message("salvage.newer"))
    return "head"


def _fill(pages: Pages, said: Said, target: Path, step: Step) -> Salvaged:
    told = Salvaged()
    with sqlite.told(), closing(sqlite.connect(target)) as connection:
        connection.execute("PRAGMA foreign_keys=OFF").close()
        with sqlite.writing(connection):
            derived.drop_triggers(connection)
            brought = [(name, writing.empty(connection, name)) for name in ("saved_views", "state")]
            tables = [table for name in _wanted() if (table := _table(connection, said, name))]
            done = 0
            for table in tables:
                told.refused += writing.pour(connection, table, _rows(pages, table, step, done))
                done += len(table.tree.pages)
            step("salvage.write", 0, 0)
            gaps.place_strays(connection, pages, said, tables, told)
            gaps.fill(connection, pages, tables, told)
            gaps.cut_history(connection, tables, told)
            told.new_origin = not writing.knows_origin(connection)
            writing.bring(connection, brought, tables)
            told.hanging += writing.take_out_hanging(connection)
            writing.keep_ids_given(connection)
            told.count(connection, tables)
    return told


def _rows(pages: Pages, table: Found, step: Step, done: int) -> Iterator[Row]:
    """Yield the rows of a table, and say now and then how many pages of all were read; `done` were before."""
    for number, row in enumerate(trees.walk(pages, table.root, table.tree)):
        if number % 500 == 0:
            step("salvage.read", min(done + len(table.tree.pages), pages.count), pages.count)
        yield row


def _wanted() -> list[str]:
    ours = [table.name for table in (*recorded(), *kept())]
    return [*ours, "state", "operations", "sqlite_sequence", *schema.history_tables()]


def _table(connection: sqlite3.Connection, said: Said, name: str) -> Found | None:
    """Return a table as the file says it is, else as this app would make it; None without either."""
    made = connection.execute("SELECT sql FROM sqlite_master WHERE name = ?", (name,)).fetchone()
    there = said.get(name)
    columns = found.columns(there.statement, name) if there else []
    if made is None:
        if there is None or not columns or not name.startswith("history_"):
            return None
        connection.execute(there.statement)
    columns = columns or found.columns(made[0] if made else "", name)
    kind = trees.INDEX if name.startswith("history_") else trees.TABLE
    indexes = [each for each in said.values() if each.kind == "index" and each.table == name]
    return Found(name, columns, there.root if there else 0, Tree(kind), indexes)


def _check(target: Path) -> None:
    with sqlite.told(), closing(sqlite.connect(target)) as connection:
        for message in health.check(connection):
            raise errors.Damaged(message)
