"""The words of a search: the name that begins so, then any word of all that is known, then a part of one.

Conditions over the three full-text indexes, each word quoted, so that nothing in it is an operator of theirs.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from webui.store.query.days import Put
from webui.store.query.plan import Both, But, Condition, Leaf
from webui.store.values import patterns, phones
from webui.store.values import text as texts

MOST = 12  # more words add nothing a person would notice


@dataclass(frozen=True)
class Words:
    """Words and phrases, folded, that all have to match; `run` is what they are as part of a phone."""

    words: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    run: str | None = None

    @property
    def sought(self) -> list[str]:
        """What is marked where it is found."""
        return [*self.words, *self.phrases]

    @property
    def readable(self) -> bool:
        """Whether `is_said` can tell what the full text would: of plain words it can."""
        return not self.run and all(word.isascii() and word.isalnum() for word in self.words)


@dataclass(frozen=True)
class Tier:
    """One of the groups that a search is answered in, the best first; no one is in two of them."""

    number: int
    condition: Condition
    leaf: Leaf  # what of it the full text is asked


def of(found: Sequence[str], phrases: Sequence[str], whole: str = "") -> Words:
    """Return the words of texts as they were typed; `whole` is the whole search, which may be a phone."""
    words = [word for each in found for word in texts.words(each.rstrip("*"))][:MOST]
    folded = [texts.one_line(texts.fold(texts.kept(each, " "))) for each in phrases]
    run = None if folded else phones.sought(whole or " ".join(found))
    return Words(tuple(words), tuple(each for each in folded if each), run)


def condition(words: Words, put: Put) -> Condition:
    """Return the condition of whoever matches in any way."""
    starts, parts = _expressions(words)
    by_words, by_phrase = _leaf(put, ("words_fts", starts)), _phrases(words, put)
    if not words.words:
        return by_phrase or Both()
    either = _leaf(put, ("words_fts", starts), ("parts_fts", parts)) if parts else by_words
    return Both((either, by_phrase)) if by_phrase else either


def tiers(words: Words, rest: Sequence[Condition], put: Put) -> list[Tier]:
    """Return the same, with the conditions beside them, in groups."""
    starts, parts = _expressions(words)
    if not words.words:
        starts, parts = _quoted(words.phrases), ""
    elif by_phrase := _phrases(words, put):
        rest = (by_phrase, *rest)
    by_name, by_words = _leaf(put, ("names_fts", starts)), _leaf(put, ("words_fts", starts))
    found = [
        Tier(0, Both((by_name, *rest)), by_name),
        Tier(1, Both((by_words, But(by_name), *rest)), by_words),
    ]
    if parts:
        by_parts = _leaf(put, ("parts_fts", parts))
        found.append(Tier(2, Both((by_parts, But(by_words), *rest)), by_parts))
    return found


def is_said(words: Words, tier: int | None, names: str, reach: str, body: str) -> bool:
    """Tell whether the derived text of a person puts them into a tier; None is any of them."""
    begins = [patterns.begins(word) for word in words.words]
    by_name = all(begin.search(names) for begin in begins)
    by_words = by_name or all(any(map(begin.search, (names, reach, body))) for begin in begins)
    if tier in (0, 1):
        return by_name if tier == 0 else by_words and not by_name
    by_part = all(len(word) >= 3 for word in words.words) and all(
        word in names or word in reach for word in words.words
    )
    return by_part and not by_words if tier == 2 else by_part or by_words


def in_column(column: str, value: str, quoted: bool) -> str:
    """Return the expression of a text in a column: words that begin so, or a phrase; '' for none."""
    words = [value] if quoted else texts.fold(value).split()
    found = [f"{_quote(word)}{'' if quoted else ' *'}" for word in words if any(map(str.isalnum, word))]
    return f"{{{column}}} : ({' '.join(found)})" if found else ""


def _expressions(words: Words) -> tuple[str, str]:
    starts = " ".join(f"{_quote(word)}*" for word in words.words)
    if words.run:
        return starts, f'"{words.run}"'
    short = any(len(word) < 3 for word in words.words)  # a trigram index knows nothing shorter
    return starts, "" if short else " ".join(map(_quote, words.words))


def _phrases(words: Words, put: Put) -> Leaf | None:
    return _leaf(put, ("words_fts", _quoted(words.phrases))) if words.phrases else None


def _quoted(phrases: Sequence[str]) -> str:
    return " ".join(map(_quote, phrases))


def _quote(word: str) -> str:
    return '"' + word.replace('"', '""') + '"'


def _leaf(put: Put, *asked: tuple[str, str]) -> Leaf:
    sources = [
        f"SELECT rowid FROM {index} WHERE {index} MATCH {put(expression)}" for index, expression in asked
    ]
    test = " UNION ".join(f"{source} {{some}}" for source in sources)
    return Leaf(f"{{id}} IN ({test})", tuple(sources), living=True)
