"""What came back in a sheet, in a scratch SQLite file: whose rows, their edits, and what was chosen.

Filled by `comparing`, carried out by `taking`. The database is not touched by it.
"""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from webui.exchange.noted import Noted
from webui.exchange.out.wanted import OWN
from webui.exchange.plan import as_json, as_message
from webui.store.errors import Message, NotFound

# Of an edit: it comes in; it is another one here since, and is asked about; something is in its way.
EDIT, CONFLICT, STUCK = "edit", "conflict", "stuck"
SHOWN = (EDIT, CONFLICT, STUCK)
THEIRS, MINE = "theirs", "mine"
KNOWN_BY = ("username", "email", "emails", "given")  # what tells whether a row is someone who is here
Form = tuple[int, int, list[tuple[str, Any]]]
_COMES_IN = "(e.state = 'edit' OR (e.state = 'conflict' AND e.choice = 'theirs'))"
_SCHEMA = """
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE people (position INTEGER PRIMARY KEY, line INTEGER, uid TEXT, user_id INTEGER, name TEXT,
  reason TEXT);
CREATE TABLE edits (position INTEGER, field TEXT, label TEXT, sent TEXT, theirs TEXT, mine TEXT, form TEXT,
  either TEXT, state TEXT, choice TEXT, reason TEXT, PRIMARY KEY (position, field)) WITHOUT ROWID;
CREATE INDEX edits_state ON edits (state, position);
"""


@dataclass(frozen=True)
class Edit:
    """A cell that was edited: its `field` and what that is called, what was sent, what stands there now, and
    what is here. `reason` says what is in the way of it."""

    field: str
    label: str
    sent: str
    theirs: str
    mine: str
    state: str
    choice: str
    reason: Message | None


@dataclass(frozen=True)
class Row:
    """A row of the sheet that has edits, or a reason why nothing of it is taken."""

    position: int
    line: int
    user_id: int | None
    name: str
    reason: Message | None
    edits: Sequence[Edit]


class Comparison(Noted):
    """A comparison at `path`; close it."""

    SCHEMA = _SCHEMA

    @classmethod
    def made(cls, path: Path, **about: Any) -> Self:
        """Make an empty one at `path`, in place of any other."""
        path.unlink(missing_ok=True)
        return super().made(path, **about)

    def counts(self) -> dict[str, int]:
        """Return how many edits there are of each state; under STUCK also rows of which nothing is taken."""
        found = dict(self.connection.execute("SELECT state, count(*) FROM edits GROUP BY state").fetchall())
        alone = self.connection.execute(
            "SELECT count(*) FROM people p WHERE reason IS NOT NULL"
            " AND NOT EXISTS (SELECT 1 FROM edits e WHERE e.position = p.position)"
        ).fetchone()[0]
        return {state: found.get(state, 0) + (alone if state == STUCK else 0) for state in SHOWN}

    def will(self) -> tuple[int, int]:
        """Return how many edits come in, and of how many people."""
        count, people = self.connection.execute(
            "SELECT count(*), count(DISTINCT p.user_id) FROM edits e JOIN people p USING (position)"
            f" WHERE {_COMES_IN}"
        ).fetchone()
        return int(count), int(people)

    def forms(self) -> list[Form]:
        """Return (position, user_id, [(field, what a form says of it)]) of the edits that come in."""
        return self._forms("1")

    def names(self) -> list[Form]:
        """Return the same of what people are known by alone."""
        return self._forms(f"(e.field IN {KNOWN_BY} OR e.field GLOB '{OWN}*')")

    def _forms(self, which: str) -> list[Form]:
        found: dict[tuple[int, int], list[tuple[str, Any]]] = {}
        for position, user_id, field, form in self.connection.execute(
            "SELECT e.position, p.user_id, e.field, e.form FROM edits e JOIN people p USING (position)"
            f" WHERE {_COMES_IN} AND {which} ORDER BY e.position"
        ):
            found.setdefault((position, user_id), []).append((field, json.loads(form)))
        return [(*who, forms) for who, forms in found.items()]

    def page(self, state: str = "", after: int = -1, limit: int = 100) -> list[Row]:
        """Return up to `limit` rows behind the position `after`: those with something of a state, or all."""
        which = (
            "1"
            if not state
            else "EXISTS (SELECT 1 FROM edits e WHERE e.position = p.position AND e.state = :state)"
        )
        if state == STUCK:
            which = f"(p.reason IS NOT NULL OR {which})"
        rows = self.connection.execute(
            "SELECT position, line, user_id, name, reason FROM people p"
            f" WHERE {which} AND position > :after ORDER BY position LIMIT :limit",
            {"state": state, "after": after, "limit": limit},
        ).fetchall()
        return [
            Row(position, line, user_id, name, _message(reason), self._edits(position))
            for position, line, user_id, name, reason in rows
        ]

    def choose(self, position: int, field: str, choice: str) -> None:
        """Answer a conflict: THEIRS or MINE. Raises NotFound, ValueError."""
        if choice not in (THEIRS, MINE):
            raise ValueError(choice)
        found = self.connection.execute(
            "UPDATE edits SET choice = ? WHERE position = ? AND field = ? AND state = 'conflict'",
            (choice, position, field),
        )
        if not found.rowcount:
            raise NotFound("rows", position)

    def choose_all(self, choice: str) -> None:
        """Answer all conflicts alike."""
        self.connection.execute("UPDATE edits SET choice = ? WHERE state = 'conflict'", (choice,))

    def stick(self, position: int, field: str, reason: Message) -> None:
        """Note what is in the way of an edit, which is not taken then."""
        self.connection.execute(
            "UPDATE edits SET state = 'stuck', reason = ? WHERE position = ? AND field = ?",
            (as_json(reason), position, field),
        )

    def _edits(self, position: int) -> list[Edit]:
        rows: list[tuple[Any, ...]] = self.connection.execute(
            "SELECT field, label, sent, theirs, mine, state, choice, reason FROM edits WHERE position = ?",
            (position,),
        ).fetchall()
        return [
            Edit(row[0], row[1], row[2], row[3], row[4], row[5], row[6], _message(row[7])) for row in rows
        ]


def take_in(
    connection: sqlite3.Connection, people: Sequence[tuple[Any, ...]], edits: Sequence[tuple[Any, ...]]
) -> None:
    """Insert rows of the two tables."""
    connection.executemany("INSERT INTO people VALUES (?, ?, ?, ?, ?, ?)", people)
    connection.executemany(f"INSERT INTO edits VALUES ({', '.join('?' * 11)})", edits)


def _message(kept: str | None) -> Message | None:
    return as_message(json.loads(kept)) if kept else None
