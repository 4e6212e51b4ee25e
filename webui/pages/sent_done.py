"""What came of a sheet that is back, with the way to undo it; and its rows that were left out, as a file."""

import io
from pathlib import Path

from flask import Blueprint, redirect, render_template, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from webui import database, words
from webui.exchange import rejects, targets
from webui.exchange.reading import kinds
from webui.exchange.rejects import RefusedRows
from webui.exchange.sent import left
from webui.pages import saving, sent_draft, shared
from webui.pages.drafts import Draft
from webui.store.errors import Full, ReadOnly, Refused
from webui.store.ledger import history

pages = Blueprint("sent_done", __name__)


@pages.get("/import/<draft_id>/sent/done")
def show(draft_id: str) -> str | Response:
    """Show what was taken, and the way back."""
    draft = Draft.find(draft_id)
    if (taken := draft.taken) is None:
        return redirect(url_for("sent.preview", draft_id=draft.id), 303)
    session, made = database.session(), taken.operation
    undo = history.next_undo(session)
    past = history.find(history.connection_of(session), made) if made else None
    return render_template(
        "sent/done.html",
        draft=draft,
        taken=taken,
        undo=undo if undo is not None and undo.id == made else None,
        undone=past is not None and past.undone,
    )


@pages.get("/import/<draft_id>/sent/left")
def left_out(draft_id: str) -> Response:
    """Give the rows that are left out as a file to be mended."""
    draft, stream = Draft.find(draft_id), io.BytesIO()
    found = _left(draft)
    rejects.write_rows(stream, found, words.sentence)
    stream.seek(0)
    name = _name(draft, found)
    return send_file(stream, "application/octet-stream", as_attachment=True, download_name=name)


@pages.post("/import/<draft_id>/sent/left")
def save_left_out(draft_id: str) -> Response:
    """Write them where the person says, by the native dialog."""
    draft = Draft.find(draft_id)
    back = url_for("sent_done.show" if draft.taken else "sent.preview", draft_id=draft.id)
    found = _left(draft)
    try:
        place = saving.place(_("Save the rows left out"), _name(draft, found))
        if place is None:
            return redirect(back, 303)
        with targets.temporary(place) as stream:
            with targets.told(place):
                rejects.write_rows(stream, found, words.sentence)
            targets.publish(stream, place)
    except (Full, ReadOnly, Refused) as error:
        return shared.said(words.sentence(error.message), back)
    return shared.said(_("Saved as %(name)s.", name=place.name), back)


def _left(draft: Draft) -> RefusedRows:
    with sent_draft.comparison(draft) as compared, sent_draft.newcomers(draft) as new:
        return left.as_rejects(compared, kinds.look(draft.file), new)


def _name(draft: Draft, found: RefusedRows) -> str:
    return f"{Path(draft.name).stem}-left-out{rejects.SUFFIXES.get(found.format, '.csv')}"
