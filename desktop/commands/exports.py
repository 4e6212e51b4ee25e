"""`export`: people to a file, for a shell. Works beside an open window."""

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from desktop.commands import outputs, reading, shared
from desktop.folders import Folders
from desktop.speech import gettext as _
from desktop.speech import ngettext

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from webui.exchange.out.wanted import Wanted

_FOR = {"raw": (".csv", ".tsv"), "semicolon": (".csv",), "vcard": (".vcf", ".zip")}  # what else ignores these


@click.command()
@click.argument("file", type=click.Path(path_type=Path), callback=shared.known_suffix)
@shared.query_option
@shared.as_of_option
@click.option(
    "--columns", metavar="NAMES", help=_("Only these, divided by commas; own fields by their names.")
)
@click.option("--raw", is_flag=True, help=_("CSV as it is, for programs: no guard against formulas."))
@click.option("--semicolon", is_flag=True, help=_("CSV with semicolons."))
@click.option("--mail-merge", is_flag=True, help=_("Tables with one value in each cell, for letters."))
@click.option(
    "--to-edit", is_flag=True, help=_("A table that someone is to edit: import shows what they edited.")
)
@click.option("--vcard", type=click.Choice(["3", "4"]), help=_("The version of vCards; 4 without."))
@shared.replace_option
@shared.json_option
@click.pass_obj
@shared.told
def export(
    folders: Folders, file: Path, query: str, as_of: str, replace: bool, as_json: bool, **how: Any
) -> None:
    """Write people to FILE, by its suffix: CSV, TSV, xlsx, vCard (.vcf; .zip for one file each), LDIF, JSON,
    SQLite (.sqlite, .db) or HTML."""
    from webui import words
    from webui.exchange import formats
    from webui.store.errors import Refused
    from webui.store.ledger.operations import raw

    _refuse_idle(file, how)
    target = shared.target(folders, file, replace=replace)
    with reading.session(folders, as_of) as session:  # who matches and what they are is read of one moment
        try:
            wanted = _wanted(session, file, query, **how)
        except Refused as error:
            raise shared.Failure(words.sentence(error.message), shared.USAGE) from error
        count = formats.export(raw(session.connection()), target, wanted)
    sentence = ngettext("%(num)s person in %(file)s.", "%(num)s people in %(file)s.", count, file=file)
    outputs.answer(as_json, {"file": str(file), "people": count}, sentence)


def _refuse_idle(file: Path, how: dict[str, Any]) -> None:
    """Refuse an option that does nothing to files of that kind."""
    for option, suffixes in _FOR.items():
        if how[option] and file.suffix.casefold() not in suffixes:
            only = _("It is for %(suffixes)s. Nothing was written.", suffixes=", ".join(suffixes))
            raise click.BadParameter(only, param_hint=f"--{option}")


def _wanted(
    session: "Session",
    file: Path,
    query: str,
    columns: str | None,
    raw: bool,
    semicolon: bool,
    mail_merge: bool,
    to_edit: bool,
    vcard: str | None,
) -> "Wanted":
    from webui.exchange import formats
    from webui.exchange.out import choice
    from webui.exchange.out.wanted import Wanted
    from webui.held import Words
    from webui.store import search
    from webui.store.ledger.history import connection_of

    format_ = formats.by_suffix(file)
    wanted = Wanted(
        ids=search.everyone(session, query) if query else None,
        safe=not raw,
        delimiter=";" if semicolon else ",",
        merge=mail_merge,
        comes_back=to_edit,
        version="3.0" if vcard == "3" else "4.0",
        words=Words(),
    )
    if columns is not None:
        names = next(csv.reader([columns], skipinitialspace=True), [])
        wanted = choice.by_names(format_, wanted, filter(None, names), connection_of(session))
    choice.check(format_, wanted)
    return wanted
