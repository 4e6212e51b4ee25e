"""Attacks on the whole app: through every address it has, and with the configuration that people have.

What the door itself refuses is in `test_guard`, that nothing falls over in `test_nasty`.
"""

import io
import itertools
import json
import os
import re
import stat
import zipfile
from collections.abc import Callable
from email.message import Message
from pathlib import Path
from urllib.parse import unquote

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient

from tests.http.conftest import HOST, ORIGIN, WRITES
from tests.http.following import followed
from tests.http.imported import begun, planned
from tests.http.planted import HOSTILE, Foreign, plant, took, waiting_import
from tests.http.test_exports import downloaded
from tests.http.test_nasty import address
from webui.assets import FOLDER, fingerprint
from webui.safety import catalogue


def test_no_address_answers_a_stranger_a_foreign_name_or_a_foreign_page(
    guarded: Flask, digest: Callable[[], str]
) -> None:
    person, stranger, before = guarded.test_client(), guarded.test_client(), digest()
    start = guarded.config["GUARD"].address().removeprefix(ORIGIN)
    took(person.get(start, base_url=ORIGIN), 303)
    tried = 0
    for rule in guarded.url_map.iter_rules():
        for method in rule.methods or ():
            if rule.endpoint == "start" and method == "GET":
                continue
            ours = {"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin"}
            attacks = [(stranger, HOST, ours, 403), (person, "roster.evil.example:40123", ours, 400)]
            if method in WRITES:
                attacks += [(person, HOST, {}, 403), (person, HOST, {"Origin": "http://evil.example"}, 403)]
                attacks += [(person, HOST, ours | {"Sec-Fetch-Site": "cross-site"}, 403)]
            elif method != "OPTIONS":
                attacks += [
                    (person, HOST, {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}, 403)
                ]
            for client, host, headers, status in attacks:
                with client.open(
                    address(rule), method=method, base_url=f"http://{host}", headers=headers
                ) as told:
                    assert told.status_code == status, (rule, method, host, headers)
                tried += 1
    assert tried > 400
    assert digest() == before


CLIMBS = ("../{}", "..%2f{}", "%2e%2e/{}", "..%5c{}", "{absolute}", "....//{}", "..%00/{}")


def test_no_path_climbs_out_of_its_folder(client: FlaskClient, app: Flask, tmp_path: Path) -> None:
    """A sound backup and a file lie beside every folder that an address reaches into, and stay there."""
    took(client.post("/add", data={"username": "mara", "email": "mara@post.example"}), 303)
    followed(client, client.post("/safety/back-up"))
    (made,) = catalogue.backups(tmp_path / "backups")
    for folder in (tmp_path, tmp_path / "data", tmp_path / "data" / "scratch"):
        folder.mkdir(exist_ok=True)
        (folder / "secret.zip").write_bytes(made.path.read_bytes())
        (folder / "secret.py").write_text("canary")
    # The path of `filters.values` is the name of a field, spelled so.
    named = [rule for rule in app.url_map.iter_rules() if re.search(r"<(path:)?[a-z_]+>", rule.rule)]
    named = [
        rule for rule in named if rule.methods and "GET" in rule.methods and "filters" not in rule.endpoint
    ]
    assert len(named) > 5
    with app.test_request_context():
        assets = url_for("asset", version=fingerprint(FOLDER), name="x").removesuffix("/x")
    for name, climb in itertools.product(("secret.zip", "secret.py", "data/roster.db"), CLIMBS):
        said = climb.format(name, absolute=f"%2f{str(tmp_path / name).lstrip('/')}")
        for rule in named:
            with client.get(address(rule, said)) as told:
                assert told.status_code in (303, 308, 400, 404), (rule, said)
        with client.get(f"{assets}/{said}") as told:
            assert told.status_code in (308, 400, 404), said
        with client.post("/safety/restore", data={"name": unquote(said)}) as told:
            assert told.status_code == 404, said


def test_hostile_text_becomes_no_part_of_any_page_or_file(
    app: Flask, client: FlaskClient, tmp_path: Path
) -> None:
    plant(client)
    draft = waiting_import(client).rsplit("/", 1)[1]
    followed(client, client.post("/safety/back-up", data={"kind": "everything"}))
    shown = 0
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint in ("start", "asset"):
            continue
        there = rule.rule.replace("<draft_id>", draft)
        for part in rule.arguments:
            there = re.sub(
                rf"<(int:|path:)?{part}>", "tag" if rule.endpoint == "filters.values" else "1", there
            )
        # On its own, and as the part that a search asks for.
        asked = {"q": HOSTILE, "name": HOSTILE, "typed": HOSTILE, "sort": HOSTILE, "field": "tag"}
        for query, headers in (({}, {}), (asked, {"HX-Request": "true"})):
            with client.get(there, query_string=query, headers=headers) as told:
                if told.mimetype != "text/html":
                    assert told.headers["X-Content-Type-Options"] == "nosniff"
                    continue
                assert not Foreign(told.text).found, (there, query)
                assert "{{7*7}}" in told.text or "xss" not in told.text, (there, query)
                shown += "&lt;xss" in told.text
    assert shown > 30
    with client.get("/users/1/held") as held:
        assert not Foreign(held.get_data(as_text=True)).found
        assert "&lt;xss" in held.text
    (made,) = catalogue.backups(tmp_path / "backups")
    with zipfile.ZipFile(made.path) as opened:
        readme = opened.read("READ ME.html").decode()
        assert all(not name.startswith("/") and ".." not in name.split("/") for name in opened.namelist())
    assert not Foreign(readme).found and "&lt;xss" in readme


def test_hostile_text_that_was_refused_becomes_no_part_of_the_form_either(client: FlaskClient) -> None:
    plant(client)
    typed = {
        "email": HOSTILE,
        "username": HOSTILE,
        "note": HOSTILE,
        "birthday": HOSTILE,
        "emails-email": HOSTILE,
    }
    for place, form in {
        "/add": typed,
        "/users/2/edit": typed,
        "/users/1/posts": {"title": "", "body": HOSTILE, "date": HOSTILE},
        "/posts/1/edit": {"title": HOSTILE, "date": HOSTILE},
        "/views": {"name": "", "q": HOSTILE},
        "/settings/roster": {"title": "x" * 99 + HOSTILE},
        "/settings/fields/add": {"name": HOSTILE * 9, "kind": HOSTILE, "options": HOSTILE},
    }.items():
        told = client.post(place, data=form)
        assert told.status_code in (409, 422), place
        assert not Foreign(told.text).found, place
        assert "xss" in told.text, place


def test_hostile_text_stays_one_value_in_each_format(client: FlaskClient) -> None:
    ends = 'Mara\r\nEND:VCARD\r\nBEGIN:VCARD\r\nFN:Eve\n,"=1+1"'
    given = {"username": "mara", "email": "m@post.example", "note": ends, "given": "=cmd|' /C calc'!A0"}
    took(client.post("/api/users", json=given | {"links": [{"label": 'a";X=1:\r\nB:c', "url": ends}]}), 201)
    found = {}
    for kind in ("csv", "json", "vcf"):
        found[kind] = downloaded(client, id="1", kind=kind)[1].decode("utf-8-sig")
    assert re.findall(r"(?im)^(begin|end|x=|b:|fn:eve)", found["vcf"]) == ["BEGIN", "END"]
    assert "'=cmd" in found["csv"] and ",=cmd" not in found["csv"]
    (person,) = json.loads(found["json"])["people"]
    assert person["note"] == ends.replace("\r\n", "\n")


SQL = [
    "' OR '1'='1",
    '" OR 1=1 --',
    "x'); DELETE FROM users; --",
    "%' UNION SELECT name, 1 FROM sqlite_master --",
]


@pytest.mark.parametrize("said", SQL)
def test_sql_in_a_box_is_only_a_word_that_nobody_has(
    client: FlaskClient, digest: Callable[[], str], said: str
) -> None:
    took(
        client.post("/api/users", json={"username": "mara", "email": "m@post.example", "given": "Xmara"}), 201
    )
    took(client.post("/api/posts", json={"user_id": 1, "title": "Xcoffee"}), 201)
    took(client.patch("/api/users/1", json={"tags": ["Xchoir"]}), 200)
    took(client.post("/api/users", json={"username": "noor", "email": "n@post.example"}), 201)  # the strip's
    before = digest()
    quoted = f'"{said.replace(chr(34), "")}"'
    for place in ("/api/users", "/api/posts"):
        assert client.get(place, query_string={"q": quoted}).json == []
        assert client.get(place, query_string={"sort": said}).status_code == 422
        assert client.get(place, query_string={"page": said}).status_code == 422
    assert client.get("/api/posts", query_string={"user_id": said}).status_code == 422
    asked = {
        "q": quoted,
        "typed": said,
        "sort": said,
        "after": said,
        "before": said,
        "name": said,
        "day": said,
    }
    for place in ("/", "/posts", "/tags/suggest", "/users/complete", "/trash"):
        told = client.get(place, query_string=asked, headers={"HX-Request": "true"}).text
        for canary in ("Xmara", "Xcoffee", "Xchoir", "CREATE TABLE", "user_emails"):
            assert canary not in told, (place, canary)
    assert digest() == before


@pytest.mark.parametrize("said", SQL)
def test_sql_as_the_name_of_a_field_or_a_view_is_only_a_name(client: FlaskClient, said: str) -> None:
    took(
        client.post("/settings/fields/add", data={"name": said, "kind": "number", "hint": "", "listed": "1"}),
        303,
    )
    for name, value in (("mara", 2), ("noor", 1)):
        given = {"username": name, "email": f"{name}@post.example", "given": name, "fields": {said: value}}
        took(client.post("/api/users", json=given), 201)
    field = f'"{said.replace(chr(34), "")}"'
    for q in (f"{field}:1", f"{field}>1", f"-{field}:2"):
        assert client.get("/api/users", query_string={"q": q}).status_code in (200, 422)
    (column,) = set(re.findall(r"own:[0-9a-f-]{36}", unquote(client.get("/").text)))
    for sort, names in (
        (column, ["noor", "mara"]),
        (f"-{column}", ["mara", "noor"]),
        (f"{column}{said}", None),
    ):
        page = client.get("/", query_string={"sort": sort}).text
        assert names in (None, list(dict.fromkeys(re.findall(r"<bdi>(mara|noor)</bdi>", page)))), sort
    took(client.post("/views", data={"name": said, "q": "mara", "sort": ""}), 303)
    assert len(client.get("/api/users").json) == 2


@pytest.mark.parametrize(
    "name", ['a".csv', "a\r\nSet-Cookie: x=1.csv", 'a"; filename="b.exe', "ä\u202evsc.exe", "a;b=c.csv"]
)
def test_no_name_of_a_download_ends_its_header(client: FlaskClient, name: str) -> None:
    took(
        client.post("/api/users", json={"username": name.replace("\r\n", ""), "email": "m@post.example"}), 201
    )
    made = took(client.post("/api/users/1/attachments", query_string={"name": "x"}, data=b"x"), 201)
    took(client.patch(made.location, json={"name": name}), 200)
    refused = planned(
        client, begun(client, "First Name,E-mail\nEve,not one\n"), ["given", "email"]
    ).request.path
    downloads = ["/attachments/1", "/users/1/held", f"{refused.rpartition('/')[0]}/refused"]
    for place in downloads:
        with client.get(place) as told:
            assert told.status_code == 200, place
            (said,) = told.headers.getlist("Content-Disposition")
            assert "Set-Cookie" not in told.headers
            assert not re.search(r"[\r\n\x00]", "".join(told.headers.values()))
            parsed = Message()
            parsed["Content-Disposition"] = said
            assert parsed.get_content_disposition() == "attachment"
            found = parsed.get_filename() or ""
            assert not re.search(r'[/\\"\x00-\x1f\u202e]', found), (place, found)


def test_another_person_of_this_computer_can_read_no_file(client: FlaskClient, tmp_path: Path) -> None:
    """Whatever the umask: where backups lie, every folder above them may be open to all."""
    (tmp_path / "data").chmod(0o755)
    old = os.umask(0)
    try:
        took(client.post("/add", data={"username": "mara", "email": "mara@post.example"}), 303)
        followed(client, client.post("/safety/back-up"))
        (made,) = catalogue.backups(tmp_path / "backups")
        followed(
            client,
            client.post("/safety/restore", data={"file": (io.BytesIO(made.path.read_bytes()), "b.zip")}),
        )
        followed(client, client.post("/safety/restore", data={"name": made.name}))
        took(planned(client, begun(client, "First Name,E-mail\nNoor,n@x.example\n"), ["given", "email"]), 200)
        took(client.post("/settings/machine", data={"appearance": "dark", "size": "100"}), 303)
        took(client.post("/moments", data={"at": "now", "operation": "1"}), 303)
        took(client.post("/settings/vacuum"), 303)
    finally:
        os.umask(old)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {path.name for path in files} >= {
        "roster.db",
        made.name,
        "b.zip",
        "plan.sqlite",
        "preferences.json",
    }
    for path in files:
        way = [path, *path.relative_to(tmp_path).parents[:-1]]  # one closed door on it is enough
        assert any(closed(tmp_path / part) for part in way), path.relative_to(tmp_path)
    within = [path for path in (tmp_path / "data" / "scratch").rglob("*") if path.is_dir()]
    assert {"imports", "restores"} <= {path.name for path in within}
    assert [path for path in within if not closed(path)] == []


def closed(path: Path) -> bool:
    return not stat.S_IMODE(path.stat().st_mode) & 0o077
