"""The words of a search: the name that begins so, then one that has a word which does, then any word of all
that is known, then a part of one.

Conditions over the three full-text indexes, each word quoted, so that nothing in it is an operator of theirs.
Tags are no part of those: a tag on everyone is many rows, and no text that has to be made anew. There are few
of them, so which of them say a word is seen first, and who has one is for `user_tags` to tell.
"""

import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from webui.store.query import expressions, fields
from webui.store.query.days import Put
from webui.store.query.plan import TRASH, Both, But, Condition, Leaf
from webui.store.values import patterns, phones
from webui.store.values import text as texts

MOST = 12  # more words add nothing a person would notice
_TAGGED = 2  # words that tags say: of more, the ways to say them are more than they


@dataclass(frozen=True)
class Words:
    """Words and phrases, folded, that all have to match; `run` is what they are as part of a phone, `tags`
    the ids of the tags that say each word, then each phrase."""

    words: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    run: str | None = None
    tags: tuple[tuple[int, ...], ...] = ()

    @property
    def sought(self) -> list[str]:
        """What is marked where it is found."""
        return [*self.words, *self.phrases]

    @property
    def readable(self) -> bool:
        """Whether `reader` can tell what the full text would: of plain words it can."""
        is_plain = bool(self.words) and not self.phrases and not self.run
        return is_plain and all(word.isascii() and word.isalnum() for word in self.words)


@dataclass(frozen=True)
class Tier:
    """One of the groups that a search is answered in, the best first; no one is in two of them.

    `asked` is what of the condition sets it apart, `rest` what of it no text tells. By name it is a part of
    the list, from the key `since` on, `within` what SQL says of it; all of it without.
    """

    number: int
    condition: Condition
    asked: Condition
    rest: tuple[Condition, ...]
    since: bytes = b""
    within: str = "1"


def of(found: Sequence[str], phrases: Sequence[str], whole: str = "") -> Words:
    """Return the words of texts as they were typed; `whole` is the whole search, which may be a phone."""
    words = [word for each in found for word in texts.words(each.rstrip("*"))][:MOST]
    folded = [texts.one_line(texts.fold(texts.kept(each, " "))) for each in phrases]
    run = None if folded else phones.sought(whole or " ".join(found))
    return Words(tuple(words), tuple(each for each in folded if each), run)


def tagged(found: Words, tags: Iterable[tuple[int, str]]) -> Words:
    """Return the same with the tags that say what is sought; `tags` are ids and folded names."""
    known = list(tags)
    sought = [*map(patterns.words, found.words), *map(patterns.phrase, found.phrases)]
    said = (tuple(key for key, name in known if patterns.said(name, each)) for each in sought)
    return replace(found, tags=tuple(said))


def with_tag(words: Words, user_id: str) -> list[str]:
    """Return SQL for each word that tells whether a person has a tag that says it."""
    return [_has(ids, user_id) for ids in words.tags[: len(words.words)]]


def condition(words: Words, put: Put) -> Condition:
    """Return the condition of whoever matches in any way."""
    _starts, parts = _expressions(words)
    by_phrase = _phrases(words, put)
    if not words.words:
        return by_phrase or Both()
    either = _said(put, _atoms(words), parts)
    return Both((either, by_phrase)) if by_phrase else either


def tiers(words: Words, rest: Sequence[Condition], put: Put) -> list[Tier]:
    """Return the same, with the conditions beside them, in groups."""
    starts, parts = _expressions(words)
    if not words.words:
        starts, parts = _quoted(words.phrases), ""
    elif by_phrase := _phrases(words, put):
        rest = (by_phrase, *rest)
    by_name = _leaf(put, ("names_fts", starts))
    by_words = _said(put, _atoms(words)) if words.words else _phrases(words, put) or by_name
    rest = tuple(rest)
    found = [_listed_so(words, by_name, rest, put)] if words.words else []
    others = (*(But(each.rest[0]) for each in found), *rest)
    found += [
        Tier(1, Both((by_name, *others)), by_name, others),
        Tier(2, Both((by_words, But(by_name), *rest)), by_words, rest),
    ]
    if parts:
        by_parts = _leaf(put, ("parts_fts", parts))
        found.append(Tier(3, Both((by_parts, But(by_words), *rest)), by_parts, rest))
    return found


def _listed_so(words: Words, by_name: Leaf, rest: tuple[Condition, ...], put: Put) -> Tier:
    """Return the tier of those who stand in a list under what was typed: in its order they are together."""
    since, until = texts.sort_span(" ".join(words.words))
    within = f"name_key < {put(until)}"
    under = fields.of_text(f"name_key >= {put(since)} AND {within}", countable=False)
    return Tier(0, Both((by_name, under, *rest)), Both((by_name, under)), (under, *rest), since, within)


def reader(words: Words, tier: int | None) -> Callable[..., bool]:
    """Return what tells whether the derived text of a person (names, reach, body, and what `with_tag` told of
    each word) puts them into a tier; None is any of them."""
    begins = [patterns.begins(word) for word in words.words]
    is_long = all(len(word) >= 3 for word in words.words)

    def is_said(names: str, reach: str, body: str, *tagged: int) -> bool:
        by_name = all(begin(names) for begin in begins)
        if tier in (0, 1):
            return by_name
        by_words = by_name or all(
            has_tag or begin(names) or begin(reach) or begin(body)
            for begin, has_tag in itertools.zip_longest(begins, tagged)
        )
        if tier == 2:
            return by_words and not by_name
        by_part = is_long and all(word in names or word in reach for word in words.words)
        return by_part and not by_words if tier == 3 else by_part or by_words

    return is_said


def _expressions(words: Words) -> tuple[str, str]:
    starts = " ".join(expression for expression, _tags in _atoms(words))
    if words.run:
        return starts, f'"{words.run}"'
    short = any(len(word) < 3 for word in words.words)  # a trigram index knows nothing shorter
    return starts, "" if short else " ".join(map(expressions.quote, words.words))


def _atoms(words: Words) -> list[tuple[str, tuple[int, ...]]]:
    """Return the expression of each word, and the tags that say it."""
    found = itertools.zip_longest(words.words, words.tags[: len(words.words)], fillvalue=())
    return [(f"{expressions.quote(str(word))}*", tuple(ids)) for word, ids in found]


def _phrases(words: Words, put: Put) -> Leaf | None:
    behind = itertools.zip_longest(words.phrases, words.tags[len(words.words) :], fillvalue=())
    atoms = [(expressions.quote(str(phrase)), tuple(ids)) for phrase, ids in behind]
    return _said(put, atoms) if atoms else None


def _quoted(phrases: Sequence[str]) -> str:
    return " ".join(map(expressions.quote, phrases))


def _leaf(put: Put, *asked: tuple[str, str]) -> Leaf:
    index, first = asked[0]
    whole = expressions.of_themselves(first)
    sources = [expressions.matching(index, put(expression)) for index, expression in asked]
    test = " UNION ".join(f"{source} {{some}}" for source in sources)
    some = expressions.matching(index, put(whole)) if whole else ""
    return Leaf(f"{{id}} IN ({test})", tuple(sources), some=some, living=True, sorted=True)


def _said(put: Put, atoms: Sequence[tuple[str, tuple[int, ...]]], parts: str = "") -> Leaf:
    """Return the condition of whoever says everything, in a text or by a tag; or, with `parts`, a part of it.

    Of the words that tags say each may be in a text or a tag: there is a source for each way. That of parts
    comes last: most often those before it are so many that nobody has to look there.
    """
    whole = [
        ("words_fts", " ".join(each for each, _ids in atoms)),
        *([("parts_fts", parts)] if parts else []),
    ]
    leaf = _leaf(put, *whole)
    by_tag = [at for at, (_each, ids) in enumerate(atoms) if ids]
    if len(by_tag) > _TAGGED:
        return _said_singly(put, atoms, leaf)
    first, *last = leaf.sources
    sources, tests = [first], [leaf.test]
    for size in range(1, len(by_tag) + 1):
        for some in itertools.combinations(by_tag, size):
            rest = " ".join(each for at, (each, _ids) in enumerate(atoms) if at not in some)
            sources.append(_by_tags([atoms[at][1] for at in some], rest, put))
            has = [_has(atoms[at][1], "{id}") for at in some]
            if rest:
                has.append(f"{{id}} IN ({expressions.matching('words_fts', put(rest))} {{some}})")
            tests.append(f"({' AND '.join(has)})")
    return replace(leaf, test=f"({' OR '.join(tests)})", sources=(*sources, *last))


def _said_singly(put: Put, atoms: Sequence[tuple[str, tuple[int, ...]]], leaf: Leaf) -> Leaf:
    """Return the same condition word by word: so many can be said in too many ways."""
    sources, tests = [], []
    for expression, ids in atoms:
        said = expressions.matching("words_fts", put(expression))
        either = f"SELECT * FROM ({said} UNION {_by_tags([ids], '', put)} ORDER BY 1 LIMIT -1)"
        sources.append(either if ids else said)
        tests.append(f"({{id}} IN ({said} {{some}}) OR {_has(ids, '{id}')})")
    every = f"SELECT * FROM ({' INTERSECT '.join(sources)} ORDER BY 1)"
    first, *last = leaf.sources
    return replace(leaf, test=f"({leaf.test} OR ({' AND '.join(tests)}))", sources=(first, every, *last))


def _by_tags(tags: Sequence[tuple[int, ...]], rest: str, put: Put) -> str:
    """Return a SELECT of who has one of each of `tags` and says the rest; nobody in the trash.

    Each index has them in order, so they are merged: to ask one for each of the other takes twice as long.
    """
    every = [expressions.matching("words_fts", put(rest))] if rest else []
    for ids in tags:
        every.append(f"SELECT user_id FROM user_tags WHERE tag_id IN ({_listed(ids)})")
    if not rest:
        every[0] += f" AND user_id NOT IN ({TRASH})"
    distinct = "DISTINCT " if len(every) == 1 and len(tags[0]) > 1 else ""
    return f"SELECT {distinct}* FROM ({' INTERSECT '.join(every)} ORDER BY 1)"


def _has(ids: Sequence[int], user_id: str) -> str:
    if not ids:
        return "0"
    return f"EXISTS (SELECT 1 FROM user_tags h WHERE h.user_id = {user_id} AND h.tag_id IN ({_listed(ids)}))"


def _listed(ids: Sequence[int]) -> str:
    return ", ".join(str(int(each)) for each in ids)
