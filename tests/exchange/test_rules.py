"""What an import does to who is here already: as the person says, for everything or for a column."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.exchange.conftest import Import, Planning
from webui.exchange import bringing, looking
from webui.exchange.rules import FILE, FILL, MINE, Rules
from webui.store import fields, users
from webui.store.ledger.operations import operation
from webui.store.posts import LONGEST

Rows = Callable[[str], list[tuple[Any, ...]]]
HEADER = "Given name,Family name,E-mail,Nickname,Note,Phone,Tags\n"
OLD = f"{HEADER}Mara,Ek,m@x.example,Mia,,+46 1,Choir\n"
NEW = f"{HEADER}Mara,Berg,m@x.example,,new,+46 2,Board\n"
SAID = """SELECT family, nickname, note, (SELECT group_concat(phone) FROM user_phones),
 (SELECT count(*) FROM user_tags) FROM users"""


@pytest.mark.parametrize(
    ("rules", "after"),
    [
        (Rules(FILE), ("Berg", "Mia", "new", "+46 2", 1)),
        (Rules(FILL), ("Ek", "Mia", "new", "+46 1", 1)),
        (Rules(MINE), ("Ek", "Mia", None, "+46 1", 1)),
        (Rules(MINE, {"1": FILE}), ("Berg", "Mia", None, "+46 1", 1)),
        (Rules(FILE, {"1": MINE, "5": FILL}), ("Ek", "Mia", "new", "+46 1", 1)),
        (Rules(FILE, clears=True), ("Berg", None, "new", "+46 2", 1)),
        (Rules(FILL, clears=True), ("Ek", "Mia", "new", "+46 1", 1)),
    ],
)  # fmt: skip
def test_the_way_of_each_field_is_kept_to(
    bring_in: Import, rows: Rows, rules: Rules, after: tuple[Any, ...]
) -> None:
    bring_in(OLD)
    bring_in(NEW, how=rules)
    assert rows(SAID) == [after]


def test_nobody_here_is_changed_where_all_is_to_stay(planning: Planning, bring_in: Import) -> None:
    bring_in(OLD)
    assert planning(NEW + "Noor,Ex,n@x.example,,,,\n", how=Rules(MINE)).counts() == {
        "new": 1, "changed": 0, "same": 1, "question": 0, "refused": 0,
    }  # fmt: skip


def test_a_column_that_is_not_there_clears_nothing(bring_in: Import, rows: Rows) -> None:
    bring_in(OLD)
    bring_in("Given name,E-mail,Note\nMara,m@x.example,\n", how=Rules(clears=True))
    assert rows(SAID) == [("Ek", "Mia", None, "+46 1", 1)]


@pytest.fixture
def member(session: Session) -> str:
    """The target of a field for a number of members."""
    with operation(session, "window"):
        made = fields.add(session, {"name": "Member no.", "kind": "text"})
        uid = made.uid
    return f"own:{uid}"


def test_people_are_known_by_the_field_that_was_chosen(
    planning: Planning, bring_in: Import, member: str
) -> None:
    bring_in("Name,Member no.,E-mail\nMara Ek,004,m@x.example\n")
    moved = "Name,Member no.,E-mail\nMara Berg,004,new@x.example\nNoor Ex,005,m@x.example\n"
    assert [row.matched for row in planning(moved).page()] == [None, "email"]
    first, second = planning(moved, how=Rules(key=member)).page()
    assert (first.matched, first.verdict, first.new_emails) == ("key", "changed", ["new@x.example"])
    assert (second.verdict, second.reason.id if second.reason else None) == ("question", "row.other_key")


def test_an_own_field_is_cleared_only_where_that_is_ticked(bring_in: Import, rows: Rows, member: str) -> None:
    bring_in("Name,Member no.,E-mail\nMara Ek,004,m@x.example\nNoor Ex,,n@x.example\n")
    again = "Name,Member no.,E-mail\nMara Ek,,m@x.example\nNoor Ex,,n@x.example\n"
    assert bring_in(again).changed == 0
    assert bring_in(again, how=Rules(clears=True)).changed == 1
    assert rows("SELECT * FROM field_values") == []


def test_a_username_that_the_file_tells_finds_its_person(planning: Planning, bring_in: Import) -> None:
    bring_in("Name,Username\nMara Ek,mara\n")
    found = planning("Name,Username,Note\nMara Ek,MARA,x\nSal Two,mara,y\nMara Ek,,z\n").page()
    assert [(row.verdict, row.matched) for row in found] == [
        ("changed", "username"),
        ("new", None),
        ("question", "name"),
    ]


def test_columns_go_where_they_went_last_time(session: Session, bring_in: Import) -> None:
    odd = b"Kundig,Quelle,E-mail\nMara Ek,x,m@x.example\nNoor Ex,y,n@x.example\n"
    assert [column.target for column in looking.look(session, odd)[1]] == ["kept", "kept", "email"]
    bring_in(odd, choices=["full_name", "nickname", "email"])
    session.rollback()
    found = looking.look(session, odd.replace(b",", b";").replace(b"Noor", b"Bo"))[1]
    assert [(column.target, column.by) for column in found] == [
        ("full_name", "before"), ("nickname", "before"), ("email", "name"),
    ]  # fmt: skip


def test_a_column_of_posts_is_written_once(planning: Planning, bring_in: Import, rows: Rows) -> None:
    text = 'Name,E-mail,Diary\nMara Ek,m@x.example,"Met in Lund\nTalked of choirs"\n'
    bring_in(text, choices=["full_name", "email", "post"])
    assert rows("SELECT title, body FROM posts") == [("Met in Lund", "Talked of choirs")]
    other = text.replace("Mara Ek", "Mara Berg")
    (row,) = planning(other, choices=["full_name", "email", "post"]).page()
    assert row.verdict == "changed"
    bring_in(other, choices=["full_name", "email", "post"])
    assert len(rows("SELECT 1 FROM posts")) == 1


PARTS = "Given name,Family name,Display name,E-mail\n"
BOB = f"{PARTS}Bob,,Bobby,b@x.example\n"
NAMED = "SELECT given, family, display_name FROM users"


@pytest.mark.parametrize("column", ["post", "json"])
def test_posts_past_the_limits_stay_in_the_row_and_are_told(
    planning: Planning, bring_in: Import, rows: Rows, monkeypatch: pytest.MonkeyPatch, column: str
) -> None:
    monkeypatch.setattr(bringing, "MOST_POSTS", 2)
    long = "x" * (LONGEST["body"] + 200)
    cells = [long, "One", "Two", "Three"]
    if column == "json":
        cells = [json.dumps([{"body": each} for each in cells]).replace('"', '""'), "", "", ""]
    said = ",".join(f'"{each}"' for each in cells)
    file = f"Name,A,B,C,D\nMara Ek,{said}\n"
    how = {"choices": ["full_name", *["post"] * 4]}
    (row,) = planning(file, **how).page()
    assert ([each.id for each in row.warnings], row.keeps) == (["row.posts_left"], True)
    bring_in(file, **how)
    assert rows("SELECT title FROM posts ORDER BY id") == [("One",), ("Two",)]
    assert rows("SELECT length(raw) > 1000000 FROM sources") == [(1,)]


@pytest.mark.parametrize(
    ("text", "rules", "after"),
    [
        ("Name,E-mail\nBob Smith,b@x.example\n", Rules(FILL), ("Bob", "Smith", "Bobby")),
        (f"{PARTS}Bob,Smith,Robert Smith,b@x.example\n", Rules(FILL), ("Bob", "Smith", "Bobby")),
        (f"{PARTS}Bob,,Robert,b@x.example\n", Rules(FILE, {"2": MINE}), ("Bob", None, "Bobby")),
        ("Name,E-mail\n,b@x.example\n", Rules(FILE, clears=True), ("Bob", None, "Bobby")),
    ],
)  # fmt: skip
def test_a_name_that_is_to_stay_stays(
    bring_in: Import, rows: Rows, text: str, rules: Rules, after: tuple[Any, ...]
) -> None:
    bring_in(BOB)
    bring_in(text, how=rules)
    assert rows(NAMED) == [after]


def test_a_name_that_follows_its_parts_follows_those_that_came_in(bring_in: Import, rows: Rows) -> None:
    bring_in("Given name,Family name,E-mail\nBob,,b@x.example\n")
    bring_in("Given name,Family name,E-mail\nBob James,Smith,b@x.example\n", how=Rules(FILE, {"0": MINE}))
    assert rows(NAMED) == [("Bob", "Smith", "Bob Smith")]


def test_a_shared_key_is_asked_about_where_the_name_is_another(planning: Planning, bring_in: Import) -> None:
    bring_in("Name,E-mail,Phone\nJohn Doe,j@x.example,+46 70 1234567\n")
    plan = planning(
        "Name,E-mail,Phone\nJohn Doe,,+46 70 1234567\nMary Doe,m@x.example,+46 70 1234567\n",
        how=Rules(key="phone"),
    )
    assert [(row.verdict, row.matched) for row in plan.page()] == [("same", "key"), ("question", "key")]


def test_the_way_of_a_part_is_that_of_the_address(bring_in: Import, rows: Rows) -> None:
    bring_in("Name,E-mail\nMara Ek,m@x.example\n")
    bring_in(
        "Name,E-mail,Street,City\nMara Ek,m@x.example,Ring 1,Lund\n", how=Rules(FILE, {"2": MINE, "3": MINE})
    )
    assert rows("SELECT * FROM user_addresses") == []


def test_what_a_file_emptied_was_not_taken_out_by_hand(
    engine: Engine, bring_in: Import, planning: Planning
) -> None:
    said = "Name,E-mail,Organization,Notes\nMara Ek,m@x.example,Mill,{}\n"
    bring_in(said.format("x"))
    with Session(engine) as session, operation(session):
        users.change(session, 1, {"nickname": "M"})
    emptied = b'[{"name": "Mara Ek", "email": "m@x.example", "company": ""}]'
    bring_in(emptied, how=Rules("file", clears=True))
    (row,) = planning(said.format("y")).page()
    assert row.changes["organisation"] == [None, "Mill"]
