"""Many people taken elsewhere, at the door: their e-mails, and themselves as a file."""

import json
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.http.test_bulk import add
from webui.host import NoHost


class Window(NoHost):
    """A window whose person chooses `chosen`."""

    native = True
    chosen: Path | None = None

    def choose_save(self, _title: str, _name: str) -> Path | None:
        return self.chosen


@pytest.fixture
def three(client: FlaskClient) -> FlaskClient:
    """Mara and Noor of the choir, Tom without an e-mail."""
    add(client, "mara", "Choir")
    add(client, "noor", "Choir")
    form = {"username": "tom", "given": "Tom", "email": "", "email_optional": "1"}
    assert client.post("/add", data=form).status_code == 303
    return client


def test_e_mails_are_shown_once_each_and_how_many_have_none(three: FlaskClient) -> None:
    page = three.post("/bulk/emails", data={"all": "1", "q": ""}).text
    assert ">mara@post.example, noor@post.example</textarea>" in page
    assert "2 addresses, each once" in page
    assert "1 has none." in page
    page = three.post("/bulk/emails", data={"id": "1"}).text
    assert ">mara@post.example</textarea>" in page
    assert "none." not in page


def test_the_kind_of_file_is_asked_for(three: FlaskClient) -> None:
    page = three.post("/bulk/export", data={"id": ["1", "2"]}).text
    assert "Export 2 people" in page
    assert '<input type="hidden" name="id" value="1,2">' in page
    for kind in ("csv", "json", "vcf"):
        assert f'name="kind" value="{kind}"' in page


@pytest.mark.parametrize("kind", ["csv", "json", "vcf"])
def test_a_browser_is_given_those_selected_alone(three: FlaskClient, kind: str) -> None:
    answer = three.post("/bulk/export", data={"all": "1", "q": "tag:choir", "kind": kind})
    assert f"filename=roster-people.{kind}" in answer.headers["Content-Disposition"]
    assert b"mara@post.example" in answer.data
    assert b"noor@post.example" in answer.data
    assert b"Tom" not in answer.data
    if kind == "json":
        assert [each["username"] for each in json.loads(answer.data)] == ["mara", "noor"]
    answer.close()


def test_a_window_saves_where_its_dialog_says(three: FlaskClient, app: Flask, tmp_path: Path) -> None:
    window = app.extensions["roster.host"] = Window()
    form = {"id": "1,2", "kind": "csv"}
    assert three.post("/bulk/export", data=form).location == "/"  # changed their mind
    window.chosen = tmp_path / "choir.csv"
    answer = three.post("/bulk/export", data=form)
    assert "2 people saved in choir.csv." in three.get(answer.location).text
    assert window.chosen.read_text(encoding="utf-8-sig").count("@post.example") == 2
    window.chosen = tmp_path / "data" / "roster.db"
    answer = three.post("/bulk/export", data=form)
    assert "saved in" not in three.get(answer.location).text


@pytest.mark.parametrize("address", ["/bulk/emails", "/bulk/export"])
def test_nobody_is_said(three: FlaskClient, address: str) -> None:
    answer = three.post(address, data={"id": "99", "kind": "csv"})
    assert "Nobody was selected." in three.get(answer.location).text


def test_a_kind_there_is_not_is_refused(three: FlaskClient) -> None:
    answer = three.post("/bulk/export", data={"id": "1", "kind": "exe"})
    assert answer.status_code in (400, 409, 422)
    assert "Known are: .csv" in answer.text
