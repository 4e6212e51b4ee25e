"""Terms that ask for what a text says: parts of a name, an address, a post, a phone.

The full text narrows down who is read; whether it is this very field that says it, `patterns.said` tells.
"""

import re

from webui.store.ledger.texts import NO_EMAIL
from webui.store.query import expressions, fields
from webui.store.query.days import Put
from webui.store.query.plan import NOBODY, TRASH, Both, Condition, Either, Leaf
from webui.store.query.syntax import Term
from webui.store.values import patterns
from webui.store.values import text as texts

# Such a word is a whole one wherever the value is. Not beside a hyphen: a domain is compared as xn--…, and
# the full text has it as it was typed.
_BETWEEN_MARKS = re.compile(r"(?<=[@._+])[a-z0-9]+(?=[@._+])")


def text(term: Term, field: fields.Text, put: Put) -> Condition:
    """Return the condition of a text in which words begin so."""
    says = _says(field.said, term, put)
    owner = "t.id" if field.table == "users" else "t.user_id"
    test = f"EXISTS (SELECT 1 FROM {field.table} t WHERE {owner} = {{id}} AND {says})"
    return within(test, field.column, term, put)


def within(test: str, column: str, term: Term, put: Put) -> Leaf:
    """Return a condition for which only those are read in whose full text the words are."""
    expression = expressions.in_column(column, term.value.rstrip("*"), term.quoted)
    if not expression:
        return Leaf(test, cost=2)
    some = put(whole) if (whole := expressions.of_themselves(expression)) else ""
    return _likely(test, put(expression), cost=2, some=some)


def part(term: Term, field: fields.Part, put: Put) -> Condition:
    """Return the condition of values that have the text anywhere in them."""
    key = put(texts.key(term.value.strip("*")))
    found: list[Condition] = []
    for table, column in field.tables:
        where = f"instr({column}, {key}) > 0"
        if table == "person_text":
            found.append(fields.of_text(f"{where} AND {column} < {put(NO_EMAIL)}", countable=False))
        elif table == "users":
            found.append(fields.of_user(where, by_index=True))
        else:
            found.append(fields.of_rows(table, where, countable=False))
    either = found[0] if len(found) == 1 else Either(tuple(found))
    whole = _BETWEEN_MARKS.findall(texts.key(term.value)) if field.column else []
    if not whole:
        return either
    said = " ".join(f'"{word}"' for word in whole)
    return Both((_likely("1", put(f"{{{field.column}}} : ({said})")), either))


def _likely(test: str, expression: str, cost: int = 0, some: str = "") -> Leaf:
    """Return a condition for which only those are read who meet an expression of the full text; fewer meet
    that of `some`."""
    return Leaf(
        test,
        (expressions.matching("words_fts", expression),),
        some=expressions.matching("words_fts", some) if some else "",
        living=True,
        sorted=True,
        exact=False,
        cost=cost,
        expression=expression,
    )


def name(term: Term, put: Put) -> Condition:
    """Return the condition of a name with words that begin so."""
    expression = expressions.in_column("names", term.value.rstrip("*"), term.quoted)
    if not expression:
        return NOBODY
    source = expressions.matching("words_fts", put(expression))
    return Leaf(f"{{id}} IN ({source} {{some}})", (source,), living=True, sorted=True)


def phone(run: str, put: Put) -> Condition:
    """Return the condition of a phone with a run of at least three digits."""
    where = f"has_digits({patterns.as_bytes('t.phone')}, {patterns.as_bytes('t.phone_key')}, {put(run)})"
    test = f"EXISTS (SELECT 1 FROM user_phones t WHERE t.user_id = {{id}} AND {where})"
    expression = put(f'reach : "{run}"')
    likely = expressions.matching("parts_fts", expression)
    return Leaf(test, (likely,), living=True, sorted=True, exact=False, cost=2)


def post(term: Term, put: Put) -> Condition:
    """Return the condition of a post, of which one is the main person or another."""
    says = "t.deleted_at IS NULL AND " + _says("title || ' ' || body", term, put)
    test = (
        f"(EXISTS (SELECT 1 FROM posts t WHERE t.user_id = {{id}} AND {says}) OR EXISTS (SELECT 1"
        f" FROM post_users a JOIN posts t ON t.id = a.post_id WHERE a.user_id = {{id}} AND {says}"
        f" AND t.user_id NOT IN ({TRASH})))"
    )
    return within(test, "body", term, put)


def _says(stored: str, term: Term, put: Put) -> str:
    """Return SQL that tells whether a stored text says the value of a term.

    Of most texts SQLite itself sees it, some fifty times as fast: what is plain ASCII folds as `lower` does.
    """
    said = f"said({patterns.as_bytes(stored)}, {put(pattern(term))})"
    word = texts.fold(term.value.rstrip("*")).strip()
    if term.quoted or not (word.isascii() and word.isalnum()):
        return said
    padded = f"' ' || {stored}"
    begins = f"instr(lower({padded}), {put(' ' + word)}) > 0"
    has_none = f"instr(lower({padded}), {put(word)}) = 0"
    is_ascii = f"length({padded}) = length({patterns.as_bytes(padded)})"
    return f"CASE WHEN {begins} THEN 1 WHEN {has_none} AND {is_ascii} THEN 0 ELSE {said} END"


def relation(term: Term, put: Put) -> Condition:
    """Return the condition of a kind of relation, an own word for one, or whom it is with."""
    kind, named = texts.fold(term.value.strip("*")), expressions.in_column("names", term.value, term.quoted)
    ahead = behind = "0"
    if kind in fields.RELATIONS:
        ahead, behind = f"t.kind = {put(kind)}", f"t.kind = {put(fields.RELATIONS[kind])}"
    label = put(pattern(term))
    whom = expressions.matching("words_fts", put(named)) if named else "SELECT 0"
    labels = ("label", "coalesce(nullif(back_label, ''), label)")
    sources = tuple(
        f"SELECT DISTINCT {side} FROM {known} AND ({is_one} OR {other} IN ({whom})"
        f" OR ({called} <> '' AND said({patterns.as_bytes(called)}, {label})))"
        for (side, known), other, is_one, called in zip(
            fields.related(), ("other_id", "user_id"), (ahead, behind), labels, strict=True
        )
    )
    return Leaf(f"{{id}} IN ({' UNION '.join(sources)})", sources)


def pattern(term: Term) -> str:
    """Return what `patterns.said` takes for the value of a term."""
    value = term.value.rstrip("*")
    return patterns.phrase(value) if term.quoted else patterns.words(value)
