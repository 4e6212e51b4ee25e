"""The ruler of time: what was done since the beginning, on a scale that gives what is near more room."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import request
from flask_babel import gettext as _

from webui import addresses, database, filters, moments, words
from webui.pages import scale
from webui.pages.safety import places
from webui.safety import catalogue, pins
from webui.store import errors, settings
from webui.store.ledger import history
from webui.store.ledger import moments as known
from webui.store.ledger.moments import Moment
from webui.store.values import times

LONGEST = 80  # letters that are typed


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
    (`said`). Where something was typed that can't be gone to, the field holds that, and `fault` says why."""

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
    typed: str = ""
    fault: str = ""


def of_request() -> Ruler | None:
    """Return the ruler at the moment that an address names, `step` or `day` away from it, or at the one
    looked at; with what was `typed`, where that can't be gone to. None where nothing was done yet."""
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
    elif day in ("1", "-1") and times.is_moment(moment.at):
        moment = known.until(session, _a_day_away(moment.at, int(day)))
    elif day in ("1", "-1"):
        moment = known.step(session, moment.id, int(day))
    if when := request.args.get("typed", "").strip()[:LONGEST]:
        try:
            moment, _at = typed(when)
        except errors.Refused as error:
            return replace(_ruler(moment, newest), typed=when, fault=words.sentence(error.message))
    return _ruler(moment, newest)


def typed(when: str) -> tuple[Moment, str]:
    """Return the moment of what was typed, and its time as UTC. Raises Refused where it can't be gone to."""
    near = {_("Today").casefold(): 0, _("Yesterday").casefold(): 1, _("Now").casefold(): None}
    return known.typed(database.session(), when, filters.today(), near)


def _ruler(moment: Moment, newest: Moment) -> Ruler:
    session = database.live()
    parts, placed = list(scale.parts(known.oldest(session).at)), known.placed(session, moment.id)
    bounds = [bound for part in parts for bound in part.bounds()]
    dots = [Dot(each.id, each.at, scale.place(parts, each.at)) for each in known.spread(session, bounds)]
    return Ruler(
        dots,
        [(scale.place(parts, at), at) for at in _pinned(parts[0].since)],
        list(scale.labels(parts)),
        moment,
        100 if moment == newest else scale.place(parts, placed) if placed else 0,
        known.number(session, moment.id),
        known.number(session, newest.id),
        filters.moment(moment.at) if moment.at else _("The beginning"),
        _said(moment),
        moment == newest,
    )


def _pinned(since: str) -> list[str]:
    """Return when the pinned backups of this roster were made, those in its backups folder."""
    uid = settings.uid(database.live())
    where = places()
    ours = (each for each in catalogue.backups(where.first) if each.told and each.told.uid == uid)
    return [each.at for each in ours if each.at >= since and pins.is_pinned(each, where.pins)]


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
