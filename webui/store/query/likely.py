"""What was likely meant where a search finds nobody: another spelling of a word, or one filter fewer.

The spellings are those of the full text, by which alone something can be found. Bounded: a few thousand words
at the most are looked at.
"""

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from webui.store.query import syntax
from webui.store.query.asked import parse
from webui.store.query.syntax import Node, Term, Word
from webui.store.values import text as texts

SHORTEST, READ, NEAR, MOST = (
    3,
    3_000,
    0.75,
    3,
)  # letters of a word; words looked at; likeness; spellings tried
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"


@dataclass(frozen=True)
class Fewer:
    """A query without one of its filters, which stood from `start` to `end`."""

    query: str
    start: int
    end: int


def spellings(session: Session, query: str) -> Iterator[str]:
    """Yield the query with another word in the place of one that nothing is known by, the likeliest first."""
    connection = session.connection()
    connection.execute(text("CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab(main, words_fts, row)"))
    try:
        for start, end, word in _words(parse(query).nodes):
            if not _begun(connection, word):
                for other in _near(connection, word)[:MOST]:
                    yield f"{query[:start]}{other}{query[end:]}"
    finally:
        connection.execute(text("DROP TABLE temp.vocabulary"))


def fewer(query: str) -> Sequence[Fewer]:
    """Return the query without each of its filters in turn; none where there is but one thing asked."""
    nodes = parse(query).nodes
    if len(nodes) < 2:
        return []
    filters = [each for each in nodes if not isinstance(each, Word)]
    return [Fewer(syntax.without(query, each.start, each.end), each.start, each.end) for each in filters]


def _words(nodes: Sequence[Node]) -> Iterator[tuple[int, int, str]]:
    """Yield the words that can be misspelt, with their places: of the search and of values that are texts."""
    for node in nodes:
        if isinstance(node, Word):
            start, end, said = node.start + node.quoted, node.end - node.quoted, node.text
        elif isinstance(node, Term) and not node.compared and not node.quoted:
            start, end, said = node.behind, node.end, node.value
        else:
            continue
        word = texts.fold(said)
        if len(word) >= SHORTEST and word.isalpha():
            yield start, end, word


def _begun(connection: Connection, word: str) -> bool:
    """Tell whether a word is known that begins so."""
    return bool(_some(connection, word, 1))


def _near(connection: Connection, word: str) -> list[str]:
    """Return the known words that one slip makes of `word`, commonest first; else those that look alike."""
    slips = sorted(_slips(word))
    found: list[tuple[int, str]] = []
    for at in range(0, len(slips), 500):
        some = {f"w{number}": each for number, each in enumerate(slips[at : at + 500])}
        listed = ", ".join(f"(:{name})" for name in some)
        joined = "SELECT v.doc, v.term FROM w CROSS JOIN temp.vocabulary v ON v.term = w.term"
        rows = connection.execute(text(f"WITH w(term) AS (VALUES {listed}) {joined}"), some)
        found += [(count, term) for count, term in rows]
    if found:
        return [term for _count, term in sorted(found, reverse=True)]
    alike = [*_some(connection, word[:2], READ), *_some(connection, word[0], READ // 3)]
    return difflib.get_close_matches(word, dict.fromkeys(alike), MOST, NEAR)


def _some(connection: Connection, begin: str, limit: int) -> list[str]:
    found = connection.execute(
        text("SELECT term FROM temp.vocabulary WHERE term >= :low AND term < :high LIMIT :limit"),
        {"low": begin, "high": begin + "\U0010ffff", "limit": limit},
    )
    return [str(term) for (term,) in found]


def _slips(word: str) -> set[str]:
    """Return what one slip makes of a word: a letter left out, one more, another one, two exchanged."""
    parts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    found = {left + right[1:] for left, right in parts if right}
    found |= {left + right[1] + right[0] + right[2:] for left, right in parts if len(right) > 1}
    found |= {left + letter + right[1:] for left, right in parts if right for letter in _LETTERS}
    found |= {left + letter + right for left, right in parts for letter in _LETTERS}
    return found - {word}
