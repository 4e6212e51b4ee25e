"""Files of vCards, read. Groups become tags of their members."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from webui.exchange import encodings, limits, tables
from webui.exchange.columns import NEW, Column
from webui.exchange.people import Person
from webui.exchange.reading import card_files, unzipped
from webui.exchange.tables import Options, Row, opened
from webui.exchange.vcard import carried, lines, own_lines, reading, splitting
from webui.store.errors import Message, Refused

_REFUSED = b"\nX-ROSTER-REASON:"
_CAPITALS = bytes(range(256)).upper()
_KINDS = ("KIND", "X-ADDRESSBOOKSERVER-KIND")
_MEMBERS = ("MEMBER", "X-ADDRESSBOOKSERVER-MEMBER")


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
        there = carried.names(found.raw for found in card_files.each(self.source))
        own = dict(enumerate(self.own, len(carried.FIELDS)))
        return carried.among(there | ({"CATEGORIES"} if self.groups else set())) | own

    def samples(self) -> dict[int, list[str]]:
        """Return index -> what stands there in the first cards."""
        return carried.samples(row.cells for row in islice(self.rows(), tables.FIRST))

    def of_columns(self, cells: list[str]) -> list[str]:
        """Return what stands in each column of a card."""
        return self.people((), "").of_columns(cells)

    def people(self, found: Sequence[Column], region: str, _key: str | None = None) -> "Reader":
        """Return who makes people of cards, which always name someone."""
        return Reader(region, self.groups, self.own, [each.index for each in found if each.target == "kept"])

    def rows(self) -> Iterator[Row]:
        """Yield the cards of people; the cells of one are its unfolded lines. Raises Refused."""
        position = 0
        for line, raw, end, file in card_files.each(self.source):
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
    is_damaged = False
    for _line, raw, end, _file in card_files.each(source):
        is_damaged |= end == card_files.DAMAGED
        if end in card_files.NONE:
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
        raise unzipped.broken() if is_damaged else Refused(Message("import.empty"))
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


def _encoding(source: Path | bytes) -> str:
    with opened(source) as file:
        if file.read(4) == b"PK\x03\x04":
            return "utf-8"
        codec = encodings.find(file)[0]
    return "utf-8" if encodings.is_wide(codec) else codec
