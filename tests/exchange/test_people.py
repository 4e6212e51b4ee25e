"""From cells to a person: whose header it is, names, e-mails, tags, and what is no data."""

import pytest

from webui.exchange import columns, people, whole_names
from webui.exchange.columns import by_content, by_name
from webui.store.errors import Message, Refused


def read(header: str, *cells: str) -> people.Person:
    names = header.split(",")
    return people.Reader(by_name(names), columns.program(names)).read(list(cells))


@pytest.mark.parametrize(
    ("header", "targets"),
    [
        ("First Name,Last Name,E-mail 1 - Label,E-mail 1 - Value", "given family email_label email"),
        (
            "Vorname,Nachname,Anzeigename,Primäre E-Mail-Adresse,Handy",
            "given family display_name email phone",
        ),
        ("Prénom,Nom de famille,Adresse électronique,Téléphone mobile", "given family email phone"),
        ("Förnamn,Efternamn,E-post,Mobil,Grupp,Anteckning", "given family email phone tags note"),
        ("姓,名,表示名,メールアドレス", "family given display_name email"),
        ("Nom,Courriel", "full_name email"),
        ("Nom,Prénom", "family given"),
        ("FIRST_NAME,LAST_NAME,Shoe size", "given family kept"),
        ("Name,Name", "full_name kept"),
        ("Name,Title", "full_name job_title"),
        ("Name,Title,Position", "full_name kept job_title"),
        ("Name,Job Title,Title", "full_name job_title kept"),
    ],
)
def test_columns_go_by_their_names_in_many_languages(header: str, targets: str) -> None:
    assert [column.target for column in by_name(header.split(","))] == targets.split()


@pytest.mark.parametrize(
    ("header", "row", "targets"),
    [
        ("Name,Vorname", ["von der Heide", "Anna"], "family given"),
        ("Naam,Voornaam", ["Meier", "Anna"], "family given"),
        ("Name,Surname", ["Anna", "Meier"], "given family"),
        ("First Name,Name", ["Bob", "Bob Dylan"], "given full_name"),
        ("First Name,Full name", ["Bob", "Dylan"], "given full_name"),
        ("First Name,Name", ["Bob", ""], "given full_name"),
        ("Name,First Name,Last Name", ["Bo", "Bob", "Dylan"], "full_name given family"),
    ],
)
def test_a_name_beside_one_part_of_it_is_the_other_unless_it_holds_it(
    header: str, row: list[str], targets: str
) -> None:
    found = by_name(header.split(","), [row, *[row] * 2])
    assert [column.target for column in found] == targets.split()


@pytest.mark.parametrize(
    ("header", "program"),
    [
        ("Name,Given Name,Family Name,E-mail 1 - Value", "google-old"),
        ("First Name,Last Name,E-mail 1 - Value", "google"),
        ("First Name,Last Name,E-mail Address,E-mail Display Name", "outlook"),
        ("First Name,Last Name,Display Name,Primary Email", "thunderbird"),
        ("First Name,Last Name,Company,Connected On", "linkedin"),
        ("Name,E-mail", "plain"),
    ],
)
def test_programs_are_known_by_their_header(header: str, program: str) -> None:
    assert columns.program(header.split(",")) == program


def test_columns_without_names_go_by_what_is_in_them() -> None:
    rows = [["Pia Ex", "pia@example.org", "+49 30 23125 1"], ["Quin Wy", "quin@example.org", ""]]
    assert [column.target for column in by_content(rows)] == ["full_name", "email", "phone"]
    rows = [["John Doe", "John", "Doe", "john@doe.example"]]
    assert [column.target for column in by_content(rows)] == ["display_name", "given", "family", "email"]
    rows = [["Pia", "Ex", "pia@example.org"]]
    assert [column.target for column in by_content(rows)] == ["given", "family", "email"]


def test_columns_without_names_may_be_missing_in_a_row() -> None:
    rows = [["a@x.example"], ["b@x.example", "Pia Ex", "Pia", "Ex"]]
    assert [column.target for column in by_content(rows)] == ["email", "display_name", "given", "family"]


def test_a_person_sends_a_column_elsewhere() -> None:
    found = by_name(["Name", "Rufzeichen", "E-mail"])
    assert [each.target for each in columns.chosen(found, ["full_name", "nickname", "email"])][
        1
    ] == "nickname"
    for choices in (["full_name", "full_name", "email"], ["full_name", "shoe", "email"]):
        with pytest.raises(Refused):
            columns.chosen(found, choices)


@pytest.mark.parametrize(
    ("whole", "given", "family", "shown"),
    [
        ("Alma Testfeld", "Alma", "Testfeld", "Alma Testfeld"),
        ("Testfeld, Alma", "Alma", "Testfeld", "Alma Testfeld"),
        ("Anna Maria Berg", "Anna Maria", "Berg", "Anna Maria Berg"),
        ("Cher", "Cher", "", "Cher"),
        ("Mary van der Berg", "Mary", "van der Berg", "Mary van der Berg"),
        ("Ana Maria de la Cruz", "Ana Maria", "de la Cruz", "Ana Maria de la Cruz"),
        ("Nguyen Van Minh", "Nguyen Van", "Minh", "Nguyen Van Minh"),
        ("van der Berg", "van der", "Berg", "van der Berg"),
        ("Martin Vogel Jr.", "Martin", "Vogel", "Martin Vogel Jr."),
        ("de la Cruz, Ana", "Ana", "de la Cruz", "Ana de la Cruz"),
        ("Lou Test, PhD", "Lou", "Test", "Lou Test, PhD"),
        ("Beispiel, Inc.", "Beispiel", "", "Beispiel, Inc."),
    ],
)
def test_whole_names_are_split(whole: str, given: str, family: str, shown: str) -> None:
    assert whole_names.split(whole) == (given, family, shown)
    values = read("Name", whole).values
    assert (values["given"], values.get("family", ""), values["display_name"]) == (given, family, shown)


def test_parts_go_before_a_whole_name() -> None:
    found = read("First Name,Last Name,Display Name", "Alma", "Testfeld", "Almi T.")
    assert found.values == {"given": "Alma", "family": "Testfeld", "display_name": "Almi T."}
    assert found.named == "whole"
    assert read("First Name,Last Name", "Alma", "Testfeld").named == "parts"


@pytest.mark.parametrize(
    ("header", "cells", "name"),
    [
        ("Name,Company", ("", "Nur Firma"), "Nur Firma"),
        ("Name,E-mail", ("", "only@example.org"), "only@example.org"),
        ("Name,Phone", ("", "030 23125"), "030 23125"),
        ("Name,Nickname", ("", "Fi"), "Fi"),
        ("First Name,Last Name,File As", ("", "", "Verein e.V."), "Verein e.V."),
    ],
)
def test_whatever_identifies_someone_is_the_name(header: str, cells: tuple[str, ...], name: str) -> None:
    found = read(header, *cells)
    assert (found.values["display_name"], found.reason) == (name, None)


def test_nothing_that_identifies_anyone_is_refused() -> None:
    found = read("Name,E-mail,Phone,Company,Note,Birthday", "", "", "", "", "only a note", "1990-01-01")
    assert found.reason
    assert found.reason.id == "row.nobody"


def test_a_username_says_who_it_is() -> None:
    found = read("Username,E-mail", "mara", "no-address")
    assert (found.reason, found.values["username"]) == (None, "mara")
    assert [each.id for each in found.warnings] == ["row.no_address"]
    assert not found.values["display_name"]
    assert read("Username,Company", "mara", "Werk").values["display_name"] == "Werk"


def test_a_cell_that_is_no_email_is_the_reason_when_it_is_all_there_is() -> None:
    found = read("Name,E-mail", "", "no-address")
    assert found.reason == Message("row.only_no_address", {"email": "no-address"})


def test_what_stays_of_a_refused_row_is_nothing() -> None:
    names = ["Name", "Birthday"]
    reader = people.Reader(by_name(names), "plain")
    assert reader.read(["", "1990"]).reason
    assert reader.kept == set()


def test_google_joins_values_in_one_cell() -> None:
    header = "First Name,Last Name,Notes,Labels,E-mail 1 - Label,E-mail 1 - Value"
    found = read(
        header,
        "Al ::: ma",
        "T",
        "a ::: b",
        "Chor ::: * myContacts ::: Chor",
        "* Home",
        "a@x.example ::: b@x.example",
    )
    assert [(each.label, each.email) for each in found.emails] == [
        ("Home", "a@x.example"),
        ("Home", "b@x.example"),
    ]
    assert found.tags == ["Chor"]
    assert (found.values["note"], found.values["given"]) == ("a ::: b", "Al ::: ma")


@pytest.mark.parametrize("cell", ["Friend; colleague", "Friend, colleague", "Friend;colleague;friend"])
def test_categories_are_several_tags(cell: str) -> None:
    assert read("Name,Categories", "Mara", cell).tags == ["Friend", "colleague"]


def test_emails_that_differ_in_case_alone_are_one() -> None:
    found = read("Name,E-mail,E-mail 2", "Finn", "finn@example.org", "FINN@example.org")
    assert [each.email for each in found.emails] == ["finn@example.org"]


def test_an_exchange_address_is_no_email_and_stays() -> None:
    found = read(
        "First Name,Last Name,E-mail Address,E-mail Type,E-mail Display Name",
        "Zoë",
        "",
        "/o=X/cn=z",
        "EX",
        "",
    )
    assert (found.emails, found.keeps) == ([], True)
    assert [warning.id for warning in found.warnings] == ["row.no_address"]
    typed = read(
        "First Name,Last Name,E-mail Address,E-mail Type,E-mail Display Name",
        "Z",
        "",
        "a@b.example",
        "EX",
        "",
    )
    assert typed.emails == []


def test_a_doubtful_email_comes_in_with_a_warning() -> None:
    found = read("Name,E-mail", "Mara", "mara@localhost")
    assert [each.email for each in found.emails] == ["mara@localhost"]
    assert [warning.id for warning in found.warnings] == ["row.odd_address"]


@pytest.mark.parametrize("cell", ["0/0/00", "Unspecified", "Normal", "False"])
def test_what_outlook_fills_cells_with_is_not_kept_of_outlook_alone(cell: str) -> None:
    header = "First Name,Last Name,E-mail Address,E-mail Display Name,Gender"
    assert not read(header, "Mara", "", "", "", cell).keeps
    assert read(header, "Mara", "", "", "", "f").keeps
    assert read("Name,Paid", "Mara", cell).keeps
    assert not read("Name,Paid", "Mara", " ").keeps


def test_too_long_a_text_is_cut_with_a_warning() -> None:
    found = read("First Name,Last Name", "x" * 500, "")
    assert len(found.values["given"]) == 120
    assert [warning.id for warning in found.warnings][:1] == ["row.cut"]


def test_short_and_long_rows() -> None:
    assert read("Name,E-mail,Note", "Mara").values["display_name"] == "Mara"
    assert [w.id for w in read("Name,E-mail", "Mara", "", "more").warnings] == ["row.more_cells"]
    assert read("Name,E-mail", "Mara", "", "").warnings == []


def test_the_title_of_outlook_is_a_prefix_and_elsewhere_a_job() -> None:
    outlook = "Title,First Name,Last Name,E-mail Address,E-mail Display Name"
    assert read(outlook, "Dr.", "Mara", "Ek", "", "").values["prefix"] == "Dr."
    assert "prefix" not in read("Title,Name", "Boss", "Mara Ek").values


def test_what_nobody_sees_does_not_come_in_with_names_emails_and_phones() -> None:
    found = read(
        "First Name,Last Name,E-mail,Phone",
        "\u200eMara\u200f",
        "\u2067\u0645\u06cc\u200c\u0646\u0627\u2069",
        "\u202am@x\u200b.example\u202c",
        "\u202a+46 8 465\u200b 004 17\u202c",
    )
    assert (found.values["given"], found.values["family"]) == ("Mara", "\u0645\u06cc\u200c\u0646\u0627")
    assert ([each.email for each in found.emails], found.warnings) == (["m@x.example"], [])
    assert list(found.details.rows["phones"].values()) == [("", "+46 8 465 004 17", "+46846500417")]
    assert read("First Name,Last Name", "\u200b", "\u200e").reason == Message("row.nobody")


@pytest.mark.parametrize("phone", ["4,93171E+11", "4.93171E+11", "5E+10", "4.9e+11"])
def test_a_phone_that_a_spreadsheet_has_rounded_is_told(phone: str) -> None:
    found = read("Name,Phone", "Mara Ek", phone)
    assert found.warnings == [Message("row.no_phone", {"phone": phone})]
    assert [row[1] for row in found.details.rows["phones"].values()] == [phone]


@pytest.mark.parametrize("phone", ["+46 8 465 004 17", "1800 E+CO", "12E4", "030 1234 ext 5"])
def test_any_other_phone_is_not_said_to_be_rounded(phone: str) -> None:
    assert read("Name,Phone", "Mara Ek", phone).warnings == []


@pytest.mark.parametrize("between", [" ", ",", "a,", "a@,", "; ", "\t"])
def test_a_hostile_cell_is_read_in_time(between: str) -> None:
    found = read("First Name,E-mail", "Mara", f"m@x.example, a@{between * 300_000}b@x.example")
    assert (found.values["given"], found.emails[0].email) == ("Mara", "m@x.example")


@pytest.mark.parametrize(
    ("row", "warned"),
    [
        (("Summe", "", "1.234,50"), True),
        (("Total général :", "", "12"), True),
        (("Σ:", "", "12"), True),
        (("Total\n", "", "12"), True),
        (("Summe 2026", "", ""), True),
        (("Summe", "sum@x.example", ""), False),  # somebody can be written to there
        (("Suma Dagger", "", ""), False),
        (("Total Wine", "", "12"), False),
    ],
)
def test_the_line_that_adds_up_a_sheet_is_told_from_people(row: tuple[str, ...], warned: bool) -> None:
    found = read("Name,E-mail,Fee", *row)
    assert [each.id for each in found.warnings] == ["row.sum"] * warned
    assert found.reason is None  # it is for the person to say
