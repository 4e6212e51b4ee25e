"""`backup`, `verify`, `restore`: whole files, from a terminal or a script."""

from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from desktop.commands import outputs, passphrases, reading, shared
from desktop.folders import Folders
from desktop.speech import gettext as _
from desktop.speech import ngettext

if TYPE_CHECKING:
    from webui.safety.restore import Preview
    from webui.store.errors import Message


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
    if replace and not file:
        raise click.BadParameter(_("It is for a FILE. Nothing was written."), param_hint="--replace")
    if locked or passphrase_file:
        _lock(folders, file, passphrase_file, replace=replace, as_json=as_json)
        return
    from webui.exchange import archive
    from webui.safety import automatic
    from webui.safety.backup import back_up

    failed = None
    target = shared.target(folders, file, replace=replace) if file else None
    with reading.opened(folders) as (engine, writes):
        step = shared.stoppable()
        if target or not writes:
            made = back_up(engine, folders.backups, step, target=target, only_read=not writes)
        else:
            done = automatic.back_up(engine, shared.places(folders), step)
            made, failed = done.path, done.failed
    told = archive.manifest(made)
    sentence = _(
        "%(path)s is verified. People: %(people)s, posts: %(posts)s.",
        path=made,
        people=told.people,
        posts=told.posts,
    )
    found = {"path": str(made), "counts": told.counts, "second_place": failed.id if failed else None}
    outputs.answer(as_json, found, sentence, *_not_copied(failed))


def _lock(
    folders: Folders, file: Path | None, passphrase_file: Path | None, *, replace: bool, as_json: bool
) -> None:
    from webui.safety import locked

    place = shared.target(folders, file, replace=replace) if file else None
    passphrase = passphrases.passphrase(passphrase_file, twice=True)
    if locked.strength(passphrase)[0] < locked.WEAKEST:
        raise shared.Failure(
            _("This passphrase is guessed too soon; take more words, or rarer ones."), shared.USAGE
        )
    with reading.opened(folders) as (engine, writes):
        target = place or folders.backups / locked.name(engine)
        locked.check_name(engine, target)
        made = locked.back_up(engine, target, passphrase, shared.stoppable(), only_read=not writes)
        failed = locked.follow(engine, shared.places(folders), made)
    lines = [
        _("%(path)s is locked, and was opened again by its passphrase.", path=made),
        *_not_copied(failed),
    ]
    outputs.answer(as_json, {"path": str(made), "second_place": failed.id if failed else None}, *lines)


def _not_copied(failed: "Message | None") -> list[str]:
    from webui import words

    return [_("No copy in the second place. %(why)s", why=words.sentence(failed))] if failed else []


@click.command()
@click.argument("file", type=shared.READ)
@passphrases.option
@shared.json_option
@click.pass_obj
@shared.told
def verify(folders: Folders, file: Path, passphrase_file: Path | None, as_json: bool) -> None:
    """Check every bit of a backup; a locked one asks for its passphrase."""
    from webui.exchange import archive

    try:
        with passphrases.opened(file, passphrase_file, folders.database, folders.prepare) as plain:
            told = archive.verify(plain)
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
@click.option(
    "--only", metavar="USERNAME", multiple=True, help=_("Restore this person alone; several may be named.")
)
@passphrases.option
@shared.json_option
@click.pass_obj
@shared.told
def restore(
    folders: Folders,
    file: Path,
    dry_run: bool,
    only: tuple[str, ...],
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Restore a backup or a bare roster.db, after a safety copy of what is there now."""
    folders.prepare()
    with passphrases.opened(file, passphrase_file, folders.database) as plain:
        since = _since(folders, plain)
        found, kept = _restore(folders, plain, dry_run, only)
    counts = {"added": found.added, "changed": found.changed, "removed": found.removed}
    told = {name: dict(zip(counts, numbers, strict=True)) for name, numbers in found.others.items()}
    copy = str(kept) if kept else None
    data = {**counts, "forgotten": found.forgotten, "others": told, "safety_copy": copy, **since}
    outputs.answer(as_json, data, *_restored(found, kept, dry_run=dry_run), *_missing(since, dry_run=dry_run))


def _restore(
    folders: Folders, file: Path, dry_run: bool, only: tuple[str, ...]
) -> "tuple[Preview, Path | None]":
    from webui.safety import bringing
    from webui.safety import restore as restoring

    if dry_run:
        if tried := _tried(folders, file, only):
            return tried, None
        with shared.opened(folders) as engine:
            return restoring.preview(engine, file, only=only), None
    step = shared.stoppable()
    with shared.alone(folders):
        if _tried(folders, file, only):
            return restoring.replace(folders.database, file, step)
        with shared.opened(folders, is_alone=True) as engine:
            done = restoring.restore(engine, file, folders.backups, step, "command", only)
            bringing.follow(engine, shared.places(folders), done.safety_copy)
        return done.preview, done.safety_copy


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


def _since(folders: Folders, file: Path) -> "dict[str, int | None]":
    """Return, of a damaged database, how many people were added or changed since a backup as far as they can
    be read: {"missing": number, or None where it can't be known}; {} of a sound one."""
    from webui.safety import opening
    from webui.safety.backup import no_step
    from webui.safety.rescue import Rescue

    if not opening.is_damaged(folders.database):
        return {}
    with closing(Rescue(folders.database, folders.backups)) as rescue:
        rescue.look(no_step, against=file)
        return {"missing": rescue.newer if rescue.since else None}


def _missing(since: "dict[str, int | None]", *, dry_run: bool) -> list[str]:
    if "missing" not in since:
        return []
    missing = since["missing"]
    if missing is None:
        return [_("What was changed since that backup can't be known.")]
    if not missing:
        return [_("Nothing that can be read in the damaged file was changed since that backup.")]
    said = ngettext(
        "Since that backup %(num)s person was added or changed, as far as the damaged file can be read; "
        "that is not in it.",
        "Since that backup %(num)s people were added or changed, as far as the damaged file can be read; "
        "that is not in it.",
        missing,
    )
    if not dry_run:
        return [said]
    return [said, _("“run” opens a page that can add those who can be read whole.")]


def _tried(folders: Folders, file: Path, only: tuple[str, ...]) -> "Preview | None":
    """Return what a restore would do to a damaged database, on an empty one; None where it is sound."""
    from webui.safety import opening, restore
    from webui.safety.workspace import workspace
    from webui.store.ledger import sqlite

    folders.prepare()
    if not opening.is_damaged(folders.database):
        return None
    if only:
        raise shared.Failure(
            _("The database is damaged, so nobody was restored alone. Restore all of the backup first.")
        )
    with workspace(folders.database) as work:
        opening.create(work / "empty.db")
        engine = sqlite.engine(work / "empty.db")
        try:
            return restore.preview(engine, file)
        finally:
            engine.dispose()
