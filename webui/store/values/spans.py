"""A moment as someone types it: a day with or without its time, a month, a year; when that has ended."""

import calendar
import datetime
import re
from collections.abc import Mapping

from webui.store.values import dates

_TIMED = re.compile(r"(?:(.*?)[,\sT]+)?(\d{1,2}):(\d{2})")

# Words for days, without case, and how many days ago each is; None for the present moment.
Near = Mapping[str, int | None]


def end(typed: str, today: datetime.date, near: Near) -> datetime.datetime | None:
    """Return when what was typed has ended, on the person's own clock; None where it can't be read.

    A minute, a day, a month or a year; a time alone is of `today`, a day without its year the last one.
    """
    said = typed.casefold()
    if said in near and near[said] is None:
        return datetime.datetime.max
    timed = _TIMED.fullmatch(typed)
    day = (timed[1] or "" if timed else typed).strip()
    try:
        if (ago := {"": 0, **near}.get(day.casefold())) is not None and typed:
            begin = datetime.datetime.combine(today, datetime.time()) - datetime.timedelta(ago)
            length = datetime.timedelta(1)
        elif date := dates.parse(day):
            begin, length = _span(date, today)
        else:
            return None
        if not timed:
            return begin + length
        if length.days != 1:
            return None
        return begin.replace(hour=int(timed[2]), minute=int(timed[3])) + datetime.timedelta(minutes=1)
    except OverflowError:
        return datetime.datetime.max
    except ValueError:
        return None


def _span(date: str, today: datetime.date) -> tuple[datetime.datetime, datetime.timedelta]:
    """Return when a date begins and how long it lasts. Raises ValueError."""
    year, month, day = dates.parts(date)
    if year is None:
        years = range(today.year, today.year - 9, -1)
        found = (datetime.datetime(each, month or 1, day or 1) for each in years if _is_day(each, month, day))
        return next(each for each in found if each.date() <= today), datetime.timedelta(1)
    first = datetime.datetime(year, month or 1, day or 1)
    if day:
        return first, datetime.timedelta(1)
    whole, number = divmod(year * 12 + (month or 1) - 1 + (1 if month else 12), 12)
    if whole > datetime.MAXYEAR:
        raise OverflowError
    return first, datetime.datetime(whole, number + 1, 1) - first


def _is_day(year: int, month: int | None, day: int | None) -> bool:
    return bool(month and day and day <= calendar.monthrange(year, month)[1])
