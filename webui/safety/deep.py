"""The weekly look at everything: each page and index of the live file, each bit of each backup.

What came of it is kept beside the database. Bits rot without a change of size or time, so that backups are
read again here whatever was known of them. A rotten one is made good from a sound copy of it elsewhere.
"""

import datetime
import logging
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from webui.exchange import archive
from webui.safety import catalogue, files, health, records
from webui.safety.backup import Step, no_step
from webui.store import errors
from webui.store.values import times

log = logging.getLogger(__name__)
WEEK = datetime.timedelta(days=7)
_RECORD = "deep check"


@dataclass(frozen=True)
class Read:
    """A backup when it was last read whole: at what time (UTC), whether it was sound, and its digest then,
    '' for one that never was."""

    at: str
    sound: bool
    digest: str


@dataclass(frozen=True)
class Deep:
    """What the last deep check came to: when it ended (UTC, '' for never), what is wrong with the database
    (nothing, where all is well), and each backup that was read."""

    at: str = ""
    found: tuple[errors.Message, ...] = ()
    backups: Mapping[Path, Read] = field(default_factory=dict)

    @property
    def read(self) -> int:
        """How many backups were read then or since, and not only remembered of a place that was away."""
        return sum(each.at >= self.at for each in self.backups.values())

    @property
    def rotten(self) -> list[Path]:
        """The backups that are no longer what was written."""
        return [path for path, read in self.backups.items() if not read.sound]


def last(data: Path) -> Deep:
    """Return what the last deep check of the database in the folder `data` came to."""
    kept = records.read(data, _RECORD)
    try:
        found = tuple(errors.Message(each["id"], each["values"]) for each in kept["found"])
        backups = {Path(path): Read(*told) for path, told in kept["backups"].items()}
        return Deep(str(kept["at"]), found, backups)
    except (LookupError, TypeError, AttributeError):
        return Deep()


def is_due(data: Path, now: datetime.datetime) -> bool:
    """Tell whether a week has gone by, or the clock says nonsense."""
    try:
        return not datetime.timedelta() <= now - datetime.datetime.fromisoformat(last(data).at) < WEEK
    except (ValueError, TypeError):
        return True


def check(database: Path, folders: Iterable[Path], step: Step = no_step) -> Deep:
    """Look at everything and keep what came of it. Changes nothing else.

    Of a folder that is not there now, such as a stick's, what was known stays. `step` may stop it. Raises
    Busy, Full, ReadOnly.
    """
    before, now = last(database.parent), times.now()
    step("deep.database", 0, 0)
    found = health.quick(database, deep=True)
    backups: dict[Path, Read] = {}
    for folder in folders:
        known = {path: read for path, read in before.backups.items() if path.parent == folder}
        if not folder.is_dir():
            backups |= known
            continue
        there = catalogue.backups(folder)
        for number, each in enumerate(there):
            step("deep.backups", number, len(there))
            if read := _read(each, known.get(each.path), now):
                backups[each.path] = read
        if not folder.is_dir():  # pulled meanwhile, which is no rot
            backups = {path: read for path, read in backups.items() if path.parent != folder} | known
    told = Deep(now, tuple(found), backups)
    if told.rotten:
        catalogue.look_again()
    _keep(database.parent, told)
    return told


def repair(path: Path, other_folder: Path, data: Path) -> None:
    """Make a rotten backup good from the copy of that name in another folder, if that is the same backup.

    The copy is read whole, and again once it is written; only then it takes the place. Raises NotFound where
    there is no such copy, Refused where it is rotten too or another backup, Damaged, Full, ReadOnly.
    """
    other = other_folder / path.name
    if not other.is_file():
        raise errors.NotFound("backups", path.name)
    known = last(data).backups.get(path)
    wanted = {known.digest if known else "", catalogue.ending(path)} - {""}
    if not archive.sound(other) or catalogue.ending(other) not in wanted:
        raise errors.Refused(errors.Message("deep.other", {"name": path.name}))
    with files.told(path.parent, "backup.place"), files.replacing(path) as half:
        shutil.copyfile(other, half)
        shutil.copystat(other, half)
        if not archive.sound(half):
            raise errors.Damaged(errors.Message("backup.damaged", {"name": path.name}))
    catalogue.look_again()
    told = last(data)
    read = Read(times.now(), True, catalogue.ending(path))
    _keep(data, Deep(told.at, told.found, {**told.backups, path: read}))


def renew(data: Path, paths: Iterable[Path]) -> None:
    """Know what backups are that were written anew: nothing is to make them again what they were."""
    told, now = last(data), times.now()
    if again := {path: Read(now, True, catalogue.ending(path)) for path in paths if path in told.backups}:
        _keep(data, Deep(told.at, told.found, {**told.backups, **again}))


def begin_anew(data: Path) -> None:
    """Know nothing more of the database, which another file is now; what is known of backups stays. Raises
    Full, ReadOnly."""
    if (told := last(data)).at:
        _keep(data, Deep("", (), told.backups))


def repair_all(data: Path, folders: Sequence[Path]) -> list[Path]:
    """Make good each rotten backup of which another of the folders has a sound copy; return which."""
    done = []
    for path in last(data).rotten:
        for other in folders:
            if other == path.parent or not path.exists():  # what is gone, or its disk, is not brought back
                continue
            try:
                repair(path, other, data)
            except (errors.StoreError, OSError) as error:
                log.warning("%s stays damaged: %s", path.name, error)
            else:
                log.warning("%s was damaged and is made good from its copy", path.name)
                done.append(path)
                break
    return done


def _read(backup: catalogue.Backup, known: Read | None, now: str) -> Read | None:
    """Return what came of reading a backup; None where it is gone since it was listed."""
    digest = known.digest if known else ""
    try:
        sound = archive.sound(backup.path)
        return Read(now, sound, catalogue.ending(backup.path) if sound else digest)
    except FileNotFoundError:
        return None
    except OSError:  # a bad sector
        return Read(now, False, digest)


def _keep(data: Path, told: Deep) -> None:
    values: dict[str, Any] = {
        "at": told.at,
        "found": [{"id": each.id, "values": dict(each.values)} for each in told.found],
        "backups": {str(path): [read.at, read.sound, read.digest] for path, read in told.backups.items()},
    }
    records.write(data, _RECORD, values)
