"""/api/users: list, get, create, change, move to the trash."""

from typing import Any

from flask import Blueprint, Response, jsonify, request, url_for
from sqlalchemy import select

from webui import database, words
from webui.api import shapes
from webui.store import search, users
from webui.store.errors import Message
from webui.store.ledger.operations import operation
from webui.store.models import User
from webui.store.values import person

api = Blueprint("api_users", __name__)

WRITABLE = (*person.FIELDS, *person.LISTS, "tags", "fields")


@api.get("/api/users")
def index() -> Response:
    """List people that match `q`; `sort` is id, username, email, name, last_post, created_at, updated_at."""
    page, per_page = shapes.page_asked()
    found, total = listing(page, per_page)
    return shapes.listed(shapes.users_json(found), total, page, per_page)


@api.get("/api/users/<int:user_id>")
def show(user_id: int) -> Response:
    """Return one person."""
    return jsonify(shapes.user_json(users.find(database.session(), user_id)))


@api.post("/api/users")
def create() -> tuple[Response, int, dict[str, str]]:
    """Add a person: 201 with Location."""
    return added(shapes.known(shapes.body(), WRITABLE))


@api.patch("/api/users/<int:user_id>")
def change(user_id: int) -> Response:
    """Change the fields that are given."""
    given, session = shapes.known(shapes.body(), WRITABLE), database.session()
    with operation(session, "api"):
        users.change(session, user_id, given)
    return jsonify(shapes.user_json(users.find(session, user_id)))


@api.delete("/api/users/<int:user_id>")
def remove(user_id: int) -> tuple[str, int]:
    """Move a person to the trash: 204."""
    session = database.session()
    with operation(session, "api"):
        users.trash(session, [user_id])
    return "", 204


def added(given: dict[str, Any]) -> tuple[Response, int, dict[str, str]]:
    """Add a person and answer as the tutorial does."""
    session = database.session()
    with operation(session, "api"):
        user_id = users.add(session, given).id
    shown = shapes.user_json(users.find(session, user_id))
    message = words.sentence(Message("api.user_created"))
    location = url_for("api_users.show", user_id=user_id)
    return jsonify(message=message, user=shown), 201, {"Location": location}


def listing(page: int, per_page: int) -> tuple[list[User], int]:
    """Return the people of a page, in the order asked for, and how many match in all."""
    session = database.session()
    sort = shapes.sort_asked(search.LISTED)
    ids, total = search.listing(session, request.args.get("q", ""), sort, (page - 1) * per_page, per_page)
    by_id = {user.id: user for user in session.scalars(select(User).where(User.id.in_(ids)))}
    return [by_id[user_id] for user_id in ids if user_id in by_id], total
