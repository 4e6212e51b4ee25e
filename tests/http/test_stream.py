"""What was changed of a person stands among their posts, each value before and after, and can be put back."""

import html
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.http.following import followed
from tests.pictures import CLEAR
from webui.pages import stream


@pytest.fixture
def mara(client: FlaskClient) -> str:
    client.post(
        "/api/users",
        json={
            "username": "mara",
            "email": "mara@post.example",
            "given": "Mara",
            "birthday": "4 March 1987",
            "phones": [{"label": "Mobile", "phone": "+46 8 465 004 02"}, {"label": "Work", "phone": "112"}],
            "tags": ["Choir"],
        },
    )
    return "/users/1"


def items(client: FlaskClient, show: str = "") -> list[str]:
    """What the stream says, an item each, without what can be done with it."""
    page = client.get("/users/1" + (f"?show={show}" if show else "")).text
    stream = page.partition('<ol class="stream">')[2].partition("</ol>")[0]
    found = re.findall(r'<li class="(?:post|change)".*?</li>', stream, re.DOTALL)
    plain = (
        re.sub(r"<(?:button|time)[^>]*>.*?</(?:button|time)>|<[^>]+>", " ", item, flags=re.DOTALL)
        for item in found
    )
    return [" ".join(html.unescape(item).split()) for item in plain]


def key(client: FlaskClient, field: str) -> str:
    page = html.unescape(client.get("/users/1").text)
    return re.findall(rf'name="key" value="([^"]*)" aria-label="(?:Put back|Remove again:) {field}"', page)[0]


def test_each_value_stands_before_and_after(client: FlaskClient, mara: str) -> None:
    client.patch(
        "/api/users/1",
        json={
            "nickname": "Mari",
            "birthday": "1987",
            "phones": [{"label": "Mobile", "phone": "+46 8 465 004 17"}],
            "tags": ["Choir", "Board"],
        },
    )
    client.post(f"{mara}/posts", data={"title": "Concert", "date": "2020-01-01"})
    changed, added, post = items(client)
    assert added == "Added" and post.startswith("Concert")
    for said in (
        "Nickname Mari",
        "Birthday 4 March 1987 → 1987",
        "Mobile +46 8 465 004 02 → +46 8 465 004 17",
        "Work 112",
        "Tag Board",
    ):
        assert said in changed, changed
    assert items(client, "posts") == [post]
    assert items(client, "changes") == [changed, added]


@pytest.mark.parametrize(
    ("change", "field", "back"),
    [
        ({"nickname": "Mari"}, "Nickname", {"nickname": None}),
        ({"birthday": "1987"}, "Birthday", {"birthday": "1987-03-04"}),
        ({"tags": []}, "Tag", {"tags": ["Choir"]}),
        ({"tags": ["Choir", "Board"]}, "Tag", {"tags": ["Choir"]}),
        (
            {"phones": [{"label": "Mobile", "phone": "1"}, {"label": "Work", "phone": "112"}]},
            "Mobile",
            {"phones": [{"label": "Mobile", "phone": "+46 8 465 004 02"}, {"label": "Work", "phone": "112"}]},
        ),
    ],
)
def test_one_value_is_put_back_and_that_is_a_change_too(
    client: FlaskClient,
    mara: str,
    digest: Callable[[], str],
    change: dict[str, object],
    field: str,
    back: dict[str, object],
) -> None:
    client.patch("/api/users/1", json=change)
    client.patch("/api/users/1", json={"note": "since"})
    before = digest()
    assert client.post(f"{mara}/changes/put-back", data={"key": key(client, field)}).status_code == 303
    now = client.get("/api/users/1").json
    assert {name: now[name] for name in back} == back and now["note"] == "since"
    client.post("/undo")
    assert digest() == before


def test_what_belongs_to_someone_else_by_now_is_not_put_back(client: FlaskClient, mara: str) -> None:
    client.patch("/api/users/1", json={"username": "mari"})
    client.post("/api/users", json={"username": "mara", "email": "other@post.example"})
    told = client.post(
        f"{mara}/changes/put-back",
        data={"key": key(client, "Username")},
        headers={"Referer": "http://localhost/users/1"},
    )
    assert told.location == mara
    assert "Nothing was changed. Taken by mara." in client.get(mara).text
    for odd in (
        "77.users.1.username",
        f"1.user_phones.{9**30}.",
        "",
        "1.users.1.uid",
        "1.users.2.given",
        "9.state.1.",
        "x.users.1.given",
        "1.user_tags.-1.",
    ):
        assert client.post(f"{mara}/changes/put-back", data={"key": odd}).status_code == 404


def test_what_was_undone_is_no_change_and_a_deleted_row_is_still_theirs(
    client: FlaskClient, mara: str
) -> None:
    client.patch("/api/users/1", json={"nickname": "Mari"})
    client.post("/undo")
    assert items(client, "changes") == ["Added"]
    client.patch("/api/users/1", json={"phones": []})
    client.post("/users/1/trash")
    client.post("/users/1/put-back")
    first, second, third, _added = items(client, "changes")
    assert (first, second) == ("Put back from the trash", "Moved to the trash")
    assert "+46 8 465 004 02" in third and "112" in third


def test_a_long_stream_goes_on_where_it_stopped(client: FlaskClient, mara: str) -> None:
    for number in range(105):
        client.patch("/api/users/1", json={"nickname": f"N{number}"})
    for number in range(130):
        client.post("/api/posts", json={"user_id": 1, "title": f"P{number}", "date": "2026-01-01"})
    seen: list[str] = []
    address = "/users/1"
    while address:
        page = client.get(address).text
        stream = page.partition('<ol class="stream">')[2].partition("</ol>")[0]
        seen += re.findall(r"<ins[^>]*>(N\d+)</ins>|<bdi>(P\d+)</bdi>", stream)
        further = re.findall(r'href="(/users/1\?before=[^"]*)">Older', page)
        address = html.unescape(further[0]) if further else ""
    told = ["".join(each) for each in seen]
    assert told == [f"N{n}" for n in reversed(range(105))] + [f"P{n}" for n in reversed(range(130))]
    for odd in ("x", "2026-01-01.x.1", "..", "a.9999999999999999999999.1", ".1"):
        assert client.get("/users/1", query_string={"before": odd}).status_code == 200


def test_on_one_day_it_counts_when_a_post_was_written(client: FlaskClient, mara: str) -> None:
    for title in ("First", "Second"):
        client.post(f"{mara}/posts", data={"title": title})
        client.patch("/api/users/1", json={"nickname": f"After {title}"})
    client.post(f"{mara}/posts", data={"title": "Third"})
    client.post(f"{mara}/posts", data={"title": "Of another day", "date": "2020-01-01"})
    said = items(client)
    begins = ("Third", "Nickname", "Second", "Nickname", "First", "Added", "Of another")
    assert [item.startswith(begin) for item, begin in zip(said, begins, strict=True)] == [True] * 7, said


def test_what_belongs_to_someone_is_a_change_as_well(client: FlaskClient, mara: str) -> None:
    client.post("/settings/fields/add", data={"name": "Voice", "kind": "text"})
    client.patch("/api/users/1", json={"fields": {"Voice": "Alto"}})
    client.post(
        "/api/users", json={"username": "noor", "email": "noor@post.example", "display_name": "Noor Haddad"}
    )
    assert client.post("/api/users/1/relations", json={"people": "noor", "kind": "sibling"}).status_code < 300
    told = client.post("/api/users/1/attachments?name=contract.txt", data=b"text", content_type="text/plain")
    assert told.status_code == 201
    client.patch("/api/users/1", json={"fields": {"Voice": "Bass"}})
    said = items(client, "changes")
    assert said[:4] == [
        "Voice Alto → Bass",
        "File contract.txt",
        "Knows Noor Haddad (Sibling)",
        "Voice Alto",
    ], said


def test_a_relation_is_a_change_of_both_people(client: FlaskClient, mara: str) -> None:
    client.post("/api/users", json={"username": "noor", "email": "noor@post.example", "given": "Noor"})
    aunt = {"people": "mara", "kind": "own", "label": "Aunt", "back_label": "Niece"}
    assert client.post("/api/users/2/relations", json=aunt).status_code < 300
    assert items(client, "changes")[0] == "Knows Noor (Niece)"
    client.post("/users/1/relations/1/remove")
    assert items(client, "changes")[:2] == ["Knows Noor (Niece)"] * 2
    for number in (3, 4):
        page = client.get(f"/history/{number}").text
        said = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())
        assert "Mara mara Knows Noor (Niece) Noor noor Knows Mara (Aunt)" in said, said
        assert f'href="/history/{number}"' in client.get("/history?person=1").text
    client.post("/undo", data={"operation": "4"})
    client.post("/undo", data={"operation": "3"})
    assert items(client, "changes") == ["Added"]


def test_a_row_is_put_back_once_and_only_to_whom_it_belongs(client: FlaskClient, mara: str) -> None:
    client.patch("/api/users/1", json={"phones": []})
    client.post("/api/users", json={"username": "noor", "email": "noor@post.example"})
    again = key(client, "Mobile")
    assert client.post("/users/2/changes/put-back", data={"key": again}).status_code == 404
    for _time in range(2):
        assert client.post(f"{mara}/changes/put-back", data={"key": again}).status_code == 303
    assert [row["label"] for row in client.get("/api/users/1").json["phones"]] == ["Mobile"]


def test_a_clock_that_was_wrong_hides_nothing(client: FlaskClient, mara: str, database: Path) -> None:
    for number in range(150):
        client.patch("/api/users/1", json={"nickname": f"N{number}"})
    with closing(sqlite3.connect(database)) as other, other:
        other.execute("UPDATE operations SET at = '2099-01-01T00:00:00.000Z' WHERE id = 50")
    page = client.get("/users/1?show=changes").text
    assert page.count('<li class="change">') == 100
    older = html.unescape(re.findall(r'href="(/users/1\?[^"]*)">Older', page)[0])
    assert client.get(older).text.count('<li class="change">') == 51


def test_a_value_of_an_own_field_and_a_photo_are_put_back(client: FlaskClient, mara: str) -> None:
    client.post("/settings/fields/add", data={"name": "Voice", "kind": "text"})
    for voice in ("Alto", "Bass"):
        client.patch("/api/users/1", json={"fields": {"Voice": voice}})
    client.put("/api/users/1/photo", data=CLEAR, content_type="image/png")
    client.post(f"{mara}/changes/put-back", data={"key": key(client, "Voice")})
    client.post(f"{mara}/changes/put-back", data={"key": key(client, "Photo")})
    found = client.get("/api/users/1").json
    assert found["fields"] == {"Voice": "Alto"}
    assert client.get("/api/users/1/photo").status_code == 404


def test_a_value_of_a_field_in_the_trash_says_so(client: FlaskClient, mara: str) -> None:
    client.post("/settings/fields/add", data={"name": "Voice", "kind": "text"})
    for voice in ("Alto", "Bass"):
        client.patch("/api/users/1", json={"fields": {"Voice": voice}})
    asked = key(client, "Voice")
    client.post("/settings/fields/1/remove")
    client.post(
        f"{mara}/changes/put-back", data={"key": asked}, headers={"Referer": "http://localhost/users/1"}
    )
    assert "the field Voice is in the trash" in client.get(mara).text


def test_yes_and_no_are_said_in_words(client: FlaskClient) -> None:
    client.post("/settings/fields/add", data={"name": "Drives", "kind": "yes_no"})
    client.post("/settings/fields/add", data={"name": "Seats", "kind": "number"})
    client.post("/add", data={"username": "mara", "email": "m@x.example"})
    form = {"username": "mara", "email": "m@x.example", "own-1": "yes", "own-2": "1"}
    assert client.post("/users/1/edit", data=form).status_code == 303
    page = client.get("/users/1").get_data(as_text=True)
    assert re.search(r"Drives\s*<ins class=\"now\">Yes</ins>", page)
    assert re.search(r"Seats\s*<ins class=\"now\">1</ins>", page)


def said(page: str) -> list[str]:
    return re.findall(r'aria-label="((?:Put back|Remove again)[^"]*)"', html.unescape(page))


def test_what_was_added_is_removed_again_and_what_was_struck_is_put_back(
    client: FlaskClient, mara: str
) -> None:
    client.patch("/api/users/1", json={"nickname": "Mari", "tags": []})
    client.post("/api/users", json={"username": "noor", "email": "noor@post.example"})
    both = ["Remove again: Nickname", "Put back Tag"]
    for page in (client.get(mara).text, client.get("/history/2").text):
        assert said(page) == both
    assert followed(client, client.post("/moments", data={"moment": "1"})).request.path == "/"
    for page in (client.get(mara).text, client.get("/moments/compare").text):
        assert said(page) == both, "a past moment has the same two words"
    client.post("/moments/leave")
    client.post(f"{mara}/changes/put-back", data={"key": key(client, "Nickname")})
    assert not client.get("/api/users/1").json["nickname"]


def test_of_a_change_that_was_undone_the_words_are_those_of_what_it_had_made(
    client: FlaskClient, mara: str
) -> None:
    client.patch("/api/users/1", json={"nickname": "Mari", "tags": []})
    client.post("/undo")
    assert said(client.get("/history/2").text) == ["Put back Nickname", "Remove again: Tag"]


def test_who_was_deleted_for_good_and_came_back_says_so(client: FlaskClient, mara: str) -> None:
    client.post("/api/users", json={"username": "noor", "email": "noor@post.example"})
    client.post("/users/1/trash")
    deleted = client.post("/trash/empty", data={"sure": "1"})
    assert deleted.status_code == 303
    page = client.get("/history/4").text
    assert "Deleted for good" in page and '<span class="exact quiet-text"><bdi>mara</bdi></span>' in page
    assert followed(client, client.post("/moments", data={"moment": "2"})).request.path == "/"
    client.post("/moments/users/1")
    client.post("/moments/leave")
    assert items(client) == ["Brought back", "Deleted for good", "Moved to the trash", "Added"]


def test_each_post_and_change_stands_on_one_page(
    client: FlaskClient, mara: str, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "LIMIT", 2)
    with closing(sqlite3.connect(database)) as other, other:  # so that a page has posts alone
        other.execute("UPDATE operations SET at = '2019-01-01T12:00:00.000Z'")
    for number in range(7):
        client.post(f"{mara}/posts", data={"title": f"Post {number}", "date": "2020-01-01"})
    client.patch("/api/users/1", json={"nickname": "Mari"})
    shown, address = [], mara
    while address:
        page = client.get(address).text
        shown += re.findall(r"<h3><bdi>(Post \d)</bdi>|<li class=\"(change)\">", page)
        older = re.search(r'href="(/users/1\?[^"]*)">Older', page)
        address = html.unescape(older[1]) if older else ""
        assert len(shown) <= 9
    assert sorted("".join(each) for each in shown) == [
        *(f"Post {number}" for number in range(7)),
        *["change"] * 2,
    ]
