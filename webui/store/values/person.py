"""A person outside the database: a mapping of typed values, and what may be kept of it.

The same mapping comes from a form, a JSON body and an imported row. Keys: the names in FIELDS, each a
text, those in LISTS, each a list of mappings with a `label` and the fields of its rows, and `tags`, a
list of names (in a form: one text, divided by commas).
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from webui.store.errors import Message
from webui.store.values import dates, emails, names, phones, text

LONGEST = {
    "username": 80,
    "email": emails.LONGEST,
    "email_label": 60,
    "display_name": 200,
    "prefix": 60,
    "given": 120,
    "additional": 120,
    "family": 120,
    "suffix": 60,
    "nickname": 120,
    "phonetic": 240,
    "organisation": 200,
    "department": 200,
    "job_title": 200,
    "birthday": dates.LONGEST_TYPED,
    "note": 1_000_000,
}
FIELDS = tuple(LONGEST)
# Of what a row of each list is made besides its label, and how long it may be; the first names the row.
LISTS = {
    "emails": {"email": 320},
    "phones": {"phone": phones.LONGEST},
    "addresses": {
        "street": 200,
        "extra": 200,
        "po_box": 60,
        "postal_code": 40,
        "city": 120,
        "region": 120,
        "country": 120,
    },
    "links": {"url": 2_000},
    "handles": {"handle": 320},
    "dates": {"date": dates.LONGEST_TYPED},
}
_NAMES = {"display_name", *names.PARTS}
LONGEST_LABEL, LONGEST_FURTHER_EMAIL, LONGEST_TAG, MOST_ROWS = 60, 320, 80, 300
_PLAIN = {"note": lambda said: text.lines(said).strip(), "email": text.bare, "phone": text.bare}
_SOFT = {"email": emails.fault, "birthday": dates.birthday_fault, "date": dates.fault}


@dataclass
class Cleaned:
    """What `clean` made of a mapping: only the keys that were given, None for what is empty.

    `hard` faults can't be stored at all; `soft` ones are doubtful values that a form asks about and
    an import keeps with a warning.
    """

    values: dict[str, Any] = field(default_factory=dict)
    hard: dict[str, Message] = field(default_factory=dict)
    soft: dict[str, Message] = field(default_factory=dict)

    @property
    def faults(self) -> dict[str, Message]:
        """All faults by field."""
        return {**self.soft, **self.hard}


def clean(form: Mapping[str, Any], have: Mapping[str, Any] | None = None) -> Cleaned:
    """Return the values of `form` as they would be kept, and their faults.

    `have` are the values that the person has: what says the same is not judged again, since an import
    or another program may have put it there, and the rest has to stay within reach.
    """
    found, have = Cleaned(), have or {}
    for name in FIELDS:
        if name in form:
            _take(found, name, form[name], have.get(name))
    for name in LISTS:
        if name in form:
            _take_rows(found, name, form[name], have.get(name, []))
    if "tags" in form:
        _take_tags(found, form["tags"])
    if "username" in form and not found.values.get("username") and "username" not in found.hard:
        found.hard["username"] = Message("username.required")
    if not _NAMES.isdisjoint(found.values) and not found.values.get("display_name"):  # not chosen by hand
        found.values["display_name"] = names.display(found.values)
    return found


def sound(form: Mapping[str, str]) -> dict[str, str] | None:
    """Return what `clean` makes of texts of FIELDS alone, without what is empty; None where one of them can't
    be kept as it is. Soft faults are not looked for. An import asks for a hundred thousand of these.
    """
    kept = {}
    for name, value in form.items():
        if said := plain(name, value) if name in _PLAIN else text.one_line(value):
            if len(said) > LONGEST[name]:
                return None
            kept[name] = said
    if not text.keepable("".join(kept.values())) or ("username" in form and "username" not in kept):
        return None
    if not _NAMES.isdisjoint(form) and "display_name" not in kept:
        kept["display_name"] = names.display(kept)
    return kept


def plain(name: str, value: str | None) -> str:
    """Return the text of a field, or of one of a row, as it is kept: on one line, but for a note."""
    return _PLAIN.get(name, text.one_line)(value or "")


def _take(found: Cleaned, name: str, value: object, has: str | None) -> None:
    if value is not None and not isinstance(value, str):
        found.hard[name] = Message("not_text")
        return
    kept = plain(name, value)
    if not text.keepable(kept):
        found.hard[name], kept = Message("text.unkeepable"), text.kept(kept)
    elif has and kept == plain(name, has):
        pass
    elif len(kept) > LONGEST[name]:
        found.hard[name] = Message("too_long", {"limit": LONGEST[name], "length": len(kept)})
    elif name in _SOFT and kept and (fault := _SOFT[name](kept)):
        found.soft[name] = fault
    found.values[name] = kept or None


def _take_rows(found: Cleaned, name: str, rows: object, have: Iterable[Mapping[str, str]]) -> None:
    """Take the rows of a list that say anything; the fault of one is that of `name-position`."""
    if not isinstance(rows, Iterable) or isinstance(rows, str | bytes | Mapping):
        found.hard[name] = Message("not_a_list")
        return
    limits = {"label": LONGEST_LABEL, **LISTS[name]}
    known = [_plain_row(row, limits) for row in have]
    kept: list[dict[str, str]] = []
    for position, row in enumerate(rows):
        if not isinstance(row, Mapping):
            found.hard[name] = Message("not_a_list")
            return
        _judge_shape(found, f"{name}-{position}", row, limits)
        values = _plain_row(row, limits)
        if not any(values[each] for each in LISTS[name]):
            if values["label"] and all(values["label"] != each["label"] for each in known):
                found.soft[f"{name}-{position}"] = Message("row.only_label", {"label": values["label"]})
            continue
        if values not in known:
            _judge_row(found, f"{name}-{position}", values, limits)
        if len(kept) >= max(MOST_ROWS, len(known)):
            found.hard[f"{name}-{position}"] = Message("too_many", {"limit": MOST_ROWS})
        kept.append(values)
    found.values[name] = kept


def _take_tags(found: Cleaned, tags: object) -> None:
    """Take the names of tags, each once "without case"."""
    given = divided(tags) if isinstance(tags, str) else tags
    if not isinstance(given, Iterable) or isinstance(given, bytes | Mapping):
        found.hard["tags"] = Message("not_tags")
        return
    kept: dict[str, str] = {}
    for each in given:
        if not isinstance(each, str):
            found.hard["tags"] = Message("not_tags")
        elif name := text.one_line(each):
            kept.setdefault(text.key(name), name)
            if not text.keepable(name):
                found.hard["tags"] = Message("text.unkeepable")
            elif len(name) > LONGEST_TAG:
                found.hard["tags"] = Message("too_long", {"limit": LONGEST_TAG, "length": len(name)})
    if len(kept) > MOST_ROWS:
        found.hard["tags"] = Message("too_many", {"limit": MOST_ROWS})
    found.values["tags"] = list(kept.values())


def divided(said: str) -> list[str]:
    """Return the names in a text that divides them by commas; one with a comma in it stands in quotes.

    >>> divided('Choir, "Smith, family"')
    ['Choir', 'Smith, family']
    """
    line = text.one_line(said.replace("\0", " "))
    try:
        return next(csv.reader([line], skipinitialspace=True), [])
    except csv.Error:  # longer than it takes, and than any name may be
        return line.split(",")


def joined(names: Iterable[str]) -> str:
    """Return names as `divided` takes them apart."""
    return ", ".join(
        '"{}"'.format(name.replace('"', '""')) if "," in name or name.startswith('"') else name
        for name in names
    )


def _plain_row(row: Mapping[str, Any], limits: Mapping[str, int]) -> dict[str, str]:
    said = {each: row.get(each) for each in limits}
    return {each: plain(each, value) if isinstance(value, str) else "" for each, value in said.items()}


def _judge_shape(found: Cleaned, field: str, row: Mapping[str, object], limits: Mapping[str, int]) -> None:
    """See that a row holds texts, under names there are: one misspelt would leave what it is empty."""
    if unknown := [each for each in row if each not in limits]:
        found.hard[field] = Message("row.unknown", {"name": unknown[0], "known": ", ".join(limits)})
    elif not all(value is None or isinstance(value, str) for value in row.values()):
        found.hard[field] = Message("not_text")


def _judge_row(found: Cleaned, field: str, values: Mapping[str, str], limits: Mapping[str, int]) -> None:
    if not text.keepable("".join(values.values())):
        found.hard[field] = Message("text.unkeepable")
    for each, value in values.items():
        if len(value) > limits[each]:
            found.hard.setdefault(field, Message("too_long", {"limit": limits[each], "length": len(value)}))
        elif each in _SOFT and value and (fault := _SOFT[each](value)):
            found.soft.setdefault(field, fault)
