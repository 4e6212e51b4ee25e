"""A backup that only its passphrase opens: made as any other, locked, and opened at once to be sure."""

import hashlib
import logging
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from sqlalchemy import Engine

from webui.exchange import sealed
from webui.safety import backup, contents, files, records, second
from webui.safety.backup import Step, no_step
from webui.safety.folders import make_folder
from webui.safety.places import Places
from webui.safety.workspace import workspace
from webui.store import errors
from webui.store.ledger import sqlite
from webui.store.ledger.operations import raw
from webui.store.values import times

log = logging.getLogger(__name__)

PHASES = [*backup.PHASES, "lock.seal", "lock.open"]
WEAKEST = 2  # of 4 of zxcvbn: what is below is guessed in hours
_WAITING = "locked backups to copy"
_METERED = 72  # letters: the meter's time grows with the square of them


def strength(passphrase: str) -> tuple[int, float]:
    """Return the score of zxcvbn, 0 to 4, and the seconds in which ten fast computers guess a passphrase."""
    from zxcvbn import zxcvbn  # its word lists take a while to load

    found = zxcvbn(passphrase[:_METERED], max_length=_METERED)
    return int(found["score"]), float(found["guesses"]) / 10  # age makes each guess take a second


def is_large(engine: Engine) -> bool:
    """Tell whether a backup of this database is locked as a large one, by what would go into it."""
    source = Path(str(engine.url.database))
    with sqlite.told(), engine.connect() as connection:
        return sealed.is_large(files.size(source) + contents.size(raw(connection)))


def name(engine: Engine) -> str:
    """Return a name for a locked backup of this database."""
    return f"roster-{times.stamp(times.now())}{sealed.suffix(large=is_large(engine))}"


def check_name(engine: Engine, target: Path) -> None:
    """See that a locked backup of this database is no zip by its name alone. Raises Refused, with a name."""
    if target.suffix.casefold() == ".zip" and not is_large(engine):
        raise errors.Refused(errors.Message("lock.name", {"name": f"{target.name}.age"}))


def back_up(
    engine: Engine, target: Path, passphrase: str, step: Step = no_step, *, only_read: bool = False
) -> Path:
    """Write a verified backup, locked by a passphrase, to the file `target`; return it.

    What is not locked lies in a private folder meanwhile: beside the database, or where that can be
    `only_read` among the system's temporary files; never on the disk of the target, which may go elsewhere.
    Raises what `backup.back_up` raises; Damaged also where what was locked does not open to the same: there
    is no file then.
    """
    with _workspace(Path(str(engine.url.database)), only_read=only_read) as work:
        made = backup.back_up(engine, work, step, target=work / "backup.zip", only_read=only_read)
        with files.told(target.parent, "backup.place"):
            make_folder(target.parent)
            with files.replacing(target) as half:
                step("lock.seal", 0, 0)
                sealed.seal(made, half, passphrase, large=is_large(engine))
                step("lock.open", 0, 0)
                if _digest(unlocked(half, passphrase, work)) != _digest(made):
                    raise errors.Damaged(errors.Message("backup.differs"))
    return target


@contextmanager
def _workspace(database: Path, *, only_read: bool) -> Iterator[Path]:
    with ExitStack() as stack:
        if only_read:
            with files.told(Path(tempfile.gettempdir())):
                own = stack.enter_context(tempfile.TemporaryDirectory(prefix="roster-"))  # 0700
        yield stack.enter_context(workspace(database, Path(own) / backup.HOME if only_read else None))


def follow(engine: Engine, places: Places, made: Path) -> errors.Message | None:
    """Copy a locked backup of the first place to the second, and read it again there; return why it could not
    be copied. None also where the second place is absent, which is no fault: `bring_up` copies it then."""
    if places.second is None or made.parent != places.first:
        return None
    data = _data(engine)
    there = second.is_there(places.second)
    failed = _copied(places.second.path, made) if there else None
    try:
        if failed or not there:
            records.write(data, _WAITING, {"names": sorted({*_waiting(data), made.name})})
        if not there:
            second.look(places.second, places.first, data)
    except errors.StoreError as error:
        return error.message
    return failed


def bring_up(engine: Engine, places: Places) -> None:
    """Copy to the second place, where that is there, the locked backups that could not be copied when they
    were made; one that is not in the first place any more waits no longer. Raises Full, ReadOnly, where that
    can't be noted."""
    data = _data(engine)
    waiting = _waiting(data)
    if not waiting or places.second is None or not second.is_there(places.second):
        return
    left = []
    for name in waiting:
        made = places.first / name
        if made.is_file() and (failed := _copied(places.second.path, made)):
            log.warning("no locked copy in the second place: %s", failed.id)
            left.append(name)
    records.write(data, _WAITING, {"names": left})


def is_waiting(engine: Engine) -> bool:
    """Tell whether a locked backup is still to be copied to the second place."""
    return bool(_waiting(_data(engine)))


def _waiting(data: Path) -> list[str]:
    return list(records.read(data, _WAITING).get("names", []))


def _data(engine: Engine) -> Path:
    return Path(str(engine.url.database)).parent


def _copied(place: Path, made: Path) -> errors.Message | None:
    try:
        if any(_digest(each) == _digest(made) for each in place.glob(made.name)):
            return None
        with files.told(place, "backup.place"), files.replacing(files.free_name(place / made.name)) as half:
            shutil.copyfile(made, half)
            if _digest(half) != _digest(made):
                raise errors.Damaged(errors.Message("backup.damaged", {"name": made.name}))
    except errors.StoreError as error:
        return error.message
    except OSError:  # pulled out in between
        return errors.Message("backup.place", {"path": str(place)})
    return None


def unlocked(path: Path, passphrase: str, folder: Path) -> Path:
    """Open a locked backup into a new file of a private folder, and return that.

    Raises Refused for another passphrase, Damaged, Full, ReadOnly.
    """
    plain = folder / f"{path.name.removesuffix('.age').removesuffix('.zip').removesuffix('-locked')}.zip"
    files.make_private(plain)
    try:
        with files.told(plain):
            sealed.unseal(path, plain, passphrase)
    except BaseException:
        plain.unlink()
        raise
    return plain


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
