"""Posts: add, change, remove, find."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from webui.store import errors, users
from webui.store.ledger.operations import named
from webui.store.models import Post
from webui.store.values import dates, text, times

LONGEST_TITLE, LONGEST_BODY = 100, 1_000_000
SORTS = {"id": Post.id, "date": Post.date, "title": Post.title}


def add(session: Session, user_id: int, form: Mapping[str, Any]) -> Post:
    """Write a post about a person; without a date it is today's. Raises NotFound, Invalid."""
    user = users.find(session, user_id)
    values = _clean({"title": None, "date": None, **form})
    post = Post(user_id=user.id, **values)
    session.add(post)
    session.flush()
    named(session, "posts.add", title=post.title, name=user.name)
    return post


def change(session: Session, post_id: int, form: Mapping[str, Any]) -> Post:
    """Change what `form` names of a post. Raises NotFound, Invalid."""
    post = find(session, post_id)
    wanted = {name: value for name, value in form.items() if not _stays(post, name, value)}
    changed = [name for name, value in _clean(wanted).items() if _set(post, name, value)]
    if changed:
        post.updated_at = times.now()
        session.flush()
        named(session, "posts.change", title=post.title, name=post.user.name)
    return post


def remove(session: Session, post_id: int) -> None:
    """Remove a post; undo brings it back. Raises NotFound."""
    post = find(session, post_id)
    title, name = post.title, post.user.name
    session.delete(post)
    session.flush()
    named(session, "posts.remove", title=title, name=name)


def find(session: Session, post_id: int) -> Post:
    """Return a post of a living person. Raises NotFound."""
    post = session.scalar(select(Post).join(Post.user).where(Post.id == post_id))
    if post is None:
        raise errors.NotFound("posts", post_id)
    return post


def of_user(
    session: Session, user_id: int, limit: int = 200, before: tuple[str, int] | None = None
) -> Sequence[Post]:
    """Return the posts about a person, newest day first, from `before` (date, id) on down."""
    query = (
        select(Post).where(Post.user_id == user_id).order_by(Post.date.desc(), Post.id.desc()).limit(limit)
    )
    if before:
        day, post_id = before
        query = query.where((Post.date < day) | ((Post.date == day) & (Post.id < post_id)))
    return session.scalars(query).all()


def count_of_user(session: Session, user_id: int) -> int:
    """Return how many posts there are about a person."""
    return session.scalar(select(func.count()).where(Post.user_id == user_id)) or 0


def listing(
    session: Session,
    *,
    user_id: int | None = None,
    q: str = "",
    sort: str = "",
    offset: int = 0,
    limit: int = 20,
) -> tuple[Sequence[Post], int]:
    """Return the posts of a page by number, and the exact count: for the API alone.

    `q` is looked for in title and body, without case; `sort` is id, date or title, `-` before it for
    the other way.
    """
    query = select(Post).join(Post.user)
    if user_id is not None:
        query = query.where(Post.user_id == user_id)
    if q:
        # Not LIKE: it refuses a pattern beyond 50,000 bytes.
        found = [func.instr(func.lower(column), func.lower(q)) > 0 for column in (Post.title, Post.body)]
        query = query.where(or_(*found))
    column = SORTS.get(sort.removeprefix("-"), Post.id)
    order = column.desc() if sort.startswith("-") else column.asc()
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    return session.scalars(query.order_by(order, Post.id).offset(offset).limit(limit)).all(), total


def _clean(form: Mapping[str, Any]) -> dict[str, str]:
    values, faults = {}, {}
    for name in ("title", "body", "date"):
        if name not in form:
            continue
        given = form[name]
        if given is not None and not isinstance(given, str):
            faults[name] = errors.Message("not_text")
            continue
        values[name] = _plain(name, given)
        if not text.keepable(values[name]):
            faults[name] = errors.Message("text.unkeepable")
    if "title" in values and not values["title"]:
        faults["title"] = errors.Message("post.no_title")
    for name, limit in (("title", LONGEST_TITLE), ("body", LONGEST_BODY)):
        if len(values.get(name, "")) > limit:
            faults[name] = errors.Message("too_long", {"limit": limit, "length": len(values[name])})
    if "date" in values:
        values["date"] = _day(values["date"] or times.today())
        if not times.is_day(values["date"]):
            faults.setdefault("date", errors.Message("date.shape", {"value": values["date"]}))
    if faults:
        raise errors.Invalid(faults)
    return values


def _plain(name: str, given: str | None) -> str:
    return text.lines(given or "") if name == "body" else text.one_line(given or "")


def _stays(post: Post, name: str, value: object) -> bool:
    """Tell whether a field says `value` already: then it is not judged again, whoever wrote it."""
    if name not in ("title", "body", "date") or not isinstance(value, str) or not text.keepable(value):
        return False
    return _plain(name, value) == _plain(name, getattr(post, name))


def _set(post: Post, name: str, value: str) -> bool:
    if getattr(post, name) == value:
        return False
    setattr(post, name, value)
    return True


def _day(typed: str) -> str:
    """Return what is typed as a day where it is one in other words (24 November 2026), else as it is."""
    read = dates.parse(typed) or ""
    return read if times.is_day(read) else typed
