"""Files of vCards: one file, or all in a zip or chosen together. Groups become tags of their members."""

import io
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast
from urllib.parse import quote, unquote

from webui.exchange import encodings, limits, tables
from webui.exchange.columns import NEW, Column
from webui.exchange.people import Person
from webui.exchange.reading import unzipped
from webui.exchange.tables import Options, Row, opened
from webui.exchange.vcard import carried, lines, own_lines, reading, splitting
from webui.store.errors import Message, Refused

_CARD = re.compile(rb"\s*BEGIN\s*:\s*VCARD", re.IGNORECASE)
MARK = b"\x1cfile:"  # before each file of several that were joined, with its name
_MARKED = re.compile(rb"(?m)^\x1cfile:([^\r\n]*)\r?\n")
_REFUSED = b"\nX-ROSTER-REASON:"
_CAPITALS = bytes(range(256)).upper()
_KINDS = ("KIND", "X-ADDRESSBOOKSERVER-KIND")
_MEMBERS = ("MEMBER", "X-ADDRESSBOOKSERVER-MEMBER")
SUFFIXES = (".vcf", ".vcard")
NO_CARD = "row.no_card"  # what is told of a file, among several, in which there is no card
_KEPT = 2_000  # bytes of such a file
_IN_MEMORY = 4 << 20  # bytes of an unpacked file; a longer one is put into a nameless one beside


class Found(NamedTuple):
    """A card: the line at which it begins, from 1, its bytes, what it ends with (see `splitting`, or
    NO_CARD), and of several files the name of its own."""

    line: int
    raw: bytes
    end: str
    file: str = ""


@dataclass(frozen=True)
class Cards(tables.Table):
    """A file of cards that was looked at: `groups` are the names of the groups that each UID is in."""

    groups: dict[str, list[str]] = field(default_factory=dict, repr=False)
    own: dict[str, str] = field(default_factory=dict)
    """The own fields that Roster wrote into cards, each with its kind."""

    @property
    def fixed(self) -> tuple[Column, ...]:
        """Where what is in it goes: a card says itself what it is."""
        fields = enumerate(self.own.items(), len(reading.COLUMNS))
        return (*reading.COLUMNS, *(Column(at, name, f"{NEW}{kind}", "name") for at, (name, kind) in fields))

    def chosen_of(self, found: Sequence[Column]) -> Sequence[Column]:
        """Return of what a person can choose how it meets what is here: of each field that cards have."""
        return carried.columns(found[len(reading.COLUMNS) :])

    def carried(self) -> dict[int, str]:
        """Return index -> the properties of those fields that the cards of this file have."""
        there = carried.names(found.raw for found in each(self.source))
        own = dict(enumerate(self.own, len(carried.FIELDS)))
        return carried.among(there | ({"CATEGORIES"} if self.groups else set())) | own

    def samples(self) -> dict[int, list[str]]:
        """Return index -> what stands there in the first cards."""
        return carried.samples(row.cells for row in islice(self.rows(), tables.FIRST))

    def of_columns(self, cells: list[str]) -> list[str]:
        """Return what stands in each column of a card."""
        return self.people((), "").of_columns(cells)

    def people(self, found: Sequence[Column], region: str) -> "Reader":
        """Return who makes people of cards."""
        return Reader(region, self.groups, self.own, [each.index for each in found if each.target == "kept"])

    def rows(self) -> Iterator[Row]:
        """Yield the cards of people; the cells of one are its unfolded lines. Raises Refused."""
        position = 0
        for line, raw, end, file in each(self.source):
            said = lines.unfolded(raw, self.encoding)
            if _may_be_group(raw) and _group(said) is not None:
                continue
            if end == splitting.NEXT and _REFUSED in raw:  # of which nothing was mended
                end = splitting.FILE
            yield Row(position, line, raw, said, end, file)
            position += 1
            limits.check_rows(position)


class Reader(reading.Reader):
    """Reads the cards of one file, and gives each the tags of its groups."""

    def __init__(
        self, region: str, groups: dict[str, list[str]], own: dict[str, str], beyond: Sequence[int] = ()
    ) -> None:
        super().__init__(region)
        self._groups, self._own, self._beyond = groups, own, beyond

    def of_columns(self, cells: list[str]) -> list[str]:
        """Return what stands in each column of a card: behind those of all, a column for each own field."""
        return own_lines.row(cells, self._own, len(reading.COLUMNS)) if self._own else cells

    def read(self, cells: list[str]) -> Person:
        """Return the person of a card; with a `reason` where it can't come in."""
        found = super().read(cells)
        known = set(found.tags)
        found.tags += [each for each in self._groups.get(found.source_uid or "", ()) if each not in known]
        if self._beyond:  # fields for which there is no room
            told = self.of_columns(cells)
            there = {index for index in self._beyond if told[index]}
            self.kept |= there
            found.keeps = found.keeps or bool(there)
        return found


def read(source: Path | bytes, options: Options) -> Cards:
    """Look at a file of cards. Raises Refused where there is none in it."""
    encoding = options.encoding or _encoding(source)
    groups: dict[str, list[str]] = {}
    first: list[list[str]] = []
    own: dict[str, str] = {}
    for _line, raw, end, _file in each(source):
        if end == NO_CARD:
            continue
        has_own = own_lines.MARK in raw
        said = lines.unfolded(raw, encoding) if not first or has_own or _may_be_group(raw) else []
        if has_own and len(own) < limits.COLUMNS:
            own |= own_lines.fields(said)
        if said and (group := _group(said)) is not None:
            for uid in filter(None, group[1]):  # nobody is a member by having no UID
                groups.setdefault(uid, []).append(group[0])
        elif not first:
            first.append(said)
    if not first:
        raise Refused(Message("import.empty"))
    return Cards("vcard", source, (), "", 0, tuple(first), encoding=encoding, groups=groups, own=own)


def _may_be_group(raw: bytes) -> bool:
    return b"KIND" in raw.translate(_CAPITALS, b"\r\n \t")  # however it is folded


def _group(said: Sequence[str]) -> tuple[str, list[str]] | None:
    """Return the name of a group and the UIDs of its members, None for a card of anyone."""
    if not any("KIND" in one[:26].upper() for one in said):
        return None
    card = [line for each in said if (line := lines.parsed(each))]
    if not any(line.name in _KINDS and line.value.strip().casefold() == "group" for line in card):
        return None
    name = lines.property_of(card, "FN") or lines.property_of(card, "N")
    members = [
        line.value.strip().casefold().removeprefix("urn:uuid:") for line in card if line.name in _MEMBERS
    ]
    return lines.unescape(name.value, "3.0").strip("; ") if name else "", members


def each(source: Path | bytes) -> Iterator[Found]:
    """Yield each card of a file, of several in a zip, or of several that were `joined`; what is not written
    byte by byte is turned into UTF-8."""
    with opened(source) as file:
        if file.read(4) != b"PK\x03\x04":
            yield from _each(file)
            return
        count = unzipped.Count()
        for member in unzipped.members(file):
            if member.filename.casefold().endswith(SUFFIXES):
                with tempfile.SpooledTemporaryFile(_IN_MEMORY) as unpacked:
                    for piece in unzipped.pieces(file, member):
                        count.add(piece)
                        unpacked.write(piece)
                    yield from _each(cast("BinaryIO", unpacked), member.filename)


def _each(file: BinaryIO, name: str = "") -> Iterator[Found]:
    codec, mark = encodings.by_start(file)
    pieces = encodings.pieces(file, len(mark))
    if encodings.is_wide(codec):
        pieces = (line.decode(codec, "replace").encode() for line in encodings.lines(file, codec, len(mark)))
    for (_number, called), parts in groupby(_parted(pieces, name), itemgetter(0)):
        yield from _cards((piece for _of, piece in parts), called)


def _parted(pieces: Iterable[bytes], name: str) -> Iterator[tuple[tuple[int, str], bytes]]:
    """Yield the pieces of files that were joined, each with the number and the name of its file."""
    at = 0, name
    for piece in pieces:
        for number, part in enumerate(_MARKED.split(piece) if MARK in piece else [piece]):
            if number % 2:
                at = at[0] + 1, unquote(part.decode("ascii", "replace"))
            elif part:
                yield at, part


def _cards(pieces: Iterator[bytes], name: str) -> Iterator[Found]:
    first, is_none = next(pieces), True
    for found in splitting.cards(chain([first], pieces)):
        is_none = False
        yield Found(*found, name)
    if is_none and name and first.strip():
        yield Found(1, first[:_KEPT], NO_CARD, name)


def _encoding(source: Path | bytes) -> str:
    with opened(source) as file:
        if file.read(4) == b"PK\x03\x04":
            return "utf-8"
        codec = encodings.find(file)[0]
    return "utf-8" if encodings.is_wide(codec) else codec


def joined(files: Sequence[tuple[str, bytes]], refusal: str = "import.one_file") -> bytes:
    """Return several files of cards, each a name and its bytes, as one. Of a file called as one of cards is,
    in which there is none, that is told where they are read. Raises Refused where any other is none of cards,
    or none of them is one, or all are too large."""
    plain = [(name, _plain(said)) for name, said in files]
    is_card = [bool(_CARD.match(said)) for _name, said in plain]
    may_be = [name.casefold().endswith(SUFFIXES) for name, _said in plain]
    if not any(is_card) or not all(map(max, is_card, may_be)):
        raise Refused(Message(refusal))
    limits.check_size(sum(len(said) for _name, said in plain))
    first = sorted(range(len(plain)), key=lambda at: not is_card[at])  # by its start a file is told
    marked = (MARK + quote(plain[at][0]).encode() + b"\r\n" + plain[at][1] for at in first)
    return b"\r\n".join(marked)


def _plain(said: bytes) -> bytes:
    """Return a file without its byte order mark, and byte by byte."""
    codec, mark = encodings.by_start(io.BytesIO(said))
    said = said[len(mark) :]
    return said.decode(codec, "replace").encode() if encodings.is_wide(codec) else said


def of_folder(folder: Path) -> bytes:
    """Return the cards of all files of a folder as one. Raises Refused where there are none, OSError."""
    found = sorted(
        each
        for each in folder.iterdir()
        if each.name.casefold().endswith(SUFFIXES) and not unzipped.is_apple_double(each.name)
        if each.is_file() and not each.is_symlink()
    )
    limits.check_size(sum(each.stat().st_size for each in found))
    files = [(each.name, said) for each in found if (said := each.read_bytes()).strip()]
    return joined(files, "import.no_cards")  # which all are called as
