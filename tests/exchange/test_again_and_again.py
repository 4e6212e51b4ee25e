"""Any files, again and again, with what is typed by hand in between.

Nothing typed is lost, undo is exact, and the same file a second time changes nobody without asking.
"""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests.exchange.conftest import Import, Planning
from webui.exchange import importing
from webui.exchange.rules import FILE, FILL, MINE, Rules
from webui.store import fields, users
from webui.store.ledger import history
from webui.store.ledger.operations import operation
from webui.store.models import User

Rows = Callable[[str], list[tuple[Any, ...]]]
NAMES = [("Mara", "Ek"), ("Bo", "Ex"), ("Mara", "Berg"), ("", "Ek")]
EMAILS = [f"{letter}@x.example" for letter in "abcde"]
PHONES = [f"+4670174064{number}" for number in range(1, 5)]
TAGS = ["Alto", "Bass", "Choir", "Duet"]


class Files:
    """Makes files of few people who are much alike, so that they meet."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance

    def made(self) -> tuple[str, str]:
        """Return the name of a file and what is in it."""
        kind = self._chance.choice([self._csv, self._google, self._cards])
        return kind([self._person() for _ in range(self._chance.randint(1, 3))])

    def _person(self) -> dict[str, Any]:
        chance = self._chance
        given, family = chance.choice(NAMES)
        return {
            "given": given,
            "family": family,
            "emails": chance.sample(EMAILS, chance.randint(0, 3)),
            "phones": chance.sample(PHONES, chance.randint(0, 3)),
            "tags": chance.sample(TAGS, chance.randint(0, 2)),
            "city": chance.choice(["Lund", "Malmo", ""]),
            "uid": NAMES.index((given, family)),
        }

    def _csv(self, people: list[dict[str, Any]]) -> tuple[str, str]:
        lines = ["First name,Last name,E-mail,E-mail 2,Mobile,Work phone,Tags,City"]
        for each in people:
            emails, phones = ((each[name] + ["", ""])[:2] for name in ("emails", "phones"))
            tags = ";".join(each["tags"])
            lines.append(",".join([each["given"], each["family"], *emails, *phones, tags, each["city"]]))
        return "people.csv", "\n".join(lines)

    def _google(self, people: list[dict[str, Any]]) -> tuple[str, str]:
        head = "First Name,Last Name,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value,Labels"
        lines = [head]
        for each in people:
            email, phone = ((each[name] + [""])[0] for name in ("emails", "phones"))
            label = self._chance.choice(["Home", "Work"])
            told = [label, email, label, phone, " ::: ".join(each["tags"])]
            lines.append(",".join([each["given"], each["family"], *told]))
        return "contacts.csv", "\n".join(lines)

    def _cards(self, people: list[dict[str, Any]]) -> tuple[str, str]:
        lines = []
        for each in people:
            lines += [
                "BEGIN:VCARD",
                "VERSION:3.0",
                f"UID:{each['uid']}",
                f"N:{each['family']};{each['given']}",
            ]
            lines += [f"EMAIL:{email}" for email in each["emails"]]
            lines += [f"TEL;TYPE=cell:{phone}" for phone in each["phones"]]
            lines += [f"CATEGORIES:{','.join(each['tags'])}"] if each["tags"] else []
            lines.append("END:VCARD")
        return "people.vcf", "\r\n".join([*lines, ""])


@pytest.fixture
def chance(request: pytest.FixtureRequest) -> random.Random:
    return random.Random(request.param)


SEEDS = [*range(8), *(pytest.param(seed, marks=pytest.mark.long) for seed in range(8, 300))]


@pytest.mark.parametrize("chance", SEEDS, indirect=True)
def test_files_of_people_who_are_much_alike(
    chance: random.Random, engine: Engine, digest: Callable[[], str], tmp_path: Path
) -> None:
    files, typed = Files(chance), dict[int, set[str]]()

    def planned(path: Path, how: Rules) -> importing.Plan:
        scratch = tmp_path / f"{chance.random()}.sqlite"
        return importing.plan(engine, path, scratch, name=path.name, how=how)

    for _step in range(chance.randint(3, 6)):
        _type(engine, chance, typed)
        name, content = files.made()
        path = tmp_path / name
        path.write_text(content, newline="")
        way = chance.choice([FILE, FILE, FILL, MINE])
        how = Rules(existing=way, clears=chance.random() < 0.3)
        for round_ in ("first", "once undone"):
            before = digest()
            with planned(path, how) as plan:
                importing.apply(engine, plan, allow_missing_email=True)
            if digest() != before and round_ == "first":
                history.undo(engine)
                assert digest() == before
        with planned(path, how) as plan:
            new = [row for row in plan.page() if row.does != "none" and row.verdict != "question"]
            assert not new, content
        with Session(engine) as session:
            for user_id, phones in typed.items():
                has = {row.phone for row in session.get_one(User, user_id).phones}
                assert phones <= has


TWO_ROWS = "First name,E-mail,Nickname,Phone\nMara,m@x.example,Mimi,+461\nMara Li,m@x.example,Mia,\n"
NAMED = "SELECT given, display_name, nickname FROM users"


@pytest.mark.parametrize("now", [("+461", "+462"), ("E-mail", "e-mail"), ("Mia", '"Mia"')])
def test_of_two_rows_of_one_person_the_later_one_still_names_them(
    bring_in: Import, planning: Planning, rows: Rows, now: tuple[str, str]
) -> None:
    bring_in(TWO_ROWS, how=Rules(FILL))
    assert rows(NAMED) == [("Mara Li", "Mara Li", "Mia")]
    again = bring_in(TWO_ROWS.replace(*now))
    assert again.changed == (now[0] == "+461")
    assert rows(NAMED) == [("Mara Li", "Mara Li", "Mia")]
    bring_in(TWO_ROWS.replace("Mia", "Mo").replace("Li", "Lo"))
    assert rows(NAMED) == [("Mara Lo", "Mara Lo", "Mo")]
    assert planning(TWO_ROWS.replace("Mia", "Mo").replace("Li", "Lo")).counts()["same"] == 2


def test_of_two_rows_of_one_person_the_later_one_still_says_an_own_field(
    bring_in: Import, rows: Rows, session: Session
) -> None:
    with operation(session):
        uid = fields.add(session, {"name": "Locker", "kind": "number"}).uid
    how = {"choices": ["given", "email", f"own:{uid}", "note"]}
    both = "First name,E-mail,Locker,Note\nMara,m@x.example,1,{}\nMara,m@x.example,2,\n"
    for note in ("old", "new"):
        bring_in(both.format(note), **how)
        assert rows("SELECT value FROM field_values") == [("2",)]


def test_a_file_that_came_in_twice_is_read_by_the_later_rule(bring_in: Import, planning: Planning) -> None:
    bring_in("E-mail,Nickname\nm@x.example,Mo\n")
    for way in (FILL, FILE):
        bring_in(TWO_ROWS, how=Rules(way))
    (_first, second) = planning(TWO_ROWS).page()
    assert (second.verdict, second.compared) == ("same", False)


def test_a_row_without_a_name_lets_no_other_name_in(bring_in: Import, planning: Planning, rows: Rows) -> None:
    nameless = "First name,E-mail,E-mail 2\n,m@x.example,c@x.example\n"
    bring_in("First name,E-mail,E-mail 2\nMara,a@x.example,m@x.example\n")
    bring_in(nameless)
    assert planning(f"{nameless}Bo,c@x.example,\n").page()[1].verdict == "question"


def test_a_row_that_says_what_the_one_before_it_did_is_whoever_that_was_said_to_be(
    engine: Engine, bring_in: Import, planning: Planning, rows: Rows
) -> None:
    bring_in("First name,E-mail\nAnn,b@x.example\n")
    plan = planning("First name,Last name,E-mail\nBo,Ek,b@x.example\nBo,,b@x.example\n")
    assert [row.verdict for row in plan.page()] == ["question", "same"]
    plan.choose(0, "same")
    importing.apply(engine, plan)
    assert rows("SELECT user_id FROM sources") == [(1,)] * 3


def _type(engine: Engine, chance: random.Random, typed: dict[int, set[str]]) -> None:
    """Give somebody who is here one more phone by hand."""
    with Session(engine) as session, operation(session):
        people = session.scalars(select(User).where(User.deleted_at.is_(None))).all()
        if not people:
            return
        user, phone = chance.choice(people), chance.choice(PHONES)
        there = [{"label": each.label, "phone": each.phone} for each in user.phones]
        if phone not in [each["phone"] for each in there]:
            users.change(session, user.id, {"phones": [*there, {"label": "Hand", "phone": phone}]})
            typed.setdefault(user.id, set()).add(phone)
