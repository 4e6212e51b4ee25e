"""Put one file in another's place, once: after it no old log can replay over the new file."""

import os
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

from webui.safety import files, opening
from webui.safety.folders import flush_folder
from webui.store import errors
from webui.store.ledger import sqlite


def swap(
    new: Path,
    live: Path,
    kept: Path,
    holding: sqlite3.Connection,
    version: int,
    check: Callable[[Path], None],
) -> bool:
    """Make `new` the live file; the old one stays at `kept`, once a copy of it passed `check`, which raises
    where it does not. Nobody else may have either open.

    `holding` is open on the live file and had `version` (PRAGMA data_version) when `new` was taken from it:
    when another program has written since, nothing is done and False is returned. Writers are kept out
    until the new file is in place. Raises Busy when something has the file open.
    """
    opening.settle(new)
    with sqlite.told():
        holding.execute("PRAGMA locking_mode=EXCLUSIVE").fetchone()
        holding.execute("BEGIN IMMEDIATE")  # from here on, in and between transactions, no one else comes in
        changed = holding.execute("PRAGMA data_version").fetchone()[0] != version
        holding.execute("COMMIT")
    if changed:
        return False
    opening.leave_log(holding)
    # By the connection that holds the lock: to open the file another way would give the lock up. Not a
    # link: were the old file left live, both names would go on changing.
    files.make_whole(kept, lambda half: _copied(holding, half, check))
    if os.name == "nt":  # there a file that is open can't be replaced
        holding.close()
    _replace(new, live)
    flush_folder(live.parent)
    return True


def _copied(holding: sqlite3.Connection, half: Path, check: Callable[[Path], None]) -> None:
    holding.execute("VACUUM INTO ?", (str(half),))
    check(half)


def _replace(new: Path, live: Path) -> None:
    for attempt in range(20):
        try:
            new.replace(live)
        except PermissionError as error:  # Windows: a scanner may hold the file for a moment
            if attempt == 19:
                raise errors.Busy from error
            time.sleep(0.1)
        else:
            return
