"""`held`: all that is held about one person to a file, for a shell. Works beside an open window."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from desktop.commands import outputs, reading, shared
from desktop.folders import Folders
from desktop.speech import gettext as _

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@click.command()
@click.argument("username")
@click.argument("file", type=shared.WRITE)
@shared.replace_option
@shared.json_option
@click.pass_obj
@shared.told
def held(folders: Folders, username: str, file: Path, replace: bool, as_json: bool) -> None:
    """Write all that is held about a person to FILE: a page that any browser opens."""
    from webui.exchange.held import writing
    from webui.held import Words
    from webui.store.ledger.history import connection_of
    from webui.store.values import times

    target = shared.target(folders, file, replace=replace)
    with reading.session(folders) as session:  # who it is and what is held is read of one moment
        connection = connection_of(session)
        user_id = _found(session, username)
        told = {"now": times.now(), "backups": str(folders.backups)}
        writing.export(connection, target, user_id, Words(), **told)
    sentence = _("All that is held about %(name)s is in %(file)s.", name=username, file=file)
    outputs.answer(as_json, {"file": str(file), "id": user_id}, sentence)


def _found(session: "Session", username: str) -> int:
    from webui.exchange.held import writing
    from webui.store import erasing
    from webui.store.ledger.history import connection_of

    connection = connection_of(session)
    found = writing.find(connection, username)
    if not found and erasing.called(session, username):
        raise shared.Failure(
            _(
                "%(name)s was deleted for good, but history still holds them, and backups may. Nothing was "
                "written: bring them back first, by undo or from a past moment, or use “forget”.",
                name=username,
            )
        )
    if not found:
        raise shared.Failure(_("Nobody has the username %(name)s. Nothing was written.", name=username))
    if len(found) > 1:
        raise shared.Failure(
            _(
                "Several people in the trash had the username %(name)s, so nothing was written. Their files "
                "are on the page Trash.",
                name=username,
            )
        )
    return found[0]
