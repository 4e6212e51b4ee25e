"""Where a person wants a file, asked by the native dialog: refused where it would do harm."""

from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from flask import current_app, redirect
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from webui import database, words
from webui.exchange import targets
from webui.pages import shared
from webui.store.errors import Full, ReadOnly, Refused


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


def written(title: str, name: str, back: str, write: Callable[[BinaryIO], object]) -> Response:
    """Let `write` fill a file where the person says; go `back`, and say where it is or what is in the way."""
    try:
        chosen = place(title, name)
        if chosen is None:
            return redirect(back, 303)
        with targets.temporary(chosen) as stream:
            with targets.told(chosen):
                write(stream)
            targets.publish(stream, chosen)
    except (Full, ReadOnly, Refused) as error:
        return shared.said(words.sentence(error.message), back)
    return shared.said(_("Saved as %(name)s.", name=chosen.name), back)
