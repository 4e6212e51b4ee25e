"""History kept at a size: what is oldest goes, whole, after a verified backup; nothing else changes."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from tests.pictures import CLEAR, TURNED
from webui.exchange import archive
from webui.safety import backup, health, past, pruning
from webui.store import attachments, errors, photos, users
from webui.store.ledger import history, horizon, moments, sqlite
from webui.store.ledger.operations import operation
from webui.store.values import pictures


@pytest.fixture
def mara(session: Session) -> int:
    """Someone with a note that was changed thirty times, each longer than a page of the file."""
    with operation(session):
        user_id = users.add(session, {"username": "mara", "email": "mara@post.example"}).id
    for number in range(30):
        with operation(session):
            users.change(session, user_id, {"note": f"{number} " + "x" * 8_000})
    session.rollback()
    return int(user_id)


def size(database: Path) -> int:
    with closing(sqlite.connect(database)) as connection:
        return horizon.size(connection)


def test_the_oldest_go_and_the_rest_can_still_be_undone_and_looked_at(
    session: Session,
    engine: Engine,
    database: Path,
    mara: int,
    tmp_path: Path,
    digest: Callable[[], str],
) -> None:
    now, limit = digest(), size(database) - 90_000
    found = pruning.prune(engine, tmp_path / "backups", limit)
    assert found and found.before > limit >= found.after and found.operations >= 10
    assert digest() == now
    left = [each.id for each in history.page(session)]
    first = moments.begin(session)
    assert len(left) == 31 - found.operations and left[-1] == first.id + 1
    session.rollback()
    made = past.make(engine, first.id)
    with Session(made.engine) as then:
        assert (users.find(then, mara).note or "").startswith(f"{first.id - 2} ")
        assert not history.page(then)
    made.close()
    for _each in left:
        history.undo(engine)
    with pytest.raises(errors.Refused):
        history.undo(engine)
    assert (users.find(session, mara).note or "").startswith(f"{first.id - 2} ")
    session.rollback()
    for _each in left:
        history.redo(engine)
    assert digest() == now
    with closing(sqlite.connect(database)) as connection:
        assert not health.check(connection)


def test_what_went_is_in_a_pinned_verified_backup(engine: Engine, mara: int, tmp_path: Path) -> None:
    found = pruning.prune(engine, tmp_path / "backups", 0)
    assert found
    told = archive.verify(found.backup)
    assert told.pinned and told.reason == "before_pruning"
    archive.extract(found.backup, archive.DATABASE, tmp_path / "kept.db")
    with closing(sqlite.connect(tmp_path / "kept.db")) as connection:
        assert connection.execute("SELECT count(*) FROM operations").fetchone() == (31,)


def test_nothing_goes_without_a_backup(
    engine: Engine, mara: int, tmp_path: Path, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: object, **_named: object) -> Path:
        raise errors.Full

    monkeypatch.setattr(backup, "back_up", full)
    before = size(database)
    with pytest.raises(errors.Full):
        pruning.prune(engine, tmp_path / "backups", 0)
    assert size(database) == before


def test_history_that_is_small_enough_stays_and_needs_no_backup(
    engine: Engine, mara: int, tmp_path: Path
) -> None:
    assert pruning.prune(engine, tmp_path / "backups", 100_000_000) is None
    assert not (tmp_path / "backups").exists()


def test_the_newest_operation_stays_whatever_its_size(
    session: Session, engine: Engine, mara: int, tmp_path: Path
) -> None:
    pruning.prune(engine, tmp_path / "backups", 0)
    assert len(history.page(session)) == 1
    session.rollback()
    assert pruning.prune(engine, tmp_path / "backups", 0) is None


def test_an_undo_and_what_it_undoes_are_not_parted(
    session: Session, engine: Engine, mara: int, database: Path
) -> None:
    for _each in range(5):
        history.undo(engine)
    with closing(sqlite.connect(database)) as connection, sqlite.writing(connection):
        assert (
            horizon.far(connection, 0) == 26
        )  # the five before the newest are each undone by one of the last
        assert horizon.prune(connection, 34) == 26
    for _each in range(5):
        history.redo(engine)
    assert (users.find(session, mara).note or "").startswith("29 ")


def test_photos_and_files_that_nothing_knows_of_go_too(
    session: Session, engine: Engine, mara: int, tmp_path: Path
) -> None:
    for content in (CLEAR, TURNED):
        with operation(session):
            photos.put(session, mara, pictures.read(content))
    for name in ("gone.txt", "kept.txt"):
        with operation(session):
            attachments.add(session, mara, [attachments.Offered(name, name.encode())])
    with operation(session):
        attachments.remove(session, attachments.of_user(session, mara)[-1].id)
    with operation(session):
        users.change(session, mara, {"note": ""})
    session.rollback()
    pruning.prune(engine, tmp_path / "backups", 0)
    kept = session.scalars(text("SELECT hash FROM photos")).all()
    assert kept == [pictures.read(TURNED).hash]
    assert session.execute(text("SELECT count(*) FROM files")).scalar() == 1


def test_a_large_file_just_removed_takes_no_other_change_along(
    session: Session, database: Path, mara: int
) -> None:
    with operation(session):
        attachments.add(session, mara, [attachments.Offered("large.txt", bytes(3_000_000))])
    with operation(session):
        attachments.remove(session, attachments.of_user(session, mara)[-1].id)
    session.rollback()
    with closing(sqlite.connect(database)) as connection:
        assert horizon.far(connection, 1_000_000) == 0
    with operation(session):
        users.change(session, mara, {"note": ""})
    session.rollback()
    with closing(sqlite.connect(database)) as connection:
        newest = connection.execute("SELECT max(id) FROM operations").fetchone()[0]
        assert horizon.far(connection, 1_000_000) == newest - 1


def test_its_size_is_known_without_the_tables_of_pages_too(
    database: Path, mara: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = size(database)
    plain = sqlite.connect(database)

    class Without:
        def execute(self, query: str, values: object = ()) -> object:
            if "dbstat" in query:
                raise sqlite.sqlite3.OperationalError("no such table: dbstat")
            return plain.execute(query, values)  # type: ignore[arg-type]

    assert known / 4 < horizon.size(Without()) < known * 4  # type: ignore[arg-type]
    plain.close()
