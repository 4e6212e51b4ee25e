"""What has to be said on whatever page is open: damage that a check found, a port that is taken."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import Flask, current_app

from webui.store.errors import Message


@dataclass
class Alarm:
    """`found` is what is wrong, nothing while all is well; `checking` until the check at start has ended.

    `leave` closes the database and shows what can be done about it; None where nothing stands behind the app
    that could (a test, `flask run`). `port` is the one that was wanted and another program has, until it was
    read. With `later` one line of what was found is enough.
    """

    found: Sequence[Message] = ()
    checking: bool = False
    leave: Callable[[], object] | None = None
    port: int | None = None
    later: bool = False


def install(app: Flask) -> None:
    """Give the app its alarm, and the templates a way to ask it: `alarm()`."""
    app.extensions["roster.alarm"] = Alarm(port=app.extensions["roster.guard"].refused_port)
    app.add_template_global(alarm)


def alarm() -> Alarm:
    """Return the alarm of the app that answers."""
    found: Alarm = current_app.extensions["roster.alarm"]
    return found
