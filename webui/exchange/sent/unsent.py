"""The rows of a sheet that nobody was sent in: where they stand, and whose the person says that one is.

What is answered stays while the sheet is compared again: whose a row is decides what of it is an edit. Not
for what becomes of new people: they are planned (`newcomers`).
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from sqlalchemy import Engine

from webui.exchange import left_out
from webui.exchange.plan import Plan
from webui.exchange.sent import newcomers
from webui.exchange.sent.comparison import Comparison
from webui.store.errors import NotFound

_WANTED = """
SELECT position, field, mine, choice FROM edits
WHERE (coalesce(was, state), choice) IN (VALUES ('edit', 'mine'), ('conflict', 'theirs'))
"""


@dataclass(frozen=True)
class Whose:
    """Whose a row was said to be, by uid, and whether it was `asked`: else nobody but them can be meant."""

    uid: str
    asked: bool


@dataclass(frozen=True)
class Said:
    """What was answered: of edits and conflicts which is wanted where that is not what it is anyway, as
    (position, field, what is here, choice); by position what was chosen of a new row, and whose a row is; and
    the positions of new rows that are left `out`."""

    wanted: Sequence[tuple[int, str, str, str]] = ()
    out: Sequence[int] = ()
    choices: Mapping[int, str] = field(default_factory=dict)
    whose: Mapping[int, Whose] = field(default_factory=dict)


def place(comparison: Comparison, number: int) -> tuple[int, int]:
    """Return position and line in the sheet of a row in the file of whoever is new."""
    found = comparison.connection.execute(
        "SELECT position, line FROM newcomers WHERE number = ?", (number,)
    ).fetchone()
    return int(found[0]), int(found[1])


def lines(comparison: Comparison, new: Plan) -> dict[int, int]:
    """Return the lines in the sheet of new people's rows, by those in the file of whoever is new."""
    at = dict(comparison.connection.execute("SELECT number, line FROM newcomers"))
    return {
        line: at[position] for position, line in new.connection.execute("SELECT position, line FROM staged")
    }


def number(comparison: Comparison, position: int) -> int:
    """Return the number of such a row by its position in the sheet. Raises NotFound."""
    found = comparison.connection.execute(
        "SELECT number FROM newcomers WHERE position = ?", (position,)
    ).fetchone()
    if not found:
        raise NotFound("rows", position)
    return int(found[0])


def first_behind(comparison: Comparison, after: int) -> int | None:
    """Return the number of the first such row behind the position `after`, None where there is none."""
    (found,) = comparison.connection.execute(
        "SELECT min(number) FROM newcomers WHERE position > ?", (after,)
    ).fetchone()
    return None if found is None else int(found)


def is_missing(comparison: Comparison, uid: str) -> bool:
    """Tell whether someone was here when the sheet went out, and no row of it is theirs: one may be."""
    found = comparison.connection.execute("SELECT 1 FROM missing WHERE uid = ?", (uid,))
    return found.fetchone() is not None


def has_row(comparison: Comparison, uid: str) -> bool:
    """Tell whether a row of the sheet is someone's already."""
    found = comparison.connection.execute("SELECT 1 FROM found WHERE uid = ?", (uid,))
    return found.fetchone() is not None


def answered(comparison: Comparison) -> int:
    """Return of how many rows was answered whose they are."""
    found = comparison.connection.execute("SELECT count(*) FROM people WHERE answered")
    return int(found.fetchone()[0])


def said(comparison: Comparison, new: Plan | None) -> Said:
    """Return what was answered of a sheet and of the new people in it."""
    wanted = comparison.connection.execute(_WANTED).fetchall()
    out = [place(comparison, at)[0] for at in left_out.positions(new)] if new else ()
    chosen = (
        new.connection.execute("SELECT position, choice FROM staged WHERE choice IS NOT NULL") if new else ()
    )
    return Said(wanted, out, {place(comparison, at)[0]: choice for at, choice in chosen})


def say_of_edits(comparison: Comparison, said: Said) -> None:
    """Say of the edits of a sheet that was compared again what was said; not where another value is here
    since."""
    for position, name, mine, choice in said.wanted:
        found = comparison.connection.execute(
            "SELECT 1 FROM edits WHERE (position, field, mine) = (?, ?, ?)", (position, name, mine)
        )
        if found.fetchone():
            with suppress(NotFound):
                comparison.choose(position, name, choice)


def say_of_new(engine: Engine, comparison: Comparison, new: Plan, said: Said) -> None:
    """Answer what is asked of new rows as it was, and leave out the same."""
    out = []
    for position in said.out:
        with suppress(NotFound):
            out.append(number(comparison, position))
    newcomers.leave_all(engine, comparison, new, out)
    for position, choice in said.choices.items():
        with suppress(NotFound):
            new.choose(number(comparison, position), choice)
