"""Own fields between files and people: out and in again, to a field there is and to one that is made."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.exchange.conftest import Import, Planning
from webui.exchange import csv_file, formats, guesses, importing, notices, own_cells, own_columns
from webui.exchange.columns import Column
from webui.exchange.out.wanted import Wanted
from webui.store import errors, fields, users
from webui.store.ledger import dump, history, sqlite
from webui.store.ledger.operations import operation

FIELDS: list[dict[str, Any]] = [
    {"name": "Voice", "kind": "choice", "options": "Alto\nMezzo, low"},
    {"name": "Member no", "kind": "text"},
    {"name": "Member no.", "kind": "text"},
    {"name": "Speaks", "kind": "choices", "options": "Swedish\nMezzo, low"},
    {"name": "Rent", "kind": "number"},
    {"name": "Newsletter", "kind": "yes_no"},
    {"name": "Since", "kind": "date"},
    {"name": "Note", "kind": "long_text"},
    {"name": "Website", "kind": "link"},
    {"name": "Second", "kind": "phone"},
    {"name": "№", "kind": "email"},
]
MARA: dict[str, Any] = {
    "Voice": "Mezzo, low", "Member no": "004", "Member no.": "=1+1", "Speaks": ["Mezzo, low"],
    "Rent": "1234.50", "Newsletter": "no", "Since": "4 March 1987", "Note": "a\n::: b",
    "Website": "l.example", "Second": "+46 8 465 004 17", "№": "m@l.example",
}  # fmt: skip
Rows = Callable[[str], list[tuple[Any, ...]]]


def make(session: Session) -> None:
    with operation(session):
        for number, each in enumerate(FIELDS):
            fields.add(session, each, uid=f"00000000-0000-4000-8000-{number:012}")


@pytest.fixture
def mara(session: Session) -> None:
    make(session)
    with operation(session):
        users.add(session, {"username": "mara", "email": "m@x.example", "given": "Mara", "fields": MARA})
        users.add(session, {"username": "kim", "email": "k@x.example", "fields": {"Speaks": "Swedish"}})
    session.rollback()


def field(session: Session, name: str, kind: str = "text", **more: Any) -> None:
    with operation(session):
        fields.add(session, {"name": name, "kind": kind, **more})
    session.rollback()


def has(session: Session, user_id: int = 1) -> dict[str, Any]:
    session.rollback()
    found: dict[str, Any] = users.values(users.find(session, user_id))["fields"]
    return found


def test_a_csv_in_a_database_with_the_same_fields_is_the_same_record(
    mara: None, database: Path, empty_database: Path, tmp_path: Path
) -> None:
    there, file = tmp_path / "other.db", tmp_path / "all.csv"
    shutil.copy(empty_database, there)
    connection = sqlite.connect(database)
    formats.export(connection, file)
    engine = sqlite.engine(there)
    with Session(engine) as session:
        make(session)
    with importing.plan(engine, file, tmp_path / "elsewhere.sqlite") as plan:
        importing.apply(engine, plan)
    engine.dispose()
    other = sqlite.connect(there)
    assert dump.records_digest(other) == dump.records_digest(connection)
    other.close()
    connection.close()


def test_a_csv_in_the_same_database_changes_nothing(
    mara: None, bring_in: Import, database: Path, tmp_path: Path
) -> None:
    connection = sqlite.connect(database)
    formats.export(connection, tmp_path / "all.csv")
    connection.close()
    again = bring_in(tmp_path / "all.csv")
    assert (again.same, again.changed, again.added) == (2, 0, 0)
    assert bring_in((tmp_path / "all.csv").read_text("utf-8").replace("004", "005")).changed == 1


def test_a_csv_of_ours_brings_its_fields_along(
    mara: None, database: Path, empty_database: Path, tmp_path: Path
) -> None:
    there, file = tmp_path / "other.db", tmp_path / "all.csv"
    shutil.copy(empty_database, there)
    connection = sqlite.connect(database)
    formats.export(connection, file)
    connection.close()
    engine = sqlite.engine(there)
    with importing.plan(engine, file, tmp_path / "elsewhere.sqlite") as plan:
        importing.apply(engine, plan)
    with Session(engine) as session:
        found = {each.name: each.kind for each in fields.every(session)}
        assert has(session)["Member no"] == "004"
        assert has(session)["Note"] == "a\n::: b"
    assert found["Rent"] == "number"
    assert found["Newsletter"] == "yes_no"
    assert set(found) == {each["name"] for each in FIELDS}
    history.undo(engine)
    with Session(engine) as session:
        assert fields.every(session) == []
    engine.dispose()


def test_a_header_that_is_another_columns_too_says_whose_it_is() -> None:
    assert own_columns.headers_of(["Voice", "Note", "VOICE", "Uid", "№", "Phone"]) == [
        "Voice", "Note (own field)", "VOICE (own field)", "Uid (own field)", "№",
        "Phone (own field)",
    ]  # fmt: skip


def test_json_has_them_by_name(mara: None, database: Path, tmp_path: Path) -> None:
    connection = sqlite.connect(database)
    formats.export(connection, tmp_path / "all.json")
    connection.close()
    found = json.loads((tmp_path / "all.json").read_text("utf-8"))["people"]
    assert found[0]["fields"] == {
        **MARA, "Rent": 1234.5, "Newsletter": False, "Since": "1987-03-04", "Website": "https://l.example",
        "Second": "+46846500417",
    }  # fmt: skip
    assert (found[1]["fields"]["Voice"], found[1]["fields"]["Speaks"]) == (None, ["Swedish"])


def test_a_vcard_has_a_line_for_each(mara: None, database: Path, tmp_path: Path) -> None:
    connection = sqlite.connect(database)
    formats.export(connection, tmp_path / "all.vcf", Wanted(ids=[1]))
    connection.close()
    card = (tmp_path / "all.vcf").read_bytes().replace(b"\r\n ", b"").decode().split("\r\n")
    for line in (
        'X-ROSTER-FIELD;X-NAME="Voice";X-KIND=choice:Mezzo\\, low',
        'X-ROSTER-FIELD;X-NAME="Rent";X-KIND=number;X-TYPED="1234.50":1234.5',
        'X-ROSTER-FIELD;X-NAME="Newsletter";X-KIND=yes-no:no',
        'X-ROSTER-FIELD;X-NAME="Since";X-KIND=date;X-TYPED="4 March 1987":1987-03-04',
        'X-ROSTER-FIELD;X-NAME="Note";X-KIND=long-text:a\\n::: b',
        'X-ROSTER-FIELD;X-NAME="Website";X-KIND=link:l.example',
    ):
        assert line in card


def test_a_column_goes_to_the_field_of_its_name(session: Session, bring_in: Import, rows: Rows) -> None:
    field(session, "Voice", "choice", options="Alto")
    field(session, "Rent", "number")
    field(session, "Since", "date")
    result = bring_in(
        "E-mail;voice;Rent;Since\nm@x.example;ALTO;1.234;13/4/1987\nn@x.example;;2,5;03/04/1987\n"
    )
    assert result.added == 2
    assert has(session, 1) == {"Voice": "Alto", "Rent": "1234", "Since": "13/4/1987"}
    assert has(session, 2) == {"Rent": "2.5", "Since": "1987-04-03"}
    assert rows("SELECT value FROM field_values WHERE field_id = 3 ORDER BY id") == [
        ("1987-04-13",),
        ("1987-04-03",),
    ]
    assert rows("SELECT number FROM field_values WHERE number IS NOT NULL ORDER BY id") == [(1234,), (2.5,)]


def test_what_does_not_fit_comes_in_with_a_warning(
    session: Session, planning: Planning, engine: Engine
) -> None:
    field(session, "Rent", "number", required=1)
    field(session, "Name of cat", "text")
    plan = planning(f"E-mail,Rent,Name of cat\nm@x.example,many,{'x' * 600}\nn@x.example,,\n")
    told = [(line, each.id) for line, _file, each in notices.warnings(plan, 10)]
    assert told == [(2, "row.own"), (2, "row.cut")]
    importing.apply(engine, plan)
    assert has(session) == {"Rent": "many", "Name of cat": "x" * 500}
    assert has(session, 2) == {}, "what is needed is asked at the next edit"


def test_a_new_field_is_made_and_undone_with_its_import(
    session: Session, bring_in: Import, engine: Engine, digest: Callable[[], str]
) -> None:
    before = digest()
    file = "E-mail,Rent,Voice\nm@x.example,5,Alto\nn@x.example,6,Bass\nk@x.example,,alto\n"
    result = bring_in(file, choices=["email", "new:number", "new:choice"])
    assert result.added == 3
    made = fields.every(session)
    assert [(each.name, each.kind) for each in made] == [("Rent", "number"), ("Voice", "choice")]
    assert fields.options(made[1]) == ("Alto", "Bass")
    assert [has(session, user_id) for user_id in (1, 2, 3)] == [
        {"Rent": "5", "Voice": "Alto"}, {"Rent": "6", "Voice": "Bass"}, {"Voice": "Alto"},
    ]  # fmt: skip
    again = bring_in(file)
    assert (again.same, again.changed) == (3, 0)
    session.rollback()
    history.undo(engine)
    assert digest() == before


def test_a_new_field_never_has_the_name_of_another(session: Session, bring_in: Import) -> None:
    field(session, "Voice")
    bring_in("E-mail,Voice,Voice\nm@x.example,a,b\n", choices=["email", "new:text", "new:text"])
    assert has(session) == {"Voice 2": "a", "Voice 3": "b"}


@pytest.mark.parametrize(
    ("choices", "message"),
    [
        (["email", "own:nothing", "kept"], "import.no_such_field"),
        (["email", "new:colour", "kept"], "import.no_such_field"),
        (["email", "own:0", "own:0"], "import.field_twice"),
    ],
)
def test_a_choice_that_can_not_be_is_refused(
    session: Session, bring_in: Import, choices: list[str], message: str
) -> None:
    with operation(session):
        fields.add(session, {"name": "Voice"}, uid="0")
    session.rollback()
    with pytest.raises(errors.Refused) as caught:
        bring_in("E-mail,A,B\nm@x.example,a,b\n", choices=choices)
    assert caught.value.message.id == message


def test_another_value_takes_the_place_of_the_old_one_and_choices_are_added(
    session: Session, planning: Planning, engine: Engine
) -> None:
    field(session, "Voice")
    field(session, "Speaks", "choices", options="a\nb")
    with operation(session):
        users.add(
            session,
            {"username": "m", "email": "m@x.example", "fields": {"Voice": "Alto", "Speaks": ["a"]}},
        )
    session.rollback()
    plan = planning("E-mail,Voice,Speaks\nm@x.example,Bass,b\n")
    assert plan.counts()["changed"] == 1
    assert [(each.name, each.was, each.now, each.had) for each in own_cells.shown_at(plan, [0])[0]] == [
        ("Voice", "Alto", "Bass", False), ("Speaks", "", "b", False),
    ]  # fmt: skip
    importing.apply(engine, plan)
    assert has(session) == {"Voice": "Bass", "Speaks": ["a", "b"]}


def test_the_later_row_of_a_person_wins(session: Session, bring_in: Import) -> None:
    field(session, "Voice")
    bring_in("E-mail,Voice\nm@x.example,Alto\nm@x.example,Bass\nm@x.example,\n")
    assert has(session) == {"Voice": "Bass"}


def test_no_two_are_alike_after_an_import(
    session: Session, planning: Planning, engine: Engine, bring_in: Import
) -> None:
    field(session, "Member no", no_two_alike=1)
    with operation(session):
        users.add(session, {"username": "m", "email": "m@x.example", "fields": {"Member no": "4"}})
    session.rollback()
    file = "E-mail,Member no\nm@x.example,4\nn@x.example,4\nk@x.example,5\nl@x.example,5\nk@x.example,5\n"
    plan = planning(file)
    told = [(line, each.id) for line, _file, each in notices.warnings(plan, 10)]
    assert told == [(3, "row.own_taken"), (5, "row.own_taken")]
    assert importing.apply(engine, plan).added == 3
    assert [has(session, user_id) for user_id in (1, 3, 4, 5)] == [
        {"Member no": "4"}, {}, {"Member no": "5"}, {},
    ]  # fmt: skip
    again = bring_in(file.replace("E-mail", "Mail"))
    assert (again.changed, again.added) == (0, 0)


def test_a_field_in_the_trash_meanwhile_is_no_field_of_the_file(session: Session, bring_in: Import) -> None:
    field(session, "Voice")
    with operation(session):
        fields.remove(session, 1)
    session.rollback()
    bring_in("E-mail,Voice\nm@x.example,Alto\n")
    assert has(session) == {}


def test_a_question_answered_with_a_second_person_gives_nothing_twice(
    session: Session, planning: Planning, engine: Engine
) -> None:
    field(session, "Member no", no_two_alike=1)
    field(session, "Voice")
    own = {"Member no": "4", "Voice": "Alto"}
    with operation(session):
        users.add(session, {"username": "m", "email": "m@x.example", "given": "Mara", "fields": own})
    session.rollback()
    plan = planning("First name,E-mail,Member no,Voice\nNoor,m@x.example,4,Alto\n")
    assert plan.counts()["question"] == 1
    importing.apply(engine, plan, allow_missing_email=True)
    assert has(session, 2) == {"Voice": "Alto"}


def with_fields(*names: str) -> str:
    said = (f'X-ROSTER-FIELD;X-NAME="{name}";X-KIND=text:Alto' for name in names)
    lines = ("BEGIN:VCARD", "VERSION:4.0", "FN:Mara Ek", "EMAIL:m@x.example", *said, "END:VCARD", "")
    return "\r\n".join(lines)


def test_a_field_of_a_card_without_a_name_to_be_read_stays_in_the_card(
    session: Session, bring_in: Import
) -> None:
    assert bring_in(with_fields("\x01", "Voi\x01ce")).added == 1
    assert has(session) == {"Voice": "Alto"}


def test_more_fields_of_a_card_than_there_may_be_stay_in_the_card(
    session: Session, planning: Planning, engine: Engine
) -> None:
    field(session, "Other")
    plan = planning(with_fields(*(f"Field {number}" for number in range(fields.MOST + 1))))
    assert plan.about("kept") == [f"Field {fields.MOST - 1}", f"Field {fields.MOST}"]
    assert [row.keeps for row in plan.page()] == [True]
    assert importing.apply(engine, plan).added == 1
    assert len(has(session)) == fields.MOST - 1


VOICES = ["Alto", "Bass", "Tenor", "Soprano", "alto"] * 2


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (VOICES, "choice"),
        (["Alto", "", "Alto", "Bass", "Bass", ""], "choice"),
        (["Alto", "Bass", "Tenor"], "text"),
        ([f"Word {number % 13}" for number in range(60)], "text"),
        (["a rather long remark that is there again and again"] * 4, "text"),
        (["004", "004", "005", "005"], "text"),
        (["4", "4", "5", "5"], "number"),
        (["yes", "no", "yes", "yes"], "yes_no"),
    ],
)
def test_a_few_words_again_and_again_look_like_one_of_a_list(cells: list[str], kind: str) -> None:
    assert guesses.guess(cells).kind == kind


def test_a_column_that_looks_like_a_list_becomes_one(bring_in: Import, rows: Rows) -> None:
    file = "E-mail,Voice\n" + "".join(f"m{n}@x.example,{voice}\n" for n, voice in enumerate(VOICES))
    bring_in(file, choices=["email", "new:choice"])
    assert rows("SELECT kind, options FROM fields") == [("choice", '["Alto", "Bass", "Tenor", "Soprano"]')]
    assert rows("SELECT count(*) FROM field_values") == [(10,)]


def test_a_file_is_read_once_for_all_columns_that_have_to_be_known_whole(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet = csv_file.read(b"Given,Rent,Due,Since,Voice\nMara,1,2,03/04/1987,Alto\nKim,3,4,13/04/1987,Bass\n")
    kinds = ("given", "new:number", "new:number", "new:date", "new:choice")
    found = [Column(at, name, kinds[at], "person") for at, name in enumerate(sheet.header)]
    read, rows = [], csv_file.Sheet.rows
    monkeypatch.setattr(csv_file.Sheet, "rows", lambda self: read.append(1) or rows(self))
    _settled, used = own_columns.settle(session, sheet, found, None, "")
    assert [(each.name, each.decimal, each.order, each.options) for each in used] == [
        ("Rent", ".", None, ("?",)),
        ("Due", ".", None, ("?",)),
        ("Since", ".", "day", ("?",)),
        ("Voice", ".", None, ("Alto", "Bass")),
    ]
    assert len(read) == 1
