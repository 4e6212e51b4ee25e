"""All posts by day, newest first, and those that hold some words: in them or in whom they are about."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy import text as text_query
from sqlalchemy.orm import Session, selectinload

from webui.store import cursors
from webui.store.models import Post
from webui.store.values import text

FEW = 2_000  # so many people's posts are read sooner than all posts by day
SCANNED = 20_000  # posts looked into for one page; the next page goes on behind them


@dataclass(frozen=True)
class Feed:
    """Some posts, the cursor of those after them or None, and the words that were sought."""

    posts: Sequence[Post]
    next: str | None
    words: list[str]


def page(session: Session, q: str = "", after: str | None = None, limit: int = 50) -> Feed:
    """Return the posts of living people that hold each word of `q`, from behind the cursor `after` on."""
    words, place = text.words(q), cursors.read(after, [str, int])
    ids: list[int] = []
    last: tuple[str, int] | None = None
    for scanned, (post_id, day, about) in enumerate(_rows(session, words, place)):
        if len(ids) == limit or scanned == SCANNED:
            break
        last = (day, post_id)
        if _holds(about, words):
            ids.append(post_id)
    else:
        last = None  # there are no more
    query = select(Post).where(Post.id.in_(ids)).options(selectinload(Post.user), selectinload(Post.people))
    found = {post.id: post for post in session.scalars(query)}
    posts = [found[post_id] for post_id in ids if post_id in found]
    return Feed(posts, cursors.write(last) if last else None, words)


def _rows(
    session: Session, words: Sequence[str], place: Sequence[Any] | None
) -> Iterator[tuple[int, str, str]]:
    """Yield (id, day, all that is said) of posts, newest first, of those whose text may hold the words."""
    params: dict[str, Any] = dict(zip(("day", "id"), place or (), strict=False))
    behind = "AND (p.date, p.id) < (:day, :id)" if place else ""
    among = ""
    if words:
        params |= {
            "starts": " OR ".join('"{}"*'.format(word.replace('"', '""')) for word in words),
            "few": FEW + 1,
        }
        known = "SELECT rowid FROM words_fts WHERE words_fts MATCH :starts LIMIT :few"
        people = list(session.scalars(text_query(known), params))
        if len(people) <= FEW:
            listed = ",".join(map(str, people)) or "NULL"
            among = (
                f"AND p.id IN (SELECT id FROM posts WHERE user_id IN ({listed})"
                f" UNION SELECT post_id FROM post_users WHERE user_id IN ({listed}))"
            )
    rows = session.execute(
        text_query(
            "SELECT p.id, p.date, p.title || ' ' || p.body || ' ' || u.display_name || ' ' || u.username"
            " || ' ' || coalesce((SELECT group_concat(o.display_name, ' ') FROM post_users a"
            " JOIN users o ON o.id = a.user_id WHERE a.post_id = p.id), '')"
            " FROM posts p CROSS JOIN users u ON u.id = p.user_id AND u.deleted_at IS NULL"
            f" WHERE p.deleted_at IS NULL {among} {behind} ORDER BY p.date DESC, p.id DESC"
        ),
        params,
    )
    for post_id, day, said in rows:
        yield post_id, text.shown(day), text.shown(said)


def _holds(said: str, words: Sequence[str]) -> bool:
    if not words:
        return True
    folded = f" {text.fold(said)}"
    return all(word in folded for word in words)
