"""By what people of a file can be known, at the door: only by fields that tell them apart."""

import re

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.http.following import followed
from tests.http.imported import choose


def test_cards_know_people_by_what_tells_them_apart(client: FlaskClient) -> None:
    for name, kind in (("Fee", "number"), ("Paid", "yes_no"), ("Member no", "text")):
        client.post(
            "/settings/fields/add",
            data={"name": name, "kind": kind, **({"no_two_alike": "1"} if name == "Member no" else {})},
        )
    for n in range(3):
        form = {
            "username": f"u{n}",
            "email": f"u{n}@x.example",
            "fields": {"Fee": 9, "Paid": "yes", "Member no": f"M{n}"},
        }
        made = client.post("/api/users", json=form)
        assert made.status_code == 201, made.text
    card = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Mara Ek\r\nEMAIL:m@x.example\r\nEND:VCARD\r\n"
    address = followed(client, choose(client, card, "m.vcf")).request.path.removesuffix("/preview")
    shown = client.get(f"{address}/columns").get_data(as_text=True).split('id="key"')[1]
    told = re.findall(r"<option value=\"(own:[^\"]+)\">([^<]+)", shown)
    assert [name for _target, name in told] == ["Member no, then e-mail"]
    refused = client.post(f"{address}/columns", data={"key": "own:nobody"})
    assert (refused.status_code, 'role="alert"' in refused.get_data(as_text=True)) == (422, True)
    assert client.post(f"{address}/columns", data={"key": told[0][0]}).status_code in (302, 303)


def rows(preview: TestResponse) -> list[str]:
    """The rows of a preview, as their words."""
    found = re.findall(r'<tr id="row-\d+">.*?</tr>', preview.text, re.DOTALL)
    return [" ".join(re.sub("<[^>]*>", " ", row).split()) for row in found]


def test_a_sheet_of_numbers_alone_says_something_of_who_has_them(client: FlaskClient) -> None:
    client.post("/settings/fields/add", data={"name": "Member no", "kind": "text", "no_two_alike": "1"})
    for n, given in enumerate(("Eva", "Uli"), 4):
        form = {"given": given, "email": f"{given}@x.example", "fields": {"Member no": f"00{n}"}}
        assert client.post("/api/users", json={**form, "username": given.lower()}).status_code == 201
    begun = choose(client, "Member no,City\n004,Lund\n006,Oslo\n", "cities.csv")
    columns = followed(client, begun)
    [key] = re.findall(r'<option value="(own:[^"]+)" selected>Member no, then', columns.text)
    assert "Nothing else in this file says who someone is<" in columns.text
    # It is not chosen against someone's will: neither where something else is wrong, nor later.
    wrong = client.post(columns.request.path, data={"target": ["full_name", "full_name"], "key": ""})
    assert (wrong.status_code, f'<option value="{key}">Member no, then' in wrong.text) == (422, True)
    goes = {"target": [key, "city"], "key": ""}
    assert (
        "nothing says who this is" in rows(followed(client, client.post(columns.request.path, data=goes)))[0]
    )
    again = client.get(columns.request.path).text
    assert f'<option value="{key}">Member no, then' in again
    assert "Nothing else in this file says who someone is: choose" in again
    goes["key"] = key
    preview = followed(client, client.post(columns.request.path, data=goes))
    first, second = rows(preview)
    assert first == "2 Changed Eva Address Lund added Leave it out"
    assert "Nobody here has “006” as Member no, and nothing else says" in second
    # What is there by now counts: another name, someone with the number.
    client.patch("/api/users/1", json={"given": "Ewa"})
    address = preview.request.path.removesuffix("/preview")
    assert client.post(f"{address}/rows/1/cells", data={"cell": ["007", "Oslo"]}).status_code == 422
    assert client.post(f"{address}/rows/1/cells", data={"cell": ["005", "Oslo"]}).status_code == 303
    assert rows(client.get(preview.request.path)) == [
        "2 Changed Ewa Address Lund added Leave it out",
        "3 Changed Uli Address Oslo added Leave it out",
    ]
    done = followed(client, client.post(address))
    assert done.status_code == 200
    people = client.get("/api/users").json
    assert [(each["display_name"], each["addresses"][0]["city"]) for each in people] == [
        ("Ewa", "Lund"),
        ("Uli", "Oslo"),
    ]
