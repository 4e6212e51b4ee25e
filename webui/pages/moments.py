"""Looking at a past moment: choose one, look, bring someone back from there, come back to now."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import Engine
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response

from webui import addresses, database, filters, moments, words
from webui.jobs import Job
from webui.pages import compared, jobs, ruler, shared
from webui.safety import past
from webui.store import errors, former, users
from webui.store.ledger import moments as known
from webui.store.ledger.moments import Moment
from webui.store.ledger.operations import operation

pages = Blueprint("moments", __name__)


@pages.get("/moments/ruler")
def show() -> str | Response:
    """Give the ruler alone, at another moment: a step or a day from the one it was at."""
    if not shared.wants_fragment():
        return redirect(url_for("history.index", moment=addresses.number(request.args, "moment")))
    return render_template("moments/_ruler.html", ruler=ruler.of_request())


@pages.post("/moments")
def look() -> Response:
    """Look at a moment: the one on the ruler, or what was typed instead."""
    session, user_id = database.session(), addresses.number(request.form, "user")
    back = url_for("users.show", user_id=user_id) if user_id else url_for("history.index")
    try:
        moment, at = _asked()
    except errors.Refused as error:
        if (when := request.form.get("when")) and not user_id:  # the field keeps it, with the fault beside it
            asked = addresses.number(request.form, "moment")
            return redirect(url_for("history.index", moment=asked, typed=when[: ruler.LONGEST]), 303)
        return shared.said(words.sentence(error.message), back)
    if moment == known.newest(session):
        moments.leave()
        return shared.said(words.sentence(errors.Message("moment.is_now")), back)

    kept = moments.kept()

    def work(engine: Engine, job: Job) -> str:
        return kept.keep(past.make(engine, moment.id, job.step))

    def then(job: Job) -> str:
        moments.enter(moments.Looking(moment.id, at, job.result))
        copy = kept.get(job.result)
        if user_id and copy and users.is_there(copy.engine, user_id):
            return url_for("users.show", user_id=user_id)
        if user_id:
            flash(_("Whom you looked at was not here then."))
        return url_for("users.index")

    title = _("Look at %(at)s", at=filters.moment(at))
    return jobs.start("past", work, title=title, phases=past.PHASES, then=then, back=back)


@pages.get("/moments/compare")
def compare() -> str | Response:
    """Say what differs between the moment looked at and now."""
    looked = moments.looking()
    return compared.page(looked) if looked else redirect(url_for("history.index"))


@pages.post("/moments/leave")
def leave() -> Response:
    """Come back to now: to a person, else on the page one was on where there is one now."""
    looked = moments.looking()
    moments.leave()
    if looked and looked.backup:
        return redirect(url_for("restores.preview", key=looked.backup), 303)
    user_id = addresses.number(request.form, "user")
    there = url_for("users.show", user_id=user_id) if user_id else shared.came_from()
    return redirect(_now_of(there), 303)


@pages.post("/moments/users/<int:user_id>")
def bring(user_id: int) -> Response:
    """Bring someone back into now as they were then."""
    session, then, looked = database.session(), moments.past(), moments.looking()
    assert looked is not None
    there = shared.came_from() or url_for("users.show", user_id=user_id)
    try:
        with operation(session):
            name = former.bring(session, then, user_id, looked.at).name
    except errors.Invalid as error:
        return shared.said(shared.unchanged(error), there)
    said = _("%(name)s is now as they were then.", name=name)
    if not session.info.get("changed", True):
        said = _("%(name)s is the same now. Nothing was changed.", name=name)
    if left := former.left_out(session, then, user_id):
        said += " " + _("Not in these fields, which are not there now: %(names)s.", names=", ".join(left))
    return shared.said(said, there)


def _asked() -> tuple[Moment, str]:
    """Return the moment that a form names, or the one `before` an operation, and its time as UTC.

    Raises Refused for what can't be read.
    """
    session, typed = database.session(), request.form.get("when", "").strip()[: ruler.LONGEST]
    if before := addresses.number(request.form, "before"):
        earlier = known.step(session, before, -1)
        return earlier, earlier.at or known.oldest(session).at
    chosen = known.find(session, addresses.number(request.form, "moment") or 0)
    if chosen and typed == request.form.get("shown", "").strip():
        return chosen, chosen.at or known.oldest(session).at
    return ruler.typed(typed)


def _now_of(address: str) -> str:
    """Return the address of a page that is there now: of someone who is gone, the list."""
    path = address.partition("?")[0]
    try:
        endpoint, values = current_app.url_map.bind("").match(path, "GET")
        if endpoint == "users.show":
            users.find(database.live(), values["user_id"])
    except (HTTPException, RequestRedirect, errors.NotFound):
        return url_for("users.index")
    return address
