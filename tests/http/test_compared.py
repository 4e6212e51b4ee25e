"""The moment looked at compared with now: who differs, how, and the ways to both."""

import html
import re

import pytest
from flask.testing import FlaskClient

from tests.http.test_bulk import do
from tests.http.test_moments import look
from webui.pages import compared
from webui.store import compared as store


def add(client: FlaskClient, name: str, **form: object) -> None:
    client.post("/api/users", json={"username": name, "email": f"{name}@post.example", "given": name, **form})


def page(client: FlaskClient, query: str = "") -> str:
    answer = client.get(f"/moments/compare{query}")
    assert answer.status_code == 200
    return html.unescape(answer.text)


@pytest.fixture
def then(client: FlaskClient) -> int:
    """Mara, Noor and Tom are there; since then Mara changed, Noor is in the trash, Tom gone, and Ruth new."""
    for name in ("Mara", "Noor", "Tom"):
        add(client, name, note="Tenor")
    client.patch("/api/users/1", json={"note": "Bass", "tags": ["Board"]})
    client.post("/users/2/trash")
    client.post("/users/3/trash")
    do(client, do="remove", trashed="1", id="3")
    add(client, "Ruth")
    return 3


def test_it_counts_and_shows_who_is_another_value_by_value(client: FlaskClient, then: int) -> None:
    look(client, then)
    found = page(client)
    counts = dict(re.findall(r">(Changed|New|Gone)<span class=\"num\">(\d+)<", found))
    assert counts == {"Changed": "1", "New": "1", "Gone": "2"}
    assert re.search(r'<del class="was">Tenor</del>.*<ins class="now">Bass</ins>', found)
    assert "writes over what is now in: Note, Tag." in found
    assert 'href="/users/1"' in found and "Tags</dt><dd>1 new" in found


def test_who_is_gone_says_how_and_who_is_new_leads_to_now(client: FlaskClient, then: int) -> None:
    look(client, then)
    gone = page(client, "?show=gone")
    assert "In the trash now." in gone and "Deleted since." in gone and "Bring this version back" in gone
    new = page(client, "?show=new")
    assert "Ruth" in new and "Bring this version back" not in new and 'href="/users/4"' not in new
    assert client.post("/moments/leave", data={"user": "4"}).location == "/users/4"
    assert "Nothing can be changed here." not in client.get("/users/4").text


def test_coming_to_now_of_someone_who_is_gone_leads_to_the_list(client: FlaskClient, then: int) -> None:
    look(client, then)
    assert client.post("/moments/leave", data={"user": "2"}).location == "/"


def test_someone_brought_back_differs_no_more(client: FlaskClient, then: int) -> None:
    look(client, then)
    for user_id in (1, 2, 3):
        there = {"Referer": "http://localhost/moments/compare?show=gone"}
        assert (
            client.post(f"/moments/users/{user_id}", headers=there).location == "/moments/compare?show=gone"
        )
    found = page(client)
    counts = dict(re.findall(r">(Changed|New|Gone)<span class=\"num\">(\d+)<", found))
    assert counts == {"Changed": "0", "New": "1", "Gone": "0"}


def test_many_come_page_by_page(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a", "b", "c", "d", "e"):
        add(client, name)
    monkeypatch.setattr(compared, "PAGE", 2)
    client.post("/settings/fields/add", data={"name": "Voice", "kind": "text"})
    for user_id in range(1, 6):
        client.patch(f"/api/users/{user_id}", json={"note": "x"})
    look(client, 5)
    seen, query = [], ""
    while True:
        found = page(client, query)
        seen += re.findall(r'<a class="link" href="/users/(\d)"><strong>', found)
        further = re.search(r'href="/moments/compare(\?show=changed&after=\d+)"', found)
        if not further:
            break
        query = further[1]
    assert seen == ["1", "2", "3", "4", "5"]
    assert "The first" in found and "Fields</dt><dd>1 new" in found
    for odd in ("?after=x", "?after=99", "?show=nothing"):
        page(client, odd)


def test_it_is_compared_once_until_something_is_done(
    client: FlaskClient, then: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    compare, asked = store.since, []
    monkeypatch.setattr(store, "since", lambda *given: asked.append(given) or compare(*given))
    look(client, then)
    page(client)
    page(client, "?show=gone")
    assert len(asked) == 1
    client.patch("/api/users/1", json={"note": "Alto"})
    assert "Alto" in page(client) and len(asked) == 2


def test_the_strip_leads_there_and_without_a_moment_there_is_nothing_to_compare(
    client: FlaskClient, then: int
) -> None:
    assert client.get("/moments/compare").location == "/history"
    assert "Compare with now" not in client.get("/").text
    look(client, then)
    assert 'href="/moments/compare"' in client.get("/").text
    assert "Different now" in client.get("/users/1").text
    assert "writes over what is now in: Note, Tag." in client.get("/users/1").text


def test_what_is_only_there_now_is_not_written_over(client: FlaskClient, then: int) -> None:
    client.post("/settings/fields/add", data={"name": "Voice", "kind": "text"})
    client.patch("/api/users/1", json={"fields": {"Voice": "Alto"}})
    client.post("/api/users/1/relations", json={"people": [4], "kind": "friend"})
    look(client, then)
    assert "writes over what is now in: Note, Tag." in page(client)
