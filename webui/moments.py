"""Which moment a request reads: now, or the one that its browser has chosen to look at.

While a past one is looked at, the views that only read get a session on it, a few go on with now (history,
and coming back), and all others are refused: what is not named here can change nothing. Programs, through
the API, always see now.
"""

import datetime
import secrets
import threading
from dataclasses import asdict, dataclass
from typing import Any

from flask import Flask, current_app, flash, g, request, session
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from webui import filters
from webui.safety.looked import Looked
from webui.safety.past import Past
from webui.store import errors
from webui.store.values import times

READS = frozenset(
    {
        "attachments.download",
        "attachments.save",
        "bulk_out.emails",
        "columns.stylesheet",
        "columns.widths",
        "exports.file",
        "exports.index",
        "exports.ready",
        "exports.write",
        "filters.help",
        "filters.index",
        "filters.values",
        "held.download",
        "held.save",
        "photos.show",
        "posts.index",
        "posts.show",
        "saved_views.sidebar",
        "sums.show",
        "tags.index",
        "today.index",
        "trash.index",
        "users.index",
        "users.pane",
        "users.show",
    }
)
GOES_ON = frozenset(
    {
        "asset",
        "start",
        "alarms.leave",
        "alarms.put_off",
        "alarms.read",
        "alarms.show",
        "history.index",
        "history.pane",
        "history.show",
        "history.strip",
        "jobs.cancel",
        "jobs.watch",
        "moments.bring",
        "moments.compare",
        "moments.leave",
        "moments.look",
        "moments.show",
        "stream.put_back",
    }
)
# While a backup is looked at: it has a history of its own, and the way back leads to what it would change.
IN_A_BACKUP = frozenset(
    {"asset", "start", "history.strip", "jobs.cancel", "jobs.watch", "moments.leave", "restores.preview"}
)
MOST = 2  # copies at once; another window that looks at a third moment closes the oldest


@dataclass(frozen=True)
class Looking:
    """The moment that a browser looks at: the operation it is after, its UTC time; `key` names the copy.

    `backup` is the key of the backup that is looked at instead, '' where it is a moment of this roster.
    """

    operation: int
    at: str
    key: str
    backup: str = ""


class Moments:
    """The copies that are looked at, the newest last, and the backup that is."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: dict[str, Past] = {}
        self._entered: set[str] = set()
        self._backup: Looked | None = None

    def keep_backup(self, looked: Looked | None) -> None:
        """Keep a backup that is looked at, in the place of the one before."""
        with self._lock:
            before, self._backup = self._backup, looked
        if before:
            before.close()

    def backup(self, key: str) -> Looked | None:
        """Return the backup that is looked at, if it is this one."""
        found = self._backup
        return found if found and found.key == key else None

    def keep(self, past: Past) -> str:
        """Keep a copy, and return the key that it is had by. One that nobody entered makes room first."""
        key = secrets.token_urlsafe(12)
        with self._lock:
            others = sorted(self._open, key=lambda old: old in self._entered)
            surplus = [self._open.pop(old) for old in others[: len(others) - MOST + 1]]
            self._open[key] = past
        for each in surplus:
            each.close()
        return key

    def enter(self, key: str) -> None:
        """Note that a browser looks at a copy."""
        self._entered.add(key)

    def get(self, key: str) -> Past | None:
        """Return a copy that is still there."""
        return self._open.get(key)

    def forget(self, key: str) -> None:
        """Remove a copy, if it is still there."""
        with self._lock:
            past = self._open.pop(key, None)
            self._entered.discard(key)
        if past:
            past.close()

    def close(self) -> None:
        """Remove all of them."""
        for key in list(self._open):
            self.forget(key)
        self.keep_backup(None)


def install(app: Flask) -> None:
    """Let each request of a browser that looks at a moment read that, and change nothing."""
    app.extensions["roster.moments"] = Moments()
    app.add_template_global(looking)
    app.before_request(_choose)
    app.teardown_request(_leave)


def shows(endpoint: str) -> bool:
    """Tell whether a page is there while what is looked at is."""
    return endpoint in READS or endpoint in _goes_on(looking())


def _goes_on(looked: Looking | None) -> frozenset[str]:
    return IN_A_BACKUP if looked and looked.backup else GOES_ON


def kept() -> Moments:
    """Return the copies of this app."""
    found: Moments = current_app.extensions["roster.moments"]
    return found


def looking() -> Looking | None:
    """Return the moment that this request's browser looks at, or None."""
    found: Looking | None = g.get("looking")
    return found


def past() -> Session:
    """Return a session on the moment looked at, whatever this view itself reads. Raises Refused where
    none is."""
    if looking() is None:
        raise errors.Refused(errors.Message("moment.ended"))
    if "past_session" not in g:
        g.past_session = Session(g.copy.engine)
    found: Session = g.past_session
    return found


def enter(looked: Looking) -> None:
    """Let this browser look at a moment from its next request on."""
    if before := session.get("moment"):
        kept().forget(before["key"])
    kept().enter(looked.key)
    session["moment"] = asdict(looked)


def leave() -> None:
    """Let this browser see now again; its copy is removed once this request has ended."""
    if before := session.pop("moment", None):
        g.leaves = before["key"]


def _choose() -> None:
    if request.endpoint is None or (request.blueprint or "").startswith("api_"):
        return
    found: dict[str, Any] | None = session.get("moment")
    if not found:
        return
    g.copy = kept().get(found["key"])
    if g.copy is None:  # another took its place
        session.pop("moment")
        if request.method == "POST" and not (request.endpoint or "").startswith("moments.l"):
            raise errors.Refused(errors.Message("moment.ended"))  # it was meant for what was there then
        flash(_("The moment you were looking at has ended. This is now."))
        return
    g.looking = Looking(**found)
    if request.endpoint in READS:
        g.shown = past()
        day = filters.local_day(found["at"])
        if times.is_day(day):  # another program may have written any time
            times.set_today(day)
            g.today = datetime.date.fromisoformat(day)
    elif request.endpoint not in _goes_on(g.looking):
        raise errors.Refused(errors.Message("moment.nothing_changes", {"at": found["at"]}))


def _leave(_error: BaseException | None) -> None:
    times.set_today(None)
    if opened := g.pop("past_session", None):
        opened.close()
    if key := g.pop("leaves", None):
        kept().forget(key)
