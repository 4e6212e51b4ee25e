"""What another program wrote, or had no part in: only what it changed is a change."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from webui.safety import backup, health, restore
from webui.store import settings, users
from webui.store.ledger import derived, history, sqlite
from webui.store.ledger.operations import follow, operation

pytestmark = pytest.mark.outside
NATIONAL = [{"label": "Home", "phone": "046-12 34 50"}]  # has no E.164 form while no region is set


@pytest.fixture
def three(session: Session) -> None:
    """Mara, Noor and Jonas, each with a phone whose key can't be known."""
    for name in ("mara", "noor", "jonas"):
        with operation(session):
            users.add(
                session,
                {"username": name, "email": f"{name}@post.example", "given": name, "phones": NATIONAL},
            )
    session.rollback()


def written(database: Path, *statements: str) -> None:
    """Run statements as another program does."""
    other = sqlite3.connect(database)
    with other:
        for statement in statements:
            other.execute(statement)
    other.close()


def last(session: Session) -> tuple[str, dict[str, int]]:
    [done] = history.page(session, limit=1)
    session.rollback()
    return done.message, done.counts


@pytest.mark.usefixtures("three")
def test_a_change_of_one_value_is_a_change_of_one_row(database: Path, session: Session) -> None:
    written(database, "UPDATE users SET nickname = 'N' WHERE id = 1")
    follow(session)
    assert last(session) == ("outside", {"users": 1})


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    "statements",
    [
        ["INSERT OR IGNORE INTO users SELECT * FROM users"],
        ["UPDATE users SET given = given"],
        ["UPDATE users SET username = 'x' WHERE id = 1", "UPDATE users SET username = 'mara' WHERE id = 1"],
        [
            "INSERT INTO tags (id, uid, name) VALUES (9, 'u', 'Choir')",
            "DELETE FROM tags WHERE id = 9",
        ],
    ],
    ids=["ignored", "equal", "there and back", "made and gone"],
)
def test_what_changed_nothing_in_the_end_is_no_change_and_redo_stays(
    database: Path, session: Session, engine: Engine, statements: list[str]
) -> None:
    history.undo(engine)
    written(database, *statements)
    follow(session)
    assert last(session)[0] == "users.add"
    session.rollback()
    history.redo(engine)
    assert [users.find(session, user_id).username for user_id in (1, 2, 3)] == ["mara", "noor", "jonas"]


@pytest.mark.usefixtures("three")
def test_mending_what_is_derived_is_no_change_of_anyones(database: Path, session: Session) -> None:
    connection = sqlite.connect(database)
    connection.execute("DROP TRIGGER history_users_insert")
    connection.close()
    health.mend_derived(database)
    assert last(session) == ("users.add", {"users": 1, "user_phones": 1})
    kept = health.mend(database).kept
    with closing(sqlite.connect(kept)) as connection:
        assert connection.execute("SELECT count(*) FROM users").fetchone() == (3,)
    assert last(session) == ("users.add", {"users": 1, "user_phones": 1})


@pytest.mark.usefixtures("three")
def test_adopting_a_backup_is_no_change_of_anyones(
    engine: Engine, empty_database: Path, tmp_path: Path
) -> None:
    made = backup.back_up(engine, tmp_path / "backups")
    there = tmp_path / "there" / "roster.db"
    there.parent.mkdir()
    shutil.copy(empty_database, there)
    other = sqlite.engine(there)
    restore.restore(other, made, tmp_path / "safety")
    with Session(other) as session:
        assert not derived.is_behind(session.connection().connection.driver_connection)  # type: ignore[arg-type]
        assert last(session) == ("users.add", {"users": 1, "user_phones": 1})
    other.dispose()


@pytest.mark.usefixtures("three")
def test_a_region_for_phones_writes_only_the_phones_it_tells_more_of(session: Session) -> None:
    with operation(session):
        users.change(session, 1, {"phones": [{"label": "", "phone": "+46 8 123 456 78"}]})
    with operation(session):
        settings.set_phone_region(session, "SE")
    assert last(session) == ("settings.phone_region", {"user_phones": 2, "settings": 1})
    assert [phone.phone_key for phone in users.find(session, 2).phones] == ["+4646123450"]


def test_a_change_reads_no_more_rows_where_there_are_more_people(session: Session, database: Path) -> None:
    counts = []
    for count in (20, 400):
        with operation(session):
            for number in range(count):
                name = f"{count}-{number}"
                users.add(session, {"username": name, "email": f"{name}@post.example"})
        with closing(sqlite3.connect(database)) as other:
            steps: list[int] = []
            other.set_progress_handler(lambda steps=steps: steps.append(1), 10)  # type: ignore[misc]
            other.execute("UPDATE users SET nickname = 'N' WHERE id = 1")
            counts.append(len(steps))
    assert counts[1] < counts[0] * 2
