"""What Monica 4 exports (account, Settings, Export as JSON): its contacts, as a table.

What a contact has of kinds that are not known here stands in a column of its own, as JSON. Not for other
JSON: see `json_list`.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from webui.exchange import encodings, limits, tables
from webui.exchange.reading.json_list import SEVERAL
from webui.exchange.tables import Options, opened
from webui.store.errors import Message, Refused

_NAMES = {
    "first_name": "First name", "middle_name": "Middle name", "last_name": "Last name",
    "nickname": "Nickname",
    "job": "Job title", "company": "Organisation", "description": "Notes",
}  # fmt: skip
_FIELDS = {"email": "E-mail", "phone": "Phone", "website": "Web page"}
_LEFT_OUT = {"is_partial", "is_active", "avatar", "tags", "birthdate"}
_ADDRESS = {
    "street": "Street", "city": "City", "province": "Region", "postal_code": "Postal Code",
    "country": "Country",
}  # fmt: skip
POSTS = "Posts"


def read(source: Path | bytes, _options: Options) -> tables.Table:
    """Look at an export. Raises Refused for what is none, or too large to be read as a whole."""
    try:
        contacts = [_flat(each) for each in _contacts(source)]
    except (AttributeError, TypeError, KeyError, RecursionError) as error:  # of another shape
        raise Refused(Message("import.broken_json")) from error
    if not contacts:
        raise Refused(Message("import.empty"))
    header = list(dict.fromkeys(name for each in contacts for name in each))

    def lines() -> Iterator[tuple[int, list[str]]]:
        yield 0, header
        for number, each in enumerate(contacts, 1):
            yield number, [each.get(name, "") for name in header]

    return tables.grid("monica", source, lines, True)


def _contacts(source: Path | bytes) -> list[Mapping[str, Any]]:
    limits.check_whole(tables.size_of(source))
    with opened(source) as file:
        codec, mark = encodings.find(file)
        file.seek(len(mark))
        try:
            found = json.loads(file.read().decode(codec, "replace"))
            return [
                each
                for group in found["account"]["data"]
                if group.get("type") == "contact"
                for each in group["values"]
            ]
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise Refused(Message("import.broken_json")) from error


def _flat(contact: Mapping[str, Any]) -> dict[str, str]:
    properties = contact.get("properties") or {}
    found = {
        _NAMES.get(name, name): _text(value) for name, value in properties.items() if name not in _LEFT_OUT
    }
    found["Monica uuid"] = _text(contact.get("uuid"))
    tags = [_text(each) for each in properties.get("tags") or () if each]
    found["Tags"] = f"{tags[0]} :::" if len(tags) == 1 else SEVERAL.join(tags)
    found["Birthday"] = _birthday(properties.get("birthdate"))
    seen = Counter[str]()
    for group in contact.get("data") or ():
        _take(found, seen, str(group.get("type")), group.get("values") or [])
    return {name: said for name, said in found.items() if said}


def _birthday(told: Any) -> str:
    """Return a partial date: a year that is unknown is written as 0001, and an age as the first of a year."""
    if not isinstance(told, dict) or not told.get("date"):
        return ""
    date = str(told["date"])[:10]
    if told.get("is_year_unknown"):
        return f"--{date[5:]}"
    return date[:4] if told.get("is_age_based") else date


def _take(found: dict[str, str], seen: Counter[str], kind: str, values: list[Any]) -> None:
    each: Any
    if kind == "note":
        posts = [
            {
                "date": _text(each.get("created_at"))[:10],
                "body": _text((each.get("properties") or {}).get("body")),
            }
            for each in values
        ]
        found[POSTS] = json.dumps(posts, ensure_ascii=False)
        return
    others = []
    for each in values:
        told = each.get("properties") or {}
        name = _FIELDS.get(str(told.get("type") or told.get("name") or "").casefold())
        if kind == "contact_field" and name:
            seen[name] += 1
            found[f"{name} {seen[name]}" if seen[name] > 1 else name] = _text(told.get("data"))
        elif kind == "address":
            seen[kind] += 1
            for part, word in _ADDRESS.items():
                found[f"Address {seen[kind]} - {word}"] = _text(told.get(part))
            found[f"Address {seen[kind]} - Label"] = _text(told.get("name"))
        else:
            others.append(told)
    if others:
        found[kind] = json.dumps(others, ensure_ascii=False)


def _text(value: Any) -> str:
    if value is None or value is False:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
