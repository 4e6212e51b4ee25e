"""`run`: the order of steps from the double-click to the closed file. Each step lives in its own module."""

import logging
import platform
import signal
import sqlite3
import threading

from desktop import alert, log, outside
from desktop.entrance import Entrance
from desktop.folders import FolderProblem, Folders, why_unusable
from desktop.instance import Instance, ask_forward, forward_door
from desktop.screen import has_screen, prepare_qt, why_no_window
from desktop.server import Server, address_of_its_own
from desktop.speech import gettext as _
from webui.guard import Guard
from webui.host import NoHost
from webui.preferences import Preferences
from webui.version import VERSION

OLDEST_SQLITE = (3, 40)


def run(folders: Folders, browser: bool) -> int:
    """Open Roster on `folders`, in a window or (`browser`, or no screen) to a browser, until it is closed.

    Returns the exit code: 0 also when a copy already running came forward, 1 when nothing could be started.
    """
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        alert.tell(_("Roster needs a newer Python: its database engine is too old."), sqlite3.sqlite_version)
        return 1
    instance = Instance(folders)
    try:
        folders.prepare()
        if not instance.acquire():
            return _hand_over(folders, browser)
    except FolderProblem as problem:
        alert.tell(why_unusable(problem), problem.detail)
        return 1
    except OSError as problem:
        alert.tell(why_unusable(FolderProblem(folders.data, "unusable", str(problem))), str(problem))
        return 1
    try:
        _start_log(folders)
        _serve(folders, instance, browser)
        return 0
    finally:
        instance.release()


def _serve(folders: Folders, instance: Instance, browser: bool) -> None:
    no_window = None if browser else why_no_window()
    preferences = Preferences(folders.preferences_file)
    host = address_of_its_own() if browser or no_window else "127.0.0.1"
    server = Server(host, preferences.get("port"))
    guard = Guard(server.host_port, server.refused_port)
    entrance = Entrance(folders, server, guard)
    if no_window:
        logging.getLogger(__name__).warning("no window: %s", no_window)
    if server.refused_port:
        logging.getLogger(__name__).warning("another program has port %s", server.refused_port)
    try:
        if browser or no_window:
            _in_browser(folders, instance, server, guard, entrance)
        else:
            _in_window(preferences, instance, server, guard, entrance)
    finally:
        server.stop()
        outside.forget_start(folders.start_page)
        entrance.close()
        logging.getLogger(__name__).info("closed")


def _in_window(
    preferences: Preferences, instance: Instance, server: Server, guard: Guard, entrance: Entrance
) -> None:
    prepare_qt()
    from desktop.dialogs import WindowHost
    from desktop.window import AppWindow

    window = AppWindow(guard.origin, guard.address(), preferences, entrance.busy)
    server.outer = forward_door(
        server.call_app,
        instance.secret,
        lambda in_browser: guard.address(beside=True) if in_browser else window.come_forward(),
    )
    server.start()
    entrance.open(WindowHost(window, window.dialogs))
    instance.announce(server.host, server.port)
    window.show()


def _in_browser(
    folders: Folders, instance: Instance, server: Server, guard: Guard, entrance: Entrance
) -> None:
    closed = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: closed.set())
    server.outer = forward_door(server.call_app, instance.secret, lambda _in_browser: guard.address())
    server.start()
    entrance.open(_BrowserHost(closed))
    instance.announce(server.host, server.port)
    print(_("Roster is open at %(address)s", address=guard.address()))
    print(_("This address works once. Press Ctrl+C here to close Roster."), flush=True)
    if has_screen():
        outside.open_start(guard.address(), folders.start_page)
    while not closed.wait(1):  # with an end, or Windows would not notice Ctrl+C
        pass


class _BrowserHost(NoHost):
    """A browser has no dialogs, but a page may close the program."""

    def __init__(self, closed: threading.Event) -> None:
        self._closed = closed

    def close(self) -> None:
        self._closed.set()


def _hand_over(folders: Folders, browser: bool) -> int:
    browser = browser or not has_screen()
    answer = ask_forward(folders, browser=browser)
    if answer is None:
        alert.tell(_("Roster is already running on this data, but does not answer. Close it first."))
        return 1
    if answer.address is None:
        print(_("Roster is open already; its window came forward."), flush=True)
        return 0
    opened = has_screen() and outside.open_start(answer.address, folders.start_page)
    if browser or not opened:
        print(_("Roster is open at %(address)s", address=answer.address))
        print(_("This address works once."), flush=True)
    return 0


def _start_log(folders: Folders) -> None:
    try:
        log.start(folders.logs)
    except OSError as problem:
        alert.tell(why_unusable(FolderProblem(folders.logs, "unusable", "")), str(problem))
    logging.getLogger(__name__).info(
        "Roster %s, Python %s, SQLite %s, %s %s",
        VERSION,
        platform.python_version(),
        sqlite3.sqlite_version,
        platform.system(),
        platform.machine(),
    )
