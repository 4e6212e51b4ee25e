"""How people belong together, at the door: said once, seen from both sides, taken back from either."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient


@pytest.fixture(autouse=True)
def people(client: FlaskClient) -> None:
    for given, family in (
        ("Mara", "Lindqvist"),
        ("Elof", "Lindqvist"),
        ("Noor", "Haddad"),
        ("Noor", "Haddad"),
    ):
        email = (
            f"{given}{family}@l.example" if client.get("/api/users/3").status_code == 404 else "n2@l.example"
        )
        form = {"given": given, "family": family, "email": email}
        assert client.post("/add", data=form).status_code == 303


def say(client: FlaskClient, user_id: int = 1, **form: Any) -> Any:
    return client.post(f"/users/{user_id}/relations", data=form)


def known(client: FlaskClient, user_id: int) -> list[tuple[str, str]]:
    """Return what a page says of whom someone knows: pairs of a word and a name."""
    page = client.get(f"/users/{user_id}").text
    rows = re.findall(r'<dt><bdi>([^<]*)</bdi></dt>\s*<dd class="row"><a[^>]*><bdi>([^<]*)</bdi>', page)
    return list(rows)


@pytest.mark.parametrize(
    ("kind", "here", "there"),
    [
        ("spouse", "Spouse", "Spouse"),
        ("parent", "Parent", "Child"),
        ("child", "Child", "Parent"),
        ("sibling", "Sibling", "Sibling"),
        ("friend", "Friend", "Friend"),
        ("colleague", "Colleague", "Colleague"),
    ],
)
def test_each_side_has_its_word(client: FlaskClient, kind: str, here: str, there: str) -> None:
    saved = say(client, people="Elof Lindqvist", kind=kind)
    assert (saved.status_code, saved.location) == (303, "/users/1#knows-more")
    assert known(client, 1) == [(here, "Elof Lindqvist")]
    assert known(client, 2) == [(there, "Mara Lindqvist")]
    assert known(client, 3) == []


def test_a_word_of_ones_own_has_one_for_the_other_side(client: FlaskClient) -> None:
    say(client, people="elof.lindqvist", kind="own", label="Godmother", back_label="Godchild")
    assert known(client, 1) == [("Godmother", "Elof Lindqvist")]
    assert known(client, 2) == [("Godchild", "Mara Lindqvist")]
    say(client, people="noor.haddad", kind="own", label="Neighbour")
    assert known(client, 3) == [("Neighbour", "Mara Lindqvist")]


def test_several_are_said_in_one_step_and_taken_back_by_one_undo(client: FlaskClient) -> None:
    say(client, people="Elof Lindqvist, noor.haddad", kind="child", label="left over")
    assert known(client, 1) == [("Child", "Elof Lindqvist"), ("Child", "Noor Haddad")]
    assert "Say what 2 people are to Mara Lindqvist" in client.get("/users/1").text
    client.post("/undo")
    assert known(client, 1) == known(client, 2) == []
    client.post("/redo")
    assert known(client, 3) == [("Parent", "Mara Lindqvist")]


@pytest.mark.parametrize(
    ("form", "word"), [({"kind": "spouse"}, "Spouse"), ({"kind": "own", "label": "Aunt"}, "Aunt")]
)
def test_what_was_said_is_read_in_history_and_on_the_page(
    client: FlaskClient, form: dict[str, str], word: str
) -> None:
    say(client, people="Elof Lindqvist", **form)
    for address in ("/history", "/users/1"):
        lines = re.findall(r'<span class="line">(.*?)</span>', client.get(address).text, re.DOTALL)
        said = [" ".join(re.sub("<[^>]*>", "", line).split()) for line in lines]
        assert f"Knows Elof Lindqvist ({word})" in said


@pytest.mark.parametrize("side", [1, 2])
def test_either_side_takes_it_back(client: FlaskClient, side: int) -> None:
    say(client, people="Elof Lindqvist", kind="parent")
    assert client.post(f"/users/3/relations/{1}/remove").status_code == 404
    assert client.post(f"/users/{side}/relations/1/remove").status_code == 303
    assert known(client, 1) == known(client, 2) == []
    client.post("/undo")
    assert known(client, 1) == [("Parent", "Elof Lindqvist")]


@pytest.mark.parametrize(
    ("form", "field", "said"),
    [
        ({"people": "mara.lindqvist", "kind": "spouse"}, "people", "is this very person; write someone else"),
        ({"people": "Noor Haddad", "kind": "spouse"}, "people", "Several people are called Noor Haddad"),
        ({"people": "Nobody", "kind": "spouse"}, "people", "Nobody here is called Nobody"),
        ({"people": " , ", "kind": "spouse"}, "people", "Write whom"),
        ({"people": "a\0b", "kind": "spouse"}, "people", "a character in this that can"),
        ({"people": "noor.haddad", "kind": "boss"}, "kind", "This has to be one of spouse"),
        ({"people": "noor.haddad", "kind": "own"}, "label", "Write what they are"),
        ({"people": "noor.haddad", "kind": "own", "label": "x" * 61}, "label", "at most 60 fit here"),
        ({"people": "elof.lindqvist", "kind": "parent"}, "people", "is said already"),
    ],
)
def test_what_can_not_be_is_told_and_typed_text_is_kept(
    client: FlaskClient, form: dict[str, str], field: str, said: str
) -> None:
    say(client, user_id=2, people="mara.lindqvist", kind="child")  # Elof is her parent, said from his side
    refused = say(client, **form)
    assert refused.status_code == 422
    assert said in refused.text
    assert f'value="{form["people"]}"' in refused.text
    by_json = client.post("/api/users/1/relations", json=form)
    assert (by_json.status_code, list(by_json.json["errors"])) == (422, [field])
    assert known(client, 1) == [("Parent", "Elof Lindqvist")]


def test_who_is_in_the_trash_is_not_shown_and_comes_back(client: FlaskClient) -> None:
    say(client, people="elof.lindqvist", kind="sibling")
    client.post("/users/2/trash")
    assert known(client, 1) == []
    assert client.get("/api/users/1").json["relations"] == []
    client.post("/users/2/put-back")
    assert known(client, 1) == [("Sibling", "Elof Lindqvist")]


def test_json_says_and_takes_back(client: FlaskClient) -> None:
    made = client.post("/api/users/1/relations", json={"people": [2], "kind": "parent"})
    assert made.status_code == 201
    assert made.json["relations"] == [{"id": 1, "kind": "parent", "label": "", "user_id": 2}]
    assert client.get("/api/users/2").json["relations"] == [
        {"id": 1, "kind": "child", "label": "", "user_id": 1}
    ]
    assert client.post("/api/users/1/relations", json={"people": [2], "kin": "x"}).status_code == 422
    assert client.delete("/api/users/2/relations/1").status_code == 204
    assert client.delete("/api/users/2/relations/1").status_code == 404


def test_the_pane_beside_the_list_names_whom_one_knows(client: FlaskClient) -> None:
    def pane() -> str:
        return client.get("/users/2/pane", headers={"HX-Request": "true"}).text

    assert "Knows" not in pane()
    say(client, people="elof.lindqvist", kind="own", label="Godmother", back_label="Godchild")
    for shown in (pane(), client.get("/?here=2").text):
        knows = shown.split(">Knows<")[1].split("</dl>")[0]
        assert re.findall(r"<bdi>([^<]*)</bdi>", knows) == ["Godchild", "Mara Lindqvist"]
        assert 'href="/users/1"' in knows
