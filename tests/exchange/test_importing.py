"""An import is one operation: whole, undoable, cancellable, and never on a database it did not see."""

import uuid
from collections.abc import Callable
from itertools import islice
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.exchange.conftest import Import, Planning
from webui.exchange import importing, staging
from webui.jobs import Cancelled
from webui.store import search, settings, users
from webui.store.errors import Refused
from webui.store.ledger import dump, history, sqlite
from webui.store.ledger.operations import operation

Rows = Callable[[str], list[tuple[Any, ...]]]
HEADER = "First Name,Last Name,E-mail,Note,Tags,Birthday\n"
TWO = HEADER + "Mara,Ek,m@x.example,hello,Choir;Board,1987-03-04\nNoor,Haddad,n@x.example,,Choir,\n"


def many(count: int) -> str:
    return HEADER + "".join(f"Mara{n},Ek,m{n}@x.example,n,T{n % 3},\n" for n in range(count))


def test_people_come_in_with_all_that_has_a_field_and_the_rest_in_their_source(
    bring_in: Import, rows: Rows
) -> None:
    result = bring_in(TWO, dates="day")
    assert (result.added, result.refused) == (2, 0)
    assert rows(
        "SELECT username, email, email_key, display_name, given, family, note FROM users ORDER BY id"
    ) == [
        ("mara.ek", "m@x.example", "m@x.example", "Mara Ek", "Mara", "Ek", "hello"),
        ("noor.haddad", "n@x.example", "n@x.example", "Noor Haddad", "Noor", "Haddad", None),
    ]
    assert rows("SELECT u.username, t.name FROM user_tags ut JOIN users u ON u.id = ut.user_id"
                " JOIN tags t ON t.id = ut.tag_id ORDER BY 1, 2") == [
        ("mara.ek", "Board"), ("mara.ek", "Choir"), ("noor.haddad", "Choir")
    ]  # fmt: skip
    (raw, position, header, name) = rows(
        "SELECT raw, position, header, name FROM sources JOIN source_files f ON f.id = file_id ORDER BY 2"
    )[0]
    assert (raw, position) == (b"Mara,Ek,m@x.example,hello,Choir;Board,1987-03-04\n", 0)
    assert (header, name) == (HEADER, "people.csv")
    (options,) = rows("SELECT json_extract(options, '$.dates') FROM source_files")[0]
    assert options == "day"


def test_whom_it_brings_is_found_at_once(bring_in: Import, session: Session) -> None:
    bring_in(TWO)
    assert [row.display_name for row in search.find(session, "board hello").rows] == ["Mara Ek"]


def test_an_import_is_undone_and_redone_to_the_digest(
    bring_in: Import, engine: Engine, digest: Callable[[], str], session: Session
) -> None:
    with operation(session):
        users.add(session, {"username": "mara", "given": "Mara", "email": "m@x.example"})
    before = digest()
    bring_in(TWO + "Kim,,,,,\n")
    after = digest()
    done = history.undo(engine)
    assert (done.message, done.values) == ("imports.add", {"name": "people.csv", "added": 2, "changed": 1})
    assert digest() == before
    history.redo(engine)
    assert digest() == after


@pytest.mark.parametrize("at", ["import.write", "import.index"])
def test_a_cancel_takes_all_back(
    planning: Planning, engine: Engine, digest: Callable[[], str], monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    monkeypatch.setattr("webui.exchange.applying.SLICE", 10)
    plan, before, seen = planning(many(50)), digest(), []

    def step(phase: str, done: int = 0, total: int = 0) -> None:
        seen.append((phase, done, total))
        if phase == at and done in (0, 30) and len(seen) > 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        importing.apply(engine, plan, step)
    assert digest() == before
    assert importing.apply(engine, plan).added == 50  # the plan is still good


def test_slices_tell_how_far_it_is(
    planning: Planning, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webui.exchange.applying.SLICE", 20)
    seen: list[tuple[str, int, int]] = []
    importing.apply(engine, planning(many(50)), lambda *step: seen.append(step))
    assert seen == [
        ("import.write", 0, 50), ("import.write", 20, 50), ("import.write", 40, 50), ("import.index", 0, 0)
    ]  # fmt: skip


def test_reading_can_be_cancelled(planning: Planning, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging, "SLICE", 10)

    def step(_phase: str, done: int = 0, _total: int = 0) -> None:
        if done == 20:
            raise Cancelled

    with pytest.raises(Cancelled):
        planning(many(50), step=step)


def test_a_plan_is_matched_again_when_something_changed(
    planning: Planning, engine: Engine, session: Session, rows: Rows
) -> None:
    plan = planning(TWO)
    with operation(session):
        users.add(session, {"username": "mara.ek", "given": "Mara", "family": "Ek", "email": "m@x.example"})
        users.add(session, {"username": "noor.haddad", "given": "Zoë", "email": "z@x.example"})
    result = importing.apply(engine, plan)
    assert (result.added, result.changed) == (1, 1)
    assert rows("SELECT username FROM users ORDER BY id") == [
        ("mara.ek",),
        ("noor.haddad",),
        ("noor.haddad.2",),
    ]


def test_people_without_an_email_are_one_question(
    bring_in: Import, digest: Callable[[], str], engine: Engine, session: Session
) -> None:
    before = digest()
    with pytest.raises(Refused) as caught:
        bring_in(HEADER + "Kim,,,,,\nLou,,,,,\nMara,,m@x.example,,,\n", allow_missing_email=False)
    assert (caught.value.message.id, caught.value.message.values) == ("import.without_email", {"count": 2})
    assert digest() == before
    bring_in(HEADER + "Kim,,,,,\n")
    assert not settings.email_required(session)
    session.rollback()
    history.undo(engine)
    assert digest() == before
    assert settings.email_required(session)


def test_the_rule_stays_when_everyone_has_an_email(bring_in: Import, session: Session) -> None:
    bring_in(TWO)
    assert settings.email_required(session)


def test_an_id_in_the_trash_or_of_the_past_is_not_used_again(
    bring_in: Import, engine: Engine, rows: Rows
) -> None:
    bring_in(TWO)
    history.undo(engine)
    bring_in(TWO)
    assert rows("SELECT min(id) > 2 FROM users") == [(1,)]


def test_ten_thousand_people(bring_in: Import, database: Any) -> None:
    assert bring_in(many(10_000)).added == 10_000
    connection = sqlite.connect(database)
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    for index in ("names_fts", "words_fts", "parts_fts"):
        connection.execute(f"INSERT INTO {index} ({index}, rank) VALUES ('integrity-check', 1)")
    assert dump.digest(connection)
    connection.close()


def test_new_people_get_uids_as_records_have_them() -> None:
    made = list(islice(staging._uids(), 600))
    assert len(set(made)) == 600
    for uid in made:
        assert str(uuid.UUID(uid)) == uid
        assert (uuid.UUID(uid).version, uuid.UUID(uid).variant) == (4, uuid.RFC_4122)


def test_what_was_said_of_the_dates_of_this_very_file_goes_first(
    bring_in: Import, planning: Planning
) -> None:
    one = "Name,E-mail,Birthday\nMara Ek,m@x.example,03/04/1987\n"
    bring_in(one, dates="day")
    bring_in(one.replace("Mara Ek,m@", "Bo Ex,b@"), dates="month")
    assert planning(one).counts()["same"] == 1
    (row,) = planning(one.replace("Mara Ek,m@", "Cy Ox,c@")).page()
    assert row.values["birthday"] == "1987-03-04"  # of any other file the last answer counts
