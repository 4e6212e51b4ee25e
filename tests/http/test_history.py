"""Undo and redo at the door."""

import html
import json
import re
import threading
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from webui import database
from webui.host import NoHost
from webui.store import involved
from webui.store.ledger import across, horizon, sqlite
from webui.store.ledger.operations import raw
from webui.store.values import times


class Named(NoHost):
    """A host that remembers what its window was called."""

    def __init__(self) -> None:
        self.titles: list[str] = []

    def retitle(self, title: str) -> None:
        self.titles.append(title)


def test_the_windows_title_follows_the_undo_of_a_title(app: Flask, client: FlaskClient) -> None:
    app.extensions["roster.host"] = host = Named()
    client.post("/settings/roster", data={"title": "Choir", "email_required": "1"})
    client.post("/undo")
    client.post("/redo")
    assert host.titles == ["Choir", "My roster", "Choir"]


def test_undo_names_what_it_took_back_and_stays_on_the_page(client: FlaskClient, database: Path) -> None:
    client.post("/add", data={"username": "mara", "email": "mara@post.example"})
    back = client.post("/undo", headers={"Referer": "http://localhost/history"})
    assert back.location == "/history"
    assert "Undone: Add mara." in client.get("/history").text
    gone = client.post("/redo", headers={"Referer": "http://elsewhere.example/history"})
    assert gone.location == "/"


def test_undo_of_something_else_than_the_page_named_is_refused(client: FlaskClient) -> None:
    client.post("/add", data={"username": "mara", "email": "mara@post.example"})
    refused = client.post("/undo", data={"operation": "99"}, headers={"Referer": "http://localhost/history"})
    assert refused.location == "/history"
    assert (
        "Something else was done meanwhile, so nothing was undone or redone." in client.get("/history").text
    )
    assert len(client.get("/users").json) == 1


@pytest.mark.outside
def test_what_can_not_be_undone_any_more_is_said_before(client: FlaskClient, database: Path) -> None:
    client.post("/add", data={"username": "mara", "email": "mara@post.example"})
    client.post("/users/1/edit", data={"username": "mara", "email": "mara@post.example", "note": "Sings"})
    connection = sqlite.connect(database)
    connection.execute("UPDATE history_users SET created_at = NULL")  # as a column that old rows never had
    connection.execute("UPDATE operations SET revision = '0001'")
    connection.close()
    strip = client.get("/strip", headers={"HX-Request": "true"}).text
    assert "Can’t be undone:" in strip and 'action="/undo"' not in strip
    client.post("/undo", headers={"Referer": "http://localhost/history"})
    assert client.get("/api/users/1").json["note"] == "Sings"
    connection = sqlite.connect(database)
    connection.execute("UPDATE history_users SET created_at = ''")
    connection.close()
    across._KNOWN.clear()
    assert 'action="/undo"' in client.get("/strip", headers={"HX-Request": "true"}).text


def test_the_strip_is_given_alone(client: FlaskClient) -> None:
    client.post("/add", data={"username": "mara", "email": "mara@post.example"})
    strip = client.get("/strip", headers={"HX-Request": "true"}).text
    assert strip.lstrip().startswith("<footer") and "Add mara" in strip
    assert client.get("/strip").location == "/"


def test_undo_waits_while_an_import_writes(app: Flask, client: FlaskClient) -> None:
    client.post("/add", data={"username": "mara", "email": "mara@post.example"})
    release = threading.Event()
    job = app.extensions["roster.jobs"].start("import.apply", lambda _job: release.wait(30))
    page = client.get("/history").text
    release.set()
    assert job.ended.wait(30)
    assert "Undo waits for the import" in page
    assert 'aria-keyshortcuts="Control+Z"' not in page
    assert 'aria-keyshortcuts="Control+Z"' in client.get("/history").text


@pytest.fixture
def past(client: FlaskClient) -> FlaskClient:
    """1, 2: Mara and Noor added; 3: Mara's organisation; 4: a post about her; 5: her organisation again."""
    for name in ("mara", "noor"):
        form = {"username": name, "given": name.title(), "email": f"{name}@post.example"}
        client.post("/add", data=form)
    client.patch("/api/users/1", json={"organisation": "Choir", "note": "Sings"})
    client.post("/users/1/posts", data={"title": "Coffee"})
    client.patch("/api/users/1", json={"organisation": "Orchestra"})
    return client


def listed(client: FlaskClient, **asked: str) -> list[str]:
    page = client.get("/history", query_string=asked).text
    return re.findall(r'data-row="(\d+)"', page)


def test_history_is_found_by_words_kind_day_and_person(past: FlaskClient) -> None:
    assert listed(past) == ["5", "4", "3", "2", "1"]
    assert listed(past, q="noor ADD") == ["2"]
    assert listed(past, q="nobody") == []
    assert "Nothing like this was done." in past.get("/history?q=nobody").text
    assert listed(past, kind="posts") == ["4"]
    assert listed(past, kind="people") == ["5", "3", "2", "1"]
    today = times.today()
    assert listed(past, since=today, until=today) == ["5", "4", "3", "2", "1"]
    assert listed(past, until="2020-01-01") == listed(past, since="8999-01-01") == []
    assert listed(past, since="nonsense", kind="nonsense", person="nonsense") == listed(past)
    assert listed(past, person="2") == ["2"]
    only = past.get("/history?person=1&q=add").text
    assert "Only Mara" in only and 'href="/history?q=add"' in only
    rows = past.get("/history?kind=posts", headers={"HX-Request": "true"}).text
    assert "<html" not in rows and "Post about Mara: Coffee" in rows


def test_the_pane_and_the_page_say_what_was_changed(past: FlaskClient) -> None:
    pane = past.get("/history/3/pane", headers={"HX-Request": "true"}).text
    assert set(re.findall(r'<ins class="now">([^<]*)', pane)) == {"Sings", "Choir"}
    assert "By another program" in pane and "3 steps" in pane
    page = past.get("/history/5").text
    assert re.findall(r'class="(was|now)">([^<]*)', page) == [("was", "Choir"), ("now", "Orchestra")]
    assert 'href="/users/1"' in page
    assert "Undo only this" not in page  # it is the newest: Go back to before it is the same
    assert re.findall(r'<ins class="now">([^<]*)', past.get("/history/4").text) == ["Coffee"]
    assert past.get("/history/5/pane").location == "/history/5"
    assert past.get("/history/99").status_code == 404


def test_a_change_says_what_was_changed_where_that_is_one_thing_or_two(client: FlaskClient) -> None:
    client.post(
        "/api/users", json={"username": "mara", "email": "m@post.example", "given": "Mara", "family": "Ek"}
    )
    for body, said in (
        ({"phones": [{"label": "", "phone": "070 1"}]}, "Change Mara Ek’s phone"),
        ({"note": "Sings", "tags": ["Choir"]}, "Change Mara Ek’s note and tags"),
        ({"family": "Berg"}, "Change Mara Ek’s last name"),  # the shown name, which follows it, is not said
        ({"note": "", "nickname": "M", "tags": []}, "Change Mara Berg"),
        ({"display_name": "Mara B."}, "Change Mara Berg’s shown name"),
    ):
        client.patch("/api/users/1", json=body)
        assert f"<bdi>{said}</bdi>" in html.unescape(client.get("/history").text)
        assert f"<b>{said}</b>" in html.unescape(client.get("/history").text), "and so does the strip"


@pytest.mark.parametrize(
    "fields", [None, "note", [], [7], ["no such field"], {"note": 1}, ["note", None, "x"]]
)
def test_what_an_older_roster_or_another_program_noted_is_said_too(
    client: FlaskClient, app: Flask, fields: object
) -> None:
    client.post("/api/users", json={"username": "mara", "email": "m@post.example", "given": "Mara"})
    client.patch("/api/users/1", json={"note": "Sings"})
    noted = {"name": "Mara"} | ({} if fields is None else {"fields": fields})
    with app.app_context(), database.engine().begin() as connection:
        raw(connection).execute("UPDATE operations SET payload = ? WHERE id = 2", (json.dumps(noted),))
    assert "<bdi>Change Mara</bdi>" in client.get("/history").text


def test_one_change_alone_is_taken_back(past: FlaskClient) -> None:
    answer = past.post("/history/2/undo", headers={"Referer": "http://localhost/history"})
    assert answer.location == "/history"
    page = html.unescape(past.get("/history").text)
    assert "Undone alone: Add Noor." in page
    assert "Take back “Add Noor” alone" in page
    assert past.get("/api/users/2").status_code == 404
    page = past.get("/history/2").text
    assert "Taken back alone on" in page and "Undo only this" not in page
    past.post("/undo")
    page = past.get("/history/2").text
    assert "Taken back alone on" not in page and "Undo only this" in page
    assert past.get("/api/users/2").status_code == 200


def test_what_stands_in_the_way_is_said_with_the_way_around(past: FlaskClient) -> None:
    refused = past.post("/history/3/undo")
    assert refused.status_code == 409
    said = html.unescape(refused.text)
    plain = re.sub(r"<[^>]+>", "", said)
    assert (
        plain.count(
            "Something done later stands in the way: Change Mara’s organisation. Nothing was changed."
        )
        == 1
    )
    assert said.count('href="/history/5"') == 1, "it is said once, and leads there"
    steps = re.search(r'action="/history/3/back"><input type="hidden" name="steps" value="(\d)"', said)
    assert steps and steps[1] == "3"
    assert past.post("/history/3/back", data={"steps": "2"}).status_code == 303  # something was done since
    assert past.get("/api/users/1").json["organisation"] == "Orchestra"
    past.post("/history/3/back", data={"steps": "3"})
    now = past.get("/api/users/1").json
    assert (now["organisation"], now["note"]) == (None, None)
    page = past.get("/history").text
    assert "3 steps undone." in page
    assert "Undone since." in past.get("/history/3").text


def test_from_there_one_goes_forward_to_any_that_was_undone(past: FlaskClient) -> None:
    past.post("/history/3/back", data={"steps": "3"})
    offered = {}
    for number in (3, 4, 5):
        pane = past.get(f"/history/{number}/pane", headers={"HX-Request": "true"}).text
        form = rf'action="/history/{number}/forward"><input type="hidden" name="steps" value="(\d)"'
        found = re.search(form, pane)
        assert found and "Go forward to here" in pane
        offered[number] = found[1]
    assert offered == {3: "1", 4: "2", 5: "3"}
    past.post("/history/4/forward", data={"steps": "3"})
    assert past.get("/api/users/1").json["note"] is None  # it is not as many as the page said
    assert "Something else was done meanwhile" in past.get("/history").text
    past.post("/history/4/forward", data={"steps": "2"})
    now = past.get("/api/users/1").json
    assert (now["organisation"], now["note"]) == ("Choir", "Sings")
    page = past.get("/history").text
    assert "2 steps done again." in page
    assert "Go forward to here" in past.get("/history/5").text
    assert "Go forward to here" not in past.get("/history/3").text
    past.post("/api/users", json={"username": "ines", "email": "ines@post.example"})
    assert "Go forward to here" not in past.get("/history/5").text  # it can't be redone any more


def test_all_that_stands_in_the_way_is_named_up_to_a_few(past: FlaskClient) -> None:
    """6: a tag for both; 7: another note; then Mara's being added has three kinds of things in its way."""
    bulk(past, do="tag", id="1,2", names="Choir")
    past.patch("/api/users/1", json={"note": "Bass"})
    refused = html.unescape(past.post("/history/1/undo").text)
    said = re.search(r"stands in the way: (.*?)\. Nothing was changed", refused)
    plain = re.sub(r"<[^>]+>", "", said[1]) if said else ""
    assert plain == "Change Mara’s note; Post about Mara: Coffee; Tag 2 people with Choir"
    assert said and re.findall(r'<a class="link" href="/history/(\d+)"', said[1]) == ["7", "4", "6"]


def test_a_number_that_never_was_is_told_from_one_that_went(past: FlaskClient, app: Flask) -> None:
    past.post("/undo")
    for number, said in (("99", "No change has the number 99."), ("6", "Number 6 is an undo or a redo")):
        for answer in (past.get(f"/history/{number}"), past.post(f"/history/{number}/undo")):
            assert answer.status_code == 404 and said in html.unescape(answer.text)
    with app.app_context(), database.engine().begin() as connection:
        horizon.prune(raw(connection), 2)
    assert "not in the history any more" in past.get("/history/1").text


def test_people_whom_an_operation_changed_come_in_pages(client: FlaskClient) -> None:
    for number in range(60):
        client.post("/api/users", json={"username": f"user{number}", "email": f"{number}@post.example"})
    bulk(client, do="trash", all="1")
    newest = listed(client)[0]
    page = client.get(f"/history/{newest}").text
    assert page.count("Moved to the trash") == 50
    further = re.search(rf'href="(/history/{newest}\?after=\d+)"', page)
    assert further
    assert client.get(further[1]).text.count("Moved to the trash") == 10
    assert client.get(f"/history/{newest}?after=99").text.count("Moved to the trash") == 0


def bulk(client: FlaskClient, **form: str) -> None:
    shown = client.post("/bulk", data={**form, "look": "1"}).text
    found = re.search(r'name="sure" value="(\d+)"', shown)
    assert found
    assert client.post("/bulk", data={**form, "sure": found[1]}).status_code == 303


def test_records_of_nobody_are_named_too(client: FlaskClient) -> None:
    client.post("/settings/fields/add", data={"name": "Voice", "kind": "text"})
    client.post("/settings/roster", data={"title": "Choir of Lund", "email_required": "1"})
    client.post("/views", data={"name": "Lund", "q": "city:lund"})
    pages = [html.unescape(client.get(f"/history/{number}").text) for number in (1, 2, 3)]
    assert '<ins class="now">Voice</ins>' in pages[0]
    assert "Choir of Lund" in pages[1]
    assert '<ins class="now">Lund</ins>' in pages[2]


def test_values_are_put_back_from_what_a_change_was(client: FlaskClient) -> None:
    client.post("/api/users", json={"username": "mara", "email": "mara@post.example", "note": "Tenor"})
    client.patch("/api/users/1", json={"note": "Bass"})
    here = {"Referer": "http://localhost/history/2"}

    def put_back() -> str:
        keys = re.findall(r'name="key" value="([^"]*)"', client.get("/history/2").text)
        assert (
            client.post("/users/1/changes/put-back", data={"key": keys[0]}, headers=here).location
            == "/history/2"
        )
        return str(client.get("/api/users/1").json["note"])

    assert put_back() == "Tenor"
    for _each in range(2):
        client.post("/undo")
    assert client.get("/api/users/1").json["note"] == "Tenor"
    assert put_back() == "Bass"


def test_a_name_finds_what_was_done_to_many_and_so_does_the_filter(past: FlaskClient) -> None:
    """6: a tag for both; 7: Noor renamed; 8: a post about both; 9, 10: she is in the trash, and gone."""
    bulk(past, do="tag", id="1,2", names="Choir")
    past.patch("/api/users/2", json={"given": "Zoë", "username": "zoe"})
    past.post("/users/1/posts", data={"title": "Regatta", "people": "zoe"})
    for called in ("noor", "ZOE"):
        assert listed(past, q=called) == listed(past, person="2") == ["8", "7", "6", "2"]
    assert listed(past, q="noor tag") == listed(past, q="choir zoe") == ["6"]
    assert listed(past, q="noor mara") == ["8"]  # its sentence says Mara; nobody is called both
    assert listed(past, q="oor") == ["7", "2"]  # where a sentence says it; no name begins with it
    past.post("/users/2/trash")
    assert listed(past, q="zoe") == listed(past, person="2") == ["9", "8", "7", "6", "2"]
    past.post("/trash/empty")
    for called in ("noor", "zoe"):
        assert listed(past, q=called) == listed(past, person="2") == ["10", "9", "8", "7", "6", "2"]


def test_a_word_that_very_many_are_called_by_is_looked_for_in_sentences_alone(
    past: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    bulk(past, do="tag", id="1,2", names="Choir")
    assert listed(past, q="noor") == ["6", "2"]
    monkeypatch.setattr(involved, "MOST", 0)
    assert listed(past, q="noor") == ["2"]


def test_who_came_to_a_post_and_went_from_it_is_said(past: FlaskClient) -> None:
    """6: a post about Mara and Noor; 7: without Noor; 8: undone alone; 9: undone in turn."""
    past.post("/users/1/posts", data={"title": "Regatta", "people": "noor"})
    past.post("/posts/2/edit", data={"title": "Regatta", "people": ""})
    said = [re.sub(r"\s+", " ", past.get(f"/history/{number}").text) for number in (6, 7)]
    assert '<ins class="now">Regatta</ins>' in said[0]
    assert 'Also about <ins class="now">Noor</ins>' in said[0]
    assert "<bdi>Regatta</bdi>" in said[1]
    assert 'Also about <del class="was">Noor</del>' in said[1]
    past.post("/history/7/undo")
    assert 'Also about <ins class="now">Noor</ins>' in past.get("/history/8").text


def test_whom_a_change_names_is_led_to_by_the_name_of_now(past: FlaskClient) -> None:
    past.patch("/api/users/1", json={"given": "Maria", "family": "Ek"})
    led = '<a class="link" href="/users/1"><bdi>Maria Ek</bdi></a>'
    post, change = past.get("/history/4").text, past.get("/history/3").text
    assert "Post about Mara: Coffee" in post and "Change Mara’s" in change
    assert led in post
    assert led.replace("<bdi>", "<strong><bdi>").replace("</bdi>", "</bdi></strong>") in change
    past.post("/users/1/trash")
    assert led not in past.get("/history/4").text


def test_days_are_read_in_words(client: FlaskClient) -> None:
    mara = {"username": "mara", "email": "mara@post.example", "birthday": "1987-04-03"}
    client.post("/api/users", json=mara)
    client.patch("/api/users/1", json={"birthday": "1987-03-04", "dates": [{"date": "2010-06"}]})
    for address in ("/history", "/users/1"):
        said = " ".join(re.sub("<[^>]*>", "", client.get(address).text).split())
        assert "Birthday 3 April 1987→4 March 1987" in said
        assert "Date June 2010" in said
    client.post("/api/posts", json={"user_id": 1, "title": "Call", "date": "2026-03-01"})
    client.patch("/api/posts/1", json={"date": "2026-03-02"})
    said = " ".join(re.sub("<[^>]*>", "", client.get("/history").text).split())
    assert "Day 1 March 2026→2 March 2026" in said


def test_an_own_field_is_said_as_on_the_page_of_its_person(client: FlaskClient) -> None:
    for name, kind in (("Since", "date"), ("Drives", "yes_no"), ("Voice", "choices")):
        field = {"name": name, "kind": kind, "options": "Alto\nBass"}
        assert client.post("/settings/fields/add", data=field).status_code == 303
    mara = {"username": "mara", "email": "mara@post.example"}
    client.post(
        "/api/users", json={**mara, "fields": {"Since": "3.2.2020", "Drives": "no", "Voice": ["Alto"]}}
    )
    client.patch("/api/users/1", json={"fields": {"Since": "2021-04", "Drives": "yes", "Voice": ["Bass"]}})
    now = client.get("/users/1").text
    assert "April 2021</bdi>" in now and "Yes</bdi>" in now
    for address in ("/history", "/history/5", "/users/1"):
        said = " ".join(re.sub("<[^>]*>", "", client.get(address).text).split())
        for each in ("Since 3 February 2020→April 2021", "Drives No→Yes", "Voice Alto→Bass"):
            assert each in said, (address, each)
    client.post("/settings/fields/1/trash")
    said = " ".join(re.sub("<[^>]*>", "", client.get("/history/5").text).split())
    assert "Since 3 February 2020→April 2021" in said


@pytest.mark.parametrize("typed", [".5", "1 234,5", "1,234.5"])
def test_what_a_number_was_while_it_was_text_is_said_as_it_was_typed(client: FlaskClient, typed: str) -> None:
    client.post("/settings/fields/add", data={"name": "Paid", "kind": "text"})
    client.post("/api/users", json={"username": "mara", "email": "m@x.example", "fields": {"Paid": typed}})
    assert client.post("/settings/fields/1/kind", data={"kind": "number"}).status_code == 303
    for address in ("/users/1", "/history", "/history/3"):
        assert client.get(address).status_code == 200
    assert f'<del class="was">{typed}</del>' in client.get("/users/1").text
