"""Looking at a past moment: the pages show it and change nothing; programs and the way back see now."""

import datetime
import html
import json
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from tests.http.following import followed
from tests.http.test_exports import downloaded
from webui import database, moments
from webui.database import db
from webui.store.ledger import horizon
from webui.store.ledger.operations import raw
from webui.store.values import spans, times

PEOPLE = "http://localhost/"


@pytest.fixture
def then(client: FlaskClient) -> int:
    """Mara is there with a note and a tag; since then she has changed, and Noor came. Return that moment."""
    mara = {"username": "mara", "email": "mara@post.example", "given": "Mara", "note": "Tenor"}
    client.post("/api/users", json={**mara, "tags": ["Choir"]})
    client.post("/users/1/posts", data={"title": "Concert"})
    client.patch("/api/users/1", json={"note": "Bass", "tags": ["Board"]})
    client.post("/api/users", json={"username": "noor", "email": "noor@post.example"})
    return 2


def look(client: FlaskClient, moment: int) -> None:
    found = client.get("/moments/ruler?moment=" + str(moment), headers={"HX-Request": "true"}).text
    shown = re.search(r'name="shown" value="([^"]*)"', found)
    assert shown
    data = {"moment": str(moment), "shown": html.unescape(shown[1]), "when": html.unescape(shown[1])}
    assert followed(client, client.post("/moments", data=data)).request.path == "/"


def scratch(database: Path) -> list[Path]:
    return list((database.parent / "scratch").glob("work-*"))


def test_the_whole_app_shows_the_moment(client: FlaskClient, then: int) -> None:
    look(client, then)
    page = client.get("/").text
    assert "mara@post.example" in page and "noor@post.example" not in page
    assert "Choir" in page and "Nothing can be changed here." in page
    assert "Tenor" in client.get("/users/1").text
    assert "mara@post.example" in client.get("/?q=tenor").text
    assert "Nobody found" in client.get("/?q=bass").text
    assert "Concert" in client.get("/posts").text
    assert "Choir" in client.get("/tags").text and "Board" not in client.get("/tags").text
    _name, exported = downloaded(client, who="all", kind="json")
    assert [each["note"] for each in json.loads(exported)["people"]] == ["Tenor"]


def test_coming_back_shows_now_and_removes_the_copy(client: FlaskClient, then: int, database: Path) -> None:
    look(client, then)
    assert len(scratch(database)) == 1
    back = client.post("/moments/leave", headers={"Referer": "http://localhost/users/1"})
    assert back.location == "/users/1"
    assert "Bass" in client.get("/users/1").text
    assert not scratch(database)


def test_coming_back_from_someone_who_is_gone_leads_to_the_list(client: FlaskClient, then: int) -> None:
    client.post("/users/1/trash")
    look(client, then)
    assert client.post("/moments/leave", headers={"Referer": "http://localhost/users/1"}).location == "/"


def test_every_page_either_only_reads_or_is_refused(app: Flask, client: FlaskClient, then: int) -> None:
    """What is not named in `moments` is refused: a new page can change nothing by an oversight."""
    look(client, then)
    with app.app_context():
        before = db.session.execute(text("SELECT count(*) FROM operations")).scalar()
        db.session.rollback()
    for rule in app.url_map.iter_rules():
        if rule.endpoint in moments.READS | moments.GOES_ON or rule.endpoint.startswith("api_"):
            continue
        address = re.sub(r"<[^>]*>", "1", rule.rule)
        for method in {"GET", "POST"} & (rule.methods or set()):
            answer = client.open(address, method=method, data={"note": "typed"} if method == "POST" else None)
            assert answer.status_code == 409, rule
            assert "Come back to now" in answer.text
            assert method == "GET" or "typed" in answer.text
    with app.app_context():
        assert db.session.execute(text("SELECT count(*) FROM operations")).scalar() == before


@pytest.mark.parametrize(
    "address", ["/", "/?q=nobodyatall", "/users/1", "/posts", "/today", "/tags", "/trash", "/history"]
)
def test_no_page_offers_what_would_be_refused(
    app: Flask, client: FlaskClient, then: int, address: str
) -> None:
    client.post("/users/2/trash")
    look(client, then)
    page = client.get(address).text
    adapter = app.url_map.bind("localhost")
    allowed = moments.READS | moments.GOES_ON
    for method, found in [
        *(("POST", each) for each in re.findall(r'<form[^>]*method="post"[^>]*action="([^"]+)"', page)),
        *(("POST", each) for each in re.findall(r'formaction="([^"]+)"', page)),
        *(("GET", each) for each in re.findall(r'(?:href|hx-get)="(/[^"]*)"', page)),
    ]:
        endpoint, _values = adapter.match(html.unescape(found).partition("?")[0], method)
        assert endpoint in allowed, (address, method, found)


def test_programs_see_now_and_may_change_it(client: FlaskClient, then: int) -> None:
    look(client, then)
    assert client.get("/api/users/1").json["note"] == "Bass"
    assert client.patch("/api/users/1", json={"note": "Alto"}).status_code == 200
    assert "Tenor" in client.get("/users/1").text


def test_another_browser_sees_now(app: Flask, client: FlaskClient, then: int) -> None:
    look(client, then)
    assert "noor@post.example" in app.test_client().get("/").text


def test_a_day_that_is_typed_means_its_end(
    client: FlaskClient, then: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = {"moment": "4", "shown": "another", "when": "yesterday or so"}
    there = client.post("/moments", data=typed).location
    assert there == "/history?moment=4&typed=yesterday+or+so"
    page = html.unescape(client.get(there).text).replace("'", "’")
    assert "“yesterday or so” can’t be read as a day." in page
    assert re.search(r'id="when" name="when" value="yesterday or so"[^>]*aria-invalid="true"', page)
    assert 'aria-describedby="moment-error"' in page
    [shown] = re.findall(r'name="shown" value="([^"]*)"', page)
    assert shown and shown != "yesterday or so", "pressed again it is read again"
    client.get("/history?typed=" + "9" * 5000)
    now = {"moment": "4", "shown": "x", "when": times.today()}
    client.post("/moments", data=now)
    assert "That is how it is now" in client.get("/history").text
    long_ago = {"moment": "4", "shown": "x", "when": "18 November 2001, 20:00"}
    assert followed(client, client.post("/moments", data=long_ago)).request.path == "/"
    assert "This is before anything was done." in client.get("/").text
    assert "Nobody is here." in client.get("/").text


def test_what_is_near_in_time_is_told_from_the_moment(app: Flask, client: FlaskClient, then: int) -> None:
    """An age and the time since a post are those of then."""
    client.patch("/api/users/1", json={"birthday": "1987-03-04"})
    with app.app_context():
        session = database.live()
        session.execute(text("UPDATE operations SET at = '2020-05-05T12:00:00.000Z' WHERE id < 5"))
        session.execute(text("UPDATE operations SET at = '2020-06-05T12:00:00.000Z' WHERE id = 5"))
        session.commit()
        client.post("/api/users", json={"username": "last", "email": "last@post.example"})
    look(client, 5)
    page = client.get("/users/1").text
    assert "33, turns 34 in 272 days" in page
    client.post("/moments/leave")
    assert datetime.date.today().isoformat() == times.today()


def test_a_value_and_a_whole_person_come_back_into_now(client: FlaskClient, then: int) -> None:
    look(client, then)
    page = html.unescape(client.get("/users/1").text)
    assert "Different now" in page and 'aria-label="Put back Note"' in page
    key = re.findall(r'name="key" value="([^"]*)" aria-label="Put back Note', page)[0]
    client.post(
        "/users/1/changes/put-back", data={"key": key}, headers={"Referer": "http://localhost/users/1"}
    )
    assert client.get("/api/users/1").json["note"] == "Tenor"
    assert client.get("/api/users/1").json["tags"] == ["Board"]
    brought = client.post("/moments/users/1", headers={"Referer": "http://localhost/users/1"})
    assert brought.location == "/users/1"
    assert client.get("/api/users/1").json["tags"] == ["Choir"]
    page = client.get("/users/1").text
    assert "Mara is now as they were then." in page and "Mara is the same now." in page
    client.post("/moments/users/1", headers={"Referer": "http://localhost/users/1"})
    assert "Mara is the same now. Nothing was changed." in client.get("/users/1").text
    client.post("/moments/leave")
    assert "Bring Mara back as of" in client.get("/history").text


def test_who_clashes_by_now_is_said(client: FlaskClient, then: int) -> None:
    client.post("/users/1/trash")
    client.post("/api/users", json={"username": "mara", "email": "other@post.example"})
    look(client, then)
    client.post("/moments/users/1", headers={"Referer": "http://localhost/users/1"})
    assert "Nothing was changed. Taken by mara." in client.get("/users/1").text


def test_nobody_is_brought_back_without_a_moment(client: FlaskClient, then: int) -> None:
    assert client.post("/moments/users/1").status_code == 409


def test_a_third_look_takes_the_place_of_the_first_and_says_nothing_wrong(
    app: Flask, client: FlaskClient, then: int, database: Path
) -> None:
    for other in (app.test_client(), app.test_client()):
        look(client, then)
        look(other, 1)
    assert len(scratch(database)) == moments.MOST
    assert "noor@post.example" in client.get("/").text or "Tenor" in client.get("/users/1").text


def test_the_ruler_steps_what_was_done(client: FlaskClient, then: int) -> None:
    def at(query: str) -> tuple[str, str]:
        part = html.unescape(client.get(f"/moments/ruler?{query}", headers={"HX-Request": "true"}).text)
        return re.findall(r'data-moment="(\d+)"', part)[0], re.findall(r'aria-valuetext="([^"]*)"', part)[0]

    assert at("")[1] == "Now"
    assert at("moment=2&step=-1") == ("1", at("moment=1")[1]) and at("moment=1")[1].endswith(
        "After: Add Mara"
    )
    assert at("moment=2&step=1")[0] == "3"
    assert at("moment=1&step=-1") == ("0", "The beginning. Before anything was done")
    assert at("moment=0&step=-1")[0] == "0"
    assert at("moment=4&step=1")[0] == "4"
    assert at("moment=2&day=-1")[0] == "0" and at("moment=2&day=1")[0] == "4"
    client.post("/undo")
    assert at("moment=now")[1] == "Now"
    client.post("/redo")
    assert at("moment=5")[1].endswith("After undoing: Add noor")


def test_history_without_anything_done_has_no_ruler(client: FlaskClient) -> None:
    assert "data-ruler" not in client.get("/history").text


def test_history_stays_that_of_now_and_undoes_nothing(client: FlaskClient, then: int) -> None:
    look(client, then)
    page = client.get("/history").text
    assert "Add noor" in page and 'action="/undo"' not in page
    assert client.post("/undo").status_code == 409
    assert "Come back to now to undo this." in client.get("/history/3").text


def test_a_moment_that_has_ended_is_told_and_nothing_is_given_out_for_it(
    app: Flask, client: FlaskClient, then: int
) -> None:
    look(client, then)
    app.extensions["roster.moments"].close()
    exported = client.post("/export/file", data={"who": "all", "kind": "json"})
    assert exported.status_code == 409 and "has ended" in exported.text
    look(client, then)
    app.extensions["roster.moments"].close()
    assert "has ended. This is now." in client.get("/").text


def test_a_look_that_nobody_entered_makes_room_first(app: Flask, client: FlaskClient, then: int) -> None:
    look(client, then)
    for _each in range(3):
        app.test_client().post("/moments", data={"moment": "1"})
    assert "Nothing can be changed here." in client.get("/").text


def test_tags_renamed_since_keep_their_name(client: FlaskClient, then: int) -> None:
    client.patch("/api/users/1", json={"tags": ["Choir"]})
    client.post("/tags/1/rename", data={"name": "Singers"})
    look(client, then)
    client.post("/moments/users/1")
    assert client.get("/api/users/1").json["tags"] == ["Singers"]


def test_a_field_that_is_not_there_now_is_named(client: FlaskClient, then: int) -> None:
    client.post("/settings/fields/add", data={"name": "Voice", "kind": "text"})
    client.patch("/api/users/1", json={"fields": {"Voice": "Alto"}})
    client.post("/settings/fields/1/remove")
    look(client, 6)
    client.post("/moments/users/1", headers={"Referer": "http://localhost/users/1"})
    assert "Not in these fields, which are not there now: Voice." in client.get("/users/1").text


def test_a_post_that_is_gone_is_told_and_comes_back(client: FlaskClient, then: int) -> None:
    client.post("/posts/1/trash")
    look(client, 4)
    page = client.get("/users/1").text
    assert "1 post is not there any more." in page and "Bring this version back" in page
    client.post("/moments/users/1")
    assert client.get("/api/posts").json[0]["title"] == "Concert"


@pytest.mark.parametrize("address", ["/users/1/trash", "/export/file", "/nowhere", "//elsewhere"])
def test_coming_back_leads_to_a_page_that_is_there(client: FlaskClient, then: int, address: str) -> None:
    look(client, then)
    back = client.post("/moments/leave", headers={"Referer": f"http://localhost{address}"})
    assert back.location == "/"


def test_choosing_now_comes_back_to_it(client: FlaskClient, then: int) -> None:
    look(client, then)
    client.post("/moments", data={"moment": "4"})
    page = client.get("/history").text
    assert "That is how it is now" in page and "Nothing can be changed here." not in page


def test_history_shows_the_counts_of_the_moment(client: FlaskClient, then: int) -> None:
    look(client, then)
    page = client.get("/history").text
    assert "You are here" not in page
    assert re.search(r'People</span>\s*<span class="num">1</span>', page)


@pytest.mark.parametrize(
    ("typed", "end"),
    [
        ("29 February", "2024-03-01 00:00:00"),
        ("18 November 2025", "2025-11-19 00:00:00"),
        ("2025-11-18T20:00", "2025-11-18 20:01:00"),
        ("18.11.2025, 20:00", "2025-11-18 20:01:00"),
        ("October 2025", "2025-11-01 00:00:00"),
        ("2024", "2025-01-01 00:00:00"),
        ("today", "2026-11-28 00:00:00"),
        ("Yesterday 8:05", "2026-11-26 08:06:00"),
        ("20:00", "2026-11-27 20:01:00"),
        ("9999", "9999-12-31 23:59:59.999999"),
        ("now", "9999-12-31 23:59:59.999999"),
        ("October 2025, 20:00", "None"),
        ("18 November 2025, 25:00", "None"),
        ("3/4/2026", "None"),
        ("", "None"),
    ],
)
def test_what_is_typed_is_read_as_a_person_means_it(typed: str, end: str) -> None:
    near = {"today": 0, "yesterday": 1, "now": None}
    assert str(spans.end(typed, datetime.date(2026, 11, 27), near)) == end


def test_a_ring_stands_where_a_pinned_backup_was_made(client: FlaskClient, then: int) -> None:
    followed(client, client.post("/safety/back-up"))
    assert 'class="ring"' not in client.get("/history").text
    followed(client, client.post("/safety/back-up", data={"kind": "everything"}))
    page = client.get("/history").text
    assert page.count('class="ring"') == 1
    assert re.search(r'class="ring" cx="[\d.]+%" cy="30" r="6"><title>Pinned backup of \d+ \w+ \d{4}', page)


def test_what_lies_before_history_begins_is_not_made_up(client: FlaskClient, then: int) -> None:
    with client.application.app_context():
        connection = database.session().connection(execution_options={"write": True})
        assert horizon.prune(raw(connection), then)
        database.session().commit()
    client.post("/moments", data={"moment": "9", "shown": "x", "when": "18 November 2020"})
    assert "History reaches back to" in client.get("/history").text
    assert "Nothing can be changed here." not in client.get("/").text


def test_a_date_that_can_be_two_says_which(client: FlaskClient, then: int) -> None:
    there = client.post("/moments", data={"moment": "4", "shown": "x", "when": "3/4/2026"}).location
    assert "can be two days" in client.get(there).text


def test_an_error_while_looking_keeps_the_strip(client: FlaskClient, then: int) -> None:
    look(client, then)
    for address in ("/users/999", "/settings"):
        found = client.get(address).text
        assert 'class="strip past"' in found and found.count("comes-back") == 1
    client.post("/moments/leave")
    assert 'class="strip' not in client.get("/users/999").text


def test_a_change_leads_to_the_moment_before_it(client: FlaskClient, then: int) -> None:
    found = client.get("/users/1").text
    before = re.search(r'name="before" value="(\d+)"', found)
    assert before and found.count('name="before"') == 1  # not before they were added
    answer = followed(client, client.post("/moments", data={"before": before[1], "user": "1"}))
    assert answer.request.path == "/users/1"
    assert "Tenor" in answer.text and "Nothing can be changed here." in answer.text


def test_before_they_were_there_the_list_is_shown(client: FlaskClient, then: int) -> None:
    answer = followed(client, client.post("/moments", data={"before": "1", "user": "1"}))
    assert answer.request.path == "/" and "This is before anything was done." in answer.text
