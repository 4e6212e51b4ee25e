"""Forgetting a person completely: in the live file, and in the copies of it that still hold them.

A copy is rewritten without them, removed or left, as is said of each. Copies come before the live file:
whoever is cut off in between finds the person still there, and begins again. Not for what goes: see
`ledger.forget`.
"""

import glob
import shutil
import zipfile
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

from sqlalchemy import Engine

from webui.exchange import archive
from webui.safety import backup, catalogue, files, health, kept, opening, workspace
from webui.safety.backup import Step, no_step
from webui.safety.folders import flush_folder
from webui.safety.unpacking import unpacked
from webui.store import errors, migrations
from webui.store.ledger import forget, sqlite

PHASES = ["forget.look", "forget.copies", "forget.rows", "forget.pages"]
_BLOCK = 1 << 20

Choice = Literal["rewrite", "remove", "leave"]
CHOICES: tuple[Choice, ...] = ("rewrite", "remove", "leave")
Did = Literal["rewritten", "removed", "left", "failed"]


@dataclass(frozen=True)
class Copy:
    """A backup, or a file that was kept beside the database (`is_backup` is false), which holds someone.

    `at` is when a backup was made (UTC). What can't be read through is not `sure` to hold them; that and
    what a newer Roster wrote can't be rewritten.
    """

    path: Path
    is_backup: bool
    at: str = ""
    sure: bool = True
    rewritable: bool = True


@dataclass(frozen=True)
class Outcome:
    """What became of a copy, and why not what was asked for."""

    copy: Copy
    did: Did
    why: errors.Message | None = None


@dataclass(frozen=True)
class Done:
    """What went, what became of each copy, and whether free pages of the file are clean already."""

    held: forget.Held
    outcomes: Sequence[Outcome]
    clean: bool


def copies(
    database: Path, folders: Sequence[Path], uids: Collection[str], step: Step = no_step
) -> list[Copy]:
    """Return what holds a person besides the database: backups in `folders`, files kept beside it.

    By the bytes of their uids, so that nothing that can be read is missed, history and free pages included.
    A backup that is locked, and the list of a rescue, may hold anyone.
    """
    wanted = [uid.encode("utf-8", "surrogateescape") for uid in uids]
    backups, beside = [each for folder in folders for each in catalogue.backups(folder)], _kept(database)
    found, total = [], len(backups) + len(beside)
    for path in (*(each for folder in folders for each in catalogue.locked(folder)), *_reports(database)):
        found.append(Copy(path, path.suffix != ".txt", sure=False, rewritable=False))
    for number, each in enumerate(backups):
        step("forget.look", number, total)
        sure = _in_backup(each.path, wanted)
        if sure is not False:
            rewritable = sure is True and not each.newer and each.told is not None
            found.append(Copy(each.path, True, each.at, sure is True, rewritable))
    for number, path in enumerate(beside, len(backups)):
        step("forget.look", number, total)
        if any(_in_file(each, wanted) for each in (path, *files.logs(path))):
            sound = isinstance(opening.inspect(path), opening.Ready | opening.Behind)
            found.append(Copy(path, False, rewritable=sound and not files.logs(path)))
    return found


def forget_everywhere(
    engine: Engine,
    folders: Sequence[Path],
    uids: Collection[str],
    choices: Mapping[Path, Choice],
    step: Step = no_step,
) -> Done:
    """Forget a person: do with each copy what was chosen, by its path, then take them out of the database.

    A copy that nothing was said of, as one made a moment ago, is rewritten. One that fails is told and the
    others go on. `step` must not raise. Raises NotFound; Refused when the database could not be written:
    then they are still in it, whatever was done to the copies.
    """
    database = Path(str(engine.url.database))
    found, outcomes = copies(database, folders, uids, step), []
    for number, copy in enumerate(found):
        step("forget.copies", number, len(found))
        outcomes.append(_treat(engine, copy, choices.get(copy.path, "rewrite"), uids))
    let_go_of_scratch(database, folders)
    step("forget.rows", 0, 0)
    try:
        held = forget.forget(database, uids)
    except (errors.Busy, errors.Full, errors.ReadOnly) as error:
        raise errors.Refused(errors.Message("forget.still_here")) from error
    step("forget.pages", 0, 0)
    return Done(held, outcomes, forget.finish(database))


def let_go_of_scratch(database: Path, folders: Sequence[Path]) -> None:
    """Remove what lies beside the database for a while: files chosen for an import or a restore, dead copies;
    and what was left half written among the backups.

    A copy that another program is at work on stays: its own end removes it.
    """
    for pattern in (".roster-*.tmp", ".roster-*.part"):
        for left in (each for folder in folders for each in folder.glob(pattern)):
            with suppress(OSError):
                left.unlink()
    home = database.absolute().parent / "scratch"
    for folder in (home / "imports", home / "restores"):
        shutil.rmtree(folder, ignore_errors=True)
    workspace.sweep(database)
    opening.remove_leftovers(database)


def _treat(engine: Engine, copy: Copy, choice: Choice, uids: Collection[str]) -> Outcome:
    try:
        with files.told(copy.path):
            if choice == "remove":
                _remove(copy)
                return Outcome(copy, "removed")
            if choice == "rewrite" and copy.rewritable:
                (_rewrite_backup if copy.is_backup else _rewrite_kept)(engine, copy.path, uids)
                return Outcome(copy, "rewritten")
    except errors.StoreError as error:
        return Outcome(copy, "failed", error.message)
    return Outcome(copy, "left")


def _remove(copy: Copy) -> None:
    files.remove(copy.path)
    flush_folder(copy.path.parent)


def _rewrite_backup(engine: Engine, path: Path, uids: Collection[str]) -> None:
    """Write a backup anew without someone: it keeps its time, its reason and its place."""
    with unpacked(engine, path, no_step) as (copy, told):
        _forget_in(copy, uids)
        with closing(sqlite.foreign(copy)) as connection:
            about = backup.about(connection, told.reason, told.pinned, told.at)

        def put(made: Path) -> Path:
            made.replace(path)
            flush_folder(path.parent)
            return path

        backup.packed(copy, about, path.parent, no_step, put)


def _rewrite_kept(engine: Engine, path: Path, uids: Collection[str]) -> None:
    with workspace.workspace(Path(str(engine.url.database))) as work:
        copy = work / "kept.db"
        files.make_private(copy)
        shutil.copyfile(path, copy)
        migrations.migrate(copy)
        _forget_in(copy, uids)
        files.flush(copy)
        if path in [each.path for each in kept.found(Path(str(engine.url.database)))]:
            kept.note(copy, path)
        copy.replace(path)
        flush_folder(path.parent)


def _forget_in(copy: Path, uids: Collection[str]) -> None:
    """Forget someone in a copy of ours that nobody else has open. Raises Damaged when it is unsound."""
    with suppress(errors.NotFound):  # the bytes of a uid may be in a free page alone
        forget.forget(copy, uids)
        if not forget.finish(copy):
            raise errors.Busy
    with sqlite.told(), closing(sqlite.connect(copy)) as connection:
        connection.execute("VACUUM")
        if wrong := health.check(connection):
            raise errors.Damaged(wrong[0])
    opening.settle(copy)


def _kept(database: Path) -> list[Path]:
    """Return the files that an upgrade, a repair or a restore has kept, by their names."""
    beside = database.parent.glob("*")
    return sorted(
        path
        for path in beside
        if path.name.startswith(f"{database.stem} ") and path.suffix == database.suffix and path.is_file()
    )


def _reports(database: Path) -> list[Path]:
    """Return the lists of what a rescue could not place, which are text."""
    return sorted(database.parent.glob(f"{glob.escape(database.stem)} * report.txt"))


def _in_backup(path: Path, wanted: Sequence[bytes]) -> bool | None:
    """Tell whether the database in a backup holds any of these bytes; None where it can't be read through."""
    try:
        with zipfile.ZipFile(path) as packed, packed.open(archive.DATABASE) as stream:
            return _in_stream(stream, wanted)
    except (OSError, zipfile.BadZipFile, zlib.error, EOFError, LookupError, ValueError, RuntimeError):
        return None


def _in_file(path: Path, wanted: Sequence[bytes]) -> bool:
    with files.told(path, "unreadable"), path.open("rb") as stream:
        return _in_stream(stream, wanted)


def _in_stream(stream: IO[bytes], wanted: Sequence[bytes]) -> bool:
    return any(any(each in block for each in wanted) for block in _blocks(stream, max(map(len, wanted))))


def _blocks(stream: IO[bytes], longest: int) -> Iterator[bytes]:
    """Yield all that is in a stream, each block with the end of the one before."""
    end = b""
    while block := stream.read(_BLOCK):
        yield end + block
        end = (end + block)[-longest:]


def still_held(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """Return what still holds the person, or may."""
    return [each for each in outcomes if each.did in ("left", "failed")]
