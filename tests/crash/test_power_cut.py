"""A power cut between any two steps: what the disk had not said that it has may be there, in part, or not.

What a program does to its files is recorded (strace, Linux). Then, for some moment of it, a folder is made
from what was flushed by then and a random choice of what was not, and Roster is opened on it.
"""

import gzip
import hashlib
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from tests.crash import recorded
from tests.crash.nursery import Nursery
from tests.crash.recorded import Disk, Names, Said, Size, Step, Sync, Write
from tests.crash.state import good, sound
from webui.safety import backup, files, opening, second, upgrade
from webui.store import users
from webui.store.ledger import sqlite
from webui.store.ledger.operations import operation

SEED = 1
CUTS = {"short": 4, "long": 500}  # of each scene
SCENES = (
    "creates", "writes_once", "backups_once", "restores_once", "replaces", "upgrades_once", "forgets_once",
    "prunes_once",
)  # fmt: skip
MANNERS = ("nothing", "names", "contents", "some")  # what is there of that which was not flushed
SECTOR = 512  # bytes that a disk writes whole or not at all
OLDER = Path(__file__).parents[1] / "files" / "schemas" / "0004.db.gz"


@cache
def can_trace() -> bool:
    if sys.platform != "linux" or not shutil.which("strace"):
        return False
    return subprocess.run([*recorded.STRACE, "true"], capture_output=True, check=False).returncode == 0


pytestmark = [
    pytest.mark.crash,
    pytest.mark.platform,
    pytest.mark.skipif(not can_trace(), reason="strace can't watch a program here"),
]


@dataclass
class Scene:
    """What was done: the disk `before` and after it, its steps, and what was there whenever it was told of.

    states and copies: what `looked` says before anything was told, after the first, and so on.
    """

    before: Disk
    steps: Sequence[Step]
    states: list[str]
    copies: list[dict[str, str]]


@pytest.fixture(scope="module")
def scenes(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> dict[str, Scene]:
    home = tmp_path_factory.mktemp("recorded")
    logs = home / "calls"
    watched = Nursery([*recorded.STRACE, "-e", f"trace={recorded.CALLS}", "-o", str(logs)])
    before, pids = {}, {}
    for what in SCENES:
        folder = home / what
        prepare(what, folder, empty_database)
        before[what] = recorded.as_it_is(folder)
        watched.run(what, folder, lambda pid, what=what: pids.update({what: pid}))
    watched.close()
    return {
        what: played(Path(f"{logs}.{pids[what]}"), home / what, before[what], home / "then")
        for what in SCENES
    }


def prepare(what: str, folder: Path, empty: Path) -> None:
    """Make what a scene begins with."""
    folder.mkdir(mode=0o700)
    live = folder / "roster.db"
    if what == "creates":
        return
    if what == "upgrades_once":
        live.write_bytes(gzip.decompress(OLDER.read_bytes()))
        return
    shutil.copy(empty, live)
    engine = sqlite.engine(live)
    with Session(engine) as session:
        for number in range(5):
            with operation(session):
                users.add(session, {"username": f"kept{number}", "email": f"kept{number}@post.example"})
    backup.back_up(engine, folder, target=folder / "kept.zip")
    with Session(engine) as session, operation(session):
        users.change(session, 1, {"note": "since"})
    shutil.copy(files.beside(live)[0], folder / "its log")  # one that could be replayed over any other
    opening.close(engine)
    second.choose(folder / "second", folder / "elsewhere", Path("/x/roster.db"))
    shutil.rmtree(folder / "scratch")
    (folder / "people.csv").write_text(
        "First Name,E-mail\n" + "".join(f"A{n},a{n}@b.example\n" for n in range(30))
    )
    if what == "replaces":
        live.write_bytes(b"no database" + live.read_bytes())
        shutil.copy(folder / "its log", files.beside(live)[0])


def played(log: Path, folder: Path, disk: Disk, then: Path) -> Scene:
    """Read what was done, see that it is understood, and look at what was there at each word."""
    recording = recorded.Recording(log, folder, disk.copy())
    really, meant = recorded.as_it_is(folder), recording.disk
    assert contents(really) == contents(meant)
    disk.folders |= meant.folders  # no number is used twice
    now, looks = disk.copy(), [looked_at(disk, then)]
    for step in recording.steps:
        now.do(step)
        if isinstance(step, Said):
            looks.append(looked_at(now, then))
    looks.append(looked_at(now, then))
    return Scene(disk, recording.steps, [each[0] for each in looks], [each[1] for each in looks])


def contents(disk: Disk, folder: int = recorded.ROOT) -> dict[str, object]:
    """Return all that is in a folder by its names, but what SQLite shares in memory."""
    return {
        name: contents(disk, number) if number in disk.folders else bytes(disk.files.get(number, b""))
        for (parent, name), number in disk.names.items()
        if parent == folder and not name.endswith("-shm")
    }


def looked_at(disk: Disk, then: Path) -> tuple[str, dict[str, str]]:
    """Return what state the database on a disk is in, and the digest of each backup."""
    then.mkdir()
    try:
        disk.write(then)
        return state(then / "roster.db"), copies(then)
    finally:
        shutil.rmtree(then)


def state(path: Path) -> str:
    """Return what the database is found to be, with all that is in it."""
    found = opening.inspect(path)
    if isinstance(found, opening.Missing):
        return "Missing"
    if isinstance(found, opening.Damaged):
        return f"Damaged {digest(path)}"
    connection = sqlite.connect(path)
    try:
        said = "\n".join(connection.iterdump())
    finally:
        connection.close()
    return f"{type(found).__name__} {hashlib.sha256(said.encode()).hexdigest()}"


def copies(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): digest(path) for path in folder.rglob("*.zip")}


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def flushed(steps: Sequence[Step]) -> set[int]:
    """Return the numbers of the steps of which the disk has said that it has them."""
    found: set[int] = set()
    synced: set[int] = set()
    for number in reversed(range(len(steps))):
        step = steps[number]
        if isinstance(step, Sync):
            synced.add(step.file)
        elif not isinstance(step, Said) and touched(step) <= synced:
            found.add(number)
    return found


def touched(step: Write | Size | Names) -> set[int]:
    """Return the files and folders that have to be flushed for a step to last."""
    return {folder for folder, _name in step.of} if isinstance(step, Names) else {step.file}


def cut(before: Disk, steps: Sequence[Step], manner: str | int, chance: random.Random) -> Disk:
    """Return what a disk may hold on which these steps were done when the power went.

    `manner` may also be the number of the one step that did not come to it.
    """
    disk, sure, share = before.copy(), flushed(steps), chance.random()
    for number, step in enumerate(steps):
        if isinstance(manner, int):
            if number != manner:
                disk.do(step)
        elif number in sure or manner == ("names" if isinstance(step, Names) else "contents"):
            disk.do(step)
        elif manner == "some" and chance.random() < share:
            disk.do(torn(step, chance) if isinstance(step, Write) else step)
    for (_folder, name), number in disk.names.items():
        if name.endswith("-shm"):  # nobody flushes it: anything may be there
            disk.files[number] = bytearray(chance.randbytes(len(disk.files.get(number, b""))))
    return disk


def torn(step: Write, chance: random.Random) -> Write:
    """Return a write of which, now and then, only the first sectors came to the disk."""
    if chance.random() < 0.7 or len(step.data) <= SECTOR:
        return step
    return Write(step.file, step.at, step.data[: SECTOR * chance.randrange(1, len(step.data) // SECTOR + 1)])


def moments(steps: Sequence[Step], count: int, chance: random.Random) -> list[int]:
    """Return moments at random: any, just before or after something else than a write, and after a name of
    those that matter has changed."""
    turns = [number for number, step in enumerate(steps) if not isinstance(step, Write)]
    names = [number for number in turns if isinstance(step := steps[number], Names) and matters(step)]
    kinds = (range(len(steps)), turns, names)
    return [chance.choice(kinds[each % 3]) + chance.randrange(1, 3) - (each % 3 < 2) for each in range(count)]


def overtaken(steps: Sequence[Step]) -> list[tuple[int, int]]:
    """Return the moments at which another file had come to be the database, while an earlier name was not
    flushed yet, each with the number of that: a disk may write them in any order."""
    names = [number for number, step in enumerate(steps) if isinstance(step, Names) and matters(step)]
    found = []
    for later in names:
        step = steps[later]
        if isinstance(step, Names) and step.of.get((recorded.ROOT, "roster.db")):
            sure = flushed(steps[: later + 1])
            found += [(later + 1, number) for number in names if number < later and number not in sure]
    return found


def matters(step: Names) -> bool:
    """Tell whether names went to or from the data folder itself, or are those of backups."""
    return any(folder == recorded.ROOT or name.endswith(".zip") for folder, name in step.of)


@pytest.mark.parametrize("many", ["short", pytest.param("long", marks=pytest.mark.long)])
@pytest.mark.parametrize("what", SCENES)
def test_after_a_power_cut_all_is_there_that_was_said_to_be(
    what: str,
    many: str,
    scenes: dict[str, Scene],
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    scene, chance = scenes[what], random.Random(f"{SEED} {what}")
    cuts: list[tuple[int, str | int]] = [
        (moment, chance.choice(MANNERS)) for moment in moments(scene.steps, CUTS[many], chance)
    ]
    for moment, manner in [*cuts, *overtaken(scene.steps)]:
        disk = cut(scene.before, scene.steps[:moment], manner, chance)
        folder = tmp_path / "then"
        folder.mkdir()
        disk.write(folder)
        last = repr(scene.steps[moment - 1 : moment + 1])[:300]
        told = f"{what}, step {moment} of {len(scene.steps)}, {manner}: {last}"
        said = sum(isinstance(step, Said) for step in scene.steps[:moment])
        assert state(folder / "roster.db") in scene.states[said : said + 2], told
        check_copies(folder, scene.copies[said : said + 2], told)
        check_next_start(folder / "roster.db")
        shutil.rmtree(folder)
    record_property(f"figure: power cuts survived (seed {SEED})", len(cuts) + len(overtaken(scene.steps)))


def check_copies(folder: Path, known: list[dict[str, str]], told: str) -> None:
    """See that each backup is good, and that those are there which were to stay."""
    for place in ("backups", "second"):
        good(folder / place)
    now = copies(folder)
    assert known[0].keys() & known[-1].keys() <= now.keys(), told
    for name in known[0].keys() & known[-1].keys():
        assert now[name] in (known[0][name], known[-1][name]), told


def check_next_start(path: Path) -> None:
    """Open the file as a start does, and see that nothing in it is half done."""
    opening.remove_leftovers(path)
    found = opening.inspect(path)
    if isinstance(found, opening.Damaged):
        there = [each.read_bytes() for each in path.parent.glob("roster*")]
        assert path.with_name("its log").read_bytes() in there
        assert any(each.startswith(b"no database") for each in there)
        return
    if isinstance(found, opening.Behind):
        upgrade.upgrade(path)
    elif isinstance(found, opening.Missing):
        opening.create(path)
    opening.ready(path)
    sound(path)
