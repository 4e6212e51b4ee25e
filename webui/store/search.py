"""Finding people: as one types, by full text, in pages that never count past what is needed.

Who matches is for `matches` to say. Not for filters by field.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from webui.store import cursors, matches
from webui.store.values import names, phones
from webui.store.values import text as texts

SORTS = {"name": "name_key", "email": "email_sort", "last_post": "last_post"}
LISTED = {  # what a list by number can be sorted by
    "id": "u.id",
    "username": "u.username_key",
    **{name: f"p.{key}" for name, key in SORTS.items()},
    "created_at": "u.created_at",
    "updated_at": "u.updated_at",
}
_KEYS = {"name_key": bytes}  # of what kind a key is in a cursor, if it is no text
FEW = 5_000  # so many matches are sorted sooner than looked for in the order asked for
AHEAD = 2_000  # among so many people, in that order, the matches of a page are looked for
CONTEXT = 5  # people that stand before the one a page is opened at
COUNTED = 10_000  # counting stops here; a page then says "10,000+"


@dataclass(frozen=True)
class Order:
    """A column of `person_text`, and whether downwards; the id decides between equals."""

    column: str
    down: bool = False

    @property
    def by(self) -> str:
        """The ORDER BY of the table."""
        return self._by(self.column)

    @property
    def by_key(self) -> str:
        """The ORDER BY where the column is called `key`."""
        return self._by("key")

    def behind(self, place: Sequence[Any]) -> str:
        """The condition of whoever comes behind a place (:key, :id); '' at the beginning."""
        return f"WHERE ({self.column}, user_id) {'<' if self.down else '>'} (:key, :id)" if place else ""

    def _by(self, name: str) -> str:
        way = " DESC" if self.down else ""
        return f"ORDER BY {name}{way}, user_id{way}"


@dataclass(frozen=True)
class Row:
    """A person in a list. `last_post` is a day or None. Of the face: `hue`, 1 to 8, and `photo`, a hash."""

    id: int
    uid: str
    display_name: str
    username: str
    email: str | None
    last_post: str | None
    tags: tuple[str, ...] = ()
    prefix: str = ""
    photo: str = ""

    @property
    def initials(self) -> str:
        """One or two letters for the face."""
        return names.initials(self.display_name, self.prefix)

    @property
    def hue(self) -> int:
        """Which colour the face has."""
        return names.hue(self.id)


@dataclass(frozen=True)
class Page:
    """Some of the people found, the cursor of those after them, how many there are, or more (`capped`)."""

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
    words = texts.words(q)
    asked, sort = (
        matches.expressions(words, phones.sought(q)),
        sort if sort.removeprefix("-") in SORTS else "",
    )
    order = Order(SORTS[sort.removeprefix("-") or "name"], sort.startswith("-"))
    tiered = bool(words) and not sort
    groups = matches.tiers(asked) if tiered else [matches.every(asked)]
    tier, *place = cursors.read(after, [int, _KEYS.get(order.column, str), int]) or [0]
    if tier >= len(groups):  # what is sought has changed since
        tier, place = 0, []
    found: list[tuple[int, Any, int]] = []
    for number in range(tier, len(groups)):
        more = _some(session, groups[number], asked, order, place, limit + 1 - len(found))
        found += [(number, key, user_id) for user_id, key in more]
        place = []  # the next group begins at its beginning
        if len(found) > limit:
            break
    rows = _people(session, [user_id for _tier, _key, user_id in found[:limit]])
    count, capped = _count(session, asked)
    return Page(
        rows, cursors.write(found[limit - 1]) if len(found) > limit else None, count, capped, words, sort
    )


def place(session: Session, user_id: int, q: str = "", sort: str = "") -> str | None:
    """Return the cursor of a page with this person not far from its beginning.

    None where the list begins with them, where it is in the order of how well people match, and for
    someone who is not there.
    """
    if texts.words(q) and not sort:
        return None
    order = Order(SORTS[sort.removeprefix("-") or "name"], sort.startswith("-"))
    back = Order(order.column, not order.down)
    found = session.execute(
        text(
            f"SELECT 0, {order.column}, user_id FROM person_text"
            f" WHERE ({order.column}, user_id) {'<' if back.down else '>'}"
            f" (SELECT {order.column}, user_id FROM person_text WHERE user_id = :id)"
            f" {back.by} LIMIT 1 OFFSET {CONTEXT}"
        ),
        {"id": user_id},
    ).first()
    return cursors.write(found) if found else None


def _some(
    session: Session,
    group: matches.Group,
    asked: dict[str, str],
    order: Order,
    place: Sequence[Any],
    limit: int,
) -> Sequence[tuple[int, Any]]:
    """Return (id, key) of up to `limit` people of a group in `order`, from behind `place` (key, id) on.

    Few are read and sorted. Of many, the next page most likely is among the people who come next in that
    order, and to see whether these match costs less than to sort everyone who does.
    """
    params = {**asked, "limit": limit, "ahead": AHEAD, **dict(zip(("key", "id"), place, strict=False))}
    ahead = f"SELECT user_id, {order.column} AS key FROM person_text {order.behind(place)} {order.by}"
    if not group.within:
        return _pairs(session, f"{ahead} LIMIT :limit", params)
    if (session.scalar(text(group.count(FEW + 1)), asked) or 0) > FEW:
        found = _pairs(
            session,
            f"WITH ahead AS MATERIALIZED ({ahead} LIMIT :ahead) SELECT user_id, key FROM ahead"
            f" WHERE user_id IN ({group.ids('IN (SELECT user_id FROM ahead)')}) {order.by_key} LIMIT :limit",
            params,
        )
        if len(found) == limit:
            return found
    return _pairs(
        session,
        f"SELECT user_id, {order.column} FROM ({group.ids()}) CROSS JOIN person_text ON user_id = rowid"
        f" {order.behind(place)} {order.by} LIMIT :limit",
        params,
    )


def _pairs(session: Session, query: str, params: dict[str, Any]) -> list[tuple[int, Any]]:
    return [(user_id, key) for user_id, key in session.execute(text(query), params)]


def listing(
    session: Session, q: str = "", sort: str = "", offset: int = 0, limit: int = 20
) -> tuple[list[int], int]:
    """Return the ids of a page by number, and the exact count of all that match: for the API alone.

    `sort` may also be id (the default), username, created_at or updated_at.
    """
    asked, down = matches.expressions(texts.words(q), phones.sought(q)), sort.startswith("-")
    column = LISTED.get(sort.removeprefix("-"), "u.id")
    ids = matches.every(asked).ids() if asked else ""
    source = f"({ids}) CROSS JOIN person_text p ON p.user_id = rowid" if ids else "person_text p"
    order = f"{column}{' DESC' if down else ''}, u.id"
    rows = session.execute(
        text(
            f"SELECT u.id FROM {source} CROSS JOIN users u ON u.id = p.user_id"
            f" ORDER BY {order} LIMIT :limit OFFSET :offset"
        ),
        {"limit": limit, "offset": offset, **asked},
    )
    total = session.scalar(text(f"SELECT count(*) FROM {source}"), asked)
    return [row[0] for row in rows], int(total or 0)


def everyone(session: Session, q: str = "") -> list[int]:
    """Return the ids of all people that match `q`, by name: for exports and commands."""
    return listing(session, q, "name", 0, -1)[0]


def _count(session: Session, asked: dict[str, str]) -> tuple[int, bool]:
    """Return how many match, and whether there are more than were counted."""
    if not asked:
        return int(session.scalar(text("SELECT count(*) FROM person_text")) or 0), False
    everyone = matches.every(asked)
    count = 0
    for group in (matches.Group(everyone.within[:1]), everyone):  # the words alone are often enough
        if count <= COUNTED:
            count = int(session.scalar(text(group.count(COUNTED + 1)), asked) or 0)
    return min(count, COUNTED), count > COUNTED


def _people(session: Session, ids: Sequence[int]) -> list[Row]:
    """Return the people with these ids, in their order."""
    listed = ", ".join(str(user_id) for user_id in ids)
    tags: dict[int, list[str]] = {}
    for user_id, name in session.execute(
        text(
            f"SELECT ut.user_id, t.name FROM user_tags ut JOIN tags t ON t.id = ut.tag_id"
            f" WHERE ut.user_id IN ({listed}) ORDER BY t.name_key"
        )
    ):
        tags.setdefault(user_id, []).append(texts.shown(name))
    found = session.execute(
        text(
            "SELECT u.id, uid, display_name, username, email, last_post, prefix, photo_hash"
            f" FROM users u JOIN person_text ON user_id = u.id WHERE u.id IN ({listed})"
        )
    )
    people = {}
    for user_id, *stored in found:
        uid, name, username, email, last, *more = map(texts.shown, stored)
        known = (name or username, username, email or None, last or None, tuple(tags.get(user_id, ())))
        people[user_id] = Row(user_id, uid, *known, *more)
    # Whoever another program took away stands in the derived text until that is noticed.
    return [people[user_id] for user_id in ids if user_id in people]
