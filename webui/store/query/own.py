"""Own fields in a query: found by their name, asked by their kind, on the indexes of `field_values`."""

import datetime
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from webui.store.query import days
from webui.store.query.days import Put
from webui.store.query.plan import Leaf
from webui.store.values import numbers, patterns
from webui.store.values import text as texts

NUMBERS, YES_NO, DATES = {"number"}, {"yes_no"}, {"date"}
CHOICES, PARTS, PHONES = {"choice", "choices"}, {"link", "email"}, {"phone"}
ASKED = NUMBERS | YES_NO | DATES | CHOICES | PARTS | PHONES  # the other kinds are texts
_YES, _NO = (
    {"yes", "y", "1", "true", "ja", "oui", "si", "tak"},
    {"no", "n", "0", "false", "nein", "nej", "non"},
)


@dataclass(frozen=True)
class Own:
    """An own field: its id, its name as a query writes it, its kind and what can be chosen."""

    id: int
    name: str
    kind: str
    options: tuple[str, ...] = ()


def every(session: Session) -> Sequence[Own]:
    """Return the own fields there are, in their order."""
    found = session.execute(
        text("SELECT id, name, kind, options FROM fields WHERE deleted_at IS NULL ORDER BY position, id")
    )
    return [Own(key, texts.shown(name), kind, _options(options)) for key, name, kind, options in found]


def has(field: Own, wanted: bool, put: Put) -> Leaf:
    """Return the condition of those for whom the field says something, or nothing."""
    where = f"t.field_id = {put(field.id)} AND t.value <> ''"
    test = f"EXISTS (SELECT 1 FROM field_values t WHERE t.user_id = {{id}} AND +({where}))"
    if not wanted:
        return Leaf(f"NOT {test}")
    return Leaf(test, (f"SELECT DISTINCT user_id FROM field_values t WHERE {where}",))


def asked(
    field: Own, compared: str, value: str, quoted: bool, today: datetime.date, put: Put
) -> tuple[str | None, str]:
    """Return what a field of ASKED asks of its value, or None, and the message of why it can't."""
    if field.kind in NUMBERS:
        return number(compared, value, put), "query.no_number"
    if field.kind in DATES:
        return date(compared, value, today, put), "query.no_date"
    if field.kind in YES_NO:
        return yes_no(value, put), "query.no_yes_no"
    if field.kind in CHOICES:
        return choice(field, value, quoted, put), "query.no_choice"
    if field.kind in PHONES:
        run = re.sub(r"\D", "", value).lstrip("0")
        phone, known = patterns.as_bytes("coalesce(t.typed, t.value)"), patterns.as_bytes("t.value")
        return f"has_digits({phone}, {known}, {put(run)})" if run else None, "query.digits"
    return f"instr(t.value_key, {put(texts.key(value.strip('*')))}) > 0", ""


def number(compared: str, value: str, put: Put) -> str | None:
    """Return the condition of a number: `5`, `>5`, `5..10`; None for what is none."""
    first, dots, last = value.partition("..")
    try:
        low, high = (float(numbers.parse(each) or "?") for each in (first, last if dots else first))
    except ValueError:
        return None
    if dots:
        return f"t.number BETWEEN {put(low)} AND {put(high)}"
    return f"t.number {compared or '='} {put(low)}"


def yes_no(value: str, put: Put) -> str | None:
    """Return the condition of yes or no, None for what is neither."""
    folded = texts.fold(value)
    return f"t.value_key = {put(str(int(folded in _YES)))}" if folded in _YES | _NO else None


def choice(field: Own, value: str, quoted: bool, put: Put) -> str | None:
    """Return the condition of the option called so, else of those that begin so, or of what is no option and
    is kept as it was written; None where there is no such option."""
    named = texts.fold(value.rstrip("*"))
    options = [each for each in field.options if texts.fold(each) == named]
    if not options and not quoted:
        options = [each for each in field.options if texts.fold(each).startswith(named)]
    keys = ", ".join(put(texts.key(each)) for each in (*options, value))
    return f"t.value_key IN ({keys})" if options else None


def kept(field: Own, value: str, put: Put) -> str:
    """Return the condition of what is no option and is kept as it was written."""
    return f"t.field_id = {put(field.id)} AND t.value_key = {put(texts.key(value))}"


def date(compared: str, value: str, today: datetime.date, put: Put) -> str | None:
    """Return the condition of a date: as a birthday, or so long ago."""
    if (day := days.ago(value, today)) and compared.strip("="):
        is_it = ">=" if compared.startswith("<") else "<"
        return f"t.value_key {is_it} {put(day.isoformat())} AND t.value_key >= '0'"
    return days.partial("t.value_key", compared, value, today, put)


def said(value: str, quoted: bool, put: Put) -> str:
    """Return the condition of a text: it begins so, or a word of it does; in quotation marks, all it says."""
    pattern = patterns.phrase(value) if quoted else patterns.words(value.rstrip("*"))
    stored = patterns.as_bytes("t.value || ' ' || coalesce(t.typed, '')")
    return f"said({stored}, {put(pattern)})"


def _options(stored: str) -> tuple[str, ...]:
    try:
        found = json.loads(stored)
    except (ValueError, TypeError):
        return ()
    return tuple(str(each) for each in found) if isinstance(found, list) else ()
