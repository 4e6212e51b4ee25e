"""Which backups stay until one says otherwise: those made to stay, and those that someone pinned.

What someone said of one is kept on this computer, by the moment that the backup is of: its file stays as it
was written, and its copies and what it becomes without someone are pinned with it.
"""

from collections.abc import Mapping

from webui.safety.catalogue import Backup

BEFORE = "before_"  # begins the reason of a safety copy
PRUNING = "before_pruning"


def name(backup: Backup) -> str:
    """Return what a backup is known by, '' for one that tells nothing of itself."""
    return f"{backup.told.uid} {backup.told.at}" if backup.told else ""


def is_pinned(backup: Backup, pins: Mapping[str, bool]) -> bool:
    """Tell whether a backup stays whatever its age, by what was said of it; else by what it was made for."""
    if backup.told is None:
        return False
    if is_fast(backup):
        return True
    made_to_stay = backup.told.pinned and not backup.told.reason.startswith(BEFORE)
    return pins.get(name(backup), made_to_stay)


def is_fast(backup: Backup) -> bool:
    """Tell whether it can't be unpinned: nothing else has the history that went."""
    return backup.told is not None and backup.told.reason == PRUNING
