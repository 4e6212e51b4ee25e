"""What is killed: does one thing over and over and says, after each commit, what is now true.

`python tests/crash/worker.py` reads lines of WHAT, a tab and FOLDER. For each it lets a child of its own do
that in the folder, which says "ready" and its process id, then a line a finished step; and says "ended" and
how. So all that is slow to load is loaded once. Not a test: see `nursery`.
"""

import contextlib
import datetime
import itertools
import os
import sys
import traceback
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from webui.exchange import importing
from webui.safety import (
    automatic,
    backup,
    forgetting,
    opening,
    past,
    pruning,
    restore,
    retention,
    second,
    upgrade,
)
from webui.safety.places import Places
from webui.store import errors, migrations, posts, users
from webui.store.ledger import alone, forget, history, sqlite, vacuum
from webui.store.ledger.operations import operation
from webui.store.values import text

TRY = "try "  # before WHAT, where a refusal is no stumble
AS_IT_LIES = ("upgrades", "replaces", "creates", "upgrades_once")  # done to a file that is not opened first


def say(*words: object) -> None:
    os.write(1, (" ".join(map(str, words)) + "\n").encode())  # at once: whoever is killed said all or nothing


def places(path: Path) -> Places:
    """Return where backups go: the second place is there where the parent made one."""
    mark = path.parent / "second" / second.MARK
    there = second.Place(mark.parent, mark.read_text().strip()) if mark.exists() else None
    return Places(path.parent / "backups", there)


def add(session: Session) -> int:
    """Add a person with a post by an operation of its own; return how many there are then."""
    number = users.counts(session)[0] + 1
    with operation(session):
        name = f"user{number}"
        user = users.add(session, {"username": name, "email": f"{name}@post.example"})
        posts.add(session, user.id, {"title": name})
    return number


def writes(engine: Engine, path: Path) -> None:
    """Each operation adds a person with a post: both are there, or neither."""
    with Session(engine) as session:
        while True:
            say(add(session))


def vacuums(engine: Engine, path: Path) -> None:
    """Write the file anew after each operation."""
    with Session(engine) as session:
        while True:
            say(add(session))
            session.rollback()
            vacuum.vacuum(engine)


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


def forgets_everywhere(engine: Engine, path: Path) -> None:
    """Forget one after the other in all copies too: each backup is good before and after."""
    with sqlite.connect(path) as connection:
        uids = [row[0] for row in connection.execute("SELECT uid FROM users ORDER BY id")]
    connection.close()
    for uid in uids:
        forgetting.forget_everywhere(engine, [path.parent / "backups"], [uid], {})
        say(uid)


def backups(engine: Engine, path: Path) -> None:
    """Back up over and over into two places, while people are added."""
    with Session(engine) as session:
        while True:
            add(session)
            session.rollback()
            say(automatic.back_up(engine, places(path)).path.name)


def automatics(engine: Engine, path: Path) -> None:
    """Do what is done each hour, over and over; what need not be kept goes in between."""
    with Session(engine) as session:
        while True:
            add(session)
            session.rollback()
            made = automatic.keep_up(engine, places(path), "hourly", datetime.timedelta())
            say(made.path.name)


def thins(engine: Engine, path: Path) -> None:
    """Let superfluous backups go, each time of a folder of its own with all that the parent has made."""
    uid, now = automatic._uid(engine), datetime.datetime.now(datetime.UTC)
    for number in itertools.count():
        folder = path.parent / "thinned" / str(number)
        folder.mkdir(parents=True)
        for each in (path.parent / "made").iterdir():
            os.link(each, folder / each.name)
        say(number)
        retention.thin(folder, uid, 0, now)


def prunes(engine: Engine, path: Path) -> None:
    """Let the oldest history go over and over, while there is more of it."""
    with Session(engine) as session:
        while True:
            for _each in range(3):
                add(session)
            session.rollback()
            pruning.prune(engine, path.parent / "backups", 1)
            say("pruned")


def restores(engine: Engine, path: Path) -> None:
    """Restore the backup that lies there, undo that, over and over: one of two states."""
    made = path.parent / "kept.zip"
    while True:
        restore.restore(engine, made, path.parent / "backups")
        say("restored")
        history.undo(engine)
        say("undone")


def restores_some(engine: Engine, path: Path) -> None:
    """Restore two people of the backup that lies there, undo that, over and over."""
    made = path.parent / "kept.zip"
    while True:
        restore.restore(engine, made, path.parent / "backups", only=("user1", "user2"))
        say("restored")
        history.undo(engine)
        say("undone")


def replaces(engine: Engine, path: Path) -> None:
    """Put the backup that lies there in the place of the damaged file, once."""
    restore.replace(path, path.parent / "kept.zip")
    say("replaced")


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
    older = max(migrations.known() - {migrations.head()})
    while True:
        upgrade.upgrade(path)
        say("upgraded")
        connection = sqlite.connect(path)
        connection.execute("UPDATE alembic_version SET version_num = ?", (older,))
        connection.execute("ALTER TABLE users DROP COLUMN city")
        connection.close()


def creates(engine: Engine, path: Path) -> None:
    """Make the database of a first start."""
    opening.create(path)
    say("created")


def writes_once(engine: Engine, path: Path) -> None:
    """Do a few things in each way there is to write, and close the file twice."""
    with Session(engine) as session:
        for _each in range(3):
            say(add(session))
    history.undo(engine)
    say("undone")
    with importing.plan(engine, path.parent / "people.csv", path.parent / "plan.sqlite") as planned:
        importing.apply(engine, planned)
    say("imported")
    opening.close(engine)
    say("closed")
    with Session(engine) as session:
        say(add(session))
    vacuum.vacuum(engine)
    opening.close(engine)
    say("closed")


def backups_once(engine: Engine, path: Path) -> None:
    """Back up into two places, with someone added between."""
    say(automatic.back_up(engine, places(path)).path.name)
    with Session(engine) as session:
        say(add(session))
    say(automatic.back_up(engine, places(path)).path.name)


def restores_once(engine: Engine, path: Path) -> None:
    """Restore the backup that lies there, and undo that."""
    restore.restore(engine, path.parent / "kept.zip", path.parent / "backups")
    say("restored")
    history.undo(engine)
    say("undone")


def forgets_once(engine: Engine, path: Path) -> None:
    """Forget someone in the copies and here."""
    backup.back_up(engine, path.parent / "backups")
    with contextlib.closing(sqlite.connect(path)) as connection:
        (uid,) = connection.execute("SELECT uid FROM users ORDER BY id").fetchone()
    say("backed up")
    forgetting.forget_everywhere(
        engine, [path.parent / "backups"], [uid], {}, lambda phase, _done, _total: say(phase)
    )
    say("forgotten")


def prunes_once(engine: Engine, path: Path) -> None:
    """Let the oldest history go."""
    pruning.prune(engine, path.parent / "backups", 1)
    say("pruned")


def upgrades_once(engine: Engine, path: Path) -> None:
    """Bring the older file that lies there up to date."""
    upgrade.upgrade(path)
    say("upgraded")


def attempt(what: str, folder: Path) -> None:
    """Do one thing and say what refused it, in words that are for a person."""
    try:
        with sqlite.told():  # as the doors do
            child(what, folder)
    except errors.StoreError as error:
        say("refused", error.message.id)


def child(what: str, folder: Path) -> None:
    """Do one thing until it is killed."""
    if (folder / "migrations").exists():
        migrations.FOLDER = folder / "migrations"
    live = folder / "roster.db"
    if what not in AS_IT_LIES:
        opening.ready(live)
    say("ready", os.getpid())
    globals()[what](sqlite.engine(live), live)


def main() -> None:
    text.sort_key("…the collation table is read now, not while the clock runs")
    while line := sys.stdin.readline():
        what, folder = line.rstrip("\n").split("\t")
        tries, pid = what.startswith(TRY), os.fork()
        if not pid:
            code = 1
            try:
                (attempt if tries else child)(what.removeprefix(TRY), Path(folder))
                code = 0
            except BaseException:
                traceback.print_exc()
            finally:
                os._exit(code)
        say("ended", os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))


if __name__ == "__main__":
    main()
