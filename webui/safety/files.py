"""What is done to whole files: names, locks, private modes, and bytes that survive a power cut.

Not for what is in them: `opening` knows what a database is.
"""

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from webui.exchange import targets
from webui.safety.folders import flush_folder, make_folder
from webui.store import errors
from webui.store.ledger import sqlite

HALF = ".half"  # ends the name of a file that is not whole yet
PATIENCE = 30.0  # seconds to wait for whoever makes or replaces the file


@contextmanager
def exclusive(path: Path, patience: float = PATIENCE) -> Iterator[None]:
    """Hold the right to make, replace or move the database at `path`; its writers need it not.

    The system gives the lock back after a crash. Not to be taken twice by one thread. Raises Busy after
    `patience` seconds, ReadOnly where the folder can't hold a lock.
    """
    lock = lock_of(path.with_name(f".{path.name}.lock"))
    try:
        make_folder(path.parent)
        lock.acquire(timeout=patience)
    except Timeout as error:
        raise errors.Busy from error
    except (OSError, NotImplementedError) as error:
        raise errors.ReadOnly from error
    try:
        yield
    finally:
        lock.release()


def lock_of(path: Path) -> FileLock:
    """Return the lock that the file `path` is; one that a crash would leave locked is refused.

    Any thread may release it.
    """
    return FileLock(path, mode=0o600, fallback_to_soft=False, thread_local=False)


@contextmanager
def told(path: Path, message: str = "unusable") -> Iterator[None]:
    """Turn what the driver or the system says into the store's own errors: Full, or ReadOnly with `message`.

    `message` is the id of a sentence about `path`.
    """
    with targets.told(path, message), sqlite.told():
        yield


def beside(path: Path) -> tuple[Path, Path, Path]:
    """Return where SQLite keeps what belongs to `path` while it is open."""
    wal, shm, journal = (path.with_name(path.name + end) for end in ("-wal", "-shm", "-journal"))
    return wal, shm, journal


def logs(path: Path) -> list[Path]:
    """Return the logs beside `path` that hold anything: SQLite would replay them over whatever is there."""
    wal, _shm, journal = beside(path)
    return [log for log in (wal, journal) if log.exists() and log.stat().st_size]


def size(path: Path) -> int:
    """Return the bytes of `path` and of what is not folded into it yet."""
    return sum(each.stat().st_size for each in (path, beside(path)[0]) if each.exists())


def remove(path: Path) -> None:
    """Remove a file of ours and what lies beside it, where they are there."""
    for each in (path, *beside(path)):
        each.unlink(missing_ok=True)


def make_private(path: Path) -> None:
    """Make an empty file that only its owner may read, before anything is written to it.

    Raises FileExistsError when it is there already.
    """
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def make_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Make a private file at `path`, there whole or not at all; `write` fills the empty one it is given.

    Raises FileExistsError when `path` is there already.
    """
    half = path.with_name(path.name + HALF)
    try:
        make_private(half)
        write(half)
        flush(half)
        if not publish(half, path):
            raise FileExistsError(path)
    finally:
        remove(half)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a new, empty, private file; leaving flushes it and lets it take the place of what is at `path`.

    An error leaves what was there, and nothing else. What killed programs left half written is removed.
    """
    targets.sweep(path.parent, ".roster-*.tmp")
    half = path.with_name(f".roster-{secrets.token_hex(8)}.tmp")
    try:
        make_private(half)
        yield half
        flush(half)
        half.replace(path)
        flush_folder(path.parent)
    finally:
        half.unlink(missing_ok=True)


def publish(made: Path, path: Path) -> bool:
    """Give a finished file its name, `path`, unless another took it first; tell whether it was given.

    The made file's own name is gone then.
    """
    try:
        os.link(made, path)  # unlike a rename, fails when the name is taken
    except FileExistsError:
        return False
    except OSError:  # a file system without links
        if path.exists():
            return False
        made.replace(path)
    remove(made)
    flush_folder(path.parent)
    return True


def free_name(path: Path) -> Path:
    """Return `path`, or with -2, -3, ... behind its stem: the first that nothing has."""
    name, number = path, 2
    while name.exists():
        name, number = path.with_name(f"{path.stem}-{number}{path.suffix}"), number + 1
    return name


def flush(path: Path) -> None:
    """Make the bytes of `path` and its name survive a power cut."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())
    flush_folder(path.parent)
