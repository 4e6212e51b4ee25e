"""JSON: a list of objects, one for each person, as a table with a column for each name in them. It is the
whole file, or the only such list in an object.

What stands in an object within one has the names of both, a list of texts is one cell, and each object of a
list has columns of its own, numbered. Not for what Roster wrote, nor Monica: see `ours` and `monica`.
"""

import functools
import json
import operator
from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

from webui.exchange import encodings, headers, limits, tables
from webui.exchange.reading import json_object, json_text
from webui.exchange.tables import Options, opened
from webui.store.errors import Message, Refused

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
    """Look at a file. Raises Refused where there is no list of objects, or no JSON."""
    with opened(source) as file:
        codec, mark = encodings.by_start(file)
    try:
        read = _Read(source, (codec or "utf-8", mark), "replace" if codec else "strict")
    except UnicodeDecodeError:
        with opened(source) as file:
            read = _Read(source, encodings.find(file), "replace")
    if not read.names:
        raise Refused(Message("import.empty"))
    return tables.grid("json", source, read.lines, True)


class _Read:
    """A file that was gone through. `names` are its columns, as they are met; its rows are kept where they
    are few, for each time they are asked for, else read again."""

    def __init__(self, source: Path | bytes, written: tuple[str, bytes], errors: str) -> None:
        self._source, self._written = source, written
        self.names: dict[str, None] = {}
        self._kept: list[list[tuple[str, ...]]] = []
        room = limits.KEPT
        for rows in self._rows(errors):
            if room > 0:
                self._kept.append(rows)
                room -= limits.KEPT_CELL * len(rows) + limits.taken(list(chain.from_iterable(rows)))
            else:
                self._kept.clear()
        self._all_kept = room > 0

    def lines(self) -> Iterator[tuple[int, list[str]]]:
        """Yield the header and the rows, each with its number."""
        yield 0, list(self.names)
        empty = [""] * len(self.names)
        several = self._kept if self._all_kept else self._rows("replace")
        for number, row in enumerate(chain.from_iterable(several), 1):
            yield number, [*row, *empty[len(row) :]]

    def _rows(self, errors: str) -> Iterator[list[tuple[str, ...]]]:
        """Yield the cells of some objects each time, by the columns that are known by then."""
        cells_of = functools.lru_cache(maxsize=1_024)(self._cells_of)  # most have the names of another
        text = json_text.Text(self._source, self._written, errors=errors)
        within = None if text.begin() else json_object.Within(text)
        if within:
            within.begin()
            if _key(within.name) in _KNOWN:  # it is one person, who has several of these
                raise Refused(Message("import.no_list"))
        for some in json_text.blocks(text):
            if not _TEXTS.issuperset(map(type, chain.from_iterable(map(dict.values, some)))):
                some = list(map(_flat, some))
            yield [cells_of(tuple(each))((*each.values(), "")) for each in some]
        if within:
            within.end()

    def _cells_of(self, names: tuple[str, ...]) -> Callable[[tuple[str, ...]], tuple[str, ...]]:
        """Return what makes a row of the values of an object with these names, behind which an empty one
        stands. Raises Refused for too many columns."""
        numbers = {name[:_LONGEST_NAME]: number for number, name in enumerate(names)}
        self.names.update(dict.fromkeys(numbers))
        limits.check_columns(len(self.names))
        places = [numbers.get(name, -1) for name in self.names]
        if len(places) > 1:
            return operator.itemgetter(*places)
        return lambda values: tuple(values[place] for place in places)


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
