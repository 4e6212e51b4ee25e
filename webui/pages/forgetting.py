"""Forget completely: what would go and which copies hold them, the one question that is asked, what went."""

from contextlib import suppress
from pathlib import Path

from flask import Blueprint, current_app, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from sqlalchemy import Engine
from werkzeug.wrappers import Response

from webui import database, moments
from webui.jobs import Cancelled, Job
from webui.pages import jobs, shared
from webui.pages.safety import places
from webui.safety import automatic, deep, forgetting
from webui.safety.forgetting import Choice, Copy, Done
from webui.store import erasing, errors
from webui.store.erasing import Someone
from webui.store.ledger import forget as ledger
from webui.store.ledger.history import connection_of

pages = Blueprint("forgetting", __name__)


@pages.get("/users/<int:user_id>/forget")
def look(user_id: int) -> Response:
    """Look which copies hold someone, and go on to what would go. Nothing happens yet."""
    someone, folders = erasing.find(database.session(), user_id), automatic.folders(places())

    def work(engine: Engine, job: Job) -> list[Copy]:
        return forgetting.copies(Path(str(engine.url.database)), folders, someone.uids, job.step)

    return jobs.start(
        "forget.look",
        work,
        title=_("Forget %(name)s completely", name=someone.name),
        phases=["forget.look"],
        then=lambda job: url_for("forgetting.show", job_id=job.id),
        back=_back(someone),
        someone=someone,
    )


@pages.get("/forget/<int:job_id>")
def show(job_id: int) -> str:
    """Show what would go, and ask what becomes of each copy."""
    return _page(_looked_at(job_id))


@pages.post("/forget/<int:job_id>")
def forget(job_id: int) -> Response | tuple[str, int]:
    """Forget them, where it was said twice: by the dialog, or by a tick where there is no script."""
    looked = _looked_at(job_id)
    someone: Someone = looked.values["someone"]
    choices = {copy.path: _choice(number) for number, copy in enumerate(looked.result)}
    if request.form.get("sure") != "1":
        return _page(looked, unsure=True), 422
    if begun := looked.values.get("begun"):  # pressed twice
        return redirect(begun, 303)
    session.pop("list", None)
    where, kept = places(), moments.kept()
    lately: automatic.Lately = current_app.extensions["roster.backups"]

    def work(engine: Engine, job: Job) -> Done:
        def step(phase: str, done: int = 0, total: int = 0) -> None:
            with suppress(Cancelled):  # half of the copies rewritten is no place to stop at
                job.step(phase, done, total)

        with lately.lock:
            done = forgetting.forget_everywhere(engine, automatic.folders(where), someone.uids, choices, step)
        data = Path(str(engine.url.database)).parent
        deep.let_go(data, [each.copy.path for each in done.outcomes if each.did == "rewritten"])
        automatic.bring_up(engine, where)  # what is noted of the copies there is true again
        kept.close()  # copies of past moments hold them; one that was still being made is done by now
        return done

    answer = jobs.start(
        "forget",
        work,
        title=_("Forget %(name)s completely", name=someone.name),
        phases=forgetting.PHASES,
        then=lambda job: url_for("forgetting.done", job_id=job.id),
        back=url_for("users.index"),
        someone=someone,
        final=True,
    )
    looked.values["begun"] = answer.location
    return answer


@pages.get("/forgotten/<int:job_id>")
def done(job_id: int) -> str:
    """Show what went, and what still holds them."""
    job = shared.jobs().get(job_id)
    if job is None or not isinstance(job.result, Done):
        raise errors.NotFound("users", job_id)
    someone: Someone = job.values["someone"]
    return render_template(
        "forgetting/done.html",
        someone=someone,
        done=job.result,
        absent=_absent(),
        still=forgetting.still_held(job.result.outcomes),
        mentions=erasing.mentions(database.session(), someone.name, someone.ids),
        search=erasing.search_for(someone.name),
    )


def _page(looked: Job, *, unsure: bool = False) -> str:
    someone: Someone = looked.values["someone"]
    opened = database.session()
    return render_template(
        "forgetting/show.html",
        job=looked,
        someone=someone,
        held=ledger.held(connection_of(opened), someone.uids),
        copies=looked.result,
        chosen=[_choice(number) for number in range(len(looked.result))],
        mentions=erasing.mentions(opened, someone.name, someone.ids),
        search=erasing.search_for(someone.name),
        absent=_absent(),
        unsure=unsure,
        back=_back(someone),
    )


def _absent() -> Path | None:
    """Return the second place where it is not there now, and may hold them."""
    where = places()
    absent = where.second is not None and where.second.path not in automatic.folders(where)
    return where.second.path if where.second and absent else None


def _choice(number: int) -> Choice:
    said = request.form.get(f"copy-{number}", "")
    return next((each for each in forgetting.CHOICES if each == said), "rewrite")


def _looked_at(job_id: int) -> Job:
    job = shared.jobs().get(job_id)
    if job is None or job.name != "forget.look" or not isinstance(job.result, list):
        raise errors.NotFound("users", job_id)
    return job


def _back(someone: Someone) -> str:
    """Return the address of the page that someone is on."""
    if someone.where == "here":
        return url_for("users.show", user_id=someone.id)
    return url_for("trash.index") if someone.where == "trash" else url_for("history.index")
