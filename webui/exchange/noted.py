"""A scratch file that knows what it is about: that of a plan, or of a comparison. Not for what is in it."""

import json
from pathlib import Path
from typing import Any, ClassVar, Self

from webui.store.ledger import sqlite


class Noted:
    """A scratch SQLite file at `path`; close it. SCHEMA has a table `about` of names and values."""

    SCHEMA: ClassVar[str]

    def __init__(self, path: Path) -> None:
        self.path = path
        self.connection = sqlite.scratch(path)
        self.connection.execute("PRAGMA busy_timeout=5000")

    @classmethod
    def made(cls, path: Path, **about: Any) -> Self:
        """Make an empty one at `path`, which must not be there."""
        made = cls(path)
        made.connection.executescript(cls.SCHEMA)
        made.note(**about)
        return made

    def close(self) -> None:
        """Close the scratch file; it stays."""
        self.connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def note(self, **about: Any) -> None:
        """Keep what it is about: values that JSON can hold."""
        rows = [(name, json.dumps(value, ensure_ascii=False)) for name, value in about.items()]
        self.connection.executemany("INSERT OR REPLACE INTO about VALUES (?, ?)", rows)

    def about(self, name: str) -> Any:
        """Return what was noted under a name, or None."""
        row = self.connection.execute("SELECT value FROM about WHERE name = ?", (name,)).fetchone()
        return json.loads(row[0]) if row else None
