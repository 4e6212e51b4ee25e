"""Many people at once, taken elsewhere: their e-mails to copy, themselves as a file. Changes nothing."""

import tempfile
from pathlib import Path
from typing import Any

from flask import Blueprint, redirect, render_template, request, send_file
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from webui import database, words
from webui.exchange import formats
from webui.pages import chosen, saving, shared
from webui.store import bulk, errors
from webui.store import chosen as many
from webui.store.chosen import Chosen
from webui.store.ledger.operations import raw

pages = Blueprint("bulk_out", __name__)


@pages.post("/bulk/emails")
def emails() -> Response | str:
    """Show the main e-mails of all selected, to be copied."""
    session, who = database.session(), chosen.of_form(request.form)
    count = chosen.count(session, who)
    if not count:
        return _nobody(who)
    found, without = bulk.main_emails(session, who)
    shown = {"count": count, "back": chosen.back(who), **chosen.kept(who)}
    return render_template("bulk/emails.html", emails=found, without=without, **shown)


@pages.post("/bulk/export")
def export() -> Response | str:
    """Ask for the kind of file; then write it where the person says, or give it to the browser."""
    session, who = database.session(), chosen.of_form(request.form)
    count = chosen.count(session, who)
    if not count:
        return _nobody(who)
    kind = request.form.get("kind")
    if kind is None:
        shown = {"count": count, "formats": _kinds(), "back": chosen.back(who), **chosen.kept(who)}
        return render_template("bulk/export.html", **shown)
    name = f"roster-people.{kind}"
    if shared.host().native:
        return _save(session, who, name)
    return _send(session, who, name)


def _kinds() -> dict[str, Any]:
    return {
        "csv": (_("CSV"), _("A table for a spreadsheet; lists and tags are in one cell each.")),
        "json": (_("JSON"), _("All there is of each person, posts too, for programs.")),
        "vcf": (_("vCard"), _("Contacts for an address book or a phone.")),
    }


def _save(session: Session, who: Chosen, name: str) -> Response:
    """Write the file where the native dialog says."""
    formats.by_suffix(Path(name))
    try:
        place = saving.place(_("Export people"), name)
        if place is None:
            return redirect(chosen.back(who), 303)
        count = formats.export(raw(session.connection()), place, many.ids(session, who))
    except (errors.Full, errors.ReadOnly, errors.Refused) as error:
        return shared.said(words.sentence(error.message), chosen.back(who))
    said = ngettext(
        "%(num)s person saved in %(name)s.", "%(num)s people saved in %(name)s.", count, name=place.name
    )
    return shared.said(said, chosen.back(who))


def _send(session: Session, who: Chosen, name: str) -> Response:
    """Give the file to the browser, out of a nameless one that is gone with the answer."""
    format_ = formats.by_suffix(Path(name))
    stream = tempfile.TemporaryFile()  # noqa: SIM115  # closed with the answer
    try:
        format_.write(raw(session.connection()), stream, many.ids(session, who))
        stream.seek(0)
    except BaseException:
        stream.close()
        raise
    return send_file(stream, as_attachment=True, download_name=name, mimetype="application/octet-stream")


def _nobody(who: Chosen) -> Response:
    return shared.said(words.sentence(errors.Message("bulk.nobody")), chosen.back(who))
