"""The ways out of a damaged database: the newest good backup, what can still be read, another backup.

The damaged file is read and, at the end, renamed; it is never written to and never deleted. Everything is
made beside it first. Not for pages: `webui.damage` shows this.
"""

import logging
from collections.abc import Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path

from webui.exchange import archive
from webui.jobs import Cancelled
from webui.safety import catalogue, opening, restore, salvage
from webui.safety.backup import Step
from webui.safety.catalogue import Backup
from webui.safety.salvage import Salvaged
from webui.safety.workspace import workspace
from webui.store import errors
from webui.store.ledger import sqlite
from webui.store.values import times

log = logging.getLogger(__name__)


@dataclass
class Rescue:
    """One damaged database and what is known of it so far; one thread fills it in while pages show it.

    `newest` is its newest good backup. `read` is what can still be read, and `unread` why nothing can.
    `since` compares that backup with what was read, as a restore would: None where it can't be known.
    `looked` once all of this is there. `chosen` is a backup from elsewhere, and what it says of itself.
    """

    database: Path
    backups: Path
    newest: Backup | None = None
    read: Salvaged | None = None
    unread: errors.Message | None = None
    since: restore.Preview | None = None
    looked: bool = False
    chosen: Backup | None = None
    _held: ExitStack = field(default_factory=ExitStack)
    _made: Path | None = None

    def look(self, step: Step) -> None:
        """Find out what there is. Changes nothing; `close` gives back what it takes on the disk."""
        self.close()  # what an earlier look has made
        self.read = self.unread = self.since = None
        self.looked = False
        try:
            self.newest = next((each for each in self.known() if each.told and each.sound), None)
            made = self._held.enter_context(workspace(self.database)) / "rescued.db"
            self.read = salvage.salvage(self.database, made, step)
            self._made = made
            self._compare(made, step)
        except errors.StoreError as error:
            if self.read is None:
                self.unread = error.message
        except Cancelled:
            raise
        except Exception:
            log.exception("the damaged file could not be read")
            if self.read is None:
                self.unread = errors.Message("rescue.failed")
        finally:
            self.looked = True

    def known(self) -> Sequence[Backup]:
        """Return the backups in their folder, newest first."""
        return catalogue.backups(self.backups)

    @property
    def newer(self) -> int:
        """How many people were added or changed since that backup, of those who could be read whole."""
        if self.since is None or self.read is None:
            return 0
        partly = len(self.read.partial) + self.read.earlier["users"]
        return max(0, self.since.changed + self.since.removed - partly)

    def choose(self, path: Path) -> None:
        """Let `chosen` be a backup from anywhere. Raises Damaged, TooNew, ReadOnly; then it is none."""
        self.chosen = None
        try:
            stat, told = path.stat(), archive.verify(path)
        except OSError as error:
            raise errors.ReadOnly(errors.Message("unreadable", {"path": str(path)})) from error
        self.chosen = Backup(path, stat.st_size, stat.st_mtime_ns, told)

    def restore(self, path: Path, step: Step) -> Path:
        """Put a backup in the place of the damaged file; return where that is now. Raises as `restore`."""
        _found, kept = restore.replace(self.database, path, step)
        self.close()
        return kept

    def adopt(self) -> Path:
        """Put what was read in the place of the damaged file, with the list of what is missing beside it;
        return where the damaged one is now. Raises NotFound where nothing was read, Busy, ReadOnly, Full."""
        if self._made is None or self.read is None:
            raise errors.NotFound("backups", self.database.name)
        name = f"{self.database.stem} rescued {times.stamp(times.now())}{self.database.suffix}"
        report = salvage.keep(self.read, self.database.name, self.database.with_name(name))
        try:
            kept = opening.put_in_place(self._made, self.database)
        except BaseException:
            report.unlink(missing_ok=True)
            raise
        self.close()
        return kept

    def close(self) -> None:
        """Remove what was made beside the damaged file and not taken."""
        self._made = None
        self._held.close()

    def _compare(self, made: Path, step: Step) -> None:
        """Say what the newest backup lacks. One of another origin, by its uid, can't be compared."""
        with closing(sqlite.foreign(made)) as connection:
            (uid,) = connection.execute("SELECT value FROM state WHERE name = 'uid'").fetchone()
        own = (each for each in self.known() if each.told and each.told.uid == uid and each.sound)
        self.newest = next(own, self.newest)
        if self.newest and self.newest.told and self.newest.told.uid == uid:
            engine = sqlite.engine(made)
            try:
                self.since = restore.preview(engine, self.newest.path, step)
            finally:
                engine.dispose()
                opening.settle(made)
