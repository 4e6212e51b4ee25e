"""The refused rows of an import as the file that `--rejects` asks for."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from desktop.commands import shared
from desktop.speech import gettext as _
from webui.store import errors

if TYPE_CHECKING:
    from webui.exchange.rejects import RefusedRows


def write(refused: "RefusedRows", stream: BinaryIO, place: Path) -> None:
    """Write the rows aside. Raises Full, ReadOnly."""
    from webui import words
    from webui.exchange import rejects, targets

    with targets.told(place):
        rejects.write_rows(stream, refused, words.sentence)
    targets.keep(stream, place)


def publish(stream: BinaryIO, place: Path, found: dict[str, Any], left: "RefusedRows | None" = None) -> None:
    """Let the rows be a file; those of `left` are written before.

    Raises Failure that says truly that the people are in, if they are.
    """
    from webui.exchange import targets

    try:
        if left:
            write(left, stream, place)
        targets.publish(stream, place)
    except errors.StoreError as error:
        if found["operation"] is None:
            raise
        said = _("The people are in, but the refused rows could not be written to %(path)s.", path=place)
        raise shared.Failure(said, shared.REFUSED_ROWS, found) from error
