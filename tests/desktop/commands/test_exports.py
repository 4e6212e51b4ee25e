"""`export`, as a person or a script runs it."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from desktop.folders import Folders
from tests.desktop.commands.conftest import Run
from webui.store import search


def test_exports_go_by_the_suffix(run: Run, people: Path, tmp_path: Path) -> None:
    assert run("export", tmp_path / "all.csv").out == f"2 people in {tmp_path / 'all.csv'}.\n"
    told = run("export", tmp_path / "m.vcf", "--query", "mara", "--json").json
    assert told == {"file": str(tmp_path / "m.vcf"), "people": 1}
    assert (tmp_path / "m.vcf").read_bytes().count(b"BEGIN:VCARD") == 1
    assert run("export", tmp_path / "all.json").code == 0
    assert len(json.loads((tmp_path / "all.json").read_text())["people"]) == 2
    assert run("import", tmp_path / "all.csv").out.startswith("0 added, 0 changed, 2 as they were")


def test_one_person_is_one(run: Run, people: Path, tmp_path: Path) -> None:
    assert run("export", tmp_path / "m.csv", "--query", "mara").out == f"1 person in {tmp_path / 'm.csv'}.\n"


def test_an_unknown_suffix_is_a_wrong_usage(run: Run, tmp_path: Path) -> None:
    for name in ("all.docx", "all"):
        ran = run("export", tmp_path / name)
        assert ran.code == 2
        assert "Known are: .csv, .tsv, .xlsx, .vcf, .zip, .ldif, .json, .sqlite, .db, .html." in ran.err


@pytest.mark.outside
def test_who_matches_and_what_they_are_is_of_one_moment(
    run: Run, people: Path, folders: Folders, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    everyone = search.everyone

    def read(session: Session, query: str) -> list[int]:
        found = everyone(session, query)
        with closing(sqlite3.connect(folders.database, isolation_level=None)) as other:
            other.execute("UPDATE users SET note = 'later'")
        return found

    monkeypatch.setattr(search, "everyone", read)
    assert run("export", tmp_path / "m.json", "--query", "mara").code == 0
    assert json.loads((tmp_path / "m.json").read_text())["people"][0]["note"] is None


def test_a_query_that_cannot_be_read_is_told(run: Run, people: Path, tmp_path: Path) -> None:
    for command in (
        ("export", tmp_path / "m.csv", "--query", "ciyt:lund"),
        ("users", "--query", "ciyt:lund"),
    ):
        ran = run(*command)
        assert (ran.code, ran.out) == (2, "")
        assert "There is no field ciyt. Did you mean city:" in ran.err
    assert not (tmp_path / "m.csv").exists()


def test_what_has_no_field_is_a_column_by_its_name_in_the_file(run: Run, tmp_path: Path) -> None:
    came, out = tmp_path / "came.csv", tmp_path / "out.csv"
    came.write_text("Name,E-mail,Locker\nMara Ek,m@x.example,B12\n", encoding="utf-8")
    run("import", came)
    for name in ("kept", "_kept_as_it_came"):
        assert run("export", out, "--replace", "--columns", f"email,{name}").code == 0
        assert "B12" in out.read_text(encoding="utf-8-sig")


def test_options_say_how_a_file_is_written(run: Run, people: Path, tmp_path: Path) -> None:
    file = tmp_path / "m.csv"
    how = ("--raw", "--semicolon", "--columns", "Username, EMAIL")
    assert run("export", file, "--query", "mara", *how).code == 0
    assert file.read_bytes() == b"username;email\r\nmara.ek;m@x.example\r\n"
    assert run("export", tmp_path / "m.vcf", "--vcard", "3").code == 0
    assert b"VERSION:3.0\r\n" in (tmp_path / "m.vcf").read_bytes()
    assert run("export", file, "--mail-merge", "--replace").code == 0
    assert file.read_text("utf-8-sig").startswith("name,uid,username,")


@pytest.mark.parametrize("suffix", ["tsv", "xlsx", "zip", "ldif", "sqlite", "db", "html"])
def test_each_suffix_is_a_kind_of_file(run: Run, people: Path, tmp_path: Path, suffix: str) -> None:
    told = run("export", tmp_path / f"all.{suffix}", "--json").json
    assert told["people"] == 2
    assert (tmp_path / f"all.{suffix}").stat().st_size > 100
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith(".roster")] == []


@pytest.mark.parametrize(
    ("name", "option", "said"),
    [
        (
            "m.csv",
            ("--columns", "nmae"),
            "There is no column nmae. Nothing was written. There are: uid, username",
        ),
        ("m.json", ("--columns", "email"), "holds all there is"),
        ("m.csv", ("--columns", "email,photo"), "A file .csv has no place for photo. Nothing was written"),
        ("m.xlsx", ("--mail-merge", "--columns", "posts"), "has no place for posts"),
        ("m.vcf", ("--vcard", "3", "--columns", "posts"), "has no place for posts"),
        ("m.vcf", ("--columns", "kept"), "has no place for kept"),
        ("m.ldif", ("--columns", "tags"), "has no place for tags"),
        ("m.vcf", ("--mail-merge",), "is no table for mail merge"),
        ("m.csv", ("--vcard", "3"), "It is for .vcf, .zip. Nothing was written."),
        ("m.xlsx", ("--semicolon",), "It is for .csv. Nothing was written."),
        ("m.tsv", ("--semicolon",), "It is for .csv. Nothing was written."),
        ("m.html", ("--raw",), "It is for .csv, .tsv. Nothing was written."),
    ],
)
def test_what_a_file_can_not_have_is_told(
    run: Run, people: Path, tmp_path: Path, name: str, option: tuple[str, ...], said: str
) -> None:
    ran = run("export", tmp_path / name, *option)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert not (tmp_path / name).exists()


def test_a_table_for_letters_is_none_to_be_edited(run: Run, people: Path, tmp_path: Path) -> None:
    ran = run("export", tmp_path / "m.csv", "--mail-merge", "--to-edit")
    assert (ran.code, ran.out) == (2, "")
    assert "A table for mail merge has not all that an edited one is compared by." in ran.err
    assert not (tmp_path / "m.csv").exists()
