"""A row of a sheet that is back and lost its uid: whose it is can be said, and what was edited is seen."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.http.following import followed
from tests.http.imported import page
from tests.http.test_sent import add, of_rows
from webui.exchange.sent import comparing

Change = Callable[[list[dict[str, str]]], None]


def lost(**edits: str) -> Change:
    """Return what takes the uid from the first row, which is Mara's, and edits it."""

    def change(rows: list[dict[str, str]]) -> None:
        mara = next(row for row in rows if row["username"] == "mara")
        mara.update({"uid": "", **edits})

    return change


@pytest.fixture
def two(client: FlaskClient) -> FlaskClient:
    for name in ("mara", "noor"):
        add(client, name)
    return client


def answer(client: FlaskClient, address: str, choice: str, position: int = 0) -> str:
    form = {"choice": choice, "show": "asked", "after": "-1"}
    return page(followed(client, client.post(f"{address}/{position}/whose", data=form)))


def test_who_lost_uid_and_first_name_is_asked_about_and_edited_once_answered(
    two: FlaskClient, digest: Callable[[], str]
) -> None:
    address, before = of_rows(two, lost(given="Maria", nickname="Mia")), digest()
    asked = page(two.get(f"{address}?show=asked"))
    assert "New people 1 Maybe the same person 1 Left out 0" in asked
    assert "Take 1 new person" in asked
    assert "1 person you sent is not in it" in asked
    assert "A second person The same person Leave it out" in asked
    said = answer(two, address, "same")
    assert "Edits 2 Conflicts 0 New people 0 Maybe the same person 1 Left out 0" in said
    assert "not in it" not in said
    assert "The same person" in said
    assert "Edits 0 Conflicts 0 New people 1" in answer(two, address, "second")
    skipped = answer(two, address, "skip")
    assert "New people 0 Maybe the same person 1" in skipped
    assert "There is nothing to take" in skipped
    answer(two, address, "same")
    assert digest() == before
    done = followed(two, two.post(address))
    assert "Edits taken 2 People edited 1 New people 0 Rows left out 0" in page(done)
    mara = two.get("/api/users/1").json
    assert (mara["given"], mara["nickname"]) == ("Maria", "Mia")  # type: ignore[index]


def test_a_row_that_lost_its_uid_alone_may_be_said_to_be_theirs(two: FlaskClient) -> None:
    address = of_rows(two, lost(family="Lund"))
    said = page(two.get(address))
    assert "Left out 1" in said
    assert "not in it" not in said
    assert "The same person" in page(two.get(f"{address}?show=stuck"))
    said = answer(two, address, "same")
    assert "Edits 1 Conflicts 0 New people 0 Maybe the same person 1 Left out 0" in said
    assert "The same person Leave it out" in said
    assert "A second person" not in said  # nothing can tell them apart
    assert "Edits 1 Conflicts 0" in answer(two, address, "second")
    assert "Edits 0 Conflicts 0 New people 0 Left out 1" in answer(two, address, "skip")
    answer(two, address, "same")
    followed(two, two.post(address))
    assert two.get("/api/users/1").json["family"] == "Lund"  # type: ignore[index]


def with_a_conflict(two: FlaskClient) -> str:
    """A sheet with a row that lost its uid, and an edit of what was changed here too; its address."""

    def both(rows: list[dict[str, str]]) -> None:
        lost(given="Maria")(rows)
        next(row for row in rows if row["username"] == "noor")["family"] = "Lund"
        form = {"username": "noor", "email": "noor@x.example", "given": "Noor", "family": "Berg"}
        assert two.post("/users/2/edit", data=form).status_code == 303

    return of_rows(two, both)


def test_answers_to_other_rows_stay(two: FlaskClient) -> None:
    address = with_a_conflict(two)
    two.post(f"{address}/1", data={"field": "family", "choice": "theirs"})
    said = answer(two, address, "same")
    assert ("Edits 1 Conflicts 1" in said, "Take 2 edits" in said) == (True, True)
    followed(two, two.post(address))
    people = [two.get(f"/api/users/{number}").json for number in (1, 2)]
    assert [each["given"] for each in people] == ["Maria", "Noor"]
    assert people[1]["family"] == "Lund"


def test_whose_row_is_there_is_no_other_rows_person(two: FlaskClient) -> None:
    def twice(rows: list[dict[str, str]]) -> None:
        mara = next(row for row in rows if row["username"] == "mara")
        rows.insert(0, {**mara, "uid": "", "username": "", "given": "Maria", "nickname": "Mia"})

    address = of_rows(two, twice)
    said = answer(two, address, "same")  # what is here stays, as in any import
    assert "Edits 0 Conflicts 0 New people 1 Maybe the same person 1 Left out 0" in said
    assert "not in it" not in said
    assert two.post(f"{address}/7/whose", data={"choice": "same"}).status_code == 404
    assert two.post(f"{address}/0/whose", data={"choice": "other"}).status_code == 303


def test_a_further_row_of_whoever_has_one_is_not_said_to_be_theirs(two: FlaskClient) -> None:
    def change(rows: list[dict[str, str]]) -> None:
        lost(given="Maria", nickname="A")(rows)
        mara = next(row for row in rows if row["username"] == "mara")
        rows.append({**mara, "given": "Other", "nickname": "B"})

    address = of_rows(two, change)
    answer(two, address, "same")
    shown = page(two.get(f"{address}?show=new"))
    assert "A second person Leave it out" in shown
    before = two.get(f"{address}?show=new").data
    answer(two, address, "same", position=2)
    assert two.get(f"{address}?show=new").data == before


def test_whoever_has_a_row_that_nobody_edited_has_no_further_one(two: FlaskClient) -> None:
    def change(rows: list[dict[str, str]]) -> None:
        mara = next(row for row in rows if row["username"] == "mara")
        rows.append({**mara, "uid": "", "username": "", "given": "Maria", "nickname": "Mia"})

    address = of_rows(two, change)
    assert "A second person Leave it out" in page(two.get(f"{address}?show=new"))


@pytest.mark.parametrize("edits", [{"given": "Maria"}, {"family": "Lund"}])
@pytest.mark.parametrize("for_good", [True, False])
def test_whose_person_is_gone_can_be_someone_new(
    two: FlaskClient, edits: dict[str, str], for_good: bool
) -> None:
    address = of_rows(two, lost(**edits))
    answer(two, address, "same")
    two.post("/users/1/trash")
    if for_good:
        two.post("/trash/empty")
    gone = page(followed(two, two.post(address)))
    assert ("Not here any more" in gone, "In the trash" in gone) == (for_good, not for_good)
    assert "A second person The same person" in gone
    assert "Leave it out" not in gone
    assert "Left out 1" in answer(two, address, "skip")
    assert "Take 1 new person" in answer(two, address, "second")
    followed(two, two.post(address, data={"email_optional": "1"}))
    kept = two.get("/api/users/3").json
    assert kept
    assert kept.items() >= {"username": "mara", "email": "mara@x.example", **edits}.items()


def test_an_answer_while_the_sheet_is_compared_again_is_told_to_be_none(
    two: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = with_a_conflict(two)
    going, begins, real = threading.Event(), threading.Event(), comparing.compare

    def slow(*told: Any, **more: Any) -> Any:
        begins.set()
        assert going.wait(60)
        return real(*told, **more)

    monkeypatch.setattr(comparing, "compare", slow)
    asked = two.post(f"{address}/0/whose", data={"choice": "same"})
    assert begins.wait(60)
    for where, form in (
        ("/1", {"field": "family", "choice": "theirs"}),
        ("/all", {"choice": "theirs"}),
        ("/0/whose", {"choice": "skip"}),
        ("/dates", {"dates": "day"}),
    ):
        answered = two.post(f"{address}{where}", data=form)
        assert "your answer was not taken" in page(two.get(answered.location))
    assert two.post(address).location == asked.location
    going.set()
    assert "Edits 1 Conflicts 1 New people 0" in page(followed(two, asked))
    two.post(f"{address}/1", data={"field": "family", "choice": "theirs"})
    assert "Take 2 edits" in page(two.get(address))
