"""Whether two given names can be one person's."""

import functools

from webui.store.values import text


@functools.lru_cache(maxsize=16_384)
def given_key(given: str | None) -> str:
    """Return the first word of a given name as two rows are compared by it, '' without one."""
    return next(iter(text.fold(given or "").replace(".", " ").split()), "")


def agree(one: str, other: str) -> bool:
    """Tell whether two given keys can be one person's: they are the same, or one is missing."""
    return not one or not other or one == other
