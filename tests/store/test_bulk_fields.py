"""A field of many set or cleared: judged like a form, shown before, one undo."""

from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from webui import sentences
from webui.store import bulk_fields, errors, fields, own_values, search, users
from webui.store.chosen import Chosen, Sample
from webui.store.ledger import history
from webui.store.ledger.operations import operation

EVERYONE = Chosen(q="")


@pytest.fixture
def three(session: Session) -> Session:
    """Dr. Mara Ek (1) of Lund University, Noor Ek (2), Tomás shown as Tommy (3)."""
    for form in (
        {"prefix": "Dr.", "given": "Mara", "organisation": "Lund University", "birthday": "4 March"},
        {"given": "Noor"},
        {"given": "Tomás", "display_name": "Tommy", "birthday": "1987"},
    ):
        with operation(session):
            name = form["given"].lower()[:2]
            email = f"{name}@post.example"
            users.add(session, {"family": "Ek", "username": name, "email": email, **form})
    return session


def put(session: Session, field: str | int, value: Any, who: Chosen = EVERYONE) -> int:
    session.rollback()
    with operation(session):
        return bulk_fields.put(session, who, field, value)


def of_each(session: Session, field: str) -> list[Any]:
    return [users.values(users.find(session, user_id))[field] for user_id in (1, 2, 3)]


def own(session: Session, **form: Any) -> int:
    with operation(session):
        return fields.add(session, {"name": "Voice", **form}).id


def own_of_each(session: Session) -> list[Any]:
    return [own_values.said(users.find(session, user_id)).get("Voice") for user_id in (1, 2, 3)]


def test_a_column_is_shown_first_then_set_with_one_undo(three: Session, engine: Engine) -> None:
    preview = bulk_fields.preview(three, EVERYONE, "organisation", "  Choir  of Lund ")
    assert (preview.chosen, preview.changing) == (3, 3)
    assert preview.samples[:2] == [
        Sample("Dr. Mara Ek", "ma", "Lund University", "Choir of Lund"),
        Sample("Noor Ek", "no", "", "Choir of Lund"),
    ]
    assert put(three, "organisation", "Choir of Lund") == 3
    assert of_each(three, "organisation") == ["Choir of Lund"] * 3
    done = history.page(three, limit=1)[0]
    assert (done.message, done.values["field"], done.values["count"]) == ("bulk.set", "organisation", 3)
    assert len(search.find(three, "choir of lund").rows) == 3
    assert put(three, "organisation", "Choir of Lund") == 0
    three.rollback()
    history.undo(engine)
    assert of_each(three, "organisation") == ["Lund University", "", ""]


def test_a_column_is_cleared_of_those_who_have_something(three: Session) -> None:
    assert bulk_fields.preview(three, EVERYONE, "organisation", "").changing == 1
    assert put(three, "organisation", "") == 1
    assert of_each(three, "organisation") == ["", "", ""]


def test_a_note_keeps_its_lines(three: Session) -> None:
    put(three, "note", "One\r\nTwo")
    assert of_each(three, "note") == ["One\nTwo"] * 3


def test_a_birthday_is_kept_as_typed_and_sorted_by_the_day(three: Session) -> None:
    assert put(three, "birthday", "4 March") == 2
    assert of_each(three, "birthday") == ["4 March"] * 3
    assert {users.find(three, user_id).birthday for user_id in (1, 2, 3)} == {"--03-04"}
    assert put(three, "birthday", "--03-04") == 0
    assert put(three, "birthday", "") == 3
    assert users.find(three, 1).birthday is None


def test_the_name_on_screen_follows_a_prefix_but_not_where_it_was_chosen(three: Session) -> None:
    assert put(three, "prefix", "Prof.") == 3
    assert of_each(three, "display_name") == ["Prof. Mara Ek", "Prof. Noor Ek", "Tommy"]
    put(three, "prefix", "")
    assert of_each(three, "display_name") == ["Mara Ek", "Noor Ek", "Tommy"]


def test_every_part_of_a_name_is_set_and_cleared_and_found(three: Session) -> None:
    assert put(three, "family", "Berg") == 3
    assert of_each(three, "display_name") == ["Dr. Mara Berg", "Noor Berg", "Tommy"]
    assert [row.id for row in search.find(three, "name:berg").rows] == [1, 2, 3]
    assert put(three, "additional", "Anna", Chosen((2,))) == 1
    assert put(three, "phonetic", "Noh-or", Chosen((2,))) == 1
    assert of_each(three, "display_name")[1] == "Noor Anna Berg"
    for field, changed in (("given", 3), ("family", 3), ("additional", 1), ("phonetic", 1)):
        assert put(three, field, "") == changed, field
    assert [users.find(three, user_id).name for user_id in (1, 2, 3)] == ["Dr.", "no", "Tommy"]


def test_the_form_offers_all_that_can_be_set() -> None:
    assert set(sentences.FIELDS) == set(bulk_fields.COLUMNS)


@pytest.mark.parametrize(("field", "value"), [("birthday", "soon"), ("nickname", "x" * 121), ("note", "a\0")])
def test_what_a_form_refuses_is_refused(three: Session, field: str, value: str) -> None:
    with pytest.raises(errors.Invalid) as refused:
        bulk_fields.preview(three, EVERYONE, field, value)
    assert list(refused.value.fields) == ["value"]
    with pytest.raises(errors.Invalid):
        put(three, field, value)


@pytest.mark.parametrize("field", ["username", "email", "uid", 99])
def test_only_what_many_may_have_alike_can_be_set(three: Session, field: str | int) -> None:
    with pytest.raises(errors.NotFound):
        bulk_fields.preview(three, EVERYONE, field, "x")


@pytest.mark.parametrize(
    ("form", "typed", "shown", "said"),
    [
        ({"kind": "text"}, " Alto ", "Alto", "Alto"),
        ({"kind": "number"}, "1,234.5", "1234.5", "1234.5"),
        ({"kind": "yes_no"}, "yes", "yes", "yes"),
        ({"kind": "date"}, "4 March", "4 March", "4 March"),
        ({"kind": "choice", "options": "Alto\nBass"}, "bass", "Bass", "Bass"),
        ({"kind": "choices", "options": "Alto\nBass"}, "bass, alto", "Bass, Alto", ["Bass", "Alto"]),
    ],
)
def test_an_own_field_is_set_and_cleared_by_its_kind(
    three: Session, engine: Engine, form: dict[str, Any], typed: str, shown: str, said: Any
) -> None:
    field_id = own(three, **form)
    with operation(three):
        users.change(three, 2, {"fields": {"Voice": said}})
    preview = bulk_fields.preview(three, EVERYONE, field_id, typed)
    assert (preview.chosen, preview.changing) == (3, 2)  # Noor has it
    assert preview.samples[0] == Sample("Dr. Mara Ek", "ma", "", shown)
    assert put(three, field_id, typed) == 2
    assert own_of_each(three) == [said] * 3
    assert bulk_fields.preview(three, EVERYONE, field_id, "").samples[0].was == shown
    assert put(three, field_id, "") == 3
    assert own_of_each(three) == [None] * 3
    three.rollback()
    history.undo(engine)
    assert own_of_each(three) == [said] * 3


def test_an_own_field_refuses_what_does_not_fit(three: Session) -> None:
    field_id = own(three, kind="number", required=1)
    for value, told in (("many", "own.number"), ("", "own.required")):
        with pytest.raises(errors.Invalid) as refused:
            bulk_fields.preview(three, EVERYONE, field_id, value)
        assert refused.value.fields["value"].id == told


def test_no_two_get_the_same_where_none_may_be_alike(three: Session) -> None:
    field_id = own(three, kind="text", no_two_alike=1)

    def told(who: Chosen) -> str:
        with pytest.raises(errors.Invalid) as refused:
            bulk_fields.preview(three, who, field_id, "004")
        return refused.value.fields["value"].id

    assert told(EVERYONE) == "bulk.alike"
    assert put(three, field_id, "004", Chosen([1])) == 1
    assert told(Chosen([2])) == "own.taken"
    assert put(three, field_id, "") == 1
