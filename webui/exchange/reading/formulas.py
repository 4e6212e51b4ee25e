"""Formulas of a sheet without a result: many programs write them so, and only a spreadsheet works them out.

Such a cell is read as an empty one. A formula whose result is an empty text has one.
"""

import re

from webui.store.errors import Message

_CELL = re.compile(
    rb"<(?:[^\s<>/:]+:)?c(\s[^<>]*)?>\s*<(?:[^\s<>/:]+:)?f(?:\s[^<>]*)?(?:/>|>[^<]*</[^<>]*>)\s*"
    rb"(<(?:[^\s<>/:]+:)?v\s*(?:/>|>\s*</[^<>]*>)\s*)?</(?:[^\s<>/:]+:)?c\s*>"
)
_PLACE = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]+\d+)")
_TEXT = re.compile(rb"\bt\s*=\s*[\"']str[\"']")


class Unsolved:
    """How many of a sheet there are, and where the `first` one is, "" where its cell does not say it."""

    def __init__(self) -> None:
        self.count, self.first = 0, ""

    def take(self, text: bytes) -> None:
        """Look at a piece of a sheet, cut before a cell."""
        if b"<f" not in text and not (b":c" in text and b":f" in text):  # nearly every sheet has none
            return
        for about, empty in _CELL.findall(text):
            if empty and _TEXT.search(about):
                continue
            place = _PLACE.search(about)
            self.add(place[1].decode() if place else "")

    def add(self, place: str) -> None:
        """Count the one in a cell, which is called so."""
        if not self.count:
            self.first = place
        self.count += 1

    def doubts(self, table: str) -> tuple[Message, ...]:
        """Return what is to be told of the sheet `table` because of them."""
        told = {"count": self.count, "place": self.first or "?", "table": table}
        return (Message("import.formulas", told),) if self.count else ()
