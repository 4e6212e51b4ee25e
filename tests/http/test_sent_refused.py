"""Edits and new people of a sheet that is back which are not wanted: left out, and taken in again."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.http.following import followed
from tests.http.imported import page
from tests.http.test_sent import add, of_rows
from tests.http.test_sent_new import lea

Digest = Callable[[], str]


@pytest.fixture
def two(client: FlaskClient) -> FlaskClient:
    for name in ("mara", "noor"):
        add(client, name, organisation="Mill")
    return client


def answer(client: FlaskClient, address: str, position: int, field: str, choice: str) -> str:
    form = {"field": field, "choice": choice}
    return page(followed(client, client.post(f"{address}/{position}", data=form)))


def edit(rows: list[dict[str, str]]) -> None:
    """Edit two cells of the first person and one of the second."""
    rows[0] |= {"organisation": "Forge", "job_title": "Smith"}
    rows[1]["job_title"] = "Cook"


def test_an_edit_that_is_not_wanted_is_left_out(two: FlaskClient) -> None:
    address = of_rows(two, edit)
    assert "Take 3 edits" in page(two.get(address))
    said = answer(two, address, 0, "organisation", "mine")
    assert "Take 2 edits" in said and "Organisation Left out Mill → Forge Take it in again" in said
    answer(two, address, 1, "job_title", "mine")
    assert "Take 2 edits" in answer(two, address, 1, "job_title", "theirs")
    done = page(followed(two, two.post(address)))
    assert (
        "Edits taken 2" in done and "1 edit was left out, as you said." in done and "Rows left out 0" in done
    )
    people = [two.get(f"/api/users/{number}").json for number in (1, 2)]
    assert [(each["organisation"], each["job_title"]) for each in people if each] == [
        ("Mill", "Smith"),
        ("Mill", "Cook"),
    ]


def test_where_all_is_left_out_nothing_is_taken(two: FlaskClient, digest: Digest) -> None:
    def change(rows: list[dict[str, str]]) -> None:
        rows[1]["job_title"] = "Cook"
        lea(rows)

    before, address = digest(), of_rows(two, change)
    answer(two, address, 1, "job_title", "mine")
    shown = page(followed(two, two.post(f"{address}/2/out")))
    assert "There is nothing to take: all of it is left out." in shown
    assert "Nothing had to be changed" in page(followed(two, two.post(address)))
    assert digest() == before


def test_someone_new_is_left_out_and_taken_in_again(two: FlaskClient) -> None:
    def change(rows: list[dict[str, str]]) -> None:
        lea(rows)
        lea(rows, username="kim", given="Kim", email="lea@x.example")

    address = of_rows(two, change)
    assert "Take 2 new people" in page(two.get(address))
    shown = page(followed(two, two.post(f"{address}/2/out", data={"show": "new"})))
    assert "Take 1 new person" in shown and "Lea Left out lea@x.example Take it in again" in shown
    assert "New people 2" in shown
    assert "Take it in again" not in page(two.get(f"{address}?show=edit"))
    assert "Take 2 new people" in page(followed(two, two.post(f"{address}/2/in")))
    followed(two, two.post(f"{address}/2/out"))
    followed(two, two.post(f"{address}/2/out"))  # clicked twice
    done = page(followed(two, two.post(address)))
    assert "New people 1" in done and "1 new person was left out, as you said." in done
    users = two.get("/api/users").json
    assert [(each["username"], each["email"]) for each in users or ()] == [
        ("mara", "mara@x.example"),
        ("noor", "noor@x.example"),
        ("kim", "lea@x.example"),
    ]


def test_what_is_left_out_stays_so_when_the_sheet_is_compared_again(two: FlaskClient) -> None:
    def change(rows: list[dict[str, str]]) -> None:
        edit(rows)
        lea(rows, birthday="06/07/1991")
        lea(rows, username="kim", given="Kim", email="kim@x.example")

    address = of_rows(two, change)
    answer(two, address, 0, "organisation", "mine")
    followed(two, two.post(f"{address}/3/out"))
    followed(two, two.post(f"{address}/dates", data={"dates": "day"}))
    add(two, "olle")
    shown = page(followed(two, two.post(address)))  # something is here since: shown again
    assert "Take 2 edits, 1 new person" in shown
    assert "Left out Mill → Forge" in shown and "Kim Left out kim@x.example" in shown


def test_what_an_edit_left_out_keeps_is_not_free_for_others(two: FlaskClient) -> None:
    def swap(rows: list[dict[str, str]]) -> None:
        rows[0]["email"], rows[1]["email"] = "mara@y.example", "mara@x.example"

    address = of_rows(two, swap)
    assert "Take 2 edits" in page(two.get(address))
    shown = answer(two, address, 0, "email", "mine")
    assert "There is nothing to take" in shown or "Take 1 edit " not in shown
    assert "Left out 1" in shown
    assert "Take 2 edits" in answer(two, address, 0, "email", "theirs")


def test_a_new_person_is_judged_beside_what_is_left_out(two: FlaskClient) -> None:
    def change(rows: list[dict[str, str]]) -> None:
        rows[0]["email"] = "mara@y.example"
        lea(rows, email="mara@x.example")

    address = of_rows(two, change)
    assert "Take 1 edit, 1 new person" in page(two.get(address))
    shown = answer(two, address, 0, "email", "mine")
    assert "Has an e-mail of Mara Ek, but another first name" in shown


def test_a_day_that_is_left_out_is_not_asked_about(two: FlaskClient) -> None:
    def change(rows: list[dict[str, str]]) -> None:
        rows[0]["birthday"] = "03/04/1987"

    address = of_rows(two, change)
    asked = "03/04/1987 can be either"
    assert asked in page(two.get(address))
    assert asked not in answer(two, address, 0, "birthday", "mine")
    assert asked in answer(two, address, 0, "birthday", "theirs")
