"""What came of reading a damaged file, as figures and as a list that a person can read.

English on purpose, as the page inside a backup: it is read later, perhaps by someone else.
"""

import sqlite3
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from webui.safety import files
from webui.safety.salvage.found import Found
from webui.safety.salvage.records import Value
from webui.safety.salvage.writing import Told
from webui.store.models import kept, recorded
from webui.store.values import text

_LONGEST = 2_000  # letters of one value in the list


@dataclass
class Salvaged:
    """What is in the new file (`people` and `posts` outside the trash, `counts` by table) and what is not.

    `pages` of the tables could not be read. `gone` counts rows that are known to be missing, by table;
    of the tables `unsure` more may be. `earlier` counts rows that are only as history had them, `partial`
    names people of whom only the username and e-mail are left; `earlier_ids` are the ids of both, by table.
    `hanging` are rows whose parent is gone, `refused` those that fit nowhere: neither is in the new file.
    `faceless` counts posts by the id of someone who is gone, `doubtful` rows that hold letters nobody types.
    With a `new_origin` the database has another uid than its backups.
    """

    people: int = 0
    posts: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    pages: int = 0
    gone: Counter[str] = field(default_factory=Counter)
    unsure: list[str] = field(default_factory=list)
    earlier: Counter[str] = field(default_factory=Counter)
    earlier_ids: dict[str, set[int]] = field(default_factory=dict)
    partial: list[str] = field(default_factory=list)
    hanging: list[Told] = field(default_factory=list)
    refused: list[Told] = field(default_factory=list)
    operations_gone: int = 0
    history_cut: bool = False
    doubtful: Counter[str] = field(default_factory=Counter)
    new_origin: bool = False

    @property
    def faceless(self) -> Counter[int]:
        """How many posts there are of each person who is gone, by their id."""
        whose = (row.get("user_id") for table, row in self.hanging if table == "posts")
        return Counter(each for each in whose if isinstance(each, int))

    @property
    def trashed(self) -> dict[str, int]:
        """How many people are in the trash, and how many posts with them or by themselves, by table."""
        living = {"users": self.people, "posts": self.posts}
        return {table: self.counts.get(table, count) - count for table, count in living.items()}

    @property
    def whole(self) -> bool:
        """Whether nothing at all is known to be missing."""
        return not (self.pages or self.gone or self.unsure or self.hanging or self.refused or self.doubtful)

    def count(self, connection: sqlite3.Connection, tables: list[Found]) -> None:
        """Count what is in the new file, and the pages that could not be read."""
        names = {table.name for table in tables}
        self.counts = {
            table.name: connection.execute(f"SELECT count(*) FROM {table.name}").fetchone()[0]
            for table in (*recorded(), *kept())
            if table.name in names
        }
        for table in recorded():
            there = connection.execute(f"PRAGMA table_info({table.name})").fetchall()
            texts = [row[1] for row in there if row[2].upper().startswith("VARCHAR")]
            letters = " OR ".join(f'instr("{name}", char(0))' for name in texts) or "0"
            query = f"SELECT count(*) FROM {table.name} WHERE {letters}"
            if table.name in names and (found := connection.execute(query).fetchone()[0]):
                self.doubtful[table.name] = found
        self.pages = len({gap.number for table in tables for gap in table.tree.gaps})
        living = "SELECT count(*) FROM users WHERE deleted_at IS NULL"
        self.people = connection.execute(living).fetchone()[0]
        trash = connection.execute("SELECT 1 FROM pragma_table_info('posts') WHERE name = 'deleted_at'")
        alone = " AND posts.deleted_at IS NULL" if trash.fetchone() else ""
        self.posts = connection.execute(
            "SELECT count(*) FROM posts JOIN users ON users.id = user_id"
            f" WHERE users.deleted_at IS NULL{alone}"
        ).fetchone()[0]

    def lines(self, name: str) -> list[str]:
        """Return the list of what is missing from what was read of the file `name`."""
        said = [
            f"What could be read of {name}: {_counted(self.people, self.posts)}.",
            f"Pages that could not be read: {self.pages}.",
        ]
        if any(self.trashed.values()):
            said.insert(1, f"In the trash, besides: {_counted(*self.trashed.values())}.")
        said += [f"Known to be missing from {table}: {count}." for table, count in self.gone.items()]
        said += [f"More may be missing from {table}." for table in self.unsure]
        said += [
            f"Of {table}, {count} could only be read as history had them: later changes are missing."
            for table, count in self.earlier.items()
        ]
        said += [f"Rows of {table} that look damaged: {count}." for table, count in self.doubtful.items()]
        if self.partial:
            said.append(f"Only a username, an e-mail or less is left of: {', '.join(self.partial)}.")
        if self.history_cut:
            said.append(
                f"History had gaps. Operations that can't be undone any more: {self.operations_gone}, "
                "or some that could not be read."
            )
        if self.new_origin:
            said.append("Which database this was could not be read: its backups count as another's.")
        said += [
            f"Someone (id {user_id}) is gone, but posts of theirs were read: {count}. They follow."
            for user_id, count in self.faceless.items()
        ]
        for title, rows in (
            ("Belonged to something that is gone, and is in no file but this list:", self.hanging),
            ("Fitted nowhere, and is in no file but this list:", self.refused),
        ):
            if rows:
                said += ["", title, *(_row(table, row) for table, row in rows)]
        return said


def _counted(people: int, posts: int) -> str:
    return f"{people} {'person' if people == 1 else 'people'} and {posts} {'post' if posts == 1 else 'posts'}"


def _row(table: str, row: dict[str, Value]) -> str:
    return f"{table}: " + ", ".join(
        f"{name}={_shown(value)}" for name, value in row.items() if value not in (None, "")
    )


def _shown(value: Value) -> str:
    if isinstance(value, bytes):
        return f"{len(value)} bytes" if len(value) > 100 else value.hex()
    said = " ".join(text.shown(value).split())
    return said if len(said) <= _LONGEST else said[:_LONGEST] + " …"


def keep(told: Salvaged, name: str, path: Path) -> Path:
    """Write the list beside what was rescued into `path`, as a private text file, and return where it is."""
    place = files.free_name(path.with_name(f"{path.stem} report.txt"))
    with files.told(place):
        said = "\n".join((*told.lines(name), ""))
        files.make_whole(place, lambda half: half.write_text(said, encoding="utf-8", errors="replace"))
    return place
