"""From the cells of a row to a person outside the database, by what `columns` decided.

Only hard faults keep a row out: nothing in it identifies a person. Whatever else is doubtful is a warning.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from webui.exchange import cells as own
from webui.exchange import days, headers, nameless, photo_cells, relations, spreadsheet, sums, whole_names
from webui.exchange.brought import Brought, posts_of
from webui.exchange.columns import Column
from webui.exchange.details import Details, Found, label_of, says
from webui.store.errors import Message
from webui.store.values import emails, names, person, text

_SIMPLE = ("username", *names.PARTS, "display_name", "nickname", "organisation", "department", "job_title")
_BIRTH = ("birth_year", "birth_month", "birth_day")
_SEVERAL = re.compile(r":::|[;,](?=\s*[^\s;,]*@)")  # what is around them is taken off with each
_LABELLED = re.compile(r"(.*?)\s*<([^<>]*)>")
_UID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_BETWEEN = re.compile(r"[ ,;\t\n]")


@dataclass(slots=True)
class Address:
    """An e-mail of a row: its label, the key by which it is compared, its cell (see `relations.places`)."""

    label: str
    email: str
    key: str
    place: str = ""


@dataclass(slots=True)
class Person:
    """What a row says: only what it names, never an empty value. `uid` is one of ours, `source_uid` that of
    the program that wrote the file. `named` tells how the name was found: parts, guessed (split from a whole
    name), whole (told beside or without parts), other (an organisation, an e-mail, a phone), key (not at all:
    only by what they are known by). `no_main` tells that no e-mail is said to be the main one. A birthday is
    `birthday_typed` and, where that is a date, `birthday`."""

    values: dict[str, Any] = field(default_factory=dict)
    emails: list[Address] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    uid: str | None = None
    source_uid: str | None = None
    details: Found = field(default_factory=Found)
    brought: Brought = field(default_factory=Brought)
    named: str = "parts"
    no_main: bool = False
    keeps: bool = False
    warnings: list[Message] = field(default_factory=list)
    reason: Message | None = None


class Reader:
    """Reads the rows of one file; `kept` gathers the columns without a field in which something stands
    (`left_names` what else has none), `orders` what the dates show. `region` is where phones belong to, `key`
    the target by which people are known."""

    def __init__(
        self, columns: Sequence[Column], program: str = "plain", region: str = "", key: str | None = None
    ) -> None:
        self.kept, self.left_names = set[int](), set[str]()
        self._program = program
        self._guarded = any(column.target == "guard" for column in columns)
        self._by_target: dict[str, list[int]] = {}
        for column in columns:
            self._by_target.setdefault(column.target, []).append(column.index)
        self._simple = [(name, self._by_target[name][0]) for name in _SIMPLE if name in self._by_target]
        places = relations.places(columns)
        self._emails = [(each, places[each.index]) for each in columns if each.target == "email"]
        self._types = set(self._by_target.get("email_type", ()))
        self._details = Details(columns, program, region)
        self.orders = self._details.orders
        self._birthday = next((column for column in columns if column.target == "birthday"), None)
        self._born = next((column for column in columns if column.target in _BIRTH), None)
        self._count = len(columns)
        # Some programs end their header with a delimiter that their rows have not.
        self._named = max((column.index + 1 for column in columns if column.name.strip()), default=0)
        self._keys = self._by_target.get(key or "", ())
        self._others, self._photos = (self._by_target.get(each, ()) for each in ("kept", "photos"))
        self._says = says if program.startswith("outlook") else str.strip  # of others FALSE is an answer

    def read(self, cells: list[str]) -> Person:
        """Return the person of a row; with a `reason` where it can't come in."""
        if self._guarded:
            cells = [spreadsheet.unguard(cell) for cell in cells]
        missing = self._named - len(cells)
        if len(cells) < self._count:
            cells = cells + [""] * (self._count - len(cells))
        found = Person(details=self._details.read(cells))
        if missing > 0:
            found.warnings.append(Message("row.fewer_cells", {"count": missing}))
        form = {name: cells[index] for name, index in self._simple if text.one_line(cells[index])}
        self._read_emails(found, cells)
        self._read_lists(found, cells)
        self._name(found, form, cells)
        if nameless.is_one(form):
            is_known = found.uid or any(cells[index].strip() for index in self._keys)
            found.named, found.reason = nameless.KEY, None if is_known else nameless.reason(found)
            form.pop("display_name", None)
        elif not found.emails and self._program != "roster" and (word := sums.word(form)):
            found.warnings.append(Message("row.sum", {"name": word}))
        if phonetic := self._phonetic(cells):
            form["phonetic"] = phonetic
        clean(found, form)
        self._read_birthday(found, cells)
        if found.reason is None:
            for index in (*self._others, *photo_cells.take(found, cells, self._photos)):
                if cells[index] and self._says(cells[index]):
                    found.keeps = True
                    self.kept.add(index)
        if len(cells) > self._count and any(map(str.strip, cells[self._count :])):
            found.warnings.append(Message("row.more_cells", {"count": len(cells) - self._count}))
            found.keeps = True
        found.keeps = found.keeps or found.details.lost
        found.warnings += found.details.warnings
        return found

    def of_columns(self, cells: list[str]) -> list[str]:
        """Return what stands in each column, by the cells of a row."""
        return cells

    def _read_birthday(self, found: Person, cells: Sequence[str]) -> None:
        """Read it from its column, else from those that have its parts."""
        typed = date = None
        if self._birthday and cells[self._birthday.index]:
            typed, date = self._details.birthday(found.details, cells[self._birthday.index], self._birthday)
        if typed is None and self._born:
            whole = days.of_parts(*(self._first(cells, part) for part in _BIRTH))
            typed, date = self._details.birthday(found.details, whole, self._born)
        found.values |= {name: said for name, said in (("birthday_typed", typed), ("birthday", date)) if said}

    def _phonetic(self, cells: Sequence[str]) -> str:
        """Return the columns of it as one; a whole beside its parts says them again."""
        said = ""
        for index in self._by_target.get("phonetic", ()):
            each = text.one_line(cells[index])
            said = said if not each or each in said else f"{said} {each}".strip()
        return said

    def _read_emails(self, found: Person, cells: Sequence[str]) -> None:
        seen: set[str] = set()
        for column, place in self._emails:
            partner, cell = column.partner, cells[column.index].strip()
            if not cell:
                continue
            label = cells[partner] if partner is not None and partner not in self._types else ""
            if self._program == "roster":
                several = headers.key(column.name) == "emails"
                found.no_main |= several and not found.emails
                for row in own.read("emails", cell) if several else [{"label": label, "email": cell}]:
                    self._take_email(found, seen, row["email"], row["label"], place)
                continue
            exchange = partner in self._types and cells[partner or 0].strip().upper() == "EX"
            if exchange or "@" not in cell or cell.startswith("/"):
                found.warnings.append(Message("row.no_address", {"email": cell[:200]}))
                found.keeps = True
                continue
            label = label_of(label) if label else column.label
            for address in _SEVERAL.split(cell) if _BETWEEN.search(cell) else (cell,):
                self._take_email(found, seen, address, label, place)

    def _take_email(self, found: Person, seen: set[str], address: str, label: str, place: str = "") -> None:
        if "<" in (address := text.bare(address)) and (match := _LABELLED.fullmatch(address)):
            address = match.group(2).strip()
        address = address.removeprefix("mailto:")
        key = emails.key(address)
        if not address or key in seen:
            found.keeps = found.keeps or bool(address and label)
            return
        seen.add(key)
        if fault := emails.fault(address):
            if len(address) > person.LONGEST_FURTHER_EMAIL:
                found.warnings.append(fault)
                found.keeps = True
                return
            found.warnings.append(Message("row.odd_address", {"email": address[:200]}))
        found.emails.append(Address(label[: person.LONGEST_LABEL], address, key, place))

    def _read_lists(self, found: Person, cells: Sequence[str]) -> None:
        if notes := [cells[index] for index in self._by_target.get("note", ()) if cells[index].strip()]:
            found.values["note"] = "\n\n".join(notes)
        for index in self._by_target.get("tags", ()):
            if cells[index]:
                found.tags += [
                    tag for tag in own.tags(cells[index], self._program == "roster") if tag not in found.tags
                ]
        for index in self._by_target.get("post", ()):
            if cells[index].strip():
                found.brought.posts += posts_of(cells[index])
        for index in self._by_target.get("uid", ()):
            uid = cells[index].strip().casefold().removeprefix("urn:uuid:")
            found.uid = uid if _UID.fullmatch(uid) else None

    def _first(self, cells: Sequence[str], target: str) -> str:
        said = (text.one_line(cells[index]) for index in self._by_target.get(target, ()))
        return next(filter(None, said), "")

    def _name(self, found: Person, form: dict[str, str], cells: Sequence[str]) -> None:
        """Find the name: its parts, a whole name split, else whatever else names the person."""
        whole, filed = self._first(cells, "full_name"), self._first(cells, "file_as")
        if form.get("given") or form.get("family"):
            if whole and not form.get("display_name") and self._program != "google-old":
                form["display_name"] = whole
            found.named = "whole" if form.get("display_name") else "parts"
        elif whole:
            given, family, shown = whole_names.split(whole)
            form |= {"given": given, "family": family}
            form.setdefault("display_name", shown)
            found.named = "guessed"
        elif form.get("display_name"):
            found.named = "whole"
        elif filed:
            form["display_name"], found.named = filed, "whole"
        else:
            form["display_name"], found.named = self._stand_in(found, form), "other"

    def _stand_in(self, found: Person, form: dict[str, str]) -> str:
        """Return what names someone without a name; whoever has a username is shown by that."""
        known = form.get("nickname") or text.one_line(form.get("organisation", ""))
        if form.get("username"):
            return "" if self._program == "roster" else known
        phones = found.details.rows.get("phones", {}).values()
        address = found.emails[0].email if found.emails else ""
        return known or address or next((row[1] or "" for row in phones), "")


def clean(found: Person, form: dict[str, str]) -> None:
    """Take the values as the store would; what is too long is cut, for the whole of it stays in the row."""
    if "note" in found.values:
        form["note"] = found.values["note"]
    if (sound := person.sound(form)) is not None:
        found.values = sound
        return
    cleaned = person.clean(form)
    for name in cleaned.hard:
        limit = person.LONGEST[name]
        if cleaned.hard[name].id == "text.unkeepable":  # left out already, and still in the row
            found.warnings.append(Message("row.unkeepable", {"field": name}))
        else:
            found.warnings.append(Message("row.cut", {"field": name, "limit": limit}))
        found.keeps = True
        cleaned.values[name] = (cleaned.values[name] or "")[:limit] or None
    found.values = {name: value for name, value in cleaned.values.items() if value is not None}
