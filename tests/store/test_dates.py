"""Dates with unknown parts: what people type, what is kept, how old someone is."""

import datetime

import pytest

from webui.store.values import dates


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("1987", "1987"),
        ("1987-03", "1987-03"),
        ("1987-03-04", "1987-03-04"),
        ("--03-04", "--03-04"),
        ("--0304", "--03-04"),
        ("19870304", "1987-03-04"),
        ("1987-3-4", "1987-03-04"),
        ("1987/03/04", "1987-03-04"),
        ("4.3.1987", "1987-03-04"),
        ("4. 3. 1987", "1987-03-04"),
        ("04.03.", "--03-04"),
        ("3/1987", "1987-03"),
        ("13/4/1987", "1987-04-13"),
        ("4/13/1987", "1987-04-13"),
        ("5/5/1987", "1987-05-05"),
        ("12/25", "--12-25"),
        ("4 March 1987", "1987-03-04"),
        ("March 4, 1987", "1987-03-04"),
        ("1987 March 4", "1987-03-04"),
        ("4 Mar", "--03-04"),
        ("March 1987", "1987-03"),
        ("4th of July 1976", "1976-07-04"),
        ("29 Feb", "--02-29"),
        ("8. Mai 1945", "1945-05-08"),
        ("1. März", "--03-01"),
        ("den 4 mars 1987", "1987-03-04"),
        ("1er janvier 2000", "2000-01-01"),
        ("5 maja 1990", "1990-05-05"),
        ("29. helmikuuta 1988", "1988-02-29"),
        ("29.2.1988", "1988-02-29"),
        ("  4   march  ", "--03-04"),
    ],
)
def test_what_people_type_is_read(typed: str, kept: str) -> None:
    assert dates.parse(typed) == kept
    assert dates.fault(typed) is None
    assert dates.parse(kept) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "12",
        "abc",
        "0000",
        "13/13/1987",
        "4 March May",
        "1987 1988 May",
        "45.67",
        "March",
        "4 March 87",
        "1987-13",
        "4.3.1987 x",
        "²/3/1987",
        "१ March 1987x",
    ],
)
def test_what_is_no_day_is_told(typed: str) -> None:
    assert dates.parse(typed) is None
    told = dates.fault(typed)
    assert told is not None
    assert told.id == "date.unclear"


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("Today", "2026-11-28"),
        ("tomorrow", "2026-11-29"),
        (" I  morgen ", "2026-11-29"),
        ("mañana", "2026-11-29"),
        ("aujourd’hui", "2026-11-28"),
        ("huomenna", "2026-11-29"),
        ("28 Nov", "2026-11-28"),
        ("27 Nov", "2027-11-27"),
        ("1.12.", "2026-12-01"),
        ("29 Feb", "2027-03-01"),
        ("1 March 2025", "2025-03-01"),
        ("March 2027", "2027-03"),
        ("3/4", None),
        ("soon", None),
        ("yesterday", None),
    ],
)
def test_a_day_to_come_may_be_near_or_without_its_year(typed: str, day: str | None) -> None:
    assert dates.coming(typed, datetime.date(2026, 11, 28)) == day


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("Today", "2026-11-28"),
        ("yesterday", "2026-11-27"),
        ("gestern", "2026-11-27"),
        (" I  går ", "2026-11-27"),
        ("igår", "2026-11-27"),
        ("eilen", "2026-11-27"),
        ("28 Nov 2026", "2026-11-28"),
        ("28 Nov", "--11-28"),
        ("tomorrow", None),
        ("soon", None),
    ],
)
def test_a_day_that_was_may_be_near(typed: str, day: str | None) -> None:
    assert dates.been(typed, datetime.date(2026, 11, 28)) == day


@pytest.mark.parametrize(
    ("typed", "one", "other"),
    [
        ("3/4/1987", "1987-04-03", "1987-03-04"),
        ("03-04-1987", "1987-04-03", "1987-03-04"),
        ("3/4", "--04-03", "--03-04"),
    ],
)
def test_what_can_be_two_days_is_asked(typed: str, one: str, other: str) -> None:
    told = dates.fault(typed)
    assert told is not None
    assert (told.id, told.values["one"], told.values["other"]) == ("date.either", one, other)


@pytest.mark.parametrize(
    ("date", "today", "age"),
    [
        ("1987-03-04", "2026-03-03", 38),
        ("1987-03-04", "2026-03-04", 39),
        ("1988-02-29", "2026-02-28", 37),
        ("1988-02-29", "2026-03-01", 38),
        ("1988-02-29", "2024-02-29", 36),
        ("2026-11-25", "2026-11-25", 0),
        ("2026-11-26", "2026-11-25", None),
        ("1987", "2026-11-25", None),
        ("1987", "2026-12-31", 39),
        ("2026", "2026-12-30", None),
        ("1987-03", "2026-11-25", 39),
        ("1987-03", "2026-02-28", 38),
        ("1987-03", "2026-03-01", None),
        ("1988-02", "2026-02-28", None),
        ("--03-04", "2026-11-25", None),
    ],
)
def test_ages_are_right(date: str, today: str, age: int | None) -> None:
    assert dates.age(date, datetime.date.fromisoformat(today)) == age


def test_no_months_name_means_two_months() -> None:
    from babel.dates import get_month_names

    from webui.store.values import text

    for language in dates.LANGUAGES:
        for number, name in get_month_names("wide", "format", language).items():
            assert dates.parse(f"4 {name} 1987") == f"1987-{number:02}-04", (language, name, text.fold(name))


def test_parts_of_what_is_no_date_are_a_fault() -> None:
    assert dates.parts("--03-04") == (None, 3, 4)
    for odd in ("-", "19870304", "4 March"):
        with pytest.raises(ValueError, match=odd):
            dates.parts(odd)


@pytest.mark.parametrize(
    ("date", "today", "days"),
    [
        ("1987-03-04", "2026-11-25", 99),
        ("--11-25", "2026-11-25", 0),
        ("--11-24", "2026-11-25", 364),
        ("--02-29", "2026-02-28", 1),
        ("--02-29", "2028-02-28", 1),
        ("--02-29", "2028-03-01", 365),
        ("1987-03", "2026-11-25", None),
    ],
)
def test_a_day_comes_round(date: str, today: str, days: int | None) -> None:
    assert dates.days_until(date, datetime.date.fromisoformat(today)) == days


@pytest.mark.parametrize(
    ("date", "whole", "is_part"),
    [
        ("--03-04", "1987-03-04", True),
        ("1987", "1987-03-04", True),
        ("1987-03", "1987-03-04", True),
        ("1987-03-04", "1987-03-04", True),
        ("1987-03-04", "1987", False),
        ("--03-05", "1987-03-04", False),
        ("1987", "", False),
    ],
)
def test_a_date_may_be_part_of_another(date: str, whole: str, is_part: bool) -> None:
    assert dates.is_part(date, whole) is is_part


@pytest.mark.parametrize(
    "typed",
    ["29.2.2023", "29/02/2023", "2/29/2023", "2023-02-29", "20230229", "29 February 2023", "Feb 29, 2023"],
)
def test_a_29_february_that_never_was_is_told(typed: str) -> None:
    told = dates.fault(typed)
    assert dates.parse(typed) is None and told is not None
    assert (told.id, told.values["year"]) == ("date.no_leap", "2023")
    assert dates.parse(typed.replace("2023", "2024")) == "2024-02-29"


@pytest.mark.parametrize(
    ("typed", "last"),
    [
        ("31 April", 30),
        ("31.4.1987", 30),
        ("30 February", 29),
        ("1987-02-30", 28),
        ("Nov 31, 1987", 30),
        ("31 février", 29),
        ("--02-30", 29),
        ("31/4/1987", 30),
        ("4/31/1987", 30),
        ("30.2.2024", 29),
    ],
)
def test_a_day_that_its_month_has_not_is_told(typed: str, last: int) -> None:
    told = dates.fault(typed)
    assert told is not None
    assert (told.id, told.values["last"]) == ("date.no_day", last)


@pytest.mark.parametrize(
    "typed", ["32 April", "31", "31 sheep", "30/31/1987", "2024-31-01", "1.31.2024", "1.31."]
)
def test_what_is_no_day_of_any_month_is_unclear(typed: str) -> None:
    told = dates.fault(typed)
    assert told is not None
    assert told.id == "date.unclear"
