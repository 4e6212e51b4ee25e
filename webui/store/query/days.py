"""Days and lengths of time as a query says them, and the conditions they make on stored dates.

A stored date may leave a part unknown (`values.dates`); it is within what was asked when all it can mean is.
"""

import calendar
import datetime
import re
from collections.abc import Callable, Iterator

from webui.store.values import dates, text

Put = Callable[[object], str]  # keeps a value and returns the parameter that stands for it
Bound = datetime.date | None

SPAN = re.compile(r"(\d{1,5})\s*([dwmy])", re.IGNORECASE)
_NEAR = {"yesterday": -1, "today": 0, "tomorrow": 1}
_MONTHS = {"last-month": -1, "this-month": 0, "next-month": 1}


def ago(value: str, today: datetime.date) -> datetime.date | None:
    """Return the day that lies so far back, as in 30d, 2w, 6m or 1y; None for what is no length of time."""
    match = SPAN.fullmatch(value)
    if match is None:
        return None
    count, unit = int(match[1]), match[2].lower()
    try:
        if unit in "dw":
            return today - datetime.timedelta(count * (7 if unit == "w" else 1))
        year, month = divmod(today.year * 12 + today.month - 1 - count * (12 if unit == "y" else 1), 12)
        return datetime.date(year, month + 1, min(today.day, calendar.monthrange(year, month + 1)[1]))
    except (ValueError, OverflowError):
        return datetime.date.min


def read(value: str, today: datetime.date) -> str | None:
    """Return the date that a value names, as it is kept, a month of any year as `--03`; None for no date."""
    word = _plain(value)
    if word in _NEAR:
        return (today + datetime.timedelta(_NEAR[word])).isoformat()
    if word in _MONTHS:
        year, month = divmod(today.year * 12 + today.month - 1 + _MONTHS[word], 12)
        return f"{year:04}-{month + 1:02}"
    if word == "this-year":
        return f"{today.year:04}"
    if number := dates.month(word):
        return f"--{number:02}"
    return dates.parse(value) or dates.parse(word.replace("-", " "))


def window(compared: str, value: str, today: datetime.date) -> tuple[Bound, Bound] | None:
    """Return the days that are asked for, from the first to the one behind the last; None for no dates.

    `<30d` is within the last 30 days, `>90d` more than 90 days ago.
    """
    if day := ago(value, today):
        return (None, day) if compared.startswith(">") else (day, None)
    first, dots, last = value.partition("..")
    found = [_span(each, today) for each in ((first, last) if dots else (value,))]
    if any(each is None for each in found):
        return None
    (low, _), (_, high) = found[0], found[-1]  # type: ignore[misc]  # none of them is None
    bounds = {"<": (None, low), "<=": (None, high), ">": (high, None), ">=": (low, None)}
    return (low, high) if dots else bounds.get(compared, (low, high))


def partial(column: str, compared: str, value: str, today: datetime.date, put: Put) -> str | None:
    """Return the condition of a column of dates with unknown parts, None for what is no date.

    `today` and `this-month` ask for a day or a month of any year: when the date comes round.
    """
    first, dots, last = value.partition("..")
    if dots:
        low, high = read(first, today), read(last, today)
        if low is None or high is None or "-" in (low[0], high[0]):
            return None
        return f"({_against(column, '>=', low, put)} AND {_against(column, '<=', high, put)})"
    date = read(value, today)
    if date is None or (compared.strip("=") and date.startswith("-")):
        return None
    if not compared and _plain(value) in _NEAR:
        return f"({' OR '.join(_against(column, '', day, put) for day in _coming_round(date))})"
    if not compared and _plain(value) in _MONTHS:
        date = f"--{date[5:7]}"
    return _against(column, compared, date, put)


def age(column: str, compared: str, value: str, today: datetime.date, put: Put) -> str | None:
    """Return the condition of birthdays of those so old, None for what is no age: `>40`, `30..40`, `18`."""
    first, dots, last = value.partition("..")
    if not first.isdecimal() or (dots and not last.isdecimal()) or max(len(first), len(last)) > 4:
        return None
    low, high = int(first), int(last if dots else first)
    least, most = {"<": (0, low - 1), "<=": (0, low), ">": (low + 1, None), ">=": (low, None)}.get(
        "" if dots else compared, (low, high)
    )
    # Whoever was born on 29 February is older on 1 March: as texts these days compare right.
    last = _years_before(today, least)
    born = [f"{column} <= {put(last)}", _against(column, "<=", last, put)]  # the first of them by an index
    if most is not None:
        born.append(f"{column} > {put(_years_before(today, most + 1))}")
    return f"({' AND '.join(born)})"


def _against(column: str, compared: str, date: str, put: Put) -> str:
    """Compare as texts: ~ sorts behind every date that says more, so that it stands for the last day."""
    if date.startswith("--"):
        return f"({column} LIKE {put('____' + date[1:] + '%')} OR {column} LIKE {put(date + '%')})"
    known = f"{column} >= '0'"  # without a year a date begins with -
    return {
        "<": lambda: f"({known} AND {column} || '~' < {put(date)})",
        "<=": lambda: f"({known} AND {column} || '~' < {put(date + '~~')})",
        ">": lambda: f"{column} > {put(date + '~')}",
        ">=": lambda: f"{column} >= {put(date)}",
    }.get(compared, lambda: f"({column} >= {put(date)} AND {column} < {put(date + '~')})")()


def _coming_round(date: str) -> Iterator[str]:
    """Yield the days of any year that come round on a day."""
    yield f"-{date[4:]}"
    if date[5:] == "03-01" and not calendar.isleap(int(date[:4])):
        yield "--02-29"


def _span(value: str, today: datetime.date) -> tuple[datetime.date, datetime.date] | None:
    """Return a date's first day and the one behind its last."""
    date = read(value, today)
    if date is None or date.startswith("-"):
        return None
    year, month, day = dates.parts(date)
    assert year is not None
    low = datetime.date(year, month or 1, day or 1)
    try:
        if day:
            return low, low + datetime.timedelta(1)
        behind = divmod(year * 12 + month, 12) if month else (year + 1, 0)
        return low, datetime.date(behind[0], behind[1] + 1, 1)
    except (ValueError, OverflowError):
        return low, datetime.date.max


def _years_before(today: datetime.date, years: int) -> str:
    return f"{today.year - years:04}{today.isoformat()[4:]}" if years <= today.year else "0000"


def _plain(value: str) -> str:
    return re.sub(r"[\s_-]+", "-", text.fold(value.strip()))
