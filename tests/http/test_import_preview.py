"""What the preview of an import says of its rows, and how they come in then."""

import pytest
from flask.testing import FlaskClient

from tests.http.following import followed
from tests.http.imported import begun, choose, page, planned
from tests.http.test_exports import downloaded


def test_the_dates_of_a_column_are_written_alike(client: FlaskClient) -> None:
    given, taken = ("03/04/1987", "01/01/1950", "13/02/1992"), ("1987-04-03", "1950-01-01", "1992-02-13")
    rows = "".join(f"P{at},p{at}@x.example,{day}\n" for at, day in enumerate(given))
    address = begun(client, f"First Name,E-mail,Birthday\n{rows}")
    shown = page(planned(client, address, ["given", "email", "birthday"]))
    said = ("3 April 1987", "1 January 1950", "13 February 1992")
    assert [day in shown for day in (*said, *given)] == [True] * 3 + [False] * 3
    followed(client, client.post(address))
    _name, content = downloaded(client, who="all", kind="csv")
    assert [day in content.decode("utf-8-sig") for day in (*taken, *given)] == [True] * 3 + [False] * 3


TWICE = (
    "First Name,Last Name,E-mail,Phone\nMara,Ek,m@x.example,\nMara,Ek,{},+46701740641\nBo,Ek,b@x.example,\n"
)


@pytest.mark.parametrize("email", ["", "other@x.example"])
@pytest.mark.parametrize("choice", ["", "same", "skip"])
def test_a_name_that_stands_twice_is_asked_about_and_joins_nobody_by_itself(
    client: FlaskClient, email: str, choice: str
) -> None:
    address = begun(client, TWICE.format(email))
    shown = page(planned(client, address, ["given", "family", "email", "phone"]))
    assert "Has the name of an earlier row, Mara Ek" in shown
    assert "New 2 Changed 0 No change 0 Maybe the same person 1" in shown
    if choice:
        client.post(f"{address}/rows/1", data={"choice": choice})
    followed(client, client.post(address, data={"email_optional": "1"}))
    people = client.get("/api/users").json  # type: ignore[index]
    assert len(people) == (2 if choice else 3)
    mara = client.get("/users/1").get_data(as_text=True)
    assert ("+46701740641" in mara, email in mara) == (choice == "same", choice == "same" or not email)


def test_a_name_that_stands_twice_is_asked_about_whatever_the_usernames(client: FlaskClient) -> None:
    rows = "Bo,Ex,a@x.example,u1\nBo,Berg,c@x.example,u3\nbo,ex,b@x.example,u2\nBo,Ex,d@x.example,\n"
    address = begun(client, f"First Name,Last Name,E-mail,Username\n{rows}")
    shown = page(planned(client, address, ["given", "family", "email", "username"]))
    assert "New 2 Changed 0 No change 0 Maybe the same person 2" in shown


def test_two_cards_with_a_uid_and_a_username_each_are_two_people(client: FlaskClient) -> None:
    card = "BEGIN:VCARD\nVERSION:4.0\nFN:Bo Ex\nN:Ex;Bo;;;\nUID:{0}\nX-ROSTER-USERNAME:{0}\nEND:VCARD\n"
    shown = page(followed(client, choose(client, card.format("u1") + card.format("u2"), "a.vcf")))
    assert "New 2 Changed 0 No change 0 Maybe the same person 0" in shown


def test_of_two_birthdays_a_name_is_of_two_people(client: FlaskClient) -> None:
    rows = "".join(f"Mara,Ek,m{year}@x.example,{year}-03-04\n" for year in (1987, 1988, 1987))
    address = begun(client, f"First Name,Last Name,E-mail,Birthday\n{rows}")
    shown = page(planned(client, address, ["given", "family", "email", "birthday"]))
    assert "New 2 Changed 0 No change 1 Maybe the same person 0" in shown  # the third is the first


def test_what_a_new_person_does_is_shown_too(client: FlaskClient) -> None:
    address = begun(
        client, "First Name,E-mail,Organization,Job Title,Notes\nMara,m@x.example,Mill,Cook,Sings alto\n"
    )
    shown = page(planned(client, address, ["given", "email", "organisation", "job_title", "note"]))
    assert "Mill · Cook · Sings alto" in shown


def test_a_header_alone_has_no_people(client: FlaskClient) -> None:
    refused = choose(client, "First Name,Last Name,E-mail\n")
    assert (refused.status_code, "There are no people in this file." in page(refused)) == (422, True)


def test_cards_have_no_step_of_columns(client: FlaskClient) -> None:
    card = "BEGIN:VCARD\nVERSION:3.0\nFN:Mara Ek\nEMAIL:m@x.example\nEND:VCARD\n"
    preview = followed(client, choose(client, card, "mara.vcf"))
    address = preview.request.path.removesuffix("/preview")
    assert "File 2 Preview 3 Import" in page(preview)
    assert "File 2 Fields 3 Preview 4 Import" in page(client.get(f"{address}/columns"))
    assert "Columns" not in page(followed(client, client.post(address))).split("Done.")[0]


def test_whom_someone_knows_is_told_before_it_comes_in(client: FlaskClient) -> None:
    cards = "".join(
        f"BEGIN:VCARD\r\nVERSION:4.0\r\nFN:{name}\r\nEMAIL:{name}@x.example\r\nUID:{name}\r\n{more}END:VCARD\r\n"
        for name, more in (("Mara", "RELATED;TYPE=spouse:urn:uuid:noor\r\n"), ("Noor", ""))
    )
    shown = page(followed(client, choose(client, cards, "a.vcf")))
    assert shown.count("1 relation") == 1


@pytest.mark.parametrize(
    ("who", "other", "side", "words"),
    [("noor", "mara", "", ("Aunt", "Niece")), ("mara", "noor", ";X-ROSTER-SIDE=back", ("Niece", "Aunt"))],
)
def test_both_words_of_a_relation_come_in(
    client: FlaskClient, who: str, other: str, side: str, words: tuple[str, str]
) -> None:
    told = 'item1.RELATED;X-ROSTER-RELATION=r;X-ROSTER-BACK="{1}"{2}:urn:uuid:{3}\r\nitem1.X-ABLabel:{0}\r\n'
    for name, more in ((other, ""), (who, told.format(*words, side, other))):
        card = f"BEGIN:VCARD\r\nVERSION:4.0\r\nFN:{name}\r\nEMAIL:{name}@x.example\r\nUID:urn:uuid:{name}\r\n"
        preview = followed(client, choose(client, f"{card}{more}END:VCARD\r\n", "a.vcf"))
        followed(client, client.post(preview.request.path.removesuffix("/preview")))
    there = [client.get(f"/api/users/{user_id}").json["relations"] for user_id in (2, 1)]  # type: ignore[index]
    assert [each["label"] for (each,) in there] == list(words)


def test_an_email_that_is_none_says_what_becomes_of_it(client: FlaskClient) -> None:
    address = begun(client, "First Name,E-mail\nMara,nicht@@gut\n")
    shown = page(planned(client, address, ["given", "email"]))
    said = "“nicht@@gut” does not look like a complete e-mail; it stays among their e-mails as it is written"
    assert f"{said}, and all else comes in" in shown
    followed(client, client.post(address))
    assert [each["email"] for each in client.get("/api/users").json] == ["nicht@@gut"]


def test_an_email_that_two_share_is_said_to_be_shared(client: FlaskClient) -> None:
    address = begun(client, "First Name,E-mail\nAda,h@x.example\nBo,h@x.example\nKim,\n")
    preview = page(planned(client, address, ["given", "email"]))
    assert "May 2 people come in without an e-mail of their own?" in preview
    assert "The e-mail of 1 person is someone else’s main one already" in preview
    followed(client, client.post(address, data={"email_optional": "1"}))
    told = page(client.post("/settings/roster", data={"title": "Choir", "email_required": "1"}))
    assert "2 people have no e-mail of their own, so the rule was not turned on." in told
    assert "Bo : h@x.example is the main e-mail of Ada Kim" in told


DATED = "BEGIN:VCARD\nVERSION:4.0\nFN:Mara Ek\nEMAIL:m@x.example\n{}END:VCARD\n"


def test_cards_say_what_has_no_field_and_dates_in_words(client: FlaskClient) -> None:
    said = "BDAY:19800203\nANNIVERSARY:{}\nX-FOO:bar\nGENDER:F\nRELATED:Noor\nREV:20200101\n"
    for day, shown in (
        ("19900501", "mara.ek · m@x.example · 1 May 1990 · 3 February 1980"),
        ("19900502", "Date (Anniversary) 1 May 1990 → 2 May 1990"),
    ):
        preview = followed(client, choose(client, DATED.format(said.format(day)), "people.vcf"))
        address = preview.request.path.removesuffix("/preview")
        assert shown in page(preview)
        assert "just as the file has it: GENDER, RELATED, X-FOO " in page(preview)
        fields = page(client.get(f"{address}/columns"))
        assert "BDAY 3 February 1980 Birthday" in fields
        followed(client, client.post(address))


@pytest.mark.parametrize("row", ["Mara,m@x.example,sings", "Mara E.,m@x.example,"])
def test_who_is_in_the_trash_comes_in_anew_and_that_is_said(client: FlaskClient, row: str) -> None:
    columns = ["given", "email", "note"]
    address = begun(client, "First Name,E-mail,Notes\nMara,m@x.example,sings\nBo,b@x.example,\n")
    planned(client, address, columns)
    followed(client, client.post(address))
    client.post("/users/1/trash")
    address = begun(client, f"First Name,E-mail,Notes\n{row}\nBo,b@x.example,\nKim,k@x.example,\n")
    shown = page(planned(client, address, columns))
    assert shown.count("who is in the trash") == 1
    assert "May be Mara, who is in the trash; comes in as someone new" in shown
    client.post("/users/1/put-back")
    assert "who is in the trash" not in page(planned(client, address, columns))
