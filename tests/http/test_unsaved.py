"""What was typed of a person on a page that was left: a draft, until it is saved or thrown away."""

import html
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.http.following import followed
from webui.pages import unsaved

TYPED = {"given": "Mara", "username": "mara", "email": "mara@post.example", "note": "Sings"}


@pytest.fixture
def mara(client: FlaskClient) -> str:
    client.post("/add", data=TYPED)
    return "/users/1/edit"


def leave(client: FlaskClient, address: str, **typed: str) -> None:
    assert client.post(address, data={**typed, "draft": "1"}).status_code == 204


def test_a_draft_stands_in_the_form_and_nowhere_else(client: FlaskClient, mara: str) -> None:
    phones = {"phones-label": "Mobile", "phones-phone": "+46 8 465 004 17"}
    leave(client, mara, **{**TYPED, **phones, "note": "Sings alto", "given": ""})
    form = client.get(mara).text
    assert "Sings alto</textarea>" in form and 'value="+46 8 465 004 17"' in form
    assert "kept as a draft" in form and 'name="throw"' in form
    assert "Sings alto" not in client.get("/users/1").text
    client.post(mara, data={"throw": "1"})
    form = client.get(mara).text
    assert "Sings</textarea>" in form and "Throw the draft" not in form


def test_a_draft_is_gone_once_it_is_saved(client: FlaskClient, mara: str) -> None:
    for address, username in ((mara, "mara"), ("/add", "bo")):
        typed = {**TYPED, "note": "Alto", "username": username, "email": f"{username}@x.example"}
        leave(client, address, **typed)
        assert client.post(address, data=typed).status_code == 303
        assert 'name="throw"' not in client.get(address).text
    assert client.get("/users/2").status_code == 200


def test_a_draft_that_met_a_change_is_not_saved_over_it(client: FlaskClient, mara: str) -> None:
    form = client.get(mara).text
    hidden = {name: re.findall(f'name="{name}" value="([^"]*)"', form)[0] for name in ("seen", "base")}
    typed = {**TYPED, "note": "Sings alto", **{name: html.unescape(each) for name, each in hidden.items()}}
    leave(client, mara, **typed)
    client.patch("/api/users/1", json={"note": "Sings tenor"})
    assert "Sings alto" in client.get(mara).text
    met = client.post(mara, data=typed)
    assert met.status_code == 409
    assert "Sings tenor" in met.text and "Sings alto" in met.text
    assert 'name="throw"' in client.get(mara).text  # it is not saved yet


def test_who_is_forgotten_is_in_no_draft(app: Flask, client: FlaskClient, mara: str) -> None:
    leave(client, mara, note="Sings alto")
    page = followed(client, client.get("/users/1/forget"))
    with app.app_context():
        assert unsaved.kept().of(mara)
    followed(client, client.post(page.request.path, data={"sure": "1"}))
    with app.app_context():
        assert not unsaved.kept().of(mara)


def test_only_so_many_are_kept(client: FlaskClient, mara: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unsaved, "MOST", 1)
    leave(client, mara, note="Sings first")
    leave(client, "/add", note="Sings second")
    assert "Sings second" in client.get("/add").text
    assert "Sings first" not in client.get(mara).text
