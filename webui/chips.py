"""A search's filters as chips: what each says in words, where it stands in the text, the text without it.

Not for words, which stay in the box.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webui.plurals import ngettext
from webui.store.query import parse, syntax
from webui.store.query.days import SPAN
from webui.store.query.fields import THINGS
from webui.store.query.syntax import Node, Not, Term, Word
from webui.store.query.terms import plain

FIELDS = {
    "tag": _l("Tag"),
    "city": _l("City"),
    "country": _l("Country"),
    "address": _l("Address"),
    "birthday": _l("Birthday"),
    "age": _l("Age"),
    "organisation": _l("Organisation"),
    "department": _l("Department"),
    "job": _l("Job title"),
    "name": _l("Name"),
    "username": _l("Username"),
    "email": _l("E-mail"),
    "phone": _l("Phone"),
    "link": _l("Web page"),
    "messenger": _l("Messenger"),
    "relation": _l("Relation"),
    "note": _l("Note"),
    "post": _l("Post"),
    "last-post": _l("Last post"),
    "added": _l("Added"),
    "changed": _l("Changed"),
    "has": _l("With"),
    "no": _l("Without"),
}
_THINGS = {
    "photo": _l("a photo"),
    "email": _l("an e-mail"),
    "phone": _l("a phone"),
    "birthday": _l("a birthday"),
    "address": _l("an address"),
    "tag": _l("a tag"),
    "post": _l("a post"),
    "note": _l("a note"),
    "organisation": _l("an organisation"),
    "department": _l("a department"),
    "job": _l("a job title"),
    "nickname": _l("a nickname"),
    "link": _l("a web page"),
    "messenger": _l("a messenger"),
    "relation": _l("a relation"),
    "date": _l("another date"),
    "file": _l("an attachment"),
    "follow-up": _l("a follow-up"),
}
_NAMED = {
    "today": _l("today"),
    "yesterday": _l("yesterday"),
    "tomorrow": _l("tomorrow"),
    "this-month": _l("this month"),
    "next-month": _l("next month"),
    "last-month": _l("last month"),
    "this-year": _l("this year"),
}


@dataclass(frozen=True)
class Chip:
    """A filter in words; it stands from `start` to `end`, `without` is the search that is left."""

    label: str
    start: int
    end: int
    without: str


def of(query: str) -> Sequence[Chip]:
    """Return the chips of a search that can be read."""
    nodes = [each for each in parse(query).nodes if not isinstance(each, Word)]
    return [
        Chip(label(each, query), each.start, each.end, syntax.without(query, each.start, each.end))
        for each in nodes
    ]


def label(node: Node, query: str) -> str:
    """Return what a filter says: Tag is choir, Without an e-mail, Last post over 90 days ago."""
    if isinstance(node, Term):
        return _term(node, False)
    if isinstance(node, Not) and isinstance(node.node, Term):
        return _term(node.node, True)
    if isinstance(node, Not) and isinstance(node.node, Word):
        return _("Without the word %(word)s", word=node.node.text)
    terms = _alike(node)
    if terms:
        values = [value(each) for each in terms]
        last = _("%(these)s or %(that)s", these=", ".join(values[:-1]), that=values[-1])
        return _("%(field)s is %(value)s", field=field(terms[0].field), value=last)
    return query[node.start : node.end]


def field(name: str) -> str:
    """Return what a field is called on screen; an own one is called as it is written."""
    return str(FIELDS.get(plain(name), name))


def thing(name: str) -> str:
    """Return what someone has: a photo; of an own field its name."""
    known = plain(name)
    return str(_THINGS.get(known if known in THINGS else known.removesuffix("s"), name))


def _alike(node: Node) -> Sequence[Term]:
    """Return the terms of an `or` that ask one field for one of several values."""
    if not isinstance(node, syntax.Any):
        return []
    terms = [
        each.nodes[0] if isinstance(each, syntax.All) and len(each.nodes) == 1 else each
        for each in node.nodes
    ]
    alike = [each for each in terms if isinstance(each, Term) and not each.compared]
    same = len({plain(each.field) for each in alike}) == 1 and plain(alike[0].field) not in ("has", "no")
    return alike if len(alike) == len(terms) and same else []


def _term(term: Term, negated: bool) -> str:
    name, values = plain(term.field), {"field": field(term.field), "value": value(term)}
    if name in ("has", "no"):
        without = (name == "no") != negated
        values["value"] = thing(term.value)
        return _("Without %(value)s", **values) if without else _("With %(value)s", **values)
    if span := _span(term, values["field"]):
        said = span
    elif term.compared.strip("="):
        sentences: dict[str, Any] = {
            "<": _("%(field)s under %(value)s", **values),
            "<=": _("%(field)s up to %(value)s", **values),
            ">": _("%(field)s over %(value)s", **values),
            ">=": _("%(field)s from %(value)s", **values),
        }
        said = sentences[term.compared]
    else:
        return _("%(field)s is not %(value)s", **values) if negated else _("%(field)s is %(value)s", **values)
    return _("Not: %(said)s", said=said) if negated else said


def _span(term: Term, named: str) -> str:
    """Return what a length of time says: Added within 30 days; '' for other values."""
    match = SPAN.fullmatch(term.value)
    if not match or not term.compared.strip("="):
        return ""
    count, unit = int(match[1]), match[2].lower()
    spans = {
        "d": ngettext("%(num)s day", "%(num)s days", count),
        "w": ngettext("%(num)s week", "%(num)s weeks", count),
        "m": ngettext("%(num)s month", "%(num)s months", count),
        "y": ngettext("%(num)s year", "%(num)s years", count),
    }
    if term.compared.startswith("<"):
        return _("%(field)s within %(span)s", field=named, span=spans[unit])
    return _("%(field)s over %(span)s ago", field=named, span=spans[unit])


def value(term: Term) -> str:
    """Return what a term asks for, in words where there are some."""
    said = term.value.rstrip("*") or term.value
    first, dots, last = said.partition("..")
    if dots:
        return _("%(first)s to %(last)s", first=first, last=last)
    return str(_NAMED.get(plain(said), said))
