"""The rows of a sheet of which something could not be taken: why, and as a sheet to be mended and taken.

What of such a row came in already is here then, and is no edit when it comes again.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from webui.exchange.plan import Plan, as_message
from webui.exchange.rejects import RefusedRows
from webui.exchange.rejects import Row as Refused
from webui.exchange.sent import unsent
from webui.exchange.sent.comparison import Comparison
from webui.exchange.tables import Table
from webui.store.errors import Message

_LEFT = """
SELECT position, line, name, reason, 0 AS at FROM people WHERE reason IS NOT NULL
UNION ALL
SELECT position, line, name, e.reason, e.at FROM people p JOIN edits e USING (position)
WHERE e.reason IS NOT NULL AND p.reason IS NULL
ORDER BY position, at
"""
_NAME = "coalesce(display_name, given, username, '')"


@dataclass(frozen=True)
class Left:
    """A row of the sheet: its line, whose it is ("" where nobody knows), and why it is left."""

    line: int
    name: str
    reasons: Sequence[Message]


def rows(comparison: Comparison, new: Plan | None) -> dict[int, Left]:
    """Return the rows of which something is left, by their position."""
    found: dict[int, Left] = {}
    for position, line, name, reason, _at in comparison.connection.execute(_LEFT):
        before = found[position].reasons if position in found else ()
        found[position] = Left(line, name, [*before, as_message(json.loads(reason))])
    if new:
        refused = new.connection.execute(
            f"SELECT position, {_NAME}, reason FROM staged WHERE verdict = 'refused' ORDER BY position"
        )
        for number, name, reason in refused:
            position, line = unsent.place(comparison, number)
            found[position] = Left(line, name, [as_message(json.loads(reason))])
    return dict(sorted(found.items()))


def count(comparison: Comparison, new: Plan | None) -> int:
    """Return how many such rows there are."""
    found = comparison.connection.execute(f"SELECT count(DISTINCT position) FROM ({_LEFT})")
    return int(found.fetchone()[0]) + (new.counts()["refused"] if new else 0)


def unmarked(comparison: Comparison, new: Plan | None) -> list[tuple[int, str]]:
    """Return line and name of rows that lost the uid of someone who is here: nothing of them is taken."""
    if new is None:
        return []
    found = new.connection.execute(
        f"SELECT position, {_NAME} FROM staged"
        " WHERE verdict = 'refused' AND user_id IS NOT NULL ORDER BY position"
    )
    return [(unsent.place(comparison, number)[1], name) for number, name in found.fetchall()]


def missing(comparison: Comparison, new: Plan | None) -> int:
    """Return how many people who were sent are not in the sheet; whoever has a row that lost its uid is."""
    lost = set(new.connection.execute(
        "SELECT json_extract(reason, '$[1].uid') FROM staged WHERE verdict = 'refused' AND user_id NOTNULL"
    )) if new else set()  # fmt: skip
    found = lost.intersection(comparison.connection.execute("SELECT uid FROM missing")) if lost else ()
    return max(0, int(comparison.about("missing")) - len(found))


def as_rejects(comparison: Comparison, sheet: Table, new: Plan | None) -> RefusedRows:
    """Return those rows as they stand in the sheet, to be written as a file of the same kind."""
    left = rows(comparison, new)

    def found() -> Iterator[Refused]:
        for row in sheet.rows() if left else ():
            if row.position in left:
                yield row.raw, len(row.cells), left[row.position].reasons

    return RefusedRows(sheet.format, sheet.header, sheet.read_with, sheet.encoding, found)
