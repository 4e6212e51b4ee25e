"""Where someone stands in a list: who is before and behind, and which of how many they are."""

from itertools import product

import pytest
from sqlalchemy.orm import Session

from webui.store import bulk, posts, search, standing, users
from webui.store.chosen import Chosen
from webui.store.ledger.operations import operation
from webui.store.query import sizes


@pytest.fixture
def people(session: Session) -> list[int]:
    """Twelve people: some with a tag or a post, two of one name, one in the trash."""
    found = []
    for number in range(12):
        form = {"given": "Anna" if number in (3, 4) else f"P{number * 7 % 12:02}", "username": f"p{number}"}
        form |= {"email": f"{number * 5 % 12:02}@post.example", "note": "met Anna" if number % 3 else ""}
        with operation(session):
            found.append(users.add(session, form).id)
    with operation(session):
        bulk.tag(session, Chosen(found[::2]), ["Choir"])
    for at in (2, 3, 9):
        with operation(session):
            posts.add(session, found[at], {"title": "Coffee", "date": f"2026-01-{20 - at}"})
    with operation(session):
        users.trash(session, [found[7]])
    return found


SORTS = ["", "name", "-name", "email", "-email", "last_post", "-last_post", "tags", "-tags"]


@pytest.mark.parametrize("q", ["", "tag:choir", "note:anna", "anna", "-tag:choir has:post", "no:post or an"])
def test_they_are_those_of_the_list(
    session: Session, people: list[int], monkeypatch: pytest.MonkeyPatch, q: str
) -> None:
    monkeypatch.setattr(sizes, "ROUGHLY", 3)
    for sort, whole, (few, ahead) in product(SORTS, (500, 3), ((search.FEW, search.AHEAD), (0, 1))):
        monkeypatch.setattr(standing, "WHOLE", whole)
        monkeypatch.setattr(search, "FEW", few)
        monkeypatch.setattr(search, "AHEAD", ahead)
        monkeypatch.setattr(standing, "NEAR", max(ahead // 1_000, 1))
        page = search.find(session, q, sort)
        listed = [row.id for row in page.rows]
        is_whole = len(listed) <= whole and (few > 0 or not q or (q, sort) == ("anna", ""))
        for at, user_id in enumerate(listed):
            found = standing.neighbours(session, user_id, q, sort, standing.short(session, q, sort))
            assert (found.number, found.count) == ((at + 1, len(listed)) if is_whole else (0, 0))
            around = (listed[at - 1] if at else None, listed[at + 1] if at + 1 < len(listed) else None)
            known = is_whole or not page.ranked or sort
            assert (found.before, found.behind) == (around if known else (None, None)), (sort, user_id)
        for user_id in {*people, 99_999} - set(listed):
            assert (
                standing.neighbours(session, user_id, q, sort, standing.short(session, q, sort))
                == standing.Neighbours()
            )
