"""SIGKILL at random moments: nothing committed is lost, nothing is half done, no published backup fails.

A kill does not test a power cut, for which see `test_power_cut`: the system's cache survives it.
"""

import contextlib
import itertools
import os
import shutil
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from tests.crash.conftest import Rounds
from tests.crash.state import digest, one, sound
from webui.exchange import importing
from webui.safety import opening, workspace
from webui.store import bulk, errors, migrations, posts, users
from webui.store.chosen import Chosen
from webui.store.ledger import alone, forget, history, sqlite
from webui.store.ledger.operations import operation

MANY = 20  # so many kills cannot but meet what a few may miss
pytestmark = [pytest.mark.crash, pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL there")]


def thousands(number: int) -> str:
    """Return a CSV of so many people."""
    rows = "".join(f"Given{each},Family{each},p{each}@post.example\n" for each in range(number))
    return f"First Name,Last Name,E-mail\n{rows}"


def test_no_committed_write_is_lost_and_none_is_half_done(database: Path, rounds: Rounds) -> None:
    def check(said: list[str]) -> None:
        sound(database)
        there = one(database, "SELECT count(*) FROM users")
        assert there >= max([int(line) for line in said], default=0)
        assert there == one(database, "SELECT count(*) FROM posts")
        assert there == one(database, "SELECT count(*) FROM operations")
        assert there == one(database, "SELECT count(*) FROM person_text")

    rounds("writes", database.parent, 0.6, check)
    assert one(database, "SELECT count(*) FROM users") > 0


def test_undo_and_redo_are_done_or_not(people: Path, rounds: Rounds) -> None:
    engine = sqlite.engine(people)
    states = [digest(people)]
    for _ in range(6):
        history.undo(engine)
        states.append(digest(people))
    for _ in range(6):
        history.redo(engine)
    assert digest(people) == states[0]

    def check(said: list[str]) -> None:
        sound(people)
        assert digest(people) in states
        with contextlib.suppress(errors.Refused):  # to where the next round begins
            while True:
                history.redo(engine)
        assert digest(people) == states[0]

    engine.dispose()  # or what was killed would have nothing to recover at its next start
    rounds("undo", people.parent, 0.2, check)
    engine.dispose()


def test_one_operation_is_taken_back_alone_or_not(people: Path, rounds: Rounds) -> None:
    engine = sqlite.engine(people)
    with Session(engine) as session:
        with operation(session):
            bulk.tag(session, Chosen(q=""), "Choir, Board")
        with operation(session):
            users.change(session, 1, {"note": "since"})
    tagged = digest(people)
    with Session(engine) as session:
        operation_id = next(each.id for each in history.page(session) if each.message == "bulk.tag")
    alone.undo(engine, operation_id)
    states = {tagged, digest(people)}
    history.undo(engine)
    assert digest(people) == tagged

    def check(said: list[str]) -> None:
        sound(people)
        assert digest(people) in states
        if digest(people) != tagged:
            history.undo(engine)
        assert digest(people) == tagged

    engine.dispose()
    rounds("undo_alone", people.parent, 0.2, check)
    assert len(states) == 2
    engine.dispose()


def test_a_file_written_anew_has_all_that_was_in_it(database: Path, rounds: Rounds) -> None:
    def check(said: list[str]) -> None:
        sound(database)
        there = one(database, "SELECT count(*) FROM users")
        assert there >= max([int(line) for line in said], default=0)
        assert there == one(database, "SELECT count(*) FROM operations")

    rounds("vacuums", database.parent, 0.3, check)


def test_an_import_is_all_there_or_not_at_all(database: Path, rounds: Rounds) -> None:
    (database.parent / "people.csv").write_text(thousands(3_000))
    empty = digest(database)

    def check(said: list[str]) -> None:
        sound(database)
        there = one(database, "SELECT count(*) FROM users")
        assert there in (0, 3_000)
        assert there == one(database, "SELECT count(*) FROM sources")
        assert there == one(database, "SELECT count(*) FROM person_text")
        if there:
            engine = sqlite.engine(database)
            history.undo(engine)
            engine.dispose()
        assert digest(database) == empty

    rounds("imports", database.parent, 1.0, check)


def test_the_undo_of_an_import_of_thousands_is_done_or_not(database: Path, rounds: Rounds) -> None:
    states, engine = [digest(database)], sqlite.engine(database)
    source, scratch = database.parent / "people.csv", database.parent / "plan.sqlite"
    source.write_text(thousands(2_000))
    with importing.plan(engine, source, scratch) as planned:
        importing.apply(engine, planned)
    states.append(digest(database))

    def check(said: list[str]) -> None:
        sound(database)
        now = digest(database)
        assert now in states
        there = 2_000 * states.index(now)
        assert one(database, "SELECT count(*) FROM person_text") == there
        if not there:
            history.redo(engine)
            assert digest(database) == states[1]

    engine.dispose()
    rounds("undo_import", database.parent, 0.8, check)
    engine.dispose()


def test_a_look_at_a_past_moment_never_touches_the_database(people: Path, rounds: Rounds, count: int) -> None:
    before, left = digest(people), 0

    def check(said: list[str]) -> None:
        nonlocal left
        sound(people)
        assert digest(people) == before
        assert one(people, "SELECT count(*) FROM operations") == 40
        for copy in people.parent.glob("scratch/work-*"):
            left += 1
            os.utime(copy, (time.time() - 60,) * 2)  # a new one might be at work still
        workspace.sweep(people)
        assert not list(people.parent.glob("scratch/*"))

    rounds("looks", people.parent, 0.3, check)
    assert left or count < MANY  # most are killed while the copy is there


def test_someone_is_forgotten_or_wholly_there(database: Path, rounds: Rounds, count: int) -> None:
    known: dict[str, str] = {}
    numbers = itertools.count()

    def refill() -> None:
        engine = sqlite.engine(database)
        with Session(engine) as session:
            for _each in range(20 - users.counts(session)[0]):
                with operation(session):
                    name = f"forgettable{next(numbers)}x"
                    user = users.add(session, {"username": name, "email": f"{name}@post.example"})
                    posts.add(session, user.id, {"title": f"about {name}"})
                    known[user.uid] = name
        engine.dispose()

    def check(said: list[str]) -> None:
        owed.append(forget.is_owed(database))
        opening.ready(database)  # the next start
        sound(database)
        assert not forget.is_owed(database)
        with contextlib.closing(sqlite.connect(database)) as connection:
            there = {row[0] for row in connection.execute("SELECT uid FROM users")}
            about = {row[0] for row in connection.execute("SELECT title FROM posts")}
        assert not there & set(said)
        assert about == {f"about {known[uid]}" for uid in there}
        assert one(database, "SELECT count(*) FROM operations") == len(there)
        whole = b"".join(path.read_bytes() for path in database.parent.iterdir() if path.is_file())
        for uid in known.keys() - there:
            assert uid.encode() not in whole and known.pop(uid).encode() not in whole
        refill()

    owed: list[bool] = []
    refill()
    rounds("forgets", database.parent, 0.8, check)
    assert any(owed) or count < MANY  # some are killed before the file is written anew


def test_an_upgrade_is_done_or_the_old_file_is_still_there(people: Path, rounds: Rounds) -> None:
    folder = people.parent / "migrations"
    shutil.copytree(migrations.FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / "9999_next.py").write_text(
        'import sqlalchemy as sa\nfrom alembic import op\nrevision = "9999"\n'
        f'down_revision = "{migrations.head()}"\n'
        'def upgrade():\n    op.add_column("users", sa.Column("city", sa.String()))\n'
    )

    def check(said: list[str]) -> None:
        assert one(people, "SELECT count(*) FROM users") == 40
        connection = sqlite.connect(people)
        try:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            # Kill between the two statements that take the schema back: finish that here.
            with contextlib.suppress(sqlite.sqlite3.OperationalError):
                connection.execute("ALTER TABLE users DROP COLUMN city")
            connection.execute("UPDATE alembic_version SET version_num = ?", (migrations.head(),))
        finally:
            connection.close()
        for kept in people.parent.glob("roster before upgrade*"):
            kept.unlink()

    rounds("upgrades", people.parent, 0.5, check)
