"""What an upgrade keeps: a checked copy that can be gone back to, for 30 days, and never the only one."""

import datetime
import itertools
import shutil
from contextlib import closing
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.http.following import followed
from webui.safety import automatic, backup, catalogue, forgetting, kept, opening, restore, upgrade
from webui.safety.places import Places
from webui.store import errors, migrations, users
from webui.store.ledger import dump, history, sqlite
from webui.store.ledger.operations import operation

NOW = datetime.datetime.now(datetime.UTC)
DAY = datetime.timedelta(days=1)


@pytest.fixture
def uid(engine: Engine) -> str:
    with Session(engine) as session, operation(session):
        mara = users.add(session, {"username": "mara", "email": "mara@post.example"})
        return mara.uid


@pytest.fixture
def newer(tmp_path: Path) -> Path:
    """The migrations of the next Roster, which has one version more."""
    folder = tmp_path / "newer migrations"
    shutil.copytree(migrations.FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / "9999_next.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\n"
        f'revision = "9999"\ndown_revision = "{migrations.head()}"\n'
        'def upgrade():\n    op.add_column("users", sa.Column("shoe", sa.String()))\n'
    )
    return folder


@pytest.fixture
def old(uid: str, engine: Engine, database: Path, newer: Path) -> Path:
    """The file that was kept when the next Roster opened the database; this test is run by the older one."""
    opening.close(engine)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(migrations, "FOLDER", newer)
        return upgrade.upgrade(database)


def digest(path: Path) -> str:
    with closing(sqlite.foreign(path)) as connection:
        return dump.digest(connection)


def test_the_older_roster_goes_back_by_restoring_what_was_kept(
    old: Path, database: Path, tmp_path: Path
) -> None:
    assert opening.inspect(database) == opening.Newer(database, "9999")
    before = digest(old)
    database.rename(database.with_name("roster of the newer.db"))  # as the README says
    opening.create(database)
    engine = sqlite.engine(database)
    done = restore.restore(engine, old, tmp_path / "backups")
    assert (done.preview.added, done.preview.adopts) == (1, True)
    assert digest(database) == before
    history.undo(engine)  # with all its history
    with closing(sqlite.foreign(database)) as connection:
        assert connection.execute("SELECT count(*) FROM users").fetchone() == (0,)
    engine.dispose()
    assert digest(old) == before


def test_it_was_checked_and_one_bit_less_is_noticed(old: Path, database: Path) -> None:
    [there] = kept.found(database)
    assert (there.path, there.people, there.sound) == (old, 1, True)
    assert (there.revision, old.stat().st_mode & 0o777) == (migrations.head(), 0o600)
    flipped = bytearray(old.read_bytes())
    flipped[len(flipped) // 2] ^= 4
    old.write_bytes(flipped)
    assert [each.sound for each in kept.found(database)] == [False]


def test_a_copy_that_is_not_sound_is_not_kept_and_nothing_is_upgraded(
    uid: str, engine: Engine, database: Path, newer: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opening.close(engine)
    before = digest(database)
    monkeypatch.setattr(migrations, "FOLDER", newer)
    more = itertools.count(1)  # so that no two counts agree, and none is of fewer
    monkeypatch.setattr(
        kept, "counts", lambda connection, real=kept.counts: real(connection) | {"users": next(more)}
    )
    with pytest.raises(errors.Damaged) as told:
        upgrade.upgrade(database)
    assert told.value.message.id == "upgrade.kept"
    assert digest(database) == before
    assert isinstance(opening.inspect(database), opening.Behind)
    assert kept.found(database) == []


@pytest.mark.parametrize(("days", "stays"), [(29, True), (31, False)])
def test_it_stays_for_thirty_days(
    old: Path, database: Path, engine: Engine, tmp_path: Path, uid: str, days: int, stays: bool
) -> None:
    _go_back(old, database)
    folder = tmp_path / "backups"
    backup.back_up(engine, folder)
    gone = kept.let_go(database, catalogue.backups(folder), _uid_of(database), NOW + DAY * days)
    assert (old.exists(), gone) == (stays, [] if stays else [old])


def test_it_stays_while_no_verified_backup_is_younger(
    old: Path, database: Path, engine: Engine, tmp_path: Path, uid: str
) -> None:
    _go_back(old, database)
    folder, later = tmp_path / "backups", NOW + DAY * 400
    roster = _uid_of(database)
    assert kept.let_go(database, [], roster, later) == []
    made = backup.back_up(engine, folder)
    made.write_bytes(made.read_bytes()[:-1] + b"x")
    assert kept.let_go(database, catalogue.backups(folder), roster, later) == []
    backup.back_up(engine, folder)
    assert kept.let_go(database, catalogue.backups(folder), "another", later) == []
    assert kept.let_go(database, catalogue.backups(folder), roster, later) == [old]
    assert kept.found(database) == []


def test_the_keeper_lets_it_go(
    old: Path, database: Path, engine: Engine, tmp_path: Path, uid: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _go_back(old, database)
    places = Places(tmp_path / "backups")
    automatic.back_up(engine, places)
    monkeypatch.setattr(kept, "DAYS", 0)
    automatic.keep_up(engine, places, "hourly", automatic.HOUR)
    assert not old.exists()


def test_a_person_who_is_forgotten_in_it_leaves_it_verified_and_no_longer_the_older_rosters(
    old: Path, database: Path, engine: Engine, tmp_path: Path, uid: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _go_back(old, database)
    noted = kept.found(database)[0].at
    forgetting.forget_everywhere(engine, [tmp_path / "backups"], {uid}, {})
    [there] = kept.found(database)
    assert (there.people, there.sound, there.at) == (0, True, noted)
    assert uid.encode() not in old.read_bytes()
    assert not there.opens_in_older


def test_safety_names_it_and_it_can_be_looked_at_and_restored(
    old: Path, database: Path, client: FlaskClient, uid: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _go_back(old, database)
    client.post("/users/1/posts", data={"title": "Coffee"})
    monkeypatch.setattr(kept.Kept, "opens_in_older", True)  # as it is for the Roster that made it
    page = client.get("/safety").text
    for words in (
        "Kept by an upgrade",
        "before an upgrade",
        old.name,
        "For 30 days",
        "give roster.db another",
    ):
        assert words in page
    assert old.name in client.get("/safety/restore").text
    looked = followed(client, client.post("/safety/restore", data={"kept": old.name}))
    assert "1 post" in looked.text
    followed(client, client.post(looked.request.path))
    assert "Coffee" not in client.get("/users/1").text
    assert client.post("/safety/restore", data={"kept": "roster.db"}).status_code == 404


def test_what_an_older_roster_kept_is_named_as_not_checked(
    database: Path, client: FlaskClient, uid: str
) -> None:
    shutil.copy(database, database.with_name("roster before upgrade from 0003 20260101-120000.db"))
    page = client.get("/safety").text
    assert "Not checked" in page and "1 January 2026" in page


def _go_back(old: Path, database: Path) -> None:
    """Let the live file be of this schema again: two Rosters can't be run in one test."""
    shutil.copy(old, database)


def _uid_of(database: Path) -> str:
    with closing(sqlite.foreign(database)) as connection:
        return str(connection.execute("SELECT value FROM state WHERE name = 'uid'").fetchone()[0])
