"""Whose a row of a sheet is that came back: of then and of now, by its uid. Never by a name or an e-mail."""

import json
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from webui.exchange.tables import Row
from webui.store.errors import Message
from webui.store.ledger import forget
from webui.store.values.text import shown


@dataclass(frozen=True)
class Person:
    """Someone in a sheet: their ids in what was sent and here, what they are called here, and why nothing of
    the row is taken. `is_new` is a row of nobody who is or was here; of one that is `answered` the person
    said whose it is."""

    uid: str
    then: int | None = None
    now: int | None = None
    name: str = ""
    reason: Message | None = None
    is_new: bool = False
    answered: bool = False

    @property
    def is_again(self) -> bool:
        """Whether an earlier row is theirs too."""
        return self.reason is not None and self.reason.id == "sent.again"


def uid_column(header: Sequence[str]) -> int:
    """Return the place of the uids in a sheet, which has them."""
    return next(at for at, name in enumerate(header) if name.strip().casefold() == "uid")


def uid_of(row: Row, at: int) -> str:
    """Return the uid that stands in a row at a place, '' where it has lost it."""
    cell = row.cells[at] if at < len(row.cells) else ""
    return cell.strip().casefold().removeprefix("urn:uuid:")


class People:
    """Tells whose rows are; `known` counts the people of them who were sent, each once."""

    def __init__(
        self,
        then: sqlite3.Connection,
        live: sqlite3.Connection,
        header: Sequence[str],
        whose: Mapping[int, str],
    ) -> None:
        """`whose` are the uids of people by the positions of rows that lost them."""
        self._then, self._live, self._whose = then, live, whose
        self._at = uid_column(header)
        self._lines: dict[str, int] = {}
        self.known = 0
        row = live.execute("SELECT value FROM state WHERE name = ?", (forget.FORGOTTEN,)).fetchone()
        self._forgotten = forget.buried(row[0])[0] if row else set[str]()

    @property
    def found(self) -> Collection[str]:
        """The uids of those who are or were here, of whom there was a row."""
        return self._lines.keys()

    def of(self, rows: Sequence[Row]) -> list[Person]:
        """Return whose some rows are."""
        uids = [self._whose.get(row.position) or uid_of(row, self._at) for row in rows]
        asked = json.dumps([uid for uid in uids if uid])
        which = "uid IN (SELECT value FROM json_each(?))"
        then = {shown(uid): user_id for uid, user_id in self._then.execute(
            f"SELECT uid, id FROM users WHERE deleted_at IS NULL AND {which}", (asked,))}  # fmt: skip
        now = {shown(uid): tuple(told) for uid, *told in self._live.execute(
            "SELECT w.uid, u.id, u.deleted_at IS NOT NULL, coalesce(nullif(u.display_name, ''), u.username)"
            f" FROM (SELECT uid, id FROM users WHERE {which} UNION ALL"
            f" SELECT uid, user_id FROM uid_aliases WHERE {which}) w JOIN users u ON u.id = w.id",
            (asked, asked))}  # fmt: skip
        return [
            replace(self._person(row, uid, then.get(uid), now.get(uid)), answered=row.position in self._whose)
            for row, uid in zip(rows, uids, strict=True)
        ]

    def _person(self, row: Row, uid: str, then: int | None, now: tuple[int, int, str] | None) -> Person:
        here, trashed, name = now or (None, 0, "")
        if uid in self._lines:
            return Person(uid, then, here, shown(name), Message("sent.again", {"line": self._lines[uid]}))
        forgotten = bool(uid) and forget.tombstone(uid) in self._forgotten
        if then is not None or now or forgotten:
            self._lines[uid] = row.line
        self.known += then is not None or forgotten
        if forgotten and not now:
            return Person(uid, reason=Message("sent.forgotten"))
        if then is None and now is None:
            return Person(uid, is_new=True)
        if then is None:
            return Person(uid, None, here, shown(name), Message("sent.not_sent"))
        if now is None:
            return Person(uid, then, reason=Message("sent.gone"))
        reason = Message("sent.trashed") if trashed else None
        return Person(uid, then, here, shown(name), reason)
