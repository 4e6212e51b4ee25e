"""Any query finds whom a plain model of the people says, in whatever way and order they are come by."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy.orm import Session

from webui.store import columns, posts, search, standing, users
from webui.store.ledger.operations import named, operation
from webui.store.models import Field, FieldValue, Relation
from webui.store.query import sizes

PEOPLE, QUERIES, ROUNDS = 90, 25, (1, 2, 36)
LONG = [seed for seed in range(3, 60) if seed not in ROUNDS]
GIVEN, FAMILY = ["anna", "anders", "bea", "cho", "zoe"], ["berg", "lund", "ek", "ost"]
TAGS, CITIES = ["choir", "chess", "board", "anders"], ["lund", "lecce", "berlin", "ek"]
WORDS = ["garden", "concert", "choir", "lund", "zither"]
SORTS = ["", "name", "-name", "email", "-last_post", "last_post", "tags", "-tags", "city", "-birthday"]
# FEW, AHEAD, COUNTED and ROUGHLY, from those that few people are enough to meet to the usual ones.
LIMITS = [
    (0, 1, 0, 1),
    (0, 3, 1, 1),
    (0, 20, 5, 3),
    (10, 8, 30, 10),
    (0, 100, 12, 5),
    (5_000, 2_000, 10_000, 500),
]


@dataclass
class Person:
    """What the model knows of someone."""

    names: list[str]
    tags: list[str]
    city: str
    note: list[str]
    born: int
    has_phone: bool
    seats: int
    is_in_trash: bool
    posts: list[str] = field(default_factory=list)
    is_due: bool = False
    relations: set[str] = field(default_factory=set)

    @property
    def words(self) -> list[str]:
        """All by whose beginning a word finds them."""
        return [*self.names, *self.tags, self.city, *self.note, *self.posts]


Test = Callable[[Person], bool]


def marked(name: str) -> str:
    """Return a name as it is written, which is sought without marks."""
    return name.title().translate(str.maketrans("eO", "ëÖ"))


def crowd(session: Session, chance: random.Random) -> dict[int, Person]:
    """Add people at random, and return what is known of each by the id."""
    found: dict[int, Person] = {}
    with operation(session):
        for number in range(PEOPLE):
            person = Person(
                [chance.choice(GIVEN), chance.choice(FAMILY)],
                [tag for tag in TAGS if chance.random() < 0.3],
                chance.choice(["", *CITIES]),
                [word for word in WORDS if chance.random() < 0.2],
                chance.choice([0, 0, 1950, 1980]),
                chance.random() < 0.4,
                chance.randrange(4),
                chance.random() < 0.15,
            )
            form: dict[str, Any] = dict(zip(("given", "family"), map(marked, person.names), strict=True))
            form |= {"username": f"u{number}", "email": f"u{chance.randrange(9)}.{number}@x.example"}
            form |= {"tags": ", ".join(person.tags), "note": " ".join(person.note)}
            form |= {"birthday": f"{person.born}-03" if person.born else ""}
            form |= {"addresses": [{"city": person.city.title()}] if person.city else []}
            form |= {"phones": [{"phone": f"+46 8 465 {number:03}"}] if person.has_phone else []}
            found[users.add(session, form).id] = person
    write(session, chance, found)
    relate(session, chance, found)
    with operation(session):
        columns.arrange(session, ["tags", "last_post", "email", "city", "birthday"])
    with operation(session):
        users.trash(session, [user_id for user_id, person in found.items() if person.is_in_trash])
    return {user_id: person for user_id, person in found.items() if not person.is_in_trash}


def write(session: Session, chance: random.Random, found: dict[int, Person]) -> None:
    """Write posts, some about another too and some to come back to."""
    for user_id in chance.sample(list(found), 30):
        word, about = chance.choice(WORDS), chance.sample(list(found), chance.choice([0, 0, 1]))
        form = {"title": word, "date": f"2026-0{chance.randrange(1, 9)}-11"}
        form |= {"follow_up": "2027-01-01"} if (is_due := chance.random() < 0.5) else {}
        with operation(session):
            posts.add(session, user_id, form | {"people": about})
        for each in {user_id, *about} if not found[user_id].is_in_trash else ():
            found[each].posts.append(word)
            found[each].is_due |= is_due


def relate(session: Session, chance: random.Random, found: dict[int, Person]) -> None:
    """Give some of them relations to others, several too, and seats."""
    with operation(session):
        seats = Field(name="Seats", kind="number", options="[]")
        session.add(seats)
        session.flush()
        for user_id, person in found.items():
            if person.seats:
                said = str(person.seats)
                value = FieldValue(user_id=user_id, field_id=seats.id, value=said, number=float(said))
                session.add(value)
        for user_id, other_id in {tuple(chance.sample(list(found), 2)) for _each in range(40)}:
            kind = chance.choice(["friend", "parent"])
            session.add(Relation(user_id=user_id, other_id=other_id, kind=kind))
            if not found[user_id].is_in_trash and not found[other_id].is_in_trash:
                found[user_id].relations.add(kind)
                found[other_id].relations.add("friend" if kind == "friend" else "child")
        named(session, "users.add", name="")


def of_words(words: Callable[[Person], list[str]], start: str) -> Test:
    """Return the test for one of someone's words that begins so."""
    return lambda person: any(word.startswith(start) for word in words(person))


def of_relation(kind: str) -> Test:
    """Return the test for someone who is that to another."""
    return lambda person: kind in person.relations


def without(test: Test) -> Test:
    """Return the test for someone who does not pass another."""
    return lambda person: not test(person)


NAMED = ("an", "anders", "be", "ber", "ch", "choir", "lun", "zo", "garden", "ek", "o")
TERMS: list[tuple[str, Test]] = [
    *((start, of_words(lambda one: one.words, start)) for start in NAMED),
    *((f"name:{start}", of_words(lambda one: one.names, start)) for start in NAMED),
    *((f"tag:{tag}", of_words(lambda one: one.tags, tag)) for tag in ("ch", "choir", "anders", "nothing")),
    *((f"city:{city}", of_words(lambda one: [one.city], city)) for city in ("l", "lund", "berlin")),
    *((f"note:{word}", of_words(lambda one: one.note, word)) for word in ("garden", "zi", "lund")),
    *((f"post:{word}", of_words(lambda one: one.posts, word)) for word in ("garden", "zi", "lund")),
    *((f"relation:{kind}", of_relation(kind)) for kind in ("friend", "parent", "child")),
    ("has:relation", lambda one: bool(one.relations)),
    ("has:phone", lambda one: one.has_phone),
    ("no:phone", lambda one: not one.has_phone),
    ("has:tag", lambda one: bool(one.tags)),
    ("no:tag", lambda one: not one.tags),
    ("no:note", lambda one: not one.note),
    ("has:post", lambda one: bool(one.posts)),
    ("has:follow-up", lambda one: one.is_due),
    ("no:follow-up", lambda one: not one.is_due),
    ("no:address", lambda one: not one.city),
    ("no:photo", lambda one: True),
    ("birthday:1980", lambda one: one.born == 1980),
    ("birthday:march", lambda one: one.born > 0),
    ("birthday:<1985", lambda one: 0 < one.born < 1985),
    ("seats:>1", lambda one: one.seats > 1),
]


def asked(chance: random.Random, depth: int = 0) -> tuple[str, Test]:
    """Return a query, and whom it finds."""
    parts = []
    for _each in range(chance.choice([1, 2, 2, 3])):
        said, test = asked(chance, depth + 1) if depth < 2 and chance.random() < 0.2 else chance.choice(TERMS)
        said = f"({said})" if " " in said else said
        if chance.random() < 0.2:
            said, test = f"-{said}", without(test)
        parts.append((said, test))
    tests = [test for _said, test in parts]
    if len(parts) > 1 and chance.random() < 0.3:
        return " or ".join(said for said, _test in parts), lambda one: any(test(one) for test in tests)
    return " ".join(said for said, _test in parts), lambda one: all(test(one) for test in tests)


def walked(session: Session, q: str, sort: str, size: int) -> list[int]:
    """Return whom a list has, page by page."""
    found: list[int] = []
    after = None
    while True:
        page = search.find(session, q, sort, after, limit=size)
        found += [row.id for row in page.rows]
        if (after := page.next) is None:
            return found
        assert len(page.rows) == size, (q, sort)


def limited(monkeypatch: pytest.MonkeyPatch, limits: tuple[int, ...]) -> None:
    for name, value in zip(("FEW", "AHEAD", "COUNTED"), limits[:3], strict=True):
        monkeypatch.setattr(search, name, value)
    monkeypatch.setattr(sizes, "ROUGHLY", limits[3])
    monkeypatch.setattr(standing, "WHOLE", min(limits[3], 500))


@pytest.mark.parametrize("seed", [*ROUNDS, *(pytest.param(seed, marks=pytest.mark.long) for seed in LONG)])
def test_any_query_finds_whom_it_says_in_order(
    session: Session, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    chance = random.Random(seed)
    people = crowd(session, chance)
    whole = {sort: walked(session, "", sort, 500) for sort in SORTS}
    for _each in range(QUERIES):
        q, test = asked(chance)
        expected = {user_id for user_id, person in people.items() if test(person)}
        limited(monkeypatch, LIMITS[-1])
        ranked = walked(session, q, "", 500)
        for limits in LIMITS:
            limited(monkeypatch, limits)
            sort, size = chance.choice(SORTS), chance.choice([1, 2, 7, 50])
            told = f"{q!r} by {sort!r}, {size} each, {limits}"
            found = walked(session, q, sort, size)
            assert set(found) == expected, told
            assert found == (ranked if not sort else [each for each in whole[sort] if each in expected]), told
            number, is_more = search.count(session, q)
            assert number == min(len(expected), max(limits[2], 1)) or not limits[2], told
            assert is_more == (len(expected) > limits[2]), told
            if found:
                assert_stands(session, q, sort, found, chance.choice(found))
        assert set(search.everyone(session, q)) == expected, q


def assert_stands(session: Session, q: str, sort: str, found: list[int], user_id: int) -> None:
    """See that who is told to stand beside someone does so in the list, and that a page opens at them; of a
    long one in order of rank neither is told."""
    at, around = found.index(user_id), [None, *found, None]
    told = standing.neighbours(session, user_id, q, sort, standing.short(session, q, sort))
    if told.count:
        assert (told.number, told.count) == (at + 1, len(found)), (q, sort)
    if told.count or sort:
        assert (told.before, told.behind) == (around[at], around[at + 2]), (q, sort)
    after = standing.place(session, user_id, q, sort)
    if after or sort:
        page = [row.id for row in search.find(session, q, sort, after, limit=9).rows]
        start = found.index(page[0])
        assert at - standing.CONTEXT <= start <= at, (q, sort)
        assert page == found[start : start + 9], (q, sort)
