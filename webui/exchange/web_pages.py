"""Several web pages in one cell, with blanks, bars or words between them."""

import re

_APART, _PAGE = re.compile(r"[\s|]+"), re.compile(r"https?://|www\.", re.IGNORECASE)


def several(said: str) -> list[str]:
    """Return the web pages in a part of a cell, where it has nothing else but short words between them, as
    "or"; else the part as it is."""
    words = _APART.split(said.strip())
    found = [word.rstrip(",;") for word in words if _PAGE.match(word)]
    others = [word for word in words if not _PAGE.match(word)]
    are_all = len(found) > 1 and _PAGE.match(words[0]) and all(len(each) <= 4 for each in others)
    return found if are_all else [said]
