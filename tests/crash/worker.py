"""What is killed: does one thing over and over and says, after each commit, what is now true.

`python tests/crash/worker.py WHAT FOLDER`. Prints "ready", then a line a finished step. Not a test.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from webui.exchange import importing
from webui.safety import backup, opening, past, restore, upgrade
from webui.store import migrations, posts, users
from webui.store.ledger import alone, forget, history, sqlite
from webui.store.ledger.operations import operation
from webui.store.values import text


def say(*words: object) -> None:
    print(*words, flush=True)


def writes(engine: Engine, path: Path) -> None:
    """Each operation adds a person with a post: both are there, or neither."""
    with Session(engine) as session:
        number = users.counts(session)[0]
        session.rollback()
        while True:
            number += 1
            with operation(session):
                name = f"user{number}"
                user = users.add(session, {"username": name, "email": f"{name}@post.example"})
                posts.add(session, user.id, {"title": name})
            say(number)


def undo(engine: Engine, path: Path) -> None:
    """Undo three and redo three, over and over."""
    while True:
        for step in (history.undo,) * 3 + (history.redo,) * 3:
            step(engine)
            say("stepped")


def undo_import(engine: Engine, path: Path) -> None:
    """Undo an import and do it again, over and over: all of it is there, or nothing."""
    while True:
        for step in (history.undo, history.redo):
            step(engine)
            say("stepped")


def looks(engine: Engine, path: Path) -> None:
    """Look at a past moment, over and over: nothing is ever changed."""
    while True:
        past.make(engine, 20).close()
        say("looked")


def undo_alone(engine: Engine, path: Path) -> None:
    """Take the tagging of everyone back alone, undo that, over and over: one of two states."""
    with sqlite.connect(path) as connection:
        (tagged,) = connection.execute("SELECT id FROM operations WHERE message = 'bulk.tag'").fetchone()
    while True:
        alone.undo(engine, tagged)
        say("alone")
        history.undo(engine)
        say("undone")


def forgets(engine: Engine, path: Path) -> None:
    """Forget one after the other completely: each is wholly there, or nowhere."""
    with sqlite.connect(path) as connection:
        uids = [row[0] for row in connection.execute("SELECT uid FROM users ORDER BY id")]
    connection.close()
    for uid in uids:
        forget.forget(path, [uid])
        say(uid)
        forget.finish(path)


def backups(engine: Engine, path: Path) -> None:
    """Back up over and over, while people are added."""
    with Session(engine) as session:
        number = users.counts(session)[0]
        session.rollback()
        while True:
            number += 1
            with operation(session):
                users.add(session, {"username": f"user{number}", "email": f"user{number}@post.example"})
            say(number)
            backup.back_up(engine, path.parent / "backups")


def restores(engine: Engine, path: Path) -> None:
    """Restore the backup that lies there, undo that, over and over: one of two states."""
    made = path.parent / "kept.zip"
    while True:
        restore.restore(engine, made, path.parent / "backups")
        say("restored")
        history.undo(engine)
        say("undone")


def imports(engine: Engine, path: Path) -> None:
    """Import the file that lies there, undo that, over and over: all of it is there, or nothing."""
    while True:
        with importing.plan(engine, path.parent / "people.csv", path.parent / "plan.sqlite") as planned:
            importing.apply(engine, planned)
        say("imported")
        history.undo(engine)
        say("undone")


def upgrades(engine: Engine, path: Path) -> None:
    """Upgrade the file, which the parent puts back to the older schema before each start."""
    engine.dispose()
    older = max(migrations.known() - {migrations.head()})
    while True:
        upgrade.upgrade(path)
        say("upgraded")
        connection = sqlite.connect(path)
        connection.execute("UPDATE alembic_version SET version_num = ?", (older,))
        connection.execute("ALTER TABLE users DROP COLUMN city")
        connection.close()


if __name__ == "__main__":
    what, folder = sys.argv[1], Path(sys.argv[2])
    if what == "upgrades":
        migrations.FOLDER = folder / "migrations"
    live = folder / "roster.db"
    if what != "upgrades":
        opening.ready(live)
    opened = sqlite.engine(live)
    text.sort_key("the collation table is read now, not while the clock runs")
    say("ready")
    globals()[what](opened, live)
