"""Export: whole or not at all, safe in a spreadsheet, and in again without a change."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.exchange.conftest import Import
from webui.exchange import formats, spreadsheet
from webui.exchange.out.wanted import Wanted
from webui.exchange.vcard import writing
from webui.store import errors, posts, users
from webui.store.ledger import sqlite
from webui.store.ledger.operations import operation

FORMULAS = [
    "=1+1",
    "+49",
    "-2",
    "@SUM(A1)",
    "\tTab",
    "\r=cmd",
    "＝1",
    "'=x",
    "''=x",
    " =x",
    "a\n=b",
    "a\n b\n\t=c",
]
FORMULAS += ["'plain", "plain", "-", "'", ""]


@pytest.mark.parametrize("text", FORMULAS)
def test_guarding_is_exact(text: str) -> None:
    guarded = spreadsheet.guard(text)
    assert guarded.lstrip().lstrip("\n")[:1] not in tuple("=+-@\t\r＝")
    assert spreadsheet.unguard(guarded) == text


def export(database: Path, name: str, ids: list[int] | None = None) -> bytes:
    connection, target = sqlite.connect(database), database.parent / name
    try:
        formats.export(connection, target, Wanted(ids=ids))
    finally:
        connection.close()
    assert [path.name for path in database.parent.glob("*.part")] == []
    return target.read_bytes()


def test_a_csv_of_ours_comes_back_without_a_change(
    bring_in: Import, database: Path, digest: Callable[[], str], session: Session
) -> None:
    content = (
        '"Name","E-Mail","Note","Tags"\n"=1+1","f1@x.example; w@x.example","@SUM(A1)","a;b"\n'
        '"Doe, John","f2@x.example","\'=x","-tag"\n"+49 30","","two\n=lines",""\n'
    )
    bring_in(content)
    with operation(session):
        users.change(session, 1, {"emails": [{"label": "Work, old", "email": "w@x.example"}]})
    before = digest()
    found = export(database, "all.csv")
    assert found.startswith(b"\xef\xbb\xbfuid,username,email,")
    for row in csv.DictReader(io.StringIO(found.decode("utf-8-sig"), newline="")):
        assert not any(cell[:1] in tuple("=+-@") for cell in row.values())
    again = bring_in(found)
    assert (again.same, again.changed, again.added) == (3, 0, 0)
    assert digest() == before


def test_an_export_read_elsewhere_is_the_same_people(
    bring_in: Import,
    database: Path,
    tmp_path: Path,
    empty_database: Path,
    rows: Callable[[str], Any],
    session: Session,
) -> None:
    import shutil

    from sqlalchemy import text

    from webui.exchange import importing

    bring_in(
        'Name,E-mail,Note,Tags\n"=1+1",f1@x.example; w@x.example,"-2","a;b"\nMara Ek,m@x.example,"\'=x",\n'
    )
    with operation(session):  # by their usernames alone
        users.add(session, {"username": "kim", "nickname": "Kimmy", "email": "k@x.example"})
        users.add(session, {"username": "lou", "email": "l@x.example"})
    there = tmp_path / "other.db"
    shutil.copy(empty_database, there)
    (tmp_path / "all.csv").write_bytes(export(database, "all.csv"))
    engine = sqlite.engine(there)
    query = "SELECT uid, username, email, display_name, given, family, nickname, note FROM users ORDER BY uid"
    with importing.plan(engine, tmp_path / "all.csv", tmp_path / "elsewhere.sqlite") as plan:
        importing.apply(engine, plan)
    with Session(engine) as session:
        assert [tuple(row) for row in session.execute(text(query))] == rows(query)
        assert session.execute(text("SELECT count(*) FROM user_tags")).scalar() == 2
    engine.dispose()


def test_json_holds_all_that_belongs_to_someone(bring_in: Import, database: Path, session: Session) -> None:
    bring_in("Name,E-mail,Tags\nMara Ek,m@x.example; w@x.example,Choir\nNoor,n@x.example,\n")
    with operation(session):
        posts.add(session, 1, {"title": "Met", "date": "2026-01-02"})
    found = json.loads(export(database, "all.json"))["people"]
    assert [each["name"] for each in found] == ["Mara Ek", "Noor"]
    assert found[0]["emails"] == [{"label": "", "email": "w@x.example"}]
    assert (found[0]["tags"], found[0]["posts"][0]["title"]) == (["Choir"], "Met")
    assert json.loads(export(database, "some.json", [2]))["people"][0]["name"] == "Noor"
    assert json.loads(export(database, "none.json", []))["people"] == []


def test_a_vcard_is_folded_by_bytes_and_escaped() -> None:
    card = writing.card(
        {
            "uid": "u", "name": "Jürgen, der; Größte\\", "given": "Jürgen", "family": "G;x",
            "email": "j@x.example",
            "emails": [
                {"label": "Work", "email": "w@x.example"}, {"label": 'Büro "alt"', "email": "b@x.example"}
            ], "tags": ["a,b", "c"],
            "note": "zwei\nZeilen " + "ö" * 200, "updated_at": "2026-11-25T05:54:37.798Z",
        }
    )  # fmt: skip
    lines = card.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert all(line.decode() for line in lines[:-1])  # never cut inside a character
    text = card.replace(b"\r\n ", b"").decode()
    assert "FN:Jürgen\\, der\\; Größte\\\\\r\n" in text
    assert "N:G\\;x;Jürgen;;;\r\n" in text
    assert "EMAIL;PREF=1:j@x.example\r\nEMAIL;TYPE=work:w@x.example\r\n" in text
    assert "EMAIL;TYPE=\"Büro 'alt'\";X-ROSTER-LABEL=\"Büro ^'alt^'\":b@x.example\r\n" in text
    assert "CATEGORIES:a\\,b,c\r\n" in text
    assert f"NOTE:zwei\\nZeilen {'ö' * 200}\r\n" in text
    assert "REV:20261125T055437Z\r\n" in text


def test_an_unknown_suffix_and_a_missing_folder_are_told(database: Path, session: Session) -> None:
    with pytest.raises(errors.Refused) as caught:
        export(database, "all.docx")
    assert (
        caught.value.message.values["known"]
        == ".csv, .tsv, .xlsx, .vcf, .zip, .ldif, .json, .sqlite, .db, .html"
    )
    with pytest.raises(errors.ReadOnly):
        export(database, "nowhere/all.csv")
