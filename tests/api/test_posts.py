"""/api/posts, as another program sees it."""

import pytest
from flask.testing import FlaskClient


@pytest.fixture
def mara(client: FlaskClient) -> int:
    made = client.post("/api/users", json={"username": "mara", "email": "mara@post.example"})
    return int(made.json["user"]["id"])


def test_a_post_is_written_read_changed_and_removed(client: FlaskClient, mara: int) -> None:
    made = client.post("/api/posts", json={"user_id": mara, "title": "Concert", "date": "2026-03-01"})
    assert (made.status_code, made.json["message"]) == (201, "Post created!")
    address = made.headers["Location"]
    assert client.get(address).json == made.json["post"]
    assert client.patch(address, json={"body": "sings"}).json["body"] == "sings"
    assert client.delete(address).status_code == 204
    assert client.get(address).status_code == 404


def test_posts_are_listed_by_person_and_text(client: FlaskClient, mara: int) -> None:
    for title in ("Concert", "Rehearsal", "Coffee"):
        client.post("/api/posts", json={"user_id": mara, "title": title})
    found = client.get(f"/api/posts?user_id={mara}&sort=-title&per_page=2")
    assert [post["title"] for post in found.json] == ["Rehearsal", "Concert"]
    assert found.headers["X-Total-Count"] == "3"
    assert [post["title"] for post in client.get("/api/posts?q=REHEARS").json] == ["Rehearsal"]
    newest = client.get("/api/posts?sort=-date").json  # all of one day
    assert [post["title"] for post in newest] == ["Coffee", "Rehearsal", "Concert"]


@pytest.mark.parametrize(
    ("body", "status", "fields"),
    [
        ({"title": "x"}, 422, {"user_id"}),
        ({"title": "x", "user_id": True}, 422, {"user_id"}),
        ({"title": "", "user_id": 1}, 422, {"title"}),
        ({"title": "x", "user_id": 1, "date": "yesterday"}, 422, {"date"}),
        ({"title": "x", "user_id": 1, "nonsense": 1}, 422, {"nonsense"}),
        ({"title": "x", "user_id": 99}, 404, None),
    ],
)
def test_what_cannot_be_is_told(
    client: FlaskClient, mara: int, body: dict[str, object], status: int, fields: set[str] | None
) -> None:
    told = client.post("/api/posts", json=body)
    assert told.status_code == status
    assert fields is None or set(told.json["errors"]) == fields
