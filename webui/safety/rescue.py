"""The ways out of a damaged database: the newest good backup, what can still be read, another backup.

The damaged file is read and, at the end, renamed; it is never written to and never deleted. Everything is
made beside it first. Not for pages: `webui.damage` shows this.
"""

import logging
from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Engine

from webui.jobs import Cancelled
from webui.safety import catalogue, deep, differences, locked, opening, restore, salvage, second, since
from webui.safety.backup import Step, no_step
from webui.safety.catalogue import Backup
from webui.safety.salvage import Salvaged
from webui.safety.second import Place
from webui.safety.unpacking import unpacked
from webui.safety.workspace import workspace
from webui.store import errors
from webui.store.ledger import sqlite
from webui.store.values import times
from webui.store.values.text import shown

log = logging.getLogger(__name__)


@dataclass
class Rescue:
    """One damaged database and what is known of it so far; one thread fills it in while pages show it.

    `newest` is its newest good backup of both places. `read` is what can still be read, and `unread` why
    nothing can. `since` compares that backup with what was read, as a restore would: None where it can't be
    known; `addable` are those who were read whole and are not as the backup has them, by uid. `looked` once
    all of this is there. `chosen` is a backup from elsewhere, and what it says of itself; `locked` one whose
    passphrase is to be asked for. `elsewhere` are the backups of the second place, `sealed_elsewhere` the
    locked ones, when it was last looked.
    """

    database: Path
    backups: Path
    second: Place | None = None
    newest: Backup | None = None
    read: Salvaged | None = None
    unread: errors.Message | None = None
    since: restore.Preview | None = None
    addable: Collection[str] = ()
    looked: bool = False
    chosen: Backup | None = None
    locked: Path | None = None
    elsewhere: Sequence[Backup] = ()
    sealed_elsewhere: Sequence[Path] = ()
    _held: ExitStack = field(default_factory=ExitStack)
    _opened: ExitStack = field(default_factory=ExitStack)
    _made: Path | None = None

    def look(self, step: Step, against: Path | None = None) -> None:
        """Find out what there is. Changes nothing; `close` gives back what it takes on the disk. With
        a backup to look `against` that is compared, whichever is the newest."""
        self.close()  # what an earlier look has made
        self.read = self.unread = self.since = None
        self.addable, self.looked = (), False
        try:
            self.look_elsewhere()
            self.newest = next(self._good(against), None)
            made = self._held.enter_context(workspace(self.database)) / "rescued.db"
            self.read = salvage.salvage(self.database, made, step)
            self._made = made
            self._compare(made, step, against)
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

    def look_elsewhere(self) -> None:
        """See which backups lie in the second place now."""
        there = self.second is not None and second.is_there(self.second)
        self.elsewhere = catalogue.backups(self.second.path) if self.second and there else ()
        self.sealed_elsewhere = catalogue.locked(self.second.path) if self.second and there else ()

    def known(self) -> Sequence[Backup]:
        """Return the backups of both places, newest first; of a backup and its copy the nearer one first."""
        both = (*catalogue.backups(self.backups), *self.elsewhere)
        return sorted(both, key=lambda each: (each.at, each.name), reverse=True)

    def listed(self) -> Sequence[tuple[Backup, list[Backup]]]:
        """Return the same, each with the copies of it that are there too; of those alike what is sound comes
        first. Reads each of them whole, once a run."""
        found: dict[object, list[Backup]] = {}
        for each in self.known():
            key = (each.told.uid, each.told.at, each.told.digest) if each.told else each.path
            found.setdefault(key, []).append(each)
        alike = (sorted(each, key=lambda one: not one.sound) for each in found.values())
        return [(first, copies) for first, *copies in alike]

    def sealed(self) -> list[Path]:
        """Return the backups of both places that only a passphrase opens."""
        return [*catalogue.locked(self.backups), *self.sealed_elsewhere]

    def find(self, path: str) -> Backup | None:
        """Return the known backup that lies at `path`, the chosen one for ''; None for any other."""
        return next((each for each in self.known() if str(each.path) == path), None) if path else self.chosen

    def count(self, folder: Path) -> int:
        """Return how many backups lie in a folder, locked ones too."""
        return [each.parent for each in (*(one.path for one in self.known()), *self.sealed())].count(folder)

    @property
    def newer(self) -> int:
        """How many people were added or changed since that backup, of those who could be read whole."""
        if self.since is None or self.read is None:
            return 0
        partly = len(self.read.partial) + self.read.earlier["users"]
        return max(0, self.since.changed + self.since.removed - partly, len(self.addable))

    def choose(self, path: Path) -> None:
        """Let `chosen` be a backup or a bare database from anywhere, `locked` what only a passphrase opens.
        Raises Damaged, TooNew, ReadOnly, Full, Busy; then it is none."""
        self.forget_chosen()
        if catalogue.is_locked(path):
            self.locked = path
        else:
            self.chosen = self._told(path)

    def unlock(self, passphrase: str) -> None:
        """Open the locked backup: it is the chosen one then. Raises Refused for another passphrase, and as
        `choose`."""
        if self.locked is None:
            raise errors.NotFound("backups", "")
        folder = self._opened.enter_context(workspace(self.database))
        self.chosen = self._told(locked.unlocked(self.locked, passphrase, folder))
        self.locked = None

    def forget_chosen(self) -> None:
        """Let go of what was chosen; what was unlocked of it goes."""
        self.chosen = self.locked = None
        self._opened.close()

    def restore(self, path: Path, step: Step, *, add: bool = False) -> Path:
        """Put a backup in the place of the damaged file; return where that is now. With `add` those who are
        `addable` become what they were, in one operation. Raises as `restore`."""
        adds = self._add if add and self.newest and path == self.newest.path else None
        _found, kept = restore.replace(self.database, path, step, *([adds] if adds else []))
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
        with suppress(errors.StoreError):
            deep.begin_anew(self.database.parent)
        self.close()
        return kept

    def close(self) -> None:
        """Remove what was made beside the damaged file and not taken."""
        self._made = None
        self._held.close()
        self.forget_chosen()

    def _told(self, path: Path) -> Backup:
        """Open a backup or a bare database as a restore would, and return what it says of itself."""
        with unpacked(sqlite.engine(self.database), path, no_step) as (_copy, told):
            stat = path.stat()
        return Backup(path, stat.st_size, stat.st_mtime_ns, told)

    def _add(self, engine: Engine) -> None:
        if self._made and self.read and self.addable:
            with restore.attached(engine, self._made) as connection:
                name = differences.name(connection, next(iter(self.addable)))
                (at,) = connection.execute("SELECT max(at) FROM backup.operations").fetchone()
            restore.take_some(engine, self._made, shown(at), self.addable, name)

    def _good(self, against: Path | None) -> Iterator[Backup]:
        """Yield the known backups that are good, newest first; the one to look `against` alone, if any."""
        if against:
            yield self._told(against)
        else:
            yield from (each for each in self.known() if each.told and each.sound)

    def _compare(self, made: Path, step: Step, against: Path | None) -> None:
        """Say what the newest backup lacks. One of another origin, by its uid, can't be compared."""
        with closing(sqlite.foreign(made)) as connection:
            (uid,) = connection.execute("SELECT value FROM state WHERE name = 'uid'").fetchone()
        own = (each for each in self._good(against) if each.told and each.told.uid == uid)
        self.newest = next(own, self.newest)
        if self.read and self.newest and self.newest.told and self.newest.told.uid == uid:
            engine = sqlite.engine(made)
            try:
                with unpacked(engine, self.newest.path, step) as (copy, told):
                    self.since = restore.compare(engine, copy, told)
                    with restore.attached(engine, copy) as connection:
                        self.addable = since.addable(connection, self.read)
            finally:
                engine.dispose()
                opening.settle(made)
