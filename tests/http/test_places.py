"""Where backups lie, at the door: another folder, a second place, and what the pages say of them."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.http.following import followed
from tests.http.imported import begun, planned
from webui.host import NoHost
from webui.safety import catalogue, deep, records, second


def add(client: FlaskClient, name: str) -> None:
    assert client.post("/add", data={"username": name, "email": f"{name}@post.example"}).status_code == 303


def text(client: FlaskClient, address: str) -> str:
    return client.get(address).get_data(as_text=True)


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the second place be on another disk."""
    monkeypatch.setattr(second, "_is_alike", lambda _path, _first: False)


@pytest.mark.usefixtures("elsewhere")
def test_data_is_safe_only_with_a_copy_on_another_disk(client: FlaskClient, tmp_path: Path) -> None:
    add(client, "mara")
    followed(client, client.post("/safety/back-up"))
    page = text(client, "/safety")
    assert "One verified copy, on this disk." in page and "No second place" in page
    chosen = followed(client, client.post("/safety/places", data={"second": str(tmp_path / "stick")}))
    page = chosen.get_data(as_text=True)
    assert "A verified copy is in it." in page
    assert "Your data is safe as of" in page
    [copy] = catalogue.backups(tmp_path / "stick")
    assert copy.sound
    add(client, "noor")
    followed(client, client.post("/safety/back-up"))
    assert len(catalogue.backups(tmp_path / "stick")) == 2


def test_a_second_place_on_the_same_disk_is_said_to_be_that(client: FlaskClient, tmp_path: Path) -> None:
    add(client, "mara")
    followed(client, client.post("/safety/places", data={"second": str(tmp_path / "stick")}))
    page = text(client, "/safety")
    assert "Second place, same disk" in page
    assert "Your data is safe" not in page and "One verified copy, on this disk." in page


def test_a_cloud_folder_is_a_second_place_and_said_to_be_one(client: FlaskClient, tmp_path: Path) -> None:
    add(client, "mara")
    (tmp_path / "Nextcloud").mkdir()
    followed(client, client.post("/safety/places", data={"second": str(tmp_path / "Nextcloud" / "Roster")}))
    assert "Your data is safe as of" in text(client, "/safety")
    first = tmp_path / "Nextcloud" / "First"
    client.post("/safety/places", data={"first": str(first)})
    page = text(client, "/safety")
    assert "Copies leave this computer" in page and "Nextcloud" in page
    assert "No cloud folder recognised" not in page


@pytest.mark.usefixtures("elsewhere")
def test_nothing_is_called_safe_that_is_known_to_be_damaged(
    client: FlaskClient, app: Flask, tmp_path: Path
) -> None:
    add(client, "mara")
    followed(client, client.post("/safety/places", data={"second": str(tmp_path / "stick")}))
    assert "Your data is safe" in text(client, "/safety")
    [copy] = (tmp_path / "stick").glob("*.zip")
    copy.write_bytes(copy.read_bytes()[:-1] + b"x")
    deep.check(Path(app.config["ROSTER_DATA"]) / "roster.db", [tmp_path / "stick"])
    page = text(client, "/safety")
    assert "Your data is safe" not in page and "A backup rotted" in page


@pytest.mark.usefixtures("elsewhere")
def test_the_strip_is_amber_once_the_second_place_is_a_week_behind(
    client: FlaskClient, app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(client, "mara")
    followed(client, client.post("/safety/places", data={"second": str(tmp_path / "stick")}))
    assert 'class="backup good"' in text(client, "/history")
    (tmp_path / "stick").rename(tmp_path / "drawer")
    assert 'class="backup good"' in text(client, "/history")  # absent is fine
    client.post("/safety/second")
    page = text(client, "/safety")
    assert "It was not there at" in page and "Which is fine." in page and "Look again" in page
    noted = records.read(Path(app.config["ROSTER_DATA"]), "second place")
    records.write(Path(app.config["ROSTER_DATA"]), "second place", noted | {"at": "2026-01-03T12:00:00.000Z"})
    assert "Second place: nothing since 3 January" in text(client, "/history")
    (tmp_path / "drawer").rename(tmp_path / "stick")
    with monkeypatch.context() as patched:
        for name in ("_mark", "_is_alike"):
            patched.setattr(second, name, lambda *_asked: pytest.fail("a page asked the place"))
        assert "Second place: nothing since" in text(client, "/history")
        assert "Second place is behind" in text(client, "/safety")
    client.post("/safety/second")
    assert "It was not there at" not in text(client, "/safety")


@pytest.mark.usefixtures("elsewhere")
def test_a_second_place_that_hangs_is_taken_for_absent(
    client: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(client, "mara")
    followed(client, client.post("/safety/places", data={"second": str(tmp_path / "network")}))
    hanging = threading.Event()
    monkeypatch.setattr(second, "PATIENCE", 0.01)
    monkeypatch.setattr(second, "_mark", lambda _path: hanging.wait(30))
    add(client, "noor")
    assert "Backup verified" in followed(client, client.post("/safety/back-up")).text
    assert "It was not there at" in text(client, "/safety")
    hanging.set()


def test_who_asks_while_another_does_waits_for_the_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, real, asking, answer = second.marked(tmp_path), second._mark, threading.Event(), threading.Event()

    def slow(path: Path) -> str:
        asking.set()
        answer.wait(30)
        return real(path)

    monkeypatch.setattr(second, "PATIENCE", 30.0)
    monkeypatch.setattr(second, "_mark", slow)
    with ThreadPoolExecutor(2) as both:
        first = both.submit(second.is_there, place)
        assert asking.wait(30)
        asking.clear()
        other = both.submit(second.is_there, place)
        threading.Timer(0.2, answer.set).start()
        assert first.result() and other.result()
    assert not asking.is_set()  # one question for both


def test_the_folder_of_backups_is_another_at_once_and_the_old_ones_stay(
    client: FlaskClient, tmp_path: Path
) -> None:
    add(client, "mara")
    followed(client, client.post("/safety/back-up"))
    assert client.post("/safety/places", data={"first": str(tmp_path / "other")}).status_code == 303
    assert "No copy yet." in text(client, "/safety")
    followed(client, client.post("/safety/back-up"))
    assert len(catalogue.backups(tmp_path / "other")) == len(catalogue.backups(tmp_path / "backups")) == 1
    assert str(tmp_path / "other") in text(client, "/safety/places")


def test_a_folder_that_can_be_none_is_told_beside_its_field_and_nothing_changes(
    client: FlaskClient, tmp_path: Path
) -> None:
    before = text(client, "/safety/places")
    answer = client.post(
        "/safety/places", data={"first": "backups", "second": str(tmp_path / "no" / "x"), "limit": "5"}
    )
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "is no whole path of a folder" in page and "There is no folder" in page
    assert 'value="backups"' in page
    assert text(client, "/safety/places") == before


def test_a_window_chooses_the_folder_by_its_own_dialog(
    client: FlaskClient, app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Window(NoHost):
        native = True
        chosen: Path | None = tmp_path / "stick"

        def choose_folder(self, _title: str) -> Path | None:
            return self.chosen

    window: Any = Window()
    monkeypatch.setitem(app.extensions, "roster.host", window)
    typed = {"first": str(tmp_path / "typed"), "second": "", "limit": "5", "browse": "second"}
    page = client.post("/safety/places", data=typed).get_data(as_text=True)
    assert f'value="{tmp_path / "stick"}"' in page and f'value="{tmp_path / "typed"}"' in page
    window.chosen = None
    assert f'value="{tmp_path / "typed"}"' in client.post("/safety/places", data=typed).get_data(as_text=True)
    assert not (tmp_path / "stick").exists()


def test_an_import_makes_a_backup_of_before_and_is_not_begun_without(
    client: FlaskClient, tmp_path: Path
) -> None:
    def bring(name: str) -> TestResponse:
        address = begun(client, f"First Name,E-mail\n{name},{name}@post.example\n")
        planned(client, address, ["given", "email"])
        return followed(client, client.post(address))

    bring("mara")
    assert not (tmp_path / "backups").exists()  # nobody was there before
    bring("noor")
    [made] = catalogue.backups(tmp_path / "backups")
    assert made.told is not None
    assert (made.told.reason, made.told.people) == ("before_import", 1)
    client.post("/safety/places", data={"first": str(tmp_path / "other")})
    (tmp_path / "other").rmdir()
    (tmp_path / "other").write_text("no folder")
    page = bring("zoe").get_data(as_text=True)
    assert "no backup was made" in page
    assert len(client.get("/users").json or []) == 2
