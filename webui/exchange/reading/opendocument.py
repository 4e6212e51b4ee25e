"""Spreadsheets of OpenDocument 1.3 (ods), row by row as they stand in the file.

Cells and rows that are said once and repeated a million times, as every empty end of a sheet is, are repeated
only as far as something stands in them. Not for other workbooks: see `workbook`.
"""

import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element
from xml.parsers import expat

from webui.exchange import limits, tables
from webui.exchange.reading import unzipped
from webui.exchange.reading.formulas import Unsolved
from webui.exchange.tables import Options, opened
from webui.store.errors import Message, Refused

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_SHEET, _NAME, _ROW = f"{_TABLE}table", f"{_TABLE}name", f"{_TABLE}table-row"
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_ROWS, _COLUMNS = f"{_TABLE}number-rows-repeated", f"{_TABLE}number-columns-repeated"
_KIND, _PARAGRAPH = f"{_OFFICE}value-type", f"{_TEXT}p"
_TIME = re.compile(r"-?PT(\d+)H(\d+)M(\d+)(?:[.,]\d+)?S")
_ENCODING = (LookupError, ValueError)  # of one that nobody knows
_CELL, _FORMULA = _CELLS[0][1:], f"{_TABLE[1:]}formula"  # as expat has them
_CONTENT = "content.xml"
_FAR = 1_000_000_000  # more than any limit lets through


def read(source: Path | bytes, options: Options) -> tables.Table:
    """Look at a spreadsheet: its first sheet with people, or the one that is told. Raises Refused."""
    glance = _Glance(source)
    names = tuple(glance.names)
    told = options.among(names)
    name = tables.first_of_people(
        [told] if told else names,
        lambda each: [cells for _line, cells in islice(_lines(source, each), tables.FIRST)],
    )
    if name is None:
        raise Refused(Message("import.empty"))

    def lines() -> Iterator[tuple[int, list[str]]]:
        return _lines(source, name)

    doubts = glance.unsolved[names.index(name)].doubts(name)
    return tables.grid("ods", source, lines, options.header, tables=names, table=name, doubts=doubts)


class _Glance:
    """The `names` of all sheets, and what formulas without a result each has, without building the cells."""

    def __init__(self, source: Path | bytes) -> None:
        self.names: list[str] = []
        self.unsolved: list[Unsolved] = []
        self._row = self._further = self._column = 0  # and how often the row stands there again
        self._place = ""  # of a formula without a result, until its cell says something
        parser = expat.ParserCreate(namespace_separator="}")  # which writes no { before a namespace
        parser.StartElementHandler, parser.EndElementHandler = self._begun, self._ended
        try:
            for piece in _pieces(source):
                parser.Parse(piece)
            parser.Parse(b"", True)
        except (expat.ExpatError, *_ENCODING) as error:
            raise unzipped.broken() from error

    def _begun(self, tag: str, told: dict[str, str]) -> None:
        if tag == _CELL:
            if _FORMULA in told and _KIND[1:] not in told:
                self._place = f"{_letters(self._column)}{self._row}"
            self._column += _times(told, _COLUMNS[1:])
        elif tag == _PARAGRAPH[1:]:
            self._place = ""
        elif tag == _ROW[1:]:
            self._column, self._row = 0, self._row + self._further + 1
            self._further = _times(told, _ROWS[1:]) - 1
        elif tag == _SHEET[1:]:
            self.names.append(told.get(_NAME[1:], ""))
            self.unsolved.append(Unsolved())
            self._row = self._further = 0

    def _ended(self, tag: str) -> None:
        if self._place and tag == _CELL and self.unsolved:
            self.unsolved[-1].add(self._place)
            self._place = ""


def _letters(column: int) -> str:
    """Return what a spreadsheet calls a column that is counted from 0."""
    said = ""
    while column >= 0:
        said, column = chr(ord("A") + column % 26) + said, column // 26 - 1
    return said


def _pieces(source: Path | bytes) -> Iterator[bytes]:
    count = unzipped.Count()
    with opened(source) as file:
        content = next((each for each in unzipped.members(file) if each.filename == _CONTENT), None)
        if content is None:
            raise unzipped.broken()
        for piece in unzipped.pieces(file, content):
            count.add(piece)
            yield piece


def _events(source: Path | bytes) -> Iterator[tuple[str, Element]]:
    parser: ElementTree.XMLPullParser[Any] = ElementTree.XMLPullParser(("start", "end"))
    try:
        for piece in _pieces(source):
            parser.feed(piece)
            yield from parser.read_events()  # type: ignore[misc]
        parser.close()
    except (ElementTree.ParseError, *_ENCODING) as error:  # expat bounds what entities grow to
        raise unzipped.broken() from error
    yield from parser.read_events()  # type: ignore[misc]


def _lines(source: Path | bytes, name: str) -> Iterator[tuple[int, list[str]]]:
    here, line, table = False, 1, Element("")
    for event, each in _events(source):
        if event == "start" and each.tag == _SHEET:
            here, table = each.get(_NAME, "") == name, each
        elif event == "end" and each.tag == _SHEET:
            if here:
                return
            each.clear()
        elif event == "end" and each.tag == _ROW:
            times = _times(each, _ROWS)
            cells = _cells(each) if here else []
            each.clear()
            del table[:]
            if cells:
                if times * len(cells) > limits.CELLS:
                    raise limits.too_many_cells()
                for number in range(times):
                    yield line + number, list(cells)
            line += times


def _cells(row: Element) -> list[str]:
    """Return the cells of a row up to the last in which something stands."""
    found: list[str] = []
    empty = 0
    for cell in row:
        if cell.tag not in _CELLS:
            continue
        said, times = _said(cell) if len(cell) or cell.attrib else "", _times(cell, _COLUMNS)
        if not said:
            empty += times
            continue
        limits.check_columns(len(found) + empty + times)
        if len(said) * times > limits.CELL:
            raise limits.cell_too_long(0)
        found += [*[""] * empty, *[said] * times]
        empty = 0
    return found


def _times(each: Element | dict[str, str], told: str) -> int:
    said = each.get(told)
    if said is None:
        return 1
    return min(max(1, int(said[:12])), _FAR) if said.isdecimal() else 1


def _said(cell: Element) -> str:
    """Return what a cell says: a number and a day as they are kept, all else as it is shown."""
    kind = cell.get(_KIND, "")
    if kind == "date":
        return cell.get(f"{_OFFICE}date-value", "").removesuffix("T00:00:00")
    if kind == "boolean":
        return cell.get(f"{_OFFICE}boolean-value", "").upper()
    shown = "\n".join(_shown(each) for each in cell if each.tag == _PARAGRAPH)
    if kind == "time" and (match := _TIME.fullmatch(cell.get(f"{_OFFICE}time-value", ""))):
        return f"{int(match[1])}:{match[2]}:{match[3]}"
    if kind in ("float", "currency", "percentage"):
        return shown if shown.isdecimal() else _number(cell.get(f"{_OFFICE}value", "")) or shown
    return shown


def _number(said: str) -> str:
    return said.removesuffix(".0")


def _shown(paragraph: Element) -> str:
    """Return the text of a paragraph; blanks, tabs and line ends within it are elements."""
    found = [paragraph.text or ""]
    for each in paragraph:
        if each.tag == f"{_TEXT}s":
            said = each.get(f"{_TEXT}c", "1")
            found.append(" " * (int(said) if said.isdecimal() and len(said) < 6 else 1))
        elif each.tag in (f"{_TEXT}tab", f"{_TEXT}line-break"):
            found.append("\t" if each.tag == f"{_TEXT}tab" else "\n")
        elif each.tag != f"{_OFFICE}annotation":
            found.append(_shown(each))
        found.append(each.tail or "")
    return "".join(found)
