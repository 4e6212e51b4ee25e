"""Attacks on the door: every way in that is not the launch key of this run, with a normal configuration."""

import io

import pytest
from flask import Flask, request
from flask_babel import Babel

from webui.app import create_app
from webui.config import TestingConfig
from webui.guard import Guard

HOST = "127.0.0.1:40123"
ORIGIN = f"http://{HOST}"
READS = ["GET", "HEAD"]
WRITES = ["POST", "PUT", "PATCH", "DELETE"]


@pytest.fixture
def guard():
    return Guard(HOST)


@pytest.fixture
def app(guard):
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = 1000
    Babel(app)
    app.done = []

    @app.before_request
    def earlier_hook():
        app.done.append("hook")

    guard.install(app)

    @app.route("/", methods=READS + WRITES)
    def page():
        app.done.append(request.method)
        return f"page {len(request.get_data())}"

    @app.get("/photo")
    def photo():
        return "bytes", {"Cache-Control": "private, max-age=31536000, immutable"}

    @app.get("/broken")
    def broken():
        raise RuntimeError

    app.config["PROPAGATE_EXCEPTIONS"] = False
    return app


@pytest.fixture
def stranger(app):
    return app.test_client()


@pytest.fixture
def person(app, guard):
    client = app.test_client()
    assert ask(client, "GET", guard.address().removeprefix(ORIGIN)).status_code == 303
    app.done.clear()
    return client


def ask(client, method, path="/", host=HOST, **headers):
    """One request as a browser sends it; a header named None is left out."""
    sent = {name.replace("_", "-"): value for name, value in headers.items() if value is not None}
    return client.open(path, method=method, base_url=f"http://{host}", headers=sent)


def write(client, method, **headers):
    return ask(client, method, **{"Origin": ORIGIN, "Sec_Fetch_Site": "same-origin"} | headers)


def test_a_browser_beside_the_window_is_known_by_its_key(app, guard):
    app.add_url_rule("/beside", "beside", lambda: str(guard.is_beside()))
    told, addresses = [], [guard.address(beside=beside).removeprefix(ORIGIN) for beside in (True, False)]
    for address in addresses:
        client = app.test_client()
        assert ask(client, "GET", address).status_code == 303
        told.append(ask(client, "GET", "/beside").text)
        assert ask(app.test_client(), "GET", address).status_code == 403
    assert told == ["True", "False"]


def test_the_key_gives_a_cookie_and_the_clean_address(guard, stranger):
    answer = ask(stranger, "GET", f"/start?key={guard.new_key()}")
    assert (answer.status_code, answer.location) == (303, "/")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith(f"{guard.cookie_name}=")
    assert "HttpOnly" in cookie and "SameSite=Strict" in cookie and "Path=/" in cookie
    assert ask(stranger, "GET").data == b"page 0"


def test_who_comes_from_a_file_on_the_disk_goes_on_by_a_page_of_ours(guard, stranger):
    """A redirect would count as coming from the file, and a browser sends no strict cookie along there."""
    way = f"/start?key={guard.new_key()}"
    answer = ask(stranger, "GET", way, Sec_Fetch_Site="cross-site", Sec_Fetch_Mode="navigate")
    assert (answer.status_code, answer.headers["Refresh"]) == (200, "0; url=/")
    assert ask(stranger, "GET").data == b"page 0"


def test_two_runs_do_not_share_a_cookie_name():
    assert Guard(HOST).cookie_name != Guard(HOST).cookie_name


@pytest.mark.parametrize("method", WRITES)
def test_our_own_pages_may_write(person, app, method):
    assert write(person, method).status_code == 200
    assert app.done == ["hook", method]


def test_a_browser_that_sends_no_sec_fetch_site_may_write(person):
    assert write(person, "POST", Sec_Fetch_Site=None).status_code == 200


@pytest.mark.parametrize("method", READS + WRITES)
@pytest.mark.parametrize("path", ["/", "/photo", "/no-such-page", "/_forward"])
def test_without_the_cookie_nothing_answers(stranger, app, method, path):
    answer = ask(stranger, method, path, Origin=ORIGIN, Sec_Fetch_Site="same-origin")
    assert answer.status_code == 403
    assert app.done == []


@pytest.mark.parametrize("value", ["", "x", "wrong" * 20, "gr\u00fc\u00dfe"])
def test_a_guessed_cookie_does_not_open(app, guard, value):
    client = app.test_client()
    assert ask(client, "GET", Cookie=f"{guard.cookie_name}={value}").status_code == 403


def test_a_key_is_used_up_by_its_first_use(app, guard):
    path = f"/start?key={guard.new_key()}"
    assert ask(app.test_client(), "GET", path).status_code == 303
    replayed = ask(app.test_client(), "GET", path)
    assert replayed.status_code == 403
    assert "Set-Cookie" not in replayed.headers


def test_several_keys_may_be_outstanding(app, guard):
    first, second = guard.new_key(), guard.new_key()
    assert ask(app.test_client(), "GET", f"/start?key={second}").status_code == 303
    assert ask(app.test_client(), "GET", f"/start?key={first}").status_code == 303


@pytest.mark.parametrize("query", ["", "?key=", "?key=guess", "?key=%C3%BC", "?key=%ff"])
def test_a_guessed_key_does_not_open(stranger, guard, query):
    guard.new_key()
    answer = ask(stranger, "GET", f"/start{query}")
    assert answer.status_code == 403
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("method", ["HEAD", "POST", "DELETE"])
def test_only_a_visit_uses_up_a_key(app, guard, method):
    path = f"/start?key={guard.new_key()}"
    assert write(app.test_client(), method, path=path).status_code == 403
    assert ask(app.test_client(), "GET", path).status_code == 303


def test_the_start_address_leads_home_when_the_cookie_is_there(person):
    assert ask(person, "GET", "/start?key=used").status_code == 303


@pytest.mark.parametrize("method", READS + WRITES)
@pytest.mark.parametrize(
    "host", ["localhost:40123", "127.0.0.1", "127.0.0.1:40124", "evil.example", "[::1]:40123"]
)
def test_another_host_is_refused(person, app, method, host):
    assert write(person, method, host=host).status_code == 400
    assert app.done == []


def test_a_program_is_refused_in_its_own_way(stranger):
    answer = ask(stranger, "GET", "/api/users")
    assert (answer.status_code, answer.mimetype) == (403, "application/problem+json")
    assert (answer.json["title"], answer.json["status"]) == ("Forbidden", 403)
    assert answer.json["detail"] == "A program needs a token; Settings makes one."


def test_a_key_sent_to_another_host_is_not_used_up(stranger, guard):
    path = f"/start?key={guard.new_key()}"
    assert ask(stranger, "GET", path, host="evil.example").status_code == 400
    assert ask(stranger, "GET", path).status_code == 303


@pytest.mark.parametrize("method", WRITES)
@pytest.mark.parametrize(
    "origin",
    [
        None,
        "",
        "null",
        "http://evil.example",
        "http://127.0.0.1:40124",
        "https://127.0.0.1:40123",
        "http://localhost:40123",
        ORIGIN + "/",
        ORIGIN + ".evil.example",
        "http://gr\u00fc\u00dfe",
    ],
)
def test_a_write_from_another_origin_is_refused(person, app, method, origin):
    assert write(person, method, Origin=origin).status_code == 403
    assert app.done == []


@pytest.mark.parametrize("method", WRITES)
@pytest.mark.parametrize("site", ["cross-site", "same-site", "", "anything"])
def test_a_write_from_another_site_is_refused(person, app, method, site):
    assert write(person, method, Sec_Fetch_Site=site).status_code == 403
    assert app.done == []


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_site_may_link_here_but_not_embed(person, site):
    assert ask(person, "GET", Sec_Fetch_Site=site, Sec_Fetch_Mode="navigate").status_code == 200
    assert ask(person, "GET", Sec_Fetch_Site=site, Sec_Fetch_Mode="no-cors").status_code == 403


@pytest.mark.parametrize("method", WRITES)
def test_a_huge_body_is_refused_unread(person, app, method):
    answer = person.open(
        "/",
        method=method,
        base_url=ORIGIN,
        headers={"Origin": ORIGIN},
        input_stream=io.BytesIO(b"x" * 1001),
        content_length=1001,
    )
    assert answer.status_code == 413
    assert app.done == []
    assert person.post("/", base_url=ORIGIN, headers={"Origin": ORIGIN}, data=b"x" * 1000).status_code == 200


def test_a_body_without_a_length_is_refused(person, app):
    assert write(person, "POST", Transfer_Encoding="chunked").status_code == 411
    assert app.done == []


@pytest.mark.parametrize(
    "path, status", [("/", 200), ("/no-such-page", 404), ("/broken", 500), ("/start", 303)]
)
def test_every_answer_carries_the_headers(person, path, status):
    answer = ask(person, "GET", path)
    assert answer.status_code == status
    assert_sealed(answer)
    assert answer.headers["Cache-Control"] == "no-store"


def test_refusals_carry_the_headers_and_one_sentence(stranger):
    answer = ask(stranger, "GET")
    assert_sealed(answer)
    assert "Open Roster again" in answer.text
    assert "style" not in answer.text and "script" not in answer.text


def assert_sealed(answer):
    policy = answer.headers["Content-Security-Policy"]
    for part in (
        "default-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "img-src 'self' data:",
    ):
        assert part in policy.split("; ")
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_only_what_says_that_it_never_changes_may_be_kept(person):
    assert ask(person, "GET", "/photo").headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert ask(person, "GET", "/").headers["Cache-Control"] == "no-store"
    assert ask(person, "GET", "/missing").headers["Cache-Control"] == "no-store"


def test_what_is_said_next_goes_into_a_cookie_of_this_run_alone(guard, tmp_path):
    class Normal(TestingConfig):
        GUARD_TRUSTS_CLIENT = False
        GUARD = guard
        PREFERENCES = tmp_path / "preferences.json"

    client = create_app(Normal).test_client()
    started = client.get("/start", query_string={"key": guard.new_key()}, headers={"Host": HOST})
    said = client.post("/settings/machine", headers={"Host": HOST, "Origin": ORIGIN})
    assert said.status_code == 303
    names = set()
    for cookie in started.headers.getlist("Set-Cookie") + said.headers.getlist("Set-Cookie"):
        names.add(cookie.partition("=")[0])
        assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(cookie.split("; ")), cookie
    assert names == {guard.cookie_name, f"{guard.cookie_name}_said"}


def test_an_app_has_a_body_limit_even_when_none_was_set():
    app = Flask(__name__)
    Babel(app)
    Guard(HOST).install(app)
    assert app.config["MAX_CONTENT_LENGTH"] > 0


def test_the_testing_configuration_trusts_its_client(app):
    app.config["GUARD_TRUSTS_CLIENT"] = True
    client = app.test_client()
    assert client.get("/").status_code == 200
    assert client.post("/").status_code == 200
