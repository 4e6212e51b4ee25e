"""The database for a command that only reads: also where the disk is full, or the folder is read-only."""

import datetime
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from typing import TYPE_CHECKING

import click

from desktop.commands import shared
from desktop.folders import FolderProblem, Folders
from desktop.speech import gettext as _
from webui.store import errors

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.orm import Session


@contextmanager
def opened(folders: Folders) -> "Iterator[tuple[Engine, bool]]":
    """Give an engine as `shared.opened` does, and whether it can write: where nothing can be written in the
    folder the file is read as it is, and that is said on stderr. Raises as `shared.opened` where it can't."""
    with ExitStack() as stack:
        try:
            engine, writes = stack.enter_context(shared.opened(folders)), True
        except (FolderProblem, errors.Full, errors.ReadOnly) as problem:
            engine, writes = stack.enter_context(_as_it_is(folders, problem)), False
        yield engine, writes


@contextmanager
def _as_it_is(folders: Folders, problem: Exception) -> "Iterator[Engine]":
    from webui.safety import opening, read_only

    if not folders.database.is_file():
        raise problem
    with shared.disposed(read_only.engine(folders.database)) as engine:
        found = opening.inspect(folders.database)
        if isinstance(found, opening.Missing | opening.Behind):
            raise problem  # it has to be made, or brought up to date
        shared.made_ready(folders, found, is_alone=False)
        said = _("Nothing can be written in %(folder)s, so the database is only read.", folder=folders.data)
        click.echo(said, err=True)
        yield engine


@contextmanager
def session(folders: Folders, as_of: str = "") -> "Iterator[Session]":
    """Give a session on the person's database, or on what it was at a moment. Raises Failure for one that
    can't be read, Refused for one that history does not reach back to."""
    from sqlalchemy.orm import Session

    if as_of:
        folders.prepare()  # a copy is made beside the database
    with opened(folders) as (engine, _writes), Session(engine) as made:
        if not as_of:
            yield made
            return
        with _past(engine, made, as_of) as then:
            yield then


@contextmanager
def _past(engine: "Engine", now: "Session", as_of: str) -> "Iterator[Session]":
    from sqlalchemy.orm import Session

    from webui import words
    from webui.filters import local_day
    from webui.safety import past
    from webui.store.ledger import moments
    from webui.store.values import times

    near = {_("Today").casefold(): 0, _("Yesterday").casefold(): 1, _("Now").casefold(): None}
    try:
        moment, at = moments.typed(now, as_of.strip(), datetime.date.today(), near)
    except errors.Refused as error:
        if error.message.id == "moment.too_early":
            raise
        raise shared.Failure(words.sentence(error.message), shared.USAGE) from error
    now.rollback()
    with closing(past.make(engine, moment.id)) as copy, Session(copy.engine) as then:
        times.set_today(local_day(at))
        try:
            yield then
        finally:
            times.set_today(None)
