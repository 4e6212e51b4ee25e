"""Several web pages in one cell, with blanks, bars or words between them."""

import re

_BETWEEN = {
    "or", "and", "oder", "und", "eller", "och", "og", "ou", "et", "o", "y", "e", "of", "en", "lub", "oraz",
    "i", "tai", "ja", "/", "-", "&", "+",
}  # fmt: skip
_APART, _PAGE = re.compile(r"[\s|]+"), re.compile(r"(https?://|www\.)[^\s,;]", re.IGNORECASE)


def several(said: str) -> list[str]:
    """Return the web pages in a part of a cell, where nothing else is in it but words between them as "or";
    else the part as it is."""
    words = _APART.split(said.strip())
    found = [word.rstrip(",;") for word in words if _PAGE.match(word)]
    others = {word.casefold() for word in words if not _PAGE.match(word)}
    are_all = len(found) > 1 and _PAGE.match(words[0]) and _PAGE.match(words[-1]) and others <= _BETWEEN
    return found if are_all else [said]
