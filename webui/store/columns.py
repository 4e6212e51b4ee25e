"""The columns of the list of people: which are shown behind the name, in what order, and what stands in them.

Not for how they are sorted: see `orders`, nor for how wide they are: that is the machine's to remember.
"""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from webui.store import fields, settings
from webui.store.ledger import fetching, sorts
from webui.store.ledger.operations import named, raw
from webui.store.models import Field
from webui.store.values import own
from webui.store.values import text as texts

EVERY = (
    "email", "phone", "organisation", "city", "tags", "last_post", "birthday", "username", "given", "family",
    "nickname", "department", "job_title", "street", "postal_code", "country", "link", "note", "created_at",
    "updated_at",
)  # fmt: skip


@dataclass(frozen=True)
class Column:
    """A column: its `name` in settings and addresses, the own field that it shows or None."""

    name: str
    field: Field | None = None


def every(session: Session) -> list[Column]:
    """Return the columns there are: those shown in their order, then the others."""
    here = shown(session)
    names = {each.name for each in here}
    others = [*map(Column, EVERY), *_own(session).values()]
    return here + [each for each in others if each.name not in names]


def find(session: Session, name: str) -> Column | None:
    """Return the column of this name, None where there is none."""
    return Column(name) if name in EVERY else _own(session).get(name)


def shown(session: Session) -> list[Column]:
    """Return the columns that the list shows, in order."""
    names = sorts.shown(raw(session.connection()))
    own = _own(session) if any(name.startswith(sorts.OWN) for name in names) else {}
    return [own.get(name) or Column(name) for name in names]


def are_chosen(session: Session) -> bool:
    """Tell whether anyone has chosen columns; until then a narrow window may leave some out."""
    return settings.get(session, "columns") != ""


def are_standard(session: Session) -> bool:
    """Tell whether the list shows what it shows at first: nobody has chosen columns or listed a field."""
    return not are_chosen(session) and not any(each.field for each in shown(session))


def arrange(session: Session, names: Iterable[str] | None, among: Collection[str] = ()) -> None:
    """Show the columns of these names, in this order, and no others; None for those shown at first.

    `among` are those that the choice was made from: any other stays as it is. What is no column is passed
    over: a field may have gone to the trash meanwhile.
    """
    own = _own(session)
    wanted = sorts.DEFAULT if names is None else tuple(dict.fromkeys(names))
    if among:
        wanted += tuple(each.name for each in shown(session) if each.name not in among)
    for name, column in own.items():
        listed = int(name in wanted)
        if column.field and column.field.listed != listed:
            column.field.listed = listed
    known = [name for name in wanted if name in EVERY or name in own]
    said = "" if names is None else json.dumps(known)
    if said != settings.get(session, "columns"):
        settings.put(session, "columns", said)
    session.flush()
    named(session, "columns.arrange")


def cells(session: Session, columns: Sequence[Column], ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Return what stands in columns for people, by id and name: a text ('' for nothing), for an own field its
    rows as `own.Kept`. E-mails, tags and days of posts, which each row of the list has, are left out."""
    found: dict[int, dict[str, Any]] = {user_id: {} for user_id in ids}
    people = ", ".join(map(str, ids))
    standard = [each.name for each in columns if each.name in sorts.STANDARD]
    if ids and standard:
        values = ", ".join(sorts.STANDARD[name][1] for name in standard)
        rows = fetching.rows(session, f"SELECT u.id, {values} FROM users u WHERE id IN ({people})")
        for user_id, *said in rows:
            found[user_id] = dict(zip(standard, map(texts.shown, said), strict=True))
    by_id = {each.field.id: each.name for each in columns if each.field}
    if ids and by_id:
        rows = fetching.rows(
            session,
            "SELECT user_id, field_id, value, typed, number FROM field_values"
            f" WHERE user_id IN ({people}) AND field_id IN ({', '.join(map(str, by_id))}) ORDER BY id",
        )
        for user_id, field_id, value, typed, number in rows:
            kept = own.Kept(texts.shown(value), texts.stored(typed), number)
            found[user_id].setdefault(by_id[field_id], []).append(kept)
    return found


def _own(session: Session) -> dict[str, Column]:
    return {sorts.OWN + each.uid: Column(sorts.OWN + each.uid, each) for each in fields.every(session)}
