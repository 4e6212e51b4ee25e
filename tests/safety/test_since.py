"""Whoever was changed since a backup is added to it only where all of them is as history says."""

import random
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from webui.safety import backup, opening
from webui.safety.rescue import Rescue
from webui.store import bulk_remove, posts, users
from webui.store.chosen import Chosen
from webui.store.ledger import dump, history, sqlite
from webui.store.ledger.operations import operation

PAGE = 4096
People = dict[str, set[tuple[Any, ...]]]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> tuple[Path, Path]:
    """A database of 60 people, of whom some changed since the backup beside it, and its folder of backups."""
    path = tmp_path_factory.mktemp("whole") / "roster.db"
    shutil.copy(empty_database, path)
    engine = sqlite.engine(path)

    def person(number: int) -> dict[str, Any]:
        phones = [{"label": "Home", "phone": f"+4930{number:06}"}]
        form = {"username": f"user{number}", "email": f"u{number}@post.example", "tags": ["Choir"]}
        return form | {"note": "n" * 900, "phones": phones}

    with Session(engine) as session:
        with operation(session):
            for number in range(1, 61):
                users.add(session, person(number))
                posts.add(
                    session, number, {"title": f"About {number}", "body": "b" * 700, "date": "2026-03-01"}
                )
        backup.back_up(engine, path.parent / "backups")
        for number in (5, 25):
            with operation(session):
                users.change(session, number, {"note": "Since", "phones": [], "tags": ["Choir", "Alto"]})
        with operation(session):
            posts.change(session, 40, {"title": "Another"})
        with operation(session):
            users.add(session, person(61))
        with operation(session):
            users.trash(session, [50])
        with operation(session):
            bulk_remove.remove(session, Chosen(ids=(50,), trashed=True))
    engine.dispose()
    opening.settle(path)
    return path, path.parent / "backups"


@pytest.fixture
def rescue(whole: tuple[Path, Path], tmp_path: Path) -> Callable[[Callable[[bytearray], None]], Rescue]:
    """Return what is known of the database once its bytes were damaged."""

    def looked(damage: Callable[[bytearray], None]) -> Rescue:
        content = bytearray(whole[0].read_bytes())
        damage(content)
        path = tmp_path / "roster.db"
        path.write_bytes(content)
        found = Rescue(path, whole[1])
        found.look(lambda *_step: None)
        return found

    return looked


def people(path: Path) -> People:
    """Return all that is recorded of each, by username, with neither ids nor times."""
    found: People = {}
    with closing(sqlite.foreign(path)) as connection:
        named = dict(connection.execute("SELECT uid, username FROM users"))
        for table in dump.OF_PEOPLE:
            cursor = connection.execute(dump.BY_UID[table].format("main"))
            at = [each[0] for each in cursor.description].index("person")
            for row in cursor.fetchall():
                found.setdefault(named[row[at]], set()).add((table, *row))
    return found


def header(content: bytearray) -> None:
    content[:100] = bytes(100)


def test_everyone_who_changed_is_added_and_one_undo_takes_it_back(
    rescue: Callable[..., Rescue], whole: tuple[Path, Path]
) -> None:
    found = rescue(header)
    assert found.newest
    assert len(found.addable) == 5  # two changed, one about whom a post says more, one new, one gone
    found.restore(found.newest.path, lambda *_step: None, add=True)
    assert people(found.database) == people(whole[0])
    engine = sqlite.engine(found.database)
    history.undo(engine)
    engine.dispose()
    before = people(found.database)
    assert len(before) == 60 and "user50" in before and "user61" not in before


def test_what_rotted_is_no_change(rescue: Callable[..., Rescue]) -> None:
    def rot(content: bytearray) -> None:
        header(content)
        for name in (b"About 7b", b"About 25b"):  # of someone who did not change, and of someone who did
            while (at := content.find(name)) >= 0:
                content[at : at + len(name)] = b"Q" + name[1:]

    found = rescue(rot)
    assert found.newest and len(found.addable) == 4
    found.restore(found.newest.path, lambda *_step: None, add=True)
    now = people(found.database)
    assert "About 7" in str(now["user7"]) and "About 25" in str(now["user25"])


def test_a_backup_of_another_timeline_is_not_added_to(
    rescue: Callable[..., Rescue], whole: tuple[Path, Path]
) -> None:
    def other(content: bytearray) -> None:
        header(content)
        with closing(sqlite.foreign(whole[0])) as connection:
            (at,) = connection.execute("SELECT at FROM operations WHERE id = 1").fetchone()
        place = content.find(at.encode())
        assert place > 0
        while place >= 0:
            content[place : place + 4] = b"2019"
            place = content.find(at.encode())

    found = rescue(other)
    assert found.newest and not found.addable
    found.close()


def _seeds() -> list[Any]:
    return [pytest.param(seed, marks=[pytest.mark.long] if seed >= 4 else []) for seed in range(80)]


@pytest.mark.parametrize("seed", _seeds())
def test_whatever_is_damaged_each_is_as_in_the_backup_or_as_they_were_last(
    rescue: Callable[..., Rescue], whole: tuple[Path, Path], tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)

    def damage(content: bytearray) -> None:
        header(content)
        for page in chance.sample(range(1, len(content) // PAGE), chance.randrange(1, 12)):
            begin = page * PAGE + chance.choice((0, PAGE // 2, PAGE - 300))
            content[begin : (page + 1) * PAGE] = chance.randbytes((page + 1) * PAGE - begin)

    found = rescue(damage)
    if found.newest is None or not found.addable:
        found.close()
        return
    found.restore(found.newest.path, lambda *_step: None, add=True)
    last, now = people(whole[0]), people(found.database)
    engine = sqlite.engine(found.database)
    history.undo(engine)
    engine.dispose()
    before = people(found.database)
    for name in {*before, *now}:
        assert now.get(name) in (before.get(name), last.get(name)), name
