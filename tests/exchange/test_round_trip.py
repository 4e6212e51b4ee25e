"""Out and in again: the whole record in a CSV of ours, in JSON and on a vCard."""

import json
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.exchange.conftest import Import
from webui.exchange import cells, exporting, formats, importing, people
from webui.exchange.columns import by_name
from webui.exchange.out.wanted import Wanted
from webui.exchange.vcard import writing
from webui.store import records, settings, trash, users
from webui.store.ledger import dump, sqlite
from webui.store.ledger.operations import operation
from webui.store.models import User
from webui.store.values import person

FULL: dict[str, Any] = {
    "username": "mara", "email": "mara@post.example", "email_label": "Choir; a <b>", "prefix": "Dr.",
    "given": "Mara", "additional": "Eva", "family": "Lindqvist", "suffix": "PhD", "nickname": "Mimi",
    "phonetic": "MAH-ra", "organisation": "Lund Choir", "department": "Board", "job_title": "Conductor",
    "birthday": "4 March 1987", "note": "Sings alto\n=1+1",
    "emails": [
        {"label": "Work", "email": "mara@choir.example"}, {"label": "a <b>", "email": "b@choir.example"},
    ],
    "phones": [{"label": "Home", "phone": "046-12 34 56"}, {"label": "", "phone": "+46 70 123 45 67"}],
    "addresses": [
        {"label": "Home", "street": "Stora Södergatan 1", "postal_code": "222 23", "city": "Lund"},
        {"label": "", "street": "Box; 2", "extra": "2 tr", "po_box": "9", "region": "Skåne", "country": "SE"},
    ],
    "links": [{"label": "", "url": "https://choir.example/?a=1;b=2, c"}],
    "handles": [{"label": "Matrix", "handle": "@mara:choir.example"}, {"label": "Skype", "handle": "mara l"}],
    "dates": [
        {"label": "Wedding", "date": "12 June 2010"}, {"label": "Name day", "date": "--07-22"},
        {"label": "Moved ::: in", "date": "June 2015"}, {"label": "", "date": "1999"},
    ],
}  # fmt: skip


@pytest.fixture
def mara(session: Session) -> None:
    with operation(session):
        users.add(session, FULL)
        users.add(session, {"username": "kim", "email": "k@x.example", "birthday": "--02-29"})
        lou = users.add(session, {"username": "lou", "email": "l@x.example", "dates": [{"date": "1999"}]})
        lou.birthday_typed, lou.dates[0].typed, lou.dates[0].date = "3/4/1990", "in spring", None
    session.rollback()


@pytest.fixture
def connection(database: Path) -> Iterator[Any]:
    opened = sqlite.connect(database)
    yield opened
    opened.close()


def test_a_csv_in_an_empty_database_is_the_same_record(
    mara: None, database: Path, connection: Any, empty_database: Path, tmp_path: Path
) -> None:
    there, file = tmp_path / "other.db", tmp_path / "all.csv"
    shutil.copy(empty_database, there)
    formats.export(connection, file)
    engine = sqlite.engine(there)
    with importing.plan(engine, file, tmp_path / "elsewhere.sqlite") as plan:
        assert importing.question(plan) is None
        importing.apply(engine, plan)
    engine.dispose()
    other = sqlite.connect(there)
    try:
        assert dump.records_digest(other) == dump.records_digest(connection)
    finally:
        other.close()


FAMILY: list[dict[str, Any]] = [
    {"username": "bo", "given": "Bo", "emails": [{"label": "", "email": "family@x.example"}]},
    {"username": "mara", "given": "Mara", "family": "Ek", "email": "family@x.example"},
    {"username": "mara.2", "given": "Mara", "family": "Ek", "email": "m@x.example",
     "emails": [{"label": "", "email": "family@x.example"}]},
    {"username": "ek", "display_name": "The Eks", "emails": [{"label": "", "email": "family@x.example"}]},
]  # fmt: skip


def test_one_email_of_several_asks_nothing_where_each_has_a_uid(
    session: Session, connection: Any, empty_database: Path, tmp_path: Path
) -> None:
    with operation(session):
        settings.set_email_required(session, False)
        for form in FAMILY:
            users.add(session, form)
    there, file = tmp_path / "other.db", tmp_path / "all.csv"
    shutil.copy(empty_database, there)
    formats.export(connection, file)
    engine = sqlite.engine(there)
    with importing.plan(engine, file, tmp_path / "elsewhere.sqlite") as plan:
        assert [(row.verdict, row.does) for row in plan.page()] == [("new", "add")] * 4
        importing.apply(engine, plan, allow_missing_email=True)
    with closing(sqlite.connect(there)) as other:
        assert dump.records_digest(other) == dump.records_digest(connection)
    with importing.plan(engine, file, tmp_path / "again.sqlite") as plan:
        assert [row.verdict for row in plan.page()] == ["same"] * 4
    engine.dispose()


def test_two_uids_of_one_email_are_not_one_person_elsewhere(
    session: Session, connection: Any, empty_database: Path, tmp_path: Path
) -> None:
    with operation(session):
        settings.set_email_required(session, False)
        for form in FAMILY[1:3]:
            users.add(session, form)
    there, file = tmp_path / "other.db", tmp_path / "all.csv"
    shutil.copy(empty_database, there)
    formats.export(connection, file)
    engine = sqlite.engine(there)
    with Session(engine) as other, operation(other):
        users.add(other, {"username": "mara", "given": "Mara", "email": "family@x.example"})
    with importing.plan(engine, file, tmp_path / "plan.sqlite") as plan:
        assert [(row.verdict, row.matched) for row in plan.page()] == [("changed", "email"), ("new", None)]
    engine.dispose()


def test_someone_removed_here_comes_back_beside_who_shares_the_email(
    session: Session, connection: Any, bring_in: Import, tmp_path: Path
) -> None:
    with operation(session):
        settings.set_email_required(session, False)
        people_ = [users.add(session, form) for form in FAMILY]
        uids = {each.uid for each in people_}
    file = tmp_path / "all.csv"
    formats.export(connection, file)
    with operation(session):
        users.trash(session, [people_[2].id])
        trash.empty(session)
    result = bring_in(file)
    assert (result.added, result.changed, result.same, result.questions) == (1, 0, 3, 0)
    session.rollback()
    assert set(session.scalars(select(User.uid))) == uids


ALIKE: dict[str, Any] = {
    "phones": [
        {"label": "Mobile", "phone": "+46 70 123 45 67"},
        {"label": "Work", "phone": "+46701234567"},
        {"label": "", "phone": "tel:12345"},
        {"label": "Ext", "phone": "555 0100 ext 1"},
        {"label": "", "phone": "5550 1001"},
    ],
    "links": [
        {"label": "", "url": "https://pages.example/AbC"},
        {"label": "", "url": "https://pages.example/aBc"},
    ],
    "addresses": [{"label": "Home", "city": "Lund"}, {"label": "Work", "city": "Lund"}],
    "tags": ["Smith, family"],
}


@pytest.mark.parametrize("tags", [["Smith, family"], ["* star"], ["a;b", "c"]])
def test_rows_that_are_alike_stay_as_many_as_they_were(
    session: Session, database: Path, empty_database: Path, tmp_path: Path, tags: list[str]
) -> None:
    with operation(session):
        users.add(
            session, {"username": "mara", "email": "m@x.example", "given": "Mara", **ALIKE, "tags": tags}
        )
    told = records.values(users.find(session, 1))
    session.rollback()
    with closing(sqlite.connect(database)) as connection, (tmp_path / "out.csv").open("wb") as stream:
        exporting.users_csv(connection, stream)
    there = tmp_path / "there.db"
    shutil.copy(empty_database, there)
    for path in (there, database):  # where it is new, and where nothing is
        engine = sqlite.engine(path)
        with importing.plan(engine, tmp_path / "out.csv", tmp_path / f"{path.stem}.plan") as plan:
            result = importing.apply(engine, plan)
        with Session(engine) as other:
            assert records.values(users.find(other, 1)) == told
        engine.dispose()
    assert (result.added, result.changed, result.same) == (0, 0, 1)


def test_a_csv_in_the_same_database_changes_nothing(
    mara: None, bring_in: Import, connection: Any, tmp_path: Path
) -> None:
    formats.export(connection, tmp_path / "all.csv")
    again = bring_in(tmp_path / "all.csv")
    assert (again.same, again.changed, again.added) == (3, 0, 0)


def test_a_date_that_another_program_wrote_is_the_one_that_is_written(session: Session, mara: None) -> None:
    with operation(session):
        user = users.find(session, 2)
        user.birthday, user.birthday_typed, user.note = "1990-03-04", "3/4/1990", "x"
        users.change(session, 2, {"nickname": "K"})
    session.rollback()
    found = list(exporting.people(session.connection().connection.driver_connection, Wanted(ids=[2])))  # type: ignore[union-attr,arg-type]
    assert exporting.cell(found[0], "birthday") == "1990-03-04"


def test_a_cell_is_readable_and_exact(mara: None, connection: Any) -> None:
    (found, *_others) = exporting.people(connection, Wanted(ids=[1]))
    assert exporting.cell(found, "phones") == "Home <046-12 34 56> ::: +46 70 123 45 67"
    assert exporting.cell(found, "handles") == "Matrix <@mara:choir.example> ::: Skype <mara l>"
    for name in person.LISTS:
        fields = ("label", *person.LISTS[name])
        rows = [{each: row.get(each, "") for each in fields} for row in FULL[name]]
        assert cells.read(name, cells.write(name, rows)) == rows


@pytest.mark.parametrize(
    ("name", "cell", "rows"),
    [
        (
            "addresses",
            "Home <Ring 1; ; ; 22223; Lund>",
            [("Home", "Ring 1", "", "", "22223", "Lund", "", "")],
        ),
        ("addresses", "a; b; c; d; e; f; g; h", [("", "a", "b", "c", "d", "e", "f", "g; h")]),
        ("phones", "040 ::: Work <041>", [("", "040"), ("Work", "041")]),
        ("phones", "[[broken", [("", "[[broken")]),
        ("phones", '[["Work", "1"], 2]', [("Work", "1")]),
        ("phones", " ", []),
        ("emails", "a@x.example; Home <b@x.example>", [("", "a@x.example"), ("Home", "b@x.example")]),
        (
            "emails",
            "Home <a@x.example> Work <b@x.example>",
            [("Home", "a@x.example"), ("Work", "b@x.example")],
        ),
        ("emails", "a@x.example b@x.example", [("", "a@x.example"), ("", "b@x.example")]),
        (
            "emails",
            "Work: a@x.example\nHome: b@x.example",
            [("Work", "a@x.example"), ("Home", "b@x.example")],
        ),
        ("emails", "Mara Ek a@x.example", [("", "Mara Ek a@x.example")]),
        ("phones", "040 / 12 34 56", [("", "040 / 12 34 56")]),  # one, as Germans write it
        ("phones", "Work: 046 12 34; 046 56 78", [("Work", "046 12 34"), ("", "046 56 78")]),
        ("phones", "046-12 34 56, mobil 070-123 45 67", [("", "046-12 34 56"), ("Mobile", "070-123 45 67")]),
        ("phones", "ask for Eva: no. 7", [("", "ask for Eva: no. 7")]),
        ("links", "Work: https://a.example", [("", "Work: https://a.example")]),
    ],
)
def test_a_cell_that_a_person_changed_is_read(name: str, cell: str, rows: list[tuple[str, ...]]) -> None:
    assert [tuple(row.values()) for row in cells.read(name, cell)] == rows


@pytest.mark.parametrize("between", [", ", " / ", " or ", "; ", "|", " & "])
def test_a_phone_that_reads_like_two_comes_back_as_the_one_it_was(between: str) -> None:
    one = [{"label": "", "phone": f"046-12 34 56{between}070-123 45 67"}]
    assert cells.read("phones", cells.write("phones", one)) == one


@pytest.mark.parametrize(
    "one", ["a@x.example, ", "a@x.example ", "Work <a@x.example>; ", "Work: a@x.example\n"]
)
def test_a_cell_of_very_many_is_read_in_time(one: str) -> None:
    assert len(cells.read("emails", one * 50_000)) == 50_000
    assert cells.read("phones", one.replace("@", " 070-123 45 67 ") * 50_000)


def test_a_cell_that_is_too_short_for_its_fields_stops_nothing() -> None:
    header = list(exporting.USER_COLUMNS)
    row = {
        "uid": "",
        "username": "x",
        "phones": '[["Work"]]',
        "addresses": '[["Home", "a"]]',
        "dates": "[[]]",
    }
    found = people.Reader(by_name(header), "roster").read([row.get(column, "") for column in header])
    assert found.reason is None
    assert list(found.details.rows.get("phones", {})) == []


def test_json_holds_the_whole_record(mara: None, connection: Any, tmp_path: Path) -> None:
    formats.export(connection, tmp_path / "all.json", Wanted(ids=[1]))
    (found,) = json.loads((tmp_path / "all.json").read_text(encoding="utf-8"))["people"]
    assert (found["birthday"], found["birthday_typed"]) == ("1987-03-04", "4 March 1987")
    assert found["phones"][1] == {"label": "", "phone": "+46 70 123 45 67", "phone_key": "+46701234567"}
    assert found["dates"][2] == {"label": "Moved ::: in", "date": "2015-06", "typed": "June 2015"}
    assert found["addresses"][0]["city"] == "Lund"
    assert {*person.FIELDS, *person.LISTS} <= found.keys()


def test_a_vcard_holds_the_whole_record(mara: None, connection: Any) -> None:
    mara_, kim, lou = (
        writing.card(each).replace(b"\r\n ", b"").decode().split("\r\n")
        for each in exporting.people(connection, Wanted(ids=[1, 2, 3]))
    )
    for line in (
        "VERSION:4.0", "X-PHONETIC-FIRST-NAME:MAH-ra", "NICKNAME:Mimi", "ORG:Lund Choir;Board",
        "TITLE:Conductor",
        'BDAY;X-ROSTER-TYPED="4 March 1987":19870304', "TEL;TYPE=home:046-12 34 56", "TEL:+46 70 123 45 67",
        "ADR;TYPE=home:;;Stora Södergatan 1;Lund;;222 23;", "ADR:9;2 tr;Box\\; 2;;Skåne;;SE",
        "URL:https://choir.example/?a=1;b=2, c", "X-SOCIALPROFILE;TYPE=\"Matrix\":@mara:choir.example",
        "IMPP:skype:mara%20l", 'ANNIVERSARY;X-ROSTER-LABEL="Wedding";X-ROSTER-TYPED="12 June 2010":20100612',
        "item1.X-ABDATE:--0722", "item1.X-ABLabel:Name day",
        'item2.X-ABDATE;X-ROSTER-TYPED="June 2015":2015-06', "item3.X-ABDATE:1999",
    ):  # fmt: skip
        assert line in mara_, line
    assert not any(line.startswith("item3.X-ABLabel") for line in mara_)
    assert "BDAY:--0229" in kim
    assert "BDAY;VALUE=text:3/4/1990" in lou
    assert "item1.X-ABDATE;VALUE=text:in spring" in lou


@pytest.mark.parametrize(
    ("row", "line"),
    [
        ({"phones": [{"label": "Work Fax", "phone": "1"}]}, "TEL;TYPE=work,fax:1"),
        ({"phones": [{"label": "Mobile", "phone": "1\n2"}]}, "TEL;TYPE=cell:1\\n2"),
        (
            {"phones": [{"label": 'A "b"\n;', "phone": "1"}]},
            "TEL;TYPE=\"A 'b' ;\";X-ROSTER-LABEL=\"A ^'b^'^n;\":1",
        ),
        ({"links": [{"label": None, "url": "a\nEND:VCARD"}]}, "URL:a END:VCARD"),
        (
            {"handles": [{"label": "XMPP", "handle": "m@x.example\nEND:VCARD"}]},
            "IMPP:xmpp:m@x.example%0AEND:VCARD",
        ),
        ({"birthday": "junk,", "birthday_typed": None}, "BDAY;VALUE=text:junk\\,"),
        ({"department": "Board"}, "ORG:;Board"),
    ],
)
def test_what_another_program_left_is_no_line_of_its_own(row: dict[str, Any], line: str) -> None:
    card = writing.card({"uid": "u", "name": "n", **row}).replace(b"\r\n ", b"").decode().split("\r\n")
    assert line in card
    assert card.count("END:VCARD") == 1


def test_some_columns_alone_come_back_as_they_were(
    mara: None, database: Path, tmp_path: Path, bring_in: Import
) -> None:
    columns = frozenset(
        {"username", "given", "family", "email", "emails", "phones", "addresses", "handles", "dates"}
    )
    with closing(sqlite.connect(database)) as connection:
        formats.export(connection, tmp_path / "some.csv", Wanted(columns=columns - {"uid"}))
    assert not (tmp_path / "some.csv").read_text("utf-8-sig").startswith("uid")
    done = bring_in(tmp_path / "some.csv")
    assert (done.added, done.changed) == (0, 0)
