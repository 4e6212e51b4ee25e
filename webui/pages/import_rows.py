"""What is done to an import within its preview: a row that could not be read is mended, a tick is kept."""

from dataclasses import replace

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from webui import database
from webui.exchange import mending
from webui.pages import import_preview
from webui.pages.drafts import Draft

pages = Blueprint("import_rows", __name__)


@pages.get("/import/<draft_id>/rows/<int:position>")
def mend(draft_id: str, position: int) -> str:
    """Show the cells of a row that could not be read, to be mended."""
    draft = Draft.find(draft_id)
    with draft.plan() as planned:
        return import_preview.mending(draft, planned, position, mending.cells(planned, position))


@pages.post("/import/<draft_id>/rows/<int:position>/cells")
def mended(draft_id: str, position: int) -> BaseResponse | tuple[str, int]:
    """Read a row again with the cells as they are now."""
    draft, cells = Draft.find(draft_id), request.form.getlist("cell")
    with draft.plan() as planned:
        if planned.about("format") == "vcard":
            cells = "".join(cells).replace("\r\n", "\n").split("\n")
        if not mending.mend(database.engine(), planned, position, cells):
            return import_preview.mending(draft, planned, position, cells), 422
    return redirect(url_for("imports.preview", draft_id=draft.id, _anchor=f"row-{position}"), 303)


@pages.post("/import/<draft_id>/email-optional")
def email_optional(draft_id: str) -> Response:
    """Keep the tick that people may come in without an e-mail, for the next look. It allows nothing yet."""
    draft, ticked = Draft.find(draft_id), request.form.get("email_optional") == "1"
    draft.answer(replace(draft.answers, email_optional=ticked))
    return Response(status=204)
