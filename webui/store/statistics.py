"""Figures over everyone."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webui.store.models import Post, User


def count_users(session: Session) -> int:
    """Return the number of people, without those in the trash."""
    return session.scalar(select(func.count(User.id))) or 0


def count_posts(session: Session) -> int:
    """Return the number of posts about people who are not in the trash."""
    return session.scalar(select(func.count(Post.id)).join(Post.user)) or 0


def average_posts(session: Session) -> float:
    """Return the posts a person has on average; people without posts count as 0. 0.0 without people."""
    people = count_users(session)
    return count_posts(session) / people if people else 0.0
