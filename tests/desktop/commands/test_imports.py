"""`import`, as a person or a script runs it."""

import json
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from desktop.commands import shared
from desktop.folders import Folders
from tests.desktop.commands.conftest import HEADER, TWO, Run
from webui.exchange import importing, targets
from webui.store.errors import Message, ReadOnly
from webui.store.ledger import sqlite

NOBODY = ",,,01/01/1970\n"


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str], Path]:
    def written(content: str) -> Path:
        path = tmp_path / "people.csv"
        path.write_text(content, encoding="utf-8")
        return path

    return written


def test_people_come_in_and_a_second_time_nothing_changes(run: Run, file: Callable[[str], Path]) -> None:
    assert run("import", file(TWO)).out == "2 added, 0 changed, 0 as they were, 0 refused.\n"
    before = run("digest").out
    told = run("import", file(TWO), "--json").json
    assert (told["added"], told["same"], told["operation"]) == (0, 2, None)
    assert run("digest").out == before
    assert "Undone: Import people.csv" in run("undo").out
    assert run("users").out == ""


def test_a_family_with_one_email_comes_back_from_its_own_csv_unasked(
    run: Run, file: Callable[[str], Path], tmp_path: Path
) -> None:
    run("import", file("Name,E-mail\nMara Ek,ek@x.example\nBo Ek,ek@x.example\n"), "--allow-missing-email")
    out, digest = tmp_path / "out.csv", run("digest", "--records").out
    run("export", out)
    run("undo")
    told = run("import", out, "--allow-missing-email", "--json").json
    assert (told["added"], told["questions"], told["asked"]) == (2, 0, [])
    assert run("digest", "--records").out == digest


@pytest.mark.parametrize(
    ("content", "code"), [(TWO, 0), (TWO + NOBODY, 3), (TWO + "Kim,,,\n", 4), (TWO + "Kim,,,\n" + NOBODY, 4)]
)
def test_a_dry_run_says_what_the_real_one_does_and_changes_nothing(
    run: Run, file: Callable[[str], Path], content: str, code: int
) -> None:
    before, path = run("digest").out, file(content)
    dry = run("import", path, "--dry-run")
    assert (dry.code, run("digest").out) == (code, before)
    assert dry.out.startswith("Nothing was changed. It would be: ")
    told = run("import", path, "--dry-run", "--json")
    real = run("import", path, "--json")
    assert (told.code, real.code) == (code, code)
    assert real.json | {"dry_run": True, "operation": None} == told.json


def test_a_sheet_that_is_not_there_is_a_wrong_usage(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "club.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE Members (name)")
    ran = run("import", path, "--table", "Membres")
    assert (ran.code, "these sheets, or tables: Members" in ran.err) == (2, True)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("p.csv", TWO),
        ("p.vcf", "BEGIN:VCARD\nVERSION:3.0\nFN:Mara Ek\nEND:VCARD\n"),
        ("p.ldif", "dn: cn=Mara\ncn: Mara Ek\n"),
        ("p.json", '[{"Name": "Mara Ek"}]'),
    ],
)
def test_a_table_of_a_file_that_has_none_is_a_wrong_usage(
    run: Run, tmp_path: Path, name: str, content: str
) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    ran = run("import", tmp_path / name, "--table", "Members")
    assert (ran.code, "such a file has no sheets, nor tables" in ran.err) == (2, True)
    assert run("users").out == ""


def test_what_was_said_of_dates_is_said_of_the_next_such_file(run: Run, file: Callable[[str], Path]) -> None:
    two = "Name,E-mail,Birthday\nMara Ek,m@x.example,03/04/1987\n"
    assert run("import", file(two)).code == 4
    assert run("import", file(two), "--dates", "month").code == 0
    ran = run("import", file(two + "Bo Berg,b@x.example,05/06/1990\n"))
    assert (ran.code, "the month comes first, as last time; or say --dates day" in ran.out) == (0, True)
    assert run("import", file(two), "--dates", "day", "--json").json["dates_before"] is None


def test_people_without_an_email_are_a_question_that_an_option_answers(
    run: Run, file: Callable[[str], Path]
) -> None:
    path = file("Name\nKim\nLou\n")
    for asked in ([], ["--dry-run"]):
        ran = run("import", path, *asked)
        assert ran.code == 4
        assert ran.err.startswith("2 people in the file have no e-mail")
        assert ran.err.endswith("With --allow-missing-email they come in.\n")
        told = run("import", path, "--json", *asked).json
        assert (told["code"], told["without_email"], told["error"]) == (4, 2, ran.err.strip())
    assert run("users").out == ""
    assert run("import", path, "--allow-missing-email", "--dry-run").code == 0
    assert run("import", path, "--allow-missing-email").out.startswith("2 added")


def test_a_rule_that_is_met_only_on_applying_is_the_same_question(
    run: Run, file: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "needs_email", lambda *_: 0)
    ran = run("import", file("Name\nKim\n"))
    assert (ran.code, ran.err.split(",")[0]) == (4, "1 person in the file has no e-mail of their own")


def test_refused_rows_are_exit_code_three_and_a_file(
    run: Run, file: Callable[[str], Path], tmp_path: Path
) -> None:
    out = tmp_path / "refused.csv"
    done = run("import", file(TWO + NOBODY), "--rejects", out)
    assert done.code == 3
    assert "Line 4: No name, no username, no e-mail, no phone and no organisation" in done.out
    mended = out.read_text().replace(NOBODY.strip(), "Jonas,,j@x.example,01/01/1970")
    assert run("import", file(mended)).out.startswith("1 added, 0 changed, 0 as they were, 0 refused.")
    told = run("import", file(TWO + ",,,x\n"), "--json")
    assert told.code == 3
    assert told.json["rejected"] == [{"line": 4, "reason": done.out.split("Line 4: ")[1].split(".\n")[0]}]


def test_without_refused_rows_there_is_no_file_and_that_is_said(
    run: Run, file: Callable[[str], Path], tmp_path: Path
) -> None:
    ran = run("import", file(TWO), "--rejects", tmp_path / "refused.csv")
    assert ran.out.endswith("No row was refused, so no file of refused rows was written.\n")
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["people.csv"]


def test_nobody_comes_in_when_the_refused_rows_cannot_be_written(
    run: Run, file: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_stream: object, place: Path) -> None:
        raise ReadOnly(Message("export.not_written", {"path": str(place)}))

    before = run("digest").out
    monkeypatch.setattr(targets, "keep", full)
    ran = run("import", file(TWO + NOBODY), "--rejects", tmp_path / "refused.csv")
    assert (ran.code, ran.out) == (1, "")
    assert "can't be written" in ran.err
    assert run("digest").out == before
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["people.csv"]


def test_a_place_that_goes_away_meanwhile_is_told_as_it_is(
    run: Run, file: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, apply = tmp_path / "refused.csv", importing.apply

    def in_the_way(engine: Engine, *how: Any, **more: Any) -> importing.Result:
        place.mkdir()
        return apply(engine, *how, **more)

    monkeypatch.setattr(importing, "apply", in_the_way)
    ran = run("import", file(TWO + NOBODY), "--rejects", place)
    assert (ran.code, ran.err) == (
        3,
        f"The people are in, but the refused rows could not be written to {place}.\n",
    )
    assert run("users").out.count("\n") == 2


def test_a_dry_run_that_cannot_write_the_refused_rows_says_that_nothing_changed(
    run: Run, file: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_stream: object, place: Path) -> None:
        raise ReadOnly(Message("export.not_written", {"path": str(place)}))

    monkeypatch.setattr(targets, "publish", full)
    ran = run("import", file(TWO + NOBODY), "--rejects", tmp_path / "refused.csv", "--dry-run")
    assert ran.code == 1
    assert "Nothing was changed" in ran.err


def test_a_namesake_of_an_email_is_a_second_person_and_said(run: Run, file: Callable[[str], Path]) -> None:
    run("import", file(TWO))
    done = run("import", file("First Name,E-mail\nBo,m@x.example\n"), "--allow-missing-email")
    assert "1 row may be someone who is here or in the file already; it comes in as a person" in done.out


def test_usernames_that_are_taken_are_told(run: Run, file: Callable[[str], Path]) -> None:
    run("import", file(TWO))
    path = file("Username,E-mail\nmara.ek,a@x.example\nkim,b@x.example\nkim,c@x.example\n")
    for asked in (["--dry-run"], []):
        told = run("import", path, "--json", *asked).json
        assert (told["added"], told["renamed"]) == (3, 2)
        assert told["usernames"] == [
            {"line": 2, "wanted": "mara.ek", "username": "mara.ek.2"},
            {"line": 4, "wanted": "kim", "username": "kim.2"},
        ]
    run("undo")
    lines = run("import", path).out.splitlines()
    assert lines[1:] == [
        "2 usernames are taken, so those people get others:",
        "Line 2: “mara.ek” is taken, so the username is “mara.ek.2”.",
        "Line 4: “kim” is taken, so the username is “kim.2”.",
    ]
    assert run("import", path, "--json").json["renamed"] == 0  # nobody is added


def test_what_is_doubtful_in_a_row_is_told(run: Run, file: Callable[[str], Path]) -> None:
    rows = "kim,kim_at_x,and,more\nlou,lou_at_x\nnoor,n@x.example\n,no_at\n"
    path = file("Username,E-mail\n" + rows)
    ran = run("import", path, "--allow-missing-email")
    assert ran.code == 3
    assert ran.out.splitlines() == [
        "3 added, 0 changed, 0 as they were, 1 refused.",
        "2 rows have something to look at, of which nothing is lost:",
        "Line 2: “kim_at_x” is no e-mail; it stays with the person as it is.",
        "Line 2: More cells than columns; they stay with the person.",
        "Line 3: “lou_at_x” is no e-mail; it stays with the person as it is.",
        "Line 5: “no_at” is no e-mail, and nothing else says who this is.",
    ]
    run("undo")
    told = run("import", path, "--allow-missing-email", "--json").json
    assert (told["to_look_at"], told["warnings"]) == (2, {"row.more_cells": 1, "row.no_address": 2})
    assert [row["line"] for row in told["warned"]] == [2, 2, 3]
    told = run("import", path, "--allow-missing-email", "--json").json
    assert (told["same"], told["to_look_at"]) == (3, 2)  # as the preview in the window counts them


def test_long_lists_are_cut_and_that_is_said(run: Run, file: Callable[[str], Path]) -> None:
    rows = "".join(f"kim,k{n}@x.example,more\n" for n in range(30))
    ran = run("import", file("Username,E-mail\n" + rows + ',"x"\n' * 30))
    assert ran.out.count("And more; --json names them.") == 2
    assert ran.out.count("And more; --rejects FILE writes them all.") == 1
    assert ran.out.count("\nLine ") == 60


def test_what_comes_first_in_dates_is_a_question_that_an_option_answers(
    run: Run, file: Callable[[str], Path], folders: Folders
) -> None:
    before, source = run("digest").out, file(f"{HEADER}Mara,Ek,m@x.example,03/04/1987\n")
    asked = run("import", source)
    assert (asked.code, run("digest").out) == (4, before)
    for part in ("In the column Birthday, 03/04/1987 can be 3 April 1987 or 4 March 1987", "--dates day"):
        assert part in asked.err
    dry = run("import", source, "--dry-run")
    assert (dry.code, dry.out.splitlines()[0][:46]) == (4, "Nothing was changed. It would be: 1 added, 0 c")
    assert run("import", source, "--dates", "day").code == 0
    assert run("import", source, "--dates", "day", "--json").json["same"] == 1
    connection = sqlite.connect(folders.database)
    assert connection.execute("SELECT birthday FROM users").fetchall() == [("1987-04-03",)]
    connection.close()


def test_dates_and_emails_are_asked_about_at_once(run: Run, file: Callable[[str], Path]) -> None:
    asked = run("import", file(f"{HEADER}Mara,Ek,,03/04/1987\n"))
    assert asked.code == 4
    assert "--dates day" in asked.err
    assert "--allow-missing-email" in asked.err


def test_a_birthday_that_is_no_date_is_a_warning(run: Run, file: Callable[[str], Path]) -> None:
    ran = run("import", file(f"{HEADER}Mara,Ek,m@x.example,in spring\n"))
    assert (ran.code, ran.out.count("“in spring” can't be read as a date; it is kept as it is")) == (0, 1)


def test_the_order_of_dates_is_kept_with_the_rows(
    run: Run, file: Callable[[str], Path], folders: Folders
) -> None:
    run("import", file(TWO), "--dates", "month")
    connection = sqlite.connect(folders.database)
    (options,) = connection.execute("SELECT options FROM source_files").fetchone()
    connection.close()
    assert json.loads(options)["dates"] == "month"
    assert run("import", file(TWO), "--dates", "year").code == 2


@pytest.mark.parametrize("content", ["", "a\0\0\0b\n" * 40])
def test_what_is_no_csv_file_is_one_clear_line(run: Run, file: Callable[[str], Path], content: str) -> None:
    ran = run("import", file(content))
    assert (ran.code, ran.err.count("\n")) == (1, 1)


def test_nothing_is_left_in_the_scratch_folder(
    run: Run, file: Callable[[str], Path], folders: Folders
) -> None:
    assert run("import", file(HEADER + "Mara,Ek,m@x.example,\n")).code == 0
    assert list(folders.scratch.iterdir()) == []


def test_the_refused_rows_never_replace_the_file_itself(run: Run, file: Callable[[str], Path]) -> None:
    source = file(TWO + NOBODY)
    before = source.read_bytes()
    ran = run("import", source, "--rejects", source, "--replace")
    assert (ran.code, source.read_bytes()) == (1, before)
    assert "is the very file that is read" in ran.err


@pytest.mark.parametrize("phase", ["import.read", "import.match", "import.write", "import.index"])
def test_ctrl_c_says_what_became_of_it(
    run: Run, tmp_path: Path, phase: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At a step it stops and takes back; from the last one on it is done, and said to be."""
    path = tmp_path / "people.csv"
    path.write_text(TWO)
    real = shared.stoppable

    def stoppable() -> Callable[..., None]:
        step = real()

        def struck(*at: object) -> None:
            step(*at)
            if at and at[0] == phase:
                signal.raise_signal(signal.SIGINT)

        return struck

    monkeypatch.setattr(shared, "stoppable", stoppable)
    ran = run("import", path)
    there = len(run("users").out.splitlines())
    if ran.code == 0:
        assert (phase, there) == ("import.index", 2)
    else:
        assert (ran.code, ran.err.strip(), there) == (1, "Stopped. Nothing was changed.", 0)


def test_what_roster_exported_comes_back_and_takes_nobody_away(
    run: Run, people: Path, folders: Folders, tmp_path: Path
) -> None:
    out, records = tmp_path / "all.json", run("digest", "--records").out
    assert run("export", out).code == 0
    people.write_text(TWO + "Kim,Ek,k@x.example,\n")
    run("import", people)
    same = run("import", out)
    assert same.out == "all.json is an export of Roster. People: 0 added, 0 changed.\n"
    run("undo")
    run("undo")
    before = run("digest").out
    dry = run("import", out, "--dry-run")
    assert dry.out == (
        "Nothing was changed. It would be: all.json is an export of Roster. People: 2 added, 0 changed.\n"
    )
    assert run("digest").out == before
    told = run("import", out, "--json").json
    assert (told["added"], told["changed"], told["removed"], told["dry_run"]) == (2, 0, 0, False)
    assert Path(told["safety_copy"]).is_file()
    assert run("digest", "--records").out == records
    assert run("undo").code == 0
    assert run("users").out == ""
    out.write_text(out.read_text("utf-8")[:-9], "utf-8")
    broken = run("import", out)
    assert (broken.code, "was cut short or changed" in broken.err) == (1, True)


def test_a_database_of_roster_is_no_other_programs_file(run: Run, people: Path, tmp_path: Path) -> None:
    with closing(sqlite.connect(tmp_path / "data" / "roster.db")) as live:
        live.execute("VACUUM INTO ?", (str(tmp_path / "old.db"),))
    before = run("digest").out
    ran = run("import", tmp_path / "old.db")
    assert (ran.code, "whole database of Roster" in ran.err) == (1, True)
    assert run("digest").out == before
    assert run("restore", tmp_path / "old.db", "--dry-run").code == 0
