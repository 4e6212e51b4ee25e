"""A backup that is looked at before it is restored: unpacked once, compared with now, and gone when closed.

Who would come, change and disappear lies in a scratch file beside the copy, by name and with a tick each:
there may be a hundred thousand. Both go with their workspace, after a crash with the next start.
"""

import secrets
import sqlite3
from collections.abc import Collection, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from webui.safety import differences, exported, files, restore, unpacking
from webui.safety.backup import Step, no_step
from webui.safety.restore import Preview
from webui.safety.unpacking import unpacked
from webui.store.ledger import sqlite
from webui.store.values import text

VIEWS = ("changed", "gone", "back")
_FIELDS = ("uid", "name", "username", "here", "there", "ticked")
_MOST = 60_000  # rows a slice


@dataclass(frozen=True)
class Someone:
    """A person who would come, change or disappear: their ids `here` and `there`, None where they are not;
    `place` is what the page after them goes on from."""

    uid: str
    name: str
    username: str
    here: int | None
    there: int | None
    ticked: bool
    place: tuple[bytes, str]


class Looked:
    """A backup that is looked at. `copy` is its database, checked and current; `told` what it says of itself;
    `preview` what restoring it would change; `key` names it."""

    def __init__(self, path: Path, copy: Path, told: Any, stack: ExitStack) -> None:
        self.path, self.copy, self.told = path, copy, told
        self.key = secrets.token_urlsafe(12)
        self.preview: Preview
        self._newest: int | None = None
        self._list, self._stack = copy.with_name("people.db"), stack

    def close(self) -> None:
        """Remove the copy and the list."""
        self._stack.close()

    def is_of(self, engine: Engine) -> bool:
        """Tell whether it was compared with what is here now."""
        return self._newest == _newest(engine)

    def compare(self, engine: Engine, step: Step = no_step) -> None:
        """Compare it with now; who was ticked stays so. Raises what the driver means, and of an export
        what `exported.build` does."""
        newest = _newest(engine)
        if self.told.reason in exported.REASONS and self.told.change != str(newest):
            self._put_into_now(engine, step)
        step("restore.compare", 0, 0)
        ticked = self.ticked() if self._list.exists() else []
        with restore.attached(engine, self.copy) as connection:
            found = differences.people(connection)
            self.preview = restore.preview_of(connection, self.told, found)
            with closing(sqlite.scratch(self._list)) as made:
                made.execute("BEGIN")
                made.execute("DROP TABLE IF EXISTS people")
                made.execute(
                    "CREATE TABLE people (view TEXT, sort BLOB, uid TEXT, name TEXT, username TEXT,"
                    " here INTEGER, there INTEGER, ticked INTEGER DEFAULT 0,"
                    " PRIMARY KEY (view, sort, uid)) WITHOUT ROWID"
                )
                for view, uids in zip(VIEWS, (found.changed, found.removed, found.added), strict=True):
                    _list(connection, made, view, uids)
                made.execute("CREATE INDEX by_uid ON people (uid)")
                made.executemany("UPDATE people SET ticked = 1 WHERE uid = ?", [(uid,) for uid in ticked])
                made.execute("COMMIT")
        self._newest = newest

    def _put_into_now(self, engine: Engine, step: Step) -> None:
        made = self.copy.with_name("anew.sqlite")
        files.remove(made)
        self.told = exported.build(Path(str(engine.url.database)), self.path, made, step)
        unpacking.check(made, self.path.name)
        made.replace(self.copy)

    def people(self, view: str, after: tuple[bytes, str] | None = None, limit: int = 30) -> Sequence[Someone]:
        """Return a page of those of a view, by name, from `after` a place on."""
        rows = self._asked(
            f"SELECT {', '.join(_FIELDS)}, sort FROM people WHERE view = ? AND (sort, uid) > (?, ?)"
            " ORDER BY sort, uid LIMIT ?",
            (view, *(after or (b"", "")), limit),
        )
        return [
            Someone(uid, name, username, here, there, bool(ticked), (sort, uid))
            for uid, name, username, here, there, ticked, sort in rows
        ]

    def counts(self) -> dict[str, tuple[int, int]]:
        """Return by view how many there are, and how many of them are ticked."""
        rows = self._asked("SELECT view, count(*), sum(ticked) FROM people GROUP BY view")
        return dict.fromkeys(VIEWS, (0, 0)) | {view: (count, ticked) for view, count, ticked in rows}

    def ticked(self) -> list[str]:
        """Return the uids of all who are ticked."""
        return [row[0] for row in self._asked("SELECT uid FROM people WHERE ticked = 1")]

    def tick(self, shown: Collection[str], ticked: Collection[str]) -> None:
        """Tick of those `shown` the ones that are `ticked`, and no others of them."""
        values = [(int(uid in ticked), uid) for uid in shown]
        with closing(sqlite.scratch(self._list)) as connection:
            connection.executemany("UPDATE people SET ticked = ? WHERE uid = ?", values)

    def tick_all(self, view: str, ticked: bool) -> None:
        """Tick everyone of a view, or nobody."""
        with closing(sqlite.scratch(self._list)) as connection:
            connection.execute("UPDATE people SET ticked = ? WHERE view = ?", (int(ticked), view))

    def _asked(self, query: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        with closing(sqlite.scratch(self._list)) as connection:
            return connection.execute(query, values).fetchall()


def look(engine: Engine, path: Path, step: Step = no_step) -> Looked:
    """Unpack a backup and compare it with now. Changes nothing. Raises what `restore.preview` raises."""
    stack = ExitStack()
    try:
        copy, told = stack.enter_context(unpacked(engine, path, step))
        found = Looked(path, copy, told, stack)
        found.compare(engine, step)
        step("restore.compare", 0, 0)  # the last chance to be stopped
    except BaseException:
        stack.close()
        raise
    return found


def _newest(engine: Engine) -> int:
    return exported.newest(Path(str(engine.url.database)))


def _list(connection: sqlite3.Connection, made: sqlite3.Connection, view: str, uids: Collection[str]) -> None:
    """Write down who of a view there is, of those who come back by their name in the backup."""
    of = "backup" if view == "back" else "main"
    connection.execute("CREATE TEMP TABLE IF NOT EXISTS listed (uid TEXT PRIMARY KEY)")
    connection.execute("DELETE FROM listed")
    connection.executemany("INSERT INTO listed VALUES (?)", [(uid,) for uid in uids])
    rows = connection.execute(
        "SELECT l.uid, coalesce(nullif(u.display_name, ''), u.username), u.username, m.id, b.id"
        f" FROM temp.listed l JOIN {of}.users u ON u.uid = l.uid LEFT JOIN main.users m ON m.uid = l.uid"
        " LEFT JOIN backup.users b ON b.uid = l.uid"
    )
    while some := rows.fetchmany(_MOST):
        named = [
            (view, text.sort_key(" ".join(map(text.shown, who))), uid, *map(text.shown, who), here, there)
            for uid, *who, here, there in some
        ]
        made.executemany(
            "INSERT INTO people (view, sort, uid, name, username, here, there) VALUES (?, ?, ?, ?, ?, ?, ?)",
            named,
        )
