"""Which columns the list has, in what order and how wide: the menu that says so, the stylesheet of widths.

Shown columns and their order belong to the database and can be undone; widths to this machine.
"""

import zlib
from collections.abc import Iterator, Mapping
from typing import Any

from flask import Blueprint, Response, current_app, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from webui import database
from webui.pages import listed, shared
from webui.pages.listed import Drawn
from webui.preferences import Preferences
from webui.store import columns
from webui.store.ledger.operations import operation

pages = Blueprint("columns", __name__)

_TICK = 3.25  # rem; of the column of ticks


@pages.get("/columns")
def index() -> str:
    """Show all columns, with a tick for each that the list has."""
    session = database.session()
    shown = [each.name for each in columns.shown(session)]
    return _form(listed.every(session), shown, {})


@pages.post("/columns")
def arrange() -> str | BaseResponse:
    """Take the columns ticked in the order of the form; `up` and `down` move one and show the form again."""
    form, session = request.form, database.session()
    order, ticked = form.getlist("order"), form.getlist("shown")
    widths = dict(zip(order, form.getlist("width"), strict=False))
    if "up" in form or "down" in form:
        name = form.get("up") or form.get("down", "")
        return _moved(order, ticked, widths, name, -1 if "up" in form else 1)
    as_at_first = "reset" in form
    with operation(session):
        if as_at_first:
            columns.arrange(session, None)
        else:
            columns.arrange(session, [name for name in order if name in ticked], order)
    differing = [each.name for each in listed.every(session) if _differs(each, widths)]
    _remember({name: widths[name] for name in differing}, forget=as_at_first)
    return shared.done_at(_("The columns of the list are changed."), shared.list_address(None))


@pages.post("/columns/widths")
def widths() -> Response:
    """Remember how wide columns are, in rem; answer with the address of the stylesheet that says so."""
    _remember(request.form)
    return Response(url_for("columns.stylesheet", of=zlib.crc32(_sheet().encode())), mimetype="text/plain")


@pages.get("/columns.css")
def stylesheet() -> Response:
    """Return the widths of the columns shown, and of all of them together."""
    return Response(_sheet(), mimetype="text/css")


def _sheet() -> str:
    session = database.session()
    shown, name = listed.drawn(session), listed.name_width()
    lines = [f".{each.css} {{ inline-size: {each.width:g}rem; }}\n" for each in shown]
    if columns.are_standard(session) and not listed.are_sized():
        lines += [".col-who { inline-size: auto; }\n", *_shares(shown, name)]
    else:
        lines.append(f".col-who {{ inline-size: {name:g}rem; }}\n")
    beside = _TICK + name
    for query, there in (
        ("", ("", "narrow")),
        (f"(max-width: {listed.NARROW}rem)", ("", "beside")),
        (f"(max-width: {listed.LEAST}rem)", ("",)),
    ):
        together = beside + sum(each.width for each in shown if each.hides in there)
        rule = f".people {{ min-inline-size: {together:g}rem; }}"
        lines.append(f"@container window {query} {{ {rule} }}\n" if query else f"{rule}\n")
    # What has the focus is never under the name, which stays.
    lines.append(f".listpane .rows {{ scroll-padding-inline-start: {beside:g}rem; }}\n")
    return "@layer pages {\n" + "".join(lines) + "}\n"


def _shares(shown: list[Drawn], name: float) -> Iterator[str]:
    """Let the columns, as they come, share what room there is: none is out of a window as it comes."""
    there = [each for each in shown if not each.hides]
    for hides, narrowest in listed.COME.items():
        there += [each for each in shown if each.hides in hides]
        whole = name + sum(each.width for each in there)
        widths = {".col-who": name} | {f".{each.css}": each.width for each in there}
        rules = (f"{css} {{ inline-size: {width / whole:.2%}; }}" for css, width in widths.items())
        yield f"@container window (min-width: {narrowest}rem) {{ {' '.join(rules)} }}\n"


def _form(every: list[Drawn], shown: list[str], typed: Mapping[str, str], focus: str = "") -> str:
    limits = (listed.NARROWEST, listed.WIDEST)
    page = "columns/_form.html" if shared.wants_fragment() else "columns/index.html"
    return render_template(page, columns=every, shown=shown, typed=typed, focus=focus, limits=limits)


def _moved(order: list[str], ticked: list[str], widths: Mapping[str, str], name: str, by: int) -> str:
    every = {each.name: each for each in listed.every(database.session())}
    names = [each for each in dict.fromkeys(order) if each in every]
    names += [each for each in every if each not in names]
    if name in names:
        to = max(0, min(len(names) - 1, names.index(name) + by))
        names.remove(name)
        names.insert(to, name)
    return _form([every[each] for each in names], ticked, widths, f"{'up' if by < 0 else 'down'}-{name}")


def _differs(column: Drawn, widths: Mapping[str, str]) -> bool:
    return column.name in widths and (column.is_chosen or _width(widths[column.name]) != column.width)


def _remember(widths: Mapping[str, Any], *, forget: bool = False) -> None:
    """Keep the widths that make sense beside those of columns not shown now, or forget all."""
    preferences: Preferences | None = current_app.extensions["roster.preferences"]
    if preferences is None:
        return
    known = {"name", *(each.name for each in listed.every(database.session()))}
    wanted = {name: width for name, said in widths.items() if name in known and (width := _width(said))}
    kept = {} if forget else {**(preferences.get("columns") or {}), **wanted}
    try:
        preferences.set("columns", kept or None)
    except OSError:
        current_app.logger.exception("the widths of columns were not kept")


def _width(said: str) -> float | None:
    try:
        width = round(float(said), 2)
    except ValueError:
        return None
    return min(max(width, listed.NARROWEST), listed.WIDEST) if width == width else None
