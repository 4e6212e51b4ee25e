"""Settings: the database's own (undoable), this machine's (not), and making the file small."""

from pathlib import Path
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from webui import addresses, database, facts, filters
from webui.jobs import Job
from webui.pages import fields as field_pages
from webui.pages import jobs, programs, safety, shared
from webui.preferences import Preferences
from webui.safety import automatic, files, pruning
from webui.store import errors, settings, trash
from webui.store.ledger import horizon, moments, vacuum
from webui.store.ledger.operations import operation, raw

pages = Blueprint("settings", __name__)


@pages.get("/settings")
def index() -> str:
    """Show all settings."""
    return _page({}, {})


@pages.post("/settings/roster")
def roster() -> Response | tuple[str, int]:
    """Change what belongs to the database: its title, the e-mail rule, where phones belong to."""
    session, typed = database.session(), request.form.to_dict()
    required, leave = "email_required" in typed, typed.get("those_without") == "ask_later"
    faults: dict[str, errors.Message] = {}
    gone = trash.Counts()
    try:
        with operation(session):
            try:
                settings.set_title(session, typed.get("title", ""))
            except errors.Invalid as error:
                faults |= error.fields
            try:
                if "phone_region" in typed:
                    settings.set_phone_region(session, typed["phone_region"])
                if "history_limit" in typed:
                    settings.set_history_limit(session, _number(typed, "history_limit"))
                if "trash_days" in typed:
                    days = _number(typed, "trash_days")
                    if settings.set_trash_days(session, days) and days:
                        gone = trash.empty(session, trash.since(days))
            except errors.Invalid as error:
                faults |= error.fields
            try:
                settings.set_email_required(session, required, leave_those_without=leave)
            except errors.Refused as error:
                faults["email_required"] = error.message
            if faults:
                raise errors.Invalid(faults)  # takes the other half back
    except errors.Invalid:
        return _page(typed, faults), 409 if set(faults) == {"email_required"} else 422
    shared.host().retitle(settings.get(session, "title"))
    said = _("Settings saved.")
    if gone.all:
        said += " " + _("Deleted for good: %(what)s.", what=filters.counted(vars(gone)))
    return _keep_history(session) or shared.done(said, "settings.index")


def _number(typed: dict[str, Any], name: str) -> int:
    """Return a number that was typed, -1 for what is none."""
    found = addresses.number(typed, name)
    return -1 if found is None else found


def _keep_history(session: Session) -> Response | None:
    """Let go of history beyond the size it is kept at, where it is beyond it."""
    limit, where = settings.history_limit(session), safety.places()
    lately: automatic.Lately = current_app.extensions["roster.backups"]
    if not limit or horizon.size(raw(session.connection())) <= limit:
        return None

    def work(engine: Engine, job: Job) -> pruning.Pruned | None:
        if done := pruning.prune(engine, where.first, limit, job.step):
            lately.not_copied = automatic.follow(engine, where, done.backup, shared.told_to(job))
        return done

    def then(job: Job) -> str:
        flash(_("Settings saved."))
        if job.result:
            kept = {"size": filters.filesize(job.result.after), "name": job.result.backup.name}
            flash(_("History takes %(size)s now. What went is in the backup %(name)s.", **kept))
        return url_for("settings.index")

    return jobs.start(
        "prune",
        work,
        title=_("Keep history at its size"),
        phases=pruning.PHASES,
        then=then,
        back=url_for("settings.index"),
    )


@pages.post("/settings/machine")
def machine() -> Response:
    """Change what belongs to this computer: appearance, size, and whether keys of one letter work."""
    preferences: Preferences | None = current_app.extensions["roster.preferences"]
    if preferences is not None:
        wanted = {
            "appearance": request.form.get("appearance"),
            "size": (addresses.number(request.form, "size") or 0) if request.form.get("size") else None,
            "letters": "letters" in request.form,
        }
        try:
            preferences.change(wanted)
        except ValueError:
            return _said(_("This size or appearance can't be used. Nothing was changed."))
    return _said(_("Settings saved."))


@pages.post("/settings/vacuum")
def compact() -> Response:
    """Rewrite the database file without its free pages."""
    database.session().rollback()
    before, after = vacuum.vacuum(database.engine())
    return _said(
        _(
            "The file was %(before)s and is %(after)s now.",
            before=filters.filesize(before),
            after=filters.filesize(after),
        )
    )


@pages.post("/settings/show-folder")
def show_folder() -> Response:
    """Show the folder of the database file in the system's file manager."""
    path = database.engine().url.database
    if path:
        shared.host().show_folder(Path(path))
    return redirect(shared.came_from() or url_for("settings.index"), 303)


def _history(session: Session) -> tuple[str, str]:
    """Return the size of history in words, and the time that it reaches back to ('' while it is empty)."""
    connection = raw(session.connection())
    begins = moments.begin(session).at or moments.oldest(session).at
    return filters.filesize(horizon.size(connection)), begins


def _said(sentence: str) -> Response:
    return shared.said(sentence, url_for("settings.index"))


def _page(typed: dict[str, Any], fields: dict[str, errors.Message]) -> str:
    session = database.session()
    kept = {
        name: settings.get(session, name) for name in ("title", "phone_region", "history_limit", "trash_days")
    }
    kept |= {"email_required": "1"} if settings.email_required(session) else {}
    path = database.engine().url.database
    without = settings.without_email(session, 20) if "email_required" in fields else []
    return render_template(
        "settings/index.html",
        fields=field_pages.listed(session),
        form=typed or kept,
        faults=shared.faults(fields),
        regions=facts.regions(),
        may_leave="email_required" in fields,
        without=without,
        shared_emails=settings.shared_emails(session, [user.id for user in without]),
        file_size=filters.filesize(files.size(Path(path))) if path and Path(path).exists() else None,
        limits=settings.HISTORY_LIMITS,
        trash_days=[(days, trash.counts(session, trash.since(days)).all) for days in settings.TRASH_DAYS],
        history=_history(session),
        programs=programs.count(),
        has_preferences=current_app.extensions["roster.preferences"] is not None,
    )
