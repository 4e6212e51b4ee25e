"""Many people at once: what is shown before, what is done, one undo."""

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from webui.store import bulk, errors, search, users
from webui.store.chosen import Chosen, Sample, ids
from webui.store.ledger import history
from webui.store.ledger.operations import operation

EVERYONE = Chosen(q="")


@pytest.fixture
def four(session: Session) -> Session:
    """Mara (1, Choir), Noor (2, Choir and Board), Tomás (3), Zoë (4, in the trash)."""
    for given, tags in (("Mara", "Choir"), ("Noor", "Board, Choir"), ("Tomás", ""), ("Zoë", "")):
        with operation(session):
            name = given.lower()[:2]
            form = {"given": given, "username": name, "email": f"{name}@post.example", "tags": tags}
            users.add(session, form)
    with operation(session):
        users.trash(session, [4])
    return session


def tags_of(session: Session) -> dict[str, list[str]]:
    return {row.display_name: list(row.tags) for row in search.find(session).rows}


def newest(session: Session) -> tuple[str, dict[str, object]]:
    done = history.page(session, limit=1)[0]
    return done.message, done.values


def test_people_are_meant_by_id_or_by_a_search_and_only_while_they_live(four: Session) -> None:
    assert ids(four, Chosen([3, 1, 3, 4, 99])) == [1, 3]
    assert ids(four, EVERYONE) == [1, 2, 3]
    assert ids(four, Chosen(q="tag:choir")) == [1, 2]
    assert ids(four, Chosen(q="", trashed=True)) == [4]
    assert ids(four, Chosen([1, 4], trashed=True)) == [4]
    assert ids(four, Chosen()) == []


def test_a_tag_is_shown_first_and_changes_nothing_then(four: Session) -> None:
    before = tags_of(four)
    preview = bulk.preview_tag(four, EVERYONE, "board, Lund")
    assert (preview.chosen, preview.changing) == (3, 3)
    assert preview.samples == [
        Sample("Mara", "ma", "Choir", "Choir, Board, Lund"),
        Sample("Noor", "no", "Board, Choir", "Board, Choir, Lund"),
        Sample("Tomás", "to", "", "Board, Lund"),
    ]
    assert tags_of(four) == before
    assert bulk.preview_tag(four, EVERYONE, "choir").changing == 1


def test_tags_are_put_on_many_with_one_undo(four: Session, engine: Engine) -> None:
    before = tags_of(four)
    with operation(four):
        assert bulk.tag(four, EVERYONE, "BOARD, Lund") == 3
    assert tags_of(four) == {
        "Mara": ["Board", "Choir", "Lund"], "Noor": ["Board", "Choir", "Lund"], "Tomás": ["Board", "Lund"],
    }  # fmt: skip
    assert newest(four) == ("bulk.tag", {"tags": "Board, Lund", "name": "Mara", "count": 3})
    assert [row.id for row in search.find(four, "tag:lund").rows] == [1, 2, 3]
    assert [row.id for row in search.find(four, "lund").rows] == [1, 2, 3]
    four.rollback()
    history.undo(engine)
    assert tags_of(four) == before
    assert four.scalar(text("SELECT count(*) FROM tags WHERE name = 'Lund'")) == 0


def test_a_tag_that_all_have_is_no_operation(four: Session) -> None:
    count = len(history.page(four))
    with operation(four):
        assert bulk.tag(four, Chosen([1, 2]), ["choir"]) == 0
        assert bulk.tag(four, Chosen([4, 99]), ["New"]) == 0
        assert bulk.untag(four, EVERYONE, ["No such tag"]) == 0
    assert len(history.page(four)) == count
    assert four.scalar(text("SELECT count(*) FROM tags")) == 2


def test_tags_are_taken_off_those_who_have_one(four: Session, engine: Engine) -> None:
    preview = bulk.preview_untag(four, EVERYONE, "choir")
    assert (preview.chosen, preview.changing) == (3, 2)
    assert preview.samples == [
        Sample("Mara", "ma", "Choir", ""),
        Sample("Noor", "no", "Board, Choir", "Board"),
    ]
    four.rollback()
    with operation(four):
        assert bulk.untag(four, EVERYONE, "CHOIR, nobody has this") == 2
    assert tags_of(four) == {"Mara": [], "Noor": ["Board"], "Tomás": []}
    assert newest(four) == ("bulk.untag", {"tags": "Choir", "name": "Mara", "count": 2})
    four.rollback()
    history.undo(engine)
    assert tags_of(four)["Noor"] == ["Board", "Choir"]


@pytest.mark.parametrize("names", ["", " , ", "x" * 81])
def test_a_name_that_no_tag_can_have_is_refused(four: Session, names: str) -> None:
    for verb in (bulk.preview_tag, bulk.tag, bulk.preview_untag, bulk.untag):
        with pytest.raises(errors.Invalid) as refused, operation(four):
            verb(four, EVERYONE, names)
        assert list(refused.value.fields) == ["names"]


def test_many_go_to_the_trash_with_one_undo(four: Session, engine: Engine) -> None:
    preview = bulk.preview_trash(four, Chosen(q="tag:choir"))
    assert (preview.chosen, preview.changing) == (2, 2)
    assert preview.samples[0] == Sample("Mara", "ma", "ma@post.example", "")
    four.rollback()
    with operation(four):
        assert bulk.trash(four, Chosen(q="tag:choir")) == 2
    assert newest(four) == ("users.trash", {"name": "Mara", "count": 2})
    assert users.counts(four) == (1, 3)
    assert [row.id for row in search.find(four).rows] == [3]
    four.rollback()
    history.undo(engine)
    assert users.counts(four) == (3, 1)
    with operation(four):
        assert bulk.trash(four, Chosen([4])) == 0
