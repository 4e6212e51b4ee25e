"""From the file to the app: what lies there, made or brought up to date if need be, and handed to the server.

Works in a thread of its own, so that the window is being opened meanwhile. Heavy parts are imported here and
only when needed. What keeps the database closed is shown by `webui/doorstep.py`.
"""

import gc
import logging
import shutil
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.folders import Folders
from desktop.keeper import Keeper
from desktop.log import describe
from desktop.server import Server
from webui.guard import Guard
from webui.host import Host
from webui.preferences import Preferences

if TYPE_CHECKING:
    from flask import Flask

    from webui.config import Config
    from webui.damage import Damage
    from webui.doorstep import Kind, State

log = logging.getLogger(__name__)
JOBS = 10.0  # seconds for work under way to take itself back at the end
GARBAGE = 5_000  # objects before garbage is looked for: a page makes some hundreds that go by themselves


class Entrance:
    """Opens the database once and closes it at the end."""

    def __init__(self, folders: Folders, server: Server, guard: Guard) -> None:
        self._folders = folders
        self._server = server
        self._guard = guard
        self._app: Flask | None = None
        self._damage: Damage | None = None
        self._upgrading = False
        self._thread: threading.Thread | None = None
        self._keeper: Keeper | None = None

    def open(self, host: Host) -> None:
        """Begin; returns at once. Pages are shown by `host`."""
        gc.disable()  # as a start does from its first line; here for whoever opens a mended file
        self._thread = threading.Thread(target=self._open, args=(host,), name="entrance", daemon=True)
        self._thread.start()

    def busy(self) -> bool:
        """Whether closing now would stop work under way."""
        jobs = self._damage.jobs if self._damage else None
        jobs = self._app.extensions["roster.jobs"] if self._app else jobs
        return self._upgrading or bool(jobs and jobs.active())

    def close(self) -> None:
        """End the work under way, fold the log into the file and close it. After the server stopped."""
        if self._thread is not None and not self._upgrading:
            # A file being made is finished; an upgrade works on a copy, so it may be cut off anywhere.
            self._thread.join(JOBS)
        if self._damage is not None:
            self._damage.jobs.stop(JOBS)
            self._damage.rescue.close()
        if self._app is None:
            return
        from webui import database
        from webui.safety import opening

        if not self._app.extensions["roster.jobs"].stop(JOBS):
            log.warning("work under way did not end in time; what it did is taken back at the next start")
        if self._keeper is not None:
            self._keeper.stop()
        self._app.extensions["roster.moments"].close()
        with self._app.app_context():
            opening.close(database.engine())

    def _open(self, host: Host) -> None:
        from webui.store.errors import StoreError

        try:
            if not self._prepare(host):
                return
            from webui.app import create_app

            self._app = create_app(self._config(), host)
            self._damage = None
            alarm = self._app.extensions["roster.alarm"]
            alarm.checking, alarm.leave = True, lambda: self._leave_soon(host)
            self._server.swap(self._app)
            self._name_window(self._app, host)
            self._keeper = Keeper(self._app)
            self._keeper.start()
        except StoreError as problem:
            log.exception("the database cannot be opened: %s", problem.message.id)
            if _is_damage(problem):
                self._stay_damaged(host, describe(problem))
            else:
                self._stay(host, "failed", detail=describe(problem)).message = problem.message
        except Exception as problem:
            log.exception("the database cannot be opened")
            if _is_damage(problem):
                self._stay_damaged(host, describe(problem))
            else:
                self._stay(host, "failed", detail=describe(problem))
        finally:
            gc.freeze()  # what was loaded stays: later collections need not look at it
            gc.set_threshold(max(GARBAGE, gc.get_threshold()[0]))
            gc.enable()

    def _name_window(self, app: "Flask", host: Host) -> None:
        from webui import database
        from webui.store import settings

        with app.app_context():
            title = settings.get(database.session(), "title")
        host.retitle(title)

    def _prepare(self, host: Host) -> bool:
        """See to it that the file can be opened; False when the doorstep stays."""
        from webui.safety import opening, workspace

        path = self._folders.database
        opening.remove_leftovers(path)
        workspace.sweep(path)
        shutil.rmtree(self._folders.scratch / "restores", ignore_errors=True)  # uploads of a run that ended
        found = opening.inspect(path)
        log.info("found %s", type(found).__name__)
        match found:
            case opening.Newer(revision=revision):
                self._stay(host, "newer", detail=f"{path}\nschema {revision}")
                return False
            case opening.Damaged(reason=reason):
                log.error("damaged: %s", reason)
                self._stay_damaged(host, f"{path}\n{reason}")
                return False
            case opening.Missing():
                opening.create(path)
            case opening.Behind() if not self._upgrade(host):
                return False
        opening.ready(path)
        return True

    def _upgrade(self, host: Host) -> bool:
        from webui.safety.upgrade import upgrade
        from webui.store.errors import Message, StoreError

        state = self._stay(host, "upgrading")

        def progress(step: str, done: float) -> None:
            state.message, state.done = Message(step), done

        self._upgrading = True
        try:
            kept = upgrade(self._folders.database, progress)
        except StoreError as problem:
            log.exception("not upgraded: %s", problem.message.id)
            if problem.message.id == "damaged":  # the file itself, not what was made of it
                self._stay_damaged(host, describe(problem))
                return False
            state.detail, state.message, state.kind = describe(problem), problem.message, "not_upgraded"
            return False
        finally:
            self._upgrading = False
        log.info("upgraded, the old file is kept as %s", kept.name)
        return True

    def _stay_damaged(self, host: Host, detail: str) -> None:
        """Show the ways out of a damaged file, which nothing has open then, and look what each is worth."""
        from webui.damage import Damage
        from webui.safety import second
        from webui.safety.rescue import Rescue

        place = second.from_preference(Preferences(self._folders.preferences_file).get("second_place"))
        rescue = Rescue(self._folders.database, self._backups, place)
        damage = self._damage = Damage(rescue, lambda: self.open(host))
        self._stay(host, "damaged", detail, damage)
        app, self._app = self._app, None
        if app is None:
            damage.look()
        else:
            threading.Thread(target=self._leave, args=(app, damage), name="leave", daemon=True).start()

    def _leave_soon(self, host: Host) -> None:
        """Go to the doorstep, once: what is under way there is not waited for by the request that asks."""
        if self._app is not None and (alarm := self._app.extensions["roster.alarm"]).leave:
            alarm.leave = None
            found = (str(value) for each in alarm.found for value in each.values.values())
            self._stay_damaged(host, "\n".join((str(self._folders.database), *found)))

    def _leave(self, app: "Flask", damage: "Damage") -> None:
        """Close what the app has open of a damaged file; its log is not folded in: that would write to it."""
        from webui import database
        from webui.safety import opening

        if self._keeper is not None:
            self._keeper.stop()
        if not app.extensions["roster.jobs"].stop(JOBS):
            log.warning("work under way did not end in time")
        app.extensions["roster.moments"].close()
        with app.app_context():
            opening.let_go(database.engine())
        damage.look()

    def _stay(self, host: Host, kind: "Kind", detail: str = "", damage: "Damage | None" = None) -> "State":
        from webui.doorstep import State, create_doorstep

        state = State(kind, self._folders.database, self._backups, detail, damage=damage)
        preferences = Preferences(self._folders.preferences_file)
        self._server.swap(create_doorstep(state, host, self._guard, preferences))
        return state

    @property
    def _backups(self) -> Path:
        """Where backups lie now: it may have been changed since the start."""
        chosen = Preferences(self._folders.preferences_file).get("backups")
        return Path(chosen) if chosen else self._folders.backups

    def _config(self) -> "Config":
        from webui.config import Config

        config = Config()
        config.ROSTER_DATA = self._folders.data
        config.PREFERENCES = self._folders.preferences_file
        config.BACKUPS = self._backups
        config.GUARD = self._guard
        return config


def _is_damage(problem: Exception) -> bool:
    from webui.store.errors import Damaged
    from webui.store.ledger import sqlite

    return isinstance(problem, Damaged) or isinstance(sqlite.meaning(problem), Damaged)
