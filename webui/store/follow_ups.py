"""Posts to come back to on a day, until they are done."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, selectinload

from webui.store import posts
from webui.store.ledger import fetching
from webui.store.models import Post


def due(session: Session, day: str, limit: int = 200) -> Sequence[Post]:
    """Return the posts to come back to by `day` (YYYY-MM-DD) and not done, the longest overdue first."""
    return _open(session, Post.follow_up <= day, limit)


def later(session: Session, day: str, limit: int = 200) -> Sequence[Post]:
    """Return the posts to come back to after `day`, the next first."""
    return _open(session, Post.follow_up > day, limit)


def count_due(session: Session, day: str) -> int:
    """Return how many posts are due by `day`."""
    query = f"SELECT count(*) {posts.LIVING} AND p.follow_up <= :day AND p.done_at IS NULL"
    return int(fetching.rows(session, query, {"day": day}).scalar_one())


def _open(session: Session, when: ColumnElement[bool], limit: int) -> Sequence[Post]:
    """Return such posts, with whom they name."""
    query = select(Post).join(Post.user).where(when, Post.done_at.is_(None))
    query = query.options(selectinload(Post.user), selectinload(Post.people))
    return session.scalars(query.order_by(Post.follow_up, Post.id).limit(limit)).all()
