"""Photos and files through a backup and back: every one of them, by its hash; damage is told and mended."""

import hashlib
import re
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests import pictures as pics
from tests.safety.test_restore import digests, other, path_of, person
from webui.exchange import archive
from webui.safety import backup, health, restore
from webui.store import attachments, errors, photos, relations, users
from webui.store.ledger import history, sqlite
from webui.store.ledger.operations import operation
from webui.store.values import pictures

__all__ = ["other"]  # the fixture
FILES = [("scan.pdf", b"%PDF scan"), ("Scan.pdf", b"%PDF other"), ("../up.txt", b"up"), ("empty", b"")]


@pytest.fixture
def filled(engine: Engine) -> Engine:
    """Mara with a photo, four files and two siblings; they, one in the trash, with a photo and a file."""
    with Session(engine) as session:
        for name, photo in (("mara", pics.TURNED), ("noor/../x", pics.CLEAR), ("gone", pics.SMALL)):
            with operation(session):
                user_id = users.add(session, person(name)).id
                photos.put(session, user_id, pictures.read(photo))
                files = FILES if name == "mara" else FILES[:1]
                attachments.add(session, user_id, [attachments.Offered(*each) for each in files])
        with operation(session):
            relations.add(session, 1, {"people": [2, 3], "kind": "sibling"})
        with operation(session):
            users.trash(session, [3])
    return engine


def contents(path: Path) -> dict[str, str]:
    """Return every photo and file that something points to, as (whose, name) -> SHA-256 of its bytes."""
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute(
            "SELECT u.uid || ' photo', p.original FROM users u JOIN photos p ON p.hash = u.photo_hash"
            " UNION ALL SELECT u.uid || ' ' || a.uid || a.name, f.content FROM attachments a JOIN files f"
            " ON f.hash = a.file_hash JOIN users u ON u.id = a.user_id"
        ).fetchall()
    return {name: hashlib.sha256(content).hexdigest() for name, content in found}


def test_they_lie_in_a_backup_as_files_that_one_can_open(filled: Engine, tmp_path: Path) -> None:
    told = archive.verify(made := backup.back_up(filled, tmp_path / "b"))
    with Session(filled) as session:
        uids = [users.find(session, user_id).uid for user_id in (1, 2)]
    expected = {
        f"photos/{uids[0]}.jpg": pics.TURNED,
        f"photos/{uids[1]}.png": pics.CLEAR,
        "attachments/mara/scan.pdf": b"%PDF scan",
        "attachments/mara/Scan (2).pdf": b"%PDF other",
        "attachments/mara/up.txt": b"up",
        "attachments/mara/empty": b"",
        "attachments/x/scan.pdf": b"%PDF scan",
    }
    with zipfile.ZipFile(made) as opened:
        found = {name: opened.read(name) for name in opened.namelist() if "/" in name}
        assert opened.getinfo("data.sqlite").compress_type == zipfile.ZIP_DEFLATED
        assert opened.getinfo(f"photos/{uids[0]}.jpg").compress_type == zipfile.ZIP_STORED
        assert found == expected
        assert {name: told.members[name]["sha256"] for name in expected} == {
            name: pics.sha(content) for name, content in expected.items()
        }
        page = opened.read("READ ME.html").decode()
    assert re.search(r"<dt>photos</dt><dd>2 photos", page)
    assert re.search(r"<dt>attachments</dt><dd>5 files", page)
    assert (told.photos, told.counts["attachments"], told.counts["files"]) == (2, 6, 4)


@pytest.mark.parametrize("empty", [True, False], ids=["an empty profile", "another roster"])
def test_every_photo_and_file_comes_back(filled: Engine, other: Engine, tmp_path: Path, empty: bool) -> None:
    made = backup.back_up(filled, tmp_path / "b")
    if not empty:
        with Session(other) as session, operation(session):
            zoe = users.add(session, person("zoe")).id
            photos.put(session, zoe, pictures.read(pics.MOVING))
    before = digests(path_of(other))
    restore.restore(other, made, tmp_path / "b2")
    assert contents(path_of(other)) == contents(path_of(filled))
    assert len(contents(path_of(other))) == 9
    assert digests(path_of(other))[1] == digests(path_of(filled))[1]
    with Session(other) as session:
        mara = session.query(users.User).filter_by(username="mara").one()
        assert [each.user.username for each in relations.of_user(session, mara.id)] == ["noor/../x"]
    if empty:
        assert digests(path_of(other)) == digests(path_of(filled))
        return
    history.undo(other)
    assert digests(path_of(other)) == before
    assert list(contents(path_of(other)).values()) == [pics.sha(pics.MOVING)]
    history.redo(other)
    assert contents(path_of(other)) == contents(path_of(filled))


def test_what_is_missing_or_changed_is_told_and_comes_back_with_a_backup(
    filled: Engine, tmp_path: Path, database: Path
) -> None:
    made, before = backup.back_up(filled, tmp_path / "b"), contents(database)

    def wrong() -> list[errors.Message]:
        with closing(sqlite.connect(database)) as connection:
            return health.check(connection, deep=True)

    assert wrong() == []
    with closing(sqlite.connect(database)) as connection:
        connection.execute("DELETE FROM photos WHERE hash = ?", (pics.sha(pics.TURNED),))
        connection.execute("UPDATE files SET content = x'00' WHERE hash = ?", (pics.sha(b"up"),))
    [told] = wrong()
    assert told == errors.Message("check.contents", {"names": "photos/mara, attachments/mara/up.txt"})
    assert backup.back_up(filled, tmp_path / "b")  # what is left is worth one all the same
    restore.restore(filled, made, tmp_path / "b")
    assert wrong() == []
    assert contents(database) == before


def test_room_for_photos_and_files_is_asked_for(
    filled: Engine, tmp_path: Path, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import shutil

    real, size = shutil.disk_usage(tmp_path), database.stat().st_size
    with Session(filled) as session, operation(session):
        attachments.add(session, 1, [attachments.Offered("film.bin", bytes(3_000_000))])
    made = backup.back_up(filled, tmp_path / "b")
    with zipfile.ZipFile(made) as opened:  # a database that is mostly files is not packed in vain
        assert opened.getinfo("data.sqlite").compress_type == zipfile.ZIP_STORED
    made.unlink()
    need = 2 * size + 2 * 3_000_000  # the file as it is now, twice, and in it the film
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: real._replace(free=need))
    with pytest.raises(errors.Full):
        backup.back_up(filled, tmp_path / "b")
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: real._replace(free=need + 20_000_000))
    assert backup.back_up(filled, tmp_path / "b")
