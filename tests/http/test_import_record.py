"""The whole record by import, at the door: what is asked, what the preview shows, what can be chosen."""

import json
import re
from collections.abc import Callable
from pathlib import Path

from flask.testing import FlaskClient

from tests.exchange.workbooks import row, xlsx
from tests.http.following import followed
from tests.http.imported import begun, page, planned
from webui.exchange import columns
from webui.pages import import_columns


def test_what_comes_first_in_dates_is_asked_once(client: FlaskClient, digest: Callable[[], str]) -> None:
    before, address = digest(), begun(client)
    preview = planned(client, address, ["given", "family", "email", "tags", "birthday"])
    for part in (
        "In the column Birthday, 03/04/1987 can be either",
        "The day: 3 April 1987",
        "The month: 4 March 1987",
        "Answer the question about the dates first",
    ):
        assert part in page(preview)
    assert "Import 2 people" not in page(preview)
    assert client.post(address).status_code == 409
    assert digest() == before
    preview = followed(client, client.post(f"{address}/dates", data={"dates": "day"}))
    assert "the day comes first, as you said. The month comes first" in page(preview)
    assert "3 April 1987" in page(preview)
    preview = followed(client, client.post(f"{address}/dates", data={"dates": "month"}))
    assert "the month comes first, as you said. The day comes first" in page(preview)
    assert "can be either" not in page(preview)
    assert "mara.ek · m@x.example · Choir · 4 March 1987" in page(preview)
    followed(client, client.post(address))
    assert "4 March 1987" in page(client.get("/users/1"))


def test_an_answer_that_is_none_asks_again(client: FlaskClient) -> None:
    address = begun(client)
    planned(client, address, ["given", "family", "email", "tags", "birthday"])
    preview = followed(client, client.post(f"{address}/dates", data={"dates": "year"}))
    assert "can be either" in page(preview)


def test_the_preview_shows_the_rows_that_are_added(client: FlaskClient) -> None:
    address = begun(client)
    planned(client, address)
    followed(client, client.post(address))
    header = "First Name,Last Name,E-mail,Mobile,Work City,Company\n"
    address = begun(client, header + "Mara,Ek,m@x.example,070-1,Lund,Opera\n")
    preview = planned(client, address, ["given", "family", "email", "phone", "city", "organisation"])
    for part in ("Phone (Mobile)", "070-1", "Address (Work)", "Lund", "Organisation", "Opera"):
        assert part in page(preview)


def test_every_field_can_be_chosen_by_a_plain_word(client: FlaskClient) -> None:
    assert set(import_columns.TARGETS) == set(columns.CHOICES)
    shown = page(client.get(f"{begun(client)}/columns"))
    for words in ("Job title", "Address: postal code", "Messenger or network", "No field (stays with the"):
        assert words in shown


def test_two_columns_for_one_field_are_refused_by_its_word(client: FlaskClient) -> None:
    refused = planned(client, begun(client), ["given", "family", "email", "job_title", "job_title"])
    assert "Two columns can't both be the Job title of a person." in page(refused)


def test_rows_with_something_to_look_at_have_a_tab_and_are_told_at_the_end(client: FlaskClient) -> None:
    address = begun(client, b"Name,E-mail,Birthday\nMara Ek,m@x.example,soon\nNoor Haddad,,4 March 1987\n")
    preview = planned(client, address, ["full_name", "email", "birthday"])
    assert "To look at1" in page(preview).replace(" 1", "1")
    doubtful = page(client.get(f"{address}/preview?show=doubtful"))
    assert "Mara Ek" in doubtful and "Noor Haddad" not in doubtful
    end = page(followed(client, client.post(address, data={"email_optional": "1"})))
    assert "One row has something to look at." in end
    assert "From now on a person can be without an e-mail." in end


def test_a_column_goes_to_an_own_field_or_to_a_new_one(
    client: FlaskClient, digest: Callable[[], str]
) -> None:
    client.post("/settings/fields/add", data={"name": "Voice", "kind": "choice", "options": "Alto\nBass"})
    before = digest()
    content = 'First Name,E-mail,Voice,Rent\nMara,m@x.example,alto,"1,234.50"\nNoor,n@x.example,Tenor,7\n'
    address = begun(client, content)
    shown = client.get(f"{address}/columns").text
    target = re.findall(r'<option value="(own:[^"]+)" selected>Voice</option>', shown)
    assert len(target) == 1
    assert "A new field: Rent" in shown
    assert '<option value="new:number">New field: Number, as it looks</option>' in shown
    preview = planned(client, address, ["given", "email", *target, "new:number"])
    for part in (
        "One new field: Rent (Number)", "Voice Alto Rent 1,234.50",
        "“Tenor” does not fit Voice; it is kept as it is written",
    ):  # fmt: skip
        assert part in page(preview)
    assert digest() == before
    followed(client, client.post(address))
    assert client.get("/api/users/2").json["fields"] == {"Voice": "Tenor", "Rent": 7}
    address = begun(client, content.replace("alto", "Bass"))
    changed = planned(client, address, ["given", "email", *target, "kept"])
    assert "Voice Alto → Bass" in page(changed)
    client.post("/undo")
    assert digest() == before


def test_an_own_field_that_is_not_there_is_refused(client: FlaskClient) -> None:
    refused = planned(client, begun(client), ["given", "family", "email", "own:1", "kept"])
    assert refused.status_code == 422
    assert "There is no field" in page(refused)


def test_what_an_own_field_could_not_take_is_shown_as_it_came(client: FlaskClient) -> None:
    for name, more in (("Member no", {"no_two_alike": "1"}), ("Cat", {})):
        client.post("/settings/fields/add", data={"name": name, "kind": "text", **more})
    client.post("/add", data={"username": "kim", "email": "k@x.example", "own-1": "4"})
    address = begun(client, f"First Name,E-mail,Member no,Cat\nMara,m@x.example,4,{'x' * 501}y\n")
    shown = client.get(f"{address}/columns").text
    targets = re.findall(r'<option value="(own:[^"]+)" selected>', shown)
    preview = planned(client, address, ["given", "email", *targets])
    assert "“4” of Member no belongs to someone else" in page(preview)
    followed(client, client.post(address))
    assert client.get("/api/users/2").json["fields"] == {"Member no": None, "Cat": "x" * 500}
    kept = page(client.get("/users/2"))
    assert "From people.csv" in kept
    assert "Member no 4" in kept
    assert "x" * 501 + "y" in kept


def test_an_import_that_another_version_began_is_chosen_again(client: FlaskClient, database: Path) -> None:
    address = begun(client, "First name,E-mail\nMara,m@x.example\n")
    [about] = (database.parent / "scratch" / "imports").glob("*/about.json")
    kept = json.loads(about.read_text())
    about.write_text(json.dumps(kept | {"shape": "of 0.0.9", "result": {"no": "such"}}))
    assert client.get(f"{address}/columns").status_code == client.get("/import/0/columns").status_code
    assert client.get(address).status_code == client.get("/import/0").status_code
    assert begun(client, "First name,E-mail\nMara,m@x.example\n") != address


def test_what_is_doubtful_of_the_whole_file_stands_above_its_rows(client: FlaskClient) -> None:
    unsolved = '<row r="2"><c r="A2"><v>7</v></c><c r="B2"><f>A2</f><v/></c></row>'
    address = begun(client, xlsx(row(1, "Name", "E-mail"), unsolved))
    preview = page(planned(client, address, ["full_name", "email"]))
    assert "Formulas without a result in the sheet “People”: 1, the first in B2." in preview
