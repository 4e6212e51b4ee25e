"""Texts of another program that are no UTF-8: searched, met by an import, and never written over unasked."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.http.test_moments import look
from webui.exchange import importing, lists
from webui.store import relations
from webui.store.ledger import sqlite
from webui.store.ledger.history import undo
from webui.store.ledger.operations import operation

pytestmark = pytest.mark.outside

MARA = {
    "username": "mara",
    "email": "m@x.example",
    "given": "Mara",
    "organisation": "Opera",
    "note": "sings",
    "emails": [{"label": "Work", "email": "mara@work.example"}],
    "phones": [{"label": "Home", "phone": "030 5551234"}],
    "addresses": [{"label": "Home", "street": "Lane 1", "city": "Lund"}],
    "links": [{"label": "Blog", "url": "https://mara.example/a"}],
    "handles": [{"label": "Matrix", "handle": "mara.e"}],
    "dates": [{"label": "Wedding", "date": "2001-02-03"}],
    "fields": {"Voice": "Alto", "Door": "030 998877"},
}
ROWS = (
    "Given name,E-mail,Phone (Home),Street (Home),Web (Blog),Matrix,Wedding,Voice\n"
    "Mara,m@x.example,030 777777,Road 2,https://mara.example/b,mara.f,2001-02-04,Tenor\n"
    "Lea,l@x.example,,,,,,\n"
)
COLUMNS = [
    *((lists.TABLES[name], column) for name, columns in lists.COLUMNS.items() for column in columns),
    *(("user_emails", column) for column in ("label", "email", "email_key")),
    *(("field_values", column) for column in ("value", "value_key", "typed")),
    ("fields", "kind"),
    ("source_files", "options"),
]


@pytest.fixture
def mara(client: FlaskClient, engine: Engine) -> FlaskClient:
    for name, kind in (("Voice", "text"), ("Door", "phone")):
        client.post("/settings/fields/add", data={"name": name, "kind": kind})
    assert client.post("/api/users", json=MARA).status_code == 201
    post = {"user_id": 1, "title": "Concert", "body": "in Lund"}
    assert client.post("/api/posts", json=post).status_code == 201
    assert client.post("/api/users", json={"username": "noor", "email": "n@x.example"}).status_code == 201
    with Session(engine) as session, operation(session):
        relations.add(session, 1, {"people": [2], "kind": "own", "label": "Aunt", "back_label": "Niece"})
    return client


def spoil(database: Path, table: str, column: str) -> None:
    """Put two bytes that no UTF-8 has behind all texts of a column, as a program of its own would."""
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        stored = f"CAST(coalesce({column}, '') AS BLOB)"
        connection.execute(f"UPDATE {table} SET {column} = CAST({stored} || x'c3ff' AS TEXT)")


def take(engine: Engine, file: Path, text: str) -> None:
    file.write_text(text)
    with importing.plan(engine, file, file.with_name("plan.sqlite")) as planned:
        for row in planned.page("question"):
            planned.choose(row.position, "same")
        importing.apply(engine, planned)
    file.with_name("plan.sqlite").unlink()


@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_an_import_about_someone_with_such_a_text_comes_in_and_undo_gives_its_bytes_back(
    mara: FlaskClient, database: Path, engine: Engine, tmp_path: Path, table: str, column: str
) -> None:
    take(engine, tmp_path / "people.csv", ROWS.replace("Tenor", "Bass"))
    assert mara.patch("/api/users/1", json={"phones": MARA["phones"]}).status_code == 200
    spoil(database, table, column)
    kept = f"SELECT id, typeof({column}), hex({column}) FROM {table} ORDER BY id"
    with closing(sqlite.connect(database)) as connection:
        before = connection.execute(kept).fetchall()
        assert any("C3FF" in each for *_id, each in before)
        take(engine, tmp_path / "people.csv", ROWS)
        assert {"Road 2", "Lane 1"} <= {each["street"].strip("\ufffd") for each in said(mara)["addresses"]}
        now = connection.execute(kept).fetchall()
        assert [each for each in before if each not in now and table != "field_values"] == []
        undo(engine)
        assert connection.execute(kept).fetchall() == before


def said(client: FlaskClient) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = client.get("/api/users/1").json
    return found


@pytest.mark.parametrize(
    ("table", "column", "query"),
    [
        ("user_phones", "phone", "phone:5551234"),
        ("user_phones", "phone_key", "phone:5551234"),
        ("user_addresses", "city", "city:lund"),
        ("user_addresses", "street", "address:lane"),
        ("user_links", "url", "link:mara"),
        ("user_handles", "handle", "messenger:mara"),
        ("user_emails", "email", "email:work"),
        ("users", "organisation", "organisation:opera"),
        ("users", "note", "note:sings"),
        ("posts", "title", "post:concert"),
        ("posts", "body", "post:lund"),
        ("relations", "label", "relation:aunt"),
        ("relations", "back_label", "relation:niece"),
        ("field_values", "value", "Voice:alto"),
        ("field_values", "typed", "Voice:alto"),
        ("field_values", "value", "Door:998877"),
    ],
)
def test_a_search_of_one_field_finds_whom_such_a_text_belongs_to(
    mara: FlaskClient, database: Path, table: str, column: str, query: str
) -> None:
    spoil(database, table, column)
    found = mara.get("/api/users", query_string={"q": query})
    assert found.status_code == 200
    assert [each["username"] for each in found.json or []] == ["noor" if column == "back_label" else "mara"]


@pytest.mark.parametrize("column", ["at", "message", "payload", "counts", "door"])
@pytest.mark.parametrize("value", ["x'4dff61'", "CAST(x'c3ff' AS TEXT)", "'day'", """'{"users": "x"}'"""])
def test_history_shows_and_undoes_what_of_it_another_program_has_written(
    mara: FlaskClient, database: Path, column: str, value: str
) -> None:
    mara.patch("/api/users/1", json={"given": "Maria"})
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute(f"UPDATE operations SET {column} = {value}")
        (newest,) = connection.execute("SELECT max(id) FROM operations").fetchone()
    asked = ("", "?kind=people&since=2020-01-01&q=mara", "?person=1", "/3")
    for path in (*(f"/history{each}" for each in asked), "/", "/users/1", "/settings", "/safety"):
        assert mara.get(path).status_code == 200, path
    for asked in ("step=1", "step=-1", "day=1", "day=-1"):
        path = f"/moments/ruler?moment={newest - 1}&{asked}"
        assert mara.get(path, headers={"HX-Request": "true"}).status_code == 200, path
    look(mara, newest - 1)
    assert "Mara" in mara.get("/users/1").text
    mara.post("/moments/leave")
    assert mara.post(f"/history/{newest}/undo").status_code == 303
    assert said(mara)["given"] == "Mara"
    assert mara.get("/history").status_code == 200


@pytest.mark.parametrize("at", ["x'ff'", "'2999-01-01T00:00:00.000Z'"])
def test_the_ruler_has_room_for_what_was_done_at_a_time_that_is_none_yet(
    mara: FlaskClient, database: Path, at: str
) -> None:
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute(f"UPDATE operations SET at = {at} WHERE id < 4")
    assert 'class="ruler' in mara.get("/history").text
