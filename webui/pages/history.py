"""History: what was done, newest first; undo and redo, from here and from the strip."""

from urllib.parse import urlsplit

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import Engine
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response

from webui import addresses, database, words
from webui.pages import shared
from webui.store import errors, posts, settings, users
from webui.store.ledger import history

pages = Blueprint("history", __name__)

PAGE = 100


@pages.get("/history")
def index() -> str:
    """List what was done, a hundred at a time."""
    done = history.page(database.session(), addresses.number(request.args, "before"), PAGE + 1)
    return render_template(
        "history/index.html",
        undone=[each for each in done[:PAGE] if each.redoable],
        done=[each for each in done[:PAGE] if not each.redoable],
        before=done[PAGE - 1].id if len(done) > PAGE else None,
    )


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
