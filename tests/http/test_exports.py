"""Export, at the door: what is asked, what is written, and how it comes to the person."""

import csv
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.http.following import followed
from tests.http.test_bulk import add
from webui.host import NoHost


class Window(NoHost):
    """A window whose person chooses `chosen`."""

    native = True
    chosen: Path | None = None

    def choose_save(self, _title: str, name: str) -> Path | None:
        self.asked = name
        return self.chosen


@pytest.fixture
def three(client: FlaskClient) -> FlaskClient:
    """Mara and Noor of the choir, Tom without an e-mail."""
    add(client, "mara", "Choir")
    add(client, "noor", "Choir")
    form = {"username": "tom", "given": "Tom", "email": "", "email_optional": "1"}
    assert client.post("/add", data=form).status_code == 303
    return client


def downloaded(client: FlaskClient, **form: Any) -> tuple[str, bytes]:
    """Return name and content of the file that a browser is given."""
    answer = client.post("/export/file", data=form)
    assert answer.status_code == 303, answer.text
    page = followed(client, answer)
    address = page.text.partition('content="0;url=')[2].partition('"')[0]
    with client.get(address) as file:
        name = file.headers["Content-Disposition"].partition("filename=")[2]
        return name, file.data


def test_the_page_asks_who_what_and_which_columns(three: FlaskClient) -> None:
    assert three.post("/settings/fields/add", data={"name": "Voice", "kind": "text"}).status_code == 303
    page = three.get("/export").text
    assert "Everyone: 3 people" in " ".join(page.split())
    assert 'value="ticked"' not in page
    page = three.post("/export", data={"id": ["1", "2"]}).text
    assert '<input type="hidden" name="id" value="1,2">' in page
    assert 'value="ticked" checked' in page
    assert "2 people" in page
    for kind in ("csv", "xlsx", "vcf", "ldif", "json", "sqlite", "html"):
        assert f'name="kind" value="{kind}"' in page
    assert page.count('name="column"') == 25 + 1 + 4
    assert "<bdi>Voice</bdi>" in page
    assert "attached files are not in it." in page
    page = three.post("/export", data={"all": "1", "q": "tag:choir"}).text
    assert "This view: 2 people" in " ".join(page.split())


@pytest.mark.parametrize(
    ("kind", "more", "name"),
    [
        ("csv", {}, "csv"), ("csv", {"separator": "tab"}, "tsv"), ("xlsx", {}, "xlsx"), ("vcf", {}, "vcf"),
        ("vcf", {"each": "1"}, "zip"), ("ldif", {}, "ldif"), ("json", {}, "json"), ("html", {}, "html"),
        ("sqlite", {}, "sqlite"),
    ],
)  # fmt: skip
def test_a_browser_is_given_those_of_a_view_alone(
    three: FlaskClient, kind: str, more: dict[str, str], name: str
) -> None:
    given, content = downloaded(three, who="view", q="tag:choir", kind=kind, **more)
    assert given == f"roster-people.{name}"
    if name in ("xlsx", "zip"):
        with zipfile.ZipFile(io.BytesIO(content)) as opened:
            content = b"".join(map(opened.read, opened.namelist()))
    assert b"mara@post.example" in content
    assert b"noor@post.example" in content
    assert b"Tom" not in content
    if kind == "json":
        assert [each["username"] for each in json.loads(content)["people"]] == ["mara", "noor"]


def test_only_the_columns_that_are_ticked_are_written(three: FlaskClient) -> None:
    form = {"who": "all", "kind": "csv", "raw": "1", "separator": "semicolon", "column": ["given", "email"]}
    _name, content = downloaded(three, **form)
    rows = list(csv.reader(io.StringIO(content.decode()), delimiter=";"))
    assert rows == [
        ["email", "given"],
        ["mara@post.example", "Mara"],
        ["noor@post.example", "Noor"],
        ["", "Tom"],
    ]
    _name, content = downloaded(three, who="all", kind="vcf", version="3", column=["given"])
    assert b"VERSION:3.0" in content
    assert b"EMAIL" not in content


def test_a_file_is_given_once(three: FlaskClient) -> None:
    there = three.get(three.post("/export/file", data={"who": "all", "kind": "csv"}).location).location
    three.get(f"{there}/file").close()
    assert three.get(f"{there}/file").location == "/export"
    assert three.get(there).location == "/export"


def test_a_window_saves_where_its_dialog_says(three: FlaskClient, app: Flask, tmp_path: Path) -> None:
    window = app.extensions["roster.host"] = Window()
    form = {"id": "1,2", "who": "ticked", "kind": "csv"}
    assert three.post("/export/file", data=form).location == "/"  # changed their mind
    assert window.asked == "roster-people.csv"
    window.chosen = tmp_path / "choir.csv"
    answer = three.get(three.post("/export/file", data=form).location)
    assert "2 people saved in choir.csv." in three.get(answer.location).text
    assert window.chosen.read_text(encoding="utf-8-sig").count("@post.example") == 2
    window.chosen = tmp_path / "data" / "roster.db"
    answer = three.post("/export/file", data=form)
    assert "Roster itself needs" in three.get(answer.location).text


@pytest.mark.parametrize("address", ["/export", "/export/file"])
def test_nobody_is_said(three: FlaskClient, address: str) -> None:
    answer = three.post(address, data={"id": "99", "who": "ticked", "kind": "csv"})
    assert "Nobody was selected." in three.get(answer.location).text


def test_a_kind_there_is_not_is_refused(three: FlaskClient) -> None:
    answer = three.post("/export/file", data={"id": "1", "kind": "exe"})
    assert answer.status_code in (400, 409, 422)
    assert "Known are: .csv" in answer.text


def test_a_search_that_cannot_be_read_any_more_is_no_view(three: FlaskClient) -> None:
    for q, offered in (("voice:alto", False), ("tag:choir", True)):
        page = three.post("/export", data={"id": "1", "q": q})
        assert page.status_code == 200
        assert ('value="view"' in page.text) == offered


def test_a_table_for_letters_is_none_to_be_edited(three: FlaskClient) -> None:
    asked = {"who": "all", "kind": "csv", "merge": "csv", "comes_back": "csv"}
    page = three.post("/export/file", data=asked, follow_redirects=True).text
    assert "A table for mail merge has not all that an edited one is compared by." in page
