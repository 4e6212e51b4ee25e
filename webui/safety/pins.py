"""Which backups stay until one says otherwise: those made to stay, and those that someone pinned.

What someone said of one is kept on this computer, by the moment that the backup is of: its file stays as it
was written, and its copies and what it becomes without someone are pinned with it.
"""

from collections.abc import Collection, Mapping

from webui.safety.catalogue import Backup

BEFORE = "before_"  # begins the reason of a safety copy
PRUNING = "before_pruning"


def name(backup: Backup) -> str:
    """Return what a backup is known by, '' for one that tells nothing of itself."""
    return f"{backup.told.uid} {backup.told.at}" if backup.told else ""


def said(pins: Mapping[str, bool], backup: Backup, pinned: bool, there: Collection[str]) -> dict[str, bool]:
    """Return `pins` with what is said of a backup now; `there` is what its roster's backups are known by.

    What says no more than the file itself is let go of, and so is what unpins one that is gone. A pin stays:
    its backup may lie in a folder that is not looked at now.
    """
    roster = name(backup).partition(" ")[0]
    kept = {
        each: value
        for each, value in pins.items()
        if value or each in there or each.partition(" ")[0] != roster
    }
    kept.pop(name(backup), None)
    return kept if pinned == _made_to_stay(backup) else kept | {name(backup): pinned}


def is_pinned(backup: Backup, pins: Mapping[str, bool]) -> bool:
    """Tell whether a backup stays whatever its age, by what was said of it; else by what it was made for."""
    if backup.told is None:
        return False
    if is_fast(backup):
        return True
    return pins.get(name(backup), _made_to_stay(backup))


def is_fast(backup: Backup) -> bool:
    """Tell whether it can't be unpinned: nothing else has the history that went."""
    return backup.told is not None and backup.told.reason == PRUNING


def _made_to_stay(backup: Backup) -> bool:
    return backup.told is not None and backup.told.pinned and not backup.told.reason.startswith(BEFORE)
