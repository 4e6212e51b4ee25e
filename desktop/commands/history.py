"""`undo`, `redo`, `history`: what the strip and the history page do."""

from typing import Any

import click

from desktop.commands import shared
from desktop.folders import Folders
from desktop.speech import gettext as _
from webui import words
from webui.store.ledger import history as ledger


@click.command()
@shared.json_option
@click.pass_obj
@shared.told
def undo(folders: Folders, as_json: bool) -> None:
    """Take back the last change."""
    with shared.opened(folders) as engine:
        done = ledger.undo(engine, "command")
    shared.answer(as_json, _shown(done), _("Undone: %(what)s.", what=words.sentence(done.as_message())))


@click.command()
@shared.json_option
@click.pass_obj
@shared.told
def redo(folders: Folders, as_json: bool) -> None:
    """Do the last undone change again."""
    with shared.opened(folders) as engine:
        done = ledger.redo(engine, "command")
    shared.answer(as_json, _shown(done), _("Done again: %(what)s.", what=words.sentence(done.as_message())))


@click.command()
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 100_000))
@shared.json_option
@click.pass_obj
@shared.told
def history(folders: Folders, limit: int, as_json: bool) -> None:
    """List what was done, newest first."""
    with shared.session(folders) as session:
        done = ledger.page(session, limit=limit)
    lines = [
        f"{each.at}\t{words.sentence(each.as_message())}{_(' (undone)') if each.undone else ''}"
        for each in done
    ]
    shared.answer(as_json, [_shown(each) for each in done], *lines)


def _shown(done: ledger.Done) -> dict[str, Any]:
    return {
        "id": done.id,
        "at": done.at,
        "kind": done.message,
        "sentence": words.sentence(done.as_message()),
        "counts": done.counts,
        "door": done.door,
        "undone": done.undone,
    }
