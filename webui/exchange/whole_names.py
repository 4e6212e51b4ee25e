"""A whole name taken apart: a guess that a preview shows, for files that have no parts of it.

Not for names that are told in parts: see `people`.
"""

from webui.store.values import text

# What stands behind a comma in a name and is no given name.
_BEHIND = {
    "jr", "sr", "ii", "iii", "iv", "phd", "ph d", "md", "m d", "dr", "mba", "msc", "bsc", "esq", "cpa", "dds",
    "inc", "llc", "ltd", "gmbh", "ag", "e v", "co", "corp", "sa", "bv", "ab", "kg",
}  # fmt: skip
_GENERATIONS = {"jr", "sr", "ii", "iii", "iv"}
# What a family name begins with where it is written small; "Van" in the middle may be a given name.
_PARTICLES = {
    "van", "von", "vom", "vander", "zu", "zum", "zur", "der", "den", "ter", "ten", "af", "av", "de", "del",
    "della", "degli", "dei", "di", "da", "das", "do", "dos", "du", "des", "d", "la", "le", "el", "al", "bin",
    "ibn", "bint",
}  # fmt: skip


def split(whole: str) -> tuple[str, str, str]:
    """Return given name, family name and the name as it is shown, of a whole name.

    >>> split("Testfeld, Alma")
    ('Alma', 'Testfeld', 'Alma Testfeld')
    """
    before, comma, after = (part.strip() for part in whole.partition(","))
    if (
        comma
        and before
        and after
        and "," not in after
        and text.fold(after).strip(". ").replace(".", " ") not in _BEHIND
    ):
        return after, before, f"{after} {before}"
    words = before.split(" ")
    if len(words) > 2 and words[-1].rstrip(".").lower() in _GENERATIONS:
        words.pop()
    last = next((place for place, word in enumerate(words) if place and word in _PARTICLES), len(words) - 1)
    if words[0] in _PARTICLES:
        last = len(words) - 1
    given, family = " ".join(words[:last]), " ".join(words[last:])
    return (given, family, whole) if given else (family, "", whole)
