"""What a row brings beside fields and lists: a photo, posts, whom the person knows. `bringing` stages it."""

import json
from dataclasses import dataclass, field

from webui.store.posts import LONGEST
from webui.store.values import text, times

MOST_POSTS = 1_000  # of a card, or a row
_LONGEST_TITLE = LONGEST["title"]


@dataclass
class Post:
    """A post of a row: `date` is YYYY-MM-DD, '' for today."""

    title: str
    body: str
    date: str = ""


@dataclass
class Brought:
    """What one row brings: the bytes of a photo, posts, (kind, label, word, uid, back) of whom
    the person knows. `word` is what of an own kind the person is to the other, "" for the same; `back` tells
    that the other one says it first, wherever they are in the file as well.
    """

    photo: bytes | None = None
    posts: list[Post] = field(default_factory=list)
    relations: list[tuple[str, str, str, str, bool]] = field(default_factory=list)


def post(body: str, title: str = "", date: str = "") -> Post:
    """Return a post of a text: without a title it has the first line as one."""
    first, _break, rest = body.strip().partition("\n")
    if not title:
        title, body = (first, rest) if len(first) <= _LONGEST_TITLE else (f"{first[:97]}…", body)
    title = text.one_line(text.kept(title))[:_LONGEST_TITLE] or "…"
    return Post(title, text.lines(text.kept(body.strip())), date if times.is_day(date) else "")


def posts_of(cell: str) -> list[Post]:
    """Return the posts in a cell: a text is one of today, a list (JSON) of date, title, body is several."""
    said = cell.strip()
    if said.startswith("[{"):
        try:
            return [
                post(str(each["body"]), str(each.get("title") or ""), str(each.get("date") or ""))
                for each in json.loads(said)
                if str(each["body"]).strip()
            ]
        except (ValueError, KeyError, TypeError, AttributeError):
            pass
    return [post(said)]
