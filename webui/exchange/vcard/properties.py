"""One card: which of its lines go to which field, and which have none.

Not for the lines themselves, nor for what the store makes of a value: see `lines` and `reading`.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from urllib.parse import unquote

from webui.exchange import relations
from webui.exchange.columns import Column
from webui.exchange.details import Found, add_address
from webui.exchange.people import Person
from webui.exchange.vcard import labels, lines, own_lines
from webui.exchange.vcard.lines import Line
from webui.exchange.vcard.takes import Takes
from webui.store.relations import BACK
from webui.store.values import dates, text

# As the reader of tables knows columns: a card has none, but its dates are asked about as those of one.
COLUMNS = (
    Column(0, "BDAY", "birthday", "name"), Column(1, "Dates", "date", "name"),
    Column(2, "TEL", "phone", "name"), Column(3, "URL", "link", "name"),
    Column(4, "IMPP", "handle", "name"), Column(5, "ADR", "address", "name"),
)  # fmt: skip
BIRTHDAY, DATE, PHONE, LINK, HANDLE, _ADDRESS = COLUMNS
_NAME = ("family", "given", "additional", "prefix", "suffix")  # RFC 6350, 6.2.2
_PARTS = ("po_box", "extra", "street", "city", "region", "postal_code", "country")  # 6.3.1
_TIME = re.compile(r"(?<=\d)T\d.*$")  # behind a day, RFC 6350, 4.3.3
_BASIC = re.compile(r"[\d-]+")  # no program writes it for people (ISO 8601)
ANNIVERSARIES = ("ANNIVERSARY", "X-ANNIVERSARY", *(
    f"X-{each}-ANNIVERSARY" for each in ("EVOLUTION", "MS", "KADDRESSBOOK-X")
))  # fmt: skip
PHONETIC = ("X-PHONETIC-FIRST-NAME", "X-PHONETIC-MIDDLE-NAME", "X-PHONETIC-LAST-NAME")
# About the card and not the person: nobody misses them on a page, and the raw card has them all.
OF_THE_CARD = {
    "VERSION", "PRODID", "REV", "UID", "X-ABLABEL", "X-ABADR", "PROFILE", "MAILER", "CLIENTPIDMAP", "X-ABUID",
    "X-ROSTER-REASON", "X-ROSTER-UID", "X-ROSTER-ABOUT", "X-ROSTER-CARD", "X-ROSTER-SHA256", "X-ROSTER-ALIAS",
    "X-ROSTER-FIELD",  # see `own_lines`
}  # fmt: skip
_FIRST_ALONE = {"N", "FN", "BDAY", "TITLE", "ORG", "UID"}


class Card:
    """One card while it is read: `form` gathers the fields of one value, `left` the lines without a field."""

    def __init__(self, takes: Takes, found: Sequence[Line]) -> None:
        self.takes, self.lines, self.left = takes, found, list[Line]()
        self.form: dict[str, str] = {}
        self.person = Person(details=Found(own=True))  # the same phone may have two labels
        version = lines.property_of(found, "VERSION")
        self.version = (version.value.strip() if version else "3.0")[:3]
        self._labels = {line.group: line.value for line in found if line.name == "X-ABLABEL" and line.group}
        self.emails: list[tuple[bool, str, str]] = []
        self._tags: set[str] = set()

    def read(self) -> Person:
        seen: set[str] = set()
        for line in self.lines:
            name = line.name
            if name in OF_THE_CARD and name != "UID":
                continue
            if name in _FIRST_ALONE and name in seen:
                if name != "UID" and line.value.strip():
                    self.left.append(line)
                continue
            if not line.value.strip(" ;"):
                continue
            seen.add(name)
            take = TAKES.get(name)
            if take is None or not take(self, line):
                self.left.append(line)
        known: set[str] = set()
        for _later, address, label in sorted(self.emails, key=lambda each: each[0]):
            self.takes.take_email(self.person, known, address, label)
        return self.person

    def alone(self) -> "Card":
        """Return a card without lines that reads one as this does."""
        made = Card(self.takes, ())
        made.version, made._labels = self.version, self._labels
        return made

    def text(self, line: Line) -> str:
        return lines.unescape(line.value, self.version)

    def parts(self, line: Line, names: Sequence[str]) -> dict[str, str]:
        said = lines.apart(line.value, ";", self.version)
        return {name: part for name, part in zip(names, said, strict=False) if part.strip()}

    def names(self, line: Line) -> Iterator[tuple[str, str]]:
        """Yield the parts of a name; each may be several, divided by commas but in 2.1."""
        for name, part in zip(_NAME, lines.divided(line.value, ";"), strict=False):
            if not part:
                continue
            several = [part] if self.version == "2.1" else lines.divided(part, ",")
            between = ", " if name in ("prefix", "suffix") else " "
            said = between.join(text.one_line(lines.unescape(each, self.version)) for each in several)
            if said.strip(", "):
                yield name, said

    def label(self, line: Line) -> str:
        return labels.of(line, self._labels, self.version)

    def name(self, line: Line) -> bool:
        self.form |= dict(self.names(line))
        return True

    def shown(self, line: Line) -> bool:
        return own_lines.derived(line, self.lines) or _one("display_name")(self, line)

    def organisation(self, line: Line) -> bool:
        said = [each.strip() for each in lines.apart(line.value, ";", self.version)]
        self.form |= {
            name: part for name, part in zip(("organisation", "department"), said, strict=False) if part
        }
        return not any(said[2:])

    def email(self, line: Line) -> bool:
        said = self.text(line).strip()
        later = "pref" not in line.types and line.parameters.get("PREF", ["100"])[0] != "1"
        self.emails.append((later, said, self.label(line)))
        return True

    def listed(self, column: Column, line: Line, said: str, label: str | None = None) -> bool:
        self.takes.take(self.person.details, column, self.label(line) if label is None else label, said)
        return True

    def phone(self, line: Line) -> bool:
        return self.listed(PHONE, line, self.text(line).strip().removeprefix("tel:"))

    def address(self, line: Line) -> bool:
        parts = self.parts(line, _PARTS)
        street, _break, rest = parts.get("street", "").strip().replace("\r", "").partition("\n")
        more = filter(None, (parts.get("extra", "").strip(), ", ".join(rest.splitlines())))
        extra = ", ".join(more)
        if not street and extra and not parts.keys().isdisjoint({"city", "postal_code"}):
            street, extra = extra, ""  # the whole of it was put into the part for a flat
        parts |= {"street": street, "extra": extra}
        said = {part: _on_one_line(parts[part]) if part in parts else "" for part in relations.PARTS}
        add_address(self.person.details, self.label(line), said)
        return True

    def birthday(self, line: Line) -> bool:
        self.takes.born(self.person, self.day(line))
        return True

    def date(self, line: Line) -> bool:
        label = self.label(line) or ("Anniversary" if line.name in ANNIVERSARIES else "")
        return self.listed(DATE, line, self.day(line), label)

    def day(self, line: Line) -> str:
        """Return what a date says; of one without a year some programs say it was in 1604."""
        if typed := lines.parameter(line, "X-ROSTER-TYPED"):
            return typed
        said = _TIME.sub("", self.text(line).strip().rstrip(";"))
        year = (line.parameters.get("X-APPLE-OMIT-YEAR") or [""])[0]
        said = f"--{said[len(year) :].lstrip('-')}" if year and said.startswith(year) else said
        return (_BASIC.fullmatch(said) and dates.parse(said)) or said

    def handle(self, line: Line) -> bool:
        said = self.text(line).strip()
        scheme, mark, rest = said.partition(":")
        service = lines.parameter(line, "X-ROSTER-LABEL") or lines.parameter(line, "X-SERVICE-TYPE")
        label = self.label(line) if line.group in self._labels else ""
        if mark and "/" not in scheme:
            said = unquote(rest)
            label = service or label or labels.SCHEMES.get(scheme.casefold(), scheme)
        return self.listed(HANDLE, line, said, service or label or self.label(line))

    def messenger(self, line: Line) -> bool:
        return self.listed(HANDLE, line, self.text(line).strip(), labels.HANDLES[line.name])

    def note(self, line: Line) -> bool:
        said = self.text(line).replace("\r\n", "\n").replace("\r", "\n").strip("\n")
        self.form["note"] = "\n\n".join(filter(None, (self.form.get("note"), said)))
        return True

    def tags(self, line: Line) -> bool:
        mark = ";" if self.version == "2.1" and ";" in line.value else ","
        for each in lines.apart(line.value, mark, self.version):
            name = text.one_line(each)[:80]
            if name and text.key(name) not in self._tags:
                self._tags.add(text.key(name))
                self.person.tags.append(name)
        return True

    def uid(self, line: Line) -> bool:
        self.person.source_uid = self.text(line).strip().casefold().removeprefix("urn:uuid:") or None
        return True

    def phonetic(self, _line: Line) -> bool:
        if "phonetic" not in self.form:
            said = [each.value for name in PHONETIC if (each := lines.property_of(self.lines, name))]
            self.form["phonetic"] = " ".join(filter(None, map(text.one_line, said)))
        return True

    def photo(self, line: Line) -> bool:
        """Take a picture that is in the card; an address of one is kept and never asked for it."""
        said = line.value.strip()
        if said.casefold().startswith("data:"):
            said = said.partition(",")[2]
        elif "://" in said[:20] or self.person.brought.photo is not None:
            return False
        try:
            self.person.brought.photo = lines.from_base64(said)
        except ValueError:
            return False
        return True

    def related(self, line: Line) -> bool:
        """Take whom this person knows, where the UID of a card tells it (of any kind if Roster wrote it)."""
        said = self.text(line).strip()
        if not said.casefold().startswith("urn:uuid:") and "X-ROSTER-UID" not in line.parameters:
            return False
        kind = next((each for each in line.types if each in BACK), "")
        other = said.casefold().removeprefix("urn:uuid:")
        label, word = self.label(line) or "contact", lines.parameter(line, "X-ROSTER-BACK")
        self.person.brought.relations.append((kind, label, word, other, "X-ROSTER-SIDE" in line.parameters))
        return True

    def post(self, line: Line) -> bool:
        return own_lines.take_post(self.person, line)

    def kind(self, line: Line) -> bool:
        return self.text(line).strip().casefold() == "individual"


def _on_one_line(said: str) -> str:
    return ", ".join(map(text.one_line, (said,) if said.isprintable() else said.splitlines()))


def _one(field: str) -> Callable[[Card, Line], bool]:
    def take(card: Card, line: Line) -> bool:
        card.form[field] = text.one_line(card.text(line))
        return True

    return take


TAKES: dict[str, Callable[[Card, Line], bool]] = {
    "N": Card.name, "FN": Card.shown, "NICKNAME": _one("nickname"), "TITLE": _one("job_title"),
    "ORG": Card.organisation, "EMAIL": Card.email, "TEL": Card.phone, "ADR": Card.address,
    "URL": lambda card, line: card.listed(LINK, line, card.text(line).strip()), "BDAY": Card.birthday,
    "X-ABDATE": Card.date, "IMPP": Card.handle, "NOTE": Card.note, "KIND": Card.kind, "UID": Card.uid,
    "X-SOCIALPROFILE": lambda card, line: card.listed(HANDLE, line, card.text(line).strip()),
    "PHOTO": Card.photo, "RELATED": Card.related, "CATEGORIES": Card.tags, "X-ROSTER-POST": Card.post,
    "X-ROSTER-USERNAME": _one("username"), **dict.fromkeys(PHONETIC, Card.phonetic),
    **dict.fromkeys(ANNIVERSARIES, Card.date), **dict.fromkeys(labels.HANDLES, Card.messenger),
}  # fmt: skip
