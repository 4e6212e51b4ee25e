"""What stands on a person's page, newest first: posts, changes, or both as one stream."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from operator import itemgetter
from typing import Any

from flask import Blueprint, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from webui import database, filters, words
from webui.pages import shared
from webui.store import changes, errors, former, posts
from webui.store.changes import Change
from webui.store.ledger.operations import operation
from webui.store.models import Post

pages = Blueprint("stream", __name__)

LIMIT = 100  # of each kind at once
VIEWS = ("all", "posts", "changes")


@dataclass(frozen=True)
class Cursor:
    """Where the next page begins: behind a post (day, id) and an operation; None where there are no more."""

    post: tuple[str, int] | None
    change: int | None

    def __str__(self) -> str:
        day, post_id = self.post or ("", "")
        return f"{day}.{post_id}.{self.change or ''}"


_BEGINNING = Cursor(("9999-12-31", 2**62), 2**62)


def read(said: str | None) -> Cursor | None:
    """Return the cursor of an address, None for what is none."""
    day, post_id, change = (*(said or "").split("."), "", "", "")[:3]
    numbers = [each for each in (post_id, change) if each]
    if not numbers or not all(each.isdecimal() and len(each) < 20 for each in numbers):
        return None
    return Cursor((day, int(post_id)) if post_id else None, int(change) if change else None)


def of_user(session: Session, user_id: int, view: str, said: str | None) -> dict[str, Any]:
    """Return `items` (posts and changes), `view`, `before` and `older` (cursors) of a person's page."""
    view, cursor = view if view in VIEWS else "all", read(said)
    first = cursor is None
    found: Sequence[Post] = []
    done: Sequence[Change] = []
    if view != "changes" and (first or (cursor and cursor.post)):
        found = posts.of_user(session, user_id, LIMIT + 1, cursor.post if cursor else None)
    if view != "posts" and (first or (cursor and cursor.change)):
        done = changes.of_user(session, user_id, cursor.change if cursor else None, LIMIT + 1)
    items, rest = _merged(found, done, cursor or _BEGINNING)
    return {"items": items, "view": view, "before": said if cursor else None, "older": rest}


@pages.post("/users/<int:user_id>/changes/put-back")
def put_back(user_id: int) -> BaseResponse:
    """Give one value back what it was before a change."""
    session = database.session()
    try:
        with operation(session):
            name = former.value(session, user_id, request.form.get("key", "")).name
    except errors.Invalid as error:
        return shared.said(shared.unchanged(error), shared.came_from() or "/")
    except errors.Refused as error:
        return shared.said(words.sentence(error.message), shared.came_from() or "/")
    return shared.done_at(_("%(name)s saved.", name=name), shared.came_from() or url_for("users.index"))


def _merged(
    found: Sequence[Post], done: Sequence[Change], begun: Cursor
) -> tuple[list[Post | Change], Cursor | None]:
    """Return the first of both, which come from `begun` on, in one order, as far as both are known, and where
    the rest begins.

    On one day it is when a post was written that counts beside the changes.
    """
    posted = ((post.date, post.created_at) for post in found)
    changed = ((filters.local_day(each.done.at), each.done.at) for each in done)
    # Each kind comes by day or number: a clock that was wrong must not change its order.
    places = [*accumulate(posted, min), *accumulate(changed, min)]
    both: list[Post | Change] = [*found, *done]
    keyed = sorted(zip(places, both, strict=True), key=itemgetter(0), reverse=True)
    more_posts, more_changes = len(found) > LIMIT, len(done) > LIMIT
    shown: list[Post | Change] = []
    last_post, last_change = begun.post, begun.change
    for _place, item in keyed:
        if isinstance(item, Post):
            if more_posts and item is found[-1]:
                break
            last_post = (item.date, item.id)
        else:
            if more_changes and item is done[-1]:
                break
            last_change = item.done.id
        shown.append(item)
    if len(shown) == len(keyed):
        return shown, None
    return shown, Cursor(last_post if found else None, last_change if done else None)
