"""What kind of e-mail the main one is: read from every file that says it, changed with it, and out again."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.exchange.conftest import Import, Planning
from webui.exchange import formats, importing
from webui.exchange.ours import sqlite_file
from webui.exchange.out.wanted import Wanted
from webui.store import users
from webui.store.ledger import sqlite
from webui.store.ledger.operations import operation

Rows = Callable[[str], list[tuple[Any, ...]]]
MAIN = "SELECT email, email_label FROM users ORDER BY id"
FURTHER = "SELECT email, label FROM user_emails ORDER BY id"
GOOGLE = "First Name,Last Name,E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Label,E-mail 2 - Value\n"
CARD = "BEGIN:VCARD\r\nVERSION:{}\r\nUID:1\r\nN:Ek;Mara;;;\r\nFN:Mara Ek\r\n{}END:VCARD\r\n"


@pytest.mark.parametrize(
    ("name", "text", "label"),
    [
        ("google.csv", f"{GOOGLE}Mara,Ek,* Work,m@x.example,Home,n@x.example\n", "Work"),
        ("old.vcf", CARD.format("3.0", "EMAIL;TYPE=INTERNET,PREF,HOME:m@x.example\r\n"), "Home"),
        ("new.vcf", CARD.format("4.0", "EMAIL;TYPE=work;PREF=1:m@x.example\r\n"), "Work"),
        ("older.vcf", CARD.format("2.1", "EMAIL;INTERNET;HOME:m@x.example\r\n"), "Home"),
        (
            "apple.vcf",
            CARD.format("3.0", "item1.EMAIL:m@x.example\r\nitem1.X-ABLabel:Choir\r\n"),
            "Choir",
        ),
        ("list.json", '[{"name": "Mara Ek", "emails": [{"type": "Work", "value": "m@x.example"}]}]', "Work"),
        ("plain.csv", "Name,E-mail\nMara Ek,m@x.example\n", None),
    ],
)
def test_it_is_read_from_every_file_that_says_it(
    bring_in: Import, rows: Rows, tmp_path: Path, name: str, text: str, label: str | None
) -> None:
    file = tmp_path / name
    file.write_bytes(text.encode())
    bring_in(file)
    assert rows(MAIN) == [("m@x.example", label)]
    assert bring_in(file).changed == 0


def test_someone_without_an_email_gets_one_with_its_kind(
    bring_in: Import, rows: Rows, session: Session
) -> None:
    bring_in("First Name,Phone\nMara,+46701740641\n")
    header = "First Name,Phone,E-mail 1 - Label,E-mail 1 - Value\n"
    bring_in(f"{header}Mara,+46701740641,Work,m@x.example\n", how=importing.Rules(key="phone"))
    assert rows(MAIN) == [("m@x.example", "Work")]


@pytest.mark.parametrize(
    ("before", "now", "main", "further"),
    [
        ("Work,m@x.example,,", "Work,n@x.example,,", ("n@x.example", "Work"), []),
        ("Work,m@x.example,,", "Home,m@x.example,,", ("m@x.example", "Home"), []),
        (",m@x.example,,", "Home,m@x.example,,", ("m@x.example", "Home"), []),
        (
            "Work,m@x.example,Home,n@x.example",
            "Home,n@x.example,Work,m@x.example",
            ("m@x.example", "Work"),
            [("n@x.example", "Home")],
        ),
    ],
)
def test_it_follows_the_file_as_every_label_does(
    bring_in: Import, rows: Rows, before: str, now: str, main: tuple[str, str], further: list[Any]
) -> None:
    header = "First Name,Last Name,Phone," + GOOGLE.partition("Last Name,")[2]
    for said in (before, now):
        bring_in(f"{header}Mara,Ek,+46701740641,{said}\n", how=importing.Rules(key="phone"))
    assert (rows(MAIN), rows(FURTHER)) == ([main], further)


def test_what_a_person_wrote_there_stays(bring_in: Import, rows: Rows, session: Session) -> None:
    bring_in(f"{GOOGLE}Mara,Ek,Work,m@x.example,,\n")
    with operation(session):
        users.change(session, 1, {"email_label": "Summer"})
    bring_in(f"{GOOGLE}Mara,Ek,Home,m@x.example,,\n")
    assert rows(MAIN) == [("m@x.example", "Summer")]


def test_the_heir_of_the_main_one_keeps_its_kind(bring_in: Import, rows: Rows) -> None:
    header, how = f"Phone,{GOOGLE}", importing.Rules(clears=True, key="phone")
    bring_in(f"{header}+46701740641,Mara,Ek,Work,m@x.example,Home,n@x.example\n")
    bring_in(f"{header}+46701740641,Mara,Ek,,,Home,n@x.example\n", how=how)
    assert (rows(MAIN), rows(FURTHER)) == ([("n@x.example", "Home")], [])


def test_the_heir_has_what_the_file_says_now(bring_in: Import, rows: Rows) -> None:
    header, how = f"Phone,{GOOGLE}", importing.Rules(clears=True, key="phone")
    bring_in(f"{header}+46701740641,Mara,Ek,Work,m@x.example,Home,n@x.example\n")
    bring_in(f"{header}+46701740641,Mara,Ek,,,Cabin,n@x.example\n", how=how)
    assert (rows(MAIN), rows(FURTHER)) == ([("n@x.example", "Cabin")], [])


def test_a_new_kind_is_shown_beside_the_old_one(planning: Planning, bring_in: Import) -> None:
    for before, now in (("", "m@x.example"), ("Work", "m@x.example (Work)")):
        bring_in(f"{GOOGLE}Mara,Ek,{before},m@x.example,,\n")
        (row,) = planning(f"{GOOGLE}Mara,Ek,Home,m@x.example,,\n").page()
        assert [each[2:] for each in row.replaced] == [(now, "m@x.example (Home)")]


def test_another_address_in_a_card_has_not_the_kind_of_the_old_one(
    bring_in: Import, engine: Engine, session: Session, tmp_path: Path
) -> None:
    file = tmp_path / "cards.vcf"
    file.write_bytes(CARD.format("4.0", "EMAIL;TYPE=home;X-OWN=1:m@x.example\r\n").encode())
    bring_in(file)
    with operation(session):
        users.change(session, 1, {"email": "n@x.example", "email_label": ""})
    session.rollback()
    out = tmp_path / "out.vcf"
    with closing(sqlite.connect(str(engine.url.database))) as connection:
        formats.export(connection, out, Wanted())
    assert "EMAIL;X-OWN=1:n@x.example" in out.read_text("utf-8").splitlines()


@pytest.mark.parametrize(
    ("line", "label", "after"),
    [
        ("EMAIL;TYPE=WORK;X-OWN=1", "Work", ["EMAIL;TYPE=WORK;X-OWN=1:m@x.example"]),
        ("EMAIL;TYPE=WORK;X-OWN=1", None, ["EMAIL;TYPE=WORK;X-OWN=1:m@x.example"]),  # of an older Roster
        ("EMAIL;X-OWN=1;TYPE=WORK", "Home", ["EMAIL;X-OWN=1;TYPE=home:m@x.example"]),
        ("EMAIL;X-OWN=1", "Home", ["EMAIL;X-OWN=1;TYPE=home:m@x.example"]),
    ],
)
def test_a_card_that_came_says_it_in_its_own_line(
    bring_in: Import,
    engine: Engine,
    session: Session,
    tmp_path: Path,
    line: str,
    label: str,
    after: list[str],
) -> None:
    file = tmp_path / "cards.vcf"
    file.write_bytes(CARD.format("4.0", f"{line}:m@x.example\r\n").encode())
    bring_in(file)
    with operation(session):
        users.change(session, 1, {"email_label": label})
    session.rollback()
    out = tmp_path / "out.vcf"
    with closing(sqlite.connect(str(engine.url.database))) as connection:
        formats.export(connection, out, Wanted())
    assert [each for each in out.read_text("utf-8").splitlines() if each.startswith("EMAIL")] == after


@pytest.mark.parametrize(
    ("columns", "there"),
    [(None, True), ({"email", "emails"}, True), ({"email", "given"}, False)],
)
def test_a_table_has_a_column_of_it_beside_further_emails(
    engine: Engine, session: Session, tmp_path: Path, columns: set[str] | None, there: bool
) -> None:
    with operation(session):
        users.add(session, {"username": "m", "email": "m@x.example", "email_label": "Work"})
    session.rollback()
    out = tmp_path / "out.csv"
    with closing(sqlite.connect(str(engine.url.database))) as connection:
        formats.export(connection, out, Wanted(columns=columns and frozenset(columns)))
    assert ("email_label" in out.read_text("utf-8-sig").partition("\n")[0]) == there


def test_a_sqlite_file_of_an_older_roster_has_none(engine: Engine, session: Session, tmp_path: Path) -> None:
    with operation(session):
        users.add(session, {"username": "m", "email": "m@x.example", "email_label": "Work"})
    session.rollback()
    out = tmp_path / "out.sqlite"
    with closing(sqlite.connect(str(engine.url.database))) as connection:
        formats.export(connection, out, Wanted())
    assert [each["email_label"] for each in sqlite_file.read(out).people()] == ["Work"]
    with closing(sqlite3.connect(out)) as connection:
        connection.execute("ALTER TABLE people DROP COLUMN email_label")
    assert [(each["email"], each["email_label"]) for each in sqlite_file.read(out).people()] == [
        ("m@x.example", None)
    ]
