"""Known backups, by looking in their places: no list is kept that could differ from what is there."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from webui.exchange import archive
from webui.store import errors


@dataclass(frozen=True)
class Backup:
    """A backup file: `size` in bytes, `at` the UTC moment it shows, `sound` whether each bit is as written.

    `told` is None for a file that is no backup any more.
    """

    path: Path
    size: int
    sound: bool
    told: archive.Manifest | None

    @property
    def name(self) -> str:
        """The file's name."""
        return self.path.name

    @property
    def at(self) -> str:
        """When it was made, UTC."""
        return self.told.at if self.told else ""


_seen: dict[tuple[Path, int, int], Backup] = {}
_lock = threading.Lock()


def backups(folder: Path) -> Sequence[Backup]:
    """Return the backups in `folder`, newest first; a folder that is not there has none.

    Each file is read whole and checked the first time it is seen, and again when it has changed.
    """
    found = []
    try:
        paths = [path for path in folder.iterdir() if path.suffix == ".zip" and not path.name.startswith(".")]
    except OSError:
        return []
    for path in paths:
        try:
            stat = path.stat()
            found.append(_look(path, (path, stat.st_size, stat.st_mtime_ns)))
        except OSError:
            continue  # gone, or a stick that was pulled, between the two looks
    ours = [backup for backup in found if backup.told or not backup.sound]
    return sorted(ours, key=lambda backup: (backup.at, backup.name), reverse=True)


def newest(folder: Path) -> Backup | None:
    """Return the newest backup that is sound, or None."""
    return next((backup for backup in backups(folder) if backup.sound and backup.told), None)


def find(folder: Path, name: str) -> Backup:
    """Return the backup of that file name in `folder`. Raises NotFound."""
    for backup in backups(folder):
        if backup.name == name:
            return backup
    raise errors.NotFound("backups", name)


def _look(path: Path, key: tuple[Path, int, int]) -> Backup:
    with _lock:
        if key in _seen:
            return _seen[key]
    told: archive.Manifest | None = None
    try:
        told = archive.manifest(path)
        sound = archive.sound(path)
    except errors.TooNew:
        sound = archive.sound(path)
    except errors.Damaged:
        sound = not path.name.startswith("roster-")  # another zip of the person's own is not our business
    backup = Backup(path, key[1], sound, told)
    with _lock:
        _seen[key] = backup
    return backup
