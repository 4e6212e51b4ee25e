"""How the commands in this folder speak: a plain line a step, and a clear one when something is wrong."""

from __future__ import annotations

import shlex
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path


class Trouble(Exception):
    """Something a person must know or do; the text is for them, `code` is how the command ends."""

    def __init__(self, text: str, code: int = 1) -> None:
        super().__init__(text)
        self.code = code


def say(text: str) -> None:
    """One line on standard output, at once."""
    print(text, flush=True)


def complain(text: str) -> None:
    """One line on standard error."""
    sys.stdout.flush()
    print(text, file=sys.stderr, flush=True)


def run(command: Sequence[str | Path], failure: str, cwd: Path) -> None:
    """Run a command in the folder `cwd`, its output shown as it comes.

    Raises Trouble with `failure` and the command's own exit code when it fails or is not there.
    """
    words = [str(word) for word in command]
    try:
        answer = subprocess.run(words, cwd=cwd, check=False)
    except OSError as error:
        raise Trouble(f"{failure} ({shlex.join(words[:3])}: {error.strerror})") from error
    if answer.returncode:
        raise Trouble(failure, code=answer.returncode if answer.returncode > 0 else 1)
