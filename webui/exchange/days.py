"""Dates as files write them: with the time behind them, two digits for a year, the month or the day first.

Which of those comes first is a matter of a whole column, never of one cell (`Orders`). Not for what a date
is in the database nor for what people type: see `values.dates`.
"""

import datetime
import functools
import re
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from webui.store.errors import Message
from webui.store.values import dates, text

DAY, MONTH = "day", "month"
_TIME = re.compile(r"(?<=\d)[T ]+\d{1,2}:\d{2}.*$")
_SHORT = re.compile(r"(\d{1,2})([./-])(\d{1,2})(?:\2(\d{4}|\d{2}))?\.?")
# Where a program has no year it writes this one: a leap year, before which nobody is born.
_NO_YEAR = "1604-"
_OLDEST = 110  # years that people grow old


@dataclass(frozen=True, slots=True)
class Day:
    """What a cell says: the text to keep, its date where that is sure, and what it shows of its column:
    `order` day or month; or `either`, the dates it is with the day and with the month first. `guessed` is a
    date whose century two digits do not tell for certain."""

    typed: str
    date: str | None
    order: str | None = None
    either: tuple[str, str] | None = None
    guessed: bool = False


class Orders:
    """Which orders the cells of each column (by index) show that can be read in one order alone."""

    def __init__(self) -> None:
        self._seen: dict[int, set[str]] = {}

    def note(self, column: int, day: Day) -> None:
        """Take a cell into account."""
        if day.order:
            self._seen.setdefault(column, set()).add(day.order)

    def kept(self) -> dict[str, list[str]]:
        """Return all of it as JSON can hold it."""
        return {str(column): sorted(seen) for column, seen in self._seen.items()}

    def take(self, kept: Mapping[str, Sequence[str]]) -> None:
        """Take into account what `kept` returned."""
        for column, seen in kept.items():
            self._seen.setdefault(int(column), set()).update(seen)

    def of(self, column: int, answer: str | None) -> str | None:
        """Return the order of a column, None where nothing says it.

        Its own cells go first, then the answer, then the cells of the other columns: one program wrote them.
        """
        own = self._seen.get(column, set())
        if len(own) == 1:
            return next(iter(own))
        every = {order for seen in self._seen.values() for order in seen}
        return answer or (next(iter(every)) if not own and len(every) == 1 else None)


def read(cell: str) -> Day:
    """Return what a cell says, which must say something. What is no date is kept as text."""
    said = text.one_line(cell)
    if len(said) > 2 * dates.LONGEST_TYPED:  # no date is that long, nor worth remembering
        return Day(said, None)
    return _read(said, datetime.date.today())


def own(cell: str) -> Day:
    """Return what a cell of our own export says: each date in it is as it was typed."""
    return Day(text.one_line(cell), dates.parse(cell))


@functools.lru_cache(maxsize=16_384)
def _read(cell: str, today: datetime.date) -> Day:
    said = _TIME.sub("", cell)
    match = _SHORT.fullmatch(said)
    if not match:
        found = dates.parse(said)
        if found and found.startswith(_NO_YEAR) and len(found) == 10:
            found = f"--{found[5:]}"
        return Day(_typed(cell, found), found)
    first, mark, second = int(match[1]), match[2], int(match[3])
    one, other = (_made(match[4], *pair, today) for pair in ((second, first), (first, second)))
    if mark == "-" and match[4] is None and len(match[1]) == len(match[3]) == 2:
        one = other  # 05-14, as ISO 8601 once had it: it tells nothing of the rest
    guessed = bool(match[4]) and len(match[4]) == 2 and _is_guessed(one or other, today)
    if mark == ".":
        return Day(_typed(cell, one), one, guessed=guessed)  # always the day first: no word on 3/4/1990
    if one and other and one != other:
        return Day(cell, None, None, (one, other), guessed)
    order = None if one == other else DAY if one else MONTH
    date = one or other  # is the text too, as that of those in its column that could be two days
    return Day(date or cell, date, order, guessed=guessed)


def _typed(cell: str, date: str | None) -> str:
    """Return what is kept beside a date: the cell, if it says that very date to whoever reads it again."""
    return cell if date is None or dates.parse(cell) == date else date


def _made(year: str | None, month: int, day: int, today: datetime.date) -> str | None:
    """Return a date, None where there is none such; of a year of two digits the last such day behind us."""
    if year is None or f"{year}-" == _NO_YEAR:
        return dates.parse(f"--{month:02}-{day:02}")
    if len(year) == 4:
        return dates.parse(f"{year}-{month:02}-{day:02}")
    century = today.year // 100 * 100
    made = dates.parse(f"{century + int(year):04}-{month:02}-{day:02}")
    if made and made <= today.isoformat():
        return made
    return dates.parse(f"{century - 100 + int(year):04}-{month:02}-{day:02}")


def _is_guessed(date: str | None, today: datetime.date) -> bool:
    """Tell whether someone could well have been born a hundred years sooner."""
    return date is not None and today.year - int(date[:4]) + 100 <= _OLDEST


def of_parts(year: str, month: str, day: str) -> str:
    """Return the text of a date that stands in three cells, '' where nothing does."""
    parts = [each.strip() for each in (year, month, day)]
    if not any(parts) or not all(each.isdecimal() for each in parts if each):
        return " ".join(filter(None, parts))
    year, month, day = (each.lstrip("0").zfill(2) if each.strip("0") else "" for each in parts)
    if len(year) == 2:  # the century as in any other date
        year = (_made(year, 1, 1, datetime.date.today()) or year)[:4]
    if month and day:
        return f"{year}-{month}-{day}" if year else f"--{month}-{day}"
    return f"{year}-{month}" if year and month else "-".join(filter(None, (year, month, day)))


def settle(
    connection: sqlite3.Connection, orders: Orders, answer: str | None, names: Sequence[str]
) -> Message | None:
    """Give each date that was left open the one that its column means; return the question that is left."""
    question = None
    for column, typed, one, other, _first in connection.execute(_OPEN).fetchall():
        order = orders.of(column, answer)
        if order is None:
            question = question or Message(
                "import.dates", {"column": names[column], "value": typed, "one": one, "other": other}
            )
            continue
        values = {"column": column, "day": order == DAY}
        connection.execute(_BIRTHDAYS, values)
        connection.execute(_DATES, values)
    return question


_OPEN = """
SELECT "column", typed, day_first, month_first, min(position) FROM open_dates
GROUP BY "column" ORDER BY "column"
"""
_BIRTHDAYS = """
UPDATE staged SET birthday = o.date, birthday_typed = o.date
FROM (SELECT position, CASE WHEN :day THEN day_first ELSE month_first END AS date FROM open_dates
      WHERE "column" = :column AND rank < 0) o
WHERE staged.position = o.position
"""
_DATES = """
UPDATE staged_dates SET date = o.date, typed = o.date, "key" = detail_key('dates', label, o.date, o.date)
FROM (SELECT position, rank, CASE WHEN :day THEN day_first ELSE month_first END AS date FROM open_dates
      WHERE "column" = :column AND rank >= 0) o
WHERE staged_dates.position = o.position AND staged_dates.rank = o.rank
"""
