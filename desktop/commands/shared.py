"""What the commands do alike: open the database, answer as text or JSON, fail with one clear line.

Here and in every command the heavy parts are imported where they are used: `--help` must be instant.
"""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

import click

from desktop.folders import FolderProblem, Folders
from desktop.speech import gettext as _
from webui.store import errors

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

DONE, FAILED, USAGE, REFUSED_ROWS, QUESTION = 0, 1, 2, 3, 4

Command = TypeVar("Command", bound=Callable[..., Any])

json_option = click.option("--json", "as_json", is_flag=True, help=_("Answer in JSON, for other programs."))


class Failure(click.ClickException):
    """One clear line on stderr, and the exit code."""

    exit_code: int  # type: ignore[misc]  # click reads it from the instance, though it is declared on the class

    def __init__(self, sentence: str, code: int = FAILED) -> None:
        super().__init__(sentence)
        self.exit_code = code

    def show(self, file: Any = None) -> None:
        print(self.message, file=file or sys.stderr)


def told(command: Command) -> Command:
    """Turn what the store refuses into a Failure; a traceback never reaches a person."""

    @wraps(command)
    def telling(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except errors.Invalid as error:
            from webui import words

            faults = "; ".join(f"{name}: {words.sentence(fault)}" for name, fault in error.fields.items())
            raise Failure(f"{words.sentence(error.message)} {faults}") from error
        except errors.StoreError as error:
            from webui import words

            raise Failure(words.sentence(error.message)) from error
        except FolderProblem as error:
            raise Failure(
                _("%(folder)s can't be used: %(detail)s", folder=error.path, detail=error.detail)
            ) from error

    return telling  # type: ignore[return-value]


@contextmanager
def opened(folders: Folders) -> "Iterator[Engine]":
    """Give an engine on the person's database, made when there is none, and close it cleanly.

    Works beside an open window. Raises Failure when the file is damaged, newer, or must be upgraded
    while a window has it open.
    """
    from webui.safety import opening
    from webui.store.ledger import sqlite

    folders.prepare()
    found = opening.inspect(folders.database)
    if isinstance(found, opening.Missing):
        opening.create(folders.database)
    elif isinstance(found, opening.Behind):
        with alone(folders):
            from webui.safety.upgrade import upgrade

            upgrade(folders.database)
    elif isinstance(found, opening.Newer):
        raise Failure(
            _("The database was written by a newer Roster. It was not touched; update Roster first.")
        )
    elif isinstance(found, opening.Damaged):
        raise Failure(
            _(
                "The database is damaged and was not touched: %(reason)s. Restore a backup.",
                reason=found.reason,
            )
        )
    opening.ready(folders.database)
    engine = sqlite.engine(folders.database)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def session(folders: Folders) -> "Iterator[Session]":
    """Give a session on the person's database."""
    from sqlalchemy.orm import Session

    with opened(folders) as engine, Session(engine) as made:
        yield made


@contextmanager
def alone(folders: Folders) -> Iterator[None]:
    """Hold the place of the one running copy. Raises Failure when a window is open on this data."""
    from desktop.instance import Instance

    instance = Instance(folders)
    if not instance.acquire():
        raise Failure(_("Roster is open on this data. Close its window first; nothing was changed."))
    try:
        yield
    finally:
        instance.release()


def answer(as_json: bool, data: Any, *lines: str) -> None:
    """Print `data` as JSON, or the lines."""
    if as_json:
        print(json.dumps(data, ensure_ascii=False, indent=1))
    else:
        for line in lines:
            print(line)
