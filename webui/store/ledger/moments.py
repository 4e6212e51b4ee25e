"""The moments that history knows: one after each operation, undoing ones included, and one before the first.

They are named by the id of the operation; the one before the first that there is by the last that was let
go (see `horizon`), 0 for none. Not for going there: see `safety.past`.
"""

import bisect
import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from webui.store import errors
from webui.store.ledger import fetching, horizon
from webui.store.ledger.history import connection_of
from webui.store.values import dates, spans, times
from webui.store.values.text import shown

_EARLIEST = datetime.datetime(1970, 1, 2)


@dataclass(frozen=True)
class Moment:
    """What an operation left: its id and UTC time; (0, '') before anything was done."""

    id: int
    at: str


def find(session: Session, moment_id: int) -> Moment | None:
    """Return the moment after an operation, None where there is no such one."""
    first = begin(session)
    return first if moment_id == first.id else _one(session, "id = :id", id=moment_id)


def typed(session: Session, words: str, today: datetime.date, near: spans.Near) -> tuple[Moment, str]:
    """Return the last moment of what was typed (see `values.spans`), and its time as UTC.

    Raises Refused for what can't be read, and for what lies before history begins.
    """
    end = spans.end(words, today, near)
    if end is None:
        fault = dates.fault(words)
        either = fault if fault and fault.id == "date.either" else None
        raise errors.Refused(either or errors.Message("moment.unread", {"typed": words}))
    now = datetime.datetime.now()
    end = min(max(end, _EARLIEST), now + datetime.timedelta(1))  # what every clock can be asked for
    last = min(end, now) - datetime.timedelta(seconds=1)
    first = begin(session)
    if first.id and times.of_clock(end) <= first.at:
        raise errors.Refused(errors.Message("moment.too_early", {"at": first.at}))
    return until(session, times.of_clock(end)), times.of_clock(last)


def begin(session: Session) -> Moment:
    """Return the earliest moment: before the first operation that there is."""
    return Moment(*horizon.begin(connection_of(session)))


def until(session: Session, at: str) -> Moment:
    """Return the last moment before a UTC time."""
    return _one(session, "at < :at ORDER BY id DESC", at=at) or begin(session)


def newest(session: Session) -> Moment:
    """Return the moment that is now."""
    return _one(session, "1 ORDER BY id DESC") or begin(session)


def oldest(session: Session) -> Moment:
    """Return the moment after the first operation that there is, of those whose time can be read."""
    return _readable(session, "1 ORDER BY id") or begin(session)


def placed(session: Session, moment_id: int) -> str:
    """Return the UTC time of a moment, or of the last before it whose time can be read; '' where none can.

    Another program may have written any.
    """
    found = _readable(session, "id <= :id ORDER BY id DESC", id=moment_id)
    return found.at if found else ""


def number(session: Session, moment_id: int) -> int:
    """Return how many operations were done by a moment."""
    row = connection_of(session).execute("SELECT count(*) FROM operations WHERE id <= ?", (moment_id,))
    return int(row.fetchone()[0])


def step(session: Session, moment_id: int, by: int) -> Moment:
    """Return the next moment (`by` is 1) or the one before (-1); the last and the first have none beyond."""
    if by > 0:
        return _one(session, "id > :id ORDER BY id", id=moment_id) or newest(session)
    return _one(session, "id < :id ORDER BY id DESC", id=moment_id) or begin(session)


def spread(session: Session, bounds: Sequence[str]) -> Sequence[Moment]:
    """Return the last moment from each UTC time to before the next, of those times that have one.

    Read in one go: operations have no index by time, and a clock that was set back leaves none by number.
    """
    found: dict[int, tuple[int, str]] = {}
    query = "SELECT id, at FROM operations WHERE at >= ? AND typeof(at) = 'text' ORDER BY id DESC"
    for row in fetching.fetched(connection_of(session), query, bounds[:1]):
        part = bisect.bisect_right(bounds, row[1])
        if part not in found and times.is_moment(row[1]):
            found[part] = row
    return [Moment(*row) for row in reversed(found.values())]


def _one(session: Session, where: str, **values: object) -> Moment | None:
    return next(_each(session, where, values), None)


def _readable(session: Session, where: str, **values: object) -> Moment | None:
    return next((each for each in _each(session, where, values) if times.is_moment(each.at)), None)


def _each(session: Session, where: str, values: Mapping[str, object]) -> Iterator[Moment]:
    rows = connection_of(session).execute(f"SELECT id, at FROM operations WHERE {where}", values)
    return (Moment(row_id, shown(at)) for row_id, at in rows)
