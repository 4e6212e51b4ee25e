"""An import that was begun and is not done is offered again where the next file is chosen."""

import re

import pytest
from flask.testing import FlaskClient

from tests.http.following import followed
from tests.http.imported import begun, choose, page, planned
from tests.http.test_sent import add, of_rows
from webui.jobs import Cancelled

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
