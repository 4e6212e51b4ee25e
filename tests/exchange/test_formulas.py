"""Formulas of a workbook: what a spreadsheet worked out is read, and what none did is told."""

from contextlib import closing
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.exchange.conftest import Planning
from tests.exchange.workbooks import ods, ods_row, row, xlsx
from webui.exchange import formats, importing, notices
from webui.exchange.ours import workbook
from webui.exchange.out.wanted import Wanted
from webui.exchange.reading import kinds
from webui.exchange.sent import comparing
from webui.store import users
from webui.store.errors import Refused
from webui.store.ledger import sqlite
from webui.store.ledger.operations import operation

HEADER = row(1, "Name", "E-mail")


def doubts(cells: str, **more: str) -> list[tuple[int, str, str]]:
    found = kinds.look(xlsx(HEADER, f'<row r="2"><c r="A2"><v>7</v></c>{cells}</row>', **more)).doubts
    assert {each.id for each in found} <= {"import.formulas"}
    return [(each.values["count"], each.values["place"], each.values["table"]) for each in found]


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="B2"><f>A2</f></c>',
        '<c r="B2"><f>A2</f><v></v></c>',
        '<c r="B2" s="1"><f>A2&amp;"@x.example"</f><v /></c>',
        '<c r="B2"><f t="shared" si="0"/><v/></c>',
        '<c s="1" r="B2">\n <f t="array" ref="B2:B3">A2</f>\n <v/>\n</c>',
        '<c r="B2" t="str"><f>A2</f></c>',
        '<x:c xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main" r="B2">'
        "<x:f>A2</x:f><x:v/></x:c>",
    ],
)
def test_a_formula_without_a_result_is_told_however_it_is_written(cell: str) -> None:
    assert doubts(cell) == [(1, "B2", "People")]


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="B2"><f>A2</f><v>0</v></c>',
        '<c r="B2" t="str"><f>A2</f><v>m@x.example</v></c>',
        '<c r="B2" t="str"><f>""</f><v></v></c>',  # its result is an empty text
        '<c r="B2"/><c r="C2" t="inlineStr"><is><t>&lt;f&gt;A2&lt;/f&gt;</t></is></c>',
    ],
)
def test_a_formula_with_a_result_is_as_any_other_cell(cell: str) -> None:
    assert doubts(cell) == []


@pytest.mark.parametrize(
    ("cells", "place"),
    [
        ('<table:table-cell table:formula="of:=[.A2]"/>', "A5"),
        ('<table:table-cell/><table:table-cell table:formula="of:=[.A2]"></table:table-cell>', "B5"),
        (
            '<table:table-cell table:number-columns-repeated="27"/><table:table-cell table:formula="of:=1"/>',
            "AB5",
        ),
        ('<table:table-cell table:formula="of:=1"><text:p>1</text:p></table:table-cell>', None),
        ('<table:table-cell table:formula="of:=1" office:value-type="float" office:value="1"/>', None),
        ('<table:table-cell table:formula="of:=T()" office:value-type="string"/>', None),  # an empty text
        ("<table:table-cell><text:p>of:=1</text:p></table:table-cell>", None),
    ],
)
def test_a_formula_of_an_ods_without_a_result_is_told(cells: str, place: str | None) -> None:
    rows = (ods_row("Name"), ods_row("Mara", times=3), f"<table:table-row>{cells * 2}</table:table-row>")
    found = kinds.look(ods(*rows)).doubts
    assert [(each.id, each.values["count"], each.values["place"]) for each in found] == (
        [("import.formulas", 2, place)] if place else []
    )


def test_all_of_the_sheet_that_is_read_are_counted_once_wherever_they_are_cut() -> None:
    cells = "".join(f'<c r="B{n}"><f>A2&amp;"{"x" * 90}"</f><v/></c>' for n in range(2, 30_002))
    assert doubts(cells) == [(30_000, "B2", "People")]
    far = '<c r="CZ2"><f>A2</f><v/></c>'  # beyond what is seen at a glance
    assert doubts(cells + far) == [(30_001, "B2", "People")]
    assert doubts("", Others='<row r="1"><c r="A1"><f>1</f><v/></c></row>') == []


def test_a_plan_keeps_it_for_whoever_looks_at_it(planning: Planning, tmp_path: Path) -> None:
    path = tmp_path / "in.xlsx"
    path.write_bytes(xlsx(HEADER, '<row r="2"><c r="A2"><v>7</v></c><c r="B2"><f>A2</f></c></row>'))
    assert [each.values["place"] for each in notices.of_file(planning(path))] == ["B2"]


@pytest.mark.parametrize("comes_back", [True, False])
def test_a_sheet_of_ours_with_one_is_refused_as_the_empty_cell_would_clear_what_is_here(
    comes_back: bool, engine: Engine, session: Session, tmp_path: Path
) -> None:
    with operation(session):
        users.add(session, {"username": "anna", "email": "anna@x.example", "given": "Anna"})
    path, database = tmp_path / "out.xlsx", str(engine.url.database)
    with closing(sqlite.connect(database)) as connection:
        formats.export(connection, path, Wanted(comes_back=comes_back))
    book = openpyxl.load_workbook(path)
    header = [cell.value for cell in book.worksheets[0][1]]
    book.worksheets[0].cell(2, header.index("given") + 1).value = '="An"&"na"'
    book.save(path)
    with pytest.raises(Refused) as error:
        if comes_back:
            scratch, sheet = tmp_path / "sent.sqlite", kinds.look(path)
            comparing.compare(engine, scratch, sheet, name="out.xlsx", step=importing.no_step)
        else:
            workbook.read(path)
    assert error.value.message.id == "import.unsolved"
