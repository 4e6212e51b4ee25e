"""CSV: encodings, delimiters and headers are found, every row keeps its bytes, limits are stated."""

import hashlib
import io
import itertools
from pathlib import Path

import pytest

from webui.exchange import csv_file, encodings, limits
from webui.store.errors import Refused

UMLAUTS = "Name;E-Mail;Notiz\r\nJürgen Grün;j@example.org;Straße in Köln für Jürgen\r\n"


def cells(source: bytes, **options: object) -> list[list[str]]:
    return [row.cells for row in csv_file.read(source, csv_file.Options(**options)).rows()]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("written", "found", "mark"),
    [
        ("utf-8", "utf-8", b""),
        ("utf-8-sig", "utf-8", b"\xef\xbb\xbf"),
        ("utf-16", "utf-16-le", b"\xff\xfe"),
        ("utf-16-le", "utf-16-le", b""),
        ("utf-16-be", "utf-16-be", b""),
        ("cp1252", "cp1252", b""),
    ],
)
def test_encodings_are_found(written: str, found: str, mark: bytes) -> None:
    sheet = csv_file.read(UMLAUTS.encode(written))
    assert (sheet.encoding, sheet.mark, sheet.delimiter) == (found, mark, ";")
    assert [row.cells[0] for row in sheet.rows()] == ["Jürgen Grün"]


@pytest.mark.parametrize(
    ("text", "written", "found"),
    [
        ("Imię,Miasto\nŁukasz,Kraków\nZażółć gęślą,Łódź\n", "iso-8859-2", "iso8859-2"),
        ("Имя,Город\nИван Петров,Москва\n", "cp1251", "cp1251"),
        ("名前,メモ\n名無しの権兵衛,これは日本語です\n", "cp932", "cp932"),
    ],
)
def test_statistics_find_what_is_not_unicode(text: str, written: str, found: str) -> None:
    sheet = csv_file.read(text.encode(written))
    assert sheet.encoding == found
    assert next(sheet.rows()).cells == text.splitlines()[1].split(",")


@pytest.mark.parametrize(
    ("codec", "names"),
    [
        ("cp1252", "Muñoz Peña,Málaga"),
        ("cp1252", "Göteborg,Århus,Tromsø,Høje Taastrup"),
        ("cp1252", "Orléans,Besançon"),
        ("cp1252", "O’Brien,Zoë,Noël,Raphaël"),
        ("cp1252", "Köln,Orléans,Växjö,A Coruña"),
        ("cp1250", "Dvořák,Plzeň"),
        ("cp1250", "Győr,Erdős,Pécs"),
        ("cp1250", "Łukasz"),
        ("cp1250", "Šibenik,Đurđa"),
        ("cp1254", "İstanbul,Işık,Gül"),
        ("cp1257", "Rīga,Jānis,Bērziņš"),
        ("mac-roman", "Muñoz,Peña,García,Ángel,Núñez"),
        ("gb18030", "刘洋,李娜,王伟,赵磊"),
        ("cp949", "김민수,이영희,박지훈"),
        ("cp949", "김민수,이영희,박지훈 (朴)"),
        ("cp1252", "Ö"),
        ("cp1252", "JÜRGEN,GRÖßER,MÜNCHEN"),
        ("cp1252", "ÅKE ÅSTRÖM"),
        ("cp1252", "NÚÑEZ,JOSÉ"),
        ("cp850", "Björn,Växjö,Åke,Århus"),
        ("cp850", "Åsa Müller,Jürgen Weiß"),
        ("cp1252", "Ñ. Perez"),
        ("cp1251", "Анна"),
    ],
)
def test_a_few_names_tell_which_letters_they_are_in(codec: str, names: str) -> None:
    text = "Member no,Name\n" + "".join(f"{n},{each}\n" for n, each in enumerate(names.split(",")))
    sheet = csv_file.read(text.encode(codec))
    assert [row.cells[1] for row in sheet.rows()] == names.split(",")


@pytest.mark.parametrize("names", ["Ångström,Öst", "Muñoz,Sofía", "Győr,Kőszeg", "鈴木花子,伊藤さくら"])
def test_numbers_and_addresses_beside_names_say_nothing_of_letters(names: str) -> None:
    codec = {"Å": "cp1252", "M": "cp1252", "G": "cp1250", "鈴": "cp932"}[names[0]]
    rows = [
        f"{hashlib.sha256(each.encode()).hexdigest()},Mara,{each},m@x.example\n" for each in names.split(",")
    ]
    sheet = csv_file.read(f"uid,given,family,email\n{''.join(rows)}".encode(codec))
    assert [row.cells[2] for row in sheet.rows()] == names.split(",")


@pytest.mark.parametrize(
    ("codec", "most", "names"),
    [
        ("cp1252", 14, "Müller,Åsa,José,François,Søren,Muñoz,Zoë,Ærø,Weiß,Élodie,Iñaki"),
        ("cp1250", 6, "Čapek,Dvořák,Plzeň,Jiří,Šárka,Žižka,Křížová,Zdeněk,Růžička,Tomáš,Štěpán"),
        ("cp1250", 6, "Łódź,Wałęsa,Świątek,Żółty,Grażyna,Błażej,Michał,Paweł,Gdańsk,Józef,Łukasz"),
        ("cp1251", 0, "Юля,Анна,Иван,Пётр,Мария,Ольга,Сергей,Елена,Николай,Дмитрий,Москва"),
    ],
)
def test_nearly_all_lists_of_three_names_are_read_right(codec: str, most: int, names: str) -> None:
    wrong = []
    for some in itertools.combinations(names.split(","), 3):
        content = "".join(f"{number},{name}\n" for number, name in enumerate(some)).encode(codec)
        if content.decode(encodings.find(io.BytesIO(content))[0], "replace") != content.decode(codec):
            wrong.append(some)
    assert len(wrong) <= most  # of 165


def test_letters_that_another_program_lost_are_those_of_the_file() -> None:
    said = "Name,City\nZo\ufffd,\ufffdsterlund\n"
    assert csv_file.read(said.encode()).encoding == "utf-8"
    assert csv_file.read(said.encode(), csv_file.Options(encoding="utf-8")).encoding == "utf-8"


@pytest.mark.parametrize(
    ("content", "codec"),
    [
        ("Müller,Åsa,Søren,Öst,Zoë,Ærø,Weiß\n".encode() * 3 + "Léa\n".encode("latin-1"), "utf-8"),
        ("Müller,Åsa\n".encode("cp1252") * 20 + b"Bo\x9d\n", "cp1252"),
    ],
)
def test_a_byte_that_was_lost_makes_no_other_letters_of_the_rest(content: bytes, codec: str) -> None:
    said = csv_file.Options(encoding=codec)
    assert csv_file.read(b"Name,City\n" + content, said).encoding == codec
    if codec == "utf-8":
        assert csv_file.read(b"Name,City\n" + content).encoding == codec


def test_a_file_of_signs_alone_is_read_as_the_commonest_encoding() -> None:
    assert csv_file.read("Name,Fee\nMara,5 €\nIda,6 €\n".encode("cp1252")).encoding == "cp1252"


def test_an_encoding_can_be_told() -> None:
    sheet = csv_file.read("Name\nZoë\n".encode("mac_roman"), csv_file.Options(encoding="mac_roman"))
    assert next(sheet.rows()).cells == ["Zoë"]


@pytest.mark.parametrize(
    ("told", "codec"),
    [
        ("utf8", "utf-8"), ("UTF-8-SIG", "utf-8"), ("utf-16", "utf-16-le"), ("latin1", "cp1252"),
        ("Windows-1250", "cp1250"), ("Shift-JIS", "cp932"), ("GBK", "gb18030"), ("EUC-KR", "cp949"),
        ("rot13", None), ("\0", None), ("", None), ("idna", None),
    ],
)  # fmt: skip
def test_letters_are_called_as_people_call_them(told: str, codec: str | None) -> None:
    assert encodings.called(told) == codec


def test_what_letters_are_called_is_what_can_be_told_of_them() -> None:
    found = encodings.choices("utf-16-be")
    assert len(set(found.values())) == len(found)
    assert found["utf-16-be"] == "UTF-16"
    for codec, name in encodings.choices("utf-8").items():
        assert encodings.called(name) == codec


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_are_found_by_rows_of_equal_width(delimiter: str) -> None:
    lines = [
        ("Name", "Note", "E-mail"),
        ("Mara", "one, two; three | four", "m@example.org"),
        ("Noor", "", ""),
    ]
    text = "".join(delimiter.join(f'"{cell}"' for cell in line) + "\n" for line in lines)
    assert csv_file.read(text.encode()).delimiter == delimiter


def test_a_single_column_is_one() -> None:
    sheet = csv_file.read(b"E-mail\nmara@example.org\nnoor@example.org\n")
    assert (sheet.header, sheet.width) == (("E-mail",), 1)


def test_quoted_commas_newlines_and_quotes_are_text() -> None:
    source = b'Name,Note\r\n"Sue ""Su"" Ex","a\r\nb, c"\r\nTom,plain\r\n'
    assert cells(source) == [['Sue "Su" Ex', "a\r\nb, c"], ["Tom", "plain"]]


def test_lone_carriage_returns_end_lines() -> None:
    assert cells(b"Name,City\rMara,Lund\rNoor,Oslo\r") == [["Mara", "Lund"], ["Noor", "Oslo"]]


@pytest.mark.parametrize("codec", ["utf-8", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_each_row_keeps_its_bytes(codec: str, end: str) -> None:
    lines = ["Name;Note", 'Jürgen;"zwei' + end + 'Zeilen"', "Zoë;", "Olaf;letzte"]
    sheet = csv_file.read(end.join(lines).encode(codec), csv_file.Options(encoding=codec))
    rows = list(sheet.rows())
    assert [row.raw.decode(codec).rstrip("\r\n") for row in rows] == lines[1:]
    assert sheet.header_raw + b"".join(row.raw for row in rows) == end.join(lines).encode(codec)
    assert [row.line for row in rows] == [2, 4, 5]
    assert sheet.line_end == end


def test_lines_across_the_blocks_they_are_read_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webui.exchange.encodings._CHUNK", 7)
    for codec in ("utf-8", "utf-16-le"):
        text = "Name;Note\r\n" + "".join(f"Jürgen {n};ö\r\n" for n in range(20))
        sheet = csv_file.read(text.encode(codec), csv_file.Options(encoding=codec))
        rows = list(sheet.rows())
        assert [row.cells for row in rows] == [[f"Jürgen {n}", "ö"] for n in range(20)]
        assert sheet.header_raw + b"".join(row.raw for row in rows) == text.encode(codec)


@pytest.mark.parametrize(
    "source",
    [
        b"Pia Ex,pia@example.org\nQuin Wy,quin@example.org\n",
        b"Pia,Ex\nQuin,Wy\n",
        b"Pia,+49 30 23125 001\n",
    ],
)
def test_without_a_header_the_first_person_is_not_lost(source: bytes) -> None:
    sheet = csv_file.read(source)
    assert sheet.header == ()
    assert next(sheet.rows()).cells[0].startswith("Pia")


def test_a_header_of_unknown_words_shows_by_the_rows_below() -> None:
    assert csv_file.read(b"Kundig,Punkte\nMara,17\nNoor,4\n").header == ("Kundig", "Punkte")


def test_a_header_can_be_told_and_denied() -> None:
    source = b"Name,Note\nMara,x\n"
    assert cells(source, header=False)[0] == ["Name", "Note"]
    assert cells(b"Eins,Zwei\nMara,x\n", header=True) == [["Mara", "x"]]


def test_lines_of_a_title_may_stand_above_the_header() -> None:
    source = b'Notes:\n"When exporting, some are missing."\n\nFirst Name,Last Name\nKim,Muster\n'
    sheet = csv_file.read(source)
    assert sheet.header == ("First Name", "Last Name")
    assert [(row.position, row.line, row.cells) for row in sheet.rows()] == [(0, 5, ["Kim", "Muster"])]


def test_an_empty_header_at_the_end_is_dropped_and_empty_rows_are_none() -> None:
    sheet = csv_file.read(b"Name,City,\nMara,Lund,\n,,\n\nNoor,Oslo\n")
    assert sheet.header == ("Name", "City")
    assert [row.cells[0] for row in sheet.rows()] == ["Mara", "Noor"]


def test_a_quotation_mark_that_is_never_closed_is_seen() -> None:
    rows = list(csv_file.read(b'Name,Note\nMara,fine\nNoor,"open\nJonas,x\n').rows())
    assert [row.unfinished for row in rows] == ["", "row.open_quote"]
    assert rows[1].raw == b'Noor,"open\nJonas,x\n'


@pytest.mark.parametrize(
    ("source", "refusal"),
    [
        (b"", "import.empty"),
        (b"\n \n", "import.empty"),
        (b"PK\x03\x04" + bytes(range(256)) * 8, "import.not_text"),
        (b"1,1,1@host.invalid,,\n2\t2\t2@host.invalid\n3\t3\t3@host.invalid\n", "import.mixed"),
        (b"a," * 1200 + b"\n", "import.too_wide"),
        (b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Mara Ek\r\nEND:VCARD\r\n", "import.other_kind"),
        (b"\xef\xbb\xbf\nversion: 1\n\ndn: cn=Mara\ncn: Mara\n", "import.other_kind"),
        (b'[\n {"name": "Mara"}\n]\n', "import.other_kind"),
        (b"<!DOCTYPE html>\n<p>Mara, hello</p>\n", "import.other_kind"),
        (b'<?xml version="1.0"?>\n<a>Mara</a>\n', "import.other_kind"),
    ],
)
def test_what_is_no_csv_file_is_refused_whole(source: bytes, refusal: str) -> None:
    with pytest.raises(Refused) as caught:
        list(csv_file.read(source).rows())
    assert caught.value.message.id == refusal


@pytest.mark.parametrize("header", ["dn,Name", "[x],Name", "<b>,Name", "Version,Name", '"[{",Name'])
def test_a_csv_file_that_begins_a_little_like_another_is_read(header: str) -> None:
    assert cells(f"{header},E-mail\n1,Mara,m@x.example\n".encode()) == [["1", "Mara", "m@x.example"]]


def test_a_note_of_ten_megabytes_is_read() -> None:
    note = ("x" * 999 + "\n") * 10_486
    (row,) = csv_file.read(f'Name,Note\nBig Ex,"{note}"\n'.encode()).rows()
    assert row.cells == ["Big Ex", note]


def test_a_cell_of_a_hundred_megabytes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "huge.csv"
    path.write_bytes(b"Name,Note\nBig Ex," + b"x" * 100_000_000)
    with pytest.raises(Refused) as caught:
        list(csv_file.read(path).rows())
    assert caught.value.message.id == "import.cell_too_long"
    assert caught.value.message.values["line"] == 2


@pytest.mark.parametrize("chunk", [1, 2, 3, 1 << 20])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_an_endless_line_is_refused_by_its_number(
    monkeypatch: pytest.MonkeyPatch, end: str, chunk: int
) -> None:
    monkeypatch.setattr(limits, "LINE", 20)
    monkeypatch.setattr(encodings, "_CHUNK", chunk)
    lines = encodings.lines(io.BytesIO(f"Name{end}Mara{end}{end}{'x' * 99}".encode()), "utf-8", 0)
    with pytest.raises(Refused) as caught:
        list(lines)
    assert caught.value.message.values["line"] == 4


def test_files_and_rows_have_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ROWS", 2)
    with pytest.raises(Refused) as caught:
        cells(b"Name\na b\nc d\ne f\n")
    assert caught.value.message.id == "import.too_long"
    monkeypatch.setattr(limits, "FILE", 10)
    with pytest.raises(Refused) as caught:
        cells(b"Name\nMara\nNoor\n")
    assert caught.value.message.id == "import.too_large"


def test_a_cell_may_hold_the_delimiter_quotation_marks_and_lines() -> None:
    content = 'Name;Note\r\nJürgen;"a ""b""; c\nd"\r\n'
    assert cells(content.encode("cp1252")) == [["Jürgen", 'a "b"; c\nd']]
