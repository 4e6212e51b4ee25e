"""Writing vCard 4.0 (RFC 6350): escaped, folded at 75 octets, one card a person."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

_ESCAPES = str.maketrans({"\\": "\\\\", ",": "\\,", ";": "\\;", "\n": "\\n", "\r": "", "\0": ""})
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z")
_WIDTH = 75  # octets of a line without its end


def card(person: Mapping[str, Any]) -> bytes:
    """Return a card. Keys: uid, name, the name parts, nickname, email, emails (pairs of label and
    address), tags, note, updated_at (`YYYY-MM-DDTHH:MM:SS.mmmZ`); only uid and name must be there."""
    return b"".join(fold(line) for line in _lines(person))


def fold(line: str) -> bytes:
    """Return a content line folded at 75 octets, never inside a character, with its CRLF (RFC 6350, 3.2)."""
    data, cut, width = line.encode("utf-8", "replace"), [], _WIDTH
    while len(data) > width:
        end = width
        while data[end] & 0xC0 == 0x80:
            end -= 1
        cut.append(data[:end])
        data, width = data[end:], _WIDTH - 1  # the blank that begins the next line counts
    return b"\r\n ".join([*cut, data]) + b"\r\n"


def _lines(person: Mapping[str, Any]) -> Iterable[str]:
    yield "BEGIN:VCARD"
    yield "VERSION:4.0"
    yield f"UID:urn:uuid:{person['uid']}"
    yield f"FN:{_escape(person['name'])}"
    parts = [person.get(part) or "" for part in ("family", "given", "additional", "prefix", "suffix")]
    if any(parts):
        yield "N:" + ";".join(_escape(part) for part in parts)
    if person.get("nickname"):
        yield f"NICKNAME:{_escape(person['nickname'])}"
    if person.get("email"):
        yield f"EMAIL;PREF=1:{_escape(person['email'])}"
    for label, address in person.get("emails") or ():
        yield f"EMAIL{_type(label)}:{_escape(address)}"
    if person.get("tags"):
        yield "CATEGORIES:" + ",".join(_escape(tag) for tag in person["tags"])
    if person.get("note"):
        yield f"NOTE:{_escape(person['note'])}"
    if _MOMENT.fullmatch(person.get("updated_at") or ""):
        yield (
            "REV:"
            + person["updated_at"].translate(str.maketrans("", "", "-:")).split(".")[0].rstrip("Z")
            + "Z"
        )
    yield "END:VCARD"


def _type(label: str) -> str:
    known = label.strip().casefold()
    if known in ("home", "work"):
        return f";TYPE={known}"
    quoted = label.replace('"', "'").replace("\n", " ").strip()
    return f';TYPE="{quoted}"' if quoted else ""


def _escape(text: str) -> str:
    return str(text).translate(_ESCAPES)
