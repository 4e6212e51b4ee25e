"""Safety: back up, export everything, restore; long work runs as a job that the page watches."""

import secrets
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import Engine
from werkzeug.wrappers import Response as BaseResponse

from webui import database, words
from webui.jobs import Job
from webui.pages import jobs, saving, shared
from webui.safety import backup, catalogue, restore
from webui.sentences import TABLES
from webui.store import errors, settings
from webui.store.values import times

pages = Blueprint("safety", __name__)

_DAY = 24 * 60 * 60  # seconds that an uploaded backup is kept

Work = Callable[[Engine, backup.Step], Any]
Then = Callable[[Job], str]


@pages.get("/safety")
def index() -> str:
    """Show what copies there are and how to make one."""
    found, uid = catalogue.backups(backups_folder()), settings.uid(database.session())
    verified = [each for each in found if each.told and each.told.uid == uid and each.sound]
    return render_template(
        "safety/index.html", backups=found, verified=verified, uid=uid, folder=backups_folder()
    )


@pages.post("/safety/back-up")
def back_up() -> BaseResponse:
    """Write a verified backup into the backups folder; `everything` is the same zip, pinned."""
    everything = request.form.get("kind") == "everything"
    reason, said = "now", _verified()
    if everything:
        reason, said = "everything", _("Everything is in %(name)s, pinned: it is never removed on its own.")
    folder = backups_folder()
    return _back_up(
        lambda engine, step: backup.back_up(engine, folder, step, reason=reason, pinned=everything), said
    )


@pages.post("/safety/save-as")
def save_as() -> BaseResponse:
    """Write a verified backup where the person says, by the native dialog."""
    name = f"roster-{times.now()[:10].replace('-', '')}.zip"
    try:
        chosen = saving.place(_("Save a backup"), name)
    except (errors.Refused, errors.ReadOnly) as error:
        return shared.said(words.sentence(error.message), url_for("safety.index"))
    if chosen is None:
        return redirect(url_for("safety.index"), 303)
    return _back_up(
        lambda engine, step: backup.back_up(engine, chosen.parent, step, target=chosen), _verified()
    )


@pages.get("/safety/backups/<name>")
def download(name: str) -> Response:
    """Give a backup to a browser; a window saves by its own dialog instead."""
    if shared.host().native:
        raise errors.NotFound("backups", name)
    return send_file(catalogue.find(backups_folder(), name).path, as_attachment=True)


@pages.post("/safety/show-folder")
def show_folder() -> BaseResponse:
    """Show the backups folder in the system's file manager."""
    backups_folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    shared.host().show_folder(backups_folder())
    return redirect(url_for("safety.index"), 303)


@pages.get("/safety/restore")
def choose() -> str:
    """Choose a backup: one of the folder, or a file."""
    uid = settings.uid(database.session())
    return render_template("safety/choose.html", backups=catalogue.backups(backups_folder()), uid=uid)


@pages.post("/safety/restore")
def look() -> BaseResponse:
    """Verify the chosen backup and count what restoring it would change. Nothing happens yet."""
    path = _chosen()
    if path is None:
        return redirect(url_for("safety.choose"), 303)
    return _start(
        "preview",
        _("Look into %(name)s", name=path.name),
        restore.PHASES[:2],
        lambda engine, step: restore.preview(engine, path, step),
        lambda job: url_for("safety.preview", job_id=job.id),
        back="safety.choose",
        path=path,
    )


@pages.get("/safety/restore/<int:job_id>")
def preview(job_id: int) -> str:
    """Show what restoring would change."""
    job = _looked_at(job_id)
    name = job.values["path"].name
    return render_template("safety/preview.html", job=job, found=job.result, name=name, tables=TABLES)


@pages.post("/safety/restore/<int:job_id>")
def bring_back(job_id: int) -> BaseResponse:
    """Restore what was looked at."""
    path, folder = _looked_at(job_id).values["path"], backups_folder()
    return _start(
        "restore",
        _("Restore %(name)s", name=path.name),
        restore.PHASES,
        lambda engine, step: restore.restore(engine, path, folder, step),
        _restored,
        path=path,
    )


def _start(
    name: str,
    title: str,
    phases: list[str],
    work: Work,
    then: Then,
    back: str = "safety.index",
    **values: Any,
) -> BaseResponse:
    def working(engine: Engine, job: Job) -> Any:
        return work(engine, job.step)

    return jobs.start(name, working, title=title, phases=phases, then=then, back=url_for(back), **values)


def _back_up(work: Work, said: str) -> BaseResponse:
    def then(job: Job) -> str:
        flash(said % {"name": job.result.name})
        return url_for("safety.index")

    return _start("back_up", _("Back up"), backup.PHASES, work, then)


def _verified() -> str:
    return _("Backup verified: %(name)s")


def _restored(job: Job) -> str:
    _forget(job.values["path"])
    found = job.result.preview
    people = ngettext("%(num)s person", "%(num)s people", found.told.people)
    undo = "message" if found.adopts else "undo"  # what was adopted has a history of its own to undo
    flash(_("Restored: %(people)s. A safety copy of before is in the backups.", people=people), undo)
    shared.host().retitle(found.told.title or _("My roster"))
    return url_for("users.index")


def _looked_at(job_id: int) -> Job:
    job = shared.jobs().get(job_id)
    if job is None or job.name != "preview" or not isinstance(job.result, restore.Preview):
        raise errors.NotFound("backups", job_id)
    return job


def _chosen() -> Path | None:
    if name := request.form.get("name"):
        return catalogue.find(backups_folder(), name).path
    if "browse" in request.form:
        return shared.host().choose_open(_("Restore a backup"), [(_("Roster backups"), "*.zip")])
    uploaded = request.files.get("file")
    if uploaded is None or not uploaded.filename:
        return None
    scratch = _uploads()
    for old in scratch.glob("*"):
        if old.stat().st_mtime < time.time() - _DAY:
            shutil.rmtree(old, ignore_errors=True)
    # A folder of its own keeps the person's own name of the file, for what is said about it.
    place = scratch / secrets.token_hex(8)
    place.mkdir(mode=0o700, parents=True)
    path = place / shared.file_name(uploaded.filename)
    uploaded.save(path)
    path.chmod(0o600)
    return path


def _forget(path: Path) -> None:
    """Remove a backup that was uploaded and is done with; one of the person's own stays where it is."""
    if path.parent.parent == _uploads():
        shutil.rmtree(path.parent, ignore_errors=True)


def _uploads() -> Path:
    return Path(current_app.config["ROSTER_DATA"]) / "scratch" / "restores"


def backups_folder() -> Path:
    """Return where backups lie."""
    kept = current_app.config["BACKUPS"]
    return Path(kept) if kept else Path(current_app.config["ROSTER_DATA"]) / "backups"
