"""`import --encoding`: in which letters a text is read, where those that were found are not right."""

from typing import TYPE_CHECKING

import click

from desktop.speech import gettext as _

if TYPE_CHECKING:
    from webui.exchange.tables import Options, Table

_HINT = "--encoding"


def codec(_context: click.Context, _option: click.Parameter, told: str | None) -> str | None:
    """Return the codec that was told, None where none was. Raises BadParameter."""
    if told is None:
        return None
    from webui.exchange import encodings

    if found := encodings.called(told):
        return found
    names = ", ".join(encodings.choices("utf-8").values())
    raise click.BadParameter(_("“%(told)s” is none of %(names)s.", told=told, names=names))


option = click.option(
    _HINT,
    metavar="NAME",
    callback=codec,
    help=_("The letters of a CSV or LDIF file, as in windows-1252, where they are not found right."),
)


def options(encoding: str | None, table: str | None) -> "Options":
    """Return how a file is to be read."""
    from webui.exchange.tables import Options

    return Options(encoding, table=table)


def check(told: str | None, sheet: "Table | None") -> None:
    """Raise BadParameter where letters are told of what is no such file; None is for cards."""
    if told and (sheet is None or sheet.format not in ("csv", "ldif")):
        raise click.BadParameter(_("It is for CSV, TSV and LDIF files. Nothing was read."), param_hint=_HINT)
