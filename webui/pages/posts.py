"""Posts: all of them by day, written on a person's page, changed in place or on a page of their own."""

import json
from typing import Any

from flask import Blueprint, jsonify, make_response, redirect, render_template, request, url_for
from flask import Response as FlaskResponse
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from webui import database, filters
from webui.pages import meanwhile, profile, shared
from webui.store import called, errors, feed, posts
from webui.store.ledger.operations import operation
from webui.store.models import Post
from webui.store.values import dates, person

pages = Blueprint("posts", __name__)


@pages.get("/posts")
def index() -> str | FlaskResponse:
    """List all posts, newest day first; htmx gets the posts alone."""
    q, after = request.args.get("q", ""), request.args.get("after")
    found = feed.page(database.session(), q, after)
    shown = {"found": found, "q": q, "marks": shared.marker(found.words), "later": bool(after)}
    if not shared.wants_fragment():
        return render_template("posts/index.html", **shown)
    response = make_response(render_template("posts/_list.html", **shown))
    if not after:
        response.headers["HX-Replace-Url"] = url_for("posts.index", q=q.strip() or None)
    return response


@pages.post("/users/<int:user_id>/posts")
def create(user_id: int) -> str | Response | tuple[str, int]:
    """Write a post about a person."""
    session, typed = database.session(), request.form.to_dict()
    try:
        with operation(session):
            posts.add(session, user_id, _read(typed))
    except (errors.Invalid, errors.Busy) as error:
        return profile.page(user_id, form=typed, faults=_faults(error)), _status(error)
    return shared.done(_("Post saved."), "users.show", user_id=user_id)


@pages.get("/posts/<int:post_id>")
def show(post_id: int) -> str | Response:
    """Show a post where it stands: alone for htmx, else on the page of its person."""
    post = posts.find(database.session(), post_id)
    if shared.wants_fragment():
        return render_template("posts/_one.html", post=post, about=bool(request.args.get("about")))
    return redirect(url_for("users.show", user_id=post.user_id, _anchor=f"post-{post_id}"))


@pages.route("/posts/<int:post_id>/edit", methods=["GET", "POST"])
def edit(post_id: int) -> str | Response | tuple[str, int]:
    """Change a post, in its place or on a page of its own."""
    session = database.session()
    post = posts.find(session, post_id)
    if request.method == "GET":
        template = "posts/_edit.html" if shared.wants_fragment() else "posts/form.html"
        about = bool(request.args.get("about"))
        return render_template(template, post=post, form=_form(_values(post)), faults={}, about=about)
    user_id, typed = post.user_id, request.form.to_dict()
    there, base = typed.pop("there", ""), typed.pop("base", None)
    form, typed = {**typed, "base": base}, _read(typed)
    both: meanwhile.Both = []
    try:
        with operation(session):
            if held := meanwhile.held(base):
                now = _values(posts.find(session, post_id))
                typed, both = meanwhile.compared(typed, held, now)
                form = _form(now) | typed
            if both:
                raise errors.Refused(errors.Message("posts.changed_meanwhile", {"title": now["title"]}))
            posts.change(session, post_id, typed)
    except (errors.Invalid, errors.Busy, errors.Refused) as error:
        shown = {"post": posts.find(session, post_id), "form": form, "meanwhile": both}
        return render_template("posts/form.html", **shown, faults=_faults(error)), _status(error)
    address = url_for("users.show", user_id=user_id, _anchor=f"post-{post_id}")
    if there:  # changed in its place: one stays there
        address = f"{shared.came_from() or url_for('posts.index')}#post-{post_id}"
    return shared.done_at(_("Post saved."), address)


@pages.post("/posts/<int:post_id>/trash")
def trash(post_id: int) -> Response:
    """Move a post to the trash."""
    session = database.session()
    post = posts.find(session, post_id)
    sentence = _("%(title)s moved to the trash.", title=post.title)
    address = url_for("users.show", user_id=post.user_id)
    with operation(session):
        posts.trash(session, post_id)
    return shared.done_at(sentence, (request.form.get("there") and shared.came_from()) or address)


@pages.post("/posts/<int:post_id>/done")
def done(post_id: int) -> Response:
    """Say that what a post was to be come back for is done, or with `not` that it is not."""
    session, is_done = database.session(), "not" not in request.form
    with operation(session):
        title = posts.set_done(session, post_id, is_done).title
    sentence = _("Done: %(title)s.", title=title) if is_done else _("Not done: %(title)s.", title=title)
    return shared.done_at(sentence, shared.came_from() or url_for("today.index"))


@pages.get("/users/complete")
def complete() -> FlaskResponse:
    """Say whom what is typed may mean: {"people": [{"username": ..., "name": ...}]}."""
    found = called.suggest(database.session(), request.args.get("typed", "")[:200])
    return jsonify(people=[{"username": one.username, "name": one.name} for one in found])


def _read(typed: dict[str, str]) -> dict[str, str]:
    """Return a form whose day may be told as today or yesterday; a program has to give a date."""
    said = typed.get("date", "")
    day = None if dates.parse(said) else dates.been(said, filters.today())
    return typed | {"date": day} if day else typed


def _values(post: Post) -> dict[str, Any]:
    return {
        "title": post.title,
        "body": post.body,
        "date": post.date,
        "follow_up": post.follow_up or "",
        "people": person.joined(user.username for user in post.people),
    }


def _form(values: dict[str, Any]) -> dict[str, Any]:
    """Return a form with what it holds before anything is typed."""
    return values | {"base": json.dumps(values)}


def _faults(error: errors.StoreError) -> dict[str, Any]:
    return shared.faults(error.fields if isinstance(error, errors.Invalid) else {"": error.message})


def _status(error: errors.StoreError) -> int:
    if isinstance(error, errors.Refused):
        return 409
    return 503 if isinstance(error, errors.Busy) else 422
