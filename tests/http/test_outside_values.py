"""What another program wrote into the database: shown as well as can be, and left alone by an edit."""

import io
import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from webui import database as app_database
from webui.exchange import formats, importing
from webui.exchange.out.wanted import Wanted
from webui.held import Words
from webui.store import attachments, errors, posts, relations, settings, users
from webui.store.ledger import sqlite
from webui.store.ledger.operations import operation

pytestmark = pytest.mark.outside

# As SQL, and what is shown for it; None where nothing certain can be said.
VALUES = {
    "x'4dff61'": "M\ufffda",
    "CAST(x'4dff61' AS TEXT)": "M\ufffda",
    "x'00'": "\ufffd",
    "42": "42",
    "1.5": "1.5",
    "'some day'": "some day",
    "'2026-13-45'": "2026-13-45",
    "'a' || char(0) || 'b'": "a\ufffdb",
    "9e999": None,
    "''": None,
}
COLUMNS = [
    *(("users", name) for name in ("display_name", "prefix", "given", "additional", "family", "suffix")),
    *(("users", name) for name in ("nickname", "note", "email", "username", "created_at", "updated_at")),
    *(("user_emails", name) for name in ("label", "email")),
    *(("posts", name) for name in ("title", "body", "date", "created_at", "updated_at")),
    ("tags", "name"),
    ("users", "photo_hash"),
    *(("attachments", name) for name in ("name", "media_type", "size", "file_hash", "added_at")),
    *(("relations", name) for name in ("kind", "label")),
    ("settings", "value"),
]

UNSEEN = {("attachments", "size"), ("relations", "kind")}  # no number, or one that the label hides


class Form(HTMLParser):
    """The fields of the form that `data-watch` marks, as a browser would send them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: list[tuple[str, str]] = []
        self._inside, self._area = False, ""
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        self._inside = (self._inside and tag != "template") or (tag == "form" and "data-watch" in given)
        sent = given.get("type") != "checkbox" or "checked" in given
        if self._inside and tag == "input" and given.get("name") and sent:
            self.fields.append((str(given["name"]), given.get("value") or ""))
        if self._inside and tag == "textarea":
            self._area = str(given["name"])
            self.fields.append((self._area, ""))

    def handle_data(self, data: str) -> None:
        if self._area:
            name, before = self.fields[-1]
            self.fields[-1] = (name, before + data.removeprefix("\n"))

    def handle_endtag(self, tag: str) -> None:
        self._inside = (self._inside and tag != "form") or tag == "template"
        self._area = "" if tag == "textarea" else self._area


@pytest.fixture
def outside(app: Flask, database: Path) -> Iterator[sqlite3.Connection]:
    """A connection of another program, to a database with Mara, who has everything, and Noor in the trash."""
    with app.app_context():
        session = app_database.session()
        with operation(session):
            mara = users.add(
                session,
                {
                    "username": "mara",
                    "email": "mara@post.example",
                    "given": "Mara",
                    "note": "sings",
                    "emails": [
                        {"label": "Work", "email": "mara@work.example"},
                        {"label": "Home", "email": "mara@home.example"},
                    ],
                },
            ).id
            posts.add(session, mara, {"title": "Met", "date": "2026-01-02"})
            noor = users.add(session, {"username": "noor", "email": "noor@post.example"}).id
            users.trash(session, [noor])
            settings.set_title(session, "Choir")
            elif_ = users.add(session, {"username": "elif", "email": "elif@post.example"}).id
            relations.add(session, mara, {"people": [elif_], "kind": "own", "label": "Aunt"})
            attachments.add(session, mara, [attachments.Offered("scan.pdf", b"scan")])
    with closing(sqlite.connect(database)) as connection:
        connection.execute("INSERT INTO tags (uid, name, name_key) VALUES ('t', 'Alto', 'alto')")
        connection.execute("INSERT INTO user_tags (user_id, tag_id) VALUES (1, 1)")
        yield connection


def write(connection: sqlite3.Connection, table: str, column: str, value: str) -> bool:
    """Write a value; tell whether the database let it in."""
    connection.execute("UPDATE users SET note = note || ' '")  # that something is behind
    try:
        connection.execute(f"UPDATE {table} SET {column} = {value} WHERE id = 1")
    except sqlite3.IntegrityError:
        return False
    return True


def shown(
    client: FlaskClient, app: Flask, database: Path, files: Sequence[formats.Format] = formats.FORMATS
) -> Iterator[tuple[str, str]]:
    """Yield every page, answer and export that shows what was written, by name."""
    for path in (
        *("/", "/?q=m", "/?sort=-email", "/?sort=last_post", "/users/1", "/users/1/edit", "/posts/1/edit"),
        *("/trash", "/history", "/settings", "/safety", "/api/users", "/api/users/1", "/api/posts", "/users"),
        *("/api/posts/1", "/api/users?sort=created_at", "/users/suggest?given=m&family=a"),
    ):
        response = client.get(path)
        assert response.status_code == 200, path
        text = response.get_data(as_text=True)
        if response.is_json:
            text = json.dumps(response.json, ensure_ascii=False)
        yield path, text
    part = client.get("/users/1/pane", headers={"HX-Request": "true"})
    assert part.status_code == 200
    yield "pane", part.get_data(as_text=True)
    with closing(sqlite.connect(database)) as connection:
        for format_ in files:
            stream = io.BytesIO()
            format_.write(connection, stream, Wanted(words=Words()))
            yield format_.suffix, stream.getvalue().decode("utf-8", "replace")


def met(request: pytest.FixtureRequest, table: str, column: str) -> list[tuple[str, str | None]]:
    """Return which values a column meets: a third of them, and all with --long."""
    every = request.config.getoption("--long")
    return list(VALUES.items())[0 if every else COLUMNS.index((table, column)) % 3 :: 1 if every else 3]


@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_it_is_shown_everywhere(
    client: FlaskClient,
    app: Flask,
    database: Path,
    outside: sqlite3.Connection,
    request: pytest.FixtureRequest,
    table: str,
    column: str,
) -> None:
    seen, some = 0, met(request, table, column)
    for value, expected in some:
        if not write(outside, table, column, value):
            continue
        odd = value in ("x'4dff61'", "'a' || char(0) || 'b'")  # no kind of file can do more to the others
        pages = dict(shown(client, app, database, formats.FORMATS if odd else formats.FORMATS[:1]))
        told = {("users", "email"): "/api/users", ("users", "username"): "/api/users"}
        place = {
            "users": "/api/users/1",
            "attachments": "/api/users/1",
            "posts": "/api/posts/1",
            "settings": "/settings",
        }.get(table, "/users/1")
        if expected and (table, column) not in UNSEEN:
            assert expected in pages[told.get((table, column), place)], (value, place)
        seen += 1
    assert seen > len(some) / 3


@pytest.mark.parametrize(
    ("table", "column"), [each for each in COLUMNS if each[0] in ("users", "user_emails")]
)
def test_an_edit_of_such_a_person_leaves_the_rest_as_it_was(
    client: FlaskClient, outside: sqlite3.Connection, request: pytest.FixtureRequest, table: str, column: str
) -> None:
    if column in ("note", "updated_at"):
        return
    for number, (value, _shown) in enumerate(met(request, table, column)):
        if value == "''" or not write(outside, table, column, value):
            continue  # an empty name follows its parts, an empty e-mail is none
        kept = f"SELECT typeof({column}), hex({column}) FROM {table} WHERE id = 1"
        before = outside.execute(kept).fetchall()
        fields = Form(client.get("/users/1/edit").get_data(as_text=True)).fields
        changed = [(name, f"changed {number}" if name == "note" else typed) for name, typed in fields]
        body: dict[str, Any] = {}
        for name, typed in changed:
            body.setdefault(name, []).append(typed)
        answer = client.post("/users/1/edit", data=body)
        assert answer.status_code == 303, (value, answer.get_data(as_text=True))
        assert outside.execute("SELECT note FROM users WHERE id = 1").fetchone()[0] == f"changed {number}"
        assert outside.execute(kept).fetchall() == before, value


def test_an_edit_of_one_further_email_leaves_the_others_as_they_were(
    client: FlaskClient, outside: sqlite3.Connection
) -> None:
    outside.execute("UPDATE user_emails SET email = x'4dff61' WHERE id = 1")
    rows = [{"label": "Work", "email": "M\ufffda"}, {"label": "Home", "email": "other@home.example"}]
    assert client.patch("/api/users/1", json={"emails": rows}).status_code == 200
    found = outside.execute("SELECT id, hex(email) FROM user_emails ORDER BY id").fetchall()
    assert found[0] == (1, "4DFF61")
    assert [row["email"] for row in client.get("/api/users/1").json["emails"]] == [
        "M\ufffda",
        "other@home.example",
    ]


@pytest.mark.parametrize("column", ["title", "body", "date"])
def test_an_edit_of_such_a_post_leaves_the_rest_as_it_was(
    client: FlaskClient, outside: sqlite3.Connection, column: str
) -> None:
    other = "title" if column == "body" else "body"
    for value in VALUES:
        if not write(outside, "posts", column, value):
            continue
        before = outside.execute(f"SELECT typeof({column}), hex({column}) FROM posts").fetchall()
        body = dict(Form(client.get("/posts/1/edit").get_data(as_text=True)).fields)
        assert client.post("/posts/1/edit", data={**body, other: "changed"}).status_code == 303, value
        assert outside.execute(f"SELECT typeof({column}), hex({column}) FROM posts").fetchall() == before


@pytest.mark.parametrize("column", [name for table, name in COLUMNS if table == "users"])
def test_an_import_meets_such_a_person(
    engine: Engine, tmp_path: Path, outside: sqlite3.Connection, column: str
) -> None:
    file = tmp_path / "people.csv"
    file.write_text("First name,Nickname,E-mail\nMara,M,mara@work.example\nNew,N,new@post.example\n")
    for value in ("x'4dff61'", "42", "'a' || char(0) || 'b'"):
        if not write(outside, "users", column, value):
            continue
        with importing.plan(engine, file, tmp_path / "plan.sqlite", name="people.csv") as planned:
            assert len(planned.page()) == 2
        (tmp_path / "plan.sqlite").unlink()
    with importing.plan(engine, file, tmp_path / "plan.sqlite", name="people.csv") as planned:
        importing.apply(engine, planned)


def test_the_trash_shows_it_too(client: FlaskClient, outside: sqlite3.Connection) -> None:
    for value in ("x'ff'", "42", "'some day'"):
        outside.execute(f"UPDATE users SET deleted_at = {value}, display_name = {value} WHERE id = 2")
        assert client.get("/trash").status_code == 200, value
    assert "some day" in client.get("/trash").get_data(as_text=True)
    assert client.post("/users/2/put-back").status_code == 303


def test_a_page_is_read_while_another_program_is_still_writing(
    client: FlaskClient, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.post("/add", data={"given": "Mara", "username": "mara", "email": "mara@post.example"})
    changed = sqlite3.connect(database, isolation_level=None)
    changed.execute("UPDATE users SET nickname = 'Mari'")
    changed.execute("BEGIN IMMEDIATE")
    waited: list[float] = []
    monkeypatch.setattr("webui.store.ledger.sqlite.time.sleep", waited.append)
    assert client.get("/").status_code == 200
    assert waited == []
    changed.execute("COMMIT")
    changed.close()
    assert "Changed outside Roster" in client.get("/history").text


@pytest.mark.parametrize("error", [errors.Full, errors.ReadOnly])
def test_a_page_is_read_where_nothing_can_be_written(
    client: FlaskClient, database: Path, monkeypatch: pytest.MonkeyPatch, error: type[errors.StoreError]
) -> None:
    def fails(*_given: object) -> None:
        raise error

    client.post("/add", data={"given": "Mara", "username": "mara", "email": "mara@post.example"})
    other = sqlite3.connect(database)
    with other:
        other.execute("UPDATE users SET nickname = 'Mari'")
    other.close()
    monkeypatch.setattr("webui.store.ledger.operations._insert", fails)
    assert "Mara" in client.get("/").text
    assert client.get("/safety").status_code == 200


def test_damage_that_a_page_meets_is_told_as_damage(app: Flask, client: FlaskClient, database: Path) -> None:
    client.post("/add", data={"given": "Mara", "username": "mara", "email": "mara@post.example"})
    with app.app_context():
        app_database.engine().dispose()
    with closing(sqlite3.connect(database)) as other:
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        query = "SELECT rootpage FROM sqlite_master WHERE name = 'ix_user_phones_user_id'"
        root = other.execute(query).fetchone()[0]
    with database.open("r+b") as file:
        file.seek((root - 1) * 4096)
        file.write(b"\xff" * 4096)
    met = client.get("/users/1")
    assert met.status_code == 500
    assert "The database is damaged." in met.text and "restore a backup" in met.text
    database.unlink()


@pytest.mark.parametrize("place", ["x'00'", "'last'", "9223372036854775807", "1.5", "''"])
def test_things_of_an_order_are_added_behind_whatever_place_another_program_gave_one(
    client: FlaskClient, database: Path, place: str
) -> None:
    for name in ("Voice", "Row"):
        assert client.post("/settings/fields/add", data={"name": name, "kind": "text"}).status_code == 303
    mara = {"username": "mara", "email": "m@x.example", "own-1": "Alto", "own-2": "3"}
    assert client.post("/add", data=mara).status_code == 303
    with closing(sqlite.connect(database)) as connection:
        for table in ("fields", "saved_views"):
            connection.execute(f"UPDATE {table} SET position = {place} WHERE id = 1")
    assert client.post("/settings/fields/add", data={"name": "Seat", "kind": "text"}).status_code == 303
    assert client.post("/views", data={"name": "Altos", "q": "alto"}).status_code == 303
    assert client.get("/users/1").status_code == client.get("/api/users/1").status_code == 200
    with closing(sqlite.connect(database)) as connection:
        for table, name in (("fields", "Seat"), ("saved_views", "Altos")):
            [[kind]] = connection.execute(f"SELECT typeof(position) FROM {table} WHERE name = ?", (name,))
            assert kind == "integer"


@pytest.mark.parametrize("column", ["given", "display_name", "phonetic", "note"])
def test_an_import_about_someone_of_whom_a_text_is_no_text_goes_on(
    client: FlaskClient, database: Path, engine: Engine, tmp_path: Path, column: str
) -> None:
    client.post("/add", data={"username": "mara", "email": "m@x.example", "given": "Mara"})
    with closing(sqlite.connect(database)) as connection:
        connection.execute(f"UPDATE users SET {column} = CAST(x'ff' AS TEXT)")
    file = tmp_path / "people.csv"
    file.write_text("First Name,Last Name,E-mail,Nickname\nMara,Ek,m@x.example,Mar\nNoor,H,n@x.example,\n")
    with importing.plan(engine, file, tmp_path / "plan.sqlite") as planned:
        importing.apply(engine, planned, allow_missing_email=True)  # no given name of theirs: a question
    assert {"mara", "noor.h"} <= {each["username"] for each in client.get("/users").json or []}
