"""Undo and redo at the door."""

import threading
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from webui.host import NoHost


class Named(NoHost):
    """A host that remembers what its window was called."""

    def __init__(self) -> None:
        self.titles: list[str] = []

    def retitle(self, title: str) -> None:
        self.titles.append(title)


def test_the_windows_title_follows_the_undo_of_a_title(app: Flask, client: FlaskClient) -> None:
    app.extensions["roster.host"] = host = Named()
    client.post("/settings/roster", data={"title": "Choir", "email_required": "1"})
    client.post("/undo")
    client.post("/redo")
    assert host.titles == ["Choir", "My roster", "Choir"]


def test_undo_names_what_it_took_back_and_stays_on_the_page(client: FlaskClient, database: Path) -> None:
    client.post("/add", data={"username": "mara", "email": "mara@post.example"})
    back = client.post("/undo", headers={"Referer": "http://localhost/history"})
    assert back.location == "/history"
    assert "Undone: Add mara." in client.get("/history").text
    gone = client.post("/redo", headers={"Referer": "http://elsewhere.example/history"})
    assert gone.location == "/"


def test_undo_of_something_else_than_the_page_named_is_refused(client: FlaskClient) -> None:
    client.post("/add", data={"username": "mara", "email": "mara@post.example"})
    refused = client.post("/undo", data={"operation": "99"}, headers={"Referer": "http://localhost/history"})
    assert refused.location == "/history"
    assert (
        "Something else was done meanwhile, so nothing was undone or redone." in client.get("/history").text
    )
    assert len(client.get("/users").json) == 1


def test_the_strip_is_given_alone(client: FlaskClient) -> None:
    client.post("/add", data={"username": "mara", "email": "mara@post.example"})
    strip = client.get("/strip", headers={"HX-Request": "true"}).text
    assert strip.lstrip().startswith("<footer") and "Add mara" in strip
    assert client.get("/strip").location == "/"


def test_undo_waits_while_an_import_writes(app: Flask, client: FlaskClient) -> None:
    client.post("/add", data={"username": "mara", "email": "mara@post.example"})
    release = threading.Event()
    job = app.extensions["roster.jobs"].start("import.apply", lambda _job: release.wait(30))
    page = client.get("/history").text
    release.set()
    assert job.ended.wait(30)
    assert "Undo waits for the import" in page
    assert 'aria-keyshortcuts="Control+Z"' not in page
    assert 'aria-keyshortcuts="Control+Z"' in client.get("/history").text
