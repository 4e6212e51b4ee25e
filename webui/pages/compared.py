"""What differs between the moment looked at and now, person by person: a page of `moments`.

The comparison is kept as long as nothing else is done: only the people of one page are read each time.
"""

import bisect
from collections.abc import Sequence
from dataclasses import dataclass

from flask import current_app, render_template, request
from sqlalchemy.orm import Session

from webui import addresses, database, moments
from webui.labels import VALUES
from webui.store import changes, compared, errors, former
from webui.store.changes import Line
from webui.store.compared import Compared, Count
from webui.store.ledger.history import connection_of
from webui.store.values.text import shown

PAGE = 30
VIEWS = ("changed", "new", "gone")


@dataclass(frozen=True)
class Person:
    """Someone who differs: by the name of then, of now where they are new; `trashed` where they are gone and
    can be put back; `overwrites` are the words of what bringing them back would write over."""

    id: int
    name: str
    username: str
    trashed: bool
    lines: Sequence[Line]
    posts: Count
    overwrites: Sequence[str]


def page(looked: moments.Looking) -> str:
    """Return the page. Raises Refused where history does not reach back to the moment any more."""
    live, then = database.live(), moments.past()
    found = _compared(live, looked)
    lists: dict[str, Sequence[int]] = {view: getattr(found, view) for view in VIEWS}
    first = next((view for view in VIEWS if lists[view]), "changed")
    view = request.args.get("show", "")
    view = view if view in VIEWS else first
    ids, after = lists[view], addresses.number(request.args, "after") or 0
    start = bisect.bisect_right(ids, after)
    some = ids[start : start + PAGE]
    return render_template(
        "moments/compare.html",
        view=view,
        counts={name: len(each) for name, each in lists.items()},
        people=_people(live, then, looked, view, some, found),
        next=some[-1] if start + PAGE < len(ids) else None,
        later=start > 0,
        others=found.others,
    )


def overwritten(live: Session, then: Session, lines: Sequence[Line]) -> list[str]:
    """Return in words what bringing a person back would write over, of their lines of `changes.since`."""
    kept = former.overwrites(live, then, lines)
    words = (line.label if line.field == "field_values" else str(VALUES[line.field]) for line in kept)
    return list(dict.fromkeys(words))


def _compared(live: Session, looked: moments.Looking) -> Compared:
    """Return the comparison, the one of before where nothing was done since."""
    known: dict[str, tuple[int, Compared]] = current_app.extensions.setdefault("roster.compared", {})
    newest, is_open = (
        connection_of(live)
        .execute("SELECT (SELECT max(id) FROM operations), (SELECT current FROM ledger) IS NOT NULL")
        .fetchone()
    )
    if looked.key in known and known[looked.key][0] == newest and not is_open:
        return known[looked.key][1]
    found = compared.since(live, looked.operation)
    if found is None:
        raise errors.Refused(errors.Message("moment.ended"))
    while len(known) >= moments.MOST:
        known.pop(next(iter(known)))
    if not is_open:  # another program may go on writing in it
        known[looked.key] = newest, found
    return found


def _people(
    live: Session, then: Session, looked: moments.Looking, view: str, ids: Sequence[int], found: Compared
) -> list[Person]:
    names = _names(live if view == "new" else then, ids)
    here = _names(live, ids)
    people = []
    for user_id in ids:
        name, username = names.get(user_id, ("", ""))
        lines = changes.since(live, user_id, looked.operation) if view == "changed" else []
        posts = found.posts.get(user_id, Count()) if view == "changed" else Count()
        over = overwritten(live, then, lines)
        people.append(Person(user_id, name, username, user_id in here, lines, posts, over))
    return people


def _names(session: Session, ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    listed = ", ".join(str(int(each)) for each in ids)
    rows = connection_of(session).execute(
        f"SELECT id, coalesce(nullif(display_name, ''), username), username FROM users WHERE id IN ({listed})"
    )
    return {user_id: (shown(name), shown(username)) for user_id, name, username in rows}
