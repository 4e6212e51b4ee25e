"""What is owed to those who were forgotten: of each copy to each of them, and no longer than it is."""

import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from webui.safety import backup, forgetting, holders, owed, records, settling
from webui.safety.holders import Copy
from webui.safety.places import Places
from webui.safety.second import Place
from webui.safety.treating import Outcome
from webui.store import errors, users
from webui.store.ledger import forget, sqlite, theirs
from webui.store.ledger.operations import operation


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    path = tmp_path / "stick" / "roster-copy.zip"
    path.parent.mkdir()
    path.touch()
    return path


@pytest.fixture
def uids(session: Session, database: Path) -> set[str]:
    with operation(session):
        users.add(session, {"username": "mara", "email": "mara@x.example", "given": "Mara"})
    session.close()
    with sqlite.connect(database) as connection:
        found = theirs.uids_of(connection, [1])
    connection.close()
    return found


def fails(path: Path) -> list[Outcome]:
    return [Outcome(Copy(path, is_backup=True), "failed", errors.Message("busy"))]


def left(data: Path) -> Mapping[Path, tuple[str, ...]]:
    return {each.path: each.uids for each in owed.read(data).left}


def test_what_is_owed_of_a_copy_to_one_ends_without_the_others(tmp_path: Path, copy: Path) -> None:
    for uid in ("a", "b"):
        owed.remember(tmp_path, [uid], {}, fails(copy))
    owed.drop(tmp_path, copy, ["b"])
    assert left(tmp_path) == {copy: ("a",)}
    owed.drop(tmp_path, copy, ["a"])
    assert left(tmp_path) == {}


def test_what_was_noted_of_one_who_is_not_forgotten_is_taken_back_and_what_was_before_stays(
    tmp_path: Path, copy: Path
) -> None:
    place, other = Place(tmp_path / "cloud", "mark"), copy.with_name("other.zip")
    other.touch()
    owed.remember(tmp_path, ["a"], {place: "remove"}, fails(copy))
    was = owed.read(tmp_path)
    owed.remember(tmp_path, ["b"], {place: "rewrite"}, [*fails(copy), *fails(other)])
    owed.take_back(tmp_path, ["b"], was)
    assert owed.read(tmp_path) == was


def test_nothing_is_kept_of_a_copy_that_is_gone_but_where_its_disk_may_be_away(
    engine: Engine, tmp_path: Path, database: Path, copy: Path
) -> None:
    owed.remember(database.parent, ["a"], {}, fails(copy))
    copy.unlink()
    settling.settle(engine, Places(tmp_path / "backups"))
    assert left(database.parent) == {copy: ("a",)}  # an empty folder: a stick that was pulled out
    assert not owed.lately(database.parent, datetime.datetime.now(datetime.UTC)).left
    copy.with_name(".roster-place").touch()
    settling.settle(engine, Places(tmp_path / "backups"))
    assert left(database.parent) == {}


def test_where_the_database_can_not_be_written_nothing_more_is_owed(
    engine: Engine, tmp_path: Path, database: Path, uids: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(_path: Path, _uids: set[str]) -> None:
        raise errors.Busy

    monkeypatch.setattr(forget, "forget", busy)
    with pytest.raises(errors.Refused, match="still_here"):
        forgetting.forget_everywhere(engine, [], uids, {}, away=[Place(tmp_path / "stick", "mark")])
    assert owed.read(database.parent) == owed.Owed()


@pytest.mark.parametrize("error", [errors.Full, errors.ReadOnly])
def test_where_what_became_of_copies_can_not_be_noted_it_is_said_that_they_are_still_here(
    engine: Engine,
    database: Path,
    tmp_path: Path,
    uids: set[str],
    monkeypatch: pytest.MonkeyPatch,
    error: type[errors.StoreError],
) -> None:
    folder = tmp_path / "backups"
    made = backup.back_up(engine, folder)
    records.write(database.parent, "first place", {"path": str(folder)})

    def fail(*_values: Any) -> None:
        raise error  # type: ignore[call-arg]

    monkeypatch.setattr(records, "write", fail)
    with pytest.raises(errors.Refused, match="still_here"):
        forgetting.forget_everywhere(engine, [folder], uids, {made: "remove"})
    assert not made.exists()


def test_where_what_will_be_owed_can_not_be_noted_nothing_is_done(
    engine: Engine, database: Path, tmp_path: Path, uids: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = backup.back_up(engine, tmp_path / "backups")

    def full(*_values: Any) -> None:
        raise errors.Full

    monkeypatch.setattr(records, "write", full)
    away = [Place(tmp_path / "stick", "mark")]
    with pytest.raises(errors.Full):
        forgetting.forget_everywhere(engine, [made.parent], uids, {made: "remove"}, away=away)
    assert made.exists() and holders.copies(database, [made.parent], uids)
