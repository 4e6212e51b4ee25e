"""Own fields and posts in the lines that Roster wrote into cards (docs/formats.md)."""

from collections.abc import Iterator, Mapping, Sequence

from webui.exchange.brought import Post
from webui.exchange.vcard import lines
from webui.store.values import dates, own

MARK = b"X-ROSTER-FIELD"
_NAME = MARK.decode()


def fields(cells: Sequence[str]) -> dict[str, str]:
    """Return the fields of a card, each with its kind."""
    found = {}
    for line in _of(cells):
        kind = lines.parameter(line, "X-KIND").replace("-", "_")
        if name := lines.parameter(line, "X-NAME").strip():
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


def post(line: lines.Line) -> Post:
    """Return a post; its further people and when to come back to it stay in the card."""
    title, body = (*lines.apart(line.value, ";", "4.0"), "")[:2]
    return Post(title, body, lines.parameter(line, "X-DATE"))


def _of(cells: Sequence[str]) -> Iterator[lines.Line]:
    for each in cells:
        if _NAME in each[:60].upper() and (line := lines.parsed(each)) and line.name == _NAME:
            yield line
