"""CSV and workbooks, as others read them: the csv module, openpyxl."""

import csv
import datetime
import io
import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from tests.exchange.out.conftest import LONG, NASTY
from webui.exchange import spreadsheet
from webui.exchange.out import sheets


def of_csv(path: Path, delimiter: str = ",", encoding: str = "utf-8-sig") -> list[dict[str, str]]:
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def test_a_raw_csv_is_exact_and_a_safe_one_comes_back_to_it(files: Path) -> None:
    raw, safe = of_csv(files / "raw.csv", ";", "utf-8"), of_csv(files / "all.csv")
    notes = {each["username"]: each["note"] for each in raw}
    for number, value in enumerate(NASTY.values(), 4):
        assert notes[f"n{number}"] == value.strip()
    assert notes["mara"] == LONG.strip()
    for one, other in zip(raw, safe, strict=True):
        taken_off = {spreadsheet.unguard(name): spreadsheet.unguard(cell) for name, cell in other.items()}
        assert taken_off == {**one, "_guarded": ""}


def test_a_safe_csv_has_nothing_that_a_spreadsheet_runs_or_shortens(files: Path) -> None:
    with (files / "all.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert not [cell for cell in cells if re.match(r"\s*[=+@\t\r-]|0\d+$|\d{12,}$|\d+E\d+$", cell)]
    assert "'00418" in cells
    assert "'+49 30 123" in cells


def test_tabs_part_the_cells_of_a_tsv(files: Path) -> None:
    assert of_csv(files / "all.tsv", "\t") == of_csv(files / "all.csv")


def test_for_mail_merge_each_cell_has_one_value(files: Path) -> None:
    mara = of_csv(files / "merge.csv")[0]
    told = ("name", "street", "postal_code", "city", "email_2", "date", "birthday", "tags")
    assert [mara[each] for each in told] == [
        "Dr. Mara Eva Lindqvist PhD", "Ring 1; 2", "01067", "Lund", "m@w.example", "2010-06-12",
        "1987-03-04", "Alto, b, c",
    ]  # fmt: skip
    assert (mara["phone"], mara["handle"], mara["My text"]) == ("+46 70 123 45 67", "@m:c.example", "004")
    assert "_guarded" not in mara
    book = openpyxl.load_workbook(files / "merge.xlsx")
    assert book.sheetnames == ["People", "Long texts"]


@pytest.mark.parametrize(
    "cell",
    ["=1+1", " =A1", "+SUM(1)", "-2+cmd|' /C calc'!A0", "@SUM (1)", "x\n=A1", "＝1", "-'http://x/[y]z'!A1"],
)
def test_for_mail_merge_nothing_runs_all_the_same(cell: str) -> None:
    stream = io.BytesIO()
    spreadsheet.write(stream, ["note"], [[cell]], merge=True)
    assert list(csv.reader(io.StringIO(stream.getvalue().decode("utf-8-sig"), newline=""))) == [
        ["note"],
        [f"'{cell}"],
    ]


@pytest.mark.parametrize(
    "cell", ["+49 (30) 123-4", "00418", "-12", "@mara", "- sings alto", "123456789012", "'n"]
)
def test_for_mail_merge_what_runs_nothing_is_as_it_is(cell: str) -> None:
    assert spreadsheet.guard_merged(cell) == cell


def rows(sheet: Worksheet) -> list[dict[str, Any]]:
    header, *found = sheet.iter_rows(values_only=True)
    return [dict(zip(header, row, strict=True)) for row in found]


@pytest.fixture(scope="module")
def book(files: Path) -> Any:
    return openpyxl.load_workbook(files / "all.xlsx")


def test_a_workbook_has_types_and_no_formula(book: Any) -> None:
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert kinds <= {"s", "n", "d", "b"}
    assert {sheet.freeze_panes for sheet in book} == {"A2"}
    mara, elof, *_others = rows(book["People"])
    day = datetime.datetime(1987, 3, 4)
    assert (mara["birthday"], elof["birthday"], mara["My date"]) == (day, "--02-29", day)
    assert (mara["My number"], mara["My yes_no"], mara["My text"]) == (1234.5, True, "004")
    assert (mara["created_at"][-1], mara["My phone"]) == ("Z", "+46 8 465 004 17")
    typed = {(row["sheet"], row["column"]): row["typed"] for row in rows(book["As typed"])}
    assert typed == {
        ("People", "birthday"): "4 March 1987",
        ("People", "My date"): "4 March 1987",
        ("People", "My number"): "1234.50",
    }


def test_a_workbook_keeps_nasty_and_long_texts(book: Any) -> None:
    notes = {row["username"]: row["note"] for row in rows(book["People"])}
    for number, (name, value) in enumerate(NASTY.items(), 4):
        if name == "escaped":  # openpyxl does not read what Excel and calamine do (ECMA-376, 22.9.2.19)
            value = value.replace("_x0041_", "_x005F_x0041_")
        assert notes[f"n{number}"] == value.strip(), name
    assert len(notes["mara"].encode("utf-16-le")) // 2 <= sheets.LONGEST
    whole: dict[tuple[str, str], str] = {}
    for row in rows(book["Long texts"]):
        key = (row["sheet"], row["column"])
        whole[key] = whole.get(key, "") + row["text"]
    assert whole == {("People", "note"): LONG.strip(), ("Posts", "body"): LONG.strip()}


def test_a_workbook_has_posts_relations_and_what_belongs_to_nobody(book: Any) -> None:
    assert book.sheetnames == [
        "People", "Posts", "Relations", "As typed", "Long texts", "About", "Fields", "Tags", "Views",
        "Settings", "Former uids",
    ]  # fmt: skip
    met, call = rows(book["Posts"])
    uids = {row["username"]: row["uid"] for row in rows(book["People"])}
    assert (met["date"], met["also_about"]) == (datetime.datetime(2026, 1, 2), "elof")
    assert (met["also_about_uids"], call["user_uid"]) == (uids["elof"], uids["elof"])
    parent, aunt = rows(book["Relations"])
    assert (parent["kind"], parent["user_uid"], parent["other_uid"]) == ("parent", uids["mara"], uids["elof"])
    assert (aunt["label"], aunt["back_label"]) == ('Aunt "A"', "Niece")


def test_a_sheet_that_is_full_goes_on_in_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST_ROWS", 3)
    with (tmp_path / "x.xlsx").open("wb") as stream, sheets.Sheets(stream) as made:
        sheet = made.add("Posts", ("uid", "title"))
        for number in range(5):
            sheet.append(str(number), [str(number), f"\x01{number}\ufffe"])
    book = openpyxl.load_workbook(tmp_path / "x.xlsx")
    assert [row["uid"] for name in book.sheetnames for row in rows(book[name])] == list("01234")
    assert book.sheetnames == ["Posts", "Posts 2", "Posts 3"]


def test_what_stops_a_workbook_leaves_nothing_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    opened = (tmp_path / "x.xlsx").open("wb")
    with opened as stream, pytest.raises(OSError, match="full"), sheets.Sheets(stream) as made:
        made.add("People", ("uid",)).append("1", ["1"])
        raise OSError(28, "full")
    assert [each.name for each in tmp_path.iterdir()] == ["x.xlsx"]


@pytest.mark.parametrize(
    "text", ["+1\n&cmd|' /C calc'!A0", '-\nHYPERLINK("http://x.example")', "x\n-cmd|' /C'!A0"]
)
def test_a_formula_of_several_lines_runs_in_no_mail_merge(text: str) -> None:
    assert spreadsheet.guard_merged(text) == f"'{text}"


def test_a_long_text_for_mail_merge_is_read_once() -> None:
    text = "- " + "word " * 100_000
    assert spreadsheet.guard_merged(text) == text
