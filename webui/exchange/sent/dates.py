"""Which of day and month comes first in a sheet that is back, as the days in it say that nobody edited."""

import json
import sqlite3

from webui.exchange import days
from webui.exchange.sent import reading
from webui.store.values.dates import parse


class Dates:
    """Which of day and month comes first in each column, by the days that are what was sent."""

    def __init__(self) -> None:
        self._seen: dict[str, set[str]] = {}

    def note(self, field: str, theirs: reading.Cell, sent: reading.Cell) -> None:
        """Take a cell into account that was not edited."""
        if theirs.either and sent.key in theirs.either:
            self._seen.setdefault(field, set()).add((days.DAY, days.MONTH)[theirs.either.index(sent.key)])
        elif theirs.order:
            self._seen.setdefault(field, set()).add(theirs.order)

    @property
    def order(self) -> str | None:
        """What comes first in the whole sheet, None where nothing says it: one program wrote it."""
        every = set[str]().union(*self._seen.values())
        return every.pop() if len(every) == 1 else None

    def settle(self, connection: sqlite3.Connection) -> None:
        """Let each edit that can be two days be the one that the others of its column say."""
        for position, field, either, mine in connection.execute(
            "SELECT position, field, either, mine FROM edits WHERE either IS NOT NULL"
        ).fetchall():
            order = self._seen.get(field, set())
            if len(order) == 1:
                day = json.dumps(json.loads(either)[days.MONTH in order])
                if json.dumps(parse(mine)) == day:  # as it was said
                    connection.execute(
                        "DELETE FROM edits WHERE position = ? AND field = ?", (position, field)
                    )
                    continue
                connection.execute(
                    "UPDATE edits SET form = ?1, theirs = json_extract(?1, '$'), either = NULL"
                    " WHERE position = ?2 AND field = ?3",
                    (day, position, field),
                )
