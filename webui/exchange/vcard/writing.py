"""Writing vCard 4.0 (RFC 6350): escaped, folded at 75 octets, one card a person."""

import base64
import functools
import re
from collections.abc import Iterable, Mapping
from typing import Any

from webui.exchange.vcard import details
from webui.exchange.vcard.values import escape, type_of

_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z")
_APART = str.maketrans("", "", "-:")
_WIDTH = 75  # octets of a line without its end


def card(person: Mapping[str, Any], photo: tuple[str, bytes] | None = None) -> bytes:
    """Return a card of a person as `exporting.people` gives one; only uid and name must be there. `photo` is
    its media type and its bytes, which go into the card as they are.

    `updated_at` is `YYYY-MM-DDTHH:MM:SS.mmmZ`, dates are as in `values.dates`.
    """
    return b"".join(fold(line) for line in _lines(person, photo))


def fold(line: str) -> bytes:
    """Return a content line folded at 75 octets, never inside a character, with its CRLF (RFC 6350, 3.2)."""
    if len(line) <= _WIDTH and line.isascii():
        return f"{line}\r\n".encode()
    data, cut, width = line.encode("utf-8", "replace"), [], _WIDTH
    if len(data) == len(line):  # all ASCII: a photo has a hundred thousand lines
        cut = [data[:width], *(data[at : at + width - 1] for at in range(width, len(data), width - 1))]
        return b"\r\n ".join(cut) + b"\r\n"
    while len(data) > width:
        end = width
        while data[end] & 0xC0 == 0x80:
            end -= 1
        cut.append(data[:end])
        data, width = data[end:], _WIDTH - 1  # the blank that begins the next line counts
    return b"\r\n ".join([*cut, data]) + b"\r\n"


def _lines(person: Mapping[str, Any], photo: tuple[str, bytes] | None) -> Iterable[str]:
    yield "BEGIN:VCARD"
    yield "VERSION:4.0"
    yield f"UID:urn:uuid:{person['uid']}"
    yield f"FN:{escape(person['name'])}"
    parts = [person.get(part) or "" for part in ("family", "given", "additional", "prefix", "suffix")]
    if any(parts):
        yield "N:" + ";".join(escape(part) for part in parts)
    if person.get("nickname"):
        yield f"NICKNAME:{escape(person['nickname'])}"
    if person.get("phonetic"):  # what address books read; SORT-AS would say where it is sorted, not its sound
        yield f"X-PHONETIC-FIRST-NAME:{escape(person['phonetic'])}"
    if person.get("email"):
        yield f"EMAIL;PREF=1:{escape(person['email'])}"
    for row in person.get("emails") or ():
        yield f"EMAIL{type_of(row['label'])}:{escape(row['email'])}"
    yield from _work(person)
    yield from details.lines(person)
    yield from details.own_fields(person)
    yield from details.related(person.get("relations") or ())
    if photo:
        yield f"PHOTO:data:{photo[0]};base64,{base64.b64encode(photo[1]).decode()}"
    if person.get("tags"):
        yield "CATEGORIES:" + ",".join(escape(tag) for tag in person["tags"])
    if person.get("note"):
        yield f"NOTE:{escape(person['note'])}"
    if rev := _rev(person.get("updated_at") or ""):
        yield rev
    yield "END:VCARD"


@functools.lru_cache(maxsize=1_024)  # an import touches all its people in one moment
def _rev(moment: str) -> str:
    if not _MOMENT.fullmatch(moment):
        return ""
    return f"REV:{moment.translate(_APART).split('.')[0].rstrip('Z')}Z"


def _work(person: Mapping[str, Any]) -> Iterable[str]:
    units = [person.get(name) or "" for name in ("organisation", "department")]
    if any(units):
        yield "ORG:" + ";".join(map(escape, units)).rstrip(";")
    if person.get("job_title"):
        yield f"TITLE:{escape(person['job_title'])}"
