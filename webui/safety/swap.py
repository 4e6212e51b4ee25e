"""Put one file in another's place, once: after it no old log can replay over the new file."""

import os
import shutil
import time
from pathlib import Path

from webui.safety import opening
from webui.store import errors


def swap(new: Path, live: Path, kept: Path) -> None:
    """Make `new` the live file; the old one stays at `kept`. Nobody may have either open.

    Raises Busy when something has; the live file is then still the old one.
    """
    opening.settle(new)
    opening.settle(live)
    if kept.exists():
        raise FileExistsError(kept)
    try:
        os.link(live, kept)  # the old bytes keep a name before the new ones take theirs
    except OSError:
        _copy(live, kept)  # a file system without links
    opening.flush_folder(kept.parent)
    _replace(new, live)
    opening.flush_folder(live.parent)


def _copy(source: Path, target: Path) -> None:
    shutil.copyfile(source, target)
    target.chmod(0o600)
    opening.flush(target)


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
