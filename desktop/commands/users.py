"""`users`: the people that match a query, as lines or JSON."""

from typing import TYPE_CHECKING, Any

import click

from desktop.commands import outputs, reading, shared
from desktop.folders import Folders

if TYPE_CHECKING:
    from webui.store.models import User


@click.command("users")
@shared.query_option
@shared.as_of_option
@shared.json_option
@click.pass_obj
@shared.told
def users(folders: Folders, query: str, as_of: str, as_json: bool) -> None:
    """List people by name."""
    from webui.store import search

    with reading.session(folders, as_of) as session:
        ids = search.everyone(session, query)
        found = [_shown(user) for user in _by_id(session, ids)]
    lines = [f"{each['username']}\t{each['name']}\t{each['email'] or ''}" for each in found]
    outputs.answer(as_json, found, *lines)


def _by_id(session: Any, ids: list[int]) -> "list[User]":
    from sqlalchemy import select

    from webui.store.models import User

    known: dict[int, User] = {}
    for start in range(0, len(ids), 500):
        known |= {
            user.id: user
            for user in session.scalars(select(User).where(User.id.in_(ids[start : start + 500])))
        }
    return [known[user_id] for user_id in ids]


def _shown(user: "User") -> dict[str, Any]:
    return {"id": user.id, "uid": user.uid, "username": user.username, "name": user.name, "email": user.email}
