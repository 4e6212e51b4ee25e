"""Where someone stands in a list of people: from what place on it opens at them, and who is beside them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from webui.store import cursors, orders, query, search
from webui.store.finding import Finding, Group
from webui.store.ledger import fetching
from webui.store.orders import BY_NAME, Order
from webui.store.query.plan import Both

CONTEXT = 5  # people that stand before the one a page is opened at
NEAR = 100  # people among whom the next of a long list is looked for first
WHOLE = 500  # a list of so many is read, to tell which of them someone is; no more than `sizes.ROUGHLY`


@dataclass(frozen=True)
class Neighbours:
    """The ids of who is before and behind someone in a list, and that they are the `number`th, from 1, of
    `count`: both 0 where the list is long."""

    before: int | None = None
    behind: int | None = None
    number: int = 0
    count: int = 0


def short(session: Session, q: str = "", sort: str = "") -> tuple[int, ...] | None:
    """Return the ids of the list that `search.find` gives, None where it is long. Raises Unreadable."""
    asked, order = query.read(session, q), orders.read(session, sort)
    found = search.of(session, asked)
    # Of words alone those read are those found.
    most = WHOLE if asked.everyone or (asked.tiers and not order and not asked.rest) else search.FEW
    about = _everyone(session) if asked.everyone else found.about
    if about is None or about > most:
        return None
    listed = tuple(each[-1] for each in search.listed(found, order, None, WHOLE + 1))
    return listed if len(listed) <= WHOLE else None


def neighbours(
    session: Session, user_id: int, q: str, sort: str, listed: tuple[int, ...] | None
) -> Neighbours:
    """Return who stands beside someone in a list, of which `listed` is what `short` says; nobody where they
    are not in it, or it is long and in the order of how well people match. Raises Unreadable."""
    if listed is None:
        asked, order = query.read(session, q), orders.read(session, sort)
        found = search.of(session, asked)
        is_ranked = bool(asked.tiers) and not order
        return Neighbours() if is_ranked or not found.has(user_id) else _of_many(found, order, user_id)
    if user_id not in listed:
        return Neighbours()
    at, around = listed.index(user_id), [None, *listed, None]
    return Neighbours(around[at], around[at + 2], at + 1, len(listed))


def _everyone(session: Session) -> int:
    """Return how many people there are, as far as that matters: counting is sooner than reading them."""
    some = f"SELECT 1 FROM person_text LIMIT {WHOLE + 1}"
    return int(fetching.rows(session, f"SELECT count(*) FROM ({some})").scalar_one())


def _of_many(found: Finding, order: Order | None, user_id: int) -> Neighbours:
    groups = found.sorted(order or BY_NAME)
    keys = [found.session.scalar(text(f"SELECT {each.order.of(':id')}"), {"id": user_id}) for each in groups]
    at = next(number for number, key in enumerate(keys) if key)  # everyone has a name
    place = keys[at], user_id
    back = [replace(each, order=replace(each.order, down=not each.order.down)) for each in groups[at::-1]]
    return Neighbours(_first(found, back, place), _first(found, groups[at:], place))


def _first(found: Finding, groups: Sequence[Group], place: Sequence[Any]) -> int | None:
    """Return who comes first behind a place in the first of some groups, or in those that follow."""
    for group in groups:
        if some := _near(found, group, place) or found.some(group, place, 1):
            return some[0][0]
        place = ()
    return None


def _near(found: Finding, group: Group, place: Sequence[Any]) -> Sequence[tuple[int, Any]]:
    """Look among the first behind a place: in a long list the next mostly is there, and nobody is counted."""
    if group.condition == Both() or (group.order.dear and group.order.down):
        return []
    params = {"limit": 1, **dict(zip(("key", "id"), place, strict=False))}
    return found.look_ahead(group, group.order.ahead(place), params, NEAR)


def place(session: Session, user_id: int, q: str = "", sort: str = "") -> str | None:
    """Return the cursor of a page with this person not far from its beginning.

    None where the list begins with them, where it is in the order of how well people match, and for
    someone who is not there. Raises Unreadable.
    """
    if not sort and query.read(session, q).tiers:
        return None
    order = orders.read(session, sort) or BY_NAME
    found, context = None, CONTEXT + 1
    if key := session.scalar(text(f"SELECT {order.of(':id')}"), {"id": user_id}):
        place: tuple[Any, ...] = (key, user_id)
    else:  # behind everyone who has a value there
        key, place = session.scalar(text(f"SELECT {BY_NAME.of(':id')}"), {"id": user_id}), ()
        blank = Order(f"{BY_NAME.scan} AND {order.of('person_text.user_id')} IS NULL")
        found, context = _before(session, blank, (key, user_id), context)
    if found:
        return cursors.write((1, *found))
    found, context = _before(session, order, place, context) if key else (None, 0)
    return cursors.write((0, *found)) if found else None


def _before(
    session: Session, order: Order, place: Sequence[Any], count: int
) -> tuple[tuple[Any, int] | None, int]:
    """Return the place `count` people before another, or None and how many it lacks."""
    back = replace(order, down=not order.down)
    values = {"count": count, **dict(zip(("key", "id"), place, strict=False))}
    found = session.execute(
        text(f"SELECT {order.key}, {order.id} {back.ahead(place)} LIMIT :count"), values
    ).all()
    return ((found[-1][0], found[-1][1]), 0) if len(found) == count else (None, count - len(found))
