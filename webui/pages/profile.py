"""A person as their page and the pane show them; pages of what belongs to them draw it again with a fault."""

from typing import Any

from flask import render_template, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from webui import database, moments
from webui.pages import compared, kept, own_fields, saved_views, shared, stream
from webui.store import attachments, changes, errors, posts, relations, standing, whole
from webui.store.models import Post, User


def page(user_id: int, **told: Any) -> str:
    """Return the page of a person; `told` is what a form on it could not save, and why."""
    session = database.session()
    view, before = request.args.get("show", "all"), request.args.get("before")
    found = shown(user_id, 0) | stream.of_user(session, user_id, view, before)
    found["count_changes"] = changes.count(session, user_id)
    found["kept"] = kept.of_user(found["user"])
    if (looked := moments.looking()) and not looked.backup:
        found["now"] = _now(user_id, looked.operation)
    found |= _in_list(session, user_id)
    found["files"] = attachments.of_user(session, user_id)
    return render_template("users/show.html", **{**found, "form": {}, "faults": {}, **told})


def _in_list(session: Session, user_id: int) -> dict[str, Any]:
    """Return the view that was shown last, '' for none, and who stands beside someone in what was."""
    listed = shared.last_list()
    try:
        ids = saved_views.remembered(session).once(standing.short, *listed)
        beside = standing.neighbours(session, user_id, *listed, ids)
    except errors.Unreadable:  # a field of it is gone, or was not there yet
        beside = standing.Neighbours()
    return {"back_to": saved_views.name_of(session, *listed), "beside": beside}


def _now(user_id: int, operation: int) -> dict[str, Any]:
    """Return what of a person is another now than at a moment: `lines`; are they `trashed`, or `gone`."""
    live = database.live()
    found = live.scalar(select(User).where(User.id == user_id).execution_options(include_trash=True))
    lines = changes.since(live, user_id, operation) if found else []
    return {
        "lines": lines,
        "overwrites": compared.overwritten(live, moments.past(), lines),
        "trashed": bool(found and found.deleted_at),
        "gone": found is None,
        "posts": len(_post_ids(moments.past(), user_id) - _post_ids(live, user_id)),
    }


def _post_ids(session: Session, user_id: int) -> set[int]:
    return set(session.scalars(select(Post.id).where(Post.user_id == user_id)))


def shown(user_id: int, limit: int) -> dict[str, Any]:
    """Return what a person's page and pane show, with the newest posts up to `limit`."""
    session = database.session()
    user = whole.find(session, user_id)
    return {
        "user": user,
        "own": own_fields.shown(user),
        "face": shared.face(user),
        "related": relations.of_user(session, user_id),
        "back": shared.list_address(user.id),
        "posts": posts.of_user(session, user_id, limit, with_people=False) if limit else [],
        "count_posts": posts.count_of_user(session, user_id),
    }
