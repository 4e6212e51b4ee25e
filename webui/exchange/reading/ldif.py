"""LDIF (RFC 2849): the entries of people, as a table with a column an attribute.

Each attribute is called as Thunderbird calls its column, and stands in several where an entry has several of
it. Groups become tags of their members. An address of a file (`attribute:< file:`) is kept as it is and never
opened. Not for other text: see `csv_file`.
"""

import base64
import binascii
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from webui.exchange import encodings, limits, tables
from webui.exchange.tables import Options, Row, opened
from webui.store.errors import Message, Refused

_LINE = re.compile(r"([A-Za-z][\w;.-]*|\d+(?:\.\d+)+)(:[:<]?) *(.*)", re.DOTALL)
_NO_PEOPLE = {"groupofnames", "groupofuniquenames", "mailgroup", "group", "posixgroup"}
_LABELLED = re.compile(r"(\S+)\s+.*")
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
_LEFT_OUT = {"objectclass", "modifytimestamp", "version", "changetype", "userpassword"}
Entry = list[tuple[str, str]]


@dataclass(frozen=True)
class Entries(tables.Table):
    """A file of entries that was looked at: `groups` are the names of the groups that each DN is in."""

    groups: dict[str, list[str]] = field(default_factory=dict, repr=False)

    def rows(self) -> Iterator[Row]:
        """Yield the people. Raises Refused when a limit is met."""
        position = 0
        for line, raw, entry in _entries(self.source, self.encoding):
            if not entry or _is_group(entry):
                continue
            yield Row(position, line, raw, self._cells(entry))
            position += 1
            limits.check_rows(position)

    def _cells(self, entry: Entry) -> list[str]:
        cells = cells_of(entry, self.header)
        groups = self.groups.get(_dn(entry))
        if groups:
            cells[self.header.index(TAGS)] = " ::: ".join(groups) + (" :::" if len(groups) == 1 else "")
        return cells


def read(source: Path | bytes, options: Options) -> Entries:
    """Look at a file of entries. Raises Refused where there is none in it."""
    with opened(source) as file:
        encoding = options.encoding or encodings.find(file)[0]
    most, groups, count = Counter[str](), dict[str, list[str]](), 0
    for _line, _raw, entry in _entries(source, encoding):
        if _is_group(entry):
            name = next((said for each, said in entry if each == "cn"), "")
            for each, said in entry:
                if each in ("member", "uniquemember") and name:
                    groups.setdefault(_same(said), []).append(name)
        elif entry:
            count += 1
            for name, number in Counter(_name(each) for each, _said in entry).items():
                most[name] = max(most[name], number)
    del most[""]
    if not count:
        raise Refused(Message("import.empty"))
    header = tuple(f"{name} {n}" if n > 1 else name for name in most for n in range(1, most[name] + 1))
    header += (TAGS,) if groups else ()
    limits.check_columns(len(header))
    found = Entries("ldif", source, header, "", 0, (), encoding=encoding, groups=groups)
    first = [row.cells for row, _number in zip(found.rows(), range(tables.FIRST), strict=False)]
    return Entries("ldif", source, header, "", 0, tuple(first), encoding=encoding, groups=groups)


def cells_of(entry: Entry, header: Sequence[str]) -> list[str]:
    """Return what an entry says, by the columns of `header`."""
    places = {name: number for number, name in enumerate(header)}
    seen, cells = Counter[str](), [""] * len(header)
    for each, said in entry:
        name = _name(each)
        seen[name] += 1
        at = places.get(f"{name} {seen[name]}" if seen[name] > 1 else name)
        if at is not None:
            cells[at] = said
    return cells


def entry_of(raw: bytes, encoding: str) -> Entry:
    """Return the attributes of an entry and what each says, in order; names in small letters."""
    return _parsed(_unfolded(raw.decode(encoding, "replace").splitlines()))


def _entries(source: Path | bytes, encoding: str) -> Iterator[tuple[int, bytes, Entry]]:
    """Yield (line of the file from 1, bytes, attributes) of each entry."""
    with opened(source) as file:
        taken: list[bytes] = []
        size, line = 0, 1
        for number, raw in enumerate(encodings.lines(file, encoding, _mark(source, encoding)), 1):
            if raw.strip(b"\r\n\0"):
                line = line if taken else number
                taken.append(raw)
                size += len(raw)
                if size > limits.LINE:
                    raise limits.cell_too_long(line)
                continue
            if taken:
                yield line, b"".join(taken), entry_of(b"".join(taken), encoding)
            taken, size = [], 0
        if taken:
            yield line, b"".join(taken), entry_of(b"".join(taken), encoding)


def _mark(source: Path | bytes, encoding: str) -> int:
    with opened(source) as file:
        found, mark = encodings.find(file) if encoding.startswith("utf") else (encoding, b"")
    return len(mark) if found == encoding else 0


def _unfolded(lines: Sequence[str]) -> Iterator[str]:
    """Yield whole lines: exactly one blank of a folded one is no part of it; comments are left out."""
    found: list[str] = []
    for line in lines:
        if line.startswith(" ") and found:
            found.append(line[1:])
            continue
        if found and not found[0].startswith("#"):
            yield "".join(found)
        found = [line]
    if found and not found[0].startswith("#"):
        yield "".join(found)


def _parsed(lines: Iterator[str]) -> Entry:
    found: Entry = []
    for line in lines:
        match = _LINE.match(line)
        if not match:
            continue
        name, how, said = match[1].casefold().partition(";")[0], match[2], match[3]
        if how == "::":
            said = _decoded(said)
        if name == "labeleduri" and (labelled := _LABELLED.fullmatch(said)):
            said = labelled[1]
        found.append((name, said))
    return [] if found and all(name == "version" for name, _said in found) else found


def _decoded(said: str) -> str:
    """Return a text from base64; of what is none, a picture or a certificate, the letters it came as."""
    try:
        raw = base64.b64decode("".join(said.split()), validate=True)
        return raw.decode("utf-8")
    except (binascii.Error, ValueError):
        return said


def _name(attribute: str) -> str:
    return "" if attribute in _LEFT_OUT else NAMES.get(attribute, attribute)


def _is_group(entry: Entry) -> bool:
    return any(name == "objectclass" and said.casefold() in _NO_PEOPLE for name, said in entry)


def _dn(entry: Entry) -> str:
    return _same(next((said for name, said in entry if name == "dn"), ""))


def _same(dn: str) -> str:
    return re.sub(r"\s*([,=])\s*", r"\1", dn).casefold()
