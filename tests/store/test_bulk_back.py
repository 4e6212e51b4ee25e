"""Many out of the trash at once: whoever is in nobody's way comes, with one undo."""

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from webui.store import bulk_back, fields, settings, users
from webui.store.chosen import Chosen
from webui.store.ledger import history
from webui.store.ledger.operations import operation

ALL = Chosen(q="", trashed=True)


def gone(session: Session, username: str, email: str | None = None, **form: object) -> int:
    """Add someone and move them to the trash."""
    with operation(session):
        email = f"{username}@post.example" if email is None else email
        user_id = users.add(session, {"username": username, "email": email, **form}).id
    with operation(session):
        users.trash(session, [user_id])
    return user_id


def back(session: Session) -> set[int]:
    before = {user.id for user in users.trashed(session)}
    session.rollback()
    with operation(session):
        count = bulk_back.put_back(session, ALL)
    came = before - {user.id for user in users.trashed(session)}
    assert len(came) == count
    return came


def test_all_come_back_with_one_undo(session: Session, engine: Engine) -> None:
    came = {gone(session, "mara"), gone(session, "noor")}
    preview = bulk_back.preview(session, ALL)
    assert (preview.chosen, preview.changing) == (2, 2)
    assert back(session) == came
    done = history.page(session, limit=1)[0]
    assert (done.message, done.values) == ("users.put_back", {"name": "mara", "count": 2})
    session.rollback()
    history.undo(engine)
    assert users.counts(session) == (0, 2)


def test_of_two_with_the_same_the_first_comes(session: Session) -> None:
    first = gone(session, "mara")
    gone(session, "MARA", "other@post.example")
    gone(session, "else", "MARA@post.example")
    assert bulk_back.preview(session, ALL).changing == 1
    assert back(session) == {first}
    assert back(session) == set()  # they would be in the way of someone living now


@pytest.mark.parametrize("required", [True, False])
def test_without_an_e_mail_one_comes_where_none_is_needed(session: Session, required: bool) -> None:
    with operation(session):
        settings.set_email_required(session, False)
    two = {gone(session, "mara", ""), gone(session, "noor", "")}
    if required:
        with operation(session):
            settings.set_email_required(session, True)
    assert back(session) == (set() if required else two)


def test_where_no_two_may_be_alike_the_first_comes(session: Session) -> None:
    with operation(session):
        fields.add(session, {"name": "No", "kind": "text", "no_two_alike": 1})
    first = gone(session, "mara", fields={"No": "4"})
    gone(session, "noor", fields={"No": "4"})
    other = gone(session, "tom", fields={"No": "5"})
    assert back(session) == {first, other}
