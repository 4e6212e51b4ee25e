"""`undo`, `redo`, `history`: what the strip and the history page do."""

import datetime
from typing import TYPE_CHECKING, Any, Literal

import click

from desktop.commands import outputs, reading, shared
from desktop.folders import Folders
from desktop.speech import gettext as _
from webui.store import errors

if TYPE_CHECKING:
    from webui.store.ledger.history import Done


@click.command()
@click.option(
    "--only", type=click.IntRange(1, 2**62), help="The number of one older change, taken back alone."
)
@shared.json_option
@click.pass_obj
@shared.told
def undo(folders: Folders, only: int | None, as_json: bool) -> None:
    """Take back the last change, or one older change alone."""
    done = _step(folders, "undo", only)
    outputs.answer(as_json, _shown(done), _("Undone: %(what)s.", what=_said(done)))


@click.command()
@shared.json_option
@click.pass_obj
@shared.told
def redo(folders: Folders, as_json: bool) -> None:
    """Do the last undone change again."""
    done = _step(folders, "redo")
    outputs.answer(as_json, _shown(done), _("Done again: %(what)s.", what=_said(done)))


@click.command()
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 100_000))
@shared.json_option
@click.pass_obj
@shared.told
def history(folders: Folders, limit: int, as_json: bool) -> None:
    """List what was done, newest first: number, time and what it was."""
    from webui.store.ledger import history as ledger

    with reading.session(folders) as session:
        done = ledger.page(session, limit=limit)
    lines = [
        f"{each.id}\t{_here(each.at)}\t{_said(each)}{_(' (undone)') if each.undone else ''}" for each in done
    ]
    outputs.answer(as_json, [_shown(each) for each in done], *lines)


def _step(folders: Folders, which: Literal["undo", "redo"], only: int | None = None) -> "Done":
    from webui.store.ledger import alone
    from webui.store.ledger import history as ledger

    shared.stoppable()  # not at all: it is done in one go
    with shared.opened(folders) as engine:
        if only:
            try:
                return alone.undo(engine, only, "command")
            except errors.Refused as error:
                raise _in_the_way(error) from error
        return (ledger.undo if which == "undo" else ledger.redo)(engine, "command")


def _in_the_way(error: errors.Refused) -> Exception:
    """Return the refusal with the numbers of what stands in the way, where it names that."""
    from webui import words

    told = error.message.values
    if "others" not in told:
        return error
    numbers = [each["id"] for each in (told, *told["others"])]
    return shared.Failure(words.numbered(error.message), data={"in_the_way": numbers})


def _here(moment: str) -> str:
    """Return a moment as the clock here shows it; what another program wrote that is none stays as it is."""
    try:
        return datetime.datetime.fromisoformat(moment).astimezone().strftime("%Y-%m-%d %H:%M")
    except ValueError:
        return moment


def _sentence(done: "Done") -> str:
    from webui import words

    return words.sentence(done.as_message())


def _said(done: "Done") -> str:
    """Return what was done, and in words through which door, as the page History has it."""
    by = _by(done)
    return f"{_sentence(done)} ({by})" if by and done.message != "outside" else _sentence(done)


def _by(done: "Done") -> str:
    from webui.labels import DOORS

    return str(DOORS.get(done.door, ""))


def _shown(done: "Done") -> dict[str, Any]:
    return {
        "id": done.id,
        "at": done.at,
        "kind": done.message,
        "sentence": _sentence(done),
        "counts": done.counts,
        "door": done.door,
        "by": _by(done),
        "undone": done.undone,
    }
