"""Forgetting completely, at the door: it says what goes, asks once, and then nothing of them is left."""

import io
import re
import threading
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from tests.http.following import followed
from tests.http.imported import begun
from webui.exchange import archive, exporting
from webui.safety import catalogue
from webui.store.ledger import forget, sqlite


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "backups"


@pytest.fixture
def people(client: FlaskClient) -> None:
    """Anna with a post, and Bo with one that names her."""
    add(client, "quixo", "Quixoletta Berg")
    add(client, "bo", "Bo Ek")
    client.post("/users/1/posts", data={"title": "Rarewords"})
    client.post("/users/2/posts", data={"title": "Met Quixoletta Berg"})


def add(client: FlaskClient, username: str, name: str) -> None:
    form = {"username": username, "email": f"{username}@post.example", "display_name": name}
    assert client.post("/add", data=form).status_code == 303


def test_it_says_what_would_go_and_changes_nothing(client: FlaskClient, people: None, folder: Path) -> None:
    followed(client, client.post("/safety/back-up"))
    page = followed(client, client.get("/users/1/forget"))
    assert b"Forget Quixoletta Berg completely?" in page.data
    assert catalogue.backups(folder)[0].name.encode() in page.data
    assert b"1 person has a note or a post that names them." in page.data
    assert len(client.get("/users").json) == 2


def test_it_is_done_only_when_it_was_said_twice(client: FlaskClient, people: None) -> None:
    page = followed(client, client.get("/users/1/forget"))
    unsure = client.post(page.request.path)
    assert unsure.status_code == 422
    assert b"Nothing was changed." in unsure.data
    assert len(client.get("/users").json) == 2


def test_they_are_gone_from_here_from_history_and_from_copies(
    client: FlaskClient, app: Flask, people: None, folder: Path, database: Path
) -> None:
    followed(client, client.post("/safety/back-up"))
    client.get("/?q=Quixoletta")
    assert "q=Quixoletta" in client.get("/users/2").text  # the way back to the list
    page = followed(client, client.get("/users/1/forget"))
    done = followed(client, client.post(page.request.path, data={"sure": "1", "copy-0": "rewrite"}))
    assert b"Quixoletta Berg is forgotten." in done.data
    assert "q=Quixoletta" not in client.get("/users/2").text
    assert b"Rewritten without them" in done.data
    (made,) = catalogue.backups(folder)
    assert archive.verify(made.path).people == 1
    assert [each["username"] for each in client.get("/users").json] == ["bo"]
    assert not forget.is_owed(database)
    found = [path.read_bytes() for path in database.parent.parent.rglob("*") if path.is_file()]
    assert not [each for each in found if b"quixo@post" in each or b"Rarewords" in each]
    history = client.get("/history").data
    assert b"Rarewords" not in history and b"Add Quixo" not in history
    assert b"Post about Bo Ek: Met Quixoletta Berg" in history  # it is Bo's, and stays
    assert client.get("/users/1").status_code == 404
    assert client.get("/users/1/forget").status_code == 404


def test_the_strip_offers_to_undo_what_is_left(client: FlaskClient, people: None) -> None:
    client.post("/users/1/posts", data={"title": "Newest"})
    page = followed(client, client.get("/users/1/forget"))
    followed(client, client.post(page.request.path, data={"sure": "1"}))
    strip = client.get("/import").data
    assert b"Met Quixoletta Berg" in strip and b"Newest" not in strip
    for _each in range(2):
        assert client.post("/undo").status_code == 303
    assert client.get("/users").json == []


def test_copies_are_removed_or_left_as_was_said(client: FlaskClient, people: None, folder: Path) -> None:
    for _each in range(2):
        followed(client, client.post("/safety/back-up"))
    page = followed(client, client.get("/users/1/forget"))
    form = {"sure": "1", "copy-0": "remove", "copy-1": "leave"}
    done = followed(client, client.post(page.request.path, data=form))
    assert b"not from every copy" in done.data
    assert b"Still holds them" in done.data and b"Removed" in done.data
    (left,) = catalogue.backups(folder)
    assert archive.verify(left.path).people == 2


def test_one_in_the_trash_and_one_in_history_alone_can_be_forgotten_too(
    client: FlaskClient, people: None
) -> None:
    client.post("/users/1/trash")
    assert b'href="/users/1/forget"' in client.get("/trash").data
    for _each in range(5):  # back to before there was anyone
        client.post("/undo")
    page = followed(client, client.get("/users/1/forget"))
    assert b"Forget Quixoletta Berg completely?" in page.data
    done = followed(client, client.post(page.request.path, data={"sure": "1"}))
    assert b"is forgotten" in done.data


def test_files_of_an_import_that_is_not_done_go_as_well(
    client: FlaskClient, people: None, database: Path
) -> None:
    import io

    sent = {"file": (io.BytesIO(b"Name,E-mail\nQuixoletta,quixo@post.example\n"), "people.csv")}
    draft = client.post("/import", data=sent).location
    assert list(database.parent.glob("scratch/imports/*"))
    page = followed(client, client.get("/users/1/forget"))
    followed(client, client.post(page.request.path, data={"sure": "1"}))
    assert not list(database.parent.glob("scratch/imports/*"))
    assert client.get(draft).status_code == 404


def test_while_the_past_is_looked_at_nobody_is_forgotten(client: FlaskClient, people: None) -> None:
    followed(client, client.post("/moments", data={"moment": "1"}))
    assert client.get("/users/1/forget").status_code == 409
    assert client.post("/forget/1", data={"sure": "1"}).status_code == 409


def test_a_past_moment_that_another_window_looks_at_is_closed_first(
    app: Flask, client: FlaskClient, people: None, database: Path
) -> None:
    other = app.test_client()
    followed(other, other.post("/moments", data={"moment": "1"}))
    assert list(database.parent.glob("scratch/work-*"))
    page = followed(client, client.get("/users/1/forget"))
    followed(client, client.post(page.request.path, data={"sure": "1"}))
    assert not list(database.parent.glob("scratch/work-*"))
    assert b"has ended" in other.get("/").data


def test_a_past_moment_that_was_asked_for_before_does_not_outlive_it(
    app: Flask, client: FlaskClient, people: None, database: Path
) -> None:
    page = followed(client, client.get("/users/1/forget"))
    go_on = threading.Event()
    app.extensions["roster.jobs"].start("slow", lambda _job: go_on.wait(30))
    other = app.test_client()
    looking = other.post("/moments", data={"moment": "1"})
    begun = client.post(page.request.path, data={"sure": "1"})
    again = client.post(page.request.path, data={"sure": "1"})
    assert again.location == begun.location  # pressed twice
    go_on.set()
    assert b"is forgotten" in followed(client, begun).data
    assert b"is forgotten" in followed(client, client.post(page.request.path, data={"sure": "1"})).data
    assert not list(database.parent.glob("scratch/work-*"))
    assert 'href="/users/1"' not in followed(other, looking).text
    assert other.get("/users/1").status_code != 200


def test_it_goes_on_to_its_end_though_someone_asks_it_to_stop(client: FlaskClient, people: None) -> None:
    page = followed(client, client.get("/users/1/forget"))
    started = client.post(page.request.path, data={"sure": "1"})
    client.post(f"{started.location}/cancel")
    assert b"is forgotten" in followed(client, client.get(started.location)).data


def test_the_counts_beside_every_page_are_right_afterwards(client: FlaskClient) -> None:
    """What is remembered until something is done has to notice what is no operation."""
    add(client, "quixo", "Quixoletta Berg")
    add(client, "bo", "Bo Ek")
    assert b'People <span class="count">2' in client.get("/").data
    page = followed(client, client.get("/users/1/forget"))
    followed(client, client.post(page.request.path, data={"sure": "1"}))
    assert b'People <span class="count">1' in client.get("/").data


def test_a_restore_names_how_many_forgotten_people_would_come_back(
    client: FlaskClient, people: None, folder: Path
) -> None:
    followed(client, client.post("/safety/back-up"))
    page = followed(client, client.get("/users/1/forget"))
    followed(client, client.post(page.request.path, data={"sure": "1", "copy-0": "leave"}))
    (made,) = catalogue.backups(folder)
    looked = followed(client, client.post("/safety/restore", data={"name": made.name}))
    assert b"1 person whom you had forgotten completely is in this backup and would come back." in looked.data


def test_a_file_that_would_bring_someone_forgotten_back_says_so(
    client: FlaskClient, people: None, database: Path
) -> None:
    stream = io.BytesIO()
    with closing(sqlite.connect(database)) as connection:
        exporting.users_csv(connection, stream)
    exported = stream.getvalue()
    looked = followed(client, client.get("/users/1/forget"))
    followed(client, client.post(looked.request.path, data={"sure": "1"}))
    address = begun(client, exported)
    preview = followed(client, client.post(f"{address}/columns", data=chosen(client, address)))
    page = preview.get_data(as_text=True)
    assert "1 person whom you had forgotten completely is in this file" in page
    followed(client, client.post(address))
    again = begun(client, exported)
    page = followed(client, client.post(f"{again}/columns", data=chosen(client, again))).get_data(
        as_text=True
    )
    assert "forgotten completely" not in page  # is here again, and said to be


def chosen(client: FlaskClient, address: str) -> dict[str, list[str]]:
    """Return the columns as they were guessed."""
    page = client.get(f"{address}/columns").get_data(as_text=True)
    fields = re.findall(r'<input[^>]*name="target"[^>]*>|<select[^>]*name="target".*?</select>', page, re.S)
    said = r'value="([^"]*)" selected|<input[^>]*value="([^"]*)"'
    return {"target": ["".join(re.findall(said, each)[0]) for each in fields]}


def test_the_second_place_is_looked_at_too_and_an_absent_one_is_told(
    client: FlaskClient, tmp_path: Path, engine: Engine
) -> None:
    client.post("/add", data={"username": "owen", "email": "owen@post.example", "given": "Owenbracegirdle"})
    stick, backups = tmp_path / "stick", tmp_path / "backups"
    followed(client, client.post("/safety/places", data={"second": str(stick)}))
    head = b"age-encryption.org/v1\n"
    (backups / "roster-20261127-101010-locked.zip.age").write_bytes(head)
    uid = uid_of(engine, "owen")
    user_id = next(each["id"] for each in client.get("/users").json or [] if each["username"] == "owen")
    stick.rename(tmp_path / "drawer")
    looked = followed(client, client.get(f"/users/{user_id}/forget")).get_data(as_text=True)
    assert f"The second place, {stick}, is not there now" in looked
    (tmp_path / "drawer").rename(stick)
    looking = followed(client, client.get(f"/users/{user_id}/forget"))
    page = looking.get_data(as_text=True)
    assert "is not there now" not in page and f'<span class="exact">{stick}</span>' in page
    assert "-locked.zip.age" in page and "may hold them" in page
    followed(client, client.post(looking.request.path, data={"sure": "1"}))
    for folder in (stick, backups):
        [made] = folder.glob("*.zip")
        with zipfile.ZipFile(made) as opened:
            assert uid.encode() not in opened.read("data.sqlite")
    assert "Second place: no copy" not in client.get("/safety").get_data(as_text=True)


def uid_of(engine: Engine, username: str) -> str:
    with engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT uid FROM users WHERE username = ?", (username,))
        return str(found.scalar_one())
