"""The foot of the list: what its columns of numbers, and of yes and no, add up to."""

from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import format_decimal

from webui import database
from webui.pages import chosen, listed
from webui.plurals import number
from webui.store import sums
from webui.store.chosen import Chosen

pages = Blueprint("sums", __name__)


@pages.post("/sums")
def show() -> str:
    """Return the foot for whoever is ticked in the form, for all who match `q` where nobody is."""
    session, who = database.session(), chosen.of_form(request.form)
    some = who.q is None and bool(who.ids)
    if not some:
        who = Chosen(q=request.args.get("q", "")[:1000])
    columns = listed.drawn(session)
    found = sums.of(session, who, [each.field_id for each in columns if each.adds_up])
    said = {field_id: _said(each) for field_id, each in found.items()}
    return render_template(
        "users/_sums.html", columns=columns, sums=said, sized=listed.are_sized(), some=some
    )


def _said(found: sums.Sum) -> dict[str, Any]:
    return {
        "count": found.count,
        "total": format_decimal(found.total, format="#,##0.######"),
        "average": format_decimal(round(found.average, 2), format="#,##0.##"),
        "others": number(found.count - round(found.total)),
    }
