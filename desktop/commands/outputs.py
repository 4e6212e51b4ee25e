"""What a command says: an answer as text or JSON, a failure as one line or JSON, to whatever listens."""

import json
import os
import sys
from collections.abc import Mapping, Sequence
from io import TextIOWrapper
from typing import Any

import click

from desktop.speech import gettext as _


def wants_json(arguments: Sequence[str]) -> bool:
    """Whether a command line asks for JSON, also one that click can't make sense of."""
    options = arguments[: arguments.index("--")] if "--" in arguments else arguments
    return "--json" in options


def take_anything() -> None:
    """A name that a terminal or pipe can't spell is shown by its numbers, not a reason to fail."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def answer(as_json: bool, data: Any, *lines: str) -> None:
    """Print `data` as JSON, or the lines. Whoever has heard enough may leave (`users | head`).

    Ends the command with 1 when nothing can be written; what was done is done all the same.
    """
    try:
        for line in [json.dumps(data, ensure_ascii=False, indent=1)] if as_json else lines:
            print(line)
        sys.stdout.flush()
    except BrokenPipeError:
        _be_quiet()
    except OSError as error:
        _be_quiet()
        print(_("Done, but the answer could not be written: %(why)s.", why=error.strerror), file=sys.stderr)
        raise click.exceptions.Exit(1) from error


def fail(as_json: bool, sentence: str, code: int, data: Mapping[str, Any] | None = None) -> int:
    """Say what went wrong, one line on stderr or a JSON object on stdout, and return the exit code."""
    if as_json:
        answer(True, {"error": sentence, "code": code, **(data or {})})
    else:
        print(sentence, file=sys.stderr)
    return code


def _be_quiet() -> None:
    """Send what is left to say nowhere, or Python would complain about it when it ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
