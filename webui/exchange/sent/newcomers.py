"""The rows of a sheet that nobody was sent in, as a file of their own, to be imported as any other."""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Self


class Newcomers:
    """Writes that file, with the header of the sheet; empty where `count` stays 0."""

    def __init__(self, path: Path, header: Sequence[str]) -> None:
        self.path, self.count, self._header = path, 0, header

    def __enter__(self) -> Self:
        self._file = self.path.open("w", encoding="utf-8", newline="")
        self.path.chmod(0o600)
        self._writer = csv.writer(self._file)
        self._writer.writerow(self._header)
        return self

    def __exit__(self, *_error: object) -> None:
        self._file.close()

    def add(self, cells: Sequence[str]) -> None:
        """Write a row."""
        self._writer.writerow(cells)
        self.count += 1
