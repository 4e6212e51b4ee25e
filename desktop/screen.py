"""Whether a window can be shown at all. Asked before Qt, which ends the whole process when it cannot."""

import ctypes
import importlib.util
import os
import sys
from functools import cache
from pathlib import Path

# What a window manager may put around a window, in pixels; how much is known only once it is shown.
FRAME = (16, 48)


def has_screen() -> bool:
    """Whether this process was started on a desktop."""
    if not sys.platform.startswith("linux"):
        return True
    return bool(os.environ.get("WAYLAND_DISPLAY")) or _x_answers()


@cache
def why_no_window() -> str | None:
    """None when a window can be opened, else the reason for the log and for whoever helps."""
    if importlib.util.find_spec("webview") is None:
        return "webview is not installed"
    if not sys.platform.startswith("linux"):
        return None
    if not has_screen():
        return "no screen (DISPLAY and WAYLAND_DISPLAY)"
    return _why_no_qt()


def fitting(size: tuple[int, int], room: tuple[int, int]) -> tuple[int, int]:
    """The inner size of a window of `size` pixels that has `room` for itself and its frame."""
    return min(size[0], room[0] - FRAME[0]), min(size[1], room[1] - FRAME[1])


def prepare_qt() -> None:
    """Set what Qt reads when it is imported: which binding, what it tells, and no sandbox where it cannot
    work (as root)."""
    if not sys.platform.startswith("linux"):
        return
    os.environ.setdefault("QT_API", "pyqt6")
    # The engine reports on its own insides (buses, graphics drivers): nothing that anyone could act on.
    os.environ.setdefault("QTWEBENGINE_CHROMIUM_FLAGS", "--log-level=3")
    if os.geteuid() == 0:
        os.environ.setdefault("QTWEBENGINE_DISABLE_SANDBOX", "1")


def _x_answers() -> bool:
    """Connect to the X server: a DISPLAY that nobody serves would make Qt abort."""
    if not os.environ.get("DISPLAY"):
        return False
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return False
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connection_has_error.argtypes = xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(None, None)
    try:
        return not xcb.xcb_connection_has_error(connection)
    finally:
        xcb.xcb_disconnect(connection)


def _why_no_qt() -> str | None:
    """Load Qt's own plugin and engine: the system says which of their libraries is missing."""
    found = importlib.util.find_spec("PyQt6")
    if found is None or not found.submodule_search_locations:
        return "PyQt6 is not installed"
    qt = Path(found.submodule_search_locations[0]) / "Qt6"
    for library in (qt / "plugins/platforms/libqxcb.so", qt / "lib/libQt6WebEngineCore.so.6"):
        try:
            if library.exists():  # a distribution's own PyQt6 keeps them elsewhere, and has seen to them
                ctypes.CDLL(str(library))
        except OSError as problem:
            return str(problem)
    return None
