"""The whole record: each field and each list is kept, changed row by row, searched, undone."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from webui.store import errors, search, settings, users
from webui.store.ledger import history
from webui.store.ledger.operations import operation
from webui.store.models import recorded
from webui.store.records import ROWS
from webui.store.values import person

FULL: dict[str, Any] = {
    "username": "mara",
    "email": "mara@lindqvist.example",
    "given": "Mara",
    "family": "Lindqvist",
    "phonetic": "MAH-ra",
    "organisation": "Lund Choir",
    "department": "Board",
    "job_title": "Conductor",
    "birthday": "4 March 1987",
    "note": "Sings alto",
    "emails": [{"label": "Work", "email": "mara@choir.example"}],
    "phones": [{"label": "Home", "phone": "046-12 34 56"}, {"label": "", "phone": "+46 70 123 45 67"}],
    "addresses": [{"label": "Home", "street": "Stora Södergatan 1", "postal_code": "222 23", "city": "Lund"}],
    "links": [{"label": "", "url": "https://choir.example"}],
    "handles": [{"label": "Matrix", "handle": "@mara:choir.example"}],
    "dates": [{"label": "Wedding", "date": "June 2010"}],
}


@pytest.fixture
def mara(session: Session) -> int:
    with operation(session):
        settings.set_phone_region(session, "SE")
        user_id = users.add(session, FULL).id
    session.rollback()
    return user_id


def test_all_of_it_is_kept_as_it_was_typed(session: Session, mara: int) -> None:
    kept = users.values(users.find(session, mara))
    for name, value in FULL.items():
        if name in person.LISTS:
            assert [{k: v for k, v in row.items() if v} for row in kept[name]] == [
                {k: v for k, v in row.items() if v} for row in value
            ]
        else:
            assert kept[name] == value
    user = users.find(session, mara)
    assert user.birthday == "1987-03-04"
    assert [phone.phone_key for phone in user.phones] == ["+4646123456", "+46701234567"]
    assert [date.date for date in user.dates] == ["2010-06"]


def test_a_change_touches_only_the_rows_that_differ(
    session: Session, engine: Engine, mara: int, digest: Callable[[], str]
) -> None:
    before = digest()
    phones = [FULL["phones"][1], {"label": "Work", "phone": "046-99"}]
    with operation(session):
        users.change(session, mara, {"phones": FULL["phones"], "birthday": "4 March 1987"})
    assert digest() == before
    with operation(session):
        users.change(session, mara, {"phones": phones, "addresses": [], "birthday": ""})
    session.rollback()
    user = users.find(session, mara)
    assert [phone.phone for phone in user.phones] == ["+46 70 123 45 67", "046-99"]
    assert (user.addresses, user.birthday, user.birthday_typed) == ([], None, None)
    session.rollback()
    history.undo(engine)
    assert digest() == before


@pytest.mark.parametrize(
    "q",
    [
        "mara",
        "mah-ra",
        "choir",
        "board",
        "conductor",
        "046 12 34",
        "70123",
        "+46 70",
        "sodergatan",
        "lund",
        "22223",
        "choir.example",
        "@mara:choir",
        "matrix",
    ],
)
def test_it_is_found_by_anything(session: Session, mara: int, q: str) -> None:
    if q in ("22223", "matrix"):  # a code written with a space, and a label, are no words of the record
        assert search.find(session, q).count == 0
    else:
        assert [row.id for row in search.find(session, q).rows] == [mara]


@pytest.mark.parametrize(
    ("form", "field", "message"),
    [
        ({"birthday": "3/4/1987"}, "birthday", "date.either"),
        ({"birthday": "soon"}, "birthday", "date.unclear"),
        ({"dates": [{"date": "x"}]}, "dates-0", "date.unclear"),
        ({"phones": [{"phone": "1" * 81}]}, "phones-0", "too_long"),
        ({"phones": [{"phone": str(n)} for n in range(301)]}, "phones-300", "too_many"),
        ({"phones": "046"}, "phones", "not_a_list"),
        ({"phones": ["046"]}, "phones", "not_a_list"),
        ({"links": [{"url": "a\0"}]}, "links-0", "text.unkeepable"),
        ({"organisation": "x" * 201}, "organisation", "too_long"),
        ({"department": 3}, "department", "not_text"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_is_doubtful_is_told_beside_its_row(
    session: Session, mara: int, form: dict[str, Any], field: str, message: str
) -> None:
    with pytest.raises(errors.Invalid) as caught, operation(session):
        users.change(session, mara, form)
    assert caught.value.fields[field].id == message


def test_what_was_doubtful_before_is_not_asked_about_again(session: Session, mara: int) -> None:
    with operation(session):
        user = users.find(session, mara)
        user.birthday_typed, user.birthday = "in spring", None
        user.dates[0].typed, user.dates[0].date = "long ago", None
        users.change(session, mara, {"note": "x"})
    with operation(session):
        users.change(
            session,
            mara,
            {"birthday": "in spring", "dates": [{"label": "Wedding", "date": "long ago"}], "note": "y"},
        )
    assert users.find(session, mara).note == "y"


def test_another_region_reads_the_phones_anew(session: Session, mara: int) -> None:
    with operation(session):
        settings.set_phone_region(session, "US")
    assert [phone.phone_key for phone in users.find(session, mara).phones] == [None, "+46701234567"]
    with pytest.raises(errors.Invalid), operation(session):
        settings.set_phone_region(session, "XX")


def test_every_list_has_its_table_and_every_table_its_list() -> None:
    assert set(ROWS) == set(person.LISTS)
    of_people = {table.name for table in recorded() if {"user_id", "label"} <= set(table.c.keys())} - {
        "relations"
    }
    assert {model.__tablename__ for model in ROWS.values()} == of_people
    for name, model in ROWS.items():
        assert {"label", *person.LISTS[name]} <= set(model.__table__.c.keys())
