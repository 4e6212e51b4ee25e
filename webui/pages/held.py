"""All that is held about one person, as a file: given to the browser, or saved by the native dialog.

Of someone in the trash as well; while a past moment is looked at, as it was then.
"""

import tempfile
from typing import Any

from flask import Blueprint, redirect, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from webui import database, moments, words
from webui.exchange.held import writing
from webui.held import Words
from webui.pages import safety, saving, shared
from webui.store import errors
from webui.store.ledger.history import connection_of
from webui.store.values import times

pages = Blueprint("held", __name__)


@pages.get("/users/<int:user_id>/held")
def download(user_id: int) -> Response:
    """Give the file to the browser, out of a nameless one that is gone with the answer."""
    connection = connection_of(database.session())
    name = writing.file_name(connection, user_id)
    if shared.host().native:
        raise errors.NotFound("users", user_id)
    stream = tempfile.TemporaryFile()  # noqa: SIM115  # closed with the answer
    try:
        writing.write(connection, stream, user_id, Words(), **_told())
        stream.seek(0)
    except BaseException:
        stream.close()
        raise
    return send_file(stream, as_attachment=True, download_name=name, mimetype="application/octet-stream")


@pages.post("/users/<int:user_id>/held")
def save(user_id: int) -> Response:
    """Write the file where the native dialog says."""
    connection = connection_of(database.session())
    name = writing.file_name(connection, user_id)
    back = shared.came_from() or url_for("users.index")
    try:
        place = saving.place(_("Save all that is held"), name)
        if place is None:
            return redirect(back, 303)
        writing.export(connection, place, user_id, Words(), **_told())
    except (errors.Full, errors.ReadOnly, errors.Refused) as error:
        return shared.said(words.sentence(error.message), back)
    return shared.said(_("Saved as %(name)s.", name=place.name), back)


def _told() -> dict[str, Any]:
    """Return what the page says of the moment, and where backups lie."""
    looked = moments.looking()
    backups = str(safety.backups_folder())
    return {"now": times.now(), "then": looked.at if looked else "", "backups": backups}
