"""By which UID people go out as cards: Roster's own, or that of the card they came from."""

import functools
import sqlite3

from webui.exchange.out import beside
from webui.exchange.vcard import lines

_AT_ONCE = 10_000


class GoesBy:
    """Tells what another's card is to name people by."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._read = functools.lru_cache(_AT_ONCE)(self._of_card)

    def of(self, uid: str) -> str:
        """Return what names whoever has a `uid` of ours, as an address: `urn:uuid:...` unless the UID of
        their card is one of another kind."""
        return self._read(uid) or f"urn:uuid:{uid}"

    def _of_card(self, uid: str) -> str:
        row = self._connection.execute("SELECT id FROM users WHERE uid = ?", (uid,)).fetchone()
        kept = beside.card(self._connection, row[0]) if row else None
        if kept is None:
            return ""
        told = lines.uid_of(map(lines.parsed, lines.unfolded(*kept)))
        said = told.value.strip() if told else ""
        if not said or self._is_of_others(said, row[0]):
            return ""
        return said if ":" in said else f"urn:uuid:{said}"

    def _is_of_others(self, told: str, user_id: int) -> bool:
        """Tell whether someone else came from a card of that UID: it names nobody then."""
        return bool(
            self._connection.execute(
                "SELECT 1 FROM sources s JOIN users u ON u.id = s.user_id"
                " WHERE s.source_uid = ? AND u.id <> ? AND u.deleted_at IS NULL",
                (told.casefold().removeprefix("urn:uuid:"), user_id),
            ).fetchone()
        )
