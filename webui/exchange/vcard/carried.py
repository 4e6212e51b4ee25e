"""Which fields a file of cards carries, and what stands in its first ones: for whoever chooses how they meet
people who are here already. Not for what a card says: see `properties`.
"""

import re
from collections.abc import Collection, Iterable, Sequence

from webui.exchange.columns import Column
from webui.exchange.vcard import labels, lines
from webui.exchange.vcard.properties import ANNIVERSARIES, PHONETIC

# The properties that say a field together, and where they go.
FIELDS: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (("FN", "N"), ("full_name", "prefix", "additional", "suffix")),
    (PHONETIC, ("phonetic",)), (("NICKNAME",), ("nickname",)), (("EMAIL",), ("email",)),
    (("TEL",), ("phone",)), (("ADR",), ("address",)), (("ORG",), ("organisation", "department")),
    (("TITLE",), ("job_title",)), (("BDAY",), ("birthday",)), (("X-ABDATE", *ANNIVERSARIES), ("date",)),
    (("URL",), ("link",)), (("IMPP", "X-SOCIALPROFILE", *labels.HANDLES), ("handle",)),
    (("CATEGORIES",), ("tags",)), (("NOTE",), ("note",)), (("PHOTO",), ("photos",)),
    (("RELATED",), ("relations",)), (("X-ROSTER-POST",), ("post",)),
)  # fmt: skip
_NAME = re.compile(rb"(?m)^(?:[\w-]+\.)?([A-Za-z][\w-]*)[;:]")
_UNSAID = ("PHOTO", "RELATED", "X-ROSTER-POST")  # a picture, or what nobody reads


def columns(own: Sequence[Column]) -> list[Column]:
    """Return a column for each target of each field, in which those of one field share the index; `own` are
    those of own fields."""
    fixed = [
        Column(at, ", ".join(names), target, "name")
        for at, (names, targets) in enumerate(FIELDS)
        for target in targets
    ]
    return fixed + [Column(at, each.name, each.target, each.by) for at, each in enumerate(own, len(FIELDS))]


def names(cards: Iterable[bytes]) -> set[str]:
    """Return the properties that any of the cards has, in capitals."""
    found = set[bytes]()
    for raw in cards:
        found.update(_NAME.findall(raw))
    return {each.decode().upper() for each in found}


def among(there: Collection[str]) -> dict[int, str]:
    """Return index -> the properties of a field, of those that are there."""
    said = {at: [name for name in names if name in there] for at, (names, _targets) in enumerate(FIELDS)}
    return {at: ", ".join(names) for at, names in said.items() if names}


def samples(cards: Iterable[Sequence[str]]) -> dict[int, list[str]]:
    """Return index -> what stands in these cards, by their lines, in plain words."""
    places = {name: at for at, (names, _targets) in enumerate(FIELDS) for name in names}
    found: dict[int, list[str]] = {}
    for card in cards:
        parsed = [line for each in card if (line := lines.parsed(each))]
        named = any(line.name == "FN" and line.value.strip() for line in parsed)
        for line in parsed:
            at = places.get(line.name)
            if at is None or line.name in _UNSAID or (line.name == "N" and named):
                continue
            said = ", ".join(filter(None, map(str.strip, lines.apart(line.value, ";", "3.0"))))
            if said:
                found.setdefault(at, []).append(" ".join(said.split()))
    return found
