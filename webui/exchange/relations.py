"""What a column's name says besides its target: the label of what is in it, and what belongs together.

Read from names and targets alone, so that a kept row is read again as it was. Not for targets: see `columns`.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from webui.exchange import headers
from webui.store.values import person, text

if TYPE_CHECKING:
    from webui.exchange.columns import Column

PARTS = tuple(person.LISTS["addresses"])
_PHONES = ("Mobile", "Fax", "Pager", "Callback", "ISDN")  # labels that say alone that it is a phone
_NUMBER = re.compile(r"\d+")
_OF_THE_MAIN = "email label"  # beside "email" in a table of our own, in which "emails" name theirs themselves
_REPEATED = re.compile(r"(screen name) \d+", re.IGNORECASE)  # of an entry of LDIF


def target(key: str) -> str | None:
    """Return where a column goes by what is left of its name (a `headers.key`) without labels, else None."""
    if key in headers.HANDLES or key.removesuffix(" id").removesuffix(" name") in headers.HANDLES:
        return "handle"
    rest, labels = _apart(key)
    if not rest or rest in ("number", "nummer"):
        return "phone" if any(label in _PHONES for label in labels) else None
    found = headers.UNLABELLED.get(rest)
    further = found in ("address", "street") and key[-2:] in (" 2", " 3")  # lines of the same address
    return "extra" if further else found


def related(columns: Sequence["Column"]) -> list["Column"]:
    """Return the columns with `partner`, `label` and, for parts of an address, `group` set."""
    partners: dict[tuple[str, str], int] = {}
    for column in columns:
        kind = _kind(column)
        if kind and (kind not in partners or not headers.key(column.name).endswith("type")):
            partners[kind] = column.index
    several = numbers(columns)
    return [_related(column, partners, several) for column in columns]


def numbers(columns: Sequence["Column"]) -> set[str]:
    """Return by which numbers behind their names the parts of several addresses are told apart, as Street 1,
    City 1, Street 2, City 2: those that cities and codes have, none where all have the same.

    A further line, as Street 2, is of the same address where no city goes with it.
    """
    found = {last_number(column.name) for column in columns if column.target in ("city", "postal_code")}
    return found if len(found) > 1 else set()


def last_number(name: str) -> str:
    """Return the number behind a name, "" for none; the first of several may have none."""
    word = headers.key(name).rpartition(" ")[2]
    return "" if word == "1" or not word.isdecimal() else word


def places(columns: Sequence["Column"]) -> dict[int, str]:
    """Return index -> by what the cells of a column are known in another file that has it.

    "" where a label beside it says that: in which of such columns a value stands is chance.
    """
    types = {
        column.index
        for column in columns
        if column.target == "email_type" or headers.key(column.name) == _OF_THE_MAIN
    }
    seen, found = Counter[str](), dict[int, str]()
    for column in columns:
        key = f"address {column.group}" if column.target in (*PARTS, "address") else headers.key(column.name)
        seen[key] += column.target not in (*PARTS, "address")
        is_labelled = column.partner is not None and column.partner not in types
        found[column.index] = "" if is_labelled else f"{key} {seen[key]}"
    return found


def _kind(column: "Column") -> tuple[str, str] | None:
    """Return whose label is in a column: the target and the number of its name; None for any other."""
    key = headers.key(column.name)
    if column.target in ("email_label", "email_type"):
        return "email", _number(key)
    if column.target == "detail_label":
        return headers.KINDS[key.split()[0]], _number(key)
    return None


def _related(column: "Column", partners: dict[tuple[str, str], int], several: set[str]) -> "Column":
    key, kind = headers.key(column.name), column.target
    if kind in PARTS:
        kind = "address"
    if kind not in ("email", *headers.KINDS.values()):
        return column
    numbered = bool(re.match(r"(e ?mail|phone|address|website|event|im) \d+ \w", key))
    label = "" if numbered else _label(column, key)
    partner = partners.get((kind, _number(key))) if numbered or kind == "email" else None
    group = f"{label}#{_number(key)}" if kind == "address" and numbered else label
    if not numbered and (number := last_number(column.name)) in several:
        group = f"{label} {number}".strip()
    return replace(column, partner=partner, label=label, group=group if kind == "address" else "")


def _label(column: "Column", key: str) -> str:
    if column.target == "handle":
        words = key.removesuffix(" id").removesuffix(" name")
        name = _REPEATED.sub(r"\1", text.one_line(column.name))
        return headers.HANDLES.get(words, "" if key in headers.ANY_HANDLE else name)
    if column.target == "date":
        return "Anniversary" if key in headers.ANNIVERSARIES else text.one_line(column.name)
    return " ".join(_apart(key)[1])


def _apart(key: str) -> tuple[str, list[str]]:
    """Return a name without the words that are labels and numbers at its end, and those labels in order."""
    words = key.split()
    labels = {headers.LABELS[word] for word in words if word in headers.LABELS}
    rest = [word for word in words if word not in headers.LABELS]
    while rest and rest[-1].isdecimal():  # the second of an entry's "Web Page 2"
        rest.pop()
    return " ".join(rest), [label for label in dict.fromkeys(headers.LABELS.values()) if label in labels]


def _number(key: str) -> str:
    found = _NUMBER.search(key)
    return found.group() if found else ""
