"""Many people at once, taken elsewhere: their e-mails to copy. Changes nothing; `exports` writes files."""

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from webui import database, words
from webui.pages import chosen, shared
from webui.store import bulk, errors
from webui.store.chosen import Chosen

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


def _nobody(who: Chosen) -> Response:
    return shared.said(words.sentence(errors.Message("bulk.nobody")), chosen.back(who))
