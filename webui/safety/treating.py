"""What becomes of the copies that hold someone: each is rewritten without them, removed or left.

Not for which copies do: see `holders`.
"""

import shutil
from collections.abc import Collection, Iterable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sqlalchemy import Engine

from webui.exchange import archive
from webui.safety import backup, catalogue, files, health, holders, kept, opening
from webui.safety.backup import no_step
from webui.safety.folders import flush_folder
from webui.safety.holders import Copy
from webui.safety.unpacking import unpacked
from webui.safety.workspace import workspace
from webui.store import errors, migrations
from webui.store.ledger import forget, sqlite

Choice = Literal["rewrite", "remove", "leave"]
CHOICES: tuple[Choice, ...] = ("rewrite", "remove", "leave")
Did = Literal["rewritten", "removed", "left", "failed"]


@dataclass(frozen=True)
class Outcome:
    """What became of a copy, and why not what was asked for."""

    copy: Copy
    did: Did
    why: errors.Message | None = None


class Treating:
    """Does with the copies of a database that hold someone, by their `uids`, what was chosen for each.

    A backup that lies in several of the `folders` is written anew once, and that goes to each of them: they
    stay the same bit by bit, so that one can be mended from the other.
    """

    def __init__(self, engine: Engine, folders: Sequence[Path], uids: Collection[str]) -> None:
        self._engine, self._folders, self._uids = engine, folders, uids
        self._database = Path(str(engine.url.database))
        self._written: dict[str, Path] = {}  # by how it ended before

    def treat(self, copy: Copy, choice: Choice, *, unasked: bool = False) -> Outcome:
        """Do with a copy what was chosen, and say what became of it. Raises nothing of its own.

        Where nobody was asked of this very copy, one that may be no copy of this roster is not removed.
        """
        if unasked and choice == "remove" and not (copy.sure and copy.ours):
            return Outcome(copy, "left", errors.Message("forget.unsure"))
        try:
            with files.told(copy.path):
                if choice == "remove":
                    remove(copy.path)
                    return Outcome(copy, "removed")
                if choice == "rewrite" and copy.rewritable:
                    (self._rewrite_backup if copy.is_backup else self._rewrite_kept)(copy.path)
                    return Outcome(copy, "rewritten")
        except errors.Damaged:
            return Outcome(copy, "failed", errors.Message("forget.damaged"))
        except errors.StoreError as error:
            return Outcome(copy, "failed", error.message)
        return Outcome(copy, "left")

    def _rewrite_backup(self, path: Path) -> None:
        """Write a backup anew without someone: it keeps its time, its reason and its place."""
        ending = catalogue.ending(path)
        if ending and (written := self._written.get(ending)):
            _take(written, path)
            return
        source = holders.sound_copy(path, self._backups()) or path
        with unpacked(self._engine, source, no_step) as (copy, told):
            _forget_in(copy, self._uids)
            with closing(sqlite.foreign(copy)) as connection:
                about = backup.about(connection, told.reason, told.pinned, told.at)
                marks = forget.tombstones(connection)

            def put(made: Path) -> Path:
                if same := self._same(path, archive.manifest(made), marks):
                    _take(same, path)
                else:
                    made.replace(path)
                    flush_folder(path.parent)
                return path

            backup.packed(copy, about, path.parent, no_step, put)
        self._written[ending] = path

    def _same(self, path: Path, told: archive.Manifest, marks: Collection[str]) -> Path | None:
        """Return another copy of what `path` is to become, where it was written anew before: while this one
        was away."""
        for each in self._backups():
            if each.path == path or not each.told:
                continue
            alike = (each.told.uid, each.told.at, each.told.reason, each.told.digest, each.told.change)
            if alike == (told.uid, told.at, told.reason, told.digest, told.change) and each.sound:
                with workspace(self._database) as work:
                    archive.extract(each.path, archive.DATABASE, work / "same.sqlite")
                    with closing(sqlite.foreign(work / "same.sqlite")) as connection:
                        if forget.tombstones(connection) == marks:  # nobody else is in it still
                            return each.path
        return None

    def _backups(self) -> Sequence[catalogue.Backup]:
        return [each for folder in self._folders for each in catalogue.backups(folder)]

    def _rewrite_kept(self, path: Path) -> None:
        with workspace(self._database) as work:
            copy = work / "kept.db"
            files.make_private(copy)
            shutil.copyfile(path, copy)
            migrations.migrate(copy)
            _forget_in(copy, self._uids)
            files.flush(copy)
            if path in [each.path for each in kept.found(self._database)]:
                kept.note(copy, path)
            copy.replace(path)
            flush_folder(path.parent)


def remove(path: Path) -> None:
    """Remove a copy. Raises OSError."""
    files.remove(path)
    flush_folder(path.parent)


def still_held(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """Return what still holds the person, or may."""
    return [each for each in outcomes if each.did in ("left", "failed")]


def _take(written: Path, path: Path) -> None:
    """Put a copy of a sound backup in the place of another. Raises Damaged where it is not what was read."""
    with files.replacing(path) as half:
        shutil.copyfile(written, half)
        if not archive.sound(half):
            raise errors.Damaged(errors.Message("backup.damaged", {"name": path.name}))


def _forget_in(copy: Path, uids: Collection[str]) -> None:
    """Forget someone in a copy of ours that nobody else has open. Raises Damaged when it is unsound."""
    with suppress(errors.NotFound):  # the bytes of a uid may be in a free page alone
        forget.forget(copy, uids)
        if not forget.finish(copy):
            raise errors.Busy
    with sqlite.told(), closing(sqlite.connect(copy)) as connection:
        connection.execute("VACUUM")
        if wrong := health.check(connection):
            raise errors.Damaged(wrong[0])
    opening.settle(copy)
