"""What a program is told when something can't be done: problem details, RFC 9457."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import ServiceUnavailable, TooManyRequests, Unauthorized

from webui import problems
from webui.store import errors

PROBLEM = "application/problem+json"


def test_a_title_is_of_its_type_and_the_detail_of_this_time(client: FlaskClient) -> None:
    first = client.post("/api/users", json={"username": "", "email": "mara"})
    second = client.post("/api/posts", json={"user_id": "x"})
    for told, fields in ((first, {"username", "email"}), (second, {"user_id"})):
        assert (told.status_code, told.mimetype) == (422, PROBLEM)
        assert set(told.json) == {"type", "title", "status", "detail", "errors"}
        assert (told.json["type"], told.json["title"]) == ("urn:roster:invalid", "Values that can't be kept")
        assert set(told.json["errors"]) == fields
        for field, said in told.json["errors"].items():
            assert f"{field}: {said}" in told.json["detail"]
        assert "Not saved yet" not in told.get_data(as_text=True)


def test_a_type_tells_what_one_status_means(client: FlaskClient) -> None:
    person = {"username": "mara", "email": "mara@post.example"}
    client.post("/api/users", json=person)
    taken = client.post("/api/users", json=person)
    assert (taken.status_code, taken.json["type"]) == (409, "urn:roster:taken")
    missing = client.get("/api/users/9")
    assert (missing.status_code, missing.json["type"]) == (404, "urn:roster:notfound")
    assert missing.json["detail"] == "This person is not here any more."


def test_what_http_itself_refuses_has_the_name_of_its_status(client: FlaskClient) -> None:
    told = client.get("/api/nowhere")
    assert (told.json["type"], told.json["title"], told.json["status"]) == ("about:blank", "Not Found", 404)
    assert told.json["detail"] == "There is no such page."


def test_each_error_of_the_store_has_a_status_and_a_title() -> None:
    def below(kind: type[errors.StoreError]) -> set[type[errors.StoreError]]:
        return {kind}.union(*map(below, kind.__subclasses__()))

    assert set(problems.STATUS) == set(problems.TITLES) == below(errors.StoreError) - {errors.StoreError}


@pytest.mark.parametrize(
    ("accept", "mimetype"),
    [
        (None, PROBLEM),
        ("*/*", PROBLEM),
        ("application/json", PROBLEM),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "text/html"),
    ],
)
@pytest.mark.parametrize(("method", "status"), [("POST", 415), ("PUT", 405)])
def test_the_tutorials_address_answers_a_program_as_one(
    client: FlaskClient, accept: str | None, mimetype: str, method: str, status: int
) -> None:
    headers = {"Accept": accept} if accept else {}
    told = client.open("/users", method=method, data="username=m", headers=headers)
    assert (told.status_code, told.mimetype) == (status, mimetype)


@pytest.mark.parametrize("path", ["/api/users", "/", "/users"])
def test_a_method_there_is_not_names_those_there_are(client: FlaskClient, path: str) -> None:
    told = client.delete(path)
    assert told.status_code == 405
    assert "GET" in told.headers["Allow"]


@pytest.mark.parametrize("path", ["/api/odd", "/odd"])
def test_what_an_error_says_beside_its_words_is_kept(app: Flask, path: str) -> None:
    told = {
        "429": TooManyRequests(retry_after=7),
        "503": ServiceUnavailable(retry_after=9),
        "401": Unauthorized(www_authenticate=WWWAuthenticate("basic")),
    }

    @app.get(f"{path}/<status>")
    def odd(status: str) -> str:
        raise told[status]

    client = app.test_client()
    assert client.get(f"{path}/429").headers["Retry-After"] == "7"
    assert client.get(f"{path}/503").headers["Retry-After"] == "9"
    assert client.get(f"{path}/401").headers["WWW-Authenticate"].startswith("Basic")
