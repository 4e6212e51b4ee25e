"""What a row brings beside fields and lists: a photo, posts, whom the person knows. `bringing` stages it."""

import json
import re
from dataclasses import dataclass, field

from webui.store.values import text

_LONGEST_TITLE = 100
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass
class Post:
    """A post of a row: `date` is YYYY-MM-DD, '' for today."""

    title: str
    body: str
    date: str = ""


@dataclass
class Brought:
    """What one row brings: the bytes of a photo, posts, and (kind, label, uid) of whom the person knows."""

    photo: bytes | None = None
    posts: list[Post] = field(default_factory=list)
    relations: list[tuple[str, str, str]] = field(default_factory=list)


def post(body: str, title: str = "", date: str = "") -> Post:
    """Return a post of a text: without a title it has the first line as one."""
    first, _break, rest = body.strip().partition("\n")
    if not title:
        title, body = (first, rest) if len(first) <= _LONGEST_TITLE else (f"{first[:97]}…", body)
    return Post(text.one_line(text.kept(title))[:_LONGEST_TITLE] or "…", text.kept(body.strip()), date)


def posts_of(cell: str) -> list[Post]:
    """Return the posts in a cell: a text is one of today, a list (JSON) of date, title, body is several."""
    said = cell.strip()
    if said.startswith("[{"):
        try:
            return [
                post(str(each["body"]), str(each.get("title") or ""), _day(each.get("date")))
                for each in json.loads(said)
                if str(each["body"]).strip()
            ]
        except (ValueError, KeyError, TypeError, AttributeError):
            pass
    return [post(said)]


def _day(said: object) -> str:
    return said if isinstance(said, str) and _DAY.fullmatch(said) else ""
