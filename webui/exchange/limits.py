"""How large a file may be. A limit is stated in the refusal, and nothing was changed when one is met."""

import csv
import sys
from collections.abc import Collection

from webui.store.errors import Message, Refused

FILE = 250_000_000  # bytes
COLUMNS = 1_000
ROWS = 2_000_000
CELLS = 10_000_000  # of a sheet, from the first to the farthest, empty ones too
UNPACKED = 500_000_000  # bytes of all that is packed in a file
SHARED = 500_000_000  # bytes of text in the cells of a sheet that several of them may share
MEMBERS = 50_000  # files in a zip
WHOLE = 50_000_000  # bytes of a file that can only be read as a whole
KEPT = 180_000_000  # bytes, about: of a file whose rows take more, they are read again where others are kept
KEPT_CELL = 64  # bytes that a cell takes beside its text
CELL = 16_000_000  # letters of one cell
LINE = 4 * CELL  # bytes without a line end

csv.field_size_limit(CELL)  # the default of 131,072 refuses a long note


def check_size(size: int) -> None:
    """Refuse a file of `size` bytes that is larger than FILE. Raises Refused."""
    if size > FILE:
        raise Refused(
            Message("import.too_large", {"limit": FILE // 1_000_000, "size": size // 1_000_000 + 1})
        )


def check_columns(count: int) -> None:
    """Refuse more columns than COLUMNS. Raises Refused."""
    if count > COLUMNS:
        raise Refused(Message("import.too_wide", {"limit": COLUMNS, "count": count}))


def check_rows(count: int) -> None:
    """Refuse more rows than ROWS. Raises Refused."""
    if count > ROWS:
        raise Refused(Message("import.too_long", {"limit": ROWS}))


def taken(cells: Collection[str]) -> int:
    """Return about how many bytes cells take: one letter may make all of its text four times as long."""
    text = "".join(cells)
    return KEPT_CELL * len(cells) + len(text) if text.isascii() else sum(map(sys.getsizeof, cells))


def cell_too_long(line: int) -> Refused:
    """Return the refusal of a file with a cell longer than CELL, in the row that begins at `line`."""
    return Refused(Message("import.cell_too_long", {"limit": CELL // 1_000_000, "line": line}))


def too_many_cells() -> Refused:
    """Return the refusal of a sheet that goes farther than CELLS."""
    return Refused(Message("import.too_many_cells", {"limit": CELLS // 1_000_000}))


def unpacked_too_large() -> Refused:
    """Return the refusal of a file that is larger once it is unpacked than UNPACKED."""
    return Refused(Message("import.unpacked_too_large", {"limit": UNPACKED // 1_000_000}))


def too_much_text() -> Refused:
    """Return the refusal of a sheet with more text in all its cells than SHARED."""
    return Refused(Message("import.too_much_text", {"limit": SHARED // 1_000_000}))


def check_whole(size: int) -> None:
    """Refuse a file of `size` bytes that is larger than WHOLE. Raises Refused."""
    if size > WHOLE:
        raise Refused(
            Message("import.too_large", {"limit": WHOLE // 1_000_000, "size": size // 1_000_000 + 1})
        )
