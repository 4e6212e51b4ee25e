"""Finding people: as one types, by full text, in pages that never count past what is needed.

Who matches is for `query` to say, how they are come by for `finding`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from webui.store import cursors, errors, finding, orders, query
from webui.store.ledger import fetching
from webui.store.orders import BY_NAME, Order
from webui.store.query import likely
from webui.store.query.asked import Asked
from webui.store.values import names
from webui.store.values import text as texts

LISTED = {  # what a list by number can be sorted by
    "id": "u.id", "username": "u.username_key", "name": "p.name_key", "email": "p.email_sort",
    "last_post": "p.last_post", "created_at": "u.created_at", "updated_at": "u.updated_at",
}  # fmt: skip
FEW = 5_000  # so many matches are sorted sooner than looked for in the order asked for
AHEAD = 2_000  # among so many people, in that order, the matches of a page are looked for
PAGE = 30  # people: more than a tall window shows; what follows comes as one scrolls
COUNTED = 10_000  # counting stops here; a page then says "10,000+"


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
    suffix: str = ""

    @property
    def initials(self) -> str:
        """One or two letters for the face."""
        return names.initials(self.display_name, self.prefix, self.suffix)

    @property
    def hue(self) -> int:
        """Which colour the face has."""
        return names.hue(self.id)


@dataclass(frozen=True)
class Page:
    """Some of the people found, the cursor of those after them, and how many there are in all.

    `capped` says that there are more than `count`; `words` is what is marked; `asked` whether anything was
    asked, `ranked` whether words were, which can be met better or worse.
    """

    rows: Sequence[Row]
    next: str | None
    count: int
    capped: bool
    words: list[str]
    sort: str
    asked: bool = False
    ranked: bool = False


def find(session: Session, q: str = "", sort: str = "", after: str | None = None, limit: int = PAGE) -> Page:
    """Return a page of the people that match `q` (everyone when empty), from the cursor `after` on.

    `sort` is name or a column of the list, with `-` before it for the other way; whoever has nothing there
    comes last. Empty means by how well they match, or by name without words. An unknown sort or cursor is
    taken as none. Raises Unreadable.
    """
    asked, order = query.read(session, q), orders.read(session, sort)
    sort, found = sort if order else "", of(session, asked)
    keys = listed(found, order, after, limit + 1)
    shown = rows(session, [user_id for _group, _key, user_id in keys[:limit]])
    following = cursors.write(keys[limit - 1]) if len(keys) > limit else None
    count, capped = found.count()
    return Page(shown, following, count, capped, asked.marked, sort, not asked.everyone, bool(asked.tiers))


def of(session: Session, asked: Asked) -> finding.Finding:
    """Return what answers a query that was read."""
    return finding.Finding(session, asked, FEW, AHEAD, COUNTED)


def listed(
    found: finding.Finding, order: Order | None, after: str | None, limit: int
) -> Sequence[tuple[int, Any, int]]:
    """Return (group, key, id) of up to `limit` people of a list, from the cursor `after` on; the order is
    None for how well they match, or by name without words."""
    is_ranked = bool(found.asked.tiers) and not order
    groups = found.tiers() if is_ranked else found.sorted(order or BY_NAME)
    group, place = _place(after, [each.order for each in groups])
    if is_ranked and (whole := found.ranked()) is not None:
        return [each for each in whole if BY_NAME.is_behind(each, (group, *place))][:limit]
    keys: list[tuple[int, Any, int]] = []
    for number in range(group, len(groups)):
        more = found.some(groups[number], place, limit - len(keys))
        keys += [(number, key, user_id) for user_id, key in more]
        place = []  # the next group begins at its beginning
        if len(keys) == limit:
            break
    return keys


def _place(after: str | None, orders: Sequence[Order]) -> tuple[int, list[Any]]:
    """Return the group and the place in it that a list goes on from: its beginning where a cursor isn't one.

    What is sought or shown may have changed since it was written.
    """
    for kind in (bytes, str):
        if found := cursors.read(after, [int, kind, int]):
            group, *place = found
            if group < len(orders) and orders[group].kind is kind:
                return group, place
    return 0, []


def listing(
    session: Session, q: str = "", sort: str = "", offset: int = 0, limit: int = 20
) -> tuple[list[int], int]:
    """Return the ids of a page by number, and the exact count of all that match: for the API alone.

    `sort` may also be id (the default), username, created_at or updated_at. Raises Unreadable.
    """
    asked, down = query.read(session, q), sort.startswith("-")
    column = LISTED.get(sort.removeprefix("-"), "u.id")
    ids = of(session, asked).ids()
    source = f"({ids}) f CROSS JOIN person_text p ON p.user_id = f.user_id" if ids else "person_text p"
    order = f"{column}{' DESC' if down else ''}, u.id"
    rows = session.execute(
        text(
            f"SELECT u.id FROM {source} CROSS JOIN users u ON u.id = p.user_id"
            f" ORDER BY {order} LIMIT :limit OFFSET :offset"
        ),
        {"limit": limit, "offset": offset, **asked.values},
    )
    total = session.scalar(text(f"SELECT count(*) FROM {source}"), asked.values)
    return [row[0] for row in rows], int(total or 0)


def everyone(session: Session, q: str = "") -> list[int]:
    """Return the ids of all people that match `q`, by name: for exports and commands. Raises Unreadable."""
    return listing(session, q, "name", 0, -1)[0]


def matching(session: Session, q: str) -> tuple[str, dict[str, Any]]:
    """Return a SELECT of the ids of all living people that match `q`, and its values. Raises Unreadable."""
    asked = query.read(session, q)
    ids = of(session, asked).ids()
    living = "SELECT user_id FROM person_text"
    return (f"{living} WHERE user_id IN ({ids})" if ids else living), asked.values


def count(session: Session, q: str) -> tuple[int, bool]:
    """Return how many match, and whether there are more than were counted. Raises Unreadable."""
    return of(session, query.read(session, q)).count()


@dataclass(frozen=True)
class Hint:
    """A search that finds someone where the one that was made finds nobody.

    With another `spelling`, or without the filter that stood from `start` to `end`.
    """

    query: str
    count: int
    capped: bool
    spelling: bool
    start: int = 0
    end: int = 0


def hints(session: Session, q: str) -> list[Hint]:
    """Return what could have been meant by a search that finds nobody: a spelling, then fewer filters."""
    found = []
    for spelled in likely.spellings(session, q):
        try:
            number, capped = count(session, spelled)
        except errors.Unreadable:  # a word of some name, where the filter takes a month, say
            continue
        if number:
            found.append(Hint(spelled, number, capped, True))
            break
    for each in likely.fewer(q):
        number, capped = count(session, each.query)
        if number:
            found.append(Hint(each.query, number, capped, False, each.start, each.end))
    return found[:4]


def check(session: Session, q: str) -> None:
    """See that a query can be read. Raises Unreadable."""
    query.read(session, q)


def rows(session: Session, ids: Sequence[int]) -> list[Row]:
    """Return the people with these ids as rows of a list, in their order."""
    listed = ", ".join(str(user_id) for user_id in ids)
    tags: dict[int, list[str]] = {}
    for user_id, name in fetching.rows(
        session,
        f"SELECT ut.user_id, t.name FROM user_tags ut JOIN tags t ON t.id = ut.tag_id"
        f" WHERE ut.user_id IN ({listed}) ORDER BY t.name_key",
    ):
        tags.setdefault(user_id, []).append(texts.shown(name))
    found = fetching.rows(
        session,
        "SELECT u.id, uid, display_name, username, email, last_post, prefix, photo_hash, suffix"
        f" FROM users u JOIN person_text ON user_id = u.id WHERE u.id IN ({listed})",
    )
    people = {}
    for user_id, *stored in found:
        uid, name, username, email, last, *more = map(texts.shown, stored)
        known = (name or username, username, email or None, last or None, tuple(tags.get(user_id, ())))
        people[user_id] = Row(user_id, uid, *known, *more)
    # Whoever another program took away stands in the derived text until that is noticed.
    return [people[user_id] for user_id in ids if user_id in people]
