"""`forget`: says what would go, and does it with --yes; the copies are rewritten, removed or left."""

import shutil
from pathlib import Path

import pytest

from desktop.commands import shared
from desktop.folders import Folders
from desktop.instance import Instance
from tests.desktop.commands.conftest import Run
from webui.exchange import archive
from webui.preferences import Preferences
from webui.safety import owed, second

ELSEWHERE = "Backups that were saved elsewhere, and files that were exported, are not looked at."


def test_without_yes_it_says_what_would_go_and_changes_nothing(
    run: Run, people: Path, folders: Folders
) -> None:
    assert run("backup").code == 0
    before = run("digest").out
    ran = run("forget", "mara.ek")
    assert (ran.code, ran.out) == (4, "")
    assert "Mara Ek would be forgotten completely" in ran.err and "--yes" in ran.err
    assert ELSEWHERE in ran.err
    assert str(next(folders.backups.iterdir())) in ran.err
    told = run("forget", "mara.ek", "--json").json
    assert (told["code"], told["rows"]["users"], len(told["copies"])) == (4, 1, 1)
    assert run("digest").out == before


@pytest.mark.parametrize(("copies", "left"), [("rewrite", 1), ("remove", 0), ("leave", 2)])
def test_with_yes_they_are_gone_from_here_and_from_copies(
    run: Run, people: Path, folders: Folders, copies: str, left: int
) -> None:
    people.unlink()
    backup = Path(run("backup", "--json").json["path"])
    ran = run("forget", "mara.ek", "--copies", copies, "--yes")
    assert ran.code == 0
    assert ran.out.startswith("Mara Ek was forgotten completely.") and ELSEWHERE in ran.out
    assert [line.split("\t")[0] for line in run("users").out.splitlines()] == ["noor.haddad"]
    assert (archive.verify(backup).people if backup.exists() else 0) == left
    assert ("still holds them" in ran.out) == (copies == "leave")
    assert not [
        path
        for path in folders.data.rglob("*")
        if path.is_file() and path.suffix != ".zip" and b"m@x.example" in path.read_bytes()
    ]
    assert run("history", "--json").json[0]["sentence"] == "Import people.csv"
    assert run("undo").code == 0
    assert run("redo").code == 0
    assert len(run("users").out.splitlines()) == 1


def test_one_in_the_trash_is_found_by_the_username_they_had(run: Run, people: Path) -> None:
    assert run("undo").code == 0  # of the import: both are in history alone
    assert run("forget", "noor.haddad", "--yes").code == 0
    assert run("redo").code == 0
    assert [line.split("\t")[0] for line in run("users").out.splitlines()] == ["mara.ek"]


def test_nobody_is_forgotten_by_a_slip(run: Run, people: Path) -> None:
    ran = run("forget", "nobody", "--yes")
    assert (ran.code, ran.err) == (1, "Nobody has or had the username nobody.\n")


def test_beside_an_open_window_nothing_is_done(run: Run, people: Path, folders: Folders) -> None:
    instance = Instance(folders)
    assert instance.acquire()
    try:
        assert run("forget", "nobody").err == "Nobody has or had the username nobody.\n"
        ran = run("forget", "mara.ek", "--yes")
    finally:
        instance.release()
    assert ran.code == shared.FAILED
    assert "Close it first" in ran.err


@pytest.mark.parametrize("copies", ["rewrite", "leave"])
def test_folders_of_before_and_places_that_are_away_are_named_and_not_forgotten(
    run: Run, people: Path, folders: Folders, tmp_path: Path, copies: str
) -> None:
    before, stick = tmp_path / "before", tmp_path / "stick"
    for folder in (before, stick):
        folder.mkdir()
        shutil.copy(run("backup", "--json").json["path"], folder)
    for path in folders.backups.iterdir():
        path.unlink()
    (stick / second.MARK).write_text("mark")
    kept = {"earlier_places": [{"path": str(before), "mark": ""}]}
    Preferences(folders.preferences_file).change(
        kept | {"second_place": {"path": str(stick), "mark": "mark"}}
    )
    stick.rename(tmp_path / "drawer")
    asked = run("forget", "mara.ek")
    assert str(before) in asked.err and f"{stick} can't be reached now" in asked.err
    done = run("forget", "mara.ek", "--copies", copies, "--yes")
    assert done.code == 0 and f"{stick} can't be reached now" in done.out
    assert ("is done there once it is back" in done.out) == (copies == "rewrite")
    [there] = before.glob("*.zip")
    assert archive.verify(there).people == (1 if copies == "rewrite" else 2)
    assert (stick in [each.path for each in owed.read(folders.data).away]) == (copies == "rewrite")


def test_what_may_be_no_copy_of_this_roster_is_left_and_asked_about(
    run: Run, people: Path, folders: Folders
) -> None:
    made = Path(run("backup", "--json").json["path"])
    letter = made.with_name("letter.age")
    letter.write_bytes(b"age-encryption.org/v1\n-> X25519 abc\nxyz\n--- abc\n" + bytes(500))
    done = run("forget", "mara.ek", "--copies", "remove", "--yes")
    assert not made.exists() and letter.exists()
    assert f"{letter} may still hold them: It may be no backup of this roster" in done.out
    assert [each.path for each in owed.read(folders.data).left] == [letter]
