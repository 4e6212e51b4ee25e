"""What an own field can hold: each kind as people type it, what is kept, and what is doubtful."""

from typing import Any

import pytest

from webui.exchange import guesses
from webui.store.values import numbers, own

VOICES = ("Soprano", "Alto", "Mezzo, low")


def kept(kind: str, given: Any, **how: Any) -> list[str]:
    return [row.value for row in own.read(own.Rule(kind, VOICES, **how), given).rows]


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("1.234,50", "1234.50"),
        ("1,234.50", "1234.50"),
        ("1.234.567", "1234567"),
        ("1,234,567", "1234567"),
        ("12,5", "12.5"),
        ("0,125", "0.125"),
        ("1 234,5", "1234.5"),
        ("1\u202f234", "1234"),
        ("1'234.50", "1234.50"),
        ("−3", "-3"),
        ("+.5", "0.5"),
        ("5.", "5"),
        ("00012", "12"),
        ("-0.0", "0.0"),
        ("9" * 40, "9" * 40),
    ],
)
def test_a_number_is_read_however_it_is_written(typed: str, number: str) -> None:
    assert numbers.parse(typed) == numbers.parse(typed, ",") == number


@pytest.mark.parametrize(
    "typed",
    [
        "1.23.4", "12,34,567", "1,,2", "", "-", "1.234.56", "1 2", "1 234 56", "2024-01-01", "١٢", "1e5",
        "five", "1,234 567", "9" * 41, "1.2,3.4",
    ],
)  # fmt: skip
def test_what_is_no_number_is_none(typed: str) -> None:
    assert numbers.parse(typed) is None


def test_what_could_be_two_numbers_is_as_the_language_writes_it() -> None:
    assert (numbers.parse("1,234"), numbers.parse("1,234", ",")) == ("1234", "1.234")
    assert (numbers.parse("1.234"), numbers.parse("1.234", ",")) == ("1.234", "1234")
    assert numbers.decimal_of(["7", "1,234", "2,5"]) == ","
    assert numbers.decimal_of(["7", "1,234"]) is None


def test_a_number_keeps_the_fractions_it_was_written_with_and_adds_up() -> None:
    (row,) = own.read(own.Rule("number"), "1,234.50").rows
    assert (row.value, row.typed, row.number) == ("1234.5", "1234.50", 1234.5)
    assert own.read(own.Rule("number"), "1234.5").rows[0].typed is None


@pytest.mark.parametrize(
    ("kind", "given", "values"),
    [
        ("text", "  004  \n x ", ["004 x"]),
        ("text", "", []),
        ("text", None, []),
        ("text", ["one"], ["one"]),
        ("text", 4, ["4"]),
        ("long_text", "a\r\nb\n\n", ["a\nb"]),
        ("number", 12.5, ["12.5"]),
        ("number", 1e20, ["100000000000000000000"]),
        ("date", "4 March 1987", ["1987-03-04"]),
        ("date", "4 March", ["--03-04"]),
        ("date", "2023", ["2023"]),
        ("yes_no", "Ja", ["1"]),
        ("yes_no", "NO", ["0"]),
        ("yes_no", "WAHR", ["1"]),
        ("yes_no", "FALSKT", ["0"]),
        ("yes_no", True, ["1"]),
        ("yes_no", False, ["0"]),
        ("choice", "ALTO", ["Alto"]),
        ("choices", ["alto", "Soprano", "Alto"], ["Alto", "Soprano"]),
        ("choices", "alto; soprano", ["Alto", "Soprano"]),
        ("choices", "Mezzo, low", ["Mezzo, low"]),
        ("choices", "Mezzo, low ::: alto", ["Mezzo, low", "Alto"]),
        ("choices", [], []),
        ("link", "lindqvist.example/a", ["https://lindqvist.example/a"]),
        ("link", "http://x.example", ["http://x.example"]),
        ("email", "mara@lindqvist.example", ["mara@lindqvist.example"]),
        ("phone", "+46 8 465 004 17", ["+46846500417"]),
        ("phone", "112", ["112"]),
    ],
)
def test_what_is_typed_becomes_what_is_kept(kind: str, given: Any, values: list[str]) -> None:
    found = own.read(own.Rule(kind, VOICES), given)
    assert [row.value for row in found.rows] == values
    assert found.fault is None


def test_a_phone_without_a_code_belongs_to_the_region() -> None:
    assert kept("phone", "08-465 004 17", region="SE") == ["+46846500417"]
    assert kept("phone", "08-465 004 17") == ["08-465 004 17"]


@pytest.mark.parametrize(
    ("kind", "given", "fault"),
    [
        ("number", "many", "own.number"),
        ("date", "soon", "date.unclear"),
        ("date", "3/4/1987", "date.either"),
        ("yes_no", "perhaps", "own.yes_no"),
        ("choice", "Tenor", "own.choice"),
        ("choices", ["Alto", "Tenor"], "own.choice"),
        ("link", "javascript:alert(1)", "own.link"),
        ("link", "http://[", "own.link"),
        ("link", "http://a b", "own.link"),
        ("email", "mara", "email.no_at"),
        ("phone", "none", "own.phone"),
    ],
)
def test_what_is_doubtful_is_kept_as_it_is_written_and_told(kind: str, given: Any, fault: str) -> None:
    found = own.read(own.Rule(kind, VOICES), given)
    assert found.rows
    assert found.fault is not None
    assert (found.fault.id, found.hard) == (fault, False)


@pytest.mark.parametrize(
    ("kind", "given", "fault"),
    [
        ("text", "x" * 501, "too_long"),
        ("long_text", "x" * 100_001, "too_long"),
        ("choices", [str(number) for number in range(301)], "too_many"),
        ("text", "a\0b", "text.unkeepable"),
        ("text", {"a": 1}, "own.shape"),
        ("text", ["a", "b"], "own.shape"),
        ("text", True, "own.shape"),
        ("choices", [1], "own.shape"),
        ("yes_no", 1, "own.shape"),
    ],
)
def test_what_can_not_be_kept_is_a_hard_fault(kind: str, given: Any, fault: str) -> None:
    found = own.read(own.Rule(kind, VOICES), given)
    assert found.fault is not None
    assert (found.fault.id, found.hard) == (fault, True)


@pytest.mark.parametrize(
    ("kind", "given", "said", "plain"),
    [
        ("number", "1,234.50", "1234.50", 1234.5),
        ("number", "7", "7", 7),
        ("number", "0.1000000000000000055", "0.1000000000000000055", "0.1000000000000000055"),
        ("number", "many", "many", "many"),
        ("yes_no", "ja", "yes", True),
        ("yes_no", "perhaps", "perhaps", "perhaps"),
        ("date", "4 March 1987", "4 March 1987", "1987-03-04"),
        ("choices", ["alto", "soprano"], ["Alto", "Soprano"], ["Alto", "Soprano"]),
        ("choices", [], [], []),
        ("text", "", "", None),
    ],
)
def test_a_form_and_json_say_it_so_that_it_comes_back(kind: str, given: Any, said: Any, plain: Any) -> None:
    rule = own.Rule(kind, VOICES)
    rows = own.read(rule, given).rows
    assert own.said(kind, rows) == said
    assert own.as_json(kind, rows) == plain
    assert own.read(rule, own.said(kind, rows)).rows == rows
    assert own.read(rule, own.as_text(kind, rows)).rows == rows
    assert [row.value for row in own.read(rule, plain).rows] == [row.value for row in rows]


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["yes", "no", ""], "yes_no"),
        (["1", "0"], "yes_no"),
        (["1", "1"], "number"),
        (["1", "2,5"], "number"),
        (["004", "12"], "text"),
        (["4 March 1987", "1987-05"], "date"),
        (["03/04/1987", "01/02/1990"], "date"),
        (["4.3.", "5. 11."], "date"),
        (["1987", "4 March 1987", "05/1987"], "date"),
        (["1987-05", "--03-04", "3. Mai"], "date"),
        (["0001", "0002", "0003", "0010"], "text"),  # numbers of members
        (["2023-1", "2023-2"], "text"),
        (["2023-1", "2023-17"], "text"),
        (["1/2024", "2/2024"], "text"),
        (["10-12", "6-9"], "text"),
        (["3/4", "1/2"], "text"),
        (["a@b.example"], "email"),
        (["https://b.example", "c.example/x"], "link"),
        (["+46 8 465 004 17"], "phone"),
        (["2024-01-05 10:11", "2024-02-06T11:12:00Z"], "text"),  # a date would lose the time of day
        (["01-05-24", "02-06-24"], "text"),
        (["08-465 004 17", "030.123.4567"], "phone"),
        (["Alto", "12"], "text"),
        (["Swedish ::: German", "German"], "choices"),
        (["a ::: " + "b" * 41], "text"),
        (["a\nb"], "long_text"),
        (["", " "], "text"),
    ],
)
def test_the_kind_of_a_column_is_guessed_from_what_stands_in_it(cells: list[str], kind: str) -> None:
    assert guesses.guess(cells).kind == kind


def test_options_are_one_on_each_line_and_no_two_alike() -> None:
    assert own.options_of(" Alto \n\nalto\nSoprano") == ["Alto", "Soprano"]
    assert own.options_of(["Alto", 1, "ALTO"]) == ["Alto"]
    assert own.options_of(None) == []
