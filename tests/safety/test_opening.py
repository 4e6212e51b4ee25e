"""The live file is made once, looked at without a trace, and never takes over another's log."""

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from webui.exchange import archive
from webui.safety import backup, files, health, opening
from webui.store import errors, users
from webui.store.ledger import derived, dump, history, sqlite
from webui.store.ledger.operations import operation

ROOT = Path(__file__).parents[2]
ADDS = """
import sys; from pathlib import Path; sys.path.insert(0, sys.argv[1]); path = Path(sys.argv[2])
from sqlalchemy.orm import Session
from webui.safety import opening
from webui.store import migrations, users
from webui.store.ledger import sqlite
from webui.store.ledger.operations import operation
input()
opening.create(path); opening.ready(path); name = sys.argv[3]
with Session(sqlite.engine(path)) as session, operation(session):
    users.add(session, {"username": name, "email": f"{name}@post.example"})
"""


def test_programs_that_make_the_file_at_once_share_one(tmp_path: Path) -> None:
    path = tmp_path / "new" / "roster.db"
    started = [
        subprocess.Popen(
            [sys.executable, "-c", ADDS, str(ROOT), str(path), f"user{number}"],
            stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for number in range(3)
    ]  # fmt: skip
    for each in started:
        assert each.stdin
        each.stdin.write("go\n")
        each.stdin.flush()
    for each in started:
        _out, told = each.communicate(timeout=60)
        assert each.returncode == 0, told
    with closing(sqlite.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM users").fetchone() == (3,)
        assert health.check(connection) == []


def test_a_folder_may_have_any_name(tmp_path: Path) -> None:
    path = tmp_path / "a?b" / "50% of #1 %20 & ö" / "roster.db"
    opening.create(path)
    opening.ready(path)
    made = sqlite.engine(path)
    with Session(made) as session, operation(session):
        users.add(session, {"username": "mara", "email": "mara@l.example"})
    assert archive.verify(backup.back_up(made, path.parent / "b?")).people == 1
    opening.close(made)
    assert opening.inspect(path) == opening.Ready(path)
    assert [each.name for each in tmp_path.iterdir()] == ["a?b"]


def test_making_keeps_what_is_there(database: Path, session: Session, digest: Callable[[], str]) -> None:
    with operation(session):
        users.add(session, {"username": "mara", "email": "mara@l.example"})
    before = digest()
    opening.create(database)
    assert digest() == before


def test_a_start_that_was_cut_off_is_begun_again(tmp_path: Path) -> None:
    path = tmp_path / "roster.db"
    path.touch()
    assert opening.inspect(path) == opening.Missing(path)
    opening.create(path)
    assert opening.inspect(path) == opening.Ready(path)


def test_a_schema_whose_error_is_no_utf8_is_damage(tmp_path: Path) -> None:
    path = tmp_path / "roster.db"
    opening.create(path)
    path.write_bytes(path.read_bytes().replace(b"CREATE TABLE tags", b"CREATE TABL\xfb tags"))
    assert isinstance(opening.inspect(path), opening.Damaged)
    assert opening.is_damaged(path)


@pytest.mark.parametrize("there", [True, False], ids=["an empty file", "no file"])
def test_a_log_without_its_database_is_never_replayed(database: Path, tmp_path: Path, there: bool) -> None:
    open_elsewhere = sqlite.connect(database)
    open_elsewhere.execute("INSERT INTO tags (uid, name) VALUES ('t', 'choir')")
    log = tmp_path / "alone" / "roster.db-wal"
    log.parent.mkdir()
    shutil.copy(files.beside(database)[0], log)
    open_elsewhere.execute("DELETE FROM operations")
    open_elsewhere.close()
    path = log.with_name("roster.db")
    if there:
        path.touch()
    before = log.read_bytes()
    assert isinstance(opening.inspect(path), opening.Damaged)
    opening.create(path)  # does nothing: something is there
    assert log.read_bytes() == before
    assert path.exists() == there
    made = tmp_path / "made.db"
    opening.create(made)
    opening.settle(made)
    kept = opening.put_in_place(made, path)
    assert files.beside(kept)[0].read_bytes() == before
    assert isinstance(opening.inspect(path), opening.Ready)
    with closing(sqlite.connect(path)) as connection:
        assert health.check(connection) == []


def test_a_look_leaves_no_trace(database: Path) -> None:
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
    before = [(path.name, path.read_bytes()) for path in database.parent.iterdir()]
    assert isinstance(opening.inspect(database), opening.Ready)
    assert [(path.name, path.read_bytes()) for path in database.parent.iterdir()] == before


def test_a_look_sees_what_is_in_the_log_still(database: Path) -> None:
    with closing(sqlite.connect(database)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        assert opening.inspect(database) == opening.Newer(database, "9999")


def test_leftovers_go_unless_someone_is_at_work(database: Path) -> None:
    left = [database.with_name(f"roster.db{end}") for end in (".migrating", ".new")]
    for each in left:
        each.write_bytes(b"half")
    with files.exclusive(database):
        opening.remove_leftovers(database)
        opening.inspect(database)
        assert all(each.exists() for each in left)
    opening.remove_leftovers(database)
    assert not any(each.exists() for each in left)
    assert isinstance(opening.inspect(database), opening.Ready)


def test_what_is_missing_is_not_settled_into_being(tmp_path: Path) -> None:
    with pytest.raises(errors.ReadOnly):
        opening.settle(tmp_path / "none.db")
    assert list(tmp_path.iterdir()) == []


def test_getting_ready_waits_for_no_writer_when_there_is_nothing_to_do(database: Path) -> None:
    with closing(sqlite.connect(database)) as writer, sqlite.writing(writer):
        opening.ready(database)


@pytest.mark.outside
def test_text_that_is_no_utf8_keeps_nobody_out(database: Path, session: Session, engine: Engine) -> None:
    with operation(session):
        users.add(session, {"username": "mara", "email": "mara@l.example"})
        users.add(session, {"username": "ines", "email": "ines@l.example"})
    session.rollback()
    with closing(sqlite3.connect(database)) as other:
        before = dump.digest(other)
        other.execute("UPDATE users SET display_name = CAST(x'4d61ff7261' AS TEXT) WHERE username = 'mara'")
        other.commit()
    opening.ready(database)
    with closing(sqlite.connect(database)) as connection:
        changed = dump.digest(connection)
        assert connection.execute("SELECT display_name FROM users WHERE id = 1").fetchone() == ("Ma\ufffdra",)
        assert connection.execute("SELECT names FROM person_text WHERE user_id = 1").fetchone() == (
            "ma\ufffdra mara",
        )
        connection.execute("UPDATE users SET display_name = CAST(x'4d61fe7261' AS TEXT) WHERE id = 1")
        assert dump.digest(connection) not in (before, changed)
    opening.ready(database)
    history.undo(engine)
    history.undo(engine)
    with closing(sqlite.connect(database)) as connection:
        assert dump.digest(connection) == before


def _people_with_posts(session: Session) -> None:
    from webui.store import posts

    with operation(session):
        for name in ("mara", "ines"):
            user = users.add(session, {"username": name, "email": f"{name}@l.example"})
            posts.add(session, user.id, {"title": f"About {name}", "date": "2026-03-01"})
    session.rollback()


@pytest.mark.outside
def test_what_belonged_to_a_person_removed_outside_goes_and_comes_with_them(
    database: Path, session: Session, engine: Engine, digest: Callable[[], str]
) -> None:
    _people_with_posts(session)
    before = digest()
    with closing(sqlite3.connect(database)) as other:  # foreign keys are off by default there
        other.execute("DELETE FROM users WHERE username = 'mara'")
        other.commit()
    opening.ready(database)
    with closing(sqlite.connect(database)) as connection:
        assert health.check(connection) == []
        assert connection.execute("SELECT title FROM posts").fetchall() == [("About ines",)]
    after = digest()
    history.undo(engine)
    assert digest() == before
    history.redo(engine)
    assert digest() == after


@pytest.mark.outside
def test_a_row_that_belongs_to_nobody_is_kept_in_words(
    database: Path, session: Session, engine: Engine, digest: Callable[[], str]
) -> None:
    _people_with_posts(session)
    before = digest()
    with closing(sqlite3.connect(database)) as other:
        other.execute(
            "INSERT INTO posts (uid, user_id, title, body, date, created_at, updated_at)"
            " VALUES ('p', 77, 'Hangs in the air', '', '2026-01-01', '', '')"
        )
        other.execute("UPDATE posts SET user_id = 78 WHERE title = 'About ines'")
        other.commit()
    opening.ready(database)
    with closing(sqlite.connect(database)) as connection:
        assert health.check(connection) == []
    done = history.page(session, limit=1)[0]
    session.rollback()
    assert done.message == "outside"
    assert "Hangs in the air" in done.values["posts"][0]
    history.undo(engine)
    assert digest() == before


def test_an_index_of_history_that_is_not_there_is_made(database: Path) -> None:
    with closing(sqlite3.connect(database)) as other:
        other.execute("DROP INDEX ix_history_relations_other_id")  # as of an older Roster
        assert health.check(other) == []  # a backup of it is no worse
    opening.ready(database)
    with closing(sqlite.connect(database)) as connection:
        found = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'ix_history_relations_other_id'")
        assert found.fetchone()


@pytest.mark.outside
def test_search_follows_what_was_written_while_triggers_were_gone(database: Path, session: Session) -> None:
    _people_with_posts(session)
    with closing(sqlite3.connect(database)) as other:
        triggers = [row[0] for row in other.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")]
        for name in triggers:
            other.execute(f"DROP TRIGGER {name}")
        other.execute("UPDATE users SET username = 'Nils', display_name = 'Nils' WHERE username = 'mara'")
        other.commit()
    opening.ready(database)
    with closing(sqlite.connect(database)) as connection:
        assert derived.check(connection) == []
        assert health.check(connection) == []
        found = connection.execute("SELECT rowid FROM names_fts WHERE names_fts MATCH 'nils'").fetchall()
        assert found == [(1,)]
        assert connection.execute("SELECT username_key FROM users WHERE id = 1").fetchone() == ("nils",)


@pytest.mark.outside
def test_what_is_odd_in_the_ledger_keeps_nobody_out(database: Path, session: Session, engine: Engine) -> None:
    _people_with_posts(session)
    with closing(sqlite3.connect(database)) as other:
        other.execute("UPDATE operations SET payload = 'x', counts = '[1]'")
        other.execute("DELETE FROM state")
        other.execute("CREATE TABLE mine (a)")
        other.execute("CREATE TRIGGER mine_a AFTER INSERT ON mine BEGIN SELECT 1; END")
        other.commit()
    opening.ready(database)
    assert history.page(session)[0].values == {}
    session.rollback()
    history.undo(engine)
    with closing(sqlite.connect(database)) as connection:
        assert health.check(connection) == []
        assert connection.execute("SELECT count(*) FROM state WHERE name = 'uid'").fetchone() == (1,)
        assert connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'mine_a'").fetchone()


@pytest.mark.outside
@pytest.mark.parametrize(
    "statement",
    [
        "INSERT OR REPLACE INTO users (id, uid, username, email, display_name, created_at, updated_at)"
        " VALUES (1, 'new', 'nils', 'n@l.example', '', '', '')",
        "INSERT OR REPLACE INTO users (uid, username, email, display_name, created_at, updated_at)"
        " SELECT uid, 'nils', 'n@l.example', '', '', '' FROM users WHERE id = 1",
        "INSERT OR REPLACE INTO users"
        " (uid, username, username_key, email, display_name, created_at, updated_at)"
        " VALUES ('new', 'Mara', 'mara', 'n@l.example', '', '', '')",
        "UPDATE OR REPLACE users SET uid = (SELECT uid FROM users WHERE id = 1) WHERE id = 2",
        "UPDATE OR REPLACE posts SET uid = (SELECT uid FROM posts WHERE id = 1) WHERE id = 2",
        "REPLACE INTO users SELECT * FROM users",
        "INSERT OR IGNORE INTO users SELECT * FROM users",
    ],
)
@pytest.mark.parametrize("foreign_keys", [0, 1])
def test_what_another_program_replaces_comes_back(
    database: Path,
    session: Session,
    engine: Engine,
    digest: Callable[[], str],
    statement: str,
    foreign_keys: int,
) -> None:
    _people_with_posts(session)
    before = digest()
    with closing(sqlite3.connect(database)) as other:
        other.execute(f"PRAGMA foreign_keys={foreign_keys}")
        other.execute(statement)
        other.commit()
    opening.ready(database)
    after = digest()
    done = history.page(session, limit=1)[0]
    session.rollback()
    if done.message == "outside":
        history.undo(engine)
        assert digest() == before
        history.redo(engine)
    assert digest() == after
    with closing(sqlite.connect(database)) as connection:
        assert health.check(connection) == []
