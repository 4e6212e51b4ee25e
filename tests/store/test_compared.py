"""What differs between a moment and now, found from history, and told as whoever compares both would."""

import random

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests.store.test_former import MARA, moment, newest
from webui.store import bulk_remove, changes, compared, fields, posts, tags, users
from webui.store.chosen import Chosen
from webui.store.compared import Compared, Count
from webui.store.ledger import horizon
from webui.store.ledger.history import connection_of, undo
from webui.store.ledger.operations import operation
from webui.store.models import Tag, User


def add(session: Session, name: str) -> int:
    with operation(session):
        return users.add(session, {"username": name, "email": f"{name}@post.example", "given": name}).id


def change(session: Session, user_id: int, **form: object) -> None:
    with operation(session):
        users.change(session, user_id, form)


def since(session: Session, then: int) -> Compared:
    found = compared.since(session, then)
    session.rollback()
    assert found is not None
    return found


def test_who_is_new_gone_and_another_is_told(session: Session) -> None:
    mara, noor, tomas, ruth = (add(session, name) for name in ("mara", "noor", "tomas", "ruth"))
    then = newest(session)
    change(session, mara, note="Bass")
    with operation(session):
        users.trash(session, [noor, tomas])
    with operation(session):
        bulk_remove.remove(session, Chosen([tomas], trashed=True))
    elif_ = add(session, "elif")
    found = since(session, then)
    assert (found.changed, found.new, found.gone) == ([mara], [elif_], [noor, tomas])
    assert ruth not in found.changed and found.others == {}


def test_who_was_changed_and_changed_back_is_the_same(session: Session, engine: Engine) -> None:
    with operation(session):
        mara = users.add(session, MARA).id
    noor, then = add(session, "noor"), newest(session)
    for form in (
        {"tags": [], "phones": [], "note": "Bass"},
        {name: MARA[name] for name in ("tags", "phones", "note")},
    ):
        change(session, mara, **form)
    with operation(session):
        users.trash(session, [noor])
    undo(engine)
    ruth = add(session, "ruth")
    with operation(session):
        users.trash(session, [ruth])
    assert since(session, then) == Compared([], [], [], {}, {})


def test_someone_who_is_in_the_trash_all_along_is_not_another(session: Session) -> None:
    with operation(session):
        mara = users.add(session, MARA).id
    with operation(session):
        users.trash(session, [mara])
    then = newest(session)
    with operation(session):
        tags.remove(session, session.scalars(select(Tag.id)).all()[0])
    assert since(session, then).changed == []


def test_someone_put_back_from_the_trash_is_new(session: Session) -> None:
    mara = add(session, "mara")
    with operation(session):
        users.trash(session, [mara])
    then = newest(session)
    with operation(session):
        users.put_back(session, mara)
    found = since(session, then)
    assert (found.changed, found.new, found.gone) == ([], [mara], [])


def test_all_else_is_counted(session: Session) -> None:
    mara = add(session, "mara")
    with operation(session):
        kept = posts.add(session, mara, {"title": "Kept"}).id
        gone = posts.add(session, mara, {"title": "Gone"}).id
        users.change(session, mara, {"tags": ["Choir", "Board"]})
    then = newest(session)
    with operation(session):
        posts.change(session, kept, {"title": "Another"})
        posts.trash(session, gone)
        posts.add(session, mara, {"title": "New"})
        fields.add(session, {"name": "Voice", "kind": "text"})
        tags.rename(session, next(each.id for each in tags.every(session) if each.name == "Choir"), "Chorus")
    found = since(session, then)
    assert found.changed == [mara] and found.posts == {mara: Count(1, 1, 1)}
    assert found.others == {"posts": Count(1, 1, 1), "tags": Count(0, 1, 0), "fields": Count(1, 0, 0)}


def test_what_history_let_go_of_can_not_be_compared(session: Session) -> None:
    for name in ("mara", "noor", "ruth"):
        add(session, name)
    with operation(session):
        horizon.prune(connection_of(session), 2)
        users.change(session, 1, {"note": "x"})
    assert compared.since(session, 1) is None


@pytest.mark.parametrize("seed", range(5))
def test_it_finds_those_whom_comparing_everyone_finds(session: Session, engine: Engine, seed: int) -> None:
    chance = random.Random(seed)
    with operation(session):
        fields.add(session, {"name": "Voice", "kind": "text"})
    ids = [add(session, f"p{number}") for number in range(8)]
    then = newest(session)
    for _step in range(40):
        _do_something(session, chance, ids)
    found = since(session, then)
    with moment(engine, then) as past:
        was = _everyone(past)
    now = _everyone(session)
    assert found.new == sorted(now.keys() - was.keys()) and found.gone == sorted(was.keys() - now.keys())
    another = [each for each in sorted(was.keys() & now.keys()) if was[each] != now[each]]
    assert [each for each in found.changed if each not in found.posts] == another
    for user_id in another:
        assert changes.since(session, user_id, then)


def _everyone(session: Session) -> dict[int, object]:
    """What a page shows of each living person; rows in whatever order they are."""
    found = {}
    for user in session.scalars(select(User)):
        values = users.values(user)
        found[user.id] = {
            name: sorted(map(str, said)) if isinstance(said, list) else said for name, said in values.items()
        }
    session.rollback()
    return found


def _do_something(session: Session, chance: random.Random, ids: list[int]) -> None:
    user_id, say = chance.choice(ids), chance.choice(["", "a", "b"])
    form = chance.choice(
        [
            {"note": say},
            {"tags": [say] if say else []},
            {"phones": [{"phone": "112" + say}] if say else []},
            {"fields": {"Voice": say}},
            None,
        ]
    )
    with operation(session):
        lives = session.scalar(select(User).where(User.id == user_id).execution_options(include_trash=True))
        if lives is None:
            return
        if lives.deleted_at and chance.random() < 0.3:
            bulk_remove.remove(session, Chosen([user_id], trashed=True))
        elif lives.deleted_at:
            users.put_back(session, user_id)
        elif form is None:
            users.trash(session, [user_id])
        else:
            users.change(session, user_id, form)
    if chance.random() < 0.05:
        ids.append(add(session, f"new{len(ids)}"))
