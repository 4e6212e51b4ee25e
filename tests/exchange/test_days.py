"""Dates of files: what a cell says by itself, and what its whole column says."""

import datetime
from typing import Any

import pytest

from tests.exchange.conftest import Import
from webui.exchange import days
from webui.exchange.days import DAY, MONTH, Day, Orders


@pytest.mark.parametrize(
    ("cell", "typed", "date"),
    [
        ("1990-12-01", "1990-12-01", "1990-12-01"),
        ("1990-12-01T00:00:00", "1990-12-01", "1990-12-01"),
        ("1990-12-01 13:05", "1990-12-01", "1990-12-01"),
        ("4 March 1987", "4 March 1987", "1987-03-04"),
        ("03 Mar 2021", "03 Mar 2021", "2021-03-03"),
        (" --03-07", "--03-07", "--03-07"),
        ("1604-03-12", "--03-12", "--03-12"),
        ("3/12/1604", "--12-03", None),
        ("12.5.84", "1984-05-12", "1984-05-12"),
        ("4.3.1987", "4.3.1987", "1987-03-04"),
        ("2/13/92", "1992-02-13", "1992-02-13"),
        ("13/2/1992", "1992-02-13", "1992-02-13"),
        ("01/01/1950", "1950-01-01", "1950-01-01"),
        ("5/5/1992 00:00", "1992-05-05", "1992-05-05"),
        ("2/30/1980", "2/30/1980", None),
        ("13.13.1980", "13.13.1980", None),
        ("vmx-15", "vmx-15", None),
        ("2016/31/12", "2016/31/12", None),
        ("1977", "1977", "1977"),
    ],
)
def test_a_cell_is_read_by_itself(cell: str, typed: str, date: str | None) -> None:
    found = days.read(cell)
    if found.either:  # without its year it is still one of two days
        assert (cell, found.either) == ("3/12/1604", ("--12-03", "--03-12"))
    else:
        assert (found.typed, found.date) == (typed, date)


def test_two_digits_are_the_last_such_year() -> None:
    year = datetime.date.today().year
    assert days.read(f"1.2.{year % 100:02}").date == f"{year}-02-01"
    assert days.read(f"1.2.{(year + 1) % 100:02}").date == f"{year - 99}-02-01"
    ahead = datetime.date.today() + datetime.timedelta(1)
    assert days.read(f"{ahead:%d.%m.%y}").date == f"{ahead.year - 100}-{ahead:%m-%d}"
    assert (
        days.read("1.2.25").guessed and not days.read("1.2.60").guessed and not days.read("1.2.1925").guessed
    )


def test_what_can_be_two_days_is_left_open() -> None:
    assert days.read("03/04/1990") == Day("03/04/1990", None, None, ("1990-04-03", "1990-03-04"))
    assert days.read("3-4").either == ("--04-03", "--03-04")
    assert days.read("05-14") == Day("--05-14", "--05-14")  # as ISO 8601 once had it: no word on 3/4/1990
    assert days.own("03/04/1990") == Day("03/04/1990", None)


def test_a_column_is_decided_by_all_its_cells_then_by_the_answer_then_by_the_others() -> None:
    orders = Orders()
    assert orders.of(0, None) is None
    assert orders.of(0, DAY) == DAY
    for column, cell in [(0, "3/14/1971"), (0, "31.12.1971"), (1, "03/04/1990"), (2, "4.3.1987")]:
        orders.note(column, days.read(cell))
    assert [orders.of(column, None) for column in (0, 1, 2)] == [MONTH, MONTH, MONTH]
    assert orders.of(0, DAY) == MONTH
    assert orders.of(1, DAY) == DAY  # what the person says of it goes before another column
    orders.note(0, days.read("14/3/1971"))  # both ways in one column: only the person can know
    assert [orders.of(column, None) for column in (0, 1)] == [None, None]
    assert orders.of(0, DAY) == DAY


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        (("1980", "2", "3"), "1980-02-03"),
        (("", "3", "9"), "--03-09"),
        (("1977", "", ""), "1977"),
        (("1977", "5", ""), "1977-05"),
        (("", "", "9"), "09"),
        (("", "", ""), ""),
        (("1980", "Mars", ""), "1980 Mars"),
        (("87", "3", "4"), "1987-03-04"),
        (("0", "03", "04"), "--03-04"),
    ],
)
def test_a_date_in_three_cells(parts: tuple[str, str, str], text: str) -> None:
    assert days.of_parts(*parts) == text


def test_the_german_birthday_of_thunderbird_is_the_day_beside_month_and_year(
    bring_in: Import, rows: Any
) -> None:
    header = "Vorname,Nachname,Primäre E-Mail-Adresse,Geburtsjahr,Geburtsmonat,Geburtstag"
    bring_in(f"{header}\nMara,Ek,m@x.example,1975,7,9\n")
    assert rows("SELECT birthday FROM users") == [("1975-07-09",)]
    bring_in("Vorname,E-Mail,Geburtstag\nBo,b@x.example,9.7.1976\n")  # alone it is the whole one
    assert rows("SELECT birthday FROM users ORDER BY id") == [("1975-07-09",), ("1976-07-09",)]
