"""A list in one cell of our own CSV, `Home <+46 46 12 34 56> ::: +46 70 123 45 67`, and back; tags of any.

Made to be read by people; where that form would not come back as it was, the cell is JSON. Addresses have
their parts between semicolons, in the order of `person.LISTS`. Not for the cells of other programs.
"""

import functools
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any

from webui.exchange import dialled
from webui.store.values import person, text

_BETWEEN = " ::: "
# With these a row may not come back as it was.
_MARKS = re.compile(r"[<>\[\n;,]|:::|: |\s[^\s@]+@|^\s|\s$")
# How people put one row behind another: on a line of its own, behind a bracket, before an address, digits or
# what has a label. What stands in brackets is met first, and is one.
_APART = re.compile(
    r"(<[^<>]*>)|\n|(?<=>)\s*[;,]?\s*|[;,]\s*(?=[^<>@;,]*<)"
    r"|(?:[;,]\s*|(?<=[^\s:])\s+)(?=[^\s@<>;,]+@)|;\s+(?=[+(\d])|[;,]\s*$"
)
# What each of them without a label has to be then, or the cell is one.
_LOOK = {
    "emails": re.compile(r"[^\s@<>;,\"]+@[^\s@<>;,\"]+"),
    "phones": re.compile(r"[+(]?(?:[\s()./-]*\d){3,}[\s()./-]*(?:[;,]?\s*ext\.?\s*\d+)?"),
}
_LABELLED = re.compile(r"(.*?) <([^<>]*)>")
_BEFORE_COLON = re.compile(r"([^\W\d_][^:<>@\d]{0,40}):\s+(.*)")  # Work: 046 12 34, as people write it


def write(name: str, rows: Sequence[Mapping[str, str | None]]) -> str:
    """Return the rows of the list `name` (mappings of `label`, its fields, and more) as one cell."""
    if not rows:
        return ""
    fields = ("label", *person.LISTS[name])
    wanted = [[row[each] or "" for each in fields] for row in rows]
    if len(wanted) == 1 and len(wanted[0]) == 2 and wanted[0][1] and not any(map(_MARKS.search, wanted[0])):
        plain = _plain(*wanted[0])
        if name != "phones" or not _phones(plain):
            return plain
    cell = _BETWEEN.join(_plain(*row) for row in wanted)
    return cell if _taken_apart(name, cell) == wanted else json.dumps(wanted, ensure_ascii=False)


def read(name: str, cell: str) -> list[dict[str, str]]:
    """Return the rows in a cell that `write` made, or that a person changed since."""
    fields = ("label", *person.LISTS[name])
    rows = _from_json(cell) or _taken_apart(name, cell)
    return [dict(zip_longest(fields, row[: len(fields)], fillvalue="")) for row in rows]


def _plain(label: str, *values: str) -> str:
    parts = [value.replace(";", "\n") for value in values] if len(values) > 1 else values  # no way back: JSON
    said = "; ".join(parts).rstrip("; ") if len(values) > 1 else values[0]
    return f"{label} <{said}>" if label else said


def _taken_apart(name: str, cell: str) -> list[list[str]]:
    count, found = len(person.LISTS[name]), []
    if name == "phones" and (several := _phones(cell)):
        return [list(each) for each in several]
    for part in _parts(name, cell) if cell.strip() else []:
        label, said = _labelled(name, part.strip()) or ("", part)
        values = [each.strip() for each in said.split(";", count - 1)] if count > 1 else [said.strip()]
        found.append([label, *values, *[""] * (count - len(values))])
    return found


def _phones(cell: str) -> list[tuple[str, str]]:
    """Return label and phone of each where there are several, put as in someone's sheet."""
    found = dialled.apart(text.one_line(cell))
    return found if len(found) > 1 else []


def _parts(name: str, cell: str) -> list[str]:
    parts = cell.split(_BETWEEN)
    if name not in _LOOK:
        return parts
    found = [each.strip() for part in parts for each in _apart(part) if each.strip()]
    are_all = all(_labelled(name, each) or _LOOK[name].fullmatch(each) for each in found)
    return found if are_all else parts


def _apart(part: str) -> Iterator[str]:
    start = 0
    for match in _APART.finditer(part):
        if match[1] is None:
            yield part[start : match.start()]
            start = match.end()
    yield part[start:]


def _labelled(name: str, part: str) -> tuple[str, str] | None:
    """Return the label of a row and what it says, None where it has none."""
    if match := _LABELLED.fullmatch(part):
        return match[1], match[2]
    if name in _LOOK and (match := _BEFORE_COLON.fullmatch(part)) and _LOOK[name].fullmatch(match[2]):
        return match[1], match[2]
    return None


def _from_json(cell: str) -> list[list[str]]:
    if not cell.startswith("[["):
        return []
    try:
        found: Any = json.loads(cell)
    except ValueError:
        return []
    rows = found if isinstance(found, list) else []
    return [[str(each) for each in row] for row in rows if isinstance(row, list)]


@functools.lru_cache(maxsize=16_384)
def tags(cell: str, own: bool = False) -> tuple[str, ...]:
    """Return the tags in a cell; what Google marks with a star is its own group, no tag of our `own`."""
    parts = cell.split(":::") if ":::" in cell else cell.split(";" if ";" in cell else ",")
    found: dict[str, str] = {}
    for part in parts:
        name = text.one_line(part)[:80]
        name = name[1:-1] if len(name) > 2 and name[0] == name[-1] == '"' and not own else name  # Mailchimp
        if name and (own or not name.startswith("* ")):
            found.setdefault(text.key(name), name)
    return tuple(found.values())
