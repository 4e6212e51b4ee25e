"""`held`: all that is held about one person to a file, for a shell. Works beside an open window."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from desktop.commands import outputs, shared
from desktop.folders import Folders
from desktop.speech import gettext as _

if TYPE_CHECKING:
    import sqlite3


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
    with shared.session(folders) as session:  # who it is and what is held is read of one moment
        connection = connection_of(session)
        user_id = _found(connection, username)
        told = {"now": times.now(), "backups": str(folders.backups)}
        writing.export(connection, target, user_id, Words(), **told)
    sentence = _("All that is held about %(name)s is in %(file)s.", name=username, file=file)
    outputs.answer(as_json, {"file": str(file), "id": user_id}, sentence)


def _found(connection: "sqlite3.Connection", username: str) -> int:
    from webui.exchange.held import writing

    found = writing.find(connection, username)
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
