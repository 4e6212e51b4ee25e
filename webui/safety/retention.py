"""Which backups may go: grandfather, father, son. Nothing goes that is pinned, or the newest verified one;
nor what was made before history was cut, which alone still has it.

Kept are the last 10, and the newest of each of the last 7 days, 4 weeks and 12 months that have any; besides
them, for 30 days, what was made before something large was done. Beyond a size the oldest of these go too.
"""

import datetime
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from webui.safety import catalogue, pins
from webui.safety.backup import Step, no_step
from webui.safety.catalogue import Backup

log = logging.getLogger(__name__)

LAST, DAYS, WEEKS, MONTHS = 10, 7, 4, 12
SAFETY_DAYS = 30
_NO_PINS: Mapping[str, bool] = {}


def thin(
    folder: Path,
    uid: str,
    limit: int,
    now: datetime.datetime,
    step: Step = no_step,
    pinned: Mapping[str, bool] = _NO_PINS,
) -> list[Path]:
    """Remove from `folder` what need not be kept of the database `uid`, and return what went.

    `limit` is in bytes, 0 for none; `pinned` is what was said of some, see `pins`. Damaged ones, those of
    newer Rosters and of other databases stay.
    """
    ours, all_ours = [], [each for each in catalogue.backups(folder) if each.told and each.told.uid == uid]
    for number, each in enumerate(all_ours):
        step("backup.thin", number, len(all_ours))  # each is read whole, once a run
        if each.sound:
            ours.append(each)
    gone = []
    for backup in superfluous(ours, limit, now, pinned):
        try:
            backup.path.unlink()
        except OSError as error:  # in use, or gone already: the next time is another
            log.warning("%s stays: %s", backup.name, error.strerror)
            continue
        log.info("removed %s: newer ones are kept", backup.name)
        gone.append(backup.path)
    return gone


def superfluous(
    backups: Sequence[Backup], limit: int, now: datetime.datetime, pinned: Mapping[str, bool] = _NO_PINS
) -> list[Backup]:
    """Return those of the sound `backups` of one database, newest first, that need not be kept.

    What a wrong clock dated in the future is no newest of anything, and goes first where room is short.
    """
    ahead = [each for each in backups if _moment(each) > now]
    past = [each for each in backups if _moment(each) <= now]
    newest = past[:1] or backups[:1]
    stay = {each.path for each in backups if is_held(each, now, pinned)}
    held = {*stay, *(each.path for each in newest)}
    # What stays anyway takes no place: ten imports a day must not use up the last ten.
    wanted = held.union(*(_by_age([each for each in of if each.path not in stay]) for of in (past, ahead)))
    kept = [each for each in backups if each.path in wanted]
    room = limit - sum(each.size for each in kept)
    leaving = [*(each for each in ahead if each in kept), *reversed([each for each in past if each in kept])]
    for backup in leaving if limit else []:
        if room >= 0:
            break
        if backup.path not in held:
            kept.remove(backup)
            room += backup.size
    left = {each.path for each in kept}
    return [each for each in backups if each.path not in left]


def is_held(backup: Backup, now: datetime.datetime, pinned: Mapping[str, bool] = _NO_PINS) -> bool:
    """Tell whether a backup stays whatever its age: a pinned one, a safety copy for 30 days."""
    if backup.told is None:
        return False
    if pins.is_pinned(backup, pinned):
        return True
    of_before = backup.told.reason.startswith(pins.BEFORE)
    return of_before and now - _moment(backup) < datetime.timedelta(days=SAFETY_DAYS)


def _by_age(backups: Sequence[Backup]) -> set[Path]:
    """Return the last ones, and the newest of each day, week and month."""
    periods: list[tuple[int, Callable[[datetime.date], object]]] = [
        (DAYS, lambda day: day),
        (WEEKS, lambda day: day.isocalendar()[:2]),
        (MONTHS, lambda day: (day.year, day.month)),
    ]
    kept = {each.path for each in backups[:LAST]}
    for count, period in periods:
        kept |= set(_newest_of_each(backups, count, period))
    return kept


def _newest_of_each(
    backups: Sequence[Backup], count: int, period: Callable[[datetime.date], object]
) -> Iterator[Path]:
    seen: set[object] = set()
    for backup in backups:
        named = period(_moment(backup).astimezone().date())
        if named not in seen:
            if len(seen) == count:
                return
            seen.add(named)
            yield backup.path


def _moment(backup: Backup) -> datetime.datetime:
    return datetime.datetime.fromisoformat(backup.at)
