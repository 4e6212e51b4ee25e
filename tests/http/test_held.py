"""All that is held about one person, as a file: whole, of one moment, and harmless whatever stands in it."""

import base64
import io
import re
import sqlite3
from contextlib import closing
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.http.following import followed
from tests.http.imported import begun, planned
from tests.http.test_moments import look
from tests.pictures import CLEAR, TURNED
from webui.host import NoHost

MARA = {
    "username": "mara",
    "email": "mara@post.example",
    "given": "Mara",
    "family": "Lindqvist",
    "nickname": "Majken",
    "organisation": "Fältvägen School",
    "job_title": "Choir leader",
    "birthday": "4 March",
    "note": "Sings\nalto",
    "tags": ["Choir"],
    "emails": [{"label": "Work", "email": "mara@work.example"}],
    "phones": [{"label": "Mobile", "phone": "+46 8 465 004 02"}],
    "addresses": [{"label": "Home", "street": "Kastanjegatan 12", "city": "Lund"}],
    "links": [{"url": "https://mara.example/about"}, {"url": "javascript:alert(1)"}],
    "handles": [{"label": "Signal", "handle": "mara.41"}],
    "dates": [{"label": "Joined", "date": "March 2019"}],
}
LARGE = b"second" * 300_000 + b"!"  # more than is read in one go, and no whole threes
HOSTILE = "</title><script>alert(1)</script>\"'><img src=x onerror=alert(1)>]]>&amp;\u202e\u2066fdp.exe"


class Parts(HTMLParser):
    """What a page is made of: its tags with their attributes, and all its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def saved(self) -> dict[str, bytes]:
        """The files in the page, by the name that each would be saved by."""
        return {
            str(found["download"]): base64.b64decode(str(found["href"]).partition("base64,")[2])
            for tag, found in self.tags
            if tag == "a" and "download" in found
        }


@pytest.fixture
def mara(client: FlaskClient) -> int:
    client.post("/settings/fields/add", data={"name": "Voice", "kind": "text"})
    client.post("/api/users", json={**MARA, "fields": {"Voice": "Mezzo"}})
    client.post("/api/users", json={"username": "noor", "email": "noor@post.example", "given": "Noor"})
    return 1


def held(client: FlaskClient, user_id: int = 1) -> str:
    with client.get(f"/users/{user_id}/held") as answer:
        assert answer.status_code == 200
        assert answer.headers["Content-Disposition"].startswith("attachment; filename=roster-")
        return answer.data.decode()


def test_all_that_is_known_is_in_it(client: FlaskClient, mara: int) -> None:
    text = Parts(held(client)).text
    for said in (
        "All that Roster holds about Mara Lindqvist", "mara@post.example", "Majken", "Fältvägen School",
        "Choir leader", "4 March", "Sings\nalto", "Choir", "Work", "mara@work.example", "+46 8 465 004 02",
        "Kastanjegatan 12", "Lund", "https://mara.example/about", "mara.41", "Joined", "March 2019", "Voice",
        "Mezzo", "Added", "Changed",
    ):  # fmt: skip
        assert said in text, said


def test_only_addresses_that_lead_somewhere_known_are_links(client: FlaskClient, mara: int) -> None:
    found = [str(attributes["href"]) for tag, attributes in Parts(held(client)).tags if tag == "a"]
    assert found == [
        "mailto:mara@post.example", "mailto:mara@work.example", "tel:+46846500402", "https://mara.example/about"
    ]  # fmt: skip


def test_whom_they_know_is_told_from_both_sides(client: FlaskClient, mara: int) -> None:
    own = {"kind": "own", "label": "Godmother", "back_label": "Godchild"}
    client.post("/api/users/1/relations", json={"people": [2], **own})
    assert re.search(r"Godmother</bdi></dt><dd><bdi[^>]*>Noor<", held(client, 1))
    assert re.search(r"Godchild</bdi></dt><dd><bdi[^>]*>Mara Lindqvist<", held(client, 2))
    assert "Mara Lindqvist" in held(client, 2).split("What was done")[1]
    client.post("/users/1/trash")
    assert "(in the trash)" in held(client, 2)


def test_history_says_of_which_kind_they_know_whom_in_the_words_of_each(
    client: FlaskClient, mara: int
) -> None:
    client.post(f"/api/users/{mara}/relations", json={"people": "noor", "kind": "parent"})
    assert "Knows Noor (Parent)" in Parts(held(client)).text
    assert "Knows Mara Lindqvist (Child)" in Parts(held(client, 2)).text


def test_posts_mainly_about_others_that_name_them_are_in_it(client: FlaskClient, mara: int) -> None:
    client.post("/users/2/posts", data={"title": "Concert", "body": "With both", "people": "mara"})
    client.post("/users/2/posts", data={"title": "Not about Mara"})
    text = Parts(held(client)).text
    assert "Concert" in text and "With both" in text and "Mainly about Noor." in text
    assert "Not about Mara" not in text
    assert "Also about Mara Lindqvist." in Parts(held(client, 2)).text


def test_a_post_that_was_removed_is_still_held_and_said(client: FlaskClient, mara: int) -> None:
    client.post("/users/1/posts", data={"title": "Coffee", "body": "A secret"})
    client.post("/posts/1/trash")
    assert "(in the trash)" in Parts(held(client)).text.split("What was done")[0]
    client.post("/posts/1/remove")
    page = held(client)
    assert '<del class="was" dir="auto">A secret</del>' in page
    assert "A secret" not in page.split("What was done")[0]


def test_history_has_every_former_value_also_an_undone_one(client: FlaskClient, mara: int) -> None:
    client.patch("/api/users/1", json={"note": "Bass"})
    client.post("/undo")
    client.post("/redo")
    client.post("/undo")
    client.patch("/api/users/1", json={"tags": ["Board"]})
    text = Parts(held(client)).text
    assert "Undone: Change Mara Lindqvist" in text and "Done again: Change Mara Lindqvist" in text
    assert "Sings\nalto → Bass" in text and "Bass → Sings\nalto" in text
    page = held(client).split("What was done")[1]
    assert page.index("Board") < page.index("Undone:") < page.index("Add Mara")


def test_what_another_was_given_before_is_not_theirs(client: FlaskClient, mara: int) -> None:
    client.patch("/api/users/2", json={"note": "About Noor alone"})
    assert "About Noor alone" not in held(client, 1)


def test_photo_and_files_are_in_it_those_too_that_history_alone_has(client: FlaskClient, mara: int) -> None:
    for name, content in (("one.pdf", b"first"), ("two <b>.pdf", LARGE)):
        client.post("/api/users/1/attachments", query_string={"name": name}, data=content)
    client.post("/attachments/1/remove")
    for picture in (CLEAR, TURNED):
        client.put("/api/users/1/photo", data=picture, content_type="image/png")
    parts = Parts(held(client))
    saved = parts.saved()
    assert saved["one.pdf"] == b"first" and saved["two _b_.pdf"] == LARGE
    assert {CLEAR, TURNED} == {content for name, content in saved.items() if name.startswith("photo")}
    assert "Removed; the history still has it." in parts.text and "A former photo" in parts.text
    assert str(dict(parts.tags)["img"]["src"]).startswith("data:image/webp;base64,")


def test_the_rows_they_came_from_are_in_it_as_text(client: FlaskClient) -> None:
    content = "Förnamn;E-mail;Skostorlek\nÅsa;asa@x.example;38\n".encode("latin-1")
    address = begun(client, content)
    planned(client, address, ["given", "email", "kept"])
    followed(client, client.post(address))
    text = Parts(held(client)).text
    assert "people.csv" in text and "Åsa;asa@x.example;38" in text and "Skostorlek" in text


def test_someone_in_the_trash_is_held_too_and_the_trash_leads_there(client: FlaskClient, mara: int) -> None:
    client.post("/users/1/trash")
    assert "Mara Lindqvist is in the trash since" in held(client)
    assert 'href="/users/1/forget"' in client.get("/trash").text  # whose page leads to the file


def test_their_page_leads_there_and_nobody_is_not_there(client: FlaskClient, mara: int) -> None:
    assert 'href="/users/1/held"' in client.get("/users/1").text
    assert client.get("/users/99/held").status_code == 404


def test_what_it_can_not_know_is_said(client: FlaskClient, mara: int, tmp_path: Path) -> None:
    text = Parts(held(client)).text
    assert f"They lie in {tmp_path / 'backups'}" in text
    assert "may mention Mara Lindqvist without being marked" in text


def test_while_a_moment_is_looked_at_it_is_of_that_moment(client: FlaskClient, mara: int) -> None:
    client.patch("/api/users/1", json={"note": "Bass"})
    look(client, 3)
    text = Parts(held(client)).text
    assert "This is how it was on" in text and "Bass" not in text and "Sings" in text


@pytest.mark.outside
def test_nothing_in_it_is_markup_whatever_was_written(client: FlaskClient, mara: int, database: Path) -> None:
    client.post("/users/1/posts", data={"title": HOSTILE[:100], "body": HOSTILE})
    client.post("/users/1/attachments", data={"file": (io.BytesIO(b"x"), HOSTILE)})
    client.post("/api/users/1/relations", json={"people": [2], "kind": "own", "label": HOSTILE[:60]})
    client.patch("/api/users/1", json={"display_name": HOSTILE, "tags": [HOSTILE[:80]], "note": HOSTILE})
    with closing(sqlite3.connect(database)) as other:
        other.execute("UPDATE user_links SET url = 'https://a.example/\"onclick=alert(1) <b>' || char(0)")
        other.execute(
            "UPDATE users SET nickname = CAST(x'4dff00' AS TEXT), photo_hash = '\"><b>', family = x'c3'"
        )
        other.execute("UPDATE attachments SET name = name || char(0, 8238)")
        other.execute("UPDATE posts SET date = '<b>', follow_up = '2026-99-99'")
        other.execute('UPDATE operations SET payload = \'{"name": "<b>\\\\ud800"}\' WHERE id = 2')
        other.execute("UPDATE user_phones SET phone = '\"><b>1'")
        other.commit()
    page = held(client)
    parts = Parts(page)
    assert not {tag for tag, _found in parts.tags} & {"script", "b", "iframe", "form"}
    assert [tag for tag, found in parts.tags if set(found) & {"onclick", "onerror", "style"}] == []
    assert HOSTILE in parts.text and "M\ufffd\ufffd" in parts.text
    assert "\0" not in page and not any("\u202e" in name for name in parts.saved())
    assert sum(tag == "img" for tag, _found in parts.tags) == 0


def test_nothing_in_it_is_fetched(client: FlaskClient, mara: int) -> None:
    page = held(client)
    assert "default-src &#x27;none&#x27;" in page or "default-src 'none'" in page
    assert not re.search(r"(?:src|href)=\"(?!data:|https://mara|mailto:|tel:)", page)


def test_a_window_saves_it_by_its_own_dialog(
    app: Flask, client: FlaskClient, mara: int, tmp_path: Path
) -> None:
    class Window(NoHost):
        native = True
        chosen: Path | None = tmp_path / "mara.html"

        def choose_save(self, _title: str, name: str) -> Path | None:
            assert name == "roster-mara.html"
            return self.chosen

    window = app.extensions["roster.host"] = Window()
    assert "All that is held about Mara Lindqvist" in client.get("/users/1").text
    page = followed(client, client.post("/users/1/held", headers={"Referer": "http://localhost/users/1"}))
    assert "Saved as mara.html." in page.text
    assert "Kastanjegatan" in (tmp_path / "mara.html").read_text()
    assert (tmp_path / "mara.html").stat().st_mode & 0o777 == 0o600
    window.chosen = tmp_path / "nowhere" / "mara.html"
    assert "There is no folder" in followed(client, client.post("/users/1/held")).text
    window.chosen = None
    assert client.post("/users/1/held").status_code == 303
    assert client.get("/users/1/held").status_code == 404
