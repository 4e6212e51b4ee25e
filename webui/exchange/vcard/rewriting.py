"""A line of a card with another value in it: whatever else stands on it stays as it was written.

Not for which lines that are: see `kept`.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from webui.exchange.vcard import details, lines, writing
from webui.exchange.vcard.lines import Line
from webui.exchange.vcard.outgoing import Card
from webui.exchange.vcard.values import escape

_HEAD = re.compile(r"(?:([\w-]+)\.)?([\w/-]+)((?:;[^\":;]*(?:\"[^\"]*\"[^\":;]*)*)*):(.*)", re.DOTALL)
_PARAMETER = re.compile(r";[^\":;]*(?:\"[^\"]*\"[^\":;]*)*")
_ITEM = re.compile(r"item(\d+)\.", re.I)
# What tells how to read the value that stood there, and so goes with it.
_OF_THE_VALUE = {
    "ENCODING", "CHARSET", "VALUE", "X-ROSTER-TYPED", "X-APPLE-OMIT-YEAR", "QUOTED-PRINTABLE", "BASE64",
    "MEDIATYPE",
}  # fmt: skip
_OF_THE_LABEL = {"TYPE", "X-ROSTER-LABEL", "X-SERVICE-TYPE"}


class Groups:
    """Groups that are free in a card."""

    def __init__(self, said: Collection[str]) -> None:
        self._last = max((int(match[1]) for each in said if (match := _ITEM.match(each))), default=0)

    def free(self) -> str:
        """Return a group that no line has."""
        self._last += 1
        return f"item{self._last}"

    def renamed(self, made: Sequence[str]) -> list[str]:
        """Return lines with a free group in the place of each that is in them."""
        names: dict[str, str] = {}
        found = []
        for each in made:
            group, mark, rest = each.partition(".")
            if mark and _ITEM.match(each):
                group = names.get(group) or names.setdefault(group, self.free())
                each = f"{group}.{rest}"
            found.append(each)
        return found


def of_row(name: str, row: Mapping[str, Any], version: str) -> list[str]:
    """Return the lines of a row of a list: one, or two of a group."""
    card = Card(version)
    if name == "email":
        writing.put_emails(card, row)
    elif name == "emails":
        writing.put_emails(card, {"emails": [row]})
    else:
        details.put(card, {name: [row]})
    return card.lines


def in_place(old: str, made: Sequence[str], groups: Groups, *, same_label: bool) -> list[str]:
    """Return what stands in the place of a line: `made` is what a new card would have, with its label behind
    it where that is a line of its own."""
    was, new = _HEAD.fullmatch(old.strip()), _HEAD.fullmatch(made[0])
    if not was or not new or was[2].upper() != new[2].upper():
        return groups.renamed(made)
    goes = _OF_THE_VALUE if same_label else _OF_THE_VALUE | _OF_THE_LABEL
    comes = _OF_THE_VALUE if same_label else _OF_THE_VALUE | _OF_THE_LABEL
    kept = [each for each in _parameters(was[3]) if not _named(each, goes)]
    told = [each for each in _parameters(new[3]) if _named(each, comes)]
    if not same_label:  # 2.1 wrote types without a name
        kept = [each for each in kept if "=" in each]
    labels = made[1:] if not same_label else []
    group = was[1] or (groups.free() if labels else "")
    first = f"{group}.{was[2]}" if group else was[2]
    return [
        f"{first}{''.join(kept + told)}:{new[4]}",
        *(f"{group}.{each.partition('.')[2]}" for each in labels),
    ]


def newer(line: Line) -> str:
    """Return a line of 2.1 as later versions write it."""
    head = _HEAD.fullmatch(line.said.strip())
    if head is None:
        return line.said
    told = []
    for each in _parameters(head[3]):
        if not _named(each, {"CHARSET", "ENCODING", "QUOTED-PRINTABLE", "BASE64"}):
            told.append(each if "=" in each else f";TYPE={each[1:]}")
    if lines.is_base64(line):
        return f"{head[1] + '.' if head[1] else ''}{head[2]};ENCODING=b{''.join(told)}:{line.value}"
    value = ";".join(escape(part) for part in lines.apart(line.value, ";", "2.1"))
    return f"{head[1] + '.' if head[1] else ''}{head[2]}{''.join(told)}:{value}"


def _parameters(told: str) -> list[str]:
    return _PARAMETER.findall(told)


def _named(parameter: str, names: Collection[str]) -> bool:
    return parameter[1:].partition("=")[0].strip().upper() in names
