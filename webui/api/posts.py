"""/api/posts: list, get, create, change, remove."""

from flask import Blueprint, Response, jsonify, request, url_for

from webui import addresses, database, words
from webui.api import shapes
from webui.store import posts
from webui.store.errors import Invalid, Message
from webui.store.ledger.operations import operation

api = Blueprint("api_posts", __name__)

WRITABLE = ("title", "body", "date", "follow_up", "people")


@api.get("/api/posts")
def index() -> Response:
    """List posts: `user_id`, `q` (within title and body), `sort` (date, id, title; - before it)."""
    page, per_page = shapes.page_asked()
    found, total = posts.listing(
        database.session(),
        user_id=_asked_about(),
        q=request.args.get("q", ""),
        sort=shapes.sort_asked(posts.SORTS),
        offset=(page - 1) * per_page,
        limit=per_page,
    )
    return shapes.listed([shapes.post_json(post) for post in found], total, page, per_page)


@api.get("/api/posts/<int:post_id>")
def show(post_id: int) -> Response:
    """Return one post."""
    return jsonify(shapes.post_json(posts.find(database.session(), post_id)))


@api.post("/api/posts")
def create() -> tuple[Response, int, dict[str, str]]:
    """Write a post about `user_id`: 201 with Location."""
    given, session = shapes.known(shapes.body(), (*WRITABLE, "user_id")), database.session()
    user_id = given.pop("user_id", None)
    if not isinstance(user_id, int) or isinstance(user_id, bool) or not 0 < user_id < 2**63:
        raise Invalid({"user_id": Message("json.user_id")})
    with operation(session, "api"):
        post_id = posts.add(session, user_id, given).id
    shown = shapes.post_json(posts.find(session, post_id))
    location = url_for("api_posts.show", post_id=post_id)
    return (
        jsonify(message=words.sentence(Message("api.post_created")), post=shown),
        201,
        {"Location": location},
    )


@api.patch("/api/posts/<int:post_id>")
def change(post_id: int) -> Response:
    """Change the fields that are given; `done` (true or false) is about the day to come back to it."""
    given, session = shapes.known(shapes.body(), (*WRITABLE, "done")), database.session()
    done = given.pop("done", None)
    if done is not None and not isinstance(done, bool):
        raise Invalid({"done": Message("json.bool")})
    with operation(session, "api"):
        posts.change(session, post_id, given)
        if done is not None:
            posts.set_done(session, post_id, done)
    return jsonify(shapes.post_json(posts.find(session, post_id)))


@api.delete("/api/posts/<int:post_id>")
def remove(post_id: int) -> tuple[str, int]:
    """Remove a post (undo brings it back): 204."""
    session = database.session()
    with operation(session, "api"):
        posts.trash(session, post_id)
    return "", 204


def _asked_about() -> int | None:
    """Return whose posts are asked for, None for everyone's. Raises Invalid for what is no id."""
    user_id = addresses.number(request.args, "user_id")
    if user_id is None and request.args.get("user_id"):
        raise Invalid({"user_id": Message("json.user_id")})
    return user_id
