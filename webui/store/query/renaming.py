"""Own fields that are renamed, in the queries that are kept: those hold them by their names."""

from collections.abc import Callable, Iterator
from contextlib import suppress

from sqlalchemy import select
from sqlalchemy.orm import Session

from webui.store import errors
from webui.store.models import SavedView
from webui.store.query import fields, terms
from webui.store.query.syntax import Node, Not, Term, Word, parse, quote


def follow(session: Session, was: str, name: str) -> None:
    """Let the views that ask for an own field go on asking for it under its new name."""
    old = terms.plain(was)
    common = old in fields.EXAMPLES  # then it is meant only in quotation marks

    def same(said: str, quoted: bool) -> bool:
        return terms.plain(said) == old and (quoted or not common)

    for view in session.scalars(select(SavedView).execution_options(include_trash=True)):
        with suppress(errors.Unreadable):  # it asks for something that is not there any more
            view.query = _renamed(view.query, same, name)
    session.flush()


def _renamed(query: str, same: Callable[[str, bool], bool], name: str) -> str:
    """Return a query with `name` in place of each field that is the `same`, after has: and no: too.

    `same` is told what stands there, and whether it stands in quotation marks.

    Raises Unreadable.
    """
    places = []
    for term in _terms(parse(query)):
        shown = quote(term.field) if term.named else term.field
        if same(term.field, term.named):
            places.append((term.start, term.start + len(shown)))
        elif term.field in ("has", "no") and same(term.value, term.quoted):
            places.append((term.behind, term.end))
    for start, end in sorted(places, reverse=True):
        query = f"{query[:start]}{quote(name)}{query[end:]}"
    return query


def _terms(node: Node) -> Iterator[Term]:
    if isinstance(node, Term):
        yield node
    elif not isinstance(node, Word):
        for each in (node.node,) if isinstance(node, Not) else node.nodes:
            yield from _terms(each)
