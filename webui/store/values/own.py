"""What an own field can hold: its kinds, and how what is typed becomes the value that is kept.

A fault that is not `hard` is a doubtful value: a form asks about it, an import keeps it as it is written.
Not for what a field itself is (`store.fields`), nor for numbers as they are written: see `numbers`.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from webui.store.errors import Message
from webui.store.values import dates, emails, numbers, phones, text

LONGEST = {
    "text": 500,
    "long_text": 100_000,
    "number": numbers.LONGEST,
    "date": dates.LONGEST_TYPED,
    "yes_no": 60,
    "choice": 120,
    "choices": 120,
    "link": 2_000,
    "email": 320,
    "phone": phones.LONGEST,
}
KINDS = tuple(LONGEST)
CHOSEN = ("choice", "choices")  # from `options`
ALIKE = ("yes_no", "choice", "choices", "long_text")  # kinds of which two may always be alike
MOST_CHOICES = 300

_YES = {"yes", "y", "true", "1", "on", "x", "ja", "j", "oui", "si", "sim", "tak", "kylla", "да", "✓", "✔"}
_NO = {"no", "n", "false", "0", "off", "-", "nein", "non", "nao", "nej", "nei", "nee", "nie", "ei", "нет"}
# As spreadsheets in other languages write true and false.
_YES |= {"wahr", "vrai", "verdadero", "verdadeiro", "vero", "waar", "sant", "sand", "prawda", "истина"}
_NO |= {"falsch", "faux", "falso", "onwaar", "falskt", "falsk", "falsz", "ложь"}
_SEVERAL = re.compile(r"\s*(?:\n|:::)\s*")
_LISTED = re.compile(r"\s*[,;]\s*")
_HOST = re.compile(r"([\w-]+\.)+[^\W\d_]{2,}(:\d+)?([/?#]\S*)?")


@dataclass(frozen=True)
class Rule:
    """By what a value is judged: the kind, the `options` of a chosen one, where phones belong to (`region`)
    and the sign before the fractions of a number that could be two."""

    kind: str
    options: tuple[str, ...] = ()
    region: str = ""
    decimal: str = "."


@dataclass(frozen=True)
class Kept:
    """A value as its row has it: `value` is compared, `typed` says it otherwise, `number` adds up."""

    value: str
    typed: str | None = None
    number: float | None = None

    @property
    def said(self) -> str:
        """What was typed."""
        return self.typed or self.value


@dataclass(frozen=True)
class Read:
    """What came of a text: the rows to keep (several of several choices alone) and its fault."""

    rows: tuple[Kept, ...] = ()
    fault: Message | None = None
    hard: bool = False


def read(rule: Rule, given: object) -> Read:
    """Return what is kept of what was given: a text, a list of texts for several choices, or what JSON has
    for a number and for yes and no."""
    said = _texts(rule, given)
    if said is None:
        return Read(fault=Message("own.shape"), hard=True)
    rows: list[Kept] = []
    soft: Message | None = None
    for each in said:
        if not text.keepable(each):
            return Read(fault=Message("text.unkeepable"), hard=True)
        if len(each) > LONGEST[rule.kind]:
            limit = {"limit": LONGEST[rule.kind], "length": len(each)}
            return Read(fault=Message("too_long", limit), hard=True)
        kept, fault = _READ[rule.kind](rule, each)
        soft = soft or fault
        if all(row.value != kept.value for row in rows):
            rows.append(kept)
    if len(rows) > MOST_CHOICES:
        return Read(fault=Message("too_many", {"limit": MOST_CHOICES}), hard=True)
    return Read(tuple(rows), soft)


def said(kind: str, rows: Iterable[Kept]) -> str | list[str]:
    """Return what a form holds of a field: a text, a list of texts for several choices."""
    texts = [row.said for row in rows]
    if kind == "choices":
        return texts
    if kind == "yes_no" and texts and texts[0] in _YES_NO:
        return _YES_NO[texts[0]]
    return texts[0] if texts else ""


def as_text(kind: str, rows: Iterable[Kept]) -> str:
    """Return the same as one text, which `read` takes apart again."""
    found = said(kind, rows)
    if isinstance(found, str):
        return found
    alone = len(found) == 1 and _LISTED.search(found[0])
    return f"{found[0]} :::" if alone else " ::: ".join(found)


def as_json(kind: str, rows: Iterable[Kept]) -> Any:
    """Return a field as JSON has it: a number where it says all of it, true or false, a list; None if empty.

    A date is as in `values.dates`; what does not fit its field is the text that it is.
    """
    values = [row.value for row in rows]
    if kind == "choices":
        return values
    if not values:
        return None
    if kind == "number":
        return numbers.as_json(values[0])
    if kind == "yes_no" and values[0] in _YES_NO:
        return values[0] == "1"
    return values[0]


def options_of(typed: object) -> list[str]:
    """Return the options in a text with one on each line, or in a list, each once "without case"."""
    given = typed.splitlines() if isinstance(typed, str) else typed
    if not isinstance(given, Iterable):
        return []
    found: dict[str, str] = {}
    for each in given:
        if isinstance(each, str) and (option := text.one_line(each)):
            found.setdefault(text.key(option), option)
    return list(found.values())


def _texts(rule: Rule, given: object) -> list[str] | None:
    """Return the texts in what was given, empty ones left out; None where it holds anything else."""
    if given is None:
        return []
    if isinstance(given, bool):
        return [("no", "yes")[given]] if rule.kind == "yes_no" else None
    if isinstance(given, int | float) and rule.kind in ("number", "text"):
        given = numbers.of_json(given)
    if rule.kind != "choices" and isinstance(given, list) and len(given) == 1:
        given = given[0]
    if isinstance(given, str):
        given = _apart(rule, given) if rule.kind == "choices" else [given]
    if not isinstance(given, list | tuple) or not all(isinstance(each, str) for each in given):
        return None
    if rule.kind != "choices" and len(given) > 1:
        return None
    plain = {"long_text": text.lines, "email": text.bare, "phone": text.bare}.get(rule.kind, text.one_line)
    return [kept for each in given if (kept := plain(each).strip())]


def _apart(rule: Rule, given: str) -> list[str]:
    """Return the choices in one text: on lines of their own, or divided by commas that no option has."""
    found = []
    known = {text.key(option) for option in rule.options}
    for part in _SEVERAL.split(given):
        whole = ":::" in given or text.key(text.one_line(part)) in known
        found += [part] if whole else _LISTED.split(part)
    return found


def _plain(_rule: Rule, said: str) -> tuple[Kept, Message | None]:
    return Kept(said), None


def _number(rule: Rule, said: str) -> tuple[Kept, Message | None]:
    written = numbers.parse(said, rule.decimal)
    if written is None:
        return Kept(said), Message("own.number", {"value": said[:80]})
    value = numbers.canonical(written)
    return Kept(value, written if written != value else None, float(value)), None


def _date(_rule: Rule, said: str) -> tuple[Kept, Message | None]:
    date = dates.parse(said)
    if date is None:
        return Kept(said), dates.fault(said)
    return Kept(date, said if said != date else None), None


def _yes_no(_rule: Rule, said: str) -> tuple[Kept, Message | None]:
    folded = text.fold(said)
    if folded in _YES or folded in _NO:
        yes = folded in _YES
        return Kept("1" if yes else "0", None, float(yes)), None
    return Kept(said), Message("own.yes_no", {"value": said})


def _choice(rule: Rule, said: str) -> tuple[Kept, Message | None]:
    option = next((each for each in rule.options if text.key(each) == text.key(said)), None)
    if option is None:
        return Kept(said), Message("own.choice", {"value": said, "known": ", ".join(rule.options)})
    return Kept(option), None


def _link(_rule: Rule, said: str) -> tuple[Kept, Message | None]:
    try:
        there = urlsplit(said)
    except ValueError:
        return Kept(said), Message("own.link", {"value": said[:80]})
    if there.scheme in ("http", "https") and there.hostname and " " not in said:
        return Kept(said), None
    if _HOST.fullmatch(said) and "@" not in said:
        return Kept(f"https://{said}", said), None
    return Kept(said), Message("own.link", {"value": said[:80]})


def _email(_rule: Rule, said: str) -> tuple[Kept, Message | None]:
    return Kept(said), emails.fault(said)


def _phone(rule: Rule, said: str) -> tuple[Kept, Message | None]:
    known = phones.key(said, rule.region)
    if known is None:
        return Kept(said), None if phones.dialled(said) else Message("own.phone", {"value": said})
    return Kept(known, said if said != known else None), None


_YES_NO = {"1": "yes", "0": "no"}
_READ: dict[str, Callable[[Rule, str], tuple[Kept, Message | None]]] = {
    "text": _plain,
    "long_text": _plain,
    "number": _number,
    "date": _date,
    "yes_no": _yes_no,
    "choice": _choice,
    "choices": _choice,
    "link": _link,
    "email": _email,
    "phone": _phone,
}
