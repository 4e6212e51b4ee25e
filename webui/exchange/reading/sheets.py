"""What is packed in an xlsx, looked at before calamine lays a sheet out: cell by cell, empty ones too, and a
text as often as cells refer to it.

So a far cell alone, or a long text in every cell, would take gigabytes. Not for what the cells say: see
`workbook`.
"""

import copy
import re
from array import array
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO
from xml.etree import ElementTree
from zipfile import ZipInfo

from webui.exchange import limits
from webui.exchange.reading import unzipped
from webui.exchange.reading.formulas import Unsolved
from webui.exchange.tables import opened

_BROKEN = (ElementTree.ParseError, LookupError, ValueError)  # the last two: an encoding that nobody knows
_SMALL = 20_000_000  # bytes of a part that is read whole
_NEAR = 64 * 1024  # bytes in which a cell mostly begins
_ZEROS = re.compile(r'"?(0{2,20})"?')
# A cell as nearly all programs write it, and how it refers to a text that several share.
_CELL = re.compile(rb'<c r="([A-Z]+)(\d+)"(?: [a-qs-z]+="\w*")*/?>')
_SHARED = re.compile(rb' t="s"(?:[^<]*<v>(\d+)<)?')
# One that is not written so, or beyond 26 columns and 299,999 rows, or beyond 104 columns and 89,999 rows.
_NOT_NEAR, _NOT_NEAR_WIDE = (
    re.compile(rb'<c(?! r="%b"(?: t="(?:s|inlineStr)">|(?: [a-qs-z]+="\w*")*/?>)|[A-Za-z])' % near)
    for near in (rb"[A-Z][12]?\d{1,5}", rb"[A-C]?[A-Z][1-8]?\d{1,4}")
)
_PREFIXED = re.compile(rb"<[^\s<>/:]+:c(?=[\s/>])")
# Anything that could be one.
_ANY_CELL = re.compile(rb"<(?:[^\s<>/:]+:)?c(?=[\s/>])([^<]*)")
_ANY_PLACE = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]+)(\d+)")
_ANY_SHARED = re.compile(rb"\bt\s*=\s*[\"']s[\"'](?:[^<]*<v>(\d+)<)?")
_ANY_ROW = re.compile(rb"<(?:[^\s<>/:]+:)?row(?=[\s/>])([^<]*)")
_ROW_PLACE = re.compile(rb"\br\s*=\s*[\"'](\d+)")
_TAG = re.compile(rb"<[^>]*>")
_TEXT_END = re.compile(rb"</(?:[^\s<>/:]+:)?si\s*>")


class Sheets:
    """The sheets of an xlsx. Raises Refused where all that is not one is larger than may be unpacked."""

    def __init__(self, source: Path | bytes) -> None:
        self._source, self._count = source, unzipped.Count()
        self._texts: Sequence[int] = ()
        self._unsolved: dict[str, Unsolved] = {}
        with opened(source) as file:
            members = unzipped.members(file)
            self._parts = {_key(each.filename): each for each in members}
            if len(self._parts) < len(members):  # whoever reads it may take another one of a name than we do
                raise unzipped.broken()
            self._zeros = _zero_styles(file, self._parts)
            self._paths = _paths(file, self._parts)
            sheets = {path for paths in self._paths.values() for path in paths}
            for path in self._parts.keys() - sheets:
                if path == "xl/sharedstrings.xml":
                    self._texts = _lengths(self._chunks(file, path, self._count))
                else:  # how large it is, alone: a picture may be damaged
                    for piece in unzipped.unpacked(file, self._parts[path]):
                        self._count.add(piece)

    def look(self, name: str) -> dict[str, int]:
        """See how far a sheet goes and how much stands in it. Raises Refused for what is too much.

        Returns the cells that are shown with leading zeros, and how many digits each shows.
        """
        shown = rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]+\d+)"[^>]*?\bs="(' + b"|".join(self._zeros) + rb')"'
        zeros = re.compile(shown) if self._zeros else None
        found, reach = dict[str, int](), _Reach(self._texts)
        with opened(self._source) as file:
            for path in self._paths.get(name, self._parts):
                if not zeros and self._is_near(file, path):
                    continue
                for text in self._cells(file, path, self._count):
                    reach.take(text)
                    if zeros:
                        found |= {place.decode(): self._zeros[style] for place, style in zeros.findall(text)}
        return found

    def _is_near(self, file: BinaryIO, path: str) -> bool:
        """Tell at a glance whether a sheet is written as nearly all are, and surely goes not too far."""
        not_near, shared, count, longest = None, 0, copy.copy(self._count), max(self._texts, default=0)
        for text in self._cells(file, path, count):
            not_near = not_near or (_NOT_NEAR_WIDE if b'<c r="AA' in text else _NOT_NEAR)
            shared += text.count(b' t="s"') if longest else 0
            if (
                not_near.search(text)
                or (b":c" in text and _PREFIXED.search(text))
                or shared * longest > limits.SHARED
            ):
                return False
        self._count = count
        return True

    def unsolved(self, name: str) -> Unsolved:
        """Return what formulas without a result a sheet has that was looked at."""
        found = (self._unsolved[path] for path in self._paths.get(name, ()) if path in self._unsolved)
        return next((each for each in found if each.count), Unsolved())

    def _cells(self, file: BinaryIO, path: str, count: unzipped.Count) -> Iterator[bytes]:
        unsolved = self._unsolved[path] = Unsolved()
        for text in _cut(self._chunks(file, path, count)):
            unsolved.take(text)
            yield text

    def _chunks(self, file: BinaryIO, path: str, count: unzipped.Count) -> Iterator[bytes]:
        for chunk in unzipped.pieces(file, self._parts[path]):
            count.add(chunk)
            yield chunk


class _Reach:
    """How far the cells of a sheet go, and how long all texts are that they refer to."""

    def __init__(self, texts: Sequence[int]) -> None:
        self._texts, self._longest = texts, max(texts, default=0)
        self._wide = self._high = self._rows = self._in_row = self._text = 0

    def take(self, text: bytes) -> None:
        """Look at a piece of a sheet, cut between two tags. Raises Refused when it goes too far."""
        places = _CELL.findall(text)
        others = text.count(b"<c") - len(places)
        plain = b":c" not in text and (not others or others == text.count(b"<col"))
        if not plain:
            places = self._any_places(text)
        self._wide = max([self._wide, *map(_number, {letters for letters, _row in places})])
        self._high = max([self._high, *(int(row[:9]) for row in {row for _letters, row in places})])
        if self._wide * max(self._high, self._rows) > limits.CELLS:
            raise limits.too_many_cells()
        if self._texts:
            told = (_SHARED if plain else _ANY_SHARED).findall(text)
            self._text += sum(map(self._length, told))
            if self._text > limits.SHARED:
                raise limits.too_much_text()

    def _any_places(self, text: bytes) -> list[tuple[bytes, bytes]]:
        """Return where cells say that they are, however that is written; count those that do not say it."""
        first, *others = re.split(rb"<(?:[^\s<>/:]+:)?row(?=[\s/>])", text)
        counts = [
            self._in_row + len(_ANY_CELL.findall(first)),
            *(len(_ANY_CELL.findall(each)) for each in others),
        ]
        self._in_row, self._rows = counts[-1], self._rows + len(others)
        self._wide = max(self._wide, *counts)
        rows = (int(row[:9]) for told in _ANY_ROW.findall(text) for row in _ROW_PLACE.findall(told))
        self._high = max([self._high, *rows])
        return [place for told in _ANY_CELL.findall(text) for place in _ANY_PLACE.findall(told)]

    def _length(self, number: bytes) -> int:
        """Return how long the text of that number is; the longest, where the number is not understood."""
        known = number and len(number) < 9 and int(number) < len(self._texts)
        return self._texts[int(number)] if known else self._longest


def _cut(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the same bytes cut before a cell, or at least before a tag."""
    rest = b""
    for chunk in chunks:
        text = rest + chunk
        end = max(text.rfind(b"<c", max(0, len(text) - _NEAR)), 0) or max(text.rfind(b"<"), 0)
        rest = text[end:]
        if len(rest) > limits.CELL:
            raise limits.cell_too_long(0)
        yield text[:end]
    yield rest


def _lengths(chunks: Iterator[bytes]) -> Sequence[int]:
    """Return at most how long each shared text is, in bytes, without what marks it up."""
    found, longest, last, odd = array("L", [0]), 0, 0, False
    for text in _cut(chunks):
        first, *others = _TEXT_END.split(text)
        found[-1] += len(_TAG.sub(b"", first))
        found.extend(len(_TAG.sub(b"", each)) for each in others)
        longest = max(longest, last := last + len(first), *map(len, others))
        last = len(others[-1]) if others else last
        odd = odd or b"<!" in text
    return array("L", [longest]) if odd else found  # a remark may look like the end of a text, or of a tag


def _number(letters: bytes) -> int:
    """Return the column that letters mean, from 1."""
    found = 0
    for letter in letters.upper()[:9]:
        found = found * 26 + letter - 64
    return found


def _key(path: str) -> str:
    return path.replace("\\", "/").casefold()


def _paths(file: BinaryIO, parts: dict[str, ZipInfo]) -> dict[str, set[str]]:
    """Return by its name in which part each sheet can be."""
    try:
        book = _xml(file, parts["xl/workbook.xml"])
        related = _xml(file, parts["xl/_rels/workbook.xml.rels"])
    except KeyError:
        return {}
    targets = {each.get("Id"): _key(each.get("Target", "").lstrip("/")) for each in related.iter()}
    found: dict[str, set[str]] = {}
    for each in book.iter():
        for name, value in each.attrib.items():
            if name.endswith("}id") and value in targets:
                path = targets[value]
                path = path if path.startswith("xl/") else f"xl/{path}"
                if path in parts:
                    found.setdefault(each.get("name", ""), set()).add(path)
    return found


def _xml(file: BinaryIO, part: ZipInfo) -> ElementTree.Element:
    try:
        return ElementTree.fromstring(
            unzipped.whole(file, part, _SMALL)
        )  # expat bounds what entities grow to
    except _BROKEN as error:
        raise unzipped.broken() from error


def _zero_styles(file: BinaryIO, parts: dict[str, ZipInfo]) -> dict[bytes, int]:
    """Return the numbers of the cell styles that show leading zeros, and how many digits they show."""
    try:
        root = ElementTree.fromstring(unzipped.whole(file, parts["xl/styles.xml"], _SMALL))
    except _BROKEN:  # or not there
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
