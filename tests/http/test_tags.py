"""Tags, at the door: typed with a person, listed with their people, renamed, put together, removed."""

import html

import pytest
from flask.testing import FlaskClient


def add(client: FlaskClient, name: str, tags: str = "") -> None:
    form = {"username": name, "email": f"{name}@post.example", "given": name.title(), "tags": tags}
    assert client.post("/add", data=form).status_code == 303


@pytest.fixture
def choir(client: FlaskClient) -> FlaskClient:
    add(client, "mara", "Choir, Board")
    add(client, "noor", "Singers, choir")
    return client


def test_tags_show_in_the_list_beside_it_and_in_the_form(choir: FlaskClient) -> None:
    listed = choir.get("/").text
    assert '<a class="chip" href="/?q=tag:%22Board%22" tabindex="-1"><bdi>Board</bdi></a>' in listed
    assert 'value="Board, Choir"' in choir.get("/users/1/edit").text
    assert "Choir" in choir.get("/users/2").text
    assert choir.get("/api/users/2").json["tags"] == ["Choir", "Singers"]


def test_a_row_shows_two_tags_and_counts_the_others(client: FlaskClient) -> None:
    add(client, "mara", "A, B, C, D")
    page = client.get("/").text
    assert '<span class="chip more" title="C, D">+2</span>' in page


def test_they_are_listed_with_their_people(choir: FlaskClient) -> None:
    page = " ".join(choir.get("/tags").text.split())
    for name, count in (("Board", 1), ("Choir", 2), ("Singers", 1)):
        assert f'value="{name}"' in page
        assert f'<td class="end">{count}</td>' in page


def test_no_tags_say_where_they_come_from(client: FlaskClient) -> None:
    assert "No tags yet." in client.get("/tags").text


def test_one_is_renamed_and_undone(choir: FlaskClient) -> None:
    assert choir.post("/tags/2/rename", data={"name": "Directors"}).location == "/tags#name-2"
    page = choir.get("/tags").text
    assert "The tag is called Directors now." in page
    assert "Rename the tag Board to Directors" in page
    choir.post("/undo")
    assert 'value="Board"' in choir.get("/tags").text


def test_the_name_of_another_offers_to_put_them_together(choir: FlaskClient) -> None:
    asked = choir.post("/tags/3/rename", data={"name": "CHOIR"})
    assert asked.status_code == 409
    assert "There is a tag Choir already" in asked.text
    assert 'action="/tags/3/merge"' in asked.text
    assert 'name="into" value="1"' in asked.text
    assert choir.post("/tags/3/merge", data={"into": "1"}).status_code == 303
    assert choir.get("/api/users/2").json["tags"] == ["Choir"]
    assert choir.post("/tags/1/merge", data={"into": "1"}).status_code == 409
    assert choir.post("/tags/1/merge", data={"into": "x"}).status_code == 404


@pytest.mark.parametrize(
    ("name", "said"), [("", "A tag needs a name"), ("x" * 81, "81 letters are too many")]
)
def test_a_name_that_can_not_be_is_told_beside_it(choir: FlaskClient, name: str, said: str) -> None:
    refused = choir.post("/tags/1/rename", data={"name": name})
    assert refused.status_code == 422
    assert said in refused.text
    assert 'aria-invalid="true"' in refused.text


def test_one_is_removed_from_everyone(choir: FlaskClient) -> None:
    assert choir.post("/tags/1/remove").status_code == 303
    assert choir.get("/api/users/1").json["tags"] == ["Board"]
    assert choir.post("/tags/1/remove").status_code == 404
    choir.post("/undo")
    assert choir.get("/api/users/1").json["tags"] == ["Board", "Choir"]


def test_what_is_typed_is_completed(choir: FlaskClient) -> None:
    assert choir.get("/tags/suggest?typed=%20cho").json == {"tags": ["Choir"]}
    assert choir.get("/tags/suggest").json == {"tags": ["Board", "Choir", "Singers"]}


def test_json_sets_tags(choir: FlaskClient) -> None:
    changed = choir.patch("/api/users/1", json={"tags": ["Alto", "choir"]})
    assert changed.json["tags"] == ["Alto", "Choir"]
    refused = choir.patch("/api/users/1", json={"tags": [{}]})
    assert refused.status_code == 422
    assert "tags" in refused.json["errors"]


def test_a_tag_with_a_comma_stays_one_when_its_person_is_saved(client: FlaskClient) -> None:
    tags = ["Smith, family", 'the "old" ones', "Choir"]
    client.post("/api/users", json={"username": "mara", "email": "m@x.example", "tags": tags})
    form = html.unescape(client.get("/users/1/edit").text)
    assert 'value="Choir, "Smith, family", the "old" ones"' in form
    typed = 'Choir, "Smith, family", the "old" ones, Alto'
    client.post("/users/1/edit", data={"username": "mara", "email": "m@x.example", "tags": typed})
    assert client.get("/api/users/1").json["tags"] == sorted([*tags, "Alto"], key=str.casefold)
