"""The mark of a sheet that is to come back: what the newest operation was when it went out, and what it held.

It is the name of a last, empty column, so that a CSV has it as well as a workbook, in any order of its rows.
With it history says what stood in the sheet; nothing else is kept of it. See docs/formats.md.
"""

import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace

from webui.exchange import exporting, own_fields
from webui.exchange.out.wanted import MARK, OWN, Wanted
from webui.store.errors import Message
from webui.store.ledger import forget, horizon
from webui.store.values import times

# What follows from everything else: nobody edits it.
UNEDITED = frozenset({"uid", "created_at", "updated_at"})
# Sheets are out there in which these are the bits: what is new comes last.
_LAST = ("email_label",)
_ORDER = (*(each for each in exporting.USER_COLUMNS if each not in _LAST), *_LAST)
_WRITTEN = re.compile(
    rf"{MARK} (\d{{1,18}}) (\S{{1,30}}) ([0-9a-f]{{1,20}})\.([0-9a-f]{{1,2000}}) (\d{{1,9}})"
    r" (\d{4}-\d\d-\d\d)"
)


@dataclass(frozen=True)
class Mark:
    """What a mark says: the operation, its UTC time ("-" before the first), a bit for each column of _ORDER
    and for each own field there was, in order, how many people went out, and which day it was."""

    operation: int
    at: str
    columns: int
    own: int
    people: int
    day: str

    def held(self, fields: Sequence[own_fields.Field]) -> list[str]:
        """Return the columns that went out and can be edited; `fields` are those of then."""
        own = [f"{OWN}{each.uid}" for number, each in enumerate(fields) if self.own >> number & 1]
        every = enumerate(_ORDER)
        return [each for number, each in every if self.columns >> number & 1 and each not in UNEDITED] + own

    def __str__(self) -> str:
        return f"{MARK} {self.operation} {self.at} {self.columns:x}.{self.own:x} {self.people} {self.day}"


def put(wanted: Wanted, connection: sqlite3.Connection) -> Wanted:
    """Return what is wanted of a sheet that comes back: with its mark and whom each row is of, and without
    what can't come back in it."""
    operation, at = connection.execute(
        "SELECT id, at FROM operations UNION ALL SELECT 0, '-' ORDER BY id DESC LIMIT 1"
    ).fetchone()
    fields = own_fields.every(connection)
    own = [f"{OWN}{each.uid}" for each in fields]
    columns = {each for each in (*exporting.USER_COLUMNS, *own) if wanted.has(each)} - UNEDITED | {"uid"}
    wanted = replace(wanted, columns=frozenset(columns), beside=frozenset(), merge=False)
    said = Mark(
        operation,
        at,
        _bits(_ORDER, columns),
        _bits(own, columns),
        exporting.count(connection, wanted),
        times.today(),
    )
    return replace(wanted, mark=str(said))


def read(header: Sequence[str]) -> Mark | None:
    """Return the mark in a header, None where there is none, or nothing that says whom the rows are of."""
    if not any(name.strip().casefold() == "uid" for name in header):
        return None
    for name in header:
        if found := _WRITTEN.fullmatch(" ".join(name.split())):
            operation, at, columns, own, people, day = found.groups()
            return Mark(int(operation), at, int(columns, 16), int(own, 16), int(people), day)
    return None


def fault(connection: sqlite3.Connection, mark: Mark) -> Message | None:
    """Return why this database can't say what was sent: history was let go since, or it is
    another roster's."""
    begin, at = horizon.begin(connection)
    if begin > mark.operation:
        return Message("sent.let_go")
    (there,) = connection.execute("SELECT min(at) FROM operations WHERE id = ?", (mark.operation,)).fetchone()
    if begin == mark.operation:
        there = at or "-"
    known = _fits(connection, mark) if there is None else there == mark.at
    return None if known else Message("sent.elsewhere")


def _fits(connection: sqlite3.Connection, mark: Mark) -> bool:
    """Tell whether the operation of a mark can have gone with someone who was forgotten."""
    before, after = connection.execute(
        "SELECT max(at) FILTER (WHERE id < :id), min(at) FILTER (WHERE id > :id) FROM operations",
        {"id": mark.operation},
    ).fetchone()
    return forget.times(connection) > 0 and (before or "") <= mark.at <= (after or "9")


def _bits(names: Sequence[str], chosen: set[str]) -> int:
    return sum(1 << number for number, name in enumerate(names) if name in chosen)
