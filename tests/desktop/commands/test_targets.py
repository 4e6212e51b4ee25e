"""Files that commands write: never over what must stay, and nothing silently replaced."""

from collections.abc import Callable
from pathlib import Path

import pytest

from desktop.folders import Folders
from tests.desktop.commands.conftest import Run

COMMANDS = [["backup"], ["export"], ["import", "--rejects"]]


def writing(command: list[str], target: Path, people: Path) -> list[str | Path]:
    return [*command, target, *([people] if command[0] == "import" else [])]


@pytest.fixture
def held(folders: Folders, digest: Callable[[], str]) -> Callable[[], tuple[str, bytes]]:
    """Return a function that gives the digest of the database, and the bytes of its file."""
    return lambda: (digest(), folders.database.read_bytes())


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
@pytest.mark.parametrize("replace", [[], ["--replace"]], ids=["", "replace"])
def test_the_database_is_never_written_over(
    run: Run,
    folders: Folders,
    people: Path,
    held: Callable[[], object],
    command: list[str],
    replace: list[str],
) -> None:
    before = held()
    linked = people.with_name("linked.csv")
    linked.symlink_to(folders.database)
    targets = [linked]
    if command[0] != "export":  # which knows files by their suffix
        targets += [folders.database, folders.database.with_name("roster.db-wal"), folders.lock]
    for target in targets:
        ran = run(*writing(command, target, people), *replace)
        assert (ran.code, ran.out) == (1, "")
        assert "Nothing was changed" in ran.err
    assert held() == before


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_a_file_is_replaced_only_when_told_to(
    run: Run, people: Path, tmp_path: Path, command: list[str]
) -> None:
    there = tmp_path / "there.csv"
    there.write_text("a letter")
    people.write_text(people.read_text() + ",,,x\n")
    ran = run(*writing(command, there, people))
    assert (ran.code, there.read_text()) == (1, "a letter")
    assert "is already there. Nothing was changed; choose another name. With --replace" in ran.err
    assert run(*writing(command, there, people), "--replace").code in (0, 3)
    assert there.read_bytes() != b"a letter"


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_a_missing_folder_is_told_and_not_made(
    run: Run, people: Path, tmp_path: Path, command: list[str]
) -> None:
    ran = run(*writing(command, tmp_path / "no" / "such.csv", people))
    assert (ran.code, ran.err.count("\n")) == (1, 1)
    assert f"There is no folder {tmp_path / 'no'}." in ran.err
    assert not (tmp_path / "no").exists()
