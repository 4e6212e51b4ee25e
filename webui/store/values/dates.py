"""Dates of which a part may be unknown: a birthday without its year, a year alone.

Kept as `1987`, `1987-03`, `1987-03-04` or `--03-04` (ISO 8601 and, for the last, RFC 6350, 4.3.1), read from
what people type. Not for the days of posts and the moments of changes: `times` has those.
"""

import calendar
import datetime
import functools
import re

from webui.store.errors import Message
from webui.store.values import text, times

LONGEST_TYPED = 60
# Whose names of months are read. The first that has a name decides what it means.
LANGUAGES = ("en", "de", "sv", "fr", "es", "it", "nl", "pl", "pt", "da", "nb", "fi")
FIRST_YEAR, LAST_YEAR = 1, 9999

_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?|--(\d{2})-?(\d{2})|(\d{4})(\d{2})(\d{2})")
_NUMBERS = re.compile(r"(\d{1,2})\s*([./-])\s*(\d{1,2})(?:\s*\2\s*(\d{4}))?\.?")
_BACKWARDS = re.compile(r"(\d{4})\s*[./-]\s*(\d{1,2})(?:\s*[./-]\s*(\d{1,2}))?\.?")
_MONTH = re.compile(r"(\d{1,2})\s*[./-]\s*(\d{4})")
_LATE = re.compile(r"(?<!\d)(?:30|31)(?!\d)")  # not in every month
_YEAR = re.compile(r"(?<!\d)\d{4}")
_TODAY = "today heute idag i_dag aujourd'hui hoy oggi vandaag dzis dzisiaj hoje tanaan"
_TOMORROW = "tomorrow morgen imorgon i_morgon imorgen i_morgen demain manana domani jutro amanha huomenna"
_YESTERDAY = "yesterday gestern igar i_gar hier ayer ieri gisteren wczoraj ontem eilen"
_NEAR = {
    word.replace("_", " "): days
    for days, said in ((-1, _YESTERDAY), (0, _TODAY), (1, _TOMORROW))
    for word in said.split()
}
_PIECES = re.compile(r"\d+|[^\W\d_]+")
_FILLING = {
    "st", "nd", "rd", "th", "of", "de", "den", "the", "er", "le", "el", "am", "kuuta", "ta", "do", "del", "e",
}  # fmt: skip


def parse(typed: str) -> str | None:
    """Return the date in `typed` as it is kept, or None where none or more than one can be meant.

    >>> parse("4 March 1987"), parse("4.3."), parse("March 1987"), parse("3/4/1987")
    ('1987-03-04', '--03-04', '1987-03', None)
    """
    said = text.one_line(typed)
    return (_parsed if len(said) <= LONGEST_TYPED else _parsed.__wrapped__)(said)


@functools.lru_cache(maxsize=4_096)  # an import asks several times of each
def _parsed(typed: str) -> str | None:
    if match := _ISO.fullmatch(typed):
        year, month, day = (
            match[1] or match[6],
            match[2] or match[4] or match[7],
            match[3] or match[5] or match[8],
        )
        return _made(*(int(part) if part else None for part in (year, month, day)))
    if match := _BACKWARDS.fullmatch(typed):
        return _made(int(match[1]), int(match[2]), int(match[3]) if match[3] else None)
    if match := _MONTH.fullmatch(typed):
        return _made(int(match[2]), int(match[1]), None)
    if match := _NUMBERS.fullmatch(typed):
        return _in_numbers(match)
    return _in_words(typed)


def coming(typed: str, today: datetime.date) -> str | None:
    """Return the date in `typed` of something that is to come: `parse`, but today and tomorrow are read by
    their names too, in any of LANGUAGES, and a day without its year is the next such.

    >>> coming("tomorrow", datetime.date(2026, 12, 31)), coming("4 March", datetime.date(2026, 12, 31))
    ('2027-01-01', '2027-03-04')
    """
    date = parse(typed)
    near = _near(typed)
    if date and date.startswith("--"):
        near = days_until(date, today)
    return date if near is None or near < 0 else (today + datetime.timedelta(near)).isoformat()


def been(typed: str, today: datetime.date) -> str | None:
    """Return the date in `typed` of something that has happened: `parse`, but today and yesterday are read by
    their names too, in any of LANGUAGES.

    >>> been("yesterday", datetime.date(2027, 1, 1)), been("tomorrow", datetime.date(2027, 1, 1))
    ('2026-12-31', None)
    """
    near = _near(typed)
    return parse(typed) if near is None or near > 0 else (today + datetime.timedelta(near)).isoformat()


def fault(typed: str) -> Message | None:
    """Say why `typed` can't be read as a date, or None. A soft fault: an import keeps the text."""
    if parse(typed):
        return None
    said = text.one_line(typed)
    match = _NUMBERS.fullmatch(said)
    if match and max(int(match[1]), int(match[3])) <= 12:
        one, other = (
            _made(int(match[4]) if match[4] else None, *pair)
            for pair in ((int(match[3]), int(match[1])), (int(match[1]), int(match[3])))
        )
        if one and other:
            return Message("date.either", {"value": typed, "one": one, "other": other})
    if (year := _YEAR.search(said)) and parse(_YEAR.sub("2024", said, count=1)) == "2024-02-29":
        return Message("date.no_leap", {"value": typed, "year": year[0]})
    for day in _LATE.finditer(said):  # is it one of a longer month?
        there = parse(f"{said[: day.start()]}28{said[day.end() :]}") or ""
        if there.endswith("-28") and there.count("-") > 1:
            last = calendar.monthrange(int(there[:4]) if there[0] != "-" else 2024, int(there[-5:-3]))[1]
            if last < int(day[0]):
                return Message("date.no_day", {"value": typed, "last": last})
    return Message("date.unclear", {"value": typed})


def birthday_fault(typed: str) -> Message | None:
    """Say the same of a birthday, which has to be behind us."""
    date = parse(typed)
    if date and date[0] != "-" and date > times.today()[: len(date)]:
        return Message("birthday.ahead", {"value": typed})
    return fault(typed)


def parts(date: str) -> tuple[int | None, int | None, int | None]:
    """Return year, month and day of a date as it is kept, None for what is unknown. Raises ValueError."""
    match = _ISO.fullmatch(date)
    if not match or match[6]:
        raise ValueError(date)
    year, month, day = match[1], match[2] or match[4], match[3] or match[5]
    return tuple(int(part) if part else None for part in (year, month, day))  # type: ignore[return-value]


def is_part(date: str, whole: str) -> bool:
    """Tell whether `whole` says all that `date` does: March 1987 or 4 March of 4 March 1987.

    >>> is_part("--03-04", "1987-03-04"), is_part("1987-03-04", "1987")
    (True, False)
    """
    try:
        pairs = zip(parts(date), parts(whole), strict=True)
    except ValueError:
        return date == whole
    return all(one is None or one == other for one, other in pairs)


def age(date: str, today: datetime.date) -> int | None:
    """Return the full years since `date`, None where it does not say: for a month or a year that has parted
    those born in it by now, and for what lies ahead.

    Someone born on 29 February is a year older on 1 March of a year without that day.
    """
    year, month, day = parts(date)
    now = today.month, today.day
    first, last = (month or 1, day or 1), (month or 12, day or 31)
    if year is None or (year, *last) > (today.year, *now) or (now < first) != (now < last):
        return None
    return today.year - year - (now < first)


def days_until(date: str, today: datetime.date) -> int | None:
    """Return the days to the next time that `date` comes round, 0 today, None where it has no day.

    29 February comes round on 1 March in a year without it.
    """
    _year, month, day = parts(date)
    if month is None or day is None:
        return None
    rounds = (
        datetime.date(year, month, 1) + datetime.timedelta(day - 1) for year in (today.year, today.year + 1)
    )
    return next((each - today).days for each in rounds if each >= today)


def month(name: str) -> int | None:
    """Return the number of a month by its name, long or short, in any of LANGUAGES; None for no month."""
    return _months().get(text.fold(name).strip("."))


def _near(typed: str) -> int | None:
    """Return how many days from today a day lies that is told by its name alone, None for any other."""
    return _NEAR.get(text.fold(text.one_line(typed)).replace("’", "'"))


def _in_numbers(match: re.Match[str]) -> str | None:
    """Read `4.3.1987`, `13/4/1987`, `4.3.`, `3/1987`; what could be either way is nobody's to guess."""
    first, mark, second = int(match[1]), match[2], int(match[3])
    year = int(match[4]) if match[4] else None
    if mark == ".":  # the day comes first wherever dates are written with dots
        return _made(year, second, first)
    if first > 12 or first == second:
        return _made(year, second, first)
    return _made(year, first, second) if second > 12 else None


def _in_words(typed: str) -> str | None:
    """Read a month's name with a day or a year or both around it."""
    numbers, months = [], []
    for piece in _PIECES.findall(typed):
        word = text.fold(piece)
        if piece.isdecimal():
            numbers.append(piece)
        elif word in _months():
            months.append(_months()[word])
        elif word not in _FILLING:
            return None
    years = [int(each) for each in numbers if len(each) == 4]
    days = [int(each) for each in numbers if len(each) <= 2]
    if (
        len(months) != 1
        or len(years) > 1
        or len(days) > 1
        or len(years) + len(days) != len(numbers)
        or not numbers
    ):
        return None
    return _made(years[0] if years else None, months[0], days[0] if days else None)


def _made(year: int | None, month: int | None, day: int | None) -> str | None:
    """Return a date as it is kept, None where the calendar has none such."""
    if year is not None and not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    if month is None:
        return f"{year:04}" if year is not None and day is None else None
    if not 1 <= month <= 12:
        return None
    if day is None:
        return f"{year:04}-{month:02}" if year is not None else None
    if not 1 <= day <= calendar.monthrange(2000 if year is None else year, month)[1]:
        return None
    return f"--{month:02}-{day:02}" if year is None else f"{year:04}-{month:02}-{day:02}"


@functools.cache
def _months() -> dict[str, int]:
    """Return the number of each month's name, long and short, folded, in all of LANGUAGES."""
    from babel.dates import get_month_names

    found: dict[str, int] = {}
    for language in LANGUAGES:
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                for number, name in get_month_names(width, context, language).items():
                    found.setdefault(text.fold(name).strip("."), number)
    return found
