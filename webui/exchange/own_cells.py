"""What stands in the columns of own fields: read from the cells of a row, staged, compared, written.

Set by set, as all of an import; where no column goes to an own field, nothing of this is done.
"""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from webui.exchange import days, spreadsheet, warned
from webui.exchange.columns import HERE, Column, as_typed
from webui.exchange.own_columns import Known, of_plan
from webui.exchange.plan import Plan
from webui.store.errors import Message
from webui.store.values import dates, own, text

Row = tuple[int, str, int, str | None, str | None, str | None, float | None]
_INSERT = """INSERT INTO staged_own (position, field, rank, value, value_key, typed, number)
VALUES (?, ?, ?, ?, ?, ?, ?)"""
_TAKEN = "row.own_taken"


class Cells:
    """Reads those cells of the rows of one file. `ours` tells that we wrote it."""

    def __init__(self, columns: Sequence[Column], used: Sequence[Known], *, ours: bool) -> None:
        there = {f"{HERE}{each.uid}": each for each in used}
        self._columns = [(each.index, there[each.target]) for each in columns if each.target in there]
        self._guarded = any(column.target == "guard" for column in columns)
        self._ours = ours

    def read(self, position: int, cells: Sequence[str]) -> tuple[list[Row], list[Message], bool]:
        """Return the rows to stage, warnings, and whether something of it stands in the raw row alone."""
        rows: list[Row] = []
        warnings: list[Message] = []
        lost = False
        for index, each in self._columns:
            cell = cells[index].strip() if index < len(cells) else ""
            if not cell:
                continue
            if self._guarded:
                cell = spreadsheet.unguard(cell)
            read, told = self._cell(each, cell)
            warnings += told
            lost = lost or any(message.id != "row.own" for message in told)
            rows += [
                (position, each.uid, rank, kept.value, text.key(kept.value), kept.typed, kept.number)
                for rank, kept in enumerate(read)
            ]
        return rows, warnings, lost

    def _cell(self, each: Known, cell: str) -> tuple[tuple[own.Kept, ...], list[Message]]:
        told = []
        if not text.keepable(cell):
            cell = text.kept(cell)
            told.append(Message("row.unkeepable", {"field": each.name}))
        if each.kind == "date" and not self._ours:
            cell = day(cell, each.order)
        limit = own.LONGEST[each.kind]
        if each.kind != "choices" and len(cell) > limit:
            cell = cell[:limit]
            told.append(Message("row.cut", {"field": each.name, "limit": limit}))
        read = own.read(each.rule, cell)
        if read.fault:
            doubtful = Message("row.own", {"field": each.name, "value": cell[:80]})
            told.append(read.fault if read.hard else doubtful)
        return read.rows, told


def reader(plan: Plan) -> Cells | None:
    """Return who reads the own fields of a plan, None where no column goes to one."""
    used = of_plan(plan)
    return Cells(plan.columns, used, ours=as_typed(plan.about("program"), plan.columns)) if used else None


def day(cell: str, order: str | None) -> str:
    """Return a day as files write it so that it is one day alone; any other cell as it is."""
    found = days.read(cell)
    if found.either and order:
        return found.either[order == days.MONTH]
    return found.date if found.date and dates.parse(cell) != found.date else cell


def stage(connection: sqlite3.Connection, rows: Sequence[Row]) -> None:
    """Insert rows into the plan."""
    connection.executemany(_INSERT, rows)


def any_in(connection: sqlite3.Connection, schema: str = "main") -> bool:
    """Tell whether a plan has anything for own fields."""
    found = connection.execute(f"SELECT EXISTS (SELECT 1 FROM {schema}.staged_own)").fetchone()
    return bool(found[0])


_MINE = (
    "position IN (SELECT position FROM staged WHERE {whom} IS NOT NULL AND verdict IN ('new', 'question'))"
)
_THEIRS = """FROM staged s JOIN live.fields f ON f.uid = staged_own.field
  JOIN live.field_values v ON v.user_id = s.user_id AND +v.field_id = f.id
  WHERE s.position = staged_own.position"""
_MARK = (
    "UPDATE staged_own SET had = 0, was = NULL WHERE had OR was IS NOT NULL",
    f"""UPDATE staged_own SET
      had = CASE WHEN staged_own.value IS NULL THEN NOT EXISTS (SELECT 1 {_THEIRS})
        ELSE EXISTS (SELECT 1 {_THEIRS} AND v.value = staged_own.value) END,
      was = (SELECT coalesce(v.typed, v.value) {_THEIRS} AND f.kind <> 'choices')
    WHERE {_MINE.format(whom="user_id")}""",
    # Of several rows of one person the last one decides, also where its bytes are known.
    """UPDATE staged_own SET had = 1 WHERE had = 0 AND value IS NOT NULL AND EXISTS (
      SELECT 1 FROM staged t JOIN staged s ON s.user_id = t.user_id AND s.position > t.position
      JOIN staged_own o ON o.position = s.position AND o.field = staged_own.field
      JOIN live.fields f ON f.uid = o.field AND f.kind <> 'choices'
      WHERE t.position = staged_own.position AND t.verdict = 'new' AND s.verdict IN ('new', 'same')
        AND o.value <> staged_own.value)""",
    f"""UPDATE staged_own SET had = 1 WHERE {_MINE.format(whom="twin")} AND EXISTS (
      SELECT 1 FROM staged s JOIN staged_own o ON o.position = s.twin
      WHERE s.position = staged_own.position AND o.field = staged_own.field
        AND o.value = staged_own.value)""",
    """UPDATE staged_own SET had = 2 WHERE had = 0 AND field IN (
      SELECT uid FROM live.fields WHERE no_two_alike AND deleted_at IS NULL)
    AND (EXISTS (
      SELECT 1 FROM live.fields f JOIN live.field_values v ON v.field_id = f.id
        AND v.value_key = staged_own.value_key
      JOIN live.users u ON u.id = v.user_id AND u.deleted_at IS NULL
      WHERE f.uid = staged_own.field
        AND u.id IS NOT (SELECT user_id FROM staged s WHERE s.position = staged_own.position))
    OR EXISTS (
      SELECT 1 FROM staged_own o JOIN staged s ON s.position = o.position
      JOIN staged t ON t.position = staged_own.position
      WHERE o.field = staged_own.field AND o.value_key = staged_own.value_key
        AND o.position < staged_own.position AND o.position IS NOT t.twin
        AND (s.twin IS NULL OR s.twin IS NOT t.twin)
        AND (s.user_id IS NULL OR s.user_id IS NOT t.user_id)))""",
)


def mark(connection: sqlite3.Connection) -> None:
    """Mark what the person of a row has already, and what belongs to someone else, which is warned of."""
    if not any_in(connection):
        return
    connection.execute(
        "CREATE INDEX IF NOT EXISTS staged_own_value ON staged_own (field, value_key, position)"
    )
    for statement in _MARK:
        connection.execute(statement)
    taken: dict[int, list[object]] = {}
    for position, name, value in connection.execute(
        "SELECT o.position, f.name, coalesce(o.typed, o.value) FROM staged_own o"
        " JOIN live.fields f ON f.uid = o.field WHERE o.had = 2 ORDER BY o.position"
    ):
        taken.setdefault(position, []).append({"field": text.shown(name), "value": value[:80]})
    warned.write(connection, _TAKEN, taken)


def statements(whom: str, slice_: str) -> tuple[str, str, str]:
    """Return what writes a slice of a plan: what is cleared, what is another value now, what was not there.

    `whom` is the expression of the person a row belongs to, `slice_` the condition of the rows. The plus
    signs keep the index of fields out, which would find everyone who has something in one.
    """
    said = "o.value, o.value_key, o.typed, o.number"
    source = "FROM plan.staged s JOIN plan.staged_own o USING (position) JOIN fields f ON f.uid = o.field"
    changed = f"""
    UPDATE field_values SET value = n.value, value_key = n.value_key, typed = n.typed, number = n.number
    FROM (SELECT {whom} AS whom, f.id AS field_id, {said}, max(s.position) {source}
      WHERE {slice_} AND s.does = 'change' AND o.had = 0 AND o.value IS NOT NULL
      AND f.kind <> 'choices' GROUP BY 1, 2) n
    WHERE field_values.user_id = n.whom AND +field_values.field_id = n.field_id
    """
    added = f"""
    INSERT INTO field_values (user_id, field_id, value, value_key, typed, number)
    SELECT whom, field_id, value, value_key, typed, number FROM (
      SELECT {whom} AS whom, f.id AS field_id, f.kind, {said}, max(s.position) AS position, o.rank {source}
      WHERE {slice_} AND o.value IS NOT NULL AND ((s.does = 'add' AND o.had <= 1 - f.no_two_alike)
        OR (s.does = 'change' AND o.had = 0))
      GROUP BY 1, 2, CASE WHEN f.kind = 'choices' THEN o.value_key END) n
    WHERE NOT EXISTS (SELECT 1 FROM field_values m WHERE m.user_id = n.whom AND +m.field_id = n.field_id
      AND (n.kind <> 'choices' OR m.value_key = n.value_key))
    ORDER BY position, field_id, rank
    """
    cleared = f"""
    DELETE FROM field_values WHERE EXISTS (SELECT 1 {source} WHERE {slice_} AND s.does = 'change'
      AND o.value IS NULL AND NOT o.had AND {whom} = field_values.user_id AND f.id = field_values.field_id)
    """
    return cleared, changed, added


@dataclass(frozen=True)
class Shown:
    """What a row says of a field: its kind, what was there ('' for nothing), what will be."""

    name: str
    kind: str
    was: str
    now: str
    had: bool


def shown_at(plan: Plan, positions: Sequence[int]) -> dict[int, list[Shown]]:
    """Return what the rows at `positions` say of own fields, without what belongs to someone else."""
    there = {each.uid: each for each in of_plan(plan)}
    rows = plan.connection.execute(
        "SELECT position, field, value, typed, had, was FROM staged_own"
        " WHERE had < 2 AND position IN (SELECT value FROM json_each(?)) ORDER BY position, rank",
        (json.dumps(positions),),
    ).fetchall()
    order = list(there)
    found: dict[int, list[Shown]] = {}
    for position, uid, value, typed, had, was in sorted(rows, key=lambda row: (row[0], order.index(row[1]))):
        each = there[uid]
        now, before = (
            own.as_text(each.kind if each.kind != "choices" else "text", [own.Kept(said)]) if said else ""
            for said in (typed or value, text.shown(was))
        )
        if value is None and had:
            continue  # nothing to be cleared
        found.setdefault(position, []).append(Shown(each.name, each.kind, before, now, bool(had)))
    return found
