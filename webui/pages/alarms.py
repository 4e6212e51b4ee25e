"""What is said on whatever page is there, which stays as it is: damage that was found, a taken port."""

from flask import Blueprint, abort, redirect, render_template, url_for
from werkzeug.wrappers import Response as BaseResponse

from webui.alarm import alarm
from webui.pages import shared

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


@pages.post("/damage/later")
def put_off() -> BaseResponse:
    """Say in one line from now on what was found; it stays until something is done about it."""
    alarm().later = True
    return redirect(shared.came_from() or url_for("users.index"), 303)


@pages.post("/damage/port")
def read() -> BaseResponse:
    """Say no more that another program has the port; the page of other programs goes on to."""
    alarm().port = None
    return redirect(shared.came_from() or url_for("users.index"), 303)
