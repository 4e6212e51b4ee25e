"""A field of many people set to one value or cleared: judged like a form, shown before, one operation."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from webui.store import bulk_lists, errors, fields, settings
from webui.store import chosen as many
from webui.store.chosen import Chosen, Preview, Sample
from webui.store.errors import Message
from webui.store.ledger.operations import named
from webui.store.models import Field
from webui.store.values import dates, names, own, person, times
from webui.store.values import text as texts

# What many may have alike. A username or an e-mail is nobody else's.
COLUMNS = (
    "organisation", "department", "job_title", "birthday", "nickname", *names.PARTS, "phonetic", "note",
    *bulk_lists.PARTS,
)  # fmt: skip


@dataclass(frozen=True)
class _Column(bulk_lists.Value):
    """A column that everyone has, and what it is to hold."""

    @property
    def said(self) -> str:
        return "coalesce(nullif(u.birthday_typed, ''), u.birthday, '')" if self._date else self._now

    @property
    def differs(self) -> str:
        alike = " AND (:value = '' OR coalesce(u.birthday, '') <> :value)" if self._date else ""
        return f"{self.said} IS NOT :value{alike}"

    @property
    def _now(self) -> str:
        return f"coalesce(u.{self.name}, '')"

    @property
    def _date(self) -> bool:
        return self.name == "birthday"

    def write(self, session: Session) -> None:
        values = {"value": self.value or None, "now": times.now()}
        sets = f"{self.name} = :value"
        if self._date:
            values["date"] = dates.parse(self.value) if self.value else None
            sets = "birthday_typed = :value, birthday = :date"
        if self.name in names.PARTS:
            self._rename(session)
        where = "id IN (SELECT id FROM temp.differing)"
        session.execute(text(f"UPDATE users SET {sets}, updated_at = :now WHERE {where}"), values)

    def _rename(self, session: Session) -> None:
        """Let the name on screen follow where it is made of the parts, as a form does."""
        parts = ", ".join(names.PARTS)
        found = session.execute(
            text(f"SELECT id, display_name, {parts} FROM users JOIN temp.differing USING (id)")
        ).all()
        renamed = []
        for user_id, shown, *stored in found:
            had = dict(zip(names.PARTS, map(texts.stored, stored), strict=True))
            if texts.shown(shown) == names.display(had):
                renamed.append({"id": user_id, "name": names.display({**had, self.name: self.value})})
        if renamed:
            session.execute(text("UPDATE users SET display_name = :name WHERE id = :id"), renamed)


@dataclass(frozen=True)
class _Own:
    """An own field, and the rows that it is to hold."""

    field: Field
    rows: tuple[own.Kept, ...]

    @property
    def name(self) -> str:
        return f"fields.{self.field.name}"

    @property
    def said(self) -> str:
        return (
            "(SELECT json_group_array(json_array(CAST(value AS TEXT), CAST(typed AS TEXT)))"
            f" FROM (SELECT value, typed FROM field_values v WHERE v.user_id = u.id"
            f" AND v.field_id = {self.field.id} ORDER BY v.id))"
        )

    @property
    def differs(self) -> str:
        return (
            "(SELECT json_group_array(CAST(value AS TEXT)) FROM (SELECT value FROM field_values v"
            f" WHERE v.user_id = u.id AND v.field_id = {self.field.id} ORDER BY v.id))"
            " IS NOT (SELECT json_group_array(value) FROM json_each(:value))"
        )

    @property
    def values(self) -> dict[str, Any]:
        return {"value": json.dumps([row.value for row in self.rows])}

    @property
    def now(self) -> str:
        return _shown(self.field.kind, self.rows)

    def read(self, was: Any) -> str:
        rows = [own.Kept(texts.shown(value), texts.stored(typed)) for value, typed in json.loads(was)]
        return _shown(self.field.kind, rows)

    def write(self, session: Session) -> None:
        of = "user_id IN (SELECT id FROM temp.differing)"
        session.execute(
            text(f"DELETE FROM field_values WHERE field_id = :field AND {of}"), {"field": self.field.id}
        )
        for row in self.rows:
            session.execute(
                text(
                    "INSERT INTO field_values (user_id, field_id, value, value_key, typed, number)"
                    " SELECT id, :field, :value, :key, :typed, :number FROM temp.differing"
                ),
                {
                    "field": self.field.id,
                    "value": row.value,
                    "key": texts.key(row.value),
                    "typed": row.typed,
                    "number": row.number,
                },
            )
        bulk_lists.touch(session)


def _shown(kind: str, rows: Sequence[own.Kept]) -> str:
    """Return a value as a preview shows it."""
    said = own.said(kind, rows)
    return said if isinstance(said, str) else ", ".join(said)


def preview(session: Session, chosen: Chosen, field: str | int, value: Any) -> Preview:
    """Return who would have `value` in a field instead of what is there; '' clears it.

    `field` is one of COLUMNS or the id of an own field. Raises NotFound, Invalid (value).
    """
    count = many.take(session, chosen)
    wanted = _judged(session, field, value)
    found = many.some(session, wanted.said, wanted.differs, wanted.values)
    samples = [Sample(name, username, wanted.read(was), wanted.now) for name, username, was in found]
    return Preview(count, many.count(session, wanted.differs, wanted.values), samples)


def put(session: Session, chosen: Chosen, field: str | int, value: Any) -> int:
    """Set a field of all chosen, and return for how many it differed. Raises NotFound, Invalid (value)."""
    many.take(session, chosen)
    wanted = _judged(session, field, value)
    first = many.first_name(session, wanted.differs, wanted.values)
    session.execute(text("CREATE TEMP TABLE IF NOT EXISTS differing (id INTEGER PRIMARY KEY)"))
    session.execute(text("DELETE FROM temp.differing"))
    of = f"SELECT c.id FROM temp.chosen c JOIN users u ON u.id = c.id WHERE {wanted.differs}"
    session.execute(text(f"INSERT INTO temp.differing {of}"), wanted.values)
    changing = int(session.scalar(text("SELECT count(*) FROM temp.differing")) or 0)
    if changing:
        wanted.write(session)
        session.expire_all()
        named(session, "bulk.set", field=wanted.name, to=wanted.now[:80], name=first, count=changing)
    return changing


def _judged(session: Session, field: str | int, value: Any) -> _Column | _Own | bulk_lists.Listed:
    """Return what a field is to hold, cleaned as in a form. `temp.chosen` is filled."""
    if isinstance(field, int):
        return _judged_own(session, fields.find(session, field), value)
    if field in bulk_lists.PARTS:
        return bulk_lists.judged(session, field, value)
    if field not in COLUMNS:
        raise errors.NotFound("fields", field)
    cleaned = person.clean({field: value})
    if field in cleaned.faults:
        raise errors.Invalid({"value": cleaned.faults[field]})
    return _Column(field, cleaned.values[field] or "")


def _judged_own(session: Session, field: Field, value: Any) -> _Own:
    read = own.read(fields.rule(field, settings.get(session, "phone_region")), value)
    if read.fault:
        raise errors.Invalid({"value": read.fault})
    if field.required and not read.rows:
        raise errors.Invalid({"value": Message("own.required", {"name": field.name})})
    wanted = _Own(field, read.rows)
    if field.no_two_alike and read.rows:
        _refuse_alike(session, field, read.rows)
    return wanted


def _refuse_alike(session: Session, field: Field, rows: Sequence[own.Kept]) -> None:
    """See that no two would have the same, where the field says so: one person alone can be given it."""
    if many.count(session, "1") > 1:
        raise errors.Invalid({"value": Message("bulk.alike", {"name": field.name})})
    owner = session.execute(
        text(
            f"SELECT u.id, {many.NAME} FROM field_values v JOIN users u ON u.id = v.user_id"
            " WHERE v.field_id = :field AND v.value_key = :key AND u.deleted_at IS NULL"
            " AND u.id NOT IN (SELECT id FROM temp.chosen) LIMIT 1"
        ),
        {"field": field.id, "key": texts.key(rows[0].value)},
    ).first()
    if owner:
        about = {"name": field.name, "value": rows[0].said, "owner": texts.shown(owner[1])}
        raise errors.Invalid({"value": Message("own.taken", about | {"owner_id": owner[0], "free": []})})
