"""Commands where nothing can be written in the folder: those that read do, and leave no trace of it."""

import shutil
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from desktop import alert, folders, startup
from desktop.folders import FolderProblem, Folders
from tests.desktop.commands.conftest import Run
from webui.exchange import archive, sealed
from webui.safety import backup
from webui.store.ledger import sqlite

SAID = "so the database is only read."


@pytest.fixture
def full(people: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with two people, in which nothing can be written from now on."""

    def probe(folder: Path) -> None:
        raise FolderProblem(folder, "full", "No space left on device")

    monkeypatch.setattr(folders, "_probe", probe)


def lying(folder: Path) -> dict[str, tuple[bytes, int]]:
    """What lies in a folder, with the time of its last change."""
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in paths}


def test_what_reads_reads_and_touches_nothing(run: Run, full: None, folders: Folders, tmp_path: Path) -> None:
    before, elsewhere = lying(folders.data), tmp_path / "stick"
    elsewhere.mkdir()
    for command, said in (
        (("users",), "mara.ek\tMara Ek"),
        (("history",), "Import people.csv"),
        (("digest", "--json"), '"digest"'),
        (("check",), "The database is sound."),
        (("export", elsewhere / "out.csv"), "2 people"),
        (("held", "mara.ek", elsewhere / "mara.html"), "All that is held"),
        (("backup", elsewhere / "made.zip"), "is verified. People: 2"),
    ):
        ran = run(*command)
        assert (ran.code, SAID in ran.err) == (0, True), command
        assert said in ran.out
        assert lying(folders.data) == before, command
    assert {path.name for path in elsewhere.iterdir()} == {"out.csv", "mara.html", "made.zip"}
    assert archive.verify(elsewhere / "made.zip").people == 2


def test_what_is_read_is_what_is_there(
    run: Run, people: Path, folders: Folders, digest: Callable[[], str], request: pytest.FixtureRequest
) -> None:
    shown, known = run("users", "--json").json, digest()
    request.getfixturevalue("full")
    assert run("users", "--json").json == shown
    assert run("digest").out.strip() == known


@pytest.mark.outside
def test_beside_an_open_window_its_last_change_is_read(run: Run, people: Path, folders: Folders) -> None:
    with closing(sqlite.connect(folders.database)) as window:
        with sqlite.writing(window):
            window.execute("INSERT INTO tags (uid, name, name_key) VALUES ('u', 'Choir', 'choir')")
        assert folders.database.with_name("roster.db-wal").stat().st_size
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("desktop.folders._probe", _fails)
            before = run("digest").out
            assert SAID in run("history").err
            with sqlite.writing(window):
                window.execute("DELETE FROM tags")
            assert run("digest").out != before


@pytest.mark.outside
def test_a_log_without_its_shared_memory_is_named(
    run: Run, people: Path, folders: Folders, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(sqlite.connect(folders.database)) as window:
        with sqlite.writing(window):
            window.execute("UPDATE users SET note = 'Bass'")
        shutil.copytree(folders.data, tmp_path / "copied", ignore=shutil.ignore_patterns("*-shm"))
    shutil.rmtree(folders.data)
    (tmp_path / "copied").rename(folders.data)
    monkeypatch.setattr("desktop.folders._probe", _fails)
    ran = run("users")
    assert ran.code == 1 and not ran.out
    assert "roster.db-wal was left there" in ran.err and "roster.db can't be read" in ran.err


def test_what_writes_says_what_to_do_and_so_does_what_needs_a_copy(
    run: Run, full: None, folders: Folders, tmp_path: Path
) -> None:
    before = lying(folders.data)
    made = tmp_path / "made.vcf"
    made.write_text("BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Ada\r\nEND:VCARD\r\n")
    for command in (
        ("undo",),
        ("redo",),
        ("import", made),
        ("check", "--repair"),
        ("users", "--as-of", "today"),
    ):
        ran = run(*command)
        assert ran.code == 1 and "Make room and start Roster again." in ran.err, command
        assert SAID not in ran.err
    assert lying(folders.data) == before


def test_a_backup_needs_room_where_it_goes(
    run: Run, full: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup.shutil, "disk_usage", lambda _path: shutil._ntuple_diskusage(9, 8, 1))
    ran = run("backup", tmp_path / "made.zip")
    assert ran.code == 1 and "The disk is full" in ran.err
    assert not (tmp_path / "made.zip").exists() and not (tmp_path / backup.HOME).exists()


def test_what_is_not_locked_never_lies_on_the_disk_of_the_target(
    run: Run, full: None, folders: Folders, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stick, own = tmp_path / "stick", tmp_path / "temporary"
    passphrase, seen = tmp_path / "passphrase.txt", {}
    passphrase.write_text("four gulls over the harbour")
    for folder in (stick, own):
        folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(own))
    real = sealed.seal

    def seal(made: Path, half: Path, *more: str, **how: bool) -> None:
        seen[made] = [path for path in stick.rglob("*") if path != half]
        seen[made] += [path for path in own.iterdir() if path.stat().st_mode & 0o077]
        real(made, half, *more, **how)

    monkeypatch.setattr(sealed, "seal", seal)
    before = lying(folders.data)
    ran = run("backup", stick / "made.zip.age", "--passphrase-file", passphrase)
    assert ran.code == 0, ran.err
    [(made, others)] = seen.items()
    assert own in made.parents and not others
    assert [*stick.iterdir()] == [stick / "made.zip.age"] and not [*own.iterdir()]
    assert lying(folders.data) == before


def test_run_says_it_in_sentences(
    run: Run,
    full: None,
    folders: Folders,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(alert, "has_screen", lambda: False)
    assert startup.run(folders, browser=True) == 1
    why, details = capsys.readouterr().err.splitlines()
    assert why.endswith("Make room and start Roster again.")
    assert details == "For whoever helps you: No space left on device"


def _fails(folder: Path) -> None:
    raise FolderProblem(folder, "read_only", "Read-only file system")
