"""People: add, change, into the trash and back, find one."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Engine, bindparam, select
from sqlalchemy.orm import Session

from webui.store import errors, own_values, records, settings, tags
from webui.store.ledger import fetching
from webui.store.ledger.operations import named
from webui.store.models import User
from webui.store.values import emails, names, person, text, times

_ONE = select(User).where(User.id == bindparam("user"))  # to build it takes as long as to ask


def add(session: Session, form: Mapping[str, Any]) -> User:
    """Add a person. Raises Invalid with a message a field, Taken when only a unique value clashes."""
    cleaned = person.clean({"username": None, "email": None, **form})
    region = settings.get(session, "phone_region")
    own = own_values.clean(session, form.get("fields"), None, region)
    _check(session, cleaned, None, own)
    values = cleaned.values
    user = User()
    records.take(user, values, region)
    own_values.put(user, own)
    session.add(user)
    session.flush()
    if values.get("tags"):
        tags.put(session, user, values["tags"])
    named(session, "users.add", name=user.name)
    return user


def change(session: Session, user_id: int, form: Mapping[str, Any], *, seen: str | None = None) -> User:
    """Change what `form` names of a person, and nothing else; equal values change nothing.

    `seen` is the `state` of the person that the writer had before them: Refused when it is another now.
    Raises NotFound, Invalid, Taken.
    """
    user = find(session, user_id)
    if seen and seen != state(user):
        raise errors.Refused(errors.Message("users.changed_meanwhile", {"name": user.name}))
    cleaned = person.clean({**_parts_of(user, form), **form}, values(user))
    if "email" not in cleaned.values and user.email is None:
        cleaned.values["email"] = None  # the rule is asked about at each edit of someone without
    region = settings.get(session, "phone_region")
    own = own_values.clean(session, form.get("fields"), user, region)
    _check(session, cleaned, user, own)
    name, changed = user.name, records.take(user, cleaned.values, region) + own_values.put(user, own)
    if "tags" in cleaned.values and tags.put(session, user, cleaned.values["tags"]):
        changed.append("tags")
    if changed:
        user.updated_at = times.now()
        named(session, "users.change", name=name, fields=changed)
        session.flush()
    return user


def trash(session: Session, user_ids: Iterable[int]) -> int:
    """Move people to the trash and return how many; their usernames and e-mails are free then.

    Raises NotFound when one is not there or is in the trash already.
    """
    wanted = list(user_ids)
    found = [find(session, user_id) for user_id in wanted]
    now = times.now()
    for user in found:
        user.deleted_at = user.updated_at = now
    session.flush()
    named(session, "users.trash", name=found[0].name if found else "", count=len(found))
    return len(found)


def put_back(session: Session, user_id: int, form: Mapping[str, Any] | None = None) -> User:
    """Take a person out of the trash, with the values of `form` where they must change.

    Raises NotFound; Taken or Invalid, a message a field, when something must change first.
    """
    user = session.scalar(
        select(User)
        .where(User.id == user_id, User.deleted_at.is_not(None))
        .execution_options(include_trash=True)
    )
    if user is None:
        raise errors.NotFound("users", user_id)
    region, form = settings.get(session, "phone_region"), form or {}
    cleaned = person.clean({"username": user.username, "email": user.email, **form}, values(user))
    own = own_values.clean(session, form.get("fields"), user, region, required=False)
    if "fields" not in form:
        own.clashes = own_values.clashes(session, user)
    _check(session, cleaned, user, own)
    records.take(user, cleaned.values, region)
    own_values.put(user, own)
    user.deleted_at, user.updated_at = None, times.now()
    session.flush()
    named(session, "users.put_back", name=user.name)
    return user


def find(session: Session, user_id: int) -> User:
    """Return the living person with this id. Raises NotFound."""
    user = session.scalar(_ONE, {"user": user_id})
    if user is None:
        raise errors.NotFound("users", user_id)
    return user


def is_there(engine: Engine, user_id: int) -> bool:
    """Tell whether a living person with this id is in the database of an engine."""
    with Session(engine) as session:
        return session.scalar(select(User.id).where(User.id == user_id)) is not None


def values(user: User) -> dict[str, Any]:
    """Return a person as the mapping that a form is: every field, the rows of every list, and `fields`, what
    is in own fields by their names."""
    return records.values(user) | {"fields": own_values.said(user)}


def state(user: User) -> str:
    """Return a short text that is another as soon as anything in the form of a person is another."""
    plain = json.dumps(values(user), sort_keys=True).encode()
    return hashlib.sha256(plain).hexdigest()[:16]


def trashed(session: Session, limit: int = 200) -> Sequence[User]:
    """Return the people in the trash, the last one first."""
    query = select(User).where(User.deleted_at.is_not(None)).order_by(User.deleted_at.desc(), User.id.desc())
    return session.scalars(query.limit(limit).execution_options(include_trash=True)).all()


def counts(session: Session) -> tuple[int, int]:
    """Return how many people live in the database and how many are in the trash."""
    gone = "SELECT count(*) FROM users WHERE deleted_at IS NOT NULL"
    every = "SELECT count(*) FROM users"  # by the smallest index of the whole table
    living, trashed = fetching.rows(session, f"SELECT ({every}) - ({gone}), ({gone})").one()
    return living, trashed


def suggest_username(session: Session, form: Mapping[str, Any], but: int | None = None) -> str:
    """Return a free username for the names or the e-mail in `form`; '' when they give none."""
    parts = {
        name: text.one_line(str(form.get(name) or ""))
        for name in ("given", "family", "email", "organisation")
    }
    wanted = names.username(**parts)
    return free_username(session, wanted, but) if wanted else ""


def free_username(session: Session, wanted: str, but: int | None = None) -> str:
    """Return the first of `wanted`, `wanted.2`, `wanted.3` that is free; `but`'s own counts as free."""
    if not _owner(session, User.username_key, text.key(wanted), but):
        return wanted
    like = text.key(wanted) + "."
    used = set(
        session.scalars(
            select(User.username_key).where(User.username_key >= like, User.username_key < like + "\uffff")
        )
    )
    number = 2
    while text.key(f"{wanted}.{number}") in used:
        number += 1
    return f"{wanted}.{number}"


def _parts_of(user: User, form: Mapping[str, Any]) -> dict[str, Any]:
    """Return the name parts a change does not name, when the display name has to follow them."""
    follows = any(part in form for part in names.PARTS) and "display_name" not in form
    own = {part: getattr(user, part) for part in names.PARTS}
    if not follows and not ("display_name" in form and not form["display_name"]):
        return {}
    if follows and user.display_name != names.display(own):
        return {"display_name": user.display_name}  # chosen by hand: it stays
    return own


def _check(session: Session, cleaned: person.Cleaned, user: User | None, own: own_values.Cleaned) -> None:
    values = cleaned.values
    faults, clashes = {**cleaned.faults, **own.faults, **_label_alone(values, user)}, dict(own.clashes)
    if "email" in values and not values["email"] and settings.email_required(session):
        faults.setdefault("email", errors.Message("email.required"))
    but = user.id if user else None
    if values.get("username") and "username" not in faults:
        owner = _owner(session, User.username_key, text.key(values["username"]), but)
        if owner:
            free = [free_username(session, values["username"], but)]
            other = names.username(
                values.get("given") or "", values.get("family") or "", values.get("email") or ""
            )
            if other and other not in free and not _owner(session, User.username_key, text.key(other), but):
                free.append(other)
            clashes["username"] = _taken("username", values["username"], owner, free)
    if values.get("email") and "email" not in faults:
        owner = _owner(session, User.email_key, emails.key(values["email"]), but)
        if owner:
            clashes["email"] = _taken("email", values["email"], owner, [])
    if faults:
        raise errors.Invalid({**faults, **clashes})
    if clashes:
        raise errors.Taken(clashes)


def _label_alone(values: dict[str, Any], user: User | None) -> dict[str, errors.Message]:
    """Take away what kind of e-mail it is where there is none; return the fault of one that is new."""
    email, label = ((values[n] if n in values else getattr(user, n, None)) for n in ("email", "email_label"))
    if email or not label:
        return {}
    values["email_label"] = None
    if user and label == user.email_label:
        return {}
    return {"email_label": errors.Message("row.only_label", {"label": label})}


def _taken(field: str, value: str, owner: User, free: list[str]) -> errors.Message:
    return errors.Message(
        f"{field}.taken", {"value": value, "owner": owner.name, "owner_id": owner.id, "free": free}
    )


def _owner(session: Session, column: Any, key: str, but: int | None) -> User | None:
    query = select(User).where(column == key)
    with session.no_autoflush:
        return session.scalar(query.where(User.id != but) if but else query)
