"""What people write in the cells of a sheet that is to come back."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.http.following import followed
from tests.http.imported import page
from tests.http.test_sent import add, of_rows, sent_back


@pytest.mark.parametrize(
    ("cell", "emails", "phones"),
    [
        ("a@x.example; b@x.example,c@x.example;", ["a", "b", "c"], []),
        ("Work <a@x.example>; b@x.example\nHome <c@x.example>", ["Work a", "b", "Home c"], []),
        ("0151 2345; ext 12; +46 70 1", [], ["0151 2345; ext 12", "+46 70 1"]),
        ("Work <0151 2345; 678>, Home <1>", [], ["Work 0151 2345; 678", "Home 1"]),
        ("070 123 45 67; 2 rings", [], ["070 123 45 67; 2 rings"]),
        ("Mobil 070-123 45 67, 046-12 34 56", [], ["Mobile 070-123 45 67", "046-12 34 56"]),
        ("070 123 45 67; (ask for Bo)", [], ["070 123 45 67; (ask for Bo)"]),
    ],
)
def test_several_in_a_cell_are_several_however_they_are_put(
    client: FlaskClient, cell: str, emails: list[str], phones: list[str]
) -> None:
    add(client, "mara")

    def two(header: list[str], row: list[str]) -> list[list[str]]:
        row[header.index("emails" if emails else "phones")] = cell
        new = ["" for _name in header]
        new[header.index("given")], new[header.index("email")] = "Lea", "lea@x.example"
        new[header.index("emails" if emails else "phones")] = cell.replace("@", "@lea.")
        return [row, new]

    followed(client, client.post(sent_back(client, two)))
    for user_id in (1, 2):
        kept: Any = client.get(f"/api/users/{user_id}").json
        found = [f"{each['label']} {each['email'].partition('@')[0]}".strip() for each in kept["emails"]]
        assert found == emails
        assert [f"{each['label']} {each['phone']}".strip() for each in kept["phones"]] == phones


def test_a_tag_that_was_renamed_since_is_what_it_was_called_there(client: FlaskClient) -> None:
    add(client, "mara", tags="Choir, Board")
    add(client, "noor", tags="Choir")
    add(client, "lea", tags="Board")

    def change(rows: list[dict[str, str]]) -> None:
        mara, noor = (next(row for row in rows if row["username"] == each) for each in ("mara", "noor"))
        mara["tags"] = "Choir; Board; Alto"
        noor["given"] = "Nora"
        rows.append({"given": "Ida", "email": "ida@x.example", "tags": "choir"})
        client.post("/tags/1/rename", data={"name": "Singers; all"})

    address = of_rows(client, change)
    assert "Edits 2 Conflicts 0 New people 1" in page(client.get(address))
    followed(client, client.post(address))
    kept: list[Any] = [client.get(f"/api/users/{number}").json for number in (1, 2, 3, 4)]
    assert [each["tags"] for each in kept] == [
        ["Alto", "Board", "Singers; all"],
        ["Singers; all"],
        ["Board"],
        ["Singers; all"],
    ]


def test_question_marks_in_the_place_of_letters_are_no_tags_of_a_renamed_one(client: FlaskClient) -> None:
    add(client, "mara", tags="Chör, Älter")

    def change(rows: list[dict[str, str]]) -> None:
        rows[0]["tags"] = rows[0]["tags"].replace("ö", "?").replace("Ä", "?")
        client.post("/tags/1/rename", data={"name": "Singers"})

    address = of_rows(client, change)
    assert "Edits 0 Conflicts 0 New people 0 Left out 1" in page(client.get(address))
    assert "Letters became question marks" in page(client.get(address))


def test_a_tag_whose_name_now_would_be_two_in_a_cell_is_a_conflict(client: FlaskClient) -> None:
    add(client, "mara", tags="Choir")

    def change(rows: list[dict[str, str]]) -> None:
        rows[0]["tags"] = "Choir; Alto"
        client.post("/tags/1/rename", data={"name": "Singers:::all"})

    assert "Edits 0 Conflicts 1" in page(client.get(of_rows(client, change)))


def test_a_tag_that_a_spreadsheet_would_run_is_known_by_its_new_name(client: FlaskClient) -> None:
    add(client, "mara", tags="=Choir")

    def change(rows: list[dict[str, str]]) -> None:
        assert rows[0]["tags"] == "'=Choir"
        rows.append({"given": "Ida", "email": "ida@x.example", "tags": rows[0]["tags"]})
        client.post("/tags/1/rename", data={"name": "=Singers"})

    address = of_rows(client, change)
    assert "Edits 0 Conflicts 0 New people 1" in page(client.get(address))
    followed(client, client.post(address))
    person: Any = client.get("/api/users/2").json
    assert person["tags"] == ["=Singers"]


def test_a_list_in_a_cell_is_shown_as_people_write_one(client: FlaskClient) -> None:
    add(client, "mara", tags="Choir, Board")

    def change(rows: list[dict[str, str]]) -> None:
        rows[0]["tags"] = "Choir ::: Alto"
        rows[0]["addresses"] = "Home <Mill 1; ; ; 222 22; Lund>"
        rows[0]["phones"] = "+46 70 1 ::: Work <+46 70 2>"

    said = page(client.get(of_rows(client, change)))
    assert "Board, Choir → Choir, Alto" in said
    assert "Home: Mill 1, 222 22, Lund" in said
    assert "+46 70 1; Work: +46 70 2" in said
    assert ":::" not in said
