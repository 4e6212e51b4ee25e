"""Backups and damage from a terminal: nothing needs to be moved by hand, nothing is deleted."""

import shutil
import sqlite3
from pathlib import Path

import pytest

from desktop.folders import Folders
from desktop.instance import Instance
from tests.desktop.commands.conftest import HEADER, Run
from webui.exchange import archive
from webui.safety import adopting
from webui.store import errors, migrations


@pytest.fixture
def backup(run: Run, people: Path, tmp_path: Path) -> Path:
    """A backup of the two people."""
    path = tmp_path / "kept.zip"
    assert run("backup", path).code == 0
    return path


def ruin(folders: Folders) -> bytes:
    """Overwrite all but the first pages of the database; return what is there then."""
    with folders.database.open("r+b") as file:
        file.seek(3 * 4096)
        file.write(b"\xff" * (folders.database.stat().st_size - 3 * 4096))
    return folders.database.read_bytes()


@pytest.mark.parametrize(
    "command",
    ["users", "history", "undo", "check", "digest", "backup", "export out.csv", "users --query m"],
)
def test_a_corrupt_page_is_one_line(
    run: Run, folders: Folders, people: Path, command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ruin(folders)
    ran = run(*command.split())
    assert ran.code == 1
    assert len((ran.err or ran.out).splitlines()) <= 2
    assert "amaged" in ran.err + ran.out
    folders.database.unlink()


def test_a_damaged_database_is_kept_aside_by_a_restore(run: Run, folders: Folders, backup: Path) -> None:
    before = run("digest").out
    folders.database.write_bytes(b"no database at all")
    dry = run("restore", backup, "--dry-run", "--json")
    assert (dry.code, dry.json["added"]) == (0, 2)
    assert folders.database.read_bytes() == b"no database at all"
    ran = run("restore", backup, "--json")
    assert ran.json["added"] == 2
    kept = Path(ran.json["safety_copy"])
    assert kept.read_bytes() == b"no database at all"
    assert kept.name.startswith("roster damaged ")
    assert run("digest").out == before
    backup.write_bytes(b"no backup")
    folders.database.write_bytes(b"again")
    assert run("restore", backup).code == 1
    assert folders.database.read_bytes() == b"again"
    folders.database.unlink()


def test_what_was_done_since_the_backup_is_counted_where_the_file_is_damaged(
    run: Run, folders: Folders, backup: Path, tmp_path: Path
) -> None:
    assert "missing" not in run("restore", backup, "--dry-run", "--json").json
    more = tmp_path / "more.csv"
    more.write_text(f"{HEADER}Ada,Berg,ada@x.example,\nInes,Oja,ines@x.example,\n")
    run("import", more)
    with folders.database.open("r+b") as file:
        file.write(bytes(100))  # the header alone: all else can be read
    dry = run("restore", backup, "--dry-run")
    assert (
        "Since that backup 2 people were added or changed, as far as the damaged file can be read" in dry.out
    )
    assert "“run” opens a page" in dry.out
    assert run("restore", backup, "--dry-run", "--json").json["missing"] == 2
    ran = run("restore", backup)
    assert ran.code == 0 and "Since that backup 2 people were added or changed" in ran.out
    assert "“run”" not in ran.out
    ruin(folders)
    assert "missing" in run("restore", backup, "--json").json
    folders.database.write_bytes(b"no database at all")
    ran = run("restore", backup)
    assert ran.code == 0 and "What was changed since that backup can't be known." in ran.out


def test_a_backup_that_can_not_be_restored_moves_nothing(
    run: Run, folders: Folders, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders.database.write_bytes(b"no database at all")
    monkeypatch.setattr(archive, "FORMAT", 0)
    ran = run("restore", backup)
    assert ran.code == 1
    assert "newer Roster" in ran.err
    assert folders.database.read_bytes() == b"no database at all"
    assert list(folders.data.glob("*damaged*")) == []
    folders.database.unlink()


def test_a_bad_page_behind_a_good_header_is_damage_too(run: Run, folders: Folders, backup: Path) -> None:
    before = run("digest").out
    ruined = ruin(folders)
    ran = run("restore", backup, "--json")
    assert ran.code == 0
    assert Path(ran.json["safety_copy"]).read_bytes() == ruined
    assert run("digest").out == before


@pytest.mark.parametrize("error", [errors.Full, errors.Busy])
def test_a_restore_over_a_damaged_file_that_fails_leaves_it_where_it_was(
    run: Run,
    folders: Folders,
    backup: Path,
    monkeypatch: pytest.MonkeyPatch,
    error: type[errors.StoreError],
) -> None:
    ruined = ruin(folders)

    def fails(*_given: object) -> None:
        raise error

    with monkeypatch.context() as patched:
        patched.setattr(adopting, "adopt", fails)
        ran = run("restore", backup)
    assert ran.code == 1
    assert folders.database.read_bytes() == ruined
    assert list(folders.data.glob("roster damaged*")) == []
    ran = run("restore", backup)
    assert (ran.code, list(folders.backups.glob("*.zip"))) == (0, [])  # no safety copy of an empty file
    assert "roster damaged" in ran.out


def test_what_can_be_read_is_salvaged_into_another_file(
    run: Run, folders: Folders, people: Path, tmp_path: Path
) -> None:
    with folders.database.open("r+b") as file:
        file.write(bytes(4096))
    before = folders.database.read_bytes()
    assert run("check").code == 1
    made = tmp_path / "rescued.db"
    ran = run("check", "--salvage", made, "--json")
    assert (ran.code, ran.json["people"], ran.json["whole"]) == (0, 2, True)
    assert "2 people" in Path(ran.json["report"]).read_text()
    assert folders.database.read_bytes() == before
    assert run("check", "--salvage", made).code == 1  # there already
    folders.database.write_bytes(b"nothing of Roster")
    ran = run("check", "--salvage", tmp_path / "other.db")
    assert (ran.code, list(tmp_path.glob("other*"))) == (1, [])
    assert "Nothing of a Roster database could be read" in ran.err
    folders.database.write_bytes(made.read_bytes())
    assert run("check").code == 0
    folders.database.unlink()


def test_a_log_beside_a_damaged_file_goes_with_it(run: Run, folders: Folders, backup: Path) -> None:
    ruin(folders)
    log = folders.database.with_name("roster.db-wal")
    log.write_bytes(b"a log of the damaged file")
    assert run("restore", backup).code == 0
    [kept] = folders.data.glob("roster damaged*-wal")
    assert kept.read_bytes() == b"a log of the damaged file"
    assert not log.exists() or not log.stat().st_size


@pytest.mark.outside
def test_a_restore_upgrades_an_older_database_first(
    run: Run, folders: Folders, backup: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "migrations"
    shutil.copytree(migrations.FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / "9999_next.py").write_text(
        'import sqlalchemy as sa\nfrom alembic import op\nrevision = "9999"\n'
        f'down_revision = "{migrations.head()}"\n'
        'def upgrade():\n    op.add_column("users", sa.Column("city", sa.String()))\n'
    )
    monkeypatch.setattr(migrations, "FOLDER", folder)
    ran = run("restore", backup)
    assert (ran.code, ran.err) == (0, "")
    assert len(list(folders.data.glob("roster before upgrade*.db"))) == 1


def test_looking_into_a_backup_works_beside_a_window(run: Run, folders: Folders, backup: Path) -> None:
    instance = Instance(folders)
    assert instance.acquire()
    try:
        assert run("restore", backup, "--dry-run").code == 0
        assert run("restore", backup).code == 1
    finally:
        instance.release()


def test_check_mends_what_can_be_made_anew(run: Run, folders: Folders, people: Path) -> None:
    connection = sqlite3.connect(folders.database)
    connection.execute("DELETE FROM names_fts_data WHERE id > 10")
    connection.commit()
    connection.close()
    ran = run("check")
    assert ran.code == 1
    assert "names_fts" in ran.out
    assert run("check", "--repair").code == 0
    assert run("check").code == 0
    assert "Mara" in run("users", "--query", "mar").out


@pytest.mark.outside
def test_a_broken_index_is_seen_and_made_anew(run: Run, folders: Folders, people: Path) -> None:
    connection = sqlite3.connect(folders.database)
    query = "SELECT sql FROM sqlite_master WHERE name = 'ix_users_username_key'"
    sql = connection.execute(query).fetchone()[0]
    connection.execute("DROP INDEX ix_users_username_key")
    connection.execute("CREATE INDEX ix_users_username_key ON users (username_key) WHERE id < 0")
    connection.execute("PRAGMA writable_schema=ON")
    connection.execute("UPDATE sqlite_master SET sql = ? WHERE name = 'ix_users_username_key'", (sql,))
    connection.commit()
    connection.close()
    assert run("backup").code == 0  # whose copy has made it anew
    assert run("check").code == 1
    mended = run("check", "--repair")
    assert mended.code == 0
    [kept] = folders.data.glob("roster before repair*.db")
    assert f"The file as it was before is kept as {kept}." in mended.out
    assert "Mara" in run("users").out


@pytest.mark.outside
def test_an_index_that_knows_more_than_its_table_is_left_for_a_backup(
    run: Run, folders: Folders, people: Path
) -> None:
    connection = sqlite3.connect(folders.database)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    root = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'users'").fetchone()[0]
    connection.close()
    place = slice((root - 1) * 4096, root * 4096)
    stale = folders.database.read_bytes()[place]
    people.write_text(people.read_text() + "Zoë,Ek,z@x.example,\n")
    assert run("import", people).code == 0
    pages = bytearray(folders.database.read_bytes())
    pages[place] = stale  # as after a write that never reached the disk
    folders.database.write_bytes(pages)
    ran = run("check", "--repair")
    assert ran.code == 1
    assert "Rows are missing from a table that its index still knows" in ran.out
    assert folders.database.read_bytes() == pages
    assert list(folders.data.glob("roster before repair*")) == []


@pytest.mark.outside
def test_rows_that_belong_to_nothing_are_told_and_taken_out(run: Run, folders: Folders, people: Path) -> None:
    connection = sqlite3.connect(folders.database)
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute(
        "INSERT INTO posts (uid, user_id, title, body, date, created_at, updated_at)"
        " VALUES ('p', 77, 'Hangs in the air', '', '2026-01-01', '', '')"
    )
    connection.commit()
    connection.close()
    ran = run("backup")
    assert ran.code == 1
    assert "check --repair" in ran.err
    mended = run("check", "--repair")
    assert mended.code == 0
    assert "taken out; the history has them: posts 1." in mended.out
    assert run("backup").code == 0


def test_only_the_people_named_are_restored_and_one_undo_takes_it_back(
    run: Run, folders: Folders, people: Path, backup: Path
) -> None:
    people.write_text("First name,Last name,E-mail,Note\nZoë,Ek,z@x.example,\n")
    mara, *_rest = (each["username"] for each in run("users", "--json").json)
    assert run("import", people).code == 0
    before = run("digest").out
    dry = run("restore", backup, "--only", "zoe.ek", "--only", mara.upper(), "--dry-run", "--json")
    assert (dry.json["added"], dry.json["changed"], dry.json["removed"]) == (0, 0, 1)
    assert run("digest").out == before
    both = run("restore", backup, "--only", "zoe.ek", "--only", mara, "--json").json
    assert (both["removed"], both["changed"]) == (1, 0)
    assert "Restore Zoë Ek as of" in run("history").out, "who is as in the backup is not restored"
    run("undo")
    ran = run("restore", backup, "--only", "zoe.ek")
    assert (ran.code, "1 removed" in ran.out) == (0, True)
    assert "Zoë" not in run("users").out
    assert run("undo").code == 0
    assert run("digest").out == before
    ran = run("restore", backup, "--only", "nobody")
    assert (ran.code, ran.err) == (
        1,
        "Nobody has the username nobody, here or in the backup. Nothing was changed.\n",
    )
    assert run("digest").out == before


def test_a_bare_database_of_another_computer_is_restored(
    run: Run, folders: Folders, people: Path, tmp_path: Path
) -> None:
    before, bare = run("digest").out, tmp_path / "other.db"
    shutil.copy(folders.database, bare)
    run("undo")
    assert run("restore", bare).code == 0
    assert run("digest").out == before


def test_nobody_is_restored_alone_into_a_damaged_database(run: Run, folders: Folders, backup: Path) -> None:
    ruined = ruin(folders)
    ran = run("restore", backup, "--only", "mara")
    assert (ran.code, "Restore all of the backup first." in ran.err) == (1, True)
    assert folders.database.read_bytes() == ruined
    folders.database.unlink()


def test_a_locked_backup_is_made_verified_and_restored_by_a_passphrase_from_a_file(
    run: Run, folders: Folders, people: Path, tmp_path: Path
) -> None:
    """One for all of it: each opening takes two seconds of work by design."""
    secret, other, empty = (tmp_path / name for name in ("secret.txt", "other.txt", "empty.txt"))
    secret.write_text("lamp goat river\nnot this line\n")
    other.write_text("lamp goat\n")
    empty.write_text("")
    path = tmp_path / "made.zip.age"
    made = run("backup", path, "--passphrase-file", secret)
    assert made.code == 0 and "is locked" in made.out
    asked = run("verify", path)
    assert asked.code == 4 and "A passphrase is needed" in asked.err
    told = run("verify", path, "--passphrase-file", secret)
    assert told.code == 0 and f"{path} is as it was written on" in told.out
    digest = run("digest").out
    assert run("undo").code == 0
    asked = run("restore", path)
    assert asked.code == 4 and "--passphrase-file" in asked.err
    wrong = run("restore", path, "--passphrase-file", other)
    assert wrong.code == 1 and "does not open with this passphrase" in wrong.err
    assert run("digest").out != digest
    assert run("restore", path, "--passphrase-file", secret).code == 0
    assert run("digest").out == digest
    path.write_bytes(path.read_bytes()[:-9])
    cut = run("verify", path, "--passphrase-file", secret)
    assert cut.code == 1 and "was damaged after it was written" in cut.err
    assert not list((folders.data / "scratch").glob("work-*"))
    assert run("backup", tmp_path / "b.age", "--passphrase-file", empty).code == 2
    ran = run("backup", tmp_path / "b.zip", "--passphrase-file", secret)
    assert (ran.code, "call it b.zip.age" in ran.err, list(tmp_path.glob("b.*"))) == (1, True, [])


@pytest.mark.parametrize("lost", [5, 70, 5_000])
def test_a_backup_that_was_cut_short_is_said_to_be_that(run: Run, backup: Path, lost: int) -> None:
    backup.write_bytes(backup.read_bytes()[:-lost])
    for ran in (run("verify", backup), run("restore", backup)):
        assert ran.code == 1 and "damaged" in ran.err and "is not a Roster backup" not in ran.err
