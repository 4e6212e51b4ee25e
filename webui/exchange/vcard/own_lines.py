"""Own fields and posts in the lines that Roster wrote into cards (docs/formats.md)."""

from collections.abc import Iterator, Mapping, Sequence

from webui.exchange import brought
from webui.exchange.people import Person
from webui.exchange.vcard import lines
from webui.store.errors import Message
from webui.store.posts import LONGEST
from webui.store.values import dates, own, text

MARK = b"X-ROSTER-FIELD"
_NAME = MARK.decode()


def fields(cells: Sequence[str]) -> dict[str, str]:
    """Return the fields of a card, each with its kind."""
    found = {}
    for line in _of(cells):
        kind = lines.parameter(line, "X-KIND").replace("-", "_")
        name = lines.parameter(line, "X-NAME").strip()
        if text.one_line(text.kept(name)):
            found[name] = kind if kind in own.KINDS else "text"
    return found


def row(cells: Sequence[str], wanted: Mapping[str, str], at: int) -> list[str]:
    """Return what a card says of each of the fields `wanted`, by name, behind `at` empty cells."""
    said: dict[str, list[str]] = {name: [] for name in wanted}
    for line in _of(cells):
        name = lines.parameter(line, "X-NAME").strip()
        value, typed = lines.unescape(line.value, "4.0"), lines.parameter(line, "X-TYPED")
        if wanted.get(name) == "date" and typed and dates.parse(typed) == value:
            value = typed
        if name in said:
            said[name].append(value)
    return [""] * at + [own.as_text(wanted[name], map(own.Kept, values)) for name, values in said.items()]


def take_post(found: Person, line: lines.Line) -> bool:
    """Add a post to a person, and tell whether it was: one too long, or beyond how many a card may bring,
    stays in the card, with a warning. So do its further people, and when to come back to it."""
    title, body = (*lines.apart(line.value, ";", "4.0"), "")[:2]
    title = text.one_line(text.kept(title))
    if len(title) > LONGEST["title"]:
        title, body = "", f"{title}\n\n{body}"  # its beginning becomes the title again
    most, limit = brought.MOST_POSTS, LONGEST["body"]
    if len(found.brought.posts) >= most or len(body) > limit:
        told = Message("row.posts_left", {"most": most, "limit": limit})
        found.warnings += [] if told in found.warnings else [told]
        return False
    if title or body.strip():
        found.brought.posts.append(brought.post(body, title, lines.parameter(line, "X-DATE")))
    return True


def derived(shown: lines.Line, card: Sequence[lines.Line]) -> bool:
    """Tell whether a FN is made of what the card says beside it: the parts of a name, or our username."""
    if lines.parameter(shown, "DERIVED").upper() != "TRUE":  # RFC 9554, 5.2
        return False
    return any(
        (line.name == "N" and line.value.strip(" ;,"))
        or (line.name == "X-ROSTER-USERNAME" and line.value == shown.value)
        for line in card
    )


def _of(cells: Sequence[str]) -> Iterator[lines.Line]:
    for each in cells:
        if _NAME in each[:60].upper() and (line := lines.parsed(each)) and line.name == _NAME:
            yield line
