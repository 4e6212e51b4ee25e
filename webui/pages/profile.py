"""A person as their page and the pane show them; pages of what belongs to them draw it again with a fault."""

from typing import Any

from flask import render_template, request

from webui import database
from webui.pages import kept, own_fields, shared, stream
from webui.store import attachments, changes, posts, relations, users


def page(user_id: int, **told: Any) -> str:
    """Return the page of a person; `told` is what a form on it could not save, and why."""
    session = database.session()
    view, before = request.args.get("show", "all"), request.args.get("before")
    found = shown(user_id, 0) | stream.of_user(session, user_id, view, before)
    found["count_changes"] = changes.count(session, user_id)
    found["kept"] = kept.of_user(user_id)
    found["files"] = attachments.of_user(session, user_id)
    return render_template("users/show.html", **{**found, "form": {}, "faults": {}, **told})


def shown(user_id: int, limit: int) -> dict[str, Any]:
    """Return what a person's page and pane show, with the newest posts up to `limit`."""
    session = database.session()
    user = users.find(session, user_id)
    return {
        "user": user,
        "own": own_fields.shown(user),
        "face": shared.face(user),
        "related": relations.of_user(session, user_id),
        "back": shared.list_address(user.id),
        "posts": posts.of_user(session, user_id, limit) if limit else [],
        "count_posts": posts.count_of_user(session, user_id),
    }
