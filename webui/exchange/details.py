"""From the cells of a row to what a person has any number of: phones, addresses, web pages, handles, dates.

Not for the name and the e-mails, by which a person is known: see `people`.
"""

import functools
import re
from collections.abc import Sequence

from webui.exchange import cells as own
from webui.exchange import days, dialled, headers, lists, relations, web_pages
from webui.exchange.columns import Column, as_typed
from webui.store.errors import Message
from webui.store.values import person, phones, text, times

# Which list a column goes to; phones, pages and handles may stand in one cell several at a time.
_LISTS = {"phone": "phones", "link": "links", "handle": "handles", "date": "dates"}
_NO_DATA = {"0/0/00", "0.0.00", "00.00.00", "0000-00-00", "unspecified", "normal", "false", "nicht angegeben"}
_LONGEST_NO_DATA = max(map(len, _NO_DATA))
_SEVERAL = re.compile(r":::|\n|;\s|[;,]\s*(?=https?://|www\.)", re.IGNORECASE)
_HOUSE = re.compile(r"\d+ ?[a-z]?( ?[-/] ?\d+ ?[a-z]?)?", re.IGNORECASE)
_CODE_AND_CITY = re.compile(r"((?:[a-z]{1,2}-)?\d[\d ]{2,6}\d)\s+(\D.*)", re.IGNORECASE)

Row = tuple[str | None, ...]


class Found:
    """What a row has of these: `rows` by list and key, each in the order of `lists.COLUMNS`; `open` the dates
    that the whole column has to decide (rank, -1 of the birthday; column; text; day first; month first);
    `lost` tells that something of it stands in the raw row alone. In a file of our `own` rows that are the
    same to others stand as they are. `places` says of (list, key) in which cell it stands (see
    `relations.places`), where one is told; `place` is that of what is read just now."""

    __slots__ = ("lost", "open", "own", "place", "places", "rows", "warnings")

    def __init__(self, own: bool = False) -> None:
        self.own = own
        self.rows: dict[str, dict[str, Row]] = {}
        self.open: list[tuple[int, int, str, str, str]] = []
        self.warnings: list[Message] = []
        self.lost = False
        self.place = ""
        self.places: dict[tuple[str, str], str] = {}


class Details:
    """Reads these of the rows of one file. `orders` gathers what its date columns show."""

    def __init__(self, columns: Sequence[Column], program: str, region: str) -> None:
        self.orders = days.Orders()
        self._own, self._as_typed = program == "roster", as_typed(program, columns)
        self._region = region
        self._places = relations.places(columns)
        self._single = [column for column in columns if column.target in _LISTS]
        self._groups: dict[str, list[Column]] = {}
        for column in columns:
            if column.target == "address" or column.target in relations.PARTS:
                self._groups.setdefault(column.group, []).append(column)

    def read(self, cells: Sequence[str]) -> Found:
        """Return what a row has of these."""
        found = Found(self._own)
        for column in self._single:
            if cells[column.index] and says(cells[column.index]):
                found.place = self._places[column.index]
                self._take_cell(found, column, cells)
        for columns in self._groups.values():
            if any(cells[column.index] for column in columns):
                found.place = self._places[columns[0].index]
                self._addresses(found, columns, cells)
        return found

    def birthday(self, found: Found, cell: str, column: Column) -> tuple[str | None, str | None]:
        """Return the typed text and the date of a birthday, None for both where it says nothing."""
        if not says(cell):
            return None, None
        day, typed = self._day(found, cell, column)
        if day.either:
            found.open.append((-1, column.index, typed, *day.either))
        if day.guessed:
            year = (day.either[0] if day.either else day.date or "")[:4]
            found.warnings.append(Message("row.century", {"value": cell.strip()[:60], "year": year}))
        elif day.date and day.date[0] != "-" and day.date > times.today():
            found.warnings.append(Message("birthday.ahead", {"value": cell.strip()[:60]}))
        return typed, day.date

    def _take_cell(self, found: Found, column: Column, cells: Sequence[str]) -> None:
        name, cell = _LISTS[column.target], cells[column.index]
        field = next(iter(person.LISTS[name]))
        if self._own:
            for row in own.read(name, cell):
                self.take(found, column, row["label"], row[field])
            return
        told = (label_of(cells[column.partner]) if column.partner is not None else "") or column.label
        if name == "phones":
            for label, phone in dialled.several(cell, told):
                self.take(found, column, label, phone)
            return
        parts = _SEVERAL.split(cell) if name != "dates" else [cell]
        if name == "links":
            parts = [page for part in parts for page in web_pages.several(part)]
        for each in parts:
            self.take(found, column, told, each)

    def take(self, found: Found, column: Column, told: str, cell: str) -> None:
        """Add what stands in a cell, or a part of one, with its label."""
        name = _LISTS[column.target]
        said = dialled.plain(cell, found.warnings) if name == "phones" else text.one_line(cell)
        if not said:
            return
        if name == "dates":
            day, typed = self._day(found, said, column)
            rank = len(found.rows.get(name, ()))
            if _add(found, name, (told, day.date, typed)) and day.either:
                found.open.append((rank, column.index, typed, *day.either))
            return
        if name == "phones" and not self._own:
            said = said.removeprefix("tel:")
        said = _kept(found, column.target, said, next(iter(person.LISTS[name].values())))
        _add(found, name, (told, said, phones.key(said, self._region)) if name == "phones" else (told, said))

    def _day(self, found: Found, cell: str, column: Column) -> tuple[days.Day, str]:
        """Return a date and the text to keep of it; in our own files each says itself what it is."""
        day = days.own(cell) if self._as_typed else days.read(cell)
        self.orders.note(column.index, day)
        if day.date is None and not day.either:
            found.warnings.append(Message("row.no_date", {"value": day.typed[:200]}))
        return day, _kept(found, column.target, day.typed, person.LONGEST["birthday"])

    def _addresses(self, found: Found, columns: Sequence[Column], cells: Sequence[str]) -> None:
        """Make one address of all columns of a group; Google may put several into each."""
        said = [(column, cells[column.index]) for column in columns if cells[column.index].strip()]
        if self._own:
            for _column, cell in said:
                for row in own.read("addresses", cell):
                    add_address(found, row.pop("label"), row)
            return
        partner, google = columns[0].partner, "#" in columns[0].group
        told = label_of(cells[partner]) if partner is not None else columns[0].label
        apart = [(column, cell.split(":::") if google else [cell]) for column, cell in said]
        for number in range(max((len(each) for _column, each in apart), default=0)):
            one = [(column, each[number]) for column, each in apart if number < len(each)]
            self._address(found, told, one, any(column.target == "street" for column in columns))

    def _address(self, found: Found, told: str, cells: Sequence[tuple[Column, str]], streets: bool) -> None:
        """Make one address of cells; `streets` tells whether a column is for its street.

        What has all of it in one cell is the street where none is told, and says nothing beside the parts.
        """
        parts: dict[str, list[str]] = {}
        wholes = []
        for column, cell in cells:
            if column.target == "address":
                wholes.append(", ".join(filter(None, (line.strip(" ,\t") for line in cell.splitlines()))))
            elif column.target == "street" and "\n" in cell.strip():
                first, _break, rest = cell.strip().partition("\n")
                parts.setdefault("street", []).append(text.one_line(first))
                parts.setdefault("extra", []).insert(
                    0, ", ".join(text.one_line(line) for line in rest.splitlines())
                )
            elif said := text.one_line(cell):
                _add_part(parts, column, said)
        if wholes and not parts.get("street") and not (streets and parts):
            parts["street"] = [text.one_line(wholes.pop(0))]
        if parts:
            add_address(found, told, {part: ", ".join(parts.get(part, ())) for part in relations.PARTS})
        known = {word for each in parts.values() for word in _words(" ".join(each))} if wholes else set()
        for whole in wholes:
            if not any("#" in column.group for column, _cell in cells) and not _words(whole) <= known:
                add_address(
                    found, told, {**dict.fromkeys(relations.PARTS, ""), "street": text.one_line(whole)}
                )


def _add_part(parts: dict[str, list[str]], column: Column, said: str) -> None:
    """Add a part of an address; a house number goes behind its street, a code before its city apart."""
    there = parts.setdefault(column.target, [])
    if column.target == "street" and there and _HOUSE.fullmatch(said):
        there[-1] += f" {said}"
        return
    if (apart := _CODE_AND_CITY.fullmatch(said)) and headers.key(column.name) in headers.CODE_AND_CITY:
        code, said = apart.groups()
        parts.setdefault("postal_code", []).append(code)
    there.append(said)


def _words(said: str) -> set[str]:
    return set(text.fold(said).replace(",", " ").split())


def add_address(found: Found, told: str, said: dict[str, str]) -> None:
    """Add an address, by the parts in `person.LISTS`, with its label."""
    limits = person.LISTS["addresses"]
    kept = [said[part] and _kept(found, part, said[part], limit) for part, limit in limits.items()]
    _add(found, "addresses", (told, *kept))


def _add(found: Found, name: str, values: Row) -> bool:
    """Add a row that is not there yet, and tell whether it was added."""
    told, *rest = values
    told = _label(told) if told else ""
    rows, key = found.rows.setdefault(name, {}), lists.same(name, told, *[each or "" for each in rest])
    while key in rows:
        if not found.own or rows[key] == (told, *rest):
            found.lost = found.lost or (bool(told) and told != rows[key][0])
            return False
        key += lists.AGAIN
    if len(rows) >= person.MOST_ROWS:
        if all(each.id != "row.too_many" for each in found.warnings):
            found.warnings.append(Message("row.too_many", {"limit": person.MOST_ROWS}))
        found.lost = True
        return False
    rows[key] = (told, *rest)
    if found.place:
        found.places[name, key] = found.place
    return True


@functools.lru_cache(maxsize=1_024)
def _label(told: str) -> str:
    return text.kept(text.one_line(told))[: person.LONGEST_LABEL]


def _kept(found: Found, field: str, said: str, limit: int) -> str:
    """Return a text as the store takes it; whatever is left out of it stays in the row."""
    if not text.keepable(said):
        found.lost, said = True, text.kept(said)
        found.warnings.append(Message("row.unkeepable", {"field": field}))
    if len(said) > limit:
        found.lost = True
        found.warnings.append(Message("row.cut", {"field": field, "limit": limit}))
    return said[:limit]


def says(cell: str) -> bool:
    """Tell whether a cell says anything: programs fill some with words that mean nothing."""
    said = cell.strip()
    return bool(said) and (len(said) > _LONGEST_NO_DATA or said.casefold() not in _NO_DATA)


@functools.lru_cache(maxsize=1_024)
def label_of(cell: str) -> str:
    """Return a label as Google writes it, without the star of a default one."""
    return text.one_line(cell).removeprefix("*").strip()
