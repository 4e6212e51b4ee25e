"""Who is ticked in a list, read from its form and carried from page to page."""

from typing import TYPE_CHECKING, Any

from flask import url_for
from sqlalchemy.orm import Session

from webui.pages import shared
from webui.store import chosen as many
from webui.store.chosen import Chosen

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict


def of_form(form: "MultiDict[str, str]") -> Chosen:
    """Return whom a form means: `id` (several, or several in one, divided by commas), or with `all` all who
    match `q`; with `trashed` in the trash."""
    trashed = "trashed" in form
    if "all" in form:
        return Chosen(q=form.get("q", "")[:1000], trashed=trashed)
    said = ",".join(form.getlist("id")).split(",")
    return Chosen(tuple(int(each) for each in said if each.isdecimal() and len(each) < 19), trashed=trashed)


def kept(who: Chosen) -> dict[str, Any]:
    """Return the same for the page that goes on: `ids`, `trashed`, and `q`, which is None for ids."""
    return {"ids": ",".join(map(str, who.ids)), "q": who.q, "trashed": who.trashed}


def count(session: Session, who: Chosen) -> int:
    """Return how many are meant who are still there. Raises Unreadable."""
    return many.take(session, who)


def back(who: Chosen) -> str:
    """Return the address of the list they were ticked in."""
    return url_for("trash.index") if who.trashed else shared.list_address(None)
