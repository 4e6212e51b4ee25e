"""What the commands do alike: their options, opening the database, failing with one clear line.

Here and in every command the heavy parts are imported where they are used: `--help` must be instant.
"""

import gc
import signal
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from desktop.folders import FolderProblem, Folders, locate, why_unusable
from desktop.speech import gettext as _
from webui.preferences import Preferences
from webui.store import errors

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from webui.safety.opening import Inspected
    from webui.safety.places import Places

DONE, FAILED, USAGE, REFUSED_ROWS, QUESTION = 0, 1, 2, 3, 4
_LOADED = 20_000  # objects before garbage is looked for: what a command loads is none, and it takes a while

READ = click.Path(exists=True, dir_okay=False, path_type=Path)
WRITE = click.Path(path_type=Path)  # whether it may be written there is said by `target`

Command = TypeVar("Command", bound=Callable[..., Any])

json_option = click.option("--json", "as_json", is_flag=True, help=_("Answer in JSON, for other programs."))
query_option = click.option("--query", default="", help=_("Only those who match, as in the search box."))
as_of_option = click.option("--as-of", default="", help=_("As they were on a day, or at a time of it."))
replace_option = click.option("--replace", is_flag=True, help=_("Replace FILE when it is there already."))


class Failure(click.ClickException):
    """One clear line on stderr, and the exit code; `data` is what a JSON answer says besides."""

    exit_code: int  # type: ignore[misc]  # click reads it from the instance, though it is declared on the class

    def __init__(self, sentence: str, code: int = FAILED, data: dict[str, Any] | None = None) -> None:
        super().__init__(sentence)
        self.exit_code = code
        self.data = data or {}


def places(folders: Folders) -> "Places":
    """Return where backups lie, as it was chosen on this computer."""
    from webui.safety.places import places as chosen

    return chosen(folders.backups, Preferences(folders.preferences_file))


def told(command: Command) -> Command:
    """Turn what the store refuses into a Failure; a traceback never reaches a person."""

    @wraps(command)
    def telling(*args: Any, **kwargs: Any) -> Any:
        gc.set_threshold(_LOADED)
        try:
            return command(*args, **kwargs)
        except errors.Invalid as error:
            from webui import words

            faults = "; ".join(f"{name}: {words.sentence(fault)}" for name, fault in error.fields.items())
            raise Failure(f"{words.sentence(error.message)} {faults}") from error
        except errors.StoreError as error:
            from webui import words

            code = USAGE if isinstance(error, errors.Unreadable) else FAILED
            raise Failure(words.sentence(error.message), code) from error
        except FolderProblem as error:
            raise Failure(why_unusable(error)) from error
        except (click.ClickException, click.exceptions.Exit, click.Abort, ModuleNotFoundError):
            raise
        except Exception as error:
            folders = next((each for each in args if isinstance(each, Folders)), None)
            raise _unforeseen(error) or _unexpected(folders or locate(), error) from error

    return telling  # type: ignore[return-value]


def _unexpected(folders: Folders, error: Exception) -> Failure:
    """Keep a fault of ours in the log and return what to say of it."""
    from desktop import log

    try:
        details = str(log.keep(folders.logs, error))
    except OSError:
        details = log.describe(error)
    return Failure(
        _(
            "Roster met an error it did not expect. “history” shows whether anything was done. "
            "For whoever helps you: %(details)s",
            details=details,
        )
    )


def _unforeseen(error: Exception) -> Failure | None:
    """Return what to say of a fault of the system or of the file that no floor below has a word for."""
    if isinstance(error, OSError):
        why = error.strerror or str(error)
        return Failure(_("%(path)s: %(why)s.", path=error.filename, why=why) if error.filename else f"{why}.")
    driver = getattr(error, "orig", error)  # SQLAlchemy wraps what it did not ask for itself
    if not isinstance(driver, sqlite3.Error):
        return None
    from webui import words
    from webui.store.ledger import sqlite

    if meaning := sqlite.meaning(driver):
        return Failure(words.sentence(meaning.message))
    name = getattr(driver, "sqlite_errorname", type(driver).__name__)
    return Failure(_("The database can't be used (%(name)s). Try “check”.", name=name))


@contextmanager
def opened(folders: Folders, *, is_alone: bool = False) -> "Iterator[Engine]":
    """Give an engine on the person's database, made when there is none, and close it cleanly.

    Works beside an open window; `is_alone` says that the caller holds `alone`. Raises Failure when the
    file is damaged, newer, or must be upgraded while a window has it open.
    """
    from webui.safety import opening, workspace
    from webui.store.ledger import sqlite

    folders.prepare()
    workspace.sweep(folders.database)
    made_ready(folders, opening.inspect(folders.database), is_alone=is_alone)
    opening.ready(folders.database)
    with disposed(sqlite.engine(folders.database)) as engine:
        yield engine


@contextmanager
def disposed(engine: "Engine") -> "Iterator[Engine]":
    """Give an engine, and dispose of it."""
    try:
        yield engine
    finally:
        engine.dispose()


def made_ready(folders: Folders, found: "Inspected", *, is_alone: bool) -> None:
    """Make or upgrade the database; raises Failure where it can't be opened."""
    from webui.safety import opening

    if isinstance(found, opening.Missing):
        opening.create(folders.database)
    elif isinstance(found, opening.Behind):
        with nullcontext() if is_alone else alone(folders):
            from webui.safety.upgrade import upgrade

            upgrade(folders.database)
    elif isinstance(found, opening.Newer):
        raise Failure(
            _("The database was written by a newer Roster. It was not touched; update Roster first.")
        )
    elif isinstance(found, opening.Damaged):
        raise Failure(
            _(
                "The database is damaged and was not touched: %(reason)s. “restore” with a backup keeps it "
                "under another name and puts the backup in its place.",
                reason=found.reason,
            )
        )


def known_suffix(_context: click.Context, _argument: click.Parameter, file: Path) -> Path:
    """Return `file` when people can be written as what its suffix says, else it is a wrong usage."""
    from webui import words
    from webui.exchange import formats

    try:
        formats.by_suffix(file)
    except errors.Refused as error:
        raise click.BadParameter(words.sentence(error.message)) from error
    return file


def target(folders: Folders, file: Path, *, replace: bool, reading: Path | None = None) -> Path:
    """Return where `file` is to be written. Raises Failure where it may not be."""
    from webui import words
    from webui.exchange import targets

    ours = (folders.lock, folders.run_file, folders.preferences_file)
    try:
        return targets.check(file, folders.database, ours=ours, reading=reading, replace=replace)
    except errors.Refused as error:
        said = words.sentence(error.message)
        if error.message.id == "target.exists":
            said = _("%(message)s With --replace it is replaced.", message=said)
        raise Failure(said) from error


@contextmanager
def alone(folders: Folders) -> Iterator[None]:
    """Hold the place of the one running copy. Raises Failure when a window is open on this data."""
    from desktop.instance import Instance

    folders.prepare()
    instance = Instance(folders)
    if not instance.acquire():
        raise Failure(_("Roster is open on this data. Close it first; nothing was changed."))
    try:
        yield
    finally:
        instance.release()


def stoppable() -> Callable[..., None]:
    """Return a step for long work at which Ctrl+C stops it; between steps it waits, to the command's end.

    So nothing is said to be stopped that was done already.
    """
    asked = threading.Event()
    before = signal.signal(signal.SIGINT, lambda *_: asked.set())
    click.get_current_context().call_on_close(lambda: signal.signal(signal.SIGINT, before))

    def step(*_: object) -> None:
        if asked.is_set():
            raise click.Abort

    return step
