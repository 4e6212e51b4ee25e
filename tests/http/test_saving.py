""" "Save as" in a window: what the native dialog gives is written, unless that would do harm."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.http.following import followed
from webui.exchange import archive
from webui.host import NoHost

Save = Callable[[Path | None], str]


class Window(NoHost):
    """A window whose person chooses `chosen`."""

    native = True
    chosen: Path | None = None

    def choose_save(self, _title: str, _name: str) -> Path | None:
        return self.chosen


def refused_rows(client: FlaskClient) -> str:
    """Plan an import with a row that is refused; return the address that saves it."""
    content = b"First Name,E-mail,Birthday\nMara,m@x.example,\n,,1987\n"
    begun = client.post("/import", data={"file": (io.BytesIO(content), "people.csv")})
    address = begun.location.removesuffix("/columns")
    followed(client, client.post(f"{address}/columns", data={"target": ["given", "email", "kept"]}))
    return f"{address}/refused"


@pytest.fixture(params=["backup", "refused"])
def save(request: pytest.FixtureRequest, client: FlaskClient, app: Flask) -> Save:
    """Return a function that saves where it says, and gives the page that follows."""
    address = refused_rows(client) if request.param == "refused" else "/safety/save-as"
    window = app.extensions["roster.host"] = Window()

    def saved(chosen: Path | None) -> str:
        window.chosen = chosen
        return followed(client, client.post(address)).get_data(as_text=True)

    return saved


def test_a_file_is_written_and_another_replaced_as_agreed(save: Save, tmp_path: Path) -> None:
    place = tmp_path / "there.csv"
    for _ in range(2):
        assert place.name in save(place)
    content = place.read_bytes()
    assert b"roster_reason" in content or archive.verify(place)
    assert save(None)
    assert place.read_bytes() == content


@pytest.mark.parametrize("name", ["roster.db", "roster.db-wal", "run.json", "other.db"])
def test_what_must_stay_is_not_written_over(
    save: Save, database: Path, digest: Callable[[], str], name: str
) -> None:
    (database.parent / "other.db").write_bytes(database.read_bytes())
    before, files = digest(), {path.name for path in database.parent.iterdir()}
    assert "Nothing was changed; choose another name." in save(database.with_name(name))
    assert digest() == before
    assert {path.name for path in database.parent.iterdir()} <= files | {"roster.db-wal", "roster.db-shm"}


def test_the_preferences_stay(save: Save, tmp_path: Path) -> None:
    assert "Roster itself needs" in save(tmp_path / "preferences.json")


def test_a_place_that_cannot_be_written_is_a_sentence(save: Save, tmp_path: Path) -> None:
    assert "There is no folder" in save(tmp_path / "gone" / "x.csv")
