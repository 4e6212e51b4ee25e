"""Other programs at the door: none without a token, and with one no further than it says."""

import logging
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.http.conftest import HOST, ORIGIN
from tests.http.conftest import WRITES as METHODS

PERSON = {"username": "mara", "email": "mara@post.example"}
OURS = {"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin"}


def typed(window: FlaskClient, place: str, **form: str) -> TestResponse:
    return window.post(place, base_url=ORIGIN, headers=OURS, data=form)


def shown(window: FlaskClient) -> str:
    page = window.get("/settings/programs", base_url=ORIGIN).text
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def token(window: FlaskClient, name: str = "Mail merge", may: str = "read") -> str:
    told = typed(window, "/settings/programs", name=name, may=may)
    assert (told.status_code, told.headers["Cache-Control"]) == (200, "no-store")
    (found,) = re.findall(r"roster_[\w-]{43}", told.text)
    return str(found)


@pytest.fixture
def program(guarded: Flask) -> Callable[..., TestResponse]:
    """A program that keeps no cookies: program(token, method, path, ...)."""

    def ask(token: str | None, method: str, path: str = "/api/users", **options: Any) -> TestResponse:
        headers = options.pop("headers", {}) | ({"Authorization": f"Bearer {token}"} if token else {})
        client = guarded.test_client(use_cookies=False)
        return client.open(path, method=method, base_url=ORIGIN, headers=headers, **options)

    return ask


def test_a_taken_port_is_said_on_each_page_until_it_was_read(guarded: Flask, window: FlaskClient) -> None:
    guarded.extensions["roster.alarm"].port = 8123
    for page in ("/settings", "/history"):
        assert "Another program has port 8123" in window.get(page, base_url=ORIGIN).text
    told = window.post("/damage/port", base_url=ORIGIN, headers=OURS | {"Referer": f"{ORIGIN}/history"})
    assert told.location == "/history"
    assert "Another program has port" not in window.get("/history", base_url=ORIGIN).text


def refused(told: TestResponse, status: int) -> str:
    assert (told.status_code, told.mimetype) == (status, "application/problem+json"), told.text
    assert told.json["status"] == status
    return str(told.json["detail"])


def test_a_token_reads_and_one_that_may_also_writes(
    window: FlaskClient, program: Callable[..., TestResponse]
) -> None:
    reads, writes = token(window), token(window, "Phone", "write")
    made = program(writes, "POST", json=PERSON)
    assert made.status_code == 201 and "Set-Cookie" not in made.headers
    assert program(reads, "GET", made.location).json["username"] == "mara"
    assert program(reads, "HEAD").status_code == 200
    assert program(reads, "GET", "/api/openapi.json").json["security"] == [{"token": []}]
    for method in METHODS:
        said = refused(program(reads, method, "/api/users/1", json={"given": "Eve"}), 403)
        assert said == "The token Mail merge may only read, so nothing was done."
    assert program(writes, "PATCH", "/api/users/1", json={"given": "Mara"}).json["given"] == "Mara"
    assert (
        window.post("/undo", base_url=ORIGIN, headers=OURS).status_code == 303
    )  # what it did is one step of history
    assert program(reads, "GET", "/api/users/1").json["given"] is None


@pytest.mark.parametrize("offered", [None, "", "x", "roster_" + "A" * 43, "roster_", "\xfc"])
def test_nobody_else_is_let_in(
    window: FlaskClient, program: Callable[..., TestResponse], offered: str | None
) -> None:
    for method in ("GET", "POST"):  # off by default, and as much so when there are tokens
        refused(program(offered, method, json=PERSON), 401 if offered else 403)
    token(window, may="write")
    told = program(offered, "GET")
    refused(told, 401 if offered else 403)
    assert told.headers.get("WWW-Authenticate") == ("Bearer" if offered else None)
    assert program(None, "GET", headers={"Authorization": "Basic cm9zdGVyOng="}).status_code == 403


def test_a_token_opens_no_page(window: FlaskClient, program: Callable[..., TestResponse]) -> None:
    held = token(window, may="write")
    for path in (
        "/",
        "/settings/programs",
        "/users/1/held",
        "/users",
        "/nowhere",
        "/apix",
        "/assets/x/css/app.css",
    ):
        assert program(held, "GET", path).status_code == 403, path
        assert program(held, "POST", path, data={"name": "Second"}).status_code == 403, path
    assert "Second" not in shown(window)
    refused(program(held, "GET", "/api/nowhere"), 404)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Sec-Fetch-Site": "cross-site"},
        {"Cookie": "x=1"},
        {"Cookie": "x=1", "Origin": "http://evil.example"},
        {"Host": "evil.example"},
        {"Host": "localhost:40123"},
    ],
)
def test_a_page_that_knows_a_token_writes_nothing(
    window: FlaskClient, program: Callable[..., TestResponse], headers: dict[str, str]
) -> None:
    held = token(window, may="write")
    refused(program(held, "POST", json=PERSON, headers=headers), 400 if "Host" in headers else 403)
    assert program(held, "GET").json == []
    assert program(held, "POST", json=PERSON).status_code == 201


def test_beside_the_windows_cookie_a_token_only_takes_away(
    window: FlaskClient, program: Callable[..., TestResponse]
) -> None:
    reads = {"Authorization": f"Bearer {token(window)}"}
    unknown = {"Authorization": "Bearer x"}

    def write(headers: dict[str, str]) -> int:
        return window.post("/api/users", base_url=ORIGIN, headers=headers, json=PERSON).status_code

    assert [write(reads), write(reads | OURS), write(unknown | OURS)] == [403, 403, 401]
    assert window.get("/", base_url=ORIGIN, headers=reads).status_code == 403
    assert write(OURS) == 201


def test_a_revoked_token_is_over_at_once(window: FlaskClient, program: Callable[..., TestResponse]) -> None:
    held = token(window)
    assert program(held, "GET").status_code == 200
    assert "Mail merge Read" in shown(window)
    page = window.get("/settings/programs", base_url=ORIGIN).text
    (place,) = re.findall(r'action="(/settings/programs/\w+/revoke)"', page)
    assert typed(window, place).status_code == 303
    assert "The token Mail merge lets nobody in any more." in shown(window)
    assert "no other program is let in" in shown(window)
    refused(program(held, "GET"), 401)
    assert typed(window, place).status_code == 303
    assert "It was revoked before." in shown(window)


def test_a_token_is_shown_once_and_its_last_use_from_then_on(
    window: FlaskClient, program: Callable[..., TestResponse]
) -> None:
    assert "None is let in" in window.get("/settings", base_url=ORIGIN).text
    held = token(window)
    assert held not in shown(window)
    assert "Never" in shown(window)
    program(held, "GET")
    assert "Never" not in shown(window)
    assert "One program has a token" in window.get("/settings", base_url=ORIGIN).text
    again = typed(window, "/settings/programs", name="mail merge")
    assert again.status_code == 422 and "There is a token of this name already" in again.text
    assert "roster_" not in again.text


def test_each_use_is_in_the_log_and_nothing_that_names_anyone(
    window: FlaskClient, program: Callable[..., TestResponse], caplog: pytest.LogCaptureFixture
) -> None:
    held = token(window)
    caplog.set_level(logging.INFO, "webui.guard")
    program(held, "GET", "/api/users?q=Lindqvist")
    program(held, "GET", "/api/users/1")
    program(held, "POST", json=PERSON)
    program(held, "GET", "/api/Lindqvist")
    program(held, "GET", "/filter/Lindqvist")
    program("roster_Lindqvist", "GET")
    assert [record.getMessage() for record in caplog.records if record.name == "webui.guard"] == [
        "GET /api/users with the token Mail merge",
        "GET /api/users/1 with the token Mail merge",
        "POST /api/users with the token Mail merge: refused, it may only read",
        "GET what is not there with the token Mail merge",
        "GET no part of the API with the token Mail merge: refused",
        "GET /api/users with an unknown token: refused",
    ]


def test_tokens_stay_on_this_machine(window: FlaskClient, database: Path, tmp_path: Path) -> None:
    held = token(window)
    assert (database.parent / "tokens.json").exists()
    for file in tmp_path.rglob("*"):
        assert not file.is_file() or held.encode() not in file.read_bytes()
    assert b"Mail merge" not in database.read_bytes()


@pytest.mark.parametrize("port", ["80", "x", "65536", "-1", "4e3", "٤٠٠٠"])
def test_a_port_that_cannot_be_is_said_and_nothing_saved(window: FlaskClient, port: str) -> None:
    typed(window, "/settings/programs/port", port="4820")
    told = typed(window, "/settings/programs/port", port=port)
    assert told.status_code == 422 and "A port is a number from 1024 to 65535" in told.text
    assert 'value="4820"' in window.get("/settings/programs", base_url=ORIGIN).text


def test_a_port_is_for_the_next_start_and_may_be_let_go(window: FlaskClient) -> None:
    assert f"{ORIGIN}/api/" in shown(window)
    typed(window, "/settings/programs/port", port=" 4820 ")
    assert "From the next start Roster listens at port 4820." in shown(window)
    typed(window, "/settings/programs/port", port="")
    assert "wherever there is room" in shown(window)
    assert 'name="port" value=""' in window.get("/settings/programs", base_url=ORIGIN).text
    assert HOST in shown(window)
