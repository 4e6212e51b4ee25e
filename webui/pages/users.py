"""People: the list with its pane, a person, the form, the way into the trash."""

import math
import time
from typing import Any

from flask import Blueprint, Response, jsonify, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from webui import addresses, database, facts, filters, moments, words
from webui.pages import import_begun, listed, own_fields, person_form, profile, searching, shared
from webui.store import errors, search, standing, users
from webui.store.ledger import history
from webui.store.ledger.operations import operation
from webui.store.values import dates, times

pages = Blueprint("users", __name__)


@pages.get("/")
def index() -> str | Response:
    """List people; htmx gets the rows alone. With nobody at all: the three doors."""
    session, started = database.session(), time.perf_counter()
    q, sort, after = (request.args.get(name, "") for name in ("q", "sort", "after"))
    here = addresses.number(request.args, "here")
    try:
        page = search.find(session, q, sort, after or None)
    except errors.Unreadable as error:
        return _unreadable(q, searching.fault(error, sort))
    if here and not after and here not in {row.id for row in page.rows}:
        after = standing.place(session, here, q, page.sort) or ""
        page = search.find(session, q, sort, after or None)
    if not page.count and not page.asked and not moments.looking() and _untouched(session):
        begun, at_work = import_begun.found(), import_begun.at_work()
        return render_template("users/welcome.html", begun=begun, at_work=at_work)
    if not (after and shared.wants_fragment()):  # rows that follow may come when another list is shown
        shared.remember_list(q, page.sort)
    took = math.ceil((time.perf_counter() - started) * 1000)
    shown: dict[str, Any] = {"page": page, "q": q, "marks": shared.marker(page.words), "took": took}
    shown |= {"later": bool(after), **searching.beside(session, q, page), **listed.table(session, page.rows)}
    shown["sorted_by"] = listed.hidden(session, page.sort)
    first = page.rows[0].id if page.rows else None
    if shared.wants_fragment():
        address = url_for("users.index", q=q.strip() or None, sort=page.sort or None, here=first)
        return _fragment(shown, after, address)
    here = here or first
    return render_template("users/index.html", **shown, here=here, pane=_pane(here))


def _fragment(shown: dict[str, Any], after: str, address: str) -> str | Response:
    """Return what htmx asked for: the rows that follow, or a new table with its address, at the first row."""
    if after:
        return render_template("users/_rows.html", **shown)
    response = make_response(render_template("users/_table.html", **shown, fragment=True))
    response.headers["HX-Replace-Url"] = address
    return response


def _unreadable(q: str, shown: dict[str, Any]) -> str | Response:
    """Say where and why a search can't be read; the list on the page stays as it was."""
    if shared.wants_fragment():
        parts = (
            render_template(f"users/{name}.html", q=q, fragment=True, **shown)
            for name in ("_filters", "_tally")
        )
        response = make_response("".join(parts))
        response.headers["HX-Reswap"] = "none"
        return response
    return render_template("users/index.html", q=q, took=0, later=False, here=None, pane=None, **shown)


def _untouched(session: Session) -> bool:
    """Tell whether nobody ever was here: then the doors are all there is to show."""
    return not any(users.counts(session)) and not history.page(session, limit=1)


@pages.get("/users/<int:user_id>/pane")
def pane(user_id: int) -> str | BaseResponse:
    """Show the person beside the list; without script, the person's page."""
    if not shared.wants_fragment():
        return redirect(url_for("users.show", user_id=user_id))
    return render_template("users/_pane.html", **profile.shown(user_id, 3))


@pages.get("/users/<int:user_id>")
def show(user_id: int) -> str:
    """Show a person: what is known, and the stream of posts."""
    return profile.page(user_id)


@pages.route("/add", methods=["GET", "POST"])
def create() -> str | BaseResponse | tuple[str, int]:
    """Add a person."""
    if request.method == "GET":
        first, _space, last = request.args.get("name", "").strip().partition(" ")
        begun = own_fields.defaults(database.session())
        return person_form.begin({"given": first, "family": last.strip(), **begun}, None)
    return person_form.save(None)


@pages.route("/users/<int:user_id>/edit", methods=["GET", "POST"])
def edit(user_id: int) -> str | BaseResponse | tuple[str, int]:
    """Change a person."""
    user = users.find(database.session(), user_id)
    if request.method == "GET":
        return person_form.begin(person_form.values(user), user)
    return person_form.save(user)


@pages.post("/users/<int:user_id>/trash")
def trash(user_id: int) -> BaseResponse:
    """Move a person to the trash; the list one came from stays as it was, at the person `here`."""
    session = database.session()
    name = users.find(session, user_id).name
    with operation(session):
        users.trash(session, [user_id])
    here = addresses.number(request.form, "here")
    return shared.done_at(_("%(name)s moved to the trash.", name=name), shared.list_address(here))


@pages.get("/users/suggest")
def suggest() -> Response:
    """Return a free username for what is typed so far: {"username": ...}."""
    but = addresses.number(request.args, "but")
    return jsonify(username=users.suggest_username(database.session(), request.args, but))


@pages.get("/users/read-date")
def read_date() -> Response:
    """Say how a date that is being typed is read, or why it can't be: {"read": sentence, "fault": sentence}
    of which one is '', or both where nothing is typed.

    `when` says that it is a whole day that is `ahead` or has `been`, or the day someone was `born`.
    """
    typed, when = request.args.get("typed", "")[: dates.LONGEST_TYPED], request.args.get("when", "")
    day = {"ahead": dates.coming, "been": dates.been}.get(when)
    date = day(typed, filters.today()) if day else dates.parse(typed)
    fault = dates.birthday_fault(typed) if when == "born" else None if day else dates.fault(typed)
    if day and not times.is_day(date or ""):
        fault = errors.Message("date.shape", {"value": typed})
    if fault:
        return jsonify(read="", fault=words.sentence(fault) if typed.strip() else "")
    return jsonify(read=_("Read as %(date)s.", date=facts.partial(date or "", weekday=True)), fault="")


def _pane(user_id: int | None) -> dict[str, Any] | None:
    try:
        return profile.shown(user_id, 3) if user_id else None
    except errors.NotFound:
        return None
