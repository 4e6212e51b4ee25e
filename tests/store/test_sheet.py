"""Cells of the list: what stands in one while it is written, what writing does, a block that fills down."""

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from webui.store import columns, errors, fields, sheet, users
from webui.store.columns import Column
from webui.store.ledger import history
from webui.store.ledger.operations import operation


@pytest.fixture
def mara(session: Session) -> int:
    with operation(session):
        for name, kind in (("Fee", "number"), ("Voices", "choices"), ("Memo", "long_text")):
            fields.add(session, {"name": name, "kind": kind, "options": "Alto\nBass, low", "listed": True})
        form = {
            "username": "mara",
            "email": "mara@x.example",
            "given": "Mara",
            "family": "Ek",
            "phones": [{"label": "Home", "phone": "112"}, {"label": "Work", "phone": "113"}],
            "addresses": [{"label": "Home", "street": "Only 1"}, {"label": "Work", "city": "Lund"}],
            "tags": ["Choir", "Ek, family"],
            "fields": {"Fee": "12.50", "Voices": ["Alto", "Bass, low"], "Memo": "one\ntwo"},
        }
        users.add(session, {"username": "noor", "email": "noor@x.example"})
        return users.add(session, form).id


def column(session: Session, name: str) -> Column:
    every = columns.every(session)
    return next(each for each in every if name in (each.name, each.field.name if each.field else ""))


def write(session: Session, user_id: int, name: str, value: str, was: str | None = None) -> None:
    with operation(session):
        sheet.put(session, user_id, column(session, name), value, was)


@pytest.mark.parametrize(
    ("name", "stands"),
    [
        ("email", "mara@x.example"),
        ("given", "Mara"),
        ("phone", "112"),
        ("city", "Lund"),
        ("street", "Only 1"),
        ("country", ""),
        ("link", ""),
        ("tags", 'Choir, "Ek, family"'),
        ("Fee", "12.50"),
        ("Memo", "one\ntwo"),
    ],
)
def test_what_stands_in_a_cell_can_be_written_back_and_changes_nothing(
    session: Session, mara: int, name: str, stands: str
) -> None:
    before = users.values(users.find(session, mara))
    assert sheet.said(users.values(users.find(session, mara)), column(session, name)) == stands
    newest = history.page(session, limit=1)[0].id
    write(session, mara, name, stands, stands)
    assert users.values(users.find(session, mara)) == before
    assert history.page(session, limit=1)[0].id == newest


@pytest.mark.parametrize(
    ("name", "value", "list_", "rows"),
    [
        ("phone", "114", "phones", [("Home", "114"), ("Work", "113")]),
        ("phone", "", "phones", [("Work", "113")]),
        ("city", "Malmö", "addresses", [("Home", ""), ("Work", "Malmö")]),
        ("country", "Sweden", "addresses", [("Home", ""), ("Work", "Lund")]),
        ("link", "x.example", "links", [("", "x.example")]),
    ],
)
def test_writing_a_cell_of_a_list_leaves_its_other_rows(
    session: Session, mara: int, name: str, value: str, list_: str, rows: list[tuple[str, str]]
) -> None:
    write(session, mara, name, value)
    found = users.values(users.find(session, mara))[list_]
    part = {"phones": "phone", "addresses": "city", "links": "url"}[list_]
    assert [(row["label"], row[part]) for row in found] == rows
    assert sheet.said(users.values(users.find(session, mara)), column(session, name)) == (value or "113")


def test_own_fields_tags_and_names_are_written(session: Session, mara: int) -> None:
    for name, value in (("Fee", "13"), ("Voices", "Bass, low"), ("tags", "Board"), ("family", "Lind")):
        write(session, mara, name, value)
    found = users.values(users.find(session, mara))
    assert found["fields"]["Fee"] == "13"
    assert found["fields"]["Voices"] == ["Bass, low"]
    assert found["tags"] == ["Board"]
    assert found["display_name"] == "Mara Lind"


def test_a_cell_that_was_changed_meanwhile_is_not_written_over(session: Session, mara: int) -> None:
    with pytest.raises(errors.Refused) as told, operation(session):
        sheet.put(session, mara, column(session, "given"), "Mari", "Maria")
    assert told.value.message.values == {"value": "Mara"}
    with pytest.raises(errors.Invalid), operation(session):
        sheet.put(session, mara, column(session, "Fee"), "a dozen")
    with pytest.raises(errors.Taken), operation(session):
        sheet.put(session, mara, column(session, "username"), "noor")


def test_a_block_is_taken_apart_as_a_spreadsheet_wrote_it() -> None:
    assert sheet.block("a\tb\r\nc\t\r\n") == [["a", "b"], ["c", ""]]
    assert sheet.block('"two\nlines"\t"a ""b"""\n\nx') == [["two\nlines", 'a "b"'], [""], ["x"]]
    with pytest.raises(errors.Invalid) as told:
        sheet.block("x\n" * (sheet.MOST + 1))
    assert told.value.fields["pasted"].values["count"] == sheet.MOST + 1
    assert sheet.block("") == sheet.block("\n") == [[""]]
    assert sheet.block('"hello" she said\n"5 inch\tx\n6') == [['"hello" she said'], ['"5 inch', "x"], ["6"]]


def test_a_block_fills_down_in_one_operation(session: Session, engine: Engine, mara: int) -> None:
    assert sheet.people(session, [1], "", "-name", 5) == [1, mara]
    ids = sheet.people(session, [mara], "", "name", 5)
    assert ids == [mara, 1]
    there = [column(session, name) for name in ("given", "Fee")]
    with operation(session):
        found = sheet.fill(session, ids, there, [["Mari", "x"], ["Noor", "7"], ["Nobody"]])
    assert [(each.user_id, each.column, each.was, each.now, each.fault is None) for each in found] == [
        (mara, "given", "Mara", "Mari", True),
        (mara, "fields.Fee", "12.50", "x", False),
        (1, "given", "", "Noor", True),
        (1, "fields.Fee", "", "7", True),
    ]
    assert users.values(users.find(session, mara))["fields"]["Fee"] == "12.50"
    newest = history.page(session, limit=1)[0]
    assert (newest.message, newest.values["count"]) == ("sheet.fill", 2)
    session.rollback()
    history.undo(engine)
    session.expire_all()
    assert users.find(session, mara).given == "Mara"
    assert users.find(session, 1).given is None


def test_two_cells_of_an_address_go_to_the_same_one(session: Session, mara: int) -> None:
    there = [column(session, name) for name in ("street", "city")]
    with operation(session):
        sheet.fill(session, [1], there, [["Only 2", "Lund"]])
    found = users.values(users.find(session, 1))["addresses"]
    assert [(row["street"], row["city"]) for row in found] == [("Only 2", "Lund")]


def test_a_choice_with_a_comma_is_not_divided(session: Session, mara: int) -> None:
    voices = column(session, "Voices")
    stands = sheet.said(users.values(users.find(session, mara)), voices)
    write(session, mara, "Voices", stands)
    assert users.values(users.find(session, mara))["fields"]["Voices"] == ["Alto", "Bass, low"]


def test_a_block_that_says_what_is_there_leaves_no_trace(session: Session, mara: int) -> None:
    newest = history.page(session, limit=1)[0].id
    with operation(session):
        assert sheet.fill(session, [mara], [column(session, "given")], [["Mara"]]) == []
    assert history.page(session, limit=1)[0].id == newest


def test_people_come_in_the_order_of_the_list(session: Session, mara: int) -> None:
    with operation(session):
        for number in range(20):
            users.add(session, {"username": f"p{number:02}", "email": f"{number}@x.example"})
    found = sheet.people(session, [10], "", "-username", 30)
    assert found == sheet.people(session, [10], "", "name", 30)  # that column is not shown: by name
    with operation(session):
        columns.arrange(session, ["username"])
    assert sheet.people(session, [10], "", "-username", 30) == [10, 9, 8, 7, 6, 5, 4, 3, 1, mara]
    assert sheet.people(session, [10], "p0", "", 3) == [10, 11, 12]
    # Those on the screen come first, as they stand there; then the list goes on behind the last of them.
    assert sheet.people(session, [7, 12, 10], "", "-username", 5) == [7, 12, 10, 9, 8]
    assert sheet.people(session, [7, 12, 10], "", "-username", 2) == [7, 12]
    assert sheet.people(session, [10], "noor", "", 3) == [10]
    with pytest.raises(errors.NotFound):
        sheet.people(session, [], "", "", 3)
