"""A sheet that is back, in which people give each other what no two may have."""

import csv
import io
import re
from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient

from tests.http.following import followed
from tests.http.imported import choose, page
from tests.http.test_exports import downloaded
from tests.http.test_sent import add

Rows = dict[str, dict[str, str]]  # cells by column, by username


def sent_back(client: FlaskClient, change: Callable[[Rows], None]) -> str:
    """Send everyone, and look at the sheet as `change` leaves it; return the address."""
    _name, content = downloaded(client, who="all", kind="csv", comes_back="csv")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    by_name = {row["username"]: row for row in rows}
    change(by_name)
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, rows[0], restval="")
    writer.writeheader()
    writer.writerows(by_name.values())
    preview = followed(client, choose(client, stream.getvalue(), "people.csv"))
    assert preview.request.path.endswith("/sent")
    return preview.request.path


def taken(client: FlaskClient, address: str) -> str:
    return page(followed(client, client.post(address, data={"email_optional": "1"})))


def of_all(client: FlaskClient, name: str) -> list[Any]:
    people = client.get("/api/users").json
    assert people
    return [each[name] for each in sorted(people, key=lambda each: each["id"])]


def three(client: FlaskClient) -> None:
    for name in ("anna", "bo", "cleo"):
        add(client, name)


def test_usernames_and_emails_that_go_round_come_in_and_one_undo_takes_them_back(
    client: FlaskClient, digest: Callable[[], str]
) -> None:
    three(client)

    def round_and_swapped(rows: Rows) -> None:
        rows["anna"]["email"], rows["bo"]["email"] = "bo@x.example", "anna@x.example"
        rows["anna"]["username"], rows["bo"]["username"], rows["cleo"]["username"] = "bo", "cleo", "anna"

    address, before = sent_back(client, round_and_swapped), digest()
    assert "Left out 0" in page(client.get(address))
    done = followed(client, client.post(address))
    assert "Edits taken 5" in page(done)
    assert of_all(client, "username") == ["bo", "cleo", "anna"]
    assert of_all(client, "email") == ["bo@x.example", "anna@x.example", "cleo@x.example"]
    (operation,) = set(re.findall(r'name="operation" value="(\d+)"', done.get_data(as_text=True)))
    client.post("/undo", data={"operation": operation})
    assert digest() == before


def test_a_column_moved_by_a_row_comes_in_in_any_order(client: FlaskClient) -> None:
    three(client)

    def moved(rows: Rows) -> None:
        for name, email in (("anna", "bo"), ("bo", "cleo"), ("cleo", "new")):
            rows[name]["email"] = f"{email}@x.example"

    assert "Edits taken 3" in taken(client, sent_back(client, moved))
    assert of_all(client, "email") == ["bo@x.example", "cleo@x.example", "new@x.example"]


def test_what_someone_else_keeps_is_left_out_by_name_and_the_swap_beside_it_comes_in(
    client: FlaskClient,
) -> None:
    three(client)

    def two_want_one(rows: Rows) -> None:
        rows["anna"]["email"], rows["bo"]["email"] = "bo@x.example", "anna@x.example"
        rows["cleo"]["email"] = "bo@x.example"

    address = sent_back(client, two_want_one)
    said = page(client.get(f"{address}?show=stuck"))
    assert "Left out 1" in said
    assert "bo@x.example Taken by Anna Ek" in said
    assert "Edits taken 2" in taken(client, address)
    assert of_all(client, "email") == ["bo@x.example", "anna@x.example", "cleo@x.example"]


def test_what_no_two_may_have_in_an_own_field_is_swapped(client: FlaskClient) -> None:
    field = {"name": "Locker", "kind": "text", "no_two_alike": "1"}
    assert client.post("/settings/fields/add", data=field).status_code == 303
    for user_id, (name, locker) in enumerate((("anna", "7"), ("bo", "8")), 1):
        add(client, name)
        assert client.patch(f"/api/users/{user_id}", json={"fields": {"Locker": locker}}).status_code == 200

    def swapped(rows: Rows) -> None:
        rows["anna"]["Locker"], rows["bo"]["Locker"] = "8", "7"

    assert "Edits taken 2" in taken(client, sent_back(client, swapped))
    assert [each["Locker"] for each in of_all(client, "fields")] == ["8", "7"]


def lea(**more: str) -> dict[str, str]:
    return {"username": "lea", "given": "Lea", "email": "lea@x.example", **more}


def test_a_new_person_has_what_an_edit_gives_up(client: FlaskClient) -> None:
    three(client)

    def given_up(rows: Rows) -> None:
        rows["anna"].update(email="new@x.example", username="anna.ek")
        rows["lea"] = lea(username="anna", email="anna@x.example")

    address = sent_back(client, given_up)
    assert "New anna · anna@x.example" in page(client.get(f"{address}?show=new"))
    assert "Edits taken 2 People edited 1 New people 1" in page(followed(client, client.post(address)))
    assert of_all(client, "username") == ["anna.ek", "bo", "cleo", "anna"]
    assert of_all(client, "email")[::3] == ["new@x.example", "anna@x.example"]


def test_a_new_person_who_has_what_an_edit_takes_stops_nothing(
    client: FlaskClient, digest: Callable[[], str]
) -> None:
    three(client)

    def taken_first(rows: Rows) -> None:
        rows["anna"].update(email="lea@x.example")
        rows["bo"].update(username="lea")
        rows["lea"] = lea()
        rows["max"] = lea(username="max", given="Max", email="max@x.example")

    address, before = sent_back(client, taken_first), digest()
    said = page(client.get(f"{address}?show=new"))
    assert "Lea Has an e-mail of Anna Ek, but another first name" in said
    assert "lea.2 · lea@x.example" in said
    assert digest() == before
    assert client.post(address).status_code == 409  # without a main e-mail of her own
    assert "Edits taken 2 People edited 2 New people 2" in taken(client, address)
    assert of_all(client, "username") == ["anna", "lea", "cleo", "lea.2", "max"]
    assert of_all(client, "email")[::3] == ["lea@x.example", None]
    assert client.get("/api/users/4").json["emails"][0]["email"] == "lea@x.example"  # type: ignore[index]


def test_new_people_are_beside_what_was_chosen_of_a_conflict(client: FlaskClient) -> None:
    three(client)

    def conflict(rows: Rows) -> None:
        rows["anna"]["email"] = "lea@x.example"
        rows["lea"] = lea()
        form = {"username": "anna", "email": "mine@x.example", "given": "Anna", "family": "Ek"}
        assert client.post("/users/1/edit", data=form).status_code == 303

    address = sent_back(client, conflict)
    assert "New lea · lea@x.example" in page(client.get(f"{address}?show=new"))
    assert "New lea · lea@x.example" in page(client.get(address))
    seen = followed(client, client.post(f"{address}/0", data={"field": "email", "choice": "theirs"}))
    assert "5 Lea Has an e-mail of Anna Ek, but another first name" in page(seen)
    assert "Edits taken 1 People edited 1 New people 1" in taken(client, address)
    assert of_all(client, "email")[::3] == ["lea@x.example", None]


def edited_here(client: FlaskClient, user_id: int, name: str, email: str) -> None:
    form = {"username": name, "email": email, "given": name.title(), "family": "Ek"}
    assert client.post(f"/users/{user_id}/edit", data=form).status_code == 303


def test_a_conflict_of_which_mine_stays_is_in_nobodys_way(client: FlaskClient) -> None:
    three(client)

    def both_want(rows: Rows) -> None:
        rows["anna"]["email"] = rows["bo"]["email"] = "new@x.example"
        edited_here(client, 1, "anna", "mine@x.example")

    address = sent_back(client, both_want)
    assert "Edits 1 Conflicts 1 New people 0 Left out 0" in page(client.get(address))
    chosen = client.post(f"{address}/0", data={"field": "email", "choice": "theirs"})
    said = page(followed(client, chosen))
    assert "Edits 0 Conflicts 1 New people 0 Left out 1" in said
    assert "Taken by Anna Ek" in said
    said = page(followed(client, client.post(f"{address}/0", data={"field": "email", "choice": "mine"})))
    assert "Edits 1 Conflicts 1 New people 0 Left out 0" in said
    assert "Edits taken 1" in taken(client, address)
    assert of_all(client, "email")[:2] == ["mine@x.example", "new@x.example"]


def test_what_a_conflict_gives_up_is_free_once_theirs_is_chosen(client: FlaskClient) -> None:
    three(client)

    def wants_mine(rows: Rows) -> None:
        edited_here(client, 1, "anna", "mine@x.example")
        rows["anna"]["email"], rows["bo"]["email"] = "theirs@x.example", "mine@x.example"

    address = sent_back(client, wants_mine)
    assert "Edits 0 Conflicts 1 New people 0 Left out 1" in page(client.get(address))
    chosen = client.post(f"{address}/0", data={"field": "email", "choice": "theirs"})
    said = page(followed(client, chosen))
    assert "Edits 1 Conflicts 1 New people 0 Left out 0" in said
    assert "Take 2 edits" in said
    assert "Edits taken 2" in taken(client, address)
    assert of_all(client, "email")[:2] == ["theirs@x.example", "mine@x.example"]


def test_a_conflict_in_whose_way_something_is_can_be_answered_otherwise(client: FlaskClient) -> None:
    three(client)

    def taken_by_cleo(rows: Rows) -> None:
        edited_here(client, 1, "anna", "mine@x.example")
        rows["anna"]["email"] = "cleo@x.example"

    address = sent_back(client, taken_by_cleo)
    followed(client, client.post(f"{address}/0", data={"field": "email", "choice": "theirs"}))
    said = page(client.get(f"{address}?show=stuck"))
    assert "Conflicts 1 New people 0 Left out 1" in said
    assert "Keep yours: mine@x.example" in said
    assert "Taken by Cleo Ek" in said
    followed(client, client.post(f"{address}/0", data={"field": "email", "choice": "mine"}))
    assert "Conflicts 1 New people 0 Left out 0" in page(client.get(address))


def test_a_conflict_that_can_never_come_in_is_no_question(client: FlaskClient) -> None:
    three(client)

    def emptied(rows: Rows) -> None:
        edited_here(client, 1, "annika", "anna@x.example")
        rows["anna"]["username"] = ""

    assert "Edits 0 Conflicts 0 New people 0 Left out 1" in page(client.get(sent_back(client, emptied)))
