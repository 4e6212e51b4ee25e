"""LDIF (RFC 2849): the entries of people, as a table with a column an attribute.

Each attribute is called as Thunderbird calls its column, and stands in several where an entry has several of
it. Groups become tags of their members. An address of a file (`attribute:< file:`) is kept as it is and never
opened. Not for other text: see `csv_file`.
"""

import binascii
import functools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

from webui.exchange import encodings, limits, tables
from webui.exchange.tables import Options, Row, opened
from webui.store.errors import Message, Refused

_PIECE = 1 << 20
_BLANK = re.compile(rb"(\n(?:\r?\n)+)")
_HEAD = re.compile(r"^[^:\n]*:?", re.MULTILINE)  # of each line, empty ones too
_NAME = re.compile(r"([A-Za-z][\w.-]*|\d+(?:\.\d+)+)(?:;.*)?:")
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
    "uid": "Username", "initials": "Initials",
}  # fmt: skip
TAGS = "Tags"
_ABOUT_FILE = {"", "version"}
_LEFT_OUT = {"objectclass", "modifytimestamp", "version", "changetype", "userpassword"}


class Entry(NamedTuple):
    """An entry by its lines, unfolded; `heads` is what each has up to its first colon, all of one without."""

    heads: tuple[str, ...]
    lines: Sequence[str]

    @property
    def names(self) -> Sequence[str]:
        """The attribute of each line in small letters, '' for what is none, as a comment."""
        return _attributes(self.heads)

    def all(self, *names: str) -> list[str]:
        """Return what is said by attributes of these names."""
        told = zip(self.names, self.heads, self.lines, strict=True)
        return [_said(line[len(head) :]) for name, head, line in told if name in names]

    def cells(self, header: Sequence[str]) -> list[str]:
        """Return what it says, by the columns of `header`."""
        cells = [""] * len(header)
        for column, number, start, labelled in _places(self.heads, tuple(header)):
            tail = self.lines[number][start:]
            said = tail.lstrip(" ") if tail[:1] == " " else _said(tail)
            cells[column] = _LABEL.sub("", said) if labelled else said
        return cells


@dataclass(frozen=True)
class Entries(tables.Table):
    """A file of entries that was looked at: `groups` are the names of the groups that each DN is in."""

    groups: dict[str, list[str]] = field(default_factory=dict, repr=False)

    def rows(self) -> Iterator[Row]:
        """Yield the people. Raises Refused when a limit is met."""
        position = 0
        for line, raw in _entries(self.source):
            entry = entry_of(raw, self.encoding)
            if not _ABOUT_FILE.issuperset(entry.names) and not _is_group(entry):
                yield Row(position, line, raw, self._cells(entry))
                position += 1
                limits.check_rows(position)

    def _cells(self, entry: Entry) -> list[str]:
        cells = entry.cells(self.header)
        groups = self.groups.get(_same("".join(entry.all("dn")[:1]))) if self.groups else None
        if groups:
            cells[self.header.index(TAGS)] = " ::: ".join(groups) + (" :::" if len(groups) == 1 else "")
        return cells


def read(source: Path | bytes, options: Options) -> Entries:
    """Look at a file of entries. Raises Refused where there is none in it."""
    source, codec = _plain(source)
    encoding = options.encoding or codec
    most, groups = Counter[str](), dict[str, list[str]]()
    shapes: dict[Sequence[str], None] = {}  # most entries have the attributes of another
    for _line, raw in _entries(source):
        entry = entry_of(raw, encoding)
        if _is_group(entry):
            for name in filter(None, entry.all("cn")[:1]):
                for member in entry.all("member", "uniquemember"):
                    groups.setdefault(_same(member), []).append(name)
        elif any(entry.names):
            shapes[entry.names] = None
    for shape in shapes:
        for name, number in Counter(map(_name, shape)).items():
            most[name] = max(most[name], number)
    del most[""]
    if not shapes:
        raise Refused(Message("import.empty"))
    header = tuple(f"{name} {n}" if n > 1 else name for name in most for n in range(1, most[name] + 1))
    header += (TAGS,) if groups else ()
    limits.check_columns(len(header))
    found = Entries("ldif", source, header, "", 0, (), encoding=encoding, groups=groups)
    first = [row.cells for row, _number in zip(found.rows(), range(tables.FIRST), strict=False)]
    return Entries("ldif", source, header, "", 0, tuple(first), encoding=encoding, groups=groups)


@functools.lru_cache(maxsize=4_096)
def _places(heads: tuple[str, ...], header: tuple[str, ...]) -> list[tuple[int, int, int, bool]]:
    """Return (column, number of the line, where its value starts, whether it has a label) of what has one."""
    places = {name: number for number, name in enumerate(header)}
    seen, found = Counter[str](), []
    for number, attribute in enumerate(_attributes(heads)):
        name = _name(attribute)
        seen[name] += 1
        column = places.get(f"{name} {seen[name]}" if seen[name] > 1 else name)
        if column is not None:
            found.append((column, number, len(heads[number]), attribute == "labeleduri"))
    return found


def entry_of(raw: bytes, encoding: str) -> Entry:
    """Return an entry. Exactly one blank of a folded line is no part of it."""
    text = raw.decode(encoding, "replace")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.replace("\n ", "")
    return Entry(tuple(_HEAD.findall(text)), text.split("\n"))


@functools.lru_cache(maxsize=4_096)
def _attributes(heads: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(_attribute, heads))


def _said(tail: str) -> str:
    """Return what stands behind the colon of an attribute, in words."""
    return _decoded(tail[1:]) if tail[:1] == ":" else tail.removeprefix("<").lstrip(" ")


@functools.lru_cache(maxsize=4_096)
def _attribute(head: str) -> str:
    """Return the name of an attribute without its options, '' for what is none, as a comment."""
    match = _NAME.fullmatch(head)
    return match[1].casefold() if match else ""


def _plain(source: Path | bytes) -> tuple[Path | bytes, str]:
    """Return a file as one whose lines end in a line feed and whose letters are written byte by byte, and its
    encoding. Nearly all are."""
    with opened(source) as file:
        codec, mark = encodings.find(file)
        file.seek(len(mark))
        start = file.read(_PIECE)
        wide = encodings.is_wide(codec)
        if not wide and (b"\n" in start or b"\r" not in start):
            return source, codec
        limits.check_whole(len(source) if isinstance(source, bytes) else source.stat().st_size)
        whole = (start + file.read()).decode(codec, "replace")
    return whole.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace"), "utf-8"


def _entries(source: Path | bytes) -> Iterator[tuple[int, bytes]]:
    """Yield (line of the file from 1, bytes) of each entry: what stands between empty lines."""
    with opened(source) as file:
        file.seek(len(encodings.find(file)[1]))
        rest, line, more = b"", 1, True
        while more:
            chunk = file.read(_PIECE)
            more = bool(chunk)
            pieces = _BLANK.split(rest + chunk)
            rest = pieces.pop() if more else b""
            for entry, between in zip_longest(pieces[::2], pieces[1::2], fillvalue=b""):
                entry = entry.removesuffix(b"\r") if between else entry
                if entry.strip(b"\r\n\0"):
                    yield line, entry + b"\n"
                line += entry.count(b"\n") + between.count(b"\n")
            if len(rest) > limits.LINE:
                raise limits.cell_too_long(line)


def _decoded(said: str) -> str:
    """Return a text from base64; of what is none, a picture or a certificate, the letters it came as."""
    try:
        return binascii.a2b_base64("".join(said.split()), strict_mode=True).decode("utf-8")
    except ValueError:
        return said.strip()


def _name(attribute: str) -> str:
    return "" if attribute in _LEFT_OUT else NAMES.get(attribute, attribute)


def _is_group(entry: Entry) -> bool:
    return _is_class_of_groups(tuple([entry.lines[number] for number in _classes(entry.heads)]))


@functools.lru_cache(maxsize=4_096)
def _classes(heads: tuple[str, ...]) -> list[int]:
    """Return the numbers of the lines that say what an entry is."""
    return [number for number, name in enumerate(_attributes(heads)) if name == "objectclass"]


@functools.lru_cache(maxsize=256)
def _is_class_of_groups(lines: tuple[str, ...]) -> bool:
    return any(_said(line.partition(":")[2]).casefold() in _NO_PEOPLE for line in lines)


def _same(dn: str) -> str:
    parts = (part.partition("=") for part in dn.split(","))
    return ",".join(f"{name.strip()}={said.strip()}" for name, _mark, said in parts).casefold()
