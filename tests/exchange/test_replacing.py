"""A changed file that comes in again: in a list, what it says now takes the place of what it said."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.exchange.conftest import Import, Planning
from webui.exchange import importing
from webui.exchange.rules import FILE, FILL, MINE, Rules
from webui.store import fields, settings, users
from webui.store.ledger import history, horizon
from webui.store.ledger.operations import operation, together

Rows = Callable[[str], list[tuple[Any, ...]]]
HEADER = "Name,E-mail,Mobile,Work phone,Tags,Note\n"
OLD = f"{HEADER}Mara Ek,m@x.example,+46701740641,+4640111,Choir;Bass,\n"
PHONES = "SELECT id, label, phone FROM user_phones ORDER BY id"
TAGS = "SELECT t.name FROM user_tags JOIN tags t ON t.id = tag_id ORDER BY 1"


def test_a_changed_value_takes_the_place_of_the_old_one(bring_in: Import, rows: Rows) -> None:
    bring_in(OLD)
    (mobile, work) = rows(PHONES)
    bring_in(OLD.replace("701740641", "701740699"))
    assert rows(PHONES) == [(mobile[0], "Mobile", "+46701740699"), work]


def test_the_same_file_a_second_time_changes_nothing(bring_in: Import, planning: Planning) -> None:
    bring_in(OLD)
    changed = OLD.replace("701740641", "701740699").replace("Bass", "Alto")
    bring_in(changed)
    assert planning(changed).counts()["same"] == 1
    assert planning(changed.replace(",\n", ",x\n")).page()[0].replaced == []


def test_what_the_file_said_before_comes_back_with_it(bring_in: Import, rows: Rows) -> None:
    bring_in(OLD)
    before = rows(PHONES)
    bring_in(OLD.replace("701740641", "701740699"))
    assert bring_in(OLD).changed == 1
    assert rows(PHONES) == before
    assert bring_in(OLD).changed == 0


def test_an_undone_import_was_no_last_file(bring_in: Import, rows: Rows, engine: Engine) -> None:
    bring_in(OLD)
    before = rows(PHONES)
    changed = OLD.replace("701740641", "701740699")
    bring_in(changed)
    history.undo(engine)
    assert rows(PHONES) == before
    bring_in(changed)
    assert rows(PHONES)[0] == (before[0][0], "Mobile", "+46701740699")
    assert len(rows(PHONES)) == 2


@pytest.mark.parametrize(
    ("now", "phones"),
    [
        ("+4640111,+46701740641", [("Work", "+46701740641"), ("Mobile", "+4640111")]),  # each is the other's
        (",+4640111", [("Mobile", "+46701740641"), ("Work", "+4640111")]),
        (",+4640222", [("Mobile", "+46701740641"), ("Work", "+4640222")]),
        ("+46701740641 ::: +46702,+4640111", [
            ("Mobile", "+46701740641"), ("Work", "+4640111"), ("Mobile", "+46702"),
        ]),
        ("+46701740641,+4640 111", [("Mobile", "+46701740641"), ("Work", "+4640111")]),
    ],
)  # fmt: skip
def test_an_empty_cell_clears_nothing_and_a_third_value_is_added(
    bring_in: Import, rows: Rows, now: str, phones: list[tuple[str, str]]
) -> None:
    bring_in(OLD)
    bring_in(OLD.replace("+46701740641,+4640111", now).replace(",\n", ",x\n"))
    assert [row[1:] for row in rows(PHONES)] == phones


def test_with_the_tick_an_empty_cell_clears_what_the_file_brought_and_only_that(
    bring_in: Import, rows: Rows, session: Session
) -> None:
    bring_in(OLD)
    with operation(session):
        user = users.find(session, 1)
        phones = [{"label": row.label, "phone": row.phone} for row in user.phones]
        users.change(session, 1, {"phones": [*phones, {"label": "Home", "phone": "+46 1"}], "tags": [
            "Choir", "Bass", "Mine",
        ]})  # fmt: skip
    bring_in(f"{HEADER}Mara Ek,m@x.example,,,,\n", how=Rules(clears=True))
    assert [row[1:] for row in rows(PHONES)] == [("Home", "+46 1")]
    assert rows(TAGS) == [("Mine",)]


@pytest.mark.parametrize("way", [FILL, MINE])
def test_nothing_is_replaced_where_the_file_does_not_win(bring_in: Import, rows: Rows, way: str) -> None:
    bring_in(OLD)
    before = rows(PHONES)
    bring_in(OLD.replace("701740641", "701740699").replace("Bass", "Alto"), how=Rules(way, clears=True))
    assert (rows(PHONES), rows(TAGS)) == (before, [("Bass",), ("Choir",)])


def test_what_a_person_changed_since_stays(bring_in: Import, rows: Rows, session: Session) -> None:
    bring_in(OLD)
    with operation(session):
        users.change(session, 1, {"phones": [{"label": "Mobile", "phone": "+46 70 5"}], "tags": ["Bass"]})
    bring_in(OLD.replace("701740641", "701740699"), how=Rules(FILE, {"3": MINE, "4": FILL}))
    assert [row[2] for row in rows(PHONES)] == ["+46 70 5"]
    bring_in(OLD.replace("701740641", "701740688"))
    assert [row[2] for row in rows(PHONES)] == ["+46 70 5", "+46701740688"]


def test_what_a_person_changed_back_by_hand_stays(
    bring_in: Import, rows: Rows, session: Session, engine: Engine
) -> None:
    card = CARD.format("EMAIL:{0}@x.example\r\nTEL;TYPE=cell:+46 {0}\r\n")
    for each in "12":
        bring_in(card.format(each))
    with operation(session):
        form = {"email": "1@x.example", "phones": [{"label": "Mobile", "phone": "+46 1"}]}
        users.change(session, 1, form)
    bring_in(card.format(3))
    assert rows(EMAILS) == [("1@x.example", "3@x.example")]
    assert [row[2] for row in rows(PHONES)] == ["+46 1", "+46 3"]
    for _each in "32":  # that import, then what was done by hand
        history.undo(engine)
    bring_in(card.format(3))
    assert rows(EMAILS) == [("3@x.example", None)]
    assert [row[2] for row in rows(PHONES)] == ["+46 3"]


def test_what_may_have_been_written_by_hand_stays(bring_in: Import, rows: Rows, engine: Engine) -> None:
    bring_in(OLD)
    with together(engine) as connection:
        horizon.prune(connection, 1)
    bring_in(OLD.replace("701740641", "701740699"))
    assert [row[2] for row in rows(PHONES)] == ["+46701740641", "+4640111", "+46701740699"]
    bring_in(OLD.replace("701740641", "701740688"))
    assert [row[2] for row in rows(PHONES)] == ["+46701740641", "+4640111", "+46701740688"]


def test_what_a_person_wrote_by_hand_stays_where_the_file_said_it_too(
    bring_in: Import, rows: Rows, session: Session
) -> None:
    with operation(session):
        phones = [{"label": "", "phone": "+46701740641"}]
        form = {"username": "mara", "given": "Mara", "email": "m@x.example", "phones": phones}
        users.add(session, {**form, "tags": ["Bass"]})
    bring_in(OLD)
    bring_in(OLD.replace("701740641", "701740699").replace("Bass", "Alto"))
    assert [row[2] for row in rows(PHONES)] == ["+46701740641", "+4640111", "+46701740699"]
    assert rows(TAGS) == [("Alto",), ("Bass",), ("Choir",)]


@pytest.mark.parametrize(
    ("cell", "tags"),
    [
        ("Choir;Tenor", ["Choir", "Tenor"]),
        ("Choir", ["Choir"]),
        ("", ["Bass", "Choir"]),
        ("Bass;Choir", ["Bass", "Choir"]),
    ],
)
def test_a_cell_of_tags_says_all_that_the_file_knows(
    bring_in: Import, rows: Rows, cell: str, tags: list[str]
) -> None:
    bring_in(OLD)
    bring_in(OLD.replace("Choir;Bass", cell).replace(",\n", ",x\n"))
    assert rows(TAGS) == [(tag,) for tag in tags]


PLACES = "Name,E-mail,Street,Postal code,City\n"


@pytest.mark.parametrize(
    ("address", "after"),
    [
        ("Ring 1,222 40,Malmo", [("Ring 1", "222 40", "Malmo")]),
        ("Ring 1,,Lund", [("Ring 1", "222 40", "Lund")]),  # an empty cell clears nothing
        ("Hill 2,,Malmo", [("Hill 2", "", "Malmo")]),  # another address
        (",,", [("Ring 1", "222 40", "Lund")]),
    ],
)
def test_an_address_that_changed_is_the_same_address(
    bring_in: Import, rows: Rows, address: str, after: list[tuple[str, str, str]]
) -> None:
    bring_in(f"{PLACES}Mara Ek,m@x.example,Ring 1,222 40,Lund\n")
    bring_in(f"{PLACES}Mara Berg,m@x.example,{address}\n")
    assert rows("SELECT street, postal_code, city FROM user_addresses") == after


GOOGLE = (
    "First Name,Last Name,E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value,Phone 2 - Label,Phone 2 - Value\n"
)


@pytest.mark.parametrize(
    ("now", "phones"),
    [
        ("Work,+4640111,Home,+46701", [("Home", "+46701"), ("Work", "+4640111")]),  # swapped: nothing
        ("Home,+46702,Work,+4640111", [("Home", "+46702"), ("Work", "+4640111")]),
        ("Mobile,+46701,Work,+4640111", [("Mobile", "+46701"), ("Work", "+4640111")]),
        ("Work,+4640111,,", [("Home", "+46701"), ("Work", "+4640111")]),
    ],
)
def test_a_label_beside_a_value_says_which_one_it_is(
    bring_in: Import, rows: Rows, now: str, phones: list[tuple[str, str]]
) -> None:
    bring_in(f"{GOOGLE}Mara,Ek,m@x.example,Home,+46701,Work,+4640111\n")
    wider = GOOGLE.replace("\n", ",Phone 3 - Label,Phone 3 - Value\n")  # Google adds columns as they are used
    bring_in(f"{wider}Mara,Ek,m@x.example,{now},,\n")
    assert [row[1:] for row in rows(PHONES)] == phones


def test_a_label_that_a_person_changed_stays(bring_in: Import, rows: Rows, session: Session) -> None:
    bring_in(f"{GOOGLE}Mara,Ek,m@x.example,Home,+46701,,\n")
    with operation(session):
        users.change(session, 1, {"phones": [{"label": "Summer", "phone": "+46701"}]})
    bring_in(f"{GOOGLE}Mara,Ek,m@x.example,Home,+46702,,\n")
    assert [row[1:] for row in rows(PHONES)] == [("Summer", "+46702")]


CARD = "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:1\r\nN:Ek;Mara;;;\r\n{}END:VCARD\r\n"
EMAILS = "SELECT coalesce((SELECT email FROM users), '-'), (SELECT group_concat(email) FROM user_emails)"


@pytest.mark.parametrize(
    ("old", "new", "after"),
    [
        ("m@x.example", "n@x.example", ("n@x.example", None)),
        ("m@x.example n@x.example", "n@x.example m@x.example", ("m@x.example", "n@x.example")),
        ("m@x.example n@x.example", "m@x.example o@x.example", ("m@x.example", "o@x.example")),
        ("m@x.example n@x.example", "n@x.example", ("m@x.example", "n@x.example")),
        ("m@x.example", "bo@x.example", ("m@x.example", "bo@x.example")),  # the main one of someone else
    ],
)
def test_an_email_by_which_people_are_known_is_replaced_too(
    bring_in: Import, rows: Rows, old: str, new: str, after: tuple[str, str | None]
) -> None:
    def card(emails: str) -> str:
        return CARD.format("".join(f"EMAIL:{each}\r\n" for each in emails.split()))

    bring_in(card(old))
    bring_in("Name,E-mail\nBo Ex,bo@x.example\n")
    bring_in(card(new))
    assert rows(EMAILS) == [after]


def test_an_email_that_several_come_to_is_the_main_one_of_one_of_them(bring_in: Import, rows: Rows) -> None:
    bring_in(CARD.format("EMAIL:m@x.example\r\nEMAIL:n@x.example\r\n"))
    other = CARD.replace("UID:1", "UID:2").replace("Mara", "Bo")
    bring_in(
        CARD.format("EMAIL:n@x.example\r\nEMAIL:z@x.example\r\n") + other.format("EMAIL:z@x.example\r\n")
    )
    assert rows("SELECT given, email FROM users ORDER BY id") == [
        ("Mara", "m@x.example"),
        ("Bo", "z@x.example"),
    ]


@pytest.mark.parametrize("here", [True, False])
def test_an_email_of_two_people_becomes_the_main_one_of_one_of_them(
    bring_in: Import, rows: Rows, session: Session, here: bool
) -> None:
    header, how = "Name,Phone,E-mail,Note\n", Rules(clears=True, key="phone")
    bring_in(f"{header}Mara Ek,+46701740641,m@x.example,\nBo Ex,+46701740642,{'b@x.example' * here},\n")
    with operation(session):
        for user_id in (1, 2)[: 1 + here]:
            users.change(session, user_id, {"emails": [{"label": "", "email": "q@x.example"}]})
    text = f"{header}Mara Ek,+46701740641,,x\nBo Ex,+46701740642,{'' if here else 'q@x.example'},\n"
    bring_in(text, how=how)
    assert rows("SELECT count(*) FROM users WHERE email = 'q@x.example'") == [(1,)]
    assert bring_in(text, how=how).changed == 0


def test_with_the_tick_the_main_email_goes_where_none_is_needed(
    bring_in: Import, rows: Rows, session: Session
) -> None:
    header, how = "Name,Phone,E-mail,E-mail 2,Note\n", Rules(clears=True, key="phone")
    bring_in(f"{header}Mara Ek,+46701740641,m@x.example,n@x.example,\n")
    bring_in(f"{header}Mara Ek,+46701740641,,n@x.example,x\n", how=how)
    assert rows(EMAILS) == [("n@x.example", None)]  # the other one is the main one now
    bring_in(f"{header}Mara Ek,+46701740641,,,y\n", how=how)
    assert rows(EMAILS) == [("n@x.example", None)]
    bring_in(f"{header}Mara Ek,+46701740641,n@x.example,,z\n", how=how)
    with operation(session):
        settings.set_email_required(session, False)
    bring_in(f"{header}Mara Ek,+46701740641,,,a\n", how=how)
    assert rows(EMAILS) == [("-", None)]


LDIF = """dn: cn=Mara,mail=m@x.example
objectclass: person
cn: Mara Ek
givenName: Mara
sn: Ek
mail: m@x.example
mobile: {mobile}
homePhone: +46 1
mozillaHomeLocalityName: {city}
mozillaHomeStreet: Ring 1
"""
JSON = '[{{"name": "Mara Ek", "email": "m@x.example", "phones": [{{"label": "Mobile", "value": "{mobile}"}},'
JSON += ' {{"label": "Home", "value": "+46 1"}}], "addresses": [{{"street": "Ring 1", "city": "{city}"}}]}}]'
VCARD = CARD.format(
    "EMAIL:m@x.example\r\nTEL;TYPE=cell:{mobile}\r\nTEL;TYPE=home:+46 1\r\nADR:;;Ring 1;{city};;;\r\n"
)


@pytest.mark.parametrize("text", [LDIF, JSON, VCARD], ids=["ldif", "json", "vcard"])
def test_every_kind_of_file_replaces(bring_in: Import, planning: Planning, rows: Rows, text: str) -> None:
    bring_in(text.format(mobile="+46 2", city="Lund"))
    changed = text.format(mobile="+46 3", city="Malmo")
    (row,) = planning(changed).page()
    assert [each[2:] for each in row.replaced] == [("+46 2", "+46 3"), ("Ring 1, Lund", "Ring 1, Malmo")]
    bring_in(changed)
    assert sorted(row[1:] for row in rows(PHONES)) == [("Home", "+46 1"), ("Mobile", "+46 3")]
    assert rows("SELECT street, city FROM user_addresses") == [("Ring 1", "Malmo")]
    assert planning(changed).counts()["same"] == 1


def test_dates_pages_and_handles_are_replaced(bring_in: Import, rows: Rows) -> None:
    header = "Name,E-mail,Anniversary,Website,Skype\n"
    bring_in(f"{header}Mara Ek,m@x.example,03/04/2001,a.example,mara\nBo Ex,b@x.example,25/12/2001,,\n")
    bring_in(f"{header}Mara Ek,m@x.example,04/04/2001,b.example,mimi\nBo Ex,b@x.example,25/12/2001,,\n")
    assert rows("SELECT label, date FROM user_dates WHERE user_id = 1") == [("Anniversary", "2001-04-04")]
    assert rows("SELECT url FROM user_links") == [("b.example",)]
    assert rows("SELECT label, handle FROM user_handles") == [("Skype", "mimi")]


def test_choices_of_an_own_field_are_those_of_the_cell(
    bring_in: Import, rows: Rows, session: Session
) -> None:
    with operation(session):
        fields.add(session, {"name": "Speaks", "kind": "choices", "options": ["Swedish", "German", "French"]})
    bring_in("Name,E-mail,Speaks\nMara Ek,m@x.example,Swedish;German\n")
    bring_in("Name,E-mail,Speaks\nMara Ek,m@x.example,Swedish;French\n")
    assert rows("SELECT value FROM field_values ORDER BY 1") == [("French",), ("Swedish",)]
    bring_in("Name,E-mail,Speaks\nMara Berg,m@x.example,\n")
    assert len(rows("SELECT value FROM field_values")) == 2


def test_two_rows_of_one_person_are_one_voice(bring_in: Import, planning: Planning, rows: Rows) -> None:
    text = "Name,E-mail,Phone\nMara Ek,m@x.example,+46 1\nMara Ek,m@x.example,{}\n"
    bring_in(text.format("+46 2"))
    bring_in(text.format("+46 3"))
    assert sorted(row[2] for row in rows(PHONES)) == ["+46 1", "+46 3"]
    assert planning(text.format("+46 3")).counts()["same"] == 2


def test_another_kind_of_file_replaces_nothing(bring_in: Import, rows: Rows) -> None:
    bring_in(OLD)
    bring_in("Name,E-mail,Phone\nMara Ek,m@x.example,+46 5\n")
    assert [row[2] for row in rows(PHONES)] == ["+46701740641", "+4640111", "+46 5"]


def test_a_row_that_is_asked_about_replaces_once_it_is_answered(
    engine: Engine, bring_in: Import, planning: Planning, rows: Rows
) -> None:
    bring_in(OLD)
    plan = planning(OLD.replace("Mara", "Noor").replace("701740641", "701740699"))
    plan.choose(0, "same")
    importing.apply(engine, plan)
    assert [row[2] for row in rows(PHONES)] == ["+46701740699", "+4640111"]


def test_what_an_earlier_file_brought_is_replaced_as_well(bring_in: Import, rows: Rows) -> None:
    bring_in(OLD)
    bring_in(OLD.replace("+46701740641", "").replace(",\n", ",x\n"))
    bring_in(OLD.replace("701740641", "701740699"))
    assert [row[2] for row in rows(PHONES)] == ["+46701740699", "+4640111"]


def test_the_same_file_replaces_once_that_is_chosen(bring_in: Import, rows: Rows) -> None:
    bring_in(OLD)
    changed = OLD.replace("701740641", "701740699").replace(",\n", ",new\n")
    assert bring_in(changed, how=Rules(FILL)).changed == 1
    assert bring_in(changed, how=Rules(FILL)).changed == 0
    assert [row[2] for row in rows(PHONES)] == ["+46701740641", "+4640111"]
    assert bring_in(changed).changed == 1
    assert [row[2] for row in rows(PHONES)] == ["+46701740699", "+4640111"]


def test_cards_of_two_address_books_leave_each_other_alone(bring_in: Import, planning: Planning) -> None:
    one = CARD.format("EMAIL:m@x.example\r\nNICKNAME:Mia\r\n")
    other = one.replace("UID:1", "UID:2").replace("Mia", "Mimi")
    for card in (one, other):
        bring_in(card)
    for card in (one, other):
        assert planning(card).counts()["same"] == 1
    bring_in(one.replace("Mia", "Mara"))
    assert planning(one).counts()["changed"] == 1
