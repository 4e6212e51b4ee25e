"""Finding people: as one types, by full text, in pages that never count past what is needed.

A name that begins with each word comes first, then any word of all that is known, then a part of a
name or e-mail. Not for filters by field.
"""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import RowMapping, text
from sqlalchemy.orm import Session

from webui.store.values import names
from webui.store.values import text as texts

SORTS = {"name": "name_key", "email": "email_sort", "last_post": "last_post"}
_KEYS = {"tier": int, "user_id": int, "name_key": bytes}  # kinds in a cursor; the others are text
CANDIDATES = 2_000  # at most so many matches of a kind are ranked
COUNTED = 10_000  # counting stops here; a page then says "10,000+"


@dataclass(frozen=True)
class Row:
    """A person in a list. `last_post` is a day or None; `hue` 1 to 8 is the colour of the face."""

    id: int
    uid: str
    display_name: str
    username: str
    email: str | None
    last_post: str | None
    tags: tuple[str, ...] = ()

    @property
    def initials(self) -> str:
        """One or two letters for the face."""
        return names.initials(self.display_name)

    @property
    def hue(self) -> int:
        """Which colour the face has."""
        return names.hue(self.id)


@dataclass(frozen=True)
class Page:
    """Some of the people found, the cursor of those after them, and how many there are in all.

    `capped` says that there are more than `count`.
    """

    rows: Sequence[Row]
    next: str | None
    count: int
    capped: bool
    words: list[str]
    sort: str


def find(session: Session, q: str = "", sort: str = "", after: str | None = None, limit: int = 50) -> Page:
    """Return a page of the people that match `q` (everyone when empty), from the cursor `after` on.

    `sort` is name, email or last_post, with `-` before it for the other way; empty means by how well
    they match, or by name without a query. An unknown sort or cursor is taken as none.
    """
    words, (column, down, tiered) = texts.words(q), _order(sort, bool(texts.words(q)))
    keys = ["tier", column, "user_id"] if tiered else [column, "user_id"]
    cursor = _read(after, [_KEYS.get(key, str) for key in keys])
    found: Sequence[RowMapping] = []
    # Whole names are enough for most pages: further kinds of matches come behind them and cost more.
    for kinds in (_kinds(words)[:1], _kinds(words)) if tiered else (_kinds(words),):
        found = _page(session, words, kinds, keys, down, cursor, limit + 1)
        if len(found) > limit:
            break
    rows, more = found[:limit], len(found) > limit
    cursor_of = (
        _write([*([rows[-1]["tier"]] if tiered else []), rows[-1][column], rows[-1]["id"]]) if more else None
    )
    count, capped = _count(session, words)
    return Page(_with_tags(session, rows), cursor_of, count, capped, words, sort)


def _page(
    session: Session,
    words: list[str],
    kinds: Sequence[tuple[str, str, int]],
    keys: Sequence[str],
    down: bool,
    cursor: Sequence[Any] | None,
    limit: int,
) -> Sequence[RowMapping]:
    """Return up to `limit` rows in the order of `keys`, from the cursor on; only their people are read."""
    params: dict[str, Any] = {"limit": limit, **_matches(words)}
    where = ""
    if cursor is not None:
        params |= {f"k{i}": value for i, value in enumerate(cursor)}
        marks = ", ".join(f":k{i}" for i in range(len(keys)))
        where = f"WHERE ({', '.join(keys)}) {'<' if down else '>'} ({marks})"
    order = ", ".join(f"{key} DESC" if down else key for key in keys)
    query = text(
        f"SELECT u.id, u.uid, u.display_name, u.username, u.email, p.* FROM"
        f" (SELECT user_id, last_post, {', '.join(keys[:-1])} FROM {_source(words, CANDIDATES, kinds)}"
        f" {where} ORDER BY {order} LIMIT :limit) p"
        f" CROSS JOIN users u ON u.id = p.user_id ORDER BY {order}"
    )
    return session.execute(query, params).mappings().all()


def listing(
    session: Session, q: str = "", sort: str = "", offset: int = 0, limit: int = 20
) -> tuple[list[int], int]:
    """Return the ids of a page by number, and the exact count of all that match: for the API alone.

    `sort` may also be id (the default), username, created_at or updated_at.
    """
    words, down = texts.words(q), sort.startswith("-")
    column = {**{name: f"p.{key}" for name, key in SORTS.items()}, **_LISTED}.get(sort.lstrip("-"), "u.id")
    source = _source(words, -1, _kinds(words))
    order = f"{column}{' DESC' if down else ''}, u.id"
    rows = session.execute(
        text(
            f"SELECT u.id FROM {source} CROSS JOIN users u ON u.id = p.user_id"
            f" ORDER BY {order} LIMIT :limit OFFSET :offset"
        ),
        {"limit": limit, "offset": offset, **_matches(words)},
    )
    total = session.scalar(text(f"SELECT count(*) FROM {source}"), _matches(words))
    return [row[0] for row in rows], int(total or 0)


_LISTED = {
    "id": "u.id",
    "username": "u.username_key",
    "created_at": "u.created_at",
    "updated_at": "u.updated_at",
}


def everyone(session: Session, q: str = "") -> list[int]:
    """Return the ids of all people that match `q`, by name: for exports and commands."""
    return listing(session, q, "name", 0, -1)[0]


def _order(sort: str, searching: bool) -> tuple[str, bool, bool]:
    name = sort.lstrip("-")
    if name not in SORTS:
        return SORTS["name"], False, searching
    return SORTS[name], sort.startswith("-"), False


def _matches(words: list[str]) -> dict[str, str]:
    """Return the MATCH expressions: each word is quoted, so that nothing in it is an operator."""
    if not words:
        return {}
    quoted = ['"' + word.replace('"', '""') + '"' for word in words]
    found = {"starts": " ".join(f"{word}*" for word in quoted)}
    if all(len(word) >= 3 for word in words):  # a trigram index knows nothing shorter
        found["parts"] = " ".join(quoted)
    return found


def _kinds(words: list[str]) -> list[tuple[str, str, int]]:
    """Return (index, expression, tier) of each kind of match, the best first."""
    kinds = [("names_fts", "starts", 0), ("words_fts", "starts", 1)]
    return [*kinds, ("parts_fts", "parts", 2)] if "parts" in _matches(words) else kinds


def _source(words: list[str], cap: int, kinds: Sequence[tuple[str, str, int]]) -> str:
    """Return what a query selects from, as `p`: everyone's text, or that of the ranked candidates."""
    if not words:
        return "person_text p"
    found = " UNION ALL ".join(
        f"SELECT * FROM (SELECT rowid AS id, {tier} AS tier FROM {index}"
        f" WHERE {index} MATCH :{name} LIMIT {cap})"
        for index, name, tier in kinds
    )
    return (
        f"(SELECT id, min(tier) AS tier FROM ({found}) GROUP BY id) f"
        " CROSS JOIN person_text p ON p.user_id = f.id"
    )


def _count(session: Session, words: list[str]) -> tuple[int, bool]:
    if not words:
        count = int(session.scalar(text("SELECT count(*) FROM person_text")) or 0)
        return count, False
    # Any word of all that is known: whoever is found by name is among those.
    listed = " UNION ".join(
        f"SELECT * FROM (SELECT rowid FROM {index} WHERE {index} MATCH :{name} LIMIT {COUNTED + 1})"
        for index, name, _tier in _kinds(words)[1:]
    )
    query = text(f"SELECT count(*) FROM (SELECT 1 FROM ({listed}) LIMIT {COUNTED + 1})")
    count = int(session.scalar(query, _matches(words)) or 0)
    return min(count, COUNTED), count > COUNTED


def _with_tags(session: Session, rows: Sequence[RowMapping]) -> list[Row]:
    if not rows:
        return []
    tags: dict[int, list[str]] = {}
    ids = ", ".join(str(row["id"]) for row in rows)
    for user_id, name in session.execute(
        text(
            f"SELECT ut.user_id, t.name FROM user_tags ut JOIN tags t ON t.id = ut.tag_id"
            f" WHERE ut.user_id IN ({ids}) ORDER BY t.name_key"
        )
    ):
        tags.setdefault(user_id, []).append(texts.shown(name))
    return [
        Row(
            row["id"], texts.shown(row["uid"]), texts.shown(row["display_name"] or row["username"]),
            texts.shown(row["username"]), texts.shown(row["email"]) or None,
            texts.shown(row["last_post"]) or None, tuple(tags.get(row["id"], ())),
        )
        for row in rows
    ]  # fmt: skip


def _write(keys: list[Any]) -> str:
    plain = [{"x": key.hex()} if isinstance(key, bytes) else key for key in keys]
    return base64.urlsafe_b64encode(json.dumps(plain, separators=(",", ":")).encode()).decode().rstrip("=")


def _read(cursor: str | None, kinds: Sequence[type]) -> list[Any] | None:
    """Return the keys of a cursor, each of its kind, or None for what was not written by us."""
    try:
        plain = json.loads(base64.urlsafe_b64decode((cursor or "") + "=" * (-len(cursor or "") % 4)))
        keys = [bytes.fromhex(key["x"]) if isinstance(key, dict) else key for key in plain]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return keys if len(keys) == len(kinds) and all(map(_is_key, keys, kinds)) else None


def _is_key(key: object, kind: type) -> bool:
    if isinstance(key, str) and not texts.keepable(key):
        return False
    return type(key) is kind and (not isinstance(key, int) or 0 <= key < 2**63)
