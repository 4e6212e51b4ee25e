"""A locked backup, at the door: asked twice, weak ones refused, a file that opens and a sheet to print."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.http.following import followed
from webui.exchange import sealed
from webui.host import NoHost
from webui.safety import locked

PASSPHRASE = "lamp goat river button"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "A passphrase is needed"),
        ({"passphrase": "   ", "again": "   "}, "A passphrase is needed"),
        ({"passphrase": "password1", "again": "password1"}, "This is guessed in less than"),
        ({"passphrase": PASSPHRASE, "again": "lamp goat"}, "This is not what was typed above"),
    ],
)
def test_a_passphrase_is_asked_twice_and_a_weak_one_is_refused(
    client: FlaskClient, tmp_path: Path, typed: dict[str, str], said: str
) -> None:
    answer = client.post("/safety/locked", data=typed)
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert said in page
    assert PASSPHRASE not in page and "password1" not in page
    assert not (tmp_path / "backups").exists()


def test_its_strength_is_said_while_it_is_typed(client: FlaskClient) -> None:
    def said(passphrase: str) -> str:
        return client.post("/safety/locked/strength", data={"passphrase": passphrase}).get_data(as_text=True)

    assert said("") == ""
    assert "Very weak" in said("password")
    assert "Very strong" in said(PASSPHRASE) and "centuries" in said(PASSPHRASE)
    assert "Very strong" in said("x9$" + "q7Zw" * 5_000)


def test_it_is_made_and_its_sheet_says_how_to_open_it(client: FlaskClient, tmp_path: Path) -> None:
    client.post("/add", data={"username": "mara", "email": "mara@post.example"})
    made = client.post("/safety/locked", data={"passphrase": PASSPHRASE, "again": PASSPHRASE})
    page = followed(client, made)
    [path] = (tmp_path / "backups").iterdir()
    assert path.name in page.get_data(as_text=True)
    with client.get(f"{page.request.path}/file") as got:
        assert got.data == path.read_bytes()
    sheet = client.post(f"{page.request.path}/sheet")
    text = sheet.get_data(as_text=True)
    assert "attachment" in sheet.headers["Content-Disposition"]
    assert path.name in text and "Write it here by hand" in text and PASSPHRASE not in text
    safety = client.get("/safety").text
    assert "No copy yet." in safety  # of those that Roster opens
    assert "not locked" not in safety and 'href="/safety/locked"' in safety
    followed(client, client.post("/safety/back-up"))
    safety = client.get("/safety").text
    assert "Copies are not locked" in safety and safety.count('href="/safety/locked"') == 1


def test_a_window_asks_where_to_and_nothing_is_written_elsewhere(
    client: FlaskClient, app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Window(NoHost):
        native = True

        def choose_save(self, _title: str, name: str) -> Path:
            return tmp_path / name

    monkeypatch.setitem(app.extensions, "roster.host", Window())
    monkeypatch.setattr(sealed, "seal", lambda source, target, *_more, **_form: target.write_bytes(b"sealed"))
    monkeypatch.setattr(locked, "unlocked", lambda _path, _passphrase, work: work / "backup.zip")
    made = client.post("/safety/locked", data={"passphrase": PASSPHRASE, "again": PASSPHRASE})
    page = followed(client, made)
    [path] = tmp_path.glob("*-locked.zip.age")
    assert path.read_bytes() == b"sealed" and not (tmp_path / "backups").exists()
    assert client.get(f"{page.request.path}/file").status_code == 404
    client.post(f"{page.request.path}/sheet")
    assert path.name in (tmp_path / "Recovery sheet.html").read_text()


def test_a_window_refuses_the_name_of_a_zip_for_what_is_none(
    client: FlaskClient, app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Window(NoHost):
        native = True

        def choose_save(self, _title: str, _name: str) -> Path:
            return tmp_path / "Mine.ZIP"

    monkeypatch.setitem(app.extensions, "roster.host", Window())
    typed = {"passphrase": PASSPHRASE, "again": PASSPHRASE}
    told = client.post("/safety/locked", data=typed, follow_redirects=True)
    assert "call it Mine.ZIP.age" in told.text and not (tmp_path / "Mine.ZIP").exists()
    monkeypatch.setattr(sealed, "MOST_IN_MEMORY", 1)
    assert "Mine.ZIP" in followed(client, client.post("/safety/locked", data=typed)).text


def test_a_full_disk_is_told_and_leaves_nothing(
    client: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: object, **_form: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(sealed, "seal", full)
    made = client.post("/safety/locked", data={"passphrase": PASSPHRASE, "again": PASSPHRASE})
    page = followed(client, made).get_data(as_text=True)
    assert "The disk is full" in page
    assert not list((tmp_path / "backups").iterdir())


def test_it_is_restored_by_its_passphrase_and_what_it_opened_to_is_gone(
    client: FlaskClient, tmp_path: Path
) -> None:
    client.post("/add", data={"username": "mara", "email": "mara@post.example"})
    followed(client, client.post("/safety/locked", data={"passphrase": PASSPHRASE, "again": PASSPHRASE}))
    client.post("/users/1/trash")
    [path] = (tmp_path / "backups").iterdir()
    with path.open("rb") as stream:
        asked = followed(client, client.post("/safety/restore", data={"file": (stream, path.name)}))
    assert "This backup is locked" in asked.get_data(as_text=True)
    address = asked.request.path
    assert client.post(address, data={"passphrase": ""}).status_code == 422
    wrong = followed(client, client.post(address, data={"passphrase": "lamp"}))
    assert "does not open with this passphrase" in wrong.get_data(as_text=True)
    assert wrong.request.path == address
    looked = followed(client, client.post(address, data={"passphrase": PASSPHRASE}))
    assert "This is what would change" in looked.get_data(as_text=True)
    assert not list((tmp_path / "data" / "scratch" / "restores").rglob("*.zip"))
    followed(client, client.post(looked.request.path, data={"do": "all"}))
    assert [each["username"] for each in client.get("/users").json or []] == ["mara"]
    assert client.get("/safety/restore/locked/nothing").status_code == 303
