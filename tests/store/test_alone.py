"""One older operation taken back alone: value by value, refused where something later stands in the way."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from webui.store import (
    bulk,
    bulk_fields,
    errors,
    field_kinds,
    fields,
    posts,
    relations,
    saved_views,
    settings,
    tags,
    trash,
    users,
)
from webui.store.chosen import Chosen
from webui.store.ledger import alone, history, steps
from webui.store.ledger.operations import operation


class Past:
    """Does things, each one operation, and takes one back alone."""

    def __init__(self, session: Session, engine: Engine) -> None:
        self.session, self.engine = session, engine

    def do(self, verb: Callable[..., Any], *given: Any) -> int:
        """Return the number of the operation."""
        with operation(self.session) as opened:
            verb(self.session, *given)
        return opened.id

    def undo(self, operation_id: int) -> None:
        self.session.rollback()
        alone.undo(self.engine, operation_id)

    def refusal(self, operation_id: int) -> errors.Message:
        with pytest.raises(errors.Refused) as caught:
            self.undo(operation_id)
        return caught.value.message

    def values(self, user_id: int = 1) -> dict[str, Any]:
        self.session.rollback()
        return users.values(users.find(self.session, user_id))


@pytest.fixture
def past(session: Session, engine: Engine) -> Past:
    """Mara (1) and Noor (2)."""
    past = Past(session, engine)
    for name in ("mara", "noor"):
        past.do(users.add, {"username": name, "email": f"{name}@post.example", "given": name.title()})
    return past


def test_what_came_later_stays(past: Past, digest: Callable[[], str]) -> None:
    first = past.do(
        users.change, 1, {"organisation": "Choir", "phones": [{"phone": "123456"}], "tags": "Alto"}
    )
    past.do(users.change, 1, {"note": "Sings", "tags": "Alto, Board"})
    past.do(posts.add, 1, {"title": "Coffee"})
    before = digest()
    past.undo(first)
    now = past.values()
    assert (now["organisation"], now["phones"], now["tags"]) == ("", [], ["Board"])
    assert now["note"] == "Sings"
    done = history.page(past.session, limit=1)[0]
    assert (done.message, done.values["message"]) == ("history.alone", "users.change")
    past.session.rollback()
    after = digest()
    history.undo(past.engine)
    assert digest() == before
    history.redo(past.engine)
    assert digest() == after


def test_someone_who_was_added_goes_with_all_that_came_along(past: Past) -> None:
    added = past.do(users.add, {"username": "kim", "email": "kim@post.example", "tags": "Alto"})
    past.do(users.change, 1, {"note": "Sings"})
    past.undo(added)
    assert users.counts(past.session) == (2, 0)
    assert [tag.name for tag in tags.every(past.session)] == []


def test_what_was_removed_comes_back(past: Past) -> None:
    past.do(posts.add, 1, {"title": "Coffee"})
    removed = past.do(posts.trash, 1)
    past.do(posts.add, 1, {"title": "Tea"})
    past.undo(removed)
    assert {post.title for post in posts.of_user(past.session, 1, 9)} == {"Coffee", "Tea"}


def test_a_later_change_of_the_same_value_stands_in_the_way(past: Past, digest: Callable[[], str]) -> None:
    first = past.do(users.change, 1, {"organisation": "Choir", "note": "Sings"})
    past.do(users.change, 2, {"organisation": "Elsewhere"})
    past.do(users.change, 1, {"organisation": "Orchestra"})
    before = digest()
    told = past.refusal(first)
    assert told.id == "history.stands_in_the_way"
    assert (told.values["message"], told.values["values"]["name"]) == ("users.change", "Mara")
    assert digest() == before
    past.do(users.change, 1, {"organisation": "Choir"})  # as it was then: nothing is lost
    past.undo(first)
    assert (past.values()["organisation"], past.values()["note"]) == ("", "")


def test_what_hangs_on_a_row_stands_in_the_way(past: Past) -> None:
    added = past.do(users.add, {"username": "kim", "email": "kim@post.example"})
    past.do(posts.add, 3, {"title": "Coffee"})
    past.do(posts.trash, 1)
    removed = past.do(trash.remove_post, 1)
    past.undo(added)  # the post is gone by now
    told = past.refusal(removed)
    assert (told.id, told.values["message"]) == ("history.stands_in_the_way", "history.alone")
    added = past.do(users.add, {"username": "kim", "email": "kim@post.example"})
    past.do(posts.add, 4, {"title": "Coffee"})
    assert past.refusal(added).values["message"] == "posts.add"


def test_what_someone_else_has_by_now_is_not_taken_away(past: Past) -> None:
    renamed = past.do(users.change, 1, {"username": "mari"})
    past.do(users.change, 2, {"username": "mara"})
    assert past.refusal(renamed).id == "history.alone_taken"
    assert past.values(2)["username"] == "mara"


def test_usernames_that_were_swapped_are_swapped_back(past: Past) -> None:
    def swap(session: Session) -> None:
        users.change(session, 1, {"username": "between"})
        users.change(session, 2, {"username": "mara"})
        users.change(session, 1, {"username": "noor"})

    swapped = past.do(swap)
    past.do(users.change, 1, {"note": "Sings"})
    past.undo(swapped)
    assert [past.values(user_id)["username"] for user_id in (1, 2)] == ["mara", "noor"]
    assert past.values()["note"] == "Sings"


def test_an_email_and_its_kind_are_one_value(past: Past) -> None:
    past.do(settings.set_email_required, False)
    past.do(users.add, {"username": "kim"})
    given = past.do(users.change, 3, {"email": "kim@post.example"})
    past.do(users.change, 3, {"email_label": "Work"})
    assert past.refusal(given).id == "history.stands_in_the_way"


def test_the_rules_of_a_form_hold(past: Past) -> None:
    past.do(settings.set_email_required, False)
    past.do(users.add, {"username": "kim"})
    given = past.do(users.change, 3, {"email": "kim@post.example"})
    past.do(settings.set_email_required, True)
    assert past.refusal(given).id == "history.alone_email"
    past.do(fields.add, {"name": "Member no.", "no_two_alike": True})
    past.do(users.change, 1, {"fields": {"Member no.": "1"}})
    emptied = past.do(users.change, 1, {"fields": {"Member no.": ""}})
    past.do(users.change, 2, {"fields": {"Member no.": "1"}})
    assert past.refusal(emptied).id == "history.alone_alike"


def test_the_trash_is_a_value_as_any(past: Past) -> None:
    trashed = past.do(bulk.trash, Chosen(q=""))
    past.do(settings.set_title, "Choir")
    past.undo(trashed)
    assert users.counts(past.session) == (2, 0)


def test_what_is_undone_or_gone_can_not_be_taken_back_again(past: Past) -> None:
    noted = past.do(users.change, 1, {"note": "Sings"})
    past.undo(noted)
    assert past.refusal(noted).id == "history.nothing_left"
    past.session.rollback()
    history.undo(past.engine)
    history.undo(past.engine)
    assert past.refusal(noted).id == "history.undone_already"
    for number in (0, 999):
        with pytest.raises(errors.NotFound):
            past.undo(number)


def test_one_goes_back_to_the_moment_before_an_operation_and_forward_again(
    past: Past, digest: Callable[[], str]
) -> None:
    before = digest()
    noted = past.do(users.change, 1, {"note": "Sings"})
    played = past.do(users.change, 1, {"note": "Plays"})
    between = digest()
    titled = past.do(settings.set_title, "Choir")
    after = digest()

    def known(operation_id: int) -> tuple[int, int]:
        found = steps.back(past.session, operation_id), steps.forward(past.session, operation_id)
        past.session.rollback()
        return found

    assert [known(each) for each in (noted, played, titled)] == [(3, 0), (2, 0), (1, 0)]
    assert steps.undo_to(past.engine, noted, 3) == 3
    assert digest() == before
    assert [known(each)[1] for each in (noted, played, titled)] == [1, 2, 3]
    assert steps.redo_to(past.engine, played, 2) == 2
    assert digest() == between
    assert [known(each) for each in (noted, played, titled)] == [(2, 0), (1, 0), (0, 1)]
    assert steps.redo_to(past.engine, titled, 1) == 1
    assert digest() == after
    for go in (steps.undo_to, steps.redo_to):
        with pytest.raises(errors.NotFound):
            go(past.engine, 999, 1)
        with pytest.raises(errors.Refused):
            go(past.engine, noted, 4)
    assert digest() == after


def test_going_back_or_forward_is_all_or_nothing(
    past: Past, digest: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = past.do(users.change, 1, {"note": "Sings"})
    past.do(users.change, 1, {"note": "Plays"})
    last = past.do(users.change, 1, {"note": "Conducts"})
    revert, turns = history.revert, itertools.count(1)

    def fails_third(*given: Any) -> Any:
        if next(turns) % 3 == 0:
            raise errors.Full
        return revert(*given)

    monkeypatch.setattr(history, "revert", fails_third)
    after = digest()
    with pytest.raises(errors.Full):
        steps.undo_to(past.engine, first, 3)
    assert digest() == after and [each.undone for each in history.page(past.session)[:3]] == [False] * 3
    past.session.rollback()
    monkeypatch.setattr(history, "revert", revert)
    steps.undo_to(past.engine, first, 3)
    before = digest()
    monkeypatch.setattr(history, "revert", fails_third)
    with pytest.raises(errors.Full):
        steps.redo_to(past.engine, last, 3)
    assert digest() == before


def test_after_a_new_change_nothing_undone_is_gone_forward_to(past: Past) -> None:
    noted = past.do(users.change, 1, {"note": "Sings"})
    history.undo(past.engine)
    past.do(users.change, 1, {"note": "Plays"})
    assert steps.forward(past.session, noted) == 0
    past.session.rollback()
    with pytest.raises(errors.Refused):
        steps.redo_to(past.engine, noted, 1)


def test_a_value_of_an_own_field_written_since_stays_the_only_one(past: Past) -> None:
    past.do(fields.add, {"name": "Age", "kind": "number"})
    past.do(users.change, 1, {"fields": {"Age": "12"}})
    again = past.do(bulk_fields.put, Chosen([1]), 1, "20")
    past.do(bulk_fields.put, Chosen([1]), 1, "30")
    assert past.refusal(again).values["message"] == "bulk.set"
    cleared = past.do(users.change, 2, {"fields": {"Age": ""}, "note": "x"})
    past.do(users.change, 2, {"fields": {"Age": "15"}})
    past.undo(cleared)  # it had changed the note alone
    cleared = past.do(users.change, 2, {"fields": {"Age": ""}})
    past.do(users.change, 2, {"fields": {"Age": "16"}})
    assert past.refusal(cleared).id == "history.stands_in_the_way"
    assert (past.values(1)["fields"], past.values(2)["fields"]) == ({"Age": "30"}, {"Age": "16"})


def test_the_kind_of_a_field_and_its_values_belong_together(past: Past) -> None:
    past.do(fields.add, {"name": "Age", "kind": "number"})
    past.do(users.change, 1, {"fields": {"Age": "12"}})
    cleared = past.do(users.change, 1, {"fields": {"Age": ""}})
    past.do(field_kinds.change, 1, "text")
    assert past.refusal(cleared).values["message"] == "fields.kind"
    past.do(fields.add, {"name": "Voices", "kind": "text"})
    listed = past.do(field_kinds.change, 2, "choices", "a\nb")
    past.do(users.change, 1, {"fields": {"Voices": ["a", "b"]}})
    assert past.refusal(listed).values["message"] == "users.change"


def test_a_rule_does_not_come_back_over_those_who_break_it(past: Past) -> None:
    off = past.do(settings.set_email_required, False)
    past.do(users.add, {"username": "kim"})
    assert past.refusal(off).id == "history.alone_email"
    past.do(fields.add, {"name": "M", "no_two_alike": True})
    past.do(users.change, 1, {"fields": {"M": "1"}})
    trashed = past.do(users.trash, [1])
    past.do(users.change, 2, {"fields": {"M": "1"}})
    assert past.refusal(trashed).id == "history.alone_alike"
    two = past.do(fields.change, 1, {"no_two_alike": False})
    past.do(users.change, 3, {"fields": {"M": "1"}})
    assert past.refusal(two).id == "history.alone_alike"
    given = past.do(users.change, 3, {"fields": {"M": "2"}, "note": "x"})
    past.undo(given)
    past.do(fields.add, {"name": "N"})
    given = past.do(users.change, 2, {"fields": {"N": "1"}})
    emptied = past.do(users.change, 2, {"fields": {"N": ""}})
    past.session.rollback()
    history.undo(past.engine)
    assert emptied
    past.do(fields.change, 2, {"required": True})
    assert past.refusal(given).id == "history.alone_required"


def test_keys_follow_the_region_of_now(past: Past) -> None:
    region = past.do(settings.set_phone_region, "SE")
    past.do(users.change, 1, {"phones": [{"phone": "070 123 45 67"}]})
    past.undo(region)
    key = past.session.scalar(text("SELECT phone_key FROM user_phones"))
    past.do(settings.set_phone_region, "SE")
    past.do(settings.set_phone_region, "")
    assert key == past.session.scalar(text("SELECT phone_key FROM user_phones"))


def test_values_that_say_one_thing_go_together(past: Past) -> None:
    past.do(users.change, 1, {"display_name": "Boss"})
    renamed = past.do(users.change, 1, {"given": "Maria", "family": "Ek"})
    past.do(users.change, 1, {"display_name": ""})
    assert past.refusal(renamed).id == "history.stands_in_the_way"
    past.do(posts.add, 1, {"title": "Coffee"})
    followed = past.do(posts.change, 1, {"title": "Coffee", "follow_up": "2026-12-01"})
    past.do(posts.set_done, 1, True)
    assert past.refusal(followed).values["message"] == "posts.done"


def test_what_is_there_again_is_not_there_twice(past: Past) -> None:
    past.do(relations.add, 1, {"people": [2], "kind": "friend"})
    parted = past.do(relations.remove, 1, 1)
    past.do(relations.add, 1, {"people": [2], "kind": "friend"})
    assert past.refusal(parted).values["message"] == "relations.add"
    past.do(users.change, 1, {"phones": [{"phone": "123456"}], "tags": "Alto"})
    emptied = past.do(users.change, 1, {"phones": [], "tags": "", "note": "x"})
    past.do(users.change, 1, {"phones": [{"phone": "123456"}], "tags": "Alto"})
    past.undo(emptied)
    now = past.values()
    assert ([row["phone"] for row in now["phones"]], now["tags"], now["note"]) == (["123456"], ["Alto"], "")


def test_a_view_does_not_lose_the_name_it_looks_for(past: Past) -> None:
    past.do(fields.add, {"name": "Voice"})
    renamed = past.do(fields.change, 1, {"name": "Part"})
    past.do(saved_views.add, "Altos", "part:alto")
    assert past.refusal(renamed).values["message"] == "saved_views.add"
