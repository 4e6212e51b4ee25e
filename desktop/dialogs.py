"""Native dialogs, and the window as the pages' host. The window itself is `desktop/window.py`.

pywebview keeps one result a window, so dialogs go one at a time; they may be asked for from any thread but
the window's own.
"""

import re
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import platformdirs
import webview

from desktop import outside
from desktop.speech import gettext as _

_KIND = re.compile(r"\.[a-z][a-z0-9]{0,5}", re.I)  # "Backup 25.11" ends in a day, not in a kind of file


class Shown(Protocol):
    """What a host needs of the window that shows it."""

    def retitle(self, title: str, /) -> None: ...
    def close(self) -> None: ...


class Dialogs:
    """The dialogs of one window, one at a time."""

    def __init__(self, window: Any) -> None:
        self._window = window
        self._lock = threading.Lock()

    def choose_open(self, title: str, kinds: Sequence[tuple[str, str]]) -> Path | None:
        """An existing file the person chose, or None."""
        types = [f"{_plain(label)} ({pattern})" for label, pattern in kinds]
        types.append(f"{_plain(_('All files'))} (*.*)")
        with self._lock:
            self._title("linux.openFile", title)
            chosen = self._window.create_file_dialog(
                webview.FileDialog.OPEN, directory=_documents(), file_types=tuple(types)
            )
        return Path(chosen[0]) if chosen else None

    def choose_save(self, title: str, name: str) -> Path | None:
        """Where to write, with the suffix of `name` when the person gave none; None when not at all.

        That an existing file is replaced was agreed to, by the system's dialog or by ours.
        """
        with self._lock:
            self._title("global.saveFile", title)
            chosen = self._window.create_file_dialog(
                webview.FileDialog.SAVE, directory=_documents(), save_filename=name
            )
            if not chosen:
                return None
            path = Path(chosen if isinstance(chosen, str) else chosen[0])
            if _KIND.fullmatch(path.suffix):
                return path
            path = path.with_name(path.name + Path(name).suffix)
            return path if not path.exists() or self._ask(title, _replace(path)) else None

    def choose_folder(self, title: str) -> Path | None:
        """An existing folder the person chose, or None."""
        with self._lock:
            self._title("linux.openFolder", title)
            chosen = self._window.create_file_dialog(webview.FileDialog.FOLDER, directory=_documents())
        return Path(chosen[0]) if chosen else None

    def confirm(self, title: str, message: str) -> bool:
        """Whether the person said OK."""
        with self._lock:
            return self._ask(title, message)

    def _ask(self, title: str, message: str) -> bool:
        return bool(self._window.create_confirmation_dialog(title, message))

    def _title(self, name: str, title: str) -> None:
        # Qt's and GTK's dialogs take their title from here; the other systems show none.
        self._window.localization[name] = title


class WindowHost:
    """`webui.host.Host` for pages in the native window."""

    native = True

    def __init__(self, window: Shown, dialogs: Dialogs) -> None:
        self._window = window
        self._dialogs = dialogs

    def choose_open(self, title: str, kinds: Sequence[tuple[str, str]], /) -> Path | None:
        return self._dialogs.choose_open(title, kinds)

    def choose_save(self, title: str, name: str, /) -> Path | None:
        return self._dialogs.choose_save(title, name)

    def choose_folder(self, title: str, /) -> Path | None:
        return self._dialogs.choose_folder(title)

    def show_folder(self, path: Path, /) -> None:
        outside.show_folder(path)

    def open_link(self, url: str, /) -> None:
        outside.open_link(url)

    def retitle(self, title: str, /) -> None:
        self._window.retitle(title)

    def close(self) -> None:
        self._window.close()


def _plain(label: str) -> str:
    """pywebview refuses a label with anything but letters, digits and spaces ("CSV-Dateien")."""
    return re.sub(r"[^\w ]+", " ", label).strip()


def _documents() -> str:
    return str(platformdirs.user_documents_path())


def _replace(path: Path) -> str:
    return _("%(name)s is already there. Replace it?", name=path.name)
