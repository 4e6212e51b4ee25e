"""What may be anyone's file: a bare database with its log, a backup of any age, no Roster at all."""

import gzip
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from webui.exchange import archive
from webui.safety import backup, restore, unpacking
from webui.store import errors, migrations, search, users
from webui.store.ledger import derived, dump, sqlite
from webui.store.ledger.operations import operation

KEPT = sorted((Path(__file__).parent.parent / "files" / "schemas").glob("*.db.gz"))
_MANIFEST = {"app": "1.0", "title": "Choir", "reason": "now", "pinned": False, "digest": ""}


def kept(tmp_path: Path, number: int = -1) -> Path:
    """Return the kept file of a schema, as a bare database."""
    path = tmp_path / "kept.db"
    path.write_bytes(gzip.decompress(KEPT[number].read_bytes()))
    return path


def changed(path: Path, *statements: str) -> Path:
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()
    return path


def files_of(path: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in path.parent.glob(f"{path.name}*")}


def refused(engine: Engine, path: Path, kind: type[errors.StoreError] = errors.Damaged) -> str:
    with pytest.raises(kind) as told:
        restore.preview(engine, path)
    return told.value.message.id


@pytest.mark.parametrize("number", range(len(KEPT)), ids=[each.name.split(".")[0] for each in KEPT])
@pytest.mark.parametrize("packed", [False, True], ids=["bare", "zip"])
def test_a_file_of_every_schema_is_restored(
    engine: Engine, database: Path, tmp_path: Path, number: int, packed: bool
) -> None:
    """The zip is made as the app of then made it: there never was another format than 1."""
    path = kept(tmp_path, number)
    with closing(sqlite3.connect(path)) as connection:
        uid = connection.execute("SELECT value FROM state WHERE name = 'uid'").fetchone()[0]
        counts = {
            t: connection.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in ("users", "posts")
        }
    if packed:
        about = {**_MANIFEST, "at": "2026-11-20T10:00:00.000Z", "revision": KEPT[number].name[:4], "uid": uid}
        member = (archive.DATABASE, lambda stream: stream.write(path.read_bytes()))
        archive.write(tmp_path / "kept.zip", {**about, "counts": counts}, [member])
    before = files_of(path)
    done = restore.restore(engine, tmp_path / "kept.zip" if packed else path, tmp_path / "b")
    assert (done.preview.added, done.preview.told.uid) == (2, uid)
    assert files_of(path) == before
    with Session(engine) as session:
        assert search.find(session, "strasse").count == 1
    with closing(sqlite.connect(database)) as connection:
        assert derived.revision(connection) == migrations.head()
        assert derived.check(connection) == []


def test_a_log_is_read_with_the_file_and_neither_is_touched(engine: Engine, tmp_path: Path) -> None:
    path, pulled = kept(tmp_path), tmp_path / "pulled.db"
    other = sqlite.engine(path)
    with Session(other) as session:
        with operation(session):
            users.add(session, {"username": "logged", "email": "l@post.example"})
        for end in ("", "-wal"):  # as a stick has it that was pulled
            shutil.copy(f"{path}{end}", f"{pulled}{end}")
    other.dispose()
    before = files_of(pulled)
    assert {*before} == {"pulled.db", "pulled.db-wal"}
    assert before["pulled.db-wal"]
    assert restore.preview(engine, pulled).added == 3
    assert files_of(pulled) == before


def test_a_hot_journal_takes_back_what_was_half_written(engine: Engine, tmp_path: Path) -> None:
    path, hot = kept(tmp_path), tmp_path / "hot.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
        connection.execute("PRAGMA cache_size=1")  # so that pages are written before the end
        connection.execute("BEGIN")
        connection.execute("UPDATE users SET note = printf('%.*c', 20000, 'x'), deleted_at = '2026'")
        for end in ("", "-journal"):
            shutil.copy(f"{path}{end}", f"{hot}{end}")
        connection.execute("ROLLBACK")
    before = files_of(hot)
    assert before["hot.db-journal"].startswith(b"\xd9\xd5\x05\xf9")
    assert before["hot.db"] != path.read_bytes()
    assert restore.preview(engine, hot).added == 2
    assert files_of(hot) == before


def test_triggers_and_views_of_a_bare_file_never_run(engine: Engine, database: Path, tmp_path: Path) -> None:
    path = kept(tmp_path)
    restore.restore(engine, path, tmp_path / "b")
    with closing(sqlite.connect(database)) as connection:
        wanted = dump.digest(connection)
    evil = "BEGIN DELETE FROM users; INSERT INTO tags (uid, name) VALUES ('x', 'ran'); END"
    changed(
        path,
        f"CREATE TRIGGER evil AFTER UPDATE ON ledger {evil}",
        f'CREATE TRIGGER "e""vil" AFTER INSERT ON operations {evil}',
        f"CREATE TRIGGER evil3 AFTER UPDATE ON alembic_version {evil}",
        "CREATE VIEW evil4 AS SELECT * FROM users",
    )
    restore.restore(engine, path, tmp_path / "b")
    with closing(sqlite.connect(database)) as connection:
        assert dump.digest(connection) == wanted


def test_a_trigger_that_calls_itself_a_table_is_refused(engine: Engine, tmp_path: Path) -> None:
    path = kept(tmp_path)
    changed(
        path,
        "CREATE TRIGGER evil AFTER UPDATE ON ledger BEGIN DELETE FROM users; END",
        "PRAGMA writable_schema=ON",
        "UPDATE sqlite_master SET type = 'table' WHERE name = 'evil'",
    )
    assert refused(engine, path) in ("backup.no_roster", "backup.damaged")


def test_a_view_in_the_place_of_a_table_is_refused(engine: Engine, tmp_path: Path) -> None:
    path = kept(tmp_path)
    changed(
        path,
        "ALTER TABLE settings RENAME TO hidden",
        "CREATE VIEW settings AS SELECT id, name, randomblob(1) AS value FROM hidden",
    )
    assert refused(engine, path) == "backup.no_roster"


def test_a_database_of_another_program_is_refused_in_words(
    engine: Engine, tmp_path: Path, digest: Callable[[], str]
) -> None:
    path = changed(
        tmp_path / "places.sqlite", "CREATE TABLE users (id, uid)", "INSERT INTO users VALUES (1, 2)"
    )
    before = digest()
    assert refused(engine, path) == "backup.no_roster"
    assert digest() == before
    changed(path, *(f"CREATE TABLE {name} (id)" for name in ("posts", "operations", "ledger", "state")))
    changed(path, "CREATE TABLE settings (id)", "CREATE TABLE alembic_version (version_num)")
    assert refused(engine, path) == "backup.no_roster"
    changed(path, f"INSERT INTO alembic_version VALUES ('{migrations.head()}')")
    assert refused(engine, path) == "backup.damaged"
    changed(path, "UPDATE alembic_version SET version_num = '9999'")
    assert refused(engine, path, errors.TooNew) == "backup.newer"


def test_a_damaged_bare_file_is_told(engine: Engine, tmp_path: Path) -> None:
    path = kept(tmp_path)
    data = bytearray(path.read_bytes())
    data[8192 : len(data) // 2] = b"\xff" * (len(data) // 2 - 8192)
    path.write_bytes(data)
    assert refused(engine, path) == "backup.damaged"


def test_the_live_file_itself_is_no_backup_of_itself(engine: Engine, database: Path) -> None:
    assert refused(engine, database, errors.Refused) == "source.ours"


def test_a_file_that_goes_on_changing_is_left_alone(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, seen = kept(tmp_path), iter(range(100))
    monkeypatch.setattr(unpacking, "_seen", lambda _path: [(next(seen), 0)])
    assert refused(engine, path, errors.Busy) == "busy"
    assert list((Path(str(engine.url.database)).parent / "scratch").iterdir()) == []


def test_a_backup_says_no_more_of_a_bare_file_than_is_known(engine: Engine, tmp_path: Path) -> None:
    told = restore.preview(engine, kept(tmp_path)).told
    with closing(sqlite3.connect(kept(tmp_path))) as connection:
        last = connection.execute("SELECT at FROM operations ORDER BY id DESC LIMIT 1").fetchone()[0]
        assert told.counts == {**backup.counts(connection)}
    assert (told.at, told.people, told.reason) == (last, 2, "bare")
