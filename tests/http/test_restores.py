"""What restoring a backup would change, by name and value; all of it or some; looked around in first."""

import re
import shutil
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.http.following import followed
from tests.http.imported import choose, page
from tests.http.test_exports import downloaded
from webui import moments
from webui.host import NoHost
from webui.pages import would_change
from webui.safety import backup, workspace
from webui.store import bulk_remove, posts, users
from webui.store.chosen import Chosen
from webui.store.ledger import sqlite
from webui.store.ledger.operations import operation


def person(name: str, given: str, **form: object) -> dict[str, object]:
    return {"username": name, "email": f"{name}@post.example", "given": given, **form}


@pytest.fixture
def made(engine: Engine, tmp_path: Path) -> Path:
    """A backup of two namesakes, Noor and Jonas, who are others, gone and in the trash by now."""
    with Session(engine) as session:
        for name, given in (("mara", "Mara"), ("mara.2", "Mara"), ("noor", "Noor"), ("jonas", "Jonas")):
            with operation(session):
                users.add(
                    session, person(name, given, phones=[{"label": "Mobile", "phone": f"+46 8 {name}"}])
                )
        found = backup.back_up(engine, tmp_path / "backups")
        for number in (1, 2):
            with operation(session):
                users.change(session, number, {"note": f"Since {number}", "tags": ["Alto"]})
        with operation(session):
            posts.add(session, 1, {"title": "Coffee"})
        with operation(session):
            users.trash(session, [3, 4])
        with operation(session):
            bulk_remove.remove(session, Chosen(ids=(3,), trashed=True))
        with operation(session):
            users.add(session, person("since", "<b>Since</b>"))
    return found


@pytest.fixture
def preview(client: FlaskClient, made: Path) -> str:
    """The address of the preview of that backup."""
    looked = followed(client, client.post("/safety/restore", data={"name": made.name}))
    return str(looked.request.path)


def names(client: FlaskClient) -> set[str]:
    return {each["username"] for each in client.get("/users").json}


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def uid_of(client: FlaskClient, address: str, name: str) -> str:
    """Return what the tick of someone says."""
    found = re.search(
        rf'name="tick" value="([^"]+)" aria-label="Tick [^"]*, {name}"', client.get(address).text
    )
    assert found
    return found[1]


def test_who_would_change_come_and_go_is_told_by_name_and_value(client: FlaskClient, preview: str) -> None:
    page = client.get(preview).text
    said = text_of(page)
    assert "Changed 2 Would disappear 1 Would come 2" in said
    assert "Mara mara Note Since 1 Tag Alto 1 post goes Mara mara.2 Note Since 2 Tag Alto" in said
    assert '<del class="was">Since 1</del>' in page
    gone = client.get(f"{preview}?show=gone").text
    assert "&lt;b&gt;Since&lt;/b&gt;" in gone
    assert "Is not in the backup" in gone
    assert '<del class="was">since@post.example</del>' in gone
    back = client.get(f"{preview}?show=back").text
    assert text_of(back).index("Jonas jonas Comes back out of the trash") < text_of(back).index("Noor noor")
    assert '<ins class="now">+46 8 noor</ins>' in back


def test_a_day_of_an_own_field_is_said_in_words(client: FlaskClient, engine: Engine, tmp_path: Path) -> None:
    client.post("/settings/fields/add", data={"name": "Joined", "kind": "date"})
    client.post("/api/users", json=person("mara", "Mara", fields={"Joined": "2020-02-03"}))
    made = backup.back_up(engine, tmp_path / "backups")
    client.patch("/api/users/1", json={"fields": {"Joined": "2021-04"}})
    looked = followed(client, client.post("/safety/restore", data={"name": made.name}))
    assert "Joined April 2021 → 3 February 2020" in text_of(looked.text)


def test_only_those_ticked_are_restored_over_several_pages_and_undone(
    client: FlaskClient, preview: str, monkeypatch: pytest.MonkeyPatch, digest: Callable[[], str]
) -> None:
    monkeypatch.setattr(would_change, "PAGE", 1)
    before = digest()
    first = uid_of(client, preview, "mara")
    foot = client.post(
        f"{preview}/ticks", data={"shown": first, "tick": first}, headers={"HX-Request": "true"}
    )
    assert "Only the one ticked" in foot.text
    after = re.search(r'href="([^"]+)">Further people', client.get(preview).text)
    assert after
    second = after[1].replace("&amp;", "&")
    assert "mara.2" in client.get(second).text
    assert "Further people" not in client.get(second).text
    assert "The first" in client.get(second).text
    client.post(f"{preview}/ticks", data={"show": "back", "all": "1"})
    client.post(f"{preview}/ticks", data={"show": "gone", "all": "1"})
    client.post(f"{preview}/ticks", data={"show": "gone", "all": "0"})
    done = followed(client, client.post(preview, data={"do": "ticked", "show": "changed"}))
    assert "Restored: 3 people." in done.text
    assert names(client) == {"mara", "mara.2", "noor", "jonas", "since"}
    assert "Since 1" not in client.get("/users/1/edit").text
    assert "Since 2" in client.get("/users/2/edit").text
    assert "Restore 3 people as of" in client.get("/history").text
    client.post("/undo")
    assert digest() == before


def test_nobody_ticked_changes_nothing(client: FlaskClient, preview: str, digest: Callable[[], str]) -> None:
    before = digest()
    told = followed(client, client.post(preview, data={"do": "ticked"}))
    assert "Nobody is ticked, so nothing was changed." in told.text
    assert digest() == before


def test_a_username_that_is_taken_by_now_is_told_where_one_ticked(client: FlaskClient, preview: str) -> None:
    client.post("/add", data={"username": "noor", "email": "other@post.example", "given": "Nora"})
    assert followed(client, client.get(preview)).status_code == 200
    data = {"do": "ticked", "tick": uid_of(client, f"{preview}?show=back", "noor")}
    told = followed(client, client.post(preview, data={**data, "shown": data["tick"]}))
    assert "Noor would have the username noor again, and Nora has it now." in told.text
    assert told.request.path == preview


def test_what_is_done_meanwhile_is_compared_before_anything_is_restored(
    client: FlaskClient, preview: str
) -> None:
    client.post("/add", data={"username": "later", "email": "later@post.example"})
    told = followed(client, client.post(preview, data={"do": "all"}))
    assert "Something was done meanwhile, so nothing was restored." in told.text
    assert "Would disappear 2" in text_of(told.text)
    assert "later" in names(client)
    followed(client, client.post(preview, data={"do": "all"}))
    assert names(client) == {"mara", "mara.2", "noor", "jonas"}


def test_one_looks_around_in_the_backup_and_changes_nothing(
    client: FlaskClient, app: Flask, preview: str, database: Path
) -> None:
    listed = client.post(f"{preview}/look-around", follow_redirects=True).text
    assert "This is the backup of" in listed
    assert "noor@post.example" in listed
    assert "since@post.example" not in listed
    shown = client.get("/users/3").text
    assert "+46 8 noor" in shown
    assert "Bring this version back" not in shown
    assert "Different now" not in shown
    assert client.post("/users/3/trash").status_code == 409
    assert client.get("/history").status_code == 409
    back = client.post("/moments/leave")
    assert back.location == preview
    assert "Only those ticked" in client.get(preview).text
    client.post(f"{preview}/look-around")
    assert client.get(preview).location.startswith(preview)  # by the browser's own way back
    assert client.get(preview).status_code == 200
    with app.app_context():
        moments.kept().close()
    assert list((database.parent / "scratch").glob("work-*")) == []
    assert "Choose it again." in client.get(preview, follow_redirects=True).text


@pytest.mark.parametrize("who", ["all", "ticked"])
def test_history_says_that_an_export_was_brought_in(client: FlaskClient, who: str) -> None:
    for given in ("mara", "noor"):
        assert client.post("/add", data=person(given, given)).status_code == 303
    name, content = downloaded(client, who=who, id="1", kind="json")
    client.post("/users/1/edit", data=person("mara", "Maria"))
    preview = followed(client, choose(client, content, name))
    followed(client, client.post(preview.request.path, data={"do": "all"}))
    said = page(client.get("/history"))
    assert re.search(r"Bring in the export of \d+ \w+ \d{4}, \d\d:\d\d", said)
    assert "Restore the backup" not in said
    assert "Bring in the export of" in page(client.get("/users/1"))


def test_what_a_crash_leaves_of_a_backup_looked_at_goes_with_the_next_start(
    client: FlaskClient, preview: str, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (left,) = (database.parent / "scratch").glob("work-*")
    shutil.copytree(left, left.with_name("work-dead"))  # whose lock nobody holds
    monkeypatch.setattr(workspace, "_MOMENT", -1.0)
    workspace.sweep(database)
    assert list((database.parent / "scratch").glob("work-*")) == [left]
    assert client.get(preview).status_code == 200


def test_a_bare_database_and_its_log_are_chosen_and_restored(
    client: FlaskClient, app: Flask, engine: Engine, made: Path, database: Path, tmp_path: Path
) -> None:
    """Those of another computer, where Roster was not closed."""
    with Session(engine) as session, operation(session):
        users.add(session, person("in.the.log", "Logged"))
    assert database.with_name("roster.db-wal").stat().st_size
    for end in ("", "-wal"):
        shutil.copy(database.with_name(f"roster.db{end}"), tmp_path / f"other.db{end}")
    client.post("/undo")
    asked = []

    class Choosing(NoHost):
        native = True

        def choose_open(self, _title: str, kinds: Sequence[tuple[str, str]]) -> Path:
            asked.extend(kinds)
            return tmp_path / "other.db"

    app.extensions["roster.host"] = Choosing()
    looked = followed(client, client.post("/safety/restore", data={"browse": "1"}))
    assert [kind for _label, kind in asked] == ["*.zip;*.db;*.age;*.json;*.sqlite;*.xlsx;*.vcf"]
    assert "Would come 1" in text_of(looked.text)
    assert "every page of it was checked" in looked.text
    followed(client, client.post(looked.request.path, data={"do": "all"}))
    assert "in.the.log" in names(client)


def test_a_hundred_thousand_are_paged(
    client: FlaskClient, engine: Engine, made: Path, database: Path
) -> None:
    """As many in the scratch list, without as many in the database: it is only read by its key."""
    looked = followed(client, client.post("/safety/restore", data={"name": made.name})).request.path
    (made_list,) = (database.parent / "scratch").glob("work-*/people.db")
    with closing(sqlite.scratch(made_list)) as connection:
        connection.execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)"
            " INSERT INTO people SELECT 'back', CAST(printf('%06d', i) AS BLOB), i, 'P' || i, 'p' || i,"
            " NULL, 1, 0 FROM n"
        )
        plan = connection.execute(
            "EXPLAIN QUERY PLAN SELECT uid FROM people WHERE view = 'back' AND (sort, uid) > (x'30', '')"
            " ORDER BY sort, uid LIMIT 30"
        ).fetchall()
    assert "USING PRIMARY KEY (view=?" in plan[0][3]
    assert "SCAN" not in str(plan)
    assert "TEMP B-TREE" not in str(plan)
    page = client.get(f"{looked}?show=back").text
    assert "100,002" in page
    assert page.count('name="tick"') == would_change.PAGE
