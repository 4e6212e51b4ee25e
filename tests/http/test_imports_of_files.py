"""Import at the door of files that are no CSV: workbooks, databases, and tables that are pasted."""

import base64
import io
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.exchange.workbooks import row, xlsx
from tests.http.following import followed
from tests.http.imported import begun, choose, page, planned
from webui.exchange import formats
from webui.exchange.out.wanted import Wanted
from webui.host import NoHost
from webui.safety import backup, opening
from webui.store import users
from webui.store.ledger import sqlite
from webui.store.ledger.operations import operation

TARGETS = ["full_name", "email"]
BOOK = xlsx(
    row(1, "Name", "E-mail"), row(2, "Mara Ek", "m@x.example"),
    Others=row(1, "Name", "E-mail") + row(2, "Noor Ex", "n@x.example") + row(3, "Bo Ek", "b@x.example"),
)  # fmt: skip


def test_a_sheet_of_a_workbook_is_chosen_and_brought_in(client: FlaskClient) -> None:
    address = begun(client, BOOK)
    columns = page(client.get(f"{address}/columns"))
    assert ("Sheet" in columns, "Divided by" in columns, "Mara Ek" in columns) == (True, False, True)
    assert "Only People is read" in columns
    columns = page(client.get(f"{address}/columns?table=Others&header=yes"))
    assert ("Noor Ex · Bo Ek" in columns, "Mara Ek" in columns) == (True, False)
    planned(client, address, TARGETS)
    done = followed(client, client.post(address))
    assert "New people 2" in page(done)
    assert "Noor Ex" in page(client.get("/"))


def of_sheet(client: FlaskClient, address: str, **changed: str) -> str:
    """Read the file again, by the form of the page with what is changed."""
    shown = client.get(f"{address}/columns").get_data(as_text=True)
    form = dict(re.findall(r'type="hidden" name="(\w+_was)" value="([^"]*)"', shown))
    form |= {"table": form["table_was"], "header": form["header_was"]} | changed
    return client.get(f"{address}/columns", query_string=form).get_data(as_text=True)


def test_another_sheet_is_looked_at_anew(client: FlaskClient) -> None:
    lists = row(1, "Mara Ek", "Lund") + row(2, "Bo Ek", "Ystad")
    address = begun(client, xlsx(row(1, "Name", "City"), row(2, "Noor Ex", "Rome"), Others=lists))
    assert 'value="no" selected' in of_sheet(client, address, table="Others")
    client.post(f"{address}/columns", data={"target": ["full_name", "city"], "way-1": "mine"})
    mine = re.compile(r'name="way-1"(?:(?!</select>).)*value="mine" selected', re.S)
    shown = of_sheet(client, address)  # as it was
    assert ('value="no" selected' in shown, bool(mine.search(shown))) == (True, True)
    shown = of_sheet(client, address, table="People")
    assert ('value="yes" selected' in shown, "Noor Ex · " in shown, bool(mine.search(shown))) == (
        True,
        False,
        False,
    )
    of_sheet(client, address, table="Others")
    assert 'value="no" selected' in of_sheet(client, address, table="Others", header="no")
    shown = of_sheet(client, address, header="yes")  # the person says so, of this sheet
    assert 'value="yes" selected' in shown and "Mara Ek</strong>" in shown


def test_a_table_that_is_pasted_comes_in_as_a_file_does(client: FlaskClient) -> None:
    answer = client.post("/import", data={"pasted": "Name\tE-mail\nMara Ek\tm@x.example\n"})
    address = urlsplit(answer.location).path.removesuffix("/columns")
    preview = planned(client, address, TARGETS)
    assert "Import Pasted table" in page(preview)
    assert "New people 1" in page(followed(client, client.post(address)))


def test_what_was_pasted_is_kept_where_nobody_is_in_it(client: FlaskClient) -> None:
    answer = client.post("/import", data={"pasted": "[]"})
    assert answer.status_code == 422
    assert "There are no people in this file." in page(answer)
    assert ">[]</textarea>" in answer.get_data(as_text=True)


def test_what_roster_wrote_leads_to_what_it_would_change(
    client: FlaskClient, engine: Engine, tmp_path: Path
) -> None:
    with Session(engine) as session, operation(session):
        users.add(session, {"username": "mara", "email": "m@x.example", "tags": ["Alto"]})
    made = backup.back_up(engine, tmp_path / "made")
    with closing(sqlite.connect(str(engine.url.database))) as connection:
        formats.export(connection, tmp_path / "all.json")
        connection.execute("PRAGMA page_size=1024")  # small: what a test client sends is in memory then
        connection.execute("VACUUM INTO ?", (str(tmp_path / "roster.db"),))
        formats.export(connection, tmp_path / "some.sqlite", Wanted(ids=[1]))
    with Session(engine) as session, operation(session):
        users.change(session, 1, {"nickname": "Mimi", "tags": []})
    for file, title in (
        (made, "Go back to"),
        (tmp_path / "roster.db", "Go back to"),
        (tmp_path / "all.json", "It is an export of everyone, 1 person."),
        (tmp_path / "some.sqlite", "Bring in some.sqlite?"),
    ):  # fmt: skip
        preview = followed(client, choose(client, file.read_bytes(), file.name))
        said = page(preview)
        assert title in said
        assert "mara Nickname Mimi Tag Alto" in said
    done = page(followed(client, client.post(preview.request.path, data={"do": "all"})))
    assert "Restored: 1 person." in done
    with Session(engine) as session:
        assert (users.find(session, 1).nickname, users.find(session, 1).tags[0].name) == (None, "Alto")
    assert not list((Path(str(engine.url.database)).parent / "scratch" / "imports").glob("*"))


def test_a_database_chosen_in_the_window_brings_its_log(
    client: FlaskClient, app: Flask, engine: Engine, tmp_path: Path
) -> None:
    path, live = tmp_path / "other.db", Path(str(engine.url.database))
    opening.create(path)
    other = sqlite.engine(path)
    with Session(other) as session, operation(session):
        users.add(session, {"username": "in.the.log", "email": "log@x.example"})
    assert path.with_name("other.db-wal").stat().st_size
    chosen = [path, live]

    class Choosing(NoHost):
        native = True

        def choose_open(self, _title: str, _kinds: object) -> Path:
            return chosen.pop(0)

    app.extensions["roster.host"] = Choosing()
    looked = followed(client, client.post("/import", data={"browse": "1"}))
    assert "Would come 1" in page(looked)
    assert "in.the.log" in page(looked)
    refused = client.post("/import", data={"browse": "1"})
    assert refused.status_code == 422
    other.dispose()


def sent_together(client: FlaskClient, *paths: Path) -> TestResponse:
    files = [(io.BytesIO(each.read_bytes()), each.name) for each in paths]
    response = client.post("/import", data={"file": files})
    response.request.environ["wsgi.input"].close()  # the client keeps much of what it sends in a file
    return followed(client, response)


def test_a_database_that_is_sent_with_its_log_has_what_is_in_that(
    client: FlaskClient, engine: Engine, tmp_path: Path
) -> None:
    path, log = tmp_path / "club.sqlite", tmp_path / "club.sqlite-wal"
    with closing(sqlite3.connect(path)) as other:
        other.executescript("PRAGMA journal_mode=WAL; CREATE TABLE members (Name, Email);")
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        with other:
            other.execute("INSERT INTO members VALUES ('Mara Ek', 'log@x.example')")
        assert "log@x.example" in page(sent_together(client, log, path))
    ours = tmp_path / "other.db"
    opening.create(ours)
    made = sqlite.engine(ours)
    with Session(made) as session, operation(session):
        users.add(session, {"username": "in.the.log", "email": "log@x.example"})
    assert "in.the.log" in page(sent_together(client, ours, tmp_path / "other.db-wal"))
    made.dispose()
    refused = sent_together(client, path, ours)
    assert "or a database with its log" in page(refused)


def test_a_database_in_use_that_is_chosen_in_the_window_is_not_read_without_its_log(
    client: FlaskClient, app: Flask, tmp_path: Path
) -> None:
    path = tmp_path / "club.sqlite"

    class Choosing(NoHost):
        native = True

        def choose_open(self, _title: str, _kinds: object) -> Path:
            return path

    app.extensions["roster.host"] = Choosing()
    with closing(sqlite3.connect(path)) as other:
        other.executescript("PRAGMA journal_mode=WAL; CREATE TABLE m (Name); INSERT INTO m VALUES ('Mara');")
        refused = client.post("/import", data={"browse": "1"})
    assert (refused.status_code, "Another program has this database open" in page(refused)) == (422, True)


def test_an_export_that_was_cut_short_says_so_and_leads_back(client: FlaskClient) -> None:
    said = followed(client, choose(client, '{"roster": 1, "people": [', "all.json"))
    assert "all.json is an export of Roster that was cut short or changed" in page(said)
    assert 'href="/import"' in said.text


def test_cards_need_no_columns_and_show_what_they_bring(client: FlaskClient) -> None:
    picture = base64.b64encode(
        (Path(__file__).parents[1] / "files" / "pictures" / "clear.png").read_bytes()
    ).decode()
    cards = "BEGIN:VCARD\nVERSION:3.0\nFN:Mara Ek\nEMAIL:m@x.example\nX-OWN:kept\n"
    cards += f"PHOTO;ENCODING=b:{picture}\nEND:VCARD\n"
    preview = followed(client, choose(client, cards, "people.vcf"))
    assert preview.request.path.endswith("/preview")
    assert "m@x.example · Photo" in page(preview)
    address = preview.request.path.removesuffix("/preview")
    assert "If someone is already here" not in page(preview)  # nobody is
    assert "New people 1" in page(followed(client, client.post(address)))
    assert "X-own" in page(client.get("/users/1"))


def test_two_cards_of_one_uid_are_not_made_one_person_silently(client: FlaskClient) -> None:
    cards = "BEGIN:VCARD\nVERSION:3.0\nUID:u-1\nFN:Mara Ek\nN:Ek;Mara;;;\nEMAIL:m@x.example\nEND:VCARD\n"
    cards += "BEGIN:VCARD\nVERSION:3.0\nUID:u-1\nFN:Mill Ltd\nORG:Mill Ltd\nEMAIL:info@x.example\nEND:VCARD\n"
    preview = followed(client, choose(client, cards, "people.vcf"))
    assert "The file says that this is Mara Ek, but the name is another" in page(preview)
    address = preview.request.path.removesuffix("/preview")
    assert "New people 2" in page(followed(client, client.post(address)))


def test_what_happens_to_who_is_here_is_chosen_on_the_page(client: FlaskClient) -> None:
    first = "Given name,E-mail,Nickname\nMara,m@x.example,Mia\n"
    address = begun(client, first)
    targets = ["given", "email", "nickname"]
    planned(client, address, targets)
    followed(client, client.post(address))
    address = begun(client, first.replace("Mia", "Moo"))
    data = {"target": targets, "existing": "fill", "way-2": "", "clears": "1", "key": "phone"}
    assert "No change 1" in page(followed(client, client.post(f"{address}/columns", data=data)))
    columns = client.get(f"{address}/columns").get_data(as_text=True)
    assert 'value="fill" checked' in columns
    assert '<option value="phone" selected>' in columns
    data |= {"way-2": "file"}
    assert "Changed 1" in page(followed(client, client.post(f"{address}/columns", data=data)))


CLUB = "Name,E-mail,No.,Voice,Paid\n" + "".join(
    f"P{number} Ek,p{number}@x.example,{number:04},{'Alto' if number % 2 else 'Bass'},yes\n"
    for number in range(1, 9)
)
CLUB_TO = ["full_name", "email", "new:text", "new:text", "new:yes_no"]


def test_people_are_known_by_what_tells_them_apart_and_as_last_time(client: FlaskClient) -> None:
    address = begun(client, CLUB)
    planned(client, address, CLUB_TO)
    followed(client, client.post(address))
    address = begun(client, CLUB)
    columns = client.get(f"{address}/columns").get_data(as_text=True)
    known_by = re.search(r'<select class="input" id="key".*?</select>', columns, re.S)
    assert known_by
    keys = re.findall(r'<option value="(own:[^"]+)"[^>]*>([^<]*)<', known_by[0])
    assert [name for _key, name in keys] == ["No., then e-mail"]
    assert "As last time" not in page(client.get(f"{address}/columns")).split("Known by")[1]
    targets = re.findall(r'<option value="([^"]+)" selected', columns)
    targets = [each for each in targets if each.startswith("own:") or each in CLUB_TO]
    followed(client, client.post(f"{address}/columns", data={"target": targets, "key": keys[0][0]}))
    changed = CLUB.replace("p8@x.example", "new@x.example")
    address = begun(client, changed)
    followed(client, client.post(f"{address}/columns", data={"target": targets, "key": keys[0][0]}))
    followed(client, client.post(address))
    again = begun(client, changed)
    said = client.get(f"{again}/columns")
    assert f'<option value="{keys[0][0]}" selected>No., then e-mail' in said.get_data(as_text=True)
    assert "As last time" in page(said).split("Known by")[1]
    assert client.get("/api/users/8").json["email"] == "new@x.example"  # type: ignore[index]


def test_what_comes_first_in_dates_is_as_was_said_last_time_and_can_be_said_otherwise(
    client: FlaskClient,
) -> None:
    file = "Name,E-mail,Birthday\nMara Ek,m@x.example,03/04/1987\n"
    address = begun(client, file)
    planned(client, address, ["full_name", "email", "birthday"])
    followed(client, client.post(f"{address}/dates", data={"dates": "day"}))
    followed(client, client.post(address))
    address = begun(client, file + "Bo Berg,b@x.example,05/06/1990\n")
    said = page(planned(client, address, ["full_name", "email", "birthday"]))
    assert "the day comes first, as you said last time" in said
    assert ("No change 1" in said, "can be either" in said) == (True, False)
    said = page(followed(client, client.post(f"{address}/dates", data={"dates": "month"})))
    assert ("Changed 1" in said, "as you said last time" in said) == (True, False)
    address = begun(client, file.replace("03/04/1987", "30/04/1987"))
    said = page(planned(client, address, ["full_name", "email", "birthday"]))
    assert "as you said last time" not in said


def test_why_someone_may_be_the_same_person_is_said(client: FlaskClient) -> None:
    client.post("/add", data={"username": "mara", "email": "m@x.example", "given": "Mara", "family": "Ek"})
    address = begun(client, "Name,E-mail\nMara Ek,\n")
    said = page(planned(client, address, ["full_name", "email"]))
    assert "Maybe the same person 1" in said
    assert "Has the name of Mara Ek; nothing else says whether it is the same person" in said


def test_a_row_that_cannot_be_read_is_mended_right_there(client: FlaskClient) -> None:
    address = begun(client, "Name,E-mail,Tags\nMara Ek,m@x.example,\n,,Choir;Board\n")
    preview = planned(client, address, [*TARGETS, "tags"])
    assert "Mend it here" in page(preview)
    assert re.search('(?s)id="cell-1"[^>]* autofocus>.*>Choir;Board<', client.get(f"{address}/rows/1").text)
    still = client.post(f"{address}/rows/1/cells", data={"cell": ["", "", "Choir;Bass"]})
    assert (still.status_code, "nothing says who this is" in page(still)) == (422, True)
    done = client.post(f"{address}/rows/1/cells", data={"cell": ["Noor Ex", "n@x.example", "Choir;Bass"]})
    assert done.status_code == 303
    preview = client.get(f"{address}/preview")
    assert "New 2" in page(preview)
    assert "n@x.example · Bass, Choir" in page(preview)
    assert client.get(f"{address}/rows/0").status_code == 404
    assert "New people 2" in page(followed(client, client.post(address)))


def test_a_card_is_mended_as_its_lines(client: FlaskClient) -> None:
    preview = followed(
        client, choose(client, "BEGIN:VCARD\nVERSION:3.0\nNOTE:who\nEND:VCARD\n", "people.vcf")
    )
    address = preview.request.path.removesuffix("/preview")
    assert "NOTE:who" in page(client.get(f"{address}/rows/0"))
    client.post(f"{address}/rows/0/cells", data={"cell": "VERSION:3.0\r\nFN:Mara Ek\r\nNOTE:who"})
    assert "New 1" in page(client.get(f"{address}/preview"))


def test_a_card_that_the_file_cuts_is_refused_and_can_be_mended(client: FlaskClient) -> None:
    cut = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Mara Ek\r\nTEL:+46701"
    shown = followed(client, choose(client, f"{cut.replace('Mara', 'Bo')}\r\nEND:VCARD\r\n{cut}", "a.vcf"))
    assert "The file ends in the middle of this card: what follows is missing" in page(shown)
    assert "Maybe the same person 0 Cannot be read 1" in page(shown)
    address = shown.request.path.removesuffix("/preview")
    refused = client.get(f"{address}/refused").get_data()
    assert refused.endswith(b"\r\nTEL:+46701\r\n")
    more = b"BEGIN:VCARD\r\nFN:Lea\r\nEND:VCARD\r\n"
    again = page(followed(client, choose(client, refused + more, "b.vcf")))
    assert "New 1 Changed 0 No change 0 Maybe the same person 0 Cannot be read 1" in again
    client.post(f"{address}/rows/1/cells", data={"cell": "FN:Mara Ek\r\nTEL:+46701740641"})
    done = client.post(address, data={"email_optional": "1"})
    assert "New people 2" in page(followed(client, done))


def test_where_phones_belong_to_is_asked_once_and_undone_with_the_import(
    client: FlaskClient, digest: Callable[[], str]
) -> None:
    client.post("/add", data={"username": "mara", "email": "m@x.example", "phones-0-phone": "0821 4412 770"})
    before = digest()
    address = begun(
        client, "Name,E-mail,Phone\nMara Ek,m@x.example,0821 4412-770\nNoor Ex,n@x.example,0821 4412 771\n"
    )
    preview = page(planned(client, address, [*TARGETS, "phone"]))
    assert "Which country are phones without a country’s code from?" in preview
    assert "As 0821 4412-770" in preview
    assert client.post(f"{address}/region", data={"phone_region": "XX"}).status_code == 422
    assert client.post(f"{address}/region", data={"phone_region": "DE"}).status_code == 303
    assert "one undo takes both back" in page(client.get(f"{address}/preview"))
    done = followed(client, client.post(address))
    assert "New people 1" in page(done)
    assert '<option value="DE" selected>' in client.get("/settings").get_data(as_text=True)
    client.post("/undo")
    assert digest() == before
    assert "Which country" not in page(
        planned(client, begun(client, "Name,E-mail,Phone\nBo,b@x.example,+49 821 1\n"), [*TARGETS, "phone"])
    )


def test_several_cards_come_in_together_and_other_files_do_not(client: FlaskClient) -> None:
    def send(*contents: str, last: str = "1.vcf") -> TestResponse:
        files = zip(contents, ("0.vcf", last), strict=True)
        return client.post(
            "/import", data={"file": [(io.BytesIO(said.encode()), name) for said, name in files]}
        )

    one, other = (f"BEGIN:VCARD\nVERSION:3.0\nFN:{name}\nEND:VCARD" for name in ("Mara Ek", "Noor Ex"))
    preview = followed(client, send(one, other))
    assert ("New 2" in page(preview), "Import 2 vCards" in page(preview)) == (True, True)
    assert "1.vcf, line 1 New Noor Ex" in page(preview)
    broken = page(followed(client, send(f"{one}\n{other}"[:-11], "<html>")))
    assert "0.vcf, line 5 Cannot be read Noor E The file ends in the middle" in broken
    assert "1.vcf, line 1 Cannot be read — There is no card" in broken and broken.count("Mend it") == 1
    refused = send(one, "Name\nBo\n", last="people.csv")
    assert (refused.status_code, "only if all of them are vCards" in page(refused)) == (422, True)


def test_an_answer_about_dates_keeps_what_was_said_before(client: FlaskClient) -> None:
    address = begun(
        client, "Name,E-mail,Birthday,Phone\nMara Ek,m@x.example,03/04/1987,0821 4412 770\n,,05/06/1990,\n"
    )
    planned(client, address, [*TARGETS, "birthday", "phone"])
    client.post(f"{address}/region", data={"phone_region": "DE"})
    client.post(f"{address}/rows/1/cells", data={"cell": ["Noor Ex", "n@x.example", "05/06/1990", ""]})
    preview = followed(client, client.post(f"{address}/dates", data={"dates": "day"}))
    assert "New 2" in page(preview)
    assert '<option value="DE" selected>' in preview.get_data(as_text=True)


def test_a_mended_row_is_read_as_its_column_is(client: FlaskClient) -> None:
    address = begun(client, "Name,E-mail,Birthday\nMara Ek,m@x.example,25/12/1990\n,,05/06/1990\n")
    planned(client, address, [*TARGETS, "birthday"])
    client.post(f"{address}/rows/1/cells", data={"cell": ["Noor Ex", "n@x.example", "05/06/1990"]})
    preview = page(client.get(f"{address}/preview"))
    assert ("What comes first" in preview, "New 2" in preview) == (False, True)
