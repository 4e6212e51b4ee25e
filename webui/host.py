"""What the pages may ask of the program that shows them: dialogs, folders, links, the window's title.

It is only the shape. The window's answer lives in `desktop/dialogs.py`; `NoHost` is a browser or a test,
where there is no native dialog and pages fall back to uploads and downloads.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol


class Host(Protocol):
    """Answers come from whatever shows the pages; every call may be made from a request's thread."""

    native: bool
    """True when there are native dialogs and a window; pages offer "Save as..." only then."""

    def choose_open(self, title: str, kinds: Sequence[tuple[str, str]], /) -> Path | None:
        """Ask for an existing file; `kinds` are pairs such as ("CSV files", "*.csv"). None when cancelled."""

    def choose_save(self, title: str, name: str, /) -> Path | None:
        """Ask where to write; `name` is suggested and lends its suffix. None when cancelled."""

    def choose_folder(self, title: str, /) -> Path | None:
        """Ask for an existing folder. None when cancelled."""

    def show_folder(self, path: Path, /) -> None:
        """Show a folder, or the folder of a file, in the system's file manager."""

    def open_link(self, url: str, /) -> None:
        """Open a web, mail or phone address in the system's own program; any other kind is ignored."""

    def retitle(self, title: str, /) -> None:
        """Show the database's title in the window's title."""

    def close(self) -> None:
        """Close the program as the window's own close button does. Returns at once."""


class NoHost:
    """No window around the pages: nothing is asked, nothing is shown."""

    native = False

    def choose_open(self, _title: str, _kinds: Sequence[tuple[str, str]]) -> Path | None:
        return None

    def choose_save(self, _title: str, _name: str) -> Path | None:
        return None

    def choose_folder(self, _title: str) -> Path | None:
        return None

    def show_folder(self, _path: Path) -> None:
        return None

    def open_link(self, _url: str) -> None:
        return None

    def retitle(self, _title: str) -> None:
        return None

    def close(self) -> None:
        return None


class Beside(NoHost):
    """A browser while the window is open: it has dialogs of its own, the title is the window's."""

    def __init__(self, window: Host) -> None:
        self._window = window

    def retitle(self, title: str) -> None:
        self._window.retitle(title)
