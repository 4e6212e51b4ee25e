"""Formulas of an xlsx without a result: many programs write them so, and only a spreadsheet works them out.

calamine reads such a cell as an empty one. A formula whose result is an empty text has one.
"""

import re

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
            if not self.count and (place := _PLACE.search(about)):
                self.first = place[1].decode()
            self.count += 1
