"""People in the trash deleted for good: with all that is theirs, by one operation, and back by one undo."""

from collections.abc import Callable

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from webui.store import bulk, bulk_remove, posts, relations, search, users
from webui.store.chosen import Chosen, Sample
from webui.store.ledger import history
from webui.store.ledger.operations import operation


def test_those_in_the_trash_go_with_all_that_is_theirs(
    session: Session, engine: Engine, digest: Callable[[], str]
) -> None:
    for name in ("mara", "noor", "kim"):
        with operation(session):
            form = {"username": name, "email": f"{name}@post.example", "phones": [{"phone": "12345"}]}
            users.add(session, {**form, "given": name.title(), "tags": "Choir"})
    with operation(session):
        posts.add(session, 1, {"title": "Coffee", "people": [2, 3]})
        relations.add(session, 3, {"people": [1], "kind": "friend"})
        posts.add(session, 3, {"title": "Tea", "people": [1]})
    with operation(session):
        bulk.trash(session, Chosen([1, 2]))
    before = digest()
    meant = Chosen([1, 3])  # Kim lives, and is left alone
    preview = bulk_remove.preview(session, meant)
    assert (preview.chosen, preview.samples) == (1, [Sample("Mara", "mara", "mara@post.example", "")])
    assert bulk_remove.posts_with(session, meant) == 1
    session.rollback()
    with operation(session):
        assert bulk_remove.remove(session, meant) == 1
    assert session.scalars(text("SELECT id FROM users ORDER BY id")).all() == [2, 3]
    assert [post.title for post in posts.of_user(session, 3, 9)] == ["Tea"]
    assert relations.of_user(session, 3) == []
    assert search.find(session, "coffee").rows == []
    done = history.page(session, limit=1)[0]
    assert (done.message, done.values["name"], done.counts["users"]) == ("users.remove", "Mara", 1)
    session.rollback()
    history.undo(engine)
    assert digest() == before
    session.rollback()
    with operation(session):
        assert bulk_remove.remove(session, Chosen(q="")) == 2  # all that are in the trash
    assert users.counts(session) == (1, 0)
