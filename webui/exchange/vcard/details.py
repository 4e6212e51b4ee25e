"""What a person has any number of, and the birthday, as lines of a vCard 4.0. Not folded: see `writing`."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from webui.exchange.vcard import values
from webui.exchange.vcard.values import escape, type_of
from webui.store.values import own, text

_ADDRESS = ("po_box", "extra", "street", "city", "region", "postal_code", "country")  # RFC 6350, 6.3.1
# Which messengers have addresses of their own (RFC 6350, 6.4.3); any other handle goes to X-SOCIALPROFILE,
# which address books read, whatever name is in it.
_SCHEMES = {"skype": "skype", "xmpp": "xmpp", "jabber": "xmpp", "icq": "icq", "aim": "aim"}
_ANNIVERSARIES = {
    "anniversary", "wedding", "wedding day", "wedding anniversary", "jahrestag", "hochzeit", "hochzeitstag",
}  # fmt: skip


def lines(person: Mapping[str, Any]) -> Iterable[str]:
    """Yield the lines of phones, addresses, birthday and other dates, web pages and handles."""
    for row in person.get("phones") or ():
        yield f"TEL{type_of(row['label'], phone=True)}:{escape(row['phone'])}"
    for row in person.get("addresses") or ():
        yield f"ADR{type_of(row['label'])}:" + ";".join(escape(row[part] or "") for part in _ADDRESS)
    if birthday := values.date(person.get("birthday"), person.get("birthday_typed")):
        yield f"BDAY{birthday}"
    yield from _dates(person.get("dates") or ())
    for row in person.get("links") or ():
        yield f"URL{type_of(row['label'])}:{text.one_line(text.kept(row['url']))}"
    for row in person.get("handles") or ():
        yield _handle(text.one_line(row["label"] or ""), row["handle"])


def own_fields(person: Mapping[str, Any]) -> Iterable[str]:
    """Yield a line for each value in an own field: its name, its kind, and what it says.

    The property is Roster's own (RFC 6350, 6.10): X-ROSTER-FIELD;X-NAME="Voice";X-KIND=choice:Alto. A date is
    as in `values.dates`, a number plain, yes and no are so.
    """
    for name, (kind, rows) in (person.get("fields") or {}).items():
        for row in rows:
            said = own.as_text("yes_no", [row]) if kind == "yes_no" else row.value
            said = row.said if kind in ("link", "phone") else said
            told = f";X-NAME={values.quoted(name)}" if values.quoted(name) else ""
            yield f"X-ROSTER-FIELD{told};X-KIND={kind.replace('_', '-')}:{escape(said)}"


def related(relations: Iterable[Mapping[str, Any]]) -> Iterable[str]:
    """Yield a line for each person whom this one knows, named by the UID of the other's card. The kinds are
    those of the standard (6.6.6); a word of one's own stands in their place."""
    for each in relations:
        kind = type_of(each["label"]) if each["kind"] == "own" else f";TYPE={each['kind']}"
        yield f"RELATED{kind}:urn:uuid:{text.one_line(each['uid'])}"


def _dates(rows: Iterable[Mapping[str, Any]]) -> Iterable[str]:
    """A card has one ANNIVERSARY, that of a wedding; any other date has its label beside it."""
    wedded, number = False, 0
    for row in rows:
        said = values.date(row["date"], row["typed"])
        if not said:
            continue
        if not wedded and text.key(row["label"] or "") in _ANNIVERSARIES:
            wedded = True
            yield f"ANNIVERSARY{said}"
            continue
        number += 1
        yield f"item{number}.X-ABDATE{said}"
        if row["label"]:
            yield f"item{number}.X-ABLabel:{escape(row['label'])}"


def _handle(label: str, handle: str) -> str:
    scheme = _SCHEMES.get(label.casefold())
    if scheme:
        return f"IMPP:{scheme}:{quote(handle, safe='@:+')}"
    return f"X-SOCIALPROFILE{type_of(label)}:{escape(handle)}"
