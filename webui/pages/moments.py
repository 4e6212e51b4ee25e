"""Looking at a past moment: choose one, look, bring someone back from there, come back to now."""

import datetime
import re

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import Engine
from werkzeug.wrappers import Response

from webui import addresses, database, filters, moments, words
from webui.jobs import Job
from webui.pages import jobs, ruler, shared
from webui.safety import past
from webui.store import errors, former, users
from webui.store.ledger import moments as known
from webui.store.ledger.moments import Moment
from webui.store.ledger.operations import operation
from webui.store.values import dates, times

pages = Blueprint("moments", __name__)

_TIMED = re.compile(r"(.*?)[,\s]+(\d{1,2})[:.](\d{2})")


@pages.get("/moments/ruler")
def show() -> str | Response:
    """Give the ruler alone, at another moment: a step or a day from the one it was at."""
    if not shared.wants_fragment():
        return redirect(url_for("history.index", moment=addresses.number(request.args, "moment")))
    return render_template("moments/_ruler.html", ruler=ruler.of_request())


@pages.post("/moments")
def look() -> Response:
    """Look at a moment: the one on the ruler, or what was typed instead."""
    session, back = database.session(), url_for("history.index")
    try:
        moment, at = _asked()
    except errors.Refused as error:
        return shared.said(words.sentence(error.message), back)
    if moment == known.newest(session):
        return shared.said(words.sentence(errors.Message("moment.is_now")), back)

    kept = moments.kept()

    def work(engine: Engine, job: Job) -> str:
        return kept.keep(past.make(engine, moment.id, job.step))

    def then(job: Job) -> str:
        moments.enter(moments.Looking(moment.id, at, job.result))
        return url_for("users.index")

    title = _("Look at %(at)s", at=filters.moment(at))
    return jobs.start("past", work, title=title, phases=past.PHASES, then=then, back=back)


@pages.post("/moments/leave")
def leave() -> Response:
    """Come back to now, on the page one was on where there is one now."""
    moments.leave()
    return redirect(_now_of(shared.came_from()), 303)


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
        reasons = " ".join(str(shared.fault(message).striptags()) for message in error.fields.values())
        return shared.said(_("Nothing was changed. %(why)s", why=reasons), there)
    if not session.info.get("changed", True):
        return shared.said(_("%(name)s is the same now. Nothing was changed.", name=name), there)
    return shared.said(_("%(name)s is now as they were then.", name=name), there)


def _asked() -> tuple[Moment, str]:
    """Return the moment that a form names, and its time as UTC. Raises Refused for what can't be read."""
    session, typed = database.session(), request.form.get("when", "").strip()[:80]
    chosen = known.find(session, addresses.number(request.form, "moment") or 0)
    if chosen and typed == request.form.get("shown", "").strip():
        return chosen, chosen.at or known.oldest(session).at
    at = _read(typed)
    if at is None:
        raise errors.Refused(errors.Message("moment.unread", {"typed": typed}))
    return known.until(session, at), at


def _read(typed: str) -> str | None:
    """Return a day or a moment that was typed as UTC; of a day, a month or a year its end."""
    timed = _TIMED.fullmatch(typed)
    date = dates.parse(timed[1] if timed else typed)
    if date is None:
        return None
    year, month, day = dates.parts(date)
    today = filters.today()
    if year is None:  # the last such day
        year = today.year if (month or 1, day or 1) <= (today.month, today.day) else today.year - 1
    try:
        first = datetime.date(year, month or 1, day or 1)
        if timed:
            if not day:
                return None
            clock = datetime.time(int(timed[2]), int(timed[3]), 59)
            return times.of_clock(datetime.datetime.combine(first, clock))
        after = first + datetime.timedelta(1) if day else _next(first, months=1 if month else 12)
        return times.of_clock(
            datetime.datetime.combine(after, datetime.time()) - datetime.timedelta(seconds=1)
        )
    except (ValueError, OverflowError):
        return None


def _next(first: datetime.date, months: int) -> datetime.date:
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return datetime.date(year, month + 1, 1)


def _now_of(address: str) -> str:
    """Return the address of a page that is there now: of someone who is gone, the list."""
    if found := re.match(r"/users/(\d{1,18})\b", address):
        try:
            users.find(database.live(), int(found[1]))
        except errors.NotFound:
            return url_for("users.index")
    return address or url_for("users.index")
