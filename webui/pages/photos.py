"""Photos: shown under their hash, set and removed on a person's page. Not in the form: see `users`."""

from flask import Blueprint, Response
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from webui import database
from webui.pages import profile, shared, uploads
from webui.store import errors, photos
from webui.store.ledger.operations import operation
from webui.store.values import pictures

pages = Blueprint("photos", __name__)


@pages.get("/photos/<photo_hash>")
def show(photo_hash: str) -> Response:
    """Give what is shown of a photo; whatever has this hash is never anything else."""
    shown = photos.shown(database.session(), photo_hash)
    headers = {"Cache-Control": "private, max-age=31536000, immutable"}
    return Response(shown, mimetype=pictures.SHOWN_TYPE, headers=headers)


@pages.post("/users/<int:user_id>/photo")
def put(user_id: int) -> BaseResponse | tuple[str, int]:
    """Give a person the chosen photo."""
    session = database.session()
    try:
        said = uploads.photo()
        if not said.picture:
            raise errors.Invalid({"photo": errors.Message("photo.none")})
    except errors.Invalid as error:
        return profile.page(user_id, photo_fault=shared.fault(error.fields["photo"])), 422
    with operation(session):
        name = photos.put(session, user_id, said.picture).name
    return shared.done(_("%(name)s has a new photo.", name=name), "users.show", user_id=user_id)


@pages.post("/users/<int:user_id>/photo/remove")
def remove(user_id: int) -> BaseResponse:
    """Take a person's photo away."""
    session = database.session()
    with operation(session):
        name = photos.remove(session, user_id).name
    return shared.done(_("The photo of %(name)s is removed.", name=name), "users.show", user_id=user_id)
