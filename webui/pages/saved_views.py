"""Saved views: the page of all, what changes them, and the part of the sidebar that counts them."""

from typing import Any

from flask import Blueprint, current_app, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from webui import database, words
from webui.pages import shared
from webui.store import errors, saved_views
from webui.store.ledger.operations import operation
from webui.store.models import SavedView

pages = Blueprint("saved_views", __name__)


@pages.get("/views")
def index() -> str:
    """List all views."""
    return _list()


@pages.get("/views/sidebar")
def sidebar() -> str:
    """Return the sidebar's views with their counts, counted where they have changed."""
    return render_template("saved_views/_sidebar.html", shown=counted(database.session()), is_counted=True)


@pages.post("/views")
def create() -> BaseResponse | tuple[str, int]:
    """Keep a search as a view and show it."""
    name, q, sort = (request.form.get(each, "") for each in ("name", "q", "sort"))
    session = database.session()
    try:
        with operation(session):
            view = saved_views.add(session, name, q, sort)
            name, address = _called(view), _address(view)
    except errors.Invalid as error:
        status = 409 if isinstance(error, errors.Taken) else 422
        return _list(new={"name": name, "q": q, "sort": sort}, fields=error.fields), status
    return shared.done_at(_("The view %(name)s is saved.", name=name), address)


@pages.post("/views/<int:view_id>/rename")
def rename(view_id: int) -> BaseResponse | tuple[str, int]:
    """Give a view another name."""
    session, name = database.session(), request.form.get("name", "")
    try:
        with operation(session):
            name = _called(saved_views.change(session, view_id, name))
    except errors.Invalid as error:
        status = 409 if isinstance(error, errors.Taken) else 422
        return _list(faulty=view_id, typed=name, fields=error.fields), status
    address = url_for("saved_views.index", _anchor=f"name-{view_id}")
    return shared.done_at(_("The view is called %(name)s now.", name=name), address)


@pages.post("/views/<int:view_id>/move")
def move(view_id: int) -> BaseResponse:
    """Move a view up or down among the others; the same button has the focus after."""
    session, up = database.session(), request.form.get("to") == "up"
    with operation(session):
        name = _called(saved_views.move(session, view_id, up))
    order = [each.id for each in saved_views.every(session)]
    up = up != (view_id == order[0 if up else -1])  # at an end the other button
    address = url_for("saved_views.index", _anchor=f"{'up' if up else 'down'}-{view_id}")
    return shared.done_at(_("The view %(name)s was moved.", name=name), address)


@pages.post("/views/<int:view_id>/trash")
def trash(view_id: int) -> BaseResponse:
    """Move a view to the trash; the people in it stay."""
    session = database.session()
    with operation(session):
        name = _called(saved_views.trash(session, view_id))
    return shared.done(_("The view %(name)s moved to the trash.", name=name), "saved_views.index")


def shown(now: saved_views.Now, here: tuple[str, str] | None = None) -> list[dict[str, Any]]:
    """Return the sidebar's views, with the counts that are known; `here` is the query and sort shown."""
    views = now.once(saved_views.listed)
    return _drawn(views, now.counted(views), here)


def remembered(session: Session) -> saved_views.Now:
    """Return what is remembered of a database as it is now."""
    counts: saved_views.Counts = current_app.extensions["roster.counts"]
    return counts.now(session)


def name_of(session: Any, q: str, sort: str) -> str:
    """Return the name of the view of a search in an order, '' where there is none."""
    kept = saved_views.of(session, q, sort)
    return words.view(*kept) if kept else ""


def counted(session: Any) -> list[dict[str, Any]]:
    """Return the same with all counts; the view on the page is told by `q` and `sort` of the request."""
    now = remembered(session)
    views = now.once(saved_views.listed)
    here = (request.args.get("q", "").strip(), request.args.get("sort", ""))
    return _drawn(views, now.of(views), here if here[0] else None)


def _drawn(views: Any, counts: Any, here: tuple[str, str] | None) -> list[dict[str, Any]]:
    return [
        {
            "id": view.id,
            "name": _called(view),
            "address": _address(view),
            "is_here": (view.query, view.sort) == here,
            "count": counts.get(view.id),
        }
        for view in views
    ]


def _called(view: SavedView) -> str:
    return words.view(view.name, view.preset)


def _address(view: SavedView) -> str:
    return url_for("users.index", q=view.query, sort=view.sort or None)


def _list(**shown: Any) -> str:
    views = [
        {"id": each.id, "name": _called(each), "query": each.query, "address": _address(each)}
        for each in saved_views.every(database.session())
    ]
    fields = shown.pop("fields", {})
    return render_template("saved_views/index.html", views=views, faults=shared.faults(fields), **shown)
