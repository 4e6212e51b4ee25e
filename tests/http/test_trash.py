"""The trash over HTTP: posts, fields and views in it, put back, for good, emptied by hand and by age."""

import html
import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from webui import database
from webui.store import trash


@pytest.fixture
def full(client: FlaskClient) -> FlaskClient:
    """One of each in the trash."""
    for name in ("Mara", "Noor"):
        person = {"username": name.lower(), "email": f"{name}@x.example", "given": name, "fields": {}}
        client.post("/api/users", json=person)
    client.post("/settings/fields/add", data={"name": "Voice", "kind": "text"})
    client.patch("/api/users/1", json={"fields": {"Voice": "alto"}})
    client.post("/api/posts", json={"user_id": 1, "title": "Regatta", "date": "2026-11-24"})
    client.post("/posts/1/trash")
    client.post("/settings/fields/1/remove")
    client.post("/views/1/trash")
    client.post("/users/2/trash")
    return client


def words(client: FlaskClient, address: str = "/trash") -> str:
    page = re.sub(r"<(style|script|svg).*?</\1>", "", client.get(address).text, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub("<.*?>", " ", page)).split())


def test_the_trash_lists_all_that_is_in_it(full: FlaskClient) -> None:
    page = words(full)
    assert "Trash 4" in page
    assert "Regatta 24 November 2026 Mara" in page
    assert "Voice 1 person" in page
    assert "Birthdays this month birthday:this-month" in page
    assert "Noor noor noor@x.example" in page.replace("Noor@x", "noor@x")
    assert "stays until you put it back or delete it for good" in page


def test_a_post_goes_from_where_one_changes_it_and_comes_back(full: FlaskClient) -> None:
    answer = full.post("/posts/1/put-back")
    assert (answer.status_code, answer.location) == (303, "/trash")
    page = words(full)
    assert "Regatta is with Mara again. Undo" in page and "Trash 3" in page
    assert full.get("/users/1").text.count('id="post-1"') == 1
    full.post("/posts/1/trash", data={"there": "1"}, headers={"Referer": "http://localhost/posts?q=x"})
    assert full.post("/posts/1/put-back").status_code == 303
    answer = full.post(
        "/posts/1/trash", data={"there": "1"}, headers={"Referer": "http://localhost/posts?q=x"}
    )
    assert answer.location == "/posts?q=x"
    assert "Regatta moved to the trash." in words(full, "/posts")
    assert full.post("/posts/1/trash").status_code == 404


def test_a_post_of_someone_in_the_trash_is_told_to_wait(full: FlaskClient) -> None:
    full.post("/users/1/trash")
    assert "Regatta 24 November 2026 Mara in the trash" in words(full)
    assert full.post("/posts/1/put-back").location == "/trash"
    assert "Regatta is with Mara again, who is in the trash." in words(full)


def test_a_view_whose_name_is_taken_asks_for_another(full: FlaskClient) -> None:
    full.post("/views", data={"name": "Altos", "q": "alto"})
    full.post("/views/5/trash")
    full.post("/views", data={"name": "Altos", "q": "alto voice"})
    answer = full.post("/views/5/put-back")
    assert answer.status_code == 422
    assert 'value="Altos"' in answer.text
    answer = full.post("/views/5/put-back", data={"name": "Altos of old"})
    assert (answer.status_code, answer.location) == (303, "/trash")
    assert "The view Altos of old is back." in words(full)


def test_each_is_deleted_for_good_and_undo_brings_it_back(full: FlaskClient) -> None:
    for address, said in [
        ("/posts/1/remove", "Delete the post Regatta about Mara for good"),
        ("/views/1/remove", "Delete the view Birthdays this month for good"),
        ("/settings/fields/1/remove-for-good", "Delete the field Voice for good"),
    ]:
        assert full.post(address).location == "/trash"
        assert said in words(full)
        assert full.post(address).status_code == 404
    assert "Trash 1" in words(full)
    for _step in range(3):
        full.post("/undo")
    assert "Trash 4" in words(full)


def test_the_trash_is_emptied_at_once_and_undo_brings_all_of_it_back(full: FlaskClient) -> None:
    full.post("/trash/empty")
    page = words(full)
    assert "Deleted for good: 1 person, 1 post, 1 view, 1 field." in page
    assert "The trash is empty." in page
    assert "Undo Empty the trash: 1 person, 1 post, 1 view, 1 field" in page
    full.post("/trash/empty")
    assert "The trash is empty already." in words(full)
    full.post("/undo")
    assert "Trash 4" in words(full)


def test_history_says_what_went_and_leads_to_whom_it_alone_still_holds(full: FlaskClient) -> None:
    full.post("/trash/empty")
    number = re.search(r'data-row="(\d+)"', full.get("/history").text)
    assert number
    page = words(full, f"/history/{number[1]}")
    assert "Noor" in page and "Put back from the trash" not in page
    assert "View Birthdays this month" in page
    page = full.get(f"/history/{number[1]}").text
    assert 'href="/history?person=2"' in page
    page = full.get("/history?person=2").text
    assert "Only Noor" in page and 'href="/users/2/forget"' in page


def test_the_trash_is_emptied_of_what_is_old_once_settings_say_so(full: FlaskClient) -> None:
    with full.application.app_context():
        session = database.session()
        aged = session.connection(execution_options={"write": True})
        aged.execute(text("UPDATE ledger SET current = 1"))  # as if the clock had gone on
        aged.execute(text("UPDATE posts SET deleted_at = :at"), {"at": trash.since(31)})
        aged.execute(text("UPDATE operations SET at = :at"), {"at": trash.since(100)})
        aged.execute(text("UPDATE ledger SET current = NULL"))
        session.commit()
    assert "After 30 days (1 now)" in words(full, "/settings")
    answer = full.post("/settings/roster", data={"title": "Choir", "trash_days": "5"})
    assert answer.status_code == 422
    assert "The trash can't be emptied after this time." in html.unescape(answer.text)
    full.post("/settings/roster", data={"title": "Choir", "email_required": "1", "trash_days": "30"})
    page = words(full)
    assert "Trash 3" in page
    assert "What has been in here for 30 days is deleted for good." in page
    assert "Settings saved. Deleted for good: 1 post." in page
    assert "Undo Name this roster Choir" in page
    full.post("/undo")
    assert "Trash 4" in words(full)
    full.post("/settings/roster", data={"title": "Choir", "email_required": "1", "trash_days": "0"})
    assert "Trash 4" in words(full)
