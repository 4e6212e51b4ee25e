"""What came back in a sheet, in a scratch SQLite file: whose rows, their edits, and what was chosen.

Filled by `comparing`, carried out by `taking`. The database is not touched by it.
"""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, Self

from webui.exchange import days
from webui.exchange.noted import Noted
from webui.exchange.out.wanted import OWN
from webui.exchange.plan import as_json, as_message
from webui.exchange.sent.writing import Form
from webui.store.errors import Message, NotFound

# Of an edit: it comes in; it is another one here since, and is asked about; something is in its way.
EDIT, CONFLICT, STUCK = "edit", "conflict", "stuck"
SHOWN = (EDIT, CONFLICT, STUCK)
ANSWERED = "answered"  # not of an edit: rows of which the person said whose they are
THEIRS, MINE = "theirs", "mine"
_SLICE = 500  # people whose edits are read at once
KNOWN_BY = ("username", "email", "emails", "given")  # what tells whether a row is someone who is here
_CAN = "{state} IN ('edit', 'conflict')"
_WANTED = f"({_CAN} AND e.choice = 'theirs')"
_COMES_IN = _WANTED.format(state="e.state")
_STATE = "coalesce(e.was, e.state)"  # `was` is that of an edit which can come in once others do or do not
_ANSWERABLE = _CAN.format(state=_STATE)
_TWO_DAYS = f"(either IS NOT NULL AND {_CAN.format(state='state')})"
_SCHEMA = """
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE people (position INTEGER PRIMARY KEY, line INTEGER, uid TEXT, user_id INTEGER, name TEXT,
  reason TEXT, answered INTEGER);
CREATE TABLE edits (position INTEGER, field TEXT, label TEXT, sent TEXT, theirs TEXT, mine TEXT, form TEXT,
  either TEXT, state TEXT, choice TEXT, reason TEXT, at INTEGER, was TEXT,
  PRIMARY KEY (position, field)) WITHOUT ROWID;
CREATE TABLE newcomers (number INTEGER PRIMARY KEY, position INTEGER, line INTEGER);
CREATE TABLE found (uid TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE missing (uid TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE INDEX newcomers_position ON newcomers (position);
CREATE INDEX edits_state ON edits (state, position);
"""


@dataclass(frozen=True)
class Edit:
    """A cell that was edited: its `field` and what that is called, what was sent, what is taken of what
    stands there now, and what is here. `choice` is which is wanted, `reason` what is in the way of it."""

    field: str
    label: str
    sent: str
    theirs: str
    mine: str
    state: str
    choice: str
    reason: Message | None
    asked: bool


@dataclass(frozen=True)
class Row:
    """A row of the sheet that has edits, or a reason why nothing of it is taken, or of which was `answered`
    whose it is."""

    position: int
    line: int
    user_id: int | None
    name: str
    reason: Message | None
    answered: bool
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
        """Return how many edits there are of each state.

        Under STUCK also rows of which nothing is taken; under CONFLICT also those that clash as answered.
        """
        found = dict(
            self.connection.execute(
                "SELECT state, count(*) FROM edits GROUP BY state"
                " UNION ALL SELECT 'asked', count(*) FROM edits WHERE was = 'conflict'"
            ).fetchall()
        )
        alone = self.connection.execute(
            "SELECT count(*) FROM people p WHERE reason IS NOT NULL"
            " AND NOT EXISTS (SELECT 1 FROM edits e WHERE e.position = p.position)"
        ).fetchone()[0]
        more = {STUCK: alone, CONFLICT: found.get("asked", 0)}
        return {state: found.get(state, 0) + more.get(state, 0) for state in SHOWN}

    def will(self) -> tuple[int, int]:
        """Return how many edits come in, and of how many people."""
        count, people = self.connection.execute(
            "SELECT count(*), count(DISTINCT p.user_id) FROM edits e JOIN people p USING (position)"
            f" WHERE {_COMES_IN}"
        ).fetchone()
        return int(count), int(people)

    def forms(self) -> Iterator[Form]:
        """Yield (position, user_id, [(field, what a form says of it)]) of the edits that come in."""
        return self._forms(_COMES_IN)

    def conflicts(self) -> Iterator[Form]:
        """Yield the same of conflicts of which mine stays."""
        return self._forms("e.state = 'conflict' AND e.choice = 'mine'")

    def names(self) -> Iterator[Form]:
        """Yield the same of what people are known by alone, with what others are in the way of."""
        known_by = f"(e.field IN {KNOWN_BY} OR e.field GLOB '{OWN}*')"
        return self._forms(f"{_WANTED.format(state=_STATE)} AND {known_by}")

    def _forms(self, which: str) -> Iterator[Form]:
        """Yield forms, read in slices: what is stuck meanwhile was read already."""
        slice_ = (
            f"SELECT DISTINCT position FROM edits e WHERE {which} AND position > :after"
            f" ORDER BY position LIMIT {_SLICE}"
        )
        after = -1
        while rows := self.connection.execute(
            "SELECT e.position, p.user_id, e.field, e.form FROM edits e JOIN people p USING (position)"
            f" WHERE {which} AND e.position IN ({slice_}) ORDER BY e.position",
            {"after": after},
        ).fetchall():
            for (after, user_id), cells in groupby(rows, key=itemgetter(0, 1)):
                yield after, user_id, [(field, json.loads(form)) for _position, _user, field, form in cells]

    def page(self, state: str = "", after: int = -1, limit: int = 100) -> list[Row]:
        """Return up to `limit` rows behind the position `after`: those with something of a state, ANSWERED
        ones, or all."""
        which = (
            "1"
            if not state
            else "EXISTS (SELECT 1 FROM edits e WHERE e.position = p.position AND :state IN (e.state, e.was))"
        )
        if state == STUCK:
            which = f"(p.reason IS NOT NULL OR {which})"
        if state == ANSWERED:
            which = "p.answered"
        rows = self.connection.execute(
            "SELECT position, line, user_id, name, reason, answered FROM people p"
            f" WHERE {which} AND position > :after ORDER BY position LIMIT :limit",
            {"state": state, "after": after, "limit": limit},
        ).fetchall()
        return [
            Row(position, line, user_id, name, _message(reason), bool(answered), self._edits(position))
            for position, line, user_id, name, reason, answered in rows
        ]

    def choose(self, position: int, field: str, choice: str) -> None:
        """Say of an edit or a conflict which is wanted: THEIRS or MINE. Raises NotFound, ValueError."""
        if choice not in (THEIRS, MINE):
            raise ValueError(choice)
        found = self.connection.execute(
            f"UPDATE edits AS e SET choice = ? WHERE position = ? AND field = ? AND {_ANSWERABLE}",
            (choice, position, field),
        )
        if not found.rowcount:
            raise NotFound("rows", position)

    def choose_all(self, choice: str) -> None:
        """Answer all conflicts alike."""
        self.connection.execute(f"UPDATE edits AS e SET choice = ? WHERE {_STATE} = 'conflict'", (choice,))

    def stick(self, position: int, field: str, reason: Message, clash: bool) -> None:
        """Note what is in the way of an edit, which is not taken then; a clash with what someone else has may
        be gone another time. That it can be two days is asked."""
        self.connection.execute(
            "UPDATE edits SET was = CASE WHEN ? THEN state END, state = 'stuck', reason = ?"
            f" WHERE position = ? AND field = ? AND NOT (? = 'date.either' AND {_TWO_DAYS})",
            (clash, as_json(reason), position, field, reason.id),
        )

    def question(self) -> Message | None:
        """Return `import.dates` where edits can be two days and nothing says which, else None."""
        row = self.connection.execute(
            f"SELECT label, theirs, either FROM edits WHERE {_TWO_DAYS}"
            " AND (state, choice) <> ('edit', 'mine') ORDER BY position, at LIMIT 1"
        ).fetchone()
        if not row or self.about("dates"):
            return None
        one, other = json.loads(row[2])
        return Message("import.dates", {"column": row[0], "value": row[1], "one": one, "other": other})

    def settle_dates(self, order: str) -> None:
        """Let the edits that can be two days be the one with the day, or the month, first."""
        which = f"'$[{int(order == days.MONTH)}]'"
        self.connection.execute(
            f"UPDATE edits SET form = json_quote(json_extract(either, {which})) WHERE {_TWO_DAYS}"
        )
        self.note(dates=order)

    def unstick(self) -> None:
        """Let edits that clashed come in again as far as they can."""
        self.connection.execute(
            "UPDATE edits SET state = was, was = NULL, reason = NULL WHERE was IS NOT NULL"
        )

    def _edits(self, position: int) -> list[Edit]:
        rows: list[tuple[Any, ...]] = self.connection.execute(
            "SELECT field, label, sent, CASE WHEN ? AND either IS NOT NULL THEN json_extract(form, '$')"
            f" ELSE theirs END, mine, state, choice, reason, {_STATE} = 'conflict' FROM edits e"
            " WHERE position = ? ORDER BY at",
            (bool(self.about("dates")), position),
        ).fetchall()
        return [
            Edit(row[0], row[1], row[2], row[3], row[4], row[5], row[6], _message(row[7]), bool(row[8]))
            for row in rows
        ]


def tells_who(field: str) -> bool:
    """Tell whether a field can be what people are known by: what it says may be in another row's way."""
    return field in KNOWN_BY or field.startswith(OWN)


def take_in(
    connection: sqlite3.Connection,
    people: Sequence[tuple[Any, ...]],
    edits: Sequence[tuple[Any, ...]],
    newcomers: Sequence[tuple[int, int, int]],
) -> None:
    """Insert rows of the three tables."""
    connection.executemany("INSERT INTO people VALUES (?, ?, ?, ?, ?, ?, ?)", people)
    connection.executemany(f"INSERT INTO edits VALUES ({', '.join('?' * 12)}, NULL)", edits)
    connection.executemany("INSERT INTO newcomers VALUES (?, ?, ?)", newcomers)


def _message(kept: str | None) -> Message | None:
    return as_message(json.loads(kept)) if kept else None
