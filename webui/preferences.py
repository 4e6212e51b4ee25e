"""What this machine remembers: appearance, size, keys, the window's place, where backups go.

Not what belongs to the database (title, e-mail rule): that is in `store/settings` and can be undone.
The file is small JSON. A damaged one, or a value that makes no sense, counts as "nothing was chosen":
a preference is never a reason not to start.
"""

import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from webui import private_json

LOWEST_PORT, HIGHEST_PORT = 1024, 65535  # below, a program needs rights that Roster does not ask for
BACKUPS_LIMITS = (1, 2, 5, 10, 20, 50, 100, 0)  # gigabytes, 0 for any


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_window(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and all(_is_whole(value.get(side)) and value[side] > 0 for side in ("width", "height"))
        and all(_is_whole(value[place]) for place in ("x", "y") if place in value)
        and isinstance(value.get("maximized", False), bool)
    )


def _is_columns(value: Any) -> bool:
    return isinstance(value, dict) and all(
        isinstance(width, int | float) and not isinstance(width, bool) and 0 < width < 1000
        for width in value.values()
    )


def _is_folder(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and isinstance(value.get("path"), str)
        and Path(value["path"]).is_absolute()
        and isinstance(value.get("mark"), str)
    )


def _is_place(value: Any) -> bool:
    return _is_folder(value) and bool(value["mark"])


def _are_pins(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(pinned, bool) for pinned in value.values())


def _are_folders(value: Any) -> bool:
    return isinstance(value, list) and all(_is_folder(each) for each in value)


_KNOWN: dict[str, tuple[Any, Callable[[Any], bool]]] = {
    "appearance": ("auto", lambda value: value in ("auto", "light", "dark")),
    "letters": (True, lambda value: isinstance(value, bool)),
    "size": (100, lambda value: _is_whole(value) and 75 <= value <= 200),
    "window": (None, _is_window),
    "columns": (None, _is_columns),
    "port": (None, lambda value: _is_whole(value) and LOWEST_PORT <= value <= HIGHEST_PORT),
    "backups": (None, lambda value: isinstance(value, str) and Path(value).is_absolute()),
    "backups_limit": (20, lambda value: _is_whole(value) and value in BACKUPS_LIMITS),
    "second_place": (None, _is_place),
    "earlier_places": ([], _are_folders),
    "pins": ({}, _are_pins),
}


class Preferences:
    """The preferences in one file. Safe to use from several threads; each `set` is written at once."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()

    def get(self, name: str) -> Any:
        """The value chosen for `name`, or its default.

        appearance: "auto", "light" or "dark" ("auto"). size: percent, 75 to 200 (100). letters: whether
        keys of one letter do something (True).
        window: {"x", "y", "width", "height", "maximized"} in pixels, or None. columns: name -> rem,
        or None. port: 1024 to 65535, where the server listens, or None.
        backups: absolute path or None. backups_limit: gigabytes that they may take, 0 for any (20).
        second_place: {"path", "mark"} of the folder that backups are copied to, or None. earlier_places: a
        list of the same, for folders where backups lay before. pins: which backups are pinned (True), or
        are no more, by what `safety.pins` calls them.
        Raises KeyError for a name that is not a preference.
        """
        default, makes_sense = _KNOWN[name]
        value = private_json.read(self.path).get(name)
        return value if makes_sense(value) else default

    def set(self, name: str, value: Any) -> None:
        """Remember `value`; None forgets it. Raises as `change` does."""
        self.change({name: value})

    def change(self, wanted: Mapping[str, Any]) -> None:
        """Remember all values of `wanted`, or none of them where one can't be; None forgets one.

        Raises KeyError for an unknown name, ValueError for a value that makes no sense, OSError when the
        file cannot be written (the old one is then still there).
        """
        for name, value in wanted.items():
            _, makes_sense = _KNOWN[name]
            if value is not None and not makes_sense(value):
                raise ValueError(f"not a value for {name}")
        with self._lock:
            values = {**private_json.read(self.path), **wanted}
            kept = {name: value for name, value in values.items() if value is not None}
            private_json.write(self.path, kept)
