"""Attachments on a person's page: added, renamed, removed; they leave by a download, or the native dialog."""

from io import BytesIO

from flask import Blueprint, Response, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from webui import database
from webui.pages import profile, saving, shared, uploads
from webui.plurals import ngettext
from webui.store import attachments, errors
from webui.store.ledger.operations import operation
from webui.store.models import Attachment

pages = Blueprint("attachments", __name__)


@pages.post("/users/<int:user_id>/attachments")
def create(user_id: int) -> BaseResponse | tuple[str, int]:
    """Attach the chosen files to a person."""
    session = database.session()
    try:
        with operation(session):
            made = attachments.add(session, user_id, uploads.files())
            name, count = made[0].name, len(made)
    except errors.Invalid as error:
        return profile.page(user_id, files_fault=shared.fault(error.fields["file"])), 422
    said = _("%(name)s is attached.", name=name)
    if count > 1:
        said = ngettext("%(num)s file is attached.", "%(num)s files are attached.", count)
    return shared.done_at(said, _place(user_id))


@pages.get("/attachments/<int:attachment_id>")
def download(attachment_id: int) -> Response:
    """Give a file to a browser, to be kept and never shown; a window saves by its own dialog instead."""
    session = database.session()
    attachment = attachments.find(session, attachment_id)
    if shared.host().native:
        raise errors.NotFound("attachments", attachment_id)
    content = BytesIO(attachments.content(session, attachment))
    return send_file(
        content, mimetype="application/octet-stream", as_attachment=True, download_name=attachment.name
    )


@pages.post("/attachments/<int:attachment_id>/save")
def save(attachment_id: int) -> BaseResponse:
    """Write a file where the person says, by the native dialog."""
    session = database.session()
    attachment = attachments.find(session, attachment_id)
    back = _place(attachment.user_id)
    title, name = _("Save a file"), attachment.name
    return saving.written(
        title, name, back, lambda stream: stream.write(attachments.content(session, attachment))
    )


@pages.post("/attachments/<int:attachment_id>/rename")
def rename(attachment_id: int) -> BaseResponse | tuple[str, int]:
    """Give a file another name."""
    session, typed = database.session(), request.form.get("name", "")
    user_id = attachments.find(session, attachment_id).user_id
    try:
        with operation(session):
            name = attachments.rename(session, attachment_id, typed).name
    except errors.Invalid as error:
        fault = {"id": attachment_id, "typed": typed, "said": shared.fault(error.fields["name"])}
        return profile.page(user_id, rename_fault=fault), 422
    return shared.done_at(_("The file is called %(name)s now.", name=name), _place(user_id))


@pages.post("/attachments/<int:attachment_id>/remove")
def remove(attachment_id: int) -> BaseResponse:
    """Take a file from its person."""
    session = database.session()
    with operation(session):
        gone: Attachment = attachments.remove(session, attachment_id)
        name, user_id = gone.name, gone.user_id
    return shared.done_at(_("%(name)s is removed.", name=name), _place(user_id))


def _place(user_id: int) -> str:
    return url_for("users.show", user_id=user_id, _anchor="files")
