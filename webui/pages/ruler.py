"""The ruler of time: what was done since the beginning, on a scale that gives what is near more room."""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from babel.dates import format_skeleton
from flask import request
from flask_babel import gettext as _

from webui import addresses, database, filters, moments, words
from webui.pages.safety import backups_folder
from webui.safety import catalogue
from webui.store import settings
from webui.store.ledger import history
from webui.store.ledger import moments as known
from webui.store.ledger.moments import Moment
from webui.store.values import times

_DOTS = 0.6  # for each hundredth of the width
_LONG, _NEAR = 34, 16  # how much of the width each part gets, relative to the others


@dataclass(frozen=True)
class Part:
    """A part of the scale, even in itself: UTC times, where it begins and how wide it is, in hundredths."""

    since: str
    before: str
    x: float
    width: float

    def place(self, at: str) -> float:
        """Return where a time lies, in hundredths of the whole."""
        begin, end, it = (datetime.datetime.fromisoformat(each) for each in (self.since, self.before, at))
        share = (it - begin) / (end - begin) if end > begin else 0
        return round(self.x + self.width * min(max(share, 0), 1), 2)

    def bounds(self) -> Iterator[str]:
        """Yield the UTC times at which its equal parts begin, one for each dot that has room."""
        begin, end = (datetime.datetime.fromisoformat(each) for each in (self.since, self.before))
        count = max(round(self.width * _DOTS), 1)
        yield self.since
        yield from (times.written(begin + (end - begin) * number / count) for number in range(1, count))


@dataclass(frozen=True)
class Dot:
    """Something done, or the last of several that lie too near to each other."""

    id: int
    at: str
    x: float


@dataclass(frozen=True)
class Ruler:
    """What is drawn: dots, rings (place and UTC time of pinned backups), words under them, and the chosen
    moment: its place, its number of `count`, what stands in the field (`shown`), what was done last by then
    (`said`)."""

    dots: Sequence[Dot]
    rings: Sequence[tuple[float, str]]
    labels: Sequence[tuple[float, str]]
    moment: Moment
    x: float
    number: int
    count: int
    shown: str
    said: str
    is_now: bool


def of_request() -> Ruler | None:
    """Return the ruler at the moment that an address names, `step` or `day` away from it, or at the one
    looked at; None where nothing was done yet."""
    session = database.live()
    newest = known.newest(session)
    if not newest.id:
        return None
    looked = moments.looking()
    asked = addresses.number(request.args, "moment")
    if asked is None:
        asked = looked.operation if looked and "moment" not in request.args else newest.id
    moment = known.find(session, asked) or newest
    by, day = (request.args.get(name) for name in ("step", "day"))
    if by in ("1", "-1"):
        moment = known.step(session, moment.id, int(by))
    elif day == "1" and not moment.at:
        moment = known.step(session, moment.id, 1)
    elif day in ("1", "-1") and moment.at:
        moment = known.until(session, _a_day_away(moment.at, int(day)))
    return _ruler(moment, newest)


def _ruler(moment: Moment, newest: Moment) -> Ruler:
    session = database.live()
    parts = list(_parts(known.oldest(session).at))
    bounds = [bound for part in parts for bound in part.bounds()]
    dots = [Dot(each.id, each.at, _place(parts, each.at)) for each in known.spread(session, bounds)]
    return Ruler(
        dots,
        [(_place(parts, at), at) for at in _pinned(parts[0].since)],
        list(_labels(parts)),
        moment,
        100 if moment == newest else _place(parts, moment.at) if moment.at else 0,
        known.number(session, moment.id),
        known.number(session, newest.id),
        filters.moment(moment.at) if moment.at else _("The beginning"),
        _said(moment),
        moment == newest,
    )


def _place(parts: Sequence[Part], at: str) -> float:
    return next((part for part in reversed(parts) if part.since <= at), parts[0]).place(at)


def _pinned(since: str) -> list[str]:
    """Return when the pinned backups of this roster were made, those in its backups folder."""
    uid = settings.uid(database.live())
    told = (each.told for each in catalogue.backups(backups_folder()))
    return [each.at for each in told if each and each.pinned and each.uid == uid and each.at >= since]


def _said(moment: Moment) -> str:
    """Return what was done last by a moment."""
    if not moment.id:
        return _("Before anything was done")
    if moment == known.begin(database.live()):
        return _("History reaches back to here")
    done, how = history.last_by(database.live(), moment.id)
    if done is None:
        return ""
    sentence = words.sentence(done.as_message())
    if how == "undo":
        return _("After undoing: %(what)s", what=sentence)
    return _("After redoing: %(what)s", what=sentence) if how else _("After: %(what)s", what=sentence)


def _a_day_away(at: str, by: int) -> str:
    """Return the end of the day before or after that of a moment, as UTC."""
    day = datetime.date.fromisoformat(filters.local_day(at))
    return times.of_local(day + datetime.timedelta(by + 1))


def _parts(oldest: str) -> Iterator[Part]:
    """Yield the parts of the scale that have something in them: long ago, this month, yesterday, today."""
    now, today = times.now(), datetime.datetime.now().astimezone().date()
    first = min(oldest, now)
    begin = [
        (first, _LONG),
        (times.of_local(today - datetime.timedelta(30)), _LONG),
        (times.of_local(today - datetime.timedelta(1)), _NEAR),
        (times.of_local(today), _NEAR),
    ]
    ends = [begin[1][0], begin[2][0], begin[3][0], max(now, begin[3][0])]
    shown = [
        (max(since, first), end, weight)
        for (since, weight), end in zip(begin, ends, strict=True)
        if end > first
    ]
    whole, x = sum(weight for _since, _end, weight in shown), 0.0
    for since, end, weight in shown:
        width = 100 * weight / whole
        yield Part(since, end, x, width)
        x += width


def _labels(parts: Sequence[Part]) -> Iterator[tuple[float, str]]:
    """Yield words and where they begin, none of them twice."""
    said = ""
    for part in parts:
        begin, end = (
            datetime.datetime.fromisoformat(each).astimezone() for each in (part.since, part.before)
        )
        days = (end - begin).days
        count = 4 if days > 3 else 1
        for number in range(count):
            at = begin + (end - begin) * number / count
            skeleton = "MMMd" if days <= 62 else "MMM" if number and days <= 400 else "yMMM"
            if (label := _label(at.date(), skeleton)) != said:
                said = label
                yield round(part.x + part.width * number / count, 2), label


def _label(day: datetime.date, skeleton: str) -> str:
    if 0 <= (filters.today() - day).days <= 1:
        return filters.ago(day.isoformat())
    return format_skeleton(skeleton, day, locale=filters.written())
