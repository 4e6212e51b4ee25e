"""Which folders hold backups: the first place, the second, and those that were either of them before.

Each may be away. Not for what is in them: see `catalogue`.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from webui.preferences import Preferences
from webui.safety import catalogue, records, second
from webui.safety.second import Place
from webui.store import errors
from webui.store.values import times

GIGABYTE = 1_000_000_000
FIRST = "first"  # the mark of the first place among the drills
_RECORD = "first place"


@dataclass(frozen=True)
class Places:
    """Where backups lie: the first place, a second where one was chosen, and the bytes that they may take in
    each (0: any); `earlier` are folders that were one of the two, an unmarked one with ''; `pins` is what was
    said of some backups, see `pins`."""

    first: Path
    second: Place | None = None
    limit: int = 0
    earlier: tuple[Place, ...] = ()
    pins: dict[str, bool] = field(default_factory=dict)


@dataclass(frozen=True)
class Reach:
    """Of all places, and those of before, the folders that are `there` now, and what is `away`."""

    there: Sequence[Path]
    away: Sequence[Place]


def places(first: Path, preferences: Preferences | None) -> Places:
    """Return where backups lie, as it was chosen on this computer."""
    if preferences is None:
        return Places(first)
    limit = preferences.get("backups_limit") * GIGABYTE
    earlier = tuple(Place(Path(each["path"]), each["mark"]) for each in preferences.get("earlier_places"))
    chosen = second.from_preference(preferences.get("second_place"))
    return Places(first, chosen, limit, earlier, preferences.get("pins"))


def reach(places: Places, data: Path) -> Reach:
    """Look which of all places are there now; `data` is the folder of the database."""
    there, away = [places.first], []
    if is_emptied(places, data):
        away.append(Place(places.first, ""))
    for each in (*([places.second] if places.second else []), *places.earlier):
        if not is_there(each):
            away.append(each)
        elif each.path not in there:
            there.append(each.path)
    return Reach(there, away)


def folders(places: Places) -> list[Path]:
    """Return the folders of backups in use that are there now, the first place first."""
    return [folder for _mark, folder in there(places)]


def known(places: Places) -> list[tuple[str, Path]]:
    """Return the mark and the folder of each place in use, there or not."""
    of_second = [(places.second.mark, places.second.path)] if places.second else []
    return [(FIRST, places.first), *of_second]


def there(places: Places) -> list[tuple[str, Path]]:
    """Return those that are there now; the first always is, or is made."""
    found = known(places)
    return found if places.second and second.is_there(places.second) else found[:1]


def left(was: Places, first: Path, chosen: Place | None, data: Path) -> list[Place]:
    """Return what `earlier` is to be once backups lie in `first` and the second place `chosen`: what was left
    is marked, so that it is known again, where it can be."""
    leaving = list(was.earlier)
    if first != was.first and is_emptied(was, data):
        leaving.append(Place(was.first, ""))
    elif first != was.first and _holds_any(was.first):
        leaving.append(_marked(was.first))
    if was.second and was.second != chosen:
        leaving.append(was.second)
    found = dict.fromkeys(leaving)
    return [each for each in found if each != chosen and not (each.path == first and is_there(each))]


def note(places: Places, data: Path) -> None:
    """Note that there is a backup in the first place. Raises Full, ReadOnly."""
    if records.read(data, _RECORD).get("path") != str(places.first):
        records.write(data, _RECORD, {"path": str(places.first), "since": times.now()})


def note_removed(data: Path, removed: Iterable[Path]) -> None:
    """Note that copies were removed as someone chose: where none is left, no disk is away. Raises Full,
    ReadOnly."""
    for folder in {path.parent for path in removed}:
        if records.read(data, _RECORD).get("path") == str(folder) and not _holds_any(folder):
            records.write(data, _RECORD, {})


def is_emptied(places: Places, data: Path) -> bool:
    """Tell whether backups were made in the first place, and none is there now: its disk may be away."""
    return records.read(data, _RECORD).get("path") == str(places.first) and not _holds_any(places.first)


def without(earlier: Iterable[Place], path: str, mark: str) -> list[dict[str, str]]:
    """Return some places but one, as a preference keeps them."""
    return [as_kept(each) for each in earlier if (str(each.path), each.mark) != (path, mark)]


def as_kept(place: Place) -> dict[str, str]:
    """Return a place as a preference keeps it."""
    return {"path": str(place.path), "mark": place.mark}


def is_there(place: Place) -> bool:
    """Tell whether a place is there: by its mark, an unmarked one by what is in it."""
    return second.is_there(place) if place.mark else _holds_any(place.path)


def _holds_any(folder: Path) -> bool:
    return bool(catalogue.backups(folder) or catalogue.locked(folder))


def _marked(folder: Path) -> Place:
    with suppress(errors.StoreError):
        return second.marked(folder)
    return Place(folder, "")
