"""A whole query made ready to be answered: its words, its conditions, and the values of both."""

import datetime
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from webui.store.query import syntax, words
from webui.store.query.plan import Both, But, Condition, Either
from webui.store.query.syntax import All, Node, Not, Term, Word
from webui.store.query.terms import Terms
from webui.store.query.words import Tier, Words
from webui.store.values import phones, times
from webui.store.values import text as texts


@dataclass(frozen=True)
class Asked:
    """`words` are those that the whole search has to match, `rest` the conditions beside them; `tiers` both,
    the best first, empty without words. `marked` is what is marked in what is found."""

    query: str
    tree: All
    words: Words
    rest: tuple[Condition, ...]
    tiers: tuple[Tier, ...]
    condition: Condition
    values: dict[str, Any]
    marked: list[str]

    @property
    def everyone(self) -> bool:
        """Whether nothing is asked."""
        return self.condition == Both()


def read(session: Session, query: str, today: datetime.date | None = None) -> Asked:
    """Return a query made ready. Raises Unreadable."""
    query = texts.kept(query, "\ufffd")
    tree = parse(query)
    terms = Terms(session, query, today or datetime.date.fromisoformat(times.today()))
    bare, rest = _divided(tree)
    found = _words(bare, terms, query)
    conditions = tuple(_condition(node, terms) for node in rest)
    tiers = tuple(words.tiers(found, conditions, terms.put)) if found.sought else ()
    by_words = words.condition(found, terms.put)
    whole = Both(conditions) if not found.sought else Both((by_words, *conditions))
    condition = whole.nodes[0] if len(whole.nodes) == 1 else whole
    marked = [*found.sought, *_said(rest)]
    return Asked(query, tree, found, conditions, tiers, condition, terms.values, marked)


def parse(query: str) -> All:
    """Return the tree of a query; one that is a phone, brackets and all, is its words. Raises Unreadable."""
    if not phones.sought(query):
        return syntax.parse(query)
    return All((Word(query.strip(), 0, len(query)),), 0, len(query))


def _condition(node: Node, terms: Terms) -> Condition:
    if isinstance(node, Term):
        return terms.condition(node)
    if isinstance(node, Word):
        return words.condition(_words([node], terms), terms.put)
    if isinstance(node, Not):
        inner = _condition(node.node, terms)
        return inner.node if isinstance(inner, But) else But(inner)  # SQLite takes only so many in each other
    if isinstance(node, syntax.Any):
        return Either(tuple(_condition(each, terms) for each in node.nodes))
    bare, rest = _divided(node)
    found = [words.condition(_words(bare, terms), terms.put)] if bare else []
    return Both((*found, *(_condition(each, terms) for each in rest)))


def _divided(node: All) -> tuple[list[Word], list[Node]]:
    """Part the words that stand by themselves from everything else; brackets around words alone are none."""
    bare: list[Word] = []
    rest: list[Node] = []
    for each in node.nodes:
        if isinstance(each, Word):
            bare.append(each)
        elif isinstance(each, All):
            inner, others = _divided(each)
            bare += inner
            rest += others
        else:
            rest.append(each)
    return bare, rest


def _words(found: list[Word], terms: Terms, whole: str = "") -> Words:
    plain = [each.text for each in found if not each.quoted]
    phrases = [each.text for each in found if each.quoted]
    read = words.of(plain, phrases, whole if phones.sought(whole) else "")
    return words.tagged(read, terms.tags()) if read.sought else read


def _said(nodes: list[Node]) -> list[str]:
    """Return what terms seek that can be seen in a list: names, usernames and e-mails."""
    seen = [
        node
        for node in nodes
        if isinstance(node, Term) and node.field.lower() in ("name", "username", "email")
    ]
    return [word for node in seen for word in words.of([node.value.strip("*")], []).words]
