"""A job that runs: how far it is, a way to stop it, and where to go on when it has ended.

A page that starts one says in its values: `title`, `phases` (message ids in order), `then` and `back`
(addresses for when it is done, and for when it was stopped or failed); `then` may be a function of the
job that gives the address, and says what came of it.
"""

import time
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from webui import database, words
from webui.jobs import Job
from webui.pages import shared
from webui.plurals import ngettext
from webui.store.errors import Message
from webui.store.ledger import sqlite

pages = Blueprint("jobs", __name__)

_SHORT = 0.4  # seconds; work that ends within it shows no progress


def start(name: str, work: Callable[[Any, Job], Any], **values: Any) -> BaseResponse:
    """Start `work(engine, job)` and go to its page, or on at once when it has ended already."""
    database.session().rollback()
    engine = database.engine()

    def timed(job: Job) -> Any:
        job.values["began"] = time.monotonic()
        with sqlite.told():  # of a scratch file too
            return work(engine, job)

    job = shared.jobs().start(name, timed, **values)
    job.ended.wait(_SHORT)
    return redirect(url_for("jobs.watch", job_id=job.id), 303)


@pages.get("/jobs/<int:job_id>")
def watch(job_id: int) -> str | BaseResponse:
    """Show how far the work is; when it has ended, go on and say what came of it."""
    job = shared.jobs().get(job_id)
    if job is None or "then" not in job.values:
        return redirect(url_for("users.index"), 303)
    if job.active:
        template = "jobs/_progress.html" if shared.wants_fragment() else "jobs/progress.html"
        return render_template(template, job=job, phases=_phases(job), left=_left(job))
    going_on = job.values["told"] = job.values.get("told") or _tell(job)
    if shared.wants_fragment():
        return Response(headers={"HX-Redirect": going_on})
    return redirect(going_on, 303)


@pages.post("/jobs/<int:job_id>/cancel")
def cancel(job_id: int) -> BaseResponse:
    """Stop the work at its next step; what it did is taken back."""
    shared.jobs().cancel(job_id)
    if job := shared.jobs().get(job_id):
        job.ended.wait(_SHORT)
    return redirect(url_for("jobs.watch", job_id=job_id), 303)


def _tell(job: Job) -> str:
    """Say what came of a job that has ended, and return where to go on. Coming back to it tells nothing."""
    if job.state == "done":
        then = job.values["then"]
        return str(then(job) if callable(then) else then)
    flash(words.short(job.error) if job.error else _("Stopped. Nothing was changed."))
    return str(job.values["back"])


def _phases(job: Job) -> list[tuple[str, str]]:
    """Return (done, doing or todo; sentence) of each phase."""
    known = list(job.values["phases"])
    at = known.index(job.phase) if job.phase in known else 0
    states = ["done"] * at + ["doing"] + ["todo"] * (len(known) - at - 1)
    return [(state, words.sentence(Message(phase))) for state, phase in zip(states, known, strict=True)]


def _left(job: Job) -> str:
    """Say how long it will take, once that can be said."""
    spent = time.monotonic() - job.values.get("began", time.monotonic())
    if not job.total or not job.done or spent < 1:
        return ""
    seconds = round(spent * (job.total - job.done) / job.done)
    if seconds < 60:
        return ngettext("About %(num)s second left", "About %(num)s seconds left", max(seconds, 1))
    return ngettext("About %(num)s minute left", "About %(num)s minutes left", round(seconds / 60))
