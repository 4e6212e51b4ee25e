"""A sheet that is back in letters that were taken for others, at the door: they can be told."""

import re

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.http.following import followed
from tests.http.imported import choose, page
from tests.http.test_exports import downloaded
from tests.http.test_sent import add


def test_the_letters_of_a_sheet_that_is_back_can_be_told(client: FlaskClient) -> None:
    add(client, "mara", organisation="Ångström")
    add(client, "noor", organisation="Åsa")
    _name, content = downloaded(
        client, who="all", kind="csv", comes_back="csv", column=["given", "organisation"]
    )
    assert "Letters" not in page(followed(client, choose(client, content)))  # nothing was guessed of these
    theirs = content.decode("utf-8-sig").replace("Åsa", "Öst").replace("Noor", "Nora")
    preview = followed(client, choose(client, theirs.encode("cp1252")))
    address = preview.request.path
    address = preview.request.path
    assert '<option value="cp1252" selected>Windows-1252</option>' in preview.get_data(as_text=True)
    (noor,) = re.findall(r'id="row-(\d+)"', preview.get_data(as_text=True))
    left_out = client.post(f"{address}/{noor}", data={"field": "given", "choice": "mine"})
    assert "Take 1 edit " in page(followed(client, left_out))

    def told(codec: str) -> TestResponse:
        return followed(client, client.post(f"{address}/letters", data={"encoding": codec}))

    wrong = page(told("cp1250"))
    assert "Ĺngström" in wrong
    assert "Edits 3 Conflicts 0" in wrong
    assert '<option value="utf-8" selected>' in told("utf-8").get_data(as_text=True)  # and others after it
    for codec in ("Windows-1252", "rot13"):  # the second is for no letters, and nothing is read by it
        right = page(told(codec))
        assert "Ĺngström" not in right
        assert "Take 1 edit " in right  # what was left out still is
    assert "Edits taken 1" in page(followed(client, client.post(address)))
    assert "Öst" in page(client.get("/users/2"))
    assert "Letters" not in page(told("cp1250"))  # there is nothing left to read
    assert "Ångström" in page(client.get("/users/1"))
