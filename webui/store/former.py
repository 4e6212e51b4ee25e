"""What a person was before, brought into now: one value of a change, or all of them as they were at a moment.

Judged as whatever is typed is: what belongs to someone else by now, or fits no more, is refused in words.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import and_, or_, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from webui.store import changes, errors, own_values, photos, records, users
from webui.store.changes import LISTS, PUT_BACK, Line
from webui.store.ledger import images
from webui.store.ledger.images import Image
from webui.store.ledger.operations import named, raw
from webui.store.models import (
    Attachment,
    Base,
    Field,
    FieldValue,
    Post,
    PostUser,
    Relation,
    Source,
    Tag,
    User,
    new_uid,
)
from webui.store.values import own, person, text, times

# What belongs to a person beside their values, and by what the same may have been given to them anew. It
# comes back where it is gone, and stays as it is where it is not.
_BELONGINGS: Mapping[type[Base], tuple[str, ...]] = {
    Post: ("uid",),
    PostUser: ("post_id", "user_id"),
    Attachment: ("user_id", "file_hash"),
    Relation: ("user_id", "other_id", "kind", "label"),
    Source: ("user_id", "raw_hash"),
}


def value(session: Session, user_id: int, key: str) -> User:
    """Give one value of a person back what it was before a change: a `key` of a `changes.Line`.

    With ".after" behind the key it is what it was after that change, for one that was undone.

    Raises NotFound for a key there is not, Refused where its field is gone, and what `users.change` raises.
    """
    operation, table, row_id, column, after = _read_key(user_id, key)
    connection = raw(session.connection())
    was = images.as_found(connection, table, row_id, operation)
    now = images.as_left(connection, table, row_id, operation)
    owner = (was or now or {}).get("id" if table == "users" else "user_id")
    if owner != user_id or not images.is_touched(connection, table, row_id, operation):
        raise errors.NotFound("changes", key)
    if after:
        was, now = now, was
    user = users.find(session, user_id)
    if column == "photo":
        return photos.point(session, user_id, (was or {}).get("photo_hash"))
    if table == "users":
        return users.change(session, user_id, {column: changes.said(was, column)})
    if table == "user_tags":
        name = changes.named_in(connection, table, was or now)
        others = [tag.name for tag in user.tags if tag.name != name]
        return users.change(session, user_id, {"tags": [*others, name] if was else others})
    if table == "field_values":
        return users.change(session, user_id, {"fields": _own_value(session, user, operation, was, now)})
    return _row_value(session, user, LISTS[table], row_id, was)


def bring(session: Session, then: Session, user_id: int, at: str) -> User:
    """Make a person what they were at a moment, `then` a session on it and `at` its time; also someone who is
    in the trash by now, or gone. What was written, attached or said of them since stays.

    Raises NotFound where they were not there then, and what `users.change` raises.
    """
    was = users.find(then, user_id)
    form = users.values(was) | {"fields": _own_then(session, then, was), "tags": _tags_then(session, was)}
    now = session.scalar(select(User).where(User.id == user_id).execution_options(include_trash=True))
    named(session, "users.bring_back", name=was.name, at=at)
    if now is None:
        now = _made_anew(session, was)
    if now.deleted_at is not None:
        users.put_back(session, user_id, form)
    user = users.change(session, user_id, form)
    if was.photo_hash != user.photo_hash:
        photos.point(session, user_id, was.photo_hash)
    for model, same in _BELONGINGS.items():
        _give_back(session, then, model, user_id, same)
    session.flush()
    return user


def left_out(session: Session, then: Session, user_id: int) -> Sequence[str]:
    """Return the own fields in which a person had something at a moment and that are not there now."""
    there = set(session.scalars(select(Field.id).where(Field.deleted_at.is_(None))))
    had = select(Field).join(FieldValue, FieldValue.field_id == Field.id).where(FieldValue.user_id == user_id)
    fields = then.scalars(had.where(Field.deleted_at.is_(None)).distinct().order_by(Field.position))
    return [text.shown(field.name) for field in fields if field.id not in there]


def overwrites(session: Session, then: Session, lines: Sequence[Line]) -> Sequence[Line]:
    """Return those of the lines of `changes.since` whose value of now `bring` would write over."""
    there = set(then.scalars(select(Field.id)))
    fields = session.scalars(select(Field).where(Field.deleted_at.is_(None), Field.id.in_(there)))
    names = {text.shown(field.name) for field in fields}
    return [
        line
        for line in lines
        if line.now
        and line.field not in ("attachments", "relations", "trash")
        and (line.field != "field_values" or line.label in names)
    ]


def _tags_then(session: Session, was: User) -> list[str]:
    """Return the tags of a person by their names of now; by that of then where one is gone."""
    now = {tag.id: tag.name for tag in session.scalars(select(Tag))}
    return [now.get(tag.id, tag.name) for tag in was.tags]


def _row_value(session: Session, user: User, name: str, row_id: int, was: Image) -> User:
    """Put one row of a list back: into its place, at the end where it is gone."""
    kept = getattr(user, name)
    rows = [records.row_values(name, row) for row in kept]
    at = next((number for number, row in enumerate(kept) if row.id == row_id), len(rows))
    if was and at == len(rows) and records.texts(name, was) in rows:
        return user  # put back before
    rows[at : at + 1] = [records.texts(name, was)] if was else []
    return users.change(session, user.id, {name: rows})


def _own_value(session: Session, user: User, operation: int, was: Image, now: Image) -> dict[str, Any]:
    """Return what a form says of an own field once a row of it is put back: of several choices one alone."""
    field = session.get(Field, (was or now or {})["field_id"])
    if field is None or field.deleted_at is not None:
        raise errors.Refused(errors.Message("former.no_field", {"name": field.name if field else ""}))
    if field.kind != "choices":
        return {field.name: own.said(field.kind, [_kept(was)]) if was else ""}
    before, after = (_kept(image).said if image else None for image in (was, now))
    rows = raw(session.connection()).execute(  # the choice that took its place may have been another's row
        "SELECT value FROM history_field_values WHERE operation = ? AND existed = 1 AND user_id = ?"
        " AND field_id = ?",
        (operation, user.id, field.id),
    )
    gone = {before, after} - {text.shown(row[0]) for row in rows if row[0] != before}
    others = [each for each in own_values.said(user).get(text.shown(field.name), []) if each not in gone]
    return {field.name: others if before is None else [*others, before]}


def _kept(image: Mapping[str, Any]) -> own.Kept:
    return own.Kept(text.shown(image["value"]), text.stored(image["typed"]))


def _own_then(session: Session, then: Session, was: User) -> dict[str, Any]:
    """Return what was in each own field of now that there was then, by its name of now; '' for nothing."""
    rows: dict[int, list[own.Kept]] = {}
    for each in then.scalars(select(FieldValue).where(FieldValue.user_id == was.id).order_by(FieldValue.id)):
        rows.setdefault(each.field_id, []).append(own_values.kept(each))
    there = set(then.scalars(select(Field.id)))
    fields = session.scalars(select(Field).where(Field.deleted_at.is_(None), Field.id.in_(there)))
    return {field.name: own.said(field.kind, rows.get(field.id, [])) for field in fields}


def _made_anew(session: Session, was: User) -> User:
    """Add someone who is gone for good under the number they had: in the trash, where nothing clashes."""
    uid_is_free = session.scalar(select(User.id).where(User.uid == was.uid)) is None
    user = User(
        id=was.id,
        uid=was.uid if uid_is_free else new_uid(),
        username=was.username,
        email=was.email,
        created_at=was.created_at,
        deleted_at=times.now(),
    )
    session.add(user)
    session.flush()
    return user


def _give_back(
    session: Session, then: Session, model: type[Base], user_id: int, same: tuple[str, ...]
) -> None:
    """Insert the rows of then that are gone, under the numbers they had, where what they hang on is there."""
    table = model.__table__
    theirs = table.c.user_id == user_id
    if model is Relation:
        theirs |= table.c.other_id == user_id
    if model is PostUser:
        theirs |= table.c.post_id.in_(select(Post.id).where(Post.user_id == user_id))
    for row in then.execute(select(table).where(theirs).order_by(table.c.id)).mappings():
        alike = and_(*(table.c[name] == row[name] for name in same))
        if session.execute(select(table.c.id).where(or_(table.c.id == row["id"], alike))).first():
            if model is Post and row["deleted_at"] is None:
                session.execute(
                    update(Post)
                    .where(Post.id == row["id"], Post.deleted_at.is_not(None))
                    .values(deleted_at=None)
                )
            continue
        parents = [(key.column, row[key.parent.name]) for key in table.foreign_keys]
        if all(session.execute(select(column).where(column == value)).first() for column, value in parents):
            session.execute(insert(model).values(**row))


def _read_key(user_id: int, key: str) -> tuple[int, str, int, str, bool]:
    operation, table, row_id, column, after = (*key.split("."), "", "", "", "", "")[:5]
    own_column = table == "users" and row_id == str(user_id) and column in (*person.FIELDS, "photo")
    known = table in LISTS or table in PUT_BACK or own_column
    if not known or not all(each.isdecimal() and len(each) < 19 for each in (operation, row_id)):
        raise errors.NotFound("changes", key)
    return int(operation), table, int(row_id), column, after == "after"
