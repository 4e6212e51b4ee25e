"""Bring a backup back: choose it, see what it would change, and only then restore it."""

import secrets
import shutil
import time
from pathlib import Path

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as BaseResponse

from webui import database
from webui.jobs import Job
from webui.pages import safety, shared
from webui.pages.safety import backups_folder
from webui.safety import catalogue, restore
from webui.sentences import TABLES
from webui.store import errors, settings

pages = Blueprint("restores", __name__)

_DAY = 24 * 60 * 60  # seconds that an uploaded backup is kept


@pages.get("/safety/restore")
def choose() -> str:
    """Choose a backup: one of the folder, or a file."""
    uid = settings.uid(database.session())
    return render_template("restores/choose.html", backups=catalogue.backups(backups_folder()), uid=uid)


@pages.post("/safety/restore")
def look() -> BaseResponse:
    """Verify the chosen backup and count what restoring it would change. Nothing happens yet."""
    path = _chosen()
    if path is None:
        return redirect(url_for("restores.choose"), 303)
    return safety.start(
        "preview",
        _("Look into %(name)s", name=path.name),
        restore.PHASES[:2],
        lambda engine, step: restore.preview(engine, path, step),
        lambda job: url_for("restores.preview", job_id=job.id),
        back="restores.choose",
        path=path,
    )


@pages.get("/safety/restore/<int:job_id>")
def preview(job_id: int) -> str:
    """Show what restoring would change."""
    job = _looked_at(job_id)
    name = job.values["path"].name
    return render_template("restores/preview.html", job=job, found=job.result, name=name, tables=TABLES)


@pages.post("/safety/restore/<int:job_id>")
def bring_back(job_id: int) -> BaseResponse:
    """Restore what was looked at."""
    path, folder = _looked_at(job_id).values["path"], backups_folder()
    return safety.start(
        "restore",
        _("Restore %(name)s", name=path.name),
        restore.PHASES,
        lambda engine, step: restore.restore(engine, path, folder, step),
        _restored,
        path=path,
    )


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
