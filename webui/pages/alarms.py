"""Damage that was found while the app is open: said on the page that is there, which stays as it is."""

from flask import Blueprint, abort, redirect, render_template
from werkzeug.wrappers import Response as BaseResponse

from webui.alarm import alarm

pages = Blueprint("alarms", __name__)


@pages.get("/damage")
def show() -> str:
    """Give the note, or what asks for it again while the check goes on."""
    return render_template("_partials/alarm.html")


@pages.post("/damage")
def leave() -> BaseResponse:
    """Close the database and go where one can choose what to do about it."""
    if (way := alarm().leave) is None:
        abort(404)
    way()
    return redirect("/", 303)
