"""What must be told before there is a page: a native box where there is a screen, and always stderr."""

import ctypes
import json
import subprocess
import sys

from desktop.screen import has_screen, prepare_qt, why_no_window
from desktop.speech import gettext as _

TITLE = "Roster"


def tell(message: str, detail: str = "") -> None:
    """Tell one thing and wait until it was read (at once without a screen). `detail` is for whoever helps."""
    detail = _("For whoever helps you: %(detail)s", detail=detail) if detail else ""
    for line in filter(None, (message, detail)):
        print(line, file=sys.stderr)
    sys.stderr.flush()
    if sys.platform == "win32":
        ctypes.windll.user32.MessageBoxW(None, f"{message}\n\n{detail}".strip(), TITLE, 0x30)
    elif sys.platform == "darwin":
        _tell_on_macos(message)
    elif has_screen() and why_no_window() is None:
        _tell_by_qt(message, detail)


def _tell_by_qt(message: str, detail: str) -> None:
    prepare_qt()
    from PyQt6.QtWidgets import QApplication, QMessageBox

    application = QApplication.instance() or QApplication([TITLE])
    box = QMessageBox(QMessageBox.Icon.Warning, TITLE, message)
    if detail:
        box.setInformativeText(detail)
    box.exec()
    application.processEvents()


def _tell_on_macos(message: str) -> None:
    # JSON's quoting of text is AppleScript's.
    said = json.dumps(message, ensure_ascii=False)
    script = f'display alert "{TITLE}" message {said} as warning'
    subprocess.run(["osascript", "-e", script], check=False, capture_output=True)
