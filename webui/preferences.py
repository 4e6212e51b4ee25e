"""What this machine remembers: appearance, size, keys, the window's place, where backups go.

Not what belongs to the database (title, e-mail rule): that is in `store/settings` and can be undone.
The file is small JSON. A damaged one, or a value that makes no sense, counts as "nothing was chosen":
a preference is never a reason not to start.
"""

import contextlib
import json
import os
import tempfile
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

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


def _is_place(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and isinstance(value.get("path"), str)
        and Path(value["path"]).is_absolute()
        and isinstance(value.get("mark"), str)
        and bool(value["mark"])
    )


_KNOWN: dict[str, tuple[Any, Callable[[Any], bool]]] = {
    "appearance": ("auto", lambda value: value in ("auto", "light", "dark")),
    "letters": (True, lambda value: isinstance(value, bool)),
    "size": (100, lambda value: _is_whole(value) and 75 <= value <= 200),
    "window": (None, _is_window),
    "columns": (None, _is_columns),
    "backups": (None, lambda value: isinstance(value, str) and Path(value).is_absolute()),
    "backups_limit": (20, lambda value: _is_whole(value) and value in BACKUPS_LIMITS),
    "second_place": (None, _is_place),
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
        or None. backups: absolute path or None. backups_limit: gigabytes that they may take, 0 for any (20).
        second_place: {"path", "mark"} of the folder that backups are copied to, or None.
        Raises KeyError for a name that is not a preference.
        """
        default, makes_sense = _KNOWN[name]
        value = self._read().get(name)
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
            values = {**self._read(), **wanted}
            self._write({name: value for name, value in values.items() if value is not None})

    def _read(self) -> dict[str, Any]:
        try:
            values = json.loads(self.path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            return {}
        return values if isinstance(values, dict) else {}

    def _write(self, values: dict[str, Any]) -> None:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # mkstemp makes the file 0600; the rename keeps that and never shows half a file.
        handle, name = tempfile.mkstemp(dir=self.path.parent, prefix=".preferences-")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(values, file, indent=1, sort_keys=True)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(self.path)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(name).unlink()
            raise
