"""A sheet that was sent out and is back: what they edited, what is asked about, and all of it at once.

Begun where a file is chosen (`imports`), which knows such a sheet by its mark; it skips the columns.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from sqlalchemy import Engine
from werkzeug.wrappers import Response

from webui import database, words
from webui.exchange import days, encodings
from webui.exchange.plan import CHOICES, Plan
from webui.exchange.sent import comparing, newcomers, taking, unsent
from webui.exchange.sent.comparison import MINE, THEIRS, Comparison, tells_who
from webui.exchange.sent.unsent import Said
from webui.exchange.tables import Options, Table
from webui.jobs import Job
from webui.pages import jobs, safety, sent_draft, sent_preview, shared
from webui.pages.drafts import Draft
from webui.pages.settled import settled, watched
from webui.safety import automatic
from webui.store.errors import Message, NotFound, Refused

pages = Blueprint("sent", __name__)


def begun(draft: Draft, sheet: Table) -> Response | None:
    """Begin to compare the file of a draft, None where it was not sent from here."""
    known, reason = comparing.recognised(database.engine(), sheet)
    if reason:
        flash(words.sentence(reason))
    return _compare(draft) if known else None


@pages.get("/import/<draft_id>/sent")
def preview(draft_id: str) -> str | Response:
    """Show what they edited, and what is another here since."""
    draft = Draft.find(draft_id)
    taken = draft.taken
    if taken and (not taken.out or shared.way_back(taken.operation)["undone"]):  # nothing to look at any more
        return redirect(url_for("sent_done.show", draft_id=draft.id), 303)
    return sent_preview.page(draft)


def _under_way(draft: Draft, _job: Job) -> Response:
    """Say that an answer was not taken, and show the page as it was."""
    flash(words.sentence(Message("sent.under_way")))
    return redirect(_shown(draft), 303)


def _shown(draft: Draft, position: int | None = None) -> str:
    """Return the address of what was shown when an answer came, at a row of it."""
    show, after = (request.form.get(name) or None for name in ("show", "after"))
    row = None if position is None else f"row-{position}"
    return url_for("sent.preview", draft_id=draft.id, show=show, after=after, _anchor=row)


@pages.post("/import/<draft_id>/sent/<int:position>")
@settled(_under_way)
def answer(draft: Draft, position: int) -> Response:
    """Answer which of an edit or a conflict is wanted: theirs or mine."""
    choice = request.form.get("choice", "")
    field, there = request.form.get("field", ""), _shown(draft, position)
    with sent_draft.comparison(draft) as compared:
        if choice in (THEIRS, MINE):
            compared.choose(position, field, choice)
    return _tried_again(draft, there) if tells_who(field) else redirect(there, 303)


@pages.post("/import/<draft_id>/sent/<int:position>/out")
@settled(_under_way)
def leave(draft: Draft, position: int) -> Response:
    """Leave out someone new."""
    return _without(draft, position, newcomers.leave)


@pages.post("/import/<draft_id>/sent/<int:position>/in")
@settled(_under_way)
def take_in(draft: Draft, position: int) -> Response:
    """Take someone in again who was left out."""
    return _without(draft, position, newcomers.take)


def _without(draft: Draft, position: int, do: Callable[[Engine, Comparison, Plan, int], None]) -> Response:
    there = _shown(draft, position)

    def work(engine: Engine, job: Job) -> None:
        job.step("import.match", 0, 0)
        with sent_draft.comparison(draft) as compared, sent_draft.newcomers(draft) as new:
            if new:
                with suppress(NotFound):  # clicked twice
                    do(engine, compared, new, unsent.number(compared, position))

    return redirect(there, 303) if draft.taken else _looked(draft, work, ["import.match"], there, there)


@pages.post("/import/<draft_id>/sent/<int:position>/whose")
@settled(_under_way)
def answer_whose(draft: Draft, position: int) -> Response:
    """Answer whose a row is that nobody was sent in: the same person, a second one, or left out. Of who was
    sent it is looked at again what was edited."""
    choice = request.form.get("choice", "")
    there = _shown(draft, position)
    if choice not in CHOICES or draft.taken:
        return redirect(there, 303)
    with sent_draft.comparison(draft) as compared, sent_draft.newcomers(draft) as new:
        whose = sent_draft.whose(draft, compared, new, position, choice)
        said = unsent.said(compared, new)
    if whose == sent_draft.answered(draft):
        return redirect(there, 303)
    said = replace(said, whose=whose, choices={**said.choices, position: choice})
    return _compare(draft, there, said)


@pages.post("/import/<draft_id>/sent/all")
@settled(_under_way)
def answer_all(draft: Draft) -> Response:
    """Answer all conflicts alike."""
    choice = request.form.get("choice", "")
    there = url_for("sent.preview", draft_id=draft.id, show=request.form.get("show") or None)
    with sent_draft.comparison(draft) as compared:
        if choice in (THEIRS, MINE):
            compared.choose_all(choice)
    return _tried_again(draft, there)


@pages.post("/import/<draft_id>/sent/dates")
@settled(_under_way)
def dates(draft: Draft) -> Response:
    """Answer which of day and month comes first in the dates of the sheet."""
    order = request.form.get("dates")
    there = url_for("sent.preview", draft_id=draft.id, _anchor="dates")
    if order not in (days.DAY, days.MONTH):
        return redirect(there, 303)
    draft.answer(replace(draft.answers, dates=order))

    def work(engine: Engine, job: Job) -> None:
        with sent_draft.comparison(draft) as compared:
            sent_draft.plan(engine, draft, compared, job.step)
            compared.settle_dates(order)

    return _looked(draft, work, ["import.read", "import.match"], there, there)


@pages.post("/import/<draft_id>/sent/letters")
@settled(_under_way)
def letters(draft: Draft) -> Response:
    """Say in which letters the sheet is to be read, and compare it again."""
    there = url_for("sent.preview", draft_id=draft.id)
    if draft.taken:
        return redirect(there, 303)
    options = replace(draft.options, encoding=encodings.called(request.form.get("encoding", "")))
    with sent_draft.comparison(draft) as compared, sent_draft.newcomers(draft) as new:
        said = sent_draft.said(draft, compared, new)
    return _compare(draft, there, said, options)


@pages.post("/import/<draft_id>/sent")
@settled(watched)
def take(draft: Draft) -> Response | tuple[str, int]:
    """Take their edits, in the background."""
    allowed = request.form.get("email_optional") == "1"
    if asked := sent_draft.question(draft):
        return sent_preview.page(draft, asked), 409
    if not allowed and (count := sent_draft.without_email(draft)):
        return sent_preview.page(draft, Message("import.without_email", {"count": count})), 409
    where, name = safety.places(), draft.name

    def work(engine: Engine, job: Job) -> taking.Taken | None:
        automatic.before(engine, where, "import", lambda *_step: job.step("backup.before"))
        with sent_draft.comparison(draft) as compared, sent_draft.newcomers(draft) as new:
            try:
                taken = taking.take(engine, compared, new, job.step, allow_missing_email=allowed)
            except Refused as error:
                if error.message.id != "sent.moved":
                    raise
                taken = None
            said = sent_draft.said(draft, compared, new)
        if taken:
            draft.done(taken)
        if taken is None or taken.out:
            _work(draft, name, said)(engine, job)  # so that what is left is seen
        return taken

    def then(job: Job) -> str:
        if job.result is None:
            flash(words.sentence(Message("sent.moved")))
            return url_for("sent.preview", draft_id=draft.id)
        return url_for("sent_done.show", draft_id=draft.id)

    return jobs.start(
        "import.apply",
        work,
        title=_("Take the edits in %(name)s", name=name),
        phases=["backup.before", "sent.write", "import.index"],
        then=then,
        back=url_for("sent.preview", draft_id=draft.id),
        draft=draft.id,
    )


def _compare(
    draft: Draft, there: str = "", said: Said | None = None, options: Options | None = None
) -> Response:
    """Compare the file of a draft: for the first time, or again to come back `there`."""
    then, back = there or url_for("sent.preview", draft_id=draft.id), there or url_for("imports.index")
    work = _work(draft, draft.name, said, options)
    return _looked(draft, work, ["import.read", "sent.write", "import.match"], then, back)


def _tried_again(draft: Draft, there: str) -> Response:
    """Try again as conflicts are answered by now what another's answer may let in or keep out."""

    def work(engine: Engine, job: Job) -> None:
        with sent_draft.comparison(draft) as again, sent_draft.newcomers(draft) as new:
            taking.try_again(engine, again, job.step)
            if new:  # who is beside what was edited
                newcomers.judge(engine, again, new, job.step)

    return _looked(draft, work, ["sent.write", "import.match"], there, there)


def _looked(
    draft: Draft, work: Callable[[Engine, Job], None], phases: list[str], then: str, back: str
) -> Response:
    title = _("Import %(name)s", name=draft.name)
    return jobs.start("import.plan", work, title=title, phases=phases, then=then, back=back, draft=draft.id)


def _work(
    draft: Draft, name: str, said: Said | None = None, options: Options | None = None
) -> Callable[[Engine, Job], None]:
    """Return what compares the file of a draft, and plans the import of whoever is new in it; `said` is what
    was answered of its rows. `options` say how it is to be read from now on, if it is a sheet then."""

    def work(engine: Engine, job: Job) -> None:
        sheet = sent_draft.sheet(engine, draft, options)
        sent_draft.compare(engine, draft, sheet, name, job.step, said)
        draft.read_by(sent_draft.read_by(options or draft.options, sheet))

    return work
