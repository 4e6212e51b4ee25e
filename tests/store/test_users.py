"""People: add, change, trash, put back, and what clashes."""

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from webui.store import errors, settings, users
from webui.store.ledger import history, sqlite
from webui.store.ledger.operations import operation
from webui.store.models import User

MARA = {"username": "mara", "email": "mara@lindqvist.example", "given": "Mara", "family": "Lindqvist"}


def add(session: Session, **form: Any) -> int:
    with operation(session):
        return users.add(session, {**MARA, **form}).id


def test_a_person_is_added_with_everything_given(session: Session) -> None:
    user_id = add(session, prefix="Dr.", emails=[{"label": "Work", "email": "m@f.example"}], note="sings")
    user = users.find(session, user_id)
    assert (user.display_name, user.note) == ("Dr. Mara Lindqvist", "sings")
    assert [(row.label, row.email) for row in user.emails] == [("Work", "m@f.example")]
    assert user.uid == user.uid.lower()
    assert len(user.uid) == 36


def test_what_kind_of_email_it_is_goes_with_it(session: Session, engine: Engine) -> None:
    user_id = add(session, email_label="Work")
    with operation(session):
        settings.set_email_required(session, False)
    with operation(session):
        users.change(session, user_id, {"email": "", "email_label": "Work"})  # a form that still has it
    assert (users.find(session, user_id).email, users.find(session, user_id).email_label) == (None, None)
    with pytest.raises(errors.Invalid) as caught, operation(session):
        users.change(session, user_id, {"email_label": "Home"})
    assert caught.value.fields["email_label"].id == "row.only_label"
    with operation(session):
        users.change(session, user_id, {"email": "m@x.example", "email_label": "Home"})
    with operation(session):
        users.change(session, user_id, {"email": None})  # says nothing of the kind
    assert users.find(session, user_id).email_label is None
    session.rollback()
    history.undo(engine)
    assert users.find(session, user_id).email_label == "Home"


def test_a_username_is_taken_without_case_and_a_free_one_is_offered(session: Session) -> None:
    owner = add(session)
    with pytest.raises(errors.Taken) as caught:
        add(session, username="MARA", email="other@lindqvist.example")
    values = caught.value.fields["username"].values
    assert values["owner_id"] == owner
    assert values["free"] == ["MARA.2", "mara.lindqvist"]


def test_an_email_is_taken_without_case(session: Session) -> None:
    add(session)
    with pytest.raises(errors.Taken) as caught:
        add(session, username="other", email="MARA@LINDQVIST.EXAMPLE")
    assert set(caught.value.fields) == {"email"}


def test_a_fault_and_a_clash_are_told_together(session: Session) -> None:
    add(session)
    with pytest.raises(errors.Invalid) as caught:
        add(session, email="mara@lindqvist")
    assert {name: message.id for name, message in caught.value.fields.items()} == {
        "username": "username.taken",
        "email": "email.no_ending",
    }
    assert not isinstance(caught.value, errors.Taken)


def test_everyone_needs_an_email_until_the_rule_is_off(session: Session) -> None:
    with pytest.raises(errors.Invalid) as caught:
        add(session, email="")
    assert caught.value.fields["email"].id == "email.required"
    with operation(session):
        settings.set_email_required(session, False)
    assert users.find(session, add(session, email="")).email is None


def test_the_database_itself_enforces_the_rule(session: Session) -> None:
    user_id = add(session)
    with pytest.raises(errors.Invalid), operation(session):
        session.execute(text("UPDATE users SET email = NULL WHERE id = :id"), {"id": user_id})
    with pytest.raises(errors.Invalid), operation(session):
        session.add(User(username="x"))
    assert users.find(session, user_id).email


def test_a_clash_no_verb_saw_is_told_as_one(session: Session) -> None:
    add(session)
    with pytest.raises(errors.Taken), operation(session):
        session.add(User(username="Mara", email="x@y.example"))


def test_the_rule_is_turned_on_again_only_when_everyone_has_one_or_on_purpose(session: Session) -> None:
    with operation(session):
        settings.set_email_required(session, False)
    user_id = add(session, email="")
    with pytest.raises(errors.Refused) as caught, operation(session):
        settings.set_email_required(session, True)
    assert caught.value.message.values["count"] == 1
    assert [user.id for user in settings.without_email(session, 10)] == [user_id]
    with operation(session):
        settings.set_email_required(session, True, leave_those_without=True)
    with pytest.raises(errors.Invalid), operation(session):
        users.change(session, user_id, {"note": "asked at the next edit"})
    with operation(session):
        users.change(session, user_id, {"note": "now with one", "email": "m@l.example"})


def test_a_change_touches_only_what_is_given_and_differs(session: Session) -> None:
    user_id = add(session, note="sings")
    before = users.find(session, user_id).updated_at
    with operation(session):
        users.change(session, user_id, {"given": "Mara", "username": "mara"})
    assert users.find(session, user_id).updated_at == before
    assert len(history.page(session)) == 1  # a change that changes nothing leaves no trace
    with operation(session):
        users.change(session, user_id, {"family": "Berg"})
    user = users.find(session, user_id)
    assert (user.display_name, user.note) == ("Mara Berg", "sings")


def test_a_display_name_chosen_by_hand_stays(session: Session) -> None:
    user_id = add(session, display_name="Mrs L")
    with operation(session):
        users.change(session, user_id, {"family": "Berg"})
    assert users.find(session, user_id).display_name == "Mrs L"
    with operation(session):
        users.change(session, user_id, {"display_name": ""})
    assert users.find(session, user_id).display_name == "Mara Berg"


def test_ones_own_username_in_another_case_is_no_clash(session: Session) -> None:
    user_id = add(session)
    with operation(session):
        users.change(session, user_id, {"username": "Mara"})
    assert users.find(session, user_id).username == "Mara"


def test_a_change_on_top_of_another_is_refused(session: Session) -> None:
    user_id = add(session)
    seen = users.state(users.find(session, user_id))
    with operation(session):
        users.change(session, user_id, {"note": "one"}, seen=seen)
    with pytest.raises(errors.Refused) as caught, operation(session):
        users.change(session, user_id, {"note": "two"}, seen=seen)
    assert caught.value.message.id == "users.changed_meanwhile"
    assert users.find(session, user_id).note == "one"


@pytest.mark.outside
def test_a_change_on_top_of_one_from_outside_is_refused(session: Session, database: Path) -> None:
    user_id = add(session)
    seen = users.state(users.find(session, user_id))
    session.rollback()
    with closing(sqlite.connect(database)) as other:
        other.execute("UPDATE users SET note = 'by another program'")  # which knows of no updated_at
    with pytest.raises(errors.Refused), operation(session):
        users.change(session, user_id, {"note": "two"}, seen=seen)


def test_the_trash_frees_username_and_email_and_putting_back_says_what_must_change(session: Session) -> None:
    first = add(session)
    with operation(session):
        users.trash(session, [first])
    with pytest.raises(errors.NotFound):
        users.find(session, first)
    assert [user.id for user in users.trashed(session)] == [first]
    add(session)
    with pytest.raises(errors.Taken) as caught, operation(session):
        users.put_back(session, first)
    assert set(caught.value.fields) == {"username", "email"}
    with operation(session):
        users.put_back(session, first, {"username": "mara.2", "email": "mara2@lindqvist.example"})
    assert users.find(session, first).username == "mara.2"
    assert users.counts(session) == (2, 0)


def test_trashing_someone_twice_or_nobody_is_told(session: Session) -> None:
    user_id = add(session)
    with operation(session):
        users.trash(session, [user_id])
    with pytest.raises(errors.NotFound), operation(session):
        users.trash(session, [user_id])
    with pytest.raises(errors.NotFound), operation(session):
        users.put_back(session, 999)


def test_usernames_are_suggested_free_of_clashes(session: Session) -> None:
    assert users.suggest_username(session, {"given": "Mara"}) == "mara"
    first = add(session)
    assert users.suggest_username(session, {"given": "Mara"}) == "mara.2"
    assert users.suggest_username(session, {"given": "Mara"}, but=first) == "mara"
    add(session, username="mara.2", email="m2@l.example")
    assert users.suggest_username(session, {"given": "Mara"}) == "mara.3"
    assert users.suggest_username(session, {"note": "x"}) == ""


def test_a_verb_without_an_operation_is_a_fault_of_ours(session: Session) -> None:
    with pytest.raises(RuntimeError, match="needs an operation"):
        users.add(session, MARA)
    session.rollback()
