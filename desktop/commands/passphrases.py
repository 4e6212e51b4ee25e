"""A passphrase for a command: typed where nobody sees it, or read from a file for scripts. Never an argument,
which other programs can read."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from desktop.commands import shared
from desktop.speech import gettext as _

option = click.option(
    "--passphrase-file",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path),
    metavar="FILE",
    help=_("Take the passphrase from the first line of a file (- for the input) instead of asking."),
)


def passphrase(file: Path | None, *, twice: bool = False) -> str:
    """Return what was typed, or stands in the file. Raises Failure where there is nothing."""
    if file:
        text = sys.stdin.readline() if str(file) == "-" else _first_line(file)
        found = text.rstrip("\r\n")
    elif sys.stdin.isatty():
        found = click.prompt(_("Passphrase"), hide_input=True, confirmation_prompt=twice, err=True)
    else:
        raise shared.Failure(
            _("A passphrase is needed: type it, or name a file by --passphrase-file."), shared.QUESTION
        )
    if not found.strip():
        raise shared.Failure(_("A passphrase is needed, or anyone could open it."), shared.USAGE)
    return str(found)


@contextmanager
def opened(
    file: Path, passphrase_file: Path | None, database: Path, prepare: Callable[[], object] = lambda: None
) -> Iterator[Path]:
    """Give a backup itself, or what a locked one opens to: in a private folder, gone afterwards, beside the
    database; `prepare` makes sure of that one's folder.

    Raises what `locked.unlocked` raises, Failure where there is no passphrase, and BadParameter
    where there is one for a backup that is not locked.
    """
    from webui.exchange import sealed
    from webui.safety import locked
    from webui.safety.workspace import workspace

    try:
        is_locked = sealed.is_sealed(file)
    except OSError as error:
        raise shared.Failure(_("%(path)s can't be read: %(why)s", path=file, why=error.strerror)) from error
    if not is_locked:
        if passphrase_file:
            said = _("%(path)s is not locked, so no passphrase opens it. Nothing was read.", path=file)
            raise click.BadParameter(said, param_hint="--passphrase-file")
        yield file
        return
    found = passphrase(passphrase_file)
    prepare()
    with workspace(database) as work:
        yield locked.unlocked(file, found, work)


def _first_line(file: Path) -> str:
    try:
        with file.open(encoding="utf-8") as stream:
            return stream.readline()
    except (OSError, ValueError) as error:
        raise shared.Failure(_("%(path)s can't be read as text.", path=file), shared.USAGE) from error
