"""Moving to a new computer: what to do on this one, in three steps. The new one begins at its third door."""

from pathlib import Path

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import Engine
from werkzeug.wrappers import Response

from webui import addresses, words
from webui.jobs import Job
from webui.pages import jobs, saving, shared
from webui.pages.safety import backups_folder
from webui.safety import backup
from webui.store import errors
from webui.store.values import times

pages = Blueprint("moving", __name__)


@pages.get("/safety/move")
def show() -> str:
    """Show the three steps; after the first, where everything is."""
    job = shared.jobs().get(addresses.number(request.args, "job") or 0)
    made = job.result if job and job.name == "move" and job.state == "done" else None
    return render_template("moving/show.html", made=made, folder=backups_folder())


@pages.post("/safety/move")
def write() -> Response:
    """Write all there is into one pinned zip: where the person says, by a browser into the backups folder."""
    here, target, folder = url_for("moving.show"), None, backups_folder()
    if shared.host().native:
        name = f"roster-{times.now()[:10].replace('-', '')}.zip"
        try:
            target = saving.place(_("Take everything with you"), name)
        except (errors.Refused, errors.ReadOnly) as error:
            return shared.said(words.sentence(error.message), here)
        if target is None:
            return redirect(here, 303)

    def work(engine: Engine, job: Job) -> Path:
        place = target.parent if target else folder
        return backup.back_up(engine, place, job.step, target=target, reason="everything", pinned=True)

    return jobs.start(
        "move",
        work,
        title=_("Take everything with you"),
        phases=backup.PHASES,
        then=lambda job: url_for("moving.show", job=job.id),
        back=here,
    )
