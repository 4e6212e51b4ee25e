"""`backup`, `verify`, `restore`, `check`, `digest`: whole files, from a terminal or a script."""

from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from desktop.commands import outputs, passphrases, shared
from desktop.folders import Folders
from desktop.speech import gettext as _
from desktop.speech import ngettext
from webui.preferences import Preferences

if TYPE_CHECKING:
    from webui.safety.restore import Preview
    from webui.store import errors


@click.command()
@click.argument("file", type=shared.WRITE, required=False)
@click.option("--locked", is_flag=True, help=_("Lock it by a passphrase, which is asked for."))
@passphrases.option
@shared.replace_option
@shared.json_option
@click.pass_obj
@shared.told
def backup(
    folders: Folders,
    file: Path | None,
    locked: bool,
    passphrase_file: Path | None,
    replace: bool,
    as_json: bool,
) -> None:
    """Write a verified backup, to FILE or to the backups folder."""
    if locked or passphrase_file:
        _lock(folders, file, passphrase_file, replace=replace, as_json=as_json)
        return
    from webui import words
    from webui.exchange import archive
    from webui.safety import automatic
    from webui.safety.backup import back_up

    failed = None
    target = shared.target(folders, file, replace=replace) if file else None
    with shared.opened(folders) as engine:
        if target:
            made = back_up(engine, folders.backups, shared.stoppable(), target=target)
        else:
            places = automatic.places(folders.backups, Preferences(folders.preferences_file))
            done = automatic.back_up(engine, places, shared.stoppable())
            made, failed = done.path, done.failed
    told = archive.manifest(made)
    sentence = _(
        "%(path)s is verified. People: %(people)s, posts: %(posts)s.",
        path=made,
        people=told.people,
        posts=told.posts,
    )
    lines = [sentence]
    if failed:
        lines.append(_("No copy in the second place. %(why)s", why=words.sentence(failed)))
    found = {"path": str(made), "counts": told.counts, "second_place": failed.id if failed else None}
    outputs.answer(as_json, found, *lines)


def _lock(
    folders: Folders, file: Path | None, passphrase_file: Path | None, *, replace: bool, as_json: bool
) -> None:
    from webui.safety import locked

    place = shared.target(folders, file, replace=replace) if file else None
    passphrase = passphrases.passphrase(passphrase_file, twice=True)
    with shared.opened(folders) as engine:
        target = place or folders.backups / locked.name(engine)
        made = locked.back_up(engine, target, passphrase, shared.stoppable())
    sentence = _("%(path)s is locked, and was opened again by its passphrase.", path=made)
    outputs.answer(as_json, {"path": str(made)}, sentence)


@click.command()
@click.argument("file", type=shared.READ)
@shared.json_option
@shared.told
def verify(file: Path, as_json: bool) -> None:
    """Check every bit of a backup."""
    from webui.exchange import archive

    try:
        told = archive.verify(file)
    except OSError as error:
        raise shared.Failure(_("%(path)s can't be read: %(why)s", path=file, why=error.strerror)) from error
    sentence = _(
        "%(path)s is as it was written on %(at)s. People: %(people)s, posts: %(posts)s.",
        path=file,
        at=told.at,
        people=told.people,
        posts=told.posts,
    )
    outputs.answer(as_json, {"path": str(file), **asdict(told)}, sentence)


@click.command()
@click.argument("file", type=shared.READ)
@click.option("--dry-run", is_flag=True, help=_("Only say what would change."))
@shared.json_option
@click.pass_obj
@shared.told
def restore(folders: Folders, file: Path, dry_run: bool, as_json: bool) -> None:
    """Restore a backup, after a safety copy of what is there now."""
    from webui.safety import restore as restoring

    if dry_run and (tried := _tried(folders, file)):
        found, kept = tried, None
    elif dry_run:
        with shared.opened(folders) as engine:
            found, kept = restoring.preview(engine, file), None
    else:
        step = shared.stoppable()
        with shared.alone(folders):
            if _tried(folders, file):
                found, kept = restoring.replace(folders.database, file, step)
            else:
                with shared.opened(folders, is_alone=True) as engine:
                    done = restoring.restore(engine, file, folders.backups, step, door="command")
                found, kept = done.preview, done.safety_copy
    counts = {"added": found.added, "changed": found.changed, "removed": found.removed}
    told = {name: dict(zip(counts, numbers, strict=True)) for name, numbers in found.others.items()}
    copy = str(kept) if kept else None
    data = {**counts, "forgotten": found.forgotten, "others": told, "safety_copy": copy}
    outputs.answer(as_json, data, *_restored(found, kept, dry_run=dry_run))


def _restored(found: "Preview", kept: Path | None, *, dry_run: bool) -> list[str]:
    from webui.sentences import TABLES

    counts = {"added": found.added, "changed": found.changed, "removed": found.removed}
    lines = [
        _("Would restore. People: %(added)s added, %(changed)s changed, %(removed)s removed.", **counts)
        if dry_run
        else _("Restored. People: %(added)s added, %(changed)s changed, %(removed)s removed.", **counts)
    ]
    for table, (added, changed, removed) in found.others.items():
        said = {"added": added, "changed": changed, "removed": removed, "what": str(TABLES[table])}
        lines.append(_("%(what)s: %(added)s added, %(changed)s changed, %(removed)s removed.", **said))
    if found.forgotten:
        lines.append(
            ngettext(
                "%(num)s person who had been forgotten completely is in this backup.",
                "%(num)s people who had been forgotten completely are in this backup.",
                found.forgotten,
            )
        )
    if kept:
        lines.append(_("What was here before is in %(path)s.", path=kept))
    return lines


def _tried(folders: Folders, file: Path) -> "Preview | None":
    """Return what a restore would do to a damaged database, on an empty one; None where it is sound."""
    from webui.safety import opening, restore
    from webui.safety.workspace import workspace
    from webui.store.ledger import sqlite

    folders.prepare()
    if not opening.is_damaged(folders.database):
        return None
    with workspace(folders.database) as work:
        opening.create(work / "empty.db")
        engine = sqlite.engine(work / "empty.db")
        try:
            return restore.preview(engine, file)
        finally:
            engine.dispose()


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
    if salvage:
        _salvage(folders, salvage, as_json)
        return
    from webui import words
    from webui.safety import health

    mended = None
    with shared.opened(folders):
        wrong = _checked(folders)
        if repair and wrong and health.mendable(wrong):
            mended = health.mend(folders.database)
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


@click.command()
@click.option("--records", is_flag=True, help=_("By uid, without ids, sources, created and updated times."))
@shared.json_option
@click.pass_obj
@shared.told
def digest(folders: Folders, records: bool, as_json: bool) -> None:
    """Print the SHA-256 of what is recorded; equal means the same."""
    from webui.store.ledger import dump, sqlite

    with shared.opened(folders), closing(sqlite.connect(folders.database)) as connection:
        found = dump.records_digest(connection) if records else dump.digest(connection)
    outputs.answer(as_json, {"digest": found}, found)
