"""What pywebview's Qt half does not do by itself: navigation, printing, true window places, coming forward.

Everything that leans on pywebview's insides is here, so that a new version is checked in one place. Not
imported where the system brings its own web view (Windows, macOS).
"""

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from qtpy.QtCore import QMarginsF, QMessageLogContext, QPoint, Qt, QtMsgType, qInstallMessageHandler
from qtpy.QtGui import QPageLayout
from qtpy.QtWidgets import QApplication, QMessageBox
from webview.platforms import qt as platform

from desktop import outside
from desktop.screen import FRAME, fitting
from desktop.speech import gettext as _

MARGINS = (14, 16, 14, 16)  # mm; the engine takes the printer's, not those of print.css


def prepare(name: str) -> None:
    """Make the Qt application, named as the desktop entry names it, before any window."""
    if "QT_LOGGING_RULES" not in os.environ:  # whoever set them wants to see what they say
        qInstallMessageHandler(_tell)
    platform.setup_app()
    QApplication.setApplicationName(name)
    QApplication.setDesktopFileName(name.lower())


def _tell(kind: QtMsgType, _context: QMessageLogContext, text: str | None) -> None:
    """Print what is critical; what Qt merely remarks (drivers, plugins, themes) nobody can act on."""
    if kind in (QtMsgType.QtCriticalMsg, QtMsgType.QtFatalMsg):
        print(text, file=sys.stderr)


def on_a_screen(place: dict[str, Any]) -> dict[str, Any]:
    """`place` as pywebview takes it: from the first screen's corner.

    Without a place, or when no screen shows it, it is in the middle of the primary screen and fits there.
    """
    x, y = place.get("x"), place.get("y")
    sized: dict[str, Any] = {key: place[key] for key in ("width", "height", "maximized") if key in place}
    middle = QPoint((x or 0) + place["width"] // 2, (y or 0) + 10)  # of the title bar: what one can grab
    shown = any(screen.availableGeometry().contains(middle) for screen in QApplication.screens())
    if x is None or y is None or not shown:
        room = QApplication.screens()[0].availableGeometry()
        width, height = fitting((sized["width"], sized["height"]), (room.width(), room.height()))
        sized |= {"width": width, "height": height}
        x = room.x() + (room.width() - FRAME[0] - width) // 2
        y = room.y() + (room.height() - FRAME[1] - height) // 2
    corner = QApplication.screens()[0].geometry().topLeft()  # the primary one
    return sized | {"x": x - corner.x(), "y": y - corner.y()}


def keep_on(origin: str) -> None:
    """Let windows made from now on show nothing but `origin`; other links go to the system's browser.

    The content security policy does not stop a page from leading elsewhere, so the engine is asked at each
    navigation, redirect and new window.
    """
    inside = origin + "/"

    def in_place(_page: Any, url: Any, kind: Any, is_main_frame: bool) -> bool:
        address = url.toString()
        if address.startswith(inside) or address == "about:blank":
            return True
        if is_main_frame and kind == type(_page).NavigationType.NavigationTypeLinkClicked:
            outside.open_link(address)
        return False

    def in_new_window(handler: Any, url: Any, _kind: Any, _is_main_frame: bool) -> bool:
        address = url.toString()
        if address.startswith(inside):
            # A browser would lack the cookie: our own pages stay in our own window.
            handler._parent().window().load_url(address)
        else:
            outside.open_link(address)
        return False

    view: Any = platform.BrowserView
    view.WebPage.acceptNavigationRequest = in_place
    view.NavigationHandler.acceptNavigationRequest = in_new_window


def refuse_features() -> None:
    """Let windows made from now on refuse what a page may ask for: the clipboard without a key, a camera, a
    place. Ours need none of it; but pywebview's own answer is none that PyQt6 takes, and the page waits."""

    def refuse(page: Any, origin: Any, feature: Any) -> None:
        page.setFeaturePermission(origin, feature, type(page).PermissionPolicy.PermissionDeniedByUser)

    view: Any = platform.BrowserView
    view.WebPage.onFeaturePermissionRequested = refuse


def let_print() -> None:
    """Let windows made from now on print: a page may ask for it, but the engine leaves the asking of the
    person, and the printing, to the program."""
    view: Any = platform.BrowserView
    make = view.WebPage.__init__

    def make_printing(page: Any, *args: Any, **options: Any) -> None:
        make(page, *args, **options)
        page.printRequested.connect(lambda: _ask_and_print(page.parent()))

    view.WebPage.__init__ = make_printing


def _ask_and_print(view: Any) -> None:
    """Show the system's dialog, and print as it says; where there is no printer, it offers a PDF."""
    from qtpy.QtPrintSupport import QPrintDialog, QPrinter  # it looks for printers, which can take long

    if view.findChild(QPrintDialog):
        return
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(view.title())
    printer.setPageMargins(QMarginsF(*MARGINS), QPageLayout.Unit.Millimeter)
    dialog = QPrintDialog(printer, view)

    def end(is_printed: bool) -> None:
        view.printFinished.disconnect(end)
        dialog.deleteLater()  # which has the printer until then
        if not is_printed:
            _warn(view, _("The printer did not take this page. See whether it is ready, then print again."))

    def print_it() -> None:
        if printer.outputFormat() == QPrinter.OutputFormat.PdfFormat:  # `print` would make it a picture
            place = Path(printer.outputFileName())
            view.page().printToPdf(
                lambda made: _write_pdf(view, place, bytes(made)), printer.pageLayout(), printer.pageRanges()
            )
            dialog.deleteLater()
        else:
            view.printFinished.connect(end)
            view.print(printer)

    dialog.accepted.connect(print_it)
    dialog.rejected.connect(dialog.deleteLater)
    dialog.open()


def _write_pdf(view: Any, place: Path, made: bytes) -> None:
    """Write a PDF that was made, empty where it could not be, or tell that it is not there."""
    from webui.safety import files  # the window has to be there before this

    try:
        if not made:
            raise OSError
        with files.replacing(place) as half:
            half.write_bytes(made)
    except (OSError, ValueError):  # the last one: a name that no file can have
        said = _(
            "No PDF was written to %(place)s; what stood there is as it was. Print again, and choose another"
            " place.",
            place=place,
        )
        _warn(view, said)


def _warn(view: Any, message: str) -> None:
    with suppress(RuntimeError):  # the window is gone
        box = QMessageBox(QMessageBox.Icon.Warning, _("Not printed"), message, parent=view)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()


def place_of(window: Any) -> dict[str, Any]:
    """Frame position and inner size in pixels, as `preferences` keeps them. On the window's own thread only.

    The frame's position, not the page's: given back to `move`, that would sink by the frame each time.
    """
    native = window.native
    return {
        "x": native.pos().x(),
        "y": native.pos().y(),
        "width": native.width(),
        "height": native.height(),
        "maximized": native.isMaximized(),
    }


def bring_forward(window: Any) -> None:
    """Show, unfold and raise the window, from any thread; a maximized one stays so."""
    native = window.native

    def raise_it() -> None:
        native.setWindowState(native.windowState() & ~Qt.WindowState.WindowMinimized)
        native.show()
        native.raise_()
        native.activateWindow()

    native.create_window_trigger.emit(raise_it)
