"""SIGKILL while whole files are made, moved or let go: no published backup fails, and none is missed."""

import contextlib
import datetime
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.crash.conftest import Rounds
from tests.crash.state import digest, good, one, sound
from webui.exchange import archive
from webui.safety import backup, catalogue, files, opening, restore, retention, second, workspace
from webui.store import users
from webui.store.ledger import history, sqlite
from webui.store.ledger.operations import operation
from webui.store.values import times

pytestmark = [pytest.mark.crash, pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL there")]


@pytest.mark.parametrize("what", ["backups", "automatics"])
def test_every_published_backup_is_good_in_both_places(people: Path, rounds: Rounds, what: str) -> None:
    first = people.parent / "backups"
    first.mkdir()
    other = second.choose(people.parent / "second", people.parent / "elsewhere", Path("/x/roster.db")).path
    before: set[str] = set()
    left: set[str] = set()  # in the second place

    def check(said: list[str]) -> None:
        nonlocal before, left
        sound(people)
        there = good(first)
        brought = good(other)
        # Nothing is brought before it is published; the first place is thinned before the second.
        assert brought <= there | before | left | set(said)
        assert set(said[-1:]) <= brought
        assert len(there) >= min(retention.LAST, len(before | set(said)))  # never fewer than before
        before, left = there, brought
        if len(there) > retention.LAST:
            for place in (first, other):
                for path in place.glob("*.zip"):
                    path.unlink()
            before, left = set(), set()

    rounds(what, people.parent, 0.6, check)


def dated(engine: Engine, folder: Path) -> None:
    """Make 16 backups as of two days, and of before."""
    database = Path(str(engine.url.database))
    newest = backup.back_up(engine, folder)
    now, days = datetime.datetime.now(datetime.UTC), (0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 300, 310, 700)
    for number, day in enumerate(days):
        at = times.written(now - datetime.timedelta(days=day, minutes=number + 1))
        with workspace.workspace(database) as work:
            archive.verify(newest, work / "copy.sqlite")
            with contextlib.closing(sqlite.foreign(work / "copy.sqlite")) as connection:
                told = backup.about(connection, "hourly", pinned=False, at=at)
            named = folder / f"roster-{number}.zip"
            backup.packed(work / "copy.sqlite", told, folder, backup.no_step, named_as(named))


def named_as(target: Path) -> Callable[[Path], Path]:
    def name(made: Path) -> Path:
        assert files.publish(made, target)
        return target

    return name


def test_what_is_to_be_kept_stays_whenever_others_go(people: Path, engine: Engine, rounds: Rounds) -> None:
    dated(engine, people.parent / "made")
    all_of_them = catalogue.backups(people.parent / "made")
    go = retention.superfluous(all_of_them, 0, datetime.datetime.now(datetime.UTC))
    stay = {each.name for each in all_of_them} - {each.name for each in go}
    assert len(go) > 2
    assert all_of_them[0].name in stay
    some_went = 0

    def check(said: list[str]) -> None:
        nonlocal some_went
        sound(people)
        folders = [people.parent / "thinned" / number for number in said]
        for folder in folders:
            assert stay <= {path.name for path in folder.iterdir()}
        if folders:
            some_went += len(list(folders[0].iterdir())) < len(all_of_them)
            assert stay <= good(folders[-1])
        shutil.rmtree(people.parent / "thinned", ignore_errors=True)

    rounds("thins", people.parent, 0.3, check)
    assert some_went


def test_what_history_lets_go_is_in_a_backup_first(people: Path, rounds: Rounds) -> None:
    folder = people.parent / "backups"

    def check(said: list[str]) -> None:
        nonlocal gone
        sound(people)
        there = one(people, "SELECT count(*) FROM users")
        assert there == 40 + one(people, "SELECT count(*) FROM posts")
        first = one(people, "SELECT min(id) FROM operations")
        assert one(people, "SELECT max(id) FROM operations") == there
        held = [last_in(folder / name) for name in good(folder)]
        assert len(held) >= said.count("pruned")
        assert first - 1 <= max(held, default=gone)
        gone = first - 1
        for path in folder.glob("*.zip"):
            path.unlink()

    gone = 0
    rounds("prunes", people.parent, 0.6, check)
    assert gone


def last_in(path: Path) -> int:
    """Return the last operation that a backup holds."""
    return int(archive.manifest(path).change.partition(".")[0])


def test_someone_is_forgotten_in_each_backup_or_still_there(
    people: Path, engine: Engine, rounds: Rounds
) -> None:
    folder = people.parent / "backups"
    names = refilled(people, folder)

    def check(said: list[str]) -> None:
        nonlocal names
        opening.ready(people)  # the next start
        sound(people)
        assert good(folder) == names
        with contextlib.closing(sqlite.connect(people)) as connection:
            there = {row[0] for row in connection.execute("SELECT uid FROM users")}
        assert not there & set(said)
        for name in names:  # copies come first: at most one person is gone from there alone
            assert len(there) - 1 <= archive.manifest(folder / name).counts["users"] <= len(there)
        if len(there) < 20:
            names = refilled(people, folder)

    rounds("forgets_everywhere", people.parent, 0.4, check)


def refilled(people: Path, folder: Path) -> set[str]:
    """See that there are at least 20 people, and two backups that hold them; return the names of those."""
    shutil.rmtree(folder, ignore_errors=True)
    engine, begun = sqlite.engine(people), times.now()
    with Session(engine) as session:
        for number in range(20):
            with operation(session):
                users.add(
                    session, {"username": f"{begun}{number}", "email": f"{number}@{begun[-5:-1]}.example"}
                )
    for _each in range(2):
        backup.back_up(engine, folder)
    engine.dispose()
    return good(folder)


@pytest.mark.parametrize("what", ["restores", "restores_some"])
def test_a_restore_is_done_or_not(people: Path, rounds: Rounds, what: str) -> None:
    engine, folder = sqlite.engine(people), people.parent / "backups"
    kept = people.parent / "kept.zip"
    backup.back_up(engine, people.parent, target=kept)
    with Session(engine) as session, operation(session):
        for user_id in range(1, 20):
            users.change(session, user_id, {"note": "since"})
    now = digest(people)
    restore.restore(engine, kept, folder, only=("user1", "user2") if what == "restores_some" else ())
    then = digest(people)
    history.undo(engine)
    engine.dispose()  # or what was killed would have nothing to recover at its next start
    assert digest(people) == now
    shutil.rmtree(folder)

    def check(said: list[str]) -> None:
        sound(people)
        assert digest(people) in (then, now)
        if digest(people) == then:  # leave it as it was for the next round
            history.undo(engine)
            engine.dispose()
        assert digest(people) == now
        assert len(good(folder)) >= said.count("restored")  # a safety copy before each
        shutil.rmtree(folder, ignore_errors=True)

    rounds(what, people.parent, 0.6, check)


def test_a_damaged_file_is_replaced_or_still_there(people: Path, engine: Engine, rounds: Rounds) -> None:
    backup.back_up(engine, people.parent, target=people.parent / "kept.zip")
    then = digest(people)
    engine.dispose()
    damaged, log = b"no database" + people.read_bytes(), b"its log"
    replaced = 0

    def damage() -> None:
        for left in people.parent.glob("roster damaged*"):
            left.unlink()
        files.remove(people)
        people.write_bytes(damaged)
        files.beside(people)[0].write_bytes(log)

    def check(said: list[str]) -> None:
        nonlocal replaced
        found = opening.inspect(people)
        kept = [path.read_bytes() for path in people.parent.glob("roster damaged*.db*")]
        logs = [path.read_bytes() for path in people.parent.glob("roster*-wal")]
        if isinstance(found, opening.Ready):
            replaced += 1
            assert not files.beside(people)[0].exists()
            assert sorted(kept) == sorted([damaged, log])
            assert digest(people) == then
        else:
            assert not said
            assert people.read_bytes() == damaged
            assert log in logs
        damage()

    damage()
    rounds("replaces", people.parent, 0.8, check)
    restore.replace(people, people.parent / "kept.zip")
    check(["replaced"])
    assert replaced
    files.remove(people)
