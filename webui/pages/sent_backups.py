"""Files that a browser sends to be looked at before they are restored: each in a folder, for one day."""

import secrets
import shutil
import time
from pathlib import Path

from flask import current_app

from webui.safety.folders import make_folder

_DAY = 24 * 60 * 60  # seconds


def place() -> Path:
    """Make a folder for a file: so it keeps the person's own name for it, for what is said about it."""
    scratch = _all()
    for old in scratch.glob("*"):
        if old.stat().st_mtime < time.time() - _DAY:
            shutil.rmtree(old, ignore_errors=True)
    made = scratch / secrets.token_hex(8)
    make_folder(made)
    return made


def forget(path: Path) -> None:
    """Remove a backup that was sent and is done with; one of the person's own stays where it is."""
    if path.parent.parent == _all():
        shutil.rmtree(path.parent, ignore_errors=True)


def _all() -> Path:
    return Path(current_app.config["ROSTER_DATA"]) / "scratch" / "restores"
