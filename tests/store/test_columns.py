"""The columns of the list: which there are, what stands in them, and every order that they can give."""

import random
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from webui.safety import opening
from webui.store import columns, fields, orders, search, standing, users
from webui.store.ledger import derived, history, sorts, sqlite
from webui.store.ledger.operations import named, operation, raw

PEOPLE = {
    "anna": {"organisation": "Ölm", "birthday": "4 May 1987", "addresses": [{"city": "Łódź"}], "tags": ["Z"]},
    "bo": {"organisation": "Zulu", "birthday": "4 March", "phones": [{"phone": "1"}], "tags": ["A", "Z"]},
    "cy": {"organisation": "Omega", "birthday": "1990", "addresses": [{"city": "Lund"}], "tags": ["B"]},
    "di": {"organisation": "Österlen", "addresses": [{"street": "Only 1"}, {"city": "Åre"}]},
    "ed": {},
}  # fmt: skip


@pytest.fixture
def people(session: Session) -> dict[str, int]:
    found = {}
    for name, form in PEOPLE.items():
        with operation(session):
            form = {"username": name, "given": name, "email": f"{name}@x.example", **form}
            found[name] = users.add(session, form).id
    return found


def show(session: Session, *names: str) -> None:
    with operation(session):
        columns.arrange(session, names)


def own(session: Session, kind: str, said: dict[str, str], people: dict[str, int], **form: object) -> str:
    """Make a field that the list shows, and return the name of its column."""
    with operation(session):
        uid = fields.add(session, {"name": kind, "kind": kind, "listed": True, **form}).uid
        for name, value in said.items():
            users.change(session, people[name], {"fields": {kind: value}})
    return sorts.OWN + uid


def order(session: Session, sort: str, q: str = "", limit: int = 2) -> list[str]:
    """Return the usernames of the whole list, read page by page."""
    found: list[str] = []
    after = None
    while True:
        page = search.find(session, q, sort, after, limit)
        assert page.sort == sort
        found += [row.username for row in page.rows]
        if not (after := page.next):
            assert page.count == len(found)
            return found


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("organisation", "anna cy di bo ed"),
        ("-organisation", "bo di cy anna ed"),
        ("city", "di anna cy bo ed"),
        ("-city", "cy anna di bo ed"),
        ("birthday", "anna cy bo di ed"),
        ("phone", "bo anna cy di ed"),
        ("-username", "ed di cy bo anna"),
        ("tags", "bo cy anna di ed"),
        ("-tags", "anna cy bo di ed"),
        ("-email", "ed di cy bo anna"),
        ("created_at", "anna bo cy di ed"),
    ],
)
def test_any_column_sorts_and_who_has_nothing_there_comes_last(
    session: Session, people: dict[str, int], sort: str, expected: str
) -> None:
    show(session, "organisation", "city", "birthday", "phone", "username", "tags", "email", "created_at")
    assert order(session, sort) == expected.split()


@pytest.mark.parametrize(
    ("kind", "said", "up", "down"),
    [
        (
            "number",
            {"anna": "10", "bo": "-2.5", "cy": "9", "di": "1000"},
            "bo cy anna di ed",
            "di anna cy bo ed",
        ),
        (
            "date",
            {"anna": "March 1990", "bo": "4 March", "cy": "1989"},
            "cy anna bo di ed",
            "bo anna cy di ed",
        ),
        ("yes_no", {"anna": "yes", "bo": "no"}, "bo anna cy di ed", "anna bo cy di ed"),
        ("choice", {"anna": "High", "bo": "Low", "cy": "Mid"}, "bo cy anna di ed", "anna cy bo di ed"),
        ("text", {"anna": "Ñu", "bo": "nz", "cy": "Na"}, "cy anna bo di ed", "bo anna cy di ed"),
    ],
)
def test_an_own_field_sorts_by_what_it_is(
    session: Session, people: dict[str, int], kind: str, said: dict[str, str], up: str, down: str
) -> None:
    form = {"options": ["Low", "Mid", "High"]} if kind == "choice" else {}
    name = own(session, kind, said, people, **form)
    assert order(session, name) == up.split()
    assert order(session, f"-{name}") == down.split()


def test_among_equals_the_name_decides(session: Session, people: dict[str, int]) -> None:
    voice = own(session, "choice", dict.fromkeys(["cy", "ed", "anna"], "Alto"), people, options=["Alto"])
    show(session, "organisation", voice)
    with operation(session):
        for name in ("cy", "bo", "anna"):
            users.change(session, people[name], {"organisation": "Equal"})
        users.change(session, people["anna"], {"given": "Éa"})  # behind cy, and before ed
    assert order(session, "organisation") == ["bo", "cy", "anna", "di", "ed"]
    assert order(session, "-organisation") == ["di", "anna", "cy", "bo", "ed"]
    assert order(session, voice)[:3] == ["cy", "anna", "ed"]


def test_long_names_and_accents_decide_too(session: Session) -> None:
    names = ["Maria Magdalena Theresia Josefa Zeller", "Maria Magdalena Theresia Josefa Adler"]
    names += ["Christopher Lindström", "Christopher Lindstrom"]
    with operation(session):
        for number, given in enumerate(names):
            known = {"username": f"u{number}", "email": f"{number}@x.example", "organisation": "Equal"}
            users.add(session, {"given": given, **known})
    assert order(session, "name") == order(session, "organisation") == ["u3", "u2", "u1", "u0"]


def test_another_order_of_options_is_another_order_of_people(
    session: Session, people: dict[str, int]
) -> None:
    name = own(session, "choice", {"anna": "a", "bo": "b"}, people, options=["a", "b"])
    assert order(session, name)[:2] == ["anna", "bo"]
    field = fields.every(session)[0]
    with operation(session):
        fields.change(session, field.id, {"options": ["b", "a"]})
    assert order(session, name)[:2] == ["bo", "anna"]


def test_a_column_that_is_not_shown_sorts_nothing(session: Session, people: dict[str, int]) -> None:
    assert search.find(session, sort="department").sort == ""
    assert search.find(session, sort="own:nothing").sort == ""
    show(session, "department")
    assert search.find(session, sort="department").sort == "department"
    show(session)
    assert columns.shown(session) == []
    assert search.find(session, sort="-department").sort == ""
    assert session.scalar(text("SELECT count(*) FROM person_sorts")) == 0


def test_arranging_is_undone_with_the_fields_shown_by_it(session: Session, people: dict[str, int]) -> None:
    name = own(session, "number", {"anna": "1"}, people)
    show(session, "city", name, "no column", "city")
    assert [each.name for each in columns.shown(session)] == ["city", name]
    show(session, "city")
    assert [field.listed for field in fields.every(session)] == [0]
    session.rollback()
    history.undo(session.get_bind().engine)
    session.expire_all()
    assert [each.name for each in columns.shown(session)] == ["city", name]
    assert order(session, name)[0] == "anna"
    with operation(session):
        columns.arrange(session, None)
    assert [each.name for each in columns.shown(session)] == list(sorts.DEFAULT)
    assert not columns.are_chosen(session)


def test_the_same_columns_again_leave_no_trace(session: Session, people: dict[str, int]) -> None:
    show(session, "city")
    before = history.page(session, limit=1)[0].id
    show(session, "city")
    assert history.page(session, limit=1)[0].id == before


def test_what_is_written_changes_the_order_at_once(session: Session, people: dict[str, int]) -> None:
    with operation(session):
        users.change(session, people["ed"], {"organisation": "Aachen"})
        users.change(session, people["anna"], {"organisation": ""})
    assert order(session, "organisation") == ["ed", "cy", "di", "bo", "anna"]
    with operation(session):
        users.trash(session, [people["cy"]])
    assert order(session, "organisation") == ["ed", "di", "bo", "anna"]
    assert order(session, "tags") == ["bo", "anna", "di", "ed"]


@pytest.mark.outside
def test_an_outside_change_is_followed(session: Session, people: dict[str, int], database: Path) -> None:
    name = own(session, "number", {"anna": "1", "bo": "2"}, people)
    session.rollback()
    other = sqlite3.connect(database)
    other.execute("UPDATE users SET organisation = 'Aa' WHERE username = 'ed'")
    other.execute("INSERT INTO settings (name, value) VALUES ('columns', ?)", ("[" * 100_000,))
    other.execute("UPDATE state SET value = 'no JSON' WHERE name = 'sorted'")
    other.execute("UPDATE field_values SET value = '0.5' WHERE value = '2'")
    other.execute("INSERT INTO field_values (user_id, field_id, value) SELECT 4, id, 'much' FROM fields")
    other.commit()
    other.close()
    with operation(session):
        pass
    assert [each.name for each in columns.shown(session)] == [*sorts.DEFAULT, name]
    assert order(session, name) == ["bo", "anna", "di", "cy", "ed"]
    assert order(session, "organisation")[0] == "ed"
    numbers = session.execute(text("SELECT value, number FROM field_values ORDER BY id")).all()
    assert [tuple(row) for row in numbers] == [("1", 1.0), ("0.5", 0.5), ("much", None)]


def test_cells_say_what_a_column_holds(session: Session, people: dict[str, int]) -> None:
    name = own(session, "number", {"anna": "1.50"}, people)
    show(session, "city", "phone", "note", name)
    cells = columns.cells(session, columns.shown(session), list(people.values()))
    assert cells[people["di"]] == {"city": "Åre", "phone": "", "note": ""}
    assert [row.said for row in cells[people["anna"]][name]] == ["1.50"]
    assert columns.cells(session, columns.shown(session), []) == {}


@pytest.fixture
def crowd(session: Session) -> list[tuple[int, str, str, str]]:
    """More people than are sorted at once, as (id, name, organisation, note); a third has none."""
    show(session, "organisation")
    chance = random.Random(1)
    with operation(session):
        rows = [
            (
                f"u{n}",
                f"p{n}",
                f"Name {chance.randrange(500):03}",
                f"Org {chance.randrange(90):02}" if n % 3 else None,
                note,
            )
            for n in range(3000)
            for note in [chance.choice(["sings", "sings alto", "", ""])]
        ]
        raw(session.connection()).executemany(
            "INSERT INTO users (uid, username, username_key, email, email_key, display_name, organisation,"
            " note, created_at, updated_at) VALUES (?1, ?2, ?2, ?2 || '@x', ?2 || '@x', ?3, ?4, ?5, '', '')",
            rows,
        )
        named(session, "users.add", name="")
    found = session.execute(text("SELECT id, display_name, coalesce(organisation, ''), note FROM users"))
    return [tuple(row) for row in found]


@pytest.mark.parametrize(("few", "ahead"), [(search.FEW, search.AHEAD), (10, 100), (10, 3_000), (100_000, 1)])
@pytest.mark.parametrize("q", ["", "sings", "alto", "organisation:org"])
@pytest.mark.parametrize("down", [False, True])
def test_each_person_is_reached_once_in_order_however_many_there_are(
    session: Session,
    crowd: list[tuple[int, str, str, str]],
    monkeypatch: pytest.MonkeyPatch,
    few: int,
    ahead: int,
    q: str,
    down: bool,
) -> None:
    monkeypatch.setattr(search, "FEW", few)
    monkeypatch.setattr(search, "AHEAD", ahead)
    monkeypatch.setattr(search, "COUNTED", 100 if few == 10 else 10_000)
    meets = {"": lambda row: True, "organisation:org": lambda row: row[2] != ""}.get(
        q, lambda row: q in row[3]
    )
    wanted = [row for row in crowd if meets(row)]
    valued = sorted((row for row in wanted if row[2]), key=lambda row: (*row[2:0:-1], row[0]), reverse=down)
    blank = sorted((row for row in wanted if not row[2]), key=lambda row: (row[1], row[0]))
    found: list[int] = []
    after = None
    while True:
        page = search.find(session, q, "-organisation" if down else "organisation", after, 400)
        found += [row.id for row in page.rows]
        if not (after := page.next):
            break
    assert found == [row[0] for row in (*valued, *blank)]


@pytest.mark.parametrize("sort", ["organisation", "-organisation", "last_post", "-email", "tags"])
def test_a_list_can_begin_not_far_before_anyone(
    session: Session, crowd: list[tuple[int, str, str, str]], sort: str
) -> None:
    show(session, "organisation", "last_post", "email", "tags")
    order: list[int] = []
    after = None
    while True:
        page = search.find(session, "", sort, after, 1000)
        order += [row.id for row in page.rows]
        if not (after := page.next):
            break
    assert len(order) == len(crowd)
    for at in (0, 3, 5, 6, 700, 1999, 2000, 2001, 2005, 2006, 2999):
        cursor = standing.place(session, order[at], "", sort)
        page = search.find(session, "", sort, cursor, 50)
        assert order[at] in [row.id for row in page.rows]
        assert order[max(0, at - standing.CONTEXT)] in [row.id for row in page.rows]


def test_a_list_uses_its_indexes(session: Session, people: dict[str, int]) -> None:
    show(session, "organisation", "tags")
    for sort in ("name", "email", "last_post", "organisation", "tags"):
        order = orders.read(session, sort)
        assert order
        for each in (order, replace(order, down=True)):
            sql = f"EXPLAIN QUERY PLAN SELECT {each.id}, {each.key} {each.ahead([])} LIMIT 50"
            plan = str(session.execute(text(sql)).all())
            assert "TEMP B-TREE" not in plan, (sort, plan)
            assert "SCAN users" not in plan


def test_derived_parts_made_anew_are_the_same(
    session: Session, people: dict[str, int], database: Path
) -> None:
    own(session, "number", {"anna": "1"}, people)
    session.rollback()
    connection = sqlite.connect(database)
    before = connection.execute("SELECT * FROM person_sorts").fetchall()
    assert before
    connection.execute("BEGIN IMMEDIATE")
    derived.rebuild(connection)
    assert connection.execute("SELECT * FROM person_sorts").fetchall() == before
    connection.execute("ROLLBACK")
    connection.close()


def test_keys_of_an_older_roster_are_made_anew_at_the_start(
    session: Session, people: dict[str, int], database: Path
) -> None:
    session.rollback()
    connection = sqlite.connect(database)
    made = connection.execute("SELECT * FROM person_sorts").fetchall()
    connection.execute("UPDATE person_sorts SET key = substr(key, 1, 8)")
    connection.execute("UPDATE state SET value = replace(value, ', name', '') WHERE name = 'sorted'")
    opening.ready(database)
    assert connection.execute("SELECT * FROM person_sorts").fetchall() == made != []
    connection.close()


@pytest.mark.parametrize("numbers", [[-1e9, -2.5, -1, -0.0, 0.25, 1, 9, 10, 1e300]])
def test_numbers_sort_by_size(numbers: list[float]) -> None:
    keys = [sorts.key("number", str(each), each) for each in numbers]
    assert keys == sorted(keys)
    assert sorts.key("number", "a dozen") > keys[-1]


def test_an_email_of_any_letters_has_its_place(session: Session, people: dict[str, int]) -> None:
    with operation(session):
        users.change(session, people["cy"], {"email": "😀@x.example"})
    assert order(session, "email") == ["anna", "bo", "di", "ed", "cy"]
    assert order(session, "-email")[0] == "cy"


def test_a_date_that_is_none_comes_behind_those_that_are() -> None:
    keys = [sorts.key("date", said) for said in ("1987", "1987-03-04", "--03-04", "soon")]
    assert keys == sorted(keys)
