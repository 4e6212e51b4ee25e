"""Posts: written on a person's page, changed on a page of their own, removed."""

from flask import Blueprint, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from webui import database
from webui.pages import kept, shared, users
from webui.store import errors, posts
from webui.store.ledger.operations import operation

pages = Blueprint("posts", __name__)


@pages.post("/users/<int:user_id>/posts")
def create(user_id: int) -> str | Response | tuple[str, int]:
    """Write a post about a person."""
    session, typed = database.session(), request.form.to_dict()
    try:
        with operation(session):
            posts.add(session, user_id, typed)
    except (errors.Invalid, errors.Busy) as error:
        fields = error.fields if isinstance(error, errors.Invalid) else {"": error.message}
        shown = users._person(user_id) | {"kept": kept.of_user(user_id)}
        shown |= {"form": typed, "faults": shared.faults(fields)}
        return render_template("users/show.html", **shown), 503 if isinstance(error, errors.Busy) else 422
    return shared.done(_("Post saved."), "users.show", user_id=user_id)


@pages.route("/posts/<int:post_id>/edit", methods=["GET", "POST"])
def edit(post_id: int) -> str | Response | tuple[str, int]:
    """Change a post."""
    session = database.session()
    post = posts.find(session, post_id)
    if request.method == "GET":
        values = {"title": post.title, "body": post.body, "date": post.date}
        return render_template("posts/form.html", post=post, form=values, faults={})
    user_id, typed = post.user_id, request.form.to_dict()
    try:
        with operation(session):
            posts.change(session, post_id, typed)
    except (errors.Invalid, errors.Busy) as error:
        fields = error.fields if isinstance(error, errors.Invalid) else {"": error.message}
        shown = {"post": posts.find(session, post_id), "form": typed, "faults": shared.faults(fields)}
        return render_template("posts/form.html", **shown), 503 if isinstance(error, errors.Busy) else 422
    return shared.done(_("Post saved."), "users.show", user_id=user_id)


@pages.post("/posts/<int:post_id>/remove")
def remove(post_id: int) -> Response:
    """Remove a post."""
    session = database.session()
    user_id = posts.find(session, post_id).user_id
    with operation(session):
        posts.remove(session, post_id)
    return shared.done(_("Post removed."), "users.show", user_id=user_id)
