"""Hands folders and addresses to the system's own programs. Waits for nothing."""

import contextlib
import html
import logging
import os
import subprocess
import sys
import webbrowser
from pathlib import Path
from urllib.parse import urlsplit

log = logging.getLogger(__name__)
SCHEMES = frozenset({"http", "https", "mailto", "tel"})


def open_link(url: str) -> bool:
    """Open an address in the system's browser, mail or phone program; False for another kind or a failure."""
    if urlsplit(url).scheme not in SCHEMES:
        return False
    if sys.platform.startswith("linux") and getattr(sys, "frozen", False):
        return _launch(["xdg-open", url])
    return _open(url)


def open_start(address: str, page: Path) -> bool:
    """Open a one-time address in the system's browser by way of the file `page`, which this person alone can
    read: what a program is started with, everyone on this computer can see. False where that fails."""
    try:
        forget_start(page)
        with os.fdopen(os.open(page, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(f'<!doctype html><meta http-equiv="refresh" content="0;url={html.escape(address)}">')
    except OSError:
        log.warning("no page for the browser", exc_info=True)
        return False
    if sys.platform.startswith("linux") and getattr(sys, "frozen", False):
        return _launch(["xdg-open", str(page)])
    return _open(page.as_uri())


def forget_start(page: Path) -> None:
    """Remove that file, where it is there: the address in it works once anyway."""
    with contextlib.suppress(OSError):
        page.unlink()


def show_folder(path: Path) -> bool:
    """Show a folder, or the one that holds a file, in the file manager; False when none could be started."""
    folder = path if path.is_dir() else path.parent
    if sys.platform == "win32":
        return _launch(["explorer", str(folder)])
    return _launch(["open" if sys.platform == "darwin" else "xdg-open", str(folder)])


def _open(url: str) -> bool:
    try:
        return webbrowser.open(url)
    except (OSError, webbrowser.Error):
        log.warning("no program opens a link", exc_info=True)
        return False


def _launch(command: list[str]) -> bool:
    quiet = subprocess.DEVNULL
    try:
        subprocess.Popen(
            command, env=_environment(), stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True
        )
    except OSError:
        log.warning("no program shows a folder or link", exc_info=True)
        return False
    return True


def _environment() -> dict[str, str]:
    """The environment without the bundle's own libraries, which would break the system's programs."""
    environment = dict(os.environ)
    if getattr(sys, "frozen", False):
        before = environment.pop("LD_LIBRARY_PATH_ORIG", None)
        environment.pop("LD_LIBRARY_PATH", None)
        if before is not None:
            environment["LD_LIBRARY_PATH"] = before
    return environment
