"""A backup: whole, verified, private, and none at all where it can't be good."""

import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from webui.exchange import archive, exporting
from webui.safety import backup, catalogue
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
        assert b"1 people and 1 posts" in opened.read("READ ME.html")
        assert b"'=Mara" in opened.read("users.csv")
        assert b"2026-03-01,Concert" in opened.read("posts.csv")
        assert b"FN:=Mara\r\n" in opened.read("contacts.vcf")
        assert b"NOTE:a\\nb\r\n" in opened.read("contacts.vcf")
        opened.extract("data.sqlite", tmp_path)
    copy = sqlite3.connect(tmp_path / "data.sqlite")
    assert dump.digest(copy) == told.digest
    copy.close()


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
def test_a_database_that_is_not_sound_is_not_backed_up(
    engine: Engine, tmp_path: Path, database: Path
) -> None:
    connection = sqlite.connect(database)
    connection.execute("PRAGMA foreign_keys=OFF")
    connection.execute(
        "INSERT INTO posts (uid, user_id, title, body, date, created_at, updated_at)"
        " VALUES ('p', 77, 'Hangs in the air', '', '2026-01-01', '', '')"
    )
    connection.close()
    with pytest.raises(errors.Damaged):
        backup.back_up(engine, tmp_path / "b")
    assert list((tmp_path / "b").iterdir()) == []


def test_the_catalogue_shows_what_is_there(engine: Engine, tmp_path: Path, mara: int) -> None:
    folder = tmp_path / "b"
    assert catalogue.backups(folder) == []
    first = backup.back_up(engine, folder, reason="everything", pinned=True)
    second = backup.back_up(engine, folder)
    (folder / "photos.zip").write_bytes(b"PK, but not ours")
    assert [each.name for each in catalogue.backups(folder)] == [second.name, first.name]
    newest = catalogue.newest(folder)
    assert newest is not None
    assert newest.path == second
    data = bytearray(second.read_bytes())
    data[len(data) // 2] ^= 1
    second.write_bytes(data)
    newest = catalogue.newest(folder)
    assert newest is not None
    assert newest.told is not None
    assert (newest.path, newest.told.pinned) == (first, True)
    assert not catalogue.find(folder, second.name).sound
    with pytest.raises(errors.NotFound):
        catalogue.find(folder, "../roster.db")
