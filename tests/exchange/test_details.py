"""From cells to what a person has any number of: labels, parts of addresses, what is said twice."""

import time

import pytest

from webui.exchange import columns, dialled, lists, people
from webui.exchange.columns import by_name
from webui.store.values import person


def read(header: str, *cells: str, region: str = "") -> people.Person:
    names = header.split(",")
    return people.Reader(by_name(names), columns.program(names), region).read(list(cells))


def rows(found: people.Person, name: str) -> list[tuple[str | None, ...]]:
    return list(found.details.rows.get(name, {}).values())


@pytest.mark.parametrize(
    ("header", "target", "label"),
    [
        ("Mobile Phone", "phone", "Mobile"),
        ("Business Fax", "phone", "Work Fax"),
        ("Home Phone 2", "phone", "Home"),
        ("Telefon geschäftlich", "phone", "Work"),
        ("Tel. privat", "phone", "Home"),
        ("Handy", "phone", "Mobile"),
        ("Pager Number", "phone", "Pager"),
        ("Company Main Phone", "phone", "Main"),
        ("Callback", "phone", "Callback"),
        ("Assistant's Phone", "kept", ""),
        ("Number", "kept", ""),
        ("Home", "kept", ""),
        ("Work Email", "email", "Work"),
        ("Personal Web Page", "link", "Home"),
        ("Web Page 2", "link", ""),
        ("Web", "link", ""),
        ("Skype", "handle", "Skype"),
        ("Skype Name", "handle", "Skype"),
        ("IMAddress", "handle", ""),
        ("Anniversary", "date", "Anniversary"),
        ("Name day", "date", "Name day"),
        ("Home Address 2", "extra", "Home"),
        ("Land/Region geschäftlich", "country", "Work"),
        ("Business Address PO Box", "po_box", "Work"),
        ("Straße geschäftlich 2", "extra", "Work"),
        ("Private Adresse 2", "extra", "Home"),
        ("Address line 1", "street", ""),
        ("E-Mail Adresse 2", "email", ""),
        ("Web address 2", "kept", ""),
        ("State", "kept", ""),
        ("Office Location", "kept", ""),
        ("Birth Day", "birth_day", ""),
    ],
)
def test_a_header_says_where_a_column_goes_and_what_its_label_is(
    header: str, target: str, label: str
) -> None:
    (column,) = by_name([header])
    assert (column.target, column.label) == (target, label)


def test_a_state_is_one_only_beside_an_address() -> None:
    assert [each.target for each in by_name(["Name", "City", "State"])][2] == "region"


def addresses(header: str, *cells: str) -> list[dict[str, str]]:
    """What is said of each address of a row."""
    parts = list(person.LISTS["addresses"])
    found = rows(read(f"Name,{header}", "Ann", *cells), "addresses")
    return [{name: said for name, said in zip(parts, row[1:], strict=True) if said} for row in found]


def test_a_number_behind_a_city_tells_addresses_apart() -> None:
    one, two = {"street": "A St 1", "city": "Town"}, {"street": "B St 2", "city": "Ville"}
    cells = ("A St 1", "Town", "B St 2", "Ville")
    assert addresses("Street 1,City 1,Street 2,City 2", *cells) == [one, two]
    assert addresses("Street,City,Street 2,City 2", *cells) == [one, two]
    [whole] = addresses("Street,Street 2,City", "A St 1", "Door 3", "Town")
    assert whole == {"street": "A St 1", "extra": "Door 3", "city": "Town"}


def test_a_house_has_its_number_and_a_city_its_code() -> None:
    header = "Straße,Hausnummer,PLZ/Ort"
    known = {"street": "Weg 12 a", "postal_code": "22359", "city": "Lund"}
    assert addresses(header, "Weg", "12 a", "22359 Lund") == [known]
    known = {"street": "Weg 3-5", "postal_code": "D-10115", "city": "Berlin Mitte"}
    assert addresses(header, "Weg", "3-5", "D-10115 Berlin Mitte") == [known]
    assert addresses(header, "", "12", "Lund") == [{"street": "12", "city": "Lund"}]


def test_a_chosen_column_is_read_by_its_name_all_the_same() -> None:
    found = by_name(["Name", "Klinik", "Jahrestag der Firma", "Straße"])
    chosen = columns.chosen(found, ["full_name", "phone", "date", "street"])
    assert [(each.target, each.label) for each in chosen[1:]] == [
        ("phone", ""), ("date", "Jahrestag der Firma"), ("street", "")
    ]  # fmt: skip


def test_phones_have_their_form_and_are_said_once() -> None:
    found = read("Name,Phone,Work Phone,Mobile", "Mara", "046-12 34 56", "+46 46 12 34 56", "", region="SE")
    assert rows(found, "phones") == [("", "046-12 34 56", "+4646123456")]
    found = read("Name,Phone,Work Phone", "Mara", "046-12 ::: 046 13\n+1", "(046) 12")
    assert [row[1] for row in rows(found, "phones")] == ["046-12", "046 13", "+1"]


def test_extensions_of_one_number_are_two_phones() -> None:
    found = read("Name,Phone", "Mara", "+1 202-555-0101 ext. 1 ::: +1 202-555-0101 ext. 2")
    assert len(rows(found, "phones")) == 2


def test_parts_of_one_address_make_one_row() -> None:
    header = "Name,Home Street,Home Street 2,Home City,Work City,Work Address"
    found = read(header, "Mara", "Ring 1", "Hof", "Köln", "Bonn", "Platz 2")
    assert [(row[0], *filter(None, row[1:])) for row in rows(found, "addresses")] == [
        ("Home", "Ring 1", "Hof", "Köln"), ("Work", "Platz 2", "Bonn")
    ]  # fmt: skip
    assert rows(read(header, "Mara", "", "", "", "", ""), "addresses") == []


def test_an_address_in_one_cell_goes_to_its_street_unless_the_parts_are_told() -> None:
    header = "Name,Address 1 - Formatted,Address 1 - Street,Address 1 - City"
    whole = read(header, "Mara", "Ring 1\n50667 Köln", "", "")
    assert [row[1] for row in rows(whole, "addresses")] == ["Ring 1, 50667 Köln"]
    parted = read(header, "Mara", "Ring 1\n50667 Köln", "Ring 1", "Köln")
    assert [[*filter(None, row)] for row in rows(parted, "addresses")] == [["Ring 1", "Köln"]]


def test_a_second_whole_address_is_not_lost() -> None:
    two = read("Name,Home Address,Private Anschrift", "Mara", "Ring 1, Köln", "Platz 2, Bonn")
    assert [row[:2] for row in rows(two, "addresses")] == [
        ("Home", "Ring 1, Köln"),
        ("Home", "Platz 2, Bonn"),
    ]
    beside = read("Name,Street,City,Address", "Mara", "Ring 1", "Köln", "Platz 2, Bonn")
    assert [[*filter(None, row)] for row in rows(beside, "addresses")] == [
        ["Ring 1", "Köln"],
        ["Platz 2, Bonn"],
    ]
    again = read("Name,Street,City,Address", "Mara", "Ring 1", "Köln", "Ring 1\nKöln")
    assert [[*filter(None, row)] for row in rows(again, "addresses")] == [["Ring 1", "Köln"]]


def test_google_joins_addresses_in_each_cell() -> None:
    header = "Name,Address 1 - Label,Address 1 - Street,Address 1 - City,Address 1 - Formatted"
    found = read(
        header, "Mara", "* Home", "Ring 1 ::: Platz 2", "Köln ::: Bonn", "Ring 1\nKöln ::: Platz 2\nBonn"
    )
    assert [[*filter(None, row)] for row in rows(found, "addresses")] == [
        ["Home", "Ring 1", "Köln"], ["Home", "Platz 2", "Bonn"]
    ]  # fmt: skip


def test_what_is_no_data_is_no_row() -> None:
    header = "Name,Birthday,Anniversary,Phone,Home City,Web Page"
    found = read(header, "Mara", "0/0/00", "0.0.00", " ", " ", "Unspecified")
    assert found.details.rows.keys() <= {"addresses"}
    assert rows(found, "addresses") == []
    assert "birthday_typed" not in found.values


def test_a_birthday_in_three_columns() -> None:
    header = "Name,Birth Year,Birth Month,Birth Day"
    assert read(header, "Gül", "", "3", "9").values["birthday"] == "--03-09"
    found = read(header, "Ivo", "1980", "2", "30")
    assert (found.values["birthday_typed"], "birthday" in found.values) == ("1980-02-30", False)
    assert [each.id for each in found.warnings] == ["row.no_date"]


def test_a_whole_phonetic_name_beside_its_parts_is_said_once() -> None:
    header = "Name,Given Name Yomi,Family Name Yomi"
    assert read(header, "Mara Ek", "MAH-ra", "EEK").values["phonetic"] == "MAH-ra EEK"
    assert (
        read("Name,Yomi Name,Given Name Yomi", "Mara Ek", "MAH-ra EEK", "MAH-ra").values["phonetic"]
        == "MAH-ra EEK"
    )


def test_what_is_too_much_is_cut_and_stays_in_the_row() -> None:
    many = read("Name,Phone", "Mara", " ::: ".join(map(str, range(400))))
    assert len(rows(many, "phones")) == person.MOST_ROWS
    assert ([each.id for each in many.warnings], many.keeps) == (["row.too_many"], True)
    for header, limit in (("Website", 2000), ("Birthday", 60), ("City", 120)):
        long = read(f"Name,{header}", "Mara", "x" * 3000)
        assert ("row.cut" in [each.id for each in long.warnings], long.keeps) == (True, True)
        said = [long.values.get("birthday_typed", "")]
        said += [row[-1] for row in rows(long, "links")] + [row[5] for row in rows(long, "addresses")]
        assert max(len(each or "") for each in said) == limit
    nul = read("Name,Phone", "Mara", "1\x002\ud800")
    assert ([row[1] for row in rows(nul, "phones")], nul.keeps) == (["12"], True)


@pytest.mark.parametrize("header", ["Phone", "Address", "Birthday", "Website", "Matrix", "Wedding", "City"])
def test_a_cell_of_blanks_without_end_takes_no_time(header: str) -> None:
    started = time.process_time()
    read(f"Name,{header}", "Mara", "1" + " \t" * 400_000 + "1" + "\n" * 400_000 + ";x")
    assert time.process_time() - started < 2  # seconds; a scan from each blank would take an hour


@pytest.mark.parametrize(
    ("name", "one", "other", "same"),
    [
        ("phones", ("Home", "046 12", None), ("", "(046) 12", None), True),
        ("phones", ("", "046-12 34 56", "+4646123456"), ("", "+46 46 123456", "+4646123456"), True),
        ("phones", ("", "ask", None), ("", "ASK", None), True),
        ("links", ("", "https://x.example/"), ("Work", "https://X.example"), True),
        ("handles", ("Skype", "mara"), ("Matrix", "mara"), False),
        ("dates", ("Wedding", "2010-06", "June 2010"), ("wedding", "2010-06", "2010-06"), True),
        ("dates", ("Wedding", None, "soon"), ("Wedding", None, "late"), False),
        ("addresses", ("", "a", "", "", "", "x", "", ""), ("Home", "A", "", "", "", "x", "", ""), True),
        ("addresses", ("", "a", "", "", "", "x", "", ""), ("", "a", "", "", "", "", "x", ""), False),
        ("phones", (None, b"046", 7), (None, "046", None), False),
    ],
)  # fmt: skip
def test_rows_are_the_same_by_what_they_say(
    name: str, one: tuple[object, ...], other: tuple[object, ...], same: bool
) -> None:
    assert (lists.key(name, *one) == lists.key(name, *other)) is same


def test_two_pages_that_differ_in_case_are_two() -> None:
    found = read("Website,Web Page 2", "https://Pages.example/aBc", "https://pages.example/AbC")
    assert len(rows(found, "links")) == 2
    assert (
        len(rows(read("Website,Web Page 2", "https://Pages.example/a/", "https://pages.example/a"), "links"))
        == 1
    )


def test_an_extension_is_no_phone_and_a_second_line_no_part_of_the_street() -> None:
    found = read("Phone", "+46 46 12 34 56; ext 12")
    assert [row[1] for row in rows(found, "phones")] == ["+46 46 12 34 56; ext 12"]
    found = read("Home Street,Home City", "Storgatan 1\nApt 4", "Lund")
    assert rows(found, "addresses")[0][1:3] == ("Storgatan 1", "Apt 4")


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("046-12 34 56, 070-123 45 67", [("", "046-12 34 56"), ("", "070-123 45 67")]),
        ("030 1234567,0171 1234567", [("", "030 1234567"), ("", "0171 1234567")]),
        ("030 1234567;0171 1234567", [("", "030 1234567"), ("", "0171 1234567")]),
        ("Mobil: 070-123 45 67 / hem 046-12 34 56", [("Mobile", "070-123 45 67"), ("Home", "046-12 34 56")]),
        ("046-12 34 56 (jobb) eller 070\u2013123 45",
         [("Work", "046-12 34 56"), ("", "070\u2013123 45")]),
        ("030 1234567/0171 2345678", [("", "030 1234567"), ("", "0171 2345678")]),
        ("T: 030 1234567 | M: 0171 2345678 ; ", [("T", "030 1234567"), ("M", "0171 2345678")]),
        ("030 1234567, ext 12, 040 7654321", [("", "030 1234567, ext 12"), ("", "040 7654321")]),
        ("Tel. 046-12 34 56", [("", "046-12 34 56")]),
        ("+46 46 12 34 56 ext. 12, 070-123 45 67", [("", "+46 46 12 34 56 ext. 12"), ("", "070-123 45 67")]),
        ("046-12 34 56 evenings\nMara's mother: 070-123 45 67",
         [("evenings", "046-12 34 56"), ("Mara's mother", "070-123 45 67")]),
        # One each: a town's digits, what is keyed in after an answer, phones inside a house, what is none.
        *((cell, [("", cell)]) for cell in (
            "038231 / 123456", "030/1234567", "030 1234567/68", "070 123 45 67,,123#", "123, 124",
            "+46 46 12 34 56; ext 12", "046-12 34 56 after 6", "ask Mara, 070-123 45 67", "1-800-555-HELP",
            "Mobile 1, Work 2", "070 123 45 67,123456", "030 1234567; x12", "+44 20 7946 0958, PIN 123456",
            "+1 555 123 4567, 123456", f"{'Reception of the house ' * 2}030 1234567 where the porter is",
        )),
    ],
)  # fmt: skip
def test_phones_that_people_put_into_one_cell_are_one_each(cell: str, found: list[tuple[str, str]]) -> None:
    assert [row[:2] for row in rows(read("Phone", cell), "phones")] == found


def test_a_word_beside_a_phone_stands_behind_what_its_column_says() -> None:
    found = read("Work Phone", "Tel. 046-12 34 56, fax 046-12 34 57, work 046-12 34 58")
    labels = ["Work", "Work Fax", "Work"]
    assert [row[0] for row in rows(found, "phones")] == labels


def test_words_too_long_for_a_kind_stay_with_their_phone() -> None:
    told, words = "The house in the old town", "the one on the wall beside the door"
    found = dialled.several(f"{words} 046-12 34 56, 046-12 34 57", told)
    assert found == [(told, f"{words} 046-12 34 56"), (told, "046-12 34 57")]


@pytest.mark.parametrize(
    ("cell", "pages"),
    [
        ("https://x.example www.y.example", "https://x.example www.y.example"),
        ("www.x.example | www.y.example|www.z.example", "www.x.example www.y.example www.z.example"),
        ("WWW.x.example or https://y.example", "WWW.x.example https://y.example"),
        ("www.x.example und www.y.example; www.z.example", "www.x.example www.y.example www.z.example"),
    ],
)
def test_web_pages_with_a_blank_a_bar_or_a_word_between_them_are_several(cell: str, pages: str) -> None:
    assert [row[1] for row in rows(read("Website", cell), "links")] == pages.split()


@pytest.mark.parametrize(
    "cell",
    [
        "https://x.example/a|b",
        "our www.x.example www.y.example",
        "www.x.example FB www.y.example",
        "www.x.example t.co www.y.example",
        "www.x.example www.y.example Ola",
        "www.x.example https://",
        "www.x.example (old: www.y.example)",
    ],
)
def test_what_is_no_list_of_web_pages_is_one(cell: str) -> None:
    assert [row[1] for row in rows(read("Website", cell), "links")] == [cell]


def test_web_pages_behind_a_comma_are_several_and_one_with_commas_is_one() -> None:
    found = read("Website", "https://x.example/a,b, www.y.example,http://z.example")
    assert [row[1] for row in rows(found, "links")] == [
        "https://x.example/a,b", "www.y.example", "http://z.example",
    ]  # fmt: skip


def test_a_label_that_is_left_out_stays_with_the_row() -> None:
    found = read("Mobile Phone,Business Phone", "+46 70 123 45 67", "+46701234567")
    assert len(rows(found, "phones")) == 1 and found.keeps


@pytest.mark.parametrize(
    ("cell", "warned", "date"),
    [
        ("1.2.25", ["row.century"], "2025-02-01"),
        ("1.2.60", [], "1960-02-01"),
        ("12.03.2187", ["birthday.ahead"], "2187-03-12"),
        ("4.3.1987", [], "1987-03-04"),
    ],
)
def test_a_birthday_that_may_be_of_another_year_is_asked_about(
    cell: str, warned: list[str], date: str
) -> None:
    found = read("Name,E-mail,Birthday", "Mara Ek", "m@x.example", cell)
    assert ([each.id for each in found.warnings], found.values["birthday"]) == (warned, date)


def test_a_row_with_too_few_cells_is_told() -> None:
    found = read("Name,E-mail,Phone,Note", "Mara Ek", "m@x.example")
    assert [(each.id, each.values) for each in found.warnings] == [("row.fewer_cells", {"count": 2})]
    assert read("Name,E-mail,", "Mara Ek", "m@x.example").warnings == []  # a header that ends with a comma
