"""What is looked after while Roster is open, for weeks perhaps: backups each hour, tidying each day, drills.

Works in a thread of its own, beside the jobs that someone waits for. Heavy parts are imported when needed.
"""

import datetime
import logging
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from webui.jobs import Cancelled, Job

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy import Engine

    from webui.safety.places import Places

log = logging.getLogger(__name__)

HOUR = 60 * 60.0  # seconds
MINUTE = 60.0  # between two looks whether a place that was away is back
GLANCE = 1.0  # seconds after the start, before the file is checked
CALM = 5.0  # seconds after the start, and after work under way, before a backup is made
PATIENCE = 2.0  # seconds for a backup under way to stop; one that is cut off is none, and is swept


class Keeper:
    """Looks after the database of an app until it is stopped."""

    def __init__(self, app: "Flask") -> None:
        self._app = app
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="keeper", daemon=True)

    def start(self) -> None:
        """Tidy, and go on looking after; returns at once."""
        self._tidy()
        self._thread.start()

    def stop(self) -> None:
        """End it; a backup under way is given up."""
        self._closed.set()
        if self._thread.is_alive():
            self._thread.join(PATIENCE)

    def _keep(self) -> None:
        from webui.safety import automatic
        from webui.store.values import times

        day = times.today()
        self._check()
        self._back_up("start", automatic.DAY)
        self._check_deep()
        self._drill()  # for whoever never has it open for an hour
        while self._wait():
            if day != (day := times.today()):
                try:
                    self._tidy()
                except Exception:  # of which nobody would hear otherwise; the next day is another
                    log.exception("what is to go by itself was not looked at")
            self._back_up("hourly", automatic.HOUR)
            self._drill()
            self._check_deep()

    def _wait(self) -> bool:
        """Wait an hour, and see meanwhile whether a place came back; tell whether to go on."""
        end = time.monotonic() + HOUR
        while time.monotonic() < end:
            if self._closed.wait(min(MINUTE, HOUR)):
                return False
            self._catch_up()
        return True

    def _catch_up(self) -> None:
        """Bring a place up to date that came back: by a job, which pages show as any other."""
        from webui.safety import automatic

        jobs, engine, places = self._app.extensions["roster.jobs"], self._engine(), self._places()
        lately = self._app.extensions["roster.backups"]

        def work(job: Job) -> None:
            with lately.lock:
                if made := automatic.catch_up(engine, places, job.step):
                    lately.not_copied = made.failed

        try:
            if not jobs.active() and automatic.was_away(engine, places):
                jobs.start("catch_up", work)
        except Exception:  # the next minute is another
            log.exception("it was not seen whether a place is back")

    def _check(self) -> None:
        """Look at every page and reference once the window is up: too slow for a start's own way."""
        from webui.safety import health

        alarm = self._app.extensions["roster.alarm"]
        try:
            if not self._closed.wait(GLANCE) and (found := health.quick(self._database())):
                log.error(
                    "damaged: %s", "; ".join(str(value) for each in found for value in each.values.values())
                )
                alarm.found = found
        except Exception:  # it is busy, say; the weekly check looks again
            log.exception("the database was not checked")
        finally:
            alarm.checking = False

    def _check_deep(self) -> None:
        """Look at each index, and at each bit of each backup, once a week."""
        from webui.safety import deep, health, places

        database, folders = self._database(), places.folders(self._places())
        try:
            if deep.is_due(database.parent, datetime.datetime.now(datetime.UTC)):
                with self._app.extensions["roster.backups"].lock:
                    found = deep.check(database, folders, self._step).found
                    deep.repair_all(database.parent, folders)
                if found and not health.is_index(found):  # which one who looks for it finds by `check`
                    self._app.extensions["roster.alarm"].found = found
        except Cancelled:
            log.info("no deep check: Roster is being closed")
        except Exception:  # it is busy, say: an hour later again
            log.exception("no deep check")

    def _engine(self) -> "Engine":
        from webui import database

        with self._app.app_context():
            return database.engine()

    def _database(self) -> Path:
        return Path(str(self._engine().url.database))

    def _back_up(self, reason: str, every: datetime.timedelta) -> None:
        """Back up where it is due, while nothing else is at work."""
        from webui.safety import automatic
        from webui.store.errors import Message, StoreError

        jobs, lately = self._app.extensions["roster.jobs"], self._app.extensions["roster.backups"]
        while not self._closed.wait(CALM) and jobs.active():
            pass
        try:
            with lately.lock:
                self._step()
                made = automatic.keep_up(self._engine(), self._places(), reason, every, self._step)
            if made:
                lately.failed, lately.not_copied = None, made.failed
        except Cancelled:
            log.info("no backup: Roster is being closed")
        except StoreError as problem:
            log.warning("no backup: %s", problem.message.id)
            lately.failed = problem.message
        except Exception:
            log.exception("no backup")
            lately.failed = Message("backup.failed")

    def _drill(self) -> None:
        """Try what backups there are, each month; what came of it stands on the page Safety."""
        from webui.safety import automatic

        try:
            begin = self._app.extensions["roster.start"]
            with self._app.extensions["roster.backups"].lock:
                automatic.drill_places(self._engine(), self._places(), begin, self._step, due=True)
        except Cancelled:
            log.info("no drill: Roster is being closed")
        except Exception:  # no room, say; of the backups that says nothing
            log.exception("no drill")

    def _places(self) -> "Places":
        from webui.safety import places

        return places.places(self._app.config["BACKUPS"], self._app.extensions["roster.preferences"])

    def _step(self, _phase: str = "", _done: int = 0, _total: int = 0) -> None:
        if self._closed.is_set():
            raise Cancelled

    def _tidy(self) -> None:
        """Let go of what is too old in the trash, and of history beyond the size it is kept at: by jobs."""
        from webui import database
        from webui.store import settings

        app = self._app
        with app.app_context():
            session, engine = database.session(), database.engine()
            limit, days = settings.history_limit(session), settings.trash_days(session)
        if days:
            app.extensions["roster.jobs"].start("trash.empty", lambda _job: _empty_trash(engine))
        if limit:
            places = self._places()
            app.extensions["roster.jobs"].start("prune", lambda job: _prune(engine, places, limit, job))


def _prune(engine: "Engine", places: "Places", limit: int, job: Job) -> None:
    from webui.safety import automatic, pruning

    if done := pruning.prune(engine, places.first, limit, job.step):
        automatic.follow(engine, places, done.backup)


def _empty_trash(engine: "Engine") -> None:
    from sqlalchemy.orm import Session

    from webui.store import trash

    with Session(engine) as session:
        trash.empty_old(session)
