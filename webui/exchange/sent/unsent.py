"""The rows of a sheet that nobody was sent in: where they stand, and whose the person says that one is.

What is answered stays while the sheet is compared again: whose a row is decides what of it is an edit. Not
for what becomes of new people: they are planned (`newcomers`).
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from webui.exchange.plan import Plan
from webui.exchange.sent.comparison import THEIRS, Comparison
from webui.store.errors import NotFound


@dataclass(frozen=True)
class Whose:
    """Whose a row was said to be, by uid, and whether it was `asked`: else nobody but them can be meant."""

    uid: str
    asked: bool


@dataclass(frozen=True)
class Said:
    """What was answered: conflicts of which theirs is taken, as (position, field, what is here), and by
    position what was chosen of a new row, and whose a row is."""

    theirs: Sequence[tuple[int, str, str]] = ()
    choices: Mapping[int, str] = field(default_factory=dict)
    whose: Mapping[int, Whose] = field(default_factory=dict)


def place(comparison: Comparison, number: int) -> tuple[int, int]:
    """Return position and line in the sheet of a row in the file of whoever is new."""
    found = comparison.connection.execute(
        "SELECT position, line FROM newcomers WHERE number = ?", (number,)
    ).fetchone()
    return int(found[0]), int(found[1])


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
    theirs = comparison.connection.execute(
        "SELECT position, field, mine FROM edits WHERE choice = ?", (THEIRS,)
    ).fetchall()
    chosen = (
        new.connection.execute("SELECT position, choice FROM staged WHERE choice IS NOT NULL") if new else ()
    )
    return Said(theirs, {place(comparison, at)[0]: choice for at, choice in chosen})


def say_theirs(comparison: Comparison, said: Said) -> None:
    """Answer the conflicts of a sheet that was compared again as they were; not those of which another value
    is here since."""
    for position, name, mine in said.theirs:
        found = comparison.connection.execute(
            "SELECT 1 FROM edits WHERE (position, field, mine) = (?, ?, ?)", (position, name, mine)
        )
        if found.fetchone():
            with suppress(NotFound):
                comparison.choose(position, name, THEIRS)


def say_of_new(comparison: Comparison, new: Plan, said: Said) -> None:
    """Answer what is asked of new rows as it was."""
    for position, choice in said.choices.items():
        with suppress(NotFound):
            new.choose(number(comparison, position), choice)
