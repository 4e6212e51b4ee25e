"""Which cards a file has, or several in a zip, a folder or chosen together. Not for what a card says."""

import io
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, groupby
from operator import itemgetter
from pathlib import Path
from typing import IO, BinaryIO, NamedTuple, cast
from urllib.parse import quote, unquote
from zipfile import ZipInfo

from webui.exchange import encodings, limits
from webui.exchange.reading import unzipped
from webui.exchange.tables import opened
from webui.exchange.vcard import splitting
from webui.store.errors import Message, Refused

_CARD = re.compile(rb"\s*BEGIN\s*:\s*VCARD", re.IGNORECASE)
MARK = b"\x1cfile:"  # before each file of several that were joined, with its name
_MARKED = re.compile(rb"(?m)^\x1cfile:([^\r\n]*)\r?\n")
SUFFIXES = (".vcf", ".vcard")
NO_CARD = "row.no_card"  # what is told of a file, among several, in which there is no card
DAMAGED = "row.damaged_file"  # and of one in a zip that can't be unpacked
NONE = (NO_CARD, DAMAGED)
_KEPT = 2_000  # bytes of such a file
_IN_MEMORY = 4 << 20  # bytes of an unpacked file; a longer one is put into a nameless one beside


class Found(NamedTuple):
    """A card: the line at which it begins, from 1, its bytes, what it ends with (see `splitting`, or
    one of NONE), and of several files the name of its own."""

    line: int
    raw: bytes
    end: str
    file: str = ""


def each(source: Path | bytes) -> Iterator[Found]:
    """Yield each card of a file, of several in a zip, or of several that were `joined`; what is not written
    byte by byte is turned into UTF-8."""
    with opened(source) as file:
        if file.read(4) != b"PK\x03\x04":
            yield from _each(file)
            return
        count = unzipped.Count()
        for member in unzipped.members(file):
            if member.filename.casefold().endswith(SUFFIXES):
                with tempfile.SpooledTemporaryFile(_IN_MEMORY) as unpacked:
                    if _unpack(file, member, count, unpacked):
                        yield from _each(cast("BinaryIO", unpacked), member.filename)
                    else:
                        yield Found(1, b"", DAMAGED, member.filename)


def _unpack(file: BinaryIO, member: ZipInfo, count: unzipped.Count, into: IO[bytes]) -> bool:
    """Unpack a member, and tell whether it is whole. Raises Refused for too much."""
    try:
        for piece in unzipped.pieces(file, member):
            count.add(piece)
            into.write(piece)
    except Refused as error:
        if error.message.id != unzipped.BROKEN:
            raise
        return False
    return True


def _each(file: BinaryIO, name: str = "") -> Iterator[Found]:
    codec, mark = encodings.by_start(file)
    pieces = encodings.pieces(file, len(mark))
    if encodings.is_wide(codec):
        pieces = (line.decode(codec, "replace").encode() for line in encodings.lines(file, codec, len(mark)))
    for (_number, called), parts in groupby(_parted(pieces, name), itemgetter(0)):
        yield from _cards((piece for _of, piece in parts), called)


def _parted(pieces: Iterable[bytes], name: str) -> Iterator[tuple[tuple[int, str], bytes]]:
    """Yield the pieces of files that were joined, each with the number and the name of its file."""
    at = 0, name
    for piece in pieces:
        for number, part in enumerate(_MARKED.split(piece) if MARK in piece else [piece]):
            if number % 2:
                at = at[0] + 1, unquote(part.decode("ascii", "replace"))
            elif part:
                yield at, part


def _cards(pieces: Iterator[bytes], name: str) -> Iterator[Found]:
    first, is_none = next(pieces), True
    for found in splitting.cards(chain([first], pieces)):
        is_none = False
        yield Found(*found, name)
    if is_none and name and first.strip():
        yield Found(1, first[:_KEPT], NO_CARD, name)


def joined(files: Sequence[tuple[str, bytes]], refusal: str = "import.one_file") -> bytes:
    """Return several files of cards, each a name and its bytes, as one. Of a file called as one of cards is,
    in which there is none, that is told where they are read. Raises Refused where any other is none of cards,
    or none of them is one, or all are too large."""
    plain = [(name, _plain(said)) for name, said in files]
    is_card = [bool(_CARD.match(said)) for _name, said in plain]
    may_be = [name.casefold().endswith(SUFFIXES) for name, _said in plain]
    if not any(is_card) or not all(map(max, is_card, may_be)):
        raise Refused(Message(refusal))
    limits.check_size(sum(len(said) for _name, said in plain))
    first = sorted(range(len(plain)), key=lambda at: not is_card[at])  # by its start a file is told
    marked = (MARK + quote(plain[at][0]).encode() + b"\r\n" + plain[at][1] for at in first)
    return b"\r\n".join(marked)


def _plain(said: bytes) -> bytes:
    """Return a file without its byte order mark, and byte by byte."""
    codec, mark = encodings.by_start(io.BytesIO(said))
    said = said[len(mark) :]
    return said.decode(codec, "replace").encode() if encodings.is_wide(codec) else said


def of_folder(folder: Path) -> bytes:
    """Return the cards of all files of a folder as one. Raises Refused where there are none, OSError."""
    found = sorted(
        each
        for each in folder.iterdir()
        if each.name.casefold().endswith(SUFFIXES) and not unzipped.is_apple_double(each.name)
        if each.is_file() and not each.is_symlink()
    )
    limits.check_size(sum(each.stat().st_size for each in found))
    files = [(each.name, said) for each in found if (said := each.read_bytes()).strip()]
    return joined(files, "import.no_cards")  # which all are called as
