"""A card that a person came from: what each of its lines says, and whether they still have that.

Not for what stands in the place of a line where they have not: see `merging`.
"""

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from webui.exchange import lists
from webui.exchange.people import Person
from webui.exchange.vcard import lines, properties, reading, rewriting
from webui.exchange.vcard.lines import Line
from webui.exchange.vcard.properties import Card
from webui.exchange.vcard.values import escape
from webui.store.errors import Invalid
from webui.store.values import names, pictures, text

Row = tuple[str, ...]
_NAME = ("display_name", *names.PARTS)
# Which fields the lines of these names say together.
_FIELDS: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (("FN", "N"), _NAME), (("NICKNAME",), ("nickname",)), (("ORG",), ("organisation", "department")),
    (("TITLE",), ("job_title",)), (("NOTE",), ("note",)), (properties.PHONETIC, ("phonetic",)),
)  # fmt: skip


class Kept:
    """The lines of such a card, without its BEGIN and END."""

    def __init__(self, said: Sequence[str]) -> None:
        self._said = list(said)
        self._lines = [lines.parsed(each) for each in said]
        self._reader = reading.Reader()
        self._card = Card(self._reader, [line for line in self._lines if line])
        self._found = self._reader.finish(self._card.read(), self._card.form)
        self._left = {id(line) for line in self._card.left}
        self.version = self._card.version

    def left(self, known: Collection[str]) -> list[str]:
        """Return the lines of no field, with the labels of their groups, for a card of another version; those
        that name someone by a UID which is none of `known` are among them."""
        groups = {line.group for line in self._card.left if line.group}
        found, inner = list[str](), list[str]()
        for line in filter(None, self._lines):
            if inner or line.name == "BEGIN":
                inner.append(line.said)
                if line.name == "END":  # a card within the card is one text (RFC 2426, 3.5.4)
                    found.append(f"AGENT:{escape(chr(10).join(inner))}")
                    inner = []
            elif not line.name.startswith("X-ROSTER") and (
                id(line) in self._left
                or (line.name == "X-ABLABEL" and line.group in groups)
                or ((who := self.knows(line)) and who[0] not in known)
            ):
                found.append(rewriting.newer(line) if self.version == "2.1" else line.said)
        return found

    def fields(self, person: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], bool]]:
        """Yield the names of the lines that say something together, and whether the person still has it."""
        read = self._found.values
        for those, columns in _FIELDS:
            yield those, all((read.get(each) or "") == (person.get(each) or "") for each in columns)
        born, typed = person.get("birthday") or "", person.get("birthday_typed") or ""
        was, said = read.get("birthday") or "", read.get("birthday_typed") or ""
        yield ("BDAY",), (born and born == was) or (typed or born) == (said or was)
        keys = [{text.key(each) for each in tags} for tags in (self._found.tags, person.get("tags") or ())]
        yield ("CATEGORIES",), keys[0] == keys[1]
        yield ("PHOTO",), self._same_photo(person.get("photo"))

    def _same_photo(self, photo: str | None) -> bool:
        data = self._found.brought.photo
        if data is None or hashlib.sha256(data).hexdigest() == photo:
            return data is not None or not photo
        if photo:
            return False
        try:
            pictures.read(data)
        except Invalid:
            return True  # it never was one of theirs
        return False

    def row(self, line: Line) -> tuple[str, Row] | None:
        """Return which row of which list a line says, None for none; an e-mail is its label and address."""
        take = properties.TAKES.get(line.name)
        if take is None or id(line) in self._left or not line.value.strip(" ;"):
            return None
        one = self._card.alone()
        take(one, line)
        for _later, address, label in one.emails:
            found = Person()
            self._reader.take_email(found, set(), address, label)
            return ("emails", (found.emails[0].label, found.emails[0].email)) if found.emails else None
        for name, there in one.person.details.rows.items():
            for row in there.values():
                return name, plain(name, dict(zip(lists.COLUMNS[name], row, strict=False)))
        return None

    def knows(self, line: Line | None) -> tuple[str, str, str] | None:
        """Return whom a line names by the UID of a card, and as what: (uid, kind, label); None for none."""
        if line is None or line.name != "RELATED":
            return None
        one = self._card.alone()
        if not one.related(line):
            return None
        kind, label, _word, other, _back = one.person.brought.relations[0]
        return other, kind, label

    @property
    def uid(self) -> str:
        """The UID of the card, as sources are known by it."""
        return self._found.source_uid or ""

    @property
    def lines(self) -> Sequence[tuple[str, Line | None]]:
        """Each line, as it came and taken apart."""
        return list(zip(self._said, self._lines, strict=True))

    @property
    def main_email(self) -> str:
        """The address that became the e-mail of the person, '' for none."""
        return self._found.emails[0].email if self._found.emails else ""

    def is_left(self, line: Line) -> bool:
        """Whether a line has no field."""
        return id(line) in self._left


def plain(name: str, row: Mapping[str, Any]) -> Row:
    """Return what a row says, its label first; of a date also what was typed."""
    return tuple(row.get(each) or "" for each in lists.COLUMNS[name] if each != "phone_key")
