"""Posts at the door: about several people, come back to on a day, found among all, changed in their place."""

import datetime
import html
import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from webui import database
from webui.store import users
from webui.store.ledger.operations import operation
from webui.store.values import times

HTMX = {"HX-Request": "true"}


@pytest.fixture
def people(client: FlaskClient) -> None:
    """Mara (1) and two people called Noor Haddad (2, 3)."""
    for username, given, family in (
        ("mara", "Mara", "Ek"),
        ("noor", "Noor", "Haddad"),
        ("noor.2", "Noor", "Haddad"),
    ):
        form = {"username": username, "given": given, "family": family, "email": f"{username}@post.example"}
        assert client.post("/add", data=form).status_code == 303


def in_days(days: int) -> str:
    return (datetime.date.fromisoformat(times.today()) + datetime.timedelta(days)).isoformat()


def counted(client: FlaskClient) -> str:
    """How many posts the sidebar says there are, '' where it says nothing."""
    said = re.search(r'<span>Posts</span>(?: <span class="num">(\d+)</span>)?', client.get("/").text)
    assert said
    return said[1] or ""


def main(page: str) -> str:
    """The page itself, without the strip, which names what was done last."""
    return page.partition("<main")[2].partition("</main>")[0]


def plain(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


@pytest.mark.usefixtures("people")
def test_a_post_about_several_stands_with_each_and_one_undo_takes_it_back(
    client: FlaskClient, digest: Callable[[], str]
) -> None:
    before = digest()
    saved = client.post("/users/1/posts", data={"title": "Regatta", "people": "noor, MARA"})
    assert saved.status_code == 303
    assert "Regatta" in client.get("/users/1").text
    with_noor = plain(client.get("/users/2").text)
    assert "Regatta" in with_noor and "about Mara Ek" in with_noor
    assert "Regatta" not in main(client.get("/users/3").text)
    assert client.get("/api/posts/1").json["people"] == [2]  # Mara is its own person already
    client.post("/undo")
    assert digest() == before


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    ("named", "said"),
    [
        ("Noor Haddad", "Several people are called Noor Haddad; write the username of one: noor, noor.2"),
        ("Nobody", "Nobody here is called Nobody"),
    ],
)
def test_who_is_not_known_is_asked_about_and_what_was_typed_stays(
    client: FlaskClient, named: str, said: str
) -> None:
    refused = client.post("/users/1/posts", data={"title": "Regatta", "people": f"mara, {named}"})
    assert refused.status_code == 422
    assert said in html.unescape(refused.text)
    assert f'value="mara, {named}"' in refused.text
    marked = re.findall(r'aria-current="page">.*?<span>([^<]*)', refused.text)
    assert marked == ["People"]  # it is the person's page still


@pytest.mark.usefixtures("people")
def test_a_whole_name_is_enough_where_one_has_it(client: FlaskClient) -> None:
    client.post("/users/2/posts", data={"title": "Call", "people": "mara ek"})
    assert client.get("/api/posts/1").json["people"] == [1]


@pytest.mark.usefixtures("people")
def test_what_is_due_stands_in_today_until_it_is_done(client: FlaskClient, digest: Callable[[], str]) -> None:
    client.post("/users/1/posts", data={"title": "Ask again", "follow_up": in_days(-1)})
    client.post("/users/1/posts", data={"title": "Next week", "follow_up": in_days(7)})
    client.post("/users/1/posts", data={"title": "Nothing"})
    today = client.get("/today").text
    due, _heading, later = today.partition('id="later"')
    assert "Ask again" in due and "Next week" not in due.partition("<section")[2].partition("</section>")[0]
    assert "Next week" in later and "Nothing" not in main(today)
    assert re.search(r'href="/today"[^>]*>.*?<span class="num">1</span>', client.get("/").text, re.DOTALL)
    before = digest()
    assert client.post("/posts/1/done", headers={"Referer": "http://localhost/today"}).location == "/today"
    assert "Ask again" not in main(client.get("/today").text)
    assert "Done" in plain(client.get("/users/1").text)
    client.post("/undo")
    assert digest() == before
    client.post("/posts/1/done")
    client.post("/posts/1/done", data={"not": "1"})
    assert "Ask again" in client.get("/today").text
    assert client.post("/posts/3/done").status_code == 409


@pytest.mark.usefixtures("people")
def test_a_day_is_typed_in_words_and_another_day_is_to_be_done_again(client: FlaskClient) -> None:
    client.post("/users/1/posts", data={"title": "Call", "follow_up": "25 November 2020"})
    client.patch("/api/posts/1", json={"done": True})
    assert client.get("/api/posts/1").json["done_at"]
    client.post("/posts/1/edit", data={"follow_up": "soon"})
    assert client.get("/api/posts/1").json["follow_up"] == "2020-11-25"
    client.post("/posts/1/edit", data={"follow_up": "26 November 2020"})
    assert client.get("/api/posts/1").json["done_at"] is None
    client.post("/posts/1/edit", data={"follow_up": ""})
    assert client.get("/api/posts/1").json["follow_up"] is None


@pytest.mark.usefixtures("people")
def test_the_day_of_a_post_may_be_today_or_yesterday(client: FlaskClient) -> None:
    for typed, days in {"Today": 0, "yesterday": -1, "igår": -1}.items():
        assert client.post("/users/1/posts", data={"title": typed, "date": typed}).status_code == 303
        assert client.get("/api/posts?sort=-id").json[0]["date"] == in_days(days)
        (reads,) = re.findall(r'id="date"[^>]*data-reads="([^"]*)"', client.get("/users/1").text)
        read = client.get(f"{reads}&typed={typed}").json["read"]
        assert f"{datetime.date.fromisoformat(in_days(days)):%A}" in read
    assert client.post("/posts/1/edit", data={"title": "Call", "date": "gestern"}).status_code == 303
    assert client.get("/api/posts/1").json["date"] == in_days(-1)
    for typed in ("tomorrow", "March 2026"):
        assert client.get(f"{reads}&typed={typed}").json["read"] == ""
        assert client.post("/users/1/posts", data={"title": "x", "date": typed}).status_code == 422


@pytest.mark.usefixtures("people")
def test_the_day_to_come_back_is_read_as_one_to_come(client: FlaskClient) -> None:
    said = {"today": 0, "Tomorrow": 1, f"{datetime.date.fromisoformat(in_days(9)):%d %B}": 9}
    for typed, days in said.items():
        assert client.post("/users/1/posts", data={"title": "x", "follow_up": typed}).status_code == 303
        assert client.get("/api/posts?sort=-id").json[0]["follow_up"] == in_days(days)
        (reads,) = re.findall(r'id="follow_up"[^>]*data-reads="([^"]*)"', client.get("/users/1").text)
        read = client.get(f"{reads}&typed={typed}").json["read"]
        assert f"{datetime.date.fromisoformat(in_days(days)):%Y}" in read


@pytest.mark.usefixtures("people")
def test_birthdays_of_the_week_stand_in_today(client: FlaskClient) -> None:
    born = in_days(3)
    client.patch("/api/users/1", json={"birthday": f"1987{born[4:]}"})
    client.patch("/api/users/2", json={"birthday": f"-{in_days(9)[4:]}"})
    today = plain(main(client.get("/today").text))
    assert f"turns {int(born[:4]) - 1987}" in today and "Mara Ek" in today
    assert "Noor" not in today


@pytest.mark.usefixtures("people")
def test_all_posts_are_listed_by_day_and_found_by_word_and_person(client: FlaskClient) -> None:
    for number in range(60):
        client.post(
            "/users/1/posts", data={"title": f"Call {number:02}", "date": f"2026-01-{number % 28 + 1:02}"}
        )
    client.post("/users/2/posts", data={"title": "Über", "body": "the long ladder", "date": "2020-01-01"})
    first = client.get("/posts", headers=HTMX).text
    assert first.count('class="post"') == 50
    rest = client.get(html.unescape(re.findall(r'href="(/posts\?after=[^"]*)"', first)[0]), headers=HTMX).text
    assert rest.count('class="post"') == 11 and "Older posts" not in rest
    for q, title in (("ladder", "Über"), ("uber noor", "Über"), ("call 07", "Call 07")):
        found = client.get("/posts", query_string={"q": q}, headers=HTMX)
        assert re.findall(r"<h3><bdi>(.*?)</bdi>", re.sub("</?mark>", "", found.text)) == [title]
        assert found.headers["HX-Replace-Url"].startswith("/posts?q=")
    assert "No post found for “harp”." in client.get("/posts?q=harp").text
    client.post("/users/2/trash")
    assert "Über" not in client.get("/posts?q=ladder").text


@pytest.mark.usefixtures("people")
def test_a_post_is_changed_where_it_stands(client: FlaskClient) -> None:
    client.post("/users/1/posts", data={"title": "Call"})
    form = client.get("/posts/1/edit?about=1", headers=HTMX).text
    assert form.lstrip().startswith('<li class="post" id="post-1">') and 'value="Call"' in form
    assert "Mara Ek" in client.get("/posts/1?about=1", headers=HTMX).text
    assert client.get("/posts/1").location == "/users/1#post-1"
    there = {"Referer": "http://localhost/posts?q=call"}
    saved = client.post("/posts/1/edit", data={"title": "Called", "there": "1"}, headers=there)
    assert saved.location == "/posts?q=call#post-1"
    assert client.post("/posts/1/edit", data={"title": "", "there": "1"}).status_code == 422


@pytest.mark.usefixtures("people")
def test_people_are_completed_by_any_of_their_names(client: FlaskClient) -> None:
    found = client.get("/users/complete?typed=had").json["people"]
    assert [one["username"] for one in found] == ["noor", "noor.2"]
    assert client.get("/users/complete?typed=").json == {"people": []}


@pytest.mark.usefixtures("people")
def test_the_beginning_of_one_name_is_enough(client: FlaskClient) -> None:
    elif_ = {"username": "elif", "given": "Élif", "family": "Demir", "email": "elif@post.example"}
    marius = {"username": "m.holm", "given": "Marius", "family": "Holm", "email": "marius@post.example"}
    for form in (elif_, marius):
        assert client.post("/add", data=form).status_code == 303
    for typed, meant in {"eli": [4], "Élif D": [4], "m.h": [5], "mara": [], "Marius": [5]}.items():
        assert client.post("/users/1/posts", data={"title": "Call", "people": typed}).status_code == 303
        assert client.get("/api/posts?sort=-id").json[0]["people"] == meant, typed
    told = {
        "mar": "Nobody here is called mar. Did you mean Mara Ek or Marius Holm?",
        "noo": "Did you mean Noor Haddad (noor) or Noor Haddad (noor.2)?",
        "lif": "Nobody here is called lif",
        "demir": "Nobody here is called demir",
    }
    for typed, said in told.items():
        refused = client.post("/users/1/posts", data={"title": "Call", "people": typed})
        assert refused.status_code == 422
        assert said in plain(refused.text), typed
    client.post("/users/4/trash")
    assert client.post("/users/1/posts", data={"title": "Call", "people": "eli"}).status_code == 422


def test_one_of_too_many_to_look_at_is_not_taken_for_the_only_one(client: FlaskClient, app: Flask) -> None:
    with app.app_context(), operation(database.session()):
        names = [("Ann", "Ek"), *[("Kim", "Annberg")] * 500, ("Anneliese", "Kimmich")]
        for number, (given, family) in enumerate(names):
            own = {"username": f"u{number}", "email": f"u{number}@x.example"}
            users.add(database.session(), {"given": given, "family": family, **own})
    assert client.post("/users/1/posts", data={"title": "Call", "people": "ann"}).status_code == 422
    assert client.post("/users/2/posts", data={"title": "Call", "people": "ann e"}).status_code == 303


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("given", ["noor", 3.5, [True], ["noor"], [99], {}])
def test_odd_people_of_a_post_are_told(client: FlaskClient, given: object) -> None:
    told = client.post("/api/posts", json={"user_id": 1, "title": "Call", "people": given})
    assert told.status_code == (201 if given == "noor" else 422)
    assert given == "noor" or "people" in told.json["errors"]


@pytest.mark.usefixtures("people")
def test_a_post_goes_to_the_trash_with_its_person_and_comes_back_whole(client: FlaskClient) -> None:
    assert counted(client) == ""
    client.post("/users/2/posts", data={"title": "Coffee"})
    client.post("/users/1/posts", data={"title": "Regatta", "people": "noor, noor.2"})
    assert counted(client) == "2"
    client.post("/users/1/trash")
    assert counted(client) == "1"
    page = client.get("/users/2")
    assert page.status_code == 200 and "Regatta" not in main(page.text)
    assert "Regatta" not in main(client.get("/posts?q=regatta").text)
    assert client.get("/api/users?q=regatta").json == []
    client.post("/undo")
    assert counted(client) == "2"
    assert "Regatta" in main(client.get("/users/2").text)
    assert len(client.get("/api/users?q=regatta").json) == 3
    client.post("/users/3/trash")
    client.post("/posts/2/edit", data={"title": "The regatta", "people": "noor"})
    client.post("/users/3/put-back")
    assert client.get("/api/posts/2").json["people"] == [2, 3]


@pytest.mark.usefixtures("people")
def test_a_post_is_found_by_the_words_of_several_whom_it_is_about(client: FlaskClient) -> None:
    client.post("/users/1/posts", data={"title": "Regatta", "people": "noor"})
    assert "Regatta" in main(client.get("/posts?q=mara+haddad+rega").text)


def test_a_whole_name_is_found_among_many_that_begin_so(client: FlaskClient, app: Flask) -> None:
    with app.app_context(), operation(database.session()):
        for number in range(520):
            names = {
                "given": "Maria",
                "family": f"N{number:03}",
                "username": f"maria.{number}",
                "email": f"m{number}@x.example",
            }
            users.add(database.session(), names)
        users.add(database.session(), {"given": "Maria", "username": "maria", "email": "maria@x.example"})
        users.change(database.session(), 521, {"username": "the.one"})
    saved = client.post("/users/1/posts", data={"title": "Call", "people": "Maria"})
    assert saved.status_code == 303
    assert client.get("/api/posts/1").json["people"] == [521]


@pytest.mark.usefixtures("people")
def test_a_username_with_a_comma_is_one_name(client: FlaskClient) -> None:
    client.patch("/api/users/2", json={"username": "o, hara"})
    client.post("/users/1/posts", data={"title": "Call", "people": '"o, hara", noor.2'})
    form = html.unescape(client.get("/posts/1/edit").text)
    assert 'value=""o, hara", noor.2"' in form
    assert client.get("/api/posts/1").json["people"] == [2, 3]


@pytest.mark.usefixtures("people")
def test_a_post_that_was_changed_meanwhile_is_not_written_over_unasked(client: FlaskClient) -> None:
    first = {"title": "Regatta", "body": "Won by a boat", "date": "2026-05-01", "people": "noor"}
    client.post("/users/1/posts", data=first)
    for headers in ({}, HTMX):  # on its page, and in its place
        base = _base(client.get("/posts/1/edit", headers=headers).text)
        client.patch("/api/posts/1", json={"body": "Won by a length", "people": [2, 3]})
        beside = client.post("/posts/1/edit", data={**first, "base": base, "title": "The regatta"})
        assert beside.status_code == 303
        kept = client.get("/api/posts/1").json
        assert (kept["title"], kept["body"], kept["people"]) == ("The regatta", "Won by a length", [2, 3])
        assert client.post("/undo").status_code == client.post("/undo").status_code == 303

    base = _base(client.get("/posts/1/edit").text)
    client.patch("/api/posts/1", json={"body": "Won by a length"})
    typed = {**first, "base": base, "body": "Lost", "date": "2 May 2026"}
    met = client.post("/posts/1/edit", data=typed)
    assert met.status_code == 409
    assert "Regatta was changed meanwhile" in plain(met.text)
    assert "Text: Won by a length → Lost" in plain(met.text)
    assert client.get("/api/posts/1").json["body"] == "Won by a length"
    assert client.post("/posts/1/edit", data={**typed, "base": _base(met.text)}).status_code == 303
    kept = client.get("/api/posts/1").json
    assert (kept["body"], kept["date"]) == ("Lost", "2026-05-02")


def _base(page: str) -> str:
    found = re.search(r'name="base" value="([^"]*)"', page)
    assert found
    return html.unescape(found[1])
