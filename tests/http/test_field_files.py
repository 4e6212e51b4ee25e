"""A field that is made after an import is filled with what came with people in their files, and undone."""

import html
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from webui import database
from webui.exchange import importing

CHOIR = "Name,E-mail,Voice,Since\nMara Ek,m@x.example,Alto,03/04/2020\nNoor Ek,n@x.example,Bass,25/12/2019\n"
Import = Callable[..., importing.Result]


@pytest.fixture
def bring_in(client: FlaskClient, tmp_path: Path) -> Import:
    def imported(content: str, name: str = "choir.csv") -> importing.Result:
        (tmp_path / name).write_text(content)
        with client.application.app_context():
            engine = database.engine()
            with importing.plan(engine, tmp_path / name, tmp_path / "plan.sqlite", dates="day") as plan:
                return importing.apply(engine, plan, allow_missing_email=True)

    return imported


def words(response: TestResponse) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.text)).split())


def field(client: FlaskClient, name: str, kind: str = "text", **more: Any) -> TestResponse:
    return client.post("/settings/fields/add", data={"name": name, "kind": kind, **more})


def exported(client: FlaskClient, **more: Any) -> str:
    made = client.post("/export/file", data={"who": "all", "kind": "csv", **more})
    page = client.get(made.location, follow_redirects=True).text
    with client.get(page.partition('content="0;url=')[2].partition('"')[0]) as file:
        return file.text


def own(client: FlaskClient) -> list[dict[str, Any]]:
    return [client.get(f"/api/users/{user_id}").json["fields"] for user_id in (1, 2)]


def test_a_new_field_leads_to_what_came_with_people(client: FlaskClient, bring_in: Import) -> None:
    bring_in(CHOIR)
    made = field(client, "voice", "choice", options="Alto\nTenor")
    assert made.location == "/settings/fields/1/files"
    said = words(client.get(made.location))
    assert "It fits for one person" in said and "One does not, and stays as it came" in said
    assert "Bass does not fit" in said and "Mara Ek Alto" in said
    done = client.post(made.location, data={"column": "Voice"}, follow_redirects=True)
    assert "The field voice is filled for 1 person." in words(done)
    assert own(client) == [{"voice": "Alto"}, {"voice": None}]
    pages = [words(client.get(f"/users/{user_id}")) for user_id in (1, 2)]
    assert "Kept as it came" in pages[1] and "Voice Bass" in pages[1]
    assert "Voice Alto" not in pages[0]
    assert "Fill the field voice from files" in words(client.get("/history"))
    client.post("/undo")
    assert own(client) == [{"voice": None}, {"voice": None}]
    assert "Voice Alto" in words(client.get("/users/1"))


def test_what_is_in_the_field_stays_and_the_next_file_knows_it(client: FlaskClient, bring_in: Import) -> None:
    bring_in(CHOIR)
    field(client, "Voice")
    client.patch("/api/users/1", json={"fields": {"Voice": "Mezzo"}})
    client.post("/settings/fields/1/files", data={"column": "Voice"})
    assert own(client) == [{"Voice": "Mezzo"}, {"Voice": "Bass"}]
    assert bring_in(CHOIR.replace("Bass", "Tenor")).changed == 1
    assert own(client) == [{"Voice": "Mezzo"}, {"Voice": "Tenor"}]


def test_days_are_read_as_their_column_shows(client: FlaskClient, bring_in: Import) -> None:
    bring_in(CHOIR)
    field(client, "Joined", "date")
    said = words(client.get("/settings/fields/1/files?column=Since"))
    assert "It fits for 2 people" in said
    client.post("/settings/fields/1/files", data={"column": "Since"})
    assert own(client) == [{"Joined": "2020-04-03"}, {"Joined": "2019-12-25"}]


def test_no_two_get_the_same_where_no_two_may(client: FlaskClient, bring_in: Import) -> None:
    bring_in("Name,E-mail,No\nMara,m@x.example,7\nNoor,n@x.example,7\n")
    field(client, "No", no_two_alike="1")
    assert "One does not" in words(client.get("/settings/fields/1/files"))
    client.post("/settings/fields/1/files", data={"column": "No"})
    assert own(client) == [{"No": "7"}, {"No": None}]


def test_properties_of_cards_are_there_too(client: FlaskClient, bring_in: Import) -> None:
    card = (
        "BEGIN:VCARD\nVERSION:3.0\nFN:{0} Ek\nEMAIL:{0}@x.example\nitem1.X-VOICE;TYPE=x:Al\\,to\nEND:VCARD\n"
    )
    bring_in(card.format("Mara") + card.format("Noor").replace("X-VOICE", "X-OTHER"), "choir.vcf")
    field(client, "Voice")
    said = client.get("/settings/fields/1/files").text
    assert "<option>X-other</option><option>X-voice</option>" in said
    client.post("/settings/fields/1/files", data={"column": "X-voice"})
    assert own(client) == [{"Voice": "Al,to"}, {"Voice": None}]


def test_without_files_nothing_is_offered(client: FlaskClient) -> None:
    field(client, "Voice")
    assert "Fill it with what came" not in client.get("/settings/fields/1").text
    assert "No file that people came from" in words(client.get("/settings/fields/1/files"))
    assert client.post("/settings/fields/1/files", data={"column": "Voice"}).status_code == 404
    assert "Fill the field" not in words(client.get("/history"))


def test_what_is_kept_stays_kept_whatever_becomes_of_the_field(client: FlaskClient, bring_in: Import) -> None:
    bring_in(CHOIR)
    field(client, "Voice", "choice", options="Alto")
    assert client.post("/settings/fields/1/files", data={"column": "email"}).status_code == 404
    client.post("/settings/fields/1/files", data={"column": "Voice"})
    client.patch("/api/users/1", json={"fields": {"Voice": "Tenor"}})
    assert "Voice Alto" in words(client.get("/users/1"))
    table = exported(client)
    assert '""Voice"": ""Alto""' in table and '""Voice"": ""Bass""' in table
    client.post("/settings/fields/1/remove")
    field(client, "Voice")
    assert "It fits for 2 people" in words(client.get("/settings/fields/2/files"))


def test_what_is_kept_goes_out_only_where_it_is_ticked(client: FlaskClient, bring_in: Import) -> None:
    bring_in("Name,E-mail,Salary\nMara,m@x.example,9000\n")
    assert 'value="kept" checked' in client.get("/export").text
    assert "9000" in exported(client)
    assert "9000" not in exported(client, column=["email", "given"])
    assert "9000" in exported(client, column=["email", "kept"])
