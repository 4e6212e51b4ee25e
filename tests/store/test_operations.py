"""Operations: whole or not at all, named, waiting for other writers; changes from outside."""

import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from webui import words
from webui.store import errors, posts, search, settings, users
from webui.store.ledger import derived, history, sqlite
from webui.store.ledger.kinds import KINDS
from webui.store.ledger.operations import beside, named, operation, replacing
from webui.store.models import User


def form(name: str) -> dict[str, str]:
    return {"username": name, "email": f"{name}@post.example", "given": name.title()}


def test_an_error_takes_everything_back(session: Session, digest: Callable[[], str]) -> None:
    before = digest()
    with pytest.raises(errors.Invalid), operation(session):
        users.add(session, form("mara"))
        users.add(session, form("MARA"))
    assert digest() == before
    assert history.page(session) == []


def test_an_operation_inside_another_joins_it_and_the_outer_name_wins(session: Session) -> None:
    with operation(session):
        named(session, "settings.title", title="Both")
        with operation(session):
            users.add(session, form("mara"))
        users.add(session, form("noor"))
    (done,) = history.page(session)
    assert (done.message, done.counts) == ("settings.title", {"users": 2})


def test_records_changed_before_an_operation_are_a_fault_of_ours(session: Session) -> None:
    session.add(User(username="x", email="x@y.example"))
    with pytest.raises(RuntimeError, match="before the operation"), operation(session):
        pass
    session.rollback()


def test_a_kind_that_is_not_registered_is_refused(session: Session) -> None:
    with pytest.raises(RuntimeError, match="no such kind"), operation(session):
        named(session, "users.explode")
        session.add(User(username="x", email="x@y.example"))
    assert users.counts(session) == (0, 0)


def test_every_kind_has_its_sentence() -> None:
    known = set(words.SENTENCES) | set(words._PLURAL)
    assert {f"done.{kind}" for kind in KINDS} <= known


def test_a_writer_waits_for_another_and_then_goes_on(database: Path, session: Session) -> None:
    other = sqlite.connect(database)
    other.execute("BEGIN IMMEDIATE")
    release = threading.Timer(0.4, lambda: other.execute("ROLLBACK"))
    release.start()
    started = time.monotonic()
    with operation(session):
        users.add(session, form("mara"))
    assert time.monotonic() - started >= 0.3
    release.join()
    other.close()


def test_a_writer_that_waits_too_long_is_told_so(
    database: Path, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = sqlite.connect(database)
    other.execute("BEGIN IMMEDIATE")
    session.connection().exec_driver_sql("PRAGMA busy_timeout=50")
    monkeypatch.setattr(sqlite, "PATIENCE", 0.2)
    with pytest.raises(errors.Busy), operation(session):
        pass
    other.execute("ROLLBACK")
    other.close()
    with operation(session):
        users.add(session, form("mara"))


def test_a_reader_that_has_read_can_still_write(database: Path, session: Session) -> None:
    """A deferred transaction that read first fails at once when another writer came between."""
    users.counts(session)
    with Session(sqlite_engine := sqlite.engine(database)) as other, operation(other):
        users.add(other, form("noor"))
    sqlite_engine.dispose()
    with operation(session):
        users.add(session, form("mara"))
    assert users.counts(session) == (2, 0)


def test_readers_are_not_stopped_by_a_writer(database: Path, session: Session) -> None:
    other = sqlite.connect(database)
    other.execute("BEGIN IMMEDIATE")
    assert users.counts(session) == (0, 0)
    other.execute("ROLLBACK")
    other.close()


def test_every_connection_is_prepared(engine: Engine) -> None:
    wanted = {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "recursive_triggers": 1,
        "busy_timeout": 5000,
        "temp_store": 2,
        "cache_size": sqlite.READER_CACHE,
    }
    with engine.connect() as connection:
        for pragma, value in wanted.items():
            assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value
        connection.rollback()
    with engine.connect().execution_options(write=True) as writer, writer.begin():
        assert writer.exec_driver_sql("PRAGMA cache_size").scalar() == sqlite.WRITER_CACHE
    with engine.connect() as reader:  # the same one, from the pool
        assert reader.exec_driver_sql("PRAGMA cache_size").scalar() == sqlite.READER_CACHE


def test_replacing_refuses_rows_that_would_hang_in_the_air(
    session: Session, engine: Engine, digest: Callable[[], str]
) -> None:
    with operation(session):
        user_id = users.add(session, form("mara")).id
    with operation(session):
        posts.add(session, user_id, {"title": "x"})
    before = digest()
    with pytest.raises(errors.Damaged), replacing(engine, "undo") as (connection, _opened):
        connection.execute("DELETE FROM users")
    assert digest() == before


@pytest.mark.outside
class TestOutside:
    """Another program writes to the file, or a script through the ORM."""

    @pytest.fixture
    def mara(self, session: Session) -> int:
        with operation(session):
            return users.add(session, form("mara")).id

    def test_it_is_an_operation_that_can_be_undone(
        self, database: Path, session: Session, engine: Engine, mara: int, digest: Callable[[], str]
    ) -> None:
        before = digest()
        with sqlite3.connect(database) as other:
            other.execute("UPDATE users SET username = 'berta', given = 'Berta', display_name = 'Berta'")
        other.close()
        assert search.find(session, "berta").count == 0
        session.rollback()
        with operation(session):
            settings.set_title(session, "Next")
        assert search.find(session, "berta").count == 1
        assert users.find(session, mara).username_key == "berta"
        assert [done.message for done in history.page(session)] == ["settings.title", "outside", "users.add"]
        session.rollback()
        history.undo(engine)
        history.undo(engine)
        assert digest() == before

    def test_a_key_that_clashes_stays_empty_and_nothing_fails(
        self, database: Path, session: Session, mara: int
    ) -> None:
        with sqlite3.connect(database) as other:
            other.execute(
                "INSERT INTO users (uid, username, email, display_name, created_at, updated_at)"
                " VALUES ('u', 'MARA', 'm2@post.example', '', '', '')"
            )
        other.close()
        with operation(session):
            settings.set_title(session, "Next")
        keys = session.execute(text("SELECT username, username_key FROM users ORDER BY id")).all()
        assert [tuple(row) for row in keys] == [("mara", "mara"), ("MARA", None)]

    def test_the_email_rule_holds_there_too(self, database: Path, mara: int) -> None:
        other = sqlite3.connect(database)
        with pytest.raises(sqlite3.IntegrityError, match="email required"):
            other.execute("UPDATE users SET email = NULL")
        other.close()

    def test_a_deletion_with_its_posts_can_be_undone(
        self, database: Path, session: Session, engine: Engine, mara: int, digest: Callable[[], str]
    ) -> None:
        with operation(session):
            posts.add(session, mara, {"title": "Concert"})
        before = digest()
        session.rollback()
        other = sqlite.connect(database)
        other.execute("DELETE FROM users")
        other.close()
        assert history.undo(engine).counts == {"users": 1, "posts": 1}
        assert digest() == before
        assert search.find(session, "concert").count == 1

    def test_derived_parts_that_vanished_are_seen_and_made_again(self, database: Path) -> None:
        connection = sqlite.connect(database)
        assert derived.check(connection) == []
        connection.execute("DROP TRIGGER history_users_update")
        connection.execute("DROP TABLE words_fts")
        connection.execute("CREATE TRIGGER stranger AFTER INSERT ON users BEGIN SELECT 1; END")
        assert derived.check(connection) == ["history_users_update", "stranger", "words_fts"]
        derived.install(connection)
        assert derived.check(connection) == []
        connection.close()


def test_what_is_done_beside_names_an_operation_only_if_nothing_else_does(session: Session) -> None:
    with operation(session) as both:
        with beside(session):
            settings.set_email_required(session, False)
        users.add(session, {"username": "mara"})
    assert (both.message, both.values) == ("users.add", {"name": "mara"})
    with operation(session) as alone, beside(session):
        settings.set_title(session, "Choir")
    assert (alone.message, alone.values) == ("settings.title", {"title": "Choir"})
    with operation(session) as named_before:
        users.add(session, {"username": "noor"})
        with beside(session):
            settings.set_title(session, "Chorus")
    assert named_before.message == "users.add"
