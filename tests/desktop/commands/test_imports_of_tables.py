"""`import` of a file with several sheets, or tables: which one is read, and that it says so."""

from pathlib import Path

import pytest

from tests.desktop.commands.conftest import Run
from tests.exchange.workbooks import row, xlsx


def test_the_sheet_with_people_is_read_and_said(run: Run, tmp_path: Path) -> None:
    path, people = tmp_path / "sponsors.xlsx", row(1, "Name", "E-mail") + row(2, "Mara Ek", "m@x.example")
    path.write_bytes(xlsx(row(1, "Read me"), Sponsors=people, Lists=row(1, "Category") + row(2, "Gold")))
    told = run("import", path, "--dry-run", "--json").json
    assert (told["table"], told["tables"]) == ("Sponsors", ["People", "Sponsors", "Lists"])
    said = "Read from “Sponsors”; there are also, for --table: People, Lists."
    assert said in run("import", path).out
    assert run("users").out.count("\n") == 1
    asked = run("import", path, "--table", "People")  # nobody's e-mail: a question
    assert (asked.code, "Read from “People”" in asked.out + asked.err) == (4, True)


@pytest.mark.parametrize(
    ("sheets", "first"),
    [
        ((row(1, "Mara Ek", "Lund"), row(1, "Category") + row(2, "Gold")), "People"),
        ((row(1, "Mara Ek", "m@x.example"), row(1, "Name") + row(2, "Bo Ek")), "People"),
        ((row(1, "Mara Ek"), row(1, "See below")), "People"),
        ((row(1, "See below"), row(1, "Mara Ek", "Lund")), "Others"),
        (("", row(1, "Mara Ek")), "Others"),
    ],
)
def test_the_first_sheet_with_people_is_read(
    run: Run, tmp_path: Path, sheets: tuple[str, str], first: str
) -> None:
    path = tmp_path / "people.xlsx"
    path.write_bytes(xlsx(sheets[0], Others=sheets[1]))
    assert run("import", path, "--dry-run", "--json", "--allow-missing-email").json["table"] == first


def test_a_header_alone_brings_nobody_as_an_empty_file(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    for content in ("", "First Name,E-mail\n"):
        file.write_text(content)
        told = run("import", file)
        assert (told.code, "There are no people in this file." in told.err) == (1, True)


def test_formulas_without_a_result_are_said_before_anything_is_asked(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "people.xlsx"
    unsolved = '<row r="2"><c r="A2"><v>7</v></c><c r="B2"><f>A2</f><v/></c></row>'
    path.write_bytes(xlsx(row(1, "Name", "E-mail"), unsolved))
    said = "Formulas without a result in the sheet “People”: 1, the first in B2."
    asked = run("import", path)
    assert (asked.code, said in asked.out + asked.err) == (4, True)
    assert said in run("import", path, "--allow-missing-email").out
    (told,) = run("import", path, "--allow-missing-email", "--json").json["doubts"]
    assert told.startswith(said)
