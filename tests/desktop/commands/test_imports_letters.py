"""The letters of a file by command: what they were taken for is said, and they can be told."""

import codecs
import zipfile
from pathlib import Path

import openpyxl
import pytest

from tests.desktop.commands.conftest import Run
from tests.desktop.commands.test_sent import sent

TOWNS = "Name,City\nMara,Århus\nIda,Tromsø\n"


def test_letters_that_were_guessed_are_told(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "towns.csv"
    file.write_bytes(TOWNS.encode("cp1252"))
    told = run("import", file, "--allow-missing-email").out
    assert (
        "Its letters were taken for Windows-1252; or say what they are, as in --encoding windows-1250."
        in told
    )
    file.write_text("Name,City\nOla,Århus\n", encoding="utf-8")
    assert "letters" not in run("import", file, "--allow-missing-email").out


def test_letters_of_cards_are_told_without_an_option_that_is_none_for_them(run: Run, tmp_path: Path) -> None:
    card = tmp_path / "åsa.vcf"
    card.write_bytes("BEGIN:VCARD\nVERSION:3.0\nFN:Åsa Öst\nEND:VCARD\n".encode("cp1252"))
    told = run("import", card, "--allow-missing-email").out
    assert ("taken for Windows-1252." in told, "--encoding" in told) == (True, False)


def test_letters_can_be_told(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "towns.csv"
    file.write_bytes(TOWNS.encode("cp1252"))
    other = run("import", file, "--dry-run", "--allow-missing-email", "--encoding", "iso-8859-2", "--json")
    assert other.json["encoding"] == "iso8859-2"
    told = run("import", file, "--allow-missing-email", "--encoding", "Windows-1252")
    assert (told.code, "letters" in told.out) == (0, False)
    run("export", out := tmp_path / "out.csv", "--columns", "addresses")
    assert "Tromsø" in out.read_text(encoding="utf-8")
    entries = tmp_path / "people.ldif"
    entries.write_bytes("dn: cn=Ida\ncn: Ida Åberg\nmail: ida@x.example\n".encode("mac-roman"))
    assert run("import", entries, "--encoding", "Mac Roman").code == 0
    assert "Ida Åberg" in run("users").out


def test_letters_in_which_a_file_cannot_be_are_refused(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "towns.csv"
    file.write_bytes(TOWNS.encode("cp1252"))
    before = run("digest").out
    refused = run("import", file, "--allow-missing-email", "--encoding", "utf-8")
    assert "Not all of this file can be read as UTF-8, but as Windows-1252 it can." in refused.err
    assert (refused.code, run("digest").out) == (1, before)
    for written, order in ((b"", "utf-16-be"), (codecs.BOM_UTF16_BE, "utf-16-be"), (b"", "utf-16-le")):
        file.write_bytes(written + TOWNS.encode(order))
        found = run(
            "import", file, "--dry-run", "--allow-missing-email", "--encoding", "utf-16", "--json"
        ).json
        assert (found["encoding"], found["added"]) == (order, 2)


@pytest.mark.parametrize("name", ["rot13", "klingon", ""])
def test_letters_that_there_are_not_are_refused_by_what_there_is(name: str, run: Run, people: Path) -> None:
    before = run("digest").out
    refused = run("import", people, "--encoding", name)
    assert f"“{name}” is none of UTF-8, Windows-1252, " in refused.err
    assert run("digest").out == before


def test_letters_are_told_of_no_file_that_says_them_itself(run: Run, people: Path, tmp_path: Path) -> None:
    book, back = tmp_path / "book.xlsx", tmp_path / "back.json"
    workbook = openpyxl.Workbook()
    workbook.active.append(["Name"])
    workbook.active.append(["Ida"])
    workbook.save(book)
    (tmp_path / "cards").mkdir()
    card = tmp_path / "cards" / "mara.vcf"
    card.write_text("BEGIN:VCARD\nVERSION:3.0\nFN:Mara\nEND:VCARD\n")
    with zipfile.ZipFile(tmp_path / "cards.zip", "w") as packed:
        packed.write(card)
    run("export", back)
    before = run("digest").out
    for file in (book, card, card.parent, tmp_path / "cards.zip", back):
        refused = run("import", file, "--encoding", "utf-8")
        assert (refused.code, "--encoding" in refused.err) == (2, True), file
        assert "Nothing was read." in refused.err
    assert run("digest").out == before


def test_the_letters_of_a_sheet_that_is_back_can_be_told(run: Run, tmp_path: Path) -> None:
    sheet, _rows = sent(run, tmp_path)
    sheet.write_bytes(sheet.read_text(encoding="utf-8-sig").replace("Bo,", "Bø,").encode("cp1252"))
    assert "taken for Windows-1252" in run("import", sheet, "--dry-run").out
    told = run("import", sheet, "--encoding", "cp1250", "--json").json
    assert (told["encoding"], told["edits"]) == ("cp1250", 1)
    assert "Bř Berg" in run("users").out


@pytest.mark.parametrize(
    ("names", "codec"),
    [
        *[("José Núñez,ÅKE ÅSTRÖM", codec) for codec in ("cp1252", "cp850", "mac-roman")],
        ("Žan Ñu", "cp1252"),
        ("Søren Ærø", "cp850"),
        ("太郎 山田", "euc_jp"),
        ("Ayşe Demir", "cp1254"),
    ],
)
def test_a_sheet_that_is_back_is_read_in_the_letters_of_what_was_sent(
    run: Run, tmp_path: Path, names: str, codec: str
) -> None:
    people, sheet = tmp_path / "people.csv", tmp_path / "sheet.csv"
    rows = [f"{name.replace(' ', ',')},p{at}@x.example\n" for at, name in enumerate(names.split(","))]
    people.write_text(f"First Name,Last Name,E-mail\n{''.join(rows)}", encoding="utf-8")
    run("import", people)
    run("export", sheet, "--to-edit", "--semicolon", "--columns", "given,family,email")
    sent = sheet.read_text(encoding="utf-8-sig").replace("p0@", "new@")
    sheet.write_bytes(sent.encode(codec))
    told = run("import", sheet, "--json").json
    assert (told["edits"], told["changed"], told["encoding_told"]) == (1, 1, False)
    assert names.split(",")[0] in run("users").out


def test_the_letters_are_those_of_what_was_sent_whatever_is_here_since(run: Run, tmp_path: Path) -> None:
    people, sheet = tmp_path / "people.csv", tmp_path / "sheet.csv"
    people.write_text(
        "First Name,Last Name,E-mail\nÑu,Åke,n@x.example\nØre,Ø,o@x.example\n", encoding="utf-8"
    )
    run("import", people)
    run("export", sheet, "--to-edit", "--columns", "given,family,email")
    sheet.write_bytes(sheet.read_text(encoding="utf-8-sig").encode("cp850"))
    people.write_text("First Name,Last Name,E-mail\nNu,Ake,n@x.example\nOre,O,o@x.example\n")
    assert run("import", people, "--json").json["changed"] == 2
    told = run("import", sheet, "--json").json
    assert (told["encoding"], told["edits"], told["conflicts"]) == ("cp850", 0, [])
