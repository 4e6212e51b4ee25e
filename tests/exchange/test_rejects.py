"""Refused rows come out as a file of the same kind, and in again after mending."""

import io
import sqlite3
from pathlib import Path

import pytest

from tests.exchange.conftest import Import, Planning
from tests.exchange.workbooks import ods, ods_row, row, xlsx
from webui.exchange import csv_file, rejects
from webui.exchange.plan import Plan
from webui.exchange.reading import kinds
from webui.store.errors import Message


def say(message: Message) -> str:
    return f"no: {message.id}"


def written(plan: Plan) -> bytes:
    stream = io.BytesIO()
    rejects.write(stream, plan, say)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("codec", "mark"),
    [("utf-8", b""), ("utf-8", b"\xef\xbb\xbf"), ("utf-16-le", b"\xff\xfe"), ("cp1252", b"")],
)
def test_the_bytes_and_the_kind_of_file_are_kept(planning: Planning, codec: str, mark: bytes) -> None:
    text = 'Name;E-Mail;Größe\r\nMara;m@x.example;1\r\n;;"zwei\r\nMeter für uns"\r\n'
    found = written(planning(mark + text.encode(codec)))
    expected = 'Name;E-Mail;Größe;roster_reason\r\n;;"zwei\r\nMeter für uns";no: row.nobody\r\n'
    assert found == mark + expected.encode(codec)


def test_a_mended_file_comes_in_and_the_reason_does_not(
    planning: Planning, bring_in: Import, rows: object
) -> None:
    plan = planning("Name,E-mail,Note\n,,first\nMara,m@x.example,\n,,second,a,b\n")
    mended = written(plan).replace(b",,first", b"Noor,n@x.example,first").replace(b",,second", b"Bo,,second")
    assert b"roster_reason" in mended
    result = bring_in(mended)
    assert (result.added, result.refused) == (2, 0)
    sheet = csv_file.read(mended)
    assert sheet.header == ("Name", "E-mail", "Note", "", "", "roster_reason")
    assert planning(mended).page()[0].warnings == []


def test_unmended_rows_are_refused_again(planning: Planning) -> None:
    found = written(planning("Name,Note\n,first\n,second\n"))
    assert written(planning(found)).count(b"no: row.nobody") == 4  # the old reason is in the row's own bytes
    assert planning(found).counts()["refused"] == 2


def test_a_file_without_a_header_gets_one(planning: Planning, bring_in: Import) -> None:
    plan = planning(
        "Mara Ek,m@x.example,+49 30 23125 1\nNoor Ex,n@x.example,+49 30 23125 2\n , ,\nx\n ,,,y\n"
    )
    found = written(plan)
    assert found.splitlines()[0] == b"Name,E-mail,Phone,Column 4,roster_reason"
    assert bring_in(found.replace(b" ,,,y", b"Jonas,,,y")).added == 1


def test_an_open_quotation_mark_is_refused_and_its_bytes_kept(planning: Planning, bring_in: Import) -> None:
    content = 'Name,E-mail,Note\nMara,m@x.example,\nNoor,n@x.example,"open\nJonas,j@x.example,\n'
    plan = planning(content)
    assert plan.counts() | {"new": 1, "refused": 1} == plan.counts()
    found = written(plan)
    assert found.endswith(b'Noor,n@x.example,"open\nJonas,j@x.example,\n')
    assert bring_in(found.replace(b'"open', b"closed")).added == 2


def test_without_refused_rows_nothing_is_written(planning: Planning) -> None:
    assert written(planning("Name\nMara Ek\n")) == b""


def database() -> bytes:
    made = sqlite3.connect(":memory:")
    made.executescript(
        "CREATE TABLE people (name, note); INSERT INTO people VALUES ('Mara', ''), (NULL, 'first')"
    )
    return made.serialize()


OTHERS = {
    ".xlsx": xlsx(row(1, "Name", "Note"), row(2, "Mara"), row(3, "", "first")),
    ".ods": ods(ods_row("Name", "Note"), ods_row("Mara", ""), ods_row("", "first")),
    ".sqlite": database(),
    ".json": b'[{"name": "Mara"}, {"note": "first"}]',
    ".ldif": b"dn: cn=Mara\ncn: Mara\n\ndn: x=1\ndescription: first\n",
}


@pytest.mark.parametrize("suffix", OTHERS)
def test_any_other_file_gives_one_of_its_own_kind(planning: Planning, tmp_path: Path, suffix: str) -> None:
    (tmp_path / f"some{suffix}").write_bytes(OTHERS[suffix])
    plan = planning(tmp_path / f"some{suffix}")
    assert (plan.counts()["new"], plan.counts()["refused"]) == (1, 1)
    found = tmp_path / f"refused{rejects.suffix(plan)}"
    found.write_bytes(written(plan))
    assert rejects.suffix(plan) == (".xlsx" if suffix == ".ods" else suffix)
    again = kinds.look(found)
    (cells,) = [each.cells for each in again.rows()]
    assert "first" in cells
    if suffix == ".ldif":
        assert b"# roster_reason: no: row.nobody\n" in found.read_bytes()
    else:
        assert (again.header[-1], cells[-1]) == ("roster_reason", "no: row.nobody")
    assert planning(found).counts()["refused"] == 1
