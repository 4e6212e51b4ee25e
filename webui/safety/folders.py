"""Folders whose names survive a power cut. Imports nothing heavy: a start makes some before all else."""

import os
from contextlib import suppress
from pathlib import Path


def make_folder(folder: Path) -> None:
    """Make a folder that only its owner may look into, and those above it. Raises OSError."""
    if folder.is_dir():
        return
    if not folder.parent.exists():
        make_folder(folder.parent)  # by its own `parents` those above would be anyone's
    folder.mkdir(mode=0o700, exist_ok=True)
    with suppress(PermissionError):  # one may make a folder where one may not look
        flush_folder(folder.parent)


def flush_folder(folder: Path) -> None:
    """Make the names in `folder` survive a power cut, where the system lets folders be flushed."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
