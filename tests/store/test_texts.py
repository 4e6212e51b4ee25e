"""The derived text of many people, written slice by slice."""

import sqlite3
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from webui.store import bulk, bulk_fields, users
from webui.store.chosen import Chosen
from webui.store.ledger import derived, fetching, sqlite, texts
from webui.store.ledger.operations import named, operation, raw
from webui.store.models import Field, FieldValue, Post, PostUser
from webui.store.values import times

INDEXES = ("names_fts", "words_fts", "parts_fts")


def add_people(session: Session, count: int) -> None:
    with operation(session):
        for number in range(count):
            users.add(
                session,
                {"username": f"zoë.{number}", "email": f"zoë{number}@post.example", "note": f"Kör {number}"},
            )


@pytest.mark.parametrize("slice_", [1, 3, 5, 10, 11])
def test_slices_of_any_size_make_the_same_texts(
    session: Session, monkeypatch: pytest.MonkeyPatch, slice_: int
) -> None:
    add_people(session, 10)
    connection = raw(session.connection())
    at_once = connection.execute("SELECT * FROM person_text ORDER BY user_id").fetchall()
    monkeypatch.setattr(texts, "SLICE", slice_)
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


@pytest.mark.parametrize("slice_", [1, 4, texts.SLICE])
def test_however_many_are_forgotten_at_once_the_others_are_found(
    session: Session, monkeypatch: pytest.MonkeyPatch, slice_: int
) -> None:
    monkeypatch.setattr(texts, "SLICE", slice_)
    add_people(session, 10)
    left = set(range(1, 11))
    for gone in ([1], [2, 3, 4], [5, 6, 7, 8], [9, 10]):  # few of those left, then most, at last all
        with operation(session):
            bulk.trash(session, Chosen(gone))
        left -= {*gone}
        assert found(session, "kor") == sorted(left)
        with operation(session):
            bulk_fields.put(session, Chosen([*left]), "organisation", f"Boat{len(left)}")
        assert found(session, f"boat{len(left)}") == sorted(left)
        assert found(session, f"boat{len(left) + len(gone)}") == []
        for index in INDEXES:
            raw(session.connection()).execute(
                f"INSERT INTO {index} ({index}, rank) VALUES ('integrity-check', 1)"
            )
        session.rollback()


def test_a_post_about_several_is_in_the_text_of_each(session: Session) -> None:
    add_people(session, 2)
    with operation(session):
        named(session, "posts.add", title="Regatta", name="")
        post = Post(user_id=1, title="Regatta", date="2026-05-01")
        session.add(post)
        session.flush()
        session.add(PostUser(post_id=post.id, user_id=2))
    assert found(session, "regatta") == [1, 2]
    assert session.scalars(text("SELECT last_post FROM person_text")).all() == ["2026-05-01"] * 2
    with operation(session):
        named(session, "posts.change", title="Picnic", name="")
        session.scalars(select(Post)).one().title = "Picnic"
    assert (found(session, "regatta"), found(session, "picnic")) == ([], [1, 2])


def test_what_an_own_field_says_is_found_until_the_field_is_in_the_trash(session: Session) -> None:
    add_people(session, 2)
    with operation(session):
        named(session, "users.change", name="", fields=[])
        field = Field(name="Boat", kind="text")
        session.add(field)
        session.flush()
        session.add(FieldValue(field_id=field.id, user_id=2, value="Heliotrope"))
    assert found(session, "heliotrope") == [2]
    with operation(session):
        named(session, "users.change", name="", fields=[])
        session.scalars(select(Field)).one().deleted_at = times.now()
    assert found(session, "heliotrope") == []


def found(session: Session, word: str) -> list[int]:
    query = text("SELECT rowid FROM words_fts WHERE words_fts MATCH :word ORDER BY rowid")
    return list(session.scalars(query, {"word": word}))


def test_an_index_gathers_no_more_than_usual_afterwards(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(texts, "SLICE", 2)
    add_people(session, 5)
    connection = raw(session.connection())
    for index in INDEXES:
        size = connection.execute(f"SELECT v FROM {index}_config WHERE k = 'hashsize'").fetchone()
        assert size == (1 << 20,)


@pytest.mark.parametrize("factory", [sqlite.lenient, fetching.exact])
def test_texts_that_are_no_utf8_are_read_as_the_connection_reads_them(factory: Any) -> None:
    connection = sqlite3.connect(":memory:")
    connection.text_factory = factory
    rows = "SELECT 'Zoë', 1, NULL, x'ff' UNION ALL SELECT cast(x'5aff6f' AS TEXT), ?, NULL, 'é'"
    assert fetching.fetched(connection, rows, ("two",)) == connection.execute(rows, ("two",)).fetchall()
    assert connection.text_factory is factory


def test_a_query_that_fails_says_so_at_once() -> None:
    connection = sqlite3.connect(":memory:")
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        fetching.fetched(connection, "SELECT * FROM decode")


def test_the_text_of_one_person_is_made_without_reading_everyone(session: Session) -> None:
    connection = raw(session.connection())
    connection.execute("CREATE TEMP TABLE touched (id INTEGER PRIMARY KEY)")
    plan = connection.execute(f"EXPLAIN QUERY PLAN {texts._READ}", (0, 1)).fetchall()
    assert plan[0][3].startswith("SEARCH t ")
    assert "SEARCH u USING INTEGER PRIMARY KEY (rowid=?)" in plan[1][3]
