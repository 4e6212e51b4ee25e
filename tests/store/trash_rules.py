"""What the random test of undo does with the trash: kind -> a function of its player."""

from collections.abc import Callable
from typing import Any

from webui.store import posts, saved_views, settings, trash
from webui.store.ledger.operations import operation
from webui.store.values import times

_IN_TRASH = "deleted_at IS NOT NULL"
_LIVING = "deleted_at IS NULL AND user_id IN (SELECT id FROM users WHERE deleted_at IS NULL)"


def post(player: Any) -> None:
    if post_id := player.one("posts", _LIVING):
        with operation(player.session):
            posts.trash(player.session, post_id)


def view(player: Any) -> None:
    if view_id := player.one("saved_views"):
        with operation(player.session):
            saved_views.trash(player.session, view_id)


def put_post_back(player: Any) -> None:
    if post_id := player.one("posts", _IN_TRASH):
        with operation(player.session):
            trash.put_post_back(player.session, post_id)
    else:
        post(player)


def put_view_back(player: Any) -> None:
    if view_id := player.one("saved_views", _IN_TRASH):
        with operation(player.session):
            trash.put_view_back(player.session, view_id, player.fresh())
    else:
        view(player)


def remove_post(player: Any) -> None:
    if post_id := player.one("posts", _IN_TRASH):
        with operation(player.session):
            trash.remove_post(player.session, post_id)
    else:
        post(player)


def remove_view(player: Any) -> None:
    if view_id := player.one("saved_views", _IN_TRASH):
        with operation(player.session):
            trash.remove_view(player.session, view_id)
    else:
        view(player)


def remove_field(player: Any) -> None:
    if field_id := player.one("fields", _IN_TRASH):
        with operation(player.session):
            trash.remove_field(player.session, field_id)


def empty(player: Any) -> None:
    with operation(player.session):
        trash.empty(player.session, player.chance.choice([None, times.now()]))


def days(player: Any) -> None:
    with operation(player.session):
        settings.set_trash_days(player.session, player.chance.choice(settings.TRASH_DAYS))


RULES: dict[str, Callable[[Any], None]] = {
    "fields.delete": remove_field,
    "posts.trash": post,
    "posts.put_back": put_post_back,
    "posts.remove": remove_post,
    "saved_views.trash": view,
    "saved_views.put_back": put_view_back,
    "saved_views.remove": remove_view,
    "settings.trash_days": days,
    "trash.empty": empty,
}
