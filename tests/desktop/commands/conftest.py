"""What the tests of commands share: one command in a line, in a folder of its own."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from desktop import commands
from desktop.folders import Folders, locate


class Ran(NamedTuple):
    """What a command ended with and said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Ran]

HEADER = "First Name,Last Name,E-mail,Birthday\n"
TWO = f"{HEADER}Mara,Ek,m@x.example,1987-03-04\nNoor,Haddad,n@x.example,\n"


@pytest.fixture
def folders(database: Path) -> Folders:
    """The folders of an empty database."""
    return locate(database.parent)


@pytest.fixture
def run(folders: Folders, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return a function that runs a command on that database."""

    def ran(*arguments: str | Path) -> Ran:
        monkeypatch.setattr(sys, "argv", ["roster", "--data", str(folders.data), *map(str, arguments)])
        capsys.readouterr()
        code = commands.main()
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return Ran(code, said.out, said.err)

    return ran


@pytest.fixture
def people(run: Run, tmp_path: Path) -> Path:
    """A CSV file of two people, who are in the database already."""
    path = tmp_path / "people.csv"
    path.write_text(TWO)
    assert run("import", path).code == 0
    return path
