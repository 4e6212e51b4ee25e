"""/api/users/<id>/relations: how a person belongs to others; those there are stand in the person's JSON."""

from flask import Blueprint, Response, jsonify

from webui import database
from webui.api import shapes
from webui.store import relations, users
from webui.store.ledger.operations import operation

api = Blueprint("api_relations", __name__)


@api.post("/api/users/<int:user_id>/relations")
def create(user_id: int) -> tuple[Response, int]:
    """Say what `people` (ids or names) are to a person: `kind`, or an own `label` and `back_label`. 201."""
    given, session = shapes.known(shapes.body(), relations.KEYS), database.session()
    with operation(session, "api"):
        relations.add(session, user_id, given)
    return jsonify(shapes.user_json(users.find(session, user_id))), 201


@api.delete("/api/users/<int:user_id>/relations/<int:relation_id>")
def remove(user_id: int, relation_id: int) -> tuple[str, int]:
    """Take back what joins two people, named by either (undo brings it back): 204."""
    session = database.session()
    with operation(session, "api"):
        relations.remove(session, user_id, relation_id)
    return "", 204
