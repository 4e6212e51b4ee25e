"""Whether two given names, or what else two rows say, can be one person's."""

import functools
from collections.abc import Set

from webui.store.values import text

Told = tuple[str, Set[str]]  # what a row calls someone, and its e-mails


@functools.lru_cache(maxsize=16_384)
def given_key(given: str | None) -> str:
    """Return the first word of a given name as two rows are compared by it, '' without one."""
    return next(iter(text.fold(given or "").replace(".", " ").split()), "")


def agree(one: str, other: str) -> bool:
    """Tell whether two given keys can be one person's: they are the same, or one is missing."""
    return not one or not other or one == other


def contradict(one: Told, other: Told) -> bool:
    """Tell whether two rows, of which one has no given name, are hardly of one person.

    They are where each name has a word that the other has not; and where the names are not the same, with
    e-mails of which none is the other's.
    """
    (name, emails), (other_name, other_emails) = one, other
    words, other_words = set(text.fold(name).split()), set(text.fold(other_name).split())
    if words and words == other_words:
        return False
    apart = bool(words - other_words) and bool(other_words - words)
    return apart or (bool(emails) and bool(other_emails) and not emails & other_emails)
