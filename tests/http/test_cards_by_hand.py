"""At the door: what of cards was removed, or called otherwise, by hand stays so when they come again."""

import base64
import io

import pytest
from flask.testing import FlaskClient

from tests import pictures
from tests.http.following import followed
from tests.http.imported import choose, page

MARA, ELIN = "mara", "elin"
CARD = "BEGIN:VCARD\nVERSION:4.0\nUID:{0}\nFN:{1}\nEMAIL:{0}@x.example\n{2}END:VCARD\n"
SAME = "The file has something else; what is here stays"


def card(uid: str, name: str, *lines: str) -> str:
    return CARD.format(uid, name, "".join(f"{line}\n" for line in lines))


def look(client: FlaskClient, *cards: str, **how: str) -> tuple[str, str]:
    """Choose cards; return the address of their import and its preview in words."""
    preview = followed(client, choose(client, "".join(cards), "people.vcf"))
    address = preview.request.path.removesuffix("/preview")
    if how:
        preview = followed(client, client.post(f"{address}/columns", data=how))
    return address, page(preview)


def take(client: FlaskClient, *cards: str, **how: str) -> str:
    """Bring cards in; return the preview in words."""
    address, shown = look(client, *cards, **how)
    followed(client, client.post(address))
    return shown


def tags(client: FlaskClient) -> list[str]:
    return client.get("/api/users/1").json["tags"]  # type: ignore[index,no-any-return]


def rename(client: FlaskClient, name: str, tag: int = 1) -> None:
    assert client.post(f"/tags/{tag}/rename", data={"name": name}).status_code == 303


@pytest.mark.parametrize("existing", ["file", "fill"])
def test_a_tag_that_got_another_name_does_not_come_again_beside_it(
    client: FlaskClient, existing: str
) -> None:
    said = "CATEGORIES:Choir,Bass"
    take(client, card(MARA, "Mara Ek", said))
    rename(client, "Singers", 2)  # they are made by name
    was = tags(client)
    shown = take(client, card(MARA, "Mara Ek", said, "TITLE:Cook"), existing=existing)
    assert ("Tag Choir" in shown, tags(client)) == (False, was)
    assert SAME in take(client, card(MARA, "Mara Ek", said, "REV:20260101"))
    take(client, card(MARA, "Mara Ek", "CATEGORIES:Choir,Bass,Duet"))
    assert tags(client) == sorted([*was, "Duet"])
    client.patch("/api/users/1", json={"tags": ["Duet"]})  # by neither of its names does it come again
    take(client, card(MARA, "Mara Ek", "CATEGORIES:Choir,Bass,Duet", "NOTE:new"))
    assert tags(client) == ["Duet"]


def test_a_tag_that_got_another_name_stays_where_files_said_both(
    client: FlaskClient,
) -> None:
    take(client, card(MARA, "Mara Ek", "CATEGORIES:Choir"))
    rename(client, "Singers")
    for said in ("Singers,Duet", "Choir,Duet"):
        take(client, card(MARA, "Mara Ek", f"CATEGORIES:{said}"))
        assert tags(client) == ["Duet", "Singers"]


def test_a_tag_that_was_removed_and_then_got_another_name_stays_away(client: FlaskClient) -> None:
    take(client, card(MARA, "Mara Ek", "CATEGORIES:Choir"), card(ELIN, "Elin Ek", "CATEGORIES:Choir"))
    client.patch("/api/users/1", json={"tags": []})
    rename(client, "Singers")
    take(client, card(MARA, "Mara Ek", "CATEGORIES:Choir", "NOTE:new"))
    assert tags(client) == []


def test_the_former_name_of_a_tag_comes_in_that_no_file_had_said(client: FlaskClient) -> None:
    take(client, card(MARA, "Mara Ek"))
    client.patch("/api/users/1", json={"tags": ["Choir"]})
    rename(client, "Singers")
    take(client, card(MARA, "Mara Ek", "CATEGORIES:Choir"))
    assert tags(client) == ["Choir", "Singers"]


def photo(content: bytes) -> str:
    return f"PHOTO:data:image/png;base64,{base64.b64encode(content).decode()}"


def has_photo(client: FlaskClient, content: bytes) -> bool:
    return pictures.sha(content) in client.get("/users/1").text


def put(client: FlaskClient, content: bytes) -> None:
    file = {"photo": (io.BytesIO(content), "me.png")}
    assert client.post("/users/1/photo", data=file).status_code == 303


def test_a_photo_that_was_removed_stays_away(client: FlaskClient) -> None:
    take(client, card(MARA, "Mara Ek", photo(pictures.CLEAR)))
    assert has_photo(client, pictures.CLEAR)
    client.post("/users/1/photo/remove")
    for existing, note in (("file", "new"), ("fill", "newer")):
        shown = take(client, card(MARA, "Mara Ek", photo(pictures.CLEAR), f"TITLE:{note}"), existing=existing)
        assert ("1 photo" in shown, has_photo(client, pictures.CLEAR)) == (False, False)
    take(client, card(MARA, "Mara Ek", photo(pictures.SMALL)))  # another one comes in
    assert has_photo(client, pictures.SMALL)
    take(client, card(MARA, "Mara Ek", photo(pictures.CLEAR)))  # and then the photo follows the cards again
    assert has_photo(client, pictures.CLEAR)


def test_a_photo_that_took_the_place_of_that_of_a_card_stays(client: FlaskClient) -> None:
    said = photo(pictures.CLEAR)
    take(client, card(MARA, "Mara Ek", said))
    put(client, pictures.SMALL)
    take(client, card(MARA, "Mara Ek", said, "NOTE:new"))
    assert has_photo(client, pictures.SMALL)


def test_a_photo_comes_in_that_no_card_had_said_or_that_undo_brought_back(client: FlaskClient) -> None:
    take(client, card(MARA, "Mara Ek"))
    put(client, pictures.CLEAR)
    client.post("/users/1/photo/remove")
    said = photo(pictures.CLEAR)
    take(client, card(MARA, "Mara Ek", said))
    assert has_photo(client, pictures.CLEAR)
    client.post("/users/1/photo/remove")
    client.post("/undo")
    put(client, pictures.SMALL)
    client.post("/undo")
    take(client, card(MARA, "Mara Ek", said, "NOTE:new"))
    assert has_photo(client, pictures.CLEAR)


KNOWS = f"RELATED;TYPE=spouse:urn:uuid:{ELIN}"
KNOWN = f"RELATED;TYPE=spouse;X-ROSTER-SIDE=back:urn:uuid:{MARA}"


def relations(client: FlaskClient) -> list[str]:
    found = client.get("/api/users/1").json["relations"]  # type: ignore[index]
    return [each["kind"] for each in found]


def part(client: FlaskClient) -> None:
    [each] = client.get("/api/users/2").json["relations"]  # type: ignore[index]
    assert client.delete(f"/api/users/2/relations/{each['id']}").status_code == 204


@pytest.mark.parametrize("existing", ["file", "fill"])
def test_a_relation_that_was_removed_stays_away_from_both_sides(client: FlaskClient, existing: str) -> None:
    take(client, card(MARA, "Mara Ek", KNOWS), card(ELIN, "Elin Ek", KNOWN))
    assert relations(client) == ["spouse"]
    part(client)
    mara, elin = card(MARA, "Mara Ek", KNOWS, "NOTE:new"), card(ELIN, "Elin Ek", KNOWN, "NOTE:new")
    for cards in ([mara], [elin], [mara.replace("new", "newer"), elin.replace("new", "newer")]):
        shown = take(client, *cards, existing=existing)
        assert ("1 relation" in shown, relations(client)) == (False, [])


def test_a_relation_stays_away_that_the_card_of_the_other_one_had_said(client: FlaskClient) -> None:
    child = f"RELATED;TYPE=parent:urn:uuid:{ELIN}"
    take(client, card(MARA, "Mara Ek", child), card(ELIN, "Elin Ek"))
    part(client)
    take(client, card(ELIN, "Elin Ek", f"RELATED;TYPE=child:urn:uuid:{MARA}"))
    assert relations(client) == []
    take(client, card(ELIN, "Elin Ek", f"RELATED;TYPE=parent:urn:uuid:{MARA}"))  # which nobody had said
    assert relations(client) == ["child"]


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("TYPE=colleague", "TYPE=spouse"),
        ("TYPE=neighbour", "TYPE=landlady"),
        ("TYPE=neighbour", "TYPE=friend"),
    ],
)
def test_two_are_related_anew_in_words_that_no_card_had_said(client: FlaskClient, was: str, now: str) -> None:
    def said(kind: str) -> str:
        return f"RELATED;{kind}:urn:uuid:{ELIN}"

    def words() -> list[str]:
        found = client.get("/api/users/1").json["relations"]  # type: ignore[index]
        return [each["label"] or each["kind"] for each in found]

    take(client, card(MARA, "Mara Ek", said(was)), card(ELIN, "Elin Ek"))
    assert words() == [was.removeprefix("TYPE=")]
    part(client)
    take(client, card(MARA, "Mara Ek", said(now), said(was.upper())))
    assert words() == [now.removeprefix("TYPE=")]
    part(client)
    shown = take(client, card(MARA, "Mara Ek", said(now), said(was), "NOTE:new"))
    assert ("relation" in shown, words()) == (False, [])


def test_a_relation_comes_in_that_no_card_had_said_or_that_undo_brought_back(client: FlaskClient) -> None:
    take(client, card(MARA, "Mara Ek"), card(ELIN, "Elin Ek"))
    client.post("/api/users/1/relations", json={"people": [2], "kind": "friend"})
    part(client)
    take(client, card(MARA, "Mara Ek", KNOWS))
    assert relations(client) == ["spouse"]
    part(client)
    client.post("/undo")
    client.post("/undo")
    assert relations(client) == []
    take(client, card(MARA, "Mara Ek", KNOWS, "NOTE:new"))
    assert relations(client) == ["spouse"]


REST = "Something else in the file is not taken; what is here stays"


@pytest.mark.parametrize("kind", ["photo", "tag", "relation", "post", "field"])
def test_what_was_removed_is_said_to_stay_so_where_the_row_changes_something_else(
    client: FlaskClient, kind: str
) -> None:
    line = {"photo": photo(pictures.CLEAR), "tag": "CATEGORIES:Choir", "relation": KNOWS,
            "post": "X-ROSTER-POST:Met;How it was", "field": "NICKNAME:Mimi"}[kind]  # fmt: skip
    take(client, card(MARA, "Mara Ek", line), card(ELIN, "Elin Ek"))
    if kind == "photo":
        client.post("/users/1/photo/remove")
    elif kind == "relation":
        part(client)
    elif kind == "post":
        client.patch("/api/posts/1", json={"title": "Met again"})
    else:
        client.patch("/api/users/1", json={"tags": [], "nickname": None})
    shown = take(client, card(MARA, "Mara Ek", line, "TITLE:Cook"))
    assert (shown.count("Cook"), shown.count(REST), SAME in shown) == (1, 1, False)
    assert SAME in take(client, card(MARA, "Mara Ek", line, "TITLE:Cook", "REV:20260101"))
    shown = take(client, card(MARA, "Mara Ek", "TITLE:Chef"), card(ELIN, "Elin Ek", "TITLE:Cook"))
    assert ("Changed 2" in shown, REST in shown) == (True, False)


def test_what_a_later_row_of_the_same_person_says_is_not_said_to_be_here(client: FlaskClient) -> None:
    take(client, card(MARA, "Mara Ek", "TITLE:Cook"))
    one, other = (card(MARA, "Mara Ek", f"TITLE:{title}", f"TEL:{tel}")
                  for title, tel in (("Chef", "+46701740641"), ("Baker", "+46701740642")))  # fmt: skip
    shown = take(client, one, other)
    assert ("Changed 2" in shown, "Chef" in shown, REST in shown) == (True, False, False)


def test_of_many_posts_those_stay_away_that_were_changed_or_deleted(client: FlaskClient) -> None:
    def said(*bodies: str) -> list[str]:
        return [f"X-ROSTER-POST;X-DATE=2026-01-02:Call;{each}" for each in bodies]

    def bodies() -> list[str]:
        return sorted(each["body"] for each in client.get("/api/posts").json or ())

    take(client, card(MARA, "Mara Ek", *said("a", "b", "c", "d")), card(ELIN, "Elin Ek", *said("a", "b")))
    told = {(each["user_id"], each["body"]): each["id"] for each in client.get("/api/posts").json or ()}
    assert client.patch(f"/api/posts/{told[1, 'b']}", json={"body": "changed"}).status_code == 200
    assert client.delete(f"/api/posts/{told[1, 'c']}").status_code == 204
    client.post("/trash/empty")
    assert client.patch(f"/api/posts/{told[2, 'a']}", json={"date": "2026-01-03"}).status_code == 200
    was = ["a", "a", "b", "changed", "d"]
    assert bodies() == was
    mara, elin = said("e", "d", "c", "b", "a"), said("a", "b", "c")
    shown = take(client, card(MARA, "Mara Ek", *mara), card(ELIN, "Elin Ek", *elin))
    assert (shown.count("1 post "), bodies()) == (2, sorted([*was, "e", "c"]))
