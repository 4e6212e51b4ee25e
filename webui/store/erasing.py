"""Whom someone means who wants a person forgotten completely, and who else speaks of them.

Only reading; nothing here forgets anyone: see `ledger.forget`.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from sqlalchemy.orm import Session

from webui.store import errors, search
from webui.store.ledger import theirs
from webui.store.ledger.history import connection_of
from webui.store.values import text

_CALLED = "coalesce(nullif(display_name, ''), username)"
_LOOKED_AT = 2_000  # people who may speak of them


@dataclass(frozen=True)
class Someone:
    """A person wherever there is something of them: living (`here`), in the trash, or in history alone."""

    id: int
    name: str
    where: Literal["here", "trash", "history"]
    ids: frozenset[int]
    uids: frozenset[str]


def find(session: Session, user_id: int) -> Someone:
    """Return someone by an id that they have or had. Raises NotFound."""
    connection = connection_of(session)
    row = connection.execute(
        f"SELECT {_CALLED}, iif(deleted_at IS NULL, 'here', 'trash') FROM users WHERE id = :id UNION ALL"
        f" SELECT * FROM (SELECT {_CALLED}, 'history' FROM history_users WHERE id = :id AND existed = 1"
        " ORDER BY operation DESC LIMIT 1) LIMIT 1",
        {"id": user_id},
    ).fetchone()
    if row is None:
        raise errors.NotFound("users", user_id)
    uids = theirs.uids_of(connection, [user_id])
    ids = theirs.ids_of(connection, uids) or {user_id}
    every = theirs.uids_of(connection, ids)
    return Someone(user_id, text.shown(row[0]), row[1], frozenset(ids), frozenset(every))


def called(session: Session, username: str) -> list[int]:
    """Return the ids of those who may be meant by a username: the one who has it, else all who had it."""
    connection, key = connection_of(session), text.key(username)
    for query in (
        "SELECT id FROM users WHERE username_key = ? AND deleted_at IS NULL",
        "SELECT id FROM users WHERE username_key = ? UNION"
        " SELECT id FROM history_users WHERE username_key = ? AND existed = 1 ORDER BY id",
    ):
        rows = connection.execute(query, (key,) * query.count("?")).fetchall()
        if rows:
            return [int(row[0]) for row in rows]
    return []


def search_for(name: str) -> str:
    """Return the search for everyone of whom something says this name."""
    return '"' + text.one_line(name.replace('"', " ")) + '"'


def mentions(session: Session, name: str, but: Collection[int]) -> int:
    """Return of how many people, without `but`, a note or a post that stays says this name."""
    wanted, connection = text.fold(text.one_line(name)), connection_of(session)
    try:
        found = [each for each in search.everyone(session, search_for(name)) if each not in but]
    except errors.Unreadable:  # nothing in the name that can be looked for
        return 0
    listed = ", ".join(str(each) for each in but)
    query = (
        "SELECT note FROM users WHERE id = :id UNION ALL"
        f" SELECT title || ' ' || body FROM posts WHERE user_id NOT IN ({listed}) AND (user_id = :id"
        " OR id IN (SELECT post_id FROM post_users WHERE user_id = :id))"
    )
    return sum(
        any(
            said and wanted in text.fold(text.shown(said))
            for (said,) in connection.execute(query, {"id": each})
        )
        for each in found[:_LOOKED_AT]
    )
