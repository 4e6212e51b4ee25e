"""Where a file may be written: not over what Roster lives on, any database, or the file being read."""

import contextlib
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from desktop.folders import locate
from webui.exchange import importing, targets
from webui.safety import restore
from webui.store.errors import ReadOnly, Refused
from webui.store.ledger import sqlite

# Another program that opens and closes the database; the last one to close throws the log away.
OTHER = "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('SELECT 1 FROM users').fetchone()"


def refusal(target: Path, database: Path, **how: object) -> str:
    with pytest.raises(Refused) as caught:
        targets.check(target, database, **how)  # type: ignore[arg-type]
    return caught.value.message.id


@pytest.mark.parametrize(
    "name",
    [
        "roster.db", "ROSTER.DB", "roster.db-wal", "roster.db-shm", "roster.db-journal", "roster.db.new",
        "roster.db.migrating", ".roster.db.lock", "roster.lock", "run.json", "preferences.json",
        "scratch/x.csv", "logs/roster.log", "../data/roster.db", "scratch/imports/../../roster.db",
    ],
)  # fmt: skip
@pytest.mark.parametrize("replace", [False, True])
def test_what_roster_lives_on_is_no_target(database: Path, name: str, replace: bool) -> None:
    (database.parent / "scratch" / "imports").mkdir(parents=True)
    assert refusal(database.parent / name, database, replace=replace) == "target.ours"


def test_no_file_of_a_running_roster_is_forgotten(tmp_path: Path) -> None:
    folders = locate(tmp_path)
    for path in (folders.database, folders.lock, folders.run_file, folders.run_file.with_suffix(".new")):
        assert refusal(path, folders.database) == "target.ours"
    assert refusal(folders.preferences_file, folders.database) == "target.ours"
    elsewhere = tmp_path / "config" / "x.json"
    assert refusal(elsewhere, folders.database, ours=[elsewhere]) == "target.ours"


def test_another_name_of_the_database_is_seen_through(database: Path, tmp_path: Path) -> None:
    for make, name in ((os.symlink, "soft"), (os.link, "hard")):
        make(database, tmp_path / name)
        assert refusal(tmp_path / name, database, replace=True) == "target.ours"
    (tmp_path / "folder").symlink_to(database.parent)
    assert refusal(tmp_path / "folder" / "roster.db-wal", database, replace=True) == "target.ours"


def test_any_database_is_spared(database: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.zip"
    other.write_bytes(database.read_bytes())
    assert refusal(other, database, replace=True) == "target.database"
    assert refusal(tmp_path / "other.zip-wal", database, replace=True) == "target.database"


def test_what_is_there_is_replaced_only_where_that_was_agreed(database: Path, tmp_path: Path) -> None:
    there = tmp_path / "letter.odt"
    there.write_text("mine")
    assert refusal(there, database) == "target.exists"
    assert targets.check(there, database, replace=True) == there
    assert refusal(there, database, replace=True, reading=there) == "target.reading"
    assert refusal(tmp_path, database, replace=True) == "target.no_file"
    assert refusal(Path(os.devnull), database, replace=True) == "target.no_file"


def test_a_folder_is_not_made(database: Path, tmp_path: Path) -> None:
    assert refusal(tmp_path / "no" / "such" / "x.csv", database) == "target.no_folder"
    assert not (tmp_path / "no").exists()
    (tmp_path / "file").touch()
    assert refusal(tmp_path / "file" / "x.csv", database) == "target.no_folder"


@pytest.mark.parametrize("name", ["x" * 300 + ".csv", "round"])
def test_a_name_that_no_disk_takes_is_told(database: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "round").symlink_to(tmp_path / "round")
    with pytest.raises((ReadOnly, Refused)):
        targets.check(tmp_path / name / "x", database)


def test_a_temporary_file_is_published_whole_or_gone(tmp_path: Path) -> None:
    place = tmp_path / "x.csv"
    with targets.temporary(place) as stream:
        stream.write(b"one")
        assert not place.exists()
        targets.publish(stream, place)
    assert place.read_bytes() == b"one"
    with pytest.raises(KeyError), targets.temporary(place) as stream:
        stream.write(b"two")
        raise KeyError
    assert place.read_bytes() == b"one"
    assert [path.name for path in tmp_path.iterdir()] == ["x.csv"]


def test_a_place_that_cannot_be_written_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(ReadOnly), targets.temporary(tmp_path / "gone" / "x.csv"):
        pass


def test_the_roster_itself_is_never_read_as_a_file(engine: Engine, database: Path, tmp_path: Path) -> None:
    linked = tmp_path / "linked.csv"
    linked.hardlink_to(database)
    pointing = tmp_path / "pointing.zip"
    pointing.symlink_to(database)
    with closing(sqlite.connect(database)):
        log = database.with_name("roster.db-wal")
        log.touch()
        for source in (database, linked, pointing, log):
            with pytest.raises(Refused):
                importing.plan(engine, source, tmp_path / "plan.sqlite")
            with pytest.raises(Refused):
                restore.preview(engine, source)


def test_a_look_at_the_roster_itself_keeps_its_locks(
    engine: Engine, database: Path, tmp_path: Path, session: Session
) -> None:
    session.execute(text("SELECT count(*) FROM users"))
    with contextlib.suppress(Refused):
        importing.plan(engine, database, tmp_path / "plan.sqlite")
    with contextlib.suppress(Refused):
        targets.check(database, database, replace=True)
    subprocess.run([sys.executable, "-c", OTHER, str(database)], check=True, timeout=60)
    assert database.with_name("roster.db-wal").exists()  # or what is written next would be lost
