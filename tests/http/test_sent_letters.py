"""A sheet that is back in letters that were taken for others, at the door: they can be told."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.http.following import followed
from tests.http.imported import choose, page
from tests.http.test_exports import downloaded
from tests.http.test_sent import add

Tell = Callable[[str], TestResponse]


@pytest.fixture
def preview(client: FlaskClient) -> TestResponse:
    """The page of a sheet in Windows-1252: two edits of one person, one of them left out, and a row of
    someone who can't be taken."""
    add(client, "mara", organisation="Ångström")
    add(client, "noor", organisation="Åsa")
    add(client, "lea")
    _name, content = downloaded(
        client, who="all", kind="csv", comes_back="csv", column=["email", "given", "organisation"]
    )
    assert "Letters" not in page(followed(client, choose(client, content)))  # nothing was guessed of these
    theirs = content.decode("utf-8-sig").replace("Åsa", "Öst").replace("Noor", "Nora")
    written = theirs.replace("lea@x.example", "no e-mail ø").encode("cp1252")
    shown = followed(client, choose(client, written + b"\n" * (len(written) % 2)))  # it could be UTF-16
    (noor,) = re.findall(r'id="row-(\d+)"[\s\S]{0,600}Noor Ek', shown.get_data(as_text=True))
    left_out = client.post(f"{shown.request.path}/{noor}", data={"field": "given", "choice": "mine"})
    return followed(client, left_out)


@pytest.fixture
def address(preview: TestResponse) -> str:
    return preview.request.path


@pytest.fixture
def told(client: FlaskClient, address: str) -> Tell:
    return lambda codec: followed(client, client.post(f"{address}/letters", data={"encoding": codec}))


def test_the_letters_of_a_sheet_that_is_back_can_be_told(
    client: FlaskClient, preview: TestResponse, address: str, told: Tell
) -> None:
    assert '<option value="cp1252" selected>Windows-1252</option>' in preview.get_data(as_text=True)
    assert "Take 1 edit " in page(preview)
    wrong = page(told("cp1250"))
    assert "Ĺngström" in wrong
    assert "Take 2 edits " in wrong
    for codec in ("Windows-1252", "rot13"):  # the second is for no letters: they are found again
        told("cp1250")
        right = page(told(codec))
        assert "Ĺngström" not in right
        assert "Take 1 edit " in right  # what was left out still is
    assert "People edited 1" in page(followed(client, client.post(address)))
    assert "Öst" in page(client.get("/users/2"))
    assert "Ångström" in page(client.get("/users/1"))


@pytest.mark.parametrize(
    ("codec", "why"),
    [
        ("utf-16", "Read as UTF-16 this is no sheet that was sent from here"),
        ("utf-8", "Not all of this file can be read as UTF-8, but as Windows-1252 it can."),
    ],
)
def test_letters_in_which_it_is_no_such_sheet_change_nothing(
    codec: str, why: str, client: FlaskClient, preview: TestResponse, address: str, told: Tell
) -> None:
    assert why in page(told(codec))
    assert page(client.get(address)) == page(preview)
    done = followed(client, client.post(address))
    assert "People edited 1" in page(done)
    assert "no e-mail ø" in client.get(f"{address}/left").data.decode("cp1252")


def test_once_edits_are_taken_what_is_left_out_stays_in_its_letters(
    client: FlaskClient, address: str, told: Tell
) -> None:
    assert "Letters" in page(told("cp1250"))
    followed(client, client.post(address))
    before = client.get(f"{address}/left").data
    assert "no e-mail ř" in before.decode("cp1250")
    assert client.post(f"{address}/letters", data={"encoding": "mac-roman"}).location == address
    assert "Letters" not in page(followed(client, client.get(address)))
    assert client.get(f"{address}/left").data == before
