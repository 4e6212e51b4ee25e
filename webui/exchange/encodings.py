"""Which encoding a text file has, and its lines as the bytes they are.

Found in this order: a byte order mark, the pattern of NUL bytes, strict UTF-8, letters. Not for
vCards: they are unfolded before they are decoded.
"""

import codecs
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import BinaryIO

from webui.exchange import alphabets, limits
from webui.store.errors import Message, Refused

_CHUNK = 1 << 20
_SAMPLE = 64 * 1024
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What address books are written in. Statistics over all encodings there are take short German for Turkish.
_LIKELY = [
    "Windows-1250", "Windows-1251", "Windows-1252", "Windows-1253", "Windows-1254", "Windows-1255",
    "Windows-1256", "Windows-1257", "ISO-8859-2", "ISO-8859-5", "ISO-8859-7", "KOI8-R", "MacRoman",
    "CP932", "Shift_JIS", "EUC-JP", "ISO-2022-JP", "GB18030", "Big5", "EUC-KR", "CP949",
]  # fmt: skip
# What can be told of a file, in the order in which it is offered.
_CHOICES = (
    "utf-8", "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "utf-16-le",
    "iso8859-2", "iso8859-5", "iso8859-7", "iso8859-15", "koi8-r", "mac-roman", "cp932", "euc_jp", "gb18030",
    "big5hkscs", "cp949", "cp850", "cp437",
)  # fmt: skip
_WIDER = {
    "utf-8-sig": "utf-8",
    "utf-16": "utf-16-le",  # the other order of bytes shows by the file's mark, or its NULs
    "shift_jis": "cp932",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "euc_kr": "cp949",
    "iso8859-9": "cp1254",
    "iso8859-1": "cp1252",
    "ascii": "utf-8",
}
_FEW = 0.05  # of the letters beyond ASCII: a line that another program wrote, or a byte that was lost
_ODD, _COUNTED = "\udcff", "roster.counted"  # no file has one: U+FFFD may stand in it
_WIDE = ("utf-16", "utf-32")
_WORD = re.compile(rb"[@-\xff]+")
_LINE_ENDS = re.compile(r"\r\n|\n|\r")


def find(file: BinaryIO) -> tuple[str, bytes]:
    """Return the codec of `file` and its byte order mark (b"" without one); rewinds the file."""
    codec, mark = by_start(file)
    return codec or ("utf-8" if _odd(file, "utf-8") <= _FEW else _by_letters(file)), mark


def read_by(file: BinaryIO, told: str | None) -> tuple[str, bytes]:
    """Return the same, or the codec that was `told`. What a mark says stands, and so does the order of wide
    letters. Raises Refused where more than a few letters are none of that codec, but are of the one found."""
    codec, mark = by_start(file)
    if told is None or mark or (is_wide(told) and is_wide(codec)):
        return find(file)
    if (odd := _odd(file, told)) > _FEW and odd > _odd(file, codec := find(file)[0]):
        raise Refused(Message("import.other_letters", {"told": name(told), "found": name(codec)}))
    return told, mark


def by_start(file: BinaryIO) -> tuple[str, bytes]:
    """Return the same of a file that tells it by its start, as each does that is wide; else "" and b""."""
    file.seek(0)
    start = file.read(4096)
    for mark, codec in _MARKS:
        if start.startswith(mark):
            return codec, mark
    return _by_nul(start) or "", b""


def is_wide(codec: str) -> bool:
    """Tell whether a letter takes two or four bytes, so that no byte alone ends a line."""
    return codec.startswith(_WIDE)


def is_sure(codec: str) -> bool:
    """Tell whether a codec that was found was not guessed: a mark or the bytes say it."""
    return codec.startswith("utf")


def telling(line: bytes) -> list[bytes]:
    """Return the words with a byte beyond ASCII. Digits and most signs divide words; no part of a letter of
    two bytes is one of them."""
    return [word for word in _WORD.findall(line) if not word.isascii()]


def name(codec: str) -> str:
    """Return the name of a codec as people know it: UTF-16, Windows-1252."""
    for wide in _WIDE:
        if codec.startswith(wide):
            return wide.upper()
    known = {"cp932": "Shift-JIS", "cp949": "EUC-KR", "euc_jp": "EUC-JP", "mac-roman": "Mac Roman",
             "big5hkscs": "Big5"}  # fmt: skip
    said = known.get(codec, codec.upper())
    return said.replace("CP12", "Windows-12").replace("ISO8859", "ISO-8859")


def choices(found: str) -> dict[str, str]:
    """Return the names of the codecs that can be told, and of the one that was `found`; none stands twice."""
    return {codec: said for said, codec in {name(each): each for each in (*_CHOICES, found)}.items()}


def called(told: str) -> str | None:
    """Return the codec of a name, None of one that is for nothing that can be told."""
    try:
        codec = codecs.lookup(told).name
    except (LookupError, ValueError):
        return None
    codec = _WIDER.get(codec, codec)
    return codec if codec in _CHOICES else None


def lines(file: BinaryIO, codec: str, skip: int) -> Iterator[bytes]:
    r"""Yield the lines of `file` after `skip` bytes, each with its end: \n, \r\n or a lone \r.

    Raises Refused for a line without an end that is longer than any row may be.
    """
    if is_wide(codec):
        file.seek(skip)
        return _wide_lines(file, codec)
    return (line for piece in pieces(file, skip) for line in piece.splitlines(keepends=True))


def pieces(file: BinaryIO, skip: int) -> Iterator[bytes]:
    """Yield `file` after `skip` bytes in large pieces that end where a line does. Not for wide encodings: in
    all others no part of a letter is a byte that ends a line. Raises Refused as `lines` does."""
    file.seek(skip)
    rest = b""
    while chunk := file.read(_CHUNK):
        text = rest + chunk
        end = max(text.rfind(b"\n"), text.rfind(b"\r", 0, -1)) + 1  # behind the last \r may come a \n
        rest = text[end:]
        if end:
            yield text[:end]
        if len(rest) > limits.LINE:
            raise limits.cell_too_long(_number(file, skip, file.tell() - len(rest)))
    if rest:
        yield rest


def _number(file: BinaryIO, skip: int, place: int) -> int:
    """Return the number of the line that begins at `place`."""
    file.seek(skip)
    number, last = 1, b""
    while chunk := file.read(min(_CHUNK, place - file.tell())):
        number += line_ends(chunk) - (last + chunk[:1] == b"\r\n")
        last = chunk[-1:]
    return number


def line_ends(text: bytes) -> int:
    """Return how many lines end in `text`."""
    alone = text.count(b"\r") - text.count(b"\r\n") if b"\r" in text else 0
    return text.count(b"\n") + alone


def _wide_lines(file: BinaryIO, codec: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(codec)("replace")
    number, rest, more = 1, "", True
    while more:
        chunk = file.read(_CHUNK)
        more, at = bool(chunk), 0
        text = rest + decoder.decode(chunk, final=not more)
        for end in _LINE_ENDS.finditer(text):
            if more and end.end() == len(text):
                break  # perhaps between \r and \n
            yield text[at : end.end()].encode(codec)
            number, at = number + 1, end.end()
        rest = text[at:]
        if len(rest) > limits.LINE:
            raise limits.cell_too_long(number)
    if rest:
        yield rest.encode(codec)


def _by_nul(start: bytes) -> str | None:
    """Text in UTF-16 without a mark shows by its NULs: every second byte of Latin letters."""
    half = len(start) // 2
    even, odd = start[0::2].count(0), start[1::2].count(0)
    if half >= 4 and odd > half * 0.4 and even < half * 0.1:
        return "utf-16-le"
    if half >= 4 and even > half * 0.4 and odd < half * 0.1:
        return "utf-16-be"
    return None


def _mark(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return _ODD, error.end


codecs.register_error(_COUNTED, _mark)


def _odd(file: BinaryIO, codec: str) -> float:
    """Return how many of the letters of a file beyond ASCII can't be read by it, of 1."""
    with suppress(UnicodeDecodeError):
        for _said in _decoded(file, codec, "strict"):
            pass
        return 0  # as nearly always, and counting takes longer
    odd = beyond = 0
    for said in _decoded(file, codec, _COUNTED):
        odd += said.count(_ODD)
        beyond += len(said) - len(said.encode("ascii", "ignore"))
    return odd / max(1, beyond)


def _decoded(file: BinaryIO, codec: str, errors: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(codec)(errors)
    file.seek(0)
    more = True
    while more:
        chunk = file.read(_CHUNK)
        more = bool(chunk)
        yield decoder.decode(chunk, final=not more)


def _by_letters(file: BinaryIO) -> str:
    """Judge by the words that say something."""
    import chardet  # its models take time and memory that most files never need

    sample = bytearray()
    for line in lines(file, "", 0):
        if not line.isascii():
            sample += b" ".join(telling(line[:4096])) + b"\n"
        if len(sample) > _SAMPLE:
            break
    likely: dict[str, float] = {}
    for each in chardet.detect_all(bytes(sample), include_encodings=_LIKELY):
        if (found := each["encoding"]) is not None:
            codec = codecs.lookup(found).name
            likely.setdefault(_WIDER.get(codec, codec), each["confidence"])
    return alphabets.choose(bytes(sample), likely) if likely else "cp1252"
