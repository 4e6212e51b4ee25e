"""A row that could not be read, mended in the preview: its cells as they stand, and read again as changed.

The bytes it came in stay as they are in the file. Not for a file of refused rows: see `rejects`.
"""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from webui.exchange import (
    leftovers,
    lists,
    matching,
    own_cells,
    own_columns,
    people,
    phone_region,
    staging,
    tables,
)
from webui.exchange.columns import HERE
from webui.exchange.plan import Plan, as_message
from webui.exchange.reading import card_files, cards
from webui.store.errors import NotFound

WHOLE = ("row.open_quote", *card_files.NONE)  # reasons of what is too much to be mended there
# Where a plan holds a row; what follows from all of them, as `updates`, is made anew by matching.
TABLES = (
    "staged", "staged_raw", "open_dates",
    *(f"staged_{each}" for each in ("emails", "tags", "own", "photos", "posts", "relations", *lists.COLUMNS)),
)  # fmt: skip


def cells(plan: Plan, position: int) -> list[str]:
    """Return the cells of a refused row, or the lines of a card. Raises NotFound where there is none."""
    return _row(plan, position).cells


def mend(engine: Engine, plan: Plan, position: int, changed: Sequence[str]) -> bool:
    """Read a refused row again with other cells, and tell whether it can come in now. Raises NotFound."""
    row = _row(plan, position)._replace(cells=list(changed))
    read_by = reader(plan)
    _forget(plan, position)
    staging.again(plan, row, read_by, own_cells.reader(plan))
    staging.settle_dates(plan, read_by, plan.about("options")["dates"])
    matching.match(plan, str(engine.url.database))
    plan.note(mended={**(plan.about("mended") or {}), str(position): list(changed)})
    (left,) = plan.connection.execute(
        "SELECT verdict = 'refused' FROM staged WHERE position = ?", (position,)
    ).fetchone()
    return not left


def reader(plan: Plan) -> people.Reader:
    """Return what reads a row of the file as all were read; it knows what their dates have shown."""
    region = str(plan.about("region"))
    found: people.Reader
    if plan.about("format") == "vcard":
        kinds = {f"{HERE}{each.uid}": each.kind for each in own_columns.of_plan(plan)}
        own = {column.name: kinds[column.target] for column in plan.columns if column.target in kinds}
        found = cards.Reader(region, {}, own)
    else:
        found = people.Reader(plan.columns, plan.about("program"), region, plan.about("key"))
    found.orders.take(plan.about("orders") or {})  # of the column, and not of one row alone
    return found


@dataclass(frozen=True)
class Answered:
    """What a person said in the preview of a plan: the region of phones, rows mended, questions answered."""

    region: str
    mended: Mapping[str, Sequence[str]]
    choices: Sequence[tuple[int, str]]


def answered(path: Path) -> Answered | None:
    """Return what was said of the plan at `path`, None where there is none."""
    if not path.exists():
        return None
    with Plan(path) as plan:
        chosen = plan.connection.execute("SELECT position, choice FROM staged WHERE choice IS NOT NULL")
        return Answered(plan.about("region_told") or "", plan.about("mended") or {}, chosen.fetchall())


def say_again(engine: Engine, plan: Plan, said: Answered) -> None:
    """Say the same of a plan of the same file, made anew."""
    if said.region:
        phone_region.tell(engine, plan, said.region)
    for row, cells_ in said.mended.items():
        with suppress(NotFound):
            mend(engine, plan, int(row), cells_)
    plan.choose_again(said.choices)


def _row(plan: Plan, position: int) -> tables.Row:
    found = plan.connection.execute(
        "SELECT line, raw, reason, file FROM staged JOIN staged_raw USING (position)"
        " WHERE position = ? AND verdict = 'refused'",
        (position,),
    ).fetchone()
    if found is None or as_message(json.loads(found[2])).id in WHOLE:
        raise NotFound("rows", position)
    names = [column.name for column in plan.columns]
    said = leftovers.cells(plan.about("format"), found[1], plan.about("options"), names)
    return tables.Row(position, found[0], found[1], said, file=found[3])


def _forget(plan: Plan, position: int) -> None:
    for name in ("updates", *TABLES):
        plan.connection.execute(f"DELETE FROM {name} WHERE position = ?", (position,))
