"""What a person was before, brought into now: one value, or all of a moment."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests.pictures import CLEAR, TURNED
from webui.safety import past
from webui.store import (
    attachments,
    bulk_remove,
    changes,
    errors,
    fields,
    former,
    photos,
    posts,
    relations,
    tags,
    users,
)
from webui.store.chosen import Chosen
from webui.store.ledger import history
from webui.store.ledger.operations import operation
from webui.store.models import Relation, User
from webui.store.values import pictures

AT = "2026-11-18T19:00:00.000Z"
RED, BLUE = (pictures.read(content) for content in (CLEAR, TURNED))
MARA = {
    "username": "mara",
    "email": "mara@post.example",
    "given": "Mara",
    "note": "Tenor",
    "phones": [{"label": "Mobile", "phone": "+46 8 465 004 02"}, {"label": "Work", "phone": "112"}],
    "tags": ["Choir"],
}


@pytest.fixture
def mara(session: Session) -> int:
    with operation(session):
        fields.add(session, {"name": "Voice", "kind": "text"})
    with operation(session):
        user_id = users.add(session, {**MARA, "fields": {"Voice": "Alto"}}).id
    return int(user_id)


def newest(session: Session) -> int:
    found = history.page(session, limit=1)[0].id
    session.rollback()
    return found


@contextmanager
def moment(engine: Engine, operation_id: int) -> Iterator[Session]:
    made = past.make(engine, operation_id)
    try:
        with Session(made.engine) as then:
            yield then
    finally:
        made.close()


def bring(session: Session, engine: Engine, operation_id: int, user_id: int) -> None:
    with moment(engine, operation_id) as then, operation(session):
        former.bring(session, then, user_id, AT)


def test_what_is_another_now_is_said_value_by_value_and_each_can_be_put_back(
    session: Session, mara: int
) -> None:
    then = newest(session)
    for note in ("Baritone", "Bass"):
        with operation(session):
            users.change(session, mara, {"note": note, "fields": {"Voice": note}, "tags": ["Board"]})
    lines = changes.since(session, mara, then)
    said = {(line.field, line.label, line.was, line.now) for line in lines}
    assert said == {
        ("note", "", "Tenor", "Bass"),
        ("tags", "", "Choir", ""),
        ("tags", "", "", "Board"),
        ("field_values", "Voice", "Alto", "Bass"),
    }
    for line in lines:
        with operation(session):
            former.value(session, mara, line.key)
    assert not changes.since(session, mara, then)


def test_what_came_back_to_what_it_was_is_no_difference(session: Session, mara: int) -> None:
    then = newest(session)
    for note in ("Bass", "Tenor"):
        with operation(session):
            users.change(session, mara, {"note": note})
    assert not changes.since(session, mara, then)


def test_a_photo_is_put_back(session: Session, mara: int) -> None:
    for picture in (RED, BLUE):
        with operation(session):
            photos.put(session, mara, picture)
    first = changes.of_user(session, mara)[1].lines[0]
    second = changes.of_user(session, mara)[0].lines[0]
    with operation(session):
        former.value(session, mara, second.key)
    assert users.find(session, mara).photo_hash == RED.hash
    with operation(session):
        former.value(session, mara, first.key)
    assert users.find(session, mara).photo_hash is None


def test_one_of_several_choices_is_put_back_alone(session: Session, mara: int) -> None:
    with operation(session):
        fields.add(session, {"name": "Parts", "kind": "choices", "options": "Alto\nBass\nTenor"})
    for parts in (["Alto", "Bass"], ["Bass", "Tenor"]):
        with operation(session):
            users.change(session, mara, {"fields": {"Parts": parts}})
    gone = next(line for line in changes.of_user(session, mara)[0].lines if line.was == "Alto")
    with operation(session):
        former.value(session, mara, gone.key)
    assert "Alto" in users.values(users.find(session, mara))["fields"]["Parts"]
    assert "Bass" in users.values(users.find(session, mara))["fields"]["Parts"]


def test_a_value_of_a_field_in_the_trash_is_refused_in_words(session: Session, mara: int) -> None:
    with operation(session):
        users.change(session, mara, {"fields": {"Voice": "Bass"}})
    key = changes.of_user(session, mara)[0].lines[0].key
    with operation(session):
        fields.remove(session, 1)
    with pytest.raises(errors.Refused) as refused, operation(session):
        former.value(session, mara, key)
    assert refused.value.message.id == "former.no_field"


def test_the_whole_person_comes_back_as_one_operation(session: Session, engine: Engine, mara: int) -> None:
    with operation(session):
        photos.put(session, mara, RED)
    then = newest(session)
    was = users.values(users.find(session, mara))
    with operation(session):
        users.change(session, mara, {"note": "", "phones": [], "tags": [], "fields": {"Voice": ""}})
    with operation(session):
        photos.remove(session, mara)
    with operation(session):
        posts.add(session, mara, {"title": "Written since"})
    bring(session, engine, then, mara)
    assert users.values(users.find(session, mara)) == was
    assert users.find(session, mara).photo_hash == RED.hash
    assert [post.title for post in users.find(session, mara).posts] == ["Written since"]
    done = history.page(session, limit=1)[0]
    assert (done.message, done.values) == ("users.bring_back", {"name": "Mara", "at": AT})
    session.rollback()
    history.undo(engine)
    session.expire_all()
    assert users.find(session, mara).note is None


def test_someone_deleted_for_good_comes_back_with_what_was_theirs(
    session: Session, engine: Engine, mara: int
) -> None:
    with operation(session):
        noor = users.add(session, {"username": "noor", "email": "noor@post.example"}).id
    with operation(session):
        posts.add(session, mara, {"title": "Concert", "people": [noor]})
    with operation(session):
        posts.add(session, noor, {"title": "Tea", "people": [mara]})
    with operation(session):
        relations.add(session, noor, {"people": [mara], "kind": "friend"})
    with operation(session):
        attachments.add(session, mara, [attachments.Offered("scan.txt", b"text")])
    then, was = newest(session), users.values(users.find(session, mara))
    uid = users.find(session, mara).uid
    with operation(session):
        users.trash(session, [mara])
    with operation(session):
        bulk_remove.remove(session, Chosen(ids=(mara,), trashed=True))
    with operation(session):
        users.add(session, {"username": "third", "email": "third@post.example"})
    bring(session, engine, then, mara)
    user = users.find(session, mara)
    assert users.values(user) == was and user.uid == uid
    assert [post.title for post in user.posts] == ["Concert"]
    assert [each.username for each in user.posts[0].people] == ["noor"]
    assert [each.username for each in users.find(session, noor).posts[0].people] == ["mara"]
    assert [each.user.username for each in relations.of_user(session, mara)] == ["noor"]
    assert [each.name for each in attachments.of_user(session, mara)] == ["scan.txt"]


def test_someone_in_the_trash_comes_out_of_it(session: Session, engine: Engine, mara: int) -> None:
    then = newest(session)
    with operation(session):
        users.change(session, mara, {"note": "Bass"})
    with operation(session):
        users.trash(session, [mara])
    bring(session, engine, then, mara)
    assert users.find(session, mara).note == "Tenor"


def test_a_post_that_is_in_the_trash_by_now_comes_out_of_it(
    session: Session, engine: Engine, mara: int
) -> None:
    with operation(session):
        posts.add(session, mara, {"title": "Concert"})
    then = newest(session)
    with operation(session):
        posts.trash(session, 1)
    bring(session, engine, then, mara)
    assert [post.title for post in posts.of_user(session, mara, 9)] == ["Concert"]
    last = newest(session)
    bring(session, engine, then, mara)
    assert newest(session) == last


def test_a_name_that_belongs_to_someone_else_by_now_changes_nothing(
    session: Session, engine: Engine, mara: int
) -> None:
    then = newest(session)
    with operation(session):
        users.trash(session, [mara])
    with operation(session):
        users.add(session, {"username": "mara", "email": "other@post.example"})
    last = newest(session)
    with pytest.raises(errors.Taken) as taken:
        bring(session, engine, then, mara)
    assert set(taken.value.fields) == {"username"}
    assert newest(session) == last
    trashed = select(User).where(User.id == mara).execution_options(include_trash=True)
    assert session.scalars(trashed).one().deleted_at


def test_what_was_said_anew_since_does_not_come_twice(session: Session, engine: Engine, mara: int) -> None:
    with operation(session):
        noor = users.add(session, {"username": "noor", "email": "noor@post.example"}).id
    with operation(session):
        relations.add(session, mara, {"people": [noor], "kind": "friend"})
    then = newest(session)
    with operation(session):
        relations.remove(session, mara, relations.of_user(session, mara)[0].id)
    with operation(session):
        relations.add(session, mara, {"people": [noor], "kind": "friend"})
    bring(session, engine, then, mara)
    assert len(session.scalars(select(Relation)).all()) == 1


def test_a_tag_and_a_field_renamed_since_keep_their_name_of_now(
    session: Session, engine: Engine, mara: int
) -> None:
    then = newest(session)
    with operation(session):
        fields.change(session, 1, {"name": "Range"})
    with operation(session):
        users.change(session, mara, {"fields": {"Range": "Bass"}})
    with operation(session):
        tags.remove(session, 1)
    bring(session, engine, then, mara)
    found = users.values(users.find(session, mara))
    assert found["fields"] == {"Range": "Alto"} and found["tags"] == ["Choir"]


def test_who_was_not_there_then_can_not_come_back(session: Session, engine: Engine, mara: int) -> None:
    with pytest.raises(errors.NotFound):
        bring(session, engine, 0, mara)


@pytest.mark.parametrize("field", ["note", "phones", "tags", "fields"])
def test_what_an_undone_change_had_made_is_put_back(
    session: Session, engine: Engine, mara: int, field: str
) -> None:
    made = {
        "note": "Bass",
        "phones": [{"label": "Home", "phone": "113"}],
        "tags": ["Board"],
        "fields": {"Voice": "Bass"},
    }
    with operation(session):
        users.change(session, mara, {field: made[field]})
    session.rollback()
    undone = history.undo(engine)
    found = changes.in_operation(history.connection_of(session), undone, mara)
    assert found
    for line in found.lines:
        with operation(session):
            former.value(session, mara, f"{line.key}.after")
    said = users.values(users.find(session, mara))[field]
    assert said == made[field]
    with operation(session), pytest.raises(errors.NotFound):
        former.value(session, mara, "999.users.1.note.after")
