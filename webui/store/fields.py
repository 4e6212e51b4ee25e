"""Own fields: add, change, order, into the trash and back. Their values are given with a person, by
`own_values`; a change of kind, which looks at all of them, is in `field_kinds`."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from webui.store import errors, positions
from webui.store.errors import Message
from webui.store.ledger.operations import named
from webui.store.models import Field, FieldValue, User
from webui.store.query import renaming
from webui.store.values import own, times
from webui.store.values import text as texts

LONGEST_NAME, LONGEST_HINT, MOST = 80, 200, 200
_TICKS = ("required", "no_two_alike", "listed")


def every(session: Session) -> Sequence[Field]:
    """Return all fields in their order, without those in the trash."""
    query = select(Field).where(Field.deleted_at.is_(None)).order_by(Field.position, Field.id)
    return session.scalars(query).all()


def trashed(session: Session) -> Sequence[Field]:
    """Return the fields in the trash, the last one first."""
    query = select(Field).where(Field.deleted_at.is_not(None))
    return session.scalars(query.order_by(Field.deleted_at.desc(), Field.id.desc())).all()


def find(session: Session, field_id: int) -> Field:
    """Return the field with this id that is not in the trash. Raises NotFound."""
    field = session.get(Field, field_id)
    if field is None or field.deleted_at is not None:
        raise errors.NotFound("fields", field_id)
    return field


def trashed_one(session: Session, field_id: int) -> Field:
    """Return the field with this id that is in the trash. Raises NotFound."""
    field = session.get(Field, field_id)
    if field is None or field.deleted_at is None:
        raise errors.NotFound("fields", field_id)
    return field


def counts(session: Session, trashed: bool = False) -> dict[int, int]:
    """Return how many living people have something in each field, or each one in the trash, by its id."""
    found = session.execute(
        text(
            "SELECT v.field_id, count(DISTINCT v.user_id) FROM fields f"
            " JOIN field_values v ON v.field_id = f.id"
            " JOIN users u ON u.id = v.user_id AND u.deleted_at IS NULL"
            f" WHERE f.deleted_at IS {'NOT ' if trashed else ''}NULL GROUP BY v.field_id"
        )
    )
    return {row[0]: row[1] for row in found}


def options(field: Field) -> tuple[str, ...]:
    """Return what can be chosen from; nothing where another program has written something else."""
    try:
        return tuple(own.options_of(json.loads(field.options)))
    except (ValueError, TypeError):
        return ()


def rule(field: Field, region: str = "") -> own.Rule:
    """Return by what the values of a field are judged."""
    kind = field.kind if field.kind in own.KINDS else "text"  # another program may have written any
    return own.Rule(kind, options(field), region)


def add(session: Session, form: Mapping[str, Any], *, uid: str | None = None) -> Field:
    """Add a field behind the others. `form`: name, kind, hint, options (one a line, or a list),
    default_value, and what is true of it: required, no_two_alike, listed.

    Raises Invalid with a message each, Taken for a name that there is.
    """
    if len(every(session)) >= MOST:
        raise errors.Invalid({"name": Message("too_many", {"limit": MOST})})
    values = _cleaned(session, {"name": "", "kind": "text", **form}, None)
    field = Field(**values, position=_behind(session), **({"uid": uid} if uid else {}))
    session.add(field)
    session.flush()
    named(session, "fields.add", name=field.name)
    return field


def change(session: Session, field_id: int, form: Mapping[str, Any]) -> Field:
    """Change what `form` names of a field, all but its kind. Raises NotFound, Invalid, Taken."""
    field = find(session, field_id)
    name = field.name
    values = _cleaned(session, {key: form[key] for key in form if key != "kind"}, field)
    changed = [key for key, value in values.items() if getattr(field, key) != value]
    for key in changed:
        setattr(field, key, values[key])
    if "name" in changed:
        renaming.follow(session, name, field.name)
    if changed:
        named(session, "fields.change", name=name)
    session.flush()
    return field


def move(session: Session, field_id: int, by: int) -> Field:
    """Move a field up (-1) or down (1) by one; at the end nothing changes. Raises NotFound."""
    field, order = find(session, field_id), list(every(session))
    at = order.index(field)
    to = max(0, min(len(order) - 1, at + by))
    order.insert(to, order.pop(at))
    for position, each in enumerate(order, 1):
        if to != at and each.position != position:
            each.position = position
    session.flush()
    named(session, "fields.order", name=field.name)
    return field


def remove(session: Session, field_id: int) -> Field:
    """Move a field to the trash; its values stay there with it, and its name is free. Raises NotFound."""
    field = find(session, field_id)
    field.deleted_at = times.now()
    session.flush()
    named(session, "fields.remove", name=field.name)
    return field


def put_back(session: Session, field_id: int, name: str | None = None) -> Field:
    """Take a field out of the trash, with its values, behind the others.

    Raises NotFound; Taken when its name belongs to another by now, and no free one is given; Invalid.
    """
    field = trashed_one(session, field_id)
    values = _cleaned(session, {"name": field.name if name is None else name}, field)
    field.name, field.position, field.deleted_at = values["name"], _behind(session), None
    if field.no_two_alike and alike(session, field):
        field.no_two_alike = 0  # people came together meanwhile; nothing of theirs is lost
    session.flush()
    named(session, "fields.put_back", name=field.name)
    return field


def free_name(session: Session, wanted: str, but: frozenset[str] = frozenset()) -> str:
    """Return the first of `wanted`, `wanted 2`, `wanted 3` that no field has; nor has `but` its key."""
    wanted = texts.kept(texts.one_line(wanted))[: LONGEST_NAME - 4].strip()
    used = {texts.key(field.name) for field in every(session)} | but
    name, number = wanted, 2
    while texts.key(name) in used:
        name, number = f"{wanted} {number}", number + 1
    return name


def _cleaned(session: Session, form: Mapping[str, Any], field: Field | None) -> dict[str, Any]:
    """Return the columns that `form` names. Raises Invalid, Taken."""
    faults: dict[str, Message] = {}
    found: dict[str, Any] = {key: int(bool(form[key])) for key in _TICKS if key in form}
    for key, limit in (("name", LONGEST_NAME), ("hint", LONGEST_HINT)):
        if key in form:
            found[key] = texts.one_line(str(form[key] or ""))
            if not texts.keepable(found[key]):
                faults[key] = Message("text.unkeepable")
            elif len(found[key]) > limit:
                faults[key] = Message("too_long", {"limit": limit, "length": len(found[key])})
    if "name" in found and not found["name"]:
        faults["name"] = Message("field.no_name")
    kind = field.kind if field else str(form.get("kind"))
    if kind not in own.KINDS:
        raise errors.Invalid({**faults, "kind": Message("field.no_kind")})
    found |= {"kind": kind} if field is None else {}
    if kind in own.CHOSEN and (field is None or "options" in form):
        listed, fault = cleaned_options(form.get("options"))
        found["options"] = json.dumps(listed, ensure_ascii=False)
        faults |= {"options": fault} if fault else {}
    if kind in own.ALIKE and "no_two_alike" in found:
        found["no_two_alike"] = 0
    _judge_default(form, found, field, kind, faults)
    if found.get("no_two_alike") and field and (fault := alike(session, field)):
        faults["no_two_alike"] = fault
    if faults:
        raise errors.Invalid(faults)
    _refuse_taken(session, found.get("name"), field)
    return found


def cleaned_options(typed: object) -> tuple[list[str], Message | None]:
    """Return the options in what was typed, and what is wrong with them."""
    listed, limit = own.options_of(typed), own.LONGEST["choice"]
    if not listed:
        return listed, Message("field.no_options")
    if len(listed) > own.MOST_CHOICES:
        return listed, Message("too_many", {"limit": own.MOST_CHOICES})
    if not all(map(texts.keepable, listed)):
        return listed, Message("text.unkeepable")
    longest = max(map(len, listed))
    return listed, Message("too_long", {"limit": limit, "length": longest}) if longest > limit else None


def _judge_default(
    form: Mapping[str, Any], found: dict[str, Any], field: Field | None, kind: str, faults: dict[str, Message]
) -> None:
    """Take what a new person begins with: as it is typed, if it can be read."""
    if "default_value" not in form or "options" in faults:
        return
    listed = json.loads(found["options"]) if "options" in found else options(field) if field else ()
    judged = own.Rule(kind, tuple(listed))
    read = own.read(judged, form["default_value"])
    found["default_value"] = own.as_text(kind, read.rows)
    alike = found.get("no_two_alike", field.no_two_alike if field else 0)
    if read.fault:
        faults["default_value"] = read.fault
    elif read.rows and alike:
        faults["default_value"] = Message("field.default_alike")


def alike(session: Session, field: Field) -> Message | None:
    """Say which two people have the same in a field, None where no two have."""
    row = session.execute(
        select(func.min(FieldValue.value), func.min(User.id), func.max(User.id))
        .join(User, User.id == FieldValue.user_id)
        .where(FieldValue.field_id == field.id, User.deleted_at.is_(None))
        .group_by(FieldValue.value_key)
        .having(func.count(User.id.distinct()) > 1)
        .limit(1)
    ).first()
    if row is None:
        return None
    one, other = (session.get_one(User, user_id).name for user_id in row[1:])
    return Message("field.alike", {"value": row[0][:80], "one": one, "other": other})


def _refuse_taken(session: Session, name: str | None, field: Field | None) -> None:
    if name is None:
        return
    for other in every(session):
        if other is not field and texts.key(other.name) == texts.key(name):
            raise errors.Taken({"name": Message("field.taken", {"value": other.name})})


def _behind(session: Session) -> int:
    return positions.behind(session, Field.position, Field.deleted_at.is_(None))
