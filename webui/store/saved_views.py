"""Saved views: queries kept under a name and in an order; how many people each shows."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from webui.store import errors, orders, positions, search
from webui.store.ledger import fetching, forget
from webui.store.ledger.operations import named
from webui.store.models import SavedView
from webui.store.values import text as texts
from webui.store.values import times

T = TypeVar("T")

LONGEST_NAME = 80
_KEPT = 512  # answers that are remembered: of a few views and lists, at a few moments


@dataclass(frozen=True)
class Counted:
    """How many people a view shows, `capped` where there are more; None where its query can't be read."""

    count: int | None
    capped: bool = False


@dataclass(frozen=True)
class View:
    """What a sidebar shows of a view: all of it that is kept, but for its place among the others."""

    id: int
    name: str | None
    preset: str | None
    query: str
    sort: str


def every(session: Session) -> Sequence[SavedView]:
    """Return all views in their order."""
    return session.scalars(select(SavedView).order_by(SavedView.position, SavedView.id)).all()


def listed(session: Session) -> list[View]:
    """Return the same as they can be kept beyond a session."""
    return [View(each.id, each.name, each.preset, each.query, each.sort) for each in every(session)]


def of(session: Session, query: str, sort: str) -> tuple[str | None, str | None] | None:
    """Return name and preset of the view of a query in an order, None where there is none."""
    found = fetching.rows(
        session,
        "SELECT name, preset FROM saved_views WHERE query = :query AND sort = :sort AND deleted_at IS NULL"
        " ORDER BY position",
        {"query": query, "sort": sort},
    ).first()
    return (texts.stored(found[0]), texts.stored(found[1])) if found else None


def add(session: Session, name: str, query: str, sort: str = "") -> SavedView:
    """Keep a query under a name, behind the other views. Raises Invalid, Taken, Unreadable."""
    name, query = checked_name(session, name), texts.one_line(query)
    if not query:
        raise errors.Invalid({"query": errors.Message("view.no_query")})
    search.check(session, query)
    sort = sort if orders.is_one(sort) else ""
    view = SavedView(name=name, query=query, sort=sort, position=behind(session))
    session.add(view)
    session.flush()
    named(session, "saved_views.add", name=name)
    return view


def change(session: Session, view_id: int, name: str) -> SavedView:
    """Give a view another name. Raises NotFound, Invalid, Taken."""
    view, name = find(session, view_id), checked_name(session, name, view_id)
    if name != view.name:
        named(session, "saved_views.change", **called(view))
        view.name = name
    session.flush()
    return view


def move(session: Session, view_id: int, up: bool) -> SavedView:
    """Move a view before the one before it, or behind the next; at the end it stays. Raises NotFound."""
    view, views = find(session, view_id), list(every(session))
    at = views.index(view)
    to = at - 1 if up else at + 1
    if 0 <= to < len(views):
        views.insert(to, views.pop(at))
        for position, each in enumerate(views, 1):
            if each.position != position:
                each.position = position
        named(session, "saved_views.move", **called(view))
    session.flush()
    return view


def trash(session: Session, view_id: int) -> SavedView:
    """Move a view to the trash; its name is free. Raises NotFound."""
    view = find(session, view_id)
    view.deleted_at = times.now()
    session.flush()
    named(session, "saved_views.trash", **called(view))
    return view


def find(session: Session, view_id: int) -> SavedView:
    """Return the view with this id. Raises NotFound."""
    view = session.scalar(select(SavedView).where(SavedView.id == view_id))
    if view is None:
        raise errors.NotFound("views", view_id)
    return view


def behind(session: Session) -> int:
    """Return the position behind the last view."""
    return positions.behind(session, SavedView.position)


class Counts:
    """Remembers how many each view shows, and what pages ask, until something is done or a day begins."""

    def __init__(self) -> None:
        self._counts: dict[tuple[object, ...], Counted] = {}
        self._once: tuple[tuple[object, ...], dict[object, Any]] = ((), {})

    def now(self, session: Session) -> "Now":
        """Return what is remembered of a database as it is now."""
        moment, known = _moment(session), self._once  # as it is now: other threads put another there
        if known[0] != moment:
            known = self._once = (moment, {})
        return Now(session, moment, known[1], self._counts)


@dataclass(frozen=True)
class Now:
    """A database as it is at one moment, with what is `known` of it and the `counts` of views."""

    session: Session
    moment: tuple[object, ...]
    known: dict[object, Any]
    counts: dict[tuple[object, ...], Counted]

    def once(self, asked: Callable[..., T], *about: Hashable) -> T:
        """Return what a function of the session says, which was not asked before. No record: those are of
        their session."""
        key = (asked, *about)
        if key in self.known:
            found: T = self.known[key]
            return found
        if len(self.known) >= _KEPT:
            self.known.clear()
        self.known[key] = answer = asked(self.session, *about)
        return answer

    def of(self, views: Iterable[View]) -> dict[int, Counted]:
        """Return the counts of views by id; those not known yet are counted."""
        found = {}
        for view in views:
            key = (*self.moment, view.query)
            if key not in self.counts:
                if len(self.counts) >= _KEPT:
                    self.counts.clear()
                self.counts[key] = _count(self.session, view.query)
            found[view.id] = self.counts[key]
        return found

    def counted(self, views: Iterable[View]) -> dict[int, Counted]:
        """Return the counts that need no counting."""
        keys = {view.id: (*self.moment, view.query) for view in views}
        return {view_id: self.counts[key] for view_id, key in keys.items() if key in self.counts}


def _moment(session: Session) -> tuple[object, ...]:
    last = fetching.rows(
        session,
        "SELECT (SELECT current FROM ledger), (SELECT max(id) FROM operations),"
        " (SELECT min(id) FROM operations),"  # history may be let go
        " (SELECT at FROM operations ORDER BY id DESC LIMIT 1),"
        " (SELECT value FROM state WHERE name = :name)",  # forgetting someone is no operation
        {"name": forget.FORGOTTEN},
    ).one()
    never = object() if last[0] is not None else None  # more can come to what another program does
    return str(session.get_bind().engine.url), never, *last, times.today()


def _count(session: Session, query: str) -> Counted:
    try:
        return Counted(*search.count(session, query))
    except errors.Unreadable:  # its field is in the trash
        return Counted(None)


def checked_name(session: Session, name: str, but: int | None = None) -> str:
    """Return a name as a view has it. Raises Invalid, Taken where another view than `but` has it."""
    name = texts.one_line(name)
    if not name:
        raise errors.Invalid({"name": errors.Message("view.no_name")})
    if len(name) > LONGEST_NAME:
        limits = {"limit": LONGEST_NAME, "length": len(name)}
        raise errors.Invalid({"name": errors.Message("too_long", limits)})
    if not texts.keepable(name):
        raise errors.Invalid({"name": errors.Message("text.unkeepable")})
    key = texts.key(name)
    if session.scalar(select(SavedView).where(SavedView.name_key == key, SavedView.id != (but or 0))):
        raise errors.Taken({"name": errors.Message("view.taken", {"value": name})})
    return name


def called(view: SavedView) -> dict[str, str]:
    """Return what history calls a view: its name, or its preset, whose name is in the reader's language."""
    return {"name": view.name} if view.name else {"preset": view.preset or ""}
