"""The columns of the list as its templates draw them: labels, widths, what a cell says.

Not for what changes them: `columns` does that for all, `sheet` for what stands in one cell.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import current_app
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from sqlalchemy.orm import Session

from webui import facts, filters
from webui.pages import own_fields
from webui.store import columns, search, sheet
from webui.store.columns import Column

LABELS = {
    "name": _l("Name"),
    "email": _l("E-mail"),
    "phone": _l("Phone"),
    "organisation": _l("Organisation"),
    "city": _l("City"),
    "tags": _l("Tags"),
    "last_post": _l("Last post"),
    "birthday": _l("Birthday"),
    "username": _l("Username"),
    "given": _l("First name"),
    "family": _l("Last name"),
    "nickname": _l("Nickname"),
    "department": _l("Department"),
    "job_title": _l("Job title"),
    "street": _l("Street"),
    "postal_code": _l("Postal code"),
    "country": _l("Country"),
    "link": _l("Web page"),
    "note": _l("Note"),
    "created_at": _l("Added"),
    "updated_at": _l("Changed"),
}
NARROWEST, WIDEST = 4, 80  # rem
# Where a column goes: `beside` while a pane takes the room, or there is least; `narrow` where there is no
# pane, and own fields are shown.
_HIDES = {"email": "wide", "tags": "beside", "organisation": "spare", "city": "spare"}
_BESIDE_OWN = {"last_post": "narrow"}
NARROW, LEAST = 56.25, 42  # rem; up to which width of the window there is no pane, and no room for tags
COME = {("wide", "beside", "narrow"): 73.76, ("spare",): 106.25}  # rem; from which on columns come
_WIDTHS = {
    "name": 14.5, "email": 13, "phone": 10, "organisation": 12, "city": 8, "tags": 9.75, "last_post": 6,
    "birthday": 9.5, "username": 9, "street": 12, "postal_code": 7, "link": 13, "note": 16, "created_at": 10,
    "updated_at": 10,
}  # fmt: skip
_OWN_WIDTHS = {"number": 7, "yes_no": 6, "date": 9.5, "long_text": 16, "link": 13, "email": 13, "phone": 10}
_MOMENTS = ("created_at", "updated_at")
_NEWEST_FIRST = ("last_post", *_MOMENTS)


@dataclass(frozen=True)
class Drawn:
    """A column as it is drawn; `width` in rem, `is_chosen` whether anyone has set it."""

    name: str
    label: str
    kind: str
    width: float
    is_chosen: bool
    hides: str = ""
    field_id: int = 0

    @property
    def css(self) -> str:
        """Its class, and what its ids are made of."""
        return "col-" + self.name.replace(":", "-")

    @property
    def first(self) -> str:
        """The order that a click on its head begins with."""
        return f"-{self.name}" if self.name in _NEWEST_FIRST else self.name

    @property
    def at_end(self) -> bool:
        """Whether what stands in it is set against its end: numbers and how long ago."""
        return self.kind == "number" or self.name == "last_post"

    @property
    def is_written(self) -> bool:
        """Whether its cells can be written in."""
        return sheet.is_written(self.name)

    @cached_property
    def attributes(self) -> Markup:
        """What each of its cells begins with: a page has hundreds of them."""
        css = " ".join(filter(None, (self.hides, "end" if self.at_end else "", self._exact)))
        written = Markup(' data-cell="{}" tabindex="-1"').format(self.name) if self.is_written else Markup("")
        return written + (Markup(' class="{}"').format(css) if css else "")

    @property
    def _exact(self) -> str:
        return "exact" if self.name in ("email", "username") else ""

    @property
    def adds_up(self) -> bool:
        """Whether its values can be added up or counted."""
        return self.kind in ("number", "yes_no")


def drawn(session: Session) -> list[Drawn]:
    """Return the columns that the list shows behind the name."""
    return _all_drawn(session, columns.shown(session))


def every(session: Session) -> list[Drawn]:
    """Return all columns there are, those shown first."""
    chosen, shown = _chosen(), columns.shown(session)
    hides = _hides(session, shown)
    left_out = {each.name: hides[each.name] for each in shown if each.name in hides}
    return [_drawn(each, left_out, chosen) for each in columns.every(session)]


def drawn_one(column: Column) -> Drawn:
    """Return one column as it is drawn."""
    return _drawn(column, {}, {})


def label(column: Column) -> str:
    """Return what a column is called."""
    return column.field.name if column.field else str(LABELS[column.name])


def are_sized() -> bool:
    """Tell whether anyone has set how wide columns are: then each is as wide as that in any window."""
    return bool(_chosen())


def name_width() -> float:
    """Return how wide the first column is, in rem."""
    return float(_chosen().get("name", _WIDTHS["name"]))


def table(session: Session, rows: Sequence[search.Row]) -> dict[str, Any]:
    """Return what the templates draw columns from: `columns`, `cells` (id -> name -> text), `sized`."""
    shown = columns.shown(session)
    drawn = {each.name: each for each in _all_drawn(session, shown)}
    cells = {
        user_id: {name: _said(drawn[name], value) for name, value in of.items()}
        for user_id, of in columns.cells(session, shown, [row.id for row in rows]).items()
    }
    return {"columns": list(drawn.values()), "cells": cells, "sized": are_sized()}


def hidden(session: Session, sort: str) -> Drawn | None:
    """Return the column that the list is sorted by and does not show, or not where it `hides`; None where it
    shows it in any window."""
    name = sort.removeprefix("-")
    if name in ("", "name"):
        return None
    found = columns.find(session, name)
    if found is None:
        return None
    shown = columns.shown(session)
    is_shown = any(each.name == name for each in shown)
    column = _drawn(found, _hides(session, shown) if is_shown else {}, {})
    return None if is_shown and not column.hides else column


def _all_drawn(session: Session, shown: Sequence[Column]) -> list[Drawn]:
    hides, chosen = _hides(session, shown), _chosen()
    return [_drawn(each, hides, chosen) for each in shown]


def _hides(session: Session, shown: Sequence[Column]) -> Mapping[str, str]:
    """Return which of the columns shown go, and where: none of those that someone chose."""
    if columns.are_chosen(session):
        return {}
    return {**_HIDES, **_BESIDE_OWN} if any(each.field for each in shown) else _HIDES


def _said(column: Drawn, value: Any) -> str:
    if column.field_id:
        return ", ".join(said for said, _address in own_fields.said(column.kind, value))
    if column.name in _MOMENTS:
        return filters.day(filters.local_day(value)) if value else ""
    return facts.partial(value) if column.kind == "date" and value else str(value)


def _drawn(column: Column, hides: Mapping[str, str], chosen: Mapping[str, float]) -> Drawn:
    name, own = column.name, column.field
    width = _OWN_WIDTHS.get(own.kind, 10) if own else _WIDTHS.get(name, 10)
    sized = (float(chosen.get(name, width)), name in chosen)
    if own:
        return Drawn(name, own.name, own.kind, *sized, field_id=own.id)
    kind = "date" if name == "birthday" else name if name in ("tags", "note") else "text"
    return Drawn(name, label(column), kind, *sized, hides.get(name, ""))


def _chosen() -> Mapping[str, float]:
    preferences = current_app.extensions["roster.preferences"]
    found: Mapping[str, float] = (preferences.get("columns") if preferences else None) or {}
    return found
