"""What is owed to those who were forgotten: copies that were away then, or that could not be rewritten.

Of whom, only their uids are kept, which say nothing without such a copy, and only until it is done. Not for
doing it: see `settling`.
"""

import datetime
import threading
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from webui.exchange import targets
from webui.safety import records, treating
from webui.safety.second import Place
from webui.safety.treating import CHOICES, Choice, Outcome
from webui.store import errors
from webui.store.values import times

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


_Debt = TypeVar("_Debt", Away, Left)


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
        _keep(data, found, Owed(waiting, _with(found.left, failed, whom), found.done))


def prune(data: Path, now: datetime.datetime) -> None:
    """Keep nothing more of copies that are gone, nor of what was done long ago. Raises Full, ReadOnly."""
    with _lock:
        found = read(data)
        _keep(data, found, Owed(found.away, _with(found.left, [], ()), lately(data, now).done))


def drop(data: Path, path: Path, uids: Collection[str]) -> None:
    """Owe some people nothing more of a copy; others it may hold still. Raises Full, ReadOnly."""
    with _lock:
        found = read(data)
        left = [_less(each, uids) if each.path == path else each for each in found.left]
        _keep(data, found, Owed(found.away, _with([each for each in left if each.uids], [], ()), found.done))


def take_back(data: Path, uids: Collection[str], was: Owed) -> None:
    """Owe some people no more than `was` owed: they could not be forgotten. Raises Full, ReadOnly."""
    whose = {each.path: each.uids for each in was.left}
    with _lock:
        found = read(data)
        away = [each if each in was.away else _less(each, uids) for each in found.away]
        left = [_less(each, {*uids} - {*whose.get(each.path, ())}) for each in found.left]
        kept = tuple(each for each in away if each.uids), tuple(each for each in left if each.uids)
        _keep(data, found, Owed(*kept, found.done))


def forgive(data: Path, gone: Place) -> None:
    """Owe nothing more in a place: it is said to be gone for good. Raises Full, ReadOnly."""
    with _lock:
        found = read(data)
        away = [each for each in found.away if each.path != gone.path or each.mark not in ("", gone.mark)]
        _write(data, Owed(tuple(away), found.left, found.done))


def settled(data: Path, owes: Away, outcomes: Sequence[Outcome]) -> None:
    """Keep what became of the copies in a place that is back: it is owed no more. Raises Full, ReadOnly."""
    did = [each.did for each in outcomes]
    with _lock:
        found = read(data)
        away = tuple(each for each in found.away if each != owes)
        left = _with(found.left, treating.still_held(outcomes), owes.uids)
        done = found.done
        if did:
            done = Done(times.now(), owes.path, did.count("rewritten"), did.count("removed"))
        _write(data, Owed(away, left, done))


def _less(debt: _Debt, uids: Collection[str]) -> _Debt:
    return replace(debt, uids=tuple(each for each in debt.uids if each not in uids))


def _with(left: Iterable[Left], failed: Iterable[Outcome], uids: tuple[str, ...]) -> tuple[Left, ...]:
    """Return copies that are owed, with more of them; of one that was there already for more people."""
    found = {each.path: each for each in left if not _is_gone(each.path, surely=True)}
    for each in failed:
        path, before = each.copy.path, found.get(each.copy.path)
        whom = tuple(sorted({*uids, *(before.uids if before else ())}))
        again = each.copy.rewritable and each.why != errors.Message("forget.damaged")
        found[path] = Left(path, again, whom)
    return tuple(found.values())


def _is_gone(path: Path, *, surely: bool = False) -> bool:
    """Tell whether a file was taken away, and not the disk that it is on: that may leave an empty folder."""
    try:
        others = any(path.parent.iterdir())
    except OSError:
        return False
    return (others or not surely) and not path.exists()


def _away(noted: dict[str, Any]) -> Away:
    choice = CHOICES[CHOICES.index(noted["choice"])]
    return Away(Path(noted["path"]), noted["mark"], choice, tuple(noted["uids"]))


def _keep(data: Path, was: Owed, owes: Owed) -> None:
    if owes != was:
        _write(data, owes)


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
