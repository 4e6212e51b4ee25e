"""Starts what is to be killed: one process that has loaded all of Roster and lets a child do each round.

See `worker` for what is done in it.
"""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

WORKER = Path(__file__).with_name("worker.py")


class Nursery:
    """A running worker; `under` begins its command, of a program that watches it."""

    def __init__(self, under: Sequence[str] = ()) -> None:
        self._told = tempfile.TemporaryFile("w+")  # noqa: SIM115  # closed by `close`
        self._worker = subprocess.Popen(
            [*under, sys.executable, str(WORKER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._told,
            text=True,
        )

    def run(self, what: str, folder: Path, after: Callable[[int], None] = lambda _pid: None) -> list[str]:
        """Let a child do `what` in `folder`, and `after` with its process id once it is ready.

        Returns what it said. Fails where it stumbled by itself.
        """
        assert self._worker.stdin
        self._worker.stdin.write(f"{what}\t{folder}\n")
        self._worker.stdin.flush()
        said: list[str] = []
        while not (line := self._line()).startswith("ended "):
            if line.startswith("ready "):
                after(int(line.split()[1]))
            else:
                said.append(line)
        assert line in ("ended 0", f"ended {-signal.SIGKILL}"), self.told()
        return said

    def kill(self, what: str, folder: Path, seconds: float) -> list[str]:
        """Let a child work for so long and kill it; return what it said."""

        def after(pid: int) -> None:
            time.sleep(seconds)
            with contextlib.suppress(ProcessLookupError):  # it was through already
                os.kill(pid, signal.SIGKILL)

        return self.run(what, folder, after)

    def told(self) -> str:
        """Return what was complained of."""
        self._told.seek(0)
        return self._told.read()

    def close(self) -> None:
        """End it."""
        assert self._worker.stdin
        assert self._worker.stdout
        self._worker.stdin.close()
        self._worker.wait(60)
        self._worker.stdout.close()
        self._told.close()

    def _line(self) -> str:
        assert self._worker.stdout
        line = self._worker.stdout.readline()
        assert line, f"the worker is gone: {self.told()}"
        return line.rstrip("\n")
