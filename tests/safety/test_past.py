"""The database as it was: a copy that can only be read, and that never stays."""

import os
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from webui.safety import past, workspace
from webui.store import errors, search, users
from webui.store.ledger import history, sqlite
from webui.store.ledger.operations import operation

_LATER = 10.0  # seconds; more than a new folder is left alone


def _add(session: Session, name: str) -> int:
    with operation(session):
        return users.add(session, {"username": name, "email": f"{name}@post.example"}).id


def _scratch(database: Path) -> list[Path]:
    return list((database.parent / "scratch").glob("work-*"))


def test_a_moment_has_who_was_there_then_and_finds_them(
    session: Session, engine: Engine, database: Path, digest: Callable[[], str]
) -> None:
    mara = _add(session, "mara")
    then = history.page(session, limit=1)[0].id
    with operation(session):
        users.change(session, mara, {"note": "Tenor", "username": "mara.b"})
    _add(session, "noor")
    with operation(session):
        users.trash(session, [mara])
    session.rollback()
    now = digest()
    made = past.make(engine, then)
    with Session(made.engine) as looked_at:
        assert [row.username for row in search.find(looked_at, "").rows] == ["mara"]
        assert not search.find(looked_at, "tenor").rows
        assert users.find(looked_at, mara).note is None
        assert [each.id for each in history.page(looked_at)] == [then]
    made.close()
    assert digest() == now
    assert not _scratch(database)


def test_before_the_first_operation_nobody_is_there(session: Session, engine: Engine) -> None:
    _add(session, "mara")
    made = past.make(engine, 0)
    with Session(made.engine) as looked_at:
        assert users.counts(looked_at) == (0, 0)
        assert not history.page(looked_at)
    made.close()


def test_a_moment_knows_what_was_undone_only_after_it(session: Session, engine: Engine) -> None:
    mara = _add(session, "mara")
    with operation(session):
        users.trash(session, [mara])
    trashed = history.page(session, limit=1)[0].id
    session.rollback()
    history.undo(engine)
    made = past.make(engine, trashed)
    with Session(made.engine) as looked_at:
        assert users.counts(looked_at) == (0, 1)
        assert [each.undone for each in history.page(looked_at)] == [False, False]
    made.close()


def test_a_moment_can_not_be_changed(session: Session, engine: Engine) -> None:
    mara = _add(session, "mara")
    made = past.make(engine, 1)
    with (
        Session(made.engine) as looked_at,
        pytest.raises((errors.ReadOnly, OperationalError)),
        operation(looked_at),
    ):
        users.trash(looked_at, [mara])
    made.close()
    assert users.find(session, mara).deleted_at is None


@pytest.mark.outside
def test_what_was_written_outside_is_taken_back_too(session: Session, engine: Engine, database: Path) -> None:
    _add(session, "mara")
    other = sqlite.connect(database)
    other.execute("UPDATE users SET note = 'Tenor'")
    other.close()
    made = past.make(engine, 1)
    with Session(made.engine) as looked_at:
        assert users.find(looked_at, 1).note is None
    made.close()
    assert [each.message for each in history.page(session)] == ["outside", "users.add"]


def test_a_stopped_or_failed_look_leaves_no_copy(session: Session, engine: Engine, database: Path) -> None:
    _add(session, "mara")

    def stopped(phase: str, _done: int, _total: int) -> None:
        if phase == "past.rewind":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        past.make(engine, 0, stopped)
    assert not _scratch(database)


def test_rows_that_do_not_fit_the_schema_of_now_are_refused_in_words(
    session: Session, engine: Engine, database: Path
) -> None:
    _add(session, "mara")
    with operation(session):
        users.trash(session, [1])
    session.rollback()
    other = sqlite.connect(database)
    other.execute("UPDATE history_users SET uid = NULL WHERE existed = 1")
    other.close()
    with pytest.raises(errors.Refused) as refused:
        past.make(engine, 1)
    assert refused.value.message.id == "past.other_schema"
    assert not _scratch(database)


def test_a_killed_program_leaves_a_copy_that_the_next_start_removes(
    session: Session, database: Path, engine: Engine
) -> None:
    _add(session, "mara")
    program = textwrap.dedent(
        f"""
        import os
        import signal
        from pathlib import Path
        from webui.safety import past
        from webui.store.ledger import sqlite
        made = past.make(sqlite.engine(Path({str(database)!r})), 1)
        made.engine.connect()
        os.kill(os.getpid(), signal.SIGKILL)
        """
    )
    ended = subprocess.run([sys.executable, "-c", program], check=False, timeout=60)
    assert ended.returncode != 0
    (left,) = _scratch(database)
    assert (left / "past.db").exists()
    long_ago = left.stat().st_mtime - _LATER
    os.utime(left, (long_ago, long_ago))
    workspace.sweep(database)
    assert not _scratch(database)
    assert users.find(session, 1).username == "mara"
