"""One verified backup: copied, reopened, checked, counted again, packed, and only then named.

The copy is made by VACUUM INTO, which a writer can't starve; it is a moment of the database.
"""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import IO

from sqlalchemy import Engine

from webui.exchange import archive, exporting, targets
from webui.exchange.out.wanted import OF_ROSTER
from webui.safety import contents, files, health, opening
from webui.safety.folders import flush_folder, make_folder
from webui.safety.readme import readme
from webui.safety.workspace import workspace
from webui.store import errors
from webui.store.ledger import derived, dump, forget, sqlite
from webui.store.ledger.operations import raw
from webui.store.models import kept, new_uid, recorded
from webui.store.values import text, times
from webui.version import VERSION

Step = Callable[[str, int, int], None]
HOME = ".roster-work"  # where nothing can be written beside the database, the work is done in it
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
    only_read: bool = False,
) -> Path:
    """Write a verified backup into `folder` (or to the file `target`) and return where it is.

    `reason` is now, everything, start, hourly, or before_ with what was to be done. A search index that only
    needs to be made anew is made so in the database first. Of a database that can be `only_read` the work is
    done where the backup goes, and what is derived is brought up to date in the copy. Raises Full, ReadOnly
    (the place can't be written), Busy, Damaged (the database, or the copy, does not pass its checks). A file
    is there whole or not at all.
    """
    source = Path(str(engine.url.database))
    place = target.parent if target else folder
    with files.told(place, "backup.place"):
        make_folder(place)
        targets.sweep(place, ".roster-*.tmp")
        _see_room(engine, source, place, only_read=only_read)
    with workspace(source, place / HOME if only_read else None) as work:
        copy = _copy_of_read_only(engine, work, step) if only_read else _checked_copy(source, work, step)
        with closing(sqlite.foreign(copy)) as connection:
            told = about(connection, reason, pinned)
        usual = place / f"roster-{times.stamp(str(told['at']))}.zip"
        return packed(copy, told, place, step, lambda made: _named(made, target, usual))


def packed(
    copy: Path,
    told: dict[str, object],
    place: Path,
    step: Step,
    name: Callable[[Path], Path],
) -> Path:
    """Pack a checked copy into `place`, open it again and count; return what `name` makes of it.

    The copy, which lies in a workspace, is gone then. Raises Full, ReadOnly, Damaged.
    """
    made = place / f".roster-{times.stamp(times.now())}-{new_uid()[:8]}.tmp"
    try:
        with closing(sqlite.foreign(copy)) as connection:
            step("backup.pack", 0, 0)
            with files.told(place, "backup.place"):
                # Photos get no smaller, and are most of a database that has many.
                mostly = contents.size(connection) * 2 > copy.stat().st_size
                as_is = [archive.DATABASE] if mostly else []
                archive.write(made, told, _members(copy, connection, told), as_is)
        files.remove(copy)
        step("backup.verify", 0, 0)
        _verify(made, told, copy.with_name("again.sqlite"))
        with files.told(place, "backup.place"):
            return name(made)
    finally:
        with suppress(OSError):  # where nothing can be removed, nothing was written
            made.unlink(missing_ok=True)


def _named(packed: Path, target: Path | None, usual: Path) -> Path:
    """Give a finished backup its name: that of `target`, or the usual one, which another may have taken."""
    if target:
        packed.replace(target)
        flush_folder(target.parent)
        return target
    while not files.publish(packed, final := files.free_name(usual)):
        pass
    return final


def _see_room(engine: Engine, source: Path, place: Path, *, only_read: bool) -> None:
    """Raise Full where the copy can't fit, or the zip of at most its size and that of photos and files."""
    with sqlite.told(), engine.connect() as connection:
        beside = contents.size(raw(connection))
    copy = files.size(source)
    packed = copy + beside
    together = only_read or place.stat().st_dev == source.parent.stat().st_dev
    if not only_read and shutil.disk_usage(source.parent).free < copy + (packed if together else 0):
        raise errors.Full
    if shutil.disk_usage(place).free < packed + (copy if only_read else 0):
        raise errors.Full


def _checked_copy(source: Path, work: Path, step: Step) -> Path:
    """Return a copy of the database in `work` that passes every check; mends the database once if it can."""
    opening.ready(source)  # follows what other programs did, so that the copy needs no looking after
    copy = work / "copy.sqlite"
    for attempt in ("first", "mended"):
        with sqlite.told(), closing(sqlite.connect(source)) as live:
            _copy(live, copy, step)
        wrong = _wrong(copy, step)
        if not wrong:
            return copy
        if attempt == "mended" or not health.is_derived(wrong):
            break
        health.mend_derived(source)
        files.remove(copy)
    raise errors.Damaged(wrong[0])


def _copy_of_read_only(engine: Engine, work: Path, step: Step) -> Path:
    """Return the same of a database that can only be read."""
    copy = work / "copy.sqlite"
    with sqlite.told(), engine.connect() as connection:
        _copy(raw(connection), copy, step)
    opening.ready(copy)
    opening.settle(copy)
    if wrong := _wrong(copy, step):
        raise errors.Damaged(wrong[0])
    return copy


def _copy(connection: sqlite3.Connection, copy: Path, step: Step) -> None:
    step("backup.copy", 0, 0)
    files.make_private(copy)
    connection.execute("VACUUM INTO ?", (str(copy),))


def _wrong(copy: Path, step: Step) -> list[errors.Message]:
    step("backup.check", 0, 0)
    with sqlite.told(), closing(sqlite3.connect(copy)) as connection:  # not WAL: one file is packed
        connection.text_factory = sqlite.lenient
        return health.check(connection)


def about(
    connection: sqlite3.Connection, reason: str, pinned: bool, at: str | None = None
) -> dict[str, object]:
    """Return what the manifest says of a copy that was made `at` a moment, now if none is given."""
    title = connection.execute("SELECT value FROM settings WHERE name = 'title'").fetchone()
    return {
        "at": at or times.now(),
        "app": VERSION,
        "sqlite": sqlite3.sqlite_version,
        "revision": derived.revision(connection),
        "uid": connection.execute("SELECT value FROM state WHERE name = 'uid'").fetchone()[0],
        "title": text.shown(title[0]) if title else "",
        "reason": reason,
        "pinned": pinned,
        "counts": counts(connection),
        "digest": dump.digest(connection),
        "change": change(connection),
    }


def change(connection: sqlite3.Connection) -> str:
    """Return what names the last change of a database: while it is the same, so is all that is recorded."""
    # With its time: a database that was an older one again goes through the same numbers.
    last = connection.execute("SELECT id, at FROM operations ORDER BY id DESC LIMIT 1").fetchone() or (0, "")
    return f"{last[0]}.{text.shown(last[1])}.{forget.times(connection)}"


def counts(connection: sqlite3.Connection) -> dict[str, int]:
    """Return how many rows each table has of what is recorded or kept, how many people and posts are in the
    trash, and how many people outside it have a photo."""
    queries = {table.name: f"SELECT count(*) FROM {table.name}" for table in (*recorded(), *kept())}
    queries["users_with_photo"] = (
        "SELECT count(*) FROM users WHERE deleted_at IS NULL AND photo_hash IS NOT NULL"
    )
    queries["users_in_trash"] = "SELECT count(*) FROM users WHERE deleted_at IS NOT NULL"
    queries["posts_in_trash"] = (
        "SELECT count(*) FROM posts p JOIN users u ON u.id = p.user_id"
        " WHERE p.deleted_at IS NOT NULL OR u.deleted_at IS NOT NULL"
    )
    queries["attachments_in_trash"] = (
        "SELECT count(*) FROM attachments JOIN users ON users.id = user_id WHERE users.deleted_at IS NOT NULL"
    )
    return {name: connection.execute(query).fetchone()[0] for name, query in queries.items()}


def _members(
    copy: Path, connection: sqlite3.Connection, about: dict[str, object]
) -> Iterator[tuple[str, archive.Write]]:
    yield "READ ME.html", lambda stream: _say(readme(about), stream)
    yield archive.DATABASE, lambda stream: _pour(copy, stream)
    cards = copy.with_name("contacts.vcf")
    yield "users.csv", lambda stream: _people(connection, stream, cards)
    yield "posts.csv", lambda stream: exporting.posts_csv(connection, stream)
    yield "contacts.vcf", lambda stream: _pour(cards, stream)
    yield from contents.members(connection)


def _people(connection: sqlite3.Connection, stream: IO[bytes], cards: Path) -> None:
    files.make_private(cards)
    with cards.open("wb") as file:
        exporting.users_csv(connection, stream, OF_ROSTER, cards=file)


def _pour(path: Path, stream: IO[bytes]) -> None:
    with path.open("rb") as file:
        shutil.copyfileobj(file, stream, 1 << 20)


def _say(page: str, stream: IO[bytes]) -> None:
    stream.write(page.encode("utf-8"))


def _verify(packed: Path, about: dict[str, object], again: Path) -> None:
    """Open what was packed, from the zip, and compare it with what was counted before."""
    archive.verify(packed, again)
    with closing(sqlite.foreign(again)) as connection:
        sound = connection.execute("PRAGMA quick_check").fetchone()[0] == "ok"
        if not sound or counts(connection) != about["counts"]:
            raise errors.Damaged(errors.Message("backup.differs"))
