"""The schema: a new file equals the models, an upgrade loses nothing, a failure changes nothing."""

import gzip
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from webui.app import create_app
from webui.config import Config
from webui.database import db, migrating
from webui.safety import opening, past, upgrade
from webui.store import errors, migrations, users
from webui.store.ledger import across, derived, dump, history, schema, sqlite
from webui.store.ledger.operations import operation
from webui.store.migrations import include_name
from webui.store.models import Base

KEPT = sorted((Path(__file__).parent.parent / "files" / "schemas").glob("*.db.gz"))


def differences(path: Path) -> list[object]:
    engine = sqlite.engine(path)
    try:
        with engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"include_name": include_name})
            return list(compare_metadata(context, Base.metadata))
    finally:
        engine.dispose()


def test_a_new_file_has_what_the_models_say(database: Path) -> None:
    assert differences(database) == []
    assert migrations.head() in migrations.known()


def test_a_generated_version_needs_nothing_of_ours() -> None:
    columns = Base.metadata.tables["posts"].c
    assert migrations.render_item("type", columns.title.type, None) == "sa.String(length=100)"
    assert migrations.render_item("type", columns.body.type, None) == "sa.String()"
    assert migrations.render_item("type", columns.id.type, None) is False


def test_models_that_are_ahead_can_be_compared(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Developing(Config):
        ROSTER_DATA = database.parent

    ahead = "CREATE TRIGGER t AFTER INSERT ON not_yet BEGIN SELECT 1; END"
    monkeypatch.setattr(schema, "triggers", lambda: {"t": ahead})
    with create_app(Developing).app_context():
        with migrating() as connection:
            context = MigrationContext.configure(connection, opts={"include_name": include_name})
            assert compare_metadata(context, Base.metadata) == []
        db.engine.dispose()


def test_there_is_a_kept_file_of_every_schema() -> None:
    assert [path.name.split(".")[0] for path in KEPT] == sorted(migrations.known())


@pytest.mark.parametrize("kept", KEPT, ids=lambda path: path.name)
def test_a_kept_file_of_every_schema_is_upgraded_whole(kept: Path, tmp_path: Path) -> None:
    path = tmp_path / "roster.db"
    path.write_bytes(gzip.decompress(kept.read_bytes()))
    connection = sqlite.connect(path)
    before = connection.execute("SELECT uid, username, email, note FROM users ORDER BY id").fetchall()
    history = connection.execute("SELECT count(*) FROM operations").fetchone()
    connection.close()
    assert before
    if isinstance(opening.inspect(path), opening.Behind):
        upgrade.upgrade(path)
    assert isinstance(opening.inspect(path), opening.Ready)
    opening.ready(path)
    connection = sqlite.connect(path)
    assert connection.execute("SELECT uid, username, email, note FROM users ORDER BY id").fetchall() == before
    assert connection.execute("SELECT count(*) FROM operations").fetchone() == history
    assert derived.check(connection) == []
    connection.close()
    assert differences(path) == []


@pytest.fixture
def next_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A migrations folder with one version more; the test writes its upgrade()."""
    import shutil

    folder = tmp_path / "migrations"
    shutil.copytree(migrations.FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(migrations, "FOLDER", folder)
    return folder / "versions" / "9999_next.py"


def version(upgrade_lines: str) -> str:
    return (
        "import sqlalchemy as sa\nfrom alembic import op\n"
        f'revision = "9999"\ndown_revision = "{max(migrations.known() - {"9999"})}"\n'
        f"def upgrade():\n    {upgrade_lines}\n"
    )


def filled(path: Path) -> str:
    connection = sqlite.connect(path)
    connection.execute(
        "INSERT INTO users (uid, username, email, display_name, created_at, updated_at)"
        " VALUES ('u', 'mara', 'm@l.example', 'Mara', '', '')"
    )
    connection.execute(
        "INSERT INTO posts (uid, user_id, title, body, date, created_at, updated_at)"
        " VALUES ('p', 1, 'Concert', '', '2026-01-01', '', '')"
    )
    found = dump.digest(connection)
    connection.close()
    return found


@pytest.mark.outside
def test_a_migration_adds_a_column_and_keeps_every_row(
    database: Path, next_version: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    filled(database)
    next_version.write_text(version('op.add_column("users", sa.Column("city", sa.String()))'))
    assert opening.inspect(database) == opening.Behind(database, max(migrations.known() - {"9999"}))
    told: list[str] = []
    # Not in the models, so the derived parts do not follow: that is told before the swap.
    kept = upgrade.upgrade(database, lambda phase, _share: told.append(phase))
    connection = sqlite.connect(database)
    assert connection.execute("SELECT username, city FROM users").fetchall() == [("mara", None)]
    assert connection.execute("SELECT title FROM posts").fetchall() == [("Concert",)]
    connection.close()
    assert isinstance(opening.inspect(kept), opening.Behind)
    assert told[0] == "upgrade.copy"
    assert told[-1] == "upgrade.done"


@pytest.mark.outside
def test_a_table_that_is_rebuilt_keeps_its_children_and_triggers(database: Path, next_version: Path) -> None:
    filled(database)
    rebuilt = (
        'with op.batch_alter_table("users", recreate="always",'
        ' table_kwargs={"sqlite_autoincrement": True}) as b: b.alter_column("note", type_=sa.Text)'
    )
    next_version.write_text(version(rebuilt))
    upgrade.upgrade(database)
    connection = sqlite.connect(database)
    assert connection.execute("SELECT count(*) FROM posts").fetchone() == (1,)
    assert derived.check(connection) == []
    connection.close()


@pytest.mark.outside
def test_an_id_given_once_is_never_given_again_after_an_upgrade(database: Path, next_version: Path) -> None:
    filled(database)
    connection = sqlite.connect(database)
    connection.execute("UPDATE sqlite_sequence SET seq = 40 WHERE name = 'users'")
    connection.execute("INSERT INTO tags (uid, name) VALUES ('t', 'choir')")
    connection.execute("DELETE FROM tags")
    connection.close()
    rebuilt = (
        'kept = {"recreate": "always", "table_kwargs": {"sqlite_autoincrement": True}}\n'
        '    with op.batch_alter_table("users", **kept) as b: b.alter_column("note", type_=sa.Text)\n'
        '    with op.batch_alter_table("tags", **kept) as b: b.alter_column("name", type_=sa.Text)'
    )
    next_version.write_text(version(rebuilt))
    upgrade.upgrade(database)
    connection = sqlite.connect(database)
    assert dict(connection.execute("SELECT name, seq FROM sqlite_sequence"))["users"] == 40
    assert connection.execute(
        "INSERT INTO tags (uid, name) VALUES ('u', 'left') RETURNING id"
    ).fetchone() == (2,)
    connection.close()


@pytest.mark.outside
def test_what_another_writes_during_an_upgrade_is_in_it(database: Path, next_version: Path) -> None:
    filled(database)
    next_version.write_text(version('op.add_column("users", sa.Column("city", sa.String()))'))
    notes = ["sings alto", "sings"]

    def meanwhile(phase: str, _share: float) -> None:
        if phase == "upgrade.check" and notes:
            other = sqlite3.connect(database)
            other.execute("UPDATE users SET note = ?", (notes.pop(),))
            other.commit()
            other.close()

    upgrade.upgrade(database, meanwhile)
    assert not notes
    connection = sqlite.connect(database)
    assert connection.execute("SELECT note, city FROM users").fetchall() == [("sings alto", None)]
    connection.close()


@pytest.mark.outside
def test_the_file_that_is_kept_is_one_of_its_own(database: Path, next_version: Path, tmp_path: Path) -> None:
    before = filled(database)
    next_version.write_text(version('op.add_column("users", sa.Column("city", sa.String()))'))
    linked = tmp_path / "elsewhere.db"
    linked.symlink_to(database)
    kept = upgrade.upgrade(linked)
    assert (kept.parent, linked.is_symlink(), kept.stat().st_nlink) == (database.parent, True, 1)
    assert kept.stat().st_mode & 0o777 == 0o600
    connection = sqlite.connect(kept)
    assert dump.digest(connection) == before
    connection.close()
    assert isinstance(opening.inspect(linked), opening.Ready)


@pytest.mark.outside
def test_a_file_that_another_has_open_is_not_upgraded(database: Path, next_version: Path) -> None:
    before = filled(database)
    next_version.write_text(version('op.add_column("users", sa.Column("city", sa.String()))'))
    other = sqlite3.connect(database)
    other.execute("SELECT count(*) FROM users").fetchone()
    with pytest.raises(errors.Busy):
        upgrade.upgrade(database)
    assert dump.digest(other) == before
    other.close()
    assert list(database.parent.glob("*before*")) == []


@pytest.mark.outside
@pytest.mark.parametrize(
    "lines",
    [
        'op.execute("DELETE FROM posts")',
        'op.drop_table("tags"); raise ValueError("halfway")',
        'with op.batch_alter_table("users", recreate="always") as b: b.alter_column("note", type_=sa.Text)',
    ],
    ids=["loses a row", "fails halfway", "could give an id again"],
)
def test_a_migration_that_fails_leaves_the_file_as_it_was(
    database: Path, next_version: Path, lines: str
) -> None:
    before = filled(database)
    next_version.write_text(version(lines))
    with pytest.raises((errors.Damaged, ValueError)):
        upgrade.upgrade(database)
    connection = sqlite.connect(database)
    assert dump.digest(connection) == before
    connection.close()
    assert {path.name for path in database.parent.iterdir() if not path.name.endswith(("-wal", "-shm"))} == {
        "roster.db", ".roster.db.lock",
    }  # fmt: skip


def test_a_newer_file_is_told_and_not_touched(database: Path) -> None:
    connection = sqlite.connect(database)
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    before = database.read_bytes()
    assert opening.inspect(database) == opening.Newer(database, "9999")
    assert database.read_bytes() == before


@pytest.mark.parametrize("content", [b"not a database", b"SQLite format 3\x00" + b"\xff" * 5000])
def test_a_damaged_file_is_told_and_not_touched(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "roster.db"
    path.write_bytes(content)
    assert isinstance(opening.inspect(path), opening.Damaged)
    assert path.read_bytes() == content


def test_another_programs_database_is_not_ours(tmp_path: Path) -> None:
    path = tmp_path / "roster.db"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE songs (id)")
    other.close()
    found = opening.inspect(path)
    assert isinstance(found, opening.Damaged)
    assert "songs" in found.reason


def test_a_new_file_is_private(tmp_path: Path) -> None:
    path = tmp_path / "new" / "roster.db"
    opening.create(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.outside
def test_what_a_migration_writes_is_no_change_of_anyones(database: Path, next_version: Path) -> None:
    filled(database)
    opening.ready(database)
    connection = sqlite.connect(database)
    before = connection.execute("SELECT count(*), max(id) FROM operations").fetchone()
    connection.close()
    filling = (
        'op.add_column("users", sa.Column("city", sa.String())); op.execute("UPDATE users SET note = 1")'
    )
    next_version.write_text(version(filling))
    upgrade.upgrade(database)
    opening.ready(database)
    connection = sqlite.connect(database)
    assert connection.execute("SELECT count(*), max(id) FROM operations").fetchone() == before
    assert connection.execute("SELECT note FROM users").fetchone() == ("1",)
    assert derived.check(connection) == []
    connection.close()


@pytest.mark.outside
def test_what_a_migration_asks_for_and_never_had_is_refused_in_words(
    database: Path, next_version: Path, engine: Engine, digest: Callable[[], str]
) -> None:
    filled(database)
    opening.ready(database)
    connection = sqlite.connect(database)
    connection.execute("UPDATE users SET note = 'sings'")
    connection.close()
    asking = (
        'op.add_column("users", sa.Column("city", sa.String())); op.execute("UPDATE users SET city = 1")\n'
        '    with op.batch_alter_table("users", table_kwargs={"sqlite_autoincrement": True}) as b:'
        ' b.alter_column("city", nullable=False)'
    )
    next_version.write_text(version(asking))
    upgrade.upgrade(database)
    opening.ready(database)
    before = digest()
    for refused, work in (
        ("history.in_the_way", history.undo),
        ("past.other_schema", lambda made: past.make(made, 1)),
    ):
        with pytest.raises(errors.Refused) as caught:
            work(engine)
        assert caught.value.message.id == refused
        assert digest() == before
    past.make(engine, 0).close()  # nobody was there, so nothing is asked for


def older(database: Path, column: str) -> None:
    """Make the file as it was before `users` had `column`: the models are of the next version."""
    connection = sqlite.connect(database)
    for name in ("users", "history_users"):
        for trigger in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {trigger[0]}")
        connection.execute(f"ALTER TABLE {name} DROP COLUMN {column}")
    connection.close()


def test_undo_across_an_added_column_keeps_what_the_migration_filled_in(
    database: Path, session: Session, engine: Engine
) -> None:
    with operation(session):
        users.add(session, {"username": "mara", "email": "m@l.example"})
        users.add(session, {"username": "ines", "email": "i@l.example"})
    with operation(session):
        users.change(session, 1, {"note": "sings"})
    with operation(session):
        users.trash(session, [2])
    session.rollback()
    engine.dispose()
    older(database, "suffix")
    connection = sqlite.connect(database)
    connection.execute("ALTER TABLE users ADD COLUMN suffix TEXT NOT NULL DEFAULT 'none'")
    connection.execute("UPDATE users SET suffix = 'filled in' WHERE id = 1")
    derived.install(connection)
    connection.close()
    history.undo(engine)
    history.undo(engine)
    connection = sqlite.connect(database)
    assert connection.execute("SELECT note, suffix, deleted_at FROM users").fetchall() == [
        (None, "filled in", None),
        (None, "none", None),
    ]
    connection.close()


def test_undo_that_a_migration_made_impossible_is_refused(
    database: Path, session: Session, engine: Engine, digest: Callable[[], str]
) -> None:
    with operation(session):
        users.add(session, {"username": "mara", "email": "m@l.example"})
    with operation(session):
        users.change(session, 1, {"note": "sings"})
    session.rollback()
    connection = sqlite.connect(database)
    connection.execute("UPDATE history_users SET created_at = NULL")  # as a column that old rows never had
    connection.close()
    before = digest()
    with pytest.raises(errors.Refused) as caught:
        history.undo(engine)
    assert caught.value.message.id == "history.in_the_way"
    assert digest() == before
    connection = sqlite.connect(database)
    connection.execute("UPDATE operations SET revision = '0001'")
    assert [across.fits(connection, each) for each in (1, 2)] == [True, False]
    connection.execute("UPDATE history_users SET created_at = ''")
    across._KNOWN.clear()
    assert across.fits(connection, 2)
    connection.close()
