"""The settings page: what goes with the file, what stays on this computer."""

import io
import json
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.http.following import followed
from webui.store import settings


def kept(tmp_path: Path) -> dict[str, object]:
    file = tmp_path / "preferences.json"
    return dict(json.loads(file.read_text())) if file.exists() else {}


@pytest.mark.parametrize(
    "typed",
    [
        {"appearance": "dark", "size": "9000"},
        {"appearance": "dark", "size": "x"},
        {"appearance": "dark", "size": "1.5"},
        {"appearance": "loud", "size": "125"},
    ],
)
def test_half_of_a_form_is_never_saved(client: FlaskClient, tmp_path: Path, typed: dict[str, str]) -> None:
    client.post("/settings/machine", data={"appearance": "light", "size": "110", "letters": "1"})
    before = kept(tmp_path)
    assert before == {"appearance": "light", "size": 110, "letters": True}
    told = client.post("/settings/machine", data=typed, follow_redirects=True)
    assert "Nothing was changed" in told.get_data(as_text=True)
    assert kept(tmp_path) == before


def test_keys_of_one_letter_can_be_switched_off(client: FlaskClient) -> None:
    assert 'data-letters="on"' in client.get("/settings").get_data(as_text=True)
    client.post("/settings/machine", data={"appearance": "auto", "size": "100"})
    page = client.get("/settings").get_data(as_text=True)
    assert 'data-letters="off"' in page
    assert 'name="letters" value="1">' in page
    client.post("/settings/machine", data={"appearance": "auto", "size": "100", "letters": "1"})
    assert 'data-letters="on"' in client.get("/settings").get_data(as_text=True)


def test_both_faults_of_the_rosters_own_are_told_and_neither_half_is_saved(client: FlaskClient) -> None:
    client.post("/settings/roster", data={"title": "Choir"})  # the e-mail rule is off then
    client.post("/add", data={"username": "mara"})
    told = client.post("/settings/roster", data={"title": "", "email_required": "1"})
    page = told.get_data(as_text=True)
    assert told.status_code == 422
    assert "A title has 1 to 80 letters" in page
    assert "1 person has no e-mail of their own, so the rule was not turned on." in page
    told = client.post("/settings/roster", data={"title": "Chorus", "email_required": "1"})
    assert told.status_code == 409
    assert "<small>Choir</small>" in client.get("/settings").get_data(as_text=True)


def test_history_is_kept_at_a_size_and_says_how_far_it_reaches(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, database: Path
) -> None:
    monkeypatch.setattr(settings, "HISTORY_LIMITS", (0, 1))
    client.post("/add", data={"username": "mara", "email": "mara@post.example"})
    for number in range(30):
        client.patch("/api/users/1", json={"note": f"{number}" + "x" * 60_000})
    form = {"title": "Choir", "email_required": "1"}
    said = followed(client, client.post("/settings/roster", data={**form, "history_limit": "1"})).text
    assert "Settings saved." in said and "What went is in the backup roster-" in said
    assert "reaches back to" in client.get("/settings").text
    listed = client.get("/history").text
    assert "History reaches back to" in listed and "Add mara" not in listed
    assert client.post("/settings/roster", data={**form, "history_limit": "7"}).status_code == 422
    client.post("/settings/roster", data={**form, "history_limit": "0"})
    assert "Keep all of history" in client.get("/history").text


def test_files_that_only_history_holds_are_history_and_go_with_it(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, database: Path
) -> None:
    monkeypatch.setattr(settings, "HISTORY_LIMITS", (0, 1))
    client.post("/add", data={"username": "mara", "email": "mara@post.example"})
    for number in range(1, 5):
        given = [(io.BytesIO(bytes([number]) * 400_000), "scan.pdf")]
        client.post("/users/1/attachments", data={"file": given})
        if number < 4:
            client.post(f"/attachments/{number}/remove")
    assert "It takes 1.4 MB, with the photos and files" in client.get("/settings").text
    form = {"title": "Choir", "email_required": "1"}
    said = followed(client, client.post("/settings/roster", data={**form, "history_limit": "1"})).text
    assert "What went is in the backup roster-" in said
    size = re.search(r"It takes (\d+) kB, with", said)
    assert size and 400 < int(size[1]) <= 900
    assert client.get("/attachments/4").data == bytes([4]) * 400_000
    assert database.stat().st_size < 2_000_000
