"""Many people at once, at the door: ticked in the list, shown first, done with one undo."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient


def add(client: FlaskClient, name: str, tags: str = "", **more: str) -> None:
    form = {"username": name, "email": f"{name}@post.example", "given": name.title(), "tags": tags, **more}
    assert client.post("/add", data=form).status_code == 303


@pytest.fixture
def three(client: FlaskClient) -> FlaskClient:
    """Mara (1), Noor (2), both of the choir, and Tom (3)."""
    add(client, "mara", "Choir")
    add(client, "noor", "Choir")
    add(client, "tom")
    return client


def look(client: FlaskClient, **form: Any) -> str:
    answer = client.post("/bulk", data=form)
    assert answer.status_code == 200
    return " ".join(answer.text.split())


def do(client: FlaskClient, **form: Any) -> str:
    """See what would change, do it, and return the list that follows."""
    sure = re.search(r'name="sure" value="(\d+)"', look(client, look="1", **form))
    assert sure
    answer = client.post("/bulk", data={"sure": sure[1], **form})
    assert answer.status_code == 303
    return " ".join(client.get(answer.location).text.split())


def test_each_row_has_a_tick_and_the_bar_says_what_can_be_done(three: FlaskClient) -> None:
    page = three.get("/").text
    assert page.count('name="id" value="') == 3
    assert 'form="bulk" aria-label="Select Mara"' in page
    assert '<form class="bulkbar" id="bulk" method="post" action="/bulk"' in page


def test_all_of_the_view_can_be_meant_once_it_is_longer_than_what_is_shown(three: FlaskClient) -> None:
    assert "3 in this view" not in three.get("/").text
    for number in range(50):
        add(three, f"p{number}")
    assert "All 53 in this view" in three.get("/").text
    bar = three.get("/?q=post", headers={"HX-Request": "true"}).text
    assert 'hx-swap-oob="true" data-total="53"' in " ".join(bar.split())
    assert '<input type="hidden" name="q" value="post">' in bar


def test_the_trash_is_shown_first(three: FlaskClient) -> None:
    page = look(three, do="trash", id=["1", "3"])
    assert "<h1>Move 2 people to the trash</h1>" in page
    assert "mara@post.example" in page
    assert "tom@post.example" in page
    assert "noor@post.example" not in page
    assert three.get("/api/users/1").status_code == 200


def test_many_are_trashed_and_brought_back_by_one_undo(three: FlaskClient) -> None:
    page = do(three, do="trash", id=["1", "3"])
    assert "2 people moved to the trash." in page
    assert "Move 2 people to the trash" in page
    assert page.count("data-row=") == 1
    three.post("/undo")
    assert three.get("/").text.count("data-row=") == 3


def test_tags_are_asked_for_shown_and_put_on_all_of_a_search(three: FlaskClient) -> None:
    asked = look(three, do="tag", all="1", q="tag:choir")
    assert 'data-tags="/tags/suggest"' in asked
    assert "Would change" not in asked
    shown = look(three, do="tag", all="1", q="tag:choir", names="Board", look="1")
    assert '<ins class="now">Choir, Board</ins>' in shown
    page = do(three, do="tag", all="1", q="tag:choir", names="Board, Lund")
    assert "2 people tagged with Board, Lund." in page
    assert "Tag 2 people with Board, Lund" in page
    assert three.get("/api/users/2").json["tags"] == ["Board", "Choir", "Lund"]
    assert three.get("/api/users/3").json["tags"] == []


def test_tags_are_taken_off(three: FlaskClient) -> None:
    page = do(three, do="untag", id="1,2,3", names="choir")
    assert "choir taken off 2 people." in page
    assert three.get("/api/users/1").json["tags"] == []


def test_a_field_is_set_and_cleared(three: FlaskClient) -> None:
    page = do(three, do="set", id="1,2", field="organisation", value="Lund University")
    assert "Organisation of 2 people set." in page
    assert "Set Organisation of 2 people" in page
    assert "Lund University" in three.get("/users/2").text
    assert '<option value="city">City</option>' in look(three, do="set", id="1,2")
    assert "City of 2 people set." in do(three, do="set", id="1,2", field="city", value="Lund")
    assert "emptied" in look(three, do="set", id="2", field="organisation", value="", look="1")
    page = do(three, do="set", id="2", field="organisation", value="")
    assert "Organisation of 1 person cleared." in page
    assert "Clear Organisation of Noor" in page


def test_an_own_field_is_among_them(three: FlaskClient) -> None:
    form = {"name": "Voice", "kind": "choice", "options": "Alto\nBass"}
    assert three.post("/settings/fields/add", data=form).status_code == 303
    assert '<option value="1">Voice</option>' in look(three, do="set", id="1")
    assert "Voice of 2 people set." in do(three, do="set", id="1,2", field="1", value="alto")
    refused = three.post("/bulk", data={"do": "set", "id": "1", "field": "1", "value": "Tenor", "look": "1"})
    assert refused.status_code == 422
    assert "“Tenor” can&#39;t be chosen, only Alto, Bass" in refused.text
    assert '<option value="Alto">' in three.get("/bulk/value?field=1").text
    assert "<input" in three.get("/bulk/value?field=organisation").text
    assert three.get("/bulk/value?field=99").status_code == 404


def test_what_is_wrong_is_said_beside_the_field(three: FlaskClient) -> None:
    refused = three.post("/bulk", data={"do": "tag", "id": "1", "names": " ", "look": "1"})
    assert refused.status_code == 422
    assert "A tag needs a name" in refused.text
    assert "Would change" not in refused.text


def test_something_else_than_was_seen_is_shown_again_first(three: FlaskClient) -> None:
    form = {"do": "tag", "all": "1", "q": "tag:choir", "names": "Board"}
    sure = re.search(r'name="sure" value="(\d+)"', look(three, look="1", **form))
    assert sure
    add(three, "zoe", "Choir")
    assert "3 people" in look(three, sure=sure[1], **form)
    assert three.get("/api/users/1").json["tags"] == ["Choir"]


def test_nothing_to_change_is_said(three: FlaskClient) -> None:
    page = look(three, do="tag", id="1", names="choir", look="1")
    assert "Nothing would change." in page
    assert 'name="sure"' not in page


@pytest.mark.parametrize("form", [{}, {"id": "99"}, {"id": "x,,1.5"}, {"all": "1", "q": "nobody at all"}])
def test_nobody_is_said_and_nothing_done(three: FlaskClient, form: dict[str, str]) -> None:
    answer = three.post("/bulk", data={"do": "trash", **form})
    assert answer.status_code == 303
    assert "Nobody was selected. Nothing was changed." in three.get(answer.location).text


def test_a_verb_or_a_search_there_is_not_is_an_error_page(three: FlaskClient) -> None:
    assert three.post("/bulk", data={"do": "burn", "id": "1"}).status_code == 404
    assert three.post("/bulk", data={"do": "set", "id": "1", "field": "uid", "look": "1"}).status_code == 404
    assert three.post("/bulk", data={"do": "trash", "all": "1", "q": "ciyt:lund"}).status_code in (400, 422)


def test_many_are_put_back_but_not_over_someone(three: FlaskClient) -> None:
    do(three, do="trash", id="1,2,3")
    add(three, "mara")  # has the username and the e-mail by now
    page = three.get("/trash").text
    assert page.count('name="id" value="') == 3
    assert "All 3 in the trash" in page
    shown = look(three, do="put_back", all="1", q="", trashed="1")
    assert "<h1>Put 3 people back</h1>" in shown
    assert "1 stays in the trash" in shown
    assert "mara@post.example" not in shown
    page = do(three, do="put_back", all="1", q="", trashed="1")
    assert "2 people are back." in page
    assert "Put 2 people back" in page
    assert page.count('name="id" value="') == 1
    three.post("/undo")
    assert three.get("/trash").text.count('name="id" value="') == 3


def test_someone_living_is_not_put_back_nor_someone_in_the_trash_tagged(three: FlaskClient) -> None:
    assert three.post("/bulk", data={"do": "put_back", "id": "1"}).status_code == 404
    assert three.post("/bulk", data={"do": "trash", "id": "1", "trashed": "1"}).status_code == 303


def test_a_preview_tells_namesakes_apart_and_says_values_as_a_page_does(three: FlaskClient) -> None:
    add(three, "mara2", given="Mara", birthday="1987-03-04")
    shown = look(three, do="set", field="birthday", value="5.3.1990", look="1", id=[1, 4])
    samples = shown.split('<table class="samples')[1].split("</table>")[0]
    assert re.findall(r'quiet-text"><bdi>([^<]*)', samples) == ["mara", "mara2"]
    assert re.findall(r'<del class="was">([^<]*)', samples) == ["4 March 1987"]
    assert re.findall(r'<ins class="now">([^<]*)', samples) == ["5 March 1990"] * 2


def test_people_in_the_trash_are_deleted_for_good_after_a_look(three: FlaskClient) -> None:
    three.post("/users/1/posts", data={"title": "Coffee"})
    for user_id in (1, 2):
        three.post(f"/users/{user_id}/trash")
    assert three.post("/bulk", data={"do": "remove", "id": "3"}).status_code == 404  # Tom lives
    shown = look(three, do="remove", trashed="1", id="1")
    assert "Delete 1 person for good" in shown
    assert "1 post, files, photos" in shown
    page = do(three, do="remove", trashed="1", id="1")
    assert "1 person deleted for good." in page
    assert three.get("/trash").text.count("data-row=") == 1
    three.post("/undo")
    assert three.get("/trash").text.count("data-row=") == 2
