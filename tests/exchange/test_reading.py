"""Files that are no CSV, as tables: what stands in them comes out as it is, and nothing hostile gets far."""

import io
import json
import sqlite3
import tracemalloc
import zipfile
from contextlib import closing, suppress
from pathlib import Path

import pytest

from tests.exchange.workbooks import ods, ods_cell, ods_row, row, xlsx, zipped
from webui.exchange import columns, limits, tables
from webui.exchange.reading import kinds, unzipped
from webui.store.errors import Refused

HEADER = row(1, "Name", "E-mail", "Postal code")


def cells(source: Path | bytes, **options: str | bool) -> list[list[str]]:
    return [each.cells for each in kinds.look(source, tables.Options(**options)).rows()]  # type: ignore[arg-type]


def refused(source: Path | bytes) -> str:
    with pytest.raises(Refused) as error:
        list(kinds.look(source).rows())
    return error.value.message.id


def test_a_workbook_is_read_as_it_is_shown() -> None:
    table = kinds.look(
        xlsx(HEADER, row(2, "Mara Ek", "m@x.example", "00000:1067"), row(3, "Noor", "", 4930231250))
    )
    assert (table.format, table.header, table.table) == ("xlsx", ("Name", "E-mail", "Postal code"), "People")
    assert [each.cells for each in table.rows()] == [
        ["Mara Ek", "m@x.example", "01067"],
        ["Noor", "", "4930231250"],
    ]


@pytest.mark.parametrize(
    ("cell", "said"),
    [(True, "TRUE"), (False, "FALSE"), (0, "0"), (40.5, "40.5"), ("=1+1", "=1+1"), ("  two ", "  two ")],
)
def test_a_cell_of_any_kind_says_what_it_shows(cell: str | float | bool, said: str) -> None:
    assert cells(xlsx(HEADER, row(2, "Mara", cell)))[0][1] == said


def test_a_sheet_whose_dimension_lies_is_read_whole() -> None:
    rows = [HEADER, *(row(n, f"Person {n}") for n in range(2, 8))]
    assert len(cells(xlsx(*rows, dimension="A1"))) == 6


def test_empty_rows_are_nobody_and_a_title_is_no_header() -> None:
    table = kinds.look(xlsx(row(1, "Members"), row(3, "Name", "E-mail"), row(9, "Mara", "m@x.example")))
    assert (table.header, [each.line for each in table.rows()]) == (("Name", "E-mail"), [9])


def test_another_sheet_can_be_chosen() -> None:
    source = xlsx(HEADER, row(2, "Mara"), Others=HEADER + row(2, "Noor"))
    assert kinds.look(source).tables == ("People", "Others")
    assert cells(source, table="Others")[0][0] == "Noor"


def test_a_sheet_that_is_not_there_is_refused_with_those_there_are(tmp_path: Path) -> None:
    path = tmp_path / "other.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE People (name)")
    for source in (xlsx(HEADER, row(2, "Mara")), ods(ods_row("Name")), path):
        with pytest.raises(Refused) as error:
            kinds.look(source, tables.Options(table="Peple"))
        told = {"table": "Peple", "names": ", ".join(kinds.look(source).tables)}
        assert (error.value.message.id, error.value.message.values) == ("import.no_such_table", told)


def test_the_first_sheet_with_anything_in_it_is_read() -> None:
    assert cells(xlsx(Others=HEADER + row(2, "Noor")))[0][0] == "Noor"


def test_names_alone_are_no_people() -> None:
    assert cells(xlsx(row(1, "你好世界", "123 test", "% test", "नमस्ते"))) == []
    assert refused(xlsx()) == "import.empty"


def test_a_far_cell_does_not_take_the_memory_of_all_before_it() -> None:
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    assert refused(xlsx(HEADER, far)) == "import.too_many_cells"
    unnamed = "<row>" + "<c><v>1</v></c>" * 30_000 + "</row>" + "<row></row>" * 1_000
    assert refused(xlsx(HEADER, unnamed)) == "import.too_many_cells"


@pytest.mark.parametrize(
    "cell",
    ["<c r='XFD99999'>", '<c r="xfd99999">', '<c\tr = "XFD99999">', '<x:c r="XFD99999">',
     '<c a=">" r="XFD99999">', '<c r="A2" r="XFD99999">', f'<c a="{"x" * 1000}" r="XFD99999">',
     '<c r="A2" t="s" r="XFD99999">', '<c r="A2" t="inlineStr" r="XFD99999">'],
)  # fmt: skip
def test_a_far_cell_is_found_however_it_is_written(cell: str) -> None:
    named = xlsx(HEADER, f'<row r="2" xmlns:x="x">{cell}<v>1</v></c></row>')
    assert refused(named) == "import.too_many_cells"


@pytest.mark.parametrize(("wide", "high"), [("Z2", "A400000"), ("CZ2", "A99999"), ("AA2", "AB380000")])
def test_cells_that_are_far_together_are_too_many(wide: str, high: str) -> None:
    two = "".join(f'<row><c r="{place}"><v>1</v></c></row>' for place in (wide, high))
    assert refused(xlsx(HEADER, two)) == "import.too_many_cells"


def test_a_far_cell_is_found_wherever_its_sheet_is_packed() -> None:
    far = xlsx(HEADER, '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    with zipfile.ZipFile(io.BytesIO(far)) as file:
        parts = {each: file.read(each) for each in file.namelist()}
    hidden = {
        name.replace("worksheets", "other"): each.replace(b"worksheets", b"other")
        for name, each in parts.items()
    }
    assert refused(zipped(dict(hidden))) == "import.too_many_cells"
    twice = {"xl/worksheets/SHEET1.xml": "<worksheet/>", **parts}
    assert refused(zipped(dict(twice))) == "import.broken"


@pytest.mark.parametrize("encoding", ["nonsense", "utf-7", "rot13"])
def test_letters_that_nobody_knows_are_a_broken_file(encoding: str) -> None:
    told = f'<?xml version="1.0" encoding="{encoding}"?>'
    content = zipped({"mimetype": "x", "content.xml": f"{told}<a/>"})
    book = zipped({"xl/workbook.xml": f"{told}<workbook/>", "xl/_rels/workbook.xml.rels": "<a/>"})
    for source in (content, book):
        assert refused(source) == "import.broken"
    with zipfile.ZipFile(io.BytesIO(xlsx(HEADER, row(2, "Mara")))) as file:
        parts = {each: file.read(each) for each in file.namelist()}
    parts["xl/styles.xml"] = f"{told}<styleSheet/>".encode()
    with suppress(Refused):
        assert cells(zipped(dict(parts)))[0][0] == "Mara"


def shared(text: str, *rows: str) -> bytes:
    """Return a workbook whose rows may refer to two texts: number 0, and Mara."""
    made = io.BytesIO(xlsx(*rows))
    with zipfile.ZipFile(made, "a") as file:
        file.writestr("xl/sharedStrings.xml", f"<sst><si><t>{text}</t></si><si><t>Mara</t></si></sst>")
    return made.getvalue()


def test_a_long_text_that_many_cells_share_is_counted_as_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SHARED", 1_000_000)
    name, long = '<c r="A{0}" t="s"><v>1</v></c>', '<c r="B{0}" t="s"><v>0</v></c>'
    rows = [f'<row r="{number}">{name}{long}</row>'.format(number) for number in range(2, 12)]
    for size in (1 << 20, 250):
        monkeypatch.setattr(unzipped, "_PIECE", size)
        assert cells(shared("x" * 90_000, HEADER, *rows))[9][:2] == ["Mara", "x" * 90_000]
    assert refused(shared("x" * 110_000, HEADER, *rows)) == "import.too_much_text"
    many = [
        f'<row r="{number}">{name}<c r="B{number}"><v>0</v></c></row>'.format(number)
        for number in range(2, 99)
    ]
    assert cells(shared("x" * 900_000, HEADER, *many))[96][:2] == ["Mara", "0"]
    for odd in ("t = 's'><v>0", 't="s"><v>&#48;', 't="s"><v><!-- 1 -->0'):
        hidden = [row.replace('t="s"><v>0', odd) for row in rows]
        assert refused(shared("x" * 110_000, HEADER, *hidden)) == "import.too_much_text"
    assert refused(shared("<!-- </si> -->" + "x" * 110_000, HEADER, *rows)) == "import.too_much_text"
    hidden_text = "<![CDATA[" + "x" * 50_000 + "<" + "x" * 60_000 + "]]>"
    assert refused(shared(hidden_text, HEADER, *rows)) == "import.too_much_text"
    marked = '</t><phoneticPr fontId="1"/><t xml:space="preserve">' * 2_500  # 130 kB of no text
    assert cells(shared("x" * 90_000 + marked, HEADER, *rows))[9][0] == "Mara"


def test_what_grows_beyond_a_limit_when_unpacked_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "UNPACKED", 5_000_000)
    bomb = zipped({"xl/workbook.xml": b"<workbook/>", "xl/media/a.bin": bytes(50_000_000)})
    tracemalloc.start()
    try:
        assert refused(bomb) == "import.unpacked_too_large"
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


def test_a_member_that_is_longer_than_it_says_is_counted_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "UNPACKED", 1_000_000)
    bomb = zipped({"xl/workbook.xml": b"<workbook/>", "xl/media/a.bin": bytes(5_000_000)})
    lying = bomb.replace((5_000_000).to_bytes(4, "little"), (5).to_bytes(4, "little"))
    assert lying != bomb
    assert refused(lying) == "import.unpacked_too_large"


ENTITIES = '<!DOCTYPE x [<!ENTITY a "{}">{}]>'.format(
    "a" * 1000, "".join(f'<!ENTITY {y} "{f"&{x};" * 50}">' for x, y in zip("abcdefg", "bcdefgh", strict=True))
)


def test_entities_that_grow_are_refused() -> None:
    assert refused(ods(ods_row("&h;"), before=ENTITIES)) == "import.broken"


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04" + bytes(80), xlsx(HEADER)[:-40], b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 99]
)
def test_what_is_cut_short_is_said_to_be_damaged(content: bytes) -> None:
    assert refused(content) == "import.broken"


@pytest.mark.parametrize(
    ("part", "is_read"), [("xl/media/image1.png", True), ("xl/worksheets/sheet1.xml", False)]
)
def test_a_workbook_is_read_where_what_nobody_reads_is_damaged(part: str, is_read: bool) -> None:
    made = io.BytesIO(xlsx(HEADER, row(2, "Mara")))
    with zipfile.ZipFile(made, "a") as file:
        file.writestr("xl/media/image1.png", b"a picture")
        damaged = file.getinfo(part)
        damaged.CRC ^= 1  # in the list of files, which is written last
    if is_read:
        assert cells(made.getvalue())[0][0] == "Mara"
    else:
        assert refused(made.getvalue()) == "import.broken"


def test_an_encrypted_zip_is_said_to_be_locked() -> None:
    made = bytearray(xlsx(HEADER))
    at = made.index(b"PK\x01\x02")
    made[at + 8] |= 1  # APPNOTE 4.4.4: bit 0 of the flags
    assert refused(bytes(made)) == "import.encrypted"


def test_any_other_zip_is_refused_by_what_can_be_done() -> None:
    assert refused(zipped({"../../etc/passwd": b"root", "a.txt": b"b"})) == "import.unknown_zip"
    assert refused(zipped({"manifest.json": b"{}", "data.sqlite": b""})) == "import.backup"


def test_an_opendocument_sheet_is_read_as_it_is_shown() -> None:
    source = ods(
        ods_row("Name", "Postal code", "Born", "Member", "Note"),
        ods_row(
            "Mara Ek",
            ods_cell("float", 'office:value="1067"', "01067"),
            ods_cell("date", 'office:date-value="1987-03-04"', "4/3/87"),
            ods_cell("boolean", 'office:boolean-value="true"', "WAHR"),
            ods_cell("string", "", 'two<text:s text:c="2"/>blanks</text:p><text:p>and a line'),
        ),
    )
    assert cells(source) == [["Mara Ek", "01067", "1987-03-04", "TRUE", "two  blanks\nand a line"]]


def test_what_opendocument_repeats_is_repeated_only_where_something_stands() -> None:
    empty = '<table:table-cell table:number-columns-repeated="16384"/>'
    twice = '<table:table-cell table:number-columns-repeated="2"><text:p>x</text:p></table:table-cell>'
    source = ods(
        ods_row("Name", "E-mail", "Note"), ods_row("Mara", twice, empty), ods_row(empty, times=1_048_574)
    )
    assert cells(source) == [["Mara", "x", "x"]]
    assert (
        refused(ods(ods_row("Name", "E-mail"), ods_row("Mara", "x", times=1_000_000_000)))
        == "import.too_many_cells"
    )


def test_a_table_of_a_database_is_read_and_the_file_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "people.sqlite"
    made = sqlite3.connect(path)
    made.executescript(
        "CREATE TABLE logs (x); INSERT INTO logs VALUES (1);"
        "CREATE TABLE contacts (name, zip TEXT, score REAL, photo BLOB);"
        "INSERT INTO contacts VALUES ('Mara', '00501', 2.0, x'ff00'), ('Noor', NULL, 1.5, NULL);"
        "CREATE VIEW trap AS SELECT load_extension('x');"
        "CREATE TRIGGER t AFTER INSERT ON contacts BEGIN DELETE FROM contacts; END;"
    )
    made.close()
    before = path.read_bytes()
    table = kinds.look(path)
    assert (table.tables, table.table) == (("logs", "contacts"), "contacts")
    assert [each.cells for each in table.rows()] == [["Mara", "00501", "2", ""], ["Noor", "", "1.5", ""]]
    assert cells(path, table="logs") == [["1"]]
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_database_in_use_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "people.sqlite"
    made = sqlite3.connect(path)
    made.executescript(
        "PRAGMA journal_mode=WAL; CREATE TABLE contacts (name); INSERT INTO contacts VALUES ('Mara');"
    )
    assert refused(path) == "import.in_use"
    made.close()


def test_json_objects_are_rows_whatever_stands_in_them() -> None:
    people = [
        {
            "name": "Mara",
            "emails": [{"label": "Work", "email": "m@x.example"}],
            "address": {"zip": "00501", "city": "Lund"},
        },
        {"name": "Noor", "tags": ["a", "b"], "born": 1990, "active": True, "deep": {"er": [1, {"x": 2}]}},
    ]
    table = kinds.look(json.dumps(people).encode())
    found = [dict(zip(table.header, each.cells, strict=True)) for each in table.rows()]
    assert found[0]["E-mail 1 - Value"] == "m@x.example"
    assert (found[0]["Address 1 - Postal Code"], found[0]["Address 1 - City"]) == ("00501", "Lund")
    assert (found[1]["tags"], found[1]["born"], found[1]["active"]) == ("a ::: b", "1990", "TRUE")
    assert found[1]["deep er 2 - x"] == "2"


def test_json_is_read_piece_by_piece(tmp_path: Path) -> None:
    path = tmp_path / "many.json"
    path.write_text(
        json.dumps(
            [{"name": f"Person {n} ü€😀", "note": "x" * 3000} for n in range(6_000)], ensure_ascii=False
        )
    )
    tracemalloc.start()
    try:
        found = cells(path)[-1]
        tracemalloc.reset_peak()
        assert sum(1 for _each in kinds.look(path).rows()) == 6_000
        assert tracemalloc.get_traced_memory()[1] < 60_000_000
    finally:
        tracemalloc.stop()
    assert found[0] == "Person 5999 ü€😀"


@pytest.mark.parametrize(
    ("content", "message"),
    [('["a"]', "import.no_list"), ('{"a": 1}', "import.no_list"), ('[{"a": 1}, {"b', "import.broken_json"),
     ("[" * 100_000, "import.broken_json"), ("[]", "import.empty")],
)  # fmt: skip
def test_other_json_is_refused(content: str, message: str) -> None:
    assert refused(content.encode()) == message


def test_the_refusal_of_a_zip_names_how_many_files_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MEMBERS", 3)
    assert refused(zipped({f"{n}.txt": b"" for n in range(4)})) == "import.too_many_members"


def test_two_names_for_one_list_are_both_in_it() -> None:
    table = kinds.look(json.dumps([{"phone": [{"number": "111"}], "phones": [{"number": "222"}]}]).encode())
    assert next(table.rows()).cells == ["111", "222"]


def test_what_stands_too_deep_is_one_cell_and_what_is_endless_a_refusal() -> None:
    deep: object = 1
    for _ in range(700):
        deep = {"a": deep}
    assert len(cells(json.dumps([{"name": "Mara", "deep": deep}]).encode())[0]) == 2
    assert (
        refused(json.dumps([{"name": "Mara"}]).replace("Mara", "x").encode()[:-1] + b',{"a":' * 99_000)
        == "import.broken_json"
    )


@pytest.mark.parametrize(
    "account", [["x"], [{"properties": ["x"]}], [{"data": [{"type": "note", "values": ["x"]}]}]]
)
def test_monica_of_another_shape_is_refused(account: object) -> None:
    found = {"account": {"data": [{"type": "contact", "values": account}]}}
    assert refused(json.dumps(found).encode()) == "import.broken_json"


@pytest.mark.parametrize(
    "content",
    [
        b"BEGIN:VCARD\nFN:Mara" + b"\r" * 200_000 + b"x\nEND:VCARD\n",
        b"dn: cn=a" + b" " * 200_000 + b"b\ncn: Mara\n",
        b"BEGIN:VCARD\nFN:Mara\nCATEGORIES:"
        + b",".join(b"t%d" % n for n in range(20_000))
        + b"\nEND:VCARD\n",
    ],
    ids=["returns", "blanks", "tags"],
)
def test_what_repeats_takes_no_more_than_its_length(content: bytes) -> None:
    table = kinds.look(content)
    reader = table.people(table.fixed or columns.by_name(table.header), "")
    assert [reader.read(list(each.cells)).reason for each in table.rows()] == [None]


def test_one_text_in_many_cells_is_refused_by_what_it_comes_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "UNPACKED", 100_000)
    said = (
        '<table:table-cell table:number-columns-repeated="100"><text:p>'
        + "x" * 900
        + "</text:p></table:table-cell>"
    )
    assert (
        refused(ods(ods_row("Name", "E-mail"), ods_row("Mara", said), ods_row("Bo", said)))
        == "import.unpacked_too_large"
    )
