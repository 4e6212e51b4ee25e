"""/api/users, as another program sees it."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from webui.store import errors


def add(client: FlaskClient, name: str, **more: Any) -> dict[str, Any]:
    made = client.post("/api/users", json={"username": name, "email": f"{name}@post.example", **more})
    assert made.status_code == 201
    assert made.headers["Location"] == f"/api/users/{made.json['user']['id']}"
    assert made.json["message"] == "User created!"
    return dict(made.json["user"])


def test_a_person_is_added_read_changed_and_moved_to_the_trash(client: FlaskClient) -> None:
    mara = add(client, "mara", given="Mara", emails=[{"label": "Work", "email": "m@work.example"}])
    address = f"/api/users/{mara['id']}"
    assert client.get(address).json == mara
    changed = client.patch(address, json={"note": "sings", "emails": []})
    assert (changed.status_code, changed.json["note"], changed.json["emails"]) == (200, "sings", [])
    assert changed.json["given"] == "Mara"
    assert client.delete(address).status_code == 204
    assert client.get(address).status_code == 404
    assert client.delete(address).status_code == 404
    assert b"Move Mara to the trash" in client.get("/history").data


def test_lists_are_paged_counted_and_linked(client: FlaskClient) -> None:
    for number in range(5):
        add(client, f"user{number}")
    page = client.get("/api/users?page=2&per_page=2&sort=-username")
    assert [user["username"] for user in page.json] == ["user2", "user1"]
    assert page.headers["X-Total-Count"] == "5"
    links = page.headers["Link"].split(", ")
    assert [link.split("; ")[1] for link in links] == [
        'rel="first"',
        'rel="prev"',
        'rel="next"',
        'rel="last"',
    ]
    assert "sort=-username" in links[2]
    assert "page=3" in links[2]
    assert client.get("/api/users?page=9").json == []
    assert "Link" not in client.get("/api/users").headers


def test_a_query_finds_as_the_search_box_does(client: FlaskClient) -> None:
    add(client, "zoe", given="Zoë", family="Łukasz")
    add(client, "mara")
    found = client.get("/api/users?q=lukasz")
    assert [user["username"] for user in found.json] == ["zoe"]
    assert found.headers["X-Total-Count"] == "1"


@pytest.mark.parametrize(
    "query", ["page=0", "page=x", "per_page=201", "per_page=-1", "page=٣", "per_page=1.5"]
)
def test_a_page_that_cannot_be_is_422(client: FlaskClient, query: str) -> None:
    told = client.get(f"/api/users?{query}")
    assert told.status_code == 422
    assert set(told.json["errors"]) <= {"page", "per_page"}


def test_a_clash_is_409_with_the_field(client: FlaskClient) -> None:
    add(client, "mara")
    told = client.post("/api/users", json={"username": "MARA", "email": "other@post.example"})
    assert (told.status_code, told.mimetype) == (409, "application/problem+json")
    assert set(told.json["errors"]) == {"username"}
    assert told.json["status"] == 409


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"username", "email"}),
        ({"username": "x" * 81, "email": "m@l.example"}, {"username"}),
        ({"username": "m", "email": "mara"}, {"email"}),
        ({"username": 7, "email": "m@l.example"}, {"username"}),
        ({"username": "m", "email": "m@l.example", "emails": "x"}, {"emails"}),
        ({"username": "m", "email": "m@l.example", "nonsense": 1}, {"nonsense"}),
        ({"username": "m", "email": "m@l.example", "id": 5}, {"id"}),
        ([], {""}),
    ],
)
def test_what_cannot_be_kept_is_422_with_each_field(client: FlaskClient, body: Any, fields: set[str]) -> None:
    told = client.post("/api/users", json=body)
    assert told.status_code == 422
    assert set(told.json["errors"]) == fields
    assert client.get("/api/users").headers["X-Total-Count"] == "0"


def test_anything_but_json_is_415(client: FlaskClient) -> None:
    for kind in ("application/x-www-form-urlencoded", "text/plain"):
        told = client.post("/api/users", data="username=m", content_type=kind)
        assert (told.status_code, told.mimetype) == (415, "application/problem+json")
    told = client.post("/api/users", data="{", content_type="application/json")
    assert told.status_code == 422


def test_an_address_that_is_not_there_is_a_problem_too(client: FlaskClient) -> None:
    assert client.get("/api/nonsense").mimetype == "application/problem+json"
    assert client.put("/api/users/1", json={}).status_code == 405


def test_a_locked_database_is_503_with_retry_after(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_args: object, **_kw: object) -> None:
        raise errors.Busy

    monkeypatch.setattr("webui.api.users.operation", busy)
    told = client.post("/api/users", json={"username": "m", "email": "m@l.example"})
    assert (told.status_code, told.mimetype) == (503, "application/problem+json")
    assert int(told.headers["Retry-After"]) > 0


def test_the_tutorials_list_is_bare_or_one_page(client: FlaskClient) -> None:
    mara, noor = add(client, "mara"), add(client, "noor")
    assert client.get("/users").json == [
        {"id": mara["id"], "username": "mara", "email": "mara@post.example"},
        {"id": noor["id"], "username": "noor", "email": "noor@post.example"},
    ]
    page = client.get("/users?page=2&per_page=1")
    assert [each["username"] for each in page.json] == ["noor"]


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        (None, 200),
        ("*/*", 200),
        ("application/json", 200),
        ("text/html", 303),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", 303),
        ("application/json,text/html;q=0.5", 200),
    ],
)
def test_only_who_prefers_html_is_sent_to_the_list(
    client: FlaskClient, accept: str | None, status: int
) -> None:
    headers = {"Accept": accept} if accept else {}
    assert client.get("/users", headers=headers).status_code == status


@pytest.mark.parametrize("place", ["users", "posts"])
@pytest.mark.parametrize("sort", ["nonsense", "--id", "-", "id,title", "ID", " id"])
def test_a_sort_there_is_not_is_422_and_names_those_there_are(
    client: FlaskClient, place: str, sort: str
) -> None:
    told = client.get(f"/api/{place}", query_string={"sort": sort})
    assert told.status_code == 422
    for name in {"users": ("id", "last_post", "updated_at"), "posts": ("id", "date", "title")}[place]:
        assert name in told.json["errors"]["sort"]
        assert client.get(f"/api/{place}", query_string={"sort": f"-{name}"}).status_code == 200


@pytest.mark.parametrize("number", ["0000000001999", "1000000000000", "9" * 5000, "1e3", "+5", "1_0", " 5"])
def test_a_number_counts_as_a_whole(client: FlaskClient, number: str) -> None:
    for name in ("page", "per_page"):
        told = client.get("/api/users", query_string={name: number})
        expected = 200 if name == "page" and number == "0000000001999" else 422
        assert told.status_code == expected, (name, number)


def test_a_page_shows_the_order_it_has(client: FlaskClient) -> None:
    add(client, "mara")
    page = client.get("/?sort=nonsense").get_data(as_text=True)
    assert 'name="sort"' not in page
    assert 'data-sizes="name" aria-sort="ascending"' in page
