"""What an upgrade keeps: the file as the older Roster left it, checked, beside the database, for 30 days.

It is the way back to the Roster that one had. Not for what a repair, a rescue or a restore of a damaged file
keeps: that never goes by itself.
"""

import datetime
import functools
import glob
import hashlib
import logging
import re
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from webui.safety import files, records
from webui.safety.catalogue import Backup
from webui.store import errors, migrations
from webui.store.ledger import derived, sqlite
from webui.store.models import recorded
from webui.store.values import times

log = logging.getLogger(__name__)
DAYS = 30
_RECORD = "kept files"
_NAME = re.compile(r" before upgrade from .+ (\d{8}-\d{6})(-\d+)?$", re.ASCII)


@dataclass(frozen=True)
class Kept:
    """A kept file: `size` in bytes, `changed` its time of change in ns, `at` when it was kept (UTC).

    `people` counts those outside the trash, `revision` is its schema, `digest` the SHA-256 that it had when
    it was checked; None and '' for what an older Roster kept, which checked nothing.
    """

    path: Path
    size: int
    changed: int
    at: str
    people: int | None = None
    revision: str = ""
    digest: str = ""

    @property
    def name(self) -> str:
        """The file's name."""
        return self.path.name

    @property
    def opens_in_older(self) -> bool:
        """Whether it is known to be of an older schema still: forgetting someone in it makes it a new one."""
        return self.revision not in ("", migrations.head())

    @property
    def sound(self) -> bool:
        """Whether it was checked and each bit is as it was then. Reads it whole the first time."""
        try:
            return bool(self.digest) and _digest(self.path, self.size, self.changed) == self.digest
        except OSError:  # gone since it was listed
            return False


def name_for(database: Path, revision: str) -> Path:
    """Return a name that nothing has yet for a file to be kept; `revision` is its schema."""
    stem = f"{database.stem} before upgrade from {revision} {times.stamp(times.now())}"
    return files.free_name(database.with_name(f"{stem}{database.suffix}"))


def note(copy: Path, path: Path, before: Mapping[str, int] | None = None) -> None:
    """Check a copy that is, or will be, kept at `path`, and note what it is like.

    `before` is how many rows it has to have, by table. Raises Damaged, Full, ReadOnly.
    """
    with sqlite.told(), closing(sqlite.foreign(copy)) as connection:
        wrong = connection.execute("PRAGMA quick_check").fetchone()[0]
        if wrong == "ok" and connection.execute("PRAGMA foreign_key_check").fetchone():
            wrong = "foreign keys"
        if wrong == "ok" and before is not None and counts(connection) != before:
            wrong = "rows"
        if wrong != "ok":
            raise errors.Damaged(errors.Message("upgrade.kept", {"found": wrong}))
        revision = derived.revision(connection)
        people = connection.execute("SELECT count(*) FROM users WHERE deleted_at IS NULL").fetchone()[0]
    was = _noted(path)
    at = was.get(path.name, {}).get("at") or times.now()
    with files.told(copy), copy.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    noted = {name: each for name, each in was.items() if path.with_name(name).exists()}
    noted[path.name] = {"at": at, "people": people, "revision": revision, "sha256": digest}
    records.write(path.parent, _RECORD, noted)


def counts(connection: sqlite3.Connection) -> dict[str, int]:
    """Return how many rows a file of any schema has of its operations and of what is recorded."""
    there = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    return {
        name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
        for name in ("operations", *(table.name for table in recorded()))
        if name in there
    }


def found(database: Path) -> list[Kept]:
    """Return the files that upgrades of the database have kept, newest first."""
    noted, there = _noted(database), []
    for path in database.parent.glob(f"{glob.escape(database.stem)} before upgrade from *{database.suffix}"):
        named = _NAME.search(path.stem)
        try:
            stat = path.stat()
            stamped = datetime.datetime.strptime(named[1], "%Y%m%d-%H%M%S") if named else None
        except (OSError, ValueError):  # gone between the two looks, or no name that we gave
            continue
        if stamped:
            told = noted.get(path.name, {})
            at = told.get("at") or times.written(stamped.replace(tzinfo=datetime.UTC))
            size, changed = stat.st_size, stat.st_mtime_ns
            about = (told.get("people"), told.get("revision", ""), told.get("sha256", ""))
            there.append(Kept(path, size, changed, at, *about))
    return sorted(there, key=lambda each: (each.at, each.name), reverse=True)


def find(database: Path, name: str) -> Kept:
    """Return the kept file of that name. Raises NotFound."""
    for each in found(database):
        if each.name == name:
            return each
    raise errors.NotFound("backups", name)


def let_go(database: Path, backups: Iterable[Backup], uid: str, now: datetime.datetime) -> list[Path]:
    """Remove what was kept for 30 days, and return what went: only once a verified one of the `backups` of
    the database `uid` is younger, so that it is never the only way back."""
    old = [each for each in found(database) if now - _moment(each.at) >= datetime.timedelta(days=DAYS)]
    if not old:
        return []
    ours = [each for each in backups if each.told and each.told.uid == uid]
    gone = []
    for each in old:
        if not any(_moment(each.at) < _moment(backup.at) <= now and backup.sound for backup in ours):
            continue
        try:
            files.remove(each.path)
        except OSError as error:  # in use: the next time is another
            log.warning("%s stays: %s", each.name, error.strerror)
            continue
        log.info("removed %s: it was kept for %s days, and verified backups are younger", each.name, DAYS)
        gone.append(each.path)
    return gone


def _noted(database: Path) -> dict[str, dict[str, Any]]:
    noted = records.read(database.parent, _RECORD)
    return {name: each for name, each in noted.items() if isinstance(each, dict)}


def _moment(at: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(at)


@functools.lru_cache(maxsize=100)
def _digest(path: Path, _size: int, _changed: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
