"""`import` and `export`: what the pages do, for a shell. Both work beside an open window."""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from desktop.commands import shared
from desktop.folders import Folders
from desktop.speech import gettext as _
from webui.store import errors

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from webui.exchange.plan import Plan


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help=_("Say what would happen, and change nothing."))
@click.option(
    "--dates",
    type=click.Choice(["day", "month"]),
    help=_("What comes first in a date such as 03/04/1987; kept with the rows."),
)
@click.option(
    "--allow-missing-email",
    is_flag=True,
    help=_("Let people without an e-mail come in; turns the rule off, in the same undoable step."),
)
@click.option(
    "--rejects",
    "rejects_file",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help=_("Write the refused rows there, to be mended and imported again."),
)
@shared.json_option
@click.pass_obj
@click.pass_context
@shared.told
def import_(
    context: click.Context,
    folders: Folders,
    file: Path,
    dry_run: bool,
    dates: str | None,
    allow_missing_email: bool,
    rejects_file: Path | None,
    as_json: bool,
) -> None:
    """Bring in the people of a CSV file."""
    from webui import words
    from webui.exchange import importing

    _spare(file, rejects_file)
    with shared.opened(folders) as engine, tempfile.TemporaryDirectory(dir=folders.scratch) as scratch:
        try:
            planned = importing.plan(engine, file, Path(scratch) / "plan.sqlite", dates=dates)
        except OSError as error:
            raise errors.Refused(errors.Message("unreadable", {"path": str(file)})) from error
        with planned:
            count = importing.needs_email(engine, planned)
            if count and not allow_missing_email and not dry_run:
                message = words.sentence(errors.Message("import.without_email", {"count": count}))
                raise shared.Failure(
                    _("%(message)s With --allow-missing-email they come in.", message=message),
                    shared.QUESTION,
                )
            done = _done(engine, planned, dry_run, allow_missing_email)
            if rejects_file:
                _write_rejects(planned, rejects_file)
            refused = [
                {"line": row.line, "reason": words.sentence(row.reason)}
                for row in planned.page("refused", limit=1_000)
                if row.reason
            ]
    shared.answer(
        as_json, {**done, "without_email": count, "rejected": refused}, *_lines(done, refused, dry_run)
    )
    if done["refused"]:
        context.exit(shared.REFUSED_ROWS)


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--query", help=_("Only those who match, as in the search box."))
@shared.json_option
@click.pass_obj
@shared.told
def export(folders: Folders, file: Path, query: str | None, as_json: bool) -> None:
    """Write people to FILE: CSV, JSON or vCard, by its suffix."""
    from sqlalchemy.orm import Session

    from webui.exchange import formats
    from webui.store import search
    from webui.store.ledger import sqlite

    formats.by_suffix(file)
    with shared.opened(folders) as engine:
        ids = None
        if query:
            with Session(engine) as session:
                ids = search.everyone(session, query)
        connection = sqlite.connect(folders.database)
        try:
            count = formats.export(connection, file.absolute(), ids)
        finally:
            connection.close()
    shared.answer(
        as_json,
        {"file": str(file), "people": count},
        _("%(count)s people in %(file)s.", count=count, file=file),
    )


def _done(engine: "Engine", planned: "Plan", dry_run: bool, allow_missing_email: bool) -> dict[str, Any]:
    from webui.exchange import importing

    counts, will = planned.counts(), planned.will()
    operation = None
    if not dry_run:
        result = importing.apply(engine, planned, door="command", allow_missing_email=allow_missing_email)
        operation = result.operation
        counts, will = planned.counts(), planned.will()  # matched again if something changed meanwhile
    return {
        "file": planned.about("name"), "encoding": planned.about("encoding"),
        "delimiter": planned.about("delimiter"), "program": planned.about("program"),
        "columns": planned.about("width"), "added": will["add"], "changed": will["change"],
        "same": counts["same"], "questions": counts["question"], "refused": counts["refused"],
        "kept": planned.about("kept"), "dry_run": dry_run, "operation": operation,
    }  # fmt: skip


def _spare(file: Path, rejects_file: Path | None) -> None:
    if rejects_file and rejects_file.resolve() == file.resolve():
        raise shared.Failure(_("--rejects names the file itself. Nothing was changed; choose another name."))


def _write_rejects(planned: "Plan", target: Path) -> None:
    from webui import words
    from webui.exchange import rejects

    try:
        with target.open("wb") as stream:
            rejects.write(stream, planned, words.sentence)
    except OSError as error:
        raise errors.ReadOnly(errors.Message("export.not_written", {"path": str(target)})) from error


def _lines(done: dict[str, Any], refused: list[dict[str, Any]], dry_run: bool) -> list[str]:
    said = _("%(added)s added, %(changed)s changed, %(same)s as they were, %(refused)s refused.", **done)
    lines = [_("Nothing was changed. It would be: %(said)s", said=said) if dry_run else said]
    if done["questions"]:
        lines.append(
            _(
                "%(questions)s rows have an e-mail of someone with another first name; "
                "each came in as a person of its own.",
                **done,
            )
        )
    if done["kept"]:
        lines.append(_("Kept with each person as it is: %(names)s.", names=", ".join(done["kept"])))
    lines += [_("Line %(line)s: %(reason)s.", **row) for row in refused[:20]]
    if len(refused) > 20:
        lines.append(_("And more; --rejects FILE writes them all."))
    return lines
