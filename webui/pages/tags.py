"""Tags: all of them with their people counted; rename, put two together, remove."""

from flask import Blueprint, Response, jsonify, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from webui import addresses, database
from webui.pages import shared
from webui.store import errors, tags
from webui.store.ledger.operations import operation

pages = Blueprint("tags", __name__)


@pages.get("/tags")
def index() -> str:
    """List all tags."""
    return _list(None, "", {})


@pages.post("/tags/<int:tag_id>/rename")
def rename(tag_id: int) -> BaseResponse | tuple[str, int]:
    """Give a tag another name; where that is taken, offer to put the two together."""
    session, name = database.session(), request.form.get("name", "")
    try:
        with operation(session):
            name = tags.rename(session, tag_id, name).name
    except errors.Taken as error:
        return _list(tag_id, name, error.fields), 409
    except errors.Invalid as error:
        return _list(tag_id, name, error.fields), 422
    return shared.done_at(_("The tag is called %(name)s now.", name=name), _address(tag_id))


@pages.post("/tags/<int:tag_id>/merge")
def merge(tag_id: int) -> BaseResponse:
    """Put a tag's people into another, which stays."""
    session = database.session()
    into_id = addresses.number(request.form, "into") or 0
    with operation(session):
        name = tags.find(session, tag_id).name
        into = tags.merge(session, tag_id, into_id).name
    return shared.done_at(_("%(name)s is part of %(into)s now.", name=name, into=into), _address(into_id))


@pages.post("/tags/<int:tag_id>/remove")
def remove(tag_id: int) -> BaseResponse:
    """Take a tag from everyone."""
    session = database.session()
    with operation(session):
        name = tags.remove(session, tag_id)
    return shared.done(_("The tag %(name)s is removed.", name=name), "tags.index")


@pages.get("/tags/suggest")
def suggest() -> Response:
    """Complete the name that is being typed: {"tags": [...]}."""
    return jsonify(tags=tags.suggest(database.session(), request.args.get("typed", "")[:200]))


def _address(tag_id: int) -> str:
    """Return the address of the list at a tag, whose field has the focus there."""
    return url_for("tags.index", _anchor=f"name-{tag_id}")


def _list(tag_id: int | None, typed: str, fields: dict[str, errors.Message]) -> str:
    fault = fields.get("name")
    return render_template(
        "tags/index.html",
        tags=tags.every(database.session()),
        faulty=tag_id,
        typed=typed,
        fault=shared.fault(fault) if fault else None,
        other=fault.values.get("other") if fault else None,
    )
