"""What full undo costs as the database grows: the room of the history, undo of what touches many, and a look
at the past."""

import shutil
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.bench.measure import Row, against, alternated, timed
from webui.safety import files, past
from webui.store import bulk, bulk_fields, bulk_remove
from webui.store.chosen import Chosen
from webui.store.ledger import history, sqlite
from webui.store.ledger.operations import operation

ROUNDS = 3
SHARE = 0.35  # of the room of everything else
TENTH = "SELECT id FROM users WHERE deleted_at IS NULL AND id % 10 = ?"
EDITED, REMOVED = 3, 7  # which tenth: the last digit of their ids
SIZES = """SELECT sum(pgsize) FILTER (WHERE of_history), sum(pgsize) FILTER (WHERE NOT of_history)
FROM (SELECT pgsize, name GLOB 'history_*' OR name GLOB 'ix_history_*' OR name = 'operations' AS of_history
      FROM dbstat WHERE aggregate = TRUE)"""


def share(database: Path) -> Row:
    """Return the row of the room that the history takes, tables and indexes, to that of everything else."""
    with closing(sqlite.connect(database)) as connection:
        kept, rest = connection.execute(SIZES).fetchone()
    limit = f"{kept / 1e6:.0f} MB beside {rest / 1e6:.0f} MB (everything else)"
    what = "History of the import, as a share of the data"
    return Row(what, f"{kept / rest:.0%}", limit, None, f"{SHARE:.0%}", kept / rest <= SHARE)


def measure(folder: Path, database: Path) -> list[Row]:
    """Return the rows of the table; works on a copy."""
    live = folder / "growing" / "roster.db"
    live.parent.mkdir()
    shutil.copy(database, live)
    engine = sqlite.engine(live)
    rows = [*_undone(engine), _look(engine, live)]
    engine.dispose()
    files.remove(live)
    return rows


def _undone(engine: Engine) -> list[Row]:
    """Change a tenth and remove another for good; each is undone each time."""
    edited, unedited = alternated(ROUNDS, *_both_ways(engine, _edit))
    _run(engine, _trash)
    removed, unremoved = alternated(ROUNDS, *_both_ways(engine, _remove))
    history.undo(engine)  # the trash: everyone is there again
    return [
        against("Undo of a field set for a tenth at once", unedited, edited, "the setting", 3),
        against("Undo of a tenth deleted for good", unremoved, removed, "the deleting", 3),
    ]


def _look(engine: Engine, live: Path) -> Row:
    """Look at the moment before four operations that touched many."""
    with Session(engine) as session:
        then = history.connection_of(session).execute("SELECT max(id) FROM operations").fetchone()[0]
    done = (_edit, _tag, _trash, _remove)
    for work in done:
        _run(engine, work)

    aside = live.with_name("aside.db")
    _copied(live, aside)
    other = sqlite.engine(aside)

    def undo() -> float:
        took = sum(timed(lambda: history.undo(other)) for _ in done)
        for _ in done:
            history.redo(other)
        return took

    copy = live.with_name("copy.db")
    looked, copied, undone = alternated(
        ROUNDS, lambda: _looked(engine, then), lambda: _copied(live, copy), undo
    )
    other.dispose()
    limit_of = "3 × VACUUM INTO, and undo of the same four"
    what = "A look at the moment before four operations on many"
    return against(what, looked, 3 * copied + undone, limit_of, 1)


def _looked(engine: Engine, then: int) -> float:
    started = time.perf_counter()
    made = past.make(engine, then)
    took = time.perf_counter() - started
    made.close()
    return took


def _copied(live: Path, copy: Path) -> float:
    files.remove(copy)
    with closing(sqlite.connect(live)) as connection:
        return timed(lambda: connection.execute("VACUUM INTO ?", (str(copy),)))


def _both_ways(
    engine: Engine, work: Callable[[Session], object]
) -> tuple[Callable[[], float], Callable[[], float]]:
    return lambda: _run(engine, work), lambda: timed(lambda: history.undo(engine))


def _run(engine: Engine, work: Callable[[Session], object]) -> float:
    """Do one operation and return its seconds."""

    def done() -> None:
        with Session(engine) as session, operation(session):
            work(session)

    return timed(done)


def _tenth(session: Session, digit: int) -> list[int]:
    return [row[0] for row in history.connection_of(session).execute(TENTH, (digit,))]


def _edit(session: Session) -> None:
    bulk_fields.put(session, Chosen(_tenth(session, EDITED)), "organisation", "Bench & Sons")


def _tag(session: Session) -> None:
    bulk.tag(session, Chosen(q=""), ["Benched"])


def _trash(session: Session) -> None:
    bulk.trash(session, Chosen(_tenth(session, REMOVED)))


def _remove(session: Session) -> None:
    bulk_remove.remove(session, Chosen(q="", trashed=True))
