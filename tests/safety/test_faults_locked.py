"""The file held by another program for long: reading and backing up go on, who writes is told why not."""

import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from desktop import commands
from tests.http.following import followed
from webui.safety import opening
from webui.store import errors
from webui.store.ledger import sqlite

SENTENCE = "Another program is writing to the database. Nothing was changed; try again in a moment."
MARA = {"username": "mara", "email": "mara@post.example"}
NOOR = {"username": "noor", "email": "noor@post.example"}


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait only for a moment where one waits for 5 s."""
    begin = sqlite.begin_immediate
    monkeypatch.setattr(sqlite, "PATIENCE", 0.05)
    monkeypatch.setattr(sqlite, "begin_immediate", lambda execute, _patience=0.0: begin(execute, 0.05))
    pragmas = tuple(each.replace("=5000", "=50") for each in sqlite._PRAGMAS)
    monkeypatch.setattr(sqlite.prepare, "__defaults__", (pragmas,))


@pytest.fixture
def held(impatient: None, client: FlaskClient, database: Path) -> Iterator[None]:
    """Mara is there, and another program has begun to write and does not end."""
    assert client.post("/api/users", json=MARA).status_code == 201
    with closing(sqlite.connect(database)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def test_pages_and_programs_read_on_and_are_told_when_they_write(client: FlaskClient, held: None) -> None:
    for address in ("/", "/?q=mara", "/users/1", "/history", "/safety", "/api/users", "/settings"):
        assert client.get(address).status_code == 200, address
    form = client.post("/add", data=NOOR)
    assert form.status_code == 503
    assert SENTENCE in form.text
    assert NOOR["email"] in form.text
    program = client.post("/api/users", json=NOOR)
    assert (program.status_code, program.json["detail"]) == (503, SENTENCE)
    undo = client.post("/undo")
    assert undo.status_code == 503
    assert "in use" in undo.text


def test_a_backup_is_made_meanwhile(client: FlaskClient, held: None) -> None:
    assert "Backup verified: " in followed(client, client.post("/safety/back-up")).text


def test_a_command_is_told_in_a_line(
    held: None, database: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["roster", "--data", str(database.parent), "undo"])
    assert commands.main() == 1
    assert capsys.readouterr().err.strip() == SENTENCE


def test_a_file_that_another_program_lets_nobody_into_is_told_and_untouched(
    impatient: None, database: Path
) -> None:
    with closing(sqlite.connect(database)) as other:
        other.execute("PRAGMA locking_mode=EXCLUSIVE").fetchone()
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(errors.Busy):
            opening.inspect(database)
        other.execute("ROLLBACK")
    assert isinstance(opening.inspect(database), opening.Ready)
