"""JSON: a list of objects, one for each person, as a table with a column for each name in them.

What stands in an object within one has the names of both, a list of texts is one cell, and each object of a
list has columns of its own, numbered. Not for what Roster wrote, nor Monica: see `ours` and `monica`.
"""

import codecs
import functools
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
_START, _BETWEEN = re.compile(r"[\ufeff\s]*\["), re.compile(r"[\s,]*")
_DEEPEST, _LONGEST_NAME = 8, 200  # of what gets a column of its own; deeper, it is one cell
_MOST = 20  # objects of one list that get columns of their own
_NUMBERS = range(1, _MOST + 1)
SEVERAL = " ::: "
_encoded = json.JSONEncoder(ensure_ascii=False).encode
_short_key = functools.lru_cache(maxsize=1_024)(headers.key)  # a file has few, again and again
# Of which lists it is known what they are, and what is in the objects of one.
_KNOWN = {
    "email": "E-mail", "emails": "E-mail", "e mails": "E-mail", "phone": "Phone", "phones": "Phone",
    "phone numbers": "Phone", "address": "Address", "addresses": "Address", "links": "Website",
    "urls": "Website", "websites": "Website", "dates": "Event", "events": "Event", "handles": "IM",
    "ims": "IM",
}  # fmt: skip
_TEXTS, _NESTED = {str}, (dict, list)
_LABELS = {"label", "type", "kind"}
_VALUES = {"value", "email", "address", "number", "phone", "url", "link", "date", "handle"}
_PARTS = {
    "street": "Street", "extra": "Extended Address", "po_box": "PO Box", "postal_code": "Postal Code",
    "city": "City", "region": "Region", "country": "Country",
}  # fmt: skip


def read(source: Path | bytes, _options: Options) -> tables.Table:
    """Look at a file. Raises Refused where it is no list of objects, or no JSON."""
    names: dict[str, None] = {}
    with opened(source) as file:
        written = encodings.find(file)
    for each in items(source, written):
        if not _is_flat(each, names):
            names.update(dict.fromkeys(_flat(each)))
            limits.check_columns(len(names))
    if not names:
        raise Refused(Message("import.empty"))
    header = list(names)

    def lines() -> Iterator[tuple[int, list[str]]]:
        yield 0, header
        for number, each in enumerate(items(source, written), 1):
            said = each if _is_flat(each, names) else _flat(each)
            yield number, list(map(said.get, header, repeat("")))

    return tables.grid("json", source, lines, True)


def items(source: Path | bytes, written: tuple[str, bytes]) -> Iterator[Mapping[str, Any]]:
    """Yield the objects of a list, one after the other: never all are in memory. `written` is its codec and
    byte order mark. Raises Refused where there is something else."""
    text = Text(source, written)
    text.begin()
    yield from listed(text)


def listed(text: "Text") -> Iterator[Mapping[str, Any]]:
    """Yield the objects of a list whose [ stands before `text`. Raises Refused where something else is."""
    decoded, said, at = json.JSONDecoder().raw_decode, text.said, 0
    while True:
        between = _BETWEEN.match(said, at)
        at = between.end() if between else at
        if said[at : at + 1] == "]":
            return
        try:
            found, end = decoded(said, at)
        except RecursionError as error:
            raise Refused(Message("import.broken_json")) from error
        except ValueError as error:
            if not text.read_on(at):
                raise Refused(Message("import.broken_json")) from error
            said, at = text.said, 0
            continue
        if not isinstance(found, dict):
            raise Refused(Message("import.no_list"))
        if said.find(r"\ud", at, end) >= 0 or said.find(r"\uD", at, end) >= 0:
            found = _keepable(found)
        at = end
        yield found


def _keepable(value: Any) -> Any:
    """Return what was read without halves of letters, which an escape can write and nothing can keep."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, dict):
        return {_keepable(name): _keepable(said) for name, said in value.items()}
    return [_keepable(each) for each in value] if isinstance(value, list) else value


class Text:
    """A file as text, of which only what is not done with is kept in `said`; that never gets longer than
    `longest`, or the file is refused."""

    def __init__(self, source: Path | bytes, written: tuple[str, bytes], longest: int = limits.LINE) -> None:
        codec, mark = written
        self._source, self._place, self._longest = source, len(mark), longest
        self._decoder = codecs.getincrementaldecoder(codec)("replace")
        self.said = ""

    def begin(self) -> None:
        """Go behind the first [. Raises Refused where there is none."""
        self.read_on(0)
        found = _START.match(self.said)
        if not found:
            raise Refused(Message("import.no_list"))
        self.said = self.said[found.end() :]

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


def _is_flat(found: Mapping[str, Any], names: Mapping[str, None]) -> bool:
    """Tell whether an object says what `_flat` makes of it: texts alone, by names of columns."""
    return found.keys() <= names.keys() and _TEXTS.issuperset(map(type, found.values()))


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
    if depth > _DEEPEST or not isinstance(value, _NESTED):
        said[name[:_LONGEST_NAME]] = _text(value)
    elif isinstance(value, dict):
        known = _KNOWN.get(_key(name), "")
        for part, each in value.items():
            _add(
                said,
                _part(f"{known} 1", str(part)) if known == "Address" else f"{name} {part}",
                each,
                depth + 1,
            )
    elif any(isinstance(each, _NESTED) for each in value):
        known = _KNOWN.get(_key(name), name)
        others = [each for each in said if f"{known} " in each]
        taken = [n for n in _NUMBERS if any(f"{known} {n} -" in each for each in others)] if others else ()
        for number, each in enumerate(value[:_MOST], len(taken) + 1):
            for part, one in each.items() if isinstance(each, dict) else [("value", each)]:
                _add(said, _part(f"{known} {number}", str(part)), one, depth + 1)
        if value[_MOST:]:
            said[f"{name} (more)"] = _encoded(value[_MOST:])
    else:
        texts = [_text(each) for each in value if each is not None]
        marked = len(texts) == 1 and not set(texts[0]).isdisjoint(",;")
        said[name[:_LONGEST_NAME]] = f"{texts[0]} :::" if marked else SEVERAL.join(texts)


def _part(name: str, part: str) -> str:
    """Return the column for a part of one of several, named as Google names it where we know what it is."""
    key = _key(part)
    if key in _LABELS:
        return f"{name} - Label"
    if name.startswith("Address"):
        return f"{name} - {_PARTS.get(headers.UNLABELLED.get(key, ''), part)}"
    return f"{name} - Value" if key in _VALUES else f"{name} - {part}"


def _key(name: str) -> str:
    return _short_key(name) if len(name) <= _LONGEST_NAME else headers.key(name)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return value if isinstance(value, str) else _encoded(value)
