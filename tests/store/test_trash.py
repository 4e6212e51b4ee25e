"""Posts, views and fields in the trash: out of every list and search, back, for good; the trash emptied."""

import io
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from webui.exchange import exporting
from webui.store import (
    errors,
    feed,
    fields,
    follow_ups,
    posts,
    saved_views,
    search,
    settings,
    statistics,
    trash,
    users,
)
from webui.store.ledger import history
from webui.store.ledger.operations import operation, raw


@pytest.fixture
def two(session: Session) -> Iterator[Session]:
    """Mara, about whom two posts are (one about Noor as well), a field and a view."""
    for name in ("mara", "noor"):
        with operation(session):
            users.add(session, {"username": name, "email": f"{name}@post.example", "given": name.title()})
    with operation(session):
        posts.add(session, 1, {"title": "Coffee", "date": "2026-11-20"})
    with operation(session):
        form = {"title": "Regatta", "date": "2026-11-24", "follow_up": "2026-11-25", "people": [2]}
        posts.add(session, 1, form)
    with operation(session):
        fields.add(session, {"name": "Voice", "kind": "text"})
        users.change(session, 1, {"fields": {"Voice": "alto"}})
    with operation(session):
        saved_views.add(session, "Altos", "voice:alto")
    yield session


def names(session: Session, q: str) -> list[str]:
    return sorted(row.display_name for row in search.find(session, q).rows)


def last_posts(session: Session) -> list[str]:
    return list(session.scalars(text("SELECT last_post FROM person_text ORDER BY user_id")))


def old(session: Session, table: str, row_id: int, days: int) -> None:
    """Let something have come to the trash so many days ago, and all that was done be no younger."""
    at = {"at": trash.since(days), "id": row_id}
    session.execute(text(f"UPDATE {table} SET deleted_at = :at WHERE id = :id"), at)
    session.execute(text("UPDATE operations SET at = min(at, :at)"), at)


def test_a_post_in_the_trash_is_nowhere_and_comes_back(two: Session, digest: Callable[[], str]) -> None:
    before = digest()
    assert names(two, "regatta") == ["Mara", "Noor"]
    with operation(two):
        posts.trash(two, 2)
    assert names(two, "regatta") == names(two, "post:regatta") == names(two, "has:follow-up") == []
    assert last_posts(two) == ["2026-11-20", ""]
    assert [post.title for post in feed.page(two).posts] == ["Coffee"]
    assert [post.title for post in posts.of_user(two, 1, 9)] == ["Coffee"]
    assert (
        posts.of_user(two, 2, 9),
        posts.count_of_user(two, 1),
        follow_ups.count_due(two, "2026-12-01"),
    ) == (
        [],
        1,
        0,
    )
    assert follow_ups.due(two, "2026-12-01") == []
    assert (posts.listing(two)[1], statistics.count_posts(two)) == (1, 1)
    exporting.posts_csv(raw(two.connection()), out := io.BytesIO())
    assert (b"Coffee" in out.getvalue(), b"Regatta" in out.getvalue()) == (True, False)
    with pytest.raises(errors.NotFound):
        posts.find(two, 2)
    assert [(post.title, post.user.name) for post in trash.posts(two)] == [("Regatta", "Mara")]
    two.rollback()
    with operation(two):
        trash.put_post_back(two, 2)
    assert names(two, "regatta") == names(two, "post:regatta") == ["Mara", "Noor"]
    assert last_posts(two) == ["2026-11-24", "2026-11-24"]
    two.rollback()
    assert digest() == before
    with pytest.raises(errors.NotFound):
        trash.put_post_back(two, 2)


def test_each_step_of_a_post_is_undone(two: Session, engine: Engine, digest: Callable[[], str]) -> None:
    before = [digest()]
    for verb in (posts.trash, trash.put_post_back, posts.trash, trash.remove_post):
        two.rollback()
        with operation(two):
            verb(two, 2)
        two.rollback()
        before.append(digest())
    assert two.scalar(text("SELECT count(*) FROM posts")) == 1
    for then in reversed(before[:-1]):
        two.rollback()
        history.undo(engine)
        assert digest() == then
    assert names(two, "regatta") == ["Mara", "Noor"]


def test_a_post_comes_back_to_someone_who_is_in_the_trash_too(two: Session) -> None:
    with operation(two):
        posts.trash(two, 1)
    with operation(two):
        users.trash(two, [1])
    assert [post.user.name for post in trash.posts(two)] == ["Mara"]
    two.rollback()
    with operation(two):
        trash.put_post_back(two, 1)
    assert posts.listing(two) == ([], 0)
    two.rollback()
    with operation(two):
        users.put_back(two, 1)
    assert [post.title for post in posts.of_user(two, 1, 9)] == ["Regatta", "Coffee"]


def test_the_name_of_a_view_in_the_trash_is_free(two: Session) -> None:
    view_id = saved_views.every(two)[-1].id
    two.rollback()
    with operation(two):
        saved_views.trash(two, view_id)
    assert "Altos" not in [view.name for view in saved_views.every(two)]
    assert saved_views.of(two, "voice:alto", "") is None
    with pytest.raises(errors.NotFound):
        saved_views.find(two, view_id)
    two.rollback()
    with operation(two):
        saved_views.add(two, "altos", "alto")
    with pytest.raises(errors.Taken), operation(two):
        trash.put_view_back(two, view_id)
    with operation(two):
        trash.put_view_back(two, view_id, "Altos of old")
    assert [view.name for view in saved_views.every(two)][-2:] == ["altos", "Altos of old"]


def test_a_view_in_the_trash_follows_a_field_that_is_renamed(two: Session) -> None:
    view_id = saved_views.every(two)[-1].id
    two.rollback()
    with operation(two):
        saved_views.trash(two, view_id)
    with operation(two):
        fields.change(two, 1, {"name": "Part"})
    with operation(two):
        assert trash.put_view_back(two, view_id).query == '"Part":alto'


def test_a_view_that_roster_comes_with_comes_back_by_its_preset(two: Session) -> None:
    first = saved_views.every(two)[0].id
    two.rollback()
    with operation(two):
        saved_views.trash(two, first)
    with operation(two):
        view = trash.put_view_back(two, first)
        assert (view.name, view.preset) == (None, "birthdays")


def test_what_is_deleted_for_good_is_undone(two: Session, engine: Engine, digest: Callable[[], str]) -> None:
    view_id = saved_views.every(two)[-1].id
    two.rollback()
    with operation(two):
        fields.remove(two, 1)
    with operation(two):
        saved_views.trash(two, view_id)
    before = digest()
    two.rollback()
    with operation(two):
        assert trash.remove_field(two, 1) == "Voice"
    with operation(two):
        trash.remove_view(two, view_id)
    assert two.scalar(text("SELECT count(*) FROM field_values")) == 0
    two.rollback()
    history.undo(engine)
    history.undo(engine)
    assert digest() == before
    assert trash.counts(two) == trash.Counts(fields=1, saved_views=1)


def test_what_lives_is_not_deleted_for_good(two: Session) -> None:
    for verb in (trash.remove_post, trash.remove_view, trash.remove_field):
        with pytest.raises(errors.NotFound), operation(two):
            verb(two, 1)
    with operation(two):
        assert trash.empty(two) == trash.Counts()
    assert history.page(two, limit=1)[0].message == "saved_views.add"


def test_emptying_takes_all_of_it_and_one_undo_brings_it_back(
    two: Session, engine: Engine, digest: Callable[[], str]
) -> None:
    with operation(two):
        users.trash(two, [2])
    with operation(two):
        posts.trash(two, 1)
    with operation(two):
        fields.remove(two, 1)
    with operation(two):
        saved_views.trash(two, 1)
    before = digest()
    two.rollback()
    assert trash.counts(two).all == 4
    two.rollback()
    with operation(two):
        assert trash.empty(two) == trash.Counts(1, 1, 1, 1)
    assert trash.counts(two).all == 0
    assert [post.people for post in posts.of_user(two, 1, 9)] == [[]]  # Noor was in it
    done = history.page(two, limit=1)[0]
    assert (done.message, done.values["posts"]) == ("trash.empty", 1)
    two.rollback()
    history.undo(engine)
    assert digest() == before


def test_the_trash_is_emptied_of_what_is_old_alone_and_only_when_asked(two: Session) -> None:
    for post_id in (1, 2):
        with operation(two):
            posts.trash(two, post_id)
            old(two, "posts", post_id, 29 + post_id)
    assert trash.empty_old(two) == trash.Counts()
    with operation(two):
        settings.set_trash_days(two, 30)
    assert trash.empty_old(two) == trash.Counts(posts=2)


def test_what_is_younger_stays(two: Session) -> None:
    for post_id in (1, 2):
        with operation(two):
            posts.trash(two, post_id)
            old(two, "posts", post_id, 4 * post_id)
    with operation(two):
        settings.set_trash_days(two, 7)
    assert trash.empty_old(two) == trash.Counts(posts=1)
    assert [post.title for post in trash.posts(two)] == ["Coffee"]
    assert trash.empty_old(two) == trash.Counts()


def test_what_undo_brought_back_is_left_alone_for_as_long_again(two: Session, engine: Engine) -> None:
    with operation(two):
        settings.set_trash_days(two, 7)
    with operation(two):
        posts.trash(two, 1)
        old(two, "posts", 1, 8)
    assert trash.empty_old(two) == trash.Counts(posts=1)
    assert history.page(two, limit=1)[0].values["days"] == 7
    two.rollback()
    history.undo(engine)
    assert trash.empty_old(two) == trash.Counts()  # it could be redone
    with operation(two):
        posts.change(two, 2, {"title": "Tea"})
    assert trash.empty_old(two) == trash.Counts()
    assert [post.title for post in trash.posts(two)] == ["Coffee"]


def test_a_view_comes_back_under_no_name_that_is_taken_and_not_without_one(two: Session) -> None:
    view_id = saved_views.every(two)[-1].id
    two.rollback()
    with operation(two):
        saved_views.trash(two, view_id)
    with operation(two):
        saved_views.add(two, "Altos", "alto")
    for name in (None, "", " ", "Altos"):
        with pytest.raises(errors.Invalid), operation(two):
            trash.put_view_back(two, view_id, name)


def test_a_time_that_is_none_of_those_is_refused(session: Session) -> None:
    with pytest.raises(errors.Invalid), operation(session):
        settings.set_trash_days(session, 5)
    assert settings.trash_days(session) == 0
