"""`export`: people to a file, for a shell. Works beside an open window."""

from pathlib import Path

import click

from desktop.commands import outputs, shared
from desktop.folders import Folders
from desktop.speech import ngettext


@click.command()
@click.argument("file", type=click.Path(path_type=Path), callback=shared.known_suffix)
@shared.query_option
@shared.as_of_option
@shared.replace_option
@shared.json_option
@click.pass_obj
@shared.told
def export(folders: Folders, file: Path, query: str, as_of: str, replace: bool, as_json: bool) -> None:
    """Write people to FILE: CSV, JSON or vCard, by its suffix."""
    from webui.exchange import formats
    from webui.store import search
    from webui.store.ledger.operations import raw

    target = shared.target(folders, file, replace=replace)
    with shared.session(folders, as_of) as session:  # who matches and what they are is read of one moment
        ids = search.everyone(session, query) if query else None
        count = formats.export(raw(session.connection()), target, ids)
    sentence = ngettext("%(num)s person in %(file)s.", "%(num)s people in %(file)s.", count, file=file)
    outputs.answer(as_json, {"file": str(file), "people": count}, sentence)
