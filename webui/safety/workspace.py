"""A private folder beside the database for whole copies of it, which never outlive their work by much."""

import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import Timeout

from webui.safety import files

_MOMENT = 5.0  # seconds in which a new folder may not have its lock yet


@contextmanager
def workspace(database: Path, home: Path | None = None) -> Iterator[Path]:
    """Give an empty folder (0700) in `scratch` beside the database; it is gone afterwards.

    With a `home` it lies in that folder instead, which is made and goes too: nothing can be written beside
    the database. Those that a killed program left are removed by `sweep`: the system has given their locks
    back. Raises Full, ReadOnly.
    """
    elsewhere = home is not None
    home = home or _home(database)
    _sweep(home)
    folder = home / f"work-{secrets.token_hex(8)}"
    with files.told(folder):
        home.mkdir(mode=0o700, exist_ok=True)
        folder.mkdir(mode=0o700)
        held = files.lock_of(folder / "lock")
        held.acquire(timeout=0)
    try:
        with files.told(folder):
            yield folder
    finally:
        held.release()
        shutil.rmtree(folder, ignore_errors=True)
        if elsewhere:
            with suppress(OSError):  # another is at work in it
                home.rmdir()


def sweep(database: Path) -> None:
    """Remove the folders beside `database` whose program was killed."""
    _sweep(_home(database))


def _home(database: Path) -> Path:
    return database.absolute().parent / "scratch"


def _sweep(home: Path) -> None:
    for folder in home.glob("work-*"):
        try:
            if folder.stat().st_mtime < time.time() - _MOMENT:
                with files.lock_of(folder / "lock").acquire(timeout=0):
                    pass
                shutil.rmtree(folder, ignore_errors=True)
        except (Timeout, OSError):
            continue  # at work, or gone already
