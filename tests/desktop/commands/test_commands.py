"""The commands, as a person or a script runs them: `main.py --data DIR ...` in a process of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from webui.safety import opening
from webui.store import users
from webui.store.ledger import sqlite
from webui.store.ledger.operations import operation

ROOT = Path(__file__).parents[3]
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def running(*arguments: str, code: int = 0, data: str = "data") -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "main.py", "--data", str(tmp_path / data), *arguments],
            cwd=ROOT,
            env={name: value for name, value in os.environ.items() if name != "ROSTER_DATA"},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == code, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done

    return running


def add(folder: Path, *names: str) -> None:
    if not (folder / "roster.db").exists():
        opening.create(folder / "roster.db")
    engine = sqlite.engine(folder / "roster.db")
    with Session(engine) as session:
        for name in names:
            with operation(session):
                users.add(session, {"username": name, "email": f"{name}@post.example", "given": name.title()})
    engine.dispose()


def test_a_new_profile_is_empty_and_sound(run: Run, tmp_path: Path) -> None:
    assert run("users").stdout == ""
    assert run("history").stdout == ""
    assert "sound" in run("check").stdout
    assert json.loads(run("check", "--json").stdout) == {
        "sound": True,
        "found": [],
        "removed": {},
        "kept": None,
    }
    assert (tmp_path / "data" / "roster.db").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700


def test_people_are_listed_and_found(run: Run, tmp_path: Path) -> None:
    add(tmp_path / "data", "mara", "noor")
    assert run("users").stdout.splitlines() == [
        "mara\tMara\tmara@post.example",
        "noor\tNoor\tnoor@post.example",
    ]
    (found,) = json.loads(run("users", "--query", "noo", "--json").stdout)
    assert found["username"] == "noor"


def test_undo_and_redo_across_processes(run: Run, tmp_path: Path) -> None:
    add(tmp_path / "data", "mara")
    before = run("digest").stdout
    assert run("undo").stdout == "Undone: Add Mara.\n"
    assert run("digest").stdout != before
    assert run("undo", code=1).stderr == "There is nothing to undo.\n"
    assert json.loads(run("redo", "--json").stdout)["kind"] == "users.add"
    assert run("digest").stdout == before
    assert run("redo", code=1).stderr == "There is nothing to redo.\n"
    (done,) = json.loads(run("history", "--json").stdout)
    assert (done["sentence"], done["undone"], done["door"]) == ("Add Mara", False, "window")


def test_what_stands_in_the_way_is_named_by_its_number(run: Run, tmp_path: Path) -> None:
    add(tmp_path / "data", "mara")
    engine = sqlite.engine(tmp_path / "data" / "roster.db")
    for form in ({"note": "One", "nickname": "M"}, {"note": "Two"}, {"nickname": "Mari"}):
        with Session(engine) as session, operation(session):
            users.change(session, 1, form)
    engine.dispose()
    refused = run("undo", "--only", "2", code=1).stderr
    assert refused.startswith("This can't be taken back alone.")
    assert "stands in the way: number 4, “Change " in refused
    told = json.loads(run("undo", "--only", "2", "--json", code=1).stdout)
    assert told["in_the_way"] == [4] and told["code"] == 1


def test_one_older_change_is_taken_back_by_its_number(run: Run, tmp_path: Path) -> None:
    add(tmp_path / "data", "mara", "noor")
    number, _at, what = run("history").stdout.splitlines()[1].split("\t")
    assert (number, what) == ("1", "Add Mara")
    assert run("undo", "--only", number).stdout == "Undone: Add Mara.\n"
    assert run("undo").stdout == "Undone: Take back “Add Mara” alone (by a command).\n"
    told = json.loads(run("undo", "--only", number, "--json").stdout)
    assert (told["id"], told["undone"]) == (1, True)
    assert [line.split("\t")[0] for line in run("users").stdout.splitlines()] == ["noor"]
    assert run("undo", "--only", number, code=1).stderr == (
        "Nothing of this is left to take back, so nothing was changed.\n"
    )
    assert run("undo", "--only", "99", code=1).stderr == "No change has the number 99. Nothing was changed.\n"
    assert run("undo").stdout == "Undone: Take back “Add Mara” alone (by a command).\n"


def test_whose_change_was_undone_is_said_as_history_says_it(run: Run, tmp_path: Path) -> None:
    add(tmp_path / "data", "mara")
    engine = sqlite.engine(tmp_path / "data" / "roster.db")
    with Session(engine) as session, operation(session, door="api"):
        users.change(session, 1, {"note": "sings"})
    engine.dispose()
    assert run("history").stdout.splitlines()[0].endswith("Change Mara’s note (by another program)")
    assert run("undo", "--only", "2").stdout == "Undone: Change Mara’s note (by another program).\n"
    told = json.loads(run("undo", "--json").stdout)
    assert (told["kind"], told["by"]) == ("history.alone", "by a command")
    assert json.loads(run("undo", "--json").stdout)["by"] == "by another program"
    with closing(sqlite.connect(tmp_path / "data" / "roster.db")) as connection:
        connection.execute("UPDATE users SET nickname = 'Mari'")
    told = json.loads(run("history", "--json").stdout)[0]
    assert (told["sentence"], told["by"]) == ("Changed outside Roster", "outside Roster")
    assert run("undo").stdout == "Undone: Changed outside Roster.\n"


def test_a_history_with_bytes_that_are_no_text_is_listed_and_undone(run: Run, tmp_path: Path) -> None:
    add(tmp_path / "data", "mara")
    with closing(sqlite.connect(tmp_path / "data" / "roster.db")) as connection:
        connection.execute("UPDATE operations SET at = x'4dff', door = x'ff', counts = x'ff'")
    assert run("history").stdout.startswith("1\tM\ufffd\tAdd")
    assert json.loads(run("history", "--json").stdout)[0]["at"] == "M\ufffd"
    assert run("undo").stdout.startswith("Undone: Add")


def test_a_backup_goes_to_a_new_profile_and_is_identical(run: Run, tmp_path: Path) -> None:
    add(tmp_path / "data", "mara", "noor")
    made = json.loads(run("backup", "--json").stdout)["path"]
    assert "People: 2" in run("verify", made).stdout
    assert "2 added" in run("restore", made, "--dry-run", data="new").stdout
    assert run("users", data="new").stdout == ""
    assert "2 added" in run("restore", made, data="new").stdout
    assert run("digest", data="new").stdout == run("digest").stdout
    assert run("digest", "--records", data="new").stdout == run("digest", "--records").stdout
    mine = tmp_path / "mine.zip"
    run("backup", str(mine))
    assert run("verify", str(mine)).returncode == 0


def test_a_flipped_bit_is_refused_in_one_line(run: Run, tmp_path: Path) -> None:
    add(tmp_path / "data", "mara")
    made = Path(json.loads(run("backup", "--json").stdout)["path"])
    data = bytearray(made.read_bytes())
    data[1000] ^= 8
    made.write_bytes(data)
    for command in ("verify", "restore"):
        told = run(command, str(made), code=1)
        assert len(told.stderr.splitlines()) == 1
        assert "damaged" in told.stderr


def test_a_window_that_is_open_keeps_restore_out_but_not_writing(run: Run, tmp_path: Path) -> None:
    from desktop.folders import locate
    from desktop.instance import Instance

    add(tmp_path / "data", "mara")
    made = json.loads(run("backup", "--json").stdout)["path"]
    instance = Instance(locate(tmp_path / "data"))
    assert instance.acquire()
    try:
        assert "open" in run("restore", made, code=1).stderr
        assert run("undo").stdout == "Undone: Add Mara.\n"
    finally:
        instance.release()
    assert run("restore", made).returncode == 0


@pytest.mark.parametrize("content", [b"not a database" * 100, b"SQLite format 3\x00" + b"\xff" * 4000])
def test_a_damaged_database_is_told_and_not_touched(run: Run, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "data" / "roster.db"
    path.parent.mkdir()
    path.write_bytes(content)
    told = run("users", code=1)
    assert "damaged" in told.stderr
    assert path.read_bytes() == content


def test_a_newer_database_is_told_and_not_touched(run: Run, tmp_path: Path) -> None:
    add(tmp_path / "data", "mara")
    connection = sqlite.connect(tmp_path / "data" / "roster.db")
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    assert "newer" in run("undo", code=1).stderr


def test_a_wrong_usage_is_2(run: Run) -> None:
    for arguments in (["nonsense"], ["verify"], ["history", "--limit", "x"], ["undo", "--nonsense"]):
        run(*arguments, code=2)
