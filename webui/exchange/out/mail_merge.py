"""The columns of a table for letters and mail merge: one value in each cell, the first of every list.

Not for a table that comes back: what is behind the first is left out, and labels are.
"""

from collections.abc import Sequence
from typing import Any

from webui.store.values.person import LISTS

_ADDRESS = ("street", "extra", "postal_code", "city", "region", "country", "po_box")
_LABEL = "email_label"
# What a column is divided into, and what stands in each: of a list what its first row has there.
_PARTS = {
    "emails": {"email_2": "email"},
    "phones": {"phone": "phone"},
    "addresses": {each: each for each in _ADDRESS},
    "links": {"link": "url"},
    "handles": {"handle": "handle"},
    "dates": {"date": "date"},
}


def header(columns: Sequence[str]) -> list[str]:
    """Return what the columns are called; `name` is first, as one writes to someone."""
    return ["name", *(part for column in columns for part in _PARTS.get(column, (column,)) if part != _LABEL)]


def row(columns: Sequence[str], person: dict[str, Any]) -> list[str]:
    """Return the cells of a person as `exporting.people` gives one, under that header."""
    cells = [person["name"]]
    for column in columns:
        if column == _LABEL:
            continue
        if column in LISTS:
            first = person[column][0] if person[column] else {}
            cells += [first.get(each) or first.get("typed") or "" for each in _PARTS[column].values()]
        elif column == "tags":
            cells.append(", ".join(person["tags"]))
        elif column == "birthday":
            cells.append(person["birthday"] or person["birthday_typed"] or "")
        else:
            cells.append(person[column] or "")
    return cells
