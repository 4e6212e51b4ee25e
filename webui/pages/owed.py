"""Copies that may still hold someone who was forgotten, on Safety: what becomes of each."""

from pathlib import Path

from flask import Blueprint, current_app, flash, request, url_for
from flask_babel import gettext as _
from sqlalchemy import Engine
from werkzeug.wrappers import Response

from webui import database, words
from webui.jobs import Job
from webui.pages import jobs, safety
from webui.safety import automatic, owed, settling
from webui.safety import places as locations
from webui.safety.treating import CHOICES, Outcome
from webui.store import errors

pages = Blueprint("owed", __name__)


@pages.post("/safety/owed")
def treat() -> Response:
    """Rewrite, remove or leave one of the copies that may still hold someone who was forgotten."""
    path, where = Path(request.form.get("path", "")), safety.places()
    choice = next((each for each in CHOICES if each == request.form.get("do")), None)
    lately: automatic.Lately = current_app.extensions["roster.backups"]
    data = Path(str(database.engine().url.database)).parent
    if choice is None or path not in [each.path for each in owed.read(data).left]:
        raise errors.NotFound("backups", path.name)

    def work(engine: Engine, job: Job) -> Outcome:
        job.step("forget.copies")
        with lately.lock:
            return settling.again(engine, path, locations.reach(where, data).there, choice)

    def then(job: Job) -> str:
        flash(_said(job.result))
        return url_for("safety.index")

    title, back = _("Someone who was forgotten"), url_for("safety.index")
    return jobs.start("owed", work, title=title, phases=["forget.copies"], then=then, back=back)


def _said(outcome: Outcome) -> str:
    name = outcome.copy.path.name
    if outcome.did == "rewritten":
        return _("%(name)s is rewritten.", name=name)
    if outcome.did == "removed":
        return _("%(name)s is removed.", name=name)
    if outcome.why:
        return _("%(name)s is as it was. %(why)s", name=name, why=words.sentence(outcome.why))
    return _("%(name)s is left as it is.", name=name)
