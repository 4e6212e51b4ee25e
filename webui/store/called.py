"""Who is meant by a name that someone types, and whom one may mean while typing it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy import text as text_query
from sqlalchemy.orm import Session

from webui.store import errors, search
from webui.store.models import User
from webui.store.values import person, text

_MARKS = re.compile(r"[\"():]")  # what a search reads as more than a letter

_MOST = 500  # people of whom a name is looked at
_LIKELY = 3  # people whom a refusal names


@dataclass(frozen=True)
class Meant:
    """Someone who may be meant: what to write for them (the username), and what they are called."""

    username: str
    name: str


def suggest(session: Session, typed: str, limit: int = 8) -> Sequence[Meant]:
    """Return whom the end of what is typed may mean, the best match first; nobody while it is empty."""
    words = [plain for word in text.words(typed) if (plain := _MARKS.sub("", word).lstrip("-"))]
    if not words:
        return []
    found = search.find(session, " ".join(words), limit=limit).rows
    return [Meant(row.username, row.display_name) for row in found]


def everyone(session: Session, said: object, field: str) -> list[int]:
    """Return the ids of those who are meant: ids themselves, or a text of names divided by commas.

    A name is a username, or else the whole name of just one person, or else how the name or the username of
    just one begins. Raises Invalid with the fault of `field`.
    """
    if isinstance(said, str):
        if not text.keepable(said):  # half a letter, which no query can even hold
            raise errors.Invalid({field: errors.Message("text.unkeepable")})
        names = [name for name in map(text.one_line, person.divided(said)) if name]
        return list(dict.fromkeys(_one(session, name, field) for name in names))
    ids = said if isinstance(said, list) else [None]
    if not all(type(each) is int and 0 < each < 2**63 for each in ids):
        raise errors.Invalid({field: errors.Message("person.not_ids")})
    there = set(session.scalars(select(User.id).where(User.id.in_(ids))))
    if missing := [each for each in ids if each not in there]:
        raise errors.Invalid({field: errors.Message("person.nobody", {"name": missing[0]})})
    return list(dict.fromkeys(ids))


def _one(session: Session, name: str, field: str) -> int:
    owner = session.scalar(select(User).where(User.username_key == text.key(name)))
    if owner is not None:
        return owner.id
    found = _with_name(session, name)
    if len(found) == 1:
        return found[0].id
    if found:
        values = {"name": name, "usernames": ", ".join(user.username for user in found[:8])}
        raise errors.Invalid({field: errors.Message("person.several", values)})
    begun, are_all = _begun(session, name)
    if len(begun) == 1 and are_all:
        return begun[0].id
    if begun:
        likely = _apart(begun[:_LIKELY])
        raise errors.Invalid({field: errors.Message("person.likely", {"name": name, "names": likely})})
    raise errors.Invalid({field: errors.Message("person.nobody", {"name": name})})


def _with_name(session: Session, name: str) -> Sequence[User]:
    """Return the living people whose whole name this is, however it is accented."""
    found, folded = _with_words(session, name), text.fold(name)
    return [user for user in found if text.fold(user.display_name) == folded]


def _begun(session: Session, name: str) -> tuple[Sequence[User], bool]:
    """Return the living people whose name or username begins so, by name, and whether these are all."""
    key, folded = text.key(name), text.fold(name)
    by_username = select(User).where(User.username_key >= key, User.username_key < key + "\U0010ffff")
    by_name = _with_words(session, name, "*")
    named = (user for user in by_name if text.fold(user.display_name).startswith(folded))
    found = {user.id: user for user in (*session.scalars(by_username.limit(_MOST)), *named)}
    ordered = sorted(found.values(), key=lambda user: (text.sort_key(user.name), user.id))
    return ordered, len(by_name) < _MOST


def _apart(people: Sequence[User]) -> list[str]:
    """Return the names of people, with the username behind one that two of them have."""
    names = [user.name for user in people]
    return [
        name if names.count(name) == 1 else f"{name} ({user.username})"
        for name, user in zip(names, people, strict=True)
    ]


def _with_words(session: Session, name: str, end: str = "") -> Sequence[User]:
    """Return the living people with these words in their names; the last one may go on where `end` is *."""
    words = " ".join('"' + word.replace('"', '""') + '"' for word in text.words(name))
    if not words:
        return []
    query = text_query(  # of all who have these words the whole name is the shortest
        "SELECT id FROM users WHERE id IN (SELECT rowid FROM names_fts WHERE names_fts MATCH :words)"
        " AND deleted_at IS NULL"
        " ORDER BY length(display_name) LIMIT :most"
    )
    ids = list(session.scalars(query, {"words": words + end, "most": _MOST}))
    return session.scalars(select(User).where(User.id.in_(ids)).order_by(User.id)).all()
