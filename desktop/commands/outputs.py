"""What a command says: an answer as text or JSON, a failure as one line or JSON, to whatever listens."""

import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
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
        _print([json.dumps(data, ensure_ascii=False, indent=1)] if as_json else lines)
    except OSError as error:
        print(_("Done, but the answer could not be written: %(why)s.", why=error.strerror), file=sys.stderr)
        raise click.exceptions.Exit(1) from error


def fail(as_json: bool, sentence: str, code: int, data: Mapping[str, Any] | None = None) -> int:
    """Say what went wrong, one line on stderr or a JSON object on stdout, and return the exit code."""
    if as_json:
        try:
            _print(
                [json.dumps({"error": sentence, "code": code, **(data or {})}, ensure_ascii=False, indent=1)]
            )
        except OSError:
            print(sentence, file=sys.stderr)
    else:
        print(sentence, file=sys.stderr)
    return code


def _print(lines: Iterable[str]) -> None:
    """Print lines to whoever listens, who may leave early. Raises OSError when they can't be written."""
    try:
        for line in lines:
            print(line)
        sys.stdout.flush()
    except BrokenPipeError:
        _be_quiet()
    except OSError:
        _be_quiet()
        raise


def _be_quiet() -> None:
    """Send what is left to say nowhere, or Python would complain about it when it ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
