"""What a search shows beside those it finds: its filters as chips, what can't be read, what was meant."""

import functools
from collections.abc import Sequence
from typing import Any

from flask import request, url_for
from markupsafe import Markup, escape
from sqlalchemy.orm import Session

from webui import chips, words
from webui.plurals import number
from webui.store import errors, search


def beside(session: Session, q: str, page: search.Page) -> dict[str, Any]:
    """Return what the list's templates show of a search that was read: `filters` and `hints`."""
    hints = search.hints(session, q) if page.asked and not page.count else []
    return {"filters": chips.of(q), "hints": [_hint(q, hint, page.sort) for hint in hints], "fault": None}


def fault(error: errors.Unreadable, sort: str) -> dict[str, Any]:
    """Return the same of a search that can't be read: `fault`, its place marked, and a page of nobody."""
    q, start, end = error.query, error.start, error.end
    marked = Markup("{}<mark>{}</mark>{}").format(q[:start], q[start:end], q[end:])
    instead = error.instead
    return {
        "filters": [],
        "hints": [],
        "fault": {"sentence": words.sentence(error.message), "marked": marked, "instead": instead},
        "page": search.Page([], None, 0, False, [], sort, asked=True),
        "instead_address": url_for("users.index", q=instead, sort=sort or None) if instead else "",
    }


def counted(count: int, capped: bool) -> str:
    """Return a count as it is shown: 10,000+ where there are more."""
    return f"{number(count)}{'+' if capped else ''}"


def tag_address(name: str) -> str:
    """Return the address of the list of those who have a tag."""
    return _tag_address(request.script_root, name)


@functools.lru_cache(4096)  # a list of a hundred people asks for the same few again and again
def _tag_address(_root: str, name: str) -> str:
    quoted = name.replace('"', '""')
    return url_for("users.index", q=f'tag:"{quoted}"')


def _hint(q: str, hint: search.Hint, sort: str) -> dict[str, Any]:
    known: Sequence[chips.Chip] = chips.of(q)
    left_out = next((each.label for each in known if (each.start, each.end) == (hint.start, hint.end)), "")
    return {
        "spelling": hint.spelling,
        "label": escape(hint.query) if hint.spelling else left_out,
        "count": counted(hint.count, hint.capped),
        "one": hint.count == 1,
        "address": url_for("users.index", q=hint.query, sort=sort or None),
    }
