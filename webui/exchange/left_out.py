"""Rows that a person leaves out of an import: put aside with all that was staged of them, and taken in again.

What is aside is not in the plan: nobody is matched with it, and no username, e-mail or value that no two may
have is kept for it. Not for rows of which it is asked whose they are: see `Plan.choose`.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from webui.exchange import matching, mending, staging
from webui.exchange.plan import Plan
from webui.store.errors import NotFound

_SHOWN = """
SELECT s.position, s.line, s.file, coalesce(nullif(s.display_name, ''), s.wanted), s.organisation,
  (SELECT group_concat(email, ', ') FROM aside_staged_emails e WHERE e.position = s.position)
FROM aside_staged s WHERE s.position > ? ORDER BY s.position LIMIT ?
"""
_ROW = "file IS ? AND line = ? AND position IN (SELECT position FROM staged_raw WHERE raw_hash = ?)"
Row = tuple[str | None, int, bytes]  # in which file and line it stands, and the hash of its bytes


@dataclass(frozen=True)
class Shown:
    """A row that is left out, as a preview shows it."""

    position: int
    line: int
    file: str | None
    name: str
    organisation: str | None
    emails: str | None


def leave(engine: Engine, plan: Plan, position: int) -> None:
    """Put a new or changed row aside, and match the others without it. Raises NotFound."""
    query = "SELECT 1 FROM staged WHERE position = ? AND verdict IN ('new', 'changed')"
    if not plan.connection.execute(query, (position,)).fetchone():
        raise NotFound("rows", position)
    _move(plan, [position], "", "aside_")
    _again(engine, plan)


def take(engine: Engine, plan: Plan, position: int) -> None:
    """Take a row in again. Raises NotFound."""
    if not _are_any(plan) or not _is_aside(plan, position):
        raise NotFound("rows", position)
    _move(plan, [position], "aside_", "")
    _again(engine, plan, anew=True)


def count(plan: Plan) -> int:
    """Return how many are left out."""
    return len(positions(plan))


def beside(plan: Plan, position: int) -> int | None:
    """Return the position of the row behind one that left, of the one before where that was the last; None
    where there is no other."""
    row = plan.connection.execute(
        "SELECT coalesce((SELECT min(position) FROM staged WHERE position > ?1),"
        " (SELECT max(position) FROM staged WHERE position < ?1))",
        (position,),
    ).fetchone()
    return None if row[0] is None else int(row[0])


def positions(plan: Plan) -> list[int]:
    """Return the positions of those that are left out."""
    if not _are_any(plan):
        return []
    return [at for (at,) in plan.connection.execute("SELECT position FROM aside_staged ORDER BY position")]


def page(plan: Plan, after: int = -1, limit: int = 100) -> list[Shown]:
    """Return up to `limit` of them behind the position `after`."""
    return [Shown(*row) for row in plan.connection.execute(_SHOWN, (after, limit))] if _are_any(plan) else []


def of(path: Path) -> Sequence[Row]:
    """Return which they are in the plan at `path`, where there is one: a plan of the same file that is made
    anew can leave out the same."""
    if not path.exists():
        return []
    query = "SELECT s.file, s.line, r.raw_hash FROM aside_staged s JOIN aside_staged_raw r USING (position)"
    with Plan(path) as plan:
        return plan.connection.execute(query).fetchall() if _are_any(plan) else []


def leave_again(engine: Engine, plan: Plan, those: Collection[Row]) -> None:
    """Leave out the same of a plan that was made anew; what the file has not any more is no matter."""
    found = [
        position
        for each in those
        for (position,) in plan.connection.execute(f"SELECT position FROM staged WHERE {_ROW}", each)
    ]
    leave_all(engine, plan, found)


def leave_all(engine: Engine, plan: Plan, positions: Collection[int]) -> None:
    """Put rows aside, whatever becomes of them, and match the others without them."""
    if positions:
        _move(plan, positions, "", "aside_")
        _again(engine, plan)


def _again(engine: Engine, plan: Plan, *, anew: bool = False) -> None:
    """Judge the rows that are in the plan now; `anew` also whose country's their phones are."""
    staging.settle_dates(plan, mending.reader(plan), plan.about("options")["dates"])
    if anew:
        plan.note(region=None)
    matching.match(plan, str(engine.url.database))


def _move(plan: Plan, positions: Collection[int], start: str, end: str) -> None:
    connection = plan.connection
    connection.execute("BEGIN")
    for table in mending.TABLES:
        connection.execute(f"CREATE TABLE IF NOT EXISTS aside_{table} AS SELECT * FROM {table} WHERE 0")
        for position in positions:
            where = "WHERE position = ?"
            connection.execute(f"INSERT INTO {end}{table} SELECT * FROM {start}{table} {where}", (position,))
            connection.execute(f"DELETE FROM {start}{table} {where}", (position,))
    connection.execute("COMMIT")


def _are_any(plan: Plan) -> bool:
    query = "SELECT 1 FROM sqlite_master WHERE name = 'aside_staged'"
    return plan.connection.execute(query).fetchone() is not None


def _is_aside(plan: Plan, position: int) -> bool:
    query = "SELECT 1 FROM aside_staged WHERE position = ?"
    return plan.connection.execute(query, (position,)).fetchone() is not None
