"""Other programs on this computer: the tokens that let them in, and the address where they find Roster."""

from typing import Any

from flask import Blueprint, abort, current_app, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from webui import addresses
from webui.guard import Guard
from webui.pages import shared
from webui.preferences import HIGHEST_PORT, LOWEST_PORT, Preferences
from webui.tokens import LONGEST_NAME, MOST, Tokens

pages = Blueprint("programs", __name__)


@pages.get("/settings/programs")
def index() -> str:
    """Show who has a token."""
    return _page()


@pages.post("/settings/programs")
def create() -> str | tuple[str, int]:
    """Make a token and show it, this once: in the answer itself, so that it is kept nowhere."""
    typed = {"name": request.form.get("name", ""), "may": request.form.get("may", "read")}
    try:
        made = _tokens().make(typed["name"], writes=typed["may"] == "write")
    except ValueError as fault:
        faults = {
            "none": _("A token needs a name, as in Mail merge"),
            "long": _("At most %(limit)s letters fit here", limit=LONGEST_NAME),
            "taken": _("There is a token of this name already"),
            "many": _("There are %(limit)s tokens, and no more fit; revoke one first", limit=MOST),
        }
        return _page(form=typed, faults={"name": faults[str(fault)]}), 422
    return _page(made=made)


@pages.post("/settings/programs/<token_id>/revoke")
def revoke(token_id: str) -> Response:
    """Let a program in no more."""
    gone = _tokens().revoke(token_id)
    said = _("It was revoked before.")
    if gone:
        said = _("The token %(name)s lets nobody in any more.", name=gone.name)
    return shared.said(said, url_for("programs.index"))


@pages.post("/settings/programs/port")
def port() -> Response | tuple[str, int]:
    """Choose the port of the next start; nothing chooses any."""
    typed = request.form.get("port", "").strip()
    wanted = addresses.number({"port": typed}, "port")
    if typed and not (wanted and LOWEST_PORT <= wanted <= HIGHEST_PORT):
        fault = _("A port is a number from %(least)s to %(most)s", least=LOWEST_PORT, most=HIGHEST_PORT)
        return _page(form={"port": typed}, faults={"port": fault}), 422
    preferences = _preferences()
    if preferences is not None:
        preferences.set("port", wanted)
    if wanted is None:
        said = _("From the next start Roster listens wherever there is room.")
    else:
        said = _("From the next start Roster listens at port %(port)s.", port=str(wanted))
    return shared.said(said, url_for("programs.index", _anchor="address"))


def count() -> int:
    """Return how many tokens there are."""
    tokens: Tokens | None = current_app.extensions["roster.tokens"]
    return len(tokens.every()) if tokens else 0


def _tokens() -> Tokens:
    """Return the tokens. There is no such page where no folder keeps them."""
    tokens: Tokens | None = current_app.extensions["roster.tokens"]
    if tokens is None:
        abort(404)
    return tokens


def _preferences() -> Preferences | None:
    found: Preferences | None = current_app.extensions["roster.preferences"]
    return found


def _page(made: str = "", form: dict[str, Any] | None = None, faults: dict[str, str] | None = None) -> str:
    guard: Guard = current_app.extensions["roster.guard"]
    preferences = _preferences()
    return render_template(
        "programs/index.html",
        tokens=_tokens().every(),
        made=made,
        form={"port": preferences.get("port") if preferences else None, "may": "read"} | (form or {}),
        faults=faults or {},
        origin=guard.origin,
        refused_port=guard.refused_port,
        has_preferences=preferences is not None,
    )
