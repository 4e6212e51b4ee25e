"""What people have in own fields: read with the rest of a form, judged by the field, put with the person."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webui.store import errors, fields, positions
from webui.store.errors import Message
from webui.store.models import Field, FieldValue, User
from webui.store.values import own
from webui.store.values import text as texts


@dataclass
class Cleaned:
    """What `clean` made of the fields of a form: what differs, by field; `faults` and `clashes` (what
    belongs to someone else) by `fields.` and the field's name."""

    rows: list[tuple[Field, tuple[own.Kept, ...]]] = field(default_factory=list)
    faults: dict[str, Message] = field(default_factory=dict)
    clashes: dict[str, Message] = field(default_factory=dict)


def of(user: User) -> dict[str, tuple[str, tuple[own.Kept, ...]]]:
    """Return the kind and the rows of each field that a person has something in, by name, in order."""
    found: dict[int, tuple[Field, list[own.Kept]]] = {}
    for row in user.field_values:
        if row.field.deleted_at is None:
            found.setdefault(row.field_id, (row.field, []))[1].append(kept(row))
    ordered = sorted(found.values(), key=lambda each: (positions.ordered(each[0].position), each[0].id))
    return {texts.shown(each.name): (each.kind, tuple(rows)) for each, rows in ordered}


def worded(connection: sqlite3.Connection, image: Mapping[str, Any]) -> str:
    """Return what the image of a row says, as it was typed; of yes and no in words."""
    said = texts.shown(image.get("typed") or image.get("value"))
    known = said in ("0", "1") and kind_of(connection, image) == "yes_no"
    return str(own.said("yes_no", [own.Kept(said)])) if known else said


def kind_of(connection: sqlite3.Connection, image: Mapping[str, Any]) -> str:
    """Return the kind of the field of an image, its last one where it is gone; "" where none is known."""
    if "named" in image:  # it is of another database, which has other fields
        return str(image["of_kind"])
    row = connection.execute(
        "SELECT kind FROM fields WHERE id = :id UNION ALL"
        " SELECT kind FROM history_fields WHERE id = :id AND existed = 1 LIMIT 1",
        {"id": image.get("field_id")},
    ).fetchone()
    return texts.shown(row[0]) if row else ""


def kept(row: FieldValue) -> own.Kept:
    """Return a row as a value; another program may have left anything in it."""
    number = row.number if isinstance(row.number, int | float) else None
    return own.Kept(texts.shown(row.value), texts.stored(row.typed), number)


def said(user: User) -> dict[str, Any]:
    """Return what a form holds of each field that a person has something in, by its name."""
    return {name: own.said(kind, rows) for name, (kind, rows) in of(user).items()}


def clean(
    session: Session, given: object, user: User | None, region: str, *, required: bool = True
) -> Cleaned:
    """Judge what `given` (name -> text, list, or what JSON has) says of the fields of a person.

    What says the same as before is not judged again. A new person (None) has the default of each field
    that is not named; `required` asks for those that must be filled in.
    """
    found, known = Cleaned(), fields.every(session)
    named_ = _by_key(found, given, known)
    has = of(user) if user else {}
    for each in known:
        key, before = texts.key(each.name), has.get(texts.shown(each.name), ("", ()))[1]
        value = named_.get(key, each.default_value if user is None else None)
        if key in named_ or value:
            before = _judge(found, session, each, value, before, user, region)
        if each.required and required and not before:
            found.faults.setdefault(_name(each), Message("own.required", {"name": each.name}))
    return found


def clashes(session: Session, user: User) -> dict[str, Message]:
    """Return what of a person in the trash belongs to someone else by now, though no two may be alike."""
    has = of(user)
    return {
        _name(each): clash
        for each in fields.every(session)
        if each.no_two_alike
        and (clash := _clash(session, each, has.get(texts.shown(each.name), ("", ()))[1], user))
    }


def missing(session: Session, user: User) -> set[str]:
    """Return the uids of the fields in which an import may have left out what a person came with: it was
    someone else's, or it was cut."""
    has = of(user)
    found = set()
    for each in fields.every(session):
        rows = has.get(texts.shown(each.name), ("", ()))[1]
        cut = any(len(row.said) == own.LONGEST.get(each.kind) for row in rows)
        if cut or (each.no_two_alike and not rows):
            found.add(each.uid)
    return found


def columns(row: own.Kept) -> tuple[str, str, str | None, float | None]:
    """Return a value as its row has it: value, value_key, typed, number."""
    return row.value, texts.key(row.value), row.typed, row.number


def insert(
    connection: sqlite3.Connection, field_id: int, rows: Iterable[tuple[int, Iterable[own.Kept]]]
) -> None:
    """Insert the values of a field for many people at once, each by id."""
    connection.executemany(
        "INSERT INTO field_values (user_id, field_id, value, value_key, typed, number)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        [(user_id, field_id, *columns(row)) for user_id, kept_ in rows for row in kept_],
    )


def put(user: User, wanted: Cleaned) -> list[str]:
    """Give a person what was cleaned, and return the names of the fields that differed."""
    for each, rows in wanted.rows:
        has = [row for row in user.field_values if row.field_id == each.id]
        for row in has[len(rows) :]:
            user.field_values.remove(row)
        for row, value in zip(has, rows, strict=False):
            row.value, row.typed, row.number = value.value, value.typed, value.number
        user.field_values += [
            FieldValue(field=each, value=value.value, typed=value.typed, number=value.number)
            for value in rows[len(has) :]
        ]
    return [_name(each) for each, _rows in wanted.rows]


def _by_key(found: Cleaned, given: object, known: Sequence[Field]) -> dict[str, Any]:
    """Return what is given by the key of the field's name; a name that there is not is a fault."""
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        found.faults["fields"] = Message("own.not_by_name")
        return {}
    keys = {texts.key(each.name) for each in known}
    for name in given:
        if texts.key(str(name)) not in keys:
            listed = ", ".join(each.name for each in known)
            unknown = Message("own.unknown", {"name": str(name)[:80], "known": listed})
            found.faults[f"fields.{name}"] = unknown if known else Message("own.none")
    return {texts.key(str(name)): value for name, value in given.items()}


def _judge(
    found: Cleaned,
    session: Session,
    each: Field,
    given: Any,
    before: tuple[own.Kept, ...],
    user: User | None,
    region: str,
) -> tuple[own.Kept, ...]:
    """Note what differs of a field, or what is wrong with it; return what it would hold."""
    if before and own.said(each.kind, before) == given:
        return before
    rule = fields.rule(each, region)
    if each.kind == "choices":  # an odd one that is there already may stay
        rule = replace(rule, options=(*rule.options, *(row.value for row in before)))
    read = own.read(rule, given)
    if _same(read.rows, before) and not read.hard:
        return before
    if read.fault:
        found.faults[_name(each)] = read.fault
        return read.rows or before or (own.Kept(""),)  # not also asked for
    if each.no_two_alike and (clash := _clash(session, each, read.rows, user)):
        found.clashes[_name(each)] = clash
    found.rows.append((each, read.rows))
    return read.rows


def _same(rows: tuple[own.Kept, ...], before: tuple[own.Kept, ...]) -> bool:
    """Tell whether both say the same, in whatever way it is written."""
    return len(rows) == len(before) and all(
        one.value == other.value and one.typed in (None, other.typed)
        for one, other in zip(rows, before, strict=True)
    )


def _clash(
    session: Session, each: Field, rows: tuple[own.Kept, ...], user: User | None
) -> errors.Message | None:
    keys = [texts.key(row.value) for row in rows]
    query = (
        select(User)
        .join(FieldValue, FieldValue.user_id == User.id)
        .where(FieldValue.field_id == each.id, FieldValue.value_key.in_(keys), User.deleted_at.is_(None))
    )
    with session.no_autoflush:
        owner = session.scalar(query.where(User.id != user.id) if user else query)
    if owner is None:
        return None
    about = {"name": each.name, "value": rows[0].said, "owner": owner.name, "owner_id": owner.id, "free": []}
    return Message("own.taken", about)


def _name(each: Field) -> str:
    return f"fields.{each.name}"
