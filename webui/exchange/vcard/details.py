"""What a person has any number of, and the birthday, as lines of a card."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from webui.exchange.vcard.outgoing import Card
from webui.exchange.vcard.values import bare, escape, exact
from webui.store.values import own, text

_ADDRESS = ("po_box", "extra", "street", "city", "region", "postal_code", "country")  # RFC 6350, 6.3.1
# Which messengers have addresses of their own (RFC 6350, 6.4.3), and how their names are read again; any
# other handle goes to X-SOCIALPROFILE, which address books read, whatever name is in it.
_SCHEMES = {"skype": "skype", "xmpp": "xmpp", "jabber": "xmpp", "icq": "icq", "aim": "aim"}
_READ = {"skype": "Skype", "xmpp": "XMPP", "icq": "ICQ", "aim": "AIM"}
_ANNIVERSARIES = {
    "anniversary", "wedding", "wedding day", "wedding anniversary", "jahrestag", "hochzeit", "hochzeitstag",
}  # fmt: skip
# What Apple's address book calls those whom one knows.
_RELATED = {
    "spouse": "_$!<Spouse>!$_", "parent": "_$!<Parent>!$_", "child": "_$!<Child>!$_",
    "sibling": "Sibling", "friend": "_$!<Friend>!$_", "colleague": "Colleague",
}  # fmt: skip


def put(card: Card, person: Mapping[str, Any]) -> None:
    """Put phones, addresses, birthday and other dates, web pages and handles."""
    for row in person.get("phones") or ():
        card.put_labelled("TEL", row["label"], escape(row["phone"]), phone=True)
    for row in person.get("addresses") or ():
        card.put_labelled(
            "ADR", row["label"], ";".join([escape(row[part]) if row[part] else "" for part in _ADDRESS])
        )
    card.put_date("BDAY", person.get("birthday"), person.get("birthday_typed"))
    _put_dates(card, person.get("dates") or ())
    for row in person.get("links") or ():
        card.put_labelled("URL", row["label"], bare(row["url"]))
    for row in person.get("handles") or ():
        _put_handle(card, row["label"] or "", row["handle"])


def put_own_fields(card: Card, fields: Mapping[str, Any]) -> None:
    """Put a line for each value in an own field: its name, its kind, and what it says.

    The property is Roster's own (RFC 6350, 6.10): X-ROSTER-FIELD;X-NAME="Voice";X-KIND=choice:Alto. A
    date is as in `values.dates`, a number plain, yes and no are so; X-TYPED is what was typed otherwise.
    """
    for name, (kind, rows) in fields.items():
        told = f"{exact('X-NAME', name)};X-KIND={kind.replace('_', '-') if kind in own.KINDS else 'text'}"
        for row in rows:
            said, typed = own.as_text("yes_no", [row]) if kind == "yes_no" else row.value, row.typed
            if kind in ("link", "phone"):
                said, typed = row.said, None
            more = exact("X-TYPED", typed) if typed else ""
            card.put("X-ROSTER-FIELD", said, told + more)


def put_related(card: Card, relations: Iterable[Mapping[str, Any]]) -> None:
    """Put a line for each person whom this one knows, named by the UID of the other's card: `named`, else
    Roster's own. The kinds are those of the standard (6.6.6); a word of one's own stands in their place. In
    3.0 it is the name."""
    for each in relations:
        if card.is_old:
            label = each["label"] or _RELATED.get(each["kind"], "")
            card.put_grouped(f"X-ABRELATEDNAMES:{escape(each['name'])}", label)
            continue
        more = exact("X-ROSTER-RELATION", each["relation"])
        more += exact("X-ROSTER-BACK", each["back_label"]) if each["back_label"] else ""
        more += ";X-ROSTER-SIDE=back" if each["back"] else ""
        ours = f"urn:uuid:{each['uid']}"
        named = each.get("named") or ours
        more += exact("X-ROSTER-UID", each["uid"]) if named != ours else ""
        if each["kind"] == "own":
            card.put_labelled("RELATED", each["label"], bare(named), more)
        else:
            card.put_uri("RELATED", named, f"{more};TYPE={each['kind']}")


def _put_dates(card: Card, rows: Iterable[Mapping[str, Any]]) -> None:
    """A card has one ANNIVERSARY, that of a wedding; any other date has its label beside it."""
    wedded = card.is_old  # which has no such property
    for row in rows:
        label = row["label"] or ""
        if wedded or text.key(label) not in _ANNIVERSARIES or not (row["date"] or row["typed"]):
            card.put_day(label, row["date"], row["typed"])
            continue
        wedded = True
        told = "" if label == "Anniversary" else exact("X-ROSTER-LABEL", label)
        card.put_date(f"ANNIVERSARY{told}", row["date"], row["typed"])


def _put_handle(card: Card, label: str, handle: str) -> None:
    scheme = _SCHEMES.get(text.one_line(label).casefold())
    if scheme:
        told = "" if label == _READ[scheme] or card.is_old else exact("X-ROSTER-LABEL", label)
        card.lines.append(f"IMPP{told}:{scheme}:{quote(handle, safe='@:+')}")
    else:
        card.put_labelled("X-SOCIALPROFILE", label, escape(handle))
