"""The vCards (4.0) that Roster wrote, with what only Roster reads. Attached files are in none.

Of some people they are read here only while no other program has changed them: that may have dropped posts,
and they are read as any other's.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from webui.exchange.ours.export import Export, Row, Shape, broken
from webui.exchange.reading import card_files
from webui.exchange.vcard import beneath, lines, seal
from webui.exchange.vcard.lines import Line
from webui.exchange.vcard.values import READ
from webui.store.errors import Refused
from webui.store.relations import BACK
from webui.store.values import dates, own, person

_ABOUT = b"\nX-ROSTER-ABOUT:"
# What reading raises where something else was written there.
_OTHERS = (ValueError, LookupError, AttributeError, TypeError, RecursionError, StopIteration)
_START = (b"BEGIN:VCARD", card_files.MARK, b"PK\x03\x04")
_NAME = ("family", "given", "additional", "prefix", "suffix")
_ADDRESS = ("po_box", "extra", "street", "city", "region", "postal_code", "country")
_TEXTS = {"NICKNAME": "nickname", "TITLE": "job_title", "X-PHONETIC-FIRST-NAME": "phonetic", "NOTE": "note"}
_LISTED = {"TEL": ("phones", "phone"), "URL": ("links", "url"), "X-SOCIALPROFILE": ("handles", "handle")}
_SCHEMES = {"skype": "Skype", "xmpp": "XMPP", "icq": "ICQ", "aim": "AIM"}
_POST = {
    "uid": "X-UID", "date": "X-DATE", "follow_up": "X-FOLLOW-UP", "done_at": "X-DONE-AT",
    "created_at": "X-CREATED-AT", "updated_at": "X-UPDATED-AT",
}  # fmt: skip


def is_one(path: Path) -> bool:
    """Whether a file, or a zip of them, is such. Raises OSError."""
    with path.open("rb") as file:
        if not file.read(16).startswith(_START):
            return False
    try:
        there = (found.raw for found in card_files.each(path))
        first = next(there, b"")
        return _ABOUT in first and (
            _about(_parsed(first))["everyone"] is True or seal.holds(chain([first], there))
        )
    except (*_OTHERS, Refused):
        return False


def read(path: Path) -> Export:
    """Read what the first card says of all. Raises Damaged."""
    try:
        first = _parsed(next(card_files.each(path)).raw)
        about = _about(first)
        regions = about.get("settings") or {}
        fields = {each["name"]: each for each in about["fields"]}
        people = _People(path, fields, str(regions.get("phone_region", "")))
        return Export(path, about, people.every, lacks=("attachments", "sources"))
    except (*_OTHERS, Refused) as error:
        raise broken(path) from error


def _about(first: Sequence[Line]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(next(_text(line) for line in first if line.name == "X-ROSTER-ABOUT"))
    return found


def _parsed(raw: bytes) -> list[Line]:
    said = beneath.read(lines.unfolded(raw, "utf-8"))
    return [line for each in said if (line := lines.parsed(each))]


class _People:
    """Reads the people of a file; own fields as their definitions say."""

    def __init__(self, path: Path, fields: dict[str, Row], region: str) -> None:
        self._path, self._fields, self._region = path, fields, region

    def every(self) -> Iterator[dict[str, Any]]:
        """Yield the person of each card."""
        for found in card_files.each(self._path):
            card = _parsed(found.raw)
            yield _Card(card).person() | {"own": list(self._own(card))}

    def _own(self, card: Sequence[Line]) -> Iterator[tuple[str, str, str | None]]:
        for line in card:
            if line.name != "X-ROSTER-FIELD":
                continue
            name = _parameter(line, "X-NAME") or ""
            field = self._fields[name]
            kind, said = field["kind"], _text(line)
            if kind in ("yes_no", "link", "phone"):
                yield from (
                    (name, row.value, row.typed)
                    for row in own.read(own.Rule(kind, (), self._region), said).rows
                )
            else:
                yield name, said, _parameter(line, "X-TYPED")


class _Card:
    """One card: its lines, and the labels of their groups."""

    def __init__(self, found: Sequence[Line]) -> None:
        self._lines = found
        self._labels = {line.group: _text(line) for line in found if line.name == "X-ABLABEL"}

    def person(self) -> dict[str, Any]:
        """Return what it says of a person. Raises Shape."""
        made: dict[str, Any] = {name: [] for name in (*person.LISTS, "tags", "posts", "relations", "aliases")}
        made["photo"] = None
        for line in self._lines:
            self._take(made, line)
        made["uid"] = next(
            (_text(line) for line in self._lines if line.name == "X-ROSTER-UID"), made.get("uid")
        )
        return made

    def _take(self, made: dict[str, Any], line: Line) -> None:
        name = line.name
        if name in _TEXTS:
            made[_TEXTS[name]] = _text(line)
        elif name in _LISTED:
            which, column = _LISTED[name]
            value = line.value if name == "URL" else _text(line)
            made[which].append({"label": self._label(line), column: value})
        elif name == "N":
            made |= zip(_NAME, (each or None for each in _parts(line)), strict=False)
        elif name == "ADR":
            made["addresses"].append(
                {"label": self._label(line), **dict(zip(_ADDRESS, _parts(line), strict=False))}
            )
        elif name == "ORG":
            made |= zip(("organisation", "department"), (each or None for each in _parts(line)), strict=False)
        elif name in _TAKES:
            _TAKES[name](self, made, line)

    def _label(self, line: Line) -> str:
        """Return a label as it was written."""
        if (exact := _parameter(line, "X-ROSTER-LABEL")) is not None:
            return exact
        if line.group in self._labels:
            return self._labels[line.group]
        types = line.parameters.get("TYPE", [])
        return " ".join(READ.get(each, each) for each in types)

    def _shown(self, made: dict[str, Any], line: Line) -> None:
        made["display_name"] = "" if "DERIVED" in line.parameters else _text(line)

    def _email(self, made: dict[str, Any], line: Line) -> None:
        if line.parameters.get("PREF") == ["1"]:
            made["email"], made["email_label"] = _text(line), self._label(line) or None
        else:
            made["emails"].append({"label": self._label(line), "email": _text(line)})

    def _birthday(self, made: dict[str, Any], line: Line) -> None:
        made["birthday"], made["birthday_typed"] = _date(line)

    def _day(self, made: dict[str, Any], line: Line) -> None:
        label = self._label(line)
        if line.name == "ANNIVERSARY":
            label = label or "Anniversary"
        date, typed = _date(line)
        made["dates"].append({"label": label, "date": date, "typed": typed})

    def _handle(self, made: dict[str, Any], line: Line) -> None:
        scheme, _mark, rest = line.value.partition(":")
        label = _parameter(line, "X-ROSTER-LABEL") or _SCHEMES.get(scheme, scheme)
        made["handles"].append({"label": label, "handle": unquote(rest)})

    def _related(self, made: dict[str, Any], line: Line) -> None:
        uid = _parameter(line, "X-ROSTER-RELATION")
        if uid is None:
            return
        kind = next((each for each in line.types if each in BACK), "own")
        plain = "X-ROSTER-LABEL" not in line.parameters and line.types[:1] == [kind] and kind != "own"
        made["relations"].append(
            {
                "uid": _parameter(line, "X-ROSTER-UID") or line.value.removeprefix("urn:uuid:"),
                "relation": uid,
                "kind": kind if plain else "own", "label": "" if plain else self._label(line),
                "back_label": _parameter(line, "X-ROSTER-BACK") or "",
                "back": line.parameters.get("X-ROSTER-SIDE") == ["back"],
            }
        )  # fmt: skip

    def _photo(self, made: dict[str, Any], line: Line) -> None:
        content = lines.from_base64(line.value.partition(",")[2])
        made["photo"] = {"sha256": hashlib.sha256(content).hexdigest(), "content": content}

    def _post(self, made: dict[str, Any], line: Line) -> None:
        title, body = (*_parts(line), "")[:2]
        also = _parameter(line, "X-ALSO") or ""
        made["posts"].append(
            {name: _parameter(line, told) for name, told in _POST.items()}
            | {
                "title": title,
                "body": body,
                "also_about": [{"uid": each} for each in also.split(",") if each],
            }
        )

    def _tags(self, made: dict[str, Any], line: Line) -> None:
        made["tags"] += lines.apart(line.value, ",", "4.0")

    def _uid(self, made: dict[str, Any], line: Line) -> None:
        made["uid"] = line.value.removeprefix("urn:uuid:")

    def _stamp(self, made: dict[str, Any], line: Line) -> None:
        said = line.value
        if len(said) != 16:
            raise Shape(line.name)
        moment = f"{said[:4]}-{said[4:6]}-{said[6:11]}:{said[11:13]}:{said[13:15]}.000Z"
        made["created_at" if line.name == "CREATED" else "updated_at"] = moment


_TAKES: dict[str, Any] = {
    "FN": _Card._shown, "EMAIL": _Card._email, "BDAY": _Card._birthday, "X-ABDATE": _Card._day,
    "ANNIVERSARY": _Card._day, "IMPP": _Card._handle, "RELATED": _Card._related, "PHOTO": _Card._photo,
    "X-ROSTER-POST": _Card._post, "CATEGORIES": _Card._tags, "UID": _Card._uid, "CREATED": _Card._stamp,
    "REV": _Card._stamp,
    "X-ROSTER-USERNAME": lambda _card, made, line: made.update(username=_text(line)),
    "X-ROSTER-ALIAS": lambda _card, made, line: made["aliases"].append(_text(line)),
}  # fmt: skip


def _text(line: Line) -> str:
    return lines.unescape(line.value, "4.0")


def _parts(line: Line) -> list[str]:
    return lines.apart(line.value, ";", "4.0")


def _parameter(line: Line, name: str) -> str | None:
    """Return a parameter of our own as a whole: what reads those of others divides it at commas."""
    found = line.parameters.get(name)
    return ",".join(found) if found else None


def _date(line: Line) -> tuple[str | None, str]:
    typed, said = _parameter(line, "X-ROSTER-TYPED"), _text(line)
    if line.parameters.get("VALUE") == ["text"]:
        return None, said
    date = dates.parse(said)
    return date, typed or date or said
