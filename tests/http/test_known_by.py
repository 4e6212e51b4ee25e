"""By what people of a file can be known, at the door: only by fields that tell them apart."""

import re

from flask.testing import FlaskClient

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
