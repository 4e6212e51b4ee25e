"""What people have lists of, a city or a phone, set or cleared for many: shown before, one undo."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from webui.store import bulk_fields, bulk_lists, errors, search, settings, users
from webui.store.chosen import Chosen, Sample
from webui.store.ledger import history
from webui.store.ledger.operations import operation

Digest = Callable[[], str]
EVERYONE = Chosen(q="")
PEOPLE = [
    {
        "given": "Mara",
        "addresses": [
            {"label": "Work", "street": "Quay 1"},
            {"label": "Home", "street": "Hill 2", "city": "Lund", "country": "Sweden"},
        ],
        "phones": [{"label": "Mobile", "phone": "+46 8 465 004 17"}, {"phone": "112"}],
        "links": [{"url": "https://mara.example"}],
    },
    {"given": "Noor"},
    {
        "given": "Tomas",
        "addresses": [{"label": "Home", "city": "Kiel"}, {"city": "Bonn", "country": "Germany"}],
    },
]


@pytest.fixture
def three(session: Session) -> Session:
    """Mara (1) with two addresses, Noor (2) with none, Tomas (3) with two cities."""
    for form in PEOPLE:
        with operation(session):
            name = str(form["given"]).lower()
            users.add(session, {"username": name, "email": f"{name}@post.example", **form})
    return session


def put(session: Session, field: str, value: str) -> int:
    session.rollback()
    with operation(session):
        return bulk_fields.put(session, EVERYONE, field, value)


def lists(session: Session, name: str, part: str) -> list[list[str]]:
    session.expire_all()
    return [[row[part] for row in users.values(users.find(session, each))[name]] for each in (1, 2, 3)]


def test_a_city_is_set_where_a_cell_shows_it_or_in_a_new_address(
    three: Session, engine: Engine, digest: Digest
) -> None:
    before = digest()
    preview = bulk_fields.preview(three, EVERYONE, "city", " Kiel ")
    assert (preview.chosen, preview.changing) == (3, 2)
    assert preview.samples == [Sample("Mara", "mara", "Lund", "Kiel"), Sample("Noor", "noor", "", "Kiel")]
    assert put(three, "city", "Kiel") == 2
    assert lists(three, "addresses", "city") == [["", "Kiel"], ["Kiel"], ["Kiel", "Bonn"]]
    assert lists(three, "addresses", "street") == [["Quay 1", "Hill 2"], [""], ["", ""]]
    assert sorted(search.everyone(three, "city:kiel")) == [1, 2, 3]
    assert [row.id for row in search.find(three, "city:lund").rows] == []
    three.rollback()
    history.undo(engine)
    assert digest() == before


def test_clearing_leaves_what_else_an_address_says(three: Session, engine: Engine, digest: Digest) -> None:
    before = digest()
    preview = bulk_fields.preview(three, EVERYONE, "city", "")
    assert preview.samples == [Sample("Mara", "mara", "Lund", ""), Sample("Tomas", "tomas", "Kiel, Bonn", "")]
    assert put(three, "city", "") == 2
    assert lists(three, "addresses", "city") == [["", ""], [], [""]]
    assert lists(three, "addresses", "country") == [["", "Sweden"], [], ["Germany"]]
    assert search.everyone(three, "city:kiel") == []
    three.rollback()
    history.undo(engine)
    assert digest() == before


def test_a_phone_is_kept_as_it_is_dialled(three: Session) -> None:
    with operation(three):
        settings.set_phone_region(three, "SE")
    assert put(three, "phone", "08-465 004 99") == 3
    assert lists(three, "phones", "phone") == [["08-465 004 99", "112"], ["08-465 004 99"], ["08-465 004 99"]]
    assert sorted(search.everyone(three, "phone:46500499")) == [1, 2, 3]
    keys = three.connection().exec_driver_sql("SELECT phone_key FROM user_phones ORDER BY id").scalars().all()
    assert keys[0] == keys[2] == "+46846500499"
    assert put(three, "phone", "") == 3
    assert lists(three, "phones", "phone") == [[], [], []]


@pytest.mark.parametrize("name", bulk_lists.PARTS)
def test_each_part_is_set_once_and_cleared(three: Session, name: str) -> None:
    _table, listed, part = bulk_lists.PARTS[name]
    put(three, name, "Somewhere 7")
    assert put(three, name, "Somewhere 7") == 0
    assert all("Somewhere 7" in each for each in lists(three, listed, part))
    put(three, name, "")
    assert not any(any(each) for each in lists(three, listed, part))
    assert put(three, name, "") == 0


@pytest.mark.parametrize("value", ["x" * 2_001, {"city": "Kiel"}])
def test_what_cannot_be_kept_is_told(three: Session, value: Any) -> None:
    for name in bulk_lists.PARTS:
        with pytest.raises(errors.Invalid) as caught:
            bulk_fields.preview(three, EVERYONE, name, value)
        assert list(caught.value.fields) == ["value"]
