"""Rows left out in the preview of an import: as if the file had not got them, till they are taken in."""

from collections.abc import Callable

from flask.testing import FlaskClient

from tests.http.following import followed
from tests.http.imported import begun, choose, page, planned

HEADER, FIELDS = "First Name,E-mail,Job Title\n", ["given", "email", "job_title"]


def leave(client: FlaskClient, address: str, *rows: int) -> str:
    for row in rows:
        assert client.post(f"{address}/rows/{row}/out").status_code == 303
    return page(client.get(f"{address}/preview"))


def bring(client: FlaskClient, text: str, fields: list[str], *rows: int) -> str:
    """Import a text without some of its rows, and return the report."""
    address = begun(client, text)
    planned(client, address, fields)
    leave(client, address, *rows)
    return page(followed(client, client.post(address)))


def test_a_row_is_left_out_and_taken_in_again(client: FlaskClient) -> None:
    bring(client, f"{HEADER}Bo,b@x.example,Cook\n", FIELDS)
    address = begun(client, f"{HEADER}Mara,m@x.example,Alto\nBo,b@x.example,Baker\nKim,k@x.example,Clerk\n")
    assert "Import 3 people" in page(planned(client, address, FIELDS))
    left = client.post(f"{address}/rows/0/out", data={"show": "new", "after": "-1"})
    assert left.location == f"{address}/preview?show=new&after=-1#row-1"
    last = client.post(f"{address}/rows/2/out")
    assert last.location == f"{address}/preview#row-1"  # the one before it
    client.post(f"{address}/rows/2/in")
    shown = leave(client, address, 1)
    assert "Import 1 person" in shown and "All 1" in shown and "Left out 2" in shown
    shown = page(client.get(f"{address}/preview?show=out"))
    assert "2 Left out Mara m@x.example" in shown and "3 Left out Bo b@x.example" in shown
    assert client.post(f"{address}/rows/1/in").location == f"{address}/preview?show=out"
    for gone in ("1/in", "0/out", "7/out", "7/in"):
        assert client.post(f"{address}/rows/{gone}").status_code == 404
    done = page(followed(client, client.post(address)))
    assert "New people 1 Changed 1" in done and "Left out 1" in done
    assert [each["username"] for each in client.get("/api/users").json] == ["bo", "kim"]  # type: ignore[union-attr]
    assert client.get("/api/users/1").json["job_title"] == "Baker"  # type: ignore[index]


def test_all_that_is_taken_in_again_is_as_it_was(client: FlaskClient, digest: Callable[[], str]) -> None:
    rows = "".join(f"P{n},p{n}@x.example,+467017406{n:02},0{n}/04/1987,Choir\n" for n in range(1, 9))
    text, fields = (
        f"First Name,E-mail,Phone,Birthday,Tags\n{rows}",
        ["given", "email", "phone", "birthday", "tags"],
    )
    address = begun(client, text)
    planned(client, address, fields)
    leave(client, address, 2, 5)
    client.post(f"{address}/dates", data={"dates": "month"})
    assert "Left out 2" in page(client.get(f"{address}/preview"))  # planned anew
    for row in (2, 5):
        client.post(f"{address}/rows/{row}/in")
    after = page(client.get(f"{address}/preview"))
    assert [each in after for each in ("3 April 1987", "4 March 1987", "4 June 1987")] == [False, True, True]
    client.post(f"{address}/dates", data={"dates": "day"})
    assert "3 April 1987" in page(client.get(f"{address}/preview"))
    done = page(followed(client, client.post(address)))
    assert "New people 8" in done
    people = [client.get(f"/api/users/{n}").json for n in range(1, 9)]
    assert [each["birthday"] for each in people] == [f"1987-04-0{n}" for n in range(1, 9)]  # type: ignore[index]
    assert all(each["phones"] and each["tags"] == ["Choir"] for each in people)  # type: ignore[index]


def test_what_it_had_is_free_for_the_others(client: FlaskClient) -> None:
    text = "First Name,E-mail,Birthday\nMara,m@x.example,1987-03-04\nMara,other@x.example,1988-03-04\n"
    address = begun(client, f"{text}Bo,m@x.example,\n")
    planned(client, address, ["given", "email", "birthday"])
    assert "the username is “mara.2”" in page(client.get(f"{address}/preview"))
    shown = leave(client, address, 0)
    assert "mara.2" not in shown and "without an e-mail" not in shown
    followed(client, client.post(address))
    people = client.get("/api/users").json
    assert [(each["username"], each["email"]) for each in people] == [  # type: ignore[union-attr]
        ("mara", "other@x.example"),
        ("bo", "m@x.example"),
    ]


def test_another_row_of_the_same_person_says_all_it_says(client: FlaskClient) -> None:
    bring(client, f"{HEADER}Mara,m@x.example,Alto\n", FIELDS)
    bring(client, f"{HEADER}Mara,m@x.example,Cook\nMara,m@x.example,Baker\n", FIELDS, 1)
    assert client.get("/api/users/1").json["job_title"] == "Cook"  # type: ignore[index]


def test_a_row_that_said_more_of_it_is_someone_then(client: FlaskClient) -> None:
    rows = "First Name,E-mail,Phone\nMara,m@x.example,\nMara,m@x.example,+46701740641\n"
    address = begun(client, rows)
    assert "To the person of an earlier row" in page(planned(client, address, ["given", "email", "phone"]))
    assert "New 1 Changed 0" in leave(client, address, 0)


def test_whoever_is_left_out_may_be_known_by_others(client: FlaskClient) -> None:
    card = "BEGIN:VCARD\nVERSION:4.0\nFN:{0}\nEMAIL:{0}@x.example\nUID:urn:uuid:{1}\n{2}END:VCARD\n"
    mara, bo = (f"00000000-0000-4000-8000-00000000000{n}" for n in (1, 2))
    more = card.format("Mara", mara, "TITLE:Cook\n")
    more += card.format("Bo", bo, f"RELATED;TYPE=friend:urn:uuid:{mara}\n")
    for text, out in ((card.format("Mara", mara, ""), ()), (more, (0,))):
        preview = followed(client, choose(client, text, "a.vcf"))
        address = preview.request.path.removesuffix("/preview")
        leave(client, address, *out)
        followed(client, client.post(address))
    (bo_,) = client.get("/api/users?q=bo").json  # type: ignore[misc]
    assert "Friend Mara" in page(client.get(f"/users/{bo_['id']}"))
    assert not client.get("/api/users/1").json["job_title"]  # type: ignore[index]


def test_columns_that_are_chosen_again_leave_out_the_same(client: FlaskClient) -> None:
    address = begun(client, f"{HEADER}Mara,m@x.example,Alto\nBo,b@x.example,Baker\n")
    planned(client, address, FIELDS)
    leave(client, address, 0)
    planned(client, address, ["given", "email", "note"])
    assert "Left out 1" in page(client.get(f"{address}/preview"))


def test_the_question_of_dates_is_that_of_who_comes_in(client: FlaskClient) -> None:
    address = begun(
        client, "First Name,E-mail,Birthday\nMara,m@x.example,03/04/1987\nBo,b@x.example,1990-01-02\n"
    )
    asked = "What comes first in the dates of this file?"
    assert asked in page(planned(client, address, ["given", "email", "birthday"]))
    assert asked not in leave(client, address, 0)
    client.post(f"{address}/rows/0/in")
    assert asked in page(client.get(f"{address}/preview"))
