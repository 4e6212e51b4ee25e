"""The derived text of many people, written slice by slice, and the thread that writes a slice."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing

import pytest
from sqlalchemy.orm import Session

from webui.store import users
from webui.store.ledger import derived, texts
from webui.store.ledger.behind import Behind, insert
from webui.store.ledger.operations import operation, raw

INDEXES = ("names_fts", "words_fts", "parts_fts")


@pytest.fixture
def memory() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:", check_same_thread=False)) as connection:
        connection.execute("CREATE TABLE pairs (one, other)")
        yield connection


def add_people(session: Session, count: int) -> None:
    with operation(session):
        for number in range(count):
            users.add(
                session,
                {"username": f"zoë.{number}", "email": f"zoë{number}@post.example", "note": f"Kör {number}"},
            )


@pytest.mark.parametrize(("slice_", "together"), [(1, 1), (3, 2), (4, 5), (10, 1), (11, 3)])
def test_slices_of_any_size_make_the_same_texts(
    session: Session, monkeypatch: pytest.MonkeyPatch, slice_: int, together: int
) -> None:
    add_people(session, 10)
    connection = raw(session.connection())
    at_once = connection.execute("SELECT * FROM person_text ORDER BY user_id").fetchall()
    monkeypatch.setattr(texts, "SLICE", slice_)
    monkeypatch.setattr(texts, "_TOGETHER", together)
    session.rollback()
    with operation(session):
        derived.rebuild(raw(session.connection()))
    connection = raw(session.connection())
    assert connection.execute("SELECT * FROM person_text ORDER BY user_id").fetchall() == at_once
    assert len(at_once) == 10
    for index in INDEXES:
        connection.execute(f"INSERT INTO {index} ({index}, rank) VALUES ('integrity-check', 1)")
    found = connection.execute("SELECT rowid FROM words_fts WHERE words_fts MATCH '\"kor\"'").fetchall()
    assert len(found) == 10


def test_an_index_gathers_no_more_than_usual_afterwards(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(texts, "SLICE", 2)
    add_people(session, 5)
    connection = raw(session.connection())
    for index in INDEXES:
        size = connection.execute(f"SELECT v FROM {index}_config WHERE k = 'hashsize'").fetchone()
        assert size == (1 << 20,)


def test_work_is_done_in_order_by_another_thread() -> None:
    done: list[tuple[int, bool]] = []
    main = threading.current_thread()
    with Behind() as behind:
        for number in range(5):
            behind.do(lambda number=number: done.append((number, threading.current_thread() is main)))  # type: ignore[misc]
    assert done == [(number, False) for number in range(5)]


@pytest.mark.parametrize("last", [True, False])
def test_an_error_of_the_work_is_raised(last: bool) -> None:
    def fail() -> None:
        raise sqlite3.OperationalError("disk full")

    done: list[int] = []
    with pytest.raises(sqlite3.OperationalError, match="disk full"), Behind() as behind:
        behind.do(fail)
        if not last:
            behind.do(lambda: done.append(1))
    assert not done


def test_an_error_of_whoever_makes_the_next_slice_waits_for_the_last(memory: sqlite3.Connection) -> None:
    started, go_on = threading.Event(), threading.Event()

    def write() -> None:
        started.set()
        go_on.wait(10)
        memory.execute("INSERT INTO pairs VALUES (1, 2)")

    with pytest.raises(KeyError), Behind() as behind:
        behind.do(write)
        started.wait(10)
        threading.Timer(0.05, go_on.set).start()
        raise KeyError
    assert memory.execute("SELECT count(*) FROM pairs").fetchone() == (1,)


@pytest.mark.parametrize("count", [0, 1, 3_999, 4_000, 4_001, 12_345])
def test_each_row_is_inserted_once(memory: sqlite3.Connection, count: int) -> None:
    rows = [(number, f"text {number}") for number in range(count)]
    insert(memory, "pairs (one, other)", rows)
    assert memory.execute("SELECT * FROM pairs ORDER BY one").fetchall() == rows
