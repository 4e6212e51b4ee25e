"""The page after something could not be saved: what was typed stands there by its label, and nothing else."""

import html
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

import webui
from tests.http.following import followed
from webui import typed
from webui.store import errors, tags, users
from webui.store.values import person

TEMPLATES = Path(webui.__file__).parent / "templates"
SHOWN = re.compile(r'<label for="typed-\d+">(.*?)</label><textarea[^>]*>\n(.*?)</textarea>', re.DOTALL)
INPUT = re.compile(r"<(input|textarea)\b((?:[^<>]|<[^<>]*>|->)*)>")
NEVER_TEXT = ("hidden", "checkbox", "radio", "file", "password", "number", "search", "date")


def shown(page: str) -> list[tuple[str, str]]:
    return [(html.unescape(label), html.unescape(text)) for label, text in SHOWN.findall(page)]


def fields_of(page: str) -> dict[str, list[str]]:
    """What a browser would send of the form that saves."""
    form = page[page.index('<form class="wizard"') :]
    form = re.sub(r"<template>.*?</template>", "", form[: form.index("</form>")], flags=re.DOTALL)
    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        said = dict(re.findall(r'([a-z]+)="([^"]*)"', tag))
        if "name" in said and said.get("type") not in ("checkbox", "file"):
            found.setdefault(said["name"], []).append(html.unescape(said.get("value", "")))
    for name, text in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>\n(.*?)</textarea>', form, re.DOTALL):
        found.setdefault(name, []).append(html.unescape(text))
    return found


@pytest.fixture
def full(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """A roster with someone in it, whose disk is full from now on."""

    def fails(*_given: object, **_named: object) -> None:
        raise errors.Full

    client.post("/settings/fields/add", data={"name": "Voice", "kind": "text"})
    client.post("/settings/fields/add", data={"name": "Parts", "kind": "choices", "options": "Alto\nBass"})
    client.post("/add", data={
        "username": "mara", "email": "mara@post.example", "given": "Mara", "family": "Lindqvist",
        "note": "Two\nlines", "phones-label": "Mobile", "phones-phone": "070 1",
        "own-1": "Alto", "own-2": "Alto",
    })  # fmt: skip
    client.post("/tags/1/rename", data={"name": "Choir"})
    monkeypatch.setattr(users, "change", fails)
    monkeypatch.setattr(users, "add", fails)
    monkeypatch.setattr(tags, "rename", fails)
    return client


def test_only_what_was_typed_is_shown_each_by_its_label(full: FlaskClient) -> None:
    form = fields_of(full.get("/users/1/edit").text)
    assert "base" in form and form["own-1"] == ["Alto"]
    form |= {"note": ["Two\r\nlines and a third"], "own-1": ["Tenor"], "own-2": ["", "Bass"]}
    form["phones-phone"][0] = "070 2"
    met = full.post("/users/1/edit", data=form)
    assert met.status_code == 507
    assert shown(met.text) == [
        ("Phone", "Mobile: 070 2"), ("Voice", "Tenor"), ("Parts", "Bass"), ("Note", "Two\nlines and a third"),
    ]  # fmt: skip
    for name in form:
        assert f'type="hidden" name="{name}" value="' in met.text, "it is sent again as it was"


def test_of_a_new_person_all_that_was_typed_is(full: FlaskClient) -> None:
    form = fields_of(full.get("/add").text) | {"given": ["Åsa"], "email": ["asa@post.example"], "take": ["x"]}
    form.pop("take")
    met = full.post("/add", data={**form, "dates-label": ["Name day", ""], "dates-date": ["4 March", ""]})
    assert shown(met.text) == [
        ("First name", "Åsa"),
        ("E-mail", "asa@post.example"),
        ("Date", "Name day: 4 March"),
    ]


def test_a_base_that_is_not_ours_hides_nothing(full: FlaskClient) -> None:
    for base in ("no JSON", "[1]", '{"phones": [1, {"phone": 3}], "fields": 7, "note": ["x"]}', "[" * 9999):
        met = full.post(
            "/users/1/edit", data={"base": base, "note": "Bass", "phones-phone": "1", "own-1": "x"}
        )
        assert met.status_code == 507
        assert [text for _label, text in shown(met.text)] == ["Bass", "x"] or ("Phone", "1") in shown(
            met.text
        )


def test_what_a_form_holds_besides_is_not_shown(full: FlaskClient) -> None:
    met = full.post("/tags/1/rename", data={"name": "Chorus", "order": "hidden", "operation": "9"})
    assert shown(met.text) == [("Name", "Chorus")]
    assert "readonly" in met.text and met.text.count("<textarea") == 1


def test_a_passphrase_is_never_shown(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_given: object, **_named: object) -> None:
        raise errors.Full

    monkeypatch.setattr("webui.pages.locked._faults", fails)
    met = client.post("/safety/locked", data={"passphrase": "correct horse", "again": "correct"})
    assert met.status_code == 507
    assert "<textarea" not in met.text and "What you typed" not in met.text


def test_while_a_past_moment_is_looked_at_too(client: FlaskClient) -> None:
    client.post("/add", data={"username": "mara", "email": "mara@post.example", "given": "Mara"})
    client.post("/users/1/posts", data={"title": "Concert"})
    form = fields_of(client.get("/users/1/edit").text) | {"note": ["Typed before the look"]}
    assert followed(client, client.post("/moments", data={"moment": "1"})).request.path == "/"
    met = client.post("/users/1/edit", data=form)
    assert met.status_code == 409 and "moment" in met.text
    assert shown(met.text) == [("Note", "Typed before the look")]


def test_each_field_in_which_one_types_has_a_label() -> None:
    known = {name for names in typed.LABELS.values() for name in names}
    known |= {"when", "{{ name }}", "{{ name }}-label", "{{ name }}-{{ part }}"}  # drawn from lists of names
    asked = set()
    for path in TEMPLATES.rglob("*.html"):
        page = path.read_text()
        asked |= set(re.findall(r'\b(?:field|draw)\("(\w+)"', page))
        for _tag, said in INPUT.findall(page):
            kind, name = re.search(r'type="(\w+)"', said), re.search(r'\bname="([^"]+)"', said)
            if name and "hidden" not in said.split("data-")[0] and not (kind and kind[1] in NEVER_TEXT):
                asked.add(name[1])
    assert {"body", "names", "title", "given"} <= asked
    assert asked - known == {"again", "passphrase"} & asked
    assert set(person.FIELDS) <= typed.LABELS["users"].keys()
