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
from webui.copies import REASONS
from webui.exchange import targets
from webui.jobs import Job
from webui.pages import jobs, promise, saving, shared, timeline
from webui.safety import automatic, backup, catalogue, drill, pins, second
from webui.safety.folders import make_folder
from webui.safety.places import Places, reach
from webui.safety.places import places as chosen
from webui.store import errors, settings
from webui.store.values import times

pages = Blueprint("safety", __name__)

SHOWN = 10  # backups on the page before one asks for all

Work = Callable[[Engine, backup.Step], Any]
Then = Callable[[Job], str]


@pages.get("/safety")
def index() -> str:
    """Show what copies there are and how to make one."""
    where, uid = places(), settings.uid(database.session())
    found = catalogue.backups(where.first)
    live = database.engine().url.database
    verified = [each for each in found if each.told and each.told.uid == uid and each.sound]
    return render_template(
        "safety/index.html",
        backups=found if "all" in request.args else found[:SHOWN],
        count=len(found),
        size=sum(each.size for each in found),
        verified=verified,
        timeline=timeline.timeline(verified, where.pins),
        is_pinned=lambda each: pins.is_pinned(each, where.pins),
        is_fast=pins.is_fast,
        uid=uid,
        folder=where.first,
        reasons=REASONS,
        say=_why,
        locked=catalogue.locked(where.first),
        lately=current_app.extensions["roster.backups"],
        **(promise.promise(where, Path(live), uid, verified) if live else {}),
    )


@pages.post("/safety/back-up")
def back_up() -> BaseResponse:
    """Write a verified backup into the backups folder; `everything` is the same zip, pinned."""
    everything = request.form.get("kind") == "everything"
    reason, said, where = "now", _verified(), places()
    if everything:
        reason, said = "everything", _("Everything is in %(name)s, pinned: it is never removed on its own.")

    lately = current_app.extensions["roster.backups"]

    def then(job: Job) -> str:
        lately.failed, lately.not_copied = None, job.result.failed
        flash(said % {"name": job.result.path.name})
        if job.result.failed:
            flash(_("No copy in the second place. %(why)s", why=words.sentence(job.result.failed)))
        return url_for("safety.index")

    return start(
        "back_up",
        _("Back up"),
        automatic.PHASES if where.second else automatic.ALONE,
        lambda engine, step: automatic.back_up(engine, where, step, reason=reason, pinned=everything),
        then,
    )


@pages.post("/safety/drill")
def fire_drill() -> BaseResponse:
    """Try the newest backup of each place: restore it elsewhere, start Roster on it, search."""
    where, begin = places(), current_app.extensions["roster.start"]

    def then(job: Job) -> str:
        if not job.result:
            flash(_("There is no backup to try yet."))
        for drilled in job.result:
            flash(_drilled(drilled))
        return url_for("safety.index")

    return start(
        "drill",
        _("Fire drill"),
        drill.PHASES,
        lambda engine, step: automatic.drill_places(engine, where, begin, step),
        then,
    )


@pages.post("/safety/second")
def look_at_second() -> BaseResponse:
    """Look at the second place now: a stick may have come since."""
    where, live = places(), Path(str(database.engine().url.database))
    if where.second:
        second.look(where.second, where.first, live.parent)
    lately: automatic.Lately = current_app.extensions["roster.backups"]

    def work(engine: Engine, step: backup.Step) -> automatic.Made | None:
        with lately.lock:
            return automatic.catch_up(engine, where, step)

    def then(job: Job) -> str:
        if job.result:
            lately.not_copied = job.result.failed
        return url_for("safety.index")

    if not automatic.has_come_back(database.engine(), where):
        return redirect(url_for("safety.index"), 303)
    return start("catch_up", _("Bring the second place up to date"), automatic.CATCH_UP, work, then)


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

    def then(job: Job) -> str:
        flash(_verified() % {"name": job.result.name})
        return url_for("safety.index")

    return start(
        "back_up",
        _("Back up"),
        backup.PHASES,
        lambda engine, step: backup.back_up(engine, chosen.parent, step, target=chosen),
        then,
    )


@pages.get("/safety/backups/<name>")
def download(name: str) -> Response:
    """Give a backup to a browser; a window saves by its own dialog instead."""
    if shared.host().native:
        raise errors.NotFound("backups", name)
    return send_file(catalogue.find(backups_folder(), name).path, as_attachment=True)


@pages.post("/safety/backups/<name>/pin")
def pin(name: str) -> BaseResponse:
    """Pin a backup, so that it is never removed on its own, or unpin it. Its file stays as it was written."""
    found, preferences = catalogue.find(backups_folder(), name), current_app.extensions["roster.preferences"]
    if preferences is None or found.told is None or pins.is_fast(found):
        raise errors.NotFound("backups", name)
    where, data = places(), Path(str(database.engine().url.database)).parent
    reached, pinned = reach(where, data), request.form.get("pinned") == "1"
    there = {pins.name(each) for folder in reached.there for each in catalogue.backups(folder)}
    with targets.told(preferences.path):
        preferences.set("pins", pins.said(where.pins, found, pinned, where.pins if reached.away else there))
    return redirect(url_for("safety.index", all=request.form.get("all"), _anchor="backups"), 303)


@pages.post("/safety/show-folder")
def show_folder() -> BaseResponse:
    """Show the backups folder in the system's file manager."""
    make_folder(backups_folder())
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


def _why(failed: drill.Drill) -> str:
    return words.sentence(errors.Message(failed.failed, {"name": failed.name}))


def _drilled(drilled: drill.Drill) -> str:
    if drilled.failed:
        return _("The drill of %(name)s failed. %(why)s", name=drilled.name, why=_why(drilled))
    return _("%(name)s came back whole, and everyone sought was found.", name=drilled.name)


def _verified() -> str:
    return _("Backup verified: %(name)s")


def backups_folder() -> Path:
    """Return where backups lie."""
    kept = current_app.config["BACKUPS"]
    return Path(kept) if kept else Path(current_app.config["ROSTER_DATA"]) / "backups"


def places() -> Places:
    """Return where backups lie, as it was chosen on this computer."""
    return chosen(backups_folder(), current_app.extensions["roster.preferences"])
