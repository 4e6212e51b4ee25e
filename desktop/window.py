"""The one native window: its size and place, its title, closing. What it shows is the server's matter."""

import logging
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import webview

from desktop.dialogs import Dialogs
from desktop.speech import gettext as _
from webui.preferences import Preferences

if sys.platform.startswith("linux"):
    from desktop import qt

log = logging.getLogger(__name__)
NAME = "Roster"
SIZE = (1240, 820)
SMALLEST = (720, 480)
PAPER = {"light": "#fdfdfc", "dark": "#16191b"}  # shown until the first page is there
APPEAR = 8  # seconds a window may take to be there
ICON = Path(__file__).parent.parent / "webui" / "static" / "icon.svg"
ON_QT = sys.platform.startswith("linux")


class AppWindow:
    """Made on the main thread; `show` keeps that thread until the window is closed."""

    def __init__(self, origin: str, address: str, preferences: Preferences, busy: Callable[[], bool]) -> None:
        """A window that first shows the one-time `address` and never leaves `origin`.

        `busy` says whether work is under way that closing would stop; it must answer at once.
        """
        self._preferences = preferences
        self._busy = busy
        self._sure = threading.Event()
        self._asking = threading.Lock()
        self._place: dict[str, Any] = {}
        webview.settings["ALLOW_DOWNLOADS"] = False  # the server writes to a path from the save dialog
        webview.settings["ALLOW_FILE_URLS"] = False
        if ON_QT:
            qt.prepare(NAME)
            qt.keep_on(origin)
            qt.refuse_features()
            qt.let_print()
        window: Any = webview.create_window(
            NAME,
            url=address,
            min_size=SMALLEST,
            text_select=True,
            background_color=PAPER.get(preferences.get("appearance"), PAPER["light"]),
            **self._first_place(),
        )
        self._window = window
        window.events.closing += self._on_closing
        if not ON_QT:
            window.events.moved += self._on_moved
            window.events.resized += self._on_resized
        self.dialogs = Dialogs(window)

    def show(self) -> None:
        """Show the window and return when it was closed."""
        signal.signal(signal.SIGTERM, lambda *_: self.close_now())
        webview.start(gui="qt" if ON_QT else None, icon=str(ICON))
        self._remember_place()

    def come_forward(self) -> None:
        """Bring the window before all others, from any thread."""
        if not self._window.events.shown.wait(APPEAR):
            return
        if ON_QT:
            qt.bring_forward(self._window)
        else:
            self._window.restore()
            self._window.show()

    def retitle(self, title: str, /) -> None:
        """Show `title` before the program's name."""
        if self._window.events.shown.wait(APPEAR):
            self._window.set_title(f"{title} · {NAME}" if title else NAME)

    def close(self) -> None:
        """Close as the window's own button does: with a question while work is under way."""
        self._window.destroy()

    def close_now(self) -> None:
        """Close without a question."""
        self._sure.set()
        self._window.destroy()

    def _on_closing(self) -> bool:
        # On the window's own thread: a call to the window, or a dialog, would wait for itself for ever.
        if ON_QT:
            self._place = qt.place_of(self._window)
        if self._sure.is_set() or not self._busy():
            return True
        threading.Thread(target=self._ask_and_close, name="closing", daemon=True).start()
        return False

    def _ask_and_close(self) -> None:
        if not self._asking.acquire(blocking=False):
            return
        try:
            if self.dialogs.confirm(_("Close Roster"), _("Work is still under way. Close all the same?")):
                self.close_now()
        finally:
            self._asking.release()

    def _first_place(self) -> dict[str, Any]:
        saved = self._preferences.get("window") or {"width": SIZE[0], "height": SIZE[1]}
        return qt.on_a_screen(saved) if ON_QT else saved

    def _on_moved(self, x: float, y: float) -> None:
        self._place |= {"x": round(x), "y": round(y)}

    def _on_resized(self, width: float, height: float) -> None:
        self._place |= {"width": round(width), "height": round(height)}

    def _remember_place(self) -> None:
        saved = self._preferences.get("window") or {"width": SIZE[0], "height": SIZE[1]}
        if self._place.get("maximized"):
            place = saved | {"maximized": True}  # what it was before it filled the screen
        else:
            place = saved | {"maximized": False} | self._place
        try:
            self._preferences.set("window", place)
        except (OSError, ValueError):
            log.warning("the window's place is not remembered", exc_info=True)
