"""Known backups, by looking in their places: no list is kept that could differ from what is there."""

import functools
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from webui.exchange import archive, sealed
from webui.store import errors
from webui.store.values import times

_DIGEST = 64  # letters that end each backup


@dataclass(frozen=True)
class Backup:
    """A backup file: `size` in bytes, `changed` its time of change in ns.

    `told` is None for one that a newer Roster wrote, and for one that is no backup any more.
    """

    path: Path
    size: int
    changed: int
    told: archive.Manifest | None
    newer: bool = False

    @property
    def name(self) -> str:
        """The file's name."""
        return self.path.name

    @property
    def at(self) -> str:
        """When it was made, UTC."""
        return self.told.at if self.told else ""

    @property
    def sound(self) -> bool:
        """Whether each bit is as it was written. The file is read whole the first time this is asked."""
        try:
            return bool(self.told or self.newer) and _sound(self.path, self.size, self.changed)
        except OSError:  # gone, or a stick that was pulled, since it was listed
            return False


def backups(folder: Path, missed: list[Path] | None = None) -> Sequence[Backup]:
    """Return the backups in `folder`, newest first; a folder that is not there has none.

    What a clock that was wrong dated in the future comes last: it is no newest of anything. What could not be
    read, the folder or a file in it, is added to `missed`.
    """
    found, now = [], times.now()
    try:
        paths = [path for path in folder.iterdir() if path.suffix == ".zip" and not path.name.startswith(".")]
    except OSError:
        _miss(missed, folder)
        return []
    for path in paths:
        try:
            stat = path.stat()
            backup = _look(path, stat.st_size, stat.st_mtime_ns)
        except FileNotFoundError:
            continue  # gone between the two looks
        except OSError:
            _miss(missed, path)
            continue
        if backup:
            found.append(backup)
    return sorted(found, key=lambda backup: (backup.at <= now, backup.at, backup.name), reverse=True)


def locked(folder: Path, missed: list[Path] | None = None) -> list[Path]:
    """Return the backups in `folder` that only a passphrase opens; they tell nothing of themselves.

    `missed` is as in `backups`.
    """
    found = []
    try:
        paths = [path for path in folder.iterdir() if path.suffix in (".zip", ".age") and path.is_file()]
    except OSError:
        _miss(missed, folder)
        return []
    for path in paths:
        try:
            if sealed.is_sealed(path):
                found.append(path)
        except FileNotFoundError:
            continue
        except OSError:
            _miss(missed, path)
    return sorted(found)


def _miss(missed: list[Path] | None, path: Path) -> None:
    if missed is not None:
        missed.append(path)


def newest(folder: Path, uid: str) -> Backup | None:
    """Return the newest backup of the database with that uid that is sound, or None."""
    ours = (each for each in backups(folder) if each.told and each.told.uid == uid)
    return next((backup for backup in ours if backup.sound), None)


def ending(path: Path) -> str:
    """Return the digest that a backup ends in, which is its name for good; '' where none can be read."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - _DIGEST))
            return file.read(_DIGEST).decode("ascii")
    except (OSError, UnicodeDecodeError):
        return ""


def find(folder: Path, name: str) -> Backup:
    """Return the backup of that file name in `folder`. Raises NotFound."""
    for backup in backups(folder):
        if backup.name == name:
            return backup
    raise errors.NotFound("backups", name)


def look_again() -> None:
    """Read each backup anew when it is asked for: rot leaves size and time as they were."""
    _sound.cache_clear()


@functools.lru_cache(maxsize=2_000)
def _look(path: Path, size: int, changed: int) -> Backup | None:
    """Return what a file says of itself; None when it is no business of ours. Kept until it changes."""
    try:
        return Backup(path, size, changed, archive.manifest(path))
    except errors.TooNew:
        return Backup(path, size, changed, None, newer=True)
    except errors.Damaged:
        # Another zip of the person's own is left alone, and so is a locked one.
        ours = path.name.startswith("roster-") and not is_locked(path)
        return Backup(path, size, changed, None) if ours else None


def is_locked(path: Path) -> bool:
    """Tell whether a file opens by a passphrase; one that can't be read does not, as far as is known."""
    try:
        return sealed.is_sealed(path)
    except OSError:
        return False


@functools.lru_cache(maxsize=2_000)
def _sound(path: Path, _size: int, _changed: int) -> bool:
    return archive.sound(path)
