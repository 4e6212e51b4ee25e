"""What a zip holds, read without trust in what it says of itself.

A few kilobytes can be unpacked to more than any memory holds, and a member can be longer than its entry says.
So all of it is unpacked once, piece by piece, and counted. Not for our backups: `archive` reads those.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from webui.exchange import limits
from webui.store.errors import Message, Refused

BROKEN = "import.broken"
_PIECE = 1 << 20
_LOCAL = struct.Struct("<4s22xHH")  # APPNOTE 4.3.7: signature, lengths of the name and of what follows it


def members(file: BinaryIO) -> list[zipfile.ZipInfo]:
    """Return the members of a zip that are files. Raises Refused for too many, or ones we can't read."""
    try:
        found = [
            each
            for each in zipfile.ZipFile(file).infolist()
            if not each.filename.endswith("/") and not is_apple_double(each.filename)
        ]
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError) as error:
        raise broken() from error
    if len(found) > limits.MEMBERS:
        raise Refused(Message("import.too_many_members", {"limit": limits.MEMBERS, "count": len(found)}))
    if any(each.flag_bits & 1 for each in found):
        raise Refused(Message("import.encrypted"))
    return found


def is_apple_double(path: str) -> bool:
    """Tell whether a Mac put a file there for what it knows of another one, whose name it has behind `._`."""
    *folders, name = path.split("/")
    return "__MACOSX" in folders or name.startswith("._")


def pieces(file: BinaryIO, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield what a member holds, at most a megabyte at a time. Raises Refused (`broken`) where it can't be
    unpacked, at its end also where it is not what was packed."""
    checksum = 0
    for piece in unpacked(file, member):
        checksum = zlib.crc32(piece, checksum)
        yield piece
    if checksum != member.CRC:
        raise broken()


def unpacked(file: BinaryIO, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield the same, whether or not it is what was packed."""
    if member.header_offset < 0:
        raise broken()
    file.seek(member.header_offset)
    head = file.read(_LOCAL.size)
    if len(head) < _LOCAL.size or head[:4] != b"PK\x03\x04":
        raise broken()
    _signature, name, extra = _LOCAL.unpack(head)
    file.seek(name + extra, io.SEEK_CUR)
    left = member.compress_size
    if member.compress_type == zipfile.ZIP_STORED:
        while left and (piece := file.read(min(_PIECE, left))):
            left -= len(piece)
            yield piece
        return
    if member.compress_type != zipfile.ZIP_DEFLATED:
        raise broken()
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        while left and not unpacker.eof:
            given = file.read(min(64 * 1024, left))
            if not given:
                raise broken()
            left -= len(given)
            while given and not unpacker.eof:
                yield unpacker.decompress(given, _PIECE)
                given = unpacker.unconsumed_tail
    except zlib.error as error:
        raise broken() from error


def whole(file: BinaryIO, member: zipfile.ZipInfo, most: int) -> bytes:
    """Return all that a member holds, up to `most` bytes. Raises Refused."""
    found = bytearray()
    for piece in pieces(file, member):
        found += piece
        if len(found) > most:
            raise limits.unpacked_too_large()
    return bytes(found)


class Count:
    """Counts what is unpacked of one file. Raises Refused beyond `limits.UNPACKED`."""

    def __init__(self) -> None:
        self._bytes = 0

    def add(self, piece: bytes) -> None:
        """Count a piece."""
        self._bytes += len(piece)
        if self._bytes > limits.UNPACKED:
            raise limits.unpacked_too_large()


def broken() -> Refused:
    """Return the refusal of a file that can't be unpacked."""
    return Refused(Message(BROKEN))
