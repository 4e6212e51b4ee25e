"""Forget completely: what would go and which copies hold them, the one question that is asked, what went."""

from contextlib import suppress
from pathlib import Path

from flask import Blueprint, current_app, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from sqlalchemy import Engine
from werkzeug.wrappers import Response

from webui import database, moments, words
from webui.jobs import Job
from webui.pages import jobs, shared, unsaved
from webui.pages.safety import places
from webui.safety import automatic, deep, files, forgetting, holders, owed, treating
from webui.safety import places as locations
from webui.safety.forgetting import Done
from webui.safety.holders import Copy
from webui.safety.treating import Choice
from webui.store import erasing, errors
from webui.store.erasing import Someone
from webui.store.ledger import forget as ledger
from webui.store.ledger.history import connection_of

pages = Blueprint("forgetting", __name__)


@pages.get("/users/<int:user_id>/forget")
def look(user_id: int) -> Response:
    """Look which copies hold someone, and go on to what would go. Nothing happens yet."""
    someone, reach = erasing.find(database.session(), user_id), _reach()

    def work(engine: Engine, job: Job) -> list[Copy]:
        return holders.copies(Path(str(engine.url.database)), reach.there, someone.uids, job.step)

    return jobs.start(
        "forget.look",
        work,
        title=_("Forget %(name)s completely", name=someone.name),
        phases=["forget.look"],
        then=lambda job: url_for("forgetting.show", job_id=job.id),
        back=_back(someone),
        someone=someone,
        away=reach.away,
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
    choices = {copy.path: _choice(f"copy-{number}") for number, copy in enumerate(looked.result)}
    choices |= {each.path: _choice(f"away-{number}") for number, each in enumerate(looked.values["away"])}
    if request.form.get("sure") != "1":
        return _page(looked, unsure=True), 422
    if begun := looked.values.get("begun"):  # pressed twice
        return redirect(begun, 303)
    session.pop("list", None)
    where, kept, typed, reach = places(), moments.kept(), unsaved.kept(), _reach()
    lately: automatic.Lately = current_app.extensions["roster.backups"]

    def work(engine: Engine, job: Job) -> Done:
        step = shared.told_to(job)  # half of the copies rewritten is no place to stop at
        with lately.lock:
            done = forgetting.forget_everywhere(
                engine, reach.there, someone.uids, choices, step, away=reach.away
            )
            data = Path(str(engine.url.database)).parent
            with suppress(errors.Full, errors.ReadOnly):  # they are forgotten, whatever can be noted
                deep.renew(data, [each.copy.path for each in done.outcomes if each.did == "rewritten"])
                automatic.bring_up(engine, where)  # what is noted of the copies there is true again
        typed.clear()
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
    job, done = _done(job_id)
    someone: Someone = job.values["someone"]
    return render_template(
        "forgetting/done.html",
        someone=someone,
        job=job,
        done=done,
        gone=[each.copy.path for each in done.outcomes if not each.copy.path.exists()],
        second=places().second,
        still=[each for each in treating.still_held(done.outcomes) if each.copy.path.exists()],
        mentions=erasing.mentions(database.session(), someone.name, someone.ids),
        search=erasing.search_for(someone.name),
    )


@pages.post("/forgotten/<int:job_id>/remove")
def remove(job_id: int) -> Response:
    """Remove a copy that still holds them after all."""
    job, done = _done(job_id)
    still = {str(each.copy.path): each.copy.path for each in treating.still_held(done.outcomes)}
    path, here = still.get(request.form.get("path", "")), url_for("forgetting.done", job_id=job_id)
    if path is None:
        raise errors.NotFound("backups", request.form.get("path", ""))
    data = Path(str(database.engine().url.database)).parent
    lately: automatic.Lately = current_app.extensions["roster.backups"]
    try:
        with lately.lock, files.told(path):
            treating.remove(path)
            owed.drop(data, path, job.values["someone"].uids)
            locations.note_removed(data, [path])
    except errors.StoreError as error:
        return shared.said(words.sentence(error.message), here)
    return shared.said(_("%(name)s is removed.", name=path.name), here)


def _page(looked: Job, *, unsure: bool = False) -> str:
    someone: Someone = looked.values["someone"]
    opened = database.session()
    return render_template(
        "forgetting/show.html",
        job=looked,
        someone=someone,
        held=ledger.held(connection_of(opened), someone.uids),
        copies=looked.result,
        chosen=[_choice(f"copy-{number}") for number in range(len(looked.result))],
        away=looked.values["away"],
        later=[_choice(f"away-{number}") for number in range(len(looked.values["away"]))],
        second=places().second,
        mentions=erasing.mentions(opened, someone.name, someone.ids),
        search=erasing.search_for(someone.name),
        unsure=unsure,
        back=_back(someone),
    )


def _reach() -> locations.Reach:
    return locations.reach(places(), Path(str(database.engine().url.database)).parent)


def _choice(name: str) -> Choice:
    return next((each for each in treating.CHOICES if each == request.form.get(name, "")), "rewrite")


def _done(job_id: int) -> tuple[Job, Done]:
    job = shared.jobs().get(job_id)
    if job is None or not isinstance(job.result, Done):
        raise errors.NotFound("users", job_id)
    return job, job.result


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
