"""A sheet sent out and taken back by commands."""

import csv
from pathlib import Path

import openpyxl
import pytest

from tests.desktop.commands.conftest import TWO, Run
from webui.exchange.sent import taking


def test_edits_come_in_and_of_conflicts_yours_stays_unless_theirs_is_said(run: Run, tmp_path: Path) -> None:
    people, sheet = tmp_path / "people.csv", tmp_path / "sheet.csv"
    people.write_text(TWO, encoding="utf-8")
    run("import", people)
    assert run("export", sheet, "--to-edit", "--columns", "given,family").code == 0
    written = sheet.read_text(encoding="utf-8-sig")
    assert written.startswith("uid,given,family,roster_sent ")
    people.write_text(TWO.replace("Mara,Ek", "Mara,Lund"), encoding="utf-8")
    run("import", people)
    sheet.write_text(written.replace("Mara,Ek", "Maria,Berg"), encoding="utf-8-sig")
    before = run("digest").out
    dry = run("import", sheet, "--dry-run")
    assert "It would be: 1 edit of 1 person, 0 new people." in dry.out
    assert run("digest").out == before
    told = run("import", sheet)
    assert (told.code, "Line 2, Mara Lund, family: theirs “Berg”, yours “Lund”." in told.out) == (0, True)
    assert "Maria Lund" in run("users").out
    theirs = run("import", sheet, "--theirs", "--json").json
    assert (theirs["edits"], theirs["changed"]) == (1, 1)
    assert "Maria Berg" in run("users").out
    assert "Undone: Import sheet.csv" in run("undo").out
    assert run("export", tmp_path / "sheet.vcf", "--to-edit").code != 0


def sent(run: Run, tmp_path: Path, *more: str) -> tuple[Path, list[dict[str, str]]]:
    """Send three people with some columns; return the sheet and its rows."""
    people, sheet = tmp_path / "people.csv", tmp_path / "sheet.csv"
    people.write_text(f"{TWO}Bo,Berg,b@x.example,\n", encoding="utf-8")
    run("import", people)
    assert run("export", sheet, "--to-edit", "--columns", "given,family,email", *more).code == 0
    with sheet.open(encoding="utf-8-sig", newline="") as stream:
        return sheet, list(csv.DictReader(stream))


def save(sheet: Path, rows: list[dict[str, str]]) -> None:
    with sheet.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0], restval="")
        writer.writeheader()
        writer.writerows(rows)


def test_rows_that_cannot_be_taken_come_out_as_a_sheet_that_comes_in_once_mended(
    run: Run, tmp_path: Path
) -> None:
    sheet, (mara, noor, bo) = sent(run, tmp_path)
    mara |= {"family": "Lund", "email": "n@x.example"}
    noor["given"] = "Nora"
    bo["family"] = "Bergson"
    save(
        sheet,
        [mara, noor, bo, dict(mara), {"email": "lea@x.example", "given": "Lea"}, {"family": " ", "uid": "?"}],
    )
    rejects = tmp_path / "rejects.csv"
    dry = run("import", sheet, "--dry-run", "--rejects", rejects, "--json")
    assert (dry.code, dry.json["edits"], dry.json["refused"]) == (3, 3, 3)
    rejects.unlink()
    done = run("import", sheet, "--rejects", rejects)
    assert done.code == 3
    assert "3 edits of 3 people, 1 new person." in done.out
    assert "Line 2, Mara Ek: “n@x.example” is already the e-mail of N" in done.out
    assert "Line 5, Mara Ek: The same person as line 2" in done.out
    with rejects.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["given"] for row in rows] == ["Mara", "Mara", ""]
    assert "n@x.example" in rows[0]["roster_reason"]
    rows[0]["email"] = "mara@x.example"
    rows[2] |= {"uid": "", "given": "Zoe", "email": "zoe@x.example"}
    save(rejects, [rows[0], rows[2]])
    again = run("import", rejects, "--json").json
    assert (again["edits"], again["added"], again["refused"]) == (1, 1, 0)
    assert "roster_reason" not in run("import", rejects).out
    assert "mara@x.example" in run("users").out


def test_what_comes_first_in_an_edited_date_is_asked_and_said(run: Run, tmp_path: Path) -> None:
    sheet, (mara, noor, bo) = sent(run, tmp_path, "--replace", "--columns", "given,birthday")
    save(sheet, [mara, noor | {"birthday": "03/04/1990", "given": "Nora"}, bo])
    before = run("digest").out
    asked = run("import", sheet)
    assert (asked.code, run("digest").out) == (4, before)
    assert "--dates day or --dates month" in asked.err
    assert run("import", sheet, "--dates", "day").code == 0
    out = tmp_path / "out.csv"
    run("export", out, "--raw", "--query", "nora", "--columns", "birthday")
    assert "1990-04-03" in out.read_text(encoding="utf-8")
    assert "0 edits of 0 people" in run("import", sheet).out  # as it came in
    assert "0 edits of 0 people" in run("import", sheet, "--dates", "day").out
    other = run("import", sheet, "--dates", "month")
    assert "Line 3, Nora Haddad, birthday: theirs “1990-03-04”, yours “1990-04-03”." in other.out
    assert "1 edit of 1 person" in run("import", sheet, "--dates", "month", "--theirs").out


def test_a_row_that_lost_the_mark_of_who_it_is_is_told(run: Run, tmp_path: Path) -> None:
    sheet, (mara, noor, bo) = sent(run, tmp_path)
    save(sheet, [mara, noor | {"uid": "", "family": "Lund"}, bo])
    rejects = tmp_path / "rejects.csv"
    done = run("import", sheet, "--rejects", rejects)
    assert done.code == 3
    assert "1 row of someone who is here was left out because it lost its uid" in done.out
    assert "Line 3, Noor Lund: Is here already" in done.out
    told = run("import", sheet, "--json").json
    assert (told["unmarked"], told["without_uid"]) == (1, [{"line": 3, "name": "Noor Lund"}])
    assert (told["refused"], told["missing"]) == (1, 0)
    assert "Noor Lund" not in run("users").out
    with rejects.open(encoding="utf-8", newline="") as stream:
        (left,) = csv.DictReader(stream)
    assert noor["uid"] in left["roster_reason"]
    save(rejects, [left | {"uid": noor["uid"]}])
    assert (run("import", rejects).code, "Noor Lund" in run("users").out) == (0, True)


def test_what_is_to_be_looked_at_of_new_people_is_told_at_their_lines(run: Run, tmp_path: Path) -> None:
    sheet, rows = sent(run, tmp_path, "--columns", "given,family,email,username,birthday")
    lea = {"given": "Lea", "family": "Ek\nLund", "email": "lea@x.example", "birthday": "1.2.25"}
    twin = {"given": "Mara", "family": "Ek", "email": "other@x.example", "username": "mara.other"}
    bert = {"given": "Bert", "family": "Berg", "email": "bert@x.example", "username": rows[2]["username"]}
    save(sheet, [*rows, lea, twin, bert])
    done = run("import", sheet, "--dry-run")
    for said in (
        "1 row may be someone who is here", "Line 7: Has the name of Mara Ek", "1 username is taken",
        f"Line 8: “{rows[2]['username']}” is taken", "1 row has something to look at", "Line 5: “1.2.25”",
    ):  # fmt: skip
        assert said in done.out, said
    told = run("import", sheet, "--json").json
    assert (told["added"], told["questions"], told["renamed"], told["to_look_at"]) == (3, 1, 1, 1)
    assert [told[name][0]["line"] for name in ("asked", "usernames", "warned")] == [7, 8, 5]


@pytest.mark.parametrize("kind", ["csv", "json"])
def test_theirs_of_a_file_that_was_not_sent_is_refused(run: Run, tmp_path: Path, kind: str) -> None:
    sent(run, tmp_path)
    file = tmp_path / f"file.{kind}"
    run("export", file)
    before = run("digest").out
    done = run("import", file, "--theirs")
    assert (done.code, "--theirs" in done.err, "This file is none" in done.err) == (2, True, True)
    assert run("digest").out == before


def test_who_was_new_in_a_sheet_lost_no_uid_when_it_comes_again(run: Run, tmp_path: Path) -> None:
    sheet, rows = sent(run, tmp_path)
    lea = {"given": "Lea", "family": "Ek", "email": "lea@x.example"}
    save(sheet, [*rows, lea, lea])
    assert run("import", sheet, "--json").json["added"] == 1
    again = run("import", sheet, "--json")
    assert (again.code, again.json["added"], again.json["unmarked"]) == (0, 0, 0)


def test_what_was_left_only_when_it_was_taken_is_told(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking, "_TRIED", 0)
    sheet, (mara, noor, bo) = sent(run, tmp_path)
    save(sheet, [mara | {"email": "n@x.example", "family": "Lund"}, noor, bo])
    done = run("import", sheet, "--json")
    assert (done.code, done.json["edits"], done.json["refused"]) == (3, 1, 1)
    assert run("import", sheet, "--rejects", tmp_path / "none" / "rejects.csv").code in (1, 2)


def test_a_workbook_gives_a_workbook_of_what_was_left(run: Run, tmp_path: Path) -> None:
    people, sheet, rejects = (tmp_path / name for name in ("people.csv", "sheet.xlsx", "rejects.xlsx"))
    people.write_text(TWO, encoding="utf-8")
    run("import", people)
    run("export", sheet, "--to-edit")
    book = openpyxl.load_workbook(sheet)
    header = [cell.value for cell in book["People"][1]]
    book["People"].cell(2, header.index("email") + 1).value = "n@x.example"
    book.save(sheet)
    assert run("import", sheet, "--rejects", rejects).code == 3
    left = openpyxl.load_workbook(rejects).worksheets[0]
    assert (left.max_row, left.cell(1, left.max_column).value) == (2, "roster_reason")
    left.cell(2, header.index("email") + 1).value = "new@x.example"
    left.parent.save(rejects)
    assert (run("import", rejects).code, "new@x.example" in run("users").out) == (0, True)


def test_what_a_sheet_took_out_does_not_come_back_with_the_next_file(run: Run, tmp_path: Path) -> None:
    people, sheet = tmp_path / "people.csv", tmp_path / "sheet.csv"
    header = "First Name,Last Name,E-mail,Nickname,Tags\n"
    people.write_text(f"{header}Mara,Ek,m@x.example,Mimi,Choir\n", encoding="utf-8")
    assert run("import", people).code == 0
    assert run("export", sheet, "--to-edit", "--columns", "given,nickname,tags").code == 0
    written = sheet.read_text(encoding="utf-8-sig")
    assert "Mimi,Choir" in written
    sheet.write_text(written.replace("Mimi,Choir", "Mo,"), encoding="utf-8-sig")
    assert run("import", sheet, "--json").json["changed"] == 1
    people.write_text(f"{header}Mara,Lund,m@x.example,Mimi,Choir\n", encoding="utf-8")
    assert run("import", people, "--json").json["changed"] == 1
    out = tmp_path / "out.csv"
    assert run("export", out, "--columns", "given,family,nickname,tags").code == 0
    with out.open(encoding="utf-8-sig", newline="") as stream:
        (row,) = csv.DictReader(stream)
    assert [row[name] for name in ("given", "family", "nickname", "tags")] == ["Mara", "Lund", "Mo", ""]
