"""Posts: add, change, remove, find, list."""

import pytest
from sqlalchemy.orm import Session

from webui.store import errors, posts, statistics, users
from webui.store.ledger.operations import operation
from webui.store.values import times


@pytest.fixture
def mara(session: Session) -> int:
    with operation(session):
        return users.add(session, {"username": "mara", "email": "mara@l.example"}).id


def write(session: Session, user_id: int, **form: str) -> int:
    with operation(session):
        return posts.add(session, user_id, {"title": "Concert", **form}).id


def test_a_post_has_todays_date_unless_it_says_another(session: Session, mara: int) -> None:
    assert posts.find(session, write(session, mara)).date == times.today()
    for typed in ("2024-02-29", "29 February 2024", "29.2.2024", "Feb 29, 2024"):
        assert posts.find(session, write(session, mara, date=typed)).date == "2024-02-29"
    for typed in ("29 February", "2024", "3/4/2024"):
        with pytest.raises(errors.Invalid):
            write(session, mara, date=typed)


def test_what_cannot_be_kept_is_told_by_field(session: Session, mara: int) -> None:
    with pytest.raises(errors.Invalid) as caught:
        write(session, mara, title="", date="2023-02-29")
    assert {name: message.id for name, message in caught.value.fields.items()} == {
        "title": "post.no_title",
        "date": "date.shape",
    }
    with pytest.raises(errors.Invalid):
        write(session, mara, title="x" * 101)
    assert write(session, mara, title="x" * 100)


def test_posts_are_newest_first_and_paged_by_key(session: Session, mara: int) -> None:
    ids = [write(session, mara, date=f"2026-01-0{day}") for day in (1, 3, 3, 2)]
    newest = [ids[2], ids[1], ids[3], ids[0]]
    assert [post.id for post in posts.of_user(session, mara)] == newest
    assert [post.id for post in users.find(session, mara).posts] == newest
    rest = posts.of_user(session, mara, before=("2026-01-03", ids[1]))
    assert [post.id for post in rest] == [ids[3], ids[0]]
    assert posts.count_of_user(session, mara) == 4


def test_a_post_is_changed_and_removed(session: Session, mara: int) -> None:
    post_id = write(session, mara, body="a\r\nb")
    with operation(session):
        posts.change(session, post_id, {"title": "Rehearsal"})
    post = posts.find(session, post_id)
    assert (post.title, post.body) == ("Rehearsal", "a\nb")
    with operation(session):
        posts.trash(session, post_id)
    with pytest.raises(errors.NotFound):
        posts.find(session, post_id)


def test_posts_about_people_in_the_trash_are_not_found(session: Session, mara: int) -> None:
    post_id = write(session, mara)
    with operation(session):
        users.trash(session, [mara])
    with pytest.raises(errors.NotFound):
        posts.find(session, post_id)
    assert posts.listing(session) == ([], 0)


def test_listing_searches_sorts_and_counts(session: Session, mara: int) -> None:
    one, two = write(session, mara, title="B 100%"), write(session, mara, title="A", body="nothing")
    assert [post.id for post in posts.listing(session, sort="title")[0]] == [two, one]
    assert [post.id for post in posts.listing(session, sort="-id")[0]] == [two, one]
    assert [post.id for post in posts.listing(session, q="100%")[0]] == [one]
    found, total = posts.listing(session, user_id=mara, offset=1, limit=1)
    assert ([post.id for post in found], total) == ([two], 2)


def test_people_without_posts_count_in_the_average(session: Session, mara: int) -> None:
    assert statistics.average_posts(session) == 0.0
    write(session, mara)
    with operation(session):
        users.add(session, {"username": "noor", "email": "noor@h.example"})
    assert (statistics.count_users(session), statistics.count_posts(session)) == (2, 1)
    assert statistics.average_posts(session) == 0.5
