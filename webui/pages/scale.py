"""A scale of time that gives what is near more room: a year, a month, yesterday and today."""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from babel.dates import format_skeleton

from webui import filters
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


def place(parts: Sequence[Part], at: str) -> float:
    """Return where a UTC time lies on the scale, in hundredths of the whole."""
    return next((part for part in reversed(parts) if part.since <= at), parts[0]).place(at)


def parts(oldest: str) -> Iterator[Part]:
    """Yield the parts of the scale that have something in them: long ago, this month, yesterday, today.

    `oldest` is where it begins as UTC; where that is '' or still to come (a clock was set back), it begins
    yesterday.
    """
    now, today = times.now(), datetime.datetime.now().astimezone().date()
    first = oldest if "" < oldest < now else times.of_local(today - datetime.timedelta(1))
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


def labels(parts: Sequence[Part]) -> Iterator[tuple[float, str]]:
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
