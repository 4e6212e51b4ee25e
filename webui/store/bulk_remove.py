"""People in the trash removed for good, with all that is theirs: an operation like any, so it can be undone.

Not for taking someone out of history as well.
"""

from dataclasses import replace

from sqlalchemy import text
from sqlalchemy.orm import Session

from webui.store import chosen as many
from webui.store.chosen import Chosen, Preview
from webui.store.ledger.operations import named

_THEIRS = "user_id IN (SELECT id FROM temp.chosen)"


def preview(session: Session, chosen: Chosen) -> Preview:
    """Return who would be removed: those chosen who are in the trash."""
    count = _take(session, chosen)
    return Preview(count, count, many.reached(session, "1"))


def posts_with(session: Session, chosen: Chosen) -> int:
    """Return how many posts would go with them."""
    _take(session, chosen)
    return int(session.scalar(text(f"SELECT count(*) FROM posts WHERE {_THEIRS}")) or 0)


def remove(session: Session, chosen: Chosen) -> int:
    """Remove all chosen who are in the trash, and return how many; whoever lives is left alone.

    Their rows, posts, files and what joins them to others go with them, by the references of the tables.
    """
    count = _take(session, chosen)
    name = many.first_name(session, "1")
    session.execute(text("DELETE FROM users WHERE id IN (SELECT id FROM temp.chosen)"))
    session.expire_all()
    named(session, "users.remove", name=name, count=count)
    return count


def _take(session: Session, chosen: Chosen) -> int:
    return many.take(session, replace(chosen, trashed=True))
