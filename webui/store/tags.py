"""Tags: words put on people. Given and taken with the person; renamed, put together and removed here."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from webui.store import errors
from webui.store.ledger.operations import named
from webui.store.models import Tag, User, UserTag
from webui.store.values import person
from webui.store.values import text as texts


@dataclass(frozen=True)
class Counted:
    """A tag and how many living people have it."""

    id: int
    name: str
    count: int


def every(session: Session) -> Sequence[Counted]:
    """Return all tags by name, also those that nobody has."""
    found = session.execute(
        text(
            "SELECT t.id, t.name, count(u.id) FROM tags t LEFT JOIN user_tags ut ON ut.tag_id = t.id"
            " LEFT JOIN users u ON u.id = ut.user_id AND u.deleted_at IS NULL GROUP BY t.id"
        )
    )
    return sorted(
        (Counted(tag_id, texts.shown(name), count) for tag_id, name, count in found),
        key=lambda tag: texts.sort_key(tag.name),
    )


def suggest(session: Session, typed: str, limit: int = 8) -> Sequence[str]:
    """Return the names that complete what is typed: those that begin so, then those with it inside."""
    sought = texts.fold(texts.one_line(typed))
    names = [(texts.fold(tag.name), tag.name) for tag in every(session)]
    begin = [name for folded, name in names if folded.startswith(sought)]
    return [*begin, *(name for folded, name in names if sought in folded and name not in begin)][:limit]


def put(session: Session, user: User, names: Sequence[str]) -> bool:
    """Give a saved person exactly the tags of `names`, and tell whether any changed. New ones are made."""
    wanted = {texts.key(name): name for name in names}
    has = session.scalars(select(UserTag).where(UserTag.user_id == user.id)).all()
    tags = {
        tag.id: tag for tag in session.scalars(select(Tag).where(Tag.id.in_([each.tag_id for each in has])))
    }
    keys = {texts.key(tags[each.tag_id].name) for each in has}
    for each in has:
        if texts.key(tags[each.tag_id].name) not in wanted:
            session.delete(each)
    for key in [key for key in wanted if key not in keys]:  # in the order given, the same each time
        session.add(UserTag(user_id=user.id, tag_id=found_or_made(session, key, wanted[key]).id))
    session.flush()
    session.expire(user, ["tags"])
    return keys != wanted.keys()


def rename(session: Session, tag_id: int, name: str) -> Tag:
    """Give a tag another name. Raises NotFound, Invalid; Taken, with the other's id, when there is one."""
    tag, (name,) = find(session, tag_id), _named(name)
    other = session.scalar(select(Tag).where(Tag.name_key == texts.key(name), Tag.id != tag_id))
    if other:
        raise errors.Taken({"name": errors.Message("tag.taken", {"value": other.name, "other": other.id})})
    if name != tag.name:
        was, tag.name = tag.name, name
        named(session, "tags.rename", name=was, to=name)
    session.flush()
    return tag


def merge(session: Session, tag_id: int, into_id: int) -> Tag:
    """Put a tag's people into another and remove it. Raises NotFound, Refused when both are one."""
    tag, into = find(session, tag_id), find(session, into_id)
    if tag is into:
        raise errors.Refused(errors.Message("tag.same"))
    session.execute(
        text(
            "INSERT INTO user_tags (user_id, tag_id) SELECT user_id, :into FROM user_tags a"
            " WHERE tag_id = :tag AND NOT EXISTS"
            " (SELECT 1 FROM user_tags b WHERE b.user_id = a.user_id AND b.tag_id = :into)"
        ),
        {"tag": tag_id, "into": into_id},
    )
    named(session, "tags.merge", name=tag.name, into=into.name)
    session.delete(tag)
    session.flush()
    return into


def remove(session: Session, tag_id: int) -> str:
    """Take a tag from everyone and remove it; return its name. Raises NotFound."""
    tag = find(session, tag_id)
    name = tag.name
    session.delete(tag)
    session.flush()
    named(session, "tags.remove", name=name)
    return name


def find(session: Session, tag_id: int) -> Tag:
    """Return the tag with this id. Raises NotFound."""
    tag = session.get(Tag, tag_id)
    if tag is None:
        raise errors.NotFound("tags", tag_id)
    return tag


def _named(name: str) -> list[str]:
    cleaned = person.clean({"tags": [name]})
    if cleaned.faults or not cleaned.values["tags"]:
        raise errors.Invalid({"name": cleaned.hard.get("tags") or errors.Message("tag.no_name")})
    kept: list[str] = cleaned.values["tags"]
    return kept


def found_or_made(session: Session, key: str, name: str) -> Tag:
    """Return the tag of a key, made with `name` where there is none."""
    tag = session.scalar(select(Tag).where(Tag.name_key == key))
    if tag is None:
        tag = Tag(name=name)
        session.add(tag)
        session.flush()
    return tag
