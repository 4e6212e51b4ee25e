"""Columns of the list over HTTP: chosen, ordered, sized, sorted by, undone."""

import re

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


def test_the_menu_shows_what_is_shown_first(people: FlaskClient) -> None:
    arrange(people, "city", "birthday")
    page = people.get("/columns").text
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
    assert ".col-city { inline-size: 8rem; }" in people.get("/columns.css").text


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


def test_a_list_without_columns_shows_names(people: FlaskClient) -> None:
    people.post("/columns", data={"order": ["email"], "keep": "1"})
    page = people.get("/").text
    assert heads(page) == ["name"]
    assert listed(page) == ["kim", "mara", "noor"]
