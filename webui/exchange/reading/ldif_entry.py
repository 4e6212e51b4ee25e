"""One entry of an LDIF file (RFC 2849), unfolded and by its attributes. Not for where it begins and ends, nor
what a file of them says: see `ldif`.

Each attribute is called as Thunderbird calls its column.
"""

import binascii
import functools
import operator
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

# What stands behind the name in a line as nearly all are written: `name: value`, or with two colons before
# base64. Not in one that says what the entry is, which many have in common.
_VALUE = re.compile(r": (?!(?<=\nobject[Cc]lass: )\S+$) *(.*)", re.MULTILINE)
_CLASS = re.compile(r"\nobject[Cc]lass: (\S+)$", re.MULTILINE)
_HEAD = re.compile(r"object[Cc]lass: \S+|[^:]*(?:::? )?")  # what is left of such a line
_LINE = re.compile(r"^([^:\n]*:)(:|<?) *", re.MULTILINE)
_COMMENT = re.compile(r"^#.*", re.MULTILINE)
_NAME = re.compile(r"([A-Za-z][\w.-]*|\d+(?:\.\d+)+)(?:;.*)?")
_NO_PEOPLE = {"groupofnames", "groupofuniquenames", "mailgroup", "group", "posixgroup"}
_LABEL = re.compile(r"(?<=\S)\s.*")  # behind the address in a labeledURI (RFC 2079)
# What attributes are called: those of inetOrgPerson (RFC 2798), and of Thunderbird's address book.
NAMES = {
    "dn": "DN", "cn": "Display Name", "displayname": "Display Name", "givenname": "First Name",
    "sn": "Last Name",
    "mozillanickname": "Nickname", "xmozillanickname": "Nickname", "mail": "Primary Email",
    "mozillasecondemail": "Secondary Email", "xmozillasecondemail": "Secondary Email",
    "telephonenumber": "Work Phone", "homephone": "Home Phone", "fax": "Fax Number",
    "facsimiletelephonenumber": "Fax Number", "pager": "Pager Number", "pagerphone": "Pager Number",
    "mobile": "Mobile Number", "cellphone": "Mobile Number",
    "street": "Work Address", "streetaddress": "Work Address", "mozillaworkstreet2": "Work Address 2",
    "l": "Work City", "locality": "Work City", "st": "Work State", "region": "Work State",
    "postalcode": "Work ZipCode", "c": "Work Country", "countryname": "Work Country", "co": "Work Country",
    "postofficebox": "Work PO Box",
    "mozillahomestreet": "Home Address", "mozillahomestreet2": "Home Address 2",
    "mozillahomelocalityname": "Home City", "mozillahomestate": "Home State",
    "mozillahomepostalcode": "Home ZipCode", "mozillahomecountryname": "Home Country",
    "homepostaladdress": "Home Address",
    "title": "Job Title", "ou": "Department", "department": "Department",
    "departmentnumber": "Department number",
    "o": "Organization", "company": "Organization", "mozillaworkurl": "Web Page 1", "workurl": "Web Page 1",
    "mozillahomeurl": "Web Page 2", "homeurl": "Web Page 2", "labeleduri": "Web Page",
    "birthyear": "Birth Year", "birthmonth": "Birth Month", "birthday": "Birth Day",
    "mozillacustom1": "Custom 1", "custom1": "Custom 1", "mozillacustom2": "Custom 2", "custom2": "Custom 2",
    "mozillacustom3": "Custom 3", "custom3": "Custom 3", "mozillacustom4": "Custom 4", "custom4": "Custom 4",
    "description": "Notes", "notes": "Notes", "nsaimid": "Screen Name",
    "uid": "Username", "initials": "Initials", "photo": "jpegphoto",
}  # fmt: skip
PHOTOS = {"jpegphoto", "photo", "thumbnailphoto"}
_NUMBERED = {name[:-2] for name in NAMES.values() if name.endswith(" 2")}
_CLASSES, _LONGEST = "objectclass", 4_000  # letters of heads that are kept to be met again
_ABOUT_FILE = {"", "version"}
_LEFT_OUT = {_CLASSES, "modifytimestamp", "version", "changetype", "userpassword"}


@dataclass(frozen=True, eq=False)
class Shape:
    """What entries whose lines are the same up to their values have in common: by the number of a value its
    attribute in small letters, '' for none, and whether it is in base64. `is_group` is None where only the
    values tell."""

    names: tuple[str, ...]
    packed: tuple[bool, ...]
    is_group: bool | None
    is_about_file: bool


class Entry(NamedTuple):
    """An entry, unfolded; the last of `values` is empty."""

    shape: Shape
    values: tuple[str, ...]

    @property
    def is_group(self) -> bool:
        """Whether it is no person."""
        told = self.shape.is_group
        return _is_of_groups(self.all(_CLASSES)) if told is None else told

    def all(self, *names: str) -> list[str]:
        """Return what is said by attributes of these names."""
        told = zip(self.shape.names, self.shape.packed, self.values, strict=False)
        return [_decoded(said) if packed else said for name, packed, said in told if name in names]

    def cells(self, header: Sequence[str]) -> list[str]:
        """Return what it says, by the columns of `header`."""
        placed, packed, labelled = _places(self.shape, tuple(header))
        cells = list(placed(self.values))
        del cells[-2:]
        for column in packed:
            cells[column] = _decoded(cells[column])
        for column in labelled:
            cells[column] = _LABEL.sub("", cells[column])
        return cells


Placed = Callable[[tuple[str, ...]], tuple[str, ...]]


@functools.lru_cache(maxsize=4_096)
def _places(shape: Shape, header: tuple[str, ...]) -> tuple[Placed, list[int], list[int]]:
    """Return what puts the values into the columns, and behind them two empty ones; the columns in base64,
    and those labelled."""
    places = {name: column for column, name in enumerate(header)}
    seen, numbers = Counter[str](), [-1] * len(header)
    for number, attribute in enumerate(shape.names):
        name = name_of(attribute)
        seen[name] += 1
        column = places.get(repeated(name, seen[name]))
        if column is not None:
            numbers[column] = number
    there = [(column, number) for column, number in enumerate(numbers) if number >= 0]
    return (
        operator.itemgetter(*numbers, -1, -1),
        [column for column, number in there if shape.packed[number] and shape.names[number] not in PHOTOS],
        [column for column, number in there if shape.names[number] == "labeleduri"],
    )


def entry_of(raw: bytes, encoding: str) -> Entry:
    """Return an entry. Exactly one blank of a folded line is no part of it."""
    text = raw.decode(encoding, "replace")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.replace("\n ", "")
    if "#" in text:
        text = _COMMENT.sub("", text)
    parts = _VALUE.split(text)
    shape = _shape(": ".join(parts[::2]))
    if not shape:
        parts = _VALUE.split(_LINE.sub(lambda line: f"{line[1]}{line[2].strip('<')} ", text))
        shape = _shape_of(": ".join(parts[::2]))
    return Entry(shape, (*parts[1::2], ""))


def _shape(heads: str) -> Shape | None:
    """Return what entries have in common whose lines are so up to their values, None where there are values
    left in them."""
    return (_usual if len(heads) <= _LONGEST else _usual.__wrapped__)(heads)


@functools.lru_cache(maxsize=4_096)
def _usual(heads: str) -> Shape | None:
    return _shape_of(heads) if all(map(_HEAD.fullmatch, heads.split("\n"))) else None


@functools.lru_cache(maxsize=4_096)
def _shape_of(heads: str) -> Shape:
    classes = _CLASS.findall(heads)
    found = [line[:-2] for line in _CLASS.sub("", heads).split("\n") if line.endswith(": ")]
    names = tuple(_attribute(head.removesuffix(":")) for head in found)
    packed = tuple(head.endswith(":") for head in found)
    is_group = _is_of_groups(classes) or (None if _CLASSES in names else False)
    names += (_CLASSES,) if classes else ()
    return Shape(names, packed, is_group, _ABOUT_FILE.issuperset(names))


@functools.lru_cache(maxsize=4_096)
def _attribute(head: str) -> str:
    """Return the name of an attribute without its options, '' for what is none, as a comment."""
    match = _NAME.fullmatch(head)
    return match[1].casefold() if match else ""


def _decoded(said: str) -> str:
    """Return a text from base64; of what is none, a picture or a certificate, the letters it came as."""
    try:
        return binascii.a2b_base64("".join(said.split()), strict_mode=True).decode("utf-8")
    except ValueError:
        return said.strip()


def name_of(attribute: str) -> str:
    """Return what the column of an attribute is called, '' for one that has none."""
    return "" if attribute in _LEFT_OUT else NAMES.get(attribute, attribute)


def repeated(name: str, number: int) -> str:
    """Return what the column of the first, second, ... attribute of that name is called: there may be a
    "Web Page 2" that is no second "Web Page"."""
    return f"{name} {number + (name in _NUMBERED)}" if number > 1 else name


def _is_of_groups(classes: list[str]) -> bool:
    return not _NO_PEOPLE.isdisjoint(map(str.casefold, classes))
