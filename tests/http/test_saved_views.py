"""Saved views over HTTP: saved from a search, listed with counts, renamed, ordered, removed, undone."""

import html
import re

import pytest
from flask.testing import FlaskClient


def labels(page: str) -> list[str]:
    """The names and counts in the sidebar's views."""
    part = page.partition('id="views"')[2].partition("</nav>")[0]
    items = re.findall(r"<li>(.*?)</li>", part, re.DOTALL)
    return [" ".join(html.unescape(re.sub("<.*?>", " ", each)).split()) for each in items]


def save(client: FlaskClient, name: str = "Choir", q: str = "tag:choir", sort: str = "-name"):
    return client.post("/views", data={"name": name, "q": q, "sort": sort})


@pytest.fixture
def people(client: FlaskClient) -> FlaskClient:
    for name in ("mara", "noor"):
        client.post("/api/users", json={"username": name, "email": f"{name}@x.example", "tags": ["Choir"]})
    return client


def test_the_sidebar_counts_by_itself_and_remembers(people: FlaskClient) -> None:
    page = people.get("/").text
    assert labels(page) == ["Birthdays this month", "Out of touch", "No e-mail", "Added lately"]
    assert 'hx-get="/views/sidebar"' in page
    counted = people.get("/views/sidebar").text
    assert labels(counted) == ["Birthdays this month 0", "Out of touch 0", "No e-mail 0", "Added lately 2"]
    assert "hx-get" not in counted
    page = people.get("/tags").text
    assert labels(page)[-1] == "Added lately 2"
    assert 'hx-get="/views/sidebar"' not in page
    people.delete("/api/users/1")
    assert labels(people.get("/").text)[-1] == "Added lately"
    assert labels(people.get("/views/sidebar").text)[-1] == "Added lately 1"


def test_a_search_is_saved_and_shown_by_its_name(people: FlaskClient) -> None:
    answer = save(people)
    assert (answer.status_code, answer.location) == (303, "/?q=tag:choir&sort=-name")
    page = people.get(answer.location).text
    assert "The view Choir is saved." in page
    assert re.search(r'<h1 id="list-title"><bdi>Choir</bdi> <span class="count">2</span></h1>', page)
    assert re.search(r'<a href="/\?q=tag:choir&amp;sort=-name" aria-current="page">', page)
    assert page.count('aria-current="page"') == 1
    assert 'popovertarget="save-view"' not in page
    other = people.get("/?q=tag:choir").text
    assert 'popovertarget="save-view"' in other
    assert "Save the view Choir" in people.get("/history").text


def test_the_way_back_from_a_person_names_the_view(people: FlaskClient) -> None:
    def way_back() -> str:
        return re.sub(
            "<.*?>", "", re.findall(r'<nav class="crumbs".*?</nav>', people.get("/users/1").text)[0]
        ).strip()

    assert way_back().startswith("People ")
    people.get(save(people).location)
    assert way_back().startswith("Choir ")
    people.get("/?q=mara")
    assert way_back().startswith("People ")


def test_views_are_renamed_ordered_removed_and_undone(people: FlaskClient) -> None:
    save(people)
    people.post("/views/1/rename", data={"name": "Cake"})
    people.post("/views/5/move", data={"to": "up"})
    people.post("/views/2/trash")
    assert labels(people.get("/views").text) == ["Cake", "No e-mail", "Choir", "Added lately"]
    history = people.get("/history").text
    for sentence in (
        "Change the view Birthdays this month",
        "Move the view Choir",
        "Move the view Out of touch to the trash",
    ):
        assert sentence in history
    people.post("/undo")
    assert "Out of touch" in labels(people.get("/views").text)


def test_what_is_wrong_with_a_view_is_said(people: FlaskClient) -> None:
    save(people)
    taken = save(people, name="choir", q="tag:board")
    assert taken.status_code == 409
    assert "There is a view choir already" in taken.text
    assert 'value="tag:board"' in taken.text
    assert save(people, name=" ").status_code == 422
    assert save(people, name="Empty", q=" ").status_code == 422
    assert save(people, name="New", q="ciyt:lund").status_code == 422
    renamed = people.post("/views/2/rename", data={"name": "CHOIR"})
    assert renamed.status_code == 409
    assert "There is a view CHOIR already" in renamed.text
    assert people.post("/views/99/trash").status_code == 404
    assert len(labels(people.get("/").text)) == 5
