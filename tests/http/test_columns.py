"""Columns of the list over HTTP: chosen, ordered, sized, sorted by, undone."""

import re
import sqlite3
from pathlib import Path

import pytest
from flask.testing import FlaskClient

PEOPLE = [
    {"username": "mara", "email": "m@x.example", "organisation": "Zulu", "addresses": [{"city": "Lund"}]},
    {"username": "noor", "email": "n@x.example", "organisation": "Alpha", "birthday": "4 March 1987"},
    {"username": "kim", "email": "k@x.example", "phones": [{"phone": "+46 8 123 456 78"}]},
]


@pytest.fixture
def people(client: FlaskClient) -> FlaskClient:
    for form in PEOPLE:
        assert client.post("/api/users", json=form).status_code == 201
    return client


def heads(page: str) -> list[str]:
    return re.findall(r'data-sizes="([^"]+)"', page)


def listed(page: str) -> list[str]:
    return re.findall(r'<span class="exact clip"><bdi>(\w+)</bdi>', page)


def arrange(client: FlaskClient, *shown: str, **form: str):
    order = re.findall(r'name="order" value="([^"]+)"', client.get("/columns").text)
    data = {"order": [*shown, *(each for each in order if each not in shown)], "shown": list(shown), **form}
    return client.post("/columns", data=data)


def test_columns_are_chosen_ordered_and_undone(people: FlaskClient) -> None:
    assert heads(people.get("/").text) == ["name", "email", "organisation", "city", "tags", "last_post"]
    answer = arrange(people, "birthday", "phone", "email")
    assert (answer.status_code, answer.location) == (303, "/")
    page = people.get("/").text
    assert heads(page) == ["name", "birthday", "phone", "email"]
    assert "The columns of the list are changed." in page
    assert "4 March 1987" in page
    assert "+46 8 123 456 78" in page
    assert "spare" not in page
    assert "Change the columns of the list" in people.get("/history").text
    people.post("/undo")
    assert heads(people.get("/").text)[1] == "email"


@pytest.mark.parametrize("sort", ["city", "-city"])
def test_a_view_keeps_the_order_of_a_column_that_is_not_shown(people: FlaskClient, sort: str) -> None:
    before = listed(people.get(f"/?q=has:email&sort={sort}").text)
    people.post("/views", data={"name": "By city", "q": "has:email", "sort": sort})
    arrange(people, "email")
    page = people.get(f"/?q=has:email&sort={sort}").text
    assert heads(page) == ["name", "email"]
    assert listed(page) == before
    assert before != listed(people.get("/?q=has:email").text)
    assert "Sorted by <bdi>City</bdi>" in page
    people.patch("/api/users/2", json={"addresses": [{"city": "Malmö"}]})
    assert listed(people.get(f"/?q=has:email&sort={sort}").text) != before
    people.post("/views/5/trash")
    assert "Sorted by" not in people.get(f"/?q=has:email&sort={sort}").text
    people.post("/undo")
    assert "Sorted by" in people.get(f"/?q=has:email&sort={sort}").text


def test_the_menu_shows_what_is_shown_first(people: FlaskClient) -> None:
    arrange(people, "city", "birthday")
    page = people.get("/columns").text
    assert "First name" in page and "Given name" not in page  # as everywhere
    rows = re.findall(r'name="shown" value="([^"]+)"( checked)?', page)
    assert rows[:3] == [("city", " checked"), ("birthday", " checked"), ("email", "")]
    assert len(rows) == 20
    fragment = people.get("/columns", headers={"HX-Request": "true"}).text
    assert "<html" not in fragment


def test_without_script_a_column_moves_by_its_buttons(people: FlaskClient) -> None:
    before = re.findall(r'name="order" value="([^"]+)"', people.get("/columns").text)
    form = {"order": before, "shown": ["email"], "width": ["13"] * len(before), "down": "email"}
    page = people.post("/columns", data=form).text
    assert re.findall(r'name="order" value="([^"]+)"', page)[:2] == [before[1], "email"]
    assert re.search(r'id="down-col-email"[^>]* autofocus', page)
    assert heads(people.get("/").text)[1] == "email"  # nothing is kept by moving
    page = people.post("/columns", data={**form, "down": "no column"}).text
    assert re.findall(r'name="order" value="([^"]+)"', page) == before


def test_everything_is_as_at_first_again(people: FlaskClient) -> None:
    arrange(people, "city", width="9")
    people.post("/columns/widths", data={"city": "20"})
    people.post("/columns", data={"reset": "1"})
    page = people.get("/").text
    assert heads(page) == ["name", "email", "organisation", "city", "tags", "last_post"]
    assert "sized" not in page
    shares = re.findall(r"\((min-width.*?)\) \{ (.*) \}", people.get("/columns.css").text)
    assert [at for at, _rules in shares] == ["min-width: 73.76rem", "min-width: 106.25rem"]
    assert ".col-city { inline-size: 12.65%; }" in shares[1][1]
    for _at, rules in shares:  # of all the room there is
        assert sum(map(float, re.findall(r"([\d.]+)%", rules))) == pytest.approx(100, abs=0.05)
    arrange(people, "city")
    assert ".col-city { inline-size: 8rem; }" in people.get("/columns.css").text
    assert "%" not in people.get("/columns.css").text


def test_widths_are_kept_and_served_as_a_stylesheet(people: FlaskClient) -> None:
    answer = people.post("/columns/widths", data={"email": "20.5", "city": "1", "tags": "nan", "x": "9"})
    assert answer.text.startswith("/columns.css?of=")
    sheet = people.get(answer.text)
    assert sheet.mimetype == "text/css"
    assert ".col-email { inline-size: 20.5rem; }" in sheet.text
    assert ".col-city { inline-size: 4rem; }" in sheet.text  # never so narrow that it can't be taken hold of
    assert "nan" not in sheet.text
    assert 'class="grid people sized"' in people.get("/").text
    arrange(people, "email")
    assert ".col-email { inline-size: 20.5rem; }" in people.get("/columns.css").text


def test_widths_can_be_typed(people: FlaskClient) -> None:
    order = re.findall(r'name="order" value="([^"]+)"', people.get("/columns").text)
    widths = re.findall(r'name="width"[^>]* value="([^"]+)"', people.get("/columns").text)
    widths[order.index("email")] = "30"
    people.post("/columns", data={"order": order, "shown": ["email"], "width": widths})
    sheet = people.get("/columns.css").text
    assert ".col-email { inline-size: 30rem; }" in sheet
    page = people.get("/columns").text
    assert re.findall(r'name="width"[^>]* value="([^"]+)"', page)[0] == "30"


def test_the_list_is_sorted_by_a_column_in_its_address(people: FlaskClient) -> None:
    page = people.get("/?sort=organisation").text
    assert listed(page) == ["noor", "mara", "kim"]
    assert re.search(r'data-sizes="organisation" aria-sort="ascending"', page)
    assert 'href="/?sort=-organisation"' in page
    assert listed(people.get("/?sort=-organisation").text) == ["mara", "noor", "kim"]
    people.get("/?sort=-organisation")
    people.post("/views", data={"name": "Lund", "q": "city:lund", "sort": "-organisation"})
    assert "/?q=city:lund&amp;sort=-organisation" in people.get("/").text


def test_an_own_field_is_a_column(people: FlaskClient) -> None:
    form = {"name": "Fee", "kind": "number", "listed": "1", "options": "", "default_value": ""}
    people.post("/settings/fields/add", data=form)
    people.patch("/api/users/1", json={"fields": {"Fee": 1234.5}})
    people.patch("/api/users/2", json={"fields": {"Fee": 9}})
    page = people.get("/").text
    own = heads(page)[-1]
    assert own.startswith("own:")
    assert "1,234.5" in page
    assert listed(people.get(f"/?sort={own}").text) == ["noor", "mara", "kim"]
    assert f".{own.replace('own:', 'col-own-')} {{" in people.get("/columns.css").text
    arrange(people, "email")
    assert own not in heads(people.get("/").text)
    assert listed(people.get(f"/?sort={own}").text) == ["kim", "mara", "noor"]


@pytest.fixture
def fees(people: FlaskClient) -> FlaskClient:
    for name, kind in (("Fee", "number"), ("Paid", "yes_no")):
        people.post("/settings/fields/add", data={"name": name, "kind": kind, "listed": "1"})
    for user_id, fee, paid in ((1, "0.1", "yes"), (2, "0.2", "no"), (3, "1000", "yes")):
        people.patch(f"/api/users/{user_id}", json={"fields": {"Fee": fee, "Paid": paid}})
    return people


def said(page: str) -> str:
    return " ".join(re.sub("<[^>]*>", " ", page).split())


def test_numbers_add_up_for_the_view_and_for_those_ticked(fees: FlaskClient) -> None:
    assert 'hx-post="/sums"' in fees.get("/").text
    whole = said(fees.post("/sums").text)
    assert whole == "Of this view Sum 1,000.3 Average 333.43 Count 3 Yes 2 No 1"
    assert "Sum 0.3 Average 0.15 Count 2" in said(fees.post("/sums?q=email:@x+-kim").text)
    some = said(fees.post("/sums", data={"q": "", "id": ["1", "3"]}).text)
    assert some == "Of those selected Sum 1,000.1 Average 500.05 Count 2 Yes 2 No 0"
    assert said(fees.post("/sums", data={"q": "", "all": "1", "id": "1"}).text) == whole
    assert "Nothing yet" in fees.post("/sums?q=nobody").text
    fees.delete("/api/users/3")
    assert "Sum 0.3" in fees.post("/sums").text


def test_what_is_no_number_counts_for_nothing(fees: FlaskClient) -> None:
    fees.post("/settings/fields/add", data={"name": "Code", "kind": "text", "listed": "1"})
    fees.patch("/api/users/1", json={"fields": {"Code": "12"}})
    assert "12" not in said(fees.post("/sums").text)
    assert fees.post("/sums?q=tag:").status_code == 422


def test_a_list_without_columns_shows_names(people: FlaskClient) -> None:
    arrange(people)
    page = people.get("/").text
    assert heads(page) == ["name"]
    assert listed(page) == ["kim", "mara", "noor"]


def test_nothing_changed_offers_no_undo_of_something_else(people: FlaskClient) -> None:
    arrange(people, "email")
    arrange(people, "email")
    page = people.get("/").text
    toasts = page.partition("data-toasts")[2]
    assert "The columns of the list are changed." in toasts
    assert 'action="/undo"' not in toasts.partition("</div>")[0]


def test_a_choice_made_before_a_field_came_leaves_that_field(people: FlaskClient) -> None:
    order = re.findall(r'name="order" value="([^"]+)"', people.get("/columns").text)
    people.post("/settings/fields/add", data={"name": "Fee", "kind": "number", "listed": "1"})
    people.post("/columns", data={"order": order, "shown": ["email"], "keep": "1"})
    assert [each[:4] for each in heads(people.get("/").text)] == ["name", "emai", "own:"]


@pytest.mark.outside
def test_sums_of_what_is_infinite_are_none(fees: FlaskClient, database: Path) -> None:
    other = sqlite3.connect(database)
    other.execute("UPDATE field_values SET number = 9e999 WHERE value = '1000'")
    other.commit()
    other.close()
    assert "Sum 0.3" in said(fees.post("/sums").text)
