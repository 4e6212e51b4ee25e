"""`import --existing`: what happens to who is here already, for a whole file or for some of its columns; and
`--known-by`: who that is.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from desktop.commands.shared import Command
from desktop.speech import gettext as _

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

    from webui.exchange.columns import Column
    from webui.exchange.rules import Rules
    from webui.exchange.tables import Options, Table

WAYS = ("file", "fill", "mine")  # as in webui.exchange.rules, which takes time to load
_HINT, _CLEARS, _KEY = "--existing", "--empty-clears", "--known-by"


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


_OPTIONS = (
    click.option(
        "--existing",
        multiple=True,
        metavar="[COLUMN=]WAY",
        callback=parted,
        help=_(
            "What happens to who is here already: file (it replaces, as without this), fill (what is "
            "missing) or mine (nothing). For the whole file, or for a column, or property of cards; can be "
            "said again."
        ),
    ),
    click.option(
        "--known-by",
        metavar="COLUMN",
        help=_(
            "The column by which people are known first: a phone, or a field of your own that tells them "
            "apart. Else it is that of last time, or the one in which no two are alike where nothing else in "
            "the file says who someone is."
        ),
    ),
    click.option("--empty-clears", is_flag=True, help=_("An empty cell clears what is here.")),
)


def options(command: Command) -> Command:
    """Give a command the options of this module."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def rules(
    engine: "Engine",
    file: Path,
    options: "Options",
    told: Sequence[tuple[str, str]],
    *,
    clears: bool,
    known_by: str | None,
) -> "Rules":
    """Return what was told of a file as an import takes it; without a column `known_by`, people are known by
    what `remembered` says. Raises BadParameter for a column there is not, or that tells nobody apart, and
    for `clears` where nothing can be cleared."""
    from sqlalchemy.orm import Session

    from webui.exchange import looking
    from webui.exchange.reading import kinds
    from webui.exchange.rules import FILE, Rules

    usual = next((way for column, way in reversed(told) if not column), FILE)
    columns: dict[str, str] = {}
    key = None
    if known_by is not None or any(column for column, _way in told):
        with Session(engine) as session:
            sheet, found = looking.look(session, file, options)
            key = _key(session, sheet, found, known_by) if known_by is not None else None
        for column, way in [each for each in told if each[0]]:
            columns |= {str(each.index): way for each in _called(sheet, found, column, _HINT)}
    if clears and FILE not in (usual, *columns.values()):
        said = _("Where what is here stays, no empty cell clears it. Nothing was read.")
        raise click.BadParameter(said, param_hint=_CLEARS)
    if clears and kinds.is_cards(file):
        raise click.BadParameter(_("A card has no empty cells. Nothing was read."), param_hint=_CLEARS)
    return Rules(usual, columns, clears, key, as_before=key is None)


def _called(sheet: "Table", found: Sequence["Column"], name: str, hint: str) -> list["Column"]:
    """Return the columns of that name. Raises BadParameter for none."""
    from webui.exchange import headers

    there = sheet.chosen_of(found)
    parts = [(each, [each.name, *(each.name.split(", ") if sheet.fixed else ())]) for each in there]
    at = [each for each, names in parts if headers.key(name) in map(headers.key, names)]
    if not at:
        names = ", ".join(dict.fromkeys(each.name for each in there))
        said = _("There is no %(column)s in this file. It has %(names)s.", column=name, names=names)
        raise click.BadParameter(said, param_hint=hint)
    return at


def _key(session: "Session", sheet: "Table", found: Sequence["Column"], name: str) -> str:
    """Return the target by which people are known. Raises BadParameter where it does not tell them apart."""
    from webui.exchange import known_by

    goes = [each.target for each in _called(sheet, found, name, _KEY)]
    apart = {"phone", *known_by.offered(session, sheet, found)}
    if key := next((target for target in goes if target in apart), None):
        return key
    said = _(
        "People can't be known by %(column)s: it goes to no phone, and to no field of your own that tells "
        "them apart. Nothing was read.",
        column=name,
    )
    raise click.BadParameter(said, param_hint=_KEY)


def refuse(told: Sequence[tuple[str, str]], *, clears: bool, known_by: str | None, why: str) -> None:
    """Raise BadParameter where any was told of a file that it says nothing to."""
    for hint, is_told in ((_HINT, bool(told)), (_CLEARS, clears), (_KEY, known_by is not None)):
        if is_told:
            raise click.BadParameter(why, param_hint=hint)
