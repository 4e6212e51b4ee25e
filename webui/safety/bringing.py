"""What follows a restore: its safety copy goes where each backup goes. Before what came into an empty roster
none was made; that is backed up at once. Not for the restore itself: see `restore`.
"""

import logging
from pathlib import Path

from sqlalchemy import Engine

from webui.safety import automatic
from webui.safety.backup import Step, no_step
from webui.safety.places import Places
from webui.store import errors

log = logging.getLogger(__name__)

AFTER = ["backup.copy", "backup.second"]


def follow(
    engine: Engine,
    places: Places,
    safety_copy: Path | None,
    lately: automatic.Lately | None = None,
    step: Step = no_step,
) -> None:
    """Let follow what does, and note in `lately` why something could not be. Raises nothing of its own: what
    was restored is there. `step` must not raise."""
    lately = lately or automatic.Lately()
    try:
        if safety_copy:
            lately.not_copied = automatic.follow(engine, places, safety_copy, step)
        else:
            made = automatic.back_up(engine, places, step, reason="after_restore")
            lately.failed, lately.not_copied = None, made.failed
    except errors.StoreError as error:
        log.warning("no backup of what was restored: %s", error.message.id)
        lately.failed = error.message
