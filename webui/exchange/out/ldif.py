"""LDIF (RFC 2849) for Thunderbird and directories: inetOrgPerson (RFC 2798) and mozillaAbPersonAlpha.

Not for own fields, posts, relations and further dates, which those have no attributes for.
"""

import base64
import re
import sqlite3
from collections.abc import Iterator, Mapping
from typing import IO, Any

from webui.exchange import belongings, exporting
from webui.exchange.out.wanted import EVERYTHING, Wanted
from webui.store.values import dates, text

_CLASSES = ("top", "person", "organizationalPerson", "inetOrgPerson", "mozillaAbPersonAlpha")
# What may stand as it is: no blank, colon or less-than first, no blank last, nothing but ASCII (section 3).
_SAFE = re.compile(r"(?![ :<])[\x01-\x09\x0b\x0c\x0e-\x7f]*(?<! )")
_WIDTH = 76
_IN_NAME = re.compile(r'([,+"\\<>;=]|^[# ]| $)')  # RFC 4514, 2.4

# Columns that those classes have no attribute for.
LACKS = frozenset({
    "additional", "phonetic", "handles", "dates", "tags", "created_at", "updated_at", "relations", "posts",
    "kept",
})  # fmt: skip
_PLAIN = {
    "given": "givenName", "organisation": "o", "department": "ou", "job_title": "title",
    "note": "description", "nickname": "mozillaNickname", "username": "uid",
    "prefix": "personalTitle", "suffix": "generationQualifier",
}  # fmt: skip
_HOME = {
    "street": "mozillaHomeStreet", "extra": "mozillaHomeStreet2", "city": "mozillaHomeLocalityName",
    "region": "mozillaHomeState", "postal_code": "mozillaHomePostalCode", "country": "mozillaHomeCountryName",
}  # fmt: skip
_WORK = {
    "street": "street", "extra": "mozillaWorkStreet2", "city": "l", "region": "st", "postal_code":
    "postalCode", "country": "c", "po_box": "postOfficeBox",
}  # fmt: skip
_PHONES = {"home": "homePhone", "mobile": "mobile", "fax": "facsimileTelephoneNumber", "pager": "pager"}


def write(connection: sqlite3.Connection, stream: IO[bytes], wanted: Wanted = EVERYTHING) -> None:
    """Write an entry a person."""
    stream.write(b"version: 1\n")
    for person in exporting.people(connection, wanted):
        photo = belongings.original(connection, person["photo"]) if person["photo"] else None
        stream.write(b"\n" + entry(person, photo))


def entry(person: Mapping[str, Any], photo: tuple[str, bytes] | None = None) -> bytes:
    """Return an entry of a person as `exporting.people` gives one."""
    name = text.one_line(person["name"]) or person["uid"]
    dn = f"cn={_named(name)},uid={_named(person['username'])}"
    lines = [line("dn", dn), *(f"objectclass: {each}\n".encode() for each in _CLASSES)]
    lines += [line("cn", name), line("sn", person["family"] or name)]
    lines += [line(attribute, said) for attribute, said in _said(person) if said]
    if photo and photo[0] == "image/jpeg":
        lines.append(_folded(f"jpegPhoto:: {base64.b64encode(photo[1]).decode()}"))
    return b"".join(lines)


def line(attribute: str, said: str) -> bytes:
    """Return a line of an attribute, in base64 where it must be, folded."""
    if _SAFE.fullmatch(said):
        return _folded(f"{attribute}: {said}")
    return _folded(f"{attribute}:: {base64.b64encode(said.encode('utf-8', 'replace')).decode()}")


def _folded(said: str) -> bytes:
    parts = [said[:_WIDTH], *(said[at : at + _WIDTH - 1] for at in range(_WIDTH, len(said), _WIDTH - 1))]
    return ("\n ".join(parts) + "\n").encode("ascii")


def _named(said: str) -> str:
    return _IN_NAME.sub(r"\\\1", text.one_line(text.kept(said)))


def _said(person: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for column, attribute in _PLAIN.items():
        yield attribute, person[column] or ""
    further = (row["email"] for row in person["emails"])
    for number, address in enumerate(filter(None, (person["email"], *further))):
        yield ("mozillaSecondEmail" if number == 1 else "mail"), address
    for row in person["phones"]:
        words = text.fold(row["label"] or "").split()
        yield (
            next((_PHONES[word] for word in words if word in _PHONES), "telephoneNumber"),
            row["phone"] or "",
        )
    yield from _addresses(person["addresses"])
    for row in person["links"]:
        work = text.fold(row["label"] or "") == "work"
        yield ("mozillaWorkUrl" if work else "mozillaHomeUrl"), row["url"] or ""
    yield from _birthday(person["birthday"])


def _addresses(rows: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """Yield the first address of each kind in its attributes, any other whole."""
    used: set[str] = set()
    for row in rows:
        kind = "work" if text.fold(row["label"] or "") == "work" else "home"
        if kind not in used:
            for part, attribute in (_WORK if kind == "work" else _HOME).items():
                yield attribute, row[part] or ""
            used.add(kind)
        else:
            parts = (row[part] for part in _WORK if row[part])
            yield "postalAddress", "$".join(each.replace("\\", "\\5C").replace("$", "\\24") for each in parts)


def _birthday(birthday: str | None) -> Iterator[tuple[str, str]]:
    try:
        parts = dates.parts(birthday or "")
    except ValueError:
        return
    for attribute, part in zip(("birthyear", "birthmonth", "birthday"), parts, strict=True):
        yield attribute, f"{part:0{4 if attribute == 'birthyear' else 2}}" if part else ""
