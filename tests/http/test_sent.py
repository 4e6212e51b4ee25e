"""A sheet that goes to someone and comes back, at the door: sent, edited there and here, taken, undone."""

import csv
import io
import re
from collections.abc import Callable
from html import escape
from typing import Any

import openpyxl
import pytest
from flask.testing import FlaskClient

from tests.exchange.workbooks import ods, ods_row
from tests.http.following import followed
from tests.http.imported import choose, page
from tests.http.test_exports import downloaded
from webui.exchange.sent import newcomers
from webui.jobs import Cancelled

Edit = Callable[[bytes, dict[tuple[str, str], str]], bytes]


def edited(content: bytes, edits: dict[tuple[str, str], str]) -> list[list[str]]:
    """Return the rows of a CSV with cells edited by username and column, in another order, and one more."""
    header, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    for (username, column), value in edits.items():
        row = next(row for row in rows if row[header.index("username")] == username)
        row[header.index(column)] = value
    rows.append(["lea" if name == "username" else "Lea" if name == "given" else "" for name in header])
    return [header, *reversed(rows)]


def as_csv(content: bytes, edits: dict[tuple[str, str], str]) -> bytes:
    """Save with semicolons, as a spreadsheet in Germany does."""
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=";").writerows(edited(content, edits))
    return stream.getvalue().encode("cp1252")


def as_ods(content: bytes, edits: dict[tuple[str, str], str]) -> bytes:
    return ods(*(ods_row(*map(escape, row)) for row in edited(content, edits)))


def as_xlsx(content: bytes, edits: dict[tuple[str, str], str], **lea: str) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["People"]
    sheet = book["People"]
    header = [cell.value for cell in sheet[1]]
    assert sheet.column_dimensions[sheet.cell(1, len(header)).column_letter].hidden
    for (username, column), value in edits.items():
        row = next(row for row in sheet.iter_rows(2) if row[header.index("username")].value == username)
        row[header.index(column)].value = value or None
    lea |= {"username": "lea", "given": "Lea"}
    sheet.append([lea.get(name) for name in header])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def add(client: FlaskClient, name: str, **more: str) -> None:
    form = {"username": name, "email": f"{name}@x.example", "given": name.title(), "family": "Ek", **more}
    assert client.post("/add", data=form).status_code == 303


@pytest.mark.parametrize(("kind", "edit"), [("csv", as_csv), ("csv", as_ods), ("xlsx", as_xlsx)])
def test_only_their_edits_come_in_and_one_undo_takes_them_back(
    kind: str, edit: Edit, client: FlaskClient, digest: Callable[[], str]
) -> None:
    add(client, "mara", organisation="Mill", birthday="3 April 1987")
    add(client, "noor", nickname="No")
    assert "Import shows their edits alone" in page(client.get("/export"))
    _name, content = downloaded(client, who="all", kind=kind, comes_back=kind)
    changed = {"given": "Mara", "family": "Lund", "organisation": "Forge"}
    assert (
        client.post(
            "/users/1/edit", data={"username": "mara", "email": "mara@x.example", **changed}
        ).status_code
        == 303
    )
    edits = {
        ("mara", "organisation"): "Yard",
        ("mara", "job_title"): "Smith",
        ("noor", "family"): "Noor",
        ("noor", "nickname"): "",
        ("noor", "birthday"): "1990-01-02",
    }
    before = digest()
    preview = followed(client, choose(client, edit(content, edits), f"people.{kind}"))
    said = page(preview)
    address = preview.request.path
    assert address.endswith("/sent")
    for part in (
        ": 2 people. Only what they edited",
        "Edits 4 Conflicts 1 New people 1 Left out 0",
        "was sent as Mill Keep yours: Forge",
        "Take theirs: Yard",
        "No emptied",
        "Take 4 edits, 1 new person",
    ):
        assert part in said
    assert "Mara Lund" in said  # who it is; what is another only here is no edit
    assert "Lund →" not in said
    answer = {"field": "organisation", "choice": "theirs"}
    (asked,) = re.findall(
        rf'class="group" method="post" action="({address}/\d+)"', preview.get_data(as_text=True)
    )
    said = page(followed(client, client.post(asked, data=answer)))
    assert "Take 5 edits" in said
    assert "Lea" in page(client.get(f"{address}?show=new"))
    assert digest() == before
    refused = client.post(address)
    assert refused.status_code == 409
    done = followed(client, client.post(address, data={"email_optional": "1"}))
    assert "Edits taken 5 People edited 2 New people 1" in page(done)
    assert "Lund" in page(client.get("/users/1"))
    for part in ("Yard", "Smith"):
        assert part in page(client.get("/users/1"))
    (operation,) = set(re.findall(r'name="operation" value="(\d+)"', done.get_data(as_text=True)))
    client.post("/undo", data={"operation": operation})
    assert digest() == before


def test_what_comes_first_in_the_dates_of_new_people_is_asked(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(client, "mara")
    _name, content = downloaded(
        client, who="all", kind="xlsx", comes_back="xlsx", column=["username", "given", "birthday"]
    )
    edited = as_xlsx(content, {("mara", "birthday"): "1990-01-02"}, birthday="03/04/1987")
    preview = followed(client, choose(client, edited, "people.xlsx"))
    address = preview.request.path
    assert "03/04/1987 can be either" in page(preview)
    assert client.post(address, data={"email_optional": "1"}).status_code == 409
    with monkeypatch.context() as patched:  # what is stopped halfway leaves what was there
        patched.setattr(newcomers, "judge", lambda *_all: (_ for _ in ()).throw(Cancelled))
        answer = client.post(f"{address}/dates", data={"dates": "month"})
        assert answer.location.startswith("/jobs/")
        assert "03/04/1987 can be either" in page(followed(client, answer))
    said = page(followed(client, client.post(f"{address}/dates", data={"dates": "month"})))
    assert "Take 1 edit, 1 new person" in said
    followed(client, client.post(address, data={"email_optional": "1"}))
    assert "4 March 1987" in page(client.get("/users/2"))


@pytest.mark.parametrize(("order", "day"), [("day", "1987-04-03"), ("month", "1987-03-04")])
def test_what_comes_first_in_an_edited_date_is_asked(client: FlaskClient, order: str, day: str) -> None:
    add(client, "mara", birthday="1987-02-11")

    def born(header: list[str], row: list[str]) -> list[list[str]]:
        row[header.index("birthday")], row[header.index("nickname")] = "03/04/1987", "Mia"
        return [row]

    address = sent_back(client, born)
    said = page(client.get(address))
    assert "Edits 2 Conflicts 0 New people 0 Left out 0" in said
    assert "In the column birthday, 03/04/1987 can be either" in said
    assert "Answer the question about the dates first" in said
    assert client.post(address).status_code == 409
    other, at_first = {"day": ("month", "4 March 1987"), "month": ("day", "3 April 1987")}[order]
    assert f"→ {at_first}" in page(followed(client, client.post(f"{address}/dates", data={"dates": other})))
    assert f"the {other} comes first, as you said" in page(client.get(address))
    answered = followed(client, client.post(f"{address}/dates", data={"dates": order}))
    assert f'name="dates" value="{other}"' in answered.get_data(as_text=True)
    said = page(answered)
    assert "can be either" not in said
    shown = {"day": "3 April 1987", "month": "4 March 1987"}[order]
    assert f"Birthday 11 February 1987 → {shown}" in said
    assert "Edits taken 2" in page(followed(client, client.post(address)))
    kept = client.get("/api/users/1").json
    assert kept
    assert kept["birthday"] == day


def test_what_changed_here_since_the_look_is_shown_again(client: FlaskClient) -> None:
    add(client, "mara")
    _name, content = downloaded(client, who="all", kind="xlsx", comes_back="xlsx")
    edited = as_xlsx(content, {("mara", "family"): "Lund"})
    address = followed(client, choose(client, edited, "people.xlsx")).request.path
    client.post(
        "/users/1/edit",
        data={"username": "mara", "email": "mara@x.example", "given": "Mara", "family": "Berg"},
    )
    said = page(followed(client, client.post(address, data={"email_optional": "1"})))
    assert "Something was changed here since you looked" in said
    assert "Keep yours: Berg" in said


def test_what_was_answered_stays_where_nothing_else_is_here_since(client: FlaskClient) -> None:
    add(client, "mara")

    def both(header: list[str], row: list[str]) -> list[list[str]]:
        row[header.index("family")], row[header.index("nickname")] = "Theirs", "Theirs"
        return [row]

    def mine(**edits: str) -> None:
        form = {"username": "mara", "email": "mara@x.example", "given": "Mara", **edits}
        assert client.post("/users/1/edit", data=form).status_code == 303

    address = sent_back(client, lambda *sheet: (mine(family="Mine", nickname="Mine"), both(*sheet))[1])
    client.post(f"{address}/all", data={"choice": "theirs"})
    mine(family="Mine", nickname="Other")
    looked = followed(client, client.post(address))
    assert "Something was changed here since you looked" in page(looked)
    pressed = re.findall(r'aria-pressed="true".*?<bdi>(\w+)</bdi>', looked.get_data(as_text=True), re.DOTALL)
    assert pressed == ["Theirs", "Other"]


def test_a_sheet_without_its_mark_is_any_other_file(client: FlaskClient) -> None:
    add(client, "mara")
    _name, content = downloaded(client, who="all", kind="csv", comes_back="csv")
    other = content.replace(b"roster_sent ", b"roster_sent 9")
    for sheet, told in ((other, True), (re.sub(rb"roster_sent [^,]*", b"", content), False)):
        said: Any = page(followed(client, choose(client, sheet)))
        assert ("was not sent from the Roster" in said) is told
        assert "Where each column goes" in said or "columns" in said


def sent_back(client: FlaskClient, change: Callable[[list[str], list[str]], list[list[str]]]) -> str:
    """Send everyone, and look at the sheet with `change` made to its one row; return the address."""
    _name, content = downloaded(client, who="all", kind="csv", comes_back="csv")
    header, row = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    stream = io.StringIO(newline="")
    rows = change(header, row)
    csv.writer(stream).writerows([header, *rows])
    return followed(client, choose(client, stream.getvalue(), "people.csv")).request.path


def of_rows(client: FlaskClient, change: Callable[[list[dict[str, str]]], None]) -> str:
    """Send everyone, and look at the sheet as `change` leaves its rows; return the address."""
    _name, content = downloaded(client, who="all", kind="csv", comes_back="csv")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    change(rows)
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    return followed(client, choose(client, stream.getvalue(), "people.csv")).request.path


def test_a_row_without_its_mark_reverts_nothing_here(client: FlaskClient, digest: Callable[[], str]) -> None:
    add(client, "mara")

    def unmarked(header: list[str], row: list[str]) -> list[list[str]]:
        row[header.index("uid")] = ""
        form = {"username": "mara", "email": "mara@x.example", "given": "Mara", "family": "Lund"}
        assert client.post("/users/1/edit", data=form).status_code == 303
        return [row]

    address = sent_back(client, unmarked)
    before = digest()
    said = page(client.get(address))
    assert "New people 0 Left out 1" in said
    assert "1 row is left out because it lost its uid" in said
    assert "nothing was edited that is not here already" not in said
    assert "There are no such rows" in page(client.get(f"{address}?show=new"))
    assert "so nothing of it is taken" in page(client.get(f"{address}?show=stuck"))
    assert "mara@x.example" in client.get(f"{address}/left").get_data(as_text=True)
    followed(client, client.post(address))
    assert digest() == before


@pytest.mark.parametrize("turn", [1, -1])
def test_edits_stand_in_the_order_of_the_columns(client: FlaskClient, turn: int) -> None:
    add(client, "mara")

    def moved(header: list[str], row: list[str]) -> list[list[str]]:
        for name in ("birthday", "family", "nickname", "job_title"):
            row[header.index(name)] = "1999"
        header[:] = header[::turn]
        return [row[::turn]]

    said = page(client.get(sent_back(client, moved)))
    labels = ["Last name", "Nickname", "Job title", "Birthday"]
    assert sorted(labels, key=said.rindex) == labels[::turn]


def test_a_new_row_that_cannot_be_read_is_told_and_stays(client: FlaskClient) -> None:
    add(client, "mara")

    def more(header: list[str], row: list[str]) -> list[list[str]]:
        row[header.index("nickname")] = "Mia"
        return [row, ["only a note" if name == "note" else "" for name in header]]

    address = sent_back(client, more)
    done = followed(client, client.post(address))
    assert "Edits taken 1 People edited 1 New people 0 Rows left out 1" in page(done)
    assert "Of one row something could not be taken" in page(done)
    assert "only a note" in client.get(f"{address}/left").get_data(as_text=True)
    (look,) = re.findall(rf'href="({address}[?]show=\w+)"', done.get_data(as_text=True))
    assert "— No name, no username" in page(client.get(look))
    looked = page(client.get(look))
    assert "New people 0 Left out 1" in looked
    assert "Their edits are in. What is left is shown here." in looked
    assert "Edits 0" not in looked
    (operation,) = set(re.findall(r'name="operation" value="(\d+)"', done.get_data(as_text=True)))
    client.post("/undo", data={"operation": operation})
    undone = page(followed(client, client.get(address)))
    assert "This was undone" in undone
    assert "Mend them in the file" not in undone


def test_rows_left_out_are_a_file_before_and_after_that_comes_in_once_mended(client: FlaskClient) -> None:
    for name in ("mara", "noor"):
        add(client, name)

    def both(rows: list[dict[str, str]]) -> None:
        rows[0] |= {"email": "noor@x.example", "nickname": "Mia"}

    address = of_rows(client, both)
    assert "Save the rows left out" not in page(client.get(address))
    stuck = client.get(f"{address}?show=stuck")
    assert "Save the rows left out" in page(stuck)
    assert '<ins class="now">Mia</ins>' in stuck.get_data(as_text=True)
    assert '<ins class="now">noor@x.example' not in stuck.get_data(as_text=True)  # is not taken
    before = client.get(f"{address}/left")
    assert "people-left-out.csv" in before.headers["Content-Disposition"]
    done = page(followed(client, client.post(address)))
    assert "Edits taken 1 People edited 1 New people 0 Rows left out 1" in done
    text = client.get(f"{address}/left").get_data(as_text=True)
    assert text == before.get_data(as_text=True)
    (row,) = csv.DictReader(io.StringIO(text, newline=""))
    assert "noor@x.example" in row["roster_reason"]
    mended = followed(
        client, choose(client, text.replace("noor@x.example,", "new@x.example,", 1), "people.csv")
    )
    assert "Edits 1 Conflicts 0 New people 0 Left out 0" in page(mended)
    again = followed(client, client.post(mended.request.path))
    assert "Rows left out 0" in page(again)
    assert client.get(mended.request.path).location == again.request.path
    assert client.get("/api/users/1").json["email"] == "new@x.example"  # type: ignore[index]


def test_what_came_of_conflicts_is_told_and_undone_from_there(
    client: FlaskClient, digest: Callable[[], str]
) -> None:
    add(client, "mara")

    def both(header: list[str], row: list[str]) -> list[list[str]]:
        row[header.index("family")], row[header.index("nickname")] = "Theirs", "Theirs"
        form = {"username": "mara", "email": "mara@x.example", "given": "Mara", "family": "Mine"}
        assert client.post("/users/1/edit", data={**form, "nickname": "Mine"}).status_code == 303
        return [row]

    address, before = sent_back(client, both), digest()
    followed(client, client.post(f"{address}/0", data={"field": "family", "choice": "theirs"}))
    done = followed(client, client.post(address))
    assert "In 1 conflict theirs was taken. In 1 conflict yours was kept." in page(done)
    (operation,) = set(re.findall(r'name="operation" value="(\d+)"', done.get_data(as_text=True)))
    client.post("/undo", data={"operation": operation})
    assert digest() == before
    assert "This was undone" in page(client.get(done.request.path))


@pytest.mark.parametrize(("choice", "family"), [("theirs", "Theirs"), ("mine", "Mine")])
def test_all_conflicts_are_answered_at_once_and_one_of_them_otherwise(
    client: FlaskClient, choice: str, family: str
) -> None:
    add(client, "mara")
    other = {"theirs": "mine", "mine": "theirs"}[choice]

    def both(header: list[str], row: list[str]) -> list[list[str]]:
        row[header.index("family")], row[header.index("nickname")] = "Theirs", "Theirs"
        form = {"username": "mara", "email": "mara@x.example", "given": "Mara", "family": "Mine"}
        assert client.post("/users/1/edit", data={**form, "nickname": "Mine"}).status_code == 303
        return [row]

    address = sent_back(client, both)
    client.post(f"{address}/0", data={"field": "family", "choice": other})
    said = page(followed(client, client.post(f"{address}/all", data={"choice": choice, "show": "conflict"})))
    assert ("Take 2 edits" in said) is (choice == "theirs")
    client.post(f"{address}/0", data={"field": "nickname", "choice": other})
    assert "Edits taken 1" in page(followed(client, client.post(address)))
    kept = client.get("/api/users/1").json
    assert kept
    assert (kept["family"], {kept["family"], kept["nickname"]}) == (family, {"Theirs", "Mine"})
