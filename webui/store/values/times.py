"""Moments and days, as they are stored: ISO 8601 text."""

import datetime
import re
from contextvars import ContextVar

_TODAY: ContextVar[str | None] = ContextVar("today", default=None)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def now() -> str:
    """Return the present moment in UTC as `YYYY-MM-DDTHH:MM:SS.mmmZ`."""
    return written(datetime.datetime.now(datetime.UTC))


def stamp(moment: str) -> str:
    """Return a moment as file names have it: `YYYYMMDD-HHMMSS`, UTC."""
    return moment[:19].replace("-", "").replace(":", "").replace("T", "-")


def today() -> str:
    """Return the present day where the person is, as `YYYY-MM-DD`; that of a moment which is looked at."""
    return _TODAY.get() or datetime.date.today().isoformat()


def set_today(day: str | None) -> None:
    """Let `today` be another day in this context, such as a request; None for what it is."""
    _TODAY.set(day)


def is_day(text: str) -> bool:
    """Tell whether `text` is a day of the calendar written `YYYY-MM-DD`."""
    if not _DAY.fullmatch(text):
        return False
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def is_moment(text: str) -> bool:
    """Tell whether `text` is a moment of these times as `now` writes it: another program may write any."""
    try:
        year = datetime.datetime.fromisoformat(text).year
    except ValueError:
        return False
    return 1970 <= year < 9000 and len(text) == 24 and text[-1] == "Z"


def of_clock(local: datetime.datetime) -> str:
    """Return a moment of the person's own clock (without a zone) in UTC as `now` writes it."""
    return written(local.astimezone(datetime.UTC))


def of_local(day: datetime.date) -> str:
    """Return the moment at which a day begins where the person is, in UTC as `now` writes it."""
    return of_clock(datetime.datetime.combine(day, datetime.time()))


def written(utc: datetime.datetime) -> str:
    """Return a moment of UTC as `now` writes it."""
    return utc.isoformat(timespec="milliseconds").replace("+00:00", "Z")
