"""Workbooks: xlsx (ECMA-376) and xls, by calamine, which runs nothing and trusts no size that a sheet claims.

It lays a sheet out cell by cell, empty ones too, so a far cell alone would take gigabytes: how far a sheet
goes is looked at before. Not for OpenDocument: see `opendocument`.
"""

import datetime
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO
from xml.etree import ElementTree

import python_calamine as calamine

from webui.exchange import limits, tables
from webui.exchange.reading import unzipped
from webui.exchange.tables import Options, opened
from webui.store.errors import Message, Refused

_CELL = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]+)(\d+)"')
_CELL_AT_ALL = re.compile(rb"<(?:\w+:)?c[\s/>]")
_NAMED_ROW = re.compile(rb'<(?:\w+:)?row\s[^>]*?\br="(\d+)"')
_ROW = re.compile(rb"<(?:\w+:)?row[\s/>]")
_LONGEST_TAG = 400  # bytes that may be cut between two pieces
_ZEROS = re.compile(r'"?(0{2,20})"?')
_SMALL = 20_000_000  # bytes of a part that is read whole


def read(source: Path | bytes, options: Options, *, zipped: bool) -> tables.Table:
    """Look at a workbook: its first sheet with anything in it, or the one that is told. Raises Refused."""
    zeros = _looked_through(source) if zipped else {}
    book = _opened(source)
    seen = calamine.SheetVisibleEnum.Visible
    names = tuple(each.name for each in book.sheets_metadata if each.visible == seen) or tuple(
        book.sheet_names
    )
    found = [name for name in ([options.table] if options.table in names else names) if name]
    filled = ((each, sheet) for each in found if (sheet := _sheet(book, each)).start)
    first = next(filled, None)  # no further one is laid out
    if first is None:
        raise Refused(Message("import.empty"))
    name, sheet = first

    def lines() -> Iterator[tuple[int, list[str]]]:
        return _lines(sheet, zeros.get(name, {}))

    return tables.grid("xlsx" if zipped else "xls", source, lines, options.header, tables=names, table=name)


def every_sheet(source: Path) -> Iterator[tuple[str, Iterator[list[Any]]]]:
    """Yield the name and the rows of each sheet of an xlsx, with cells as they are. Raises Refused."""
    _looked_through(source)
    book = _opened(source)
    for name in book.sheet_names:
        yield name, iter(_sheet(book, name).iter_rows())


def _opened(source: Path | bytes) -> calamine.CalamineWorkbook:
    try:
        return calamine.CalamineWorkbook.from_filelike(io.BytesIO(_bytes(source)))
    except calamine.PasswordError as error:
        raise Refused(Message("import.encrypted")) from error
    except (calamine.CalamineError, calamine.ZipError, calamine.XmlError, OSError, ValueError) as error:
        raise unzipped.broken() from error


def _bytes(source: Path | bytes) -> bytes:
    return source if isinstance(source, bytes) else source.read_bytes()


def _sheet(book: calamine.CalamineWorkbook, name: str) -> calamine.CalamineSheet:
    try:
        return book.get_sheet_by_name(name)
    except (calamine.CalamineError, calamine.XmlError, calamine.ZipError, OSError, ValueError) as error:
        raise unzipped.broken() from error


def _lines(sheet: calamine.CalamineSheet, zeros: dict[str, int]) -> Iterator[tuple[int, list[str]]]:
    before = [""] * (sheet.start[1] if sheet.start else 0)
    empty = [""] * sheet.width
    for line, row in enumerate(sheet.iter_rows(), 1):
        if row == empty:  # a sheet may claim a million of them
            continue
        cells = [cell if cell.__class__ is str else _text(cell) for cell in row]
        cells = before + cells if before else cells
        if zeros:
            for column, cell in enumerate(cells):
                width = zeros.get(f"{_letters(column)}{line}")
                cells[column] = cell.zfill(width) if width and cell.isdigit() else cell
        yield line, cells


def _text(cell: Any) -> str:
    """Return a cell as it is read in the sheet: a number without a needless .0, a day as ISO 8601 has it."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime.datetime):
        if not (cell.hour or cell.minute or cell.second):
            return cell.date().isoformat()
        return cell.isoformat(timespec="seconds" if cell.second else "minutes")
    if isinstance(cell, datetime.time):
        return cell.isoformat(timespec="seconds" if cell.second else "minutes")
    if isinstance(cell, datetime.timedelta):
        minutes, seconds = divmod(round(cell.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    return str(cell)


def _letters(column: int) -> str:
    """Return what a column (from 0) is called in a sheet: A, B, ..., Z, AA."""
    name, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def _number(letters: bytes) -> int:
    """Return the column that letters mean, from 1."""
    found = 0
    for letter in letters:
        found = found * 26 + letter - 64
    return found


def _looked_through(source: Path | bytes) -> dict[str, dict[str, int]]:
    """Unpack all of a workbook once. Return, by sheet, the cells shown with leading zeros and how wide.

    Raises Refused for one that is larger than may be, or whose cells lie too far apart.
    """
    count, found = unzipped.Count(), dict[str, dict[str, int]]()
    with opened(source) as file:
        parts = {each.filename: each for each in unzipped.members(file)}
        styles = (
            _zero_styles(unzipped.whole(file, parts["xl/styles.xml"], _SMALL))
            if "xl/styles.xml" in parts
            else {}
        )
        names = _names(file, parts)
        for path, part in parts.items():
            chunks = unzipped.pieces(file, part)
            if path.startswith("xl/worksheets/") and path.endswith(".xml"):
                found[names.get(path, path)] = _extent(chunks, count, styles)
            else:
                for piece in chunks:
                    count.add(piece)
    return found


def _extent(chunks: Iterator[bytes], count: unzipped.Count, styles: dict[bytes, int]) -> dict[str, int]:
    """See how far a sheet goes. Raises Refused. Returns the cells of those styles, and the width of each."""
    shown = rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]+\d+)"[^>]*?\bs="(' + b"|".join(styles) + rb')"'
    zeros = re.compile(shown) if styles else None
    found, reach = dict[str, int](), _Reach()
    rest = b""
    for piece in chunks:
        count.add(piece)
        text = rest + piece
        cut = max(text.rfind(b"<"), len(text) - _LONGEST_TAG)
        text, rest = text[:cut], text[cut:]
        reach.take(text)
        if zeros:
            found |= {place.decode(): styles[style] for place, style in zeros.findall(text)}
    return found


class _Reach:
    """How far the cells of a sheet go: those that say where they are, and those that stand behind another."""

    def __init__(self) -> None:
        self._wide = self._high = self._rows = self._in_row = 0

    def take(self, text: bytes) -> None:
        """Look at a piece of a sheet, cut between two tags. Raises Refused when it goes too far."""
        named = _CELL.findall(text)
        self._wide = max([self._wide, *map(_number, {letters for letters, _row in named})])
        rows = {*_NAMED_ROW.findall(text), *(row for _letters, row in named)}
        self._high = max([self._high, *(int(row[:9]) for row in rows)])
        self._rows += len(_ROW.findall(text))
        if len(named) < len(_CELL_AT_ALL.findall(text)):
            first, *others = _ROW.split(text)
            counts = [
                self._in_row + len(_CELL_AT_ALL.findall(first)),
                *(len(_CELL_AT_ALL.findall(each)) for each in others),
            ]
            self._in_row, self._wide = counts[-1], max(self._wide, *counts)
        if self._wide * max(self._high, self._rows) > limits.CELLS:
            raise limits.too_many_cells()


def _names(file: BinaryIO, parts: dict[str, Any]) -> dict[str, str]:
    """Return the name of the sheet in each part."""
    try:
        book = _xml(file, parts["xl/workbook.xml"])
        related = _xml(file, parts["xl/_rels/workbook.xml.rels"])
    except KeyError:
        return {}
    targets = {each.get("Id"): each.get("Target", "") for each in related.iter()}
    found = {}
    for each in book.iter():
        for name, value in each.attrib.items():
            if name.endswith("}id") and value in targets:
                path = targets[value].lstrip("/")
                found[path if path.startswith("xl/") else f"xl/{path}"] = each.get("name", "")
    return found


def _xml(file: BinaryIO, part: Any) -> ElementTree.Element:
    try:
        return ElementTree.fromstring(
            unzipped.whole(file, part, _SMALL)
        )  # expat bounds what entities grow to
    except ElementTree.ParseError as error:
        raise unzipped.broken() from error


def _zero_styles(styles: bytes) -> dict[bytes, int]:
    """Return the numbers of the cell styles that show leading zeros, and how many digits they show."""
    try:
        root = ElementTree.fromstring(styles)
    except ElementTree.ParseError:
        return {}
    formats: dict[str, int] = {}
    for each in root.iter():
        code = _ZEROS.fullmatch(each.get("formatCode", "")) if each.tag.endswith("}numFmt") else None
        if code:
            formats[each.get("numFmtId", "")] = len(code[1])
    cells = next((each for each in root if each.tag.endswith("}cellXfs")), None)
    used = enumerate(cells) if cells is not None else ()
    return {
        str(number).encode(): formats[style.get("numFmtId", "")]
        for number, style in used
        if style.get("numFmtId") in formats
    }
