"""Safety: what copies there are, back up, export everything; long work is a job that the page watches."""

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
from sqlalchemy import Engine
from werkzeug.wrappers import Response as BaseResponse

from webui import database, words
from webui.jobs import Job
from webui.pages import jobs, saving, shared
from webui.safety import backup, catalogue
from webui.store import errors, settings
from webui.store.values import times

pages = Blueprint("safety", __name__)

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


def start(
    name: str,
    title: str,
    phases: list[str],
    work: Work,
    then: Then,
    back: str = "safety.index",
    **values: Any,
) -> BaseResponse:
    """Start `work(engine, step)` as a job with a page of its own."""

    def working(engine: Engine, job: Job) -> Any:
        return work(engine, job.step)

    return jobs.start(name, working, title=title, phases=phases, then=then, back=url_for(back), **values)


def _back_up(work: Work, said: str) -> BaseResponse:
    def then(job: Job) -> str:
        flash(said % {"name": job.result.name})
        return url_for("safety.index")

    return start("back_up", _("Back up"), backup.PHASES, work, then)


def _verified() -> str:
    return _("Backup verified: %(name)s")


def backups_folder() -> Path:
    """Return where backups lie."""
    kept = current_app.config["BACKUPS"]
    return Path(kept) if kept else Path(current_app.config["ROSTER_DATA"]) / "backups"
