"""A backup: whole, verified, private, and none at all where it can't be good."""

import errno
import io
import os
import sqlite3
import time
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from filelock import FileLock
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from webui.exchange import archive, exporting
from webui.exchange.out import cards
from webui.exchange.out.wanted import Wanted
from webui.safety import backup, catalogue, health, opening, restore
from webui.store import errors, posts, users
from webui.store.ledger import dump, sqlite
from webui.store.ledger.operations import operation


@pytest.fixture
def mara(session: Session) -> int:
    with operation(session):
        user = users.add(
            session, {"username": "mara", "email": "mara@l.example", "given": "=Mara", "note": "a\nb"}
        )
        posts.add(session, user.id, {"title": "Concert", "date": "2026-03-01"})
        user_id = user.id
    session.rollback()
    return user_id


def test_it_holds_everything_readable_without_roster(
    engine: Engine, tmp_path: Path, mara: int, digest: Callable[[], str]
) -> None:
    steps: list[str] = []
    made = backup.back_up(engine, tmp_path / "b", lambda phase, _done, _total: steps.append(phase))
    told = archive.verify(made)
    assert steps == ["backup.copy", "backup.check", "backup.pack", "backup.verify"]
    assert (told.counts["users"], told.counts["posts"], told.digest) == (1, 1, digest())
    with zipfile.ZipFile(made) as opened:
        assert set(opened.namelist()) == {
            "READ ME.html", "data.sqlite", "users.csv", "posts.csv", "contacts.vcf", "manifest.json",
        }  # fmt: skip
        assert b"1 person and 1 post." in opened.read("READ ME.html")
        assert b"'=Mara" in opened.read("users.csv")
        assert b"2026-03-01,Concert" in opened.read("posts.csv")
        assert b"FN:=Mara\r\n" in opened.read("contacts.vcf")
        assert b"NOTE:a\\nb\r\n" in opened.read("contacts.vcf")
        opened.extract("data.sqlite", tmp_path)
    copy = sqlite3.connect(tmp_path / "data.sqlite")
    assert dump.digest(copy) == told.digest
    copy.close()


def _cards(connection: sqlite3.Connection, stream: io.BytesIO) -> None:
    cards.write(connection, stream, Wanted(beside=frozenset({"relations"})))


def test_its_tables_and_cards_are_what_an_export_writes(engine: Engine, tmp_path: Path, mara: int) -> None:
    with zipfile.ZipFile(backup.back_up(engine, tmp_path / "b")) as opened:
        opened.extract("data.sqlite", tmp_path)
        for name, write in (
            ("users.csv", exporting.users_csv),
            ("posts.csv", exporting.posts_csv),
            ("contacts.vcf", _cards),
        ):
            exported = io.BytesIO()
            with closing(sqlite.foreign(tmp_path / "data.sqlite")) as connection:
                write(connection, exported)
            assert opened.read(name) == exported.getvalue()


def test_nothing_but_the_backup_stays_in_the_folder(engine: Engine, tmp_path: Path, mara: int) -> None:
    first = backup.back_up(engine, tmp_path / "b")
    second = backup.back_up(engine, tmp_path / "b")
    assert sorted((tmp_path / "b").iterdir()) == sorted([first, second])
    assert first.stat().st_mode & 0o777 == 0o600
    assert first.parent.stat().st_mode & 0o777 == 0o700


def test_a_target_of_ones_own_is_replaced_only_by_a_whole_backup(
    engine: Engine, tmp_path: Path, mara: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "mine.zip"
    target.write_bytes(b"older")
    monkeypatch.setattr(exporting, "posts_csv", lambda *_: (_ for _ in ()).throw(OSError(28, "full")))
    with pytest.raises(errors.StoreError):
        backup.back_up(engine, tmp_path, target=target)
    assert target.read_bytes() == b"older"
    assert [path.name for path in tmp_path.iterdir() if path.suffix != ".zip"] == ["data"]
    monkeypatch.undo()
    assert backup.back_up(engine, tmp_path, target=target) == target
    archive.verify(target)


def test_a_full_disk_makes_no_backup(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import shutil

    real = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: real._replace(free=10))
    with pytest.raises(errors.Full):
        backup.back_up(engine, tmp_path / "b")
    assert list((tmp_path / "b").iterdir()) == []


def test_a_place_that_cannot_be_is_told(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(errors.ReadOnly) as caught:
        backup.back_up(engine, tmp_path / "file" / "b")
    assert caught.value.message.id == "backup.place"


@pytest.mark.outside
def test_what_can_be_made_anew_is_no_reason_for_no_backup(
    engine: Engine, tmp_path: Path, database: Path, mara: int
) -> None:
    connection = sqlite3.connect(database)
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute("DELETE FROM names_fts_data")
    connection.execute("UPDATE settings SET value = x'00ff'")
    connection.commit()
    connection.close()
    made = backup.back_up(engine, tmp_path / "b")
    assert archive.verify(made).people == 1
    connection = sqlite.connect(database)
    assert health.check(connection) == []
    connection.close()


def test_a_damaged_database_is_not_backed_up(engine: Engine, tmp_path: Path, database: Path) -> None:
    opening.close(engine)
    with database.open("r+b") as file:
        file.seek(5 * 4096)
        file.write(b"\xff" * 4096 * 8)
    with pytest.raises(errors.Damaged):
        backup.back_up(engine, tmp_path / "b")
    assert list((tmp_path / "b").iterdir()) == []
    assert list((tmp_path / "data" / "scratch").iterdir()) == []
    database.unlink()


def test_what_a_killed_backup_left_is_swept_away(engine: Engine, tmp_path: Path, mara: int) -> None:
    home, place, past = tmp_path / "data" / "scratch", tmp_path / "b", time.time() - 7_200
    place.mkdir()
    for left in (home / "work-killed", home / "work-at-work"):
        left.mkdir(parents=True)
        (left / "copy.sqlite").write_bytes(b"people")
        os.utime(left, (past, past))
    (place / ".roster-killed.tmp").write_bytes(b"half")
    (place / ".roster-now.tmp").write_bytes(b"half")
    os.utime(place / ".roster-killed.tmp", (past, past))
    with FileLock(home / "work-at-work" / "lock"):
        os.utime(home / "work-at-work", (past, past))
        made = backup.back_up(engine, place)
    assert {path.name for path in place.iterdir()} == {made.name, ".roster-now.tmp"}
    assert [path.name for path in home.iterdir()] == ["work-at-work"]


def test_no_copy_is_ever_readable_by_others(
    engine: Engine, tmp_path: Path, mara: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    modes: set[int] = set()

    def look(*_: object) -> None:
        for path in tmp_path.rglob("scratch/**/*"):
            modes.add(path.stat().st_mode & 0o077)

    old = os.umask(0)
    try:
        restore.restore(engine, backup.back_up(engine, tmp_path / "b", look), tmp_path / "b", look)
    finally:
        os.umask(old)
    assert modes == {0}


def test_the_catalogue_shows_what_is_there(engine: Engine, tmp_path: Path, mara: int) -> None:
    folder = tmp_path / "b"
    assert catalogue.backups(folder) == []
    first = backup.back_up(engine, folder, reason="everything", pinned=True)
    second = backup.back_up(engine, folder)
    (folder / "photos.zip").write_bytes(b"PK, but not ours")
    uid = archive.manifest(first).uid
    assert catalogue.newest(folder, "of another roster") is None
    assert [each.name for each in catalogue.backups(folder)] == [second.name, first.name]
    newest = catalogue.newest(folder, uid)
    assert newest is not None
    assert newest.path == second
    data = bytearray(second.read_bytes())
    data[len(data) // 2] ^= 1
    second.write_bytes(data)
    newest = catalogue.newest(folder, uid)
    assert newest is not None
    assert newest.told is not None
    assert (newest.path, newest.told.pinned) == (first, True)
    assert not catalogue.find(folder, second.name).sound
    with pytest.raises(errors.NotFound):
        catalogue.find(folder, "../roster.db")


def test_of_many_backups_only_the_newest_is_read_whole(
    engine: Engine, tmp_path: Path, mara: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [backup.back_up(engine, tmp_path / "b") for _ in range(3)]
    read: list[Path] = []
    real = archive.sound
    monkeypatch.setattr(archive, "sound", lambda path: read.append(path) or real(path))  # type: ignore[func-returns-value]
    found = catalogue.newest(tmp_path / "b", archive.manifest(made[0]).uid)
    assert found is not None
    assert [path.name for path in read] == [made[-1].name]


def test_people_in_the_trash_are_counted_apart(engine: Engine, tmp_path: Path, mara: int) -> None:
    with Session(engine) as session, operation(session):
        users.trash(session, [mara])
        users.add(session, {"username": "ines", "email": "ines@l.example"})
    made = backup.back_up(engine, tmp_path / "b")
    told = archive.verify(made)
    assert (told.people, told.posts, told.counts["users"]) == (1, 0, 2)
    with zipfile.ZipFile(made) as opened:
        assert b"1 person and 0 posts. In the trash: 1 person." in opened.read("READ ME.html")
        assert opened.read("users.csv").count(b"\n") == 2
        assert b"Concert" not in opened.read("posts.csv")


def test_a_place_that_can_not_be_written_is_the_one_that_is_named(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unlink = Path.unlink

    def read_only(path: Path, missing_ok: bool = False) -> None:
        if path.name.startswith(".roster-"):
            raise OSError(errno.EROFS, "read-only", str(path))
        unlink(path, missing_ok)

    def refused(path: Path, *_given: object) -> None:
        raise OSError(errno.EROFS, "read-only", str(path))

    monkeypatch.setattr(archive, "write", refused)
    monkeypatch.setattr(Path, "unlink", read_only)
    with pytest.raises(errors.ReadOnly) as told:
        backup.back_up(engine, tmp_path / "there")
    assert told.value.message.values["path"] == str(tmp_path / "there")
