"""A workbook as it is written: sheet by sheet, row by row, with memory for one row alone.

Texts are never taken for anything else; what is longer than a cell can be is cut there and whole on a sheet
of its own. Not for what stands in the cells.
"""

import datetime
import io
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from typing import IO, Any, Self

from webui.exchange.out.wanted import MARK
from webui.store.values.text import kept

UNTOUCHED = b"Written by Roster"  # the comment of the zip, which no other program writes again
LONGEST = 32_767  # UTF-16 units of a cell
MOST_ROWS = 1_048_576
_PART = 32_000
_WIDE = {"uid": 12, "note": 40, "body": 60, "title": 30, "email": 28, "display_name": 22, "addresses": 40}


class Sheets:
    """The sheets of a workbook. Leaving writes it to the stream; an error writes nothing."""

    def __init__(self, stream: IO[bytes], *, keep_typed: bool = True) -> None:
        self._stream, self._keep_typed = stream, keep_typed

    def __enter__(self) -> Self:
        import xlsxwriter  # no page needs its thirty modules but one that writes a workbook

        with ExitStack() as stack:
            # The rows lie in files until the end: gone with this folder, whatever happens.
            folder = tempfile.TemporaryDirectory(prefix="roster-", ignore_cleanup_errors=True)
            options = {"constant_memory": True, "use_zip64": True, "tmpdir": stack.enter_context(folder)}
            self.workbook = xlsxwriter.Workbook(self._stream, options)
            self.bold = self.workbook.add_format({"bold": True})
            self.date = self.workbook.add_format({"num_format": "yyyy-mm-dd"})
            self.untouched = (
                False  # whether the file says that Roster wrote it, as long as no other program has
            )
            self._long: Sheet | None = None
            self._typed: Sheet | None = None
            self._stack = stack.pop_all()
        return self

    def __exit__(self, kind: object, _error: object, _trace: object) -> None:
        from xlsxwriter.exceptions import FileCreateError

        with self._stack:
            try:
                if kind is None:
                    self.workbook.close()
                    if self.untouched:
                        self._stream.seek(-2, io.SEEK_END)  # the length of the comment (APPNOTE 4.3.16)
                        self._stream.write(len(UNTOUCHED).to_bytes(2, "little") + UNTOUCHED)
            except FileCreateError as error:  # what the system said is inside
                raise error.args[0] from error
            finally:
                for sheet in self.workbook.worksheets():
                    sheet._opt_close()

    def add(self, name: str, header: Sequence[str]) -> "Sheet":
        """Add a sheet with its header, which stays in sight."""
        return Sheet(self, name, header)

    def long(self, sheet: str, uid: str, column: str, text: str) -> None:
        """Keep the whole of a text that is too long for its cell, in parts."""
        self._long = self._long or self.add("Long texts", ("sheet", "uid", "column", "part", "text"))
        for number, at in enumerate(range(0, len(text), _PART // 2), 1):
            self._long.append(uid, [sheet, uid, column, number, text[at : at + _PART // 2]])

    def typed(self, sheet: str, uid: str, column: str, text: str) -> None:
        """Keep what was typed where a cell says the same otherwise."""
        if not self._keep_typed:
            return
        self._typed = self._typed or self.add("As typed", ("sheet", "uid", "column", "typed"))
        self._typed.append(uid, [sheet, uid, column, text])


class Sheet:
    """A sheet; where it is full it goes on in another of its name and a number."""

    def __init__(self, sheets: Sheets, name: str, header: Sequence[str]) -> None:
        self.name, self.header = name, header
        self._sheets, self._number = sheets, 0
        self._begin()

    def append(self, uid: str, cells: Sequence[Any]) -> None:
        """Write a row: texts, numbers, dates, yes and no; None and '' are empty. `uid` names the row."""
        if self._row >= MOST_ROWS:
            self._begin()
        row, page = self._row, self._page
        self._row += 1
        for column, cell in enumerate(cells):
            if cell is None or cell == "":
                continue
            if isinstance(cell, str):
                page.write_string(row, column, self._fitting(uid, column, cell))
            elif isinstance(cell, bool):
                page.write_boolean(row, column, cell)
            elif isinstance(cell, datetime.date):
                page.write_datetime(row, column, cell, self._sheets.date)
            else:
                page.write_number(row, column, cell)

    def typed(self, uid: str, column: str, text: str) -> None:
        """Keep what was typed for a cell of this sheet."""
        self._sheets.typed(self.name, uid, column, text)

    def _fitting(self, uid: str, column: int, text: str) -> str:
        text = text if text.isascii() else kept(text, "\ufffd")
        if len(text) <= LONGEST // 2 or len(text.encode("utf-16-le", "replace")) // 2 <= LONGEST:
            return text
        self._sheets.long(self.name, uid, self.header[column], text)
        return text[: _PART // 2]

    def _begin(self) -> None:
        self._number += 1
        name = self.name if self._number == 1 else f"{self.name} {self._number}"
        self._page = self._sheets.workbook.add_worksheet(name)
        self._page.freeze_panes(1, 0)
        self._page.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        for column, title in enumerate(self.header):
            hidden = {"hidden": True} if title.startswith(MARK) else {}
            self._page.set_column(column, column, _WIDE.get(title, 16), None, hidden)
            self._page.write_string(0, column, kept(title, "\ufffd"), self._sheets.bold)
        self._row = 1
