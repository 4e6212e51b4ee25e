"""Own fields, at the door: made in Settings, filled in with a person, shown, in the trash and back."""

import html
import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from webui.pages import own_fields

MARA = {"username": "mara", "email": "mara@post.example", "given": "Mara"}


def field(client: FlaskClient, name: str, kind: str = "text", **more: Any) -> TestResponse:
    made = client.post("/settings/fields/add", data={"name": name, "kind": kind, **more})
    assert made.status_code == 303, words(made)
    return made


def words(response: TestResponse) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.text)).split())


def own(client: FlaskClient, user_id: int = 1) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"/api/users/{user_id}").json["fields"]
    return found


@pytest.fixture
def choir(client: FlaskClient) -> FlaskClient:
    field(client, "Voice", "choice", options="Alto\nSoprano", hint="As sung in the choir")
    field(client, "Member no", no_two_alike="1")
    field(client, "Speaks", "choices", options="Swedish\nEnglish")
    field(client, "Rent", "number")
    field(client, "Newsletter", "yes_no", default_value="yes")
    field(client, "Since", "date")
    field(client, "Page", "link")
    field(client, "Second e-mail", "email")
    field(client, "Second phone", "phone")
    field(client, "Story", "long_text")
    return client


FILLED = {
    **MARA,
    "own-1": "Alto", "own-2": "004", "own-3": ["", "Swedish", "English"], "own-4": "1,234.50", "own-5": "no",
    "own-6": "4 mar 1987", "own-7": "lindqvist.example", "own-8": "m@l.example", "own-9": "+46 8 465 004 17",
    "own-10": "One\r\nTwo",
}  # fmt: skip


def test_settings_list_the_fields_with_their_people(choir: FlaskClient) -> None:
    choir.post("/add", data=FILLED)
    page = words(choir.get("/settings"))
    assert "Voice One of 2 1 person" in page
    assert "Member no Text 1 person No two alike" in page
    assert "Speaks Several of 2 1 person" in page
    assert "The field Story is here now." in page
    assert "Undo Add Mara" in page
    assert 'aria-current="page">' in choir.get("/settings/fields/1").text


def test_a_person_shows_what_is_in_them_and_the_way_there(choir: FlaskClient) -> None:
    assert choir.post("/add", data=FILLED).status_code == 303
    for address in ("/users/1", "/"):
        page = choir.get(address).text
        assert "Swedish</bdi>, <bdi>English" in page
        for said in (
            '<a href="https://lindqvist.example" rel="noopener noreferrer">lindqvist.example</a>',
            '<a href="mailto:m%40l.example">',
            '<a href="tel:+46846500417">+46 8 465 004 17</a>',
            "<bdi>1,234.50</bdi>",
            "<bdi>4 March 1987</bdi>",
            "<bdi>No</bdi>",
            "<bdi>004</bdi>",
        ):
            assert said in page, said
    assert own(choir)["Rent"] == 1234.5


def test_the_form_holds_what_was_typed_each_by_its_kind(choir: FlaskClient) -> None:
    choir.post("/add", data=FILLED)
    page = choir.get("/users/1/edit").text
    assert '<option value="Alto" selected>' in page
    assert '<option value="no" selected>' in page
    assert page.count('name="own-3" value="Swedish" checked') == 1
    for said in ('value="004"', 'value="1234.50"', 'value="4 mar 1987"', "As sung in the choir"):
        assert said in page
    before = choir.get("/api/users/1").json
    assert choir.post("/users/1/edit", data=FILLED).status_code == 303
    assert choir.get("/api/users/1").json == before


def test_a_new_person_begins_with_the_default(choir: FlaskClient) -> None:
    assert '<option value="yes" selected>' in choir.get("/add").text
    choir.post("/add", data={**MARA, "own-5": ""})
    assert own(choir)["Newsletter"] is None


def test_a_number_is_read_as_the_language_writes_it(
    choir: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_fields, "decimal", lambda: ",")
    choir.post("/add", data={**FILLED, "own-4": "1,234"})
    assert own(choir)["Rent"] == 1.234
    assert 'value="1,234"' in choir.get("/users/1/edit").text
    before = choir.get("/api/users/1").json
    choir.post("/users/1/edit", data={**FILLED, "own-4": "1,234"})
    assert choir.get("/api/users/1").json == before
    refused = choir.post("/users/1/edit", data={**FILLED, "own-4": "2,345", "own-6": "soon"})
    assert 'value="2,345"' in refused.text


def test_a_long_text_is_cut_beside_the_list_alone(choir: FlaskClient) -> None:
    choir.post("/add", data={**FILLED, "own-10": "x" * 400})
    assert "x" * 301 not in choir.get("/users/1/pane", headers={"HX-Request": "true"}).text
    assert "x" * 400 in choir.get("/users/1").text


def test_what_is_doubtful_is_told_beside_its_field_and_kept(choir: FlaskClient) -> None:
    refused = choir.post("/add", data={**FILLED, "own-4": "many", "own-6": "3/4/1987", "own-1": "Tenor"})
    assert refused.status_code == 422
    told = words(refused)
    assert "Not saved yet. 3 things to fix:" in told
    assert "“many” is no number; write it as in 12, 12.5 or 1,234.50" in told
    assert "“3/4/1987” can be two days" in told
    assert 'href="#own-4">Rent:' in refused.text
    assert 'value="many"' in refused.text
    assert '<option value="Tenor" selected>' in refused.text
    assert 'id="own-4-error"' in refused.text


def test_who_has_the_same_is_named_with_a_link(choir: FlaskClient) -> None:
    choir.post("/add", data=FILLED)
    noor = {"username": "noor", "email": "n@post.example", "own-2": "004"}
    refused = choir.post("/add", data=noor)
    assert refused.status_code == 422
    assert 'Taken by <a class="link" href="/users/1">Mara</a>.' in refused.text


def test_what_is_needed_is_marked_in_the_form_of_a_person(client: FlaskClient) -> None:
    for name, kind in (("Voice", "choice"), ("Seats", "number"), ("Roles", "choices"), ("Free", "text")):
        form = {"name": name, "kind": kind, "options": "A\nB"} | ({} if name == "Free" else {"required": "1"})
        client.post("/settings/fields/add", data=form)
    fields = re.compile(r'<(?:input|select)[^>]* id="([\w-]+)"[^>]*aria-required="true"')
    page = client.get("/add").text
    assert fields.findall(page) == ["username", "email", "own-1", "own-2"]
    assert 'aria-labelledby="own-3-label own-3-needed"' in page, "a group says it by its name"
    assert page.count(">needed</span>") == 5
    client.post("/settings/roster", data={"title": "Choir"})  # the e-mail rule is off then
    assert fields.findall(client.get("/add").text) == ["username", "own-1", "own-2"]


def test_the_name_of_a_field_is_marked_as_needed(client: FlaskClient) -> None:
    client.post("/settings/fields/add", data={"name": "Voice", "kind": "text"})
    for address in ("/settings/fields/add", "/settings/fields/1"):
        page = client.get(address).text
        assert re.search(r'id="name"[^>]*aria-required="true"', page)
        assert page.count(">needed</span>") == 1


def test_what_is_needed_is_asked_for_at_each_edit(client: FlaskClient) -> None:
    client.post("/add", data=MARA)
    field(client, "Voice", required="1")
    refused = client.post("/users/1/edit", data={**MARA, "own-1": ""})
    assert (refused.status_code, "Voice can't stay empty" in words(refused)) == (422, True)
    assert 'aria-invalid="true"' in refused.text
    assert client.post("/users/1/edit", data={**MARA, "own-1": "Alto"}).status_code == 303
    assert "Undo Change Mara’s Voice" in words(client.get("/users/1"))


def test_none_ticked_empties_and_what_was_not_shown_stays(choir: FlaskClient) -> None:
    choir.post("/add", data=FILLED)
    choir.post("/users/1/edit", data={**MARA, "own-3": ""})
    assert (own(choir)["Speaks"], own(choir)["Voice"]) == ([], "Alto")


def test_two_who_change_different_fields_both_keep_theirs(choir: FlaskClient) -> None:
    choir.post("/add", data=FILLED)
    form = choir.get("/users/1/edit").text
    hidden = {
        name: html.unescape(re.findall(f'name="{name}" value="([^"]*)"', form)[0])
        for name in ("seen", "base")
    }
    hidden["own-4"] = "1234.50"  # as the form had it
    choir.patch("/api/users/1", json={"fields": {"Rent": 5}})
    beside = choir.post("/users/1/edit", data={**FILLED, **hidden, "own-1": "Soprano"})
    assert beside.status_code == 303
    assert (own(choir)["Rent"], own(choir)["Voice"]) == (5, "Soprano")
    both = choir.post("/users/1/edit", data={**FILLED, **hidden, "own-4": "7", "own-3": ["", "English"]})
    assert both.status_code == 409
    assert "Rent: 5 → 7" in words(both)
    assert "Speaks:" not in words(both)
    assert own(choir)["Rent"] == 5


def test_a_field_is_changed_and_what_can_not_be_is_told(choir: FlaskClient) -> None:
    page = choir.get("/settings/fields/1").text
    assert "Alto\nSoprano</textarea>" in page
    saved = choir.post(
        "/settings/fields/1", data={"name": "Part", "options": "Alto\nBass", "hint": "", "listed": "1"}
    )
    assert saved.location == "/settings#field-1"
    assert "The field Part is saved." in words(choir.get("/settings"))
    for form, said, status in (
        ({"name": "speaks", "options": "a"}, "There is a field Speaks already", 409),
        ({"name": "", "options": ""}, "Write what can be chosen, one on each line", 422),
    ):
        refused = choir.post("/settings/fields/1", data=form)
        assert (refused.status_code, said in words(refused)) == (status, True)
    assert choir.post("/settings/fields/add", data={"name": "A", "kind": "x"}).status_code == 422
    assert choir.get("/settings/fields/99").status_code == 404


def test_a_field_is_moved_and_its_button_keeps_the_focus(choir: FlaskClient) -> None:
    moved = choir.post("/settings/fields/3/move", data={"to": "up"})
    assert moved.location == "/settings#up-3"
    assert choir.post("/settings/fields/3/move", data={"to": "up"}).location == "/settings#down-3"
    page = choir.get("/settings").text
    assert page.index('id="field-3"') < page.index('id="field-1"')
    assert '<button class="btn quiet icon-only" id="up-3" name="to" value="up" disabled' in page
    choir.post("/undo")
    page = choir.get("/settings").text
    assert page.index('id="field-1"') < page.index('id="field-3"')


def test_another_kind_shows_what_fits_and_keeps_the_rest_in_the_note(choir: FlaskClient) -> None:
    choir.post("/add", data=FILLED)
    choir.post("/add", data={"username": "noor", "email": "n@post.example", "own-2": "abc"})
    page = words(choir.get("/settings/fields/2/kind?kind=number"))
    assert "One fits" in page
    assert "One does not, and goes to the note" in page
    assert "Note: Member no: abc" in page
    assert own(choir)["Member no"] == "004"
    assert choir.post("/settings/fields/2/kind", data={"kind": "number"}).status_code == 303
    assert "what one person had is in their note" in words(choir.get("/settings"))
    assert (own(choir)["Member no"], own(choir, 2)["Member no"]) == (4, None)
    assert choir.get("/api/users/2").json["note"] == "Member no: abc"
    choir.post("/undo")
    assert (own(choir, 2)["Member no"], choir.get("/api/users/2").json["note"]) == ("abc", None)
    refused = choir.get("/settings/fields/4/kind", query_string={"kind": "choice", "options": "x" * 121})
    assert refused.status_code == 422
    assert choir.get("/settings/fields/2/kind?kind=nonsense").status_code == 422
    assert choir.get("/settings/fields/2/kind").status_code == 200


def test_what_people_have_is_offered_as_what_can_be_chosen(choir: FlaskClient) -> None:
    choir.post("/add", data=FILLED)
    assert ">\n004</textarea>" in choir.get("/settings/fields/2/kind?kind=choice").text


def test_a_field_goes_to_the_trash_and_comes_back_with_its_values(choir: FlaskClient) -> None:
    choir.post("/add", data=FILLED)
    choir.post("/settings/fields/1/remove")
    assert "The field Voice moved to the trash, with all that is in it." in words(choir.get("/settings"))
    assert "Voice" not in own(choir)
    assert "Alto" not in choir.get("/users/1").text
    field(choir, "Voice")
    refused = choir.post("/settings/fields/1/put-back")
    assert refused.status_code == 422
    assert "There is a field Voice already" in words(refused)
    assert 'value="Voice"' in refused.text
    assert choir.post("/settings/fields/1/put-back", data={"name": "Part"}).status_code == 303
    assert own(choir)["Part"] == "Alto"
    assert choir.post("/settings/fields/1/put-back").status_code == 404
    assert "The trash is empty." in words(choir.get("/trash"))


def test_someone_comes_back_whose_number_is_taken_by_now(choir: FlaskClient) -> None:
    choir.post("/add", data=FILLED)
    choir.post("/users/1/trash")
    choir.post("/add", data={"username": "noor", "email": "n@post.example", "own-2": "004"})
    refused = choir.post("/users/1/put-back")
    assert refused.status_code == 422
    assert 'id="own-2" name="own-2" value="004"' in refused.text
    assert choir.post("/users/1/put-back", data={"own-2": "005"}).status_code == 303
    assert (own(choir)["Member no"], own(choir)["Voice"]) == ("005", "Alto")


def test_a_wild_name_is_shown_as_it_is_written(client: FlaskClient) -> None:
    name = '<b>"Ö" & %(name)s {{ x }}'
    field(client, name, required="1")
    client.post("/add", data={**MARA, "own-1": "x"})
    for address in ("/settings", "/users/1", "/users/1/edit", "/", "/settings/fields/1"):
        page = client.get(address).text
        assert '<b>"' not in page
        assert name in html.unescape(page)
    assert name in words(client.post("/users/1/edit", data={**MARA, "own-1": ""}))
