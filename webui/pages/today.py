"""Today: what is due, what comes next, and whose birthday it is."""

import datetime

from flask import Blueprint, render_template

from webui import database, filters
from webui.store import birthdays, follow_ups

pages = Blueprint("today", __name__)

AHEAD = 7  # days of birthdays shown


@pages.get("/today")
def index() -> str:
    """Show the posts to come back to, and the birthdays of the days ahead."""
    session, today = database.session(), filters.today()
    return render_template(
        "today/index.html",
        due=follow_ups.due(session, today.isoformat()),
        count_due=follow_ups.count_due(session, today.isoformat()),
        later=follow_ups.later(session, today.isoformat(), 50),
        birthdays=[
            (user, left, (today + datetime.timedelta(left)).isoformat())
            for user, left in birthdays.coming(session, today, AHEAD)
        ],
    )
