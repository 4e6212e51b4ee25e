"""The trash: who is in it, and the way back."""

from flask import Blueprint, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from webui import database
from webui.pages import shared
from webui.store import errors, users
from webui.store.ledger.operations import operation

pages = Blueprint("trash", __name__)

SHOWN = 200  # people; all of them on request


@pages.get("/trash")
def index() -> str:
    """List the people in the trash, the last one first."""
    return _list({}, {}, None)


@pages.post("/users/<int:user_id>/put-back")
def put_back(user_id: int) -> Response | tuple[str, int]:
    """Take a person out of the trash; what someone else took meanwhile is asked for."""
    session, typed = database.session(), request.form.to_dict()
    if take := typed.pop("take", None):
        typed["username"] = take
    try:
        with operation(session):
            name = users.put_back(session, user_id, typed).name
    except errors.Invalid as error:
        return _list(typed, error.fields, user_id), 422
    return shared.done(_("%(name)s is back.", name=name), "users.show", user_id=user_id)


def _list(typed: dict[str, str], fields: dict[str, errors.Message], clashing: int | None) -> str:
    session = database.session()
    found = users.trashed(session, users.counts(session)[1] if "all" in request.args else SHOWN)
    return render_template(
        "trash/index.html",
        users=found,
        faces={user.id: shared.face(user) for user in found},
        form=typed,
        faults=shared.faults(fields),
        clashing=clashing,
    )
