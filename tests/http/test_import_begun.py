"""An import that was begun and is not done is offered again where the next file is chosen."""

import re
import threading
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.http.following import followed
from tests.http.imported import begun, choose, page, planned
from tests.http.test_sent import add, of_rows
from webui.exchange import importing, matching
from webui.jobs import Cancelled
from webui.pages import import_preview

BEGUN = "You have begun to import people.csv; nothing of it is saved yet."
PEOPLE = "First Name,E-mail\nMara,m@x.example\n"


def offered(client: FlaskClient) -> list[str]:
    """Return where one can go on."""
    shown = client.get("/import")
    addresses = re.findall(r'href="([^"]+)">Go on', shown.get_data(as_text=True))
    assert page(shown).count(BEGUN) == len(addresses)
    return addresses


def test_it_goes_on_where_it_stands_until_it_is_done(client: FlaskClient) -> None:
    assert offered(client) == []
    address = begun(client, PEOPLE)
    assert offered(client) == [f"{address}/columns"]
    planned(client, address, ["given", "email"])
    assert offered(client) == [f"{address}/preview"]
    other = begun(client, PEOPLE)
    assert sorted(offered(client)) == sorted([f"{address}/preview", f"{other}/columns"])
    client.post(f"{other}/leave")
    assert BEGUN in page(choose(client, ""))  # which is refused
    followed(client, client.post(address))
    assert offered(client) == []


def test_who_comes_to_an_empty_roster_is_led_to_it(client: FlaskClient) -> None:
    assert "begun" not in page(client.get("/"))
    address = begun(client, PEOPLE)
    assert BEGUN in page(client.get("/"))
    assert f'href="{address}/columns">Go on' in client.get("/").get_data(as_text=True)


def test_a_sheet_that_is_back_goes_on_too(client: FlaskClient) -> None:
    add(client, "mara")
    address = of_rows(client, lambda rows: rows[0].update(family="Lund"))
    assert offered(client) == [address]
    followed(client, client.post(address))
    assert offered(client) == []


def test_what_was_cancelled_on_the_way_goes_on_before_that(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cancelled(*_all: object) -> None:
        raise Cancelled

    address = begun(client, PEOPLE)
    monkeypatch.setattr("webui.exchange.matching.match", cancelled)
    planned(client, address, ["given", "email"])
    assert offered(client) == [f"{address}/columns"]


def test_an_import_under_way_is_neither_offered_nor_left(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    going, begins, real = threading.Event(), threading.Event(), importing.apply

    def slow(*told: Any, **more: Any) -> Any:
        begins.set()
        assert going.wait(60)
        return real(*told, **more)

    address = begun(client, PEOPLE)
    planned(client, address, ["given", "email"])
    monkeypatch.setattr(importing, "apply", slow)
    asked = client.post(address)
    assert begins.wait(60)
    assert offered(client) == []
    welcome = client.get("/")
    assert "“Import people.csv” is under way" in page(welcome)
    assert f'href="{asked.location}">See how far it is' in welcome.get_data(as_text=True)
    client.post(f"{address}/leave")
    going.set()
    followed(client, asked)
    assert len(client.get("/api/users").json) == 1


def test_nothing_is_answered_while_an_import_is_looked_at_anew(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    going, begins, real = threading.Event(), threading.Event(), matching.match

    def slow(*told: Any) -> None:
        begins.set()
        assert going.wait(60)
        real(*told)

    add(client, "mara", given="Mara", family="Ek")
    address = begun(client, "Name,E-mail\nMara Ek,m@x.example\n,b@x.example\n")
    row = f"{address}/rows/0"
    planned(client, address, ["full_name", "email"])
    client.post(row, data={"choice": "same"})
    monkeypatch.setattr(matching, "match", slow)
    asked = client.post(f"{address}/dates", data={"dates": "day"})
    assert begins.wait(60)
    later = {
        row: {"choice": "skip"}, f"{address}/dates": {"dates": "month"}, f"{row}/cells": {"cell": "x"},
        f"{address}/columns": {"target": ["kept", "email"]}, f"{address}/region": {"phone_region": "SE"},
    }  # fmt: skip
    for door, form in later.items():
        said = client.post(door, data=form, follow_redirects=True)
        assert "at work on this import just now, so that was not taken" in page(said), door
    assert "was not taken" in page(client.get(f"{address}/columns?header=no", follow_redirects=True))
    for view in (client.get(f"{address}/preview"), client.post(address)):
        assert view.location == asked.location
    going.set()
    shown = followed(client, asked).get_data(as_text=True)
    assert re.findall(r'value="(\w+)" aria-pressed="true"', shown) == ["same"]


def test_an_import_is_answered_while_the_preview_of_another_is_made(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = begun(client, PEOPLE), begun(client, PEOPLE)
    for address in (one, other):
        planned(client, address, ["given", "email"])
    answered, real = threading.Event(), import_preview.page

    def answer() -> None:
        if app.test_client().post(f"{other}/rows/0", data={"choice": "none"}).status_code == 303:
            answered.set()

    def slow(*told: Any) -> str:
        threading.Thread(target=answer).start()
        assert answered.wait(60)
        return real(*told)

    monkeypatch.setattr(import_preview, "page", slow)
    assert client.get(f"{one}/preview").status_code == 200


@pytest.mark.parametrize("about", ["[]", "null", "{"])
def test_what_is_none_in_the_folder_of_imports_is_passed_over(
    app: Flask, client: FlaskClient, about: str
) -> None:
    begun(client, PEOPLE)
    folder = Path(app.config["ROSTER_DATA"]) / "scratch" / "imports"
    (folder / ".DS_Store").write_bytes(b"x")
    (folder / "0123456789abcdef").mkdir()
    (folder / "0123456789abcdef" / "about.json").write_text(about)
    assert len(offered(client)) == 1
    assert choose(client, PEOPLE).status_code == 303


def test_a_file_that_begins_with_empty_rows_is_no_empty_file(client: FlaskClient) -> None:
    address = begun(client, "First Name,E-mail\n" + ",\n" * 300 + "Mara,m@x.example\n")
    planned(client, address, ["given", "email"])
    followed(client, client.post(address))
    assert [each["email"] for each in client.get("/api/users").json] == ["m@x.example"]
