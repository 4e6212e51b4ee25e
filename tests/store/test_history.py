"""Undo and redo: in order, refused when nothing is left, and exact for every kind of operation."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from webui.store import errors, users
from webui.store.ledger import history, sqlite
from webui.store.ledger.operations import operation


def add(session: Session, name: str) -> int:
    with operation(session):
        return users.add(session, {"username": name, "email": f"{name}@post.example"}).id


def test_undo_and_redo_go_step_by_step(session: Session, engine: Engine, digest: Callable[[], str]) -> None:
    states = [digest()]
    for name in ("mara", "noor", "jonas"):
        add(session, name)
        states.append(digest())
    for state in reversed(states[:-1]):
        history.undo(engine)
        assert digest() == state
    with pytest.raises(errors.Refused) as caught:
        history.undo(engine)
    assert caught.value.message.id == "nothing_to_undo"
    for state in states[1:]:
        history.redo(engine)
        assert digest() == state
    with pytest.raises(errors.Refused) as caught:
        history.redo(engine)
    assert caught.value.message.id == "nothing_to_redo"


def test_something_new_ends_redo_but_stays_in_the_list(session: Session, engine: Engine) -> None:
    add(session, "mara")
    add(session, "noor")
    session.rollback()
    history.undo(engine)
    assert history.next_redo(session)
    add(session, "jonas")
    assert history.next_redo(session) is None
    with pytest.raises(errors.Refused):
        history.redo(engine)
    assert [(done.values["name"], done.undone, done.redoable) for done in history.page(session)] == [
        ("jonas", False, False),
        ("noor", True, False),
        ("mara", False, False),
    ]
    session.rollback()
    history.undo(engine)
    history.undo(engine)
    assert users.counts(session) == (0, 0)


def test_what_will_be_undone_and_redone_is_named(session: Session, engine: Engine) -> None:
    add(session, "mara")
    step = history.next_undo(session)
    assert step is not None
    assert (step.message, step.values) == ("users.add", {"name": "mara"})
    session.rollback()
    with pytest.raises(errors.Refused):
        history.undo(engine, expected=step.id + 1)
    history.undo(engine, expected=step.id)
    again = history.next_redo(session)
    assert again is not None
    assert (again.id, again.undone) == (step.id, True)
    session.rollback()
    with pytest.raises(errors.Refused):
        history.redo(engine, expected=step.id + 1)
    history.redo(engine, expected=step.id)


def test_the_list_is_paged(session: Session) -> None:
    for number in range(5):
        add(session, f"user{number}")
    first = history.page(session, limit=2)
    rest = history.page(session, before=first[-1].id)
    assert [done.values["name"] for done in [*first, *rest]] == [f"user{n}" for n in (4, 3, 2, 1, 0)]


def test_two_people_can_swap_usernames_and_back(
    session: Session, engine: Engine, digest: Callable[[], str]
) -> None:
    one, two = add(session, "mara"), add(session, "noor")
    before = digest()
    with operation(session):
        users.change(session, one, {"username": "x"})
        users.change(session, two, {"username": "mara"})
        users.change(session, one, {"username": "noor"})
    after = digest()
    history.undo(engine)
    assert digest() == before
    history.redo(engine)
    assert digest() == after


def test_values_that_break_naive_designs_come_back_exactly(
    session: Session, engine: Engine, digest: Callable[[], str]
) -> None:
    user_id = add(session, "mara")
    for value in ("0.1 + 0.2", "9e999", "x'00ff'", "'a' || char(0) || 'b'", "1.7976931348623157e308", "''"):
        before = digest()
        with operation(session):
            session.execute(text(f"UPDATE users SET note = {value} WHERE id = :id"), {"id": user_id})
            users.change(session, user_id, {"given": value[:9]})
        after = digest()
        assert after != before
        history.undo(engine)
        assert digest() == before
        history.redo(engine)
        assert digest() == after


@pytest.mark.outside
@pytest.mark.parametrize("policy", ["", "OR REPLACE", "OR IGNORE", "OR FAIL", "OR ROLLBACK"])
def test_the_first_image_stays_whatever_a_statement_says_of_clashes(
    session: Session, database: Path, policy: str
) -> None:
    mara = add(session, "mara")
    with closing(sqlite.connect(database)) as connection:
        for name in ("one", "two"):
            connection.execute(f"UPDATE {policy} users SET display_name = ? WHERE id = ?", (name, mara))
        connection.execute(
            f"INSERT {policy} INTO users (id, uid, username, email, display_name, created_at, updated_at)"
            " SELECT id, uid, username, email, 'three', '', '' FROM users WHERE ?",
            (policy == "OR REPLACE",),
        )
        newest = connection.execute("SELECT max(operation) FROM history_users").fetchone()
        images = connection.execute(
            "SELECT existed, username, display_name FROM history_users WHERE id = ? AND operation = ?",
            (mara, *newest),
        ).fetchall()
    assert images == [(1, "mara", "")]
