"""JSON that Roster wrote: its head, and then one person after the other, so that memory never holds all."""

import base64
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from webui.exchange import encodings, limits
from webui.exchange.ours.export import Export, Shape, broken, check_format, named, rows
from webui.exchange.reading import json_text
from webui.store.errors import Damaged, Message, Refused
from webui.store.values import numbers

_OURS = re.compile(r'\s*\{\s*"roster"\s*:\s*\d')
_PEOPLE = re.compile(r',\s*"people"\s*:\s*\[')
_START = 4096  # bytes by which it is known
# A person may have files: as much as is attached to anyone in one file, in base64.
LONGEST = 8 * limits.LINE


def is_one(path: Path) -> bool:
    """Whether a file is such JSON. Raises OSError."""
    with path.open("rb") as file:
        codec, mark = encodings.find(file)
        file.seek(len(mark))
        return bool(_OURS.match(file.read(_START).decode(codec, "replace")))


def read(path: Path) -> Export:
    """Read the head of a file. Raises Damaged, TooNew."""
    about = _opened(path)[0]
    check_format(about.get("roster"), path)
    if about.get("left_out"):
        raise Damaged(Message("ours.columns", {"name": path.name}))
    return Export(path, about, lambda: _people(path))


def _opened(path: Path) -> tuple[dict[str, Any], json_text.Text]:
    """Return what stands before the people, and the text from the first of them on."""
    with path.open("rb") as file:
        text = json_text.Text(path, encodings.find(file), LONGEST)
    while not (match := _PEOPLE.search(text.said)):
        if not text.read_on(0):
            raise broken(path)
    try:
        about = json.loads(text.said[: match.start()].lstrip("\ufeff") + "}")
    except (ValueError, RecursionError) as error:
        raise broken(path) from error
    text.said = text.said[match.end() :]
    return about, text


def _people(path: Path) -> Iterator[dict[str, Any]]:
    about, text = _opened(path)
    names = [each.get("name") for each in rows(about, "fields")]
    try:
        for found in json_text.listed(text):
            yield _person(dict(found), names)
    except Refused as error:
        raise broken(path) from error


def _person(found: dict[str, Any], names: list[Any]) -> dict[str, Any]:
    """Return a person with bytes in the place of base64, and own fields as rows."""
    fields, typed = named(found, "fields"), named(found, "typed")
    found["own"] = [
        (name, value, typed.get(name) if at == 0 else None)
        for name in names
        for at, value in enumerate(_values(fields.get(name)))
    ]
    photo = found.get("photo")
    if isinstance(photo, dict):
        found["photo"] = {**photo, "content": _bytes(photo.get("content"))}
    found["attachments"] = [
        {**each, "content": _bytes(each.get("content"))} for each in rows(found, "attachments")
    ]
    found["sources"] = [{**each, "raw": _bytes(each.get("raw"))} for each in rows(found, "sources")]
    return found


def _values(found: Any) -> list[str]:
    """Return the texts that own fields keep."""
    if found is None:
        return []
    if isinstance(found, list):
        return [value for each in found for value in _values(each)]
    if isinstance(found, bool):
        return ["1" if found else "0"]
    if isinstance(found, int | float):
        return [numbers.of_json(found)]
    if not isinstance(found, str):
        raise Shape("fields")
    return [found]


def _bytes(found: object) -> bytes | None:
    if found is None:
        return None
    if not isinstance(found, str):
        raise Shape("content")
    try:
        return base64.b64decode(found, validate=True)
    except ValueError as error:
        raise Shape("content") from error
