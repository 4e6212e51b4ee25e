"""What Roster exported, imported: who is in the file is added or changed, and nobody goes.

A roster without people takes over all of it. To make a roster what the file says, restore it.
"""

from pathlib import Path

from sqlalchemy import Engine

from webui.safety import differences, restore
from webui.safety.backup import Step, no_step
from webui.safety.restore import Preview
from webui.safety.unpacking import unpacked


def take_in(
    engine: Engine,
    path: Path,
    folder: Path,
    step: Step = no_step,
    *,
    door: str = "window",
    dry_run: bool = False,
) -> tuple[Preview, Path | None]:
    """Take in an export as one operation, after a pinned safety copy into `folder`; return what changed, and
    that copy. Nothing is done where there is nothing to do, nor on a dry run.

    Raises what `restore.restore` raises.
    """
    with unpacked(engine, path, step) as (copy, told):
        with restore.attached(engine, copy) as connection:
            found = differences.people(connection)
            living = "SELECT EXISTS (SELECT 1 FROM main.users WHERE deleted_at IS NULL)"
            uids = found.added | found.changed if connection.execute(living).fetchone()[0] else None
        if dry_run or (uids is not None and not uids):
            return restore.compare(engine, copy, told, uids), None
        done = restore.bring(engine, copy, told, folder, step, door, uids)
    return done.preview, done.safety_copy
