"""Backups that nobody has to think of: where they go, when one is due, and what follows each.

Each is copied to the second place, and what need not be kept of older ones goes. Nothing is written while
the newest verified backup holds all there is: it would push out an older state for nothing.
"""

import datetime
import logging
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Engine

from webui.safety import backup, catalogue, drill, kept, locked, pins, retention, second, settling
from webui.safety.backup import Step, no_step
from webui.safety.places import Places, known, note, there
from webui.store import errors
from webui.store.ledger import sqlite
from webui.store.values import times

log = logging.getLogger(__name__)

ALONE = [*backup.PHASES, "backup.thin"]  # without a second place
PHASES = [*backup.PHASES, "backup.second", "backup.thin"]
CATCH_UP = [settling.PHASE, "backup.second"]
DAY, HOUR = datetime.timedelta(days=1), datetime.timedelta(hours=1)


@dataclass
class Lately:
    """Why the last backup that this run of Roster tried could not be made, None when it was; and why it could
    not be copied to the second place.

    Whoever backs up or tries backups unasked holds `lock` meanwhile, and so does whoever forgets someone: a
    backup that is under way then would hold them.
    """

    failed: errors.Message | None = None
    not_copied: errors.Message | None = None
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)


@dataclass(frozen=True)
class Made:
    """A backup, and why it could not be copied to the second place (None: it was, or there is none)."""

    path: Path
    failed: errors.Message | None = None


def back_up(
    engine: Engine, places: Places, step: Step = no_step, *, reason: str = "now", pinned: bool = False
) -> Made:
    """Write a verified backup into the first place, and let `follow` what does. Raises as `back_up` there."""
    made = backup.back_up(engine, places.first, step, reason=reason, pinned=pinned)
    return Made(made, follow(engine, places, made, step))


def follow(engine: Engine, places: Places, made: Path, step: Step = no_step) -> errors.Message | None:
    """Copy a backup to the second place and let superfluous ones go, in both. Raises nothing of its own.

    Returns why it could not be copied; None also where the second place is absent, which is no fault.
    """
    with suppress(errors.StoreError):
        note(places, Path(str(engine.url.database)).parent)
    failed = _copied(engine, places, made, step)
    uid, now = _uid(engine), datetime.datetime.now(datetime.UTC)
    retention.thin(places.first, uid, places.limit, now, step, places.pins)
    if places.second and failed is None and second.is_there(places.second):
        retention.thin(places.second.path, uid, places.limit, now, step, places.pins)
    return failed


def is_due(engine: Engine, places: Places, now: datetime.datetime, every: datetime.timedelta) -> bool:
    """Tell whether something was done that no verified backup holds, and the newest of them is older than
    `every`. What a clock that was wrong dated in the future counts as old."""
    if newest_of_all(engine, places.first) or not _has_people(engine):
        return False
    uid = _uid(engine)
    ours = [each for each in catalogue.backups(places.first) if each.told and each.told.uid == uid]
    ages = (now - datetime.datetime.fromisoformat(each.at) for each in ours if each.sound)
    return not any(datetime.timedelta() <= age < every for age in ages)


def newest_of_all(engine: Engine, folder: Path) -> catalogue.Backup | None:
    """Return a verified backup in `folder` that holds all that is in the database now, or None."""
    uid, change = _uid(engine), _change(engine)
    for each in catalogue.backups(folder):
        if each.told and (each.told.uid, each.told.change) == (uid, change) and each.sound:
            return each
    return None


def keep_up(
    engine: Engine,
    places: Places,
    reason: str,
    every: datetime.timedelta,
    step: Step = no_step,
) -> Made | None:
    """Back up where it is due, and bring the second place up to the newest backup where that came back; what
    an upgrade kept goes when its time has come, and what is owed to those who were forgotten is done.

    Returns the backup that was made or copied, None where there was nothing to do. Raises as `back_up`.
    """
    now = datetime.datetime.now(datetime.UTC)
    settling.settle(engine, places, step)
    locked.bring_up(engine, places)
    kept.let_go(Path(str(engine.url.database)), catalogue.backups(places.first), _uid(engine), now)
    if is_due(engine, places, now, every):
        return back_up(engine, places, step, reason=reason)
    return bring_up(engine, places, step)


def has_come_back(engine: Engine, places: Places) -> bool:
    """Tell whether a place is there in which something is to be done: the second, where it is behind, or one
    that is owed something."""
    data = Path(str(engine.url.database)).parent
    if settling.is_back(places, data):
        return True
    if places.second is None or not second.is_there(places.second):
        return False
    if locked.is_waiting(engine):
        return True
    newest, found = newest_of_all(engine, places.first), second.state(places.second, data, _uid(engine))
    newest = newest or catalogue.newest(places.first, _uid(engine))
    return newest is not None and (not found.there or not _has(found, newest))


def was_away(engine: Engine, places: Places) -> bool:
    """Tell the same of places that were not there when they were last looked at; what is known to be there is
    asked nothing."""
    data = Path(str(engine.url.database)).parent
    if places.second and not second.state(places.second, data, _uid(engine)).there:
        return has_come_back(engine, places)
    return settling.is_back(places, data)


def catch_up(engine: Engine, places: Places, step: Step = no_step) -> Made | None:
    """Do what there is to be done in places that came back. Raises as `bring_up`."""
    settling.settle(engine, places, step)
    locked.bring_up(engine, places)
    return bring_up(engine, places, step)


def bring_up(engine: Engine, places: Places, step: Step = no_step) -> Made | None:
    """Bring the second place up to the newest backup of the first, where it is there and behind; return that
    backup, and why it could not be copied. Raises Full, ReadOnly, where what was found can't be noted."""
    if places.second is None:
        return None
    uid, data = _uid(engine), Path(str(engine.url.database)).parent
    second.look(places.second, places.first, data)
    found = second.state(places.second, data, uid)
    newest = newest_of_all(engine, places.first) or catalogue.newest(places.first, uid)
    if not found.there or newest is None or _has(found, newest):
        return None
    return Made(newest.path, _copied(engine, places, newest.path, step))


def _has(found: second.State, newest: catalogue.Backup) -> bool:
    """Tell whether the second place has a backup, or a newer one: the first place's own may have rotted."""
    return newest.at <= found.at <= times.now() or newest.at == found.at


def fill(engine: Engine, places: Places, step: Step = no_step) -> Made | None:
    """Bring all there is to the second place: by a backup that holds it already, or a new one; None for an
    empty database. Raises as `backup.back_up`."""
    if there := newest_of_all(engine, places.first):
        return Made(there.path, _copied(engine, places, there.path, step))
    return back_up(engine, places, step) if _has_people(engine) else None


def before(engine: Engine, places: Places, what: str, step: Step = no_step) -> Path | None:
    """See to it that a verified backup holds all there is, before `what` is done; None for an empty database.

    Raises as `backup.back_up`: then it should not be done.
    """
    if not _has_people(engine):
        return None
    there, now = newest_of_all(engine, places.first), datetime.datetime.now(datetime.UTC)
    if there and retention.is_held(there, now, places.pins):  # any other would go before its 30 days
        return there.path
    return back_up(engine, places, step, reason=pins.BEFORE + what).path


def drill_places(
    engine: Engine, places: Places, start: drill.Start, step: Step = no_step, *, due: bool = False
) -> list[drill.Drill]:
    """Try the newest backup of each place that is there, of those alone where one is `due`; note and return
    what came of it. Raises Full, ReadOnly."""
    data, uid = Path(str(engine.url.database)).parent, _uid(engine)
    done = []
    for mark, folder in there(places):
        ours = [each for each in catalogue.backups(folder) if each.told and each.told.uid == uid]
        if ours and (not due or drill.is_due(data, mark, ours[0], datetime.datetime.now(datetime.UTC))):
            done.append(drill.run(ours[0], data / "roster.db", start, step))
            drill.keep(data, mark, done[-1])
    return done


def drilled(places: Places, data: Path) -> list[tuple[Path, drill.Drill]]:
    """Return each place in which a drill was, and what came of its last."""
    found = [(folder, drill.last(data, mark, folder)) for mark, folder in known(places)]
    return [(folder, last) for folder, last in found if last]


def _copied(engine: Engine, places: Places, made: Path, step: Step) -> errors.Message | None:
    if places.second is None:
        return None
    step("backup.second", 0, 0)
    data = Path(str(engine.url.database)).parent
    try:
        second.bring(places.second, made, data, step)
    except errors.NotFound:
        log.info("the second place is absent")
        with suppress(errors.StoreError):
            second.look(places.second, places.first, data)
    except errors.StoreError as error:
        log.warning("no copy in the second place: %s", error.message.id)
        return error.message
    except OSError as error:  # pulled out in between
        log.warning("no copy in the second place: %s", error.strerror)
        return errors.Message("backup.place", {"path": str(places.second.path)})
    return None


def _uid(engine: Engine) -> str:
    with _asking(engine) as connection:
        return str(connection.execute("SELECT value FROM state WHERE name = 'uid'").fetchone()[0])


def _change(engine: Engine) -> str:
    with _asking(engine) as connection:
        return backup.change(connection)


def _has_people(engine: Engine) -> bool:
    query = "SELECT EXISTS (SELECT 1 FROM users) OR EXISTS (SELECT 1 FROM operations)"
    with _asking(engine) as connection:
        return bool(connection.execute(query).fetchone()[0])


@contextmanager
def _asking(engine: Engine) -> Iterator[sqlite3.Connection]:
    with sqlite.told(), closing(sqlite.connect(str(engine.url.database))) as connection:
        yield connection
