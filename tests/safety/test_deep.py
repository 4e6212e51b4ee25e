"""Bits that rot are found although size and time are as before, never offered, and made good from a copy."""

import datetime
import os
import shutil
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from webui.exchange import archive
from webui.safety import backup, catalogue, deep, opening
from webui.store import errors, users
from webui.store.ledger import sqlite
from webui.store.ledger.operations import operation


@pytest.fixture
def made(engine: Engine, session: Session, tmp_path: Path) -> Path:
    with operation(session):
        users.add(session, {"username": "mara", "email": "mara@post.example"})
    session.rollback()
    return backup.back_up(engine, tmp_path / "backups")


def rot(path: Path, at: int = 200) -> None:
    before, data = path.stat(), bytearray(path.read_bytes())
    data[at] ^= 4
    path.write_bytes(data)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def test_a_backup_that_rots_is_found_and_never_offered(database: Path, made: Path) -> None:
    [found] = catalogue.backups(made.parent)
    assert found.sound and found.told
    assert not deep.check(database, [made.parent]).rotten
    rot(made)
    assert found.sound, "nothing else looks at it again while size and time stay"
    told = deep.check(database, [made.parent])
    assert told.rotten == [made] and told.found == ()
    assert not found.sound and catalogue.newest(made.parent, found.told.uid) is None
    assert deep.last(database.parent) == told


@pytest.mark.parametrize("at", [200, -1], ids=["its content", "its digest"])
def test_a_rotten_backup_is_made_good_from_its_copy(
    database: Path, made: Path, tmp_path: Path, at: int
) -> None:
    second, before = tmp_path / "second", made.read_bytes()
    second.mkdir()
    deep.check(database, [made.parent])
    with pytest.raises(errors.NotFound):
        deep.repair(made, second, database.parent)
    shutil.copy(made, second)
    rot(made, at)
    deep.check(database, [made.parent])
    deep.repair(made, second, database.parent)
    assert made.read_bytes() == before and not deep.last(database.parent).rotten
    assert catalogue.backups(made.parent)[0].sound
    assert [each.name for each in made.parent.iterdir()] == [made.name]


def test_another_backup_of_that_name_repairs_nothing(
    database: Path, engine: Engine, session: Session, made: Path, tmp_path: Path
) -> None:
    deep.check(database, [made.parent])
    with operation(session):
        users.add(session, {"username": "noor", "email": "noor@post.example"})
    session.rollback()
    backup.back_up(engine, tmp_path / "second").rename(tmp_path / "second" / made.name)
    rot(made)
    rotten = made.read_bytes()
    with pytest.raises(errors.Refused):
        deep.repair(made, tmp_path / "second", database.parent)
    rot(tmp_path / "second" / made.name)
    with pytest.raises(errors.Refused):
        deep.repair(made, tmp_path / "second", database.parent)
    assert made.read_bytes() == rotten


def test_by_itself_each_is_made_good_of_which_some_folder_has_a_copy(
    database: Path, engine: Engine, made: Path, tmp_path: Path
) -> None:
    alone, second = backup.back_up(engine, made.parent), tmp_path / "second"
    second.mkdir()
    shutil.copy(made, second)
    folders = [made.parent, second]
    deep.check(database, folders)
    for path in (made, alone):
        rot(path)
    deep.check(database, folders)
    assert deep.repair_all(database.parent, folders) == [made]
    assert deep.last(database.parent).rotten == [alone]
    rot(second / made.name)
    deep.check(database, folders)
    assert deep.repair_all(database.parent, folders) == [second / made.name]  # either from the other


def test_what_was_removed_or_written_anew_since_is_not_brought_back(
    database: Path, made: Path, tmp_path: Path
) -> None:
    second = tmp_path / "second"
    second.mkdir()
    shutil.copy(made, second)
    deep.check(database, [made.parent])
    rot(made, -1)
    deep.check(database, [made.parent])
    deep.renew(database.parent, [made])
    assert deep.repair_all(database.parent, [made.parent, second]) == []
    deep.check(database, [made.parent])
    made.unlink()
    assert deep.repair_all(database.parent, [made.parent, second]) == []
    assert not made.exists()


def test_it_is_due_each_week_and_a_folder_that_is_away_keeps_what_was_known(
    database: Path, made: Path, tmp_path: Path
) -> None:
    now = datetime.datetime.now(datetime.UTC)
    assert deep.is_due(database.parent, now) and deep.last(database.parent) == deep.Deep()
    deep.check(database, [made.parent])
    assert not deep.is_due(database.parent, now + datetime.timedelta(days=6))
    assert deep.is_due(database.parent, now + datetime.timedelta(days=8))
    assert deep.is_due(database.parent, now - datetime.timedelta(days=1)), "the clock was wrong once"
    made.parent.rename(tmp_path / "away")
    assert list(deep.check(database, [made.parent]).backups) == [made]
    (tmp_path / "away").rename(made.parent)
    archived = archive.sound(made)
    made.unlink()
    assert archived and not deep.check(database, [made.parent]).backups


def test_an_index_that_lies_is_found(database: Path, engine: Engine, made: Path) -> None:
    engine.dispose()
    with closing(sqlite.connect(database)) as connection:
        query = "SELECT rootpage FROM sqlite_master WHERE name = 'ix_users_email_key'"
        [root] = connection.execute(query).fetchone()
    opening.settle(database)
    with database.open("r+b") as file:
        file.seek((root - 1) * 4096)
        page = bytearray(file.read(4096))
        page[page.index(b"mara@post")] ^= 1
        file.seek((root - 1) * 4096)
        file.write(page)
    assert [each.id for each in deep.check(database, []).found] == ["check.index"]
