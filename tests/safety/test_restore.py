"""A restore: shown first, one undoable operation, identical; an empty database adopts all."""

import hashlib
import shutil
import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from webui.exchange import archive
from webui.safety import backup, restore
from webui.store import errors, posts, search, settings, users
from webui.store.ledger import derived, dump, history, sqlite
from webui.store.ledger.operations import named, operation
from webui.store.models import Attachment, File


def person(name: str, **form: Any) -> dict[str, Any]:
    return {"username": name, "email": f"{name}@post.example", "given": name.title(), **form}


def fill(engine: Engine) -> None:
    with Session(engine) as session:
        for name in ("mara", "noor", "jonas"):
            with operation(session):
                user = users.add(
                    session, person(name, emails=[{"label": "Work", "email": f"{name}@work.example"}])
                )
                posts.add(session, user.id, {"title": f"About {name}", "date": "2026-03-01"})
        with operation(session):
            users.trash(session, [3])


def digests(path: Path) -> tuple[str, str]:
    connection = sqlite.connect(path)
    try:
        assert derived.check(connection) == []
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        return dump.digest(connection), dump.records_digest(connection)
    finally:
        connection.close()


@pytest.fixture
def other(tmp_path: Path, empty_database: Path) -> Iterator[Engine]:
    """Another computer's database, with a uid of its own."""
    path = tmp_path / "other" / "roster.db"
    path.parent.mkdir()
    shutil.copy(empty_database, path)
    connection = sqlite.connect(path)
    connection.execute("UPDATE state SET value = 'another' WHERE name = 'uid'")
    connection.close()
    engine = sqlite.engine(path)
    yield engine
    engine.dispose()


def path_of(engine: Engine) -> Path:
    return Path(str(engine.url.database))


def test_an_empty_database_adopts_all_with_its_history(engine: Engine, other: Engine, tmp_path: Path) -> None:
    fill(engine)
    made = backup.back_up(engine, tmp_path / "b")
    found = restore.preview(other, made)
    assert (found.added, found.changed, found.removed, found.adopts) == (2, 0, 0, True)
    done = restore.restore(other, made, tmp_path / "b2")
    assert digests(path_of(other)) == digests(path_of(engine))
    assert done.safety_copy is None and not (tmp_path / "b2").exists()  # of nobody
    with Session(other) as session:
        assert [each.message for each in history.page(session)] == ["users.trash", *["users.add"] * 3]
        assert search.find(session, "about mara").count == 1
    assert history.undo(other).message == "users.trash"
    history.redo(other)
    with Session(other) as session, operation(session):
        assert users.add(session, person("new")).id == 4  # no id is ever used again


def test_a_moment_of_the_same_roster_comes_back_and_can_be_undone(
    engine: Engine, tmp_path: Path, database: Path
) -> None:
    fill(engine)
    then = digests(database)
    made = backup.back_up(engine, tmp_path / "b")
    with Session(engine) as session:
        with operation(session):
            users.change(session, 1, {"note": "changed"})
        with operation(session):
            posts.add(session, 2, {"title": "Since"})
        with operation(session):
            users.add(session, person("since"))
        with operation(session):
            users.put_back(session, 3)
        with operation(session):
            settings.set_title(session, "Since")
    now = digests(database)
    found = restore.preview(engine, made)
    assert (found.added, found.changed, found.removed, found.adopts) == (0, 2, 2, False)
    assert digests(database) == now
    done = restore.restore(engine, made, tmp_path / "b")
    assert digests(database) == then
    told = archive.verify(done.safety_copy)
    assert (told.pinned, told.reason, told.digest) == (True, "before_restore", now[0])
    with Session(engine) as session:
        assert search.find(session, "since").count == 0
    assert history.undo(engine).message == "restore"
    assert digests(database) == now
    history.redo(engine)
    assert digests(database) == then


def test_another_rosters_people_get_ids_of_their_own(engine: Engine, other: Engine, tmp_path: Path) -> None:
    fill(engine)
    made = backup.back_up(engine, tmp_path / "b")
    with Session(other) as session:
        for name in ("mara", "elif"):
            with operation(session):
                user = users.add(session, person(name))
                posts.add(session, user.id, {"title": "Of the other"})
    now = digests(path_of(other))
    found = restore.preview(other, made)
    assert (found.added, found.changed, found.removed) == (2, 0, 2)
    restore.restore(other, made, tmp_path / "b2")
    assert digests(path_of(other))[1] == digests(path_of(engine))[1]
    with Session(other) as session:
        assert {row.id for row in search.find(session).rows}.isdisjoint({1, 2})
    history.undo(other)
    assert digests(path_of(other)) == now


def test_a_roster_that_already_has_them_by_uid_keeps_its_ids(
    engine: Engine, other: Engine, tmp_path: Path
) -> None:
    fill(engine)
    made = backup.back_up(engine, tmp_path / "b")
    with Session(other) as session, operation(session):
        users.add(session, person("first"))
    restore.restore(other, made, tmp_path / "b2")
    with Session(other) as session:
        ids = {row.uid: row.id for row in search.find(session).rows}
        with operation(session):
            users.change(session, next(iter(ids.values())), {"note": "x"})
    restore.restore(other, made, tmp_path / "b2")
    with Session(other) as session:
        assert {row.uid: row.id for row in search.find(session).rows} == ids
    assert digests(path_of(other))[1] == digests(path_of(engine))[1]


def test_a_restore_that_changes_nothing_leaves_no_trace(engine: Engine, tmp_path: Path) -> None:
    fill(engine)
    made = backup.back_up(engine, tmp_path / "b")
    assert restore.preview(engine, made).same
    restore.restore(engine, made, tmp_path / "b")
    with Session(engine) as session:
        assert history.page(session, limit=1)[0].message == "users.trash"


@pytest.mark.parametrize("place", [0.01, 0.3, 0.6, 0.999])
def test_a_damaged_backup_is_refused_and_nothing_changes(
    engine: Engine, tmp_path: Path, place: float, digest: Callable[[], str]
) -> None:
    fill(engine)
    made = backup.back_up(engine, tmp_path / "b")
    data = bytearray(made.read_bytes())
    data[int(len(data) * place)] ^= 4
    made.write_bytes(data)
    before = digest()
    with pytest.raises(errors.Damaged):
        restore.restore(engine, made, tmp_path / "b")
    assert digest() == before


def test_a_file_that_is_not_there_or_no_zip_is_told(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(errors.NotFound):
        restore.preview(engine, tmp_path / "none.zip")
    (tmp_path / "x.zip").write_bytes(b"x" * 500)
    with pytest.raises(errors.Damaged):
        restore.preview(engine, tmp_path / "x.zip")


def repacked(made: Path, target: Path, statements: list[str]) -> Path:
    """A backup that somebody else made: sound as a zip, with other things in its database."""
    told = archive.manifest(made)
    copy = target.with_suffix(".sqlite")
    archive.extract(made, archive.DATABASE, copy)
    connection = sqlite3.connect(copy)
    connection.execute("PRAGMA journal_mode=DELETE")
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()
    about = {name: getattr(told, name) for name in archive.Manifest.__dataclass_fields__ if name != "members"}
    archive.write(target, about, [(archive.DATABASE, lambda stream: _pour(copy, stream))])
    return target


def _pour(path: Path, stream: Any) -> None:
    stream.write(path.read_bytes())


def test_triggers_and_views_of_a_foreign_file_never_run(
    engine: Engine, other: Engine, tmp_path: Path
) -> None:
    fill(engine)
    made = backup.back_up(engine, tmp_path / "b")
    evil = repacked(
        made,
        tmp_path / "evil.zip",
        [
            "CREATE TRIGGER evil AFTER UPDATE ON ledger BEGIN DELETE FROM users; END",
            "CREATE TRIGGER evil2 AFTER INSERT ON users BEGIN DELETE FROM posts; END",
            "CREATE VIEW evil3 AS SELECT * FROM users",
        ],
    )
    restore.restore(other, evil, tmp_path / "b2")
    assert digests(path_of(other)) == digests(path_of(engine))


def test_a_backup_of_a_newer_schema_is_refused_by_name(engine: Engine, other: Engine, tmp_path: Path) -> None:
    fill(engine)
    made = backup.back_up(engine, tmp_path / "b")
    newer = repacked(made, tmp_path / "newer.zip", ["UPDATE alembic_version SET version_num = '9999'"])
    with pytest.raises(errors.TooNew):
        restore.restore(other, newer, tmp_path / "b2")


def test_a_zip_with_a_path_in_it_writes_nowhere_else(engine: Engine, other: Engine, tmp_path: Path) -> None:
    fill(engine)
    made = backup.back_up(engine, tmp_path / "b")
    with zipfile.ZipFile(made, "a") as opened:
        opened.writestr("../../evil.txt", b"x")
    with pytest.raises(errors.Damaged):
        restore.preview(other, made)


def test_what_is_kept_by_its_hash_comes_with_a_restore_and_stays_after_its_undo(
    engine: Engine, other: Engine, tmp_path: Path
) -> None:
    fill(engine)
    content = b"A contract"
    file_hash = hashlib.sha256(content).hexdigest()
    with Session(engine) as session, operation(session):
        named(session, "users.change", name="Mara", fields=[])
        session.add(File(hash=file_hash, content=content))
        session.add(Attachment(user_id=1, name="contract.txt", size=len(content), file_hash=file_hash))
    made = backup.back_up(engine, tmp_path / "backups")
    with Session(other) as session, operation(session):  # not empty: it adopts nothing
        users.add(session, person("zoe"))
    restore.restore(other, made, tmp_path / "safety")
    with Session(other) as session:
        assert [each.name for each in session.query(Attachment)] == ["contract.txt"]
        assert session.get_one(File, file_hash).content == content
    history.undo(other)
    with Session(other) as session:
        assert session.query(Attachment).all() == []
    history.redo(other)
    assert digests(tmp_path / "other" / "roster.db")[1] == digests(Path(str(engine.url.database)))[1]


def test_an_empty_database_adopts_what_is_kept_by_its_hash(
    engine: Engine, other: Engine, tmp_path: Path
) -> None:
    fill(engine)
    with Session(engine) as session, operation(session):
        named(session, "users.change", name="Mara", fields=[])
        session.add(File(hash="a" * 64, content=b"scan"))
        session.add(Attachment(user_id=1, name="scan", size=4, file_hash="a" * 64))
    restore.restore(other, backup.back_up(engine, tmp_path / "backups"), tmp_path / "safety")
    with Session(other) as session:
        assert session.get_one(File, "a" * 64).content == b"scan"
