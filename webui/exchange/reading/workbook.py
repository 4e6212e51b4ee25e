"""Workbooks: xlsx (ECMA-376) and xls, by calamine, which runs nothing and trusts no size that a sheet claims.

It lays a sheet out as a whole, so `sheets` looks at each before. Not for OpenDocument: see `opendocument`.
"""

import datetime
import io
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import python_calamine as calamine

from webui import memory
from webui.exchange import tables
from webui.exchange.reading import unzipped
from webui.exchange.reading.sheets import Sheets
from webui.exchange.tables import Options
from webui.store.errors import Message, Refused


def read(source: Path | bytes, options: Options, *, zipped: bool) -> tables.Table:
    """Look at a workbook: its first sheet with people, or the one that is told. Raises Refused."""
    packed = Sheets(source) if zipped else None
    book = _opened(source)
    seen = calamine.SheetVisibleEnum.Visible
    names = tuple(each.name for each in book.sheets_metadata if each.visible == seen) or tuple(
        book.sheet_names
    )
    told = options.among(names)

    laid: list[tuple[str, dict[str, int], calamine.CalamineSheet]] = []  # the last one: it is whole in memory

    def start(name: str) -> Sequence[list[str]]:
        laid.clear()
        zeros = packed.look(name) if packed else {}
        laid.append((name, zeros, _sheet(book, name)))
        return [cells for _line, cells in islice(_lines(laid[0][2], zeros), tables.FIRST)]

    name = tables.first_of_people([told] if told else [name for name in names if name], start)
    if name is None:
        raise Refused(Message("import.empty"))
    if not laid or laid[0][0] != name:
        start(name)
    _name, zeros, sheet = laid[0]

    def lines() -> Iterator[tuple[int, list[str]]]:
        return _lines(sheet, zeros)

    kind, doubts = ("xlsx", packed.unsolved(name).doubts(name)) if packed else ("xls", ())
    return tables.grid(kind, source, lines, options.header, tables=names, table=name, doubts=doubts)


def every_sheet(source: Path) -> Iterator[tuple[str, Iterator[list[Any]]]]:
    """Yield the name and the rows of each sheet of an xlsx, with cells as they are. Raises Refused."""
    packed, book = Sheets(source), _opened(source)
    for name in book.sheet_names:
        packed.look(name)
        if doubts := packed.unsolved(name).doubts(name):  # an empty cell would clear what is here
            raise Refused(Message("import.unsolved", doubts[0].values))
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
    memory.give_back()
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
