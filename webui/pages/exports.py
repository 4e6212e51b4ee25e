"""Export: which people, as what kind of file, with which columns; written by a job, saved or downloaded.

Changes nothing; while a past moment is looked at, what is written is of then.
"""

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

from flask import (
    Blueprint,
    copy_current_request_context,
    flash,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask_babel import gettext as _
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from webui import database, words
from webui.exchange import formats
from webui.exchange.formats import Format
from webui.exchange.out import choice
from webui.exchange.out.wanted import Wanted
from webui.jobs import Job
from webui.pages import chosen, export_form, jobs, saving, shared
from webui.pages.export_form import EVERYONE
from webui.plurals import ngettext
from webui.store import chosen as many
from webui.store import errors
from webui.store.chosen import Chosen
from webui.store.ledger.history import connection_of

pages = Blueprint("exports", __name__)


@pages.route("/export", methods=["GET", "POST"])
def index() -> str | Response:
    """Show what can be exported and how: of those ticked (POST), of a view (`q`), of everyone."""
    now, q = database.session(), request.values.get("q", "")[:1000]
    ticked = Chosen() if "all" in request.form else chosen.of_form(request.form)
    who = {
        "ticked": chosen.count(now, ticked),
        "view": _count(now, q) if q.strip() else 0,
        "all": chosen.count(now, EVERYONE),
    }
    asked = "ticked" if "all" not in request.form else "view" if q.strip() else "all"
    if request.method == "POST" and not who[asked]:
        return _nobody(ticked)
    return render_template(
        "exports/index.html",
        who=who,
        ids=",".join(map(str, ticked.ids)),
        q=q,
        kinds=export_form.kinds(),
        columns=export_form.columns(connection_of(now)),
        back=chosen.back(ticked),
    )


@pages.post("/export/file")
def write() -> Response:
    """Write the file: where the native dialog says, or to be downloaded."""
    now, who = database.session(), export_form.who(request.form)
    if not chosen.count(now, who):
        return _nobody(who)
    name, format_ = export_form.format_of(request.form)
    wanted = export_form.wanted(request.form, format_, connection_of(now))
    back, place = chosen.back(who), None
    try:
        choice.check(format_, wanted)
        if shared.host().native:
            place = saving.place(_("Export people"), name)
            if place is None:
                return redirect(back, 303)
    except (errors.ReadOnly, errors.Refused) as error:
        return shared.said(words.sentence(error.message), back)
    engine = now.connection().engine  # of the moment that is looked at

    @copy_current_request_context
    def work(_live: Any, job: Job) -> tuple[int, IO[bytes] | None]:
        told = replace(wanted, step=lambda *at: job.step("export.write", *at))
        return _write(engine, who, told, format_, place)

    def then(job: Job) -> str:
        if place is None:
            return url_for("exports.ready", job_id=job.id)
        flash(_saved(job.result[0], place.name))
        return back

    told: dict[str, Any] = {"title": _("Export"), "phases": ["export.write"], "then": then, "back": back}
    return jobs.start("export", work, file=name, reads=True, **told)


@pages.get("/export/<int:job_id>")
def ready(job_id: int) -> str | Response:
    """Offer the file that was written to the browser, which begins to download it by itself."""
    job = _job(job_id)
    if job is None:
        return redirect(url_for("exports.index"), 303)
    address = url_for("exports.file", job_id=job_id)
    told = {"count": job.result[0], "name": job.values["file"], "back": job.values["back"]}
    return render_template("exports/ready.html", address=address, **told)


@pages.get("/export/<int:job_id>/file")
def file(job_id: int) -> Response:
    """Give the browser the file, once: it is gone with the answer."""
    job = _job(job_id)
    if job is None:
        return redirect(url_for("exports.index"), 303)
    count, stream = job.result
    job.result = (count, None)
    stream.seek(0)
    kind = "application/octet-stream"
    return send_file(stream, as_attachment=True, download_name=job.values["file"], mimetype=kind)


def _write(
    engine: Engine, who: Chosen, wanted: Wanted, format_: Format, place: Path | None
) -> tuple[int, IO[bytes] | None]:
    """Write the file and return of how many people it is, and the file itself where it has no place."""
    with Session(engine) as reading:  # who matches and what they are is read of one moment
        if who != EVERYONE:
            wanted = replace(wanted, ids=many.ids(reading, who))
        connection = connection_of(reading)
        if place:
            return formats.export(connection, place, wanted), None
        stream = tempfile.TemporaryFile()  # noqa: SIM115  # nameless; it lives as long as the job is known
        try:
            return formats.write(connection, stream, format_, wanted), stream
        except BaseException:
            stream.close()
            raise


def _job(job_id: int) -> Job | None:
    """Return a job that has written a file to be downloaded."""
    job = shared.jobs().get(job_id)
    return job if job and job.name == "export" and job.state == "done" and job.result[1] else None


def _count(now: Session, q: str) -> int:
    """Return how many a search finds; none where it can't be read."""
    try:
        return chosen.count(now, Chosen(q=q))
    except errors.StoreError:
        return 0


def _saved(count: int, name: str) -> str:
    return ngettext(
        "%(num)s person saved in %(name)s.", "%(num)s people saved in %(name)s.", count, name=name
    )


def _nobody(who: Chosen) -> Response:
    return shared.said(words.sentence(errors.Message("bulk.nobody")), chosen.back(who))
