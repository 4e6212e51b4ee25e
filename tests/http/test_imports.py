"""Import, at the door: a file, its columns, a preview, and all of it at once; nothing before that."""

import os
import re
import time
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.http.following import followed
from tests.http.imported import TWO, begun, choose, page, planned
from webui.host import NoHost


def test_the_way_from_a_file_to_people_and_back(client: FlaskClient, digest: Callable[[], str]) -> None:
    before = digest()
    assert "You see every row before anything is saved" in page(client.get("/import"))
    address = begun(client)
    columns = client.get(f"{address}/columns")
    assert "5 columns" in page(columns)
    for part in ("Mara · Noor", "03/04/1987", "By name", "Nothing is saved yet."):
        assert part in page(columns)
    preview = planned(client, address)
    assert preview.request.path == f"{address}/preview"
    for part in (
        "All 2",
        "New 2",
        "mara.ek · m@x.example · Choir",
        "just as the file has it: Birthday",
        "Import 2 people",
    ):
        assert part in page(preview)
    assert digest() == before
    done = followed(client, client.post(address))
    assert done.request.path == f"{address}/done"
    assert "New people 2 Changed 0 No change 0 Left out 0" in page(done)
    assert "Undo Import people.csv" in page(done)
    assert "Mara Ek" in page(client.get("/"))
    (operation,) = set(re.findall(r'name="operation" value="(\d+)"', done.get_data(as_text=True)))
    assert "Everything the preview showed is in" in page(done)
    client.post("/undo", data={"operation": operation})
    assert digest() == before
    undone = page(client.get(f"{address}/done"))
    assert "This import was undone" in undone
    assert "Everything the preview showed is in" not in undone
    assert "just as the file has it" not in undone
    client.post("/redo")
    assert "Everything the preview showed is in" in page(client.get(f"{address}/done"))


def test_the_same_file_again_is_all_no_change(client: FlaskClient, digest: Callable[[], str]) -> None:
    for _ in range(2):
        address = begun(client)
        preview = planned(client, address)
        if "Import 2 people" in page(preview):
            followed(client, client.post(address))
    assert "No change 2" in page(preview)
    assert "There is nothing to import" in page(preview)
    before = digest()
    assert "Nothing had to be changed" in page(followed(client, client.post(address)))
    assert digest() == before


def test_changes_are_shown_old_struck_and_new_marked(client: FlaskClient) -> None:
    address = begun(client)
    planned(client, address)
    followed(client, client.post(address))
    address = begun(client, TWO.replace("Mara,Ek", "Mara,Berg").replace("Noor,Haddad", ",Haddad"))
    preview = planned(client, address).get_data(as_text=True)
    assert '<del class="was">Ek</del>' in preview
    assert '<ins class="now">Berg</ins>' in preview
    assert "Changed 1" in page(client.get(f"{address}/preview?show=changed"))
    assert "Everything is already here" in page(client.get(f"{address}/preview?show=same"))


def test_a_row_that_is_skipped_by_its_bytes_alone_says_so(client: FlaskClient) -> None:
    address = begun(client)
    planned(client, address)
    followed(client, client.post(address))
    edited = {"username": "mara.ek", "given": "Marja", "email": "m@x.example"}
    assert client.post("/users/1/edit", data=edited).status_code == 303
    for file in (TWO, TWO.replace("Noor", "Noor ")):
        address = begun(client, file)
        shown = page(planned(client, address))
        assert "As it last came in" in shown
        assert ("Everything is already here" in shown) is (file != TWO)


def test_an_empty_cell_that_clears_is_shown_as_emptied(client: FlaskClient) -> None:
    file, targets = "E-mail,Notes,Voice\nm@x.example,{}\n", ["email", "note", "new:text"]
    address = begun(client, file.format("Sings well,Alto"))
    planned(client, address, targets)
    followed(client, client.post(address))
    address = begun(client, file.format(","))
    voice = re.findall(r"own:[\w-]+", client.get(f"{address}/columns").get_data(as_text=True))[0]
    data = {"target": ["email", "note", voice], "clears": "1"}
    preview = followed(client, client.post(f"{address}/columns", data=data))
    for was in ("Sings well", "Alto"):
        assert f'<del class="was">{was}</del> <span class="soft">emptied</span>' in preview.text
    followed(client, client.post(address))
    assert "Sings well" not in page(client.get("/users/1")).split("History")[0].split("Changed")[0]


def test_a_column_can_be_sent_elsewhere(client: FlaskClient) -> None:
    address = begun(client, "Name,Rufname daheim,E-mail\nMara Ek,Mimi,m@x.example\n")
    assert "Nickname" not in page(planned(client, address, ["full_name", "kept", "email"])).split("Line")[1]
    planned(client, address, ["full_name", "nickname", "email"])
    followed(client, client.post(address))
    assert "Mimi" in page(client.get("/users/1"))


def test_two_columns_for_one_field_are_told(client: FlaskClient) -> None:
    address = begun(client)
    response = client.post(f"{address}/columns", data={"target": ["given", "given", "email", "tags", "kept"]})
    assert response.status_code == 422
    assert "Two columns can't both be" in page(response)
    assert response.get_data(as_text=True).count('<option value="given" selected>') == 2


def test_how_to_read_the_file_can_be_told(client: FlaskClient) -> None:
    address = begun(client, "Größe,Zoë\nNoor,Ek\n".encode("mac_roman"))
    told = client.get(f"{address}/columns?encoding=mac-roman&delimiter=,&header=yes")
    assert "Größe" in page(told)
    told = client.get(f"{address}/columns?encoding=mac-roman&delimiter=,&header=no")
    assert "Größe · Noor" in page(told)
    assert "Größe · Noor" in page(client.get(f"{address}/columns"))  # it is kept


def test_people_without_an_email_are_one_question_with_the_count(
    client: FlaskClient, digest: Callable[[], str]
) -> None:
    address = begun(client, "Name\nKim\nLou\n")
    preview = planned(client, address, ["full_name"])
    assert "May 2 people come in without an e-mail of their own?" in page(preview)
    before = digest()
    refused = client.post(address)
    assert refused.status_code == 409
    assert "2 people in the file have no e-mail" in page(refused)
    for ticked in ("1", ""):
        assert client.post(f"{address}/email-optional", data={"email_optional": ticked}).status_code == 204
        (box,) = re.findall(r'<input[^>]*"email_optional"[^>]*>', client.get(f"{address}/preview").text)
        assert (" checked" in box) is bool(ticked)
    assert client.post(address).status_code == 409, "what is kept allows nothing"
    assert digest() == before
    assert "New people 2" in page(followed(client, client.post(address, data={"email_optional": "1"})))
    client.post("/undo")
    assert digest() == before


@pytest.mark.parametrize(("choice", "people"), [("", 3), ("second", 3), ("same", 2), ("skip", 2)])
def test_a_question_of_a_row_is_answered_there(client: FlaskClient, choice: str, people: int) -> None:
    address = begun(client)
    planned(client, address)
    followed(client, client.post(address))
    address = begun(client, "First Name,E-mail\nBo,m@x.example\n")
    preview = planned(client, address, ["given", "email"])
    assert "Has an e-mail of Mara Ek, but another first name" in page(preview)
    if choice:
        response = client.post(
            f"{address}/rows/0", data={"choice": choice, "show": "question", "after": "-1"}
        )
        assert response.location == f"{address}/preview?show=question&after=-1#row-0"
    followed(client, client.post(address, data={"email_optional": "1"}))
    assert f"People {people}" in page(client.get("/history"))


def test_a_username_that_is_taken_is_told(client: FlaskClient) -> None:
    client.post("/add", data={"username": "kim", "email": "k@x.example"})
    address = begun(client, "Username,E-mail\nkim,a@x.example,extra\nlou,no_at\n,no_at\n")
    preview = planned(client, address, ["username", "email"])
    assert "1 username is taken, so that person gets another." in page(preview)
    assert "“kim” is taken, so the username is “kim.2”" in page(preview)
    assert "More cells than columns; they stay with the person" in page(preview)
    assert "“no_at” is no e-mail, and nothing else says who this is" in page(preview)
    assert page(preview).count("is no e-mail; it stays with the person") == 1  # of the one who comes in
    assert "is taken" in page(client.get(f"{address}/preview?show=new"))
    assert "Cannot be read — “no_at”" in page(preview)
    assert "“kim”" not in page(client.get(f"{address}/preview?show=refused"))


def test_what_has_no_field_is_shown_with_the_person_as_text(client: FlaskClient) -> None:
    for birthday in ("<b>1987</b>", "<b>1987</b>", "1988"):  # the second says nothing new
        address = begun(client, f"First Name,E-mail,Birthday\nMara,m@x.example,{birthday}\n")
        planned(client, address, ["given", "email", "kept"])
        followed(client, client.post(address))
    shown = client.get("/users/1")
    assert page(shown).count("From people.csv") == 2
    assert page(shown).count("Birthday <b>1987</b>") == 1
    assert "Birthday 1988" in page(shown)
    assert "<b>1987" not in shown.get_data(as_text=True)
    wrong = client.post("/users/1/posts", data={"title": ""})
    assert "Kept as it came From people.csv" in page(wrong)


def test_an_import_asked_for_twice_is_done_once_and_stays_undoable(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = begun(client)
    planned(client, address)
    monkeypatch.setattr("webui.pages.jobs._SHORT", 0)
    for response in (client.post(address), client.post(address)):
        for _ in range(300):
            if client.get(response.location).status_code == 303:
                break
            time.sleep(0.01)
        assert "New people 2" in page(followed(client, response))
    assert "Undo the import" in page(client.get(f"{address}/done"))


def test_a_report_that_cannot_be_kept_undoes_no_import(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = begun(client)
    planned(client, address)

    def full(*_arguments: object, **_more: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    done = page(followed(client, client.post(address)))
    assert "The import is done, but its report could not be kept." in done
    assert "Nothing was changed" not in done
    assert "Mara Ek" in done


def test_rows_come_in_pages(client: FlaskClient) -> None:
    content = "Name,E-mail\n" + "".join(f"Mara N{n},m{n}@x.example\n" for n in range(150))
    address = begun(client, content)
    first = planned(client, address, ["full_name", "email"])
    assert "Mara N99" in page(first)
    assert "Mara N100" not in page(first)
    (more,) = re.findall(r'href="([^"]+)">More rows', first.get_data(as_text=True))
    second = page(client.get(unescape(more)))
    assert "Mara N100" in second
    assert "Mara N149" in second
    assert "More rows" not in second


def test_refused_rows_are_a_file(client: FlaskClient) -> None:
    address = begun(client, TWO + ",,,,01/01/1970\n")
    assert "nothing says who this is" in page(planned(client, address))
    done = followed(client, client.post(address))
    assert "One row could not be read" in page(done)
    saved = client.get(f"{address}/refused")
    assert "people-refused.csv" in saved.headers["Content-Disposition"]
    assert saved.data.startswith(b"First Name,Last Name,E-mail,Tags,Birthday,roster_reason\n,,,,01/01/1970,")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "There are no people in this file."),
        (b"PK\x03\x04\0\0\0\0" * 50, "The file is damaged or cut short"),
        (b"\x7fELF\x02\x01\0\0\0" * 50, "bytes that are no text"),
        (b"1,1,1@host.invalid\n2\t2\t2@host.invalid\n3\t3\t3@host.invalid\n", "The first line is divided"),
    ],
)
def test_what_is_no_csv_file_is_refused_at_once(
    client: FlaskClient, database: Path, content: bytes, sentence: str
) -> None:
    response = choose(client, content)
    assert response.status_code == 422
    assert sentence in page(response)
    assert list((database.parent / "scratch" / "imports").iterdir()) == []


def test_names_of_files_and_values_are_only_text(client: FlaskClient) -> None:
    response = choose(client, '"Name<b>",E-mail\n"<script>x()</script>",m@x.example\n', "..\\../<i>x.csv")
    address = response.location.removesuffix("/columns")
    shown = client.get(response.location).get_data(as_text=True)
    preview = planned(client, address, ["full_name", "email"]).get_data(as_text=True)
    for text in (shown, preview):
        assert "<script>x" not in text
        assert "<i>x.csv" not in text
    assert "&lt;i&gt;x.csv" in shown


@pytest.mark.parametrize("name", ["0123456789abcdef", "..", "%2e%2e%2fimports", "x"])
def test_an_import_that_is_not_there_is_told(client: FlaskClient, name: str) -> None:
    assert client.get(f"/import/{name}/columns").status_code == 404
    assert client.get(f"/import/{name}/preview").status_code == 404


def test_nothing_is_there_before_it_is_planned(client: FlaskClient) -> None:
    address = begun(client)
    assert client.get(f"{address}/preview").status_code == 404
    assert client.get(f"{address}/done").status_code == 303


def test_leaving_removes_the_file(client: FlaskClient, database: Path) -> None:
    address = begun(client)
    client.post(f"{address}/leave")
    gone = page(client.get(f"{address}/columns"))
    assert ("Look in the trash" in gone, "Nothing was changed" in gone) == (False, True)
    assert list((database.parent / "scratch" / "imports").iterdir()) == []


def test_a_new_import_leaves_one_that_is_being_uploaded(client: FlaskClient, database: Path) -> None:
    scratch = database.parent / "scratch" / "imports"
    (scratch / "0123456789abcdef").mkdir(parents=True)
    begun(client)
    assert len(list(scratch.iterdir())) == 2
    os.utime(scratch / "0123456789abcdef", (1, 1))
    begun(client)
    assert not (scratch / "0123456789abcdef").exists()


def test_a_file_that_cannot_be_kept_leaves_nothing(
    client: FlaskClient, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("werkzeug.datastructures.FileStorage.save", full)
    response = choose(client)
    assert response.status_code == 422
    assert "The disk is full. Nothing was changed" in page(response)
    assert list((database.parent / "scratch" / "imports").iterdir()) == []


def test_a_new_import_removes_those_that_are_done(client: FlaskClient, database: Path) -> None:
    address = begun(client)
    planned(client, address)
    followed(client, client.post(address))
    begun(client)
    assert len(list((database.parent / "scratch" / "imports").iterdir())) == 1


def test_a_running_job_shows_how_far_it_is_and_can_be_stopped(
    app: Flask, client: FlaskClient, digest: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webui.pages.jobs._SHORT", 0)
    address = begun(client)
    planned(client, address)
    before = digest()

    def slowly(step: Callable[..., None]) -> Callable[..., None]:
        def slow(phase: str, done: int = 0, total: int = 0) -> None:
            for _ in range(500):
                step(phase, done, total)
                time.sleep(0.01)

        return slow

    from webui.exchange import applying

    write = applying.write
    monkeypatch.setattr(
        applying, "write", lambda connection, plan, step: write(connection, plan, slowly(step))
    )
    started = client.post(address)
    for _ in range(200):
        shown = client.get(started.location)
        if "0 of 2 rows" in page(shown):
            break
        time.sleep(0.01)
    assert "Writing people" in page(shown)
    part = client.get(started.location, headers={"HX-Request": "true"})
    assert b"<html" not in part.data
    assert b"hx-get" in part.data
    client.post(f"{started.location}/cancel")
    for _ in range(300):
        ended = client.get(started.location, headers={"HX-Request": "true"})
        if "HX-Redirect" in ended.headers:
            break
        time.sleep(0.01)
    assert ended.headers["HX-Redirect"] == f"{address}/preview"
    assert "Stopped. Nothing was changed." in page(client.get(f"{address}/preview"))
    assert digest() == before


def test_a_window_asks_by_its_own_dialogs(client: FlaskClient, app: Flask, tmp_path: Path) -> None:
    source, target = tmp_path / "mine.csv", tmp_path / "refused.csv"
    source.write_text(TWO + ",,,,x\n")

    class Window(NoHost):
        native = True

        def choose_open(self, title: str, kinds: object) -> Path | None:
            return source

        def choose_save(self, title: str, name: str) -> Path | None:
            assert name == "mine-refused.csv"
            return target

    app.extensions["roster.host"] = Window()
    address = client.post("/import", data={"browse": "1"}).location.removesuffix("/columns")
    planned(client, address)
    client.post(f"{address}/refused")
    assert b"roster_reason" in target.read_bytes()
    source.unlink()
    assert "mine.csv" in page(client.get(f"{address}/columns"))
