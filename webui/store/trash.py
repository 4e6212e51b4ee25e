"""The trash as a whole: posts, views and fields out of it, back or for good; all of it emptied.

What goes for good goes by an operation like any, so it can be undone. People: `users` and `bulk_remove`.
"""

import datetime
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import select, text
from sqlalchemy.orm import Session, selectinload

from webui.store import errors, fields, saved_views, settings
from webui.store.ledger import history
from webui.store.ledger.operations import named, operation
from webui.store.models import Post, SavedView
from webui.store.values import times

TABLES = ("users", "posts", "fields", "saved_views")


@dataclass(frozen=True)
class Counts:
    """How many of each are in the trash, or went from it."""

    users: int = 0
    posts: int = 0
    fields: int = 0
    saved_views: int = 0

    @property
    def all(self) -> int:
        """All of them."""
        return sum(asdict(self).values())


def counts(session: Session, before: str | None = None) -> Counts:
    """Return how many of each are in the trash, or came there before a time (UTC)."""
    queries = (f"SELECT count(*) FROM {table} {_in_trash(table, before)}" for table in TABLES)
    return Counts(*(int(session.scalar(text(query), {"before": before}) or 0) for query in queries))


def posts(session: Session, limit: int = 200) -> Sequence[Post]:
    """Return the posts in the trash, the last one first, each with its person, who may be there too."""
    query = select(Post).where(Post.deleted_at.is_not(None)).options(selectinload(Post.user))
    query = query.order_by(Post.deleted_at.desc(), Post.id.desc()).limit(limit)
    return session.scalars(query.execution_options(include_trash=True)).all()


def views(session: Session) -> Sequence[SavedView]:
    """Return the views in the trash, the last one first."""
    query = select(SavedView).where(SavedView.deleted_at.is_not(None))
    query = query.order_by(SavedView.deleted_at.desc(), SavedView.id.desc())
    return session.scalars(query.execution_options(include_trash=True)).all()


def view(session: Session, view_id: int) -> SavedView:
    """Return a view in the trash. Raises NotFound."""
    query = select(SavedView).where(SavedView.id == view_id, SavedView.deleted_at.is_not(None))
    found = session.scalar(query.execution_options(include_trash=True))
    if found is None:
        raise errors.NotFound("views", view_id)
    return found


def put_post_back(session: Session, post_id: int) -> Post:
    """Take a post out of the trash; where its person is there too, it is back with them. Raises NotFound."""
    post = _post(session, post_id)
    post.deleted_at = None
    session.flush()
    named(session, "posts.put_back", title=post.title)
    return post


def put_view_back(session: Session, view_id: int, name: str | None = None) -> SavedView:
    """Take a view out of the trash, behind the others.

    Raises NotFound; Taken when its name belongs to another by now, and no free one is given; Invalid.
    """
    found = view(session, view_id)
    if name is not None or found.name is not None:  # one that Roster comes with has no name of its own
        found.name = saved_views.checked_name(session, found.name or "" if name is None else name)
    found.position, found.deleted_at = saved_views.behind(session), None
    session.flush()
    named(session, "saved_views.put_back", **saved_views.called(found))
    return found


def remove_post(session: Session, post_id: int) -> Post:
    """Delete a post in the trash for good. Raises NotFound."""
    post = _post(session, post_id)
    name = post.user.name
    session.delete(post)
    session.flush()
    named(session, "posts.remove", title=post.title, name=name)
    return post


def remove_view(session: Session, view_id: int) -> SavedView:
    """Delete a view in the trash for good. Raises NotFound."""
    found = view(session, view_id)
    session.delete(found)
    session.flush()
    named(session, "saved_views.remove", **saved_views.called(found))
    return found


def remove_field(session: Session, field_id: int) -> str:
    """Delete a field in the trash for good, and all that is in it; returns its name. Raises NotFound."""
    name = fields.trashed_one(session, field_id).name
    session.execute(text("DELETE FROM fields WHERE id = :id"), {"id": field_id})
    session.expire_all()
    named(session, "fields.delete", name=name)
    return name


def empty(session: Session, before: str | None = None, *, days: int = 0) -> Counts:
    """Delete all that is in the trash for good, or what came there before a time (UTC); returns what went.

    What hangs on it goes along, by the references of the tables. `days` says that it goes by itself.
    """
    found = counts(session, before)
    for table in TABLES:
        session.execute(text(f"DELETE FROM {table} {_in_trash(table, before)}"), {"before": before})
    session.expire_all()
    if found.all:
        named(session, "trash.empty", **asdict(found), **({"days": days} if days else {}))
    return found


def empty_old(session: Session) -> Counts:
    """Empty the trash of what has been in it for as long as the settings say; returns what went.

    An operation of its own. Nothing goes while something can be redone, which it would put an end to.
    """
    days = settings.trash_days(session)
    if not days or history.next_redo(session) or not counts(session, since(days)).all:
        return Counts()
    with operation(session):
        return empty(session, since(days), days=days)


def since(days: int) -> str:
    """Return the time (UTC) so many days ago."""
    return times.written(datetime.datetime.now(datetime.UTC) - datetime.timedelta(days))


def _in_trash(table: str, before: str | None) -> str:
    """Return the condition of what is in the trash; of what nothing was done to since a time, where one is
    given: what an undo has brought back there is as if it had come then."""
    if before is None:
        return "WHERE deleted_at IS NOT NULL"
    later = (
        f"SELECT 1 FROM history_{table} h JOIN operations o ON o.id = h.operation"
        f" WHERE h.id = {table}.id AND o.at >= :before"
    )
    return f"WHERE deleted_at < :before AND NOT EXISTS ({later})"


def _post(session: Session, post_id: int) -> Post:
    query = select(Post).where(Post.id == post_id, Post.deleted_at.is_not(None))
    query = query.options(selectinload(Post.user))
    found = session.scalar(query.execution_options(include_trash=True))
    if found is None:
        raise errors.NotFound("posts", post_id)
    return found
