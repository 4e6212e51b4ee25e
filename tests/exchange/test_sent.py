"""A sheet that went out and came back: what they edited, what was edited here, and what is neither."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.exchange.sheets import ANNA, NOOR, Sheet, seen
from webui.exchange import importing
from webui.exchange.sent import comparison, mark, taking
from webui.exchange.sent.comparison import CONFLICT, EDIT, STUCK, THEIRS
from webui.store import fields, trash, users
from webui.store.errors import Refused
from webui.store.ledger import forget, history, horizon, sqlite
from webui.store.ledger.history import connection_of
from webui.store.ledger.operations import named, operation
from webui.store.models import UidAlias


@pytest.mark.parametrize(
    ("theirs", "mine", "state"),
    [
        ("Berg", "Berg", None),
        ("Berg", "Ek", None),
        ("Ek", "Berg", EDIT),
        ("", "Berg", EDIT),
        ("Ek", "Ek", None),
        ("Ek", "Lund", CONFLICT),
        ("", "Lund", CONFLICT),
        (" Berg  ", "Lund", None),
    ],
)
def test_each_cell_is_of_sent_theirs_and_mine(
    theirs: str, mine: str, state: str | None, two: tuple[int, int], send: Any, back: Any, person: Any
) -> None:
    sheet = send()
    sheet.put(0, "family", theirs)
    person({"family": mine}, two[0])
    found = [(field, state) for field, *_texts, state in seen(back(sheet)) if field == "family"]
    assert found == ([("family", state)] if state else [])


def test_what_another_program_writes_otherwise_is_no_edit(two: Any, send: Any, back: Any) -> None:
    sheet = send()
    sheet.put(0, "birthday", "03.04.1987")
    sheet.put(0, "tags", "Choir ; board")
    sheet.put(0, "note", "one\r\ntwo\r\n")
    sheet.put(0, "phones", "Home <+46 46 12 34 56> ")
    sheet.rows.reverse()
    order = sorted(range(len(sheet.header)), key=lambda at: sheet.header[at], reverse=True)
    sheet = Sheet([sheet.header[at] for at in order], [[row[at] for at in order] for row in sheet.rows])
    compared = back(sheet, ";")
    assert seen(compared) == []
    assert compared.about("missing") == 0


def test_edits_come_in_and_one_undo_takes_them_back(
    two: Any, send: Any, back: Any, engine: Engine, session: Session, person: Any, digest: Callable[[], str]
) -> None:
    sheet = send()
    sheet.put(0, "phones", "")
    sheet.put(0, "tags", "Choir ::: Chair")
    sheet.put(0, "birthday", "1987-04-04")
    sheet.put(1, "family", "Berg-Haddad")
    sheet.put(1, "organisation", "Mill")
    sheet.rows.append([""] * len(sheet.header))
    sheet.put(2, "given", "Lea")
    sheet.put(2, "email", "lea@x.example")
    person({"organisation": "Forge"}, two[1])
    compared, before = back(sheet), digest()
    assert compared.counts() == {EDIT: 4, CONFLICT: 1, STUCK: 0}
    assert compared.will() == (4, 2)
    row = compared.page(CONFLICT)[0]
    compared.choose(row.position, "organisation", THEIRS)
    new = Path(compared.about("new"))
    with importing.plan(engine, new, new.with_suffix(".sqlite"), name="back.csv") as planned:
        taken = taking.take(engine, compared, planned)
    assert (taken.edits, taken.people, taken.added) == (5, 2, 1)
    session.rollback()
    anna, noor = (users.find(session, each) for each in two)
    assert (anna.phones, sorted(tag.name for tag in anna.tags)) == ([], ["Chair", "Choir"])
    assert (anna.birthday, noor.organisation, noor.name) == ("1987-04-04", "Mill", "Noor Berg-Haddad")
    session.rollback()
    assert history.undo(engine).values == {"name": "back.csv", "sheet": True, "added": 1, "changed": 2}
    assert digest() == before


def test_nothing_is_taken_where_something_changed_since_the_look(
    two: Any, send: Any, back: Any, engine: Engine, person: Any, digest: Callable[[], str]
) -> None:
    sheet = send()
    sheet.put(0, "family", "Ek")
    compared = back(sheet)
    person({"family": "Lund"}, two[0])
    before = digest()
    with pytest.raises(Refused, match=r"sent\.moved"):
        taking.take(engine, compared, None)
    assert digest() == before


def test_a_column_that_was_not_sent_clears_nothing(two: Any, send: Any, back: Any) -> None:
    sheet = send(columns=frozenset({"given"}))
    assert sheet.header[:2] == ["uid", "given"]
    sheet.header.append("note")
    sheet.rows = [[*row, ""] for row in sheet.rows]
    sheet.put(1, "note", "seen")
    compared = back(sheet)
    assert seen(compared) == []
    assert compared.about("unknown") == ["note"]
    sheet.rows[0] = sheet.rows[0][:1]  # cut short: says nothing of the rest
    assert seen(back(sheet)) == []


def test_what_is_in_the_way_of_an_edit_is_told_and_the_rest_comes_in(
    two: Any, send: Any, back: Any, engine: Engine, digest: Callable[[], str]
) -> None:
    sheet, before = send(), digest()
    sheet.put(0, "email", "noor@x.example")
    sheet.put(0, "family", "Ek")
    compared = back(sheet)
    assert digest() == before
    (row,) = compared.page(STUCK)
    assert [(edit.field, edit.state) for edit in row.edits] == [("email", STUCK), ("family", EDIT)]
    assert row.edits[0].reason is not None
    assert row.edits[0].reason.id == "email.taken"
    assert taking.take(engine, compared, None).edits == 1


def test_of_many_edits_what_is_in_the_way_is_told_when_they_are_taken(
    two: Any, send: Any, back: Any, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking, "_TRIED", 0)
    sheet = send()
    sheet.put(0, "email", "noor@x.example")
    sheet.put(0, "family", "Ek")
    compared = back(sheet)
    assert compared.counts() == {EDIT: 2, CONFLICT: 0, STUCK: 0}
    taken = taking.take(engine, compared, None)
    assert (taken.edits, taken.out) == (1, 1)


def test_what_someone_who_was_not_tried_may_give_up_is_not_in_the_way(
    two: Any, send: Any, back: Any, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking, "_TRIED", 1)
    monkeypatch.setattr(comparison, "_SLICE", 1)
    sheet = send()
    sheet.put(0, "email", "noor@x.example")
    sheet.put(1, "email", "anna@x.example")
    compared = back(sheet)
    assert compared.counts() == {EDIT: 2, CONFLICT: 0, STUCK: 0}
    assert taking.take(engine, compared, None).edits == 2


def test_a_row_that_nobody_touched_is_nothing_whatever_became_of_its_person(
    two: Any, send: Any, back: Any, session: Session
) -> None:
    sheet = send()
    with operation(session):
        users.trash(session, [two[0]])
    compared = back(sheet)
    assert (compared.page(), compared.counts()["stuck"]) == ([], 0)
    with operation(session):
        trash.empty(session)
    assert back(sheet).page() == []
    sheet.put(0, "given", "Edited")
    (row,) = back(sheet).page()
    assert row.reason and row.reason.id == "sent.gone"


@pytest.mark.parametrize(
    ("typed", "reason"),
    [("Zo? ?sterlund?", "sent.letters"), ("Zo\ufffd \ufffdsterlund?", "sent.letters"), ("Zo? Lund", None)],
)
def test_letters_that_a_program_lost_are_no_edit(
    typed: str, reason: str | None, two: Any, back: Any, send: Any, session: Session
) -> None:
    with operation(session):
        users.change(session, two[0], {"organisation": "Zoë Österlund?"})
    sheet = send()
    sheet.put(0, "organisation", typed)
    compared = back(sheet)
    ((edit,),) = [row.edits for row in compared.page()]
    assert (edit.reason and edit.reason.id, compared.will()) == (reason, (int(not reason), int(not reason)))


def test_people_who_are_not_what_they_were_lose_nothing(
    two: Any, send: Any, back: Any, session: Session, person: Any, database: Path, engine: Engine
) -> None:
    more = [
        person({"username": name, "email": f"{name}@x.example", "given": name}) for name in ("gone", "shy")
    ]
    sheet = send()
    for row in range(4):
        sheet.put(row, "given", "Edited")
    sheet.rows.append(list(sheet.rows[0]))
    sheet.put(4, "given", "Twice")
    shy = sheet.of(3, "uid")
    with operation(session):
        users.trash(session, [more[0]])
    with operation(session):
        trash.empty(session)
    with operation(session):
        users.trash(session, [two[1]])
    session.close()
    engine.dispose()
    forget.forget(database, [shy])
    compared = back(sheet)
    told = {row.position: row.reason and row.reason.id for row in compared.page()}
    assert told == {0: None, 1: "sent.trashed", 2: "sent.gone", 3: "sent.forgotten", 4: "sent.again"}
    assert compared.will() == (1, 1)
    del sheet.rows[1:]
    assert back(sheet).about("missing") == 3


def test_of_someone_who_was_merged_the_edits_go_to_whom_they_became(
    two: Any, send: Any, back: Any, session: Session, person: Any
) -> None:
    sheet = send()
    sheet.put(1, "organisation", "Mill")
    sheet.put(1, "family", "Edited")
    person({"tags": []}, two[0])
    uid = sheet.of(1, "uid")
    with operation(session):
        session.delete(users.find(session, two[1]))
        session.flush()
        session.add(UidAlias(uid=uid, user_id=two[0]))
        named(session, "users.change", name="Anna Berg", fields=[])
    (row,) = back(sheet).page()
    assert (row.user_id, row.name) == (two[0], "Anna Berg")
    assert [(edit.field, edit.state) for edit in row.edits] == [("family", CONFLICT), ("organisation", EDIT)]


def test_own_fields_come_back_by_what_they_are(
    session: Session, send: Any, back: Any, person: Any, engine: Engine
) -> None:
    with operation(session):
        for name, kind in (("Fee", "number"), ("Paid", "yes_no"), ("Left", "date"), ("Shoe", "text")):
            fields.add(session, {"name": name, "kind": kind})
    anna = person({**ANNA, "fields": {"Fee": "12.50", "Paid": "yes", "Left": "2020-05-06", "Shoe": "38"}})
    noor = person({**NOOR, "fields": {"Left": "2021-05-17"}})
    sheet = send()
    sheet.put(0, "Fee", "12,5")
    sheet.put(0, "Paid", "TRUE")
    sheet.put(0, "Left", "5/6/2020")
    sheet.put(1, "Left", "7/8/2021")
    sheet.put(1, "Paid", "FALSE")
    sheet.put(0, "Shoe", "39")
    with operation(session):
        shoe = next(each for each in fields.every(session) if each.name == "Shoe")
        fields.change(session, shoe.id, {"name": "Shoe size"})
    compared = back(sheet, ";")
    assert sorted((row[0][:4], row[2], row[4]) for row in seen(compared)) == [
        ("own:", "2021-07-08", EDIT),  # as they are taken
        ("own:", "39", EDIT),
        ("own:", "no", EDIT),
    ]
    taking.take(engine, compared, None)
    session.rollback()
    assert users.values(users.find(session, anna))["fields"]["Shoe size"] == "39"
    assert users.values(users.find(session, noor))["fields"]["Left"] == "2021-07-08"


def test_a_sheet_of_another_roster_or_before_what_history_has_is_told(
    two: Any, send: Any, session: Session, engine: Engine, tmp_path: Path, person: Any
) -> None:
    sheet = send()
    said = mark.read(sheet.header)
    assert said is not None
    assert said.people == 2
    person({"family": "Ek"}, two[0])
    connection = connection_of(session)
    assert mark.fault(connection, said) is None
    other = mark.Mark(
        said.operation, "2001-01-01T00:00:00.000Z", said.columns, said.own, said.people, said.day
    )
    found = mark.fault(connection, other)
    assert found and found.id == "sent.elsewhere"
    with operation(session):
        pass
    session.rollback()
    raw = sqlite.connect(str(engine.url.database))
    with sqlite.writing(raw):
        horizon.prune(raw, said.operation)
    assert mark.fault(raw, said) is None
    with sqlite.writing(raw):
        horizon.prune(raw, said.operation + 1)
    found = mark.fault(raw, said)
    assert found and found.id == "sent.let_go"
    raw.close()


def test_what_has_no_field_is_no_column_of_a_sheet_that_comes_back(
    bring_in: Any, session: Session, send: Any, back: Any
) -> None:
    bring_in("Name,E-mail,Shoe\nMara,m@x.example,44\n")
    sheet = send()
    assert "_kept_as_it_came" not in sheet.header
    sheet.put(0, "note", "new")
    comparison = back(sheet)
    assert comparison.counts() == {EDIT: 1, CONFLICT: 0, STUCK: 0}
