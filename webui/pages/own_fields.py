"""Own fields on the pages of a person: what a form holds of them, the faults beside them, what is shown.

Not for the fields themselves: `fields` makes and changes them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from babel.numbers import get_decimal_symbol, get_group_symbol
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from webui import facts, filters
from webui.store import fields, own_values, users
from webui.store.errors import Message
from webui.store.models import Field, User
from webui.store.values import dates, numbers, own, phones

KINDS = {
    "text": _l("Text"),
    "long_text": _l("Long text"),
    "number": _l("Number"),
    "date": _l("Date, also in part"),
    "yes_no": _l("Yes or no"),
    "choice": _l("One of a list"),
    "choices": _l("Several of a list"),
    "link": _l("Web link"),
    "email": _l("E-mail"),
    "phone": _l("Phone"),
}


@dataclass(frozen=True)
class Drawn:
    """A field as a form draws it: `id` is the name and the id of its input."""

    id: str
    name: str
    kind: str
    hint: str
    options: Sequence[str]
    required: bool

    @property
    def choices(self) -> list[tuple[str, str]]:
        """What a select offers: the value, and how it is shown."""
        return [(option, option) for option in self.options]


@dataclass(frozen=True)
class Fact:
    """What someone has in a field: texts to show (one but for several choices), each with the address that
    it leads to, '' for none."""

    name: str
    kind: str
    said: Sequence[tuple[str, str]]


def drawn(session: Session) -> list[Drawn]:
    """Return every field in order."""
    return [
        Drawn(f"own-{each.id}", each.name, each.kind, each.hint, fields.options(each), bool(each.required))
        for each in fields.every(session)
    ]


def offered(field: Field) -> list[tuple[str, str]]:
    """Return what an input of a field alone offers: the value of each, and its word."""
    if field.kind == "yes_no":
        return [("yes", _("Yes")), ("no", _("No"))]
    return [(option, option) for option in fields.options(field)]


def typed(session: Session, form: "MultiDict[str, str]") -> dict[str, Any]:
    """Return what a submitted form says of own fields, as {"fields": {name: text or list}}; nothing of those
    that it did not show."""
    found: dict[str, Any] = {}
    for each in drawn(session):
        if each.id in form:
            chosen = [value for value in form.getlist(each.id) if value]
            found[each.name] = chosen if each.kind == "choices" else form[each.id]
    return {"fields": found} if found else {}


def defaults(session: Session) -> dict[str, Any]:
    """Return what the form of a new person begins with."""
    read = {each: own.read(fields.rule(each), each.default_value).rows for each in fields.every(session)}
    return {"fields": {each.name: localised(each.kind, own.said(each.kind, read[each])) for each in read}}


def values(user: User) -> dict[str, Any]:
    """Return what the form of a person holds of own fields, by name."""
    found = own_values.of(user)
    return {name: localised(kind, own.said(kind, rows)) for name, (kind, rows) in found.items()}


def for_store(session: Session, form: Mapping[str, Any]) -> dict[str, Any]:
    """Return a form with its numbers written plainly: what could be two is as the language writes it."""
    said, sign = dict(form.get("fields", {})), decimal()
    for each in fields.every(session):
        if each.kind == "number" and isinstance(said.get(each.name), str) and sign != ".":
            said[each.name] = numbers.parse(said[each.name], sign) or said[each.name]
    return {**form, "fields": said} if said else dict(form)


def by_id(session: Session, faults: Mapping[str, Message]) -> dict[str, Message]:
    """Return faults with those of own fields under the ids of their inputs."""
    ids = {f"fields.{each.name}": each.id for each in drawn(session)}
    return {ids.get(name, name): message for name, message in faults.items()}


def shown(user: User) -> list[Fact]:
    """Return what a person's page shows of own fields, in order, without what is empty."""
    return [Fact(name, kind, said(kind, rows)) for name, (kind, rows) in own_values.of(user).items()]


def said(kind: str, rows: Sequence[own.Kept]) -> list[tuple[str, str]]:
    """Return how the values of a field are shown, each with the address that it leads to, '' for none."""
    return [_said(kind, row) for row in rows]


def in_words(kind: str, said: str) -> str:
    """Return the text of a value as a page says it."""
    if kind == "yes_no":
        return {"yes": _("Yes"), "no": _("No")}.get(said, said)
    is_plain = kind == "number" and numbers.parse(said) == said  # what was text once is as it was typed
    return _grouped(said) if is_plain else said


def worded(kind: str, said: str) -> str:
    """Return what was typed, or is to be, as a page says the value that it means; a date with its month."""
    if kind == "date" and (date := dates.parse(said)):
        return facts.partial(date)
    return in_words(kind, said)


def decimal() -> str:
    """Return the sign that the language of the page writes before fractions."""
    return str(get_decimal_symbol(filters.written()))


def localised(kind: str, said: Any) -> Any:
    """Return what a form holds of a field of a kind, a number with the sign that the language has."""
    return said.replace(".", decimal()) if kind == "number" and numbers.parse(str(said)) else said


def _grouped(said: str) -> str:
    """Return a plain number in the language of the page, with all its fractions; four digits alone are a year
    as often as not, and are left together."""
    whole, point, fraction = said.partition(".")
    if not point and len(whole.lstrip("-")) <= 4:
        return said
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    grouped = f"{int(digits):,}".replace(",", get_group_symbol(filters.written()))
    return f"{sign}{grouped}{decimal() if point else ''}{fraction}"


def _said(kind: str, row: own.Kept) -> tuple[str, str]:
    if kind == "date":
        return facts.partial(row.value), ""
    if kind == "link" and facts.is_web(row.value):
        return row.said, row.value
    if kind == "email":
        return row.value, f"mailto:{quote(row.value)}"
    if kind == "phone" and (number := phones.link(row.value)):
        return row.said, f"tel:{number}"
    return in_words(kind, str(own.said(kind, [row])) if kind != "choices" else row.value), ""


def person_form(user: User) -> dict[str, Any]:
    """Return a person as the mapping that the page's form is."""
    return {**users.values(user), "fields": values(user)}
