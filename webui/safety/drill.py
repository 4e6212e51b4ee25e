"""A fire drill: the newest backup of a place is restored into a folder of its own, Roster is started on it,
and it is asked for people as one would. Nothing of it touches the live database, and nothing of it stays.

What came of it is kept in a record for each place. Not for whether a file's bits are as they were: a backup
that passes that may still be of no use.
"""

import datetime
import logging
import sqlite3
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from webui.exchange import archive
from webui.jobs import Cancelled
from webui.safety import backup, catalogue, records, restore
from webui.safety.backup import Step, no_step
from webui.safety.workspace import workspace
from webui.store import errors, migrations
from webui.store.ledger import dump, sqlite
from webui.store.values import times

log = logging.getLogger(__name__)

PHASES = ["drill.restore", "drill.start", "drill.search"]
SEARCHES = 10
EVERY = datetime.timedelta(days=30)
_RECORD = "drills"

Ask = Callable[[str, Mapping[str, str]], tuple[int, str, Any]]
"""Asks a started Roster for an address with a query; gives the status, how many there are, and the JSON."""

Start = Callable[[Path], AbstractContextManager[Ask]]
"""Starts Roster on a data folder, to be asked as long as the context lasts."""


@dataclass(frozen=True)
class Drill:
    """What came of a drill: `at` (UTC), the backup by its file's name and when it was made, its people and
    posts, how many were searched for and found, `seconds`; `failed` is a message id, '' where all went well.
    """

    at: str
    name: str
    made: str
    people: int
    posts: int
    searches: int
    seconds: float
    failed: str = ""
    folder: str = ""
    """Where the backup lay; '' where an older Roster wrote it down."""


def run(newest: catalogue.Backup, database: Path, start: Start, step: Step = no_step) -> Drill:
    """Try a backup, which is not yet known to be good, and return what came of it.

    Raises Full, ReadOnly where there is no room to try it: of the backup that says nothing.
    """
    began, searches, failed = time.monotonic(), 0, ""
    try:
        with workspace(database) as work:
            step("drill.restore", 0, 0)
            data = work / "profile"
            data.mkdir(mode=0o700)
            restore.replace(data / "roster.db", newest.path)
            told = archive.manifest(newest.path)
            with closing(sqlite.connect(data / "roster.db")) as connection:
                if not _is_same(connection, told):
                    raise _Failed("drill.counts")
                sought = _sought(connection)
            step("drill.start", 0, 0)
            searches = _asked(start, data, told, sought, step)
    except _Failed as problem:
        failed = problem.message
    except errors.StoreError as problem:
        if isinstance(problem, errors.Full | errors.ReadOnly) and problem.message.id != "unreadable":
            raise
        # The sentence of a damaged backup is for whoever chooses one.
        failed = {"backup.damaged": "drill.damaged"}.get(problem.message.id, problem.message.id)
    people, posts = (newest.told.people, newest.told.posts) if newest.told else (0, 0)
    seconds = round(time.monotonic() - began, 1)
    folder = str(newest.path.parent)
    return Drill(times.now(), newest.name, newest.at, people, posts, searches, seconds, failed, folder)


def keep(data: Path, mark: str, drill: Drill) -> None:
    """Note what came of a drill of the place with that mark. Raises Full, ReadOnly."""
    if drill.failed:
        log.error("the drill of %s failed: %s", drill.name, drill.failed)
    records.write(data, _RECORD, records.read(data, _RECORD) | {mark: asdict(drill)})


def last(data: Path, mark: str, folder: Path) -> Drill | None:
    """Return the last drill of the place with that mark, None where there was none in that folder."""
    try:
        found = Drill(**records.read(data, _RECORD)[mark])
    except (KeyError, TypeError):
        return None
    return found if found.folder in ("", str(folder)) else None


def is_due(data: Path, mark: str, newest: catalogue.Backup, now: datetime.datetime) -> bool:
    """Tell whether the last drill of a place is a month old, or a day where it failed, or there was none; or
    nobody was in what was tried, and someone is in the `newest`."""
    drilled = last(data, mark, newest.path.parent)
    if drilled is None or (newest.told and newest.told.people and not drilled.people):
        return True
    every = datetime.timedelta(days=1) if drilled.failed else EVERY
    age = now - datetime.datetime.fromisoformat(drilled.at)
    return not datetime.timedelta() <= age < every


class _Failed(Exception):
    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def _is_same(connection: sqlite3.Connection, told: archive.Manifest) -> bool:
    """Tell whether what was restored is what was backed up: each row of it; of an older schema, whose rows
    were brought up to date, only how many there are."""
    counts = backup.counts(connection)
    if any(counts.get(name, count) != count for name, count in told.counts.items()):
        return False
    return told.revision != migrations.head() or dump.digest(connection) == told.digest


def _sought(connection: sqlite3.Connection) -> list[tuple[int, str]]:
    """Return the ids and usernames of ten people, spread over all of them."""
    query = "SELECT id, username FROM users WHERE deleted_at IS NULL AND instr(username, ?) = 0 ORDER BY id"
    found = connection.execute(query, ('"',)).fetchall()
    return [found[len(found) * number // SEARCHES] for number in range(min(SEARCHES, len(found)))]


def _asked(
    start: Start, data: Path, told: archive.Manifest, sought: list[tuple[int, str]], step: Step
) -> int:
    """Return how many were found by a Roster that was started on it; that it does not start is a failure."""
    try:
        with start(data) as ask:
            return _search(ask, told, sought, step)
    except (_Failed, Cancelled):
        raise
    except Exception as problem:
        log.exception("Roster did not start on the backup")
        raise _Failed("drill.not_started") from problem


def _search(ask: Ask, told: archive.Manifest, sought: list[tuple[int, str]], step: Step) -> int:
    status, total, _found = ask("/api/users", {"per_page": "1"})
    if status != 200 or total != str(told.people):
        raise _Failed("drill.people")
    status, total, _found = ask("/api/posts", {"per_page": "1"})
    if status != 200 or total != str(told.posts):
        raise _Failed("drill.posts")
    for number, (user_id, username) in enumerate(sought):
        step("drill.search", number, len(sought))
        status, _total, found = ask("/api/users", {"q": f'username:"{username}"', "sort": "username"})
        if status != 200 or user_id not in [each["id"] for each in found]:
            raise _Failed("drill.not_found")
    return len(sought)
