"""What a plan has to tell of its file and of rows that are not refused: doubts, usernames that were taken.

Not for verdicts and counts of rows: those are the plan's own.
"""

import json
from collections.abc import Sequence

from webui.exchange.plan import IS_DOUBTFUL, Plan, as_message
from webui.store.errors import Message

_RENAMED = "does = 'add' AND username <> wanted"


def of_file(plan: Plan) -> list[Message]:
    """Return the warnings of the file as a whole."""
    return [as_message(json.loads(kept)) for kept in plan.about("doubts") or ()]


def warning_counts(plan: Plan) -> dict[str, int]:
    """Return how many rows of `plan.doubtful` have each warning, by message id."""
    return dict(
        plan.connection.execute(
            "SELECT json_extract(w.value, '$[0]'), count(*) FROM staged, json_each(warnings) w"
            f" WHERE {IS_DOUBTFUL} GROUP BY 1 ORDER BY 1"
        ).fetchall()
    )


def warnings(plan: Plan, limit: int) -> list[tuple[int, str, Message]]:
    """Return the first `limit` warnings of those rows, each with the row's line and its file, where there are
    several."""
    found = plan.connection.execute(
        "SELECT line, file, w.value FROM staged, json_each(warnings) w"
        f" WHERE {IS_DOUBTFUL} ORDER BY position, w.key LIMIT ?",
        (limit,),
    )
    return [(line, file, as_message(json.loads(kept))) for line, file, kept in found]


def renamed_count(plan: Plan) -> int:
    """Return how many who are added get another username than they want, for that one is taken."""
    return int(plan.connection.execute(f"SELECT count(*) FROM staged WHERE {_RENAMED}").fetchone()[0])


def renamed(plan: Plan, limit: int) -> list[tuple[int, str, Message]]:
    """Return (line, file, message with `wanted` and `username`) of the first `limit` of them."""
    found = plan.connection.execute(
        f"SELECT line, file, wanted, username FROM staged WHERE {_RENAMED} ORDER BY position LIMIT ?",
        (limit,),
    )
    return [(line, file, _renamed(wanted, username)) for line, file, wanted, username in found]


def renamed_at(plan: Plan, positions: Sequence[int]) -> dict[int, Message]:
    """Return the message of each of them among the rows at `positions`, by position."""
    found = plan.connection.execute(
        f"SELECT position, wanted, username FROM staged WHERE {_RENAMED}"
        " AND position IN (SELECT value FROM json_each(?))",
        (json.dumps(positions),),
    )
    return {position: _renamed(wanted, username) for position, wanted, username in found}


def _renamed(wanted: str, username: str) -> Message:
    return Message("row.renamed", {"wanted": wanted, "username": username})
