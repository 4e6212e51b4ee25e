"""A backup locked by a passphrase: made, opened at once, and a sheet to print for the day it is needed."""

import io
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from sqlalchemy import Engine
from werkzeug.wrappers import Response as BaseResponse

from webui import database, words
from webui.jobs import Job
from webui.pages import safety, saving, shared
from webui.safety import automatic, locked
from webui.safety.backup import Step
from webui.store import errors, settings
from webui.store.errors import Message
from webui.store.values import times

pages = Blueprint("locked", __name__)

_LONGEST = 1_000  # letters of a passphrase


@pages.get("/safety/locked")
def form() -> str:
    """Ask for a passphrase, twice."""
    return _form({})


@pages.post("/safety/locked")
def make() -> BaseResponse | tuple[str, int]:
    """Lock a backup and write it where the person says; in a browser, into the backups folder."""
    passphrase = request.form.get("passphrase", "")[:_LONGEST]
    faults = _faults(passphrase, request.form.get("again", ""))
    if faults:
        return _form(faults), 422
    name = locked.name(database.engine())
    target = safety.backups_folder() / name
    if shared.host().native:
        try:
            chosen = saving.place(_("Save a locked backup"), name)
            locked.check_name(database.engine(), chosen or target)
        except (errors.Refused, errors.ReadOnly) as error:
            return shared.said(words.sentence(error.message), url_for("locked.form"))
        if chosen is None:
            return redirect(url_for("locked.form"), 303)
        target = chosen
    title, where = settings.get(database.session(), "title"), safety.places()
    lately: automatic.Lately = current_app.extensions["roster.backups"]

    def work(engine: Engine, step: Step) -> Path:
        made = locked.back_up(engine, target, passphrase, step)
        lately.not_copied = locked.follow(engine, where, made)
        return made

    return safety.start(
        "lock",
        _("Back up, locked"),
        locked.PHASES,
        work,
        lambda job: url_for("locked.done", job_id=job.id),
        back="locked.form",
        sheet={"title": title, "at": times.now()},
    )


@pages.get("/safety/locked/<int:job_id>")
def done(job_id: int) -> str:
    """Say where the locked backup is."""
    job = _made(job_id)
    return render_template("safety/locked_done.html", path=job.result, job=job)


@pages.post("/safety/locked/<int:job_id>/sheet")
def sheet(job_id: int) -> BaseResponse:
    """Give the recovery sheet as a page of its own: by the native dialog, or to a browser."""
    job, name = _made(job_id), _("Recovery sheet.html")
    page = render_template("safety/sheet.html", path=job.result, **job.values["sheet"])
    if not shared.host().native:
        return send_file(io.BytesIO(page.encode()), "text/html", as_attachment=True, download_name=name)
    back = url_for("locked.done", job_id=job_id)
    title = _("Save the recovery sheet")
    return saving.written(title, name, back, lambda stream: stream.write(page.encode()))


@pages.get("/safety/locked/<int:job_id>/file")
def download(job_id: int) -> Response:
    """Give a locked backup to a browser."""
    if shared.host().native:
        raise errors.NotFound("backups", job_id)
    return send_file(_made(job_id).result, as_attachment=True)


@pages.post("/safety/locked/strength")
def strength() -> str:
    """Say how soon a passphrase is guessed, while it is typed. It is kept nowhere."""
    typed = request.form.get("passphrase", "")
    return render_template("safety/_strength.html", strength=_strength(typed) if typed else None)


def _faults(passphrase: str, again: str) -> dict[str, Message]:
    if not passphrase.strip():
        return {"passphrase": Message("passphrase.none")}
    found = _strength(passphrase)
    if found["score"] < locked.WEAKEST:
        return {"passphrase": Message("passphrase.weak", {"time": found["time"]})}
    if passphrase != again:
        return {"again": Message("passphrase.differs")}
    return {}


def _strength(passphrase: str) -> dict[str, Any]:
    """Return the `score` of a passphrase, 0 to 4, and the `time` in which it is guessed."""
    score, seconds = locked.strength(passphrase)
    return {"score": score, "time": _in_words(seconds)}


def _in_words(seconds: float) -> str:
    for length, sentence in (
        (60.0, _("less than a minute")),
        (60 * 60.0, _("less than an hour")),
        (24 * 60 * 60.0, _("less than a day")),
        (365 * 24 * 60 * 60.0, _("less than a year")),
        (100 * 365 * 24 * 60 * 60.0, _("years")),
    ):
        if seconds < length:
            return sentence
    return _("centuries")


def _made(job_id: int) -> Job:
    job = shared.jobs().get(job_id)
    if job is None or job.name != "lock" or not isinstance(job.result, Path):
        raise errors.NotFound("backups", job_id)
    return job


def _form(faults: dict[str, Message]) -> str:
    return render_template("safety/locked.html", faults=shared.faults(faults))
