"""The menu of filters, which writes a search, and the page that explains how to search."""

from functools import partial
from itertools import islice

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from webui import chips, database
from webui.pages import shared
from webui.plurals import number
from webui.store import filters
from webui.store.query import fields, own, syntax, terms
from webui.store.values import patterns

pages = Blueprint("filters", __name__)


@pages.get("/filter")
def index() -> str:
    """Offer the fields that people can be filtered by."""
    return _answer("filters/_fields.html")


@pages.get("/filter/<path:name>")  # an own field may have a stroke in its name
def values(name: str) -> str | BaseResponse:
    """Offer values of a field; with a `value`, go to the list that is filtered by it, or while that is typed
    give those in which words begin so."""
    session = database.session()
    found = next((each for each in own.every(session) if each.name == name), None)
    if found is None and name not in fields.EXAMPLES:
        abort(404)
    q, value = request.args.get("q", "").strip(), request.args.get("value", "").strip()
    term = partial(syntax.write, name, quoted=found is not None and terms.plain(name) in fields.EXAMPLES)
    narrows = shared.wants_fragment() and "value" in request.args
    if value and not narrows:
        return redirect(url_for("users.index", q=f"{q} {term(*_typed(value))}".strip()), 303)
    sought = patterns.words(value)
    known = filters.values(session, found or name, None if value else filters.MOST)
    labelled = ((_label(name, each), each) for each in known)
    found_so = ((label, each) for label, each in labelled if patterns.said(label, sought))
    offered = [
        {"label": _counted(label, each), "q": f"{q} {term(each.value, each.compared)}".strip()}
        for label, each in islice(found_so, filters.MOST if value else None)
    ]
    if narrows:
        return render_template("filters/_offered.html", offered=offered)
    shown = {
        "name": name,
        "label": found.name if found else chips.field(name),
        "offered": offered,
        "example": fields.EXAMPLES.get(name),
    }
    return _answer("filters/_values.html", **shown, free=name not in ("has", "no"))


@pages.get("/search")
def help() -> str:  # the noun of its page
    """Explain how to search."""
    examples = [(chips.field(name), name, example) for name, example in fields.EXAMPLES.items()]
    return render_template("filters/help.html", examples=examples, own=own.every(database.session()))


def _answer(template: str, **shown: object) -> str:
    """Return a part of the menu, or without script a page of it."""
    q = request.args.get("q", "").strip()
    names = [(name, chips.field(name)) for name in fields.EXAMPLES]
    names += [(each.name, each.name) for each in own.every(database.session())]
    given = {"q": q, "fields": names, **shown}
    if shared.wants_fragment():
        return render_template(template, **given)
    return render_template("filters/index.html", part=template, **given)


def _typed(value: str) -> tuple[str, str]:
    """Return what was typed as a value, and how it is compared: one that compares does so here too."""
    compared = next((each for each in ("<=", ">=", "<", ">") if value.startswith(each)), "")
    return value.removeprefix(compared).strip(), compared


def _label(name: str, offered: filters.Value) -> str:
    """Return a value in words."""
    if name in ("has", "no"):
        return chips.thing(offered.value)
    term = syntax.Term(name, offered.value, 0, 0, 0, offered.compared)
    return chips.label(term, "") if offered.compared else chips.value(term)


def _counted(label: str, offered: filters.Value) -> str:
    """Return the same with how many have it, where that is known."""
    return f"{label} · {number(offered.count)}" if offered.count else label
