"""Where backups lie: the first place, a second one, and the room that they may take. This computer's own."""

from pathlib import Path
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import Engine
from werkzeug.wrappers import Response

from webui import addresses, database, words
from webui.exchange import targets
from webui.jobs import Job
from webui.pages import jobs, safety, shared
from webui.preferences import BACKUPS_LIMITS, Preferences
from webui.safety import automatic, owed, second, settling
from webui.safety import places as locations
from webui.safety.places import GIGABYTE
from webui.store import errors

pages = Blueprint("places", __name__)


@pages.get("/safety/places")
def index() -> str:
    """Show where backups lie."""
    places = safety.places()
    typed = {
        "first": str(places.first),
        "second": str(places.second.path) if places.second else "",
        "limit": str(_preferences().get("backups_limit")),
    }
    return _page(typed, {})


@pages.post("/safety/places")
def change() -> Response | tuple[str, int] | str:
    """Let backups lie elsewhere from now on; those made so far stay where they are."""
    typed = {name: request.form.get(name, "").strip() for name in ("first", "second", "limit")}
    if asked := request.form.get("browse"):
        title = _("Second place for backups") if asked == "second" else _("Folder for backups")
        chosen = shared.host().choose_folder(title)
        return _page(typed | ({asked: str(chosen)} if chosen and asked in typed else {}), {})
    faults: dict[str, errors.Message] = {}
    was = safety.places()
    first, place = Path(typed["first"] or was.first), None
    database_path = Path(str(database.engine().url.database))
    try:
        if first != was.first:
            _see_first(first, database_path)
    except errors.StoreError as error:
        faults["first"] = error.message
    try:
        if typed["second"]:
            place = second.choose(Path(typed["second"]), first, database_path)
    except errors.StoreError as error:
        faults["second"] = error.message
    limit = addresses.number(typed, "limit")
    if limit not in BACKUPS_LIMITS:
        limit = was.limit // GIGABYTE
    if faults:
        return _page(typed, faults), 422
    if place:
        second.look(place, first, database_path.parent)
    changed: dict[str, Any] = {"second_place": None, "backups_limit": limit}
    if place:
        changed["second_place"] = locations.as_kept(place)
    earlier = locations.left(was, first, place, database_path.parent)
    changed["earlier_places"] = [locations.as_kept(each) for each in earlier]
    if first != was.first:
        changed["backups"] = str(first)
    with targets.told(_preferences().path):
        _preferences().change(changed)
    current_app.config["BACKUPS"] = first
    return _fill(place) if place and place != was.second else _saved()


@pages.post("/safety/places/earlier")
def let_go() -> Response:
    """Know no more of a folder where backups lay: it is gone for good, or nobody is to look there again."""
    path, mark = request.form.get("path", ""), request.form.get("mark", "")
    lately: automatic.Lately = current_app.extensions["roster.backups"]
    with lately.lock, targets.told(_preferences().path):
        left = locations.without(safety.places().earlier, path, mark)
        _preferences().change({"earlier_places": left})
        owed.forgive(Path(str(database.engine().url.database)).parent, second.Place(Path(path), mark))
    flash(_("%(path)s is not looked at any more. Nothing in it was changed.", path=path))
    return redirect(url_for("places.index"), 303)


def _fill(place: second.Place) -> Response:
    """Bring what there is to a second place that was just chosen; see that it can be written."""
    places = safety.places()
    lately: automatic.Lately = current_app.extensions["roster.backups"]

    def work(engine: Engine, job: Job) -> automatic.Made | None:
        with lately.lock:
            settling.settle(engine, places, job.step)
        return automatic.fill(engine, places, job.step)

    def then(job: Job) -> str:
        if job.result and job.result.failed:
            flash(_("Nothing could be copied there. %(why)s", why=words.sentence(job.result.failed)))
        else:
            flash(_("The second place is %(path)s. A verified copy is in it.", path=place.path))
        return url_for("safety.index")

    return jobs.start(
        "back_up",
        work,
        title=_("Copy to the second place"),
        phases=automatic.PHASES,
        then=then,
        back=url_for("places.index"),
    )


def _see_first(first: Path, database_path: Path) -> None:
    """See that backups can be written to a folder. Raises Refused, ReadOnly, Full."""
    second.check(first, None, database_path)
    second.make(first)


def _saved() -> Response:
    flash(_("Saved."))
    return redirect(url_for("safety.index"), 303)


def _preferences() -> Preferences:
    found: Preferences | None = current_app.extensions["roster.preferences"]
    if found is None:
        raise errors.NotFound("place", "")
    return found


def _page(typed: dict[str, str], faults: dict[str, errors.Message]) -> str:
    where, data = safety.places(), Path(str(database.engine().url.database)).parent
    return render_template(
        "safety/places.html",
        form=typed,
        faults=shared.faults(faults),
        limits=BACKUPS_LIMITS,
        earlier=[*where.earlier, *settling.strays(where, data)],
    )
