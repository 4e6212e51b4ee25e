"""Tags: given with the person, each once without case; renamed, put together, removed, undone."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from webui.store import errors, search, tags, users
from webui.store.ledger import history
from webui.store.ledger.operations import operation


def add(session: Session, name: str, *given: str) -> int:
    with operation(session):
        form = {"username": name, "email": f"{name}@post.example", "tags": list(given)}
        return users.add(session, form).id


def named(session: Session) -> dict[str, int]:
    return {tag.name: tag.count for tag in tags.every(session)}


def test_a_person_gets_tags_and_loses_them(session: Session) -> None:
    mara = add(session, "mara", "Choir", "choir", " Board ")
    add(session, "noor", "CHOIR")
    assert named(session) == {"Board": 1, "Choir": 2}
    with operation(session):
        users.change(session, mara, {"tags": "Alto, choir,"})
    assert users.values(users.find(session, mara))["tags"] == ["Alto", "Choir"]
    assert named(session) == {"Alto": 1, "Board": 0, "Choir": 2}
    assert [row.id for row in search.find(session, "alto").rows] == [mara]
    with operation(session):
        users.change(session, mara, {"note": "x"})  # a form without tags leaves them
        users.trash(session, [mara])
    assert named(session)["Choir"] == 1


def test_the_same_tags_change_nothing(session: Session, digest: Callable[[], str]) -> None:
    mara = add(session, "mara", "Choir", "Board")
    before = digest()
    with operation(session):
        users.change(session, mara, {"tags": ["board", "CHOIR"]})
    assert digest() == before


def test_a_tag_is_renamed_and_found_by_its_new_name(
    session: Session, engine: Engine, digest: Callable[[], str]
) -> None:
    mara = add(session, "mara", "Choir")
    before = digest()
    with operation(session):
        tags.rename(session, 1, "Singers")
    assert [row.id for row in search.find(session, "singers").rows] == [mara]
    assert search.find(session, "choir").count == 0
    session.rollback()
    history.undo(engine)
    assert digest() == before
    with operation(session):
        tags.rename(session, 1, "CHOIR")  # only its case
    assert named(session) == {"CHOIR": 1}


def test_two_tags_are_put_together(session: Session, engine: Engine, digest: Callable[[], str]) -> None:
    add(session, "mara", "Choir", "Singers")
    noor = add(session, "noor", "Singers")
    before = digest()
    ids = {tag.name: tag.id for tag in tags.every(session)}
    with pytest.raises(errors.Taken) as caught, operation(session):
        tags.rename(session, ids["Singers"], "choir")
    assert caught.value.fields["name"].values["other"] == ids["Choir"]
    with operation(session):
        tags.merge(session, ids["Singers"], ids["Choir"])
    assert named(session) == {"Choir": 2}
    assert noor in [row.id for row in search.find(session, "choir").rows]
    with pytest.raises(errors.Refused), operation(session):
        tags.merge(session, ids["Choir"], ids["Choir"])
    session.rollback()
    history.undo(engine)
    assert digest() == before


def test_a_removed_tag_is_taken_from_everyone(
    session: Session, engine: Engine, digest: Callable[[], str]
) -> None:
    add(session, "mara", "Choir")
    before = digest()
    with operation(session):
        assert tags.remove(session, 1) == "Choir"
    assert named(session) == {}
    with pytest.raises(errors.NotFound), operation(session):
        tags.remove(session, 1)
    session.rollback()
    history.undo(engine)
    assert digest() == before


def test_names_are_completed(session: Session) -> None:
    add(session, "mara", "Choir", "Board", "Chör-Alt", "Alto choir")
    assert tags.suggest(session, "cho") == ["Choir", "Chör-Alt", "Alto choir"]
    assert tags.suggest(session, " BO") == ["Board"]
    assert len(tags.suggest(session, "")) == 4


@pytest.mark.parametrize(
    ("given", "message"),
    [(3, "not_tags"), ([3], "not_tags"), (["x" * 81], "too_long"), (["a\0"], "text.unkeepable"),
     ([str(n) for n in range(301)], "too_many")],
    ids=str,
)  # fmt: skip
def test_what_is_no_tag_is_told(session: Session, given: object, message: str) -> None:
    mara = add(session, "mara")
    with pytest.raises(errors.Invalid) as caught, operation(session):
        users.change(session, mara, {"tags": given})
    assert caught.value.fields["tags"].id == message


def test_a_tag_is_never_nameless(session: Session) -> None:
    add(session, "mara", "Choir")
    for name in ("", "  ", "x" * 81):
        with pytest.raises(errors.Invalid), operation(session):
            tags.rename(session, 1, name)
