"""A disk that stops answering in the middle of something: told in a sentence, and nothing is lost.

strace (Linux) lets each write and flush of a program fail from some moment on, as a stick does that is
pulled.
"""

import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.crash.nursery import Nursery
from tests.crash.state import good, one
from tests.crash.test_power_cut import can_trace, check_next_start, prepare, state

SEED = 1
ROUNDS = {"short": 2, "long": 40}  # of each thing, and for each a moment
WRITING = "pwrite64,fsync,fdatasync,ftruncate"
THINGS = ("writes_once", "backups_once", "restores_once", "replaces", "upgrades_once", "forgets_once")

pytestmark = [
    pytest.mark.crash,
    pytest.mark.platform,
    pytest.mark.skipif(not can_trace(), reason="strace can't make a disk fail here"),
]


@pytest.fixture(params=["short", pytest.param("long", marks=pytest.mark.long)])
def failing(request: pytest.FixtureRequest) -> Iterator[list[Nursery]]:
    chance = random.Random(SEED)
    made = []
    for _ in range(ROUNDS[request.param]):
        calls = int(10 ** chance.uniform(0.5, 3.2))  # that go well before
        fault = f"inject={WRITING}:error=EIO:when={calls}+"
        command = ["strace", "-f", "--seccomp-bpf", "-o", "/dev/null", "-e", f"trace={WRITING}", "-e", fault]
        made.append(Nursery(command))
    yield made
    for each in made:
        each.close()


def test_it_is_told_and_what_was_said_is_there(
    failing: list[Nursery],
    tmp_path: Path,
    empty_database: Path,
    record_property: Callable[[str, object], None],
) -> None:
    told = []
    for nursery in failing:
        for what in THINGS:
            folder = tmp_path / what
            prepare(what, folder, empty_database)
            said = nursery.run(f"try {what}", folder)
            told += [line for line in said if line.startswith("refused ")]
            check_copies(folder, said)
            check_next_start(folder / "roster.db")
            if what != "replaces":
                assert one(folder / "roster.db", "SELECT count(*) FROM users") >= least(what, said), said
            shutil.rmtree(folder)
    refusals = {"no_answer", "unusable", "backup.place", "forget.still_here"}
    assert set(told) <= {f"refused {each}" for each in refusals}
    assert told
    record_property(f"figure: disks that stopped answering, survived (seed {SEED})", len(told))


def check_copies(folder: Path, said: list[str]) -> None:
    """See that each backup is good, and that those are there which were said to be."""
    good(folder / "second")
    assert {line for line in said if line.endswith(".zip")} <= good(folder / "backups")


def least(what: str, said: list[str]) -> int:
    """Return how many people there have to be after what was said; one may be undone or forgotten by then."""
    if what == "upgrades_once":
        return 1
    numbers = [int(line) for line in said if line.isdigit()]
    return max([5, *numbers]) - 1 + 30 * ("imported" in said and numbers[-1] < 30)


@pytest.fixture
def unshared(tmp_path: Path) -> Iterator[Nursery]:
    """A worker to which the disk of `tmp_path` is one that programs can't share memory on (ENODEV)."""
    memory = [f"--trace-path={tmp_path / name}" for name in ("roster.db-shm", "roster.db.new-shm")]
    made = Nursery(
        ["strace", "-f", "-o", "/dev/null", *memory, "-e", "trace=mmap", "-e", "inject=mmap:error=ENODEV"]
    )
    yield made
    made.close()


def test_a_disk_that_can_not_be_shared_is_told_as_that(
    unshared: Nursery, tmp_path: Path, empty_database: Path
) -> None:
    assert unshared.run("try creates", tmp_path) == ["refused no_sharing"]
    shutil.copy(empty_database, tmp_path / "roster.db")
    assert unshared.run("try writes", tmp_path) == ["refused no_sharing"]
    assert state(tmp_path / "roster.db") == state(empty_database)
