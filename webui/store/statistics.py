"""Figures over everyone."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webui.store.ledger import fetching
from webui.store.models import User

# By indexes alone, and not by who each is about: most posts are about someone who lives.
_LIVING_POSTS = """
SELECT (SELECT count(*) FROM posts) - (SELECT count(*) FROM posts WHERE deleted_at IS NOT NULL)
  - (SELECT count(*) FROM users u CROSS JOIN posts p ON p.user_id = u.id AND p.deleted_at IS NULL
     WHERE u.deleted_at IS NOT NULL)
"""


def count_users(session: Session) -> int:
    """Return the number of people, without those in the trash."""
    return session.scalar(select(func.count(User.id))) or 0


def count_posts(session: Session) -> int:
    """Return the number of posts, without those in the trash and those about people who are there."""
    return int(fetching.rows(session, _LIVING_POSTS).scalar_one())


def average_posts(session: Session) -> float:
    """Return the posts a person has on average; people without posts count as 0. 0.0 without people."""
    people = count_users(session)
    return count_posts(session) / people if people else 0.0
