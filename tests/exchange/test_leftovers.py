"""What of a row has no field is found again in the bytes that stay with the person."""

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.exchange.conftest import Import
from webui.exchange import formats, importing, leftovers
from webui.exchange.out.wanted import Wanted
from webui.exchange.reading import kinds
from webui.store import sources
from webui.store.ledger import sqlite


@pytest.fixture
def left(bring_in: Import, session: Session) -> Callable[..., list[tuple[str, str]]]:
    """Return a function that imports a file and gives (column, value) of what its last row left."""

    def found(content: str | bytes, **how: Any) -> list[tuple[str, str]]:
        bring_in(content, **how)
        newest = sources.of_user(session, 1)[0]
        return [
            (each.name or str(each.number), each.value)
            for each in leftovers.of_row(newest.format, newest.raw, newest.options)
        ]

    return found


def test_columns_without_a_field_and_cells_without_a_column_are_left(left: Callable[..., object]) -> None:
    header = "First Name,E-mail,Birthday,Phone,Hobby,Empty\n"
    content = header + 'Mara,m@x.example,1987-03-04,030 1,"a ""b"",\nc",,,over\n'
    assert left(content) == [("Hobby", 'a "b",\nc'), ("8", "over")]


def test_what_came_before_it_had_a_field_is_still_left(left: Callable[..., object]) -> None:
    options = {
        "columns": [["Name", "full_name"], ["Phone", "phone"], ["Company", "organisation"], ["Born", "kept"]],
        "encoding": "utf-8",
        "delimiter": ",",
    }
    found = leftovers.of_row("csv", b"Mara,030 1,Choir,1987\n", json.dumps(options))
    assert [each.value for each in found] == ["030 1", "Choir", "1987"]
    found = leftovers.of_row(
        "csv", b"Mara,030 1,Choir,1987\n", json.dumps({**options, "reads": leftovers.READS})
    )
    assert [each.value for each in found] == ["1987"]


def test_a_phone_too_long_for_its_field_is_left_whole(left: Callable[..., object]) -> None:
    assert left(f"Name,Phone\nMara,{'1' * 90}\n") == [("Phone", "1" * 90)]


@pytest.mark.parametrize("codec", ["utf-16", "cp1252", "utf-8-sig"])
def test_it_is_read_as_the_file_was(left: Callable[..., object], codec: str) -> None:
    assert left("Name;E-mail;Größe\r\nMara;m@x.example;zwölf\r\n".encode(codec)) == [("Größe", "zwölf")]


def test_what_a_person_sent_to_a_field_is_not_left(left: Callable[..., object]) -> None:
    content = "Name,Call,E-mail\nMara,Mimi,m@x.example\n"
    assert left(content, choices=["full_name", "nickname", "email"]) == []


def test_what_was_cut_or_is_no_address_is_left_whole(left: Callable[..., object]) -> None:
    long = "x" * 300
    assert left(f"Name,Nickname,E-mail\nMara,{long},no_at\n") == [("Nickname", long), ("E-mail", "no_at")]


def test_a_row_of_our_own_export_leaves_nothing(left: Callable[..., object]) -> None:
    header = "uid,username,email,display_name,given,family,created_at,_guarded\n"
    assert left(header + "x,mara,m@x.example,'=Mara,,,2026,\n") == []


@pytest.mark.parametrize(
    "options",
    ["", "[]", "{}", '{"columns": [1], "encoding": "utf-8", "delimiter": ","}',
     '{"columns": [["a", "kept"]], "encoding": "none", "delimiter": ","}',
     '{"columns": [["a", "kept"]], "encoding": "utf-8", "delimiter": ""}'],
)  # fmt: skip
def test_what_cannot_be_read_is_nothing(options: str) -> None:
    assert leftovers.of_row("csv", b"a,b\n", options) == []
    assert (
        leftovers.of_row("csv", b"", json.dumps({"columns": [], "encoding": "utf-8", "delimiter": ","})) == []
    )


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_it_goes_out_in_a_column_of_its_own_and_comes_back(
    bring_in: Import, engine: Engine, database: Path, empty_database: Path, tmp_path: Path, suffix: str
) -> None:
    bring_in("Name,E-mail,Voice,Club\nMara,m@x.example,Alto,=1+1\nNoor,n@x.example,,\n,o@x.example,,,more\n")
    bring_in(
        b"BEGIN:VCARD\nVERSION:3.0\nFN:Mara\nEMAIL:m@x.example\nX-A;TYPE=x:1\nX-A:2\nEND:VCARD\n",
        name="a.vcf",
    )
    wanted = [{"X-a": ["1", "2"], "Voice": "Alto", "Club": "=1+1"}, {}, {"5": "more"}]

    def sent(connection: sqlite3.Connection, name: str) -> Path:
        formats.export(connection, out := tmp_path / f"{name}.{suffix}", Wanted(ids=[1, 2, 3]))
        return out

    def extras(out: Path) -> list[Any]:
        sheet = kinds.look(out)
        assert sheet.header[-1 - (suffix == "csv")] == "_kept_as_it_came"
        at = sheet.header.index("_kept_as_it_came")
        return [json.loads((row.cells[at : at + 1] or [""])[0].lstrip("'") or "{}") for row in sheet.rows()]

    shutil.copy(empty_database, there := tmp_path / "there.db")
    with closing(sqlite.connect(database)) as one:
        out = sent(one, "out")
    assert extras(out) == wanted
    again = bring_in(out.rename(tmp_path / f"again.{suffix}"))
    assert (again.added, again.changed) == (0, 0)
    other = sqlite.engine(there)
    with importing.plan(other, tmp_path / f"again.{suffix}", tmp_path / "other.sqlite") as plan:
        importing.apply(other, plan, allow_missing_email=True)
    other.dispose()
    with closing(sqlite.connect(there)) as two:
        assert two.execute("SELECT count(*) FROM fields").fetchone() == (0,)
        assert extras(sent(two, "two")) == wanted


def test_whoever_leaves_nothing_has_no_such_column(bring_in: Import, database: Path, tmp_path: Path) -> None:
    bring_in("Name,E-mail\nMara,m@x.example\n")
    with closing(sqlite.connect(database)) as connection:
        formats.export(connection, tmp_path / "out.csv")
    assert "_kept_as_it_came" not in (tmp_path / "out.csv").read_text("utf-8")
