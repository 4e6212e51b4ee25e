"""What files of the same source said of people who are here: their rows, which are kept, read again.

A source is told by the program that wrote its columns, else by their names; a card by its UID.
"""

import csv
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from webui.exchange import bringing, leftovers, lists, own_cells, own_columns, people, relations
from webui.exchange.columns import HERE, Column, as_typed
from webui.exchange.plan import Plan
from webui.exchange.reading import cards
from webui.exchange.vcard import properties
from webui.store.relations import BACK
from webui.store.values import pictures, text

_MOST = 3  # files, the newest, of which the rows of one person are looked at
_UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, csv.Error)
_ALONE = ("vcard", "ldif")  # formats that tell by themselves what is what


class Item(NamedTuple):
    """A value of a list: by what two are the same, in which cell it stands (see `relations.places`), its
    label, and its parts."""

    key: str
    place: str
    label: str
    parts: tuple[str, ...]


Said = dict[str, list[Item]]


class Earlier:
    """Reads those rows, for a plan whose connection has the database beside it."""

    def __init__(self, plan: Plan) -> None:
        self._plan, self._connection = plan, plan.connection
        self._region = str(plan.about("region") or "")
        self._now = now = str(plan.about("format")), plan.about("options")
        self._every = {
            file: (format_, leftovers.told(options))
            for file, format_, options in self._connection.execute(
                "SELECT id, format, options FROM live.source_files"
            )
        }
        self._files = {file for file, each in self._every.items() if _is_same(each, now)}
        self._by_uid = now[0] == "vcard"
        self._own = own_columns.of_plan(plan)
        self.choices = {f"{HERE}{each.uid}": each.name for each in self._own if each.kind == "choices"}
        self._readers: dict[int, tuple[people.Reader, own_cells.Cells]] = {}

    def rows(self, uids: Mapping[int, set[str | None]]) -> dict[int, list[tuple[int, int]]]:
        """Return user -> (source, file) of the rows of those who have any, the newest file first; `uids` are
        those of the cards that speak of each."""
        if not self._files:
            return {}
        found: dict[int, list[tuple[int, int]]] = {}
        files: dict[tuple[int, str | None], set[int]] = {}
        for source, user, file, uid in self._connection.execute(
            "SELECT id, user_id, file_id, source_uid FROM live.sources"
            " WHERE user_id IN (SELECT value FROM json_each(?)) ORDER BY file_id DESC, id",
            (json.dumps(list(uids)),),
        ):
            if file not in self._files or (self._by_uid and uid not in uids[user]):
                continue
            seen = files.setdefault((user, uid if self._by_uid else None), set())
            if file in seen or len(seen) < _MOST:
                seen.add(file)
                found.setdefault(user, []).append((source, file))
        return found

    def elsewhere(self, user: int, uids: Collection[str | None]) -> set[tuple[str, str]]:
        """Return (list, key) of what other sources say of a person: the newest file of each that had anything
        new. `uids` are those of the cards that speak of them now.

        A table with all columns of the file, or some of them alone, is the same one before it grew.
        """
        newest: list[tuple[int, str | None]] = []
        rows: list[tuple[int, int]] = []
        for source, file, uid in self._connection.execute(
            "SELECT id, file_id, source_uid FROM live.sources WHERE user_id = ? ORDER BY file_id DESC, id",
            (user,),
        ):
            each = self._every.get(file)
            is_card = each is not None and each[0] == "vcard"
            if not each or (uid in uids if is_card and self._by_uid else _is_kin(each, self._now)):
                continue
            same = (one for one in newest if _is_same(self._every[one[0]], each))
            before = next((one for one in same if not is_card or one[1] == uid), None)
            if before is None:
                newest.append((file, uid))
            if before is None or before[0] == file:
                rows.append((source, file))
        return {(name, item.key) for name, items in self.said(rows).items() for item in items}

    def said(self, rows: Sequence[tuple[int, int]]) -> Said:
        """Return what these rows say, in their order; nothing of one that can't be read as it was."""
        found: Said = {}
        for source, file in rows:
            (raw,) = self._connection.execute(
                "SELECT raw FROM live.sources WHERE id = ?", (source,)
            ).fetchone()
            with suppress(*_UNREADABLE):
                self._read(file, raw, found)
        return found

    def newest(self, rows: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        """Return those of the newest file, where that was read as files are now: before, less had a field."""
        return [row for row in rows if row[1] == rows[0][1] and self._every[row[1]][1].get("reads")]

    def ever(self, user: int, wanted: set[tuple[str, str]]) -> set[tuple[str, str]]:
        """Return what of `wanted`, pairs of a list and a key or of a field and its value, any row of someone
        ever said, whatever file it was in that was read as files are now: before, less had a field."""
        found: set[tuple[str, str]] = set()
        rows = self._connection.execute(
            "SELECT file_id, raw FROM live.sources WHERE user_id = ? ORDER BY id DESC", (user,)
        )
        for file, raw in rows if wanted else ():
            if not self._every[file][1].get("reads"):
                continue
            said: Said = {}
            with suppress(*_UNREADABLE):
                found |= wanted & _fields(self._read(file, raw, said))
            found |= {
                pair
                for name, items in said.items()
                for each in items
                if (pair := (name, each.key.rstrip(lists.AGAIN))) in wanted
            }
            if len(found) == len(wanted):
                break
        return found

    def _person(self, file: int, raw: bytes) -> tuple[people.Person, list[str]]:
        """Return whom a row says, and its cells."""
        format_, told = self._every[file]
        if file not in self._readers:
            self._readers[file] = self._reader(format_, told)
        cells = leftovers.cells(format_, raw, told, [str(name) for name, _target in told["columns"]])
        return self._readers[file][0].read(list(cells)), cells

    def _read(self, file: int, raw: bytes, found: Said) -> people.Person:
        """Add to `found` what a row says of lists, and return whom it says."""
        person, cells = self._person(file, raw)
        (format_, told), (reader, own) = self._every[file], self._readers[file]
        found.setdefault("emails", []).extend(
            Item(each.key, each.place, each.label, (each.email,)) for each in person.emails
        )
        found.setdefault("tags", []).extend(
            Item(text.key(each), place(told["columns"], format_), "", (each,)) for each in person.tags
        )
        for name, rows in person.details.rows.items():
            found.setdefault(name, []).extend(
                Item(key, person.details.places.get((name, key), ""), label or "", _texts(parts))
                for key, (label, *parts) in rows.items()
            )
        dates = list(person.details.rows.get("dates", {}).items())
        for rank, _column, typed, *either in person.details.open:
            if rank >= 0:  # it was decided by the other rows of that file
                key, (label, *_rest) = dates[rank]
                at = person.details.places.get(("dates", key), "")
                found["dates"] += [
                    Item(lists.same("dates", label or "", day, typed), at, label or "", (day, typed))
                    for day in either
                ]
        for row in own.read(0, reader.of_columns(list(cells)))[0]:
            found.setdefault(f"{HERE}{row[1]}", []).append(Item(row[4] or "", "own", "", (row[3] or "",)))
        return person

    def _reader(self, format_: str, told: Mapping[str, Any]) -> tuple[people.Reader, own_cells.Cells]:
        columns = relations.related(
            [Column(at, str(name), str(target), "kept") for at, (name, target) in enumerate(told["columns"])]
        )
        program = str(told.get("program", "plain"))
        cells = own_cells.Cells(columns, self._own, ours=as_typed(program, columns))
        if format_ == "vcard":
            own = {each.name: "choices" for each in columns[len(properties.COLUMNS) :]}
            return cards.Reader(self._region, {}, own), cells
        return people.Reader(columns, program, self._region), cells


def place(columns: Sequence[Sequence[str]], format_: str) -> str:
    """Return in which cell tags stand: "" where several columns have them."""
    return "" if format_ != "vcard" and sum(each[1] == "tags" for each in columns) > 1 else "tags"


def _fields(person: people.Person) -> set[tuple[str, str]]:
    """Return the fields with their values, of a birthday each day that it can be; the photo by its hash, the
    posts, and whom the person knows."""
    days = [day for rank, _column, _typed, *either in person.details.open if rank < 0 for day in either]
    photos = filter(None, [person.brought.photo])
    return {
        *person.values.items(),
        *(("birthday_typed", day) for day in days),
        *(("photo_hash", pictures.digest(each)) for each in photos),
        *(("posts", f"{each.title}\n{each.body}") for each in person.brought.posts),
        *_relations(person),
    }


def _relations(person: people.Person) -> Iterator[tuple[str, str]]:
    """Yield whom the person knows, and as what they know the person (`related_as`)."""
    for told, its_label, its_word, other, _back in person.brought.relations:
        kind, label, word = bringing.in_kind(told, its_label, its_word)
        yield "relations", bringing.as_said(kind, label, other)
        yield "related_as", bringing.as_said(BACK[kind], word or label, other)


def _texts(parts: Sequence[str | None]) -> tuple[str, ...]:
    return tuple(each or "" for each in parts)


def _is_same(one: tuple[str, Mapping[str, Any]], other: tuple[str, Mapping[str, Any]]) -> bool:
    """Whether two files, each by its format and how it was read, are of one source."""
    (format_, told), (other_format, other_told) = one, other
    if format_ in _ALONE or other_format in _ALONE:
        return format_ == other_format
    program = told.get("program")
    if program == other_told.get("program") and program not in (None, "plain"):
        return True
    return _names(told) == _names(other_told)


def _is_kin(one: tuple[str, Mapping[str, Any]], other: tuple[str, Mapping[str, Any]]) -> bool:
    """Whether two files are of one source, or one has all columns of the other."""
    if _is_same(one, other):
        return True
    if one[0] in _ALONE or other[0] in _ALONE:
        return False
    names, others = set(_names(one[1])), set(_names(other[1]))
    return names <= others or others <= names


def _names(told: Mapping[str, Any]) -> list[str]:
    """Return the names of the columns in any order; without names, where each goes."""
    try:
        columns = [(str(name), str(target)) for name, target in told["columns"]]
    except (ValueError, LookupError, TypeError):  # another program wrote it
        return []
    named = any(name for name, _target in columns)
    return sorted(name for name, _target in columns) if named else [target for _name, target in columns]
