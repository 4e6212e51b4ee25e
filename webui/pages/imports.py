"""Import in four steps: a file, its columns, a preview of every row, and then all of it at once."""

import io
from dataclasses import replace
from pathlib import Path

from flask import Blueprint, Response, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from sqlalchemy import Engine
from werkzeug.wrappers import Response as BaseResponse

from webui import database, words
from webui.exchange import days, importing, looking, rejects, tables, targets
from webui.exchange.ours import finding
from webui.exchange.plan import CHOICES
from webui.exchange.rules import Rules
from webui.jobs import Job
from webui.pages import (
    import_begun,
    import_columns,
    import_files,
    import_preview,
    jobs,
    restores,
    safety,
    saving,
    sent,
    shared,
)
from webui.pages.drafts import Answers, Draft
from webui.pages.settled import settled, told, watched
from webui.safety import automatic
from webui.store.errors import Message, Refused

pages = Blueprint("imports", __name__)


@pages.get("/import")
def index() -> str:
    """Choose a file."""
    return render_template("imports/index.html", fault=None, pasted="", begun=import_begun.found())


@pages.post("/import")
def choose() -> BaseResponse | tuple[str, int]:
    """Take the chosen file and look at it. Nothing is saved."""
    try:
        if (chosen := import_files.browsed()) and finding.is_restored(
            chosen
        ):  # a database brings its log from where it is
            return restores.look_at(chosen, url_for("imports.index"))
        draft = Draft.made(chosen.name, chosen) if chosen else import_files.sent()
    except Refused as error:
        return _refused(error.message)
    except OSError as error:
        if error.errno in targets.NO_SPACE:
            return _refused(Message("disk_full"))
        return _refused(Message("import.unreadable", {"reason": error.strerror or str(error)}))
    if draft is None:
        return redirect(url_for("imports.index"), 303)
    try:
        if path := import_files.to_restore(draft):
            return restores.look_at(path, url_for("imports.index"))
        sheet, _found = looking.look(database.session(), draft.file)
    except Refused as error:
        draft.remove()
        return _refused(error.message)
    if (comparing := sent.begun(draft, sheet)) is not None:
        return comparing
    if sheet.fixed:
        return import_columns.plan(draft)
    if not sheet.first and len(sheet.tables) < 2 and next(iter(sheet.rows()), None) is None:  # a header alone
        draft.remove()
        return _refused(Message("import.empty"))
    return redirect(url_for("imports.match", draft_id=draft.id), 303)


@pages.get("/import/<draft_id>/columns")
def match(draft_id: str) -> BaseResponse | str | tuple[str, int]:
    """Show where each column goes, to be corrected; the query says how else to read the file."""
    draft = Draft.find(draft_id)
    if request.args and (job := import_begun.job_of(draft)):
        return told(draft, job)
    if request.args:
        draft.read_by(import_columns.options(request.args))
        if import_columns.other_table(request.args):
            draft.answer(Answers())  # those were of other columns
    try:
        return import_columns.page(draft)
    except Refused as error:  # it can't be read the way that was told
        draft.read_by(tables.Options())
        return import_columns.page(draft, error.message), 422


@pages.post("/import/<draft_id>/columns")
@settled(told)
def plan(draft: Draft) -> BaseResponse | tuple[str, int]:
    """Plan the import with the columns as they were chosen."""
    choices, how = request.form.getlist("target"), import_columns.rules(request.form)
    try:
        session = database.session()
        sheet, found = looking.look(session, draft.file, draft.options)
        import_columns.check_key(draft, sheet, found, how["key"])
        if sheet.fixed:
            draft.answer(replace(draft.answers, how=how))
            return import_columns.plan(draft, again=True)
        if len(choices) != len(found):
            return redirect(url_for("imports.match", draft_id=draft.id), 303)
        looking.chosen(session, found, choices)
    except Refused as error:
        return import_columns.page(draft, error.message, choices, Rules(**how)), 422

    draft.answer(Answers(choices, how=how))
    return import_columns.plan(draft)


@pages.post("/import/<draft_id>/dates")
@settled(told)
def dates(draft: Draft) -> BaseResponse:
    """Answer which of day and month comes first, and plan it again."""
    answer = request.form.get("dates")
    if answer in (days.DAY, days.MONTH):
        draft.answer(replace(draft.answers, dates=answer))
    return import_columns.plan(draft, again=True, at="dates")


@pages.get("/import/<draft_id>/preview")
@settled(watched)
def preview(draft: Draft) -> str:
    """Show what would happen to each row."""
    return import_preview.page(draft)


@pages.post("/import/<draft_id>/rows/<int:position>")
@settled(told)
def answer(draft: Draft, position: int) -> BaseResponse:
    """Answer the question of one row."""
    choice = request.form.get("choice", "")
    with draft.plan() as planned:
        if choice in CHOICES:
            planned.choose(position, choice)
    show, after = request.form.get("show") or None, request.form.get("after") or None
    row = f"row-{position}"
    return redirect(url_for("imports.preview", draft_id=draft.id, show=show, after=after, _anchor=row), 303)


@pages.post("/import/<draft_id>")
@settled(watched)
def apply(draft: Draft) -> BaseResponse | tuple[str, int]:
    """Do what the preview showed, in the background."""
    allowed = request.form.get("email_optional") == "1"
    if draft.result:
        return redirect(url_for("imports.done", draft_id=draft.id), 303)
    with draft.plan() as planned:
        if asked := importing.question(planned):
            return import_preview.page(draft, asked), 409
        if not allowed and (count := importing.needs_email(database.engine(), planned)):
            return import_preview.page(draft, Message("import.without_email", {"count": count})), 409

    where = safety.places()

    def work(engine: Engine, job: Job) -> None:
        automatic.before(engine, where, "import", lambda *_step: job.step("backup.before"))
        with draft.plan() as planned:
            result = importing.apply(engine, planned, job.step, allow_missing_email=allowed)
        draft.done(result)

    def then(_job: Job) -> str:
        if draft.result:
            return url_for("imports.done", draft_id=draft.id)
        flash(_("The import is done, but its report could not be kept."), "undo")
        return url_for("users.index")

    return jobs.start(
        "import.apply",
        work,
        title=_("Import %(name)s", name=draft.name),
        phases=["backup.before", "import.match", "import.write", "import.index"],
        then=then,
        back=url_for("imports.preview", draft_id=draft.id),
        draft=draft.id,
    )


@pages.get("/import/<draft_id>/done")
def done(draft_id: str) -> str | BaseResponse:
    """Show what came of it, and the way back."""
    draft = Draft.find(draft_id)
    if draft.result is None:
        return redirect(url_for("imports.preview", draft_id=draft.id), 303)
    with draft.plan() as planned:
        told = {"kept": planned.about("kept"), "doubtful": planned.doubtful()}
        told["is_cards"] = planned.about("format") == "vcard"
    told |= shared.way_back(draft.result.operation)
    return render_template("imports/done.html", draft=draft, result=draft.result, **told)


@pages.get("/import/<draft_id>/refused")
def refused(draft_id: str) -> Response:
    """Give the refused rows as a file to be mended."""
    draft, stream = Draft.find(draft_id), io.BytesIO()
    with draft.plan() as planned:
        rejects.write(stream, planned, words.sentence)
    stream.seek(0)
    return send_file(
        stream, "application/octet-stream", as_attachment=True, download_name=_refused_name(draft)
    )


@pages.post("/import/<draft_id>/refused")
def save_refused(draft_id: str) -> BaseResponse:
    """Write the refused rows where the person says, by the native dialog."""
    draft = Draft.find(draft_id)
    back = url_for("imports.done" if draft.result else "imports.preview", draft_id=draft.id)
    with draft.plan() as planned:
        title, name = _("Save the refused rows"), _refused_name(draft)
        return saving.written(
            title, name, back, lambda stream: rejects.write(stream, planned, words.sentence)
        )


@pages.post("/import/<draft_id>/leave")
def leave(draft_id: str) -> BaseResponse:
    """Leave an import as it is: nothing was saved."""
    draft = Draft.find(draft_id)
    if import_begun.is_under_way(draft):
        flash(words.sentence(Message("busy")))
        return redirect(url_for("imports.index"), 303)
    draft.remove()
    return redirect(url_for("users.index"), 303)


def _refused(message: Message) -> tuple[str, int]:
    pasted = request.form.get("pasted", "")
    fault, begun = words.sentence(message), import_begun.found()
    return render_template("imports/index.html", fault=fault, pasted=pasted, begun=begun), 422


def _refused_name(draft: Draft) -> str:
    with draft.plan() as planned:
        return f"{Path(draft.name).stem}-refused{rejects.suffix(planned)}"
