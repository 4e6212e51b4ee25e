"""Which copies hold a person besides the database: backups, and files that were kept beside it.

Nothing is changed. Not for what becomes of them: see `treating`.
"""

import glob
import zipfile
import zlib
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from webui.exchange import archive
from webui.safety import catalogue, files, opening
from webui.safety.backup import Step, no_step
from webui.safety.catalogue import Backup
from webui.store import errors
from webui.store.ledger import sqlite

_BLOCK = 1 << 20


@dataclass(frozen=True)
class Copy:
    """A backup, or a file that was kept beside the database (`is_backup` is false), which holds someone.

    `at` is when a backup was made (UTC). What can't be read through is not `sure` to hold them; that, what is
    damaged and what a newer Roster wrote can't be rewritten. `ours` is what says that it is of this roster.
    """

    path: Path
    is_backup: bool
    at: str = ""
    sure: bool = True
    rewritable: bool = True
    ours: bool = True


def copies(
    database: Path,
    folders: Sequence[Path],
    uids: Collection[str],
    step: Step = no_step,
    missed: list[Path] | None = None,
) -> list[Copy]:
    """Return what holds a person besides the database: backups in `folders`, files kept beside it.

    By the bytes of their uids, so that nothing that can be read is missed, history and free pages included.
    A backup that is locked, and the list of a rescue, may hold anyone. What of the folders could not be read
    is added to `missed`.
    """
    wanted = [uid.encode("utf-8", "surrogateescape") for uid in uids]
    backups = [each for folder in folders for each in catalogue.backups(folder, missed)]
    beside = _kept(database)
    found, total, roster = [], len(backups) + len(beside), _roster(database)
    locked = [each for folder in folders for each in catalogue.locked(folder, missed)]
    for path in (*locked, *_reports(database)):
        found.append(Copy(path, path.suffix != ".txt", sure=False, rewritable=False, ours=False))
    for number, each in enumerate(backups):
        step("forget.look", number, total)
        sure = _in_backup(each.path, wanted)
        if sure is not False:
            rewritable = sure is True and each.told is not None and bool(sound_copy(each.path, backups))
            ours = each.told is not None and each.told.uid == roster
            found.append(Copy(each.path, True, each.at, sure is True, rewritable, ours))
    for number, path in enumerate(beside, len(backups)):
        step("forget.look", number, total)
        if any(_in_file(each, wanted) for each in (path, *files.logs(path))):
            found.append(Copy(path, False, rewritable=not files.logs(path) and _is_whole(path)))
    return found


def sound_copy(path: Path, backups: Sequence[Backup]) -> Path | None:
    """Return a backup itself, or where it rotted another of the `backups` that is the same; None for none."""
    same = [each for each in backups if each.path == path]
    if ending := catalogue.ending(path):
        same += [each for each in backups if each.path != path and catalogue.ending(each.path) == ending]
    return next((each.path for each in same if each.sound), None)


def _roster(database: Path) -> str:
    with sqlite.told(), closing(sqlite.connect(database)) as connection:
        return str(connection.execute("SELECT value FROM state WHERE name = 'uid'").fetchone()[0])


def _is_whole(path: Path) -> bool:
    """Tell whether a file is a database that can be written anew, looking at every page and reference."""
    if not isinstance(opening.inspect(path), opening.Ready | opening.Behind):
        return False
    try:
        with sqlite.told(), closing(sqlite.foreign(path)) as connection:
            whole = connection.execute("PRAGMA quick_check").fetchone()[0] == "ok"
            return whole and not connection.execute("PRAGMA foreign_key_check").fetchone()
    except errors.Damaged:
        return False


def _kept(database: Path) -> list[Path]:
    """Return the files that an upgrade, a repair or a restore has kept, by their names."""
    beside = database.parent.glob("*")
    return sorted(
        path
        for path in beside
        if path.name.startswith(f"{database.stem} ") and path.suffix == database.suffix and path.is_file()
    )


def _reports(database: Path) -> list[Path]:
    """Return the lists of what a rescue could not place, which are text."""
    return sorted(database.parent.glob(f"{glob.escape(database.stem)} * report.txt"))


def _in_backup(path: Path, wanted: Sequence[bytes]) -> bool | None:
    """Tell whether the database in a backup holds any of these bytes; None where it can't be read through."""
    try:
        with zipfile.ZipFile(path) as packed, packed.open(archive.DATABASE) as stream:
            return _in_stream(stream, wanted)
    except (OSError, zipfile.BadZipFile, zlib.error, EOFError, LookupError, ValueError, RuntimeError):
        return None


def _in_file(path: Path, wanted: Sequence[bytes]) -> bool:
    with files.told(path, "unreadable"), path.open("rb") as stream:
        return _in_stream(stream, wanted)


def _in_stream(stream: IO[bytes], wanted: Sequence[bytes]) -> bool:
    return any(any(each in block for each in wanted) for block in _blocks(stream, max(map(len, wanted))))


def _blocks(stream: IO[bytes], longest: int) -> Iterator[bytes]:
    """Yield all that is in a stream, each block with the end of the one before."""
    end = b""
    while block := stream.read(_BLOCK):
        yield end + block
        end = (end + block)[-longest:]
