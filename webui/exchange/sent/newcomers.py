"""The rows of a sheet that nobody was sent in, as a file of their own.

It is planned as the import of any other, but beside people as the edits of the sheet leave them.
"""

import csv
import hashlib
import json
from collections.abc import Collection, Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Self

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from webui.exchange import importing, left_out, matching
from webui.exchange.importing import no_step
from webui.exchange.plan import Plan, as_json, beside
from webui.exchange.rules import MINE, Rules
from webui.exchange.sent import writing
from webui.exchange.sent.comparison import Comparison
from webui.exchange.sent.writing import Form
from webui.exchange.staging import Step
from webui.store.errors import Message
from webui.store.ledger import sqlite
from webui.store.ledger.operations import operation

# Someone who is here, unless they came in by this very row before.
_LOST = """
SELECT s.position, u.uid FROM staged s JOIN live.users u ON u.id = s.user_id
WHERE s.verdict = 'same' AND NOT EXISTS (
  SELECT 1 FROM live.sources x JOIN staged_raw r USING (raw_hash)
  WHERE r.position = s.position AND x.user_id = s.user_id)
"""


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

    def add(self, cells: Sequence[str]) -> int:
        """Write a row and return its position among them."""
        self._writer.writerow(cells)
        self.count += 1
        return self.count - 1


def plan(
    engine: Engine, comparison: Comparison, scratch: Path, *, dates: str | None = None, step: Step = no_step
) -> Plan | None:
    """Plan the import of whoever is new in a sheet, None where nobody is; `dates` was answered to come first
    in their dates, without which those that nobody edited say it. Raises what `importing.plan` raises."""
    if not (file := comparison.about("new")):
        return None
    how = Rules(MINE)  # whoever is here keeps what is here: the sheet is older than that
    dates = dates or comparison.about("order")
    made = importing.plan(
        engine, Path(file), scratch, name=comparison.about("name"), dates=dates, how=how, step=step
    )
    try:
        _judge_matched(engine, comparison, made, step)
    except BaseException:
        made.close()
        raise
    return made


def judge(engine: Engine, comparison: Comparison, plan: Plan, step: Step = no_step) -> None:
    """Say of each new row whether it is someone who is here, as if the edits that come in were in already.

    They are written in a copy of the database, which is gone afterwards. Nothing of that where the same edits
    of what people are known by come in as at the last time. A row of someone who is here, which lost the uid
    that says so, is refused: it can't be told what of it was edited.
    """
    if (edits := _hash(comparison.names())) != plan.about("beside"):
        _match(engine, comparison, plan, step)
        plan.note(seen=comparison.about("seen"), beside=edits)
    with beside(plan, str(engine.url.database)) as connection:
        lost = [
            (as_json(Message("sent.no_uid", {"uid": uid})), position)
            for position, uid in connection.execute(_LOST).fetchall()
        ]
        connection.executemany("UPDATE staged SET verdict = 'refused', reason = ? WHERE position = ?", lost)


def leave(engine: Engine, comparison: Comparison, plan: Plan, number: int) -> None:
    """Leave out a new row, by its number in the file of whoever is new. Raises NotFound."""
    left_out.leave(engine, plan, number)
    _judge_matched(engine, comparison, plan)


def leave_all(engine: Engine, comparison: Comparison, plan: Plan, numbers: Collection[int]) -> None:
    """Leave out rows of a plan that was made anew, as they were before."""
    if numbers:
        left_out.leave_all(engine, plan, numbers)
        _judge_matched(engine, comparison, plan)


def take(engine: Engine, comparison: Comparison, plan: Plan, number: int) -> None:
    """Take a row in again that was left out. Raises NotFound."""
    left_out.take(engine, plan, number)
    _judge_matched(engine, comparison, plan)


def _judge_matched(engine: Engine, comparison: Comparison, plan: Plan, step: Step = no_step) -> None:
    """Judge rows that were matched as if no edit came in."""
    plan.note(beside=_hash([]))
    judge(engine, comparison, plan, step)


def _match(engine: Engine, comparison: Comparison, plan: Plan, step: Step) -> None:
    copy = comparison.path.with_name("edited.sqlite")
    copy.touch(0o600)
    other = sqlite.engine(copy)
    try:
        step("import.match", 0, 0)
        with sqlite.told(), closing(sqlite.connect(str(engine.url.database))) as live:
            live.execute("VACUUM INTO ?", (str(copy),))
        with Session(other) as session, operation(session):
            writing.write(session, comparison.names(), 0, step, lambda *_stuck: None)
        matching.match(plan, str(copy))
    finally:
        other.dispose()
        for each in copy.parent.glob(f"{copy.name}*"):
            each.unlink()


def _hash(forms: Iterable[Form]) -> str:
    made = hashlib.sha256()
    for form in forms:
        made.update(json.dumps(form).encode())
    return made.hexdigest()
