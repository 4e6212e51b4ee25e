"""What surrounds every page: the sidebar's places and counts, the strip's promises."""

import datetime
from collections.abc import Container
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from flask import Flask, current_app, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from webui import database, filters, moments, words
from webui.pages import safety, saved_views, shared
from webui.preferences import Preferences
from webui.safety import backup, catalogue, places, second
from webui.store import follow_ups, settings, statistics, trash, users
from webui.store.ledger import across, history
from webui.store.saved_views import Now
from webui.store.values import times


@dataclass(frozen=True)
class Place:
    """A link of the sidebar: `endpoint`, `label`, `icon`, `count` or None."""

    endpoint: str
    label: str
    icon: str
    count: int | None


@dataclass(frozen=True)
class Step:
    """What undo or redo would do; `id` lets it refuse when something else was done meanwhile. Not `possible`
    where a newer Roster's schema asks for what its rows never had."""

    id: int
    label: str
    possible: bool


@dataclass(frozen=True)
class Copy:
    """The strip's word about the last verified backup; `state` is good or warn."""

    label: str
    state: str


def _step(session: Session, done: history.Done | None, images: int | None) -> Step | None:
    """Return the step that would take back or repeat something, by the images of an operation."""
    if done is None or images is None:
        return None
    possible = across.fits(history.connection_of(session), images)
    return Step(done.id, words.sentence(done.as_message()), possible)


def _when(at: str) -> str:
    """Return the clock of a moment of today, the day of an older one."""
    return filters.clock(at) if filters.local_day(at) == times.today() else filters.day(filters.local_day(at))


def _since(at: str) -> str:
    if not at:
        return _("Second place: no copy")
    return _("Second place: nothing since %(when)s", when=_when(at))


class Frame:
    """Asked by the layout, and only for what it shows: each value is read when first used."""

    def __init__(self, preferences: Preferences | None) -> None:
        self.native = shared.host().native
        self._preferences = preferences
        self._session = moments.past() if moments.looking() else database.session()

    @cached_property
    def title(self) -> str:
        return self._now.once(settings.get, "title")

    @cached_property
    def path(self) -> Path | None:
        name = database.engine().url.database
        return Path(name) if name and name != ":memory:" else None

    @property
    def looking(self) -> moments.Looking | None:
        """The past moment that is looked at, where nothing can be changed."""
        return moments.looking()

    @property
    def endpoints(self) -> Container[str]:
        """The pages there are: a template draws a link only to one of these."""
        return current_app.view_functions

    @property
    def file(self) -> str:
        return self.path.name if self.path else _("in memory")

    @property
    def folder(self) -> str:
        return str(self.path.parent) if self.path else ""

    @cached_property
    def _now(self) -> Now:
        return saved_views.remembered(self._session)

    @property
    def _counts(self) -> tuple[int, int, int]:
        return self._now.once(_counts)

    @property
    def count_users(self) -> int:
        return self._counts[0]

    @property
    def count_posts(self) -> int:
        return self._counts[2]

    @property
    def count_trash(self) -> int:
        """How many people are in the trash."""
        return self._counts[1]

    @cached_property
    def trash(self) -> trash.Counts:
        """How many of all are in the trash."""
        return self._now.once(trash.counts)

    @cached_property
    def count_due(self) -> int:
        """How many posts are to be come back to by today."""
        return self._now.once(follow_ups.count_due, times.today())

    @cached_property
    def undo(self) -> Step | None:
        done = self._now.once(history.next_undo)
        return _step(self._session, done, done.id if done else None)

    @cached_property
    def redo(self) -> Step | None:
        return _step(self._session, self._now.once(history.next_redo), self._now.once(history.redone_by))

    @property
    def done(self) -> str:
        """What was done last, so that a page sees that it is out of date."""
        steps = (each.id if each else None for each in (self.undo, self.redo))
        return shared.last_done(history.connection_of(self._session), *steps)

    @property
    def waits(self) -> str | None:
        """Why undo has to wait, while a job holds the one writer's place."""
        names = {job.name for job in current_app.extensions["roster.jobs"].active()}
        if "import.apply" in names:
            return _("Undo waits for the import")
        return _("Undo waits for the restore") if "restore" in names else None

    @cached_property
    def backup(self) -> Copy | None:
        """What the newest verified backup is worth. Amber when the last one failed, when it is a week old and
        lacks something, when there is none, or when the second place is a week behind."""
        if self.path is None:
            return None
        where, uid = safety.places(), settings.uid(self._session)
        newest = catalogue.newest(where.first, uid)
        if current_app.extensions["roster.backups"].failed:
            return Copy(_("The last backup failed"), "warn")
        if newest is None or newest.told is None:
            gone = places.is_emptied(where, self.path.parent)
            return Copy(_("Backups are not in their folder") if gone else _("No backup yet"), "warn")
        if where.second:
            at = second.noted_at(where.second, self.path.parent, uid)
            if second.is_behind(at, newest.at):
                return Copy(_since(at), "warn")
        age = datetime.datetime.now(datetime.UTC) - datetime.datetime.fromisoformat(newest.at)
        lacks = newest.told.change != backup.change(history.connection_of(self._session))
        old = age > datetime.timedelta(days=7) and lacks
        return Copy(_("Backup verified %(when)s", when=_when(newest.at)), "warn" if old else "good")

    @property
    def appearance(self) -> str:
        return str(self._preferences.get("appearance")) if self._preferences else "auto"

    @property
    def letters(self) -> bool:
        """Whether keys of one letter do something."""
        return bool(self._preferences.get("letters")) if self._preferences else True

    @property
    def size(self) -> int:
        return int(self._preferences.get("size")) if self._preferences else 100

    @cached_property
    def views(self) -> list[dict[str, Any]]:
        """The saved views, with the counts that are known; the one that is on the page is `is_here`."""
        return saved_views.shown(self._now, self._listed)

    @cached_property
    def view(self) -> str:
        """The name of the view that is on the page, '' for none."""
        return saved_views.name_of(self._session, *self._listed) if self._listed else ""

    @property
    def _listed(self) -> tuple[str, str] | None:
        """The search and the order of the list on the page."""
        q = request.args.get("q", "").strip() if request.endpoint == "users.index" else ""
        return (q, request.args.get("sort", "")) if q else None

    @cached_property
    def places(self) -> list[list[Place]]:
        """The sidebar's three groups: where people are, tidying up, keeping safe."""

        def place(endpoint: str, label: str, icon: str, count: int | None = None) -> list[Place]:
            if endpoint not in current_app.view_functions or (self.looking and not moments.shows(endpoint)):
                return []  # a link appears with the work that makes it real
            return [Place(endpoint, label, icon, count)]

        return [
            place("users.index", _("People"), "users", self.count_users)
            + place("posts.index", _("Posts"), "notebook-pen", self.count_posts or None)
            + place("today.index", _("Today"), "calendar-days", self.count_due or None),
            place("tags.index", _("Tags"), "tag")
            + place("imports.index", _("Import"), "file-down")
            + place("trash.index", _("Trash"), "trash-2", self.trash.all or None),
            place("history.index", _("History"), "history")
            + place("safety.index", _("Safety"), "shield-check")
            + place("settings.index", _("Settings"), "settings-2"),
        ]


def _counts(session: Session) -> tuple[int, int, int]:
    """Return how many people there are, how many others are in the trash, and how many posts there are."""
    return *users.counts(session), statistics.count_posts(session)


def install(app: Flask, preferences: Preferences | None) -> None:
    """Give every template `frame`."""

    @app.context_processor
    def _frame() -> dict[str, Any]:
        return {"frame": Frame(preferences)}
