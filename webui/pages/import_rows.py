"""What is done to an import within its preview: a row that could not be read is mended, one is
left out, phones get a region, a tick is kept."""

from dataclasses import replace

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from webui import database
from webui.exchange import left_out, mending, phone_region
from webui.pages import import_preview
from webui.pages.drafts import Draft
from webui.pages.settled import settled, told
from webui.store.errors import Invalid

pages = Blueprint("import_rows", __name__)


@pages.get("/import/<draft_id>/rows/<int:position>")
@settled(told)
def mend(draft: Draft, position: int) -> str:
    """Show the cells of a row that could not be read, to be mended."""
    with draft.plan() as planned:
        return import_preview.mending(draft, planned, position, mending.cells(planned, position))


@pages.post("/import/<draft_id>/rows/<int:position>/cells")
@settled(told)
def mended(draft: Draft, position: int) -> BaseResponse | tuple[str, int]:
    """Read a row again with the cells as they are now."""
    cells = request.form.getlist("cell")
    with draft.plan() as planned:
        if planned.about("format") == "vcard":
            cells = "".join(cells).replace("\r\n", "\n").split("\n")
        if not mending.mend(database.engine(), planned, position, cells):
            return import_preview.mending(draft, planned, position, cells), 422
    return redirect(url_for("imports.preview", draft_id=draft.id, _anchor=f"row-{position}"), 303)


@pages.post("/import/<draft_id>/rows/<int:position>/out")
@settled(told)
def leave(draft: Draft, position: int) -> BaseResponse:
    """Leave out a row that would come in."""
    with draft.plan() as planned:
        left_out.leave(database.engine(), planned, position)
        beside = left_out.beside(planned, position)
    show, after = request.form.get("show") or None, request.form.get("after") or None
    row = None if beside is None else f"row-{beside}"
    return redirect(url_for("imports.preview", draft_id=draft.id, show=show, after=after, _anchor=row), 303)


@pages.post("/import/<draft_id>/rows/<int:position>/in")
@settled(told)
def take(draft: Draft, position: int) -> BaseResponse:
    """Take a row in again that was left out."""
    with draft.plan() as planned:
        left_out.take(database.engine(), planned, position)
        show = import_preview.OUT if left_out.count(planned) else None
    return redirect(url_for("imports.preview", draft_id=draft.id, show=show), 303)


@pages.post("/import/<draft_id>/region")
@settled(told)
def region(draft: Draft) -> BaseResponse | tuple[str, int]:
    """Say where phones without a country's code belong to."""
    with draft.plan() as planned:
        try:
            phone_region.tell(database.engine(), planned, request.form.get("phone_region", ""))
        except Invalid as error:
            return import_preview.page(draft, error.fields["phone_region"]), 422
    return redirect(url_for("imports.preview", draft_id=draft.id, _anchor="phones"), 303)


@pages.post("/import/<draft_id>/email-optional")
def email_optional(draft_id: str) -> Response:
    """Keep the tick that people may come in without an e-mail, for the next look. It allows nothing yet."""
    draft, ticked = Draft.find(draft_id), request.form.get("email_optional") == "1"
    draft.answer(replace(draft.answers, email_optional=ticked))
    return Response(status=204)
