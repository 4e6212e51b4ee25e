"""How people belong together: said on a person's page, taken back on the page of either."""

from flask import Blueprint, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from webui import database
from webui.pages import profile, shared
from webui.plurals import ngettext
from webui.store import errors, relations
from webui.store import users as users_store
from webui.store.ledger.operations import operation

pages = Blueprint("relations", __name__)


@pages.post("/users/<int:user_id>/relations")
def create(user_id: int) -> Response | tuple[str, int]:
    """Say what others are to a person."""
    session, typed = database.session(), request.form.to_dict()
    try:
        with operation(session):
            found = relations.add(session, user_id, typed)
            name, other, count = users_store.find(session, user_id).name, found[0].name, len(found)
    except errors.Invalid as error:
        told = {"relation": typed, "relation_faults": shared.faults(error.fields)}
        return profile.page(user_id, **told), 422
    said = _("%(name)s knows %(other)s.", name=name, other=other)
    if count > 1:
        said = ngettext(
            "%(name)s knows %(num)s more person.", "%(name)s knows %(num)s more people.", count, name=name
        )
    return shared.done_at(said, _place(user_id, "knows-more"))


@pages.post("/users/<int:user_id>/relations/<int:relation_id>/remove")
def remove(user_id: int, relation_id: int) -> Response:
    """Take back what joins two people."""
    session = database.session()
    with operation(session):
        other = relations.remove(session, user_id, relation_id).name
    return shared.done_at(
        _("%(other)s is not among those known here any more.", other=other), _place(user_id, "knows")
    )


def _place(user_id: int, anchor: str) -> str:
    """Return the address of a person's page at what takes the focus, for who goes on by keyboard."""
    return url_for("users.show", user_id=user_id, _anchor=anchor)
