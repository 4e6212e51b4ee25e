"""What Roster exported, as the database that a restore compares with now and takes over.

It has no history, and no uid of its own: it is what is here now with the file's people in it, so it is made
anew where something was done since.
"""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

from webui.exchange import archive
from webui.exchange.ours import building, finding
from webui.safety import backup, files
from webui.safety.backup import Step
from webui.store import errors
from webui.store.ledger import derived, sqlite
from webui.store.values import text, times

EVERYONE, SOME = "export", "export_some"  # what such a file is of, as the reason of a manifest says it
REASONS = (EVERYONE, SOME)
_AT = re.compile(r"(19|2\d)\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", re.ASCII)


def is_one(path: Path) -> bool:
    """Whether a file is such an export. Raises ReadOnly where it can't be read."""
    with files.told(path, "unreadable"):
        return finding.is_one(path)


def build(database: Path, path: Path, copy: Path, step: Step) -> archive.Manifest:
    """Make the database of a file at `copy`, and return what a backup of it would say.

    Raises Damaged, TooNew, ReadOnly, Full; Refused where someone else here has what is someone's there.
    """
    with files.told(path, "unreadable"):
        export = finding.read(path)
    if export is None:
        raise errors.Damaged(errors.Message("ours.broken", {"name": path.name}))
    change = newest(database)
    building.build(database, export, copy, lambda done: step("restore.open", done, 0))
    said = export.about.get("exported_at")
    at = said if isinstance(said, str) and _AT.fullmatch(said) else times.now()
    with closing(sqlite.connect(copy)) as connection:
        row = connection.execute("SELECT value FROM settings WHERE name = 'title'").fetchone()
        return archive.Manifest(
            at=at,
            app="",
            revision=derived.revision(connection) or "",
            uid=_uid(connection),
            title=text.shown(row[0]) if row else "",
            reason=EVERYONE if export.everyone else SOME,
            pinned=False,
            counts=backup.counts(connection),
            digest="",
            members={},
            change=str(change),
        )


def see_unmoved(connection: sqlite3.Connection, told: archive.Manifest, operation_id: int) -> None:
    """See that what an export was put into is what is here when it is taken over. Raises Busy."""
    query = "SELECT coalesce(max(id), 0) FROM operations WHERE id < ?"
    row = connection.execute(query, (operation_id,)).fetchone()
    if told.reason in REASONS and told.change != str(row[0]):
        raise errors.Busy


def newest(database: Path) -> int:
    """Return the last operation of a database, 0 where there is none."""
    with sqlite.told(), closing(sqlite.connect(database)) as connection:
        return int(connection.execute("SELECT coalesce(max(id), 0) FROM operations").fetchone()[0])


def _uid(connection: sqlite3.Connection) -> str:
    return text.shown(connection.execute("SELECT value FROM state WHERE name = 'uid'").fetchone()[0])
