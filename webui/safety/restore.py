"""Bring a backup back: verified, shown before it is done, one operation that can be undone.

An empty database adopts the whole file with its history. A database of the same origin (the same uid)
takes the rows by id; one of another origin gives new ids where they differ in uid.
"""

import sqlite3
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from webui.exchange import archive
from webui.safety import adopting, backup, deep, differences, exported, files, opening, some_people
from webui.safety.backup import Step, no_step
from webui.safety.unpacking import unpacked
from webui.safety.workspace import workspace
from webui.store import errors
from webui.store.ledger import sqlite
from webui.store.ledger.operations import replacing

LOOK = ["restore.verify", "restore.open", "restore.compare"]
BRING = ["restore.safety", "restore.write"]


@dataclass(frozen=True)
class Preview:
    """What a restore would do: people who would come, change and go, and of `others` (table -> as many) too;
    `adopts` when all is taken over. `forgotten` counts whom one had forgotten and would have back;
    `name` is that of the one person of a preview of some alone.
    """

    told: archive.Manifest
    added: int
    changed: int
    removed: int
    adopts: bool
    others: Mapping[str, tuple[int, int, int]]
    forgotten: int = 0
    name: str = ""

    @property
    def same(self) -> bool:
        """Whether nothing about people would change."""
        return not (self.added or self.changed or self.removed)


@dataclass(frozen=True)
class Restored:
    """What a restore did, and the safety copy made before it: None where nobody was there."""

    preview: Preview
    safety_copy: Path | None


def preview(engine: Engine, path: Path, step: Step = no_step, only: Collection[str] = ()) -> Preview:
    """Verify a backup, or a bare database, and count what restoring it would change. Changes nothing.

    With `only` that of the people with these usernames alone. Raises Damaged, TooNew, ReadOnly, Full;
    NotFound for a username that nobody has, here or there.
    """
    with unpacked(engine, path, step) as (copy, told):
        return compare(engine, copy, told, _uids(engine, copy, only))


def restore(
    engine: Engine,
    path: Path,
    folder: Path,
    step: Step = no_step,
    door: str = "window",
    only: Collection[str] = (),
) -> Restored:
    """Restore a backup after a pinned safety copy of who is here into `folder`. One operation; undo takes it
    back.

    Raises what `preview` raises, and what `bring` does.
    """
    with unpacked(engine, path, step) as (copy, told):
        return bring(engine, copy, told, folder, step, door, _uids(engine, copy, only))


def bring(
    engine: Engine,
    copy: Path,
    told: archive.Manifest,
    folder: Path,
    step: Step = no_step,
    door: str = "window",
    uids: Collection[str] | None = None,
) -> Restored:
    """Restore what was unpacked, all of it or only the people with these uids, in the same way.

    Raises Busy, Full, ReadOnly; Refused where what some of them would have again is someone else's now.
    """
    found = compare(engine, copy, told, uids)
    step("restore.safety", 0, 0)
    kept = None
    if not _is_empty(engine):
        kept = backup.back_up(engine, folder, reason="before_restore", pinned=True)
    step("restore.write", 0, 0)
    if uids is not None:
        count = found.added + found.changed + found.removed or len(uids)  # who is the same is not restored
        take_some(engine, copy, told.at, uids, found.name, door, told, count)
    elif found.adopts:
        adopting.adopt(engine, copy)
    else:
        counted = {"added": found.added, "changed": found.changed, "removed": found.removed}
        values = {"at": told.at, "export": told.reason in exported.REASONS, **counted}
        with replacing(engine, "restore", values, door=door, attach=copy) as (connection, opened):
            exported.see_unmoved(connection, told, opened.id)
            differences.take_over(connection, _same_origin(connection))
    return Restored(found, kept)


def take_some(
    engine: Engine,
    copy: Path,
    at: str,
    uids: Collection[str],
    name: str,
    door: str = "window",
    told: archive.Manifest | None = None,
    count: int | None = None,
) -> None:
    """Make the people with these uids what they are in a checked, current file, as of `at`: one operation.

    `name` is that of the one, where it is one; `count` how many of them differ, if not all. Raises Busy,
    Full; Refused as `bring` does.
    """
    values = {"at": at, "count": count or len(uids), "name": name}
    with replacing(engine, "restore.some", values, door=door, attach=copy) as (connection, opened):
        if told:
            exported.see_unmoved(connection, told, opened.id)
        some_people.take_over(connection, _same_origin(connection), uids)
        some_people.judge(connection, opened.id)


def replace(
    database: Path, path: Path, step: Step = no_step, add: Callable[[Engine], None] = lambda _engine: None
) -> tuple[Preview, Path]:
    """Put a backup in the place of a damaged database, and return what came and where the damaged file is.

    All is done beside it, and only then moved: until that nothing is changed; `add` may add to what was
    restored meanwhile. Raises what `preview` and `add` raise, and Busy.
    """
    with workspace(database) as work, files.told(database):
        made = work / "restored.db"
        opening.create(made)
        engine = sqlite.engine(made)
        try:
            with unpacked(engine, path, step, database) as (copy, told):
                found = compare(engine, copy, told)
                step("restore.write", 0, 0)
                adopting.adopt(engine, copy)
            add(engine)
        finally:
            engine.dispose()
        opening.settle(made)
        put = opening.put_in_place(made, database)
        with suppress(errors.StoreError):
            deep.begin_anew(database.parent)
        return found, put


def compare(
    engine: Engine, copy: Path, told: archive.Manifest, uids: Collection[str] | None = None
) -> Preview:
    """Count what restoring an unpacked copy would change, for the people with these uids alone if given."""
    with attached(engine, copy) as connection:
        return preview_of(connection, told, differences.people(connection), uids)


def preview_of(
    connection: sqlite3.Connection,
    told: archive.Manifest,
    found: differences.People,
    uids: Collection[str] | None = None,
) -> Preview:
    """Return the same, once it was found who differs; on a connection of `attached`."""
    differs = found.added | found.changed | found.removed
    some = differs if uids is None else frozenset(uids)
    return Preview(
        told,
        len(found.added & some),
        len(found.changed & some),
        len(found.removed & some),
        adopts=uids is None and told.reason not in exported.REASONS and adopting.is_empty(connection),
        others=differences.others(connection) if uids is None else {},
        forgotten=differences.forgotten(connection, uids),
        name=differences.name(connection, next(iter(differs & some or some))) if uids else "",
    )


@contextmanager
def attached(engine: Engine, copy: Path) -> Iterator[sqlite3.Connection]:
    """Give a connection in a transaction, on the database with an unpacked copy beside it as `backup`.

    Temporary tables alone can be written by it: all is taken back.
    """
    with sqlite.told(), closing(sqlite.connect(str(engine.url.database))) as connection:
        connection.execute("ATTACH ? AS backup", (str(copy),))
        connection.execute("BEGIN")
        try:
            yield connection
        finally:
            connection.execute("ROLLBACK")


def _is_empty(engine: Engine) -> bool:
    with sqlite.told(), closing(sqlite.connect(str(engine.url.database))) as connection:
        return adopting.is_empty(connection)


def _uids(engine: Engine, copy: Path, usernames: Collection[str]) -> Collection[str] | None:
    """Return the uids of people by their usernames, in the backup and else here. Raises NotFound."""
    if not usernames:
        return None
    with attached(engine, copy) as connection:
        return {differences.uid(connection, each) for each in usernames}


def _same_origin(connection: sqlite3.Connection) -> bool:
    ours, theirs = (
        connection.execute(f"SELECT value FROM {name}.state WHERE name = 'uid'").fetchone()
        for name in ("main", "backup")
    )
    return bool(ours == theirs)
