"""Own fields in JSON: read and written by their names, as what they are."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from webui.store import fields
from webui.store.ledger.operations import operation


@pytest.fixture(autouse=True)
def _fields(session: Session) -> None:
    for name, kind, more in (
        ("Member no", "text", {"no_two_alike": 1}),
        ("Voice", "choice", {"options": "Alto\nSoprano"}),
        ("Speaks", "choices", {"options": "Swedish\nEnglish"}),
        ("Rent", "number", {}),
        ("Newsletter", "yes_no", {"default_value": "yes"}),
        ("Since", "date", {}),
    ):
        with operation(session):
            fields.add(session, {"name": name, "kind": kind, **more})


def add(client: FlaskClient, name: str, **own: Any) -> Any:
    return client.post("/api/users", json={"username": name, "email": f"{name}@post.example", "fields": own})


def test_what_is_given_comes_back(client: FlaskClient) -> None:
    given = {
        "Member no": "004", "Voice": "Alto", "Speaks": ["English"], "Rent": 12.5, "Newsletter": False,
        "Since": "2023-05",
    }  # fmt: skip
    made = add(client, "mara", **given)
    assert (made.status_code, made.json["user"]["fields"]) == (201, given)
    assert client.get("/api/users/1").json["fields"] == given
    assert client.get("/api/users").json[0]["fields"] == given
    before = client.get("/api/users/1").json
    assert client.patch("/api/users/1", json={"fields": given}).json == before


def test_what_is_empty_is_null_and_what_is_not_named_stays(client: FlaskClient) -> None:
    add(client, "mara", Voice="alto")
    assert client.get("/api/users/1").json["fields"] == {
        "Member no": None, "Voice": "Alto", "Speaks": [], "Rent": None, "Newsletter": True, "Since": None,
    }  # fmt: skip
    changed = client.patch("/api/users/1", json={"fields": {"newsletter": None, "Since": "4 March 1987"}})
    assert (changed.json["fields"]["Voice"], changed.json["fields"]["Newsletter"]) == ("Alto", None)
    assert changed.json["fields"]["Since"] == "1987-03-04"


@pytest.mark.parametrize(
    ("own", "faults"),
    [
        ({"Colour": "red"}, {"fields.Colour": "There is no field “Colour”, only Member no, Voice"}),
        ({"Rent": "many"}, {"fields.Rent": "“many” is no number"}),
        ({"Rent": [1, 2]}, {"fields.Rent": "This does not fit the field"}),
        ({"Voice": "Tenor"}, {"fields.Voice": "“Tenor” can't be chosen, only Alto, Soprano"}),
        (["Voice"], {"fields": "This has to be an object"}),
    ],
)
def test_what_does_not_fit_is_422_with_its_name(
    client: FlaskClient, own: Any, faults: dict[str, str]
) -> None:
    add(client, "mara")
    before = client.get("/api/users/1").json
    told = client.patch("/api/users/1", json={"given": "Mara", "fields": own})
    assert told.status_code == 422
    assert set(told.json["errors"]) == set(faults)
    for name, said in faults.items():
        assert told.json["errors"][name].startswith(said)
    assert client.get("/api/users/1").json == before


def test_no_two_are_alike_is_409(client: FlaskClient) -> None:
    add(client, "mara", **{"Member no": "004"})
    told = add(client, "noor", **{"Member no": "004"})
    assert (told.status_code, set(told.json["errors"])) == (409, {"fields.Member no"})
