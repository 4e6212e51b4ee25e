"""`import` of vCards that are several files: in a folder, or in a zip."""

import zipfile
from pathlib import Path

import pytest

from tests.desktop.commands.conftest import TWO, Run

CARD = "BEGIN:VCARD\nVERSION:3.0\nFN:{0}\nEMAIL:{0}@x.example\nEND:VCARD\n"


def test_a_card_cut_in_the_middle_is_none_in_a_folder_either(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "cards"
    folder.mkdir()
    card = "BEGIN:VCARD\nVERSION:3.0\nFN:{0}\nEMAIL:{0}@post.example\nEND:VCARD\n"
    whole = {"a.vcf": card.format("ann")[:-22], "b.vcf": card.format("bo"),
             "c.vcf": card.format("cia").rstrip(), "d.vcf": "\n",
             "e.vcf": card.format("dan").replace("\n", "\r\n")}  # fmt: skip
    for name, said in whole.items():
        (folder / name).write_text(said, encoding="utf-8", newline="")
    told = run("import", folder, "--json")
    assert (told.code, told.json["added"], told.json["refused"]) == (3, 3, 1)
    assert [(each["file"], each["line"]) for each in told.json["rejected"]] == [("a.vcf", 1)]
    assert "ann" not in run("users").out


@pytest.mark.parametrize("zipped", [True, False])
def test_of_several_files_each_line_is_told_with_its_own_and_a_broken_one_stops_no_other(
    run: Run, tmp_path: Path, zipped: bool
) -> None:
    folder = tmp_path / "cards"
    folder.mkdir()
    card = "BEGIN:VCARD\nVERSION:3.0\nFN:{0}\nEMAIL:{0}@post.example\nEND:VCARD\n"
    cut = card.format("bo") + card.format("cia")[:-22]
    written = {"a.vcf": b"\x00\xff<html>", "b ö.vcf": cut.encode(),
               "c.vcf": card.format("dan").encode("utf-16"),
               "d.vcf": b"\xef\xbb\xbf" + card.format("eva").replace("@", " at ").encode()}  # fmt: skip
    with zipfile.ZipFile(tmp_path / "cards.zip", "w") as packed:
        for name, said in written.items():
            (folder / name).write_bytes(said)
            packed.writestr(name, said)
    where = tmp_path / "cards.zip" if zipped else folder
    ran = run("import", where, "--allow-missing-email", "--dry-run")
    assert "b ö.vcf, line 6: The file ends in the middle of this card" in ran.out
    assert "a.vcf, line 1: There is no card in this file that can be read." in ran.out
    assert "d.vcf, line 1: “eva at post.example” does not look like a complete e-mail" in ran.out
    told = run("import", where, "--allow-missing-email", "--json")
    assert (told.code, told.json["added"], told.json["refused"]) == (3, 3, 2)
    assert [row.split("\t")[1] for row in run("users").out.splitlines()] == ["bo", "dan", "eva"]


@pytest.mark.parametrize("zipped", [True, False])
def test_what_a_mac_puts_beside_files_is_passed_over(run: Run, tmp_path: Path, zipped: bool) -> None:
    beside = b"\0\5\x16\7\0\2\0\0Mac OS X"
    written = {"a.vcf": CARD.format("ann").encode(), "._a.vcf": beside}
    if zipped:
        written |= {"people/b.vcf": CARD.format("bo").encode(), "__MACOSX/people/._b.vcf": beside,
                    "people/._b.vcf": beside, "__MACOSX/b.vcf": beside}  # fmt: skip
    with zipfile.ZipFile(tmp_path / "cards.zip", "w") as packed:
        for name, said in written.items():
            packed.writestr(name, said)
            if not zipped:
                (tmp_path / name).write_bytes(said)
    told = run("import", tmp_path / "cards.zip" if zipped else tmp_path, "--json")
    assert (told.code, told.json["added"], told.json["rejected"]) == (0, 1 + zipped, [])


@pytest.mark.parametrize("dry", [True, False])
def test_refused_cards_of_a_zip_are_no_zip_and_said_where_they_are(
    run: Run, tmp_path: Path, dry: bool
) -> None:
    path, more = tmp_path / "cards.zip", ["--dry-run"] if dry else []
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("ann.vcf", CARD.format("ann") + "BEGIN:VCARD\nVERSION:3.0\nEND:VCARD\n")
    wrong = run("import", path, "--rejects", tmp_path / "refused.ZIP", *more)
    assert (wrong.code, "written as .vcf, not as .zip" in wrong.err, run("users").out) == (2, True, "")
    assert [each.name for each in tmp_path.iterdir() if each.is_file()] == ["cards.zip"]
    right = tmp_path / "refused.vcf"
    told = run("import", path, "--rejects", right, *more)
    assert (told.code, told.out.splitlines()[-1]) == (3, f"1 refused row was written to {right}.")
    assert right.read_text().startswith("BEGIN:VCARD")


@pytest.mark.parametrize("stored", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_damaged_file_of_a_zip_stops_no_other(run: Run, tmp_path: Path, stored: int) -> None:
    path = tmp_path / "cards.zip"
    with zipfile.ZipFile(path, "w", stored) as packed:
        for name in ("ann", "bo", "cia"):
            packed.writestr(f"{name}.vcf", CARD.format(name) * 3)
        second = packed.infolist()[1]
    damaged = bytearray(path.read_bytes())
    damaged[second.header_offset + 30 + len("bo.vcf") + 40] ^= 1  # behind the header of its own
    path.write_bytes(damaged)
    told = run("import", path, "--json", "--rejects", tmp_path / "refused.vcf")
    assert (told.code, told.json["added"], told.json["refused"]) == (3, 2, 1)
    (row,) = told.json["rejected"]
    assert row["file"] == "bo.vcf"
    assert row["reason"] == "This file of the zip is damaged, or packed in a way that can't be read here"
    assert [row.split("\t")[1] for row in run("users").out.splitlines()] == ["ann", "cia"]
    assert run("import", path).out.startswith("0 added, 0 changed, 6 as they were")


def test_a_file_of_a_zip_that_is_packed_otherwise_is_not_called_damaged_alone(
    run: Run, tmp_path: Path
) -> None:
    path = tmp_path / "cards.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("ann.vcf", CARD.format("ann"))
        packed.writestr("bo.vcf", CARD.format("bo"), zipfile.ZIP_LZMA)
    told = run("import", path, "--json").json
    assert (told["added"], [row["file"] for row in told["rejected"]]) == (1, ["bo.vcf"])
    assert "or packed in a way" in told["rejected"][0]["reason"]


def test_a_zip_in_which_all_is_damaged_is_refused(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "cards.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("ann.vcf", CARD.format("ann"))
    path.write_bytes(path.read_bytes().replace(b"FN:ann", b"FN:amn"))
    ran = run("import", path)
    assert (ran.code, "damaged" in ran.err) == (1, True)


def test_what_a_folder_may_hold_is_said_where_there_is_none_of_it(run: Run, tmp_path: Path) -> None:
    (tmp_path / "people").mkdir()
    (tmp_path / "people" / "people.csv").write_text(TWO)
    (tmp_path / "people" / "a.vcf").write_text("<html>")
    ran = run("import", tmp_path / "people")
    assert (ran.code, "Of a folder the vCards (.vcf, .vcard)" in ran.err) == (1, True)


def test_a_folder_of_cards_is_brought_in_whole(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "cards"
    folder.mkdir()
    assert run("import", folder).code == 1
    for name in ("Mara Ek", "Noor Ex"):
        (folder / f"{name}.vcf").write_text(f"BEGIN:VCARD\nVERSION:3.0\nFN:{name}\nEND:VCARD\n")
    (folder / "read.txt").write_text("not me")
    assert (
        run("import", folder, "--allow-missing-email").out
        == "2 added, 0 changed, 0 as they were, 0 refused.\n"
    )
