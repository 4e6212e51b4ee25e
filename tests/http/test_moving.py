"""Moving to a new computer: three steps on the old one, the third door on the new one."""

import re
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.http.following import followed
from webui.exchange import archive
from webui.host import NoHost
from webui.safety import backup, catalogue
from webui.store import users
from webui.store.ledger import sqlite
from webui.store.ledger.operations import operation


class Window(NoHost):
    """A window whose person chooses `chosen`."""

    native = True
    chosen: Path | None = None

    def choose_save(self, _title: str, _name: str) -> Path | None:
        return self.chosen

    def choose_open(self, _title: str, _kinds: Sequence[tuple[str, str]]) -> Path | None:
        return self.chosen


@pytest.fixture
def window(app: Flask) -> Window:
    found = app.extensions["roster.host"] = Window()
    return found


def test_on_the_old_computer_everything_is_written_into_one_pinned_file(
    client: FlaskClient, tmp_path: Path
) -> None:
    assert 'href="/safety/move"' in client.get("/safety").text
    page = client.get("/safety/move").text.partition("<main")[2]
    assert [*re.findall(r"<h2>([^<]+)</h2>", page)] == [
        "Write everything into one file",
        "Carry the file to the new computer",
        "Open Roster there and choose the third door",
    ]
    done = followed(client, client.post("/safety/move"))
    (made,) = (tmp_path / "backups").iterdir()
    assert archive.verify(made).pinned
    assert "Written and checked" in done.text
    assert f'href="/safety/backups/{made.name}"' in done.text


def test_in_a_window_it_is_written_where_one_says(
    client: FlaskClient, window: Window, tmp_path: Path
) -> None:
    assert client.post("/safety/move").location == "/safety/move"  # changed their mind
    window.chosen = tmp_path / "stick" / "all.zip"
    told = client.post("/safety/move", follow_redirects=True).text
    assert "There is no folder" in told
    window.chosen.parent.mkdir()
    assert str(window.chosen.parent) in followed(client, client.post("/safety/move")).text
    told_by_file = archive.verify(window.chosen)
    assert (told_by_file.reason, told_by_file.pinned) == ("everything", True)


def test_on_the_new_one_the_third_door_brings_all_of_it_in(
    client: FlaskClient, window: Window, tmp_path: Path, empty_database: Path
) -> None:
    shutil.copy(empty_database, tmp_path / "old.db")
    old = sqlite.engine(tmp_path / "old.db")
    with Session(old) as session, operation(session):
        users.add(session, {"username": "mara", "email": "mara@post.example", "given": "Mara"})
    window.chosen = backup.back_up(old, tmp_path / "stick", reason="everything", pinned=True)
    old.dispose()
    welcome = client.get("/").text
    assert 'href="/safety/restore" aria-keyshortcuts="3"' in welcome
    looked = followed(client, client.post("/safety/restore", data={"browse": "1"}))
    assert "This roster is empty, so it becomes the backup, with all its history." in looked.text
    assert "Mara" in looked.text
    page = followed(client, client.post(looked.request.path, data={"do": "all"})).text
    assert "Mara" in page
    assert "Restored: 1 person." in page and "A safety copy of before" not in page  # nobody was here
    [made] = catalogue.backups(tmp_path / "backups")  # and what came is backed up at once
    assert made.told and (made.told.people, made.told.reason) == (1, "after_restore")
    page = client.get("/safety").text
    assert "after a restore" in page and "Another roster" not in page and "No copy yet." not in page
    assert "Add Mara" in client.get("/history").text
