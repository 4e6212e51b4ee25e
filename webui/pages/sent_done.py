"""What came of a sheet that is back, with the way to undo it; and its rows that were left out, as a file."""

import io
from pathlib import Path

from flask import Blueprint, redirect, render_template, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from webui import words
from webui.exchange import rejects
from webui.exchange.reading import kinds
from webui.exchange.rejects import RefusedRows
from webui.exchange.sent import left
from webui.pages import saving, sent_draft, shared
from webui.pages.drafts import Draft

pages = Blueprint("sent_done", __name__)


@pages.get("/import/<draft_id>/sent/done")
def show(draft_id: str) -> str | Response:
    """Show what was taken, and the way back."""
    draft = Draft.find(draft_id)
    if (taken := draft.taken) is None:
        return redirect(url_for("sent.preview", draft_id=draft.id), 303)
    return render_template("sent/done.html", draft=draft, taken=taken, **shared.way_back(taken.operation))


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
    title, name = _("Save the rows left out"), _name(draft, found)
    return saving.written(title, name, back, lambda stream: rejects.write_rows(stream, found, words.sentence))


def _left(draft: Draft) -> RefusedRows:
    with sent_draft.comparison(draft) as compared, sent_draft.newcomers(draft) as new:
        return left.as_rejects(compared, kinds.look(draft.file, draft.options), new)


def _name(draft: Draft, found: RefusedRows) -> str:
    return f"{Path(draft.name).stem}-left-out{rejects.SUFFIXES.get(found.format, '.csv')}"
