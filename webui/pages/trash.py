"""The trash: who and what is in it, and the way back."""

from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from webui import database
from webui.pages import own_fields, shared
from webui.store import errors, fields, users
from webui.store.ledger.operations import operation

pages = Blueprint("trash", __name__)

SHOWN = 200  # people; all of them on request


@pages.get("/trash")
def index() -> str:
    """List the people in the trash, and the fields, the last one first."""
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
    return shared.done(_("%(name)s is back.", name=name), "users.show", user_id=user_id)


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
    return shared.done(_("The field %(name)s is back.", name=name), "settings.index", _anchor="fields")


def _list(
    typed: dict[str, Any],
    faults: dict[str, errors.Message],
    *,
    user: int | None = None,
    field: int | None = None,
) -> str:
    """Show the trash; `user` or `field` is the id of what could not be put back."""
    session = database.session()
    found = users.trashed(session, users.counts(session)[1] if "all" in request.args else SHOWN)
    clashing = next((each for each in found if each.id == user), None)
    if clashing and "fields" not in typed:
        typed = {**typed, "fields": own_fields.values(clashing)}
    return render_template(
        "trash/index.html",
        users=found,
        faces={user.id: shared.face(user) for user in found},
        form=typed,
        faults=shared.faults(own_fields.by_id(session, faults)),
        clashing=user,
        own=own_fields.drawn(session),
        trashed_fields=fields.trashed(session),
        clashing_field=field,
    )
