"""Another kind for an own field: first which of its values fit, then all of it at once.

What does not fit is kept as text in the note of its person. Those in the trash are changed as well.
"""

import itertools
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from webui.store import errors, fields, own_values, settings
from webui.store.errors import Message
from webui.store.ledger.operations import named, raw
from webui.store.models import Field
from webui.store.values import own, times
from webui.store.values import text as texts


@dataclass(frozen=True)
class Sample:
    """What someone has, or came with, and what it would be in a field; None where it does not fit."""

    user_id: int
    name: str
    was: str
    now: str | None


@dataclass(frozen=True)
class Preview:
    """What a change of kind would do: how many people's values fit and how many do not, the first of each,
    the options that a chosen kind would have, and whether two would be alike where no two may be by now."""

    fits: int
    odd: int
    samples: Sequence[Sample]
    odd_samples: Sequence[Sample]
    options: tuple[str, ...]
    alike: bool


@dataclass(frozen=True)
class _Turn:
    """What becomes of a person's rows; `after` is None where they do not fit."""

    user_id: int
    name: str
    ids: tuple[int, ...]
    before: tuple[own.Kept, ...]
    after: tuple[own.Kept, ...] | None


def preview(
    session: Session, field_id: int, kind: str, options: object = None, decimal: str = ".", limit: int = 8
) -> Preview:
    """Return what `change` would do; `limit` people of each are named. Raises NotFound, Invalid."""
    field = fields.find(session, field_id)
    rule = _rule(session, field, kind, options, decimal)
    counts, samples, keys = [0, 0], [list[Sample](), list[Sample]()], set[str]()
    for turn in _turns(session, field, rule):
        odd = turn.after is None
        counts[odd] += 1
        keys.update(texts.key(row.value) for row in turn.after or ())
        if len(samples[odd]) < limit:
            now = None if turn.after is None else own.as_text(kind, turn.after)
            samples[odd].append(Sample(turn.user_id, turn.name, own.as_text(field.kind, turn.before), now))
    alike = bool(field.no_two_alike) and (kind in own.ALIKE or len(keys) < counts[0])
    return Preview(counts[0], counts[1], samples[0], samples[1], rule.options, alike)


def change(
    session: Session, field_id: int, kind: str, options: object = None, decimal: str = "."
) -> tuple[Field, int]:
    """Give a field another kind; return it, and how many people's values went to their notes.

    `options` are those of a chosen kind, in the form of `fields.add`; without them, what people have.
    `decimal` decides what could be two numbers. Raises NotFound, Invalid.
    """
    field = fields.find(session, field_id)
    rule, was = _rule(session, field, kind, options, decimal), field.kind
    turns = [turn for turn in _turns(session, field, rule) if turn.after != turn.before]
    odd = [turn for turn in turns if turn.after is None]
    _write(session, field, was, turns)
    field.kind, field.options = kind, json.dumps(rule.options, ensure_ascii=False)
    default = own.read(rule, field.default_value)
    field.default_value = "" if default.fault else own.as_text(kind, default.rows)
    if field.no_two_alike and (kind in own.ALIKE or fields.alike(session, field)):
        field.no_two_alike = 0
    session.flush()
    named(session, "fields.kind", name=field.name, kind=kind, odd=len(odd))
    return field, len(odd)


def _rule(session: Session, field: Field, kind: str, options: object, decimal: str) -> own.Rule:
    """Return by what values are judged anew. Raises Invalid."""
    if kind not in own.KINDS:
        raise errors.Invalid({"kind": Message("field.no_kind")})
    listed: list[str] = []
    if kind in own.CHOSEN:
        listed = own.options_of(options) or list(fields.options(field)) or _distinct(session, field)
        listed, fault = fields.cleaned_options(listed)
        if fault:
            raise errors.Invalid({"options": fault})
    return own.Rule(kind, tuple(listed), settings.get(session, "phone_region"), decimal)


def _distinct(session: Session, field: Field) -> list[str]:
    """Return what people have in a field, as options: each once, as many as there may be."""
    found = session.execute(
        text("SELECT min(value) FROM field_values WHERE field_id = :id GROUP BY value_key LIMIT :most"),
        {"id": field.id, "most": own.MOST_CHOICES},
    )
    values = (own.as_text(field.kind, [own.Kept(texts.shown(row[0]))]) for row in found)
    return sorted((each for each in values if len(each) <= own.LONGEST["choice"]), key=texts.sort_key)


def _turns(session: Session, field: Field, rule: own.Rule) -> Iterator[_Turn]:
    """Yield what becomes of the rows of each person who has any."""
    rows = session.execute(
        text(
            "SELECT v.user_id, v.id, v.value, v.typed, v.number, coalesce(nullif(u.display_name, ''),"
            " u.username) FROM field_values v JOIN users u ON u.id = v.user_id"
            " WHERE v.field_id = :id ORDER BY v.user_id, v.id"
        ),
        {"id": field.id},
    )
    for user_id, found in itertools.groupby(rows, key=lambda row: row[0]):
        group = list(found)
        before = tuple(
            own.Kept(texts.shown(value), texts.stored(typed), number)
            for _user, _id, value, typed, number, _name in group
        )
        read = own.read(rule, _given(field.kind, rule.kind, before))
        broken = rule.kind == "text" and any("\n" in row.value for row in before)  # it has one line
        after = None if read.fault or broken else read.rows
        yield _Turn(user_id, texts.shown(group[0][5]), tuple(row[1] for row in group), before, after)


def _given(kind: str, wanted: str, rows: tuple[own.Kept, ...]) -> str | list[str]:
    found = own.said(kind, rows)
    return ", ".join(found) if wanted != "choices" and isinstance(found, list) else found


def _write(session: Session, field: Field, kind: str, turns: Sequence[_Turn]) -> None:
    """Put what fits in place, and what does not into the notes; `kind` is what the field was."""
    session.flush()
    connection = raw(session.connection())
    single = [turn for turn in turns if turn.after and len(turn.after) == len(turn.ids) == 1]
    connection.executemany(
        "UPDATE field_values SET value = ?, value_key = ?, typed = ?, number = ? WHERE id = ?",
        [(*own_values.columns(row), turn.ids[0]) for turn in single for row in turn.after or ()],
    )
    others = [turn for turn in turns if not (turn.after and len(turn.after) == len(turn.ids) == 1)]
    connection.executemany(
        "DELETE FROM field_values WHERE id = ?", [(row_id,) for turn in others for row_id in turn.ids]
    )
    own_values.insert(connection, field.id, ((turn.user_id, turn.after or ()) for turn in others))
    now = times.now()
    noted = [
        (f"{field.name}: {_given(kind, 'text', turn.before)}", turn.user_id)
        for turn in others
        if turn.after is None
    ]
    connection.executemany(
        "UPDATE users SET note = CASE WHEN coalesce(note, '') = '' THEN ?1 ELSE note || char(10) || ?1 END,"
        " updated_at = ?3 WHERE id = ?2",
        [(*each, now) for each in noted],
    )
    session.expire_all()
