"""Where each card of a file begins and ends, by its bytes. Not for what stands in one: see `lines`."""

import re
from collections.abc import Iterable, Iterator

from webui.exchange import encodings, limits
from webui.exchange.vcard.lines import END

_BEGIN = re.compile(rb"\s*BEGIN\s*:\s*VCARD\s*", re.IGNORECASE)
_MARKS = (b"B", b"b", b"E", b"e", b" ", b"\t")
_AGENT = re.compile(rb"(\w+\.)?AGENT[^:]*:\s*", re.IGNORECASE)
_BEFORE = re.compile(rb"[\r\n]*(?=BEGIN:VCARD\r?\n)")
_ALONE = re.compile(rb"\r(?!\n)")
_STARTS = b"BEGIN:VCARD"
NEXT, FILE = "row.no_end", "row.cut_card"  # what a card without its END ends with, as it is told of
_LAST = re.compile(rb"\nEND:VCARD\r?\n")


def cards(pieces: Iterable[bytes]) -> Iterator[tuple[int, bytes, str]]:
    """Yield (line of the file from 1, bytes, "") of each card. Without its END a card ends where the NEXT
    begins, or the FILE ends, which is told instead of "".

    `pieces` of the file have whole lines each. Raises Refused for a card that is larger than any cell may be.
    """
    number, begun = 1, _Begun()
    for piece in pieces:
        ends = encodings.line_ends if _ALONE.search(piece) else _feeds
        for block, ended in _blocks(piece):
            empty = _BEFORE.match(block) if ended and not begun.depth else None
            # As nearly all are: nothing else begins or ends one.
            if empty and block.upper().count(b"VCARD") == 2:
                number += ends(empty[0]) if empty[0] else 0
                block = block[empty.end() :]
                yield number, block, ""
            else:
                yield from begun.take(block, number)
            number += ends(block)
    yield from begun.rest(FILE)


def _feeds(block: bytes) -> int:
    return block.count(b"\n")


def _blocks(piece: bytes) -> Iterator[tuple[bytes, bool]]:
    """Yield (bytes, ended): what ends with the last line of a card, and what is left of a piece."""
    at = 0
    for last in _LAST.finditer(piece):
        yield piece[at : last.end()], True
        at = last.end()
    if at < len(piece):
        yield piece[at:], False


class _Begun:
    """A card of which the end is not reached yet, line by line: with another one in it, or without an end."""

    def __init__(self) -> None:
        self._taken: list[bytes] = []
        self._start = self._size = self.depth = 0
        self._before = self._loose = b""

    def take(self, block: bytes, number: int) -> Iterator[tuple[int, bytes, str]]:
        """Take lines, the first of which is the one of that number; yield the cards that end with them."""
        for line in block.splitlines(keepends=True):
            marks = line[:1] in _MARKS  # nearly all other lines begin with another letter
            if marks and _BEGIN.fullmatch(line):
                nested = self._taken and _AGENT.fullmatch(self._before)
                if not nested:
                    yield from self.rest(NEXT)
                    self._start = number
                self.depth += 1
            if self.depth:
                self._taken.append(line)
                self._size += len(line)
                if self._size > limits.LINE:
                    raise limits.cell_too_long(self._start)
                if marks and END.fullmatch(line):
                    self.depth -= 1
                    if not self.depth:
                        yield from self.rest("")
            elif line[-1:] not in b"\r\n":  # the last one of all
                self._start, self._loose = number, line.strip()
            if marks or line[:1] in b"Aa" or b"." in line[:40]:
                self._before = line
            elif line.strip():
                self._before = b""
            number += 1

    def rest(self, end: str) -> Iterator[tuple[int, bytes, str]]:
        """Yield what was taken, if anything was, with what it ends with, and begin anew."""
        if not self._taken and self._loose and _STARTS.startswith(self._loose.upper()):
            self._taken = [self._loose]
        if self._taken:
            yield self._start, b"".join(self._taken), end
        self._taken, self._size, self.depth = [], 0, 0
