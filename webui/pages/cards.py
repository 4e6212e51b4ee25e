"""A person as a vCard that is copied, to be given to someone. Files of them are for `exports`."""

import io

from flask import Blueprint
from werkzeug.wrappers import Response

from webui import database
from webui.exchange.out import cards, choice
from webui.exchange.out.wanted import BESIDE, OWN, Wanted
from webui.store import users
from webui.store.ledger.history import connection_of

pages = Blueprint("cards", __name__)

# What is thought and written about someone is nobody else's; a photo is long.
_NOT_GIVEN = {"username", "note", "tags", *BESIDE}


@pages.get("/users/<int:user_id>/card")
def show(user_id: int) -> Response:
    """Return someone's fields as a vCard 3.0, which nearly all programs read."""
    session = database.session()
    users.find(session, user_id)
    connection, made = connection_of(session), io.BytesIO()
    given = [each for each in choice.every(connection) if each not in _NOT_GIVEN and not each.startswith(OWN)]
    cards.write(connection, made, choice.only(Wanted(ids=[user_id], version="3.0"), given, connection))
    return Response(made.getvalue(), mimetype="text/vcard")
