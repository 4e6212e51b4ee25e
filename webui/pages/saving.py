"""Where a person wants a file, asked by the native dialog: refused where it would do harm."""

from pathlib import Path

from flask import current_app

from webui import database
from webui.exchange import targets
from webui.pages import shared


def place(title: str, name: str) -> Path | None:
    """Return where to write, None when the person changed their mind. Raises Refused, ReadOnly.

    That an existing file is replaced was agreed to in the dialog.
    """
    chosen = shared.host().choose_save(title, name)
    if chosen is None:
        return None
    kept = current_app.config["PREFERENCES"]
    live = Path(str(database.engine().url.database))
    return targets.check(chosen, live, ours=[Path(kept)] if kept else [], replace=True)
