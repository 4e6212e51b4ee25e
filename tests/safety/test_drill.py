"""The fire drill: a good backup comes back and answers, another is told; nothing of it stays."""

import datetime
import json
import sqlite3
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from desktop import keeper
from tests.http.following import followed
from webui import app as webui_app
from webui.exchange import archive
from webui.safety import automatic, backup, catalogue, drill, second
from webui.safety.places import FIRST, Places


@pytest.fixture
def places(client: FlaskClient, tmp_path: Path) -> Places:
    """A backup of 12 people and a post, in two places."""
    for number in range(12):
        sent = client.post("/add", data={"username": f"user{number}", "email": f"u{number}@post.example"})
        assert sent.status_code == 303
    client.post("/users/1/posts", data={"title": "Coffee"})
    client.post("/users/12/trash")
    place = second.choose(tmp_path / "stick", tmp_path / "backups", tmp_path / "data" / "roster.db")
    return Places(tmp_path / "backups", place)


def tried(engine: Engine, places: Places) -> list[drill.Drill]:
    return automatic.drill_places(engine, places, webui_app.started)


def test_each_place_is_tried_and_nothing_of_it_stays(
    engine: Engine, places: Places, tmp_path: Path, digest: Callable[[], str]
) -> None:
    automatic.back_up(engine, places)
    before, there = digest(), {path for path in tmp_path.rglob("*") if "records" not in path.parts}
    done = tried(engine, places)
    assert [(each.people, each.posts, each.searches, each.failed) for each in done] == [(11, 1, 10, "")] * 2
    assert digest() == before
    assert {path for path in tmp_path.rglob("*") if "records" not in path.parts} == there
    assert automatic.drilled(places, tmp_path / "data") == [
        (places.first, done[0]), (tmp_path / "stick", done[1])
    ]  # fmt: skip


def test_a_place_is_tried_again_after_a_month_and_after_a_day_where_it_failed(
    engine: Engine, places: Places, tmp_path: Path
) -> None:
    made = automatic.back_up(engine, places).path
    data, now = tmp_path / "data", datetime.datetime.now(datetime.UTC)
    [newest] = catalogue.backups(places.first)
    assert drill.is_due(data, "first", newest, now)
    tried(engine, places)
    assert automatic.drill_places(engine, places, webui_app.started, due=True) == []
    assert not drill.is_due(data, "first", newest, now + datetime.timedelta(days=29))
    assert drill.is_due(data, "first", newest, now + datetime.timedelta(days=31))
    made.write_bytes(made.read_bytes()[:-1] + b"x")
    [failed, other] = tried(engine, places)
    assert (failed.failed, other.failed) == ("drill.damaged", "")
    assert drill.is_due(data, "first", newest, now + datetime.timedelta(days=2))


def test_a_drill_of_nobody_is_due_again_once_someone_is_there(
    engine: Engine, client: FlaskClient, tmp_path: Path
) -> None:
    places = Places(tmp_path / "backups")
    automatic.back_up(engine, places)
    assert [each.people for each in tried(engine, places)] == [0]
    assert automatic.drill_places(engine, places, webui_app.started, due=True) == []
    client.post("/add", data={"username": "mara", "email": "m@x.example"})
    automatic.back_up(engine, places)
    assert [each.people for each in automatic.drill_places(engine, places, webui_app.started, due=True)] == [
        1
    ]


@pytest.mark.parametrize(
    ("change", "failed"),
    [
        ("DELETE FROM posts", "drill.counts"),
        ("UPDATE users SET given = 'x' WHERE id = 1", "drill.counts"),
    ],
)
def test_a_backup_that_is_whole_but_not_what_it_says_fails(
    engine: Engine, places: Places, tmp_path: Path, change: str, failed: str
) -> None:
    """As a fault of whatever wrote it would leave it: each digest is right, what it holds is not."""
    made = automatic.back_up(engine, places).path
    with zipfile.ZipFile(made) as opened:
        opened.extract(archive.DATABASE, tmp_path)
        told = json.loads(opened.read(archive.MANIFEST))
        others = {name: opened.read(name) for name in told["members"] if name != archive.DATABASE}
    with closing(sqlite3.connect(tmp_path / archive.DATABASE)) as connection, connection:
        triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (trigger,) in triggers:
            connection.execute(f"DROP TRIGGER {trigger}")
        connection.execute(change)
    others[archive.DATABASE] = (tmp_path / archive.DATABASE).read_bytes()
    del told["members"], told["format"]
    archive.write(
        made, told, [(name, lambda stream, data=data: stream.write(data)) for name, data in others.items()]
    )
    assert archive.sound(made)
    assert tried(engine, places)[0].failed == failed


@pytest.mark.parametrize(
    ("at", "answer", "failed"),
    [
        ("/api/users", (200, "10", []), "drill.people"),
        ("/api/posts", (500, "1", []), "drill.posts"),
        ("q", (200, "1", [{"id": 99}]), "drill.not_found"),
    ],
)
def test_a_roster_that_starts_but_does_not_find_them_fails(
    engine: Engine, places: Places, at: str, answer: tuple[int, str, object], failed: str
) -> None:
    @contextmanager
    def started(data: Path) -> Iterator[Any]:
        with webui_app.started(data) as ask:
            yield lambda address, query: answer if at in (address, *query) else ask(address, query)

    automatic.back_up(engine, places)
    assert [each.failed for each in automatic.drill_places(engine, places, started)] == [failed] * 2


def test_a_roster_that_does_not_start_on_it_fails_and_the_other_place_is_tried(
    engine: Engine, places: Places
) -> None:
    @contextmanager
    def started(_data: Path) -> Iterator[Any]:
        raise RuntimeError("no start")
        yield

    automatic.back_up(engine, places)
    done = automatic.drill_places(engine, places, started)
    assert [each.failed for each in done] == ["drill.not_started"] * 2


def test_by_button_it_is_told_and_a_failed_one_says_what_to_do(
    client: FlaskClient, engine: Engine, places: Places
) -> None:
    assert "Fire drill" not in client.get("/safety").get_data(as_text=True)
    backup.back_up(engine, places.first)
    page = followed(client, client.post("/safety/drill")).get_data(as_text=True)
    assert "came back whole" in page and "Last drill" in page and "11 people" in page
    [made] = catalogue.backups(places.first)
    made.path.write_bytes(made.path.read_bytes()[:-1] + b"x")
    page = followed(client, client.post("/safety/drill")).get_data(as_text=True)
    assert "Last drill failed" in page and "was damaged after it was written" in page
    assert "Back up now and try again" in page


def test_it_happens_by_itself(
    app: Flask, engine: Engine, places: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeper, "HOUR", 0.02)
    monkeypatch.setattr(keeper, "CALM", 0.0)
    kept = keeper.Keeper(app)
    kept.start()
    deadline = time.monotonic() + 30
    while not drill.last(tmp_path / "data", FIRST, places.first) and time.monotonic() < deadline:
        time.sleep(0.02)
    kept.stop()
    found = drill.last(tmp_path / "data", FIRST, places.first)
    assert found is not None and not found.failed
