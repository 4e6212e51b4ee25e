"""A form that met a change made meanwhile: what of it was typed, and what of that was changed by both.

`held` is what the form held before anything was typed; it comes back with the form, as JSON.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from webui.store.values import person

_POST = ("title", "body", "date", "follow_up", "people")
_KNOWN = (*person.FIELDS, *person.LISTS, "tags", *_POST)
_OWN = "fields."

Both = list[tuple[str, str, str]]


def held(base: str | None) -> dict[str, Any]:
    """Return what a form held; empty for what is not of our making."""
    try:
        found = json.loads(base or "")
    except (ValueError, RecursionError):
        return {}
    if not isinstance(found, dict) or not all(map(_fits, found, found.values())):
        return {}
    return found


def compared(
    typed: Mapping[str, Any], held: Mapping[str, Any], now: Mapping[str, Any]
) -> tuple[dict[str, Any], Both]:
    """Return what of `typed` was changed, and (name, as it is now, as it was typed) of what both changed."""
    typed, held, now = _flat(typed), _flat(held), _flat(now)
    mine = {name: value for name, value in typed.items() if _differs(name, typed, held)}
    both = [name for name in mine if _differs(name, now, held) and _differs(name, now, mine)]
    said = [(name, _in_words(now.get(name, "")), _in_words(mine[name])) for name in both]
    return together({}, mine), said


def together(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Return a form with what another one holds in its place, own fields one by one."""
    found = {**one, **{name: value for name, value in other.items() if not name.startswith(_OWN)}}
    own = {name.removeprefix(_OWN): value for name, value in _flat(other).items() if name.startswith(_OWN)}
    return {**found, "fields": {**one.get("fields", {}), **own}} if own else found


def _flat(form: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is compared of a form; an own field has `fields.` before its name."""
    own = form.get("fields", {})
    return {
        **{name: form[name] for name in _KNOWN if name in form},
        **{name: value for name, value in form.items() if name.startswith(_OWN)},
        **{f"{_OWN}{name}": value for name, value in own.items()},
    }


def _differs(name: str, one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return _said(one.get(name, "")) != _said(other.get(name, ""))


def _said(value: str | Sequence[Any]) -> str | list[Any]:
    """Return a field, or the rows of a list, as it is compared: by its parts, without blanks."""
    if isinstance(value, str):
        return value.replace("\r\n", "\n").strip()
    rows = [row if isinstance(row, str) else _parts(row) for row in value]
    return [row for row in rows if row] or ""


def _parts(row: Mapping[str, str]) -> dict[str, str]:
    return {part: said.strip() for part, said in row.items() if said.strip()}


def _in_words(value: str | Sequence[Any]) -> str:
    """Return a field, or the rows of a list, as one text to be shown."""
    if isinstance(value, str):
        return value.strip()
    return "; ".join(row if isinstance(row, str) else " ".join(_parts(row).values()) for row in value)


def _fits(name: str, value: object) -> bool:
    if name == "fields":
        return isinstance(value, dict) and all(
            isinstance(said, str) or (isinstance(said, list) and all(isinstance(each, str) for each in said))
            for said in value.values()
        )
    if name not in person.LISTS:
        return isinstance(value, str)
    return isinstance(value, list) and all(
        isinstance(row, dict) and all(isinstance(part, str) for part in row.values()) for row in value
    )
