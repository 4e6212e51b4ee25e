"""Values that make sense for a filter: those that people have, the commonest first, or those of time."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from webui.store import tags
from webui.store.query import fields, own
from webui.store.query.own import Own
from webui.store.values import text as texts

MOST = 30  # values that are offered; more are typed sooner than found
_MONTHS = "january february march april may june july august september october november december".split()  # noqa: SIM905
_COLUMNS = {
    "city": ("city", "user_addresses t JOIN users u ON u.id = t.user_id"),
    "country": ("country", "user_addresses t JOIN users u ON u.id = t.user_id"),
    "organisation": ("organisation", "users u"),
    "job": ("job_title", "users u"),
}
_SPANS = {
    "last-post": ("<30d", "<90d", ">90d", ">1y"),
    "added": ("<7d", "<30d", "<1y"),
    "changed": ("<1d", "<7d", "<30d"),
}


@dataclass(frozen=True)
class Value:
    """A value, how it is compared, and how many have it, 0 where that is not counted."""

    value: str
    compared: str = ""
    count: int = 0


def values(session: Session, field: str | Own, most: int | None = MOST) -> Sequence[Value]:
    """Return what a field can be asked for, up to `most` where people have any; nothing where only typing
    makes sense."""
    if isinstance(field, Own):
        return _of_own(session, field, most)
    if field == "tag":
        every = sorted(tags.every(session), key=lambda tag: -tag.count)
        return [Value(tag.name, count=tag.count) for tag in every[:most]]
    if field in _COLUMNS:
        return _counted(session, *_COLUMNS[field], most)
    if field in ("has", "no"):
        return [Value(each) for each in (*fields.THINGS, *(each.name for each in own.every(session)))]
    if field == "birthday":
        return [Value(each) for each in ("today", "this-month", "next-month", *_MONTHS)]
    if field == "age":
        return [Value("18", "<"), Value("18..29"), Value("30..49"), Value("50..69"), Value("70", ">=")]
    if field == "relation":
        return [Value(each) for each in fields.RELATIONS]
    return [Value(each[1:], each[0]) for each in _SPANS.get(field, ())]


def _of_own(session: Session, field: Own, most: int | None) -> Sequence[Value]:
    if field.kind in own.CHOICES:
        return [Value(each) for each in field.options]
    if field.kind in own.YES_NO:
        return [Value("yes"), Value("no")]
    if field.kind in own.DATES:
        return [Value("this-month"), Value("this-year"), Value("1y", "<")]
    if field.kind in own.ASKED:
        return []
    return _counted(
        session,
        "value",
        f"field_values t JOIN users u ON u.id = t.user_id AND t.field_id = {int(field.id)}",
        most,
        least=2,
    )


def _counted(
    session: Session, column: str, tables: str, most: int | None, *, least: int = 1
) -> Sequence[Value]:
    limit = -1 if most is None else most  # -1 is none, for SQLite
    found = session.execute(
        text(
            f"SELECT {column}, count(*) AS people FROM {tables} WHERE u.deleted_at IS NULL AND {column} <> ''"
            f" GROUP BY {column} HAVING count(*) >= {least} ORDER BY people DESC, {column} LIMIT {limit}"
        )
    )
    return [Value(texts.shown(value), count=count) for value, count in found]
