"""The double-click: gives a windowed program its missing outputs and hands over to `desktop.commands`."""

import os
import sys


def _give_outputs() -> None:
    """A windowed executable starts with no stdout and stderr at all; whoever prints would fail."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115


if __name__ == "__main__":
    _give_outputs()
    from desktop.commands import main

    sys.exit(main())
