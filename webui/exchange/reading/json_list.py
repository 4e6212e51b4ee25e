"""JSON: a list of objects, one for each person, as a table with a column for each name in them.

What stands in an object within one has the names of both, a list of texts is one cell, and each object of a
list has columns of its own, numbered. Not for what Roster wrote, nor Monica: see `ours` and `monica`.
"""

import codecs
import json
import re
from collections.abc import Iterator, Mapping
from itertools import repeat
from pathlib import Path
from typing import Any

from webui.exchange import encodings, headers, limits, tables
from webui.exchange.tables import Options, opened
from webui.store.errors import Message, Refused

_PIECE = 1 << 20
_BETWEEN = re.compile(r"[\s,]*")
_DEEPEST, _LONGEST_NAME = 8, 200  # of what gets a column of its own; deeper, it is one cell
_MOST = 20  # objects of one list that get columns of their own
SEVERAL = " ::: "
# Of which lists it is known what they are, and what is in the objects of one.
_KNOWN = {
    "email": "E-mail", "emails": "E-mail", "e mails": "E-mail", "phone": "Phone", "phones": "Phone",
    "phone numbers": "Phone", "address": "Address", "addresses": "Address", "links": "Website",
    "urls": "Website", "websites": "Website", "dates": "Event", "events": "Event", "handles": "IM",
    "ims": "IM",
}  # fmt: skip
_LABELS = {"label", "type", "kind"}
_VALUES = {"value", "email", "address", "number", "phone", "url", "link", "date", "handle"}
_PARTS = {
    "street": "Street", "extra": "Extended Address", "po_box": "PO Box", "postal_code": "Postal Code",
    "city": "City", "region": "Region", "country": "Country",
}  # fmt: skip


def read(source: Path | bytes, _options: Options) -> tables.Table:
    """Look at a file. Raises Refused where it is no list of objects, or no JSON."""
    names: dict[str, None] = {}
    for each in items(source):
        names.update(dict.fromkeys(_flat(each)))
        limits.check_columns(len(names))
    if not names:
        raise Refused(Message("import.empty"))
    header = list(names)

    def lines() -> Iterator[tuple[int, list[str]]]:
        yield 0, header
        for number, each in enumerate(items(source), 1):
            said = _flat(each)
            yield number, list(map(said.get, header, repeat("")))

    return tables.grid("json", source, lines, True)


def items(source: Path | bytes, start: str = "") -> Iterator[Mapping[str, Any]]:
    """Yield the objects of the list that stands behind `start`, one after the other: never all are in memory.

    Raises Refused where there is something else.
    """
    text = Text(source)
    text.begin(start)
    yield from listed(text)


def listed(text: "Text") -> Iterator[Mapping[str, Any]]:
    """Yield the objects of a list whose [ stands before `text`. Raises Refused where something else is."""
    decoder, at = json.JSONDecoder(), 0
    while True:
        between = _BETWEEN.match(text.said, at)
        at = between.end() if between else at
        if text.said[at : at + 1] == "]":
            return
        try:
            found, at = decoder.raw_decode(text.said, at)
        except RecursionError as error:
            raise Refused(Message("import.broken_json")) from error
        except ValueError as error:
            if not text.read_on(at):
                raise Refused(Message("import.broken_json")) from error
            at = 0
            continue
        if not isinstance(found, dict):
            raise Refused(Message("import.no_list"))
        yield found


class Text:
    """A file as text, of which only what is not done with is kept in `said`; that never gets longer than
    `longest`, or the file is refused."""

    def __init__(self, source: Path | bytes, longest: int = limits.LINE) -> None:
        self._source, self._place, self._longest = source, 0, longest
        with opened(source) as file:
            codec, mark = encodings.find(file)
        self._place = len(mark)
        self._decoder = codecs.getincrementaldecoder(codec)("replace")
        self.said = ""

    def begin(self, start: str) -> None:
        """Go behind the first [ that follows `start`. Raises Refused where there is none."""
        self.read_on(0)
        found = re.compile(rf"{start}\s*\[").match(self.said.lstrip("\ufeff \t\r\n"))
        if not found:
            raise Refused(Message("import.no_list"))
        self.said = self.said.lstrip("\ufeff \t\r\n")[found.end() :]

    def read_on(self, at: int) -> bool:
        """Let go of what stands before `at`, and read more behind the rest; tell whether there was more."""
        rest = self.said[at:]
        if len(rest) > self._longest:
            raise limits.cell_too_long(1)
        with opened(self._source) as file:
            file.seek(self._place)
            piece = file.read(
                max(_PIECE, len(rest))
            )  # twice as much each time, so that all takes linear time
        self._place += len(piece)
        self.said = rest + self._decoder.decode(piece, final=not piece)
        return bool(piece)


def _flat(found: Mapping[str, Any]) -> dict[str, str]:
    """Return what an object says, by the names of the columns."""
    said: dict[str, str] = {}
    for name, value in found.items():
        if value.__class__ is str:
            said[name[:_LONGEST_NAME]] = value
        else:
            _add(said, name, value)
    return said


def _add(said: dict[str, str], name: str, value: Any, depth: int = 0) -> None:
    if depth > _DEEPEST and isinstance(value, dict | list):
        said[name[:_LONGEST_NAME]] = json.dumps(value, ensure_ascii=False)
        return
    if isinstance(value, dict):
        known = _KNOWN.get(headers.key(name), "")
        for part, each in value.items():
            _add(
                said,
                _part(f"{known} 1", str(part)) if known == "Address" else f"{name} {part}",
                each,
                depth + 1,
            )
    elif isinstance(value, list) and any(isinstance(each, dict | list) for each in value):
        known = _KNOWN.get(headers.key(name), name)
        first = 1 + sum(
            1 for number in range(1, _MOST + 1) if any(f"{known} {number} -" in each for each in said)
        )
        for number, each in enumerate(value[:_MOST], first):
            for part, one in each.items() if isinstance(each, dict) else [("value", each)]:
                _add(said, _part(f"{known} {number}", str(part)), one, depth + 1)
        if value[_MOST:]:
            said[f"{name} (more)"] = json.dumps(value[_MOST:], ensure_ascii=False)
    elif isinstance(value, list):
        texts = [_text(each) for each in value if each is not None]
        marked = len(texts) == 1 and not set(texts[0]).isdisjoint(",;")
        said[name[:_LONGEST_NAME]] = f"{texts[0]} :::" if marked else SEVERAL.join(texts)
    else:
        said[name[:_LONGEST_NAME]] = _text(value)


def _part(name: str, part: str) -> str:
    """Return the column for a part of one of several, named as Google names it where we know what it is."""
    key = headers.key(part)
    if key in _LABELS:
        return f"{name} - Label"
    if name.startswith("Address"):
        return f"{name} - {_PARTS.get(headers.UNLABELLED.get(key, ''), part)}"
    return f"{name} - Value" if key in _VALUES else f"{name} - {part}"


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
