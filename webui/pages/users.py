"""People: the list with its pane, a person, the form, the way into the trash."""

import json
import math
import time
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, jsonify, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from webui import addresses, database, facts, filters, moments
from webui.pages import import_begun, listed, meanwhile, own_fields, profile, searching, shared, uploads
from webui.store import errors, search, settings, standing, users
from webui.store.ledger import history
from webui.store.ledger.operations import beside, operation
from webui.store.models import User
from webui.store.values import dates, names, person, times

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
        return _form({"given": first, "family": last.strip(), **begun}, {}, None)
    return _save(None)


@pages.route("/users/<int:user_id>/edit", methods=["GET", "POST"])
def edit(user_id: int) -> str | BaseResponse | tuple[str, int]:
    """Change a person."""
    user = users.find(database.session(), user_id)
    if request.method == "GET":
        return _form(_values(user), {}, user)
    return _save(user)


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
    """Say how a date that is being typed is read: {"read": sentence}, '' while it can't be.

    `when` says that it is a whole day that is `ahead` or has `been`.
    """
    typed = request.args.get("typed", "")[: dates.LONGEST_TYPED]
    when = {"ahead": dates.coming, "been": dates.been}.get(request.args.get("when", ""))
    date = when(typed, filters.today()) if when else dates.parse(typed)
    if when and not times.is_day(date or ""):
        date = None
    return jsonify(read=_("Read as %(date)s.", date=facts.partial(date, weekday=True)) if date else "")


def _save(user: User | None) -> str | BaseResponse | tuple[str, int]:
    session = database.session()
    typed = shared.person_form(request.form) | own_fields.typed(session, request.form)
    user_id, form = user.id if user else None, dict(typed)
    if take := form.pop("take", None):
        return _form({**typed, "username": take}, uploads.again(), user)
    more = form.pop("more", None)
    if more in person.LISTS:
        return _form({**typed, more: [*typed.get(more, []), {}]}, uploads.again(), user)
    without, seen, base = (form.pop(name, None) for name in ("email_optional", "seen", "base"))
    form = own_fields.for_store(session, form)
    try:
        photo = uploads.photo()
        with operation(session):
            if without and not form.get("email"):
                with beside(session):  # history names the person
                    settings.set_email_required(session, False)
            if user_id is None:
                # Whoever types faster than the suggestion comes gets it all the same.
                form["username"] = form.get("username") or users.suggest_username(session, form)
                saved = users.add(session, form)
            else:
                saved = users.change(session, user_id, form, seen=seen)
            photo.keep(session, saved.id)
            name, saved_id = saved.name, saved.id
    except errors.Invalid as error:
        return _form(typed, uploads.again() | error.fields, user and users.find(session, user.id)), 422
    except errors.Busy as error:
        found = None if user_id is None else users.find(session, user_id)
        return _form(typed, {"": error.message} | uploads.again(), found), 503
    except errors.Refused as error:
        return _beside_another(typed, base, error.message, users.find(session, user_id or 0), photo)
    sentence = _("%(name)s added.", name=name) if user_id is None else _("%(name)s saved.", name=name)
    return shared.done(sentence, "users.show", user_id=saved_id)


def _beside_another(
    typed: dict[str, Any],
    base: str | None,
    message: errors.Message,
    user: User,
    photo: uploads.PhotoChange,
) -> BaseResponse | tuple[str, int]:
    """Save a form that met a change made meanwhile beside it, but over it only when asked to again."""
    now, held = _values(user), meanwhile.held(base)
    mine, both = meanwhile.compared(typed, held, now)
    together, session = meanwhile.together(now, mine), database.session()
    if held and not both:
        try:
            with operation(session):
                name = users.change(session, user.id, own_fields.for_store(session, mine)).name
                photo.keep(session, user.id)
            return shared.done(_("%(name)s saved.", name=name), "users.show", user_id=user.id)
        except errors.Invalid as error:
            return _form(together, uploads.again() | error.fields, user), 422
    return _form(together, {"": message} | uploads.again(), user, both), 409


def _form(
    typed: dict[str, Any],
    fields: dict[str, errors.Message],
    user: User | None,
    both: Sequence[tuple[str, str, str]] = (),
) -> str:
    session = database.session()
    faults = shared.faults(own_fields.by_id(session, fields))
    missing = "username" in fields and fields["username"].id == "username.required"
    if missing and (free := users.suggest_username(session, typed, user.id if user else None)):
        faults["username"] = Markup(_("Everyone needs a username. Free: %(free)s", free=shared.free([free])))
    return render_template(
        "users/form.html",
        form=typed,
        faults=faults,
        user=user,
        face=shared.face(user) if user else {"initials": "", "hue": 6},
        meanwhile=both,
        own=own_fields.drawn(session),
        may_go_without="email" in fields and fields["email"].id == "email.required",
        email_required=settings.email_required(session),
    )


def _values(user: User) -> dict[str, Any]:
    values = own_fields.person_form(user)
    if user.display_name == names.display(values):
        values["display_name"] = ""  # it follows the parts
    values["tags"] = person.joined(values["tags"])
    return values | {"seen": users.state(user), "base": json.dumps(values)}


def _pane(user_id: int | None) -> dict[str, Any] | None:
    try:
        return profile.shown(user_id, 3) if user_id else None
    except errors.NotFound:
        return None
