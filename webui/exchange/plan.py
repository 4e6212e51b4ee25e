"""What an import would do, in a scratch SQLite file: the rows, a verdict each, and what the person chose.

The database is not touched by a plan. `staging` fills it, `matching` judges it, `importing` carries it out.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from webui.exchange import lists, schema
from webui.exchange.columns import Column
from webui.exchange.noted import Noted
from webui.exchange.schema import FIELDS
from webui.store.errors import Message, NotFound
from webui.store.ledger import sqlite
from webui.store.values import names

VERDICTS = ("new", "changed", "same", "question", "refused")
DOUBTFUL = "doubtful"  # not a verdict: rows of any with a warning
ADDED = "added"  # nor this: rows that will add someone, as far as was answered
IS_DOUBTFUL = "warnings IS NOT NULL AND verdict <> 'refused'"
CHOICES = ("second", "same", "skip")  # of a question; the first is safe: nobody's data is touched

_SHOWN = f"""SELECT position, line, verdict, reason, matched, user_id, twin, changes, choice, does, warnings,
  keeps, kept, stays, file, username, {", ".join(FIELDS)} FROM staged"""
_SETTLE = """
UPDATE staged SET whom_user = user_id, whom_row = NULL, does = CASE
  WHEN verdict = 'new' THEN 'add'
  WHEN verdict = 'changed' THEN 'change'
  WHEN verdict = 'question' AND choice = 'same' THEN 'change'
  WHEN verdict = 'question' AND choice IS NOT 'skip' THEN 'add' ELSE 'none' END
WHERE verdict <> 'new' OR does IS NOT 'add'
"""
_WITHOUT_EMAIL = """
SELECT count(*) FROM staged s WHERE does = 'add'
  AND NOT EXISTS (SELECT 1 FROM staged_emails e WHERE e.position = s.position AND e.main)
"""
_SHARING = f"""{_WITHOUT_EMAIL}
  AND EXISTS (SELECT 1 FROM staged_emails e WHERE e.position = s.position AND length(e.email) <= 120)
"""
_TWINS = """
SELECT s.position, s.twin, s.does, root.does, root.user_id
FROM staged s JOIN staged root ON root.position = s.twin ORDER BY s.position
"""


@dataclass(frozen=True)
class Planned:
    """A row as a preview shows it. `changes` maps a field to [old, new]; `emails` are pairs of label and
    address, `details` triples of list, label and text; for a change `new_emails`, `new_tags` and
    `new_details` are those that the person does not have yet, `replaced` what goes, or what another takes
    the place of: list, label, both as texts ("" for nothing); `beside` names the lists to which something
    is added of which nobody knows what such a file said before. `compared` tells that the person was looked
    at: whoever came from these very bytes may have been changed since. `kept` is what has no field,
    where nothing else is new: column, was, is ("" all three where no column tells it); `stays` tells that
    the file has something else than the person, which is not taken. `remaining` is what such a file had and
    this one has not, where it stays: list, label, text. `file` is whose line it is, where there are several.
    """

    position: int
    line: int
    verdict: str
    reason: Message | None
    matched: str | None
    user_id: int | None
    twin: int | None
    changes: Mapping[str, Sequence[str | None]]
    choice: str | None
    does: str
    warnings: Sequence[Message]
    keeps: bool
    values: Mapping[str, str]
    emails: Sequence[tuple[str, str]]
    tags: Sequence[str]
    details: Sequence[tuple[str, str, str]]
    new_emails: Sequence[str]
    new_tags: Sequence[str]
    new_details: Sequence[tuple[str, str, str]]
    replaced: Sequence[tuple[str, str, str, str]]
    beside: Sequence[str]
    compared: bool
    kept: Sequence[tuple[str, str, str]]
    stays: bool
    remaining: Sequence[tuple[str, str, str]]
    file: str

    @property
    def name(self) -> str:
        """What the row's person is called."""
        return self.values.get("display_name") or names.display(self.values)


class Plan(Noted):
    """A plan at `path`. Made by `importing.plan`, opened again by `Plan(path)`; close it."""

    SCHEMA = schema.SCHEMA

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.connection.create_function("detail_key", -1, lists.key, deterministic=True)
        self.connection.execute(f"PRAGMA cache_size={sqlite.WRITER_CACHE}")  # rows are changed in any order

    @property
    def columns(self) -> list[Column]:
        """The columns of the file and where they go."""
        return [Column(**column) for column in self.about("columns")]

    def counts(self) -> dict[str, int]:
        """Return how many rows have each verdict; all verdicts are there."""
        found = self.connection.execute("SELECT verdict, count(*) FROM staged GROUP BY verdict").fetchall()
        return {verdict: dict(found).get(verdict, 0) for verdict in VERDICTS}

    def doubtful(self) -> int:
        """Return how many rows that are no refused ones have a warning."""
        found = self.connection.execute(f"SELECT count(*) FROM staged WHERE {IS_DOUBTFUL}")
        return int(found.fetchone()[0])

    def will(self) -> dict[str, int]:
        """Return how many rows will add someone, change someone, and do nothing."""
        found = dict(self.connection.execute("SELECT does, count(*) FROM staged GROUP BY does").fetchall())
        return {does: found.get(does, 0) for does in ("add", "change", "none")}

    def without_email(self) -> int:
        """Return how many of those who would be added have no e-mail of their own."""
        return int(self.connection.execute(_WITHOUT_EMAIL).fetchone()[0])

    def sharing_email(self) -> int:
        """Return how many of those have one that is another's main e-mail, here or in the file."""
        return int(self.connection.execute(_SHARING).fetchone()[0])

    def page(self, verdict: str | None = None, after: int = -1, limit: int = 100) -> list[Planned]:
        """Return up to `limit` rows behind the position `after`: of one verdict, DOUBTFUL or ADDED ones, or
        all."""
        more = {None: "1", DOUBTFUL: IS_DOUBTFUL, ADDED: "does = 'add'"}
        where = more.get(verdict or None, "verdict = :verdict")
        rows = self.connection.execute(
            f"{_SHOWN} WHERE {where} AND position > :after ORDER BY position LIMIT :limit",
            {"verdict": verdict, "after": after, "limit": limit},
        ).fetchall()
        return [self._planned(row) for row in rows]

    def choose(self, position: int, choice: str) -> None:
        """Answer the question of a row: `second`, `same` or `skip`. Raises NotFound, ValueError."""
        if choice not in CHOICES:
            raise ValueError(choice)
        changed = self.connection.execute(
            "UPDATE staged SET choice = ? WHERE position = ? AND verdict = 'question'", (choice, position)
        )
        if not changed.rowcount:
            raise NotFound("rows", position)
        self.settle()

    def choose_again(self, choices: Iterable[tuple[int, str]]) -> None:
        """Answer the same questions of rows, by position, as far as they are still asked."""
        query = "UPDATE staged SET choice = ? WHERE position = ? AND verdict = 'question'"
        self.connection.executemany(query, [(choice, position) for position, choice in choices])
        self.settle()

    def settle(self) -> None:
        """Say of each row what it does and to whom, after matching or a choice."""
        self.connection.execute("BEGIN")
        self.connection.execute(_SETTLE)
        homes: dict[int, tuple[str, int | None, int | None]] = {}
        for position, twin, does, root_does, root_user in self.connection.execute(_TWINS).fetchall():
            if does == "change":  # goes where the row goes that it is a twin of
                whom = (root_user, None) if root_user is not None else (None, twin)
                known = homes.get(twin, (root_does, *(whom if root_does == "change" else (None, twin))))
                homes[position] = ("none" if known[0] == "none" else "change", *known[1:])
        self.connection.executemany(
            "UPDATE staged SET does = ?, whom_user = ?, whom_row = ? WHERE position = ?",
            [(*home, position) for position, home in homes.items()],
        )
        self.connection.execute("COMMIT")

    def _planned(self, row: Sequence[Any]) -> Planned:
        position, line, verdict, reason, matched, user_id, twin, changes, choice, does = row[:10]
        warnings, keeps, kept, stays, file = row[10:15]
        shown = zip(("username", *FIELDS), row[15:], strict=True)
        emails = self.connection.execute(
            "SELECT label, email, had FROM staged_emails WHERE position = ? ORDER BY rank", (position,)
        ).fetchall()
        tags = self.connection.execute(
            "SELECT t.name, s.had FROM staged_tags s JOIN tag_names t USING (name_key) WHERE position = ?",
            (position,),
        ).fetchall()
        details = list(self._details(position))
        replaced = self.connection.execute(
            "SELECT list, called, was, now FROM replaced WHERE position = ? ORDER BY rowid", (position,)
        ).fetchall()
        remaining = self.connection.execute(
            "SELECT list, called, was FROM remaining WHERE position = ? ORDER BY rowid", (position,)
        ).fetchall()
        beside = self.connection.execute("SELECT list FROM beside WHERE position = ?", (position,)).fetchall()
        swapped = {now for name, _called, _was, now in replaced if name == "tags"}
        return Planned(
            position, line, verdict, _message(reason), matched, user_id, twin, json.loads(changes or "{}"),
            choice, does, [found for each in json.loads(warnings or "[]") if (found := as_message(each))],
            bool(keeps), {name: value for name, value in shown if value is not None},
            [(label, email) for label, email, _had in emails], [name for name, _had in tags],
            [detail for detail, _had in details],
            [email for _label, email, had in emails if not had],
            [name for name, had in tags if not had and name not in swapped],
            [detail for detail, had in details if not had], replaced, [name for (name,) in beside],
            changes is not None, [tuple(each) for each in json.loads(kept or "[]")], bool(stays),
            remaining, file,
        )  # fmt: skip

    def _details(self, position: int) -> Iterator[tuple[tuple[str, str, str], int]]:
        for name, columns in lists.COLUMNS.items():
            for had, *values in self.connection.execute(
                f"SELECT had, {', '.join(columns)} FROM staged_{name} WHERE position = ? ORDER BY rank",
                (position,),
            ):
                row = dict(zip(columns, values, strict=True))
                yield (name, row["label"], lists.shown(name, row)), had


def as_json(message: Message) -> str:
    """Return a message as the scratch file keeps it."""
    return json.dumps([message.id, dict(message.values)], ensure_ascii=False)


def as_message(kept: Sequence[Any]) -> Message:
    """Return the message of what `as_json` wrote, read by json.loads."""
    return Message(kept[0], kept[1])


def _message(kept: str | None) -> Message | None:
    return as_message(json.loads(kept)) if kept else None


@contextmanager
def beside(plan: Plan, live: str) -> Iterator[sqlite3.Connection]:
    """Give the plan's connection with the database at `live` beside it, named `live`, for reading alone."""
    connection = plan.connection
    connection.execute("ATTACH ? AS live", (live,))
    try:
        yield connection
    finally:
        if connection.in_transaction:
            connection.execute("COMMIT")
        connection.execute("DETACH live")
