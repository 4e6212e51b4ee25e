"""The trash: who and what is in it, the way back, and for good."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from webui import database, filters, words
from webui.pages import own_fields, shared
from webui.store import errors, fields, settings, trash, users
from webui.store.ledger.operations import operation
from webui.store.models import SavedView

pages = Blueprint("trash", __name__)

SHOWN = 200  # people, and posts; all of them on request
_NOWHERE: dict[str, int | None] = {"user": None, "field": None, "view": None}


@pages.get("/trash")
def index() -> str:
    """List who and what is in the trash, the last one first."""
    return _list({}, {})


@pages.post("/users/<int:user_id>/put-back")
def put_back(user_id: int) -> Response | tuple[str, int]:
    """Take a person out of the trash; what someone else took meanwhile is asked for."""
    session = database.session()
    typed: dict[str, Any] = request.form.to_dict() | own_fields.typed(session, request.form)
    if take := typed.pop("take", None):
        typed["username"] = take
    try:
        with operation(session):
            name = users.put_back(session, user_id, own_fields.for_store(session, typed)).name
    except errors.Invalid as error:
        return _list(typed, error.fields, user=user_id), 422
    return shared.done(_("%(name)s is back.", name=name), "trash.index")


@pages.post("/posts/<int:post_id>/put-back")
def put_post_back(post_id: int) -> Response:
    """Take a post out of the trash, back to its person."""
    session = database.session()
    with operation(session):
        post = trash.put_post_back(session, post_id)
        title, name, waits = post.title, post.user.name, post.user.deleted_at
    sentence = _("%(title)s is with %(name)s again.", title=title, name=name)
    if waits:
        sentence = _("%(title)s is with %(name)s again, who is in the trash.", title=title, name=name)
    return shared.done(sentence, "trash.index")


@pages.post("/views/<int:view_id>/put-back")
def put_view_back(view_id: int) -> Response | tuple[str, int]:
    """Take a view out of the trash; where its name is taken by now, another is asked for."""
    session, typed = database.session(), request.form.to_dict()
    try:
        with operation(session):
            name = _called(trash.put_view_back(session, view_id, typed.get("name")))
    except errors.Invalid as error:
        asked = typed or {"name": _called(trash.view(session, view_id))}
        return _list(asked, error.fields, view=view_id), 422
    return shared.done(_("The view %(name)s is back.", name=name), "trash.index")


@pages.post("/settings/fields/<int:field_id>/put-back")
def put_field_back(field_id: int) -> Response | tuple[str, int]:
    """Take a field out of the trash; where its name is taken by now, another is asked for."""
    session, typed = database.session(), request.form.to_dict()
    try:
        with operation(session):
            name = fields.put_back(session, field_id, typed.get("name")).name
    except errors.Invalid as error:
        asked = typed or {"name": fields.trashed_one(session, field_id).name}
        return _list(asked, error.fields, field=field_id), 422
    return shared.done(_("The field %(name)s is back.", name=name), "trash.index")


@pages.post("/posts/<int:post_id>/remove")
def remove_post(post_id: int) -> Response:
    """Delete a post in the trash for good."""
    session = database.session()
    with operation(session):
        post = trash.remove_post(session, post_id)
        told = {"title": post.title, "name": post.user.name}
    said = _("The post %(title)s about %(name)s is deleted for good.", **told)
    return shared.done(said, "trash.index")


@pages.post("/views/<int:view_id>/remove")
def remove_view(view_id: int) -> Response:
    """Delete a view in the trash for good."""
    session = database.session()
    with operation(session):
        name = _called(trash.remove_view(session, view_id))
    return _removed(name)


@pages.post("/settings/fields/<int:field_id>/remove-for-good")
def remove_field(field_id: int) -> Response:
    """Delete a field in the trash for good, and what everyone has in it."""
    session = database.session()
    with operation(session):
        name = trash.remove_field(session, field_id)
    return _removed(name)


@pages.post("/trash/empty")
def empty() -> Response:
    """Delete all that is in the trash for good."""
    session = database.session()
    with operation(session):
        gone = trash.empty(session)
    if not gone.all:
        return shared.said(_("The trash is empty already."), url_for("trash.index"))
    return shared.done(_("Deleted for good: %(what)s.", what=filters.counted(vars(gone))), "trash.index")


def _removed(name: str) -> Response:
    return shared.done(_("%(name)s is deleted for good.", name=name), "trash.index")


def _called(view: SavedView) -> str:
    return words.view(view.name, view.preset)


def _list(typed: dict[str, Any], faults: dict[str, errors.Message], **clashing: int) -> str:
    """Show the trash; `clashing` is the id of the user, field or view that could not be put back."""
    session = database.session()
    limit = 2**62 if "all" in request.args else SHOWN
    found = users.trashed(session, limit)
    someone = next((each for each in found if each.id == clashing.get("user")), None)
    if someone and "fields" not in typed:
        typed = {**typed, "fields": own_fields.values(someone)}
    return render_template(
        "trash/index.html",
        users=found,
        faces={user.id: shared.face(user) for user in found},
        form=typed,
        faults=shared.faults(own_fields.by_id(session, faults)),
        clashing=_NOWHERE | clashing,
        own=own_fields.drawn(session),
        things=_things(session, limit),
        days=settings.trash_days(session),
    )


def _things(session: Session, limit: int) -> dict[str, Any]:
    """Return what is in the trash beside people."""
    counts = fields.counts(session, trashed=True)
    return {
        "posts": trash.posts(session, limit),
        "views": [
            {"id": view.id, "name": _called(view), "query": view.query, "deleted_at": view.deleted_at}
            for view in trash.views(session)
        ],
        "fields": [(field, counts.get(field.id, 0)) for field in fields.trashed(session)],
    }
