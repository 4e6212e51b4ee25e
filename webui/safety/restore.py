"""Bring a backup back: verified, shown before it is done, one operation that can be undone.

An empty database adopts the whole file with its history. A database of the same origin (the same uid)
takes the rows by id; one of another origin gives new ids where they differ in uid.
"""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from webui.exchange import archive
from webui.safety import backup, differences, files, opening
from webui.safety.backup import Step, no_step
from webui.safety.unpacking import unpacked
from webui.safety.workspace import workspace
from webui.store import errors
from webui.store.ledger import derived, forget, schema, sqlite
from webui.store.ledger.operations import replacing
from webui.store.models import recorded

PHASES = ["restore.verify", "restore.open", "restore.safety", "restore.write"]


@dataclass(frozen=True)
class Preview:
    """What a restore would do: people who would come, change and go, and of `others` (table -> as many) too;
    `adopts` when all is taken over. `forgotten` counts whom one had forgotten and would have back.
    """

    told: archive.Manifest
    added: int
    changed: int
    removed: int
    adopts: bool
    others: Mapping[str, tuple[int, int, int]]
    forgotten: int = 0

    @property
    def same(self) -> bool:
        """Whether nothing about people would change."""
        return not (self.added or self.changed or self.removed)


@dataclass(frozen=True)
class Restored:
    """What a restore did, and the safety copy made before it."""

    preview: Preview
    safety_copy: Path


def preview(engine: Engine, path: Path, step: Step = no_step) -> Preview:
    """Verify a backup and count what restoring it would change. Changes nothing.

    Raises Damaged, TooNew, ReadOnly, Full.
    """
    with unpacked(engine, path, step) as (copy, told):
        return _compare(engine, copy, told)


def restore(engine: Engine, path: Path, folder: Path, step: Step = no_step, door: str = "window") -> Restored:
    """Restore a backup after a pinned safety copy into `folder`. One operation; undo takes it back.

    Raises what `preview` raises, and Busy.
    """
    with unpacked(engine, path, step) as (copy, told):
        found = _compare(engine, copy, told)
        step("restore.safety", 0, 0)
        kept = backup.back_up(engine, folder, reason="before_restore", pinned=True)
        step("restore.write", 0, 0)
        if found.adopts:
            _adopt(engine, copy)
        else:
            values = {"at": told.at, "added": found.added, "changed": found.changed, "removed": found.removed}
            with replacing(engine, "restore", values, door=door, attach=copy) as (connection, _opened):
                differences.take_over(connection, _same_origin(connection))
        return Restored(found, kept)


def replace(database: Path, path: Path, step: Step = no_step) -> tuple[Preview, Path]:
    """Put a backup in the place of a damaged database, and return what came and where the damaged file is.

    All is done beside it, and only then moved: until that nothing is changed. Raises what `preview` raises,
    and Busy.
    """
    with workspace(database) as work, files.told(database):
        made = work / "restored.db"
        opening.create(made)
        engine = sqlite.engine(made)
        try:
            with unpacked(engine, path, step, database) as (copy, told):
                found = _compare(engine, copy, told)
                step("restore.write", 0, 0)
                _adopt(engine, copy)
        finally:
            engine.dispose()
        opening.settle(made)
        return found, opening.put_in_place(made, database)


def _compare(engine: Engine, copy: Path, told: archive.Manifest) -> Preview:
    with closing(sqlite.connect(str(engine.url.database))) as connection:
        connection.execute("ATTACH ? AS backup", (str(copy),))
        connection.execute("BEGIN")
        try:
            counts = differences.people(connection)
            others, forgotten = differences.others(connection), differences.forgotten(connection)
            return Preview(told, *counts, _is_empty(connection), others, forgotten)
        finally:
            connection.execute("ROLLBACK")


def _is_empty(connection: sqlite3.Connection) -> bool:
    return not connection.execute(
        "SELECT (SELECT count(*) FROM main.users) + (SELECT count(*) FROM main.operations)"
    ).fetchone()[0]


def _same_origin(connection: sqlite3.Connection) -> bool:
    ours, theirs = (
        connection.execute(f"SELECT value FROM {name}.state WHERE name = 'uid'").fetchone()
        for name in ("main", "backup")
    )
    return bool(ours == theirs)


def _adopt(engine: Engine, copy: Path) -> None:
    """Take over every row of the file, its history and its uid, in one transaction.

    Row by row rather than by swapping files: the live file stays open to the app throughout.
    """
    with sqlite.told(), closing(sqlite.connect(str(engine.url.database))) as connection:
        connection.execute("PRAGMA foreign_keys=OFF")
        connection.execute("ATTACH ? AS backup", (str(copy),))
        with sqlite.writing(connection):
            if not _is_empty(connection):  # someone wrote between the look and now
                raise errors.Busy
            for trigger in schema.triggers():
                connection.execute(f"DROP TRIGGER IF EXISTS {trigger}")
            with forget.remembering(connection):
                for table in (
                    "state",
                    "ledger",
                    "operations",
                    *[t.name for t in recorded()],
                    *schema.history_tables(),
                ):
                    columns = ", ".join(
                        f'"{row[1]}"' for row in connection.execute(f"PRAGMA main.table_info({table})")
                    )
                    connection.execute(f"DELETE FROM main.{table}")
                    connection.execute(
                        f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM backup.{table}"
                    )
            differences.take_contents(connection)
            connection.execute(
                "UPDATE main.sqlite_sequence SET seq = max(seq, coalesce("
                "(SELECT b.seq FROM backup.sqlite_sequence b WHERE b.name = main.sqlite_sequence.name), 0))"
            )
            derived.install(connection)  # and, since it makes every trigger, all text
