"""How templates write days, moments and counts, in the language of whoever reads them.

Stored are days (`2026-11-18`) and moments in UTC (`2026-11-18T19:11:05.000Z`); shown is the day where the
person is. Not for reading what people type: that is the store's.
"""

import datetime
import functools
from collections.abc import Callable, Mapping

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time, format_timedelta
from flask import Flask, g, has_app_context
from flask_babel import gettext as _

from webui.language import locale
from webui.plurals import ngettext, number

# English is written as most of the world writes it: 18 November 2026, 19:11.
_WRITTEN = {Locale("en"): Locale("en", "GB")}


def install(app: Flask) -> None:
    """Give the templates of `app` the filters of this module and the global `language`."""
    for filter_ in (day, ago, local_day, heading, full, clock, moment, to_second, lately, counted, filesize):
        app.add_template_filter(filter_)
    app.add_template_global(language)
    app.add_template_global(lambda: today().isoformat(), "today")


def language() -> str:
    """Return the tag of the language a page is in, for its `lang`."""
    return str(locale()).replace("_", "-")


def or_raw(said: Callable[[str], str]) -> Callable[[str], str]:
    """Let a filter return the text itself where another program wrote one that is no date."""

    @functools.wraps(said)
    def say(stored: str) -> str:
        try:
            return said(stored)
        except (ValueError, OverflowError):
            return stored

    return say


@or_raw
def day(iso: str) -> str:
    """Return a day in full: 18 November 2026."""
    return _day(_date(iso), written())


def written_day(date: str) -> str:
    """Return a date of which the year may be unknown: 18 November 2026, 18 November."""
    if not date.startswith("--"):
        return day(date)
    return format_skeleton("MMMMd", _date(f"2000{date[1:]}"), locale=written())


@or_raw
def ago(iso: str) -> str:
    """Return how far a day is away, for narrow columns: Yesterday, 3 days, 2 weeks, in 1 month."""
    days = (today() - _date(iso)).days
    if abs(days) <= 1:
        return (_("Today"), _("Yesterday"), _("Tomorrow"))[days]
    return _ago(days, written())


@or_raw
def local_day(utc: str) -> str:
    """Return the day, here, of a moment."""
    return _moment(utc).date().isoformat()


@or_raw
def heading(iso: str) -> str:
    """Return a day as a heading over what was done on it: Today, Yesterday, Sunday 22 November."""
    date = _date(iso)
    if 0 <= (today() - date).days <= 1:
        return ago(iso)
    skeleton = "MMMMEEEEd" if date.year == today().year else "yMMMMEEEEd"
    return format_skeleton(skeleton, date, locale=written())


@or_raw
def full(utc: str) -> str:
    """Return a moment with the day of the week: Wednesday 18 November 2026, 19:11."""
    date = format_skeleton("yMMMMEEEEd", _moment(utc).date(), locale=written())
    return _("%(day)s, %(time)s", day=date, time=clock(utc))


@or_raw
def clock(utc: str) -> str:
    """Return the time of day, here, of a moment: 19:11."""
    return format_time(_moment(utc).time(), "short", locale=written())


@or_raw
def moment(utc: str) -> str:
    """Return a moment in full: 18 November 2026, 19:11."""
    date, time = _moment(utc).date(), clock(utc)
    return _("%(day)s, %(time)s", day=_day(date, written()), time=time)


@or_raw
def to_second(utc: str) -> str:
    """Return a moment to the second, where several of a minute are told apart: 18 November 2026, 19:11:05."""
    time = format_time(_moment(utc).time(), "medium", locale=written())
    return _("%(day)s, %(time)s", day=_day(_moment(utc).date(), written()), time=time)


@or_raw
def lately(utc: str) -> str:
    """Return a moment as shortly as it is clear: 19:11 today; 18 November 2026, 19:11."""
    return _("%(time)s today", time=clock(utc)) if _moment(utc).date() == today() else moment(utc)


def counted(counts: Mapping[str, int]) -> str:
    """Return in words what an operation touched, from its rows by table: 3 people, 12 posts."""
    words = {
        "users": lambda num, count: ngettext("%(count)s person", "%(count)s people", num, count=count),
        "posts": lambda num, count: ngettext("%(count)s post", "%(count)s posts", num, count=count),
        "user_emails": lambda num, count: ngettext(
            "%(count)s further e-mail", "%(count)s further e-mails", num, count=count
        ),
        "user_phones": lambda num, count: ngettext("%(count)s phone", "%(count)s phones", num, count=count),
        "user_addresses": lambda num, count: ngettext(
            "%(count)s address", "%(count)s addresses", num, count=count
        ),
        "user_links": lambda num, count: ngettext(
            "%(count)s web page", "%(count)s web pages", num, count=count
        ),
        "user_handles": lambda num, count: ngettext(
            "%(count)s messenger", "%(count)s messengers", num, count=count
        ),
        "user_dates": lambda num, count: ngettext("%(count)s date", "%(count)s dates", num, count=count),
        "attachments": lambda num, count: ngettext("%(count)s file", "%(count)s files", num, count=count),
        "relations": lambda num, count: ngettext(
            "%(count)s relation", "%(count)s relations", num, count=count
        ),
        "saved_views": lambda num, count: ngettext("%(count)s view", "%(count)s views", num, count=count),
        "tags": lambda num, count: ngettext("%(count)s tag", "%(count)s tags", num, count=count),
        "fields": lambda num, count: ngettext("%(count)s field", "%(count)s fields", num, count=count),
        "field_values": lambda num, count: ngettext("%(count)s value", "%(count)s values", num, count=count),
    }
    found = [(say, counts[table]) for table, say in words.items() if counts.get(table)]
    return ", ".join(say(count, number(count)) for say, count in found)


def filesize(count: int) -> str:
    """Return a count of bytes in the unit a person would say: 214 MB."""
    for unit, divisor in ((_("GB"), 1e9), (_("MB"), 1e6), (_("kB"), 1e3)):
        if count >= divisor:
            return f"{number(round(count / divisor, 1 if count < 10 * divisor else 0))} {unit}"
    return ngettext("%(num)s byte", "%(num)s bytes", count)


@functools.lru_cache(4096)  # a list of a hundred people asks for the same few again and again
def _day(date: datetime.date, locale: Locale) -> str:
    return format_date(date, "long", locale=locale)


@functools.lru_cache(4096)
def _ago(days: int, locale: Locale) -> str:
    return format_timedelta(
        datetime.timedelta(-days), granularity="day", threshold=1, add_direction=days < 0, locale=locale
    ).removeprefix("-")


def region(code: str) -> str:
    """Return the name of a region (ISO 3166-1, as DE): Germany; the code where it has none."""
    return str(written().territories.get(code, code))


def written() -> Locale:
    chosen = locale()
    return _WRITTEN.get(chosen, chosen)


def today() -> datetime.date:
    """Return the present day; of a past moment that is looked at, its day (see `moments`)."""
    looked_at: datetime.date | None = g.get("today") if has_app_context() else None
    return looked_at or datetime.date.today()


def _date(iso: str) -> datetime.date:
    return datetime.date.fromisoformat(iso[:10])


def _moment(utc: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(utc).astimezone()
