"""How people belong together: said once, seen from both sides."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from webui.store import called, errors, users
from webui.store.ledger import fetching
from webui.store.ledger.images import Image
from webui.store.ledger.operations import named
from webui.store.models import Relation, User
from webui.store.values import text

OWN = "own"
# What someone is to the other: what the other is to them. The order is that of a page.
BACK = {
    "spouse": "spouse", "parent": "child", "child": "parent", "sibling": "sibling", "friend": "friend",
    "colleague": "colleague", OWN: OWN,
}  # fmt: skip
LONGEST_LABEL = 60
KEYS = ("people", "kind", "label", "back_label")


@dataclass(frozen=True)
class Related:
    """Someone a person belongs to: `kind` is what they are to the person, `label` the word of an own kind."""

    id: int
    user: User
    kind: str
    label: str


def add(session: Session, user_id: int, form: Mapping[str, Any]) -> list[User]:
    """Say what others are to a person, and return them.

    `form` names `people` (ids, or a text of names or usernames, divided by commas), `kind` (one of BACK) and,
    of an own kind, `label` and `back_label` ("" for the same word). Raises NotFound, Invalid.
    """
    user = users.find(session, user_id)
    kind, label, back = _clean(form)
    others = called.everyone(session, form.get("people"), "people")
    if not others:
        raise errors.Invalid({"people": errors.Message("relation.nobody")})
    for other_id in others:
        if fault := _fault(session, user, other_id, (kind, label, back)):
            raise errors.Invalid({"people": fault})
    session.add_all(
        Relation(user_id=user.id, other_id=other_id, kind=kind, label=label, back_label=back)
        for other_id in others
    )
    session.flush()
    found = [users.find(session, other_id) for other_id in others]
    named(session, "relations.add", name=user.name, other=found[0].name, count=len(found))
    return found


def remove(session: Session, user_id: int, relation_id: int) -> User:
    """Take back what joins a person, on either side, to another, and return the other. Raises NotFound."""
    user = users.find(session, user_id)
    related = next((each for each in of_user(session, user_id) if each.id == relation_id), None)
    if related is None:
        raise errors.NotFound("relations", relation_id)
    session.delete(session.get_one(Relation, relation_id))
    session.flush()
    named(session, "relations.remove", name=user.name, other=related.user.name)
    return related.user


def of_user(session: Session, user_id: int) -> Sequence[Related]:
    """Return the living people whom a person knows, by kind, then by name."""
    any_there = "SELECT EXISTS (SELECT 1 FROM relations WHERE user_id = :id OR other_id = :id)"
    if not fetching.rows(session, any_there, {"id": user_id}).scalar():
        return []
    return of_users(session, [user_id]).get(user_id, [])


def of_users(session: Session, user_ids: Collection[int]) -> dict[int, list[Related]]:
    """Return the same by the id of each of several people who know anyone."""
    found: dict[int, list[Related]] = {}
    for mine, theirs in ((Relation.user_id, Relation.other_id), (Relation.other_id, Relation.user_id)):
        query = select(mine, Relation, User).join(User, User.id == theirs).where(mine.in_(user_ids))
        for user_id, relation, other in session.execute(query):
            related = Related(relation.id, other, *_seen_by(relation, user_id))
            found.setdefault(user_id, []).append(related)
    for known in found.values():
        known.sort(key=_place)
    return found


def back(image: Mapping[str, Any]) -> str:
    """Return what the one who said a relation is to the other, by its row: a word of their own, or a kind."""
    kind = image["kind"]
    return text.shown(image["back_label"] or image["label"] or BACK.get(kind, kind))


def seen_by(image: Image, user_id: int) -> Image:
    """Return a row as the person has it whom it is about; of the other one, what the first is to them. None
    where it is of neither."""
    if image is None or image["user_id"] == user_id:
        return image
    if image["other_id"] != user_id:
        return None
    return {**image, "user_id": user_id, "other_id": image["user_id"], "label": back(image)}


def _place(related: Related) -> tuple[int, str, bytes, int]:
    kind, label = list(BACK).index(related.kind), text.key(related.label)
    return kind, label, text.sort_key(related.user.name), related.id


def _seen_by(relation: Relation, user_id: int) -> tuple[str, str]:
    """Return what the other is to `user_id`: a kind, whatever another program wrote there, and a label."""
    kind = relation.kind if relation.kind in BACK else OWN
    label = relation.label or ("" if relation.kind in BACK else relation.kind)
    if relation.user_id == user_id:
        return kind, label
    return BACK[kind], relation.back_label or label


def _clean(form: Mapping[str, Any]) -> tuple[str, str, str]:
    faults: dict[str, errors.Message] = {}
    kind = form.get("kind")
    if not isinstance(kind, str) or kind not in BACK:
        faults["kind"] = errors.Message("relation.kind", {"known": ", ".join(BACK)})
    said = {}
    for name in ("label", "back_label"):
        given = form.get(name) or ""
        said[name] = text.one_line(given) if isinstance(given, str) else ""
        if not isinstance(given, str):
            faults[name] = errors.Message("not_text")
        elif not text.keepable(given):
            faults[name] = errors.Message("text.unkeepable")
        elif len(said[name]) > LONGEST_LABEL:
            values = {"limit": LONGEST_LABEL, "length": len(said[name])}
            faults[name] = errors.Message("too_long", values)
    if kind == OWN and not said["label"]:
        faults.setdefault("label", errors.Message("relation.no_label"))
    if faults:
        raise errors.Invalid(faults)
    assert isinstance(kind, str)
    return (kind, said["label"], said["back_label"]) if kind == OWN else (kind, "", "")


def _fault(session: Session, user: User, other_id: int, said: tuple[str, str, str]) -> errors.Message | None:
    if other_id == user.id:
        return errors.Message("relation.self", {"name": user.name})
    query = select(Relation).where(
        or_(
            (Relation.user_id == user.id) & (Relation.other_id == other_id),
            (Relation.user_id == other_id) & (Relation.other_id == user.id),
        )
    )
    kind, label, _back = said
    for relation in session.scalars(query):
        known, word = _seen_by(relation, user.id)
        if (known, text.key(word)) == (kind, text.key(label)):
            name = users.find(session, other_id).name
            return errors.Message("relation.double", {"name": user.name, "other": name})
    return None
