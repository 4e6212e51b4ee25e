"""The double-click: gives a windowed program its missing outputs and hands over to `desktop.commands`.

Also an old Python reads this file, to say that it is one: nothing newer than that belongs in it.
"""

import contextlib
import os
import sys

HOW = "In a checkout, run: python3 build/make.py run"


def _give_outputs() -> None:
    """A windowed executable starts with no stdout and stderr at all; whoever prints would fail."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115


def _end(code: int) -> None:
    """End at once: the file is closed, and the web engine's own end now and then waits for ever."""
    if sys.exc_info()[0]:
        sys.excepthook(*sys.exc_info())
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):  # whoever read it may be gone
            stream.flush()
    os._exit(code)


def _run() -> int:
    if sys.version_info < (3, 11):  # noqa: UP036  whoever starts it by hand may have any
        sys.exit(f"Roster needs Python 3.11 or newer, and this is {sys.version.split()[0]}. {HOW}")
    try:
        from desktop.commands import main

        return main()
    except ModuleNotFoundError as missing:
        if not missing.name or missing.name.split(".")[0] in ("desktop", "webui"):
            raise
        sys.exit(f"Roster needs {missing.name}, which this Python does not have. {HOW}")


if __name__ == "__main__":
    _give_outputs()
    code = 1
    try:
        code = _run()
    finally:
        if "webview" in sys.modules:
            _end(code)
    sys.exit(code)
