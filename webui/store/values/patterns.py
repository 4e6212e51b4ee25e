"""What is sought in one text, and whether a stored text says it.

`said` and `has_digits` are given to every connection, for the conditions of `webui.store.query`: the full
text knows whom a word belongs to, but not in which field it stands.
"""

import functools
import re
from collections.abc import Callable

from webui.store.values import phones, text

_BEGIN, _END = r"(?<![^\W_])", r"(?![^\W_])"  # the edges of a word, as the full text divides them
_SHORT = 60  # bytes of a text about which an answer is remembered
_PHRASE = "\x1f"  # before what is a phrase; no folded text has it in front


def words(sought: str) -> str:
    """Return what `said` takes for a text in which words begin with each of those sought, in any order."""
    return text.one_line(text.fold(sought))


def phrase(sought: str) -> str:
    """Return the same for a text with these whole words one behind the other."""
    return _PHRASE + words(sought)


def as_bytes(expression: str) -> str:
    """Return the SQL of a text as a function takes it: SQLite has an error for one that is no UTF-8."""
    return f"CAST({expression} AS BLOB)"


def said(stored: object, sought: str) -> bool:
    """Tell whether a stored text says what `words` or `phrase` made."""
    # The same few cities and firms are asked about again and again.
    if type(stored) is bytes and len(stored) <= _SHORT and len(sought) <= _SHORT:
        return _short(stored, sought)
    return stored is not None and _said(stored, sought)


def _said(stored: object, sought: str) -> bool:
    folded = text.fold(stored if type(stored) is str else text.shown(stored))
    return all(word in folded and pattern.search(folded) for word, pattern in _read(sought))


_short = functools.lru_cache(4_096)(_said)


def begins(word: str) -> Callable[[str], bool]:
    """Return what tells whether a folded text has a word that begins so."""
    inside, at_edge = f" {word}", _read(word)[0][1].search

    def has(folded: str) -> bool:
        # Nearly all are told without the pattern, which takes many times as long.
        return word in folded and (inside in folded or bool(at_edge(folded)))

    return has


def has_digits(phone: object, known: object, run: str) -> bool:
    """Tell whether a run of digits is part of a phone, however it is divided; `known` is its E.164 form."""
    return run in phones.digits(text.shown(phone), text.shown(known))


@functools.lru_cache(256)
def _read(sought: str) -> list[tuple[str, re.Pattern[str]]]:
    """Return, for each that has to be there, a plain text that is sooner looked for, and its pattern."""
    if sought.startswith(_PHRASE):
        found = sought.removeprefix(_PHRASE).split(" ")
        return [(found[0], re.compile(_BEGIN + r"\W+".join(map(re.escape, found)) + _END))]
    return [(word, re.compile(_BEGIN + re.escape(word))) for word in sought.split(" ")]
