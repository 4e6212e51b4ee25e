"""A sheet sent out and taken back by commands."""

from pathlib import Path

from tests.desktop.commands.conftest import TWO, Run


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
    assert "It would be: 1 edits of 1 people, 0 new people." in dry.out
    assert run("digest").out == before
    told = run("import", sheet)
    assert (told.code, "Line 2, Mara Lund, family: theirs “Berg”, yours “Lund”." in told.out) == (0, True)
    assert "Maria Lund" in run("users").out
    theirs = run("import", sheet, "--theirs", "--json").json
    assert (theirs["edits"], theirs["changed"]) == (1, 1)
    assert "Maria Berg" in run("users").out
    assert "Undone: Import sheet.csv" in run("undo").out
    assert run("export", tmp_path / "sheet.vcf", "--to-edit").code != 0
