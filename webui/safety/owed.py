"""What is owed to those who were forgotten: copies that were away then, or that could not be rewritten.

Of whom, only their uids are kept, which say nothing without such a copy, and only until it is done. Whoever
is here again by then was wanted back, and stays.
"""

import datetime
import json
import threading
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from webui.exchange import targets
from webui.safety import deep, holders, places, records, treating
from webui.safety.backup import Step, no_step
from webui.safety.places import Places
from webui.safety.second import Place
from webui.safety.treating import CHOICES, Choice, Outcome, Treating
from webui.store import errors
from webui.store.ledger import sqlite
from webui.store.values import times

PHASE = "forget.owed"
SHOWN = datetime.timedelta(days=30)  # that what was done by itself is told
_RECORD = "owed"
_lock = threading.Lock()


@dataclass(frozen=True)
class Away:
    """A place that was away, and what is to become of the copies in it."""

    path: Path
    mark: str
    choice: Choice
    uids: tuple[str, ...]


@dataclass(frozen=True)
class Left:
    """A copy that may hold someone still; `again` where rewriting it may go better another time."""

    path: Path
    again: bool
    uids: tuple[str, ...]


@dataclass(frozen=True)
class Done:
    """What was done by itself when a place came back, and when (UTC)."""

    at: str
    path: Path
    rewritten: int
    removed: int


@dataclass(frozen=True)
class Owed:
    """All that is owed, and what was `done` of it last."""

    away: tuple[Away, ...] = ()
    left: tuple[Left, ...] = ()
    done: Done | None = None


def read(data: Path) -> Owed:
    """Return what is owed of the database in the folder `data`."""
    noted = records.read(data, _RECORD)
    try:
        away = tuple(_away(each) for each in noted.get("away", []))
        left = tuple(
            Left(Path(each["path"]), bool(each["again"]), tuple(each["uids"]))
            for each in noted.get("left", [])
        )
        done = noted.get("done")
        return Owed(away, left, Done(**(done | {"path": Path(done["path"])})) if done else None)
    except (LookupError, TypeError, AttributeError, ValueError):
        return Owed()


def lately(data: Path, now: datetime.datetime) -> Owed:
    """Return the same, without what was done a month ago, and copies that are gone."""
    found = read(data)
    done = found.done
    if done and now - datetime.datetime.fromisoformat(done.at) > SHOWN:
        done = None
    return Owed(found.away, tuple(each for each in found.left if not _is_gone(each.path)), done)


def remember(
    data: Path, uids: Collection[str], away: Mapping[Place, Choice], failed: Sequence[Outcome]
) -> None:
    """Keep that people are to leave the copies in places that are away, but where those are to be left, and
    copies that were not rewritten or removed as was asked. Raises Full, ReadOnly."""
    whom = tuple(sorted(uids))
    later = [
        Away(place.path, place.mark, choice, whom) for place, choice in away.items() if choice != "leave"
    ]
    with _lock:
        found = read(data)
        waiting = tuple(dict.fromkeys((*found.away, *later)))
        _write(data, Owed(waiting, _with(found.left, failed, whom), found.done))


def settle(engine: Engine, where: Places, step: Step = no_step) -> None:
    """Do what is owed in the places that are there now. Raises Full, ReadOnly where it can't be noted."""
    data = Path(str(engine.url.database)).parent
    waiting = read(data).away
    if not waiting:
        return
    reach = places.reach(where, data)
    for each in waiting:
        place = _place(where, each)
        if place is None:  # it was said that it is gone for good
            _settled(data, each, [])
        elif place not in reach.away:
            _settled(data, each, _treated(engine, reach.there, each, step))


def is_back(where: Places, data: Path) -> bool:
    """Tell whether a place is there in which something is owed."""
    waiting = read(data).away
    if not waiting:
        return False
    away = places.reach(where, data).away
    return any(_place(where, each) not in away for each in waiting)


def again(engine: Engine, path: Path, folders: Sequence[Path], choice: Choice) -> Outcome:
    """Rewrite, remove or leave a copy that may hold someone still. Raises NotFound for any other file; Full,
    ReadOnly."""
    data = Path(str(engine.url.database)).parent
    owes = next((each for each in read(data).left if each.path == path), None)
    if owes is None:
        raise errors.NotFound("backups", path.name)
    found = holders.copies(Path(str(engine.url.database)), [path.parent], owes.uids)
    copy = next((each for each in found if each.path == path), holders.Copy(path, path.suffix != ".db"))
    outcome = Treating(engine, folders, owes.uids).treat(copy, choice)
    if choice == "leave" or outcome.did in ("rewritten", "removed"):
        drop(data, [path])
        places.note_removed(data, [path])
    if outcome.did == "rewritten":
        deep.renew(data, [path])
    return outcome


def drop(data: Path, paths: Collection[Path]) -> None:
    """Owe nothing more of some copies. Raises Full, ReadOnly."""
    with _lock:
        found = read(data)
        left = tuple(each for each in found.left if each.path not in paths)
        if left != found.left:
            _write(data, Owed(found.away, left, found.done))


def _place(where: Places, owes: Away) -> Place | None:
    """Return which place it is now; one that could not be marked while it was away may be since."""
    all_places = (*([where.second] if where.second else []), *where.earlier, Place(where.first, ""))
    same = [each for each in all_places if each.path == owes.path]
    return next((each for each in same if not owes.mark or each.mark == owes.mark), None)


def forgive(data: Path, gone: Place) -> None:
    """Owe nothing more in a place: it is said to be gone for good. Raises Full, ReadOnly."""
    with _lock:
        found = read(data)
        away = [each for each in found.away if each.path != gone.path or each.mark not in ("", gone.mark)]
        _write(data, Owed(tuple(away), found.left, found.done))


def _treated(engine: Engine, folders: Sequence[Path], owes: Away, step: Step) -> list[Outcome]:
    database = Path(str(engine.url.database))
    uids = set(owes.uids) - _here(database, owes.uids)
    if not uids:
        return []
    treat, outcomes = Treating(engine, folders, uids), []
    found = [each for each in holders.copies(database, [owes.path], uids) if each.path.parent == owes.path]
    for number, copy in enumerate(found):
        step(PHASE, number, len(found))
        outcomes.append(treat.treat(copy, owes.choice, unasked=True))
    deep.renew(database.parent, [each.copy.path for each in outcomes if each.did == "rewritten"])
    places.note_removed(database.parent, [each.copy.path for each in outcomes if each.did == "removed"])
    return outcomes


def _settled(data: Path, owes: Away, outcomes: Sequence[Outcome]) -> None:
    did = [each.did for each in outcomes]
    with _lock:
        found = read(data)
        away = tuple(each for each in found.away if each != owes)
        left = _with(found.left, treating.still_held(outcomes), owes.uids)
        done = found.done
        if did:
            done = Done(times.now(), owes.path, did.count("rewritten"), did.count("removed"))
        _write(data, Owed(away, left, done))


def _with(left: Iterable[Left], failed: Iterable[Outcome], uids: tuple[str, ...]) -> tuple[Left, ...]:
    """Return copies that are owed, with more of them; of one that was there already for more people."""
    found = {each.path: each for each in left if not _is_gone(each.path)}
    for each in failed:
        path, before = each.copy.path, found.get(each.copy.path)
        whom = tuple(sorted({*uids, *(before.uids if before else ())}))
        again = each.copy.rewritable and each.why != errors.Message("forget.damaged")
        found[path] = Left(path, again, whom)
    return tuple(found.values())


def _here(database: Path, uids: Collection[str]) -> set[str]:
    query = "SELECT uid FROM users WHERE uid IN (SELECT value FROM json_each(?))"
    with sqlite.told(), closing(sqlite.connect(database)) as connection:
        return {row[0] for row in connection.execute(query, (json.dumps(sorted(uids)),))}


def _is_gone(path: Path) -> bool:
    """Tell whether a file was taken away, and not the disk that it is on."""
    return path.parent.is_dir() and not path.exists()


def _away(noted: dict[str, Any]) -> Away:
    choice = CHOICES[CHOICES.index(noted["choice"])]
    return Away(Path(noted["path"]), noted["mark"], choice, tuple(noted["uids"]))


def _write(data: Path, owes: Owed) -> None:
    def kept(each: Any) -> dict[str, Any]:
        return asdict(each) | {"path": str(each.path)}

    values: dict[str, Any] = {
        "away": [kept(each) for each in owes.away],
        "left": [kept(each) for each in owes.left],
    }
    if owes.done:
        values["done"] = kept(owes.done)
    with targets.told(data):
        records.write(data, _RECORD, values)
