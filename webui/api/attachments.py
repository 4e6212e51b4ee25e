"""/api/attachments: the bytes of a file, its name; those of a person are in the person's own JSON."""

from flask import Blueprint, Response, jsonify, request, url_for

from webui import database
from webui.api import shapes
from webui.store import attachments
from webui.store.ledger.operations import operation

api = Blueprint("api_attachments", __name__)


@api.get("/api/attachments/<int:attachment_id>")
def show(attachment_id: int) -> Response:
    """Return the bytes of a file; never as anything that is shown or run."""
    session = database.session()
    attachment = attachments.find(session, attachment_id)
    response = Response(attachments.content(session, attachment), mimetype="application/octet-stream")
    response.headers.set("Content-Disposition", "attachment")
    return response


@api.post("/api/users/<int:user_id>/attachments")
def create(user_id: int) -> tuple[Response, int, dict[str, str]]:
    """Attach what the body is to a person under `name` of the query string: 201 with Location."""
    offered = attachments.Offered(request.args.get("name", ""), request.stream.read(attachments.LONGEST + 1))
    session = database.session()
    with operation(session, "api"):
        [made] = attachments.add(session, user_id, [offered])
        attachment_id = made.id
    shown = shapes.attachment_json(attachments.find(session, attachment_id))
    return jsonify(shown), 201, {"Location": url_for("api_attachments.show", attachment_id=attachment_id)}


@api.patch("/api/attachments/<int:attachment_id>")
def change(attachment_id: int) -> Response:
    """Give a file another `name`."""
    given, session = shapes.known(shapes.body(), ("name",)), database.session()
    if "name" in given:
        with operation(session, "api"):
            attachments.rename(session, attachment_id, given["name"])
    return jsonify(shapes.attachment_json(attachments.find(session, attachment_id)))


@api.delete("/api/attachments/<int:attachment_id>")
def remove(attachment_id: int) -> tuple[str, int]:
    """Take a file from its person (undo brings it back): 204."""
    session = database.session()
    with operation(session, "api"):
        attachments.remove(session, attachment_id)
    return "", 204
