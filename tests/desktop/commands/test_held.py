"""`held`, as a person or a script runs it."""

from pathlib import Path

from desktop.folders import Folders
from tests.desktop.commands.conftest import Run


def test_it_writes_a_page_about_one_person(run: Run, people: Path, folders: Folders, tmp_path: Path) -> None:
    file = tmp_path / "mara.html"
    assert run("held", "MARA.ek", file).out == f"All that is held about MARA.ek is in {file}.\n"
    page = file.read_text(encoding="utf-8")
    assert "All that Roster holds about Mara Ek" in page and "Noor" not in page
    assert str(folders.backups) in page and "people.csv" in page
    assert run("held", "mara.ek", file).code == 1
    assert run("held", "mara.ek", file, "--replace", "--json").json == {"file": str(file), "id": 1}


def test_nobody_of_that_name_writes_nothing(run: Run, people: Path, tmp_path: Path) -> None:
    ran = run("held", "mara", tmp_path / "mara.html")
    assert (ran.code, ran.err) == (1, "Nobody has the username mara. Nothing was written.\n")
    assert not (tmp_path / "mara.html").exists()


def test_someone_whom_history_alone_holds_is_not_called_nobody(
    run: Run, people: Path, tmp_path: Path
) -> None:
    assert run("undo").code == 0
    ran = run("held", "mara.ek", tmp_path / "mara.html")
    assert ran.code == 1 and "history still holds them" in ran.err
    assert not (tmp_path / "mara.html").exists()


def test_it_never_takes_the_place_of_the_database(run: Run, people: Path, folders: Folders) -> None:
    before = folders.database.read_bytes()
    assert run("held", "mara.ek", folders.database, "--replace").code == 1
    assert folders.database.read_bytes() == before
