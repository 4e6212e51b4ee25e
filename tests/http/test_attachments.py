"""Files of a person at the door: attached, renamed, removed; downloaded as bytes, or saved by a window."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.http.test_saving import Window
from tests.pictures import sha
from webui.store import attachments

SCAN = b"%PDF-1.7 \x00\xff a contract"
HTML = b"<script>alert(1)</script>"


@pytest.fixture
def mara(client: FlaskClient) -> str:
    return client.post("/add", data={"username": "mara", "email": "mara@l.example", "given": "Mara"}).location


def attach(client: FlaskClient, mara: str, *files: tuple[str, bytes]) -> TestResponse:
    given = [(io.BytesIO(content), name) for name, content in files]
    return client.post(f"{mara}/attachments", data={"file": given})


def test_several_are_attached_at_once_and_shown_with_size_and_day(client: FlaskClient, mara: str) -> None:
    saved = attach(client, mara, ("scan.pdf", SCAN), ("page.html", HTML))
    assert (saved.status_code, saved.location) == (303, f"{mara}#files")
    page = client.get(mara).text
    assert "2 files are attached." in page
    assert "Attach 2 files to Mara" in page
    assert f"{len(SCAN)} bytes" in page
    kept = client.get("/api/users/1").json["attachments"]
    assert [(each["name"], each["size"], each["file_hash"]) for each in kept] == [
        ("page.html", len(HTML), sha(HTML)), ("scan.pdf", len(SCAN), sha(SCAN)),
    ]  # fmt: skip


def test_a_download_is_bytes_to_be_kept_never_a_page(client: FlaskClient, mara: str) -> None:
    attach(client, mara, ("ä page.html", HTML))
    for address in ("/attachments/1", "/api/attachments/1"):
        got = client.get(address)
        assert got.data == HTML
        assert got.headers["Content-Type"] == "application/octet-stream"
        assert got.headers["Content-Disposition"].startswith("attachment")
        assert got.headers["X-Content-Type-Options"] == "nosniff"
        assert got.headers["Cache-Control"] == "no-store"
    named = client.get("/attachments/1").headers["Content-Disposition"]
    assert named.endswith("filename*=UTF-8''%C3%A4%20page.html")


@pytest.mark.parametrize(
    ("offered", "kept"),
    [
        ("../../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\scan.pdf", "scan.pdf"),
        ("a\r\nX: y.pdf", "aX_ y.pdf"),
        ("cod\u202efdp.exe", "codfdp.exe"),
        ("å" * 300 + ".pdf", "å" * 98 + ".pdf"),
        ("...", "file"),
        ("NUL.txt", "_NUL.txt"),
    ],
)
def test_a_name_is_one_for_a_file_in_any_folder(
    client: FlaskClient, mara: str, offered: str, kept: str
) -> None:
    made = client.post("/api/users/1/attachments", query_string={"name": offered}, data=SCAN)
    assert (made.status_code, made.json["name"]) == (201, kept)
    assert client.get(made.location).data == SCAN


def test_renamed_and_removed_and_back_again(
    client: FlaskClient, mara: str, digest: Callable[[], str]
) -> None:
    attach(client, mara, ("scan.pdf", SCAN))
    before = digest()
    assert client.post("/attachments/1/rename", data={"name": "Contract 2026"}).status_code == 303
    assert "Contract 2026.pdf" in client.get(mara).text  # what it is, is kept
    assert client.post("/attachments/1/remove").status_code == 303
    page = client.get(mara).text
    assert "Contract 2026.pdf is removed." in page
    assert "Remove the file Contract 2026.pdf of Mara" in page
    assert client.get("/attachments/1").status_code == 404
    for _ in range(2):
        client.post("/undo")
    assert digest() == before
    assert client.get("/attachments/1").data == SCAN


def test_an_odd_name_is_asked_about_in_its_place(client: FlaskClient, mara: str) -> None:
    attach(client, mara, ("scan.pdf", SCAN))
    refused = client.post("/attachments/1/rename", data={"name": " / "})
    assert refused.status_code == 422
    assert 'id="file-1-error"' in refused.text
    assert "A file needs a name" in refused.text
    by_json = client.patch("/api/attachments/1", json={"name": 3})
    assert (by_json.status_code, list(by_json.json["errors"])) == (422, ["name"])


def test_one_that_is_too_large_keeps_all_of_them_out(
    client: FlaskClient, mara: str, digest: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attachments, "LONGEST", 20_000)
    before = digest()
    refused = attach(client, mara, ("scan.pdf", SCAN), ("film.mp4", bytes(20_001)))
    assert refused.status_code == 422
    assert "film.mp4 is larger than 20 kB. Nothing was attached." in refused.text
    assert digest() == before
    assert "No file was chosen" in attach(client, mara, ("", b"")).text
    assert client.post("/api/users/1/attachments?name=x", data=bytes(20_001)).status_code == 422
    assert attach(client, mara, ("film.mp4", bytes(20_000))).status_code == 303


def test_a_window_saves_by_its_dialog_and_downloads_nothing(
    client: FlaskClient, mara: str, app: Flask, tmp_path: Path
) -> None:
    attach(client, mara, ("scan.pdf", SCAN))
    window = app.extensions["roster.host"] = Window()
    assert client.get("/attachments/1").status_code == 404
    window.chosen = tmp_path / "kept.pdf"
    assert client.post("/attachments/1/save").status_code == 303
    assert (tmp_path / "kept.pdf").read_bytes() == SCAN
    assert "Saved as kept.pdf." in client.get(mara).text
    window.chosen = tmp_path / "data" / "roster.db"
    client.post("/attachments/1/save")
    assert "Nothing was changed; choose another name." in client.get(mara).text
    window.chosen = None
    assert client.post("/attachments/1/save").status_code == 303


def test_files_of_someone_in_the_trash_are_out_of_reach(client: FlaskClient, mara: str) -> None:
    attach(client, mara, ("scan.pdf", SCAN))
    client.post(f"{mara}/trash")
    assert client.get("/attachments/1").status_code == 404
    assert client.post("/attachments/1/remove").status_code == 404
    client.post("/undo")
    assert client.get("/attachments/1").data == SCAN


def test_the_api_removes(client: FlaskClient, mara: str) -> None:
    attach(client, mara, ("scan.pdf", SCAN))
    assert client.patch("/api/attachments/1", json={"name": "b.pdf"}).json["name"] == "b.pdf"
    assert client.patch("/api/attachments/1", json={"size": 3}).status_code == 422
    assert client.delete("/api/attachments/1").status_code == 204
    assert client.delete("/api/attachments/1").status_code == 404
    assert client.get("/api/users/1").json["attachments"] == []
