"""The pages of a database file as bytes, those of its write-ahead log over them, around each fault.

Formats: sqlite.org/fileformat2, and its section 4 for the log. Without a header the size of a page is found
by looking.
"""

import os
import struct
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

from webui.safety import files
from webui.store.ledger import sqlite

_SIZES = tuple(1 << power for power in (12, 9, 10, 11, 13, 14, 15, 16))  # the usual one first
_KINDS = (2, 5, 10, 13)  # interior and leaf pages, of indexes and of tables
_LOOKED_AT = 8 << 20  # bytes, to find the size of a page
_WAL = (0x377F0682, 0x377F0683)


class Pages:
    """Gives one page after the other; use it as a context. Raises OSError when the file can't be opened."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        self._log: int | None = None
        self._later: dict[int, int] = {}
        start = self._read(self._file, 0, 100) or b""
        self.header = start[:16] == sqlite.MAGIC
        said = int.from_bytes(start[16:18]) if self.header else 0
        self.size = {1: 65_536}.get(said, said)
        log = files.beside(path)[0]
        if log.exists():
            self._log = os.open(log, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        if self.size not in _SIZES:
            self.size = self._size_of_log() or self._likely_size()
        self.usable = self.size - (start[20] if self.header and start[20] <= self.size - 480 else 0)
        self.count = -(-os.fstat(self._file).st_size // self.size)
        self._read_log()

    def __enter__(self) -> "Pages":
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        for each in (self._file, self._log):
            if each is not None:
                os.close(each)

    def get(self, number: int) -> bytes | None:
        """Return page `number`, from 1; None where it is not there, cut off, or the disk can't read it."""
        if number in self._later and self._log is not None:
            found = self._read(self._log, self._later[number], self.size)
        elif 1 <= number <= self.count:
            found = self._read(self._file, (number - 1) * self.size, self.size)
        else:
            return None
        return found if found and len(found) == self.size else None

    def free(self) -> set[int]:
        """Return the pages that the free list names, as far as it can be followed."""
        first = self.get(1)
        found: set[int] = set()
        trunk = int.from_bytes(first[32:36]) if first and first[:16] == sqlite.MAGIC else 0
        while trunk and trunk not in found and (page := self.get(trunk)):
            found.add(trunk)
            trunk, count = struct.unpack(">II", page[:8])
            if count > self.usable // 4 - 2:
                break
            found.update(struct.unpack(f">{count}I", page[8 : 8 + 4 * count]))
        return found

    @staticmethod
    def _read(file: int, at: int, length: int) -> bytes | None:
        try:
            if hasattr(os, "pread"):
                return os.pread(file, length, at)
            os.lseek(file, at, os.SEEK_SET)
            return os.read(file, length)
        except OSError:  # a bad sector
            return None

    def _likely_size(self) -> int:
        """Return the size at which the most pages begin as pages do."""

        def score(size: int) -> int:
            found = 0
            for at in range(size, _LOOKED_AT, size):
                start = self._read(self._file, at, 8)
                if not start or len(start) < 8:
                    break
                cells, content = struct.unpack(">HH", start[3:7])
                found += start[0] in _KINDS and 8 + 2 * cells <= (content or 65_536) <= size
            return found

        return max(_SIZES, key=score)

    def _size_of_log(self) -> int:
        start = self._read(self._log, 0, 12) if self._log is not None else None
        if not start or len(start) < 12 or int.from_bytes(start[:4]) not in _WAL:
            return 0
        said = int.from_bytes(start[8:12])
        return said if said in _SIZES else 0

    def _read_log(self) -> None:
        """Note where the log has later pages: those of transactions that were committed, up to a fault."""
        pending: dict[int, int] = {}
        for number, committed, at in self._frames():
            pending[number] = at
            if committed:
                self._later.update(pending)
                self.count = committed
                pending.clear()

    def _frames(self) -> Iterator[tuple[int, int, int]]:
        """Yield (page, the database's size in pages if this commits, place of the page) of sound frames."""
        start = self._read(self._log, 0, 32) if self._log is not None else None
        if self._log is None or not start or len(start) < 32 or self._size_of_log() != self.size:
            return
        order = ">" if int.from_bytes(start[:4]) == _WAL[1] else "<"
        sums = _summed(start[:24], (0, 0), order)
        if sums != struct.unpack(">II", start[24:32]):
            return
        at, salts = 32, start[16:24]
        while (head := self._read(self._log, at, 24)) and len(head) == 24 and head[8:16] == salts:
            page = self._read(self._log, at + 24, self.size)
            if not page or len(page) < self.size:
                return
            sums = _summed(page, _summed(head[:8], sums, order), order)
            if sums != struct.unpack(">II", head[16:24]):
                return
            number, committed = struct.unpack(">II", head[:8])
            yield number, committed, at + 24
            at += 24 + self.size


def _summed(data: bytes, sums: tuple[int, int], order: str) -> tuple[int, int]:
    one, two = sums
    words = struct.unpack(f"{order}{len(data) // 4}I", data)
    for even, odd in zip(words[::2], words[1::2], strict=True):
        one = (one + even + two) & 0xFFFFFFFF
        two = (two + odd + one) & 0xFFFFFFFF
    return one, two
