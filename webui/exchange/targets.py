"""Where a person may have a file written, and how it gets there: whole or not at all.

Never over a file that Roster lives on, nor over any database, nor over the file that is being read. Not for
files that Roster names itself, in its own folders.
"""

import errno
import os
import secrets
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from webui.store.errors import Full, Message, ReadOnly, Refused
from webui.store.ledger import sqlite

# What lies beside the database and is as much a part of a running Roster.
OURS = ("roster.lock", "run.json", "run.new", "preferences.json", "tokens.json")
_FOLDERS = ("scratch", "logs", "records")
_LONGEST = 60 * 60  # seconds that writing one file may take at most
_BESIDE = ("-wal", "-shm", "-journal")
NO_SPACE = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))


def check(
    target: Path,
    database: Path,
    *,
    ours: Iterable[Path] = (),
    reading: Path | None = None,
    replace: bool = False,
) -> Path:
    """Return the absolute place that `target` means, once it may be written there. Writes nothing.

    `database` is the live file, there or not; `ours` are further files of Roster's own; `reading` is the
    file that is read meanwhile; `replace` says that the person agreed to replace what is there.
    Raises Refused with what is in the way, ReadOnly when the place can't even be looked at.
    """
    with told(target):
        place = Path(os.path.realpath(target)) if target.is_symlink() else target.absolute()
        told_path = {"path": str(target)}
        if _is_ours(place, database) or any(_is_same(place, each) for each in ours):
            raise Refused(Message("target.ours", told_path))
        if reading and _is_same(place, reading):
            raise Refused(Message("target.reading", told_path))
        if not place.parent.is_dir():
            raise Refused(Message("target.no_folder", {"folder": str(place.parent)}))
        if _is_database(place) or any(
            place.name.endswith(end) and _is_database(place.with_name(place.name.removesuffix(end)))
            for end in _BESIDE
        ):
            raise Refused(Message("target.database", told_path))
        if place.exists() and not place.is_file():
            raise Refused(Message("target.no_file", told_path))
        if place.exists() and not replace:
            raise Refused(Message("target.exists", told_path))
    return place


def check_source(source: Path, database: Path) -> None:
    """See that a file to be read is not the live one or its log. Raises Refused.

    Closing it again would take from this process the locks that SQLite holds on it (POSIX), and another
    program would then throw the log away.
    """
    if any(_is_same(source, database.with_name(database.name + end)) for end in ("", *_BESIDE)):
        raise Refused(Message("source.ours", {"path": str(source)}))


@contextmanager
def temporary(place: Path) -> Iterator[BinaryIO]:
    """Give a new file beside `place` to be written; it is gone afterwards, unless `publish` took it.

    What a killed program left there an hour ago or longer is removed. Raises Full, ReadOnly.
    """
    sweep(place.parent, ".roster-*.part")
    made = place.with_name(f".roster-{secrets.token_hex(8)}.part")
    with told(place):
        stream = made.open("xb")
    try:
        yield stream
    finally:
        stream.close()
        made.unlink(missing_ok=True)


@contextmanager
def of_one_moment(connection: sqlite3.Connection, place: Path) -> Iterator[BinaryIO]:
    """Give a file to be written from what a database says at one moment: that of a transaction which is open
    already, where there is one. Leaving lets it be the file at `place`; an error leaves nothing there.

    Raises Full, ReadOnly.
    """
    begins = not connection.in_transaction
    try:
        if begins:
            connection.execute("BEGIN")
        with temporary(place) as stream:
            with told(place):
                yield stream
            publish(stream, place)
    finally:
        if begins and connection.in_transaction:
            connection.execute("ROLLBACK")


def keep(stream: BinaryIO, place: Path) -> None:
    """Make what was written to a temporary file survive a power cut. Raises Full, ReadOnly."""
    with told(place):
        stream.flush()
        os.fsync(stream.fileno())


def publish(stream: BinaryIO, place: Path) -> None:
    """Let a temporary file be the file at `place`. Raises Full, ReadOnly."""
    keep(stream, place)
    with told(place):
        stream.close()
        Path(stream.name).replace(place)


def sweep(folder: Path, pattern: str) -> None:
    """Remove what killed programs have left half written in a folder, an hour ago or longer."""
    for left in folder.glob(pattern):
        with suppress(OSError):
            if left.stat().st_mtime < time.time() - _LONGEST:
                left.unlink()


@contextmanager
def told(place: Path, message: str = "export.not_written") -> Iterator[None]:
    """Turn what the system says of writing to `place` into Full, or ReadOnly with `message`.

    `message` is the id of a sentence about `path`.
    """
    try:
        yield
    except OSError as error:
        if error.errno in NO_SPACE:
            raise Full from error
        raise ReadOnly(Message(message, {"path": str(place)})) from error


def _is_ours(place: Path, database: Path) -> bool:
    home = database.parent
    if any(_is_same(folder, home / name) for folder in place.parents for name in _FOLDERS):
        return True
    if not _is_same(place.parent, home):
        return _is_same(place, database)
    name = place.name.casefold()  # as a disk that knows no case would find it
    live = database.name.casefold()
    return name.startswith((live, f".{live}")) or name in OURS or _is_same(place, database)


def _is_same(one: Path, other: Path) -> bool:
    if os.path.realpath(one) == os.path.realpath(other):
        return True
    return one.exists() and other.exists() and one.samefile(other)


def _is_database(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(sqlite.MAGIC)) == sqlite.MAGIC
