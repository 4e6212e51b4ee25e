"""Undo over every schema there ever was: what an older version did is taken back after the upgrade."""

import gzip
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from sqlite3 import Connection

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from webui.safety import health, opening, past, upgrade
from webui.store import errors
from webui.store.ledger import derived, dump, history, sqlite

KEPT = sorted((Path(__file__).parent.parent / "files" / "schemas").glob("*.db.gz"))


@contextmanager
def as_then(connection: Connection, message: str) -> Iterator[None]:
    """Open an operation as the version that wrote the file did; its own triggers note what is changed."""
    connection.execute("BEGIN IMMEDIATE")
    opened = connection.execute(
        "INSERT INTO operations (message, payload, counts, door, revision, at)"
        " VALUES (?, '{}', '{}', 'window', (SELECT version_num FROM alembic_version), '2026-01-01')",
        (message,),
    ).lastrowid
    connection.execute("UPDATE ledger SET current = ?", (opened,))
    yield
    connection.execute("UPDATE ledger SET current = NULL")
    connection.execute("COMMIT")


def rename(connection: Connection, user_id: int, name: str) -> None:
    connection.execute(
        "UPDATE users SET username = ?, username_key = ? WHERE id = ?", (name, name.lower(), user_id)
    )


def work_as_then(connection: Connection) -> None:
    """Do what every schema knew of: all kinds of changes, and one of another program."""
    first, third = (
        connection.execute("SELECT username FROM users WHERE id = ?", (user_id,)).fetchone()[0]
        for user_id in (1, 3)
    )
    with as_then(connection, "users.change"):
        rename(connection, 1, "between")
        rename(connection, 3, first)
        rename(connection, 1, third)
    with as_then(connection, "posts.remove"):
        connection.execute("DELETE FROM posts WHERE user_id = 1")
    with as_then(connection, "users.remove"):  # for good, with all that is theirs
        connection.execute("DELETE FROM users WHERE id = 2")
    with as_then(connection, "bulk.tag"):
        connection.execute("INSERT INTO tags (uid, name, name_key) VALUES ('t', 'Board', 'board')")
        connection.execute(
            "INSERT INTO user_tags (user_id, tag_id) SELECT users.id, tags.id FROM users, tags"
            " WHERE tags.uid = 't'"
        )
    with as_then(connection, "users.add"):
        connection.execute(
            "INSERT INTO users (uid, username, username_key, email, email_key, display_name, created_at,"
            " updated_at) VALUES ('u', 'noor', 'noor', 'n@post.example', 'n@post.example', 'Noor', '', '')"
        )
    with as_then(connection, "users.change"):
        connection.execute("UPDATE users SET note = 'since'")
    connection.execute("UPDATE users SET note = 'by another program' WHERE id = 1")


@pytest.fixture(params=KEPT, ids=lambda path: path.name)
def upgraded(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A kept file that was worked on in its own schema, and then upgraded to this one."""
    path = tmp_path / "data" / "roster.db"
    path.parent.mkdir()
    path.write_bytes(gzip.decompress(request.param.read_bytes()))
    with closing(sqlite.connect(path)) as connection:
        work_as_then(connection)
        assert connection.execute("SELECT count(*) FROM history_users").fetchone()[0] >= 10
    if isinstance(opening.inspect(path), opening.Behind):
        upgrade.upgrade(path)
    opening.ready(path)
    engine = sqlite.engine(path)
    yield engine
    engine.dispose()


def digest(engine: Engine) -> str:
    """Return what is there now, which is sound."""
    with Session(engine) as session:
        connection = history.connection_of(session)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        return dump.digest(connection)


def sound(engine: Engine) -> None:
    with Session(engine) as session:
        connection = history.connection_of(session)
        assert health.check(connection) == []
        assert derived.check(connection) == []


def next_of(engine: Engine) -> int | None:
    with Session(engine) as session:
        found = history.next_undo(session)
        return found.id if found else None


def tried(engine: Engine, step: Callable[[Engine], history.Done]) -> bool:
    """Undo or redo one, and return whether that was done: it was refused in words otherwise, and nothing is
    changed."""
    before = digest(engine)
    try:
        step(engine)
    except errors.Refused as refused:
        assert refused.message.id == "history.in_the_way"
        assert digest(engine) == before
        return False
    return True


def test_everything_of_an_older_schema_is_undone_and_redone(upgraded: Engine) -> None:
    states = [digest(upgraded)]
    while next_of(upgraded) and tried(upgraded, history.undo):
        states.append(digest(upgraded))
    assert next_of(upgraded) is None  # no schema so far has taken anything away: all of it can be undone
    assert len(states) > 10
    sound(upgraded)
    for before in reversed(states[:-1]):
        assert tried(upgraded, history.redo)
        assert digest(upgraded) == before
    sound(upgraded)


def test_a_look_at_each_moment_of_an_older_schema_shows_what_undo_leaves(upgraded: Engine) -> None:
    newest = next_of(upgraded)
    assert newest
    now, shown = digest(upgraded), {}
    for operation_id in range(newest + 1):
        try:
            made = past.make(upgraded, operation_id)
        except errors.Refused as refused:
            assert refused.message.id == "past.other_schema"
            continue
        with made.engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA integrity_check").fetchall() == [("ok",)]
        shown[operation_id] = digest(made.engine)
        made.close()
    assert digest(upgraded) == now == shown[newest]
    assert len(shown) == newest + 1  # none is refused so far
    while (undone := next_of(upgraded)) and tried(upgraded, history.undo):
        assert digest(upgraded) == shown[undone - 1]
