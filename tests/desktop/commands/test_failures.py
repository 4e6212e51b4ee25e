"""What every command does when it can't: one exit code a kind of fault, and JSON when that was asked."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from desktop.folders import Folders
from tests.desktop.commands.conftest import Run


@pytest.mark.parametrize("command", ["import", "verify", "restore"])
def test_a_file_that_is_not_there_is_a_wrong_usage(run: Run, tmp_path: Path, command: str) -> None:
    folders = [] if command == "import" else [tmp_path]  # a folder may hold vCards
    for path in (tmp_path / "no.zip", *folders):
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


def test_a_fault_of_ours_is_a_sentence_and_in_the_log(
    run: Run, folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object) -> None:
        raise KeyError("mara@post.example")

    monkeypatch.setattr("webui.store.search.everyone", fail)
    ran = run("users")
    log = folders.logs / "roster.log"
    assert (ran.code, ran.err.count("\n")) == (1, 1)
    assert ran.err.endswith(f"For whoever helps you: {log}\n")
    assert "builtins.KeyError" in log.read_text()
    assert "mara" not in log.read_text() + ran.err
    assert run("users", "--json").json["code"] == 1


def test_a_home_that_is_not_there_is_a_wrong_usage(monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    ran = run("--data", "~nobody-of-that-name/x", "users")
    assert (ran.code, ran.out) == (2, "")
    assert "There is no such home folder." in ran.err


@pytest.mark.parametrize("command", ["users", "users --json", "history", "digest"])
def test_whoever_has_heard_enough_may_leave(people: Path, folders: Folders, command: str) -> None:
    main = Path(__file__).parents[3] / "main.py"
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, str(main), "--data", str(folders.data), *command.split()],
        stdout=writing,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.platform
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
def test_an_answer_that_cannot_be_written_is_told(people: Path, folders: Folders) -> None:
    main = Path(__file__).parents[3] / "main.py"
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, str(main), "--data", str(folders.data), "users", "--json"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr == "Done, but the answer could not be written: No space left on device.\n"


def test_a_name_that_the_output_cannot_spell_is_spelt_by_numbers(folders: Folders, people: Path) -> None:
    people.write_text("Name,E-mail\nZoë,z@x.example\n")
    main = Path(__file__).parents[3] / "main.py"
    for command in (["import", str(people)], ["users", "--query", "zoe"]):
        done = subprocess.run(
            [sys.executable, str(main), "--data", str(folders.data), *command],
            env=os.environ | {"PYTHONIOENCODING": "ascii"},
            capture_output=True,
            text=True,
            check=True,
        )
    assert "Zo\\xeb" in done.stdout


def test_a_fault_of_a_command_that_needs_no_database_is_kept_too(
    run: Run, folders: Folders, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object) -> None:
        raise KeyError

    (tmp_path / "x.zip").write_text("no zip")
    monkeypatch.setattr("webui.exchange.archive.verify", fail)
    assert str(folders.logs / "roster.log") in run("verify", tmp_path / "x.zip").err


@pytest.mark.parametrize(
    "said",
    [
        ("import", "{file}", "--replace"),
        ("import", "{file}", "--empty-clears", "--existing", "mine"),
        ("import", "{card}", "--empty-clears"),
        ("import", "{sent}", "--table", "Other"),
        ("import", "{own}", "--dates", "day"),
        ("import", "{own}", "--rejects", "{new}"),
        ("import", "{own}", "--allow-missing-email"),
        ("import", "{own}", "--table", "People"),
        ("backup", "--replace"),
        ("verify", "{backup}", "--passphrase-file", "{file}"),
        ("restore", "{backup}", "--passphrase-file", "{file}"),
        ("check", "--repair", "--salvage", "{new}"),
    ],
)
def test_an_option_that_would_do_nothing_is_refused(run: Run, tmp_path: Path, said: tuple[str, ...]) -> None:
    (tmp_path / "people.csv").write_text("Name,E-mail\nMara,mara@post.example\n")
    (tmp_path / "card.vcf").write_text("BEGIN:VCARD\nVERSION:3.0\nFN:Mara\nEND:VCARD\n")
    places = {"file": tmp_path / "people.csv", "card": tmp_path / "card.vcf", "new": tmp_path / "new.db"}
    places |= {"sent": tmp_path / "sent.csv", "own": tmp_path / "own.json", "backup": tmp_path / "b.zip"}
    run("export", places["sent"], "--to-edit")
    run("export", places["own"])
    run("backup", places["backup"])
    before = run("digest").out
    ran = run(*(each.format(**places) for each in said))
    assert (ran.code, ran.out) == (2, "")
    assert "Nothing was" in ran.err or "nothing was" in ran.err
    assert not (tmp_path / "new.db").exists()
    assert run("digest").out == before
