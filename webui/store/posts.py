"""Posts: add, change, move to the trash, find; whom they are about, and when to come back to them."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from webui.store import called, errors, users
from webui.store.ledger import fetching
from webui.store.ledger.operations import named
from webui.store.models import Post, PostUser, User
from webui.store.values import dates, text, times

LONGEST = {"title": 100, "body": 1_000_000, "date": 60, "follow_up": 60}
SORTS = {"id": Post.id, "date": Post.date, "title": Post.title}
# In the trash the main person takes the posts along.
LIVING = "FROM posts p JOIN users u ON u.id = p.user_id WHERE u.deleted_at IS NULL AND p.deleted_at IS NULL"
_ABOUT = f"""{LIVING} AND p.id IN (SELECT id FROM posts WHERE user_id = :user
  UNION SELECT post_id FROM post_users WHERE user_id = :user)"""


def add(session: Session, user_id: int, form: Mapping[str, Any]) -> Post:
    """Write a post about a person; without a date it is today's. Raises NotFound, Invalid.

    `form` may name title, body, date, `follow_up` (the day to come back to it, also as tomorrow or 4 March)
    and `people`, whom else it is about: their ids, or a text of names or usernames, divided by commas.
    """
    user = users.find(session, user_id)
    values, people = _clean(session, {"title": None, "date": None, **form}, user.id)
    post = Post(user_id=user.id, **values)
    session.add(post)
    session.flush()
    _put_people(session, post, people or [])
    named(session, "posts.add", title=post.title, name=user.name)
    return post


def change(session: Session, post_id: int, form: Mapping[str, Any]) -> Post:
    """Change what `form` names of a post. Raises NotFound, Invalid."""
    post = find(session, post_id)
    wanted = {name: value for name, value in form.items() if not _stays(post, name, value)}
    values, people = _clean(session, wanted, post.user_id)
    if "follow_up" in values and values["follow_up"] != post.follow_up:
        values["done_at"] = None  # another day to come back: it is to be done again
    changed = [name for name, value in values.items() if _set(post, name, value)]
    if people is not None and _put_people(session, post, people):
        changed.append("people")
    if changed:
        post.updated_at = times.now()
        session.flush()
        named(session, "posts.change", title=post.title, name=post.user.name)
    return post


def set_done(session: Session, post_id: int, done: bool) -> Post:
    """Say that what a post was to be come back to for is done, or is not.

    Raises NotFound, Refused where it has no such day.
    """
    post = find(session, post_id)
    if post.follow_up is None:
        raise errors.Refused(errors.Message("post.no_follow_up"))
    if bool(post.done_at) != done:
        post.done_at = times.now() if done else None
        session.flush()
        named(session, "posts.done" if done else "posts.not_done", title=post.title, name=post.user.name)
    return post


def trash(session: Session, post_id: int) -> None:
    """Move a post to the trash. Raises NotFound."""
    post = find(session, post_id)
    post.deleted_at = times.now()
    session.flush()
    named(session, "posts.trash", title=post.title)


def find(session: Session, post_id: int) -> Post:
    """Return a post of a living person. Raises NotFound."""
    post = session.scalar(select(Post).join(Post.user).where(Post.id == post_id))
    if post is None:
        raise errors.NotFound("posts", post_id)
    return post


def of_user(
    session: Session,
    user_id: int,
    limit: int = 200,
    before: tuple[str, int] | None = None,
    *,
    with_people: bool = True,
) -> Sequence[Post]:
    """Return the posts about a person, newest day first, from `before` (date, id) on down.

    `with_people` brings whom they name with them.
    """
    day, post_id = before or ("", 0)
    behind = "AND (p.date, p.id) < (:day, :id)" if before else ""
    found = fetching.rows(
        session,
        "SELECT p.id, p.user_id, EXISTS (SELECT 1 FROM post_users WHERE post_id = p.id)"
        f" {_ABOUT} {behind} ORDER BY p.date DESC, p.id DESC LIMIT :limit",
        {"user": user_id, "day": day, "id": post_id, "limit": limit},
    ).all()
    query = select(Post).where(Post.id.in_([row[0] for row in found]))
    query = query.order_by(Post.date.desc(), Post.id.desc())
    # Most posts name nobody else: then nobody is looked for.
    if with_people and any(row[1] != user_id for row in found):
        query = query.options(selectinload(Post.user))
    if with_people and any(row[2] for row in found):
        return session.scalars(query.options(selectinload(Post.people))).all()
    listed = session.scalars(query).all() if found else []
    for post in listed if with_people else ():
        set_committed_value(post, "people", [])
    return listed


def count_of_user(session: Session, user_id: int) -> int:
    """Return how many posts there are about a person."""
    return int(fetching.rows(session, f"SELECT count(*) {_ABOUT}", {"user": user_id}).scalar_one())


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
    order = (column.desc(), Post.id.desc()) if sort.startswith("-") else (column.asc(), Post.id.asc())
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    return session.scalars(query.order_by(*order).offset(offset).limit(limit)).all(), total


def _clean(
    session: Session, form: Mapping[str, Any], user_id: int
) -> tuple[dict[str, str | None], list[int] | None]:
    """Return what `form` names as it is kept, and the ids of the further people, None where it names none."""
    values, faults = _texts(form)
    if "title" in values and not values["title"]:
        faults["title"] = errors.Message("post.no_title")
    for name in ("date", "follow_up"):
        if name in values:
            values[name] = _day(name, values[name] or "") or (times.today() if name == "date" else None)
            if values[name] and not times.is_day(values[name] or ""):
                faults.setdefault(name, errors.Message("date.shape", {"value": values[name]}))
    people = None
    try:
        if "people" in form:
            people = [one for one in called.everyone(session, form["people"], "people") if one != user_id]
    except errors.Invalid as error:
        faults |= error.fields
    if faults:
        raise errors.Invalid(faults)
    return values, people


def _texts(form: Mapping[str, Any]) -> tuple[dict[str, str | None], dict[str, errors.Message]]:
    values: dict[str, str | None] = {}
    faults: dict[str, errors.Message] = {}
    for name, limit in LONGEST.items():
        given = form.get(name)
        if name not in form:
            continue
        if given is not None and not isinstance(given, str):
            faults[name] = errors.Message("not_text")
            continue
        kept = _plain(name, given)
        if not text.keepable(kept):
            faults[name] = errors.Message("text.unkeepable")
        elif len(kept) > limit:
            faults[name] = errors.Message("too_long", {"limit": limit, "length": len(kept)})
        values[name] = kept
    return values, faults


def _plain(name: str, given: str | None) -> str:
    return text.lines(given or "") if name == "body" else text.one_line(given or "")


def _stays(post: Post, name: str, value: object) -> bool:
    """Tell whether a field says `value` already: then it is not judged again, whoever wrote it."""
    if name not in LONGEST or not isinstance(value, str) or not text.keepable(value):
        return False
    return _plain(name, value) == _plain(name, getattr(post, name))


def _set(post: Post, name: str, value: str | None) -> bool:
    if getattr(post, name) == value:
        return False
    setattr(post, name, value)
    return True


def _put_people(session: Session, post: Post, wanted: Sequence[int]) -> bool:
    """Let a post be about these further people, and tell whether they were others."""
    # Whoever is in the trash is named nowhere, so nobody can have meant to leave them out.
    living = select(PostUser).join(User, User.id == PostUser.user_id)
    rows = session.scalars(living.where(PostUser.post_id == post.id)).all()
    had = {row.user_id for row in rows}
    for row in rows:
        if row.user_id not in wanted:
            session.delete(row)
    session.add_all(PostUser(post_id=post.id, user_id=user_id) for user_id in wanted if user_id not in had)
    session.flush()
    session.expire(post, ["people"])
    return had != set(wanted)


def _day(name: str, typed: str) -> str:
    """Return what is typed as a day where it is one in other words (24 November 2026), else as it is."""
    today = datetime.date.fromisoformat(times.today())
    read = (dates.coming(typed, today) if name == "follow_up" else dates.parse(typed)) or ""
    return read if times.is_day(read) else typed
