"""A row of a file that could not be read, mended in the preview of its import."""

from flask import Blueprint, redirect, request, url_for
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
