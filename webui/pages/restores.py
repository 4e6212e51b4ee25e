"""Bring a backup back: choose it, see whom it would change, look around in it, and only then restore."""

import secrets
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import Engine
from werkzeug.wrappers import Response as BaseResponse

from webui import addresses, database, moments, words
from webui.copies import REASONS
from webui.jobs import Job
from webui.pages import jobs, sent_backups, shared, would_change
from webui.pages.safety import backups_folder, places
from webui.plurals import ngettext
from webui.safety import bringing, catalogue, exported, kept, looked, restore
from webui.safety.looked import Looked
from webui.safety.past import Past
from webui.sentences import TABLES
from webui.store import errors, settings, users
from webui.store.ledger import sqlite

pages = Blueprint("restores", __name__)


@pages.get("/safety/restore")
def choose() -> str:
    """Choose a backup: one of the folder, or a file."""
    uid, live = settings.uid(database.session()), database.engine().url.database
    return render_template(
        "restores/choose.html",
        backups=catalogue.backups(backups_folder()),
        kept=kept.found(Path(live)) if live else [],
        uid=uid,
        reasons=REASONS,
    )


@pages.post("/safety/restore")
def look() -> BaseResponse:
    """Open the chosen backup and compare it with now. Nothing happens yet."""
    chosen = _chosen()
    if not chosen:
        return redirect(url_for("restores.choose"), 303)
    return look_at(chosen[0], url_for("restores.choose"))


def look_at(path: Path, back: str) -> BaseResponse:
    """Open a file that was chosen, and ask for the passphrase of a locked one first."""
    if catalogue.is_locked(path):
        asked: dict[str, Path] = current_app.extensions["roster.locked"]
        asked[key := secrets.token_urlsafe(12)] = path
        return redirect(url_for("unlocking.ask", key=key), 303)
    return look_into(path, lambda _job: nullcontext(path), restore.LOOK, back)


def look_into(
    path: Path, opened: Callable[[Job], AbstractContextManager[Path]], phases: list[str], back: str
) -> BaseResponse:
    """Open what `opened` gives, a backup that is called as `path` is, and compare it with now: a job."""
    looks = moments.kept()

    def work(engine: Engine, job: Job) -> str:
        with opened(job) as plain:
            found = looked.look(engine, plain, job.step)
        looks.keep_backup(found)
        return found.key

    title = _("Look into %(name)s", name=path.name)
    return jobs.start(
        "preview", work, title=title, phases=phases, then=lambda job: _address(job.result), back=back
    )


@pages.get("/safety/restore/<key>")
def preview(key: str) -> str | BaseResponse:
    """Show what restoring would change, compared anew where something was done since."""
    if moments.looking():  # by the browser's own way back
        moments.leave()
        return redirect(request.full_path)
    found = moments.kept().backup(key)
    if found is None:
        return _ended()
    if not found.is_of(database.engine()):
        title, here = _("Look into %(name)s", name=found.path.name), request.full_path
        return jobs.start(
            "compare",
            lambda engine, job: found.compare(engine, job.step),
            title=title,
            phases=restore.LOOK[2:],
            then=here,
            back=url_for("restores.choose"),
        )
    return render_template(
        "restores/preview.html",
        found=found.preview,
        key=key,
        name=found.path.name,
        tables=TABLES,
        **would_change.page(found, database.live()),
    )


@pages.post("/safety/restore/<key>/ticks")
def tick(key: str) -> str | BaseResponse:
    """Keep who is ticked: of those shown, or all of a view, or nobody of it."""
    found = moments.kept().backup(key)
    if found is None:
        return _ended()
    view = request.form.get("show", "")
    _keep_ticks(found)
    if (every := request.form.get("all")) and view in looked.VIEWS:
        found.tick_all(view, every == "1")
    if shared.wants_fragment():
        return render_template("restores/_foot.html", key=key, found=found.preview, counts=found.counts())
    return redirect(_address(key, show=view or None, after=request.form.get("after") or None), 303)


@pages.post("/safety/restore/<key>")
def bring_back(key: str) -> BaseResponse:
    """Restore what was looked at, all of it or only those ticked."""
    found = moments.kept().backup(key)
    if found is None:
        return _ended()
    _keep_ticks(found)
    if not found.is_of(database.engine()):
        return _told("restore.moved_on", _address(key))
    some = found.ticked() if request.form.get("do") == "ticked" else None
    if some is not None and not some:
        return _told("restore.nobody", _address(key, show=request.form.get("show") or None))
    where, lately = places(), current_app.extensions["roster.backups"]

    def work(engine: Engine, job: Job) -> restore.Restored:
        done = restore.bring(engine, found.copy, found.told, where.first, job.step, uids=some)
        bringing.follow(engine, where, done.safety_copy, lately, shared.told_to(job))
        return done

    title, phases = _("Restore %(name)s", name=found.path.name), [*restore.BRING, *bringing.AFTER]
    return jobs.start(
        "restore", work, title=title, phases=phases, then=_restored(found, some), back=_address(key)
    )


@pages.post("/safety/restore/<key>/leave")
def leave(key: str) -> BaseResponse:
    """Close what was looked at: its copy, which is not locked whatever the backup was, goes."""
    if moments.kept().backup(key):
        moments.kept().keep_backup(None)
    return redirect(url_for("safety.index"), 303)


@pages.post("/safety/restore/<key>/look-around")
def look_around(key: str) -> BaseResponse:
    """Show the whole app as it is in the backup, where nothing can be changed."""
    found = moments.kept().backup(key)
    if found is None:
        return _ended()
    _keep_ticks(found)
    past = Past(sqlite.reading(found.copy), lambda: None)  # the copy is the backup's, and stays
    moments.enter(moments.Looking(0, found.told.at, moments.kept().keep(past), key))
    user_id = addresses.number(request.form, "user")
    is_there = user_id and users.is_there(past.engine, user_id)
    return redirect(url_for("users.show", user_id=user_id) if is_there else url_for("users.index"), 303)


def _restored(found: Looked, some: Sequence[str] | None) -> Callable[[Job], str]:
    def then(job: Job) -> str:
        moments.kept().keep_backup(None)
        sent_backups.forget(found.path)
        done: restore.Restored = job.result
        count = len(some) if some is not None else found.told.people
        if some is None and found.told.reason == exported.SOME:
            count = done.preview.added + done.preview.changed
        people = ngettext("%(num)s person", "%(num)s people", count)
        undo = "message" if done.preview.adopts else "undo"  # what was adopted has a history of its own
        if done.safety_copy:
            flash(_("Restored: %(people)s. A safety copy of before is in the backups.", people=people), undo)
        else:
            flash(_("Restored: %(people)s.", people=people), undo)
        if some is None:
            shared.host().retitle(found.told.title or _("My roster"))
        return url_for("users.index")

    return then


def _address(key: str, **values: Any) -> str:
    return url_for("restores.preview", key=key, **values)


def _ended() -> BaseResponse:
    return _told("restore.ended", url_for("restores.choose"))


def _told(message: str, address: str) -> BaseResponse:
    return shared.said(words.sentence(errors.Message(message)), address)


def _keep_ticks(found: Looked) -> None:
    found.tick(request.form.getlist("shown"), set(request.form.getlist("tick")))


def _chosen() -> Sequence[Path]:
    """Return the file to be looked at; of a database that was uploaded its log may be the second one."""
    if name := request.form.get("name"):
        return [catalogue.find(backups_folder(), name).path]
    if name := request.form.get("kept"):
        return [kept.find(Path(str(database.engine().url.database)), name).path]
    if "browse" in request.form:
        kinds = [(_("Backups and Roster files"), "*.zip;*.db;*.age;*.json;*.sqlite;*.xlsx;*.vcf")]
        chosen = shared.host().choose_open(_("Restore a backup"), kinds)
        return [chosen] if chosen else []
    uploaded = [each for each in request.files.getlist("file") if each.filename]
    if not uploaded:
        return []
    place, paths = sent_backups.place(), []
    for each in uploaded[:3]:  # a database, its log and its journal
        paths.append(place / shared.file_name(each.filename or ""))
        each.save(paths[-1])
        each.close()
        paths[-1].chmod(0o600)
    return sorted(paths, key=lambda path: path.name.endswith(("-wal", "-journal", "-shm")))
