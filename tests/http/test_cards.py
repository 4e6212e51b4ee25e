"""A person as a vCard to be copied."""

from flask.testing import FlaskClient


def test_a_card_has_the_fields_and_not_what_is_written_about_someone(client: FlaskClient) -> None:
    form = {
        "given": "Mara",
        "family": "Ek",
        "username": "mara",
        "email": "m@x.example",
        "note": "Sings flat",
        "tags": "Debtor",
    }
    client.post("/settings/fields/add", data={"name": "Voice", "kind": "text"})
    client.post("/api/users", json=form | {"fields": {"Voice": "Alto"}})
    client.post("/api/posts", json={"user_id": 1, "title": "Coffee"})
    answer = client.get("/users/1/card")
    assert (answer.status_code, answer.mimetype) == (200, "text/vcard")
    assert "VERSION:3.0\r\n" in answer.text and "FN:Mara Ek\r\n" in answer.text
    assert "m@x.example" in answer.text
    for kept in ("Sings flat", "Coffee", "Debtor", "Alto"):
        assert kept.upper() not in answer.text.upper()
    assert client.get("/users/2/card").status_code == 404
    client.post("/users/1/trash")
    assert client.get("/users/1/card").status_code == 404
