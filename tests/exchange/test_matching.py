"""Who is here already: by the bytes of a row, by our uid, by e-mail; never by a name alone."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.exchange.conftest import Import, Planning
from webui.store import fields, settings, users
from webui.store.errors import Message
from webui.store.ledger.operations import operation

Rows = Callable[[str], list[tuple[Any, ...]]]
HEADER = "First Name,Last Name,E-mail,Nickname,Note,Tags\n"


def add(session: Session, **form: Any) -> int:
    with operation(session):
        return users.add(session, {"username": form.get("given", "someone").lower(), **form}).id


def verdicts(planning: Planning, content: str) -> list[tuple[str, str | None]]:
    return [(row.verdict, row.matched) for row in planning(content).page()]


def test_the_same_file_twice_changes_nothing(bring_in: Import, digest: Callable[[], str]) -> None:
    content = HEADER + "Mara,Ek,m@x.example,,n,Choir\nKim,Muster,,,,\nKim,Muster,,,,\nBo,,M@X.example,,,\n"
    first = bring_in(content)
    assert (first.added, first.changed, first.questions) == (4, 0, 2)
    before = digest()
    again = bring_in(content)
    assert (again.added, again.changed, again.same, again.operation) == (0, 0, 4, None)
    assert digest() == before


def test_the_same_rows_stay_the_same_after_an_edit_here(bring_in: Import, session: Session) -> None:
    bring_in(HEADER + "Mara,Ek,m@x.example,,,\n")
    with operation(session):
        users.change(session, 1, {"given": "Maria", "email": "other@x.example"})
    assert bring_in(HEADER + "Mara,Ek,m@x.example,,,\n").same == 1


def test_each_source_is_used_once(bring_in: Import) -> None:
    bring_in(HEADER + "Kim,Muster,,,,\n")
    result = bring_in(HEADER + "Kim,Muster,,,,\nKim,Muster,,,,\n")
    assert (result.same, result.added) == (1, 1)


def test_a_source_of_someone_in_the_trash_is_nobody(bring_in: Import, session: Session) -> None:
    bring_in(HEADER + "Kim,Muster,k@x.example,,,\n")
    with operation(session):
        users.trash(session, [1])
    assert bring_in(HEADER + "Kim,Muster,k@x.example,,,\n").added == 1


def test_the_same_bytes_read_by_other_columns_say_what_is_new(bring_in: Import, rows: Rows) -> None:
    content = "Name,E-mail,Ruf\nMara Ek,m@x.example,Mimi\n"
    bring_in(content)
    assert bring_in(content, choices=["full_name", "email", "nickname"]).changed == 1
    assert rows("SELECT nickname FROM users") == [("Mimi",)]


@pytest.mark.parametrize("given", ["Mara", "MARA", "", "Mara Sofia"])
def test_an_email_with_an_agreeing_first_name_is_the_same_person(
    planning: Planning, session: Session, given: str
) -> None:
    add(session, given="Mara", family="Ek", email="m@x.example", note="n")
    assert verdicts(planning, f"First Name,E-mail,Note\n{given},M@X.example,n\n") in (
        [("same", "email")],
        [("changed", "email")],
    )


def test_a_further_email_finds_its_person_too(planning: Planning, session: Session) -> None:
    add(session, given="Mara", email="m@x.example", emails=[{"label": "", "email": "old@x.example"}])
    assert verdicts(planning, "First Name,E-mail\nMara,old@x.example\n") == [("same", "email")]


def test_changes_are_told_old_to_new_and_come_in(
    planning: Planning, bring_in: Import, session: Session, rows: Rows
) -> None:
    add(session, given="Mara", family="Ek", prefix="Dr.", email="m@x.example", note="old")
    content = HEADER + "Mara,Ek-Berg,m@x.example;work@x.example,,new,Choir\n"
    (row,) = planning(content).page()
    assert row.changes == {
        "family": ["Ek", "Ek-Berg"],
        "note": ["old", "new"],
        "display_name": ["Dr. Mara Ek", "Dr. Mara Ek-Berg"],
    }
    assert (row.new_emails, row.new_tags) == (["work@x.example"], ["Choir"])
    result = bring_in(content)
    assert (result.added, result.changed) == (0, 1)
    assert rows("SELECT display_name, prefix, note, email FROM users") == [
        ("Dr. Mara Ek-Berg", "Dr.", "new", "m@x.example")
    ]
    assert rows("SELECT email FROM user_emails") == [("work@x.example",)]
    assert rows("SELECT name FROM tags") == [("Choir",)]
    assert rows("SELECT count(*) FROM sources WHERE user_id = 1") == [(1,)]


def test_an_absent_column_and_an_empty_cell_clear_nothing(
    bring_in: Import, session: Session, rows: Rows
) -> None:
    add(session, given="Mara", family="Ek", nickname="Mimi", email="m@x.example", note="keep")
    bring_in("First Name,Last Name,E-mail,Note,Nickname\nMara,,m@x.example,,\n")
    assert rows("SELECT given, family, nickname, note FROM users") == [("Mara", "Ek", "Mimi", "keep")]


def test_what_has_no_field_is_not_lost_with_someone_who_is_here(
    bring_in: Import, session: Session, rows: Rows
) -> None:
    with operation(session):
        users.add(session, {"username": "mara", "given": "Mara", "email": "m@x.example"})
    file = "First Name,E-mail,Phone\nMara,m@x.example,1\n"
    assert [(bring_in(each).changed) for each in (file, file, file.replace(",1", ",2"))] == [1, 0, 1]
    assert rows("SELECT raw FROM sources WHERE user_id = 1") == [
        (b"Mara,m@x.example,1\n",),
        (b"Mara,m@x.example,2\n",),
    ]
    assert bring_in("First Name,E-mail,Phone\nMara,m@x.example,\n").same == 1  # says nothing more
    assert bring_in("First Name,E-mail\nMara,m@x.example,more\n").changed == 1


def test_what_has_no_field_of_a_later_row_is_not_lost(bring_in: Import, rows: Rows) -> None:
    result = bring_in("First Name,E-mail,Phone\n" + "".join(f"Mara,m@x.example,{n}\n" for n in (1, 1, 2)))
    assert (result.added, result.changed, result.same) == (1, 1, 1)
    assert rows("SELECT raw FROM sources") == [(b"Mara,m@x.example,1\n",), (b"Mara,m@x.example,2\n",)]


def test_a_guessed_name_does_not_split_anew_whom_it_shows(planning: Planning, session: Session) -> None:
    add(session, given="Anna Maria", family="von Berg", email="a@x.example")
    assert verdicts(planning, "Name,E-mail\nAnna Maria von Berg,a@x.example\n") == [("same", "email")]


def test_another_first_name_is_asked_and_safely_a_second_person(
    planning: Planning, bring_in: Import, session: Session, rows: Rows
) -> None:
    add(session, given="Mara", family="Ek", email="home@x.example")
    content = HEADER + "Bo,Ek,home@x.example,,,\n"
    (row,) = planning(content).page()
    assert (row.verdict, row.does, row.user_id) == ("question", "add", 1)
    assert row.reason
    assert (row.reason.id, row.reason.values["name"]) == ("row.other_name", "Mara Ek")
    assert planning(content).without_email() == 1
    bring_in(content)
    assert rows("SELECT given, email FROM users ORDER BY id") == [("Mara", "home@x.example"), ("Bo", None)]
    assert rows("SELECT user_id, email FROM user_emails") == [(2, "home@x.example")]
    assert bring_in(content).same == 1


def test_an_email_of_very_many_is_asked_of_whoever_comes_late(planning: Planning) -> None:
    """Each with each would take hours for a list that gives everyone the same address."""
    names = [f"A{number}" for number in range(150)]
    content = HEADER + "".join(f"{name},Ek,all@x.example,,,\n" for name in [*names, "A0", "A149"])
    rows = planning(content).page(limit=1000)
    assert [row.verdict for row in rows[:150]] == ["new"] + ["question"] * 149
    assert [(row.verdict, row.twin) for row in rows[150:]] == [("same", 0), ("question", 0)]


@pytest.mark.parametrize(("choice", "people", "changed"), [("same", 1, 1), ("skip", 1, 0), ("second", 2, 0)])
def test_a_question_can_be_answered(
    planning: Planning, engine: Any, session: Session, rows: Rows, choice: str, people: int, changed: int
) -> None:
    from webui.exchange import importing

    add(session, given="Mara", family="Ek", email="home@x.example")
    plan = planning(HEADER + "Bo,Ek,home@x.example,,,\nBo,,home@x.example,Bobo,,\n")
    assert [(row.verdict, row.twin) for row in plan.page()] == [("question", None), ("changed", 0)]
    plan.choose(0, choice)
    result = importing.apply(engine, plan, allow_missing_email=True)
    assert result.changed == changed + (0 if choice == "skip" else 1)
    assert rows("SELECT count(*) FROM users") == [(people,)]
    assert rows("SELECT count(*) FROM users WHERE nickname = 'Bobo'") == [(0 if choice == "skip" else 1,)]


def test_an_email_of_two_who_agree_is_the_one_whose_main_it_is(planning: Planning, session: Session) -> None:
    add(session, given="Mara", email="home@x.example")
    add(session, given="Bo", email="bo@x.example", emails=[{"label": "", "email": "home@x.example"}])
    plan = planning("First Name,E-mail\n,home@x.example\nBo,home@x.example\n")
    assert [(row.verdict, row.user_id) for row in plan.page()] == [("same", 1), ("same", 2)]


def test_a_name_alone_never_joins(bring_in: Import, session: Session) -> None:
    add(session, given="IT", family="Support", email="it@x.example")
    assert bring_in("First Name,Last Name,E-mail\nIT,Support,other@x.example\nIT,Support,\n").added == 2


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("Mara,Lindqvist,,", "row.same_name"),
        ("lindqvist,MÁRA,,", "row.same_name"),
        ("Mara,Lindqvist,,040 123 456", "row.same_name_phone"),
        ("Mara,Lindqvist,other@x.example,040-123456", "row.same_name_phone"),
        ("Mara,Lindqvist,other@x.example,", "row.same_name"),
        ("Mara,Lund,,", None),
        ("Mara,,,040 123 456", None),
    ],
)
def test_the_name_of_someone_here_is_asked_about_and_safely_a_second_person(
    planning: Planning, session: Session, row: str, why: str | None
) -> None:
    phones = [{"label": "", "phone": "040 123456"}]
    add(session, given="Mara", family="Lindqvist", email="m@x.example", phones=phones)
    with operation(session):
        settings.set_phone_region(session, "SE")
    (found,) = planning(f"First Name,Last Name,E-mail,Phone\n{row}\n").page()
    assert (found.reason.id if found.reason else None, found.does) == (why, "add")
    assert found.matched == ("name" if why else None)


def test_two_birthdays_of_one_name_are_two_people(planning: Planning, session: Session) -> None:
    add(session, given="Mara", family="Ek", email="m@x.example", birthday="1987-03-04")
    header = "First Name,Last Name,Birthday\n"
    for birthday, verdict in (("1987-03-04", "question"), ("2015-06-07", "new"), ("", "question")):
        assert [row.verdict for row in planning(f"{header}Mara,Ek,{birthday}\n").page()] == [verdict]


def test_whoever_is_said_to_be_the_one_of_that_name_is(
    planning: Planning, session: Session, engine: Any, rows: Rows
) -> None:
    from webui.exchange import importing

    add(session, given="Mara", family="Ek", email="m@x.example")
    plan = planning("First Name,Last Name,Nickname\nMara,Ek,Mimi\n")
    plan.choose(0, "same")
    importing.apply(engine, plan)
    assert rows("SELECT nickname, email FROM users") == [("Mimi", "m@x.example")]


def test_two_rows_with_one_email_are_one_person_if_the_names_agree(bring_in: Import, rows: Rows) -> None:
    result = bring_in(
        HEADER + "Mara,Ek,m@x.example,,,\nMara,,m@x.example,Mimi,,Choir\nMara,,M@x.example,,hello,\n"
    )
    assert (result.added, result.changed) == (1, 2)
    assert rows("SELECT given, nickname, note FROM users") == [("Mara", "Mimi", "hello")]
    assert rows("SELECT count(*) FROM sources") == [(3,)]
    assert rows("SELECT count(*) FROM user_emails") == [(0,)]


def test_two_rows_may_change_one_person_and_none_is_lost(
    bring_in: Import, session: Session, rows: Rows
) -> None:
    add(session, given="Mara", email="m@x.example")
    bring_in(HEADER + "Mara,,m@x.example,Mimi,,\nMara,,m@x.example,,hello,\n")
    assert rows("SELECT nickname, note FROM users") == [("Mimi", "hello")]


def test_someone_without_an_email_gets_the_first_as_the_main_one(bring_in: Import, rows: Rows) -> None:
    content = "uid,username,email,display_name,given,family\n"
    uid = "0f0f0f0f-1111-4222-8333-444444444444"
    bring_in(content + f"{uid},mara,,Mara Ek,Mara,Ek\n")
    assert rows("SELECT uid, email FROM users") == [(uid, None)]
    assert bring_in(content + f"{uid},mara,m@x.example,Mara Ek,Mara,Ek\n").changed == 1
    assert rows("SELECT uid, email FROM users") == [(uid, "m@x.example")]
    assert rows("SELECT email FROM user_emails") == []


def test_usernames_are_free_here_and_in_the_file_in_file_order(
    bring_in: Import, session: Session, rows: Rows
) -> None:
    add(session, username="mara.ek", given="Mara", email="m@x.example")
    bring_in(
        "Name,E-mail,Company,Username\nMara Ek,a@x.example,,\nÅsa Öberg,,,\nÅsa Öberg,,,\n,jo@x.example,,\n"
        ",,Acme GmbH,\nMara Ek,b@x.example,,\nX Y,c@x.example,,asa.oberg.2\nX Z,d@x.example,,asa.oberg.2\n"
    )
    assert [row[0] for row in rows("SELECT username FROM users ORDER BY id")] == [
        "mara.ek", "mara.ek.2", "asa.oberg", "asa.oberg.3", "jo", "acme.gmbh", "mara.ek.3",
        "asa.oberg.2", "asa.oberg.2.2",
    ]  # fmt: skip


def test_of_two_rows_of_someone_who_is_here_the_later_one_wins_for_good(
    bring_in: Import, planning: Planning, rows: Rows, session: Session
) -> None:
    with operation(session):
        fields.add(session, {"name": "Club", "kind": "text"})
    header = "Name,E-mail,Note,Club\n"
    bring_in(f"{header}Mara Ek,m@x.example,old,North\n")
    for note, club in (("old", "North"), ("old", "South"), ("new", "South")):
        text = f"{header}Mara Ek,m@x.example,{note}er,{club}er\nMara Ek, m@x.example,{note},{club}\n"
        bring_in(text)
        assert rows("SELECT note, value FROM users JOIN field_values ON user_id = users.id") == [(note, club)]
        assert planning(text).counts()["same"] == 2


def test_a_row_that_said_nothing_new_says_nothing_a_second_time(bring_in: Import, planning: Planning) -> None:
    header = "First Name,Last Name,E-mail 1 - Value,Notes,Phone 1 - Label,Phone 1 - Value\n"
    bring_in(f"{header}Mara,Ek,m@x.example,old,,\n")
    here = "Mara,Ek, m@x.example,old,,\nMara,Ek,m@x.example,new,,\n"
    new = "Bo,Ex,b@x.example,,Home,+461\nBo,Ex,b@x.example,,Work,+461\n"
    bring_in(header + here + new)
    assert planning(header + here + new).counts()["same"] == 4


@pytest.mark.parametrize("is_here", [True, False])
def test_two_given_names_are_not_both_whoever_has_none(
    bring_in: Import, planning: Planning, rows: Rows, is_here: bool
) -> None:
    header = "First name,Last name,E-mail,Mobile\n"
    nobody, two = ",Ek,m@x.example,\n", "Mara,Ek,m@x.example,+461\nBo,Ek,m@x.example,+462\n"
    if is_here:
        bring_in(header + nobody)
    text = header + (two if is_here else nobody + two)
    assert planning(text).page()[-1].reason == Message(
        "row.other_name", {"name": "Mara Ek", "id": 1 if is_here else None}
    )
    bring_in(text)
    phones = "SELECT given, phone FROM users JOIN user_phones ON user_id = users.id ORDER BY 2"
    assert rows(phones) == [("Mara", "+461"), ("Bo", "+462")]
    assert bring_in(text).operation is None
