"""The refused rows of an import as the file that `--rejects` asks for."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from desktop.commands import shared
from desktop.speech import gettext as _
from desktop.speech import ngettext
from webui.store import errors

if TYPE_CHECKING:
    from webui.exchange.rejects import RefusedRows


# What else a file of a kind may be called; any other name of a kind would say what it is not.
_ALSO = {".vcf": (".vcard",), ".csv": (".tsv",)}
_OTHERS = (".zip", ".xls", ".ods", ".tsv", ".vcard", ".html")


def check_name(place: Path | None, format_: str) -> None:
    """See that a file is called as what is written, by the format of the file that is read. Raises
    BadParameter."""
    from webui.exchange import rejects

    if place is None:
        return
    written, told = rejects.suffix_of(format_), place.suffix.casefold()
    known = {".csv", *_OTHERS, *rejects.SUFFIXES.values()}
    if told in known - {written, *_ALSO.get(written, ())}:
        why = _(
            "The refused rows of this file are written as %(written)s, not as %(told)s: let the name end so. "
            "Nothing was imported.",
            written=written,
            told=told,
        )
        raise click.BadParameter(why, param_hint="--rejects")


def write(refused: "RefusedRows", stream: BinaryIO, place: Path) -> None:
    """Write the rows aside. Raises Full, ReadOnly."""
    from webui import words
    from webui.exchange import rejects, targets

    with targets.told(place):
        rejects.write_rows(stream, refused, words.sentence)
    targets.keep(stream, place)


def publish(stream: BinaryIO, place: Path, found: dict[str, Any], left: "RefusedRows | None" = None) -> None:
    """Let the rows be a file, if there are any, and note in `found` where; those of `left` are written first.

    Raises Failure that says truly that the people are in, if they are.
    """
    from webui.exchange import targets

    found["rejects_file"] = str(place) if found["refused"] else None
    if not found["refused"]:
        return
    try:
        if left:
            write(left, stream, place)
        targets.publish(stream, place)
    except errors.StoreError as error:
        if found["operation"] is None:
            raise
        said = _("The people are in, but the refused rows could not be written to %(path)s.", path=place)
        raise shared.Failure(said, shared.REFUSED_ROWS, found) from error


def lines(found: dict[str, Any]) -> list[str]:
    """Return the line that says where the refused rows are, none where nobody asked for them."""
    if "rejects_file" not in found:
        return []
    if found["rejects_file"] is None:
        return [_("No row was refused, so no file of refused rows was written.")]
    said = ngettext(
        "%(num)s refused row was written to %(path)s.",
        "%(num)s refused rows were written to %(path)s.",
        found["refused"],
        path=found["rejects_file"],
    )
    return [said]
