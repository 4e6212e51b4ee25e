"""What happens by itself while Roster is open: a backup at start, and one each hour with a change."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from desktop import keeper
from desktop.keeper import Keeper
from webui.jobs import Job
from webui.safety import automatic, catalogue
from webui.store import errors

Keeping = Callable[[], Keeper]


def add(client: FlaskClient, name: str) -> None:
    assert client.post("/add", data={"username": name, "email": f"{name}@post.example"}).status_code == 303


def until(found: Callable[[], Any]) -> None:
    deadline = time.monotonic() + 30
    while not found():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.fixture
def folder(app: Flask) -> Path:
    return Path(app.config["BACKUPS"])


@pytest.fixture
def keeping(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Keeping]:
    """Start a keeper whose hours are short."""
    monkeypatch.setattr(keeper, "HOUR", 0.02)
    monkeypatch.setattr(keeper, "CALM", 0.0)
    monkeypatch.setattr(automatic, "HOUR", automatic.HOUR * 0)
    monkeypatch.setattr(automatic, "DAY", automatic.DAY * 0)
    made = []

    def start() -> Keeper:
        made.append(Keeper(app))
        made[-1].start()
        return made[-1]

    yield start
    for each in made:
        each.stop()


def reasons(folder: Path) -> list[str]:
    return [each.told.reason for each in reversed(catalogue.backups(folder)) if each.told]


def test_there_is_one_at_start_and_one_for_each_hour_with_a_change(
    client: FlaskClient, folder: Path, keeping: Keeping
) -> None:
    add(client, "mara")
    keeping()
    until(lambda: reasons(folder) == ["start"])
    time.sleep(0.3)  # many hours in which nothing is done
    assert reasons(folder) == ["start"]
    add(client, "noor")
    until(lambda: reasons(folder) == ["start", "hourly"])
    page = client.get("/safety").get_data(as_text=True)
    assert "at start" in page and "by itself" in page


def test_it_waits_for_the_work_that_someone_waits_for(
    app: Flask, client: FlaskClient, folder: Path, keeping: Keeping
) -> None:
    going_on = []

    def work(_job: Job) -> None:
        until(lambda: going_on)

    add(client, "mara")
    app.extensions["roster.jobs"].start("import.apply", work)
    keeping()
    time.sleep(0.3)
    assert reasons(folder) == []
    going_on.append(True)
    until(lambda: reasons(folder) == ["start"])


def test_one_that_fails_is_said_until_one_is_made(
    client: FlaskClient, folder: Path, keeping: Keeping, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: object, **_more: object) -> Path:
        raise errors.Full

    add(client, "mara")
    with monkeypatch.context() as patched:
        patched.setattr(automatic.backup, "back_up", full)
        keeping()
        until(lambda: b"The last backup failed" in client.get("/history").data)
        assert b"The disk is full" in client.get("/safety").data
    until(lambda: b"Backup verified" in client.get("/history").data)
    assert b"could not be made" not in client.get("/safety").data


def test_closing_does_not_wait_for_it(
    client: FlaskClient, folder: Path, keeping: Keeping, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def slow(_engine: object, _folder: object, step: Callable[..., None], **_more: object) -> Path:
        while True:
            step("backup.copy", 0, 0)
            asked.append("step")
            time.sleep(0.01)

    add(client, "mara")
    monkeypatch.setattr(automatic.backup, "back_up", slow)
    made = keeping()
    until(lambda: asked)
    made.stop()
    count = len(asked)
    time.sleep(0.1)
    assert len(asked) == count


def test_a_second_place_that_comes_back_is_noticed_within_a_minute(
    client: FlaskClient, folder: Path, keeping: Keeping, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(client, "mara")
    stick = tmp_path / "stick"
    client.post("/safety/places", data={"second": str(stick)})
    until(lambda: catalogue.backups(stick))
    stick.rename(tmp_path / "drawer")
    add(client, "noor")
    client.post("/safety/back-up")
    until(lambda: len(catalogue.backups(folder)) == 2)
    until(lambda: b"Look again" in client.get("/safety").data)
    monkeypatch.setattr(keeper, "HOUR", 60.0)
    monkeypatch.setattr(keeper, "MINUTE", 0.02)
    keeping()
    time.sleep(0.2)
    (tmp_path / "drawer").rename(stick)
    until(lambda: len(catalogue.backups(stick)) == 2)
    until(lambda: b"Look again" not in client.get("/safety").data)
