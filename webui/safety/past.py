"""The database as it was at a moment: a copy beside it, taken back, that can only be read.

It lies in the folder of private copies and goes with it: when it is closed, or after a crash with the next
start.
"""

import shutil
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path

from sqlalchemy import Engine

from webui.safety import files, opening
from webui.safety.backup import Step, no_step
from webui.safety.workspace import workspace
from webui.store import errors
from webui.store.ledger import sqlite
from webui.store.ledger.rewind import rewind

PHASES = ["past.copy", "past.rewind"]


class Past:
    """A moment to be read: `engine` is that of the copy."""

    def __init__(self, engine: Engine, remove: Callable[[], None]) -> None:
        self.engine, self._remove = engine, remove

    def close(self) -> None:
        """Remove the copy. Whoever reads it just then goes on to the end of that, on Windows included: there
        the next start removes it."""
        self.engine.dispose()
        self._remove()


def make(engine: Engine, operation_id: int, step: Step = no_step) -> Past:
    """Return the database of `engine` as an operation left it, 0 for before the first one.

    Raises Full, ReadOnly, Busy; Refused where it can't be taken back so far.
    """
    source = Path(str(engine.url.database))
    opening.ready(source)  # follows what other programs did, so that the copy knows of it
    if shutil.disk_usage(source.parent).free < files.size(source):
        raise errors.Full
    stack = ExitStack()
    try:
        copy = stack.enter_context(workspace(source)) / "past.db"
        step("past.copy", 0, 0)
        files.make_private(copy)
        with sqlite.told(), closing(sqlite.connect(source)) as live:
            live.execute("VACUUM INTO ?", (str(copy),))
        step("past.rewind", 0, 0)
        with sqlite.told(), closing(sqlite.scratch(copy)) as connection:
            connection.text_factory = sqlite.lenient
            connection.execute(f"PRAGMA cache_size={sqlite.WRITER_CACHE}")
            connection.execute("BEGIN")
            rewind(connection, operation_id)
            connection.execute("COMMIT")
        step("past.rewind", 0, 0)  # the last chance to be stopped
    except BaseException:
        stack.close()
        raise
    return Past(sqlite.reading(copy), stack.close)
