"""At the door: what was deleted or changed by hand stays so, while the file says what it said before."""

import re

import pytest
from flask.testing import FlaskClient

from tests.http.following import followed
from tests.http.imported import begun, page
from tests.http.test_moments import look

NAMES = ["Name", "E-mail", "Work e-mail", "Mobile", "Tags", "Nickname", "Birthday", "Note"]
TARGETS = ["full_name", "email", "email", "phone", "tags", "nickname", "birthday", "note"]
ROW = "Mara Ek,m@x.example,work@x.example,+46701740641,Choir;Bass,Mimi,03/04/1987,{}"
GONE = {"emails": [], "phones": [], "tags": ["Bass"], "nickname": "", "birthday": ""}
AWAY = [["m@x.example"], [], ["Bass"], None, None]


def table(row: str, *more: str) -> str:
    return "\n".join([",".join([*NAMES, *more]), row, ""])


def take(client: FlaskClient, content: str, *more: str, **how: str) -> str:
    """Bring rows in; return the preview in words."""
    address = begun(client, content)
    form = {"target": [*TARGETS, *more], **how}
    followed(client, client.post(f"{address}/columns", data=form))
    shown = page(followed(client, client.post(f"{address}/dates", data={"dates": "day"})))
    followed(client, client.post(address))
    return shown


def mara(client: FlaskClient) -> list[object]:
    found = client.get("/api/users/1").json
    assert found
    emails = [found["email"], *(each["email"] for each in found["emails"])]
    return [emails, [each["phone"] for each in found["phones"]], found["tags"], found["nickname"],
            found["birthday"]]  # fmt: skip


def by_hand(client: FlaskClient, **form: object) -> None:
    assert client.patch("/api/users/1", json=form).status_code == 200


def bring_and_delete(client: FlaskClient) -> None:
    take(client, table(ROW.format("old")))
    by_hand(client, **GONE)
    assert mara(client) == AWAY


@pytest.mark.parametrize("way", ["file", "fill"])
def test_what_was_deleted_stays_away_whoever_wins(client: FlaskClient, way: str) -> None:
    bring_and_delete(client)
    take(client, table(ROW.format("new")), existing=way)
    assert mara(client) == AWAY


@pytest.mark.parametrize("way", ["file", "fill"])
def test_what_was_deleted_stays_away_with_a_column_more(client: FlaskClient, way: str) -> None:
    bring_and_delete(client)
    take(client, table(ROW.format("new") + ",Cook", "Title"), "job_title", existing=way)
    assert mara(client) == AWAY


@pytest.mark.parametrize("between", ["Mara Ek,m@x.example,,,,,,x", "Bo Ex,b@x.example,,,,,,x"])
def test_what_was_deleted_stays_away_after_another_file(client: FlaskClient, between: str) -> None:
    bring_and_delete(client)
    for _each in range(4):
        take(client, table(between + str(_each)))
    take(client, table(ROW.format("new")))
    assert mara(client) == AWAY


def test_what_was_deleted_stays_away_where_a_file_of_the_same_columns_said_something_else(
    client: FlaskClient,
) -> None:
    bring_and_delete(client)
    take(client, table("Mara Ek,m@x.example,home@x.example,+46701740699,Alto;Bass,Mia,,x"))
    came = [["m@x.example", "home@x.example"], ["+46701740699"], ["Alto", "Bass"], "Mia", None]
    assert mara(client) == came
    shown = take(client, table(ROW.format("new").replace("Choir;Bass", "Choir;Bass;Duet")))
    came[2:4] = ["Bass", "Duet"], "Mimi"  # a field that a file has filled since follows the file
    assert mara(client) == came
    assert "Tag Alto → Duet" in shown
    assert "home@x.example →" not in shown


def test_what_was_deleted_comes_back_where_no_file_had_said_it_or_undo_brought_it(
    client: FlaskClient,
) -> None:
    take(client, table("Mara Ek,m@x.example,,,,,,old"))
    by_hand(client, phones=[{"label": "", "phone": "+46701740641"}], tags=["Choir"], nickname="Mimi")
    by_hand(client, phones=[], tags=[], nickname="")
    take(client, table(ROW.format("new")))
    all_ = [["m@x.example", "work@x.example"], ["+46701740641"], ["Bass", "Choir"], "Mimi", "1987-04-03"]
    assert mara(client) == all_
    by_hand(client, **GONE)
    for _each in "..":  # the deletion, then the import
        client.post("/undo")
    take(client, table(ROW.format("newer")))
    assert mara(client) == all_


LESS = "Mara Ek,m@x.example,,,,Mimi,03/04/1987,{}"


@pytest.mark.parametrize("way", ["file", "fill", "mine"])
def test_what_the_file_has_no_longer_and_stays_is_told_once(client: FlaskClient, way: str) -> None:
    take(client, table(ROW.format("old")))
    for note in ("old", "new"):
        shown = take(client, table(LESS.format(note)), existing=way)
        for each in ("E-mail (Work) work@x.example", "Phone (Mobile) +46701740641", "Tag Choir", "Tag Bass"):
            assert f"{each} no longer in the file; it stays" in shown
        assert ("Changed 1" in shown) == ((note, way) == ("new", "file"))
    assert len(mara(client)[0]) == 2  # type: ignore[arg-type]
    again = take(client, table(LESS.format("newer")), existing=way)
    assert ("no longer in the file" in again) == (way != "file")  # nothing of it was kept
    assert "removed" in take(client, table(ROW.format("x").replace("Choir;Bass", "Choir")))


def test_what_is_replaced_or_removed_is_not_said_to_stay(client: FlaskClient) -> None:
    take(client, table(ROW.format("old")))
    other = ROW.replace("work@", "job@").replace("Choir;Bass", "Bass").replace(",+46701740641", ",")
    shown = take(client, table(other.format("old")), clears="1")
    assert "no longer in the file" not in shown


OWN = ("new:number", "new:choices")


def own(client: FlaskClient) -> object:
    found = client.get("/api/users/1").json
    assert found
    return {name: value for name, value in found["fields"].items() if value}


def take_own(client: FlaskClient, row: str, first: str = "Locker") -> None:
    """Bring in a row with own fields, led to where they went before."""
    address = begun(client, table(row, first, "Voices"))
    html = client.get(f"{address}/columns").get_data(as_text=True)
    form = {"target": re.findall(r'<option value="([^"]+)" selected', html)}
    followed(client, client.post(f"{address}/columns", data=form))
    followed(client, client.post(f"{address}/dates", data={"dates": "day"}))
    followed(client, client.post(address))


def test_what_was_deleted_of_own_fields_stays_away(client: FlaskClient) -> None:
    row = ROW + ",{},Alto;Bass"
    take(client, table(row.format("old", 42), "Locker", "Voices"), *OWN)
    assert own(client) == {"Locker": 42, "Voices": ["Alto", "Bass"]}
    by_hand(client, fields={"Locker": None, "Voices": ["Bass"]})
    for content in (row.format("new", 42), row.format("newer", 42)):
        take_own(client, content)
        assert own(client) == {"Voices": ["Bass"]}
    by_hand(client, fields={"Locker": 7})
    take_own(client, row.format("old", 42))
    assert own(client) == {"Locker": 7, "Voices": ["Bass"]}
    take_own(client, row.format("old", 43))
    take_own(client, row.format("old", 42))
    assert own(client) == {"Locker": 42, "Voices": ["Bass"]}


@pytest.mark.parametrize("existing", ["file", "fill"])
def test_a_tag_that_was_removed_from_all_stays_away(client: FlaskClient, existing: str) -> None:
    take(client, table(ROW.format("old")))
    client.post("/tags/1/remove")
    was = mara(client)
    take(client, table(ROW.format("new")), existing=existing)
    assert (len(was[2]), mara(client)) == (1, was)  # type: ignore[arg-type]


def test_what_went_as_someone_was_brought_back_as_they_were_stays_away(client: FlaskClient) -> None:
    form = {"username": "mara", "given": "Mara", "family": "Ek", "email": "m@x.example"}
    client.post("/api/users", json=form)
    was = mara(client)
    take(client, table(ROW.format("old")))
    assert mara(client) != was
    look(client, 1)
    client.post("/moments/users/1")
    client.post("/moments/leave")
    assert mara(client) == was
    take(client, table(ROW.format("new")))
    assert mara(client) == was


BY_HAND = {"display_name": "Dr Ek", "family": "Berg", "nickname": "Mims", "birthday": "1990-01-02"}
NAMED = [*BY_HAND, "note"]


def test_what_was_written_over_stays_while_the_file_says_what_it_said(client: FlaskClient) -> None:
    def said() -> list[object]:
        found = client.get("/api/users/1").json
        return [found[name] for name in NAMED]  # type: ignore[index]

    take(client, table(ROW.format("old")))
    was = said()
    by_hand(client, **BY_HAND)
    shown = take(client, table(ROW.format("new")))
    assert said() == [*BY_HAND.values(), "new"]
    assert "Mimi" not in shown
    changed = ROW.replace("Mimi", "Mia").replace("Mara Ek", "Mara Eck").replace("1987", "1988")
    take(client, table(changed.format("new")))
    assert said() == ["Mara Eck", "Eck", "Mia", "1988-04-03", "new"]
    take(client, table(ROW.format("old")))  # the file went back to what it said
    assert said() == was


@pytest.mark.parametrize(
    ("cell", "was", "kind"),
    [("03/04/1987", "date", "text"), ("03/04/1987", "text", "date"), ("1,5", "number", "text")],
)
def test_what_was_deleted_of_an_own_field_stays_away_in_another_kind(
    client: FlaskClient, cell: str, was: str, kind: str
) -> None:
    row = f'Mara Ek,m@x.example,,,,,,{{}},"{cell}",Alto'
    take(client, table(row.format("old"), "Since", "Voices"), f"new:{was}", "new:choices")
    assert "Since" in own(client)  # type: ignore[operator]
    by_hand(client, fields={"Since": None})
    assert client.post("/settings/fields/1/kind", data={"kind": kind}).status_code == 303
    take_own(client, row.format("new"), "Since")
    assert own(client) == {"Voices": ["Alto"]}
    take_own(client, row.format("new").replace(cell, "04/05/1988"), "Since")
    assert "Since" in own(client)  # type: ignore[operator]


WRITTEN = "Mara Ek,m@x.example,,,,,,{},Met in Lund"


def titles(client: FlaskClient) -> list[str]:
    return sorted(each["title"] for each in client.get("/api/posts").json or ())


@pytest.mark.parametrize("existing", ["file", "fill"])
def test_a_post_that_was_changed_or_deleted_does_not_come_again(client: FlaskClient, existing: str) -> None:
    take(client, table(WRITTEN.format("old"), "History"), "post")
    assert client.patch("/api/posts/1", json={"title": "Met in Malmö"}).status_code == 200
    shown = take(client, table(WRITTEN.format("new"), "History"), "post", existing=existing)
    assert ("1 post" in shown, titles(client)) == (False, ["Met in Malmö"])
    assert client.delete("/api/posts/1").status_code == 204
    client.post("/trash/empty")
    take(client, table(WRITTEN.format("newer"), "History"), "post", existing=existing)
    assert titles(client) == []
    other = WRITTEN.replace("Lund", "Ystad").format("x")
    take(client, table(other, "History"), "post")
    assert titles(client) == ["Met in Ystad"]


def test_a_post_that_was_deleted_comes_back_where_no_file_had_said_it(client: FlaskClient) -> None:
    take(client, table("Mara Ek,m@x.example,,,,,,old,", "History"), "post")
    client.post("/api/posts", json={"user_id": 1, "title": "Met in Lund"})
    client.patch("/api/posts/1", json={"title": "Met in Malmö"})
    take(client, table(WRITTEN.format("new"), "History"), "post")
    assert titles(client) == ["Met in Lund", "Met in Malmö"]
