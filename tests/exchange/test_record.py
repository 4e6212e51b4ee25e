"""The whole record by import: added to those who are here, shown before, once, and taken back."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from tests.exchange.conftest import Import, Planning
from webui.exchange import importing
from webui.store import errors, settings, users
from webui.store.ledger import history
from webui.store.ledger.operations import operation

FILES = Path(__file__).parents[1] / "files" / "csv"
LISTS = ("phones", "addresses", "links", "handles", "dates")
Rows = Callable[[str], list[tuple[Any, ...]]]


@pytest.mark.parametrize("name", ["record-google.csv", "record-outlook.csv", "record-sheet.csv"])
def test_a_second_time_changes_nothing_and_undo_takes_all_back(
    bring_in: Import, engine: Engine, digest: Callable[[], str], rows: Rows, name: str
) -> None:
    before = digest()
    bring_in(FILES / name)
    once = digest()
    again = bring_in(FILES / name)
    assert (again.added, again.changed, again.operation, digest()) == (0, 0, None, once)
    history.undo(engine)
    assert digest() == before
    assert [rows(f"SELECT count(*) FROM user_{each}")[0][0] for each in LISTS] == [0] * 5
    history.redo(engine)
    assert digest() == once


def test_rows_are_added_to_who_is_here_and_nothing_is_cleared(
    bring_in: Import, planning: Planning, session: Session, rows: Rows
) -> None:
    with operation(session):
        settings.set_phone_region(session, "SE")
        form = {
            "username": "mara", "email": "m@x.example", "display_name": "Mara", "given": "Mara",
            "organisation": "Choir", "birthday": "4 March 1987",
            "phones": [{"label": "Home", "phone": "046-12 34 56"}],
            "addresses": [{"label": "Home", "street": "Ring 1", "city": "Lund"}],
            "dates": [{"label": "Anniversary", "date": "June 2010"}],
        }  # fmt: skip
        users.add(session, form)
    session.rollback()
    header = "First Name,E-mail,Company,Birthday,Phone,Mobile,Home Street,Home City,Anniversary,Skype\n"
    same = header + "Mara,m@x.example,,1987-03-04,+46 46 123456,,RING 1,Lund,2010-06,\n"
    assert planning(same).counts()["same"] == 1
    more = header + "Mara,m@x.example,Opera,1987-03-05,046 123456,070-1,Ring 2,Lund,,mara.l\n"
    (row,) = planning(more).page()
    assert row.changes == {
        "organisation": ["Choir", "Opera"],
        "birthday_typed": ["4 March 1987", "1987-03-05"],
    }
    assert row.new_details == [
        ("phones", "Mobile", "070-1"), ("addresses", "Home", "Ring 2, Lund"), ("handles", "Skype", "mara.l")
    ]  # fmt: skip
    bring_in(more)
    user = users.find(session, 1)
    assert (user.organisation, user.birthday, user.birthday_typed) == ("Opera", "1987-03-05", "1987-03-05")
    assert [phone.phone for phone in user.phones] == ["046-12 34 56", "070-1"]
    assert [row.street for row in user.addresses] == ["Ring 1", "Ring 2"]
    assert [row.typed for row in user.dates] == ["June 2010"]
    session.rollback()
    bring_in("First Name,E-mail,Birthday\nMara,m@x.example,in spring\n")
    session.rollback()
    user = users.find(session, 1)
    assert (user.birthday, user.birthday_typed) == (None, "in spring")
    bring_in("First Name,E-mail,Birthday,Company\nMara,m@x.example,,Theatre\n")
    session.rollback()
    assert rows("SELECT birthday_typed, organisation FROM users") == [("in spring", "Theatre")]


def test_three_rows_of_one_person_bring_each_phone_once(bring_in: Import, rows: Rows) -> None:
    bring_in(
        "Name,E-mail,Phone,Work Phone\nMara,m@x.example,1 11,\n"
        "Mara,m@x.example,2 22,\nMara,m@x.example,222,3 33\n"
    )
    assert rows("SELECT label, phone FROM user_phones ORDER BY id") == [
        ("", "1 11"), ("", "2 22"), ("Work", "3 33")
    ]  # fmt: skip


def test_a_region_set_meanwhile_is_that_of_the_phones(
    engine: Engine, planning: Planning, session: Session, rows: Rows
) -> None:
    planned = planning("Name,E-mail,Phone\nMara,m@x.example,046-12 34 56\n")
    with operation(session):
        settings.set_phone_region(session, "SE")
        form = {"username": "mara", "email": "m@x.example", "given": "Mara"}
        users.add(session, {**form, "phones": [{"phone": "+46 46 12 34 56"}]})
    session.rollback()
    importing.apply(engine, planned)
    assert rows("SELECT phone, phone_key FROM user_phones") == [("+46 46 12 34 56", "+4646123456")]


def test_what_another_program_left_is_compared_all_the_same(
    planning: Planning, session: Session, rows: Rows
) -> None:
    form = {"username": "mara", "email": "m@x.example", "given": "Mara", "birthday": "1987-03-04"}
    with operation(session):
        users.add(session, form).birthday_typed = None
    session.rollback()
    assert rows("SELECT birthday, birthday_typed FROM users") == [("1987-03-04", None)]
    content = "First Name,E-mail,Birthday\nMara,m@x.example,1987-03-04\n"
    assert planning(content).counts()["same"] == 1
    (row,) = planning(content.replace("03-04", "03-05")).page()
    assert row.changes == {"birthday_typed": ["1987-03-04", "1987-03-05"]}


@pytest.mark.parametrize(("dates", "birthday"), [("day", "1990-04-03"), ("month", "1990-03-04")])
def test_dates_that_no_row_decides_are_asked_about(
    engine: Engine, planning: Planning, bring_in: Import, rows: Rows, digest: Callable[[], str],
    dates: str, birthday: str,
) -> None:  # fmt: skip
    content = "Name,E-mail,Birthday,Wedding\nMara,m@x.example,03/04/1990,11/12/2015\n"
    planned, before = planning(content), digest()
    assert importing.question(planned) == errors.Message(
        "import.dates",
        {"column": "Birthday", "value": "03/04/1990", "one": "1990-04-03", "other": "1990-03-04"},
    )
    with pytest.raises(errors.Refused):
        importing.apply(engine, planned)
    assert digest() == before
    bring_in(content, dates=dates)
    assert rows("SELECT birthday, birthday_typed FROM users") == [(birthday, birthday)]
    wedding = "2015-12-11" if dates == "day" else "2015-11-12"
    assert rows("SELECT label, date, typed FROM user_dates") == [("Wedding", wedding, wedding)]
    assert planning(content, dates=dates).counts()["same"] == 1


def test_a_later_row_decides_for_the_earlier_ones(bring_in: Import, rows: Rows) -> None:
    later = "".join(f"P{n},p{n}@x.example,03/04/1990\n" for n in range(2100))
    bring_in(f"Name,E-mail,Birthday\n{later}Z,z@x.example,12/31/1985\n")
    assert rows("SELECT DISTINCT birthday FROM users ORDER BY 1") == [("1985-12-31",), ("1990-03-04",)]


def test_a_refused_row_asks_nothing(planning: Planning) -> None:
    assert importing.question(planning("Name,E-mail,Birthday\nMara,m@x.example,\n,,03/04/1990\n")) is None


def test_the_same_file_brings_what_it_could_not_bring_before_there_were_fields(
    bring_in: Import, session: Session, rows: Rows
) -> None:
    content = "Name,E-mail,Phone,Birthday\nMara,m@x.example,046-1,1987-03-04\n"
    bring_in(content)
    with operation(session):  # as an import before had left it
        users.change(session, 1, {"phones": [], "birthday": ""})
        session.execute(text("UPDATE source_files SET options = json_remove(options, '$.reads')"))
    session.rollback()
    again = bring_in(content)
    assert (again.changed, again.same) == (1, 0)
    assert rows("SELECT phone, birthday FROM users u JOIN user_phones p ON p.user_id = u.id") == [
        ("046-1", "1987-03-04")
    ]
    assert bring_in(content).same == 1
