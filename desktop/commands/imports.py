"""`import`: what the import pages do, for a shell. Works beside an open window."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from desktop.commands import existing as rules_of
from desktop.commands import import_answer, letters, outputs, refused_rows, shared, sheets_back, taking_in
from desktop.folders import Folders
from desktop.speech import gettext as _
from webui.store import errors

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from webui.exchange.plan import Plan
    from webui.exchange.tables import Options


_COMES_BACK = _("This is an export of Roster: it comes back as it was. Nothing was read.")


@dataclass(frozen=True)
class Asked:
    """What was asked for on the command line; `options` say how the file is read, `place` is where refused
    rows go, `theirs` is for a sheet that comes back."""

    file: Path
    dry_run: bool
    options: "Options"
    dates: str | None
    allow_missing_email: bool
    place: Path | None
    theirs: bool
    existing: Sequence[tuple[str, str]]
    clears: bool
    known_by: str | None


@click.command("import")
@click.argument("file", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--dry-run",
    is_flag=True,
    help=_("Say what would happen, and change nothing in the roster; --rejects FILE is written."),
)
@click.option(
    "--dates",
    type=click.Choice(["day", "month"]),
    help=_("What comes first in a date such as 03/04/1987, where no row of its column says it."),
)
@click.option("--table", metavar="NAME", help=_("Which sheet, or table; the first with people otherwise."))
@letters.option
@click.option(
    "--allow-missing-email",
    is_flag=True,
    help=_("Let people without an e-mail come in; turns the rule off, in the same undoable step."),
)
@click.option(
    "--rejects",
    type=shared.WRITE,
    metavar="FILE",
    help=_("Write the refused rows there as a file of the same kind, to be mended and imported again."),
)
@click.option(
    "--theirs",
    is_flag=True,
    help=_("Of a sheet that was sent out and is back: take theirs where it was edited here too."),
)
@rules_of.options
@click.option("--replace", is_flag=True, help=_("Replace the file of --rejects when it is there already."))
@shared.json_option
@click.pass_obj
@click.pass_context
@shared.told
def import_(
    context: click.Context,
    folders: Folders,
    file: Path,
    dry_run: bool,
    table: str | None,
    encoding: str | None,
    dates: str | None,
    allow_missing_email: bool,
    rejects: Path | None,
    theirs: bool,
    existing: Sequence[tuple[str, str]],
    known_by: str | None,
    empty_clears: bool,
    replace: bool,
    as_json: bool,
) -> None:
    """Bring in a file of people (vCard, CSV, xlsx, xls, ods, LDIF, JSON, SQLite), or the vCards of a zip or a
    folder: the files .vcf and .vcard in it, of a folder not those in its folders.

    What Roster exported as JSON, SQLite, xlsx or vCard 4, of everyone or of some people, comes back as it
    was; “restore” also removes who is not in it.
    """
    if replace and not rejects:
        raise click.BadParameter(
            _("It is for the file of --rejects. Nothing was read."), param_hint="--replace"
        )
    place = shared.target(folders, rejects, replace=replace, reading=file) if rejects else None
    if table is None and taking_in.is_one(file):
        rules_of.refuse(existing, clears=empty_clears, known_by=known_by, why=_COMES_BACK)
        _refuse_theirs(theirs)
        _refuse_idle(encoding=encoding, dates=dates, allow_missing_email=allow_missing_email, rejects=rejects)
        taking_in.take_in(folders, file, dry_run=dry_run, as_json=as_json)
        return
    how = (theirs, existing, empty_clears, known_by)
    asked = Asked(file, dry_run, letters.options(encoding, table), dates, allow_missing_email, place, *how)
    found, question = _import(folders, asked)
    lines = sheets_back.lines(found) if "conflicts" in found else import_answer.lines(found)
    if question:
        told = lines if dry_run else import_answer.about_file(found)
        outputs.answer(False, None, *([] if as_json else told))
        raise shared.Failure(question, shared.QUESTION, found)
    outputs.answer(as_json, found, *lines)
    if found["refused"]:
        context.exit(shared.REFUSED_ROWS)


def _import(folders: Folders, asked: Asked) -> tuple[dict[str, Any], str]:
    """Take back a sheet that was sent from here, bring in any other file.

    Returns what there is to tell, and the question that has to be answered first, or "".
    """
    from webui.safety.workspace import workspace

    step = shared.stoppable()
    with shared.opened(folders) as engine, workspace(folders.database) as scratch, _its_table():
        sheet, not_compared = sheets_back.recognised(engine, asked.file, asked.options)
        if sheet:
            why = _("This is a sheet that was sent out: of that only edits come in.")
            rules_of.refuse(asked.existing, clears=asked.clears, known_by=asked.known_by, why=why)
            found, asks = sheets_back.take(folders, engine, sheet, scratch, step, **vars(asked))
            return found, _question(asks) if asks else ""
        _refuse_theirs(asked.theirs)
        found, question = _bring_in(folders, engine, scratch, asked, step)
        return (found | {"not_compared": not_compared} if not_compared else found), question


def _refuse_theirs(theirs: bool) -> None:
    if theirs:
        why = _(
            "It is for a sheet that was sent out from here and is back. This file is none; nothing was read."
        )
        raise click.BadParameter(why, param_hint="--theirs")


def _refuse_idle(**options: object) -> None:
    for name, told in options.items():
        if told:
            raise click.BadParameter(_COMES_BACK, param_hint=f"--{name.replace('_', '-')}")


def _bring_in(
    folders: Folders, engine: "Engine", scratch: Path, asked: Asked, step: Callable[..., None]
) -> tuple[dict[str, Any], str]:
    """Plan, write the refused rows aside, apply, and only then let them be a file."""
    from webui.exchange import importing, rejects, targets
    from webui.safety import automatic

    with ExitStack() as stack:
        stream = stack.enter_context(targets.temporary(asked.place)) if asked.place else None
        planned = stack.enter_context(_planned(engine, asked, scratch / "plan.sqlite", step))
        refused_rows.check_name(asked.place, planned.about("format"))
        missing, dates = importing.needs_email(engine, planned), importing.question(planned)
        asking = bool(dates) or (bool(missing) and not asked.allow_missing_email)
        if stream and asked.place and not asking:
            refused_rows.write(rejects.of_plan(planned), stream, asked.place)
        operation = None
        if not asked.dry_run and not asking:
            automatic.before(
                engine,
                shared.places(folders),
                "import",
                step,
            )
            try:
                operation = importing.apply(
                    engine, planned, step, door="command", allow_missing_email=asked.allow_missing_email
                ).operation
            except errors.Refused as error:  # someone was given the rule, or lost an e-mail, meanwhile
                if error.message.id != "import.without_email":
                    raise
                missing, asking = error.message.values["count"], True
        asks = [dates] if dates else []
        if missing and not asked.allow_missing_email:
            about = {"count": missing, "sharing": planned.sharing_email()}
            asks.append(errors.Message("import.without_email", about))
        found = import_answer.figures(planned, asked, operation) | {"without_email": missing}
        if stream and asked.place and not asking:
            refused_rows.publish(stream, asked.place, found)
        return found, " ".join(map(_question, asks)) if asking else ""


def _planned(engine: "Engine", asked: Asked, scratch: Path, step: Callable[..., None]) -> "Plan":
    from webui.exchange import importing
    from webui.exchange.reading import card_files

    source = asked.file
    try:
        if source.is_dir():
            source = scratch.with_name("folder.vcf")
            source.write_bytes(card_files.of_folder(asked.file))
        how = rules_of.rules(
            engine, source, asked.options, asked.existing, clears=asked.clears, known_by=asked.known_by
        )
        return importing.plan(
            engine,
            source,
            scratch,
            name=asked.file.name,
            options=asked.options,
            dates=asked.dates,
            how=how,
            step=step,
        )
    except OSError as error:
        raise errors.Refused(errors.Message("unreadable", {"path": str(asked.file)})) from error


@contextmanager
def _its_table() -> Iterator[None]:
    """Turn the refusal of a table that there is not into BadParameter."""
    try:
        yield
    except errors.Refused as error:
        if error.message.id not in ("import.no_such_table", "import.no_tables"):
            raise
        from webui import words

        raise click.BadParameter(words.sentence(error.message), param_hint="--table") from error


def _question(asked: errors.Message) -> str:
    from webui import words

    message = words.sentence(asked)
    if asked.id == "import.dates":
        return _("%(message)s Say --dates day or --dates month: which comes first.", message=message)
    return _("%(message)s With --allow-missing-email they come in.", message=message)
