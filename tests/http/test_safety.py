"""Safety, at the door: one click makes a verified backup, another brings it back."""

import io
import os
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from tests.http.following import followed
from webui.safety import backup, catalogue, deep, pins
from webui.store.ledger import sqlite


def add(client: FlaskClient, name: str) -> None:
    assert client.post("/add", data={"username": name, "email": f"{name}@post.example"}).status_code == 303


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "backups"


def test_one_click_makes_a_verified_backup_and_the_strip_says_so(client: FlaskClient, folder: Path) -> None:
    add(client, "mara")
    assert b"No backup yet" in client.get("/history").data
    page = followed(client, client.post("/safety/back-up"))
    (made,) = catalogue.backups(folder)
    assert made.sound
    assert made.name.encode() in page.data
    assert b"One verified copy, on this disk." in page.data
    assert b"Backup verified" in client.get("/history").data


def test_backups_stand_on_a_line_of_time_that_also_says_so(client: FlaskClient, folder: Path) -> None:
    assert b"<svg role=" not in client.get("/safety").data
    followed(client, client.post("/safety/back-up"))
    followed(client, client.post("/safety/back-up", data={"kind": "everything"}))
    page = client.get("/safety").text
    assert 'aria-label="2 verified backups, from ' in page and "1 is pinned." in page
    line = page[page.index("<svg role=") :].partition("</svg>")[0]
    assert (line.count("<circle"), line.count('class="pinned"')) == (2, 1)
    [first, _pinned] = sorted(folder.iterdir())
    first.write_bytes(first.read_bytes()[:-1] + b"x")
    page = client.get("/safety").text
    assert 'aria-label="1 verified backup, of ' in page  # what is damaged is on no promise


def test_export_everything_is_the_same_zip_pinned(client: FlaskClient, folder: Path) -> None:
    followed(client, client.post("/safety/back-up", data={"kind": "everything"}))
    (made,) = catalogue.backups(folder)
    assert made.told is not None
    assert (made.told.pinned, made.told.reason) == (True, "everything")


def test_a_backup_is_pinned_and_then_stays_and_unpinned_again(
    client: FlaskClient, folder: Path, database: Path
) -> None:
    add(client, "mara")
    followed(client, client.post("/safety/back-up"))
    [first] = catalogue.backups(folder)
    assert ">Pin</button>" in client.get("/safety").text
    before = first.path.read_bytes()
    client.post(f"/safety/backups/{first.name}/pin", data={"pinned": "1"})
    page = client.get("/safety").text
    assert ">Unpin</button>" in page and "1 is pinned." in page
    for number in range(12):
        add(client, f"someone{number}")
        followed(client, client.post("/safety/back-up"))
    assert first.path.read_bytes() == before and len(catalogue.backups(folder)) == 11
    client.post(f"/safety/backups/{first.name}/pin", data={"pinned": "0"})
    followed(client, client.post("/safety/back-up"))
    assert not first.path.exists() and len(catalogue.backups(folder)) == 10
    assert client.post("/safety/backups/no.zip/pin", data={"pinned": "1"}).status_code == 404


def test_what_was_made_to_stay_can_be_unpinned_but_for_the_history_that_went(
    client: FlaskClient, folder: Path, engine: Engine
) -> None:
    add(client, "mara")
    followed(client, client.post("/safety/back-up", data={"kind": "everything"}))
    [made] = catalogue.backups(folder)
    client.post(f"/safety/backups/{made.name}/pin", data={"pinned": "0"})
    assert "Unpin" not in client.get("/safety").text
    cut = backup.back_up(engine, folder, reason="before_pruning", pinned=True)
    page = client.get("/safety").text
    assert "Unpin" not in page and "Pinned" in page
    assert client.post(f"/safety/backups/{cut.name}/pin", data={"pinned": "0"}).status_code == 404


def test_nothing_is_kept_of_an_unpinned_backup_that_is_gone(
    client: FlaskClient, app: Flask, folder: Path
) -> None:
    add(client, "mara")
    for _number in range(2):
        followed(client, client.post("/safety/back-up", data={"kind": "everything"}))
    made, other = catalogue.backups(folder)
    kept = app.extensions["roster.preferences"]
    kept.set("pins", {"another 2026-01-01T00:00:00.000Z": False})
    client.post(f"/safety/backups/{made.name}/pin", data={"pinned": "0"})
    assert kept.get("pins").get(pins.name(made)) is False
    made.path.unlink()
    client.post(f"/safety/backups/{other.name}/pin", data={"pinned": "0"})
    assert pins.name(made) not in kept.get("pins") and kept.get("pins").get(pins.name(other)) is False
    client.post(f"/safety/backups/{other.name}/pin", data={"pinned": "1"})
    assert kept.get("pins") == {"another 2026-01-01T00:00:00.000Z": False}


def test_it_says_when_every_bit_was_last_read_and_what_rotted(client: FlaskClient, folder: Path) -> None:
    add(client, "mara")
    assert b"File is sound" not in client.get("/safety").data
    database = folder.parent / "data" / "roster.db"
    deep.check(database, [folder])
    page = client.get("/safety").text
    assert "File is sound" in page and "0 backups" not in page
    assert "there was no backup to read with it" in page
    followed(client, client.post("/safety/back-up"))
    deep.check(database, [folder])
    assert b"Each page, and every bit of 1 backup, read on" in client.get("/safety").data
    [made] = folder.iterdir()
    made.write_bytes(made.read_bytes()[:-1] + b"x")
    deep.check(database, [folder])
    page = client.get("/safety").data
    assert b"A backup rotted" in page and b"File is sound" not in page and b"Damaged" in page


def test_a_backup_is_looked_at_and_then_restored(client: FlaskClient, folder: Path) -> None:
    add(client, "mara")
    followed(client, client.post("/safety/back-up"))
    add(client, "noor")
    (made,) = catalogue.backups(folder)
    looked = followed(client, client.post("/safety/restore", data={"name": made.name}))
    assert b"Would disappear" in looked.data
    assert b"noor" in looked.data
    assert len(client.get("/users").json) == 2
    restored = followed(client, client.post(looked.request.path))
    assert b"Restored: 1 person" in restored.data
    assert [each["username"] for each in client.get("/users").json] == ["mara"]
    assert client.post("/undo").status_code == 303
    assert len(client.get("/users").json) == 2


def test_a_preview_says_what_else_would_go(client: FlaskClient, folder: Path) -> None:
    add(client, "mara")
    client.post("/users/1/posts", data={"title": "Coffee"})
    followed(client, client.post("/safety/back-up"))
    client.post("/users/1/posts", data={"title": "Tea"})
    client.post("/posts/1/edit", data={"title": "Coffee, twice", "date": "2026-11-02"})
    client.post("/views", data={"name": "Lund", "q": "city:lund"})
    (made,) = catalogue.backups(folder)
    looked = followed(client, client.post("/safety/restore", data={"name": made.name})).text
    assert "<dt>Posts</dt><dd>0 would come, 1 change, 1 disappear.</dd>" in looked
    assert "<dt>Views</dt><dd>0 would come, 0 change, 1 disappear.</dd>" in looked
    assert "<dt>Settings</dt>" not in looked
    assert "1 post changes, 1 post goes" in looked


def test_a_file_is_uploaded_where_there_is_no_dialog(client: FlaskClient, folder: Path) -> None:
    add(client, "mara")
    followed(client, client.post("/safety/back-up"))
    data = catalogue.backups(folder)[0].path.read_bytes()
    looked = followed(
        client, client.post("/safety/restore", data={"file": (io.BytesIO(data), "../mine.zip")})
    )
    assert b"mine.zip" in looked.data
    broken = io.BytesIO(data[:-100])
    told = followed(client, client.post("/safety/restore", data={"file": (broken, "broken.zip")}))
    assert b"broken.zip is cut short or damaged" in told.data
    assert b"Nothing was changed" in told.data


def test_an_uploaded_backup_is_not_kept_for_ever(client: FlaskClient, folder: Path, database: Path) -> None:
    add(client, "mara")
    followed(client, client.post("/safety/back-up"))
    data = catalogue.backups(folder)[0].path.read_bytes()
    scratch = database.parent / "scratch" / "restores"
    for _ in range(2):
        followed(client, client.post("/safety/restore", data={"file": (io.BytesIO(data), "mine.zip")}))
        (kept,) = scratch.iterdir()
        os.utime(kept, (0, 0))


def test_a_backup_is_downloaded_by_a_browser_and_nothing_else_is(client: FlaskClient, folder: Path) -> None:
    followed(client, client.post("/safety/back-up"))
    made = catalogue.backups(folder)[0]
    with client.get(f"/safety/backups/{made.name}") as got:
        assert got.data == made.path.read_bytes()
    assert client.get("/safety/backups/..%2Fdata%2Froster.db").status_code == 404
    assert client.get("/safety/backups/preferences.json").status_code == 404


def test_a_preview_that_is_gone_is_told(client: FlaskClient) -> None:
    assert client.get("/safety/restore/99").location == "/safety/restore"
    assert client.post("/safety/restore/99").location == "/safety/restore"
    assert b"Choose it again." in client.get("/safety/restore").data
    assert client.post("/safety/restore", data={}).location == "/safety/restore"
    assert client.get("/jobs/99").location == "/"


def test_backups_of_another_roster_are_no_promise_of_this_one(
    client: FlaskClient, folder: Path, database: Path
) -> None:
    followed(client, client.post("/safety/back-up"))
    connection = sqlite.connect(database)
    connection.execute("UPDATE state SET value = 'another' WHERE name = 'uid'")
    connection.close()
    page = client.get("/safety")
    assert b"No copy yet." in page.data
    assert b"Another roster: My roster" in page.data
    assert b"No backup yet" in client.get("/history").data
