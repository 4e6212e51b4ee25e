"""What was typed in a form that could not be taken, with the label of each field: to try again, or to copy.

Nothing is asked of the database, which may be what is amiss. Not for what was chosen, ticked or hidden in the
form, nor for a passphrase: those are never shown.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from webui import labels
from webui.store.values import person

Form = MultiDict[str, str]

_NAME = {"name": _l("Name")}
# In which fields of the forms of each blueprint something is typed; `users` has the lists and own fields too.
LABELS: dict[str, dict[str, Any]] = {
    "attachments": _NAME,
    "bulk": {"names": _l("Tags"), "value": _l("Value")},
    "fields": {
        **_NAME,
        "options": _l("What can be chosen"),
        "hint": _l("Hint"),
        "default_value": _l("A new person begins with"),
    },
    "import_rows": {"cell": _l("The row, cell by cell")},
    "imports": {"pasted": _l("What was pasted")},
    "moments": {"when": _l("Moment")},
    "places": {"first": _l("Folder for backups"), "second": _l("Second place")},
    "posts": {
        "title": _l("Title"),
        "body": _l("Text"),
        "date": _l("Day"),
        "follow_up": _l("Come back to it on"),
        "people": _l("Also about"),
    },
    "programs": {**_NAME, "port": _l("Port")},
    "relations": {
        "people": _l("Who"),
        "label": _l("In a word"),
        "back_label": _l("And the other way round"),
    },
    "saved_views": {**_NAME, "q": _l("Search")},
    "settings": {"title": _l("Title")},
    "sheet": {"value": _l("Value"), "pasted": _l("What was pasted")},
    "tags": _NAME,
    "trash": {**_NAME, "username": _l("Username"), "email": _l("E-mail")},
    "users": {**{name: labels.VALUES[name] for name in person.FIELDS}, "tags": _l("Tags")},
}
_OWN = "own-"


@dataclass(frozen=True)
class Typed:
    """What was typed in a field, under its label."""

    label: str
    text: str


def typed(form: Form, blueprint: str) -> list[Typed]:
    """Return what was typed in a form of a blueprint, in its order; of one that says what it held before,
    only what differs."""
    held = _held(form.get("base"))
    found = []
    for name in form:
        label, texts = _field(name, form, blueprint)
        before = _before(name, form, held)
        found += [Typed(label, text) for text in map(_plain, texts) if text and text not in before]
    return found


def _field(name: str, form: Form, blueprint: str) -> tuple[str, list[str]]:
    """Return the label of a field and what stands in it, nothing for one in which nothing is typed."""
    list_name, _dash, part = name.partition("-")
    if blueprint == "users" and list_name in person.LISTS and part == "label":
        return str(labels.VALUES[list_name]), list(_rows(list_name, form))
    if blueprint == "users" and name.startswith(_OWN) and not name.endswith("-label"):
        return form.get(f"{name}-label") or _("A field of your own"), form.getlist(name)
    label = LABELS.get(blueprint, {}).get(name)
    return (str(label), form.getlist(name)) if label else ("", [])


def _rows(name: str, form: Form) -> Iterator[str]:
    """Yield the rows of a list of a person's form, each as one text."""
    columns = [form.getlist(f"{name}-{part}") for part in ("label", *person.LISTS[name])]
    for at in range(max(map(len, columns))):
        yield as_text([each[at] if at < len(each) else "" for each in columns])


def as_text(parts: Sequence[str]) -> str:
    """Return a label and the parts of a value as one text, '' where there is no value."""
    label, value = parts[0].strip(), ", ".join(part.strip() for part in parts[1:] if part.strip())
    return f"{label}: {value}" if label and value else value


def _before(name: str, form: Form, held: dict[str, Any]) -> list[str]:
    """Return what stood in a field before anything was typed."""
    list_name = name.partition("-")[0]
    if list_name in person.LISTS:
        rows = held.get(list_name)
        names = ("label", *person.LISTS[list_name])
        said = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
        return [as_text([str(row.get(part) or "") for part in names]) for row in said]
    own = held.get("fields")
    value = held.get(name)
    if name.startswith(_OWN):
        value = own.get(form.get(f"{name}-label")) if isinstance(own, dict) else None
    return [_plain(str(each)) for each in (value if isinstance(value, list) else [value])]


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def _held(base: str | None) -> dict[str, Any]:
    try:
        found = json.loads(base or "")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
