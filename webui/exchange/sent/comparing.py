"""A sheet that came back beside what was sent and what is here now: only what differs from what was sent is
an edit, and only where something else is here since then is it asked about."""

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from webui.exchange import exporting, headers, spreadsheet
from webui.exchange.out.wanted import OF_ROSTER, OWN, Wanted
from webui.exchange.plan import as_json
from webui.exchange.sent import mark, reading, sent_columns, taking, then
from webui.exchange.sent.comparison import CONFLICT, EDIT, MINE, STUCK, THEIRS, Comparison, take_in
from webui.exchange.sent.dates import Dates
from webui.exchange.sent.newcomers import Newcomers
from webui.exchange.sent.sent_columns import Column
from webui.exchange.sent.tag_names import TagNames
from webui.exchange.sent.whose import People, Person
from webui.exchange.staging import SLICE, Step
from webui.exchange.tables import Row, Table
from webui.store.errors import Message, Refused
from webui.store.ledger.history import connection_of
from webui.store.ledger.operations import follow


def compare(
    engine: Engine,
    scratch: Path,
    sheet: Table,
    *,
    name: str,
    step: Step,
    whose: Mapping[int, str] | None = None,
    dates: str | None = None,
) -> Comparison:
    """Compare a sheet, which has a mark, in a new scratch file. The database is not changed. `whose` are the
    uids of people by the positions of rows that lost them, as the person said; `dates` is the order of day
    and month where that was said already.

    `fault` of the mark is None. Rows of people who are not known go to a file beside the scratch file, whose
    path is noted as `new`. Raises Refused for what no row can say; `step` may raise Cancelled.
    """
    said = mark.read(sheet.header)
    assert said is not None
    if sheet.doubts:  # an empty cell would clear what is here
        raise Refused(Message("import.unsolved", sheet.doubts[0].values))
    with Session(engine) as session:
        follow(session)
    made = Comparison.made(scratch, name=name, day=said.day, sent=said.people)
    try:
        with Session(engine) as session:
            _fill(made, session, sheet, said, step, (whose or {}, dates))
        taking.try_out(engine, made, step)
    except BaseException:
        made.close()
        raise
    return made


def recognised(engine: Engine, sheet: Table) -> tuple[bool, Message | None]:
    """Tell whether a sheet was sent from here; and why it can't be compared, if it has a mark and was not."""
    said = mark.read(sheet.header)
    if said is None:
        lost = mark.read(("uid", *sheet.header)) is not None
        return False, Message("sent.uids_gone") if lost else None
    with Session(engine) as session:
        reason = mark.fault(connection_of(session), said)
    return reason is None, reason


def _fill(
    made: Comparison,
    session: Session,
    sheet: Table,
    said: mark.Mark,
    step: Step,
    answers: tuple[Mapping[int, str], str | None],
) -> None:
    live, connection = connection_of(session), made.connection
    seen = live.execute("SELECT coalesce(max(id), 0) FROM operations").fetchone()[0]
    connection.execute("ATTACH ? AS live", (str(session.get_bind().engine.url.database),))
    try:
        connection.execute("BEGIN")
        then.make(connection, said.operation)
        comparer = _Comparer(session, connection, sheet, said, *answers)
        _read(made, comparer, sheet, step)
        if made.about("new"):
            _note_missing(connection, comparer.people.found)
        then.drop(connection)
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        connection.execute("DETACH live")
    comparer.dates.settle(connection)
    found = comparer.people.known
    made.note(
        seen=seen, missing=max(0, said.people - found), unknown=comparer.unknown, order=comparer.dates.order,
        encoding=sheet.encoding if sheet.format == "csv" else None,
    )  # fmt: skip


def _read(made: Comparison, comparer: "_Comparer", sheet: Table, step: Step) -> None:
    rows, done = sheet.rows(), 0
    with Newcomers(made.path.with_name("new.csv"), sheet.header) as newcomers:
        while some := list(islice(rows, SLICE)):
            take_in(made.connection, *comparer.slice(some, newcomers))
            done += len(some)
            step("import.read", done, 0)
    made.note(new=str(newcomers.path) if newcomers.count else None)


# What was sent, and theirs; and what is in its way.
_Pair = tuple[Column, tuple[str, reading.Cell], tuple[str, reading.Cell], Message | None]


def _note_missing(connection: sqlite3.Connection, found: Collection[str]) -> None:
    """Note of whom there was a row, and of whom none: one that lost its uid may be theirs."""
    connection.executemany("INSERT INTO found VALUES (?)", ((uid,) for uid in found))
    connection.execute(
        "INSERT INTO missing SELECT DISTINCT uid FROM users"
        " WHERE deleted_at IS NULL AND uid NOT IN (SELECT uid FROM found)"
    )


class _Comparer:
    """Compares rows of one sheet; the connection has what was sent, the session what is here."""

    def __init__(
        self,
        session: Session,
        connection: sqlite3.Connection,
        sheet: Table,
        said: mark.Mark,
        whose: Mapping[int, str],
        dates: str | None,
    ) -> None:
        self._then, self._live = connection, connection_of(session)
        self._tables = {each: exporting.Table(each, OF_ROSTER) for each in (self._then, self._live)}
        self._columns, self.unknown = sent_columns.find(session, connection, sheet, said)
        self._guarded = any(headers.key(name) == "guarded" for name in sheet.header)
        self._cut_short = sheet.format == "csv"  # rows may be, and long texts never are
        self.people = People(connection, self._live, sheet.header, whose)
        self.dates, self._order = Dates(), dates
        self._tags = TagNames(connection)

    def slice(
        self, rows: Sequence[Row], newcomers: Newcomers
    ) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]], list[tuple[int, int, int]]]:
        """Return what to take in of some rows."""
        whose = list(zip(rows, self.people.of(rows), strict=True))
        sent = self._cells(self._then, {person.then for _row, person in whose})
        differing = {
            row.position: list(self._differing(row, sent[person.then]))
            for row, person in whose
            if person.then in sent and not person.is_again
        }
        mine = self._cells(self._live, {each.now for row, each in whose if differing.get(row.position)})
        people, edits, new = [], [], []
        for row, person in whose:
            if person.is_new:
                new.append((newcomers.add(self._of_now(row.cells)), row.position, row.line))
                continue
            here = mine.get(person.now)
            differs = differing.get(row.position)
            found = list(self._edits(row, person, differs or (), here))
            # A row that nobody touched loses nothing by what became of the person.
            if found or person.answered or (person.reason and differs != []):
                reason = as_json(person.reason) if person.reason else None
                name = person.name or sent.get(person.then, {}).get("name", "")
                people.append((row.position, row.line, person.uid, person.now, name, reason, person.answered))
                edits += found
        return people, edits, new

    def _of_now(self, said: Sequence[str]) -> Sequence[str]:
        """Return the cells of a row with their tags as these are called now."""
        at = {column.index for column in self._columns if column.field == "tags"}
        return [self._tag_cell(cell) if index in at else cell for index, cell in enumerate(said)]

    def _tag_cell(self, cell: str) -> str:
        now = self._tags.now(plain := spreadsheet.unguard(cell))
        return cell if now == plain else spreadsheet.guard(now) if self._guarded else now

    def _differing(self, row: Row, sent: Mapping[str, str]) -> Iterator[_Pair]:
        """Yield each cell that says something else than what was sent, with both. A row that is cut short
        says nothing of the rest."""
        for column in self._columns:
            cell = row.cells[column.index].strip() if column.index < len(row.cells) else None
            if cell is None and self._cut_short:
                continue
            was = sent.get(column.field, "")
            # The column that says it may be gone, empty as it looks.
            is_guarded = self._guarded or ((cell or "").startswith("'") and spreadsheet.guard(was) != was)
            cell = spreadsheet.unguard(cell or "") if is_guarded else cell or ""
            if cell == was.strip() or (not self._cut_short and reading.is_cut(was, cell)):
                continue
            reason = _in_the_way(column, was, cell)
            if column.field == "tags":
                was, cell = self._tags.now(was), self._tags.now(cell)
            theirs = reading.read(column.field, column.rule, cell)
            before = reading.read(column.field, column.rule, was, ours=True)
            if reading.same(theirs, before):
                self.dates.note(column.field, theirs, before)
            else:
                yield column, (was, before), (cell, theirs), reason

    def _edits(
        self, row: Row, person: Person, differing: Iterable[_Pair], mine: Mapping[str, str] | None
    ) -> Iterator[tuple[Any, ...]]:
        for column, (was, before), (cell, theirs), why in differing:
            now = "" if mine is None else mine.get(column.field, "")
            here = reading.read(column.field, column.rule, now, ours=True)
            if mine is not None and reading.same(theirs, here, self._order):
                continue
            reason = person.reason or why
            shown = theirs.form if isinstance(theirs.form, str) and theirs.form else cell  # as it is taken
            state = STUCK if reason else EDIT if here.key == before.key else CONFLICT
            yield (
                row.position, column.field, column.label, was, shown, now,
                json.dumps(theirs.form, ensure_ascii=False), theirs.either and json.dumps(theirs.either),
                state, MINE if state == CONFLICT else THEIRS, as_json(reason) if reason else None,
                column.index,
            )  # fmt: skip

    def _cells(
        self, connection: sqlite3.Connection, ids: set[int | None]
    ) -> dict[int | None, dict[str, str]]:
        """Return the cells of people as they are there, by field, and their `name`."""
        table, found = self._tables[connection], {}
        names = [*exporting.USER_COLUMNS, *(f"{OWN}{each.uid}" for each in table.fields)]
        wanted = Wanted(ids=[each for each in ids if each is not None])
        for person in exporting.people(connection, wanted):
            said = ("" if cell is None else str(cell) for cell in table.row(person))
            found[person["id"]] = {**dict(zip(names, said, strict=True)), "name": person["name"]}
        return found


def _in_the_way(column: Column, sent: str, theirs: str) -> Message | None:
    if column.gone:
        return Message("sent.no_field")
    return Message("sent.letters") if reading.has_lost_letters(sent, theirs) else None
