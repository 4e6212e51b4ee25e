"""Someone is forgotten in the copies too: each backup and kept file is rewritten, removed or left."""

import gzip
import shutil
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from webui.exchange import archive
from webui.safety import (
    backup,
    catalogue,
    files,
    forgetting,
    health,
    holders,
    opening,
    past,
    restore,
    treating,
)
from webui.safety.workspace import workspace
from webui.store import errors, migrations, users
from webui.store.ledger import forget, history, sqlite, theirs
from webui.store.ledger.operations import operation

KEPT = sorted((Path(__file__).parent.parent / "files" / "schemas").glob("*.db.gz"))
RARE = "Quixoletta"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "backups"


@pytest.fixture
def uids(session: Session, database: Path) -> set[str]:
    """Those of someone with a rare name; Bo is there too."""
    for username, given in (("quixo", RARE), ("bo", "Bo")):
        with operation(session):
            users.add(session, {"username": username, "email": f"{username}@x.example", "given": given})
    session.close()
    with closing(sqlite.connect(database)) as connection:
        return theirs.uids_of(connection, [1])


def everywhere(engine: Engine, folder: Path, uids: set[str], choice: treating.Choice) -> forgetting.Done:
    database = Path(str(engine.url.database))
    found = holders.copies(database, [folder], uids)
    return forgetting.forget_everywhere(engine, [folder], uids, {each.path: choice for each in found})


def unpacked(path: Path) -> bytes:
    """Return the bytes of everything in a backup."""
    with zipfile.ZipFile(path) as packed:
        return b"".join(packed.read(name) for name in packed.namelist())


def test_a_backup_that_was_never_finished_goes_too(engine: Engine, folder: Path, uids: set[str]) -> None:
    folder.mkdir()
    for name in (".roster-20261127-1.tmp", ".roster-1.part"):
        (folder / name).write_bytes(RARE.encode())
    everywhere(engine, folder, uids, "rewrite")
    assert list(folder.iterdir()) == []


def test_a_backup_is_rewritten_in_its_place_and_verifies(
    engine: Engine, folder: Path, uids: set[str], session: Session
) -> None:
    made = backup.back_up(engine, folder, reason="everything", pinned=True)
    before = archive.verify(made)
    assert RARE.encode() in unpacked(made)
    with operation(session):
        users.trash(session, [1])
    session.close()
    done = everywhere(engine, folder, uids, "rewrite")
    assert [(each.did, each.copy.path) for each in done.outcomes] == [("rewritten", made)]
    assert done.clean and treating.still_held(done.outcomes) == []
    after = archive.verify(made)
    assert (after.at, after.reason, after.pinned, after.uid) == (before.at, "everything", True, before.uid)
    assert (before.people, after.people) == (2, 1)
    whole = unpacked(made)
    assert not [each for each in (RARE, RARE.lower(), *uids) if each.encode() in whole]
    assert list(folder.iterdir()) == [made]
    assert restore.preview(engine, made).added == 0
    assert holders.copies(Path(str(engine.url.database)), [folder], uids) == []


def test_only_copies_that_hold_them_are_named(engine: Engine, folder: Path, uids: set[str]) -> None:
    database = Path(str(engine.url.database))
    backup.back_up(engine, folder)
    everywhere(engine, folder, uids, "remove")
    assert catalogue.backups(folder) == []
    backup.back_up(engine, folder)
    assert holders.copies(database, [folder], uids) == []


def test_what_is_left_still_holds_them_and_is_told(engine: Engine, folder: Path, uids: set[str]) -> None:
    made = backup.back_up(engine, folder)
    before = made.read_bytes()
    done = everywhere(engine, folder, uids, "leave")
    assert [each.copy.path for each in treating.still_held(done.outcomes)] == [made]
    assert made.read_bytes() == before


def test_one_copy_that_fails_keeps_no_other_from_being_rewritten(
    engine: Engine, folder: Path, uids: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = backup.back_up(engine, folder), backup.back_up(engine, folder)
    kept, real = second.read_bytes(), backup.packed

    called: list[Path] = []

    def full_at_first(copy: Path, *given: Any) -> Path:
        called.append(copy)
        if len(called) == 1:
            raise OSError(28, "full")
        return real(copy, *given)

    monkeypatch.setattr(backup, "packed", full_at_first)
    done = everywhere(engine, folder, uids, "rewrite")
    assert [each.did for each in done.outcomes] == ["failed", "rewritten"]  # the newest comes first
    assert done.outcomes[0].why == errors.Message("disk_full")
    assert second.read_bytes() == kept
    assert archive.verify(first).people == 1


def test_a_newer_backup_and_a_damaged_one_can_only_be_removed_or_left(
    engine: Engine, folder: Path, uids: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    newer, damaged = backup.back_up(engine, folder), backup.back_up(engine, folder)
    monkeypatch.setattr(archive, "FORMAT", 0)
    whole = damaged.read_bytes()
    damaged.write_bytes(whole[: len(whole) // 3])
    found = holders.copies(Path(str(engine.url.database)), [folder], uids)
    assert {each.path: (each.sure, each.rewritable) for each in found} == {
        newer: (True, False),
        damaged: (False, False),
    }
    done = forgetting.forget_everywhere(engine, [folder], uids, {})
    assert [each.did for each in done.outcomes] == ["left", "left"]


@pytest.mark.parametrize("kept", KEPT, ids=lambda path: path.name[:4])
def test_a_kept_file_of_any_schema_is_rewritten(
    engine: Engine, database: Path, folder: Path, kept: Path
) -> None:
    older = database.with_name(f"roster before upgrade from {kept.name[:4]} 20260101-000000.db")
    with gzip.open(kept) as packed, older.open("wb") as file:
        shutil.copyfileobj(packed, file)
    with closing(sqlite.foreign(older)) as connection:
        user_id, uid, username = connection.execute("SELECT id, uid, username FROM users").fetchone()
    whole = Path(shutil.copy(older, database.with_name("live.db")))
    whole.replace(database)
    if not isinstance(opening.inspect(database), opening.Ready):
        migrations.migrate(database)
    done = everywhere(engine, folder, {uid}, "rewrite")
    assert [each.did for each in done.outcomes] == ["rewritten"]
    for path in (older, database):
        assert uid.encode() not in path.read_bytes()
        with closing(sqlite.connect(path)) as connection:
            assert health.check(connection) == []
            assert connection.execute("SELECT 1 FROM users WHERE id = ?", (user_id,)).fetchone() is None
        assert username


def test_scratch_is_emptied_but_for_what_another_is_at_work_on(
    engine: Engine, database: Path, folder: Path, uids: set[str]
) -> None:
    home = database.parent / "scratch"
    for name in ("imports/1/file", "restores/2/old.zip"):
        (home / name).parent.mkdir(parents=True)
        (home / name).write_text(RARE)
    with workspace(database) as busy:
        everywhere(engine, folder, uids, "leave")
        assert list(home.iterdir()) == [busy]
    engine.dispose()
    opening.ready(database)
    assert not [
        path for path in database.parent.rglob("*") if path.is_file() and RARE.encode() in path.read_bytes()
    ]


def test_a_past_moment_looked_at_afterwards_knows_nothing_of_them(
    engine: Engine, folder: Path, uids: set[str], session: Session
) -> None:
    everywhere(engine, folder, uids, "leave")
    newest = history.page(session)[0].id
    session.close()
    made = past.make(engine, newest)
    assert RARE.encode() not in Path(str(made.engine.url.database)).read_bytes()
    made.close()


def test_free_pages_that_a_crash_left_are_cleaned_by_the_next_start(
    engine: Engine, database: Path, uids: set[str]
) -> None:
    engine.dispose()
    forget.forget(database, uids)
    assert forget.is_owed(database)
    opening.ready(database)
    assert not forget.is_owed(database)
    assert files.logs(database) == []


def test_where_the_database_cannot_be_written_they_are_still_there(
    engine: Engine, database: Path, folder: Path, uids: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(_path: Path, _uids: set[str]) -> None:
        raise errors.Busy

    monkeypatch.setattr(forget, "forget", busy)
    with pytest.raises(errors.Refused, match="still_here"):
        everywhere(engine, folder, uids, "leave")


def test_a_restore_says_beforehand_whom_it_would_bring_back(
    engine: Engine, folder: Path, uids: set[str]
) -> None:
    made = backup.back_up(engine, folder)
    assert restore.preview(engine, made).forgotten == 0
    everywhere(engine, folder, uids, "leave")
    assert restore.preview(engine, made).forgotten == 1
    restore.restore(engine, made, folder)
    assert restore.preview(engine, made).forgotten == 0  # they are here, as was wanted
    history.undo(engine)
    assert restore.preview(engine, made).forgotten == 1


def test_an_empty_roster_that_becomes_a_backup_remembers_whom_it_forgot(
    engine: Engine, database: Path, folder: Path, uids: set[str], session: Session
) -> None:
    made = backup.back_up(engine, folder)
    session.close()
    for _each in range(2):
        history.undo(engine)
    with closing(sqlite.connect(database)) as connection:
        every = theirs.uids_of(connection, [1, 2])
    for uid in every:
        everywhere(engine, folder, {uid}, "leave")
    found = restore.restore(engine, made, folder).preview
    assert (found.adopts, found.forgotten) == (True, 2)
    with closing(sqlite.connect(database)) as connection:
        assert forget.tombstones(connection) == {forget.tombstone(uid) for uid in every}
