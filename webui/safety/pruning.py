"""Keeping history at a size: what is oldest goes, after a verified backup that still has it."""

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from webui.safety import backup
from webui.safety.backup import Step, no_step
from webui.store.ledger import derived, horizon, sqlite, vacuum

PHASES = ["prune.measure", *backup.PHASES, "prune.write"]

_ROOM = 10  # this part of the size is left free, or the next change would be beyond it again


@dataclass(frozen=True)
class Pruned:
    """How many operations went, the bytes of history before and after, and the backup that has them."""

    operations: int
    before: int
    after: int
    backup: Path


def prune(engine: Engine, folder: Path, limit: int, step: Step = no_step) -> Pruned | None:
    """Let go of the oldest operations until history takes at most `limit` bytes; None where it does already.

    A pinned backup goes into `folder` first. Raises Full, ReadOnly, Busy, Damaged: nothing went then.
    """
    path = str(engine.url.database)
    step("prune.measure", 0, 0)
    with sqlite.told(), closing(sqlite.connect(path)) as connection:
        before = horizon.size(connection)
        last = horizon.far(connection, limit - limit // _ROOM) if before > limit else 0
    if not last:
        return None
    kept = backup.back_up(engine, folder, step, reason="before_pruning", pinned=True)
    step("prune.write", 0, 0)
    with sqlite.told(), closing(sqlite.connect(path)) as connection, sqlite.writing(connection):
        derived.catch_up(connection)
        count = horizon.prune(connection, last)
    vacuum.vacuum(engine)
    with sqlite.told(), closing(sqlite.connect(path)) as connection:
        return Pruned(count, before, horizon.size(connection), kept)
