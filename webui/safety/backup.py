"""One verified backup: copied, reopened, checked, counted again, packed, and only then named.

The copy is made by VACUUM INTO, which a writer can't starve; it is a moment of the database.
"""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import IO

from sqlalchemy import Engine

from webui.exchange import archive, exporting
from webui.safety import files, health
from webui.safety.readme import readme
from webui.store import errors
from webui.store.ledger import derived, dump, sqlite
from webui.store.models import new_uid, recorded
from webui.store.values import times
from webui.version import VERSION

Step = Callable[[str, int, int], None]
PHASES = ["backup.copy", "backup.check", "backup.pack", "backup.verify"]


def no_step(_phase: str, _done: int = 0, _total: int = 0) -> None:
    """Tell nobody."""


def back_up(
    engine: Engine,
    folder: Path,
    step: Step = no_step,
    *,
    target: Path | None = None,
    reason: str = "now",
    pinned: bool = False,
) -> Path:
    """Write a verified backup into `folder` (or to the file `target`) and return where it is.

    `reason` is now, everything or before_restore. Raises Full, ReadOnly (the place can't be written),
    Damaged (the database, or the copy, does not pass its checks). A file is there whole or not at all.
    """
    source = Path(str(engine.url.database))
    place = target.parent if target else folder
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        if shutil.disk_usage(place).free < 2 * source.stat().st_size:
            raise errors.Full
        return _write(source, place, target, step, reason, pinned)
    except OSError as error:
        raise errors.ReadOnly(errors.Message("backup.place", {"folder": str(place)})) from error


def _write(source: Path, place: Path, target: Path | None, step: Step, reason: str, pinned: bool) -> Path:
    stem = f".roster-{times.now()[:19].replace(':', '')}-{new_uid()[:8]}"
    copy, packed = place / f"{stem}.copy", place / f"{stem}.tmp"
    try:
        step("backup.copy", 0, 0)
        with sqlite.told(), closing(sqlite.connect(source)) as live:
            live.execute("VACUUM INTO ?", (str(copy),))
            copy.chmod(0o600)
        with sqlite.told(), closing(sqlite3.connect(copy)) as connection:
            step("backup.check", 0, 0)
            about = _about(connection, reason, pinned)
            step("backup.pack", 0, 0)
            archive.write(packed, about, _members(copy, connection, about))
        step("backup.verify", 0, 0)
        _verify(packed, about)
        final = target or files.free_name(place / f"roster-{times.stamp(str(about['at']))}.zip")
        packed.replace(final)
        files.flush_folder(place)
        return final
    finally:
        files.remove(copy)
        packed.unlink(missing_ok=True)


def _about(connection: sqlite3.Connection, reason: str, pinned: bool) -> dict[str, object]:
    wrong = health.check(connection)
    if wrong:
        raise errors.Damaged(wrong[0])
    title = connection.execute("SELECT value FROM settings WHERE name = 'title'").fetchone()
    return {
        "at": times.now(),
        "app": VERSION,
        "sqlite": sqlite3.sqlite_version,
        "revision": derived.revision(connection),
        "uid": connection.execute("SELECT value FROM state WHERE name = 'uid'").fetchone()[0],
        "title": title[0] if title else "",
        "reason": reason,
        "pinned": pinned,
        "counts": counts(connection),
        "digest": dump.digest(connection),
    }


def counts(connection: sqlite3.Connection) -> dict[str, int]:
    """Return how many rows each recorded table has; `users` and `posts` include the trash."""
    return {
        table.name: connection.execute(f"SELECT count(*) FROM {table.name}").fetchone()[0]
        for table in recorded()
    }


def _members(
    copy: Path, connection: sqlite3.Connection, about: dict[str, object]
) -> Iterator[tuple[str, archive.Write]]:
    yield "READ ME.html", lambda stream: _say(readme(about), stream)
    yield archive.DATABASE, lambda stream: _pour(copy, stream)
    yield "users.csv", lambda stream: exporting.users_csv(connection, stream)
    yield "posts.csv", lambda stream: exporting.posts_csv(connection, stream)
    yield "contacts.vcf", lambda stream: exporting.contacts_vcf(connection, stream)


def _pour(path: Path, stream: IO[bytes]) -> None:
    with path.open("rb") as file:
        shutil.copyfileobj(file, stream, 1 << 20)


def _say(page: str, stream: IO[bytes]) -> None:
    stream.write(page.encode("utf-8"))


def _verify(packed: Path, about: dict[str, object]) -> None:
    """Open what was packed, from the zip, and compare it with what was counted before."""
    archive.verify(packed)
    again = packed.with_suffix(".again")
    try:
        archive.extract(packed, archive.DATABASE, again)
        with closing(sqlite.foreign(again)) as connection:
            if (
                connection.execute("PRAGMA quick_check").fetchone()[0] != "ok"
                or counts(connection) != about["counts"]
            ):
                raise errors.Damaged(errors.Message("backup.differs"))
    finally:
        files.remove(again)
