"""Forgetting in copies that lie elsewhere, or can't be rewritten: each is named, and none is forgotten."""

import errno
import re
import shutil
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.http.following import followed
from webui.safety import catalogue, deep, opening, second, treating
from webui.store import errors
from webui.store.ledger import sqlite


@pytest.fixture
def uid(client: FlaskClient, database: Path) -> bytes:
    """That of Anna, who is the first; Bo is there too."""
    for username, name in (("quixo", "Quixoletta Berg"), ("bo", "Bo Ek")):
        form = {"username": username, "email": f"{username}@post.example", "display_name": name}
        assert client.post("/add", data=form).status_code == 303
    with closing(sqlite.connect(database)) as connection:
        return str(connection.execute("SELECT uid FROM users WHERE id = 1").fetchone()[0]).encode()


def holders(uid: bytes, *folders: Path) -> list[Path]:
    """Return the backups in these folders that hold someone."""
    found = []
    for path in (path for folder in folders for path in folder.glob("*.zip")):
        with zipfile.ZipFile(path) as packed:
            if uid in packed.read("data.sqlite"):
                found.append(path)
    return found


def back_up(client: FlaskClient) -> None:
    followed(client, client.post("/safety/back-up"))


def move(client: FlaskClient, **places: Path) -> None:
    answer = followed(client, client.post("/safety/places", data={k: str(v) for k, v in places.items()}))
    assert answer.status_code == 200


def forget(client: FlaskClient, **choices: str) -> TestResponse:
    page = followed(client, client.get("/users/1/forget"))
    form = {name.replace("_", "-"): choice for name, choice in choices.items()}
    return followed(client, client.post(page.request.path, data={"sure": "1", **form}))


def safety(client: FlaskClient) -> str:
    return client.get("/safety").get_data(as_text=True)


def test_folders_where_backups_lay_before_are_looked_through(
    client: FlaskClient, tmp_path: Path, uid: bytes
) -> None:
    first, stick = tmp_path / "backups", tmp_path / "stick"
    back_up(client)
    move(client, second=stick)
    move(client, first=tmp_path / "new", second=tmp_path / "other")
    back_up(client)
    page = followed(client, client.get("/users/1/forget")).get_data(as_text=True)
    assert all(f'<span class="exact">{each}</span>' in page for each in (first, stick, tmp_path / "new"))
    assert "is forgotten" in forget(client).text
    assert not holders(uid, first, stick, tmp_path / "new", tmp_path / "other")
    assert str(first) in client.get("/safety/places").text


def test_a_folder_of_before_that_is_away_is_named_and_done_once_it_is_back(
    client: FlaskClient, tmp_path: Path, uid: bytes
) -> None:
    first = tmp_path / "backups"
    back_up(client)
    move(client, first=tmp_path / "new")
    first.rename(tmp_path / "drawer")
    page = followed(client, client.get("/users/1/forget")).get_data(as_text=True)
    assert f"{first}, where backups lay, can't be reached now" in page
    page = forget(client).text
    assert "What you chose is done once it is back." in page and "not from every copy" in page
    assert "may still hold someone who was forgotten" in safety(client)
    (tmp_path / "drawer").rename(first)
    followed(client, client.post("/safety/second"))
    assert not holders(uid, first)
    page = safety(client)
    assert "may still hold" not in page and "1 rewritten, 0 removed" in page


def test_a_folder_that_is_gone_for_good_is_not_looked_for_any_more(
    client: FlaskClient, tmp_path: Path, uid: bytes
) -> None:
    first = tmp_path / "backups"
    back_up(client)
    move(client, first=tmp_path / "new")
    first.rename(tmp_path / "drawer")
    page = client.get("/safety/places").text
    mark = re.search(r'name="mark" value="(\w*)"', page)
    assert mark
    forget(client)
    client.post("/safety/places/earlier", data={"path": str(first), "mark": mark[1]})
    assert f"{first} is not looked at any more." in client.get("/safety/places").text
    assert str(first) not in client.get("/safety/places").text
    assert "may still hold" not in safety(client)


@pytest.mark.parametrize(("choice", "left"), [("rewrite", 1), ("remove", 0)])
def test_a_second_place_that_was_away_is_owed_without_a_name_until_it_is_back(
    client: FlaskClient, tmp_path: Path, database: Path, uid: bytes, choice: str, left: int
) -> None:
    stick = tmp_path / "stick"
    move(client, second=stick)
    stick.rename(tmp_path / "drawer")
    page = forget(client, away_0=choice).text
    assert f"The second place, {stick}, was not there" in page
    assert "Copies in the second place may still hold someone who was forgotten." in safety(client)
    kept = b"".join(path.read_bytes() for path in (database.parent / "records").iterdir())
    assert b"uixo" not in kept
    (tmp_path / "drawer").rename(stick)
    assert len(holders(uid, stick)) == 1
    followed(client, client.post("/safety/second"))
    assert not holders(uid, stick)
    assert len([each for each in catalogue.backups(stick) if each.sound]) == max(
        left, 1
    )  # brought up to date
    assert "may still hold" not in safety(client)
    kept = b"".join(path.read_bytes() for path in (database.parent / "records").iterdir())
    assert uid not in kept


AGE = b"age-encryption.org/v1\n-> X25519 abc\nxyz\n--- abc\n" + bytes(500)


def test_what_may_be_no_copy_of_this_roster_is_not_removed_unasked(
    client: FlaskClient, tmp_path: Path, database: Path, uid: bytes
) -> None:
    stick = tmp_path / "stick"
    back_up(client)
    move(client, second=stick)
    [ours] = stick.glob("*.zip")
    others = shutil.copy(ours, stick / "roster-others.zip")
    with closing(sqlite.connect(database)) as connection:
        connection.execute("UPDATE state SET value = 'another' WHERE name = 'uid'")
        connection.commit()
    client.post("/add", data={"username": "noor", "email": "noor@post.example"})
    ours.unlink()
    back_up(client)
    [copy] = [path for path in stick.glob("*.zip") if path != others]
    left = [stick / "tax return 2025.age", stick / "roster-damaged.zip"]
    left[0].write_bytes(AGE)
    left[1].write_bytes(copy.read_bytes()[:-200])
    left.append(others)
    stick.rename(tmp_path / "drawer")
    forget(client, away_0="remove")
    (tmp_path / "drawer").rename(stick)
    followed(client, client.post("/safety/second"))
    assert all(path.exists() for path in left)
    page = safety(client)
    assert all(str(path) in page for path in left) and "3 copies may still hold" in page
    assert "0 rewritten, 1 removed" in page
    form = {"path": str(left[0]), "do": "remove"}
    assert "is removed" in followed(client, client.post("/safety/owed", data=form)).text
    assert not left[0].exists() and left[1].exists()


@pytest.fixture
def owing(client: FlaskClient, tmp_path: Path, uid: bytes) -> Path:
    """A second place that was away when someone was forgotten; it lies in the drawer."""
    stick = tmp_path / "stick"
    back_up(client)
    move(client, second=stick)
    stick.rename(tmp_path / "drawer")
    forget(client)
    return stick


def test_what_is_owed_in_a_place_that_is_chosen_no_more_is_done_once_it_is_back(
    client: FlaskClient, app: Flask, tmp_path: Path, uid: bytes, owing: Path
) -> None:
    app.extensions["roster.preferences"].change({"second_place": None, "earlier_places": []})
    followed(client, client.post("/safety/second"))
    assert "may still hold someone" in safety(client)
    (tmp_path / "drawer").rename(owing)
    followed(client, client.post("/safety/second"))
    assert not holders(uid, owing) and "may still hold" not in safety(client)


def test_what_is_owed_in_a_place_that_is_chosen_no_more_ends_where_it_is_said_to_be_gone(
    client: FlaskClient, app: Flask, owing: Path
) -> None:
    app.extensions["roster.preferences"].change({"second_place": None})
    mark = re.search(r'name="mark" value="(\w+)"', client.get("/safety/places").text)
    assert mark
    with ThreadPoolExecutor(1) as other:
        with app.extensions["roster.backups"].lock:  # what is owed may be under way
            form = {"path": str(owing), "mark": mark[1]}
            asked = other.submit(client.post, "/safety/places/earlier", data=form)
            with pytest.raises(TimeoutError):
                asked.result(0.3)
        assert asked.result(30).status_code == 303
    assert "may still hold" not in safety(client)
    assert str(owing) not in client.get("/safety/places").text


@pytest.mark.parametrize("what", ["the folder", "a file"])
def test_a_place_of_which_something_can_not_be_read_is_owed_still(
    client: FlaskClient, tmp_path: Path, uid: bytes, owing: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    (tmp_path / "drawer").rename(owing)
    real = Path.iterdir

    def unreadable(*_asked: object) -> Any:
        raise OSError(errno.EIO, "Input/output error")

    def iterdir(path: Path) -> Iterator[Path]:
        return unreadable() if path == owing else real(path)  # type: ignore[no-any-return]

    with monkeypatch.context() as patched:
        if what == "the folder":
            patched.setattr(Path, "iterdir", iterdir)
        else:
            patched.setattr(catalogue, "_look", unreadable)
        followed(client, client.post("/safety/second"))
    assert holders(uid, owing) and "Copies in the second place may still hold" in safety(client)
    followed(client, client.post("/safety/second"))
    assert not holders(uid, owing) and "may still hold" not in safety(client)


def test_who_is_here_again_when_the_place_comes_back_stays_in_it(
    client: FlaskClient, tmp_path: Path, uid: bytes
) -> None:
    stick = tmp_path / "stick"
    move(client, second=stick)
    stick.rename(tmp_path / "drawer")
    forget(client, copy_0="leave")
    [made] = catalogue.backups(tmp_path / "backups")
    looked = followed(client, client.post("/safety/restore", data={"name": made.name}))
    followed(client, client.post(looked.request.path))
    (tmp_path / "drawer").rename(stick)
    followed(client, client.post("/safety/second"))
    assert stick / made.name in holders(uid, stick)


def test_what_is_away_can_be_left(client: FlaskClient, tmp_path: Path, uid: bytes) -> None:
    stick = tmp_path / "stick"
    move(client, second=stick)
    stick.rename(tmp_path / "drawer")
    assert "They are left as they are." in forget(client, away_0="leave").text
    assert "may still hold" not in safety(client)


def test_a_damaged_kept_file_can_only_be_removed_or_left_and_is_removed_afterwards_too(
    client: FlaskClient, app: Flask, database: Path, tmp_path: Path, uid: bytes
) -> None:
    kept = damaged(database, database.with_name("roster damaged 20261127-101010.db"))
    page = followed(client, client.get("/users/1/forget")).get_data(as_text=True)
    assert kept.name in page and "Rewrite it without them" not in page.partition(kept.name)[2]
    page = forget(client, copy_0="leave").text
    assert "Still holds them" in page and "Close Roster and restore a backup" not in page
    address = re.search(r'action="(/forgotten/\d+/remove)"', page)
    assert address
    assert client.post(address[1], data={"path": str(database)}).status_code == 404
    with ThreadPoolExecutor(1) as other:
        with app.extensions["roster.backups"].lock:  # a backup is under way
            asked = other.submit(client.post, address[1], data={"path": str(kept)})
            with pytest.raises(TimeoutError):
                asked.result(0.3)
            assert kept.exists()
        page = followed(client, asked.result(30)).text
    assert not kept.exists() and database.exists()
    assert "Still holds them" not in page


def damaged(database: Path, kept: Path) -> Path:
    """Keep a copy of the database of which one page can't be read."""
    with closing(sqlite.connect(database)) as connection:
        connection.execute("VACUUM INTO ?", (str(kept),))
        query = "SELECT rootpage FROM sqlite_master WHERE name = 'posts'"
        root = connection.execute(query).fetchone()[0]
    with kept.open("r+b") as file:
        file.seek((root - 1) * 4096)
        file.write(b"\xff" * 64)
    assert isinstance(opening.inspect(kept), opening.Ready)
    return kept


def test_where_rewriting_fails_it_is_said_rightly_and_removed_on_safety(
    client: FlaskClient, database: Path, uid: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = database.with_name("roster before repair 20261127-101010.db")
    with closing(sqlite.connect(database)) as connection:
        connection.execute("VACUUM INTO ?", (str(kept),))
    with monkeypatch.context() as patched:  # what no look could tell beforehand
        patched.setattr(treating.health, "check", lambda _opened: [errors.Message("check.pages")])
        page = forget(client).text
    assert "It is damaged, so it can&#39;t be rewritten." in page and "restore a backup" not in page
    page = safety(client)
    assert "1 copy may still hold someone who was forgotten." in page and str(kept) in page
    form = {"path": str(kept), "do": "remove"}
    assert client.post("/safety/owed", data=form | {"path": str(database)}).status_code == 404
    assert "is removed" in followed(client, client.post("/safety/owed", data=form)).text
    assert not kept.exists() and "may still hold" not in safety(client)


def test_a_backup_that_rotted_is_rewritten_from_its_copy_and_else_can_only_go(
    client: FlaskClient, tmp_path: Path, uid: bytes
) -> None:
    back_up(client)
    [alone] = (tmp_path / "backups").glob("*.zip")
    move(client, second=tmp_path / "stick")
    (tmp_path / "stick" / alone.name).unlink(missing_ok=True)
    client.post("/add", data={"username": "noor", "email": "noor@post.example"})
    back_up(client)
    [both] = [path for path in (tmp_path / "backups").glob("*.zip") if path != alone]
    for path in (alone, both):
        rot(path)
    page = forget(client).text
    assert (
        page.count("Rewritten without them") == 2
        and page.count("ay still hold") + page.count("ill holds") == 1
    )
    assert [each.path for each in catalogue.backups(both.parent) if each.sound] == [both]
    assert not holders(uid, tmp_path / "stick")


def rot(path: Path) -> None:
    """Change a bit of a member that is not the database."""
    data = bytearray(path.read_bytes())
    data[data.index(b"READ ME.html") + 40] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize("was_away", [False, True])
def test_a_backup_is_mended_from_its_copy_after_a_forget_too(
    client: FlaskClient, app: Flask, tmp_path: Path, database: Path, uid: bytes, was_away: bool
) -> None:
    first, stick = tmp_path / "backups", tmp_path / "stick"
    back_up(client)
    move(client, second=stick)
    deep.check(database, [first, stick])
    if was_away:
        stick.rename(tmp_path / "drawer")
    forget(client)
    assert "every bit of 2 backups" in safety(client)
    if was_away:
        (tmp_path / "drawer").rename(stick)
        followed(client, client.post("/safety/second"))
    [made], [copy] = first.glob("*.zip"), stick.glob("*.zip")
    assert made.read_bytes() == copy.read_bytes()
    rot(made)
    deep.check(database, [first, stick])
    assert deep.repair_all(database.parent, [first, stick]) == [made]
    assert catalogue.backups(first)[0].sound


def test_the_mark_of_another_stick_is_no_folder_of_before(
    client: FlaskClient, tmp_path: Path, uid: bytes
) -> None:
    stick = tmp_path / "stick"
    move(client, second=stick)
    move(client, second=tmp_path / "other")
    stick.rename(tmp_path / "drawer")
    stick.mkdir()
    (stick / second.MARK).write_text("another")
    page = followed(client, client.get("/users/1/forget")).get_data(as_text=True)
    assert f"{stick}, where backups lay, can't be reached now" in page
