"""CSV that a spreadsheet opens without running or changing anything of it (OWASP: CSV injection).

A text that would be a formula, or a number that loses its zeros or its last digits, gets an apostrophe before
it, as one would type it in a spreadsheet; a text that begins with an apostrophe before such a text gets a
second one, so that `unguard` is exact. A last, empty column named `_guarded` tells our own import that it may
take them off again. Numbers stay numbers.

A table for mail merge is read by a word processor, which prints an apostrophe: there only what could run
something gets one, a phone or a postal code none, and nothing is taken off again.
"""

import csv
import io
import re
import string
from collections.abc import Iterable, Sequence
from typing import IO, Any

_SIGNS = "=+\\-@\t\r＝＋－＠"
_FORMULA = re.compile(rf"(^\s*|\n[^\S\n]*)[{_SIGNS}]")
# 00418, which would be 418; 12 digits and more or 1E5, which would be 1.2E+11.
_NUMBER = re.compile(r"\s*(0[0-9]+|[0-9]{12,}|[0-9]+(\.[0-9]+)?[eE][0-9]+)\s*")
# What may read or call something: = before anything, another sign before a call, a DDE link or another sheet.
_BEGINS = re.compile(r"(?:^\s*|\n[^\S\n]*)([=＝+\-@＋－＠])")
_CALLS = "(|!（！"
_LETTER = re.compile(r"[^\W\d]")
_SAFE = frozenset(string.ascii_letters)  # what begins with one is a text, on one line: nearly all there is
GUARDED = "_guarded"
BOM = b"\xef\xbb\xbf"


def guard(text: str) -> str:
    """Return `text` so that no spreadsheet takes it for a formula."""
    return f"'{text}" if _is_danger(text.lstrip("'")) else text


def guard_merged(text: str) -> str:
    """Return `text` so that no spreadsheet runs anything of it; a number may lose its zeros there."""
    return f"'{text}" if _runs(text) else text


def unguard(text: str) -> str:
    """Return what `guard` was given."""
    return text[1:] if text.startswith("'") and _is_danger(text.lstrip("'")) else text


def _runs(text: str) -> bool:
    for begins in _BEGINS.finditer(text):
        if begins[1] in "=＝":
            return True
        end = text.find("\n", begins.end()) if begins.start() else -1  # a formula may be of several lines
        said = text[begins.end() : end if end >= 0 else None]
        if _LETTER.search(said, 0, max(0, *map(said.rfind, _CALLS))):
            return True
    return False


def _is_danger(text: str) -> bool:
    if text[:1].isdigit() and "\n" not in text:
        return bool(_NUMBER.fullmatch(text))
    return bool(_FORMULA.search(text) or _NUMBER.fullmatch(text))


def write(
    stream: IO[bytes],
    header: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    safe: bool = True,
    merge: bool = False,
    delimiter: str = ",",
) -> None:
    """Write a CSV (RFC 4180, UTF-8): `safe` for spreadsheets, with a byte order mark, else as it is; `merge`
    is for mail merge."""
    guarding, marks = (guard_merged, []) if merge else (guard, [""])
    stream.write(BOM if safe else b"")
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=delimiter)
    writer.writerow([*map(guarding, header), *(GUARDED for _each in marks)] if safe else header)
    for count, row in enumerate(rows, 1):
        if safe:
            row = [
                guarding(cell)
                if cell and cell.__class__ is str and (cell[0] not in _SAFE or "\n" in cell)
                else cell
                for cell in row
            ]
            row += marks
        writer.writerow(row)
        if count % 1_000 == 0:
            stream.write(buffer.getvalue().encode("utf-8", "replace"))
            buffer.seek(0)
            buffer.truncate()
    stream.write(buffer.getvalue().encode("utf-8", "replace"))
