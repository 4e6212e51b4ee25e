"""Photos at the door: set and removed on a page, in the form and by JSON, served under their hash."""

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from tests import pictures
from webui.store.values import pictures as values

FORM = {"username": "mara", "email": "mara@l.example", "given": "Mara"}


@pytest.fixture(autouse=True)
def _a_small_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(values, "LONGEST", pictures.LONGEST)


@pytest.fixture
def mara(client: FlaskClient) -> str:
    return client.post("/add", data=FORM).location


def file(content: bytes, name: str = "me.jpg") -> tuple[io.BytesIO, str]:
    return io.BytesIO(content), name


def put(client: FlaskClient, mara: str, content: bytes) -> TestResponse:
    return client.post(f"{mara}/photo", data={"photo": file(content)})


def test_a_photo_is_the_face_of_a_person_wherever_there_is_one(client: FlaskClient, mara: str) -> None:
    assert put(client, mara, pictures.TURNED).status_code == 303
    address = f'src="/photos/{pictures.sha(pictures.TURNED)}" alt=""'
    for page in ("/", mara, f"{mara}/edit"):
        assert address in client.get(page).text, page
    assert address in client.get(f"{mara}/pane", headers={"HX-Request": "true"}).text
    client.post(f"{mara}/trash")
    assert address in client.get("/trash").text


def test_it_is_served_as_what_it_is_and_for_ever(client: FlaskClient, mara: str) -> None:
    put(client, mara, pictures.TURNED)
    shown = client.get(f"/photos/{pictures.sha(pictures.TURNED)}")
    assert shown.headers["Content-Type"] == "image/webp"
    assert shown.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert Image.open(io.BytesIO(shown.data)).size == (384, 512)
    assert b"Camera 77" in pictures.TURNED
    assert b"Camera 77" not in shown.data
    for other in ("0" * 64, "x", "..%2Froster.db"):
        missing = client.get(f"/photos/{other}")
        assert missing.status_code == 404
        assert "immutable" not in missing.headers["Cache-Control"]


def test_removing_it_can_be_undone(client: FlaskClient, mara: str) -> None:
    put(client, mara, pictures.CLEAR)
    assert client.post(f"{mara}/photo/remove").status_code == 303
    page = client.get(mara).text
    assert "/photos/" not in page.split("<main")[1]
    assert "Remove the photo of Mara" in page
    client.post("/undo")
    assert f"/photos/{pictures.sha(pictures.CLEAR)}" in client.get(mara).text


@pytest.mark.parametrize("name", pictures.WRONG)
def test_a_picture_that_is_none_changes_nothing(
    client: FlaskClient, mara: str, name: str, digest: Callable[[], str]
) -> None:
    put(client, mara, pictures.CLEAR)
    before = digest()
    content, said = pictures.WRONG[name]
    for address, form in ((f"{mara}/photo", {}), (f"{mara}/edit", {**FORM, "note": "x"})):
        refused = client.post(address, data={**form, "photo": file(content)})
        assert refused.status_code == 422
        assert said in refused.text
        assert "The photo was not changed" in refused.text
    by_json = client.put("/api/users/1/photo", data=content)
    assert by_json.status_code == 422
    assert said in by_json.json["errors"]["photo"]
    assert digest() == before


def test_none_chosen_is_told(client: FlaskClient, mara: str) -> None:
    refused = client.post(f"{mara}/photo", data={"photo": file(b"", "")})
    assert (refused.status_code, "No picture was chosen" in refused.text) == (422, True)


def test_the_form_saves_a_photo_with_the_rest_in_one_step(
    client: FlaskClient, mara: str, digest: Callable[[], str]
) -> None:
    before = digest()
    form = {**FORM, "note": "sings"}
    assert client.post(f"{mara}/edit", data={**form, "photo": file(pictures.SMALL)}).status_code == 303
    got = client.get("/api/users/1").json
    assert (got["note"], got["photo"]) == ("sings", pictures.sha(pictures.SMALL))
    assert client.post(f"{mara}/edit", data={**form, "photo_remove": "1"}).status_code == 303
    assert client.get("/api/users/1").json["photo"] is None
    for _ in range(2):
        client.post("/undo")
    assert digest() == before


def test_someone_new_comes_with_a_photo(client: FlaskClient) -> None:
    assert client.post("/add", data={**FORM, "photo": file(pictures.MOVING)}).status_code == 303
    assert client.get("/api/users/1").json["photo"] == pictures.sha(pictures.MOVING)


def test_a_form_that_is_shown_again_says_that_its_photo_is_not_saved(client: FlaskClient, mara: str) -> None:
    wrong: dict[str, Any] = {**FORM, "username": "", "photo": file(pictures.SMALL)}
    for typed in (wrong, {**FORM, "more": "phones", "photo": file(pictures.SMALL)}):
        again = client.post(f"{mara}/edit", data=typed)
        assert "The photo was not saved yet; choose it once more" in again.text
    (owed,) = re.findall(r'<input type="hidden" name="(photo_\w+)" value="1">', again.text)
    second = client.post(f"{mara}/edit", data={**FORM, "username": "", owed: "1"})
    assert "choose it once more" in second.text  # no file came with it, and it is still not saved
    assert owed in second.text
    assert client.get("/api/users/1").json["photo"] is None


def test_a_photo_is_kept_beside_what_another_changed_meanwhile(client: FlaskClient, mara: str) -> None:
    from tests.http.test_record import _hidden

    page = client.get(f"{mara}/edit").text
    hidden = {name: _hidden(page, name) for name in ("seen", "base")}
    client.patch("/api/users/1", json={"note": "sings"})
    saved = client.post(f"{mara}/edit", data={**FORM, **hidden, "photo": file(pictures.SMALL)})
    assert saved.status_code == 303
    got = client.get("/api/users/1").json
    assert (got["note"], got["photo"]) == ("sings", pictures.sha(pictures.SMALL))


def test_three_hundred_rows_of_each_list_fit_in_a_form(client: FlaskClient, mara: str) -> None:
    # No empty ones: the test client writes those as no browser does.
    phones = {"phones-phone": [str(number) for number in range(300)], "phones-label": ["Home"] * 300}
    links = {"links-url": [f"x{number}" for number in range(300)], "links-label": ["Blog"] * 300}
    typed = {**FORM, **phones, **links, "photo": file(pictures.SMALL)}
    assert client.post(f"{mara}/edit", data=typed).status_code == 303
    assert len(client.get("/api/users/1").json["phones"]) == 300


def test_the_api_gives_and_takes_the_bytes_as_they_came(client: FlaskClient, mara: str) -> None:
    address = "/api/users/1/photo"
    assert client.get(address).status_code == 404
    first = client.put(address, data=pictures.TURNED)
    assert (first.status_code, first.location) == (201, address)
    assert client.put(address, data=pictures.CLEAR).status_code == 200
    got = client.get(address)
    assert (got.headers["Content-Type"], got.data) == ("image/png", pictures.CLEAR)
    assert client.delete(address).status_code == 204
    assert client.get(address).status_code == 404
    assert client.put("/api/users/9/photo", data=pictures.CLEAR).status_code == 404
