"""Own fields: made, changed, ordered, of another kind, in the trash and back; what people have in them."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from webui.store import errors, field_kinds, fields, search, users
from webui.store.ledger import history
from webui.store.ledger.operations import operation


def field(session: Session, name: str, kind: str = "text", **more: Any) -> int:
    with operation(session):
        return fields.add(session, {"name": name, "kind": kind, **more}).id


def person(session: Session, name: str, **own: Any) -> int:
    with operation(session):
        form = {"username": name, "email": f"{name}@post.example", "fields": own}
        return users.add(session, form).id


def has(session: Session, user_id: int) -> dict[str, Any]:
    session.rollback()
    found: dict[str, Any] = users.values(users.find(session, user_id))["fields"]
    return found


def names(session: Session) -> list[str]:
    return [each.name for each in fields.every(session)]


def test_a_field_is_made_and_its_values_come_back(session: Session) -> None:
    field(session, "Voice", "choice", options="Alto\nSoprano")
    field(session, "Rent", "number")
    mara = person(session, "mara", voice="ALTO", Rent="1,234.50")
    assert has(session, mara) == {"Voice": "Alto", "Rent": "1234.50"}
    with operation(session):
        users.change(session, mara, {"fields": {"Rent": ""}})
    assert has(session, mara) == {"Voice": "Alto"}
    assert fields.counts(session) == {1: 1}


@pytest.mark.parametrize(
    ("form", "faults"),
    [
        ({"name": ""}, {"name": "field.no_name"}),
        ({"name": "x" * 81, "hint": "y" * 201}, {"name": "too_long", "hint": "too_long"}),
        ({"name": "a\0"}, {"name": "text.unkeepable"}),
        ({"name": "VOICE"}, {"name": "field.taken"}),
        ({"name": "A", "kind": "colour"}, {"kind": "field.no_kind"}),
        ({"name": "A", "kind": "choice"}, {"options": "field.no_options"}),
        ({"name": "A", "kind": "choices", "options": "x" * 121}, {"options": "too_long"}),
        ({"name": "A", "kind": "choices", "options": "a\0"}, {"options": "text.unkeepable"}),
        ({"name": "A", "kind": "choice", "options": [str(n) for n in range(301)]}, {"options": "too_many"}),
        ({"name": "A", "kind": "number", "default_value": "x"}, {"default_value": "own.number"}),
        ({"name": "A", "no_two_alike": 1, "default_value": "x"}, {"default_value": "field.default_alike"}),
    ],
)
def test_a_field_that_can_not_be_is_told(
    session: Session, form: dict[str, Any], faults: dict[str, str]
) -> None:
    field(session, "Voice")
    with pytest.raises(errors.Invalid) as caught, operation(session):
        fields.add(session, form)
    assert {name: told.id for name, told in caught.value.fields.items()} == faults
    assert names(session) == ["Voice"]


def test_there_is_an_end_to_fields(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fields, "MOST", 1)
    field(session, "Voice")
    with pytest.raises(errors.Invalid):
        field(session, "Rent")


def test_a_field_is_changed_and_undo_names_it(session: Session, engine: Engine) -> None:
    voice = field(session, "Voice", "choice", options="Alto")
    with operation(session):
        fields.change(
            session, voice, {"name": "Part", "hint": "As on the list", "options": "Alto\nBass", "listed": 1}
        )
    changed = fields.find(session, voice)
    assert (changed.name, fields.options(changed), changed.listed) == ("Part", ("Alto", "Bass"), 1)
    step = history.next_undo(session)
    assert step is not None
    assert (step.message, step.values) == ("fields.change", {"name": "Voice"})
    with operation(session):
        fields.change(session, voice, {"name": "Part", "listed": True, "kind": "nonsense"})
    again = history.next_undo(session)
    assert again is not None
    assert again.id == step.id, "nothing was changed"
    session.rollback()
    history.undo(engine)
    assert names(session) == ["Voice"]


def test_fields_are_moved_one_by_one(session: Session) -> None:
    for name in ("A", "B", "C"):
        field(session, name)
    for field_id, by, order in ((3, -1, "ACB"), (3, -1, "CAB"), (3, -1, "CAB"), (1, 1, "CBA"), (1, 1, "CBA")):
        with operation(session):
            fields.move(session, field_id, by)
        assert "".join(names(session)) == order


def test_a_field_in_the_trash_keeps_its_values_and_frees_its_name(session: Session, engine: Engine) -> None:
    field(session, "Voice")
    mara = person(session, "mara", Voice="Alto")
    assert [row.id for row in search.find(session, "alto").rows] == [mara]
    with operation(session):
        fields.remove(session, 1)
    assert (has(session, mara), names(session)) == ({}, [])
    assert search.find(session, "alto").rows == []
    field(session, "voice")
    with pytest.raises(errors.Taken), operation(session):
        fields.put_back(session, 1)
    with operation(session):
        fields.put_back(session, 1, "Voice of old")
    assert has(session, mara) == {"Voice of old": "Alto"}
    assert names(session) == ["voice", "Voice of old"]
    assert [row.id for row in search.find(session, "alto").rows] == [mara]
    for wrong in (1, 9):
        with pytest.raises(errors.NotFound), operation(session):
            fields.put_back(session, wrong)
    session.rollback()
    history.undo(engine)
    assert [each.name for each in fields.trashed(session)] == ["Voice"]


def test_what_is_needed_is_asked_at_each_edit_of_someone_without(session: Session) -> None:
    mara = person(session, "mara")
    field(session, "Voice", required=1)
    with pytest.raises(errors.Invalid) as caught, operation(session):
        users.change(session, mara, {"given": "Mara"})
    assert {name: told.id for name, told in caught.value.fields.items()} == {"fields.Voice": "own.required"}
    with pytest.raises(errors.Invalid), operation(session):
        users.add(session, {"username": "noor", "email": "n@post.example"})
    with operation(session):
        users.change(session, mara, {"given": "Mara", "fields": {"Voice": "Alto"}})
    with operation(session):
        users.change(session, mara, {"given": "Eva"})
        users.trash(session, [mara])
        users.put_back(session, mara)


def test_no_two_are_alike_and_the_other_is_named(session: Session) -> None:
    field(session, "Member no", no_two_alike=1)
    mara = person(session, "mara", **{"Member no": "A4"})
    with pytest.raises(errors.Taken) as caught:
        person(session, "noor", **{"Member no": "a4"})
    told = caught.value.fields["fields.Member no"]
    assert (told.id, told.values["owner_id"]) == ("own.taken", mara)
    with operation(session):
        users.change(session, mara, {"fields": {"Member no": "a4"}})  # in another spelling it is still hers
        users.trash(session, [mara])
    noor = person(session, "noor", **{"Member no": "A4"})
    with pytest.raises(errors.Taken), operation(session):
        users.put_back(session, mara)
    with operation(session):
        users.put_back(session, mara, {"fields": {"Member no": "5"}})
    assert (has(session, mara), has(session, noor)) == ({"Member no": "5"}, {"Member no": "A4"})


def test_the_rule_is_not_turned_on_over_two_who_are_alike(session: Session) -> None:
    field(session, "Member no")
    for name in ("mara", "noor"):
        person(session, name, **{"Member no": "4"})
    with pytest.raises(errors.Invalid) as caught, operation(session):
        fields.change(session, 1, {"no_two_alike": 1})
    told = caught.value.fields["no_two_alike"]
    assert told.values == {"value": "4", "one": "mara", "other": "noor"}
    with operation(session):
        users.trash(session, [1])
        fields.change(session, 1, {"no_two_alike": 1})
        fields.remove(session, 1)
        users.put_back(session, 1)
        fields.put_back(session, 1)
    assert fields.find(session, 1).no_two_alike == 0


def test_a_new_person_begins_with_the_default(session: Session) -> None:
    field(session, "Newsletter", "yes_no", default_value="yes")
    assert has(session, person(session, "mara")) == {"Newsletter": "yes"}
    assert has(session, person(session, "noor", Newsletter="")) == {}


def test_what_is_there_already_is_not_judged_again(session: Session) -> None:
    field(session, "Age", "number")
    field(session, "Voices", "choices", options="Alto")
    mara = person(session, "mara", Age="4", Voices="Alto")
    with operation(session):
        for row in users.find(session, mara).field_values:
            row.value, row.typed = "many", None
        users.change(session, mara, {"note": "x"})
    with operation(session):
        users.change(session, mara, {"given": "M", "fields": {"Age": "many", "Voices": ["many", "Alto"]}})
    assert has(session, mara) == {"Age": "many", "Voices": ["many", "Alto"]}
    with pytest.raises(errors.Invalid), operation(session):
        users.change(session, mara, {"fields": {"Age": "more"}})


def test_a_name_that_there_is_not_and_what_is_no_object_are_faults(session: Session) -> None:
    mara = person(session, "mara")
    for given, faults in (
        ({"Voice": "x"}, {"fields.Voice": "own.none"}),
        (["Voice"], {"fields": "own.not_by_name"}),
    ):
        with pytest.raises(errors.Invalid) as caught, operation(session):
            users.change(session, mara, {"fields": given})
        assert {name: told.id for name, told in caught.value.fields.items()} == faults


def test_another_kind_shows_first_what_fits(session: Session, engine: Engine) -> None:
    field(session, "Member no", no_two_alike=1)
    for name, number in (("mara", "4"), ("noor", "004"), ("kim", "abc"), ("lou", "1,5")):
        person(session, name, **{"Member no": number})
    seen = field_kinds.preview(session, 1, "number")
    assert (seen.fits, seen.odd, seen.alike) == (3, 1, True)
    assert not field_kinds.preview(session, 1, "long_text", limit=0).samples
    assert [(each.name, each.was, each.now) for each in seen.samples] == [
        ("mara", "4", "4"), ("noor", "004", "4"), ("lou", "1,5", "1.5"),
    ]  # fmt: skip
    assert [(each.name, each.was, each.now) for each in seen.odd_samples] == [("kim", "abc", None)]
    session.rollback()
    with operation(session):
        changed, odd = field_kinds.change(session, 1, "number")
        assert (changed.kind, changed.no_two_alike, odd) == ("number", 0, 1)
    assert [has(session, user_id) for user_id in (1, 2, 3, 4)] == [
        {"Member no": "4"}, {"Member no": "4"}, {}, {"Member no": "1.5"},
    ]  # fmt: skip
    assert users.find(session, 3).note == "Member no: abc"
    assert [row.number for row in users.find(session, 4).field_values] == [1.5]
    session.rollback()
    history.undo(engine)
    assert [has(session, user_id)["Member no"] for user_id in (1, 2, 3, 4)] == ["4", "004", "abc", "1,5"]
    assert users.find(session, 3).note is None


@pytest.mark.parametrize(
    ("kind", "value", "wanted", "now"),
    [
        ("text", "Alto, Bass", "choices", ["Alto", "Bass"]),
        ("choices", ["Alto", "Bass"], "text", "Alto, Bass"),
        ("choice", "Alto", "choices", ["Alto"]),
        ("yes_no", "yes", "text", "yes"),
        ("text", "ja", "yes_no", "yes"),
        ("date", "4 March 1987", "text", "4 March 1987"),
        ("text", "4 March 1987", "date", "4 March 1987"),
        ("number", "2023", "date", "2023"),
        ("phone", "+46 8 465 004 17", "text", "+46 8 465 004 17"),
        ("text", "lindqvist.example", "link", "lindqvist.example"),
    ],
)
def test_each_kind_becomes_another(
    session: Session, engine: Engine, digest: Callable[[], str], kind: str, value: Any, wanted: str, now: Any
) -> None:
    field(session, "Field", kind, options="Alto\nBass")
    mara = person(session, "mara", Field=value)
    before = digest()
    options = "Alto\nBass" if wanted in ("choice", "choices") else None
    with operation(session):
        assert field_kinds.change(session, 1, wanted, options)[1] == 0
    assert has(session, mara) == {"Field": now}
    session.rollback()
    history.undo(engine)
    assert digest() == before


def test_what_people_have_is_what_can_be_chosen(session: Session) -> None:
    field(session, "Voice", default_value="Alto")
    for name, voice in (("mara", "Soprano"), ("noor", "alto"), ("kim", "Alto")):
        person(session, name, Voice=voice)
    with operation(session):
        changed, odd = field_kinds.change(session, 1, "choice")
        assert (fields.options(changed), odd, changed.default_value) == (("Alto", "Soprano"), 0, "Alto")
    assert [has(session, user_id)["Voice"] for user_id in (1, 2, 3)] == ["Soprano", "Alto", "Alto"]
    for kind, options in (("nonsense", None), ("choice", "x" * 121)):
        with pytest.raises(errors.Invalid), operation(session):
            field_kinds.change(session, 1, kind, options)
    with operation(session):
        assert field_kinds.change(session, 1, "number")[0].default_value == ""
