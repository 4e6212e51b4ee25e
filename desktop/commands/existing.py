"""`import --existing`: what happens to who is here already, for a whole file or for some of its columns."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from desktop.speech import gettext as _

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from webui.exchange.rules import Rules
    from webui.exchange.tables import Options

WAYS = ("file", "fill", "mine")  # as in webui.exchange.rules, which takes time to load
_HINT, _CLEARS = "--existing", "--empty-clears"


def parted(
    _context: click.Context, _option: click.Parameter, told: Sequence[str]
) -> Sequence[tuple[str, str]]:
    """Return (column, way) of each value, the column "" for all of the file. Raises BadParameter."""
    found = []
    for each in told:
        column, mark, way = each.rpartition("=")
        if way not in WAYS or (mark and not column.strip()):
            ways = ", ".join(WAYS)
            raise click.BadParameter(_("“%(told)s” is none of %(ways)s.", told=each, ways=ways))
        found.append((column, way))
    return found


def rules(
    engine: "Engine", file: Path, options: "Options", told: Sequence[tuple[str, str]], *, clears: bool
) -> "Rules":
    """Return what was told of a file as an import takes it; people are known by what they were last time.
    Raises BadParameter for a column there is not, and for `clears` where nothing can be cleared."""
    from sqlalchemy.orm import Session

    from webui.exchange import headers, looking
    from webui.exchange.reading import kinds
    from webui.exchange.rules import FILE, Rules

    usual = next((way for column, way in reversed(told) if not column), FILE)
    columns: dict[str, str] = {}
    if any(column for column, _way in told):
        with Session(engine) as session:
            sheet, found = looking.look(session, file, options)
        there = sheet.chosen_of(found)
        parts = {each.index: [each.name, *(each.name.split(", ") if sheet.fixed else ())] for each in there}
        keys = {index: {headers.key(name) for name in names} for index, names in parts.items()}
        for column, way in told:
            at = [index for index, names in keys.items() if headers.key(column) in names] if column else []
            if column and not at:
                names = ", ".join(dict.fromkeys(each.name for each in there))
                said = _("There is no %(column)s in this file. It has %(names)s.", column=column, names=names)
                raise click.BadParameter(said, param_hint=_HINT)
            columns |= {str(index): way for index in at}
    if clears and FILE not in (usual, *columns.values()):
        said = _("Where what is here stays, no empty cell clears it. Nothing was read.")
        raise click.BadParameter(said, param_hint=_CLEARS)
    if clears and kinds.is_cards(file):
        raise click.BadParameter(_("A card has no empty cells. Nothing was read."), param_hint=_CLEARS)
    return Rules(usual, columns, clears, as_before=True)


def refuse(told: Sequence[tuple[str, str]], *, clears: bool, why: str) -> None:
    """Raise BadParameter where any was told of a file that it says nothing to."""
    if told or clears:
        raise click.BadParameter(why, param_hint=_HINT if told else _CLEARS)
