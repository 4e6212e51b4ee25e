"""/users, as the tutorial this project grew from answers: JSON for programs, the list for people."""

from flask import Blueprint, Response, jsonify, redirect, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from webui import database
from webui.api import shapes, users
from webui.store.models import User

api = Blueprint("api_tutorial", __name__)


@api.get("/users")
def index() -> BaseResponse:
    """List everyone as id, username and email, or one page where `page` is given; people go to /."""
    accepted = request.accept_mimetypes
    if accepted.best_match(["application/json", "text/html"]) == "text/html" and accepted.quality(
        "text/html"
    ) > (accepted.quality("application/json")):
        return redirect(url_for("users.index"), 303)
    if "page" in request.args:
        page, per_page = shapes.page_asked()
        found, total = users.listing(page, per_page)
        rows = [{"id": user.id, "username": user.username, "email": user.email} for user in found]
        return shapes.listed(rows, total, page, per_page)
    return everyone()


@api.post("/users")
def create() -> tuple[Response, int, dict[str, str]]:
    """Add a person: 201 with "User created!"."""
    return users.added(shapes.known(shapes.body(), users.WRITABLE))


def everyone() -> Response:
    """Return the bare list of all living people."""
    query = select(User.id, User.username, User.email).where(User.deleted_at.is_(None)).order_by(User.id)
    return jsonify([dict(row) for row in database.session().execute(query).mappings()])
