"""Moving to a new computer: what to do on this one, in three steps. The new one begins at its third door."""

from pathlib import Path

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import Engine
from werkzeug.wrappers import Response

from webui import addresses, words
from webui.jobs import Job
from webui.pages import jobs, saving, shared
from webui.pages.safety import backups_folder, places
from webui.safety import automatic, backup
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
    here, target, where = url_for("moving.show"), None, places()
    lately: automatic.Lately = current_app.extensions["roster.backups"]
    if shared.host().native:
        name = f"roster-{times.now()[:10].replace('-', '')}.zip"
        try:
            target = saving.place(_("Take everything with you"), name)
        except (errors.Refused, errors.ReadOnly) as error:
            return shared.said(words.sentence(error.message), here)
        if target is None:
            return redirect(here, 303)

    def work(engine: Engine, job: Job) -> Path:
        if target:
            return backup.back_up(
                engine, target.parent, job.step, target=target, reason="everything", pinned=True
            )
        made = automatic.back_up(engine, where, job.step, reason="everything", pinned=True)
        lately.not_copied = made.failed
        return made.path

    return jobs.start(
        "move",
        work,
        title=_("Take everything with you"),
        phases=automatic.PHASES if where.second and not target else backup.PHASES,
        then=lambda job: url_for("moving.show", job=job.id),
        back=here,
    )
