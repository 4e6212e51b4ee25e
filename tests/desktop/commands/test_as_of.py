"""Commands that read the database as it was: `--as-of`."""

import sqlite3
from contextlib import closing
from pathlib import Path

from desktop.folders import Folders
from tests.desktop.commands.conftest import Run


def moved_back(folders: Folders, days: int) -> None:
    """Let all that was done have been done so many days before."""
    with closing(sqlite3.connect(folders.database)) as connection, connection:
        shift = f"-{days} days"
        connection.execute("UPDATE operations SET at = strftime('%Y-%m-%dT%H:%M:%fZ', at, ?)", (shift,))


def names(ran: str) -> list[str]:
    return [line.split("\t")[1] for line in ran.splitlines()]


def test_people_are_listed_and_written_as_they_were(
    run: Run, people: Path, folders: Folders, tmp_path: Path
) -> None:
    moved_back(folders, 2)
    assert run("undo").code == 0
    assert run("users").out == ""
    assert names(run("users", "--as-of", "yesterday").out) == ["Mara Ek", "Noor Haddad"]
    assert names(run("users", "--as-of", "yesterday", "--query", "noor").out) == ["Noor Haddad"]
    assert run("users", "--as-of", "2001").out == ""
    assert run("users", "--as-of", "now").out == ""
    file = tmp_path / "then.csv"
    assert run("export", file, "--as-of", "yesterday 20:00").code == 0
    assert "Mara" in file.read_text(encoding="utf-8-sig")
    assert not list(folders.scratch.glob("work-*"))
    assert run("digest").code == 0


def test_ages_are_those_of_then(run: Run, people: Path, folders: Folders) -> None:
    moved_back(folders, 400)
    then = run("users", "--as-of", "now", "--query", "birthday:today").out
    assert then == run("users", "--query", "birthday:today").out
    assert names(run("users", "--as-of", "4 March", "--query", "birthday:today").out) == ["Mara Ek"]


def test_a_moment_that_cannot_be_read_is_told(run: Run, people: Path) -> None:
    ran = run("users", "--as-of", "someday")
    assert (ran.code, ran.out) == (2, "")
    assert "“someday” can't be read as a day" in ran.err
