"""People: the list with its pane, a person, the form, the way into the trash."""

from typing import Any

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from webui import database
from webui.pages import shared
from webui.store import errors, posts, search, settings, users
from webui.store.ledger.operations import named, operation
from webui.store.models import User
from webui.store.values import names, person

pages = Blueprint("users", __name__)


@pages.get("/")
def index() -> str:
    """List people; htmx gets the rows alone. With nobody at all: the three doors."""
    session = database.session()
    page = search.find(
        session, request.args.get("q", ""), request.args.get("sort", ""), request.args.get("after")
    )
    if not page.count and not page.words and not any(users.counts(session)):
        return render_template("users/welcome.html")
    here = request.args.get("here", type=int)
    shown: dict[str, Any] = {"page": page, "q": request.args.get("q", ""), "marks": shared.marker(page.words)}
    if shared.wants_fragment():
        return render_template(
            "users/_rows.html" if "after" in request.args else "users/_table.html", **shown
        )
    return render_template(
        "users/index.html", **shown, pane=_pane(here or (page.rows[0].id if page.rows else None))
    )


@pages.get("/users/<int:user_id>/pane")
def pane(user_id: int) -> str | BaseResponse:
    """Show the person beside the list; without script, the person's page."""
    if not shared.wants_fragment():
        return redirect(url_for("users.show", user_id=user_id))
    return render_template("users/_pane.html", **_person(user_id, 3))


@pages.get("/users/<int:user_id>")
def show(user_id: int) -> str:
    """Show a person: what is known, and the stream of posts."""
    return render_template("users/show.html", **_person(user_id, 500), form={}, faults={})


@pages.route("/add", methods=["GET", "POST"])
def create() -> str | BaseResponse | tuple[str, int]:
    """Add a person."""
    if request.method == "GET":
        return _form({}, {}, None)
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
    """Move a person to the trash."""
    session = database.session()
    name = users.find(session, user_id).name
    with operation(session):
        users.trash(session, [user_id])
    return shared.done(_("%(name)s moved to the trash.", name=name), "users.index")


@pages.get("/users/suggest")
def suggest() -> Response:
    """Return a free username for what is typed so far: {"username": ...}."""
    but = request.args.get("but", type=int)
    return jsonify(username=users.suggest_username(database.session(), request.args, but))


def _save(user: User | None) -> str | BaseResponse | tuple[str, int]:
    session, typed = database.session(), shared.person_form(request.form)
    user_id, form = user.id if user else None, dict(typed)
    if take := form.pop("take", None):
        return _form({**typed, "username": take}, {}, user)
    if form.pop("more_emails", None):
        return _form({**typed, "emails": [*typed.get("emails", []), {"label": "", "email": ""}]}, {}, user)
    without, seen = form.pop("email_optional", None), form.pop("seen", None)
    try:
        with operation(session):
            if without and not form.get("email"):
                settings.set_email_required(session, False)
            if user_id is None:
                saved = users.add(session, form)
            else:
                saved = users.change(session, user_id, form, seen=seen)
            name, saved_id = saved.name, saved.id
            _name_both(session, without, user_id, name)
    except errors.Invalid as error:
        return _form(typed, error.fields, user and users.find(session, user.id)), 422
    except errors.Busy as error:
        return _form(
            typed, {"": error.message}, None if user_id is None else users.find(session, user_id)
        ), 503
    except errors.Refused as error:
        return _form(typed, {"": error.message}, users.find(session, user_id or 0)), 409
    sentence = _("%(name)s added.", name=name) if user_id is None else _("%(name)s saved.", name=name)
    return shared.done(sentence, "users.show", user_id=saved_id)


def _name_both(session: Any, without: str | None, user_id: int | None, name: str) -> None:
    """Name an operation that turned the e-mail rule off by the person, not by the rule."""
    if without:
        session.info["operation"].message = ""
        named(session, "users.add" if user_id is None else "users.change", name=name, fields=[])


def _form(typed: dict[str, Any], fields: dict[str, errors.Message], user: User | None) -> str:
    session = database.session()
    return render_template(
        "users/form.html",
        form=typed,
        faults=shared.faults(fields),
        user=user,
        may_go_without="email" in fields and fields["email"].id == "email.required",
        email_required=settings.email_required(session),
    )


def _values(user: User) -> dict[str, Any]:
    values: dict[str, Any] = {name: getattr(user, name) or "" for name in person.FIELDS}
    values["emails"] = [{"label": row.label, "email": row.email} for row in user.emails]
    if user.display_name == names.display(values):
        values["display_name"] = ""  # it follows the parts
    return values | {"seen": user.updated_at}


def _person(user_id: int, limit: int) -> dict[str, Any]:
    session = database.session()
    user = users.find(session, user_id)
    return {
        "user": user,
        "face": {"initials": names.initials(user.name), "hue": names.hue(user.id)},
        "posts": posts.of_user(session, user_id, limit),
        "count_posts": posts.count_of_user(session, user_id),
    }


def _pane(user_id: int | None) -> dict[str, Any] | None:
    try:
        return _person(user_id, 3) if user_id else None
    except errors.NotFound:
        return None
