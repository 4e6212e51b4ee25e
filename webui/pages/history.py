"""History: what was done, newest first, what each operation changed; undo and redo, also of one alone."""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from flask import Blueprint, current_app, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Engine
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response

from webui import addresses, database, words
from webui.pages import ruler, shared
from webui.plurals import ngettext
from webui.sentences import PRESETS
from webui.store import changed, erasing, errors, posts, settings, users
from webui.store.changed import Asked
from webui.store.ledger import alone, history, moments, steps
from webui.store.ledger.history import Done
from webui.store.values import text, times

pages = Blueprint("history", __name__)

PAGE = 100
# What of an address belongs to which kinds of operations; the word of the filter.
KINDS = {
    "people": (_l("People"), ("users.", "bulk.", "sheet.", "photos.", "attachments.", "relations.")),
    "posts": (_l("Posts"), ("posts.",)),
    "tags": (_l("Tags"), ("tags.", "bulk.tag", "bulk.untag")),
    "fields": (_l("Fields"), ("fields.",)),
    "imports": (_l("Imports and restores"), ("imports.", "restore")),
    "settings": (_l("Settings, views and columns"), ("settings.", "saved_views.", "columns.", "trash.")),
    "outside": (_l("Changes outside Roster"), ("outside",)),
}
FILTERS = ("q", "kind", "since", "until", "person")


@pages.get("/history")
def index() -> str | Response:
    """List what was done, a hundred at a time; htmx gets the list alone."""
    session, before = database.session(), addresses.number(request.args, "before")
    done = changed.find(session, _asked(), before, PAGE + 1)
    asked: dict[str, Any] = {name: said for name in FILTERS if (said := request.args.get(name, ""))}
    here = next((each for each in done if each.id == addresses.number(request.args, "here")), None)
    rows_alone = shared.wants_fragment()  # then js/list.js chooses the first, and brings its pane
    shown = None if rows_alone else here or next((each for each in done if not each.undone), None)
    page = make_response(
        render_template(
            "history/_list.html" if rows_alone else "history/index.html",
            undone=[each for each in done[:PAGE] if each.redoable],
            done=[each for each in done[:PAGE] if not each.redoable],
            before=done[PAGE - 1].id if len(done) > PAGE else None,
            asked=asked,
            begins=moments.begin(session).at,
            kinds={name: word for name, (word, _kinds) in KINDS.items()},
            person=_person(),
            here=shown.id if shown else None,
            pane=_pane(shown, 3) if shown else None,
            ruler=None if rows_alone else ruler.of_request(),
        )
    )
    if rows_alone:
        page.headers["HX-Replace-Url"] = url_for("history.index", **asked)
    return page


@pages.get("/history/<int:operation_id>")
def show(operation_id: int) -> str:
    """Show what one operation changed: person by person, value by value."""
    return _page(_found(operation_id))


@pages.get("/history/<int:operation_id>/pane")
def pane(operation_id: int) -> str | Response:
    """Give the same in short, beside the list."""
    if not shared.wants_fragment():
        return redirect(url_for("history.show", operation_id=operation_id))
    return render_template("history/_pane.html", **_pane(_found(operation_id), 3))


@pages.post("/history/<int:operation_id>/undo")
def undo_alone(operation_id: int) -> Response | tuple[str, int]:
    """Take one operation back alone; where something stands in the way, say what, and the way around."""
    try:
        done = alone.undo(_engine(), operation_id)
    except errors.Refused as error:
        told = error.message.values
        later = [told, *told.get("others", [])] if "id" in told else []  # what stands in the way
        return _page(_found(operation_id), words.sentence(error.message), [each["id"] for each in later]), 409
    return _back(_("Undone alone: %(what)s.", what=words.sentence(done.as_message())))


@pages.post("/history/<int:operation_id>/back")
def undo_to(operation_id: int) -> Response:
    """Undo down to an operation and that too, if it is as many steps as the page said."""
    return _go(steps.undo_to, operation_id)


@pages.post("/history/<int:operation_id>/forward")
def redo_to(operation_id: int) -> Response:
    """Redo up to an operation and that too, if it is as many steps as the page said."""
    return _go(steps.redo_to, operation_id)


@pages.post("/undo")
def undo() -> Response:
    """Take back the last operation, if it is the one that the page named."""
    try:
        done = history.undo(_engine(), expected=addresses.number(request.form, "operation"))
    except errors.Refused as error:
        return _back(words.sentence(error.message))
    return _back(_("Undone: %(what)s.", what=words.sentence(done.as_message())))


@pages.post("/redo")
def redo() -> Response:
    """Do the last undone operation again, if it is the one that the page named."""
    try:
        done = history.redo(_engine(), expected=addresses.number(request.form, "operation"))
    except errors.Refused as error:
        return _back(words.sentence(error.message))
    return _back(_("Done again: %(what)s.", what=words.sentence(done.as_message())))


@pages.get("/strip")
def strip() -> str | Response:
    """Give the strip alone, as it is now: another door may have changed something since the page came."""
    if not shared.wants_fragment():
        return redirect(url_for("users.index"))
    return render_template("_partials/strip.html")


def _asked() -> Asked:
    """Return what an address asks for; what can't be read there is not asked."""
    sought = text.words(request.args.get("q", "")[:200])
    since, until = (_day(request.args.get(name, "")) for name in ("since", "until"))
    return Asked(
        KINDS.get(request.args.get("kind", ""), ("", ()))[1],
        times.of_local(since) if since else "",
        times.of_local(until + datetime.timedelta(days=1)) if until else "",
        addresses.number(request.args, "person"),
        sought,
        lambda done: text.fold(words.sentence(done.as_message())) if sought else "",
    )


def _day(said: str) -> datetime.date | None:
    try:
        day = datetime.date.fromisoformat(said)
    except ValueError:
        return None
    return day if 1970 < day.year < 9000 else None


def _person() -> tuple[int, str] | None:
    user_id = addresses.number(request.args, "person")
    try:
        return (user_id, erasing.find(database.session(), user_id).name) if user_id else None
    except errors.NotFound:
        return None


def _in_words(thing: changed.Thing) -> changed.Thing:
    """Return a thing with a name for the reader: a view that Roster comes with has none of its own."""
    is_view = thing.table == "saved_views"
    return replace(thing, name=str(PRESETS.get(thing.name, thing.name))) if is_view else thing


def _found(operation_id: int) -> Done:
    return history.wanted(history.connection_of(database.session()), operation_id)


def _pane(done: Done, limit: int) -> dict[str, Any]:
    """Return what the pane and the page of an operation show, with up to `limit` people."""
    session, after = database.session(), addresses.number(request.args, "after") or 0
    found, further = changed.people(session, done, after, limit)
    things = changed.things(session, done, limit) if not after else []
    return {
        "done": done,
        "people": found,
        "next": further,
        "things": [_in_words(each) for each in things],
        "steps": 0 if done.undone else steps.back(session, done.id),
        "forward": steps.forward(session, done.id) if done.undone else 0,
        "alone_at": alone.taken_back(history.connection_of(session), done.id),
    }


def _page(done: Done, refused: str = "", obstacles: Sequence[int] = ()) -> str:
    later, came_from = bool(addresses.number(request.args, "after")), urlsplit(shared.came_from())
    asked: dict[str, Any] = (
        dict(parse_qsl(came_from.query)) if came_from.path == url_for("history.index") else {}
    )
    back = url_for("history.index", **{name: asked[name] for name in FILTERS if name in asked}, here=done.id)
    told = {"refused": refused, "obstacles": [_found(each) for each in obstacles]}
    return render_template("history/show.html", **_pane(done, 50), **told, later=later, back=back)


def _go(go: Callable[[Engine, int, int], int], operation_id: int) -> Response:
    try:
        count = go(_engine(), operation_id, addresses.number(request.form, "steps") or 0)
    except errors.Refused as error:
        return _back(words.sentence(error.message))
    if go is steps.undo_to:
        return _back(ngettext("%(num)s step undone.", "%(num)s steps undone.", count))
    return _back(ngettext("%(num)s step done again.", "%(num)s steps done again.", count))


def _engine() -> Engine:
    """Return the engine, with the request's own reading ended: it would see the moment before."""
    database.session().rollback()
    return database.engine()


def _back(sentence: str) -> Response:
    """Go back to the page the person was on, or to the list when undo took what it showed away."""
    flash(sentence)
    shared.host().retitle(settings.get(database.session(), "title"))  # it may be what was undone
    came_from = shared.came_from()
    there = bool(came_from) and _is_there(urlsplit(came_from).path)
    return redirect(came_from if there else url_for("users.index"), 303)


def _is_there(path: str) -> bool:
    """Tell whether `path` can be shown now: it is a page, and its person or post lives."""
    try:
        endpoint, values = current_app.url_map.bind("").match(path, "GET")
        if "user_id" in values:
            users.find(database.session(), values["user_id"])
        if "post_id" in values:
            posts.find(database.session(), values["post_id"])
    except (HTTPException, RequestRedirect, errors.NotFound):
        return False
    return endpoint != "start"
