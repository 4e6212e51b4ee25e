"""A row that could not be read, mended in the preview: its cells as they stand, and read again as changed.

The bytes it came in stay as they are in the file. Not for a file of refused rows: see `rejects`.
"""

import json
from collections.abc import Sequence

from sqlalchemy import Engine

from webui.exchange import leftovers, lists, matching, own_cells, own_columns, people, staging, tables
from webui.exchange.plan import Plan, as_message
from webui.exchange.reading import cards
from webui.store.errors import NotFound

_TABLES = ("emails", "tags", "own", "photos", "posts", "relations", *lists.COLUMNS)


def cells(plan: Plan, position: int) -> list[str]:
    """Return the cells of a refused row, or the lines of a card. Raises NotFound where there is none."""
    return _row(plan, position).cells


def mend(engine: Engine, plan: Plan, position: int, changed: Sequence[str]) -> bool:
    """Read a refused row again with other cells, and tell whether it can come in now. Raises NotFound."""
    row = _row(plan, position)._replace(cells=list(changed))
    region, used = str(plan.about("region")), own_columns.of_plan(plan)
    reader: people.Reader
    if plan.about("format") == "vcard":
        reader, own = cards.Reader(region, {}), None
    else:
        reader = people.Reader(plan.columns, plan.about("program"), region)
        own = own_cells.Cells(plan.columns, used, ours=plan.about("program") == "roster") if used else None
    _forget(plan, position)
    staging.again(plan, row, reader, own)
    staging.settle_dates(plan, reader, plan.about("options")["dates"])
    matching.match(plan, str(engine.url.database))
    (left,) = plan.connection.execute(
        "SELECT verdict = 'refused' FROM staged WHERE position = ?", (position,)
    ).fetchone()
    return not left


def _row(plan: Plan, position: int) -> tables.Row:
    found = plan.connection.execute(
        "SELECT line, raw, reason FROM staged JOIN staged_raw USING (position)"
        " WHERE position = ? AND verdict = 'refused'",
        (position,),
    ).fetchone()
    if found is None or as_message(json.loads(found[2])).id == "row.open_quote":
        raise NotFound("rows", position)
    names = [column.name for column in plan.columns]
    said = leftovers.cells(plan.about("format"), found[1], plan.about("options"), names)
    return tables.Row(position, found[0], found[1], said)


def _forget(plan: Plan, position: int) -> None:
    for name in ("staged", "staged_raw", "updates", "open_dates", *(f"staged_{each}" for each in _TABLES)):
        plan.connection.execute(f"DELETE FROM {name} WHERE position = ?", (position,))
