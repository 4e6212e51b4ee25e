"""Saved views: those that Roster comes with, and own ones; their order and their counts."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from webui.store import errors, fields, saved_views, users
from webui.store.ledger import history, horizon
from webui.store.ledger.operations import operation, raw
from webui.store.saved_views import Counted, Counts
from webui.store.values import times


def named(session: Session) -> list[str]:
    return [view.name or view.preset or "" for view in saved_views.every(session)]


def add(session: Session, name: str = "Choir", query: str = "tag:choir") -> int:
    with operation(session):
        return saved_views.add(session, name, query).id


def test_four_views_are_there_at_first(session: Session) -> None:
    assert named(session) == ["birthdays", "out_of_touch", "no_email", "added_lately"]
    for count in Counts().now(session).of(saved_views.every(session)).values():
        assert count == Counted(0, False)


def test_views_are_added_renamed_moved_and_removed(session: Session, engine: Engine) -> None:
    added = add(session, "  Choir ", "  tag:choir  ")
    first = saved_views.every(session)[0].id
    with operation(session):
        saved_views.move(session, added, up=True)
    with operation(session):
        saved_views.change(session, first, "Birthdays")
    assert named(session) == ["Birthdays", "out_of_touch", "no_email", "Choir", "added_lately"]
    with operation(session):
        saved_views.trash(session, first)
    assert named(session) == ["out_of_touch", "no_email", "Choir", "added_lately"]
    done = [(each.message, each.values) for each in history.page(session)]
    assert done == [
        ("saved_views.trash", {"name": "Birthdays"}),
        ("saved_views.change", {"preset": "birthdays"}),
        ("saved_views.move", {"name": "Choir"}),
        ("saved_views.add", {"name": "Choir"}),
    ]
    session.rollback()
    for _each in done:
        history.undo(engine)
    assert named(session) == ["birthdays", "out_of_touch", "no_email", "added_lately"]


def test_a_view_at_the_end_stays_there(session: Session) -> None:
    ids = [view.id for view in saved_views.every(session)]
    with operation(session):
        saved_views.move(session, ids[0], up=True)
        saved_views.move(session, ids[-1], up=False)
    assert not history.page(session)


@pytest.mark.parametrize(
    ("name", "query", "field", "message"),
    [
        (" ", "tag:choir", "name", "view.no_name"),
        ("n" * 81, "tag:choir", "name", "too_long"),
        ("a\0", "tag:choir", "name", "text.unkeepable"),
        ("CHOIR", "tag:board", "name", "view.taken"),
        ("New", "  ", "query", "view.no_query"),
    ],
)
def test_a_view_that_cannot_be_kept_says_why(
    session: Session, name: str, query: str, field: str, message: str
) -> None:
    add(session)
    with pytest.raises(errors.Invalid) as caught, operation(session):
        saved_views.add(session, name, query)
    assert {each: fault.id for each, fault in caught.value.fields.items()} == {field: message}


def test_a_view_needs_a_query_that_reads(session: Session) -> None:
    with pytest.raises(errors.Unreadable), operation(session):
        saved_views.add(session, "New", "ciyt:lund")
    with pytest.raises(errors.NotFound), operation(session):
        saved_views.change(session, 99, "New")


def test_counts_are_counted_once_until_something_is_done(
    session: Session, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    view_id, counts, asked = add(session), Counts(), []
    event.listen(engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    views = saved_views.every(session)
    assert counts.now(session).counted(views) == {}
    assert counts.now(session).of(views)[view_id] == Counted(0, False)
    asked.clear()
    assert counts.now(session).counted(views) == counts.now(session).of(views)
    assert not [each for each in asked if "user_tags" in each]
    with operation(session):
        users.add(session, {"username": "mara", "email": "m@post.example", "tags": "Choir"})
    assert counts.now(session).of(saved_views.every(session))[view_id] == Counted(1, False)
    monkeypatch.setattr(times, "today", lambda: "2031-01-01")
    assert counts.now(session).counted(saved_views.every(session)) == {}


@pytest.mark.outside
def test_nothing_is_remembered_while_another_program_can_go_on(session: Session, database: Path) -> None:
    counts = Counts()
    named = "uid, username, username_key, display_name, email, email_key"
    user = f"INSERT INTO users ({named}, created_at, updated_at) VALUES"
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        for count in (1, 2):  # of one operation, which is ours as soon as we write
            other.execute(f"{user} (?1, ?1, ?1, ?1, ?1, ?1, '', '')", (f"u{count}",))
            assert counts.now(session).once(users.counts) == (count, 0)
            session.rollback()


def test_a_query_that_reads_no_longer_has_no_count(session: Session) -> None:
    view_id = add(session)
    with operation(session):
        saved_views.find(session, view_id).query = "gone:1"
        saved_views.change(session, view_id, "Other")
    assert Counts().now(session).of(saved_views.every(session))[view_id] == Counted(None)


def test_a_view_follows_the_new_name_of_an_own_field(session: Session, engine: Engine) -> None:
    with operation(session):
        fields.add(session, {"name": "Shoe", "kind": "number"})
        fields.add(session, {"name": "City", "kind": "text"})
    queries = [
        "shoe:>40 -tag:choir",
        '(no:shoe or "Shoe":<5) lund',
        'city:lund "city":nord',
        "name:shoe shoe",
    ]
    with operation(session):
        for number, query in enumerate(queries):
            saved_views.add(session, f"View {number}", query)
    with operation(session):
        fields.change(session, 1, {"name": "Shoe size"})
        fields.change(session, 2, {"name": "Quarter"})
    assert [view.query for view in saved_views.every(session)[4:]] == [
        '"Shoe size":>40 -tag:choir',
        '(no:"Shoe size" or "Shoe size":<5) lund',
        'city:lund "Quarter":nord',
        "name:shoe shoe",
    ]
    session.rollback()
    history.undo(engine)
    assert [view.query for view in saved_views.every(session)[4:]] == queries


def test_what_is_remembered_is_asked_anew_once_history_was_let_go(session: Session) -> None:
    add(session)
    add(session, "Lund", "city:lund")
    before = Counts().now(session).moment
    assert Counts().now(session).moment == before
    assert horizon.prune(raw(session.connection()), 1) == 1
    assert Counts().now(session).moment != before
