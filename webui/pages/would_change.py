"""Whom restoring a backup would change, a page of them with their values: a part of the preview."""

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from flask import request
from sqlalchemy.orm import Session

from webui.safety import looked
from webui.safety.looked import Looked, Someone
from webui.store import between, cursors
from webui.store.between import Difference, Side
from webui.store.ledger import sqlite
from webui.store.ledger.history import connection_of

PAGE = 30


@dataclass(frozen=True)
class Person:
    """Someone who would change, come or disappear, and what of them; `trash` where that is into it or out."""

    who: Someone
    different: Difference
    trash: bool


def page(found: Looked, live: Session) -> Mapping[str, Any]:
    """Return what the preview shows of one view: `view`, `counts` by view, `people`, and where they go on."""
    counts = found.counts()
    first = next((view for view in looked.VIEWS if counts[view][0]), "changed")
    view = request.args.get("show", "")
    view = view if view in looked.VIEWS else first
    after = cursors.read(request.args.get("after"), (bytes, str))
    some = found.people(view, (after[0], after[1]) if after else None, PAGE + 1)
    return {
        "view": view,
        "counts": counts,
        "people": _people(found, live, view, some[:PAGE]),
        "next": cursors.write(some[PAGE - 1].place) if len(some) > PAGE else None,
        "after": request.args.get("after") if after else None,
    }


def _people(found: Looked, live: Session, view: str, some: Sequence[Someone]) -> list[Person]:
    here = connection_of(live)
    with closing(sqlite.foreign(found.copy)) as there:
        return [
            Person(
                who,
                between.difference(
                    Side(here, None if view == "back" else who.here),
                    Side(there, None if view == "gone" else who.there),
                ),
                bool(who.here and who.there) and view != "changed",
            )
            for who in some
        ]
