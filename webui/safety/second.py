"""A second place for backups: a stick, a network or a cloud folder, which may be absent.

It is known by a mark that lies in it: where a stick is pulled, its folder may stay, and a copy in there would
be on the first disk again. Not for where backups are made: that is the first place.
"""

import datetime
import secrets
import shutil
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from webui.exchange import archive, targets
from webui.safety import clouds, files, records
from webui.safety.backup import Step, no_step
from webui.safety.folders import make_folder
from webui.store import errors
from webui.store.values import times

MARK = ".roster-place"
PATIENCE = 2.0  # seconds for the place to say that it is there
_RECORD = "second place"
_asked: dict[Path, tuple[threading.Thread, list[str], float]] = {}  # who asks, what was found, until when
_lock = threading.Lock()


@dataclass(frozen=True)
class Place:
    """A folder, and what its mark says."""

    path: Path
    mark: str


@dataclass(frozen=True)
class State:
    """What was found of the second place when it was last looked at, `seen` (UTC, '' for never): whether it
    was `there`, and when what it holds was made (UTC, '' for nothing yet). It is `alike` where the first
    place is on the same disk; `cloud` names whose folder it is. `people`, `posts` and the last `change`
    are those of the newest that it holds.
    """

    path: Path
    seen: str
    there: bool
    at: str
    alike: bool
    cloud: str | None
    people: int | None = None
    posts: int | None = None
    change: str = ""

    @property
    def apart(self) -> bool:
        """Whether what it holds outlives the disk of the first place."""
        return bool(self.at) and (not self.alike or self.cloud is not None)


def from_preference(value: Any) -> Place | None:
    """Return the place that a preference names."""
    return Place(Path(value["path"]), value["mark"]) if value else None


def choose(path: Path, first: Path, database: Path) -> Place:
    """Mark a folder, which is made where there is none, as the second place; a mark that is there stays.

    Raises Refused where it can't be one: in words why. ReadOnly, Full.
    """
    check(path, first, database)
    make(path)
    return marked(path)


def marked(path: Path) -> Place:
    """Mark a folder that is there; a mark that is there stays. Raises ReadOnly, Full."""
    if kept := _mark(path):
        return Place(path, kept)
    made = secrets.token_hex(16)
    with files.told(path, "place.not_written"), targets.temporary(path / MARK) as stream:
        stream.write(made.encode())
        targets.publish(stream, path / MARK)
    return Place(path, made)


def check(path: Path, first: Path | None, database: Path) -> None:
    """See that a folder can be a place for backups. Raises Refused."""
    told = {"path": str(path)}
    if not path.is_absolute():
        raise errors.Refused(errors.Message("place.relative", told))
    where, data = path.resolve(), database.parent.resolve()
    if first and where == first.resolve():
        raise errors.Refused(errors.Message("place.first", told))
    if where == data or (data in where.parents and where != data / "backups"):
        raise errors.Refused(errors.Message("place.data", told))
    if not path.parent.is_dir() or (path.exists() and not path.is_dir()):
        raise errors.Refused(errors.Message("place.no_folder", told))


def make(path: Path) -> None:
    """Make a place in a folder that is there, and see that it can be written. Raises ReadOnly, Full."""
    with files.told(path, "place.not_written"):
        make_folder(path)
        with targets.temporary(path / "probe") as stream:
            stream.write(bytes(1 << 16))
            targets.keep(stream, path)


def is_there(place: Place) -> bool:
    """Tell whether the place itself is there, and not another disk's folder of the same name.

    One that says nothing in two seconds is not: a network that hangs would keep whoever asks for ever. It is
    not asked again before it has answered; who asks meanwhile waits for that.
    """
    with _lock:
        asked = _asked.get(place.path)
        if asked is None or not asked[0].is_alive():
            heard: list[str] = []
            ask = threading.Thread(target=lambda: heard.append(_mark(place.path)), name="second", daemon=True)
            ask.start()
            asked = _asked[place.path] = (ask, heard, time.monotonic() + PATIENCE)
    thread, found, until = asked
    thread.join(max(0.0, until - time.monotonic()))
    return found == [place.mark]


def bring(place: Place, made: Path, data: Path, step: Step = no_step) -> Path:
    """Copy a verified backup to the place, read the copy again bit by bit, and note that it is there.

    Nothing is copied where it is there already and sound. Raises NotFound where the place is absent;
    Full, ReadOnly, Damaged (what was written is not what is read): no copy of that name is there then.
    """
    if not is_there(place):
        raise errors.NotFound("place", str(place.path))
    copy = _name_for(place.path, made)
    if not _is_copy(copy, made):
        with files.told(place.path, "backup.place"), files.replacing(copy) as half:
            with made.open("rb") as source, half.open("r+b") as target:
                shutil.copyfileobj(_Told(source, made.stat().st_size, step), target, 1 << 20)
            archive.verify(half)
    with files.told(copy, "backup.place"):
        told, size = archive.manifest(copy), copy.stat().st_size
    copied = {"name": copy.name, "size": size, "at": told.at, "change": told.change}
    copied |= {"people": told.people, "posts": told.posts}
    records.write(data, _RECORD, {"mark": place.mark, "uid": told.uid, **copied})
    look(place, made.parent, data)
    return copy


class _Told:
    """A file that is read by another, who is told how far it is."""

    def __init__(self, file: IO[bytes], size: int, step: Step) -> None:
        self._file, self._size, self._step, self._done = file, size, step, 0

    def read(self, length: int = -1) -> bytes:
        block = self._file.read(length)
        self._done += len(block)
        self._step("backup.second", self._done, self._size)
        return block


def look(place: Place, first: Path, data: Path) -> None:
    """Look at the place and note what was found, for `state`. Reads no backup. Raises Full, ReadOnly."""
    known = records.read(data, _RECORD)
    noted: dict[str, Any] = known if known.get("mark") == place.mark else {"mark": place.mark}
    noted |= {"there": is_there(place), "seen": times.now()}
    if noted["there"]:
        try:
            noted |= {"alike": _is_alike(place.path, first), "cloud": clouds.cloud(place.path)}
            if (name := noted.get("name")) and (place.path / name).stat().st_size != noted["size"]:
                noted |= _as_it_is(place.path / name, noted)
        except FileNotFoundError:  # the copy was taken away
            noted["at"] = ""
        except OSError:  # pulled while it was looked at
            noted["there"] = False
    records.write(data, _RECORD, noted)


def _as_it_is(copy: Path, noted: dict[str, Any]) -> dict[str, Any]:
    """Return what to note of a copy that has another size: written anew without someone, or none."""
    try:
        told = archive.manifest(copy)
    except errors.StoreError:
        return {"at": ""}
    same = (told.uid, told.at) == (noted.get("uid"), noted.get("at"))
    return {"size": copy.stat().st_size, "change": told.change} if same else {"at": ""}


def is_behind(at: str, newest: str) -> bool:
    """Tell whether a copy made `at` a moment, '' for none, is a week older than the newest backup."""
    if not at:
        return bool(newest)
    moments = [datetime.datetime.fromisoformat(each) for each in (at, newest or at)]
    return moments[1] - moments[0] > datetime.timedelta(days=7)


def noted_at(place: Place, data: Path, uid: str) -> str:
    """Return when the newest backup was made that was seen in the place, '' for none. Asks the place nothing:
    that of a network that hangs would keep each page waiting."""
    noted = records.read(data, _RECORD)
    return noted.get("at", "") if (noted.get("mark"), noted.get("uid")) == (place.mark, uid) else ""


def state(place: Place, data: Path, uid: str) -> State:
    """Return what was noted of the place for the database `uid`. Asks the place nothing, as `noted_at`."""
    noted, at = records.read(data, _RECORD), noted_at(place, data, uid)
    if noted.get("mark") != place.mark:
        noted = {}
    seen, there = str(noted.get("seen", "")), bool(noted.get("there", at))
    held = (noted.get("people"), noted.get("posts"), str(noted.get("change", ""))) if at else ()
    return State(place.path, seen, there, at, bool(noted.get("alike")), noted.get("cloud"), *held)


def _name_for(folder: Path, made: Path) -> Path:
    """Return where the copy of a backup goes: several rosters may share a place, and a second."""
    uid, copy, number = archive.manifest(made).uid, folder / made.name, 2
    while copy.exists():
        try:
            if archive.manifest(copy).uid == uid:
                break
        except (OSError, errors.StoreError):
            break  # damaged: written anew
        copy, number = folder / f"{made.stem}-{number}{made.suffix}", number + 1
    return copy


def _is_copy(copy: Path, made: Path) -> bool:
    """Tell whether a sound copy of that very backup is there."""
    try:
        mine, there = archive.manifest(made), archive.manifest(copy)
        return (mine.at, mine.digest) == (there.at, there.digest) and archive.sound(copy)
    except (OSError, errors.StoreError):
        return False


def _mark(path: Path) -> str:
    try:
        return (path / MARK).read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return ""


def _is_alike(path: Path, first: Path) -> bool:
    """Tell whether two folders are on one disk; that of one that is not made yet is its parent's."""
    nearest = next(folder for folder in (first, *first.parents) if folder.exists())
    return path.stat().st_dev == nearest.stat().st_dev
