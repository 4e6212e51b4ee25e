"""Each thing in the tutorial this project grew from works. One test each, in its words."""

import os
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, inspect, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from webui.app import create_app
from webui.config import Config, TestingConfig
from webui.database import db
from webui.safety import upgrade
from webui.store import migrations, posts, statistics, users
from webui.store.ledger import sqlite, vacuum
from webui.store.ledger.operations import operation
from webui.store.models import Post, User

pytestmark = pytest.mark.outside  # the tutorial writes through the ORM, without an operation


@pytest.fixture
def memory() -> Iterator[Flask]:
    app = create_app("testing")
    with app.app_context():
        db.create_all()
        yield app
        db.session.remove()
        db.engine.dispose()


def put(*names: str) -> None:
    for name in names:
        db.session.add(User(username=name, email=f"{name}@example.com"))
    db.session.commit()


def test_create_app_takes_a_name_a_class_or_an_object(database: Path) -> None:
    class OfOurOwn(Config):
        ROSTER_DATA = database.parent

    for config in ("testing", TestingConfig, TestingConfig(), OfOurOwn):
        app = create_app(config)
        assert bool(app.testing) == (config is not OfOurOwn)
        with app.app_context():
            db.engine.dispose()
    with pytest.raises(KeyError):
        create_app("nonsense")


def test_a_database_in_memory_has_every_table_and_trigger(memory: Flask) -> None:
    tables = inspect(db.engine).get_table_names()
    assert {"users", "posts", "history_users"} <= set(tables)
    put("mara")
    assert db.session.scalar(text("SELECT count(*) FROM history_users")) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"username": "mara", "email": "other@example.com"},
        {"username": "other", "email": "mara@example.com"},
        {"email": "other@example.com"},
        {"username": "other"},
    ],
    ids=["username unique", "email unique", "username required", "email required"],
)
def test_username_and_email_are_unique_and_required(memory: Flask, wrong: dict[str, str]) -> None:
    put("mara")
    db.session.add(User(**wrong))
    with pytest.raises(IntegrityError):
        db.session.commit()
    db.session.rollback()
    assert User.query.count() == 1


def test_a_user_has_a_repr(memory: Flask) -> None:
    assert repr(User(username="mara")) == "<User mara>"


def test_create_read_filter_update_and_delete_through_the_session(memory: Flask) -> None:
    put("mara", "noor")
    assert [user.username for user in User.query.all()] == ["mara", "noor"]
    mara = User.query.filter_by(username="mara").first()
    mara.email = "new@example.com"
    db.session.commit()
    assert User.query.filter_by(email="new@example.com").one() is mara
    db.session.delete(mara)
    db.session.commit()
    assert [user.username for user in User.query.all()] == ["noor"]


def test_people_in_the_trash_are_hidden_unless_asked_for(memory: Flask) -> None:
    put("mara", "noor")
    User.query.filter_by(username="mara").one().deleted_at = "2026-11-25T00:00:00.000Z"
    db.session.commit()
    assert [user.username for user in User.query.all()] == ["noor"]
    assert db.session.get(User, 2).username == "noor"
    assert len(User.query.execution_options(include_trash=True).all()) == 2


def test_posts_are_joined_with_their_user(memory: Flask) -> None:
    put("mara")
    db.session.add(Post(title="Concert", body="sings", user_id=1))
    db.session.commit()
    rows = db.session.query(Post.title, User.username).join(User).all()
    assert [tuple(row) for row in rows] == [("Concert", "mara")]
    assert User.query.one().posts[0].user.username == "mara"


def test_users_are_counted_and_posts_averaged_over_everyone(memory: Flask) -> None:
    put("mara", "noor")
    for title in ("a", "b", "c"):
        db.session.add(Post(title=title, user_id=1))
    db.session.commit()
    assert db.session.query(func.count(User.id)).scalar() == 2
    assert statistics.average_posts(db.session()) == 1.5


def test_users_are_paginated(memory: Flask) -> None:
    put(*[f"user{number}" for number in range(5)])
    page = User.query.order_by(User.id).paginate(page=2, per_page=2)
    assert [user.username for user in page.items] == ["user2", "user3"]
    assert (page.total, page.pages, page.has_next) == (5, 3, True)


def test_a_user_is_created_and_listed_as_json(memory: Flask) -> None:
    client = memory.test_client()
    made = client.post("/users", json={"username": "mara", "email": "mara@example.com"})
    assert made.status_code == 201
    assert made.json["message"] == "User created!"
    assert made.json["user"]["username"] == "mara"
    assert client.get("/users").json == [{"id": 1, "username": "mara", "email": "mara@example.com"}]


def test_users_are_listed_and_added_as_html(app: Flask) -> None:
    client = app.test_client()
    page = client.get("/add")
    assert page.status_code == 200
    assert b'name="username"' in page.data
    added = client.post("/add", data={"username": "mara", "email": "mara@example.com"})
    assert added.status_code == 303
    assert b"mara@example.com" in client.get("/").data
    to_people = client.get("/users", headers={"Accept": "text/html,*/*;q=0.8"})
    assert (to_people.status_code, to_people.location) == (303, "/")


def test_a_duplicate_is_rolled_back(memory: Flask) -> None:
    put("mara")
    try:
        put("noor", "mara")
    except IntegrityError:
        db.session.rollback()
    assert [user.username for user in User.query.all()] == ["mara"]


def test_an_index_is_used(session: Session) -> None:
    for query, index in (
        ("SELECT id FROM users WHERE username_key = 'mara' AND deleted_at IS NULL", "ix_users_username_key"),
        ("SELECT id FROM users WHERE email_key = 'm@l.example' AND deleted_at IS NULL", "ix_users_email_key"),
        (
            "SELECT id FROM posts WHERE user_id = 1 AND deleted_at IS NULL ORDER BY date DESC, id DESC",
            "ix_posts_user_id_date",
        ),
        ("SELECT id FROM users WHERE deleted_at IS NOT NULL ORDER BY deleted_at", "ix_users_deleted_at"),
    ):
        plan = str(session.execute(text(f"EXPLAIN QUERY PLAN {query}")).all())
        assert index in plan
        assert "TEMP B-TREE" not in plan


def test_foreign_keys_are_enforced(memory: Flask) -> None:
    db.session.add(Post(title="Concert", user_id=7))
    with pytest.raises(IntegrityError, match="FOREIGN KEY"):
        db.session.commit()
    db.session.rollback()


def test_wal_cache_and_pool_are_set(app: Flask) -> None:
    with app.app_context():
        assert db.session.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert db.session.execute(text("PRAGMA cache_size")).scalar() == sqlite.READER_CACHE
        assert db.session.execute(text("PRAGMA foreign_keys")).scalar() == 1
        assert db.engine.pool.size() == 10
        assert app.config["SQLALCHEMY_ENGINE_OPTIONS"]["max_overflow"] == 20


def test_a_locked_database_is_waited_for_retried_and_then_told(
    app: Flask, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = {"username": "mara", "email": "mara@example.com"}
    other = sqlite.connect(database)
    other.execute("BEGIN IMMEDIATE")
    release = threading.Timer(0.3, lambda: other.execute("ROLLBACK"))
    release.start()
    started = time.monotonic()
    assert app.test_client().post("/api/users", json=body).status_code == 201
    assert time.monotonic() - started > 0.2
    release.join()
    monkeypatch.setattr(sqlite, "PATIENCE", 0.2)
    with app.app_context():
        db.session.execute(text("PRAGMA busy_timeout = 50"))
        db.session.rollback()
    other.execute("BEGIN IMMEDIATE")
    told = app.test_client().post("/api/users", json={**body, "username": "noor", "email": "n@example.com"})
    other.execute("ROLLBACK")
    other.close()
    assert told.status_code == 503
    assert told.headers["Retry-After"]
    assert told.mimetype == "application/problem+json"


def test_vacuum_makes_the_file_smaller(session: Session, app: Flask, database: Path) -> None:
    with operation(session):
        user_id = users.add(session, {"username": "m", "email": "m@l.example", "note": "x" * 900_000}).id
    with operation(session):
        users.change(session, user_id, {"note": "y" * 900_000})
    session.rollback()
    connection = sqlite.connect(database)
    connection.execute("DELETE FROM history_users")
    connection.close()
    with app.app_context():
        before, after = vacuum.vacuum(db.engine)
    assert after < before
    assert app.test_client().post("/settings/vacuum").status_code == 303


def test_a_backup_is_whole_while_a_writer_is_active(database: Path, tmp_path: Path, session: Session) -> None:
    from webui.exchange import archive
    from webui.safety.backup import back_up

    stop, engine = threading.Event(), sqlite.engine(database)

    def write() -> None:
        with Session(engine) as writing:
            number = 0
            while not stop.is_set():
                number += 1
                with operation(writing):
                    users.add(writing, {"username": f"user{number}", "email": f"user{number}@example.com"})

    writer = threading.Thread(target=write)
    writer.start()
    time.sleep(0.2)
    made = back_up(engine, tmp_path / "backups")
    stop.set()
    writer.join()
    engine.dispose()
    told = archive.verify(made)
    assert 0 < told.counts["users"] <= users.counts(session)[0]


def test_a_migration_adds_a_column_and_keeps_the_rows(
    database: Path, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with operation(session):
        users.add(session, {"username": "mara", "email": "mara@example.com"})
    session.close()
    session.get_bind().dispose()
    _next_version(tmp_path, monkeypatch, 'op.add_column("users", sa.Column("city", sa.String()))')
    upgrade.upgrade(database)
    with sqlite3.connect(database) as connection:
        assert connection.execute("SELECT username, city FROM users").fetchall() == [("mara", None)]
    connection.close()


def test_a_failing_migration_leaves_the_file_as_it_was(
    database: Path,
    session: Session,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    digest: Callable[[], str],
) -> None:
    with operation(session):
        user = users.add(session, {"username": "mara", "email": "mara@example.com"})
        posts.add(session, user.id, {"title": "Concert"})
    session.close()
    session.get_bind().dispose()
    before = digest()
    _next_version(tmp_path, monkeypatch, 'op.drop_table("posts"); raise ValueError("halfway")')
    with pytest.raises(ValueError, match="halfway"):
        upgrade.upgrade(database)
    assert digest() == before
    with sqlite3.connect(database) as connection:
        assert connection.execute("SELECT count(*) FROM posts").fetchone() == (1,)
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == (
            max(migrations.known() - {"9999"}),
        )
    connection.close()


def _next_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lines: str) -> None:
    folder = tmp_path / "migrations"
    shutil.copytree(migrations.FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    head = migrations.head()
    (folder / "versions" / "9999_next.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\n"
        f'revision = "9999"\ndown_revision = "{head}"\ndef upgrade():\n    {lines}\n'
    )
    monkeypatch.setattr(migrations, "FOLDER", folder)


def flask(folder: Path, *arguments: str, given: str = "") -> str:
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "webui.app", *arguments],
        env={**os.environ, "ROSTER_DATA": str(folder)},
        cwd=Path(__file__).parent.parent,
        input=given,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def test_the_shell_knows_db_user_and_post(tmp_path: Path) -> None:
    told = flask(tmp_path, "shell", given="db.create_all(); print(User.query.count(), Post.__name__)\n")
    assert "0 Post" in told


def test_developers_migrate_and_upgrade_without_noise(tmp_path: Path) -> None:
    flask(tmp_path, "db", "upgrade")
    told = flask(tmp_path, "db", "check")
    assert "No new upgrade operations detected" in told
    connection = sqlite3.connect(tmp_path / "roster.db")
    assert connection.execute("SELECT count(*) FROM sqlite_master WHERE type = 'trigger'").fetchone()[0] > 20
    connection.close()


def test_a_script_leaves_nothing_open(tmp_path: Path) -> None:
    script = (
        "from webui.app import create_app\nfrom webui.database import db\n"
        "from webui.store.models import User\n"
        "app = create_app('testing')\n"
        "with app.app_context():\n"
        "    db.create_all()\n"
        "    db.session.add(User(username='mara', email='m@l.example'))\n"
        "    db.session.commit()\n"
        "    print(User.query.count())\n"
    )
    done = subprocess.run(
        [
            sys.executable,
            "-W",
            "error::ResourceWarning",
            "-X",
            "dev",
            "-W",
            "ignore::DeprecationWarning",
            "-c",
            script,
        ],
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "1\n"), done.stderr
    assert "ResourceWarning" not in done.stderr
