"""Whatever is sent, to every address there is: an answer in words, never the one for a fault of ours.

A table of values that broke something, somewhere; not a search for new ones.
"""

import base64
import io
import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from webui import database
from webui.store import attachments, posts, users
from webui.store.ledger.operations import operation


def cursor(plain: str | bytes) -> bytes:
    """Return what a cursor of this text would look like."""
    written = plain.encode("utf-8", "surrogatepass") if isinstance(plain, str) else plain
    return base64.urlsafe_b64encode(written).rstrip(b"=")


HUGE = "9" * 23
KEYS = (("zz", "1"), ("00", HUGE), ("00", "1.5"))
# Bytes, as they would stand in an address or a form before they are quoted.
NASTY: list[bytes] = [
    *(b"", b" ", b"0", b"-1", b"1e3", b"1.5", b"x", b"1 OR 1=1", b"..", b"../../roster.db", b".", b"http://["),
    *("٣".encode(), "😀".encode() * 50, "\u202e\u2028".encode(), b"x" * 9000, b"\0", b"a\0b", b"\r\nX: y"),
    *(HUGE.encode(), b"1" + b"0" * 30, b"9" * 5000, b"9223372036854775808", b"-9223372036854775809"),
    *(b"\xff\xfe", b"\xed\xa0\x80", b'"', b"'", b"* ( ) NEAR(", b"%", b"a* OR b", b"\\"),
    *(b"." + HUGE.encode(), b"2026-01-01." + HUGE.encode(), "2026.²".encode(), b"\xed\xa0\x80.1"),
    *(cursor(f"[{key}, 1]") for key in ("1", "null", "1e999", "NaN", "true", HUGE, "[]", '"x"', '{"x": 1}')),
    *(cursor(f'[0, {{"x": "{key}"}}, {number}]') for key, number in KEYS),
    *(cursor(f"[{tier}, {{\"x\": \"00\"}}, 1]") for tier in (HUGE, "null", '"x"', "[]", "1e3")),
    *(cursor(text) for text in ("{}", '"ab"', '"abc"', "null", "7", "", '["\\ud800", 1]', "[" * 100_000)),
    *(cursor(written) for written in (b"\xff\xfe[", b"\0\0\0[", b'["\xed\xa0\x80", 1]')),
    cursor(b"[" + b"9" * 5000 + b", 1]"),
]  # fmt: skip
# What each page reads of its address, and each form of what was typed.
ASKED = {
    "users.index": ("q", "sort", "after", "here"),
    "users.show": ("before",),
    "users.create": ("name",),
    "users.suggest": ("given", "family", "email", "organisation", "but"),
    "history.index": ("before",),
    "trash.index": ("all",),
    "imports.preview": ("show", "after"),
    "imports.match": ("encoding", "delimiter", "header"),
    "safety.download": ("name",),
    "api_users.index": ("q", "sort", "page", "per_page"),
    "api_posts.index": ("q", "sort", "page", "per_page", "user_id"),
    "api_tutorial.index": ("page", "per_page"),
    "start": ("key",),
}
TYPED = {
    "users.create": (
        "username", "email", "given", "display_name", "note", "emails-label", "emails-email", "take",
        "more_emails", "email_optional",
    ),
    "users.edit": (
        "username", "email", "given", "display_name", "note", "emails-email", "seen", "base", "take", "more",
        "phones-phone", "dates-date", "birthday", "tags", "addresses-city",
    ),
    "users.trash": ("here",),
    "posts.create": ("title", "body", "date"),
    "posts.edit": ("title", "body", "date"),
    "trash.put_back": ("username", "email", "take"),
    "trash.put_view_back": ("name",),
    "trash.put_field_back": ("name",),
    "history.undo": ("operation",),
    "history.redo": ("operation",),
    "settings.roster": ("title", "email_required", "those_without", "history_limit", "trash_days"),
    "settings.machine": ("appearance", "size"),
    "restores.look": ("name",),
    "imports.answer": ("choice", "show", "after"),
    "imports.apply": ("email_optional",),
    "import_rows.email_optional": ("email_optional",),
    "imports.plan": ("target",),
    "attachments.rename": ("name",),
    "relations.create": ("people", "kind", "label", "back_label"),
}  # fmt: skip
JSON: list[bytes] = [
    *(b"", b"{", b"[]", b"null", b"7", b'"x"', b"\xff\xfe", b"\0", b"NaN", b"[" * 100_000, b"9" * 5000),
    *(b'{"": 1}', b'{"\\ud800": "x"}', b'{"a\\u0000b": 1}',),
    b'{"user_id": ' + HUGE.encode() + b', "title": "x"}',
]  # fmt: skip
VALUES: list[bytes] = [
    *(b'"\\ud800"', b'"a\\u0000b"', HUGE.encode(), b"1.5", b"NaN", b"-Infinity", b"true", b"null", b"[]"),
    *(b"{}", b'[{"email": "\\ud800"}]', b'[{"email": "a\\u0000@b.example", "label": 7}]', b"[[]]"),
    *(b'"\\ud800@x.example"', b'[{"email": {"a": 1}}]'),
    *(b"[" + b'{"email": "a@b.example"},' * 400 + b"7]", b'"' + b"x" * 2_000_000 + b'"'),
]  # fmt: skip
FIELDS = {
    "api_users": ("username", "email", "given", "display_name", "note", "emails"),
    "api_tutorial": ("username", "email", "emails"),
    "api_posts": ("user_id", "title", "body", "date"),
    "api_attachments": ("name",),
    "api_relations": ("people", "kind", "label", "back_label"),
}
CONTENT_TYPES = [
    "", "x", ";", "/", "application/json; charset=klingon", "application/json; charset=utf-16",
    "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=x",
    "application/x-www-form-urlencoded; charset=utf-7", "text/plain", "application/xml", "image/png; a=\0",
    'multipart/form-data; boundary="\xff"', "application/problem+json", "multipart/mixed; boundary=x",
]  # fmt: skip
BODIES = (
    *(b"", b"\xff\0", b'{"username": "x"}', b"--x\r\n\r\n\r\n--x--"),
    b"a=b" + b"&c" * 1200,
)
HEADERS = [
    *(("Referer", value) for value in ("http://[", "//", "http://localhost/users/" + HUGE, "\xff")),
    *(("Referer", f"http://localhost/{there}") for there in ("?q=%00&sort=%ff", "%ff", f"posts/{HUGE}/edit")),
    ("Referer", "javascript:x"),
    *(("Accept", value) for value in ("", "x", "*/*;q=2", "text/html;q=x", "application/json;q=0")),
    *(("Accept-Language", value) for value in ("", "x" * 3000, "de;q=x", "\xff")),
    *(("Cookie", value) for value in ("session=x", "session=\xff.a.b", "=;=", "a" * 5000)),
    *(("Range", value) for value in ("bytes=9-1", "x", "bytes=" + HUGE + "-")),
    *(("If-None-Match", '"\xff'), ("If-Modified-Since", "x")),
    *(("Content-Length", "-1"), ("HX-Request", "\xff")),
]  # fmt: skip


# They read nothing that is sent, and take their time.
UNASKING = {"safety.back_up", "safety.save_as", "settings.compact"}


Meet = Callable[[Sequence[Any], int], Sequence[Any]]


@pytest.fixture(scope="module")
def meet(request: pytest.FixtureRequest) -> Meet:
    """Return which values a place meets, by its turn: a tenth of them, all with --long. Places read alike, so
    that each value meets many of them in any run."""
    every = bool(request.config.getoption("--long"))
    return lambda values, turn: values if every else values[turn % 10 :: 10]


@pytest.fixture
def people(app: Flask) -> None:
    """Two people, the second of them in the trash, with a post and a file of each."""
    with app.app_context():
        session = database.session()
        for name in ("mara", "noor"):
            with operation(session):
                user_id = users.add(session, {"username": name, "email": f"{name}@post.example"}).id
                posts.add(session, user_id, {"title": "Met", "date": "2026-01-02"})
                attachments.add(session, user_id, [attachments.Offered("scan.pdf", b"scan")])
        with operation(session):
            users.trash(session, [user_id])


def rules(app: Flask, method: str) -> Iterator[Rule]:
    for rule in app.url_map.iter_rules():
        if method in (rule.methods or ()) and rule.endpoint not in UNASKING:
            yield rule


def address(rule: Rule, value: str = "1") -> str:
    """Return an address of a rule, its parts all `value`."""
    text = rule.rule
    for part in sorted(rule.arguments):
        for kind in ("", "int:", "path:"):
            text = text.replace(f"<{kind}{part}>", value)
    return text


def judged(response: TestResponse, what: str) -> None:
    """An answer in words: not a fault of ours, and for a program in the form of a problem.

    It is closed, as a server closes it: it may come out of a file.
    """
    status = response.status_code
    with response:
        assert status < 500 or status == 503, f"{what}: {status}"
        if response.request.path.startswith("/api/") and status >= 400:
            assert response.mimetype == "application/problem+json", what
            if response.request.method == "HEAD":
                return
            told = json.loads(response.data)
            assert told["title"], what
            assert told["status"] == status, what
        assert b"Traceback" not in response.data, what


def test_a_table_that_names_what_is_gone_would_test_nothing(app: Flask) -> None:
    assert set(ASKED) | set(TYPED) <= {rule.endpoint for rule in app.url_map.iter_rules()}


@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "DELETE", "HEAD", "OPTIONS", "PUT"])
def test_in_the_path(app: Flask, people: None, meet: Meet, method: str) -> None:
    client = app.test_client()
    for turn, rule in enumerate(app.url_map.iter_rules()):
        if not rule.arguments:
            continue
        for value in meet(NASTY, turn):
            if len(value) < 2000:
                judged(client.open(address(rule, quote(value, safe="")), method=method), f"{rule} {value!r}")


def test_in_the_query(app: Flask, people: None, meet: Meet) -> None:
    client = app.test_client()
    for turn, rule in enumerate(rules(app, "GET")):
        names = ASKED.get(rule.endpoint)
        for value in meet(NASTY, turn):
            quoted = quote(value, safe="")
            queries = [f"{name}={quoted}" for name in names or ()]
            # A view that asks for nothing that is known here gets all of it at once.
            for query in queries or [f"q={quoted}&page={quoted}&before={quoted}"]:
                asked = f"{address(rule)}?{query}"
                judged(client.get(asked), asked[:200])
                if rule.endpoint == "users.index":
                    judged(client.get(asked, headers={"HX-Request": "true"}), f"part of {asked[:200]}")


def test_in_a_query_that_was_never_quoted(client: FlaskClient, people: None) -> None:
    for path in ("/", "/api/users", "/api/posts", "/users/1", "/nowhere"):
        for raw in ("q=\xff\xfe&sort=\xed\xa0\x80", "\xff", "q=%&%=%zz", "&&==&"):
            told = client.open(path, environ_overrides={"QUERY_STRING": raw})
            judged(told, f"{path}?{raw!r}")


def test_in_a_form(app: Flask, people: None, meet: Meet) -> None:
    client = app.test_client()
    for turn, rule in enumerate(rules(app, "POST")):
        for number, name in enumerate(TYPED.get(rule.endpoint, ()), turn):
            for value in meet(NASTY, number):
                if rule.endpoint == "users.create" and name == "email" and not value:
                    continue
                base = "title=x&username=u&email=u%40post.example&appearance=auto&size=100"
                kept = "&".join(part for part in base.split("&") if not part.startswith(f"{name}="))
                body = f"{kept}&{name}={quote(value, safe='')}"
                judged(
                    client.post(address(rule), data=body, content_type="application/x-www-form-urlencoded"),
                    f"{rule} {name}={value[:60]!r}",
                )


def test_in_a_body_of_json(app: Flask, people: None) -> None:
    client = app.test_client()
    for method in ("POST", "PATCH"):
        for rule in rules(app, method):
            if not rule.endpoint.startswith("api_"):
                continue
            bodies = list(JSON)
            for field in FIELDS[rule.endpoint.split(".")[0]]:
                for value in VALUES:
                    rest = {"username": "u", "email": "u@post.example"}
                    if rule.endpoint.startswith("api_posts"):
                        rest = {"title": "x", **({"user_id": 1} if method == "POST" else {})}
                    if rule.endpoint.startswith("api_relations"):
                        rest = {"people": "mara", "kind": "own", "label": "Aunt"}
                    if rule.endpoint.startswith("api_attachments"):
                        rest = {}
                    rest.pop(field, None)
                    start = json.dumps(rest).rstrip("}")
                    bodies.append(f'{start}{", " if rest else ""}"{field}": '.encode() + value + b"}")
            for body in bodies:
                told = client.open(address(rule), method=method, data=body, content_type="application/json")
                judged(told, f"{method} {rule} {body[:80]!r}")


def test_with_an_odd_content_type(app: Flask, people: None) -> None:
    """Every view meets each type and each body, though not each with each: the views do that in turn."""
    client = app.test_client()
    for method in ("POST", "PATCH"):
        for turn, rule in enumerate(rules(app, method)):
            for number, kind in enumerate(CONTENT_TYPES, turn):
                body = BODIES[number % len(BODIES)]
                told = client.open(
                    address(rule), method=method, input_stream=io.BytesIO(body),
                    content_type=kind, content_length=len(body),
                )  # fmt: skip
                judged(told, f"{method} {rule} {kind!r} {body[:20]!r}")


def test_with_odd_headers(app: Flask, people: None, meet: Meet) -> None:
    client, said = app.test_client(use_cookies=False), app.config["SESSION_COOKIE_NAME"]
    for method in ("GET", "POST"):
        for turn, rule in enumerate(rules(app, method)):
            for name, value in meet(HEADERS, turn):
                judged(
                    client.open(
                        address(rule), method=method, headers=[(name, value.replace("session=", f"{said}="))]
                    ),
                    f"{method} {rule} {name}: {value[:60]!r}",
                )


@pytest.mark.parametrize("place", ["/import", "/safety/restore"])
@pytest.mark.parametrize(
    "name", ["..", ".", "/", "", " ", "\\", "a\0b", "x" * 3000, "/etc/passwd", "c:\\x", "\ud800", "a\nb"],
)  # fmt: skip
def test_as_the_name_of_a_file(client: FlaskClient, people: None, place: str, name: str) -> None:
    quoted = name.encode("utf-8", "surrogatepass").replace(b"\\", b"\\\\")
    body = (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="' + quoted + b'"\r\n'
        b"Content-Type: text/csv\r\n\r\nname,email\r\nMara,mara@lindqvist.example\r\n--x--\r\n"
    )
    told = client.post(place, data=body, content_type="multipart/form-data; boundary=x")
    for _step in range(20):
        judged(told, f"{place} {name!r}")
        if told.status_code != 303:
            break
        told = client.get(told.location)


def test_ids_that_cannot_be_are_not_found(client: FlaskClient, people: None) -> None:
    for path in (
        "/users/{}",
        "/users/{}/edit",
        "/posts/{}/edit",
        "/api/users/{}",
        "/api/posts/{}",
    ):
        for number in (HUGE, "9223372036854775808", "0", "9" * 5000, "٣"):
            assert client.get(path.format(number)).status_code == 404, path


def test_what_cannot_be_kept_is_named(client: FlaskClient, people: None) -> None:
    def told(path: str, body: dict[str, Any], method: str = "POST") -> set[str]:
        answer = client.open(path, method=method, data=json.dumps(body), content_type="application/json")
        assert answer.status_code == 422, (path, body, answer.data)
        return set(answer.json["errors"])

    for bad in ("\ud800", "a\0b"):
        person = {"username": "x", "email": "x@post.example"}
        assert told("/api/users", {**person, "note": bad}) == {"note"}
        assert told("/api/users/1", {"given": bad}, "PATCH") == {"given"}
        assert told("/api/users/1", {"emails": [{"label": bad, "email": "a@b.example"}]}, "PATCH") == {
            "emails-0"
        }
        assert told("/api/posts", {"user_id": 1, "title": bad}) == {"title"}
        assert told("/api/posts/1", {"body": bad}, "PATCH") == {"body"}
    assert told("/api/posts", {"user_id": int(HUGE), "title": "x"}) == {"user_id"}
    form = client.post("/add", data={"username": "x", "email": "x@post.example", "note": "a\0b"})
    assert form.status_code == 422
    assert b'id="note-error"' in form.data
