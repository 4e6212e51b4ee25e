"""From the file into the plan's scratch file: each row read once, no question asked yet."""

import functools
import hashlib
import json
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from webui.exchange import bringing, days, lists, own_cells, people, rules, tables
from webui.exchange.columns import HERE
from webui.exchange.given import given_key
from webui.exchange.plan import Plan, as_json
from webui.exchange.schema import FIELDS, INDEXES
from webui.exchange.vcard import splitting
from webui.store.errors import Message, Refused
from webui.store.values import names, text

Step = Callable[[str, int, int], None]

SLICE, _MOST_BYTES = 2_000, 16_000_000  # fewer rows where they are long: two thousand photos are a lot
_COLUMNS = (
    "position", "line", "file", "width", "told_uid", "source_uid", "uid", "wanted", "wanted_key",
    "told_username", "clears", *FIELDS,
    "given_key", "named", "keeps", "warnings", "readable", "verdict", "reason", "username", "username_key",
    "does",
)  # fmt: skip
_INSERT = f"INSERT INTO staged ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"


def stage(
    plan: Plan,
    sheet: tables.Table,
    reader: people.Reader,
    own: own_cells.Cells | None,
    step: Step,
) -> None:
    """Read every row of `sheet` into `plan`. Raises Refused for what no row can say; Cancelled by `step`."""
    connection, rows, staged = plan.connection, sheet.rows(), 0
    cleared = plan.about("cleared") or []
    connection.execute("BEGIN")
    while count := len((slice_ := _Slice(islice(rows, SLICE), reader, own, cleared)).rows):
        slice_.write(connection)
        staged += count
        step("import.read", staged, 0)
    connection.execute("COMMIT")
    if not staged:  # a header alone
        raise Refused(Message("import.empty"))
    connection.executescript(INDEXES)


def again(plan: Plan, row: tables.Row, reader: people.Reader, own: own_cells.Cells | None) -> None:
    """Read one row again into `plan`, which has nothing of it any more."""
    plan.connection.execute("BEGIN")
    _Slice([row], reader, own, plan.about("cleared") or []).write(plan.connection)
    plan.connection.execute("COMMIT")


def settle_dates(plan: Plan, reader: people.Reader, answer: str | None) -> None:
    """Decide which of day and month comes first in each column, and note the question that is left, if any.

    `answer` is day or month, for columns that don't say it themselves; `answered` notes that one did not.
    """
    names = [column.name for column in plan.columns]
    plan.connection.execute("BEGIN")
    question = days.settle(plan.connection, reader.orders, None, names)
    if answer:
        days.settle(plan.connection, reader.orders, answer, names)
    plan.connection.execute("COMMIT")
    asks = question and not answer
    plan.note(
        question=[question.id, dict(question.values)] if question and asks else None,
        answered=bool(question and answer),
    )


class _Slice:
    """Some rows as the tables of the plan take them; of what was read nothing else is kept."""

    def __init__(
        self,
        read: Iterable[tables.Row],
        reader: people.Reader,
        own: own_cells.Cells | None,
        cleared: Sequence[tuple[int, str]],
    ) -> None:
        self._cleared = cleared
        self.rows: list[tuple[Any, ...]] = []
        self._raw: list[tuple[int, bytes, bytes]] = []
        self._emails: list[tuple[int, int, str, str, str, str]] = []
        self._tags: list[tuple[int, str]] = []
        self._tag_names: dict[str, str] = {}
        self._lists: dict[str, list[tuple[Any, ...]]] = {name: [] for name in lists.COLUMNS}
        self._open: list[tuple[Any, ...]] = []
        self._own: list[own_cells.Row] = []
        self._brought, size = bringing.Staging(), 0
        for row, uid in zip(read, _uids(), strict=False):
            person = reader.read(row.cells)
            if own and person.reason is None and row.unfinished in ("", splitting.NEXT):
                self._take_own(row.position, reader.of_columns(row.cells), person, own)
            if person.reason is None:
                warnings = self._brought.take(row.position, person.brought)
                person.warnings += warnings
                person.keeps = person.keeps or bool(warnings)
            self._take(row, person, uid)
            if (size := size + len(row.raw)) > _MOST_BYTES:
                break

    def _take(self, row: tables.Row, person: people.Person, uid: str) -> None:
        position = row.position
        if row.unfinished == splitting.NEXT:
            person.warnings.append(Message(row.unfinished))
        elif row.unfinished:
            person.reason = Message(row.unfinished)
        clears = [name for index, name in self._cleared if not _says(row.cells, index)]
        self._own += [
            (position, name.removeprefix(HERE), -1, None, None, None, None)
            for name in clears
            if name.startswith(HERE)
        ]
        self.rows.append(_row(row, person, uid, rules.as_json(clears)))
        self._raw.append((position, row.raw, hashlib.sha256(row.raw).digest()))
        if person.reason is None:
            for rank, each in enumerate(person.emails, int(person.no_main)):
                self._emails.append((position, rank, each.label, each.email, each.key, each.place))
            if person.tags:
                keys = _tag_keys(tuple(person.tags))
                self._tags += [(position, key) for key in keys]
                self._tag_names |= keys
            places = person.details.places
            for name, rows in person.details.rows.items():
                self._lists[name] += [
                    (
                        position,
                        rank,
                        key.rstrip(lists.AGAIN),
                        key.count(lists.AGAIN),
                        places.get((name, key), ""),
                        *values,
                    )
                    for rank, (key, values) in enumerate(rows.items())
                ]
            if person.details.open:
                self._open += [(column, position, rank, *each) for rank, column, *each in person.details.open]

    def _take_own(self, position: int, cells: list[str], person: people.Person, own: own_cells.Cells) -> None:
        rows, warnings, lost = own.read(position, cells)
        self._own += rows
        person.warnings += warnings
        person.keeps = person.keeps or lost

    def write(self, connection: sqlite3.Connection) -> None:
        """Insert them."""
        connection.executemany(_INSERT, self.rows)
        connection.executemany("INSERT INTO staged_raw VALUES (?, ?, ?)", self._raw)
        connection.executemany(
            "INSERT INTO staged_emails (position, rank, label, email, email_key, place)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            self._emails,
        )
        connection.executemany("INSERT INTO staged_tags (position, name_key) VALUES (?, ?)", self._tags)
        for name, rows in self._lists.items():
            columns = ", ".join(lists.COLUMNS[name])
            marks = ", ".join("?" * (5 + len(lists.COLUMNS[name])))
            into = f'staged_{name} (position, rank, "key", again, place, {columns})'
            connection.executemany(f"INSERT INTO {into} VALUES ({marks})", rows)
        connection.executemany("INSERT INTO open_dates VALUES (?, ?, ?, ?, ?, ?)", self._open)
        own_cells.stage(connection, self._own)
        self._brought.write(connection)
        connection.executemany(
            "INSERT OR IGNORE INTO tag_names VALUES (?, ?, ?)",
            [(key, name, uid) for (key, name), uid in zip(self._tag_names.items(), _uids(), strict=False)],
        )


def _says(cells: Sequence[str], index: int) -> bool:
    return index >= len(cells) or bool(cells[index].strip())  # a cell that is not there says nothing at all


def _uids() -> Iterator[str]:
    """Yield random UUIDs as `models.new_uid` makes them, with one question to the system for many."""
    while True:
        drawn = os.urandom(16 * 256).hex()
        for at in range(0, len(drawn), 32):
            variant = "89ab"[int(drawn[at + 16], 16) % 4]
            yield (
                f"{drawn[at : at + 8]}-{drawn[at + 8 : at + 12]}-4{drawn[at + 13 : at + 16]}"
                f"-{variant}{drawn[at + 17 : at + 20]}-{drawn[at + 20 : at + 32]}"
            )


def _row(row: tables.Row, person: people.Person, uid: str, clears: str | None) -> tuple[Any, ...]:
    values, reason = person.values, person.reason
    given, family = values.get("given", ""), values.get("family", "")
    address = person.emails[0].email if person.emails else ""
    wanted = values.get("username") or names.username(
        given, family, address, values.get("organisation") or values.get("display_name", "")
    )
    wanted = wanted or "person"
    key = text.key(wanted)
    return (
        row.position, row.line, row.file, len(row.cells), person.uid, person.source_uid, uid, wanted, key,
        text.key(values["username"]) if values.get("username") else None, clears,
        *map(values.get, FIELDS), given_key(given), person.named, person.keeps,
        _warnings(person) if person.warnings else None, reason is None,
        "refused" if reason else "new", as_json(reason) if reason else None, wanted, key,
        "none" if reason else "add",
    )  # fmt: skip


def _warnings(person: people.Person) -> str:
    return json.dumps([[each.id, dict(each.values)] for each in person.warnings], ensure_ascii=False)


@functools.lru_cache(maxsize=16_384)  # the same few tags again and again
def _tag_keys(tags: tuple[str, ...]) -> dict[str, str]:
    return {text.key(name): name for name in tags}
