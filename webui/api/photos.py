"""/api/users/<id>/photo: the bytes themselves, as they came."""

from flask import Blueprint, Response, jsonify, request, url_for

from webui import database
from webui.api import shapes
from webui.store import photos, users
from webui.store.ledger.operations import operation
from webui.store.values import pictures

api = Blueprint("api_photos", __name__)


@api.get("/api/users/<int:user_id>/photo")
def show(user_id: int) -> Response:
    """Return a person's photo as it came; what is shown of it lies at /photos/<hash>."""
    media_type, content = photos.original(database.session(), user_id)
    return Response(content, mimetype=media_type)


@api.put("/api/users/<int:user_id>/photo")
def put(user_id: int) -> Response | tuple[Response, int, dict[str, str]]:
    """Give a person the picture that the body is: 201 with Location for a first one, else 200."""
    session = database.session()
    had = users.find(session, user_id).photo_hash
    picture = pictures.read(request.stream.read(pictures.LONGEST + 1))
    with operation(session, "api"):
        photos.put(session, user_id, picture)
    shown = jsonify(shapes.user_json(users.find(session, user_id)))
    if had:
        return shown
    return shown, 201, {"Location": url_for("api_photos.show", user_id=user_id)}


@api.delete("/api/users/<int:user_id>/photo")
def remove(user_id: int) -> tuple[str, int]:
    """Take a person's photo away (undo brings it back): 204."""
    session = database.session()
    with operation(session, "api"):
        photos.remove(session, user_id)
    return "", 204
