"""How templates write what is known of a person: dates with unknown parts, ages, ways to reach them.

Not for the days and moments of posts and changes: `filters` has those.
"""

import datetime
from collections.abc import Sequence
from urllib.parse import urlsplit

from babel.dates import format_skeleton
from flask import Flask
from flask_babel import gettext as _
from markupsafe import Markup, escape

from webui import filters
from webui.plurals import ngettext, number
from webui.store import relations
from webui.store.models import UserAddress, UserPhone
from webui.store.relations import Related
from webui.store.values import dates, phones


def install(app: Flask) -> None:
    """Give the templates of `app` the filters of this module."""
    for filter_ in (partial, age, turns, dialled, lines, is_web, breakable, is_to, relation_word):
        app.add_template_filter(filter_)
    app.add_template_global(relation_words)


def partial(date: str, weekday: bool = False) -> str:
    """Return a date of which a part may be unknown: 4 March 1987, March 1987, 4 March."""
    try:
        year, month, day = dates.parts(date)
        if year and day and not weekday:
            return filters.day(date)
        skeleton = ("y" if year else "") + ("MMMM" if month else "")
        skeleton += ("EEEEd" if year else "d") if day else ""
        shown = datetime.date(year or 2000, month or 1, day or 1)
        return format_skeleton(skeleton, shown, locale=filters.written())
    except ValueError:  # another program wrote it
        return date


def age(date: str) -> str:
    """Return how old someone is and how far the next birthday: 39, turns 40 in 99 days. '' when unknown."""
    try:
        years, left = dates.age(date, filters.today()), dates.days_until(date, filters.today())
    except ValueError:
        return ""
    told = [number(years)] if years is not None else []
    if left is not None:
        days = _("today") if left == 0 else ngettext("in %(num)s day", "in %(num)s days", left)
        if years is not None and left:
            days = _("turns %(age)s %(days)s", age=number(years + 1), days=days)
        told.append(days)
    return ", ".join(told)


def turns(birthday: str, day: str) -> str:
    """Return how old someone born then is on a day: turns 39; '' when the year is unknown."""
    years = dates.age(birthday, datetime.date.fromisoformat(day))
    return "" if years is None else _("turns %(years)s", years=number(years))


def dialled(phone: UserPhone) -> str:
    """Return what a tel: link dials (RFC 3966), '' for a phone that is no one number."""
    return phone.phone_key or phones.link(phone.phone)


def lines(address: UserAddress) -> Sequence[str]:
    """Return an address as lines; the last is the city with its postal code before it, region and country."""
    town = " ".join(part for part in (address.postal_code, address.city) if part)
    place = ", ".join(part for part in (town, address.region, address.country) if part)
    return [line for line in (address.po_box, address.street, address.extra, place) if line]


def breakable(address: str) -> Markup:
    """Return an e-mail that is broken behind its @ where a column is narrow, rather than inside a word."""
    return Markup(escape(address).replace("@", Markup("@<wbr>")))


def is_web(url: str) -> bool:
    """Tell whether `url` is a web page, the one kind of address that is made a link."""
    try:
        return urlsplit(url).scheme in ("http", "https")
    except ValueError:
        return False


def relation_words() -> dict[str, str]:
    """Return the word of each kind in which people belong together, in the order of a page."""
    return {
        "spouse": _("Spouse"),
        "parent": _("Parent"),
        "child": _("Child"),
        "sibling": _("Sibling"),
        "friend": _("Friend"),
        "colleague": _("Colleague"),
        relations.OWN: _("Another word…"),
    }


def is_to(related: Related) -> str:
    """Return what someone is to the person who knows them: Parent, Godmother."""
    return related.label or relation_words()[related.kind]


def relation_word(said: str) -> str:
    """Return the word of a kind in which people belong together; of a word of one's own that itself."""
    return relation_words().get(said, said) if said != relations.OWN else ""


def regions() -> list[tuple[str, str]]:
    """Return code and name of each region whose phones are known, by name."""
    return sorted(((code, filters.region(code)) for code in phones.regions()), key=lambda pair: pair[1])
