"""Backups by themselves: when one is due, what holds all there is, and the second place."""

import datetime
import os
import shutil
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from webui.exchange import archive
from webui.preferences import Preferences
from webui.safety import automatic, backup, catalogue, clouds, opening, restore, second
from webui.safety.places import Places
from webui.safety.places import places as chosen_places
from webui.store import errors, users
from webui.store.ledger import history, sqlite
from webui.store.ledger.operations import operation

HOUR = datetime.timedelta(hours=1)


def now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def add(engine: Engine, name: str) -> None:
    with Session(engine) as session, operation(session):
        users.add(session, {"username": name, "email": f"{name}@post.example"})


@pytest.fixture
def places(tmp_path: Path, database: Path) -> Places:
    stick = second.choose(tmp_path / "stick", tmp_path / "first", database)
    return Places(tmp_path / "first", stick)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))


def test_nothing_is_due_before_anyone_is_there_nor_while_a_backup_holds_all(
    engine: Engine, places: Places
) -> None:
    assert automatic.keep_up(engine, places, "start", HOUR) is None
    assert not places.first.exists()
    add(engine, "mara")
    made = automatic.keep_up(engine, places, "start", HOUR)
    assert made is not None
    assert archive.manifest(made.path).reason == "start"
    later = now() + 3 * HOUR
    assert not automatic.is_due(engine, places, later, HOUR)
    add(engine, "noor")
    assert not automatic.is_due(engine, places, now(), HOUR)
    assert automatic.is_due(engine, places, later, HOUR)
    history.undo(engine)
    assert automatic.is_due(engine, places, later, HOUR)  # an undo is something that was done


def test_a_backup_from_the_future_does_not_keep_the_next_from_being_made(
    engine: Engine, places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(engine, "mara")
    monkeypatch.setattr(backup.times, "now", lambda: "2099-01-01T00:00:00.000Z")
    automatic.back_up(engine, places)
    monkeypatch.undo()
    assert not automatic.is_due(engine, places, now(), HOUR)  # nothing was done since
    add(engine, "noor")
    assert automatic.keep_up(engine, places, "hourly", HOUR) is not None
    assert automatic.keep_up(engine, places, "hourly", HOUR) is None  # one of now holds all


def test_a_damaged_backup_counts_for_nothing(engine: Engine, places: Places) -> None:
    add(engine, "mara")
    made = automatic.before(engine, places, "import")
    assert made is not None
    assert automatic.before(engine, places, "import") == made  # it holds all, and stays for 30 days
    made.write_bytes(made.read_bytes()[:-1])
    assert automatic.is_due(engine, places, now(), HOUR)
    again = automatic.before(engine, places, "import")
    assert again not in (None, made)
    assert again is not None
    assert archive.manifest(again).reason == "before_import"


def test_an_hourly_one_is_no_safety_copy(engine: Engine, places: Places) -> None:
    add(engine, "mara")
    hourly = automatic.back_up(engine, places, reason="hourly").path
    assert automatic.before(engine, places, "import") not in (None, hourly)


def test_a_backup_of_a_past_that_was_left_holds_nothing_of_now(
    engine: Engine, places: Places, database: Path
) -> None:
    add(engine, "mara")
    old = automatic.back_up(engine, places).path
    add(engine, "noor")
    automatic.back_up(engine, places)
    engine.dispose()
    restore.replace(database, old)
    add(engine, "zoe")  # by the number that noor's change had
    assert automatic.newest_of_all(engine, places.first) is None
    again = automatic.before(engine, places, "import")
    assert again is not None and archive.manifest(again).people == 2


def test_a_second_place_of_two_rosters_keeps_the_backups_of_both(
    engine: Engine, places: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert places.second is not None
    add(engine, "mara")
    made = automatic.back_up(engine, places).path
    opening.create(tmp_path / "other" / "roster.db")
    other = sqlite.engine(tmp_path / "other" / "roster.db")
    add(other, "zoe")
    theirs = backup.back_up(other, tmp_path / "theirs").rename(tmp_path / "theirs" / made.name)
    other.dispose()
    copy = second.bring(places.second, theirs, tmp_path / "other")
    assert copy.name == f"{made.stem}-2.zip"
    assert second.bring(places.second, theirs, tmp_path / "other") == copy
    assert (places.second.path / made.name).read_bytes() == made.read_bytes()


def test_each_backup_is_copied_to_the_second_place_and_what_is_old_goes_in_both(
    engine: Engine, places: Places
) -> None:
    assert places.second is not None
    for number in range(12):
        add(engine, f"user{number}")
        assert automatic.back_up(engine, places).failed is None
    assert names(places.first) == names(places.second.path)
    assert len(names(places.first)) == 10
    for each in catalogue.backups(places.second.path):
        assert each.sound
        assert each.path.stat().st_mode & 0o777 == 0o600


def test_a_stick_that_comes_back_is_brought_up_to_date(
    engine: Engine, places: Places, tmp_path: Path
) -> None:
    assert places.second is not None
    stick, drawer = places.second.path, tmp_path / "drawer"
    stick.rename(drawer)
    stick.mkdir()  # what is left of a place where a disk was mounted
    add(engine, "mara")
    made = automatic.back_up(engine, places)
    assert (made.failed, names(stick)) == (None, [])
    assert not second.state(places.second, tmp_path / "data", uid(made.path)).there
    stick.rmdir()
    drawer.rename(stick)
    copied = automatic.keep_up(engine, places, "hourly", HOUR)
    assert copied == automatic.Made(made.path)
    assert automatic.keep_up(engine, places, "hourly", HOUR) is None
    found = second.state(places.second, tmp_path / "data", uid(made.path))
    assert (found.there, found.at, found.alike) == (True, archive.manifest(made.path).at, True)
    (stick / made.path.name).unlink()
    second.look(places.second, places.first, tmp_path / "data")
    assert not second.state(places.second, tmp_path / "data", uid(made.path)).at
    automatic.keep_up(engine, places, "hourly", HOUR)  # and copied again
    shutil.rmtree(stick)
    second.look(places.second, places.first, tmp_path / "data")
    gone = second.state(places.second, tmp_path / "data", uid(made.path))
    assert (gone.at, gone.apart) == (found.at, False)  # it was on the same disk, as far as is known


def uid(path: Path) -> str:
    return archive.manifest(path).uid


def test_a_second_place_that_is_full_is_told_and_the_first_copy_stays(
    engine: Engine, places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    add(engine, "mara")
    assert places.second is not None
    made = backup.back_up(engine, places.first)
    monkeypatch.setattr(second.shutil, "copyfileobj", full)
    failed = automatic.follow(engine, places, made)
    assert failed is not None
    assert failed.id == "disk_full"
    assert (made.exists(), [*places.second.path.iterdir()]) == (True, [places.second.path / second.MARK])


def test_a_copy_that_is_not_what_was_written_is_none(
    engine: Engine, places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    def flipped(source: object, target: object, _length: int) -> None:
        data = bytearray(source.read())  # type: ignore[attr-defined]
        data[len(data) // 2] ^= 1
        target.write(bytes(data))  # type: ignore[attr-defined]

    add(engine, "mara")
    assert places.second is not None
    made = backup.back_up(engine, places.first)
    monkeypatch.setattr(second.shutil, "copyfileobj", flipped)
    failed = automatic.follow(engine, places, made)
    assert failed is not None
    assert failed.id == "backup.damaged"
    assert names(places.second.path) == []


def test_some_folders_are_no_second_place(tmp_path: Path, database: Path) -> None:
    first = tmp_path / "first"
    first.mkdir()
    (tmp_path / "file").write_text("")
    for path, why in (
        (Path("stick"), "relative"), (first, "first"), (first / ".." / "first", "first"),
        (database.parent, "data"), (database.parent / "x", "data"), (tmp_path / "no" / "stick", "no_folder"),
        (tmp_path / "file", "no_folder"),
    ):  # fmt: skip
        with pytest.raises(errors.Refused) as refused:
            second.choose(path, first, database)
        assert refused.value.message.id == f"place.{why}"
    if os.name == "posix" and os.geteuid():
        first.chmod(0o500)
        with pytest.raises(errors.ReadOnly):
            second.choose(first / "stick", tmp_path / "other", database)
        first.chmod(0o700)


def test_a_place_that_was_marked_before_keeps_its_mark(tmp_path: Path, database: Path) -> None:
    chosen = second.choose(tmp_path / "stick", tmp_path / "first", database)
    assert second.choose(tmp_path / "stick", tmp_path / "first", database) == chosen
    preferences = Preferences(tmp_path / "preferences.json")
    preferences.set("second_place", {"path": str(chosen.path), "mark": chosen.mark})
    assert chosen_places(tmp_path / "first", preferences) == Places(
        tmp_path / "first", chosen, 20_000_000_000
    )


@pytest.mark.parametrize(
    ("path", "service"),
    [
        ("Documents/Roster backups", None),
        ("OneDrive/Documents/Roster backups", "OneDrive"),
        ("OneDrive - School of Lund/Roster backups", "OneDrive"),
        ("Library/Mobile Documents/com~apple~CloudDocs/Roster", "iCloud"),
        ("Library/CloudStorage/GoogleDrive-zoe@l.example/My Drive", "Google Drive"),
        ("Library/CloudStorage/Box-Box/Backups", "Box"),
        ("Dropbox (Personal)/x", "Dropbox"),
        ("Nextcloud/x", "Nextcloud"),
        ("Nextcloud2/x", None),
        ("the onedrive papers/x", None),
    ],
)
def test_a_cloud_folder_is_known_by_its_name(tmp_path: Path, path: str, service: str | None) -> None:
    assert clouds.cloud(tmp_path / path) == service


def test_a_link_into_a_cloud_folder_is_followed(tmp_path: Path) -> None:
    (tmp_path / "Dropbox" / "Docs").mkdir(parents=True)
    (tmp_path / "Documents").symlink_to(tmp_path / "Dropbox" / "Docs")
    assert clouds.cloud(tmp_path / "Documents" / "Roster backups") == "Dropbox"


@pytest.mark.parametrize(
    ("mark", "service"),
    [(".dropbox.cache", "Dropbox"), (".sync_a1b2.db", "Nextcloud"), (".stfolder", "Syncthing")],
)
def test_a_cloud_folder_is_known_by_what_its_program_keeps_there(
    tmp_path: Path, mark: str, service: str
) -> None:
    folder = tmp_path / "mine" / "deep" / "backups"
    folder.mkdir(parents=True)
    assert clouds.cloud(folder) is None
    (tmp_path / "mine" / mark).mkdir()
    assert clouds.cloud(folder) == service


def test_retention_sees_the_newest_first(engine: Engine, places: Places) -> None:
    add(engine, "mara")
    automatic.back_up(engine, Places(places.first, None, 1))
    add(engine, "noor")
    newest = automatic.back_up(engine, Places(places.first, None, 1)).path
    assert [each.path for each in catalogue.backups(places.first)] == [newest]
