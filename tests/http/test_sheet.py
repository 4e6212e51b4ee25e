"""Cells of the list over HTTP: the field, what writing answers, a block that is looked at and then pasted."""

import html
import re

import pytest
from flask.testing import FlaskClient


@pytest.fixture
def people(client: FlaskClient) -> FlaskClient:
    for name in ("mara", "noor", "kim"):
        client.post(
            "/api/users", json={"username": name, "email": f"{name}@x.example", "given": name.title()}
        )
    client.post("/settings/fields/add", data={"name": "Fee", "kind": "number", "listed": "1"})
    client.post(
        "/settings/fields/add",
        data={"name": "Voice", "kind": "choice", "options": "Alto\nBass", "listed": "1"},
    )
    return client


def own(client: FlaskClient, name: str) -> str:
    row = re.search(rf'data-sizes="(own:[^"]+)"[^>]*>\s*<a[^>]*>{name}', client.get("/").text)
    assert row
    return row[1]


def put(client: FlaskClient, column: str, value: str, **form: str):
    return client.post("/users/1/cell", data={"column": column, "value": value, **form})


def test_cells_that_can_be_written_in_are_marked(people: FlaskClient) -> None:
    page = people.get("/").text
    assert re.findall(r'data-cell="(\w+)"', page)[:4] == ["email", "organisation", "city", "tags"]
    assert 'data-cell="last_post"' not in page


def test_a_cell_offers_its_field(people: FlaskClient) -> None:
    field = people.get("/users/1/cell?column=email").text
    assert 'aria-label="E-mail"' in field
    assert 'value="mara@x.example"' in field
    assert "<option" in people.get(f"/users/1/cell?column={own(people, 'Voice')}").text
    assert people.get("/users/1/cell?column=last_post").status_code == 404
    assert people.get("/users/1/cell?column=nickname").status_code == 404
    assert people.get("/users/9/cell?column=email").status_code == 404


def test_writing_answers_with_the_row_and_can_be_undone(people: FlaskClient) -> None:
    answer = put(people, "city", "Lund", was="")
    assert answer.status_code == 200
    assert answer.text.count("<tr") == 1
    assert "<bdi>Lund</bdi>" in answer.text
    assert people.get("/api/users/1").json["addresses"][0]["city"] == "Lund"
    people.post("/undo")
    assert people.get("/api/users/1").json["addresses"] == []


def test_a_value_that_cannot_be_is_said_in_the_cell(people: FlaskClient) -> None:
    answer = put(people, own(people, "Fee"), "a dozen", was="")
    assert answer.status_code == 422
    assert 'value="a dozen"' in answer.text
    assert 'role="alert"' in answer.text
    assert put(people, "email", "noor@x.example").status_code == 422
    assert put(people, "email", "").status_code == 422
    assert people.get("/api/users/1").json["email"] == "mara@x.example"


def test_a_change_made_meanwhile_is_told_and_can_be_written_over(people: FlaskClient) -> None:
    put(people, "organisation", "Zulu")
    answer = put(people, "organisation", "Alpha", was="")
    assert answer.status_code == 409
    assert "Meanwhile this became “Zulu”." in html.unescape(answer.text)
    was = re.search(r'name="was" value="([^"]*)"', answer.text)
    assert was
    assert was[1] == "Zulu"
    assert put(people, "organisation", "Alpha", was=was[1]).status_code == 200


def test_numbers_are_written_as_the_language_has_them(people: FlaskClient) -> None:
    people.application.config["LANGUAGES"] = ["en", "de"]
    fee, german = own(people, "Fee"), {"Accept-Language": "de"}
    data = {"column": fee, "value": "1.234,50", "was": ""}
    answer = people.post("/users/1/cell", data=data, headers=german)
    assert answer.status_code == 200
    assert people.get("/api/users/1").json["fields"]["Fee"] == 1234.5
    field = people.get(f"/users/1/cell?column={fee}", headers=german).text
    assert 'value="1234,50"' in field
    assert 'name="was" value="1234.50"' in field


def test_a_block_is_looked_at_and_then_pasted(people: FlaskClient) -> None:
    form = {
        "ids": "1,2",
        "column": ["organisation", "city"],
        "sort": "name",
        "pasted": "Alpha\tLund\n\tMalmö\nx\n",
    }
    page = people.post("/people/paste", data=form)
    assert page.status_code == 200
    text = html.unescape(page.text)
    assert "Change 2 people" in text
    assert "The list ends before the last line" in text  # Kim, Mara, Noor: two from Mara on
    assert people.get("/api/users/1").json["organisation"] is None
    sure = re.search(r'name="sure" value="(\d+)"', page.text)
    assert sure
    stale = people.post("/people/paste", data={**form, "pasted": "Beta", "sure": sure[1]})
    assert stale.status_code == 200  # it would do something else: looked at anew
    answer = people.post("/people/paste", data={**form, "sure": sure[1]})
    assert (answer.status_code, answer.location) == (303, "/?here=1")
    assert people.get("/api/users/1").json["organisation"] == "Alpha"
    assert people.get("/api/users/2").json["addresses"][0]["city"] == "Malmö"
    assert "Paste values for 2 people" in people.get("/history").text
    empties = people.post("/people/paste", data={**form, "ids": "1", "pasted": "\tMalmö\n"}).text
    assert re.search(r'Alpha</del> <span class="soft">emptied</span>', empties)
    people.post("/undo")
    assert people.get("/api/users/2").json["addresses"] == []


def test_what_is_in_the_way_is_said_before(people: FlaskClient) -> None:
    form = {"ids": "3,1,2", "column": own(people, "Fee"), "pasted": "12\nmuch\n1e400"}
    text = html.unescape(people.post("/people/paste", data=form).text)
    assert "Change 1 person" in text
    assert "2 values can’t be taken. They stay as they are:" in text
    assert "“much”" in text


def test_too_much_is_refused_with_the_way_out(people: FlaskClient) -> None:
    form = {"ids": "3", "column": "city", "pasted": "x\n" * 1001}
    answer = people.post("/people/paste", data=form, follow_redirects=True)
    assert "1001 lines, and 1000 can be pasted at once. Nothing was changed." in html.unescape(answer.text)
    assert (
        people.post("/people/paste", data={"ids": "99", "column": "city", "pasted": "x"}).status_code == 404
    )
    assert (
        people.post("/people/paste", data={"ids": "1", "column": "last_post", "pasted": "x"}).status_code
        == 404
    )


def test_a_pasted_block_is_shown_as_pages_say_it(people: FlaskClient) -> None:
    pasted = {"ids": "1,2", "column": own(people, "Fee"), "sort": "name", "pasted": "12000\n7.5"}
    page = people.post("/people/paste", data=pasted).text
    assert re.findall(r'<ins class="now">([^<]*)', page) == ["12,000", "7.5"]
    assert re.findall(r'quiet-text"><bdi>([^<]*)', page) == ["mara", "noor"]


def test_nothing_pasted_and_nothing_sent_change_nothing(people: FlaskClient) -> None:
    for form in (
        {},
        {"ids": "1", "column": "city"},
        {"ids": "x", "column": "city", "pasted": "x"},
        {"ids": "1"},
    ):
        assert people.post("/people/paste", data=form).status_code in (200, 303, 404), form
    put(people, "city", "Lund")
    assert people.post("/users/1/cell", data={"column": "city"}).status_code == 400
    assert people.get("/api/users/1").json["addresses"][0]["city"] == "Lund"


def test_a_value_that_a_list_does_not_offer_is_read_all_the_same(people: FlaskClient) -> None:
    assert put(people, own(people, "Voice"), "bass ").status_code == 200
    assert people.get("/api/users/1").json["fields"]["Voice"] == "Bass"
    refused = put(people, own(people, "Voice"), "Tenor")
    assert refused.status_code == 422
    assert '<option value="Tenor" data-typed selected>' in refused.text


def test_a_person_who_is_gone_is_said_in_the_cell(people: FlaskClient) -> None:
    people.delete("/api/users/1")
    answer = put(people, "city", "Lund")
    assert answer.status_code == 404
    assert "This person is not here any more." in answer.text
    assert 'value="Lund"' in answer.text
