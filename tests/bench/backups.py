"""A verified backup, its time and its size: against what any checked copy costs, and the database itself."""

import hashlib
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from tests.bench.measure import Row, against, alternated
from webui.safety import backup, files
from webui.store.ledger import sqlite

TIMES = 3


class Backups:
    """Backs up a database again and again and notes how long each phase took."""

    def __init__(self, folder: Path, database: Path) -> None:
        self._folder, self._engine = folder, sqlite.engine(database)
        self._at: dict[str, float] = {}
        self.size = 0  # bytes of the last zip

    def run(self) -> float:
        """Back up; return the seconds from the first byte copied to the last check before packing."""
        started = time.perf_counter()
        made = backup.back_up(self._engine, self._folder / "backups", self._note)
        self._at["end"] = time.perf_counter()
        self.size = made.stat().st_size
        made.unlink()
        return self._at["backup.pack"] - started

    def packed(self) -> float:
        """Return the seconds of the last zip: written, and read again to verify it."""
        return self._at["end"] - self._at["backup.pack"]

    def _note(self, phase: str, _done: int = 0, _total: int = 0) -> None:
        self._at[phase] = time.perf_counter()

    def close(self) -> None:
        self._engine.dispose()


def measure(folder: Path, database: Path) -> list[Row]:
    """Return the rows of the table."""
    backups = Backups(folder, database)
    checked, packed, limit = alternated(
        TIMES, backups.run, backups.packed, lambda: _limit(database, folder / "copy.db")
    )
    backups.close()
    limit_of, whole = "VACUUM INTO, quick_check, foreign_key_check, SHA-256", files.size(database)
    return [
        against("Backup: the copy, checked and counted", checked, limit, limit_of),
        against("Backup: the zip, written and verified by reading it again", packed, limit, "the same"),
        against("Backup: all of it", checked + packed, limit, "the same"),
        Row(
            "Backup: size of the zip",
            f"{backups.size / 1e6:,.0f} MB",
            f"{whole / 1e6:,.0f} MB (the database)",
            backups.size / whole,
        ),
    ]


def _limit(database: Path, copy: Path) -> float:
    started = time.perf_counter()
    with closing(sqlite.connect(database)) as live:
        live.execute("VACUUM INTO ?", (str(copy),))
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("PRAGMA quick_check").fetchall()
        connection.execute("PRAGMA foreign_key_check").fetchall()
    with copy.open("rb") as file:
        hashlib.file_digest(file, "sha256").hexdigest()
    took = time.perf_counter() - started
    copy.unlink()
    return took
