"""What every command does when it can't: one exit code a kind of fault, and JSON when that was asked."""

from pathlib import Path

import pytest

from desktop.folders import Folders
from tests.desktop.commands.conftest import Run


@pytest.mark.parametrize("command", ["import", "verify", "restore"])
def test_a_file_that_is_not_there_is_a_wrong_usage(run: Run, tmp_path: Path, command: str) -> None:
    for path in (tmp_path / "no.zip", tmp_path):
        ran = run(command, path)
        assert (ran.code, ran.out) == (2, "")
        told = run(command, path, "--json")
        assert (told.code, told.json["code"], told.err) == (2, 2, "")
        assert str(path) in told.json["error"]


@pytest.mark.parametrize("command", ["verify", "restore"])
def test_what_is_no_backup_is_a_failure(run: Run, tmp_path: Path, command: str) -> None:
    (tmp_path / "x.zip").write_text("no zip")
    ran, told = run(command, tmp_path / "x.zip"), run(command, tmp_path / "x.zip", "--json")
    assert (ran.code, told.code) == (1, 1)
    assert told.json == {"error": ran.err.strip(), "code": 1}


@pytest.mark.parametrize("command", [["undo"], ["redo"], ["restore"], ["check"], ["users"], ["digest"]])
def test_a_damaged_database_is_a_failure_everywhere(
    run: Run, folders: Folders, tmp_path: Path, command: list[str]
) -> None:
    sound = folders.database.read_bytes()
    folders.database.write_bytes(b"no database" * 1_000)
    (tmp_path / "x.zip").write_text("no zip")
    arguments = [*command, *([tmp_path / "x.zip"] if command[0] == "restore" else [])]
    ran, told = run(*arguments), run(*arguments, "--json")
    folders.database.write_bytes(sound)
    assert (ran.code, ran.err.count("\n")) == (1, 1)
    assert told.json == {"error": ran.err.strip(), "code": 1}


@pytest.mark.parametrize(
    "arguments", [["fly", "--json"], ["users", "--upwards", "--json"], ["import", "--json"]]
)
def test_a_wrong_usage_is_json_too(run: Run, arguments: list[str]) -> None:
    told = run(*arguments)
    assert (told.code, told.json["code"], told.err) == (2, 2, "")


def test_what_only_looks_like_the_option_is_none(run: Run) -> None:
    ran = run("import", "--", "--json")
    assert (ran.code, ran.out) == (2, "")
    assert "'--json' does not exist" in ran.err


def test_nothing_to_undo_is_a_failure(run: Run) -> None:
    assert run("undo", "--json").json == {"error": "There is nothing to undo.", "code": 1}
