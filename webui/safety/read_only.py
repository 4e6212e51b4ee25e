"""Reading the live file where nothing can be written beside it: the disk is full, or the folder read-only.

Not for copies, which nobody changes: those are `sqlite.reading` and `sqlite.foreign`.
"""

from pathlib import Path

from sqlalchemy import Engine

from webui.safety import files
from webui.store import errors
from webui.store.ledger import sqlite


def engine(path: Path) -> Engine:
    """Return an engine that only reads the live file; what others write meanwhile is seen where they can.

    Raises ReadOnly where that is impossible: beside a log whose shared memory (-shm) is not there SQLite has
    to make that, and a journal has to be rolled back into the file.
    """
    wal, shm, journal = files.beside(path)
    for left in files.logs(path):
        if left == journal or not shm.exists():
            raise errors.ReadOnly(errors.Message("log_left", {"path": str(path), "log": left.name}))
    return sqlite.reading(path, changes=wal.exists() and shm.exists())
