"""Queries that hardly anyone types: whom they find all the same, and that nothing breaks."""

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from webui.store import bulk, search, users
from webui.store.chosen import Chosen
from webui.store.ledger.operations import named, operation
from webui.store.models import Field, FieldValue


@pytest.fixture
def people(session: Session) -> list[int]:
    """Three people, of whom the first has a tag and each a number of seats."""
    with operation(session):
        found = [
            users.add(session, {"given": given, "username": given, "email": f"{given}@post.example"}).id
            for given in ("Anna", "Mara", "Zoe")
        ]
        bulk.tag(session, Chosen(found[:1]), ["Choir"])
    with operation(session):
        field = Field(name="Seats", kind="number", options="[]")
        session.add(field)
        session.flush()
        for number, user_id in enumerate(found, 1):
            session.add(
                FieldValue(user_id=user_id, field_id=field.id, value=str(number), number=float(number))
            )
        named(session, "users.add", name="")
    return found


@pytest.mark.parametrize("minus", [2, 18, 19])
@pytest.mark.parametrize("asked", ["an", "tag:choir", "(mara or zoe)", "seats:>1"])
def test_a_minus_before_a_minus_takes_it_back(
    session: Session, people: list[int], asked: str, minus: int
) -> None:
    those = set(search.everyone(session, asked))
    others = set(people) - those
    assert those and others
    assert set(search.everyone(session, "-" * minus + asked)) == (others if minus % 2 else those)
    assert set(search.everyone(session, "-(" * 7 + asked + ")" * 7)) == others


@pytest.mark.parametrize("q", ["link:\ud800the", "department:\ud800", "relation:9\udfff", "\ud800", "a\0b"])
def test_half_of_a_letter_finds_nobody(session: Session, people: list[int], q: str) -> None:
    assert search.find(session, q).rows == search.everyone(session, q) == []


@pytest.mark.parametrize("q", ["seats:>1", "seats:1..3", "seats:=2", 'has:"seats"'])
def test_one_person_is_asked_about_their_own_fields_alone(
    session: Session, people: list[int], monkeypatch: pytest.MonkeyPatch, q: str
) -> None:
    plans: list[str] = []
    find = search.of(session, search.query.read(session, q))
    rows = find._rows

    def noted(statement: str, params: dict[str, object] | None = None) -> object:
        plan = text(f"EXPLAIN QUERY PLAN {statement}")
        plans.extend(row[3] for row in session.execute(plan, find.asked.values | (params or {})))
        return rows(statement, params or {})

    monkeypatch.setattr(find, "_rows", noted)
    assert find.has(people[1])
    assert any("ix_field_values_user_id" in plan for plan in plans), plans
    assert not any("ix_field_values_field_id" in plan for plan in plans), plans
