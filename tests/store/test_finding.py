"""How a page is come by where very many match and none of those who come next surely does, or few do."""

import pytest
from sqlalchemy.orm import Session

from webui.store import bulk, posts, search, users
from webui.store.chosen import Chosen
from webui.store.ledger.operations import operation
from webui.store.query.plan import Driver


def test_a_page_of_a_word_that_tags_say_too_is_looked_for_as_far_as_it_likely_goes(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = []
    with operation(session):
        for number in range(60):
            form = {
                "given": f"P{number * 7 % 60:02}",
                "username": f"p{number}",
                "email": f"p{number}@l.example",
            }
            form |= {"note": "sings in the choir"} if number % 4 else {}
            ids.append(users.add(session, form).id)
    with operation(session):
        bulk.tag(session, Chosen(ids[::2]), ["Choir"])
    with operation(session):
        users.trash(session, ids[5:7])
    expected = [row.id for row in search.find(session, "choir", limit=100).rows]
    ways, way = [], Driver.way

    def noted(self: Driver, limit: int, people: int) -> int:
        ways.append(way(self, limit, people))
        return ways[-1]

    monkeypatch.setattr(Driver, "way", noted)
    for name, value in (("FEW", 0), ("AHEAD", 1), ("COUNTED", 40)):
        monkeypatch.setattr(search, name, value)
    found: list[int] = []
    after = None
    while not found or after:
        page = search.find(session, "choir", after=after, limit=2)
        found += [row.id for row in page.rows]
        after = page.next
    assert found == expected
    assert len(found) == 58
    assert any(ways)


def test_a_word_and_a_post_to_come_back_to_are_both_asked_of_everyone(session: Session) -> None:
    with operation(session):
        ada, bo, *_adas = (
            users.add(session, {"username": each, "email": f"{each}@x.example"}).id
            for each in ("ada", "bo", "ada2", "ada3", "ada4")
        )
        posts.add(session, ada, {"title": "Tune", "follow_up": "2027-01-01", "people": [bo]})
    for sort in ("", "last_post"):
        assert [row.id for row in search.find(session, "has:follow-up ada", sort).rows] == [ada]
    assert search.find(session, "has:follow-up").count == 2
