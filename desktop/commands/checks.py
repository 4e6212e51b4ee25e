"""`check` and `digest`: is a database sound, what can be read of one that is not, what does it hold."""

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from desktop.commands import outputs, reading, shared
from desktop.folders import Folders
from desktop.speech import gettext as _

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from webui.store import errors


@click.command()
@click.option("--repair", is_flag=True, help=_("Make search and history anew; one undoable change."))
@click.option("--salvage", type=shared.WRITE, help=_("Read what can be read of a damaged one into FILE."))
@shared.json_option
@click.pass_obj
@click.pass_context
@shared.told
def check(
    context: click.Context, folders: Folders, repair: bool, salvage: Path | None, as_json: bool
) -> None:
    """Check the database: its pages, references, history and search."""
    if salvage and repair:
        raise click.UsageError(_("Either --repair or --salvage: nothing was done."))
    if salvage:
        _salvage(folders, salvage, as_json)
        return
    from webui import words
    from webui.safety import deep, health

    mended = None
    if repair:
        folders.prepare()
    with reading.opened(folders) as (engine, writes):
        wrong = _checked(folders) if writes else _only_read(engine)
        if repair and wrong and health.mendable(wrong):
            mended = health.mend(folders.database)
            deep.begin_anew(folders.data)
            wrong = _checked(folders)
    found = [words.sentence(message) for message in wrong]
    lines = found or [_("The database is sound.")]
    if mended and mended.removed:
        rows = ", ".join(f"{table} {count}" for table, count in mended.removed.items())
        lines.append(
            _("Rows that belonged to nobody were taken out; the history has them: %(rows)s.", rows=rows)
        )
    if mended:
        lines.append(_("The file as it was before is kept as %(path)s.", path=mended.kept))
    kept = str(mended.kept) if mended else None
    removed = mended.removed if mended else {}
    outputs.answer(as_json, {"sound": not found, "found": found, "removed": removed, "kept": kept}, *lines)
    context.exit(shared.FAILED if found else shared.DONE)


def _salvage(folders: Folders, file: Path, as_json: bool) -> None:
    """Read what can be read of the database, sound or not, into a new one, with a list of what is missing."""
    from webui.safety import salvage

    target = shared.target(folders, file, replace=False)
    with shared.alone(folders):
        told = salvage.salvage(folders.database, target, shared.stoppable())
    report = salvage.keep(told, folders.database.name, target)
    counts = {"people": told.people, "posts": told.posts}
    data = {**counts, "whole": told.whole, "path": str(target), "report": str(report)}
    lines = [
        _("Read into %(path)s. People: %(people)s, posts: %(posts)s.", path=target, **counts),
        _("What is missing is in %(report)s.", report=report),
    ]
    outputs.answer(as_json, data, *lines)


def _checked(folders: Folders) -> "list[errors.Message]":
    """Return what is wrong with the database, without keeping any other program waiting."""
    from webui.safety import files, health
    from webui.safety.workspace import workspace
    from webui.store.ledger import sqlite

    with workspace(folders.database) as work, sqlite.told():
        copy = work / "copy.sqlite"
        files.make_private(copy)
        with closing(sqlite.connect(folders.database)) as live:
            live.execute("VACUUM INTO ?", (str(copy),))
            with closing(sqlite.connect(copy)) as search:
                return health.check(live, deep=True, copy=search)


def _only_read(engine: "Engine") -> "list[errors.Message]":
    """Return the same where nothing can be written beside the database: the copy, which has no name, lies
    where the system keeps what is temporary."""
    from webui.safety import health
    from webui.store.ledger import sqlite
    from webui.store.ledger.operations import raw

    with engine.connect() as connection, sqlite.told(), closing(sqlite.scratch("")) as copy:
        raw(connection).backup(copy)
        return health.check(raw(connection), deep=True, copy=copy)


@click.command()
@click.option("--records", is_flag=True, help=_("By uid, without ids, sources, created and updated times."))
@shared.json_option
@click.pass_obj
@shared.told
def digest(folders: Folders, records: bool, as_json: bool) -> None:
    """Print the SHA-256 of what is recorded; equal means the same."""
    from webui.store.ledger import dump
    from webui.store.ledger.operations import raw

    with reading.opened(folders) as (engine, _writes), engine.connect() as connection:
        of = dump.records_digest if records else dump.digest
        found = of(raw(connection))
    outputs.answer(as_json, {"digest": found}, found)
