"""An own field gets what came with people before it was there, in a column of their files.

Who has something in the field keeps it; what does not fit stays in the row it came in. Not for what
else is in such a row: see `leftovers`.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from webui.exchange import days, headers, leftovers, own_cells
from webui.exchange.columns import HERE
from webui.exchange.vcard import properties
from webui.store import errors, fields, own_values, settings
from webui.store.field_kinds import Sample
from webui.store.ledger.operations import named, raw
from webui.store.models import Field
from webui.store.values import numbers, own, times
from webui.store.values import text as texts

_KNOWN = {*properties.TAKES, *properties.OF_THE_CARD, "BEGIN", "END"}
_PROPERTY = re.compile(rb"(?m)^(?:[\w-]+\.)?([A-Za-z][\w-]*)[;:]")


@dataclass(frozen=True)
class Preview:
    """How many people's values would come in and how many do not fit, and the first of each."""

    fits: int
    odd: int
    samples: Sequence[Sample]
    odd_samples: Sequence[Sample]


@dataclass(frozen=True)
class _Found:
    """What came with someone: `rows` of the field, None where it does not fit."""

    user_id: int
    name: str
    said: str
    rows: tuple[own.Kept, ...] | None


def names(session: Session, *, cards: bool = True) -> list[str]:
    """Return the columns without a field of the files that people came from, those of the newest file first;
    of vCards, each of which is looked at, what they call properties."""
    found = dict[str, None]()
    for file_id, format_, options in session.execute(
        text("SELECT id, format, options FROM source_files ORDER BY id DESC")
    ):
        if format_ != "vcard":
            found |= dict.fromkeys(leftovers.names(leftovers.told(options)))
        elif cards:
            found |= dict.fromkeys(_properties(session, file_id))
    return list(found)


def alike(name: str, columns: Iterable[str]) -> str:
    """Return the column that is called as a field, '' for none."""
    return next((each for each in columns if headers.key(each) == headers.key(name)), "")


def preview(session: Session, field_id: int, column: str, decimal: str = ".", limit: int = 8) -> Preview:
    """Return what `fill` would do; `limit` people of each are named. Raises NotFound."""
    field = fields.find(session, field_id)
    counts, samples = [0, 0], [list[Sample](), list[Sample]()]
    for each in _read(session, field, column, decimal):
        odd = each.rows is None
        counts[odd] += 1
        if len(samples[odd]) < limit:
            now = None if each.rows is None else own.as_text(field.kind, each.rows)
            samples[odd].append(Sample(each.user_id, each.name, each.said, now))
    return Preview(counts[0], counts[1], samples[0], samples[1])


def fill(session: Session, field_id: int, column: str, decimal: str = ".") -> tuple[Field, int]:
    """Give everyone who has nothing in a field what came with them in a column; return it, and how many.

    When such a file comes again its column goes to the field. What is kept stays kept. `decimal` decides what
    could be two numbers. Raises NotFound, also for a column that is none of `names`.
    """
    field = fields.find(session, field_id)
    if column not in names(session):
        raise errors.NotFound("fields", column)
    rows = [each for each in _read(session, field, column, decimal) if each.rows]
    if rows:
        connection = raw(session.connection())
        own_values.insert(connection, field.id, ((each.user_id, each.rows or ()) for each in rows))
        now = times.now()
        connection.executemany(
            "UPDATE users SET updated_at = ? WHERE id = ?", [(now, each.user_id) for each in rows]
        )
        for file_id, options in connection.execute("SELECT id, options FROM source_files").fetchall():
            if (made := _led(options, column, f"{HERE}{field.uid}")) != options:
                connection.execute("UPDATE source_files SET options = ? WHERE id = ?", (made, file_id))
        session.expire_all()
        named(session, "fields.fill", name=field.name)
    return field, len(rows)


def _read(session: Session, field: Field, column: str, decimal: str) -> Iterator[_Found]:
    """Yield what came with each of the living who has nothing in the field, by id; the newest row counts."""
    said = dict(_said(session, field, column))
    if field.kind == "number":
        decimal = numbers.decimal_of([cell for _name, cell in said.values()]) or decimal
    orders = {days.read(cell).order for _name, cell in said.values()} if field.kind == "date" else set()
    order = next(iter(orders - {None}), None) if len(orders - {None}) == 1 else None
    region = settings.get(session, "phone_region")
    rule = own.Rule(field.kind, tuple(fields.options(field)), region, decimal)
    taken = set(_keys(session, field)) if field.no_two_alike else None
    for user_id, (name, cell) in said.items():
        read = own.read(rule, own_cells.day(cell, order) if field.kind == "date" else cell)
        rows = None if read.fault or not read.rows else read.rows
        if rows and taken is not None:
            keys = {texts.key(row.value) for row in rows}
            rows = None if keys & taken else rows
            taken |= keys
        yield _Found(user_id, name, cell, rows)


def _said(session: Session, field: Field, column: str) -> Iterator[tuple[int, tuple[str, str]]]:
    found = session.execute(
        text(
            "SELECT s.user_id, coalesce(nullif(u.display_name, ''), u.username), f.format, f.options, s.raw"
            " FROM sources s JOIN source_files f ON f.id = s.file_id JOIN users u ON u.id = s.user_id"
            " WHERE u.deleted_at IS NULL AND NOT EXISTS (SELECT 1 FROM field_values v"
            "  WHERE v.user_id = u.id AND v.field_id = :field) ORDER BY s.user_id, s.id DESC"
        ),
        {"field": field.id},
    )
    done, files = None, dict[str, dict[str, Any]]()
    for user_id, name, format_, options, row in found:
        if user_id == done or not isinstance(row, bytes):
            continue
        if options not in files:
            files[options] = leftovers.told(options)
        if cell := leftovers.of_column(format_, row, files[options], column):
            done = user_id
            yield user_id, (texts.shown(name), texts.kept(cell))


def _keys(session: Session, field: Field) -> Iterable[str]:
    return session.scalars(
        text(
            "SELECT v.value_key FROM field_values v JOIN users u ON u.id = v.user_id"
            " WHERE v.field_id = :field AND u.deleted_at IS NULL"
        ),
        {"field": field.id},
    )


def _led(options: Any, column: str, target: str) -> Any:
    """Return the options of a file with its column led to a field, and kept all the same."""
    told = leftovers.told(options)
    at = leftovers.names(told).get(column)
    if at is None:
        return options
    told["columns"][at][1] = target
    told["filled"] = sorted({*leftovers.filled(told), column})
    return json.dumps(told, ensure_ascii=False)


def _properties(session: Session, file_id: int) -> Iterator[str]:
    """Yield the properties without a field in the cards of a file."""
    found = set[bytes]()
    for row in session.scalars(text("SELECT raw FROM sources WHERE file_id = :file"), {"file": file_id}):
        found.update(_PROPERTY.findall(row) if isinstance(row, bytes) else ())
    for name in sorted({each.decode().upper() for each in found} - _KNOWN):
        if not name.startswith("X-ROSTER"):
            yield name.capitalize()
