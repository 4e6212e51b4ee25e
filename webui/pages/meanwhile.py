"""A form that met a change made meanwhile: what of it was typed, and what of that was changed by both.

`held` is what the form held before anything was typed; it comes back with the form, as JSON.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from webui.store.values import person

_KNOWN = (*person.FIELDS, *person.LISTS, "tags")

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
    mine = {name: typed[name] for name in _KNOWN if name in typed and _differs(name, typed, held)}
    both = [name for name in mine if _differs(name, now, held) and _differs(name, now, mine)]
    return mine, [(name, _in_words(now[name]), _in_words(mine[name])) for name in both]


def _differs(name: str, one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return _said(one.get(name, "")) != _said(other.get(name, ""))


def _said(value: str | Sequence[Mapping[str, str]]) -> str | list[dict[str, str]]:
    """Return a field, or the rows of a list, as it is compared: by its parts, without blanks."""
    if isinstance(value, str):
        return value.strip()
    rows = [{part: said.strip() for part, said in row.items() if said.strip()} for row in value]
    return [row for row in rows if row]


def _in_words(value: str | Sequence[Mapping[str, str]]) -> str:
    """Return a field, or the rows of a list, as one text to be shown."""
    if isinstance(value, str):
        return value.strip()
    return "; ".join(" ".join(part.strip() for part in row.values() if part.strip()) for row in value)


def _fits(name: str, value: object) -> bool:
    if name not in person.LISTS:
        return isinstance(value, str)
    return isinstance(value, list) and all(
        isinstance(row, dict) and all(isinstance(part, str) for part in row.values()) for row in value
    )
