"""What Safety says is so: of this file and these folders, with what was done since, and nothing of before."""

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from tests.http.following import followed
from webui.safety import catalogue, deep, drill, places, restore, second
from webui.store.values import times


def add(client: FlaskClient, name: str) -> None:
    assert client.post("/add", data={"username": name, "email": f"{name}@post.example"}).status_code == 303


def back_up(client: FlaskClient) -> None:
    followed(client, client.post("/safety/back-up"))


def safety(client: FlaskClient) -> str:
    return client.get("/safety").get_data(as_text=True)


def test_a_drill_of_another_folder_is_no_drill_of_this_one(
    client: FlaskClient, tmp_path: Path, database: Path
) -> None:
    folder = tmp_path / "backups"
    done = drill.Drill(times.now(), "roster-1.zip", times.now(), 1, 0, 1, 2.0, "", str(folder))
    drill.keep(database.parent, places.FIRST, done)
    assert "Last drill, backups folder" in safety(client)
    client.post("/safety/places", data={"first": str(tmp_path / "new")})
    assert "Last drill" not in safety(client)


@pytest.mark.parametrize("apart", [True, False])
def test_a_backups_folder_that_is_gone_is_said_and_so_is_what_the_second_place_holds(
    client: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, apart: bool
) -> None:
    monkeypatch.setattr(second, "_is_alike", lambda _path, _first: not apart)
    add(client, "mara")
    assert "not in their folder" not in safety(client) and "No copy yet." in safety(client)
    followed(client, client.post("/safety/places", data={"second": str(tmp_path / "stick")}))
    (tmp_path / "backups").rename(tmp_path / "elsewhere")
    page = safety(client)
    assert "The backups are not in their folder any more." in page and "No copy yet." not in page
    assert ("Your data is safe as of" if apart else "Verified copies, in the second place.") in page
    assert "holds 1 person and 0 posts." in page
    assert "Backups are not in their folder" in client.get("/history").text
    (tmp_path / "elsewhere").rename(tmp_path / "backups")
    assert "not in their folder" not in safety(client)


def test_a_folder_that_one_had_emptied_is_not_said_to_be_gone(client: FlaskClient) -> None:
    add(client, "mara")
    back_up(client)
    page = followed(client, client.get("/users/1/forget"))
    followed(client, client.post(page.request.path, data={"sure": "1", "copy-0": "remove"}))
    assert "No copy yet." in safety(client) and "not in their folder" not in safety(client)


def test_nothing_is_said_of_a_file_that_was_replaced_and_that_is_named(
    client: FlaskClient, app: Flask, engine: Engine, database: Path, tmp_path: Path
) -> None:
    add(client, "mara")
    back_up(client)
    deep.check(database, [tmp_path / "backups"])
    assert "File is sound" in safety(client)
    [made] = catalogue.backups(tmp_path / "backups")
    with app.app_context():
        from webui.database import db

        db.session.remove()
        db.engine.dispose()
    engine.dispose()
    _found, kept = restore.replace(database, made.path)
    page = safety(client)
    assert "File is sound" not in page
    assert kept.name in page and "damaged, and replaced" in page
    assert list(deep.last(database.parent).backups) == [made.path]  # what it was is known still


def test_it_says_how_much_was_changed_since(client: FlaskClient) -> None:
    add(client, "mara")
    back_up(client)
    assert "In no copy yet" not in safety(client)
    for name in ("noor", "zoe"):
        add(client, name)
    client.post("/users/1/posts", data={"title": "Coffee"})
    page = safety(client)
    assert re.search(r"In no copy yet: 3 changes since [^,]+, to 2 people\.", page)
    for _each in range(3):
        client.post("/undo")
    assert "In no copy yet: 6 changes" in safety(client)  # an undo is something that was done
    back_up(client)
    assert "In no copy yet" not in safety(client)


def test_a_copy_of_another_course_of_things_is_not_said_to_hold_what_is_here(
    client: FlaskClient, app: Flask, engine: Engine, database: Path, tmp_path: Path
) -> None:
    add(client, "mara")
    back_up(client)
    [old] = catalogue.backups(tmp_path / "backups")
    add(client, "noor")
    back_up(client)
    with app.app_context():
        from webui.database import db

        db.session.remove()
        db.engine.dispose()
    engine.dispose()
    restore.replace(database, old.path)
    assert "in no copy yet" not in safety(client).casefold()  # the older one has it all
    old.path.unlink()
    assert "What is here now is in no copy yet" in safety(client)
    add(client, "zoe")
    assert "What is here now is in no copy yet" in safety(client)
    back_up(client)
    assert "in no copy yet" not in safety(client).casefold()
