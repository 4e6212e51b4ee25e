"""The second place, at the door: whatever kind of backup is made lies there too, and it catches up."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from tests.http.following import followed
from webui.safety import automatic, catalogue, second
from webui.safety.places import Places
from webui.store import settings


@pytest.fixture
def stick(client: FlaskClient, tmp_path: Path) -> Path:
    """A second place in which one backup lies already."""
    add(client, "mara")
    followed(client, client.post("/safety/places", data={"second": str(tmp_path / "stick")}))
    return tmp_path / "stick"


def add(client: FlaskClient, name: str) -> None:
    assert client.post("/add", data={"username": name, "email": f"{name}@post.example"}).status_code == 303


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if not path.name.startswith(".")}


def reasons(folder: Path) -> set[str]:
    return {each.told.reason for each in catalogue.backups(folder) if each.told and each.sound}


def test_a_place_that_is_back_is_brought_up_to_date_by_looking_again(
    client: FlaskClient, stick: Path, tmp_path: Path
) -> None:
    stick.rename(tmp_path / "drawer")
    add(client, "noor")
    followed(client, client.post("/safety/back-up"))
    assert "Look again" in client.get("/safety").text
    (tmp_path / "drawer").rename(stick)
    followed(client, client.post("/safety/second"))
    assert names(stick) == names(tmp_path / "backups")
    assert "Look again" not in client.get("/safety").text


@pytest.mark.parametrize("by_hand", [True, False])
def test_a_locked_one_follows_when_the_place_is_back(
    client: FlaskClient, engine: Engine, stick: Path, tmp_path: Path, *, by_hand: bool
) -> None:
    stick.rename(tmp_path / "drawer")
    words = {"passphrase": "lamp goat river button", "again": "lamp goat river button"}
    followed(client, client.post("/safety/locked", data=words))
    [made] = catalogue.locked(tmp_path / "backups")
    assert "Look again" in client.get("/safety").text
    (tmp_path / "drawer").rename(stick)
    places = Places(tmp_path / "backups", second.marked(stick))

    def looked_again() -> None:
        if by_hand:
            followed(client, client.post("/safety/second"))
        else:
            automatic.keep_up(engine, places, "hourly", automatic.DAY)

    looked_again()
    assert (stick / made.name).read_bytes() == made.read_bytes()
    (stick / made.name).unlink()
    looked_again()
    assert made.name not in names(stick)  # whoever takes it away there has it away


def test_the_safety_copy_of_a_restore_lies_there_too(
    client: FlaskClient, stick: Path, tmp_path: Path
) -> None:
    [made] = catalogue.backups(stick)
    add(client, "noor")
    looked = followed(client, client.post("/safety/restore", data={"name": made.name}))
    assert (
        "A safety copy of before is in the backups."
        in followed(client, client.post(looked.request.path)).text
    )
    assert "before_restore" in reasons(stick)
    assert names(stick) == names(tmp_path / "backups")


def test_what_is_taken_to_a_new_computer_lies_there_too(client: FlaskClient, stick: Path) -> None:
    followed(client, client.post("/safety/move"))
    assert "everything" in reasons(stick)


def test_the_backup_before_history_is_cut_lies_there_too(
    client: FlaskClient, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "HISTORY_LIMITS", (0, 1))
    for number in range(30):
        client.patch("/api/users/1", json={"note": f"{number}" + "x" * 60_000})
    form = {"title": "Choir", "email_required": "1", "history_limit": "1"}
    assert "What went is in the backup" in followed(client, client.post("/settings/roster", data=form)).text
    assert "before_pruning" in reasons(stick)


def test_a_locked_one_lies_there_too(client: FlaskClient, stick: Path, tmp_path: Path) -> None:
    words = "correct horse battery staple"
    followed(client, client.post("/safety/locked", data={"passphrase": words, "again": words}))
    [made] = catalogue.locked(tmp_path / "backups")
    assert (stick / made.name).read_bytes() == made.read_bytes()


def test_what_it_has_stays_said_when_the_first_places_own_rotted(
    client: FlaskClient, stick: Path, tmp_path: Path, database: Path, engine: Engine
) -> None:
    add(client, "noor")
    followed(client, client.post("/safety/back-up"))
    newest = catalogue.backups(tmp_path / "backups")[0]
    newest.path.write_bytes(newest.path.read_bytes()[:-1] + b"x")
    stick.rename(tmp_path / "drawer")
    client.post("/safety/second")
    (tmp_path / "drawer").rename(stick)
    followed(client, client.post("/safety/second"))
    automatic.keep_up(engine, Places(tmp_path / "backups", place(stick)), "hourly", automatic.DAY)
    assert second.noted_at(place(stick), database.parent, newest.told.uid if newest.told else "") == newest.at


def place(folder: Path) -> second.Place:
    return second.Place(folder, (folder / second.MARK).read_text())
